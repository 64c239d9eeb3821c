#!/usr/bin/env python3
"""What Anki itself writes is read: its own library makes a collection, exports it in every form it has, and each comes in as the same
decks. And what we exported comes back through Anki as it was, or as it was edited there.

It runs with the Python that $ANKI_PYTHON names, which has the package `anki` from PyPI; without that library it is skipped. The
present is the system's, since Anki asks no other clock and refuses what comes from the future.
"""
import datetime
import json
import os
import shutil
import subprocess
import sys
import tempfile

PYTHON = os.environ.get("ANKI_PYTHON")
if PYTHON and "JUDGE" not in os.environ:
    os.execve(PYTHON, [PYTHON, *sys.argv], {**os.environ, "JUDGE": "1"})
try:
    from anki.collection import (Collection, ExportAnkiPackageOptions, ImportAnkiPackageOptions, ImportAnkiPackageRequest,
                                 ImportCsvRequest)
    from anki.consts import QUEUE_TYPE_SUSPENDED
    from anki.scheduler.v3 import CardAnswer
except ImportError:
    print("1..0 # SKIP the anki library is not here: pip install anki, and name that Python in ANKI_PYTHON")
    sys.exit(0)

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
WORK = tempfile.mkdtemp()
NOW = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)

results = []


def check(name, ok, *said):
    results.append(ok)
    print("%s %d - %s" % ("ok" if ok else "not ok", len(results), name))
    if not ok:
        for line in said:
            print("# %.600s" % (line,))


def same(name, got, want):
    check(name, got == want, "got  %r" % (got,), "want %r" % (want,))


def path(name):
    return os.path.join(WORK, name)


def gatedrill(home, *args, share=None):
    env = {**os.environ, "GATEDRILL_HOME": path(home), "GATEDRILL_SHARE": share or path("empty"), "TZ": "UTC"}
    command = [os.environ["GATEDRILL"], "--now", NOW.strftime("%Y-%m-%dT%H:%M:%SZ"), "--seed", "1", *args]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


homes = [0]


def imported(file, *args):
    """The decks a file becomes, by slug; its progress; what was said."""
    homes[0] += 1
    home = "home%d" % homes[0]
    code, out, err = gatedrill(home, "import", file, *args)
    if code:
        return {}, {}, "exit %d: %s%s" % (code, out, err)
    lint = gatedrill(home, "deck", "lint", "-q", os.path.join(path(home), "decks"))
    fmt = gatedrill(home, "deck", "fmt", "--check", *(os.path.join(path(home), "decks", f) for f in
                                                      os.listdir(os.path.join(path(home), "decks"))))
    if lint[0] or fmt[0]:
        return {}, {}, "lint %d fmt %d: %s%s" % (lint[0], fmt[0], lint[1], fmt[1])
    all_ = path(home + ".json")
    gatedrill(home, "export", "--progress", "-q", "-o", all_)
    with open(all_, encoding="utf-8") as f:
        data = json.load(f)
    return {d["deck"]: d for d in data["decks"]}, {p["card"]: p for p in data["progress"]}, out + err


# ---- a collection of Anki's own ------------------------------------------------------------------


def add(col, notetype, deck, fields, tags=()):
    note = col.new_note(col.models.by_name(notetype))
    note.fields[: len(fields)] = fields
    note.tags = list(tags)
    col.add_note(note, col.decks.id(deck))
    return note


def own_notetype(col):
    models = col.models
    kind = models.new("Capital")
    for name in ("Country", "Capital", "Remark"):
        models.add_field(kind, models.new_field(name))
    for name, question, answer in (
            ("Ask", "Capital of <b>{{Country}}</b>?", "{{FrontSide}}<hr id=answer>{{Capital}}{{#Remark}}<br><br>{{Remark}}{{/Remark}}"),
            ("Back", "Which country has {{Capital}}?", "{{FrontSide}}\n\n<hr id=answer>\n\n{{Country}}")):
        template = models.new_template(name)
        template["qfmt"], template["afmt"] = question, answer
        models.add_template(kind, template)
    models.add(kind)


