#!/bin/sh
# gatedrill deck: list, show, lint, fmt, new.
# shellcheck disable=SC1091,SC2154 # lib.sh sets out, err and code
. "$(dirname "$0")/lib.sh"

run deck list
exits "no decks" 0
is "no decks, no rows" "$out" ""
like "no decks: what to do" "$err" 'deck new NAME'
run deck list -q
is "-q says nothing" "$err" ""
run deck list --json
is "no decks as JSON" "$out" "[]"

# new
run deck new errors --title "API errors"
exits "deck new" 0
is "deck new prints the path" "$out" "$GATEDRILL_HOME/decks/errors.yaml"
before=$(cat "$GATEDRILL_HOME/decks/errors.yaml")
run deck new errors
exits "deck new again" 1
like "deck new never overwrites" "$err" 'exists'
is "the file is as it was" "$(cat "$GATEDRILL_HOME/decks/errors.yaml")" "$before"
run deck lint
exits "a new deck is good" 0
is "a new deck has no findings" "$out" ""
like "lint sums up on stderr" "$err" '^1 file, 0 errors, 0 warnings$'
run deck fmt --check "$GATEDRILL_HOME/decks/errors.yaml"
exits "a new deck is in canonical layout" 0
for bad in "Big" "a b" "../x" "" "-" "a/b" "ä" "$(printf 'a%.0s' 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6)"; do
	run deck new -- "$bad"
	exits "deck new \"$bad\"" 2
done
run deck new
exits "deck new without a name" 2
run deck new a b
exits "deck new with two" 2
run deck new titled --title 'Colon: # and "quotes"'
exits "a title with signs" 0
run deck lint
exits "still valid" 0
rm "$GATEDRILL_HOME/decks/titled.yaml"
for bad in "" "$(printf 'an \033[31mescape')" "$(printf 'two\nlines')" "$(printf '%201s' x)"; do
	run deck new titled --title "$bad"
	exits "a title that is none" 2
done
ok "nothing was made" test ! -e "$GATEDRILL_HOME/decks/titled.yaml"

# list
run deck list
like "list has the deck" "$out" '^errors +12 +0 +12  API errors$'
with_verb=$out
run deck
is "deck alone lists" "$out" "$with_verb"
run deck list --json
json "list --json"
like "list --json has counts" "$out" '"parts": 12'
run deck list errors
exits "list takes no names" 2
run deck lst
exits "a mistyped verb" 2
like "a mistyped verb is guessed" "$err" 'did you mean "list"'
run deck frobnicate
exits "an unknown verb" 2

# show
run deck show errors
exits "show a deck" 0
like "show lists cards" "$out" '^errors/idle-time +basic +new  How long'
run deck show errors --json
json "show a deck as JSON"
run deck show eror
exits "show an unknown deck" 1
run deck show erors
like "show guesses" "$err" 'did you mean "errors"'
run deck show errors/which-limit
exits "show a card" 0
like "a card shows its question" "$out" 'A price feed is silent'
like "a card shows reasons" "$out" 'Right\. Nothing crossed'
like "a card shows its source's address" "$out" 'https://docs.aws'
like "a card shows its state" "$out" '^Not answered yet\.$'
run deck show 'errors/frame-and-message#c2'
like "show a part" "$out" '\[how many KB\?\]'
like "a hole's answer stands out" "$out" '\[128 KB\]'
run deck show 'errors/frame-and-message#c2' --json
unlike "no marks in JSON" "$out" "$(printf '\356\200[\200\201]')"
run deck show errors/which-limit --json
json "show a card as JSON"
run deck show errors/nothing
exits "show an unknown card" 1
like "an unknown card: what to do" "$err" 'gatedrill search'
run deck show
exits "show what" 2

