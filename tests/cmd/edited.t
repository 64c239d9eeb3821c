#!/bin/sh
# Decks that change between sessions: histories follow ids, bundled decks are decks like others.
# shellcheck disable=SC1091,SC2154 # lib.sh sets out, err and code
. "$(dirname "$0")/lib.sh"

cards() { # cards LINE...: the deck d with these cards
	{
		printf 'deck: d\ntitle: D\nformat: 1\ncards:\n'
		for line; do printf -- '- {%s}\n' "$line"; done
	} | deck d
}
answered() { # answered KEY: how many answers the card has
	gd deck show "$1" --json 2>/dev/null | sed -n 's/^  "reps": \([0-9]*\),$/\1/p'
}

cards 'id: a, kind: basic, front: Fa, back: Ba' 'id: b, kind: basic, front: Fb, back: Bb'
feed '\n4\n\n4\n\n' review
is "two answers" "$(answered d/a)$(answered d/b)" 11

cards 'id: a, kind: basic, front: Fa reworded, back: Ba' 'id: b, kind: basic, front: Fb, back: Bb'
is "reworded: the history stays" "$(answered d/a)" 1
run deck show d/a
like "reworded: the new words" "$out" '^Fa reworded$'

cards 'id: b, kind: basic, front: Fb, back: Bb'
run search id:a
is "removed: not found" "$out" ""
run deck list
like "removed: not counted" "$out" '^d +1 '
cards 'id: a, kind: basic, front: Fa, back: Ba' 'id: b, kind: basic, front: Fb, back: Bb'
is "back again: with its history" "$(answered d/a)" 1

cards 'id: new-a, kind: basic, front: Fa, back: Ba, was: a' 'id: b, kind: basic, front: Fb, back: Bb'
is "renamed: with its history" "$(answered d/new-a)" 1
cards 'id: new-a, kind: basic, front: Fa, back: Ba' 'id: b, kind: basic, front: Fb, back: Bb'
is "renamed for good" "$(answered d/new-a)" 1
cards 'id: other, kind: basic, front: Fa, back: Ba' 'id: b, kind: basic, front: Fb, back: Bb'
run deck list
like "renamed without was: a hint" "$err" 'note: .*was: new-a'
cards 'id: new-a, kind: basic, front: Fa, back: Ba' 'id: b, kind: basic, front: Fb, back: Bb'

printf 'deck: e\ntitle: E\nformat: 1\ncards:\n- {id: b, kind: basic, front: Fb, back: Bb}\n' | deck e
cards 'id: new-a, kind: basic, front: Fa, back: Ba'
is "moved: with its history" "$(answered e/b)" 1
rm "$GATEDRILL_HOME/decks/e.yaml"
run deck list
is "a file that is gone" "$(printf '%s\n' "$out" | grep -c '^e ')" 0
printf 'deck: e\ntitle: E\nformat: 1\ncards:\n- {id: b, kind: basic, front: Fb, back: Bb}\n' | deck e-again
is "and back under another name" "$(answered e/b)" 1

# a deck that breaks keeps the cards of its last good reading
printf 'deck: d\ntitle: [\n' | deck d
run search id:new-a
like "broken: the cards stay" "$out" '^d/new-a '
like "broken: it is said" "$err" '/d\.yaml:[0-9]+:[0-9]+: '
run deck list
like "broken: it is said again" "$err" '/d\.yaml:[0-9]+:[0-9]+: '
cards 'id: new-a, kind: basic, front: Fa, back: Ba'
run deck list
is "mended: nothing is said" "$err" ""

# -- a bundled deck, edited while it is studied
printf 'deck: bundled\ntitle: Bundled\nformat: 1\ncards:\n- {id: x, kind: basic, front: Fx, back: Bx}\n- {id: y, kind: basic, front: Fy, back: By}\n' \
	>"$GATEDRILL_SHARE/decks/bundled.yaml"
hold review deck:bundled
ok "a session asks" wait_for 'Card 1 of 2*'
printf 'deck: bundled\ntitle: Bundled\nformat: 1\ncards:\n- {id: x, kind: basic, front: Fx anew, back: Bx}\n' >"$GATEDRILL_SHARE/decks/bundled.yaml"
run deck list
exits "another program reads the new deck meanwhile" 0
printf '\n4\n' >&3
ok "the session goes on" wait_for '*Due again*'
printf '\n4\n\n' >&3
exec 3>&-
wait_for 'its end'
exec 4<&-
wait
is "the answer is kept" "$(answered bundled/x)" 1
run deck show bundled/x
like "and the new words are there" "$out" '^Fx anew$'

# an installed deck that cannot be written is edited in vain, and nothing is lost
run doctor
exits "the store is whole" 0

finish
