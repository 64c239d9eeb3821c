#!/bin/sh
# A session that is disturbed: commands in between, undo over sessions, lines that make no sense, two at a time, no disk, no reader.
# shellcheck disable=SC1091,SC2154 # lib.sh sets out, err and code
. "$(dirname "$0")/lib.sh"
every_kind

rows() {
	run stats --json
	printf '%s\n' "$out" | sed -n 's/.*"answers": \([0-9]*\),$/\1/p' | head -1
}

# -- commands
feed ':q\n' review
like "a newcomer is told of the commands" "$out" ':help lists them, :quit ends\.$'
feed '\n3\n:q\n' review
feed ':q\n' review
unlike "others are not" "$out" ':quit ends'
fresh
feed ':help\n:q\n' review
for command in undo redo bury suspend flag leech reset due edit source card hint reveal help quit; do
	like ":$command is listed" "$out" "^:$command .*or :. "
done
fits "the list fits 80 columns" "$out"
feed 'b\n:q\n' review
like "bury" "$out" '^Buried until tomorrow\.$'
like "the next card" "$out" '^Card 1 of 9, Every kind, kinds/reversed'
run search is:buried
like "buried" "$out" '^kinds/basic '
fresh
feed 's\n:undo\n:q\n' review
like "suspend" "$out" '^Suspended; :undo takes it back\.'
like "undone at once" "$out" '^Undone: suspend on kinds/basic\.$'
is "the card is back" "$(printf '%s\n' "$out" | grep -c '^Card 1 of 10, Every kind, kinds/basic\.$')" 2
feed ':flag 2\n:flag 9\n:flag\nf 0\n!\n!\n:due x\n:q\n' review
like "a flag" "$out" '^Flag 2\.$'
is "no flag" "$(printf '%s\n' "$out" | grep -c '^:flag takes a number from 0 to 7')" 2
like "flag 0" "$out" '^No flag\.$'
like "a leech" "$out" '^Marked as a leech\.$'
like "no leech" "$out" '^No leech any more\.$'
like ":due takes days" "$out" '^:due takes a number'
feed ':due 3\n:q\n' review
like "due" "$out" '^Due in 3 days\.$'
run search prop:due=3
like "due in three days" "$out" '^kinds/basic '
fresh
feed 'o\nc\nh\n:reveal\n:q\n' review
like "sources" "$out" '^A source: https://example\.org/$'
is "the question again" "$(printf '%s\n' "$out" | grep -c '^Basic front?$')" 2
like "a hint" "$out" '^A hint\.$'
like "the answer" "$out" '^Basic back\.$'
feed ':xyzzy\n:q\n' review
like "an unknown command" "$out" '^There is no such command; :help lists them\.$'
feed 'q\n:q\n' review id:truefalse
like "a letter is an answer where there are answers" "$out" '^Answer true or false\.$'
like "and how to give a command is said" "$out" '^Commands begin with a colon here'

# -- an editor
cat >"$T/editor" <<-'EOD'
	#!/bin/sh
	echo "$1" >"$T/edited-at"
	sed 's/Basic front?/New front?/' "$2" >"$T/new" && cat "$T/new" >"$2"
EOD
chmod +x "$T/editor"
export T EDITOR="$T/editor"
feed ':edit\n:q\n' review
like "edited" "$out" '^The decks are loaded again\.$'
like "the card as edited" "$out" '^New front\?$'
is "the editor was sent to its line" "$(cat "$T/edited-at")" "+9"
every_kind
export EDITOR=/no/such/editor
feed ':edit\n:q\n' review
like "no editor" "$err" 'gatedrill config editor'
export EDITOR=false
feed ':edit\n:q\n' review
like "an editor that fails" "$err" 'did not end well'
unset EDITOR

# -- undo
fresh
feed '\n3\n:q\n' review
is "one answer" "$(rows)" 1
feed ':undo\n:redo\n:undo\n\n4\n:q\n' review
like "undo of an earlier session" "$out" '^Undone: good on kinds/basic\.$'
like "redo" "$out" '^Done again: good on kinds/basic\.$'
like "and another answer" "$out" '^Due again in [0-9]+ days'
is "still one answer counts" "$(rows)" 1
run deck show kinds/basic
like "nothing was erased" "$out" '  good \(undone\)$'
fresh
feed ':undo\n:redo\n:q\n' review
like "nothing to undo" "$out" '^There is nothing to undo\.$'
like "nothing to do again" "$out" '^There is nothing to do again\.$'
feed '\n4\nu\n\n1\n:q\n' review id:basic
like "undo after the last card" "$out" '^Undone: easy on kinds/basic\.$'
like "one answer counts" "$out" '^1 card, 0 kept, 1 lost\.$'
feed '\n4\nx\nb\n\n' review id:reversed
like "at the end: no answer" "$out" '^Enter, or a command; :help lists them\.$'
like "at the end: no card" "$out" '^There is no card in front of you\.$'

