#!/bin/sh
# Every bundled lab is carried out: its model solution meets all goals, and its requests without its edits do not.
# shellcheck disable=SC1091,SC2154 # lib.sh sets T, root and more
. "$(dirname "$0")/lib.sh"
export GATEDRILL_SHARE="$root" T

# Functions that call the program have little memory: with sanitizers it does not run in it, so that the one built without stands in.
calling=
for program in "$GATEDRILL" "$root/${BUILD:-build}/release/gatedrill"; do
	if sh -c '(ulimit -d 131072 && exec "$0" --version); exit $?' "$program" >/dev/null 2>&1; then
		calling=$program
		break
	fi
done

# judge LAB FLAG: by the exit status, and by what is said.
judge() {
	out=$(cat "$T/$1.$2")
	err=$(cat "$T/$1.$2.err")
	code=$(cat "$T/$1.$2.code")
	passed=false
	[ "$2" = --check ] || passed=true
	case $code$out$err in
	*Sanitizer* | *'runtime error:'*) fail "$1 $2" ;;
	0*'"passed":'$passed*) pass "$1 $2" ;;
	*) fail "$1 $2" ;;
	esac
}

run lab --list # reads the decks, once for all
exits "all labs can be read" 0
is "without a word" "$err" ""
places=$(grep -h '^place: ' "$root"/data/labs/*.yaml | sed 's/.*: //' | sort -n | tr '\n' ' ')
set -- "$root"/data/labs/*.yaml
is "each has a place of its own" "$places" "$(seq -s ' ' $#) "
first=$(grep -l '^place: 1$' "$root"/data/labs/*.yaml)
like "and the list is in that order" "$(printf '%s\n' "$out" | sed -n 2p)" "^$(basename "$first" .yaml) "

for file in "$root"/data/labs/*.yaml; do
	lab=$(basename "$file" .yaml)
	program=$GATEDRILL
	if grep -rqF '"$GATEDRILL"' "${file%.yaml}"; then
		program=$calling
	fi
	if [ -n "$program" ]; then
		printf '%s %s --solution\n%s %s --check\n' "$program" "$lab" "$program" "$lab" >>"$T/trials"
	else
		skip "$lab" "its functions call the program, which does not run in their memory with sanitizers"
	fi
done

# Most of the time goes by with waiting.
xargs -P 6 -n 3 sh -c '
	"$1" lab "$2" "$3" --json >"$T/$2.$3" 2>"$T/$2.$3.err" </dev/null
	echo $? >"$T/$2.$3.code"' trial <"$T/trials"

while read -r program lab flag; do
	judge "$lab" "$flag"
done <"$T/trials"

finish