def make(name):
    col = Collection(path(name + ".anki2"))
    col.set_config("fsrs", True)
    own_notetype(col)
    with open(path("pic.png"), "wb") as f:
        f.write(b"\x89PNG\r\n\x1a\n")
    picture = col.media.add_file(path("pic.png"))
    add(col, "Basic", "AWS::API", ["What is <b>this</b> &amp; that?", "A list:<ul><li>one</li><li>two</li></ul>"], ["Big::Tag", "x"])
    add(col, "Basic", "AWS::API", ["Lines<br>and<div>blocks</div>", "<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table>"])
    add(col, "Basic (and reversed card)", "AWS::API", ["left", "right"])
    add(col, "Basic (optional reversed card)", "AWS::API", ["one", "two", "y"])
    add(col, "Basic (optional reversed card)", "AWS::API", ["three", "four", ""])
    add(col, "Basic (type in the answer)", "AWS::API", ["2 + 2 (four)?", "four (4)"])
    add(col, "Cloze", "AWS::API", ["A {{c1::hole::a hint}} and {{c2::<i>two</i>}}, {{c1::again}}", "More."])
    add(col, "Capital", "Other", ["France", "Paris", "Since 987"])
    add(col, "Basic", "Other", ["Picture <img src=\"%s\">" % picture, "sound [sound:a.mp3] and <a href=\"https://example.org/a_b\">link</a>"])
    add(col, "Basic", "Other", ["<script>alert(1)</script>1. *stars* _and_ `code`", "&lt;b&gt; 1 &lt; 2"])
    return col


API = [
    {"kind": "basic", "tags": ["big-tag", "x"], "front": "What is **this** & that?", "back": "A list:\n\n- one\n- two"},
    {"kind": "basic", "front": "Lines\\\nand\\\nblocks", "back": "| a | b |\n| --- | --- |\n| 1 | 2 |"},
    {"kind": "reversed", "front": "left", "back": "right"},
    {"kind": "reversed", "front": "one", "back": "two"},
    {"kind": "basic", "front": "three", "back": "four"},
    {"kind": "typed", "question": "2 + 2 (four)?", "accept": ["four \\(4\\)"], "show": "four (4)"},
    {"kind": "cloze", "text": "A {{c1::hole::a hint}} and {{c2::*two*}}, {{c1::again}}", "why": "More."},
]
CAPITAL = [
    {"kind": "basic", "front": "Capital of **France**?", "back": "Paris\n\nSince 987"},
    {"kind": "basic", "front": "Which country has Paris?", "back": "France"},
]
CAPITAL_TEXT = [{"kind": "basic", "front": "France", "back": "Paris\n\nSince 987"}]
OTHER = [
    {"kind": "basic", "front": "Picture", "back": "sound and [link](https://example.org/a_b)"},
    {"kind": "basic", "front": "1\\. \\*stars\\* \\_and\\_ \\`code\\`", "back": "\\<b> 1 < 2"},
]


def without_ids(deck):
    return [{k: v for k, v in c.items() if k != "id"} for c in deck["cards"]]


def judge(name, file, capital=CAPITAL, media=True):
    decks, _, said = imported(file)
    same(name + ": decks", sorted((s, d["title"]) for s, d in decks.items()), [("aws-api", "AWS: API"), ("other", "Other")])
    if len(decks) != 2:
        check(name + ": " + said, False)
        return
    same(name + ": cards of the stock note types", without_ids(decks["aws-api"]), API)
    same(name + ": other cards", without_ids(decks["other"]), capital + OTHER)
    same(name + ": ids", [c["id"] for c in decks["aws-api"]["cards"]][:3], ["what-is-this-that", "lines", "left"])
    check(name + ": media are counted", ("left out: cards are text" in said) == media, said)


def export_forms(col):
    """name -> file, in every form this Anki writes."""
    files = {}
    for name, legacy in (("apkg of now", False), ("apkg of before", True)):
        files[name] = path("%s.apkg" % ("old" if legacy else "new"))
        col.export_anki_package(out_path=files[name], limit=None,
                                options=ExportAnkiPackageOptions(with_scheduling=True, with_deck_configs=True, with_media=True,
                                                                 legacy=legacy))
    files["text"] = path("notes.txt")
    col.export_note_csv(out_path=files["text"], limit=None, with_html=True, with_tags=True, with_deck=True, with_notetype=True,
                        with_guid=True)
    return files


def export_collection(col, legacy):
    file = path("collection-%s.colpkg" % ("old" if legacy else "new"))
    col.export_collection_package(file, include_media=True, legacy=legacy)
    return file


