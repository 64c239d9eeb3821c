#!/bin/sh
# Practice quizzes on lines: what is asked, the answer with its reasons, sureness, reviews, limits, bad input.
# shellcheck disable=SC1091,SC2154 # lib.sh sets out, err and code
. "$(dirname "$0")/lib.sh"
every_kind

rows() {
	run stats --json
	printf '%s\n' "$out" | sed -n 's/.*"answers": \([0-9]*\),$/\1/p' | head -1
}

# -- what is asked
feed ':q\n' quiz
exits "a quiz that is left" 0
like "only what can be graded" "$out" '^Question 1 of 6, Every kind, kinds/'
like "nothing was answered" "$out" '^No question was answered\.$'
is "and nothing is said" "$err" ""
is "nor logged" "$(rows)" 0
feed ':q\n' quiz -n 2
like "so many" "$out" '^Question 1 of 2,'
feed ':q\n' quiz kind:choice
like "by query" "$out" '^Question 1 of 2,'
feed ':q\n' quiz --kind typed
like "by kind" "$out" '^Question 1 of 1, Every kind, kinds/typed\.$'
feed ':q\n' quiz task:1.1
like "by task" "$out" '^Question 1 of 6,'
feed ':q\n' quiz domain:1 -id:typed
like "by domain" "$out" '^Question 1 of 5,'
feed ':skip\n:skip\n:skip\n:skip\n:skip\n:skip\n' quiz
first=$(printf '%s\n' "$out" | grep '^Question')
feed ':skip\n:skip\n:skip\n:skip\n:skip\n:skip\n' quiz
is "the same seed asks the same" "$(printf '%s\n' "$out" | grep '^Question')" "$first"
like "to the end" "$out" '^No question was answered\.$'
run quiz tag:alll
exits "nothing to ask" 3
like "as there is no such tag" "$err" 'there is no tag "alll", did you mean "all"\?'
run quiz kind:basic
exits "nothing that can be graded" 3
like "is said" "$err" 'no question matches kind:basic'
run quiz --kind cloze
like "so of a kind" "$err" 'cards of kind cloze cannot be graded'
fresh
rm "$GATEDRILL_HOME/decks/kinds.yaml"
run quiz
exits "no decks" 3
like "are said" "$err" 'there is no question that can be graded'
every_kind

# -- right, wrong, sure, unsure
feed 'false!\n\n' quiz id:truefalse
like "right" "$out" '^Right: it is false\.$'
like "the reason" "$out" '^It is wet\.$'
like "what exam prep says" "$out" '^In exam prep: Notes say dry\.$'
like "the source" "$out" '^Source: A source, checked 2026-11-01\.$'
like "known: due again" "$out" '^Due again in 1[0-2] min\.$'
like "the end" "$out" '^1 of 1 right\.$'
like "by domain or deck" "$out" '^Every kind: 1 of 1\.$'
is "on disk" "$(rows)" 1
run deck show kinds/truefalse --json
like "as good" "$out" '"value": 3'
like "of a quiz" "$out" '"screen": "quiz"'
fresh
feed 'f ?\n\n' quiz id:truefalse
like "unsure and right" "$out" '^It comes back in [0-9]+ min, as you were not sure of it\.$'
like "is counted" "$out" '^Sure and wrong: 0\. Unsure and right: 1\.$'
like "and comes back" "$out" '^1 card comes back as a review\.$'
run deck show kinds/truefalse --json
like "as hard" "$out" '"value": 2'
fresh
feed ':sure\ntrue\n\n' quiz id:truefalse
like "wrong" "$out" '^Wrong: it is false\.$'
like "comes back" "$out" '^It comes back in 1 min\.$'
like "what to look at" "$out" '^kinds/truefalse: Water is dry\. \(you were sure\)$'
run search is:learn
like "as a review" "$out" '^kinds/truefalse '
fresh
feed '29 s !\n\n' quiz id:typed
like "a mark behind a blank in a typed answer" "$out" '^Right\.$'
feed '29 seconds?\n\n' quiz id:typed
like "without a blank it belongs to the answer" "$out" '^(Wrong|Almost)'
feed ':reveal\n\n' quiz id:typed
like "given up" "$out" '^It comes back'
like "counts as wrong" "$out" '^0 of 1 right\.$'
fresh
for letter in a b c; do
	feed "$letter\n:q\n" quiz id:choice
	like "every option has its reason ($letter)" "$(printf '%s\n' "$out" | grep -c '^[A-C]: \(right\|wrong\)')" '^3$'
done
feed 'a b\n\n' quiz id:some
like "all or nothing" "$out" '^(Right\.|Wrong\. The right answers are )'
feed '1a 2b\n\n' quiz id:matching
like "matching" "$out" '^1: one → eins'
feed '1 2 3\n\n' quiz id:ordering
like "ordering" "$out" '^Wrong\.$'

# -- commands
fresh
feed ':help\n:hint\n:card\n:source\n:xyzzy\n:undo\nzebra\nu\n\n:unsure\nfalse\nu\n\n:q\n' quiz id:truefalse
for command in sure unsure skip undo reveal hint card source help quit; do
	like ":$command is listed" "$out" "^:$command "
done
like "no hint" "$out" '^The card has no hint\.$'
like "a source" "$out" '^A source: https://example\.org/$'
like "an unknown command" "$out" '^There is no such command; :help lists them\.$'
like "nothing to undo" "$out" '^There is nothing to undo\.$'
like "a letter" "$out" 'begin with a colon here, such as :u\.$'
like "an empty line" "$out" '^Give an answer, or :reveal to see it\.$'
like "undone" "$out" '^Undone: the answer to kinds/truefalse\.$'
is "nothing counts" "$(rows)" 0
run doctor --rebuild
exits "states rebuild" 0
feed 'false\n' quiz id:truefalse
exits "the input ends" 0
is "what was answered is kept" "$(rows)" 1

# -- weakest first
fresh
feed 'false!\n\n' quiz id:truefalse
feed 'zebra!\n\n' quiz id:typed
at 2026-11-30T10:00:00Z
feed ':q\n' quiz 'id:typed or id:truefalse' --weakest
like "the one that was wrong comes first" "$out" '^Question 1 of 2, Every kind, kinds/typed\.$'
at 2026-11-20T10:00:00Z

# -- bad usage
for bad in '-n 0' '-n x' '--minutes 0' '--minutes 601' '--kind xyzzy' '--kind chioce' '--json' '--cram' 'tag:'; do
	# shellcheck disable=SC2086
	run quiz $bad
	exits "quiz $bad" 2
done
run quiz --kind chioce
like "a kind is guessed" "$err" 'did you mean "choice"\?'

# -- no disk
fresh
run search typed
code=0
out=$(
	ulimit -f 300
	i=0
	while [ $i -lt 200 ]; do
		printf 'false\nu\n'
		i=$((i + 1))
	done | gd quiz id:truefalse 2>"$T/.err"
) || code=$?
err=$(cat "$T/.err")
exits "a full disk" 1
like "is said" "$err" '^gatedrill: the disk is full'
run doctor
exits "the store is whole" 0

finish
