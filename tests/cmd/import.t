#!/bin/sh
# Cards of other programs in, on the command line: what is said, that a deck file is there whole or not at all, and that nothing is
# overwritten. What the readers of the formats do is asked in tests/unit/exchange.
. "$(dirname "$0")/lib.sh"

decks=$GATEDRILL_HOME/decks

# none NAME: no deck file was made, nor a part of one.
none() {
	is "$1" "$(find "$GATEDRILL_HOME" -name '*.yaml' -o -name '.gatedrill*')" ""
}

# -- what is asked for --------------------------------------------------------

run import
exits "without a file" 2
like "says what is missing" "$err" '^gatedrill: import takes files'
run import --format anki-txt "$T/x"
exits "an unknown format" 2
like "is there one like it" "$err" 'there is no format "anki-txt", did you mean "anki-text"\?'
printf 'Q: a\nA: b\n' >"$T/one.md"
run import --name 'Not a name' "$T/one.md"
exits "a name that is none" 2
run import --tags 'a,B' "$T/one.md"
exits "a tag that is none" 2
run import "$T/none.csv"
exits "a file that is not there" 1
like "is named" "$err" 'cannot open .*/none\.csv'
run import "$T"
exits "a folder" 1
printf 'what is this' >"$T/what"
run import "$T/what"
exits "a file of no kind" 4
like "asks for its format" "$err" '/what: error: .*--format'
none "nothing was written"

# -- a deck -------------------------------------------------------------------

run import --dry-run "$T/one.md"
exits "a dry run" 0
is "says what would come" "$out" "Would write $decks/one.yaml: 1 card, \"One\"."
none "writes nothing"
run import "$T/one.md"
exits "a file" 0
is "says what came" "$out" "Wrote $decks/one.yaml: 1 card, \"One\"."
cat >"$T/want" <<'EOD'
deck: one
title: One
format: 1
cards:
- id: a
  kind: basic
  front: a
  back: b
