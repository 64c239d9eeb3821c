#!/bin/sh
# What cards name as their proof is run: the trace that decides is there. A card whose answer the simulator does not show is wrong,
# or the simulator is.
# shellcheck disable=SC1091,SC2034,SC2154 # lib.sh sets T, root and more
. "$(dirname "$0")/lib.sh"
export GATEDRILL_SHARE="$root" T GATEDRILL

run lab --list # reads the decks, once for all
exits "all labs can be read" 0

grep -rhoE '^ *proof: *[a-z0-9-]+/[a-z0-9-]+' "$root/decks" | sed 's/.*: *//' | sort -u >"$T/names"
ok "cards name proofs" test -s "$T/names"

# prove NAME: "met", or all that is known.
# shellcheck disable=SC2016 # for the shell that xargs starts
xargs -P 4 -n 1 sh -c '
	file=$T/$(echo "$1" | tr / .)
	"$GATEDRILL" lab "$1" --json >"$file" 2>&1 </dev/null && grep -q "\"met\":true" "$file" && echo met >"$file"
	exit 0' prove <"$T/names"

while read -r name; do
	out=$(head -c 2000 "$T/$(echo "$name" | tr / .)")
	err= # for fail
	if [ "$out" = met ]; then pass "$name"; else fail "$name"; fi
done <"$T/names"

finish