# -- lines that make no sense
fresh
feed "$(printf 'x\\n%.0s' 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19)"'f\n\n:q\n' review id:truefalse
exits "nineteen bad lines" 0
feed "$(printf 'x\\n%.0s' 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20)"'f\n\n:q\n' review id:truefalse
exits "twenty bad lines" 2
like "twenty bad lines are said" "$err" '20 lines in a row made no sense'
awk 'BEGIN { for (i = 0; i < 100000; i++) printf "x"; print ""; print ":q" }' >"$T/wide"
code=0
out=$(gd review id:typed <"$T/wide" 2>&1) || code=$?
exits "a long line" 0
like "a long line is an answer" "$out" '^Wrong\.$'
code=0
out=$(head -c 100000 /dev/zero | gd review id:typed 2>&1) || code=$?
ok "zeros end" test "$code" -lt 3
feed '29\000s\n\n\n' review id:typed
ok "a zero in a line" test "$code" -lt 3
feed '\377\376\n\n:q\n' review id:typed
like "bytes that are no text" "$out" '^Wrong\.$'
feed '\r\n3\r\n\r\n' review id:basic
like "CRLF from a script" "$out" '^Due again'
fresh
feed '\n3' review
like "a last line without an end" "$out" '^Due again'
is "is kept" "$(rows)" 1

# -- two sessions
fresh
run search typed # makes the store
hold review
holder=$!
ok "a session asks" wait_for 'Card*'
run review
exits "a second session" 1
like "says whose the store is" "$err" "^gatedrill: another gatedrill \\(process $holder\\) is studying; end it first\\. Its store: .*study\\.db\$"
is "and nothing else" "$out" ""
run search kind:typed
exits "searching works meanwhile" 0
run stats
exits "so do statistics" 0
run search kind:typed --do flag=1
exits "changing does not" 1
run doctor --rebuild
exits "rebuilding does not" 1
printf '\n3\n:q\n' >&3
exec 3>&-
ok "the first session goes on" wait_for '*Due again*'
wait_for 'its end'
exec 4<&-
wait "$holder"
is "it ended well" "$?" 0
is "its answer is kept" "$(rows)" 1
feed ':q\n' review
exits "then there is room again" 0

# a session killed while it asks
hold review
holder=$!
printf '\n3\n' >&3
ok "a session has kept an answer" wait_for '*Due again*'
kill -9 "$holder"
exec 3>&- 4<&-
wait "$holder" 2>/dev/null
is "what was confirmed is kept" "$(rows)" 2
feed ':q\n' review
exits "and nothing is locked" 0

# -- no disk: files may not grow over so many blocks, of 512 or 1024 bytes as the shell has it
for blocks in 32 200 400; do
	fresh
	run search typed # makes the store
	code=0
	out=$(
		ulimit -f $blocks
		awk 'BEGIN { for (i = 0; i < 200; i++) print ":g\n1" }' | gd review 2>"$T/.err"
	) || code=$?
	err=$(cat "$T/.err")
	exits "a full disk at $blocks" 1
	like "a full disk is said, and what to make of it ($blocks)" "$err" '^gatedrill: the disk is full'
	is "what was said to be kept is kept, and no more ($blocks)" "$(rows)" "$(printf '%s\n' "$out" | grep -c '^Due again')"
	run doctor
	exits "the store is whole ($blocks)" 0
done

# -- no reader
code=0
(gd review <"$T/wide" 2>"$T/.err" || echo $? >"$T/status") | :
is "a closed pipe says nothing" "$(cat "$T/.err")" ""
if [ -w /dev/full ]; then
	code=0
	gd deck list >/dev/full 2>"$T/.err" || code=$?
	exits "output that cannot be written" 1
	like "is said" "$(cat "$T/.err")" '^gatedrill: the output could not be written: '
	before=$(rows)
	code=0
	printf '\n3\n\n3\n' | gd review >/dev/full 2>"$T/.err" || code=$?
	exits "a review nobody can read" 1
	is "takes no answers" "$(rows)" "$before"
else
	skip "output that cannot be written" "no /dev/full"
fi
code=0
gd deck list >&- 2>"$T/.err" || code=$?
exits "closed output" 1

finish