EOD
ok "the deck" cmp -s "$decks/one.yaml" "$T/want"
run import "$T/one.md"
exits "the same again" 0
like "does not overwrite" "$out" '^There is a deck one already, so this one is called one-2\.$'
ok "the first is as it was" cmp -s "$decks/one.yaml" "$T/want"
is "the second has its name inside" "$(head -1 "$decks/one-2.yaml")" "deck: one-2"
run deck list
like "both are decks" "$out" '^one-2 '
run import "$T/one.md" --name mine --title 'My deck' --tags a-tag,other
is "a name, a title and tags" "$(sed -n 1,4p "$decks/mine.yaml" | tr '\n' '|')" "deck: mine|title: My deck|format: 1|tags: [a-tag, other]|"
: >"$decks/taken.yaml"
run import "$T/one.md" --name taken
like "a file that is there is no name either" "$out" 'taken-2\.yaml'
rm "$decks/taken.yaml"
run import --json "$T/one.md"
json "a report as JSON"
like "with the number of cards" "$out" '"cards": 1'
run import -q "$T/one.md"
is "quiet has no warnings" "$err" ""
rm "$decks"/*

printf 'front,back\nonly front,\n"a, b",c\n' >"$T/plain.csv"
run import "$T/plain.csv"
exits "what cannot be carried is no failure" 0
like "is told with file and line" "$err" "^$T/plain\.csv:2:1: warning: left out: its answer is empty \[import-card\]\$"
like "and counted" "$out" '^1 record gave no card'
like "the others come" "$(cat "$decks/plain.yaml")" 'front: a, b$'
run deck lint "$decks"
exits "lint has no error" 0
run deck fmt --check "$decks/plain.yaml"
exits "fmt has nothing to do" 0
rm "$decks"/*

# -- bad input ----------------------------------------------------------------

# bad NAME FILE PATTERN: refused with exit 4, a message with its place, and nothing written.
bad() {
	run import "$2"
	exits "$1" 4
	like "$1: the message" "$err" "$3"
	none "$1: nothing written"
}
printf 'a,b\nc,"d\ne,f\n' >"$T/open.csv"
bad "a quote never closed" "$T/open.csv" '/open\.csv:2:3: error: the quote that opens here is never closed \[csv-open\]$'
printf 'a,b\nc,"d"e\n' >"$T/quote.csv"
bad "text behind a quote" "$T/quote.csv" '/quote\.csv:2:6: error: .*\[csv-quote\]$'
printf 'a,b\nc\000,d\n' >"$T/nul.csv"
bad "a NUL byte" "$T/nul.csv" '/nul\.csv:2:2: error: a NUL byte.*\[csv-nul\]$'
printf 'a,b\nc,caf\351\n' >"$T/latin.csv"
bad "another encoding" "$T/latin.csv" '/latin\.csv:2:6: error: the byte 0xE9 .*\[csv-utf8\]$'
printf '\377\376a\000,\000b\000' >"$T/utf16.csv"
bad "UTF-16" "$T/utf16.csv" '/utf16\.csv:1:1: error: .*UTF-16.*\[csv-utf8\]$'
printf '#separator:nothing\na\tb\n' >"$T/header.txt"
bad "a header that means nothing" "$T/header.txt" '/header\.txt:1:1: error: #separator cannot be "nothing" \[ankitext-value\]$'
printf '::q::What?{\n=a\n~b\n' >"$T/open.gift"
bad "a brace never closed" "$T/open.gift" '/open\.gift:1:11: error: .*never closed \[gift-open\]$'
printf '**Front:**\nf\n\n**Back:**\n\303(\n' >"$T/bytes.md"
bad "bytes in Markdown" "$T/bytes.md" '/bytes\.md:5:1: error: the byte 0xC3 .*\[import-utf8\]$'
printf '{"decks": [' >"$T/cut.json"
bad "JSON cut off" "$T/cut.json" '/cut\.json:1:12: error: .*\[json-syntax\]$'
: >"$T/empty.csv"
bad "an empty file" "$T/empty.csv" 'no card was found'
printf 'PK\003\004 and then nothing' >"$T/cut.apkg"
bad "a package cut off" "$T/cut.apkg" '/cut\.apkg: error: the package cannot be unpacked: .*\[import-zip\]$'
if truncate -s 2G "$T/large.csv" 2>/dev/null; then
	bad "two gigabytes" "$T/large.csv" '/large\.csv:1:1: error: a NUL byte'
	rm "$T/large.csv"
fi
{
	printf '"'
	head -c 3000000 /dev/zero | tr '\0' x
} >"$T/long.csv"
bad "a field without end" "$T/long.csv" '/long\.csv:1:1: error: this field has more than 1048576 bytes.*\[csv-too-long\]$'
run import "$T/one.md" "$T/open.csv"
exits "one good file and a bad one" 4
none "all or nothing"

cat >"$T/html.csv" <<'EOD'
"<b onclick=""x()"">q</b><script>alert(1)</script><style>b{}</style>","a<img src=x.png><a href=""javascript:x"">l</a>"
EOD
run import "$T/html.csv"
exits "HTML with scripts" 0
like "keeps the text" "$(cat "$decks/html.yaml")" '^  front: "\*\*q\*\*"$'
unlike "and no script" "$(cat "$decks/html.yaml")" 'alert|onclick|javascript|<'
like "pictures are counted" "$out" '^1 picture or sound was left out'
rm "$decks"/*

# -- decks of one name --------------------------------------------------------

printf '#separator:tab\n#deck column:3\na\tb\tAWS::Api\nc\td\tAWS Api\ne\tf\tAWS::Api\n' >"$T/names.txt"
run import "$T/names.txt"
exits "two decks of one slug" 0
like "have two names" "$out" "Wrote $decks/aws-api-2\.yaml: 1 card, \"AWS Api\"\.\$"
like "and their cards" "$out" "Wrote $decks/aws-api\.yaml: 2 cards, \"AWS: Api\"\.\$"
rm "$decks"/*
run import --name one "$T/names.txt"
exits "one name for two decks" 2
none "is none"

# -- one's own export ---------------------------------------------------------

cp "$root"/decks/rest-and-websocket.yaml "$decks/mine.yaml"
sed -i 's/^deck: .*/deck: mine/' "$decks/mine.yaml"
gd export -q -o "$T/all.json"
for form in all.apkg all.csv all.tsv all.md all.json; do
	gd export -q -o "$T/$form"
	mkdir -p "$T/other/decks"
	GATEDRILL_HOME=$T/other run import "$T/$form"
	exits "$form comes back" 0
	is "$form: says so alone" "$err" ""
	GATEDRILL_HOME=$T/other run export -q -o "$T/back.json"
	ok "$form is what it was" test "$(grep -v '"made"' "$T/back.json")" = "$(grep -v '"made"' "$T/all.json")"
	rm -r "$T/other"
done

# -- history ------------------------------------------------------------------

one_card known
feed '\n3\n' --plain review deck:known
run export -q --progress deck:known -o "$T/known.apkg"
run export -q --progress deck:known -o "$T/known.json"
for form in known.apkg known.json; do
	mkdir -p "$T/other/decks"
	GATEDRILL_HOME=$T/other run import --dry-run --history "$T/$form"
	like "$form: what would be logged" "$out" '^1 answer of the history would be logged\.$'
	GATEDRILL_HOME=$T/other run import --history "$T/$form"
	exits "$form with its history" 0
	like "$form: how much" "$out" '^1 answer of the history was logged\.$'
	GATEDRILL_HOME=$T/other run search --json deck:known
	there=$out
	run search --json deck:known
	is "$form: the card stands where it stood" "$(printf '%s' "$there" | grep -v '"file"')" "$(printf '%s' "$out" | grep -v '"file"')"
	GATEDRILL_HOME=$T/other run doctor
	exits "$form: the store is sound" 0
	rm -r "$T/other"
done

finish
