#!/bin/sh
# The manual pages: what comes from the program's tables is current, the rest is well-formed, and every deck in them loads.
# shellcheck disable=SC1091,SC2154 # lib.sh sets out, err and code
. "$(dirname "$0")/lib.sh"

for part in commands flags keys line-commands quiz-commands exam-commands result-commands lab-commands settings query deck-keys exam-keys matrix-keys tree-keys lab-keys prices-keys lint stack-keys builtins; do
	run help --mdoc "$part"
	exits "--mdoc $part" 0
	like "--mdoc $part prints macros" "$out" '^\.'
	ok "some page has $part" grep -q "^\\.\\\\\" begin generated: $part\$" "$root"/man/*.[157]
done
out=$(sh "$root/tests/gen-man.sh" --check 2>&1)
is "the generated parts are current" "$out" ""

for page in gatedrill.1 gatedrill-api.5 gatedrill-deck.5 gatedrill-exam.5 gatedrill-lab.5 gatedrill-tree.5 gatedrill-export.7 gatedrill-gateway.7 gatedrill-keys.7; do
	if command -v mandoc >/dev/null 2>&1; then
		out=$(mandoc -T lint -W warning "$root/man/$page")
		is "$page is well-formed" "$out" ""
	else
		skip "$page is well-formed" "no mandoc"
	fi
done

# displays PAGE FOLDER: its literal displays, each a file.
displays() {
	mkdir "$2"
	awk -v folder="$2" '
		/^\.Bd -literal/ { file = folder "/" ++n ".yaml"; next }
		/^\.Ed/ { file = "" }
		file { gsub(/\\\(aq/, "\047"); gsub(/\\e/, "\\"); print > file }' "$root/man/$1"
}

# Every literal display of the page about decks is a deck.
displays gatedrill-deck.5 "$T/decks"
blocks=$(find "$T/decks" -name '[0-9]*.yaml' | wc -l | tr -d ' ')
ok "there are decks in it" test "$blocks" -gt 9
is "each says that it is one" "$(head -qn1 "$T"/decks/[0-9]*.yaml | sort -u)" "# complete deck"
run deck lint "$T"/decks/[0-9]*.yaml
exits "all load" 0
is "and nothing is to be said of them" "$out" ""
run deck fmt --check "$T"/decks/[0-9]*.yaml
exits "all are in canonical layout" 0
for kind in basic reversed cloze table truefalse choice matching ordering typed; do
	like "an example of $kind" "$(cat "$T"/decks/[0-9]*.yaml)" "^  kind: $kind\$"
done

# Those of the page about exams are blueprints.
displays gatedrill-exam.5 "$T/exams"
is "each says that it is a blueprint" "$(head -qn1 "$T"/exams/[0-9]*.yaml | sort -u)" "# complete exam"
run deck lint "$T/exams"
exits "all blueprints load" 0
is "and nothing is to be said of them either" "$out" ""
like "all were read" "$err" '^3 files, '

# Those of the page about trees are a matrix and a tree that is proved against it.
displays gatedrill-tree.5 "$T/trees"
is "each says what it is" "$(head -qn1 "$T"/trees/[0-9]*.yaml | sort -u | tr '\n' ' ')" "# complete matrix # complete tree "
run deck lint "$T/trees"
exits "both load, and the tree holds" 0
is "and nothing is to be said of them" "$out" ""
like "the two were read" "$err" '^2 files, '

# Those of the pages about APIs are files, named in their first line.
named_displays() {
	displays "$1" "$2"
	for file in "$2"/[0-9]*.yaml; do
		name=$(sed -n '1s/^# //p' "$file")
		mkdir -p "$2/$(dirname "$name")"
		mv "$file" "$2/$name"
	done
}
named_displays gatedrill-api.5 "$T/apis"
is "they are stacks and OpenAPI files" "$(cd "$T/apis" && echo *)" "pets.openapi.yaml pets.yaml shop.openapi.yaml shop.yaml tokens.openapi.yaml"
run gateway check "$T/apis/shop.yaml" "$T/apis/pets.yaml"
exits "all are served" 0
is "and nothing is to be said of them" "$out$err" ""
run gateway check "$T/apis/shop.openapi.yaml" "$T/apis/pets.openapi.yaml"
exits "an OpenAPI file is served on its own" 0
run gateway check "$T/apis/tokens.openapi.yaml"
exits "so is one with tokens" 0
named_displays gatedrill-gateway.7 "$T/guarded"
is "the other page has a stack" "$(cd "$T/guarded" && echo *)" "guarded.openapi.yaml guarded.yaml"
run gateway check "$T/guarded/guarded.yaml"
exits "it is served" 0
is "and nothing is to be said of it" "$out$err" ""

# Those of the page about labs are a lab, proofs and a drill with their folders, and a price list.
named_displays gatedrill-lab.5 "$T/hands"
is "they are files and folders" "$(cd "$T/hands" && find . -name '*.yaml' | sort | tr '\n' ' ')" "./drills/first-faults.yaml \
./drills/first-faults/shop.openapi.yaml ./drills/first-faults/shop.yaml ./labs/first-key.yaml ./labs/first-key/shop.openapi.yaml \
./labs/first-key/shop.yaml ./prices.yaml ./proofs/first-caches.yaml ./proofs/first-caches/shop.openapi.yaml ./proofs/first-caches/shop.yaml "
at 2026-11-27T10:00:00Z
run deck lint "$T/hands"
exits "all load" 0
is "and nothing is to be said of them" "$out" ""
like "and of the definitions that they serve" "$err" '^10 files, '

# What the page about the program says of exit statuses and files is what there is.
for status in 0 1 2 3 4 130; do
	ok "exit status $status is documented" grep -q "^\\.It $status\$" "$root/man/gatedrill.1"
done
for variable in GATEDRILL_HOME GATEDRILL_SHARE XDG_DATA_HOME XDG_CONFIG_HOME NO_COLOR TERM COLUMNS; do
	ok "$variable is documented" grep -q "^\\.It Ev $variable" "$root/man/gatedrill.1"
done

finish
