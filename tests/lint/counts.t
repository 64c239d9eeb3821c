#!/usr/bin/env python3
"""Decks and labs are as many as they are meant to be: cards, choices, kinds, choices by domain of each exam, proofs, faults."""
import collections
import glob
import os
import sys

try:
    import yaml
except ImportError as e:
    print("1..0 # SKIP", e)
    sys.exit(0)

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
KINDS = ["basic", "reversed", "cloze", "table", "truefalse", "choice", "matching", "ordering", "typed"]
CARDS, CHOICES = 400, 250
LABS, PROOFS, FAULTS = 25, 100, 30  # as the README says
POINTS = 5  # of 100, between the share of a domain and its weight
FORMS = 3  # exams to be sat one after another without meeting a question twice


def read(pattern):
    for path in sorted(glob.glob(os.path.join(ROOT, pattern))):
        with open(path, encoding="utf-8") as f:
            yield yaml.load(f, LOADER)


def tasks_of(deck, card):
    """Exam -> tasks: the card's own where it has some, else the deck's."""
    tasks = dict(deck.get("exam") or {})
    tasks.update(card.get("exam") or {})
    return {exam: [t] if isinstance(t, str) else t for exam, t in tasks.items()}


def by_domain(exam, choices):
    counts = collections.Counter()
    for tasks in choices:
        counts.update({task.split(".")[0] for task in tasks.get(exam["exam"], [])})
    return counts


def exam_cases(exam, choices):
    counts = by_domain(exam, choices)
    total = sum(counts.values()) or 1
    items = int(exam["scored"]) + int(exam["unscored"])
    for number, domain in exam["domains"].items():
        share, weight = 100 * counts[number] / total, int(domain["weight"])
        yield abs(share - weight) <= POINTS, "%s, domain %s: %.1f %% of the choices, weight %d" % (exam["code"], number, share, weight)
        need = FORMS * items * weight // 100
        yield counts[number] >= need, "%s, domain %s: %d choices for %d forms, which take %d" % (exam["code"], number, counts[number], FORMS, need)


def cases():
    exams = list(read("data/exams/*.yaml"))
    cards = [(deck, card) for deck in read("decks/*.yaml") for card in deck["cards"]]
    kinds = collections.Counter(card["kind"] for _, card in cards)
    choices = [tasks_of(deck, card) for deck, card in cards if card["kind"] == "choice"]
    labs, faults = list(read("data/labs/*.yaml")), sum(len(drill["faults"]) for drill in read("data/drills/*.yaml"))
    proofs = sum("proof" in card for _, card in cards)
    yield len(exams) >= 2, "%d exams" % len(exams)
    yield len(labs) >= LABS, "%d labs, at least %d" % (len(labs), LABS)
    yield proofs >= PROOFS, "%d cards that name a proof, at least %d" % (proofs, PROOFS)
    yield faults >= FAULTS, "%d faults in drills, at least %d" % (faults, FAULTS)
    yield len(cards) >= CARDS, "%d cards, at least %d" % (len(cards), CARDS)
    yield kinds["choice"] >= CHOICES, "%d choices, at least %d" % (kinds["choice"], CHOICES)
    for kind in KINDS:
        yield kinds[kind] > 0, "%d cards of kind %s" % (kinds[kind], kind)
    for exam in exams:
        without = ["%s/%s" % (deck["deck"], card["id"]) for deck, card in cards if not tasks_of(deck, card).get(exam["exam"])]
        yield not without, "every card has a task of %s: %s" % (exam["code"], ", ".join(without[:5]) or "yes")
        yield from exam_cases(exam, choices)


def main():
    results = list(cases())
    print("1..%d" % len(results))
    for number, (ok, name) in enumerate(results, 1):
        print("%s %d - %s" % ("ok" if ok else "not ok", number, name))
    return 0 if all(ok for ok, _ in results) else 1


sys.exit(main())