# lint
bad=$T/bad.yaml
printf 'deck: bad\ntitle: Bad\nformat: 1\ncards:\n- id: a\n  kind: basic\n  frnt: x\n  back: y\n' >"$bad"
run deck lint "$bad"
exits "lint an invalid deck" 4
like "lint says where" "$out" "^$bad:7:3: error: .*did you mean \"front\"\?.*\[deck-unknown-key\]\$"
like "lint counts" "$err" '^1 file, 2 errors, 0 warnings$'
run deck lint -q "$bad"
is "lint -q has no summary" "$err" ""
run deck lint --json "$bad"
exits "lint --json" 4
json "lint --json is JSON"
like "lint --json has the code" "$out" '"code": "deck-unknown-key"'
is "lint --json says nothing else" "$err" ""
one_card one
run deck lint "$GATEDRILL_HOME/decks/one.yaml"
exits "warnings alone" 0
like "a warning" "$out" 'warning: .*\[lint-no-source\]'
run deck lint "$T/missing.yaml"
exits "lint a missing file" 4
like "a missing file is named" "$out$err" 'missing\.yaml'
run deck lint "$bad" "$GATEDRILL_HOME/decks/one.yaml"
like "lint several" "$err" '^2 files, 2 errors'
run deck lint -v "$bad"
like "lint -v names the files" "$err" "gatedrill: $bad"
{
	printf 'deck: long\ntitle: Long\nformat: 1\ncards:\n'
	i=0
	while [ $i -lt 1000 ]; do
		printf -- '- {id: Not A Slug %s, knd: basic}\n' $i
		i=$((i + 1))
	done
} >"$T/long.yaml"
run deck lint "$T/long.yaml"
exits "a thousand bad lines" 4
ok "a thousand bad lines are not all shown" test "$(printf '%s\n' "$out" | wc -l)" -le 1001
like "but all are counted" "$err" '^1 file, [1-9][0-9]{3} errors'
mkdir -p "$T/some/more/.hidden" "$T/empty"
printf 'deck: good\ntitle: Good\nformat: 1\ncards:\n- {id: a, kind: basic, front: x, back: y}\n' >"$T/some/more/b.yml"
cp "$bad" "$T/some/a.yaml"
cp "$bad" "$T/some/more/.hidden/x.yaml"
printf '{}\n' >"$T/some/schema.json"
run deck lint "$T/some"
exits "lint a folder" 4
like "lint goes into folders" "$err" '^2 files, 2 errors'
like "files of a folder have its path" "$out" "^$T/some/a\.yaml:7:3: "
like "files deep in a folder too" "$out" "^$T/some/more/b\.yml:5:3: warning: .*\[lint-no-source\]"
mkdir -p "$T/labs"
cp -R "$root/tests/data/labs/keys" "$root/tests/data/labs/keys.yaml" "$T/labs"
run deck lint "$T/labs"
exits "a lab is linted" 4
is "and the definitions that it serves" "$(printf '%s\n' "$out" | sed 's/:[0-9].*//' | sort -u)" "$T/labs/keys/shop.yaml"
cat >"$T/labs/keys/shop.yaml" <<'E'
gateway: shop
apis:
- {apiId: shop, type: REST, openapi: shop.openapi.yaml, stages: {prod: {}}} # burst: 1
E
printf 'openapi: 3.0.1\ninfo: {title: Shop, version: "1"}\npaths: {}\n' >"$T/labs/keys/shop.openapi.yaml"
printf 'gateway: of the solution\napis: all wrong\n' >"$T/labs/keys/solved/shop.yaml"
printf 'whatever: it likes\n' >"$T/labs/keys/data.yaml"
run deck lint "$T/labs"
exits "what else is in its folder is its own" 0
is "nothing is said of it" "$out" ""
run deck lint "$T/empty"
exits "lint an empty folder" 0
like "an empty folder has no files" "$err" '^0 files, '
at 2026-11-27T10:00:00Z
run deck lint "$root/data/exams"
exits "lint blueprints" 0
is "bundled blueprints are good" "$out" ""
at 2026-11-20T10:00:00Z
sed 's/weight: 26/weight: 27/' "$root/data/exams/dva-c03.yaml" >"$T/some/exam.yaml"
run deck lint "$T/some/exam.yaml"
exits "a bad blueprint" 4
like "a file is linted as what it is" "$out" '\[exam-weights\]$'
sed 's/dva-c0/dva-c9/; s/"2\.1"/"9.1"/' "$root/data/exams/dva-c02.yaml" >"$T/some/exam.yaml"
run deck lint "$T/some/exam.yaml"
like "a task of another domain" "$out" '\[exam-task\]$'
mkdir -p "$GATEDRILL_SHARE/data/exams"
cp "$root/data/exams/dva-c03.yaml" "$GATEDRILL_SHARE/data/exams"
sed '3a exam: {dva-c03: "8.1"}' "$T/some/more/b.yml" >"$T/task.yaml"
run deck lint "$T/task.yaml"
like "tasks are looked up in bundled blueprints" "$out" 'DVA-C03 has no task "8\.1" \[lint-exam-task\]$'
sed 's/"3.1": .*/"8.1": New/; s/"3":/"8":/; s/"3\./"8./' "$root/data/exams/dva-c03.yaml" >"$T/mine.yaml"
run deck lint "$T/task.yaml" "$T/mine.yaml"
unlike "a blueprint given counts instead of the bundled one" "$out" 'lint-exam-task'
run deck lint
like "without names the bundled data too" "$err" '^3 files, '
rm -r "$GATEDRILL_SHARE/data"
run deck lint -v "$root"/decks/rest-and-websocket.yaml
like "lint -v tells what guessing scores" "$err" '^gatedrill: longest option: right [0-9.]+ %, chance [0-9.]+ %$'
like "lint -v tells of positions" "$err" '^gatedrill: choices of one among 4 \([0-9]+\): A [0-9.]+ %, B '
printf 'a: [1, 2\n  b: {\n' >"$T/broken.yaml"
run deck lint "$T/broken.yaml"
exits "broken YAML" 4
like "broken YAML has a place" "$out" "^$T/broken.yaml:[0-9]+:[0-9]+: error: "
: >"$T/empty.yaml"
run deck lint "$T/empty.yaml"
exits "an empty file" 4
head -c 3000 /dev/zero >"$T/zero.yaml"
run deck lint "$T/zero.yaml"
exits "a file of zeros" 4
printf '\377\376d\000e\000' >"$T/utf16.yaml"
run deck lint "$T/utf16.yaml"
exits "another encoding" 4

