#!/bin/sh
# Every fault of the bundled drills can be made: cases are drawn until each has come, and none is without its evidence.
# shellcheck disable=SC1091,SC2034,SC2154 # lib.sh sets T, root and more
. "$(dirname "$0")/lib.sh"
export GATEDRILL_SHARE="$root" T GATEDRILL

run lab --list # reads the decks, once for all
exits "all drills can be read" 0

# names FILE: the ids of its faults, one a line.
names() {
	sed -n '/^faults:/,$s/^- id: *//p' "$1" | sort
}

# As many cases as make it all but certain that each fault comes, in runs side by side; the seeds are always the same.
for file in "$root"/data/drills/*.yaml; do
	for seed in 1 2 3 4 5 6 7 8; do
		echo "$(basename "$file" .yaml) $(names "$file" | wc -l) $seed"
	done
done >"$T/runs"
xargs -P 4 -n 3 sh -c '
	"$GATEDRILL" lab --drill "$2" "$1" --seed "$3" --json >"$T/$1.$3" 2>"$T/$1.$3.err" </dev/null
	echo $? >"$T/$1.$3.code"' draw <"$T/runs"

while read -r drill _ seed; do
	code=$(cat "$T/$drill.$seed.code") out='' err=$(cat "$T/$drill.$seed.err")
	if [ "$code$err" = 0 ]; then pass "$drill, seed $seed"; else fail "$drill, seed $seed"; fi
done <"$T/runs"
for file in "$root"/data/drills/*.yaml; do
	drill=$(basename "$file" .yaml)
	cat "$T/$drill".[0-9] | grep -o '"fault":"[^"]*"' | sed 's/.*:"//; s/"//' | sort -u >"$T/drawn"
	is "$drill: every fault" "$(cat "$T/drawn")" "$(names "$file")"
done

finish
