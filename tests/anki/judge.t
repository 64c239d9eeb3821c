#!/usr/bin/env python3
"""Anki itself reads what is exported: its own library imports text files and packages of all bundled decks into fresh collections.

It runs with the Python that $ANKI_PYTHON names, which has the package `anki` from PyPI; without that library it is skipped. The
present is the system's, since Anki asks no other clock and refuses what comes from the future.
"""
import csv
import datetime
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

PYTHON = os.environ.get("ANKI_PYTHON")
if PYTHON and "JUDGE" not in os.environ:
    os.execve(PYTHON, [PYTHON, *sys.argv], {**os.environ, "JUDGE": "1"})
try:
    from anki.collection import Collection, ImportAnkiPackageOptions, ImportAnkiPackageRequest, ImportCsvRequest
except ImportError:
    print("1..0 # SKIP the anki library is not here: pip install anki, and name that Python in ANKI_PYTHON")
    sys.exit(0)

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
WORK = tempfile.mkdtemp()
HOME = os.path.join(WORK, "home")
NOW = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
COMMENT = re.compile(r"<!-- gatedrill \{.*?\} -->", re.S)

results = []


def check(name, ok, *said):
    results.append(ok)
    print("%s %d - %s" % ("ok" if ok else "not ok", len(results), name))
    if not ok:
        for line in said:
            print("# %.400s" % (line,))


def same(name, got, want):
    check(name, got == want, "got  %r" % (got,), "want %r" % (want,))


def gatedrill(*args, feed="", now=NOW, home=HOME):
    env = {**os.environ, "GATEDRILL_HOME": home, "GATEDRILL_SHARE": ROOT, "TZ": "UTC"}
    command = [os.environ["GATEDRILL"], "--now", now.strftime("%Y-%m-%dT%H:%M:%SZ"), "--seed", "1", *args]
    done = subprocess.run(command, input=feed, env=env, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 3):
        raise RuntimeError("%s: %s" % (command, done.stderr))
    return done.stdout


def path(name):
    return os.path.join(WORK, name)


def export(name, *args, **more):
    gatedrill("export", "-o", path(name), *args, **more)
    return path(name)


def collection(name):
    return Collection(path(name + ".anki2"))


def read_text(col, file):
    return col.import_csv(ImportCsvRequest(path=file, metadata=col.get_csv_metadata(path=file, delimiter=None))).log


def read_package(col, file, progress=False):
    options = ImportAnkiPackageOptions(merge_notetypes=True, with_scheduling=progress, with_deck_configs=False)
    return col.import_anki_package(ImportAnkiPackageRequest(package_path=file, options=options)).log


def counts(log):
    """New, updated, unchanged, and what Anki left out for any reason."""
    left_out = sum(len(x) for x in (log.conflicting, log.missing_notetype, log.missing_deck, log.empty_first_field))
    return len(log.new), len(log.updated), len(log.duplicate) + len(log.first_field_match), left_out


def notes_of(col):
    return {note.guid: note for note in map(col.get_note, col.find_notes(""))}


def holes(text):
    return sorted({int(n) for n in re.findall(r"\{\{c(\d+)::", text)})


# ---- what there is -------------------------------------------------------------------------------


def wanted():
    """guid of each card -> the card and its deck, from the export of everything."""
    with open(export("all.json"), encoding="utf-8") as f:
        decks = json.load(f)["decks"]
    return {"gd-%s/%s" % (deck["deck"], card["id"]): (deck, card) for deck in decks for card in deck["cards"]}


def as_list(value):
    return value if isinstance(value, list) else [value] if value else []


def tags_of(deck, card):
    tasks = {**deck.get("exam", {}), **card.get("exam", {})}
    exam = {"%s::%s" % (name, task) for name, list_ in tasks.items() for task in as_list(list_)}
    return set(as_list(card.get("tags"))) | set(as_list(deck.get("tags"))) | exam


def cards_of(card):
    return {"reversed": [0, 1], "cloze": [n - 1 for n in holes(card.get("text", ""))]}.get(card["kind"], [0])


# ---- text files ----------------------------------------------------------------------------------


def rows_of(file, separator):
    with open(file, encoding="utf-8", newline="") as f:
        lines = f.read()
    head = re.match(r"(#.*\n)+", lines).group(0)
    return head, list(csv.reader(lines[len(head):].splitlines(keepends=True), delimiter=separator))


