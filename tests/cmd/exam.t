#!/bin/sh
# Mock exams on lines: beginning, answering, leaving and going on, the clock, the result, lists, files, bad input.
# shellcheck disable=SC1091,SC2154 # lib.sh sets out, err and code
. "$(dirname "$0")/lib.sh"

# blueprint NAME LINE...: an exam of 5 scored and 2 unscored questions in 20 minutes
blueprint() {
	mkdir -p "$GATEDRILL_SHARE/data/exams"
	{
		echo "exam: $1"
		echo "title: A small exam"
		echo "code: $(echo "$1" | tr '[:lower:]' '[:upper:]')"
		echo "format: 1"
		shift
		printf '%s\n' "$@"
		cat <<-'EOD'
			minutes: 20
			extra_minutes: 5
			scored: 5
			unscored: 2
			types: [single, multiple]
			pass: {share: 0.72, spread: 0.03, note: Our assumption.}
			sources: {s: {title: A, url: "https://example.org/", checked: 2026-11-01}}
			source: [s]
			domains:
			  "1": {title: Building, weight: 60, tasks: {"1.1": Build it}}
			  "2": {title: Guarding, weight: 40, tasks: {"2.1": Guard it}}
		EOD
	} >"$GATEDRILL_SHARE/data/exams/$new.yaml"
}
new=mini
blueprint mini "replaces: old"
new=old
blueprint old "until: 2026-11-22" "replaced_by: mini"

# questions N: a deck "d" of N questions; the right option is "yes"
questions() {
	{
		echo "deck: d"
		echo "title: Deck"
		echo "format: 1"
		echo 'sources: {s: {title: A page, url: "https://example.org/", checked: 2026-11-01}}'
		echo "cards:"
		i=0
		while [ $i -lt "$1" ]; do
			cat <<-EOD
				- id: q$i
				  kind: choice
				  tags: [topic-$((i % 3))]
				  exam: {mini: "$((i % 2 + 1)).1", old: "$((i % 2 + 1)).1"}
				  question: Question $i?
				  options:
				  - {text: "yes", right: true, why: It is.}
				  - {text: "no", why: It is not.}
				  - {text: hardly, why: Hardly ever.}
				  - {text: sometimes, why: Not even then.}
				  source: s
				  proof: bronze/no-key
			EOD
			i=$((i + 1))
		done
	} | deck d
}
questions 40
run deck list

# shellcheck disable=SC2317 # called through eval
# letter NUMBER: of the option "yes" in a question of $out
letter() {
	printf '%s\n' "$out" | sed -n "/^Question $1 of/,/Enter for the next/s/^\\([A-D]\\): yes\$/\\1/p" | head -1
}

# -- beginning
feed 'quit\n' exam mini
exits "an exam that is left" 0
like "says what it is" "$out" '^MINI, A small exam\. 7 questions, 20 minutes\. Form mini\.1\.1\.$'
like "numbers its questions" "$out" '^Question 1 of 7, 0:20:00 left\.$'
like "says how to go on" "$out" '^The exam waits with 0:20:00 left: .gatedrill exam --resume 1. goes on\.$'
unlike "tells no answer" "$out" '(Right|Wrong|right|wrong)'
fits "fits 80 columns where it must" "$(printf '%s\n' "$out" | grep '^[A-D]: ')"
is "nothing else is said" "$err" ""
feed 'quit\n' exam mini --esl
like "--esl has 25 minutes" "$out" '7 questions, 25 minutes\.'
like "an exam that waits is mentioned" "$out" '^1 exam waits already; .gatedrill exam --list. shows all\.$'
run exam --list
like "both are listed" "$out" '^ *1  mini\.1\.1 +2026-11-20  waits, 0:20:00 left, 0 of 7 answered$'
is "a heading and two rows" "$(printf '%s\n' "$out" | wc -l | tr -d ' ')" 3
run exam --list --json
json "--list --json"
like "the list says what waits" "$out" '"waits": true'

# -- answering, leaving, going on
fresh
feed 'next\nnext\nnext\nnext\nnext\nnext\n:q\n' exam mini
for i in 1 2 3 4 5 6 7; do
	eval "l$i=\$(letter $i)"
done
ok "the options are lettered" test -n "$l1" -a -n "$l7"
case $l2 in
D) other=a ;;
*) other=d ;;
esac
fresh
feed "$l1\nsure 3\n\n$l2\nflag\nstrike $other\nquit\n" exam mini
like "an answer is kept" "$out" "^Kept: $l1\\.\$"
like "sureness" "$out" '^Sure\.$'
like "a flag" "$out" '^Flagged\.$'
feed 'grid\nempty\nflagged\ngoto 9\ngoto 7\nprev\nclock\nnext\n:x\nsure 9\nxyzzy\nq\nhelp\nquit\n' exam --resume
exits "resumed" 0
like "goes on" "$out" '^Mock exam 1 goes on: 0:20:00 left, 2 of 7 answered\.$'
like "where it was" "$out" '^Question 2 of 7, flagged, 0:20:00 left\.$'
like "with what was chosen" "$out" '^[A-D]: .* \(chosen\)$'
like "the grid" "$out" '^2 answered, 5 empty, 0 not full, 1 flagged\.$'
like "the empty ones" "$out" '^Empty: .*3 to 7\.$'
like "goto takes a number of this exam" "$out" '^goto takes a number from 1 to 7'
like "the clock hides" "$out" '^The clock is hidden'
like "and is then not shown" "$out" '^Question 7 of 7\.$'
like "strike takes letters" "$out" '^strike takes letters'
like "sure takes 1 to 3" "$out" '^sure takes 1 for a guess'
like "nonsense is said" "$out" '^Choose one by its letter'
like "a letter of a command" "$out" 'begin with a colon here, such as :q\.$'
for word in next prev goto flag strike sure clear empty flagged grid time clock question submit quit help; do
	like "help lists $word" "$out" "^:$word "
