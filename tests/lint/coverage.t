#!/bin/sh
# Every claim has a card or a reason, and decks/COVERAGE.md says so; and coverage.py would tell if not.
set -u
count=0
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

if ! python3 -c 'import yaml' 2>/dev/null; then
	echo "1..0 # SKIP no yaml module of python3"
	exit 0
fi

# result STATUS NAME
result()
{
	count=$((count + 1))
	if [ "$1" -eq 0 ]; then echo "ok $count - $2"; else echo "not ok $count - $2"; fi
}

found=$(python3 tests/coverage.py --check)
result $? "every claim is covered or left out for a reason"
[ -z "$found" ] || echo "$found" | sed 's/^/# /'

# says TEXT: coverage.py finds fault with the small tree, and says this.
says()
{
	python3 tests/coverage.py --check "$work" >"$work/out" && result 1 "fails: $1"
	grep -qxF "$1" "$work/out"
	result $? "$1"
}

mkdir -p "$work/decks" "$work/tests/data"
printf 'F001\tF003\tAll\n' >"$work/tests/data/claims.tsv"
printf 'F003\tNobody asks.\n' >"$work/tests/data/claims-left-out.tsv"
cat >"$work/decks/a.yaml" <<'EOD'
deck: a
cards:
- {id: one, claims: [F001, F002]}
- {id: two, claims: F001}
EOD
says "decks/COVERAGE.md is not current: run python3 tests/coverage.py"
python3 tests/coverage.py "$work" && python3 tests/coverage.py --check "$work"
result $? "a table that was just made is current"
grep -qxF '| F001 | `a/one`, `a/two` |' "$work/decks/COVERAGE.md" && grep -qxF '| F003 | none: Nobody asks. |' "$work/decks/COVERAGE.md"
result $? "the table names cards and reasons"
printf -- '- {id: three, claims: [F003, F004]}\n' >>"$work/decks/a.yaml"
says "F003: tests/data/claims-left-out.tsv says why it is left out, but a/three covers it"
says "F004: named by a/three, but not in tests/data/claims.tsv"
sed -i 's/F002/F001/' "$work/decks/a.yaml"
says "F002: no card covers it, and tests/data/claims-left-out.tsv gives no reason"
echo "1..$count"
