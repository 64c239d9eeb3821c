#!/bin/sh
# Every bundled deck is without errors and without warnings.
set -u
count=0
for deck in decks/*.yaml; do
	count=$((count + 1))
	if found=$("$GATEDRILL" deck lint "$deck" 2>/dev/null) && [ -z "$found" ]; then
		echo "ok $count - $deck"
	else
		echo "not ok $count - $deck"
		echo "$found" | sed 's/^/# /'
	fi
done
echo "1..$count"
