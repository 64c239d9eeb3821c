#!/bin/sh
# Cards out to other programs, on the command line: which format, which cards, what is said, and that a file is there whole or not
# at all. What Anki makes of the files is asked in tests/anki.
. "$(dirname "$0")/lib.sh"

cat >"$GATEDRILL_HOME/decks/small.yaml" <<'EOD'
deck: small
title: "Small: a deck"
about: One of each.
format: 1
exam: {dva-c02: "1.1"}
tags: [deck-tag]
sources:
  page: {title: "A \"page\" & more", url: "https://example.com/?a=1&b=2", checked: 2026-11-18}
  unused: {title: Unused, url: "https://example.com/unused"}
cards:
- id: plain
  kind: basic
  tags: [own-tag]
  front: "=cmd() <b>bold</b> & \"quoted\", `code`"
  back: |-
    - one
    - two

    -- three {{c1::no hole}} -->
  hint: A hint.
  why: Because.
  lore: They say so.
  source: page
- {id: both, kind: reversed, front: "#left", back: "**right**", why: The reason.}
- {id: holes, kind: cloze, text: "Path {{c1::${stage.fn}}} and {{c3::two::a hint}}, {{c1::`x`}}"}
- id: grid
  kind: table
  title: A grid
  columns: {a: Alpha, b: Beta}
  rows:
    one: [First, 1a, 1b]
    two: [Second, 2a, 2b]
  ask: cell
- {id: said, kind: truefalse, statement: It is so., answer: false, why: It is not.}
- id: pick
  kind: choice
  question: Which ones?
  choose: 2
  options:
  - {text: A right one, right: true, why: It is right.}
  - {text: "A wrong one: {~}", why: It is wrong.}
  - {text: Another right one, right: true, why: So is this.}
- id: pairs
  kind: matching
  question: Match them.
  pairs:
  - {left: Left -> one, right: Right 1}
  - {left: Two, right: Right 2}
  decoys: [Neither]
- {id: steps, kind: ordering, question: In which order?, items: [First, Second, Third]}
- {id: word, kind: typed, question: What is it called?, accept: ['a ?p ?i', plain], show: API}
EOD

# -- what is asked for --------------------------------------------------------

run export
exits "without a file" 2
like "says what is missing" "$err" '^gatedrill: export needs a file'
run export -o "$T/cards.xyz"
exits "a name that tells nothing" 2
like "asks for the format" "$err" 'cards\.xyz does not tell the format; say it with --format$'
run export -o -
exits "standard output without a format" 2
run export --format anki-cvs -o "$T/x"
exits "an unknown format" 2
like "is there one like it" "$err" 'there is no format "anki-cvs", did you mean "anki-csv"\?'
run export 'colour:red' -o "$T/x.csv"
exits "a query that makes no sense" 2
run export tag:nowhere -o "$T/x.csv"
exits "no card" 1
like "says so" "$err" 'no card matches, so nothing was written'
for bad in '--split -o x.apkg' '--cells -o x.json' '--progress -o x.csv' '--notetype Basic=B -o x.json' '--notetype Basic -o x.csv' \
	'--notetype Simple=S -o x.csv' '--split --format anki-csv -o -'; do
	# shellcheck disable=SC2086 # words
	run export $bad
	exits "export $bad" 2
done
ok "nothing was written" test ! -e x.csv -a ! -e x.apkg -a ! -e x.json -a ! -e "$T/x.csv"
run export -o "$T/no/such/cards.csv"
exits "a folder that is not there" 1
like "names the file" "$err" 'cannot write .*/no/such/cards.csv: No such file'
mkdir "$T/folder"
run export --format json -o "$T/folder"
exits "a folder" 1

# -- formats ------------------------------------------------------------------

# golden NAME FORMAT ARG...: what is written is what tests/golden/export holds.
golden() {
	_file=$1
	_format=$2
	shift 2
	code=0
	out=$(gd export --format "$_format" -o - "$@" 2>"$T/.err") || code=$?
	err=$(cat "$T/.err")
	if [ -n "${UPDATE-}" ]; then
		printf '%s\n' "$out" >"$root/tests/golden/export/$_file"
	fi
	if printf '%s\n' "$out" | cmp -s - "$root/tests/golden/export/$_file"; then
		pass "$_file"
	else
		fail "$_file"
		printf '%s\n' "$out" | diff "$root/tests/golden/export/$_file" - | sed 's/^/# /' | head -40
	fi
}
golden small.csv anki-csv
golden small.tsv anki-tsv
golden cells.csv anki-csv --cells id:grid
golden names.csv anki-csv --notetype Basic=Einfach --notetype 'Cloze = Lückentext' kind:cloze or kind:basic
golden small.json json
golden small.md markdown
golden small.gift gift
golden plain.csv csv-plain
like "advice goes where it is in no one's way" "$err" 'spreadsheets'

run export -o "$T/small.csv"
exits "into a file" 0
like "says which" "$out" '^Wrote .*/small\.csv\.$'
like "says how much" "$out" '^9 cards as 9 notes\.$'
like "says what to do" "$out" '^In Anki: File > Import'
gd export --format anki-csv -o - 2>/dev/null >"$T/piped.csv"
ok "the same as on standard output" cmp -s "$T/piped.csv" "$T/small.csv"
run export --json -o "$T/small.csv"
json "a report as JSON"
like "with the number of notes" "$out" '"notes": 9'
run export -q -o "$T/small.csv"
is "quiet" "$out$err" ""
run export -o "$T/small.gift"
like "what a format cannot hold is told" "$out" '^Left out: 1 cloze card, which gift cannot hold\.$'