def judge_forms():
    col = make("own")
    files = export_forms(col)
    for name in ("apkg of now", "apkg of before"):
        judge(name, files[name])
    judge("text", files["text"], CAPITAL_TEXT)
    plain = path("plain.txt")
    col.export_note_csv(out_path=plain, limit=None, with_html=False, with_tags=False, with_deck=False, with_notetype=False,
                        with_guid=False)
    decks, _, said = imported(plain, "--name", "plain")
    same("bare text: one card a note", len(decks.get("plain", {"cards": []})["cards"]), 10)
    judge("colpkg of now", export_collection(col, False))
    col.reopen()
    judge("colpkg of before", export_collection(col, True))


# ---- history -------------------------------------------------------------------------------------


def answer(col, ratings):
    """Answer the cards that come with these ratings, one each."""
    done = []
    for rating in ratings:
        queued = col.sched.get_queued_cards(fetch_limit=1)
        if not queued.cards:
            break
        card = col.get_card(queued.cards[0].card.id)
        card.start_timer()
        col.sched.answer_card(col.sched.build_answer(card=card, states=queued.cards[0].states, rating=rating))
        done.append(card.id)
    return done


def judge_history():
    col = make("studied")
    col.decks.select(col.decks.id("AWS::API"))
    answer(col, [CardAnswer.EASY, CardAnswer.GOOD, CardAnswer.AGAIN, CardAnswer.EASY])
    ids = col.find_cards("is:new")
    col.sched.suspend_cards(ids[-1:])
    col.set_user_flag_for_cards(3, ids[-2:-1])
    reviews = col.db.scalar("select count(*) from revlog")
    anki = dict(col.db.all("select id, reps from cards where reps > 0"))
    states = [col.get_card(cid).memory_state for cid in anki]
    memory = sorted((round(m.stability, 2), round(m.difficulty, 2)) for m in states)
    for name, file in export_forms(col).items():
        if name == "text":
            continue
        decks, progress, said = imported(file, "--history")
        check(name + ": the history", "%d answers of the history were logged" % reviews in said, said)
        logged = [p for p in progress.values() if p["reviews"]]
        same(name + ": answers a card", sorted(p["reviews"] for p in logged), sorted(anki.values()))
        # Two programs, one model. Due days differ by the fuzz of each.
        got = sorted((round(p["stability"], 2), round(p["difficulty"], 2)) for p in logged)
        check(name + ": memory", memory and got == memory, got, memory)
        same(name + ": suspended", sum(p.get("suspended", False) for p in progress.values()), 1)
        same(name + ": flags", sorted(p["flag"] for p in progress.values() if p.get("flag")), [3])
        decks, progress, said = imported(file)
        same(name + ": none unless asked for", progress, {})
    col.close()


# ---- ours, through Anki --------------------------------------------------------------------------


def bundled():
    """All bundled decks as a text file, a package and JSON."""
    for name in ("ours.csv", "ours.apkg", "ours.json"):
        gatedrill("ours", "export", "-q", "-o", path(name), share=ROOT)
    with open(path("ours.json"), encoding="utf-8") as f:
        return {d["deck"]: d for d in json.load(f)["decks"]}


def take_text(col, file):
    col.import_csv(ImportCsvRequest(path=file, metadata=col.get_csv_metadata(path=file, delimiter=None)))


def take_package(col, file):
    options = ImportAnkiPackageOptions(merge_notetypes=True, with_scheduling=False, with_deck_configs=False)
    col.import_anki_package(ImportAnkiPackageRequest(package_path=file, options=options))


def differences(got, want):
    out = ["deck %s" % s for s in sorted(set(got) ^ set(want))]
    for slug in sorted(set(got) & set(want)):
        mine, theirs = ({**d[slug], "cards": None} for d in (got, want))
        out += ["%s: %s" % (slug, k) for k in mine if mine[k] != theirs.get(k)]
        a, b = ({c["id"]: c for c in d[slug]["cards"]} for d in (got, want))
        if list(a) != list(b):
            out.append("%s: ids %s" % (slug, sorted(set(a) ^ set(b))[:5] or "in another order"))
        out += ["%s/%s: %s" % (slug, i, [k for k in b[i] if a[i].get(k) != b[i][k]] + [k for k in a[i] if k not in b[i]])
                for i in b if i in a and a[i] != b[i]]
    return out


def judge_ours():
    want = bundled()
    for form, take, file in (("text", take_text, "ours.csv"), ("a package", take_package, "ours.apkg")):
        col = Collection(path("ours-%s.anki2" % form.split()[-1]))
        take(col, path(file))
        for name, back in export_forms(col).items():
            decks, _, said = imported(back)
            same("%s of ours, back as %s" % (form, name), differences(decks, want)[:5], [])
            check("%s of ours, back as %s: nothing was edited" % (form, name), "edited" not in said, said)
        col.close()


