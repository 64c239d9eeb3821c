#!/bin/sh
# Decks and data are spelled right; and spell.py would say so if they were not.
set -u
count=0
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

if ! python3 -c 'import yaml' 2>/dev/null || ! aspell dicts 2>/dev/null | grep -qx en_US; then
	echo "1..0 # SKIP no yaml module of python3, or no aspell with en_US"
	exit 0
fi

# result STATUS NAME
result()
{
	count=$((count + 1))
	if [ "$1" -eq 0 ]; then echo "ok $count - $2"; else echo "not ok $count - $2"; fi
}

found=$(python3 tests/spell.py)
result $? "decks and data are spelled right, or tests/data/words.txt has the word"
[ -z "$found" ] || echo "$found" | sed 's/^/# /'

cat >"$work/deck.yaml" <<'EOD'
deck: mispelt
title: A titel
cards:
- id: onne
  kind: basic
  front: >-
    Is `thiss` code, and {{c1::thes}} a hole? See
    https://example.org/wronng for X-Amz-Thingg,
    and this is wrogn, isn't it?
  back: "No: the API's authorizers arre."
  tags: [taggs]
EOD
cat >"$work/want" <<'EOD'
deck.yaml:2:10: titel
deck.yaml:7:32: thes
deck.yaml:9:17: wrogn
deck.yaml:10:36: arre
EOD
top=$PWD
(cd "$work" && python3 "$top/tests/spell.py" deck.yaml) >"$work/got"
cmp -s "$work/want" "$work/got"
result $? "what is wrong is told with its place"
diff "$work/want" "$work/got" | sed 's/^/# /'
echo "1..$count"