def judge_text(name, separator, cards):
    file = export(name)
    _, rows = rows_of(file, separator)
    col = collection(name)
    same(name + ": every card is a new note", counts(read_text(col, file)), (len(cards), 0, 0, 0))
    same(name + ": notes", col.note_count(), len(cards))
    same(name + ": cards", col.card_count(), sum(len(cards_of(card)) for _, card in cards.values()))
    same(name + ": a second import changes nothing", counts(read_text(col, file)), (0, 0, len(cards), 0))
    notes = notes_of(col)
    same(name + ": guids", sorted(notes), sorted(cards))
    same(name + ": fields", [row[0] for row in rows if notes[row[0]].fields[:2] != row[3:5]], [])
    same(name + ": note types", [row[0] for row in rows if notes[row[0]].note_type()["name"] != row[1]], [])
    same(name + ": tags", [guid for guid, (deck, card) in cards.items() if set(notes[guid].tags) != tags_of(deck, card)], [])
    same(name + ": decks", [row[0] for row in rows
                            if {col.decks.name(c.did) for c in notes[row[0]].cards()} != {row[2]}], [])
    same(name + ": cards of each note", [guid for guid, (_, card) in cards.items()
                                         if sorted(c.ord for c in notes[guid].cards()) != sorted(cards_of(card))], [])
    same(name + ": integrity", col.fix_integrity()[1], True)
    col.close()


def judge_split(cards):
    file = export("split.csv", "--split")
    col = collection("split")
    new = [counts(read_text(col, file[:-4] + "-%s.csv" % word))[0] for word in ("basic", "reversed", "cloze")]
    same("--split: three files, together everything", (sum(new), min(new) > 0), (len(cards), True))
    col.close()


def judge_names(cards):
    col = collection("names")
    for old, new in (("Basic", "Einfach"), ("Basic (and reversed card)", "Einfach (beide Richtungen)"), ("Cloze", "Lückentext")):
        notetype = col.models.by_name(old)
        notetype["name"] = new
        col.models.update_dict(notetype)
    file = export("names.csv", "--notetype", "Basic=Einfach", "--notetype", "Cloze=Lückentext",
                  "--notetype", "Basic (and reversed card)=Einfach (beide Richtungen)")
    same("--notetype: an Anki of another language", counts(read_text(col, file)), (len(cards), 0, 0, 0))
    col.close()


def judge_cells(cards):
    cells = sum(len(card["rows"]) * (len(card["columns"])) if card["kind"] == "table" else 1 for _, card in cards.values())
    for name, read in (("cells.csv", read_text), ("cells.apkg", read_package)):
        col = collection(name)
        same(name + ": a note for each cell", counts(read(col, export(name, "--cells"))), (cells, 0, 0, 0))
        col.close()


# ---- packages ------------------------------------------------------------------------------------


def judge_package(cards):
    file = export("all.apkg")
    col = collection("package")
    same("package: every card is a new note", counts(read_package(col, file)), (len(cards), 0, 0, 0))
    same("package: cards", col.card_count(), sum(len(cards_of(card)) for _, card in cards.values()))
    same("package: a second import changes nothing", counts(read_package(col, file)), (0, 0, len(cards), 0))
    same("package: so does a later export of the same decks",
         counts(read_package(col, export("later.apkg", now=NOW + datetime.timedelta(minutes=5)))), (0, 0, len(cards), 0))
    notes = notes_of(col)
    same("package: guids", sorted(notes), sorted(cards))
    same("package: tags", [guid for guid, (deck, card) in cards.items() if set(notes[guid].tags) != tags_of(deck, card)], [])
    names = {x.name for x in col.models.all_names_and_ids() if x.name.startswith("gatedrill ")}
    same("package: note types", names, {"gatedrill " + x for x in ("Basic", "Reversed", "Cloze", "Typed")})
    same("package: decks below one", {col.decks.name(c.did).split("::")[0] for n in notes.values() for c in n.cards()}, {"gatedrill"})
    same("package: cards of each note", [guid for guid, (_, card) in cards.items()
                                         if sorted(c.ord for c in notes[guid].cards()) != sorted(cards_of(card))], [])
    same("package: the id is the last field", [guid for guid, note in notes.items()
                                               if COMMENT.sub("", note.fields[-1]) != guid[3:]], [])
    same("package: night mode", [x for x in names if ".nightMode" not in col.models.by_name(x)["css"]], [])
    judge_rendered(col, notes)
    same("package: integrity", col.fix_integrity()[1], True)
    col.close()


def judge_rendered(col, notes):
    bad = []
    for guid, note in notes.items():
        for card in note.cards():
            shown = card.render_output(browser=False)
            question, answer = COMMENT.sub("", shown.question_text), COMMENT.sub("", shown.answer_text)
            if not question.strip() or "{{c" in question or "gatedrill {" in answer or len(answer) < len(question) / 4:
                bad.append((guid, question, answer))
    same("package: every card can be shown", bad, [])


# ---- changes and progress ------------------------------------------------------------------------

OWN = """deck: judged
title: Judged
format: 1
cards:
- {id: one, kind: basic, front: First front, back: Back}
- {id: two, kind: basic, front: Second front, back: Back}
"""