run export --split -o "$T/split.csv"
is "a file per note type" "$(cd "$T" && echo split*)" "split-basic.csv split-cloze.csv split-reversed.csv"
like "its note type" "$(cat "$T/split-cloze.csv")" '^#notetype:Cloze$'
unlike "no column of note types" "$(cat "$T/split-cloze.csv")" '^#notetype column'

chmod 600 "$T/small.csv"
run export -o "$T/small.csv"
is "a file that is replaced keeps its mode" "$(stat -c %a "$T/small.csv")" 600
ln -s small.csv "$T/link.csv"
run export -o "$T/link.csv"
ok "a link stays one" test -L "$T/link.csv"

# -- packages -----------------------------------------------------------------

feed '\n3\n\n1\n\n4\n:q\n' --plain review
at 2026-11-21T10:00:00Z
run export --progress -o "$T/small.apkg"
exits "a package" 0
like "with what was answered" "$out" '^9 cards as 9 notes, with 3 reviews\.$'
run export --progress --format json -o "$T/progress.json"
exits "progress as JSON" 0
cat >"$T/look.py" <<'EOD'
import json, os, sqlite3, sys, zipfile
folder = sys.argv[1]
z = zipfile.ZipFile(os.path.join(folder, sys.argv[2]))
assert z.testzip() is None
print("members", *sorted(z.namelist()))
print("media", z.read("media").decode())
z.extract("collection.anki2", folder)
db = sqlite3.connect(os.path.join(folder, "collection.anki2"))
print("check", db.execute("pragma integrity_check").fetchone()[0])
ver, conf, models, decks = db.execute("select ver, conf, models, decks from col").fetchone()
print("schema", ver, json.loads(conf)["schedVer"])
print("types", *sorted(m["name"] for m in json.loads(models).values()), sep="|")
print("decks", *sorted(d["name"] for d in json.loads(decks).values()), sep="|")
for guid, fields, cards in db.execute(
        "select guid, flds, (select group_concat(ord) from (select ord from cards where nid = notes.id order by ord)) from notes order by id"):
    print("note", guid, len(fields.split("\x1f")), cards)
print("reviews", db.execute("select count(*), min(ease), max(ease) from revlog").fetchone())
print("tags", db.execute("select tags from notes where guid = 'gd-small/plain'").fetchone()[0])
print("states", *sorted(db.execute("select type, count(*) from cards group by type")))
EOD
if command -v python3 >/dev/null 2>&1; then
	out=$(python3 "$T/look.py" "$T" small.apkg 2>&1)
	is "what the package holds" "$out" "$(cat "$root/tests/golden/export/package.txt")"
	[ -z "${UPDATE-}" ] || printf '%s\n' "$out" >"$root/tests/golden/export/package.txt"
	gd export --format apkg -o - >"$T/piped.apkg" 2>/dev/null
	is "the same on standard output" "$(python3 "$T/look.py" "$T" piped.apkg 2>&1 | grep -c ^note)" 9
	cat >"$T/valid.py" <<'EOD'
import json, sys
import jsonschema
from referencing import Registry, Resource
load = lambda path: json.load(open(path, encoding="utf-8"))
root = sys.argv[1] + "/data/schema/"
registry = Registry().with_resource("deck.schema.json", Resource.from_contents(load(root + "deck.schema.json")))
checker = jsonschema.Draft202012Validator(load(root + "export.schema.json"), registry=registry)
checker.check_schema(checker.schema)
for path in sys.argv[2:]:
    print([e.message for e in checker.iter_errors(load(path))])
EOD
	if python3 -c 'import jsonschema, referencing' 2>/dev/null; then
		gd export -q -o "$T/small.json"
		is "JSON as its schema says" "$(python3 "$T/valid.py" "$root" "$T/small.json" "$T/progress.json" 2>&1 | tr -d '\n')" "[][]"
	fi
fi
feed '\n3\n:q\n' --plain review id:grid
run export --progress -o "$T/tables.apkg"
like "progress that one note cannot hold is told" "$out" '^The progress of 1 table was left out'
run export --progress --cells -o "$T/tables.apkg"
unlike "a note per cell can" "$out" 'was left out'
like "with its review" "$out" 'with 4 reviews'
is "no file is left beside" "$(find "$T" -name '.gatedrill-*')" ""

# -- interrupted --------------------------------------------------------------

# The pipe is full before the first hundred cards are through, so the signal comes in the middle.
cp "$root"/decks/*.yaml "$GATEDRILL_HOME/decks/"
mkfifo "$T/pipe"
"$GATEDRILL" --now "$now" export --format anki-csv -o "$T/pipe" >"$T/.out" 2>"$T/.err" &
pid=$!
exec 5<"$T/pipe"
dd bs=1 count=1 <&5 >/dev/null 2>&1
kill -TERM "$pid"
cat <&5 >"$T/rest"
code=0
wait "$pid" || code=$?
exec 5<&-
err=$(cat "$T/.err")
exits "interrupted" 130
like "says so" "$err" 'stopped; nothing was written'
unlike "not all was written" "$(tail -c 3000000 "$T/rest")" '^gd-websocket-api/'
finish