done
feed 'goto 1\nclear\nquit\n' exam --resume 1
like "an answer taken back" "$out" '^No answer\.$'

# -- the end
feed "goto 1\n$l1\nsubmit\ngrid\nsubmit\nsubmit\n" exam --resume
exits "submitted" 0
is "blanks are asked about, once each time" "$(printf '%s\n' "$out" | grep -c '^Blank counts as wrong')" 2
like "the result" "$out" '^Mock exam 1, MINI, form mini\.1\.1, 2026-11-20\.$'
like "points" "$out" '^[0-2] of 5 scored questions are right, (0|20|40) %\.$'
like "too few for a chance" "$out" '^Chance of passing: too few answers to say\.'
unlike "no percentage of it" "$out" 'Chance of passing.* %'
like "domains" "$out" '^Building, weight 60 %: [0-2] of 3\.$'
like "topics" "$out" '^topic-[0-2]: [1-3] of [1-3] questions; .gatedrill quiz tag:topic-[0-2].$'
like "habits" "$out" '^Sure and wrong: '
run exam --resume
exits "nothing waits" 1
is "that is said" "$err" 'gatedrill: no exam waits; `gatedrill exam` begins one'
run exam --resume 1
like "it has ended" "$err" 'exam 1 has ended; .gatedrill exam --result 1. shows it'
run exam --resume 9
like "there is none" "$err" 'there is no exam 9'
run stats --json
like "what was in front is in the log" "$out" '"answers": [4-6],'
run doctor --rebuild
exits "states rebuild" 0

# -- reading a result
feed 'wrong\n\n\n\n\n\n\n\n\nall\nx\nsure\nhelp\nnonsense\n\n' exam --result
exits "a result" 0
like "a wrong one" "$out" '^Question [1-7]: (wrong|not answered)'
like "its key with the reason" "$out" '^Right\. It is\.$'
like "the reason of another" "$out" '^Wrong(, your choice)?\. (It is not|Hardly ever|Not even then)\.$'
like "its task and card" "$out" '^Task [12]\.1 (Build|Guard) it\. Card d/q[0-9]+\.$'
like "its source" "$out" '^Source: A page, checked 2026-11-01\.$'
mkdir -p "$GATEDRILL_SHARE/data/labs"
cp -R "$root"/tests/data/labs/bronze* "$GATEDRILL_SHARE/data/labs"
feed 'all\np\np\n\nq\n\n' exam --result
like "a proof is named" "$out" '^Proof: bronze/no-key; p runs it\.$'
is "and run as often as wanted" "$(printf '%s\n' "$out" | grep -c '^It came out as expected\.$')" 2
is "then the next, until q" "$(printf '%s\n' "$out" | grep -c '^Question [0-9]*: ')" 2
run exam --result 1 --json
json "--result --json"
like "points in JSON" "$out" '"scored": 5,'
like "questions in JSON" "$out" '"card": "d/q[0-9]+",'
run exam --result 1 -o "$T/result.md"
exits "written" 0
like "as Markdown" "$(cat "$T/result.md")" '^# Mock exam 1: MINI$'
run exam --result 1 --output "$T/result.json"
out=$(cat "$T/result.json")
json "as JSON"
run exam --result -o "$T/result.md"
exits "never over a file" 1
like "and says so" "$err" 'result\.md'
run exam --result -o "$T/result.pdf"
like "other formats" "$err" 'is written as \.md \(Markdown\) or \.json'
feed "export $T/again.md\n\n" exam --result
like "written from the review" "$out" "^Written: $T/again\\.md\$"