# fmt
messy=$T/messy.yaml
printf '# on top\ndeck:   m\nformat: 1\ntitle: "M"\ncards:\n    -   kind: basic   # which\n        id: a\n        back: y\n        front: x\n' >"$messy"
run deck fmt "$messy"
exits "fmt" 0
like "fmt prints the deck" "$out" '^- id: a$'
like "fmt keeps comments" "$out" '# which'
is "fmt changes no file" "$(sed -n 2p "$messy")" "deck:   m"
pretty=$out
run deck fmt --check "$messy"
exits "fmt --check, not canonical" 4
is "fmt --check names the file" "$out" "$messy"
run deck fmt --write "$messy"
exits "fmt --write" 0
is "fmt --write names the file" "$out" "$messy"
is "fmt --write writes what fmt prints" "$(cat "$messy")" "$pretty"
run deck fmt --write "$messy"
is "nothing left to write" "$out" ""
run deck fmt --check "$messy"
exits "fmt --check, canonical" 0
run deck fmt --check --write "$messy"
exits "fmt one of two" 2
run deck fmt
exits "fmt what" 2
run deck fmt "$T/broken.yaml" "$messy"
exits "fmt broken YAML" 4
like "fmt goes on with the next" "$out" '^deck: m$'
sed 's/$/\r/' "$messy" >"$T/crlf.yaml"
run deck fmt "$T/crlf.yaml"
is "fmt of CRLF" "$out" "$(cat "$messy")"
run deck lint "$T/crlf.yaml"
exits "lint reads CRLF" 0

# A card keeps the name of its proof, and loses it when the file does.
printf 'deck: proved\ntitle: Proved\nformat: 1\ncards:\n- {id: a, kind: basic, front: x, back: y, proof: caching/second}\n' >"$GATEDRILL_HOME/decks/proved.yaml"
run deck show proved/a
like "a card shows its proof" "$out" '^Proof: caching/second$'
printf 'deck: proved\ntitle: Proved\nformat: 1\ncards:\n- {id: a, kind: basic, front: x, back: y}\n' >"$GATEDRILL_HOME/decks/proved.yaml"
run deck show proved/a
unlike "or none" "$out" 'Proof'

finish
