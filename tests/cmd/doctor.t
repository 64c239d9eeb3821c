#!/bin/sh
# gatedrill doctor, and stores that are damaged, newer, foreign or out of reach.
# shellcheck disable=SC1091,SC2154 # lib.sh sets out, err and code
. "$(dirname "$0")/lib.sh"
every_kind
store=$GATEDRILL_HOME/study.db

# answers: some, so that there is something to lose
answers() {
	fresh
	feed '\n3\n\n4\n\n1\n:q\n' review
}
rows() {
	run stats --json
	printf '%s\n' "$out" | sed -n 's/.*"answers": \([0-9]*\),$/\1/p' | head -1
}

# -- all is well
run doctor
exits "on a fresh machine" 0
unlike "nothing is wrong" "$out" PROBLEM
like "says where decks are" "$out" "^own decks +$GATEDRILL_HOME/decks\$"
like "the store is whole" "$out" '^store check +whole'
run doctor --json
exits "doctor --json" 0
json "doctor --json is JSON"
answers
run doctor
exits "after a session" 0
like "states and log agree" "$out" '^card states +13, as the review log says \(3 rows\)'
like "a copy was made" "$out" '^last backup +2026-11-20$'
ok "it is there" test -s "$GATEDRILL_HOME/backups/study-2026-11-20.db"
printf 'deck: x\n' >"$GATEDRILL_HOME/decks/x.yaml"
run doctor
exits "a bad deck file" 1
like "a bad deck file is said" "$out" '^deck files +PROBLEM: 2, of which 1 cannot be read'
rm "$GATEDRILL_HOME/decks/x.yaml"
mv "$GATEDRILL_SHARE/decks" "$GATEDRILL_SHARE/gone"
run doctor
exits "no bundled decks" 1
like "no bundled decks is said" "$out" '^bundled decks +PROBLEM'
mv "$GATEDRILL_SHARE/gone" "$GATEDRILL_SHARE/decks"

# -- copies
run doctor --backup "$T/copy.db"
exits "--backup" 0
run doctor --backup "$T/copy.db"
exits "--backup never overwrites" 1
like "--backup says so" "$err" 'exists'
run doctor --backup "$T/no/such/folder/copy.db"
exits "--backup into nowhere" 1
feed '\n3\n:q\n' review
is "four answers" "$(rows)" 4
run doctor --restore "$T/copy.db"
exits "--restore" 0
like "--restore says what it kept" "$out" 'study\.db\.before-restore'
is "three answers again" "$(rows)" 3
run doctor --db "$store.before-restore"
exits "the one before is whole" 0
run doctor --restore "$T/missing.db"
exits "--restore what" 1
like "--restore what: where to look" "$err" "there is no file .*missing\.db; copies are kept in .*backups"
printf 'not a store' >"$T/text.db"
run doctor --restore "$T/text.db"
exits "--restore something else" 1
is "then nothing changes" "$(rows)" 3
hold review
wait_for 'Card*'
run doctor --restore "$T/copy.db"
exits "--restore while a session is open" 1
run doctor --backup "$T/copy2.db"
exits "--backup while a session is open" 0
exec 3>&-
wait_for 'its end'
exec 4<&-
wait

# ten copies are kept, one a day
for day in 01 02 03 04 05 06 07 08 09 10 11 12; do
	at "2026-12-${day}T10:00:00Z"
	feed '\n3\n:q\n' review --cram id:basic
done
at 2026-11-20T10:00:00Z
is "ten copies are kept" "$(find "$GATEDRILL_HOME/backups" -name "*.db" | wc -l | tr -d " ")" 10
ok "the newest" test -s "$GATEDRILL_HOME/backups/study-2026-12-12.db"

# -- states that are not what the log says
answers
if command -v sqlite3 >/dev/null 2>&1; then
	state=$(sqlite3 "$store" .tables | tr ' ' '\n' | grep -x state)
	is "there is a table of states" "$state" state
	sqlite3 "$store" 'UPDATE state SET reps = 99 WHERE reps > 0'
	run doctor
	exits "states that differ" 1
	like "differing states are said" "$out" '^card states +PROBLEM: 3 of 13 differ .*--rebuild'
	run doctor --rebuild
	exits "--rebuild" 0
	like "--rebuild says what it did" "$out" '^3 rows of the log read, 13 cards derived, 3 were not'
	run doctor
	exits "then all is well" 0
	sqlite3 "$store" 'PRAGMA user_version = 99' >/dev/null
	before=$(cksum <"$store")
	run doctor
	is "doctor says it once" "$(printf '%s\n%s\n' "$out" "$err" | grep -c 'made by a later')" 1
	for command in review 'search basic' stats 'deck list' '' doctor 'doctor --rebuild'; do
		# shellcheck disable=SC2086
		run $command
		exits "a newer store: gatedrill $command" 1
		like "a newer store is said: gatedrill $command" "$out$err" 'made by a later gatedrill'
	done
	is "a newer store is left alone" "$(cksum <"$store")" "$before"
	rm -f "$T/other.db"
	sqlite3 "$T/other.db" 'CREATE TABLE mine (a); INSERT INTO mine VALUES (1)'
	before=$(cksum <"$T/other.db")
	run review --db "$T/other.db"
	exits "a database of another program" 1
	like "another program's is said" "$err" 'not a gatedrill store'
	is "another program's is left alone" "$(cksum <"$T/other.db")" "$before"
else
	skip "stores changed by hand" "no sqlite3"
fi

# -- files that are no stores
run review --db "$T/text.db"
exits "a text file" 1
like "a text file is said" "$err" '^gatedrill: .*not a gatedrill store'
is "a text file is left alone" "$(cat "$T/text.db")" "not a store"
run review --db "$T"
exits "a folder" 1
run stats --db "$T/new/deep/study.db"
exits "a store is made where it is wanted" 0

# damage at FROM BLOCKS: zeros over some blocks of 512 bytes
damage() {
	dd if=/dev/zero of="$store" bs=512 seek="$1" count="$2" conv=notrunc 2>/dev/null
}
for at in '0 1' '1 7' '8 40' '20 100'; do
	answers
	# shellcheck disable=SC2086
	damage $at
	run doctor
	exits "zeros at $at" 1
	like "damage at $at is said" "$out$err" 'damaged|not a gatedrill store|PROBLEM'
	feed '\n3\n:q\n' review
	ok "a review of it does not crash ($at)" test "$code" -le 3
done
answers
head -c 5000 "$store" >"$T/half" && cat "$T/half" >"$store"
rm -f "$store-wal" "$store-shm"
run doctor
exits "half a store" 1
run doctor --restore "$GATEDRILL_HOME/backups/study-2026-11-20.db"
exits "a damaged store is replaced" 0
is "with the day's answers" "$(rows)" 3
ok "the damaged one is kept" test -s "$store.before-restore"

# -- out of reach
if [ "$(id -u)" = 0 ]; then
	skip "a folder that cannot be written" "root writes anywhere"
else
	answers
	chmod a-w "$GATEDRILL_HOME" "$store"
	run search typed
	exits "searching in a read-only folder" 0
	run review
	exits "no review without writing" 1
	like "read-only is said" "$err" 'cannot be written'
	chmod u+w "$GATEDRILL_HOME" "$store"
fi

finish