def write_own(home, text, when):
    os.makedirs(os.path.join(home, "decks"), exist_ok=True)
    file = os.path.join(home, "decks", "judged.yaml")
    with open(file, "w", encoding="utf-8") as f:
        f.write(text)
    os.utime(file, (when.timestamp(), when.timestamp()))


def judge_edit():
    home = path("edit")
    earlier = NOW - datetime.timedelta(hours=2)
    write_own(home, OWN, earlier)
    # A text file updates the notes that differ, a package all notes of a deck that changed.
    for name, read, want in (("edit.csv", read_text, (0, 1, 1, 0)), ("edit.apkg", read_package, (0, 2, 0, 0))):
        write_own(home, OWN, earlier)
        col = collection(name)
        read(col, export(name, "deck:judged", home=home))
        write_own(home, OWN.replace("First front", "Another front"), earlier + datetime.timedelta(hours=1))
        same(name + ": an edited card updates", counts(read(col, export(name, "deck:judged", home=home))), want)
        fronts = {guid: note.fields[0] for guid, note in notes_of(col).items()}
        same(name + ": its new text", fronts, {"gd-judged/one": "Another front", "gd-judged/two": "Second front"})
        same(name + ": no card was added", col.card_count(), 2)
        col.close()


def study():
    """Three days of answers, of every grade."""
    for days, feed in ((12, "\n3\n\n4\n\n3\n\n1\n\n3\n"), (11, "\n3\n\n3\n\n2\n\n3\n"), (4, "\n3\n\n1\n\n4\n\n3\n")):
        gatedrill("--plain", "review", "kind:basic", "--new", "6", feed=feed + ":q\n", now=NOW - datetime.timedelta(days=days))
    gatedrill("search", "kind:cloze deck:caching", "--do", "suspend")
    gatedrill("search", "kind:typed deck:caching", "--do", "flag=3")


def due_date(col, card):
    """Of a card that waits for a day."""
    return (NOW.date() if NOW.hour >= 4 else NOW.date() - datetime.timedelta(days=1)) + datetime.timedelta(days=card.due - col.sched.today)


def judge_progress():
    study()
    with open(export("progress.json", "--progress"), encoding="utf-8") as f:
        progress = {"gd-" + x["card"]: x for x in json.load(f)["progress"]}
    col = collection("progress")
    col.set_config("fsrs", True)
    log = read_package(col, export("progress.apkg", "--progress"), progress=True)
    notes = notes_of(col)
    reviewed = {guid: x for guid, x in progress.items() if x["state"] == "review"}
    check("--progress: cards were studied", len(reviewed) >= 3, progress)
    same("--progress: nothing is left out", counts(log)[3], 0)
    cards = {guid: notes[guid].cards()[0] for guid in reviewed}
    same("--progress: due dates", {g: str(due_date(col, c)) for g, c in cards.items()}, {g: x["due"] for g, x in reviewed.items()})
    same("--progress: intervals", {g: c.ivl for g, c in cards.items()}, {g: x["interval"] for g, x in reviewed.items()})
    same("--progress: lapses and reviews", {g: (c.lapses, c.reps) for g, c in cards.items()},
         {g: (x["lapses"], x["reviews"]) for g, x in reviewed.items()})
    same("--progress: memory", [g for g, c in cards.items() if not c.memory_state
                                or abs(c.memory_state.stability - reviewed[g]["stability"]) > 0.001
                                or abs(c.memory_state.difficulty - reviewed[g]["difficulty"]) > 0.001], [])
    answers = sum(1 for x in progress.values() for row in x["log"] if row["what"] == "answer")
    same("--progress: the review log", col.db.scalar("select count() from revlog where type < 4"), answers)
    same("--progress: suspended", set(col.find_notes("is:suspended")),
         {n.id for g, n in notes.items() if g.startswith("gd-caching/") and n.note_type()["name"] == "gatedrill Cloze"})
    same("--progress: flags", set(col.find_notes("flag:3")),
         {n.id for g, n in notes.items() if g.startswith("gd-caching/") and n.note_type()["name"] == "gatedrill Typed"})
    same("--progress: integrity", col.fix_integrity()[1], True)
    col.close()


def main():
    cards = wanted()
    check("there are cards of every kind", {card["kind"] for _, card in cards.values()} == {
        "basic", "reversed", "cloze", "table", "truefalse", "choice", "matching", "ordering", "typed"})
    judge_text("all.csv", ",", cards)
    judge_text("all.tsv", "\t", cards)
    judge_split(cards)
    judge_names(cards)
    judge_cells(cards)
    judge_package(cards)
    judge_edit()
    judge_progress()
    print("1..%d" % len(results))
    return 0 if all(results) else 1


try:
    CODE = main()
finally:
    shutil.rmtree(WORK)
sys.exit(CODE)
