#!/usr/bin/env python3
"""Which card covers which claim: writes decks/COVERAGE.md from the `claims:` of the decks.

    tests/coverage.py [--check] [ROOT]

tests/data/claims.tsv lists the claims as ranges with their topics, tests/data/claims-left-out.tsv those that no card covers, with
the reason. Says what is wrong and fails: a claim without card and reason, a reason for a claim that has a card, a claim that the
lists do not know. With --check nothing is written, and a table that is not current is wrong too.
"""
import collections
import glob
import os
import sys

import yaml

HEAD = """# What the decks cover

Behind the decks stands a list of claims about Amazon API Gateway that study notes make, right ones and wrong ones, each checked against
AWS's documentation. Below is each claim with the cards that teach it, or the reason why none does. Where a claim is wrong or outdated,
the card teaches what is so. Made by `tests/coverage.py`; do not edit.
"""


def lines(path):
    with open(path, encoding="utf-8") as f:
        for line in f:
            if line.strip() and not line.startswith("#"):
                yield line.rstrip("\n").split("\t")


def topics(root):
    """[(topic, [claim, ...]), ...]"""
    for first, last, topic in lines(os.path.join(root, "tests/data/claims.tsv")):
        yield topic, ["F%03d" % i for i in range(int(first[1:]), int(last[1:]) + 1)]


def covered(root):
    """Claim -> cards, as deck/id, in the order of decks and cards."""
    cards = collections.defaultdict(list)
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    for path in sorted(glob.glob(os.path.join(root, "decks/*.yaml"))):
        with open(path, encoding="utf-8") as f:
            deck = yaml.load(f, loader)
        for card in deck["cards"]:
            claims = card.get("claims") or []
            for claim in [claims] if isinstance(claims, str) else claims:
                cards[claim].append("%s/%s" % (deck["deck"], card["id"]))
    return cards


def table(groups, cards, left_out):
    out = [HEAD]
    for topic, claims in groups:
        out.append("## %s\n\n| claim | cards |\n|---|---|" % topic)
        for claim in claims:
            text = ", ".join("`%s`" % card for card in cards.get(claim, []))
            out.append("| %s | %s |" % (claim, text or "none: " + left_out.get(claim, "?")))
        out.append("")
    return "\n".join(out)


def problems(groups, cards, left_out):
    known = {claim for _, claims in groups for claim in claims}
    for claim in sorted(known):
        if claim not in cards and claim not in left_out:
            yield "%s: no card covers it, and tests/data/claims-left-out.tsv gives no reason" % claim
    for claim in sorted(left_out):
        if claim in cards:
            yield "%s: tests/data/claims-left-out.tsv says why it is left out, but %s covers it" % (claim, cards[claim][0])
    for claim in sorted(set(cards) | set(left_out)):
        if claim not in known:
            yield "%s: named by %s, but not in tests/data/claims.tsv" % (claim, cards.get(claim, ["claims-left-out.tsv"])[0])


def main(args):
    root = ([a for a in args if a != "--check"] or [os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")])[0]
    groups, cards = list(topics(root)), covered(root)
    left_out = dict(lines(os.path.join(root, "tests/data/claims-left-out.tsv")))
    found = list(problems(groups, cards, left_out))
    path = os.path.join(root, "decks/COVERAGE.md")
    text = table(groups, cards, left_out)
    if "--check" not in args:
        with open(path, "w", encoding="utf-8") as f:
            f.write(text)
    elif not os.path.exists(path) or open(path, encoding="utf-8").read() != text:
        found.append("decks/COVERAGE.md is not current: run python3 tests/coverage.py")
    for problem in found:
        print(problem)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
