#!/bin/sh
# Bundled decks and data are without errors and without warnings, on the day on which they were last gone through.
set -u
count=0
now=2026-11-27T12:00:00Z

# clean NAME PATH...
clean()
{
	count=$((count + 1))
	name=$1
	shift
	if found=$("$GATEDRILL" --now "$now" deck lint "$@" 2>/dev/null) && [ -z "$found" ]; then
		echo "ok $count - $name"
	else
		echo "not ok $count - $name"
		echo "$found" | sed 's/^/# /'
	fi
}

for deck in decks/*.yaml; do
	clean "$deck" "$deck"
done
clean "data" data
clean "all, and the cards that trees name" decks data
echo "1..$count"
