#!/bin/sh
# Decks that mean harm, or are only strange: nothing but text reaches the terminal, and every other deck goes on.
# shellcheck disable=SC1091,SC2154 # lib.sh sets out, err and code
. "$(dirname "$0")/lib.sh"
esc=$(printf '\033')
controls=$(printf '[\001-\010\013\014\016-\037\177]')
one_card good

# \e and \x.. are escapes of YAML, so the file itself is clean
deck hostile <<-'EOD'
	deck: hostile
	title: "T\e]0;owned\a\e[31m red \x9b31m \u202e rtl"
	format: 1
	tags: [x]
	sources:
	  s: {title: "S\e[2J\x7f", url: "https://example.org/", checked: 2026-11-01}
	cards:
	- {id: basic, kind: basic, front: "F\e[2J\e[H front \x08\x08", back: "B\e]52;c;aGk=\a back", hint: "H\e[5m", why: "W\e[7m", lore: "L\e[8m", source: s}
	- id: choice
	  kind: choice
	  question: "Q\e[31m"
	  options:
	  - {text: "O\e[1mne", right: true, why: "\e[2mwhy"}
	  - {text: "T\e[3mwo", why: "\u009bwhy"}
	  source: s
	- {id: match, kind: matching, question: "M\ec", pairs: [{left: "a\e[4m", right: "b\e[4m"}, {left: c, right: d}], decoys: ["e\e[4m"], source: s}
	- {id: order, kind: ordering, question: "R\ec", items: ["1\e[4m", "2\a3"], source: s}
	- {id: typed, kind: typed, question: "Y\e[31m", accept: ["y\e"], show: "y\e", source: s}
	- {id: tf, kind: truefalse, statement: "\e[31mTF", answer: true, why: "\e[0m", source: s}
	- {id: table, kind: table, title: "\e[31mtitle", columns: {a: "\e[31mA"}, rows: {r: ["\e[31mR", "\e[31mcell"]}, ask: cell, source: s}
EOD
clean() {
	unlike "$1: no escape" "$out$err" "$esc"
	unlike "$1: no other control" "$out$err" "$controls"
}
run deck lint
exits "lint" 4
like "lint names the rule" "$out" 'lint-control|yaml'
clean lint
run deck list
clean "deck list"
like "it is a deck all the same" "$out" '^hostile +7 '
run deck show hostile
clean "deck show"
for id in basic choice match order typed tf table; do
	run deck show "hostile/$id"
	clean "deck show $id"
done
run search deck:hostile
clean search
run stats deck:hostile
clean stats
run search "$(printf 'a\033[31m')"
clean "a query with an escape"
run stats "$(printf 'a\033[31m')"
clean "a query with an escape, in statistics"
run review "$(printf 'a\033[31m')"
clean "a query with an escape, in a review"
feed "$(printf '%s\\n' :hint :source :g '' :g 4 :g 4 :g 4 :g 4 :g 4 :g 4 :g 4 :g 4)" review --cram
exits "a session" 0
clean "a session"
like "every card was asked" "$out" '^8 cards, '
feed '\033[A\n\033[31mx\n:\033\n:q\n' review --cram
clean "keys that are none"
printf 'deck: e\ntitle: E\nformat: 1\n\033[31mbad: 1\ncards: [{id: "\\e", "k\\e": x}]\n' | deck escape
run deck lint
clean "messages about a file"
rm "$GATEDRILL_HOME/decks/escape.yaml"
run deck lint "$(printf '%s/a\033[31mb.yaml' "$T")"
clean "messages about a file's name"
run deck fmt "$GATEDRILL_HOME/decks/hostile.yaml"
clean "fmt keeps escapes of YAML"
rm "$GATEDRILL_HOME/decks/hostile.yaml"

# -- decks that cannot be read do not stop the others
printf 'deck: broken\ntitle: [\n' | deck broken
run review
exits "a broken deck beside a good one" 0
like "the good one is asked" "$out" '^Card 1 of 1, One card, good/one\.$'
like "the broken one is said, with its place" "$err" '/broken\.yaml:[0-9]+:[0-9]+: '
run review -q
exits "quietly" 0
rm "$GATEDRILL_HOME/decks/broken.yaml"

# one name in two files
sed 's/Question one/Another question/' "$GATEDRILL_HOME/decks/good.yaml" | deck other
run deck list
exits "one name in two files" 0
like "both files are named" "$err" 'deck "good" is also in '
is "one of them counts" "$(printf '%s\n' "$out" | grep -c '^good ')" 1
rm "$GATEDRILL_HOME/decks/other.yaml"

# an alias bomb, a deep nest, a huge text
deck bomb <<-'EOD'
	a: &a [x, x, x, x, x, x, x, x, x, x]
	b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]
	c: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b]
	d: &d [*c, *c, *c, *c, *c, *c, *c, *c, *c, *c]
	e: &e [*d, *d, *d, *d, *d, *d, *d, *d, *d, *d]
	f: [*e, *e, *e, *e, *e, *e, *e, *e, *e, *e]
EOD
run deck lint "$GATEDRILL_HOME/decks/bomb.yaml"
exits "aliases of aliases" 4
awk 'BEGIN { for (i = 0; i < 20000; i++) printf "["; print "" }' >"$T/deep.yaml"
run deck lint "$T/deep.yaml"
exits "a deep nest" 4
awk 'BEGIN { print "deck: big\ntitle: Big\nformat: 1\ncards:\n- id: a\n  kind: basic\n  back: b\n  front: >-"; for (i = 0; i < 3000; i++) print "    a long line of words that fills the card" }' >"$T/big.yaml"
run deck lint "$T/big.yaml"
exits "a huge text" 4
like "a huge text is said" "$out" 'deck-too-long'
rm "$GATEDRILL_HOME/decks/bomb.yaml"
mkdir "$GATEDRILL_HOME/decks/folder.yaml"
ln -s "$T/nowhere" "$GATEDRILL_HOME/decks/dangling.yaml"
ln -s . "$GATEDRILL_HOME/decks/loop.yaml"
run review
exits "folders and dangling links among the decks" 0
like "the good one is still asked" "$out" '^Card 1 of 1, One card'

finish
