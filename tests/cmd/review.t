#!/bin/sh
# A review in the line front end: every kind of card, right and wrong, and what a session counts.
# shellcheck disable=SC1091,SC2154 # lib.sh sets out, err and code
. "$(dirname "$0")/lib.sh"
every_kind

# letter TEXT, number TEXT: the sign before an option that reads so in $out
letter() {
	printf '%s\n' "$out" | sed -n "s/^\\([A-J]\\): $1\$/\\1/p"
}
number() {
	printf '%s\n' "$out" | sed -n "s/^\\([0-9]*\\): $1\$/\\1/p"
}

# one KIND LINES: cram one card, so that no date moves and the order of its options stays
one() {
	feed "$2" review --cram "$1"
}

# -- cards that the learner judges
one id:basic '\n3\n\n'
exits "basic" 0
like "the heading counts and names the card" "$out" '^Card 1 of 1, Every kind, kinds/basic\.$'
like "the question" "$out" '^Basic front\?$'
like "a hint is offered" "$out" '^:hint shows a hint\.$'
like "the prompt" "$out" '^Press Enter to see the answer: $'
like "the answer" "$out" '^Basic back\.$'
like "its source" "$out" '^Source: A source, checked 2026-11-01\.$'
like "cram keeps the date" "$out" '^Noted; its date stays\.$'
like "the end" "$out" '^1 card, 1 kept, 0 lost\.$'
one id:basic ':hint\n\n1\n\n'
like "a hint is shown" "$out" '^A hint\.$'
like "again is lost" "$out" '^1 card, 0 kept, 1 lost\.$'
like "again comes but once in a cram" "$out" '^Nothing more for now'
one id:reversed ''
like "one direction" "$out" '^Reversed (front|back)$'
one id:cloze ''
one id:cloze '\n\n\n'
like "the answer of a hole stands out" "$out" '^Holes (\[one\] and two|one and \[two\])\.$'
one id:cloze ''
like "a hole" "$out" 'Holes (\[\.\.\.\] and two|one and \[which\])\.'
one id:table ''
like "a row" "$out" 'Row [XY]'

# -- true or false
one id:truefalse ''
like "a statement" "$out" '^Water is dry\.$'
like "asks true or false" "$out" '^True or false\? $'
one id:truefalse 'false\n\n\n'
like "right" "$out" '^Right: it is false\.$'
like "why" "$out" '^It is wet\.$'
like "lore" "$out" '^In exam prep: Notes say dry\.$'
like "a right answer is offered as good" "$out" '^1 to 4, Enter takes 3: $'
one id:truefalse 't\n\n\n'
like "wrong" "$out" '^Wrong: it is false\.$'
like "a wrong answer is offered as again" "$out" '^1 to 4, Enter takes 1: $'
one id:truefalse 'perhaps\nf\n\n\n'
like "neither" "$out" '^Answer true or false\.$'
one id:truefalse ':reveal\n\n\n'
like "given up" "$out" '^It is false\.$'
like "no answer is offered as again" "$out" '^1 to 4, Enter takes 1: $'

# -- one of several
one id:choice ''
right=$(letter "Good one")
wrong=$(letter "Bad two")
like "asks for a letter" "$out" '^Your choice, A to C: $'
one id:choice "$right\n\n\n"
like "the right option" "$out" '^Right\.$'
like "its reason" "$out" "^$right: right, your choice\\. It fits\\.\$"
like "the reason of another" "$out" "^$wrong: wrong\\. It does not\\.\$"
one id:choice "$wrong\n\n\n"
like "a wrong option" "$out" "^Wrong\\. The right answer is $right\\.\$"
one id:choice "z\n4\na b\n$right\n\n\n"
is "three lines that are no choice" "$(printf '%s\n' "$out" | grep -c '^Choose one by its letter')" 3
like "then the right one" "$out" '^Right\.$'
one id:choice ':reveal\n\n\n'
like "given up" "$out" "^The right answer is $right\\.\$"

# -- some of several
one id:some ''
red=$(letter "Good red")
blue=$(letter "Good blue")
green=$(letter "Bad green")
like "says how many" "$out" '^Choose 2, A to D, such as "a c": $'
one id:some "$red $blue\n\n\n"
like "both" "$out" '^Right\.$'
one id:some "$blue,$red\n\n\n"
like "in any order" "$out" '^Right\.$'
one id:some "$red $green\n\n\n"
like "one of them" "$out" '^Wrong\. The right answers are [A-D] and [A-D]\.$'
one id:some "$red\n$red $blue $green\n\n"
is "too few, too many" "$(printf '%s\n' "$out" | grep -c '^Choose two, such as: a c$')" 2

# -- pairs
one id:matching ''
eins=$(letter eins)
zwei=$(letter zwei)
drei=$(letter drei)
like "a decoy is offered" "$out" '^[A-C]: drei$'
one id:matching "1$eins 2$zwei\n\n\n"
like "pairs" "$out" '^Right\.$'
one id:matching "$eins $zwei\n\n\n"
like "letters alone" "$out" '^Right\.$'
one id:matching "1$eins 2$drei\n\n\n"
like "a wrong pair" "$out" '^Wrong\.$'
like "says what was given" "$out" '^2: two → zwei \(you said: drei\)$'
one id:matching "1$eins\n2$zwei\n\n\n"
like "half of it" "$out" '^Not all have one yet'
like "the other half" "$out" '^Right\.$'

