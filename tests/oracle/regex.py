#!/usr/bin/env python3
"""Patterns, texts and replacements made up from a seed, tried by java.util.regex and by gatedrill's templates, which call matches,
replaceAll and split: what differs is printed.

regex.py GATEDRILL JAVA-COMMAND... [--seed N] [--count N] [--show N]

JAVA-COMMAND runs RegexOracle. Not made up are what is refused on purpose (\\N{NAME}, \\b{g}, lookbehind of any length), (?i) on the
Kelvin sign and the long s, texts with surrogates, between which Java finds nothing, and what Java itself does by chance: \\R that
gives CR LF back outside of a loop and not in one, groups that remember attempts which came to nothing."""
import argparse
import json
import random
import re
import subprocess
import sys

LETTERS = ["a", "b", "c", "k", "S", "A", "_", "0", "7", "-", ",", "=", " ", "\n", "\r", "\r\n", "\u0085", "\u2028", "\t", "\u00e4",
           "\U0001f600", "]", "}", "&", "#"]
SETS = ["\\d", "\\D", "\\w", "\\W", "\\s", "\\S", "\\h", "\\H", "\\v", "\\V", "\\p{Lower}", "\\P{Upper}", "\\p{Alpha}", "\\p{Punct}",
        "\\p{L}", "\\pN", "\\p{IsAlphabetic}", "\\p{InGreek}", "\\p{javaLowerCase}", "\\p{XDigit}", "\\p{Sc}", "\\p{Blank}", "\\P{ASCII}"]
ESCAPES = ["\\.", "\\\\", "\\t", "\\n", "\\r", "\\x41", "\\u0061", "\\x{1F600}", "\\uD83D\\uDE00", "\\0101", "\\e", "\\cA", "\\-", "\\Qa.b\\E",
           "\\Q]\\E", "\\/", "\\@"]
ANCHORS = ["^", "$", "\\b", "\\B", "\\A", "\\z", "\\Z"]
QUANTIFIERS = ["*", "+", "?", "{2}", "{0,2}", "{1,}", "*?", "+?", "??", "*+", "++", "?+", "{1,2}?"]
GROUPS = ["(", "(", "(", "(?:", "(?i:", "(?s:", "(?-i:", "(?=", "(?!", "(?>", "(?m:", "(?d:", "(?x:", "(?<n>"]
FLAGS = ["(?i)", "(?s)", "(?m)", "(?x)", "(?d)", "(?is)", "(?-i)", "(?md)"]
NOISE = list("()[]{}*+?|^$.\\&#-,:<>=!aZ0 ")
REPLACEMENTS = ["", "-", "$0", "[$1]", "$1$2", "\\$", "\\\\", "$", "${n}", "x$10", "\\", "$2a", "${", "\u00e4$0"]


class Maker:
    def __init__(self, seed):
        self.r = random.Random(seed)

    def number(self, n):
        return int(self.r.random() * n)

    def pick(self, items):
        return items[self.number(len(items))]

    def text(self):
        return "".join(self.pick(LETTERS).replace("\U0001f600", "") for _ in range(self.number(8)))

    def literal(self):
        return self.pick(LETTERS) if self.number(4) else self.pick(ESCAPES)

    def set(self, depth):
        text = "[" + self.pick(["", "", "^"])
        for _ in range(1 + self.number(3)):
            kind = self.number(8)
            if kind == 0:
                text += self.pick(["a-c", "0-9", "A-Z", "a-z", "\\x20-\\x7e", "\u00e0-\u00ff"])
            elif kind == 1:
                text += self.pick(SETS)
            elif kind == 2 and depth:
                text += self.set(depth - 1)
            elif kind == 3 and depth:
                text += "&&" + self.set(depth - 1)
            else:
                text += self.pick(["a", "b", "k", ".", "*", "$", "|", "-", "\\]", "\\-", "_", " ", "\n", "\\n", "\u00e4", "#"])
        return text + "]"

    def atom(self, depth):
        kind = self.number(10)
        if kind < 4:
            return self.literal()
        if kind == 4:
            return self.pick(SETS)
        if kind == 5:
            return self.set(2)
        if kind == 6:
            return "."
        if kind == 7 and depth:
            return self.pick(GROUPS) + self.pattern(depth - 1) + ")"
        if kind == 8:
            return self.pick(ANCHORS)
        return self.pick(["\\1", "\\2", "a", "b", "\\k<n>", "."])

    def pattern(self, depth=2):
        text = "" if self.number(6) else self.pick(FLAGS)
        for _ in range(1 + self.number(3)):
            text += self.atom(depth)
            if not self.number(3):
                text += self.pick(QUANTIFIERS)
            if not self.number(8):
                text += "|"
        return text

    def damage(self, text):
        at = self.number(len(text) + 1)
        return self.pick([text[:at] + self.pick(NOISE) + text[at:], text[:at] + text[at + 1:]])

    def case(self):
        pattern = self.pattern()
        if self.number(5) == 0:
            pattern = self.damage(pattern)
        # Java keeps what a group matched in attempts that came to nothing
        repeated = re.search(r"\)[*+?{]|\\[1-9k]", pattern)
        return pattern, self.text(), self.pick(REPLACEMENTS[:3] if repeated else REPLACEMENTS)


def ask_java(command, cases):
    data = "".join(p + "\0" + t + "\0" + w + "\0" for p, t, w in cases).encode()
    out = subprocess.run(command, input=data, stdout=subprocess.PIPE, check=True).stdout.decode()
    for line in out.split("\n")[:-1]:
        yield None if line.startswith("!") else json.loads(line)


def ask_gatedrill(program, cases):
    template = "$t.matches($p)\1$t.replaceAll($p,$w)#foreach($s in $t.split($p))\1$s#end"
    data = "".join(json.dumps({"template": template, "vars": {"p": p, "t": t, "w": w}}) + "\n" for p, t, w in cases).encode()
    out = subprocess.run([program, "plumbing", "vtl"], input=data, stdout=subprocess.PIPE, check=True).stdout
    for line in out.splitlines():
        answer = json.loads(line)
        if "error" in answer or answer["output"].startswith("$"):
            yield None
        else:
            pieces = answer["output"].split("\1")
            yield [pieces[0] == "true"] + pieces[1:]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("gatedrill")
    parser.add_argument("java", nargs="+")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=20000)
    parser.add_argument("--show", type=int, default=20)
    args, rest = parser.parse_known_args()
    maker = Maker(args.seed)
    cases = [maker.case() for _ in range(args.count)]
    wanted = list(ask_java(args.java + rest, cases))
    got = list(ask_gatedrill(args.gatedrill, cases))
    if not len(wanted) == len(got) == len(cases):
        sys.exit("%d cases, %d answers of Java, %d of gatedrill" % (len(cases), len(wanted), len(got)))
    different = [(c, w, g) for c, w, g in zip(cases, wanted, got) if w != g]
    for case, w, g in different[:args.show]:
        print("seed %d: %s\n  Java      %s\n  gatedrill %s" % (args.seed, json.dumps(case), json.dumps(w), json.dumps(g)))
    valid = sum(w is not None for w in wanted)
    print("%d patterns, %d that are none or have no such group, %d different" % (len(cases), len(cases) - valid, len(different)))
    sys.exit(1 if different else 0)


main()