# ---- edited there --------------------------------------------------------------------------------

DECK = """deck: edits
title: Edits
format: 1
tags: [deck-tag]
sources:
  page: {title: A page, url: "https://example.com/", checked: 2026-11-18}
cards:
- {id: plain, kind: basic, tags: [own], front: How long?, back: Ten minutes., hint: Short., why: Because., source: page}
- {id: still, kind: basic, front: "*Not* touched", back: "`code`"}
- {id: both, kind: reversed, front: left, back: right, why: The reason.}
- {id: holes, kind: cloze, text: "A {{c1::hole}} here"}
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
  question: Which one?
  options:
  - {text: A right one, right: true, why: It is right.}
  - {text: A wrong one, why: It is wrong.}
  - {text: Another, why: So is this.}
- id: pairs
  kind: matching
  question: Match them.
  pairs:
  - {left: One, right: Right 1}
  - {left: Two, right: Right 2}
- {id: steps, kind: ordering, question: In which order?, items: [First, Second, Third]}
- {id: word, kind: typed, question: What is it called?, accept: ['a ?p ?i'], show: API}
"""

EDITS = [  # card, field, old HTML, new HTML
    ("plain", 0, "How long?", "How <b>very</b> long?"),
    ("both", 1, "right", "to the right"),
    ("holes", 0, "hole}}", "deep hole}}"),
    ("grid", 1, "2a", "2a, new"),
    ("said", 1, "False", "True"),
    ("pick", 0, "Another", "Quite another"),
    ("pairs", 1, "Right 2", "Right two"),
    ("steps", 1, "Second", "The second"),
    ("word", 1, "API", "an API"),
]


def edited(want):
    cards = {c["id"]: c for c in want["edits"]["cards"]}
    cards["plain"]["front"] = "How **very** long?"
    cards["plain"]["tags"] = ["own", "from-anki"]
    cards["both"]["back"] = "to the right"
    cards["holes"]["text"] = "A {{c1::deep hole}} here"
    cards["grid"]["rows"]["two"][1] = "2a, new"
    cards["said"]["answer"] = "true"
    cards["pick"]["options"][2]["text"] = "Quite another"
    cards["pairs"]["pairs"][1]["right"] = "Right two"
    cards["steps"]["items"][1] = "The second"
    cards["word"]["accept"], cards["word"]["show"] = ["an API"], "an API"
    return want


def judge_edits():
    os.makedirs(path("edits/decks"))
    with open(path("edits/decks/edits.yaml"), "w", encoding="utf-8") as f:
        f.write(DECK)
    for name in ("edits.csv", "edits.apkg", "edits.json"):
        gatedrill("edits", "export", "-q", "-o", path(name))
    for form, take, file in (("text", take_text, "edits.csv"), ("a package", take_package, "edits.apkg")):
        with open(path("edits.json"), encoding="utf-8") as f:
            want = edited({d["deck"]: d for d in json.load(f)["decks"]})
        col = Collection(path("edits-%s.anki2" % form.split()[-1]))
        take(col, path(file))
        for card, field, old, new in EDITS:
            note = col.get_note(col.db.scalar("select id from notes where guid = ?", "gd-edits/" + card))
            comment = note.fields[field].find("<!-- gatedrill")
            seen = note.fields[field] if comment < 0 else note.fields[field][:comment]
            assert old in seen, (card, seen)
            note.fields[field] = seen.replace(old, new, 1) + ("" if comment < 0 else note.fields[field][comment:])
            if card == "plain":
                note.tags = note.tags + ["From::Anki"]
            col.update_note(note)
        for name, back in export_forms(col).items():
            decks, _, said = imported(back)
            same("%s edited in Anki, back as %s" % (form, name), differences(decks, want)[:8], [])
            check("%s edited in Anki, back as %s: it is told" % (form, name), "%d notes had been edited" % len(EDITS) in said, said)
        col.close()


def main():
    os.makedirs(path("empty/decks"))
    try:
        judge_forms()
        judge_history()
        judge_ours()
        judge_edits()
    finally:
        shutil.rmtree(WORK, ignore_errors=True)
    print("1..%d" % len(results))
    sys.exit(not all(results))


main()