# -- an order
one id:ordering ''
order="$(number alpha) $(number beta) $(number gamma)"
backwards="$(number gamma) $(number beta) $(number alpha)"
one id:ordering "$order\n\n\n"
like "in order" "$out" '^Right\.$'
one id:ordering "$backwards\n\n\n"
like "backwards" "$out" '^Wrong\.$'
like "the right order" "$out" '^1\. alpha$'
one id:ordering "1 2\n1 1 2\n$order\n\n\n"
is "no order" "$(printf '%s\n' "$out" | grep -c '^Name every item once')" 2

# -- typed
one id:typed '29 Seconds\n\n\n'
like "typed" "$out" '^Right\.$'
one id:typed '  29s \n\n\n'
like "another spelling" "$out" '^Right\.$'
one id:typed '29 secondz\n\n\n'
like "almost" "$out" '^Almost: a slip in the spelling\.$'
like "almost is not right" "$out" '^1 to 4, Enter takes 1: $'
one id:typed '30\n\n\n'
like "wrong" "$out" '^Wrong\.$'
like "the model answer" "$out" '^29 seconds$'
one id:typed '\n::quit\n\n\n'
like "nothing is no answer" "$out" '^Give an answer, or :reveal to see it\.$'
like "two colons begin an answer" "$out" '^Wrong\.$'

# -- dates, counts and limits
fresh
feed '\n3\n\n3\n:q\n' review
exits "two new cards" 0
like "ten can be asked in a day" "$out" '^Card 1 of 10, '
like "the total stays" "$out" '^Card 2 of 10, '
like "due again" "$out" '^Due again in [0-9]+ min\.$'
like "the end counts" "$out" '^2 cards, 2 kept, 0 lost\.$'
run search rated:1
is "both are logged" "$(printf '%s\n' "$out" | wc -l | tr -d ' ')" 3
run stats --json
json "stats --json"
like "both are counted" "$out" '"answers": 2,'
fresh
feed '\n4\n\n' review id:basic
like "easy skips the steps" "$out" '^Due again in [0-9]+ days \(.*\)\.$'
run review id:basic
exits "nothing due" 3
like "nothing due is said" "$out" '^Nothing is due now\.'
is "and no error" "$err" ""
at 2026-12-31T10:00:00Z
feed '\n3\n\n' review id:basic
exits "due later" 0
like "a review" "$out" '^Card 1 of 1, '
at 2026-11-20T10:00:00Z
fresh
feed '\n4\n\n' review id:basic
feed '' review id:basic --ahead 30
like "--ahead" "$out" '^Card 1 of 1, '
fresh
feed '\n1\n\n3\n\n3\n\n' review id:basic
like "a lost card comes once more" "$out" '^Once more, Every kind, kinds/basic\.$'
like "cards and answers" "$out" '^1 card in 3 answers, 2 kept, 1 lost\.$'
fresh
feed '' review --limit 3
like "--limit" "$out" '^Card 1 of 3, '
feed '' review --new 0
exits "--new 0" 3
feed '' review --new 2
like "--new 2" "$out" '^Card 1 of 2, '
run config new-per-day 4
feed '' review
like "new-per-day" "$out" '^Card 1 of 4, '
run review tag:nothing
exits "no card matches" 3
like "no card matches is said" "$out" '^No card matches: there is no tag "nothing"\.$'
run review deck:kindz
exits "a mistyped deck" 3
like "a deck is suggested" "$out" '^No card matches: there is no deck "kindz", did you mean "kinds"\?$'
run review is:leech
like "no card in that state" "$out" '^No card matches is:leech\.$'
fresh
feed ':q\n' review
like "nothing answered" "$out" '^No card was answered\.$'
feed '' review
exits "end of input is the end" 0

# what is new today is used up today
fresh
feed '\n4\n\n' review kind:basic
run config new-per-day 1
run review
exits "today's new cards are used up" 3
like "how to get more" "$out" '--new N more new cards'
at 2026-11-21T05:00:00Z
feed '' review
exits "tomorrow there are new ones" 0
at 2026-11-21T03:00:00Z
run review
exits "the day begins at four" 3
at 2026-11-20T10:00:00Z

# the same seed, the same session
fresh
feed '' review --cram
first=$out
fresh
feed '' review --cram
is "a session can be repeated" "$out" "$first"

# a locale without UTF-8 gets ASCII
one_card ascii
sed 's/Question one?/“Quoted” → done/' "$GATEDRILL_HOME/decks/ascii.yaml" >"$T/a.yaml"
mv "$T/a.yaml" "$GATEDRILL_HOME/decks/ascii.yaml"
export LC_ALL=C
feed '\n3\n\n' review deck:ascii
like "ASCII" "$out" '^"Quoted" -> done$'
run deck show ascii/one
like "ASCII when shown" "$out" '^"Quoted" -> done$'

finish
