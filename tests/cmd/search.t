#!/bin/sh
# gatedrill search: what is found, and what is done to it.
# shellcheck disable=SC1091,SC2154 # lib.sh sets out, err and code
. "$(dirname "$0")/lib.sh"
every_kind

# keys QUERY...: the keys found, on one line
keys() {
	run search "$@"
	printf '%s\n' "$out" | sed -n '2,$s/ .*//p' | tr '\n' ' '
}

is "a word" "$(keys wet)" "kinds/truefalse "
is "a word's beginning" "$(keys secon)" "kinds/typed "
is "a phrase" "$(keys '"Good red"')" "kinds/some "
is "two terms" "$(keys which kind:choice two)" "kinds/choice kinds/some "
is "a tag" "$(keys tag:first)" "kinds/basic "
is "a deck and not a kind" "$(keys deck:kinds -kind:cloze -kind:reversed -kind:table -kind:choice)" \
	"kinds/basic kinds/truefalse kinds/matching kinds/ordering kinds/typed "
is "or" "$(keys id:basic or id:typed)" "kinds/basic kinds/typed "
is "parentheses" "$(keys '(id:basic or id:typed) -tag:first')" "kinds/typed "
is "a pattern" "$(keys 're:Hol[a-z]+ one')" "kinds/cloze#c1 kinds/cloze#c2 "
is "a task" "$(keys task:1.1 kind:basic)" "kinds/basic "
is "a state" "$(keys is:new kind:typed)" "kinds/typed "

run search nothinglikeit
exits "nothing found" 0
is "nothing found, nothing printed" "$out" ""
is "nothing found is said" "$err" "gatedrill: no card matches"
run search idle -tag:alll nothinglikeit
is "a tag is suggested" "$err" 'gatedrill: no card matches: there is no tag "alll", did you mean "all"?'
run search nothinglikeit 'tag:al*'
is "a pattern that finds tags is not mistyped" "$err" "gatedrill: no card matches"
run search kind:basic --json
json "search --json"
like "a card as JSON" "$out" '"key": "kinds/basic"'
run search nothinglikeit --json
is "nothing as JSON" "$out" "[]"
run search deck:kinds --limit 2
is "--limit" "$(printf '%s\n' "$out" | wc -l | tr -d ' ')" 3
run search
exits "everything" 0
is "everything is found" "$(printf '%s\n' "$out" | wc -l | tr -d ' ')" 14

for bad in 'kind:chioce' 'is:deu' 'tga:x' '"open' '(open' 'open)' 're:(' 'prop:lapses' 'flag:9' 'domain:x' 'rated:0' 'tag:' 'a or'; do
	run search "$bad"
	exits "search $bad" 2
	like "search $bad: where" "$err" '^gatedrill: column [0-9]+ of the query: '
done
run search kind:chioce
like "a mistyped kind is guessed" "$err" 'did you mean "choice"'
run search tga:x
like "a mistyped term is guessed" "$err" 'did you mean "tag:"'
run search "$(printf '\377')"
exits "a query that is no UTF-8" 2
run search "$(printf '%5000s' x)"
exits "a long query" 2
run review tga:x
exits "the same in a review" 2
run stats tga:x
exits "the same in statistics" 2

# --do
run search id:basic --do flag=3
exits "--do flag=3" 0
is "flagged" "$out" "1 card flagged."
is "found by its flag" "$(keys flag:3)" "kinds/basic "
run search is:flagged --do flag=0
is "no longer flagged" "$(keys is:flagged)" ""
run search kind:cloze --do suspend
is "suspend says how many" "$out" "2 cards suspended."
is "suspended" "$(keys is:suspended)" "kinds/cloze#c1 kinds/cloze#c2 "
run search is:suspended --do unsuspend
is "unsuspended" "$(keys is:suspended)" ""
run search id:typed --do bury
is "buried" "$(keys is:buried)" "kinds/typed "
run search id:typed
like "a list says that it is buried" "$out" '^kinds/typed +typed +buried '
at 2026-11-21T10:00:00Z
is "no longer buried tomorrow" "$(keys is:buried)" ""
at 2026-11-20T10:00:00Z
run search id:typed --do unbury
is "unburied" "$(keys is:buried)" ""
run search id:typed --do leech
is "a leech" "$(keys is:leech)" "kinds/typed "
run search is:leech --do unleech
is "no leech" "$(keys is:leech)" ""
run search id:typed --do due=0
is "due today" "$(keys is:due)" "kinds/typed "
run search id:typed --do due=5
is "due in five days" "$(keys prop:due=5)" "kinds/typed "
is "not due today" "$(keys is:due)" ""
run search id:typed --do reset
is "new again" "$(keys is:new kind:typed)" "kinds/typed "

run search deck:kinds --do suspend --dry-run
is "--dry-run says what it found" "$out" "13 cards found; nothing was done."
is "--dry-run does nothing" "$(keys is:suspended)" ""
run search nothinglikeit --do suspend
is "nothing to do" "$out" "0 cards suspended."
run search id:basic --do suspend --json --dry-run
json "--do --json"
for bad in suspnd flag flag=8 flag=x bury=1 due=-1 due= ''; do
	run search id:basic --do "$bad"
	exits "--do $bad" 2
done
run search id:basic --do suspnd
like "a mistyped action is guessed" "$err" 'did you mean "suspend"'
run search --do suspend
exits "--do to what" 2
run search id:basic --dry-run
exits "--dry-run of what" 2
run search id:basic --do bury --limit 1
exits "--do and --limit" 2
is "nothing was done by mistake" "$(keys 'is:suspended or is:buried')" ""

# each change has a row of its own and can be taken back in a review
run search kind:cloze --do suspend
feed 'u\nu\n:q\n' review
like "a change is undone in a review" "$out" '^Undone: suspend on kinds/cloze#c2\.$'
is "both are" "$(keys is:suspended)" ""

# a card that is gone is found only when asked for
deck kinds <<-'EOD'
	deck: kinds
	title: Every kind
	format: 1
	cards:
	- {id: basic, kind: basic, front: Basic front?, back: Basic back.}
EOD
is "gone cards are not found" "$(keys deck:kinds)" "kinds/basic "
run search is:removed
like "unless asked for" "$out" '^kinds/typed +typed +removed +Type it\.$'

finish
