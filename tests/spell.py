#!/usr/bin/env python3
"""Spelling of decks and data: every word that learners read is in aspell's English or in tests/data/words.txt.

Prints path:line:col: word for each that is not, and fails if there is any. Code in backticks, addresses, ids and
patterns are not read. The words of a file are collected first and looked up together, so that it takes a second.

    tests/spell.py [PATH...]      files, or folders of them; decks and data if none is named
    tests/spell.py --new          only the words, each once, as a start for tests/data/words.txt
"""
import os
import re
import subprocess
import sys

import yaml

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
WORDS = os.path.join(ROOT, "tests/data/words.txt")
LANGUAGE = "en_US"
# Keys whose values are no prose, with all that is below them.
NOTATION = {
    "deck", "matrix", "tree", "id", "kind", "format", "tags", "source", "cell_source", "url", "checked", "accept", "claims", "was",
    "ask_kind", "replaces", "replaced_by", "types", "uses", "start", "need", "fits", "yes", "no", "switch", "else", "not", "when",
    "is", "rank", "since", "cards_due", "as_of", "from", "until", "code", "cases", "apart", "proof",
}
# Labs, proofs and drills are notation but for these.
HANDS_ON = ("lab", "proofs", "drill")
PROSE = {"title", "about", "story", "hints", "explain", "shows", "text", "why"}
WORD = re.compile(r"[A-Za-z\u00c0-\u024f]+(?:['\u2019][A-Za-z]+)*")
# What stands in prose and is none: code, addresses, holes of a cloze, words that a story fills in, names with signs in them.
SKIP = re.compile(
    r"(`+).*?\1|https?://\S+|\{\{c\d+::|::|\}\}|\{[^{}\s]*\}|\$[\w.\-/{}]+|\S*[\w@]\.[a-z]\S*|[\w.-]*\w/[\w/.{}+*-]*|@\w+|[\w.*]+:[\w.*:/-]+"
    r"|\b[xX]-[\w-]+|\b\w*\d\w*\b|[A-Za-z]+_\w+|\\[nt]",
    re.S,
)


def blank(match):
    return re.sub(r"[^\n]", " ", match.group())


def places(text, node, path):
    """(word, path, line, column) of one scalar, from its place in the file as it is written there."""
    raw = text[node.start_mark.index:node.end_mark.index]
    raw = SKIP.sub(blank, raw)
    line, start = node.start_mark.line + 1, -node.start_mark.column
    at = 0
    for match in WORD.finditer(raw):
        newlines = raw.count("\n", at, match.start())
        if newlines:
            line += newlines
            start = raw.rfind("\n", 0, match.start()) + 1
        at = match.start()
        yield match.group(), path, line, match.start() - start + 1


def walk(text, node, path):
    if isinstance(node, yaml.ScalarNode):
        yield from places(text, node, path)
    elif isinstance(node, yaml.SequenceNode):
        for child in node.value:
            yield from walk(text, child, path)
    else:
        for key, child in node.value:
            if key.value not in NOTATION and not (key.value in ("exam", "ask") and not re.search(r"\s", str(child.value))):
                yield from walk(text, child, path)


def walk_prose(text, node, path):
    """The same of a file whose prose is below some keys alone."""
    if isinstance(node, yaml.SequenceNode):
        for child in node.value:
            yield from walk_prose(text, child, path)
    elif isinstance(node, yaml.MappingNode):
        for key, child in node.value:
            yield from (walk if key.value in PROSE else walk_prose)(text, child, path)


def first_key(node):
    return node.value[0][0].value if isinstance(node, yaml.MappingNode) and node.value else None


def files(paths):
    for path in paths:
        if os.path.isfile(path):
            yield path
        for folder, _, names in sorted(os.walk(path)):
            if re.search(r"/data/(apis|(labs|proofs|drills)/[^/]+)(/|$)", folder):
                continue  # API definitions hold no prose
            yield from (os.path.join(folder, name) for name in sorted(names) if name.endswith((".yaml", ".yml")))


def known_words():
    with open(WORDS, encoding="utf-8") as f:
        return {line.split("#")[0].strip() for line in f}


def unknown(words):
    """Of a set of words those that are spelled wrong."""
    own = known_words()
    words = {w for w in words if not {w, w.lower(), re.sub("'s$", "", w), re.sub("'s$", "", w.lower())} & own}
    found = subprocess.run(
        ["aspell", "--lang=" + LANGUAGE, "--encoding=utf-8", "--ignore=1", "list"],
        input="\n".join(sorted(words)), stdout=subprocess.PIPE, check=True, text=True, encoding="utf-8",
    ).stdout.split()
    return words & set(found)


def main(args):
    found = []
    paths = [a for a in args if not a.startswith("-")] or [os.path.join(ROOT, "decks"), os.path.join(ROOT, "data")]
    for path in files(paths):
        with open(path, encoding="utf-8") as f:
            text = f.read()
        root = yaml.compose(text, yaml.CSafeLoader if hasattr(yaml, "CSafeLoader") else yaml.SafeLoader)
        words = (walk_prose if first_key(root) in HANDS_ON else walk)(text, root, os.path.relpath(path))
        found.extend((w.replace("\u2019", "'"), *rest) for w, *rest in words)
    wrong = unknown({w for w, *_ in found})
    if "--new" in args:
        print("\n".join(sorted(wrong, key=str.lower)))
    else:
        for word, path, line, column in found:
            if word in wrong:
                print("%s:%d:%d: %s" % (path, line, column, word))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