# -- the clock
fresh
feed "$l1\npass 14m\ntime\npass 2m\nquit\n" exam mini
like "time passes" "$out" '^0:06:00 left, 1 of 7 answered, 11 minutes behind\.$'
like "it warns" "$out" '^5 minutes are left\.$'
unlike "not of half an hour in 20 minutes" "$out" '^30 minutes'
like "it waits" "$out" 'waits with 0:04:00 left'
at 2026-11-23T10:00:00Z
feed 'time\npass 4m\n' exam --resume
like "days away do not count" "$out" '^Mock exam 1 goes on: 0:04:00 left'
like "they are told" "$out" '^Away for 3 days in all; it does not count\.$'
like "time up submits" "$out" '^The time is up; the exam was submitted\.$'
like "with a result" "$out" '^Away 1 time, 3 days in all; it did not count\.$'
at 2026-11-19T10:00:00Z
feed "$l1\nquit\n" exam mini
at 2026-11-18T10:00:00Z
feed 'quit\n' exam --resume
like "a clock set back" "$out" '^Mock exam 2 goes on: 0:20:00 left, 1 of 7 answered\.$'
at 2026-11-20T10:00:00Z
feed 'pass soon\nquit\n' exam --resume
like "pass takes a span" "$out" '^pass takes a span'
out=$(printf 'pass 1m\nquit\n' | "$GATEDRILL" exam --resume 2>&1)
like "pass is for --now" "$out" '^pass works with --now alone'

# -- a chance, once there are answers
fresh
for number in 1 2 3 4 5; do
	printf '%s\n' a '' a '' a '' a '' a '' a '' a submit '' >"$T/.in"
	gd exam "mini.1.$number" <"$T/.in" >"$T/.out" 2>/dev/null
	at "2026-11-2${number}T10:00:00Z"
done
out=$(cat "$T/.out")
like "a chance in words, as a range" "$out" '^Chance of passing today: [a-z ]+, [0-9]+ to [0-9]+ %; AWS hides its line\.$'
like "domains with their ranges" "$out" '^Building, weight 60 %: . of 3; all first tries [0-9]+ %, between [0-9]+ and [0-9]+\.$'
unlike "no score of a thousand" "$out" '1000'
at 2026-11-20T10:00:00Z

# -- forms
fresh
feed 'quit\n' exam mini.77.2
like "a form by its id" "$out" 'Form mini\.77\.2\.$'
first=$(printf '%s\n' "$out" | grep -A8 '^Question 1')
fresh
feed 'quit\n' exam mini.77.2
is "is the same form again" "$(printf '%s\n' "$out" | grep -A8 '^Question 1')" "$first"
run exam mini.77
exits "half an id" 1
run exam minni
exits "a mistyped exam" 1
is "is guessed" "$err" 'gatedrill: no exam "minni", did you mean "mini"?'
run exam xyzzy
like "others are listed" "$err" 'no exam "xyzzy"; there are: mini, old'
run config exam xyzzy
run exam
like "so are those of the setting" "$err" 'no exam "xyzzy"'
run config exam default

# -- an exam that retires
fresh
feed 'quit\n' exam old
like "says so" "$out" '^OLD can be sat until 2026-11-22; mini replaces it: .gatedrill exam mini.\.$'
feed 'quit\n' exam old
unlike "once" "$out" '^OLD can be'

# -- decks too small
questions 6
fresh
run exam mini
exits "too few questions" 1
like "which are missing" "$err" '^gatedrill: Building: 3 of 4 questions$'
like "what can be done" "$err" '^gatedrill: .gatedrill exam mini --short. asks [1-4] scored questions in the same proportions$'
feed 'quit\n' exam mini --short
like "a short form" "$out" '^A short form: [1-4] of 5 scored questions, the time in proportion\.$'
like "with an id of its own" "$out" 'Form mini\.1\.1\.s[1-4]\.$'
questions 1
run exam mini --short
exits "not even a short one" 1
like "as a domain has none" "$err" 'a domain has no question at all'

# -- decks that change
questions 40
fresh
feed "a\n\na\nquit\n" exam mini
questions 1
feed 'submit\nsubmit\n\n' exam --resume
exits "goes on without its deck" 0
like "removed ones are told" "$out" '^[67] questions are in no deck any more: graded as asked, without a review\.$'
questions 40

# -- bad usage
for bad in '--list --resume' '--result x' '--resume x' '--json' '-o x.md' 'mini old' '--limit 3' '--seed x'; do
	# shellcheck disable=SC2086
	run exam $bad
	exits "exam $bad" 2
done

# -- two at once
fresh
run search yes # makes the store
hold exam mini
ok "an exam asks" wait_for 'Question 1*'
run exam mini
exits "another one at once" 1
like "is told whose the store is" "$err" 'another gatedrill .*is studying'
run exam --list
exits "lists are free" 0
printf 'quit\n' >&3
exec 3>&-
wait_for 'its end'
exec 4<&-
wait

# -- no disk
fresh
run search yes
for blocks in 400 800; do
	code=0
	out=$(
		ulimit -f $blocks
		awk 'BEGIN { for (i = 0; i < 3000; i++) print "a\nb" }' | gd exam mini 2>"$T/.err"
	) || code=$?
	err=$(cat "$T/.err")
	like "a full disk is said ($blocks)" "$err" '^gatedrill: the disk is full'
	last=$(printf '%s\n' "$out" | sed -n 's/^Kept: \([AB]\)\.$/\1/p' | tail -1)
	run doctor
	exits "the store is whole ($blocks)" 0
	feed 'quit\n' exam --resume
	like "what was said to be kept is kept ($blocks)" "$out" "^$last: .* \\(chosen\\)\$"
	fresh
	run search yes
done

finish
