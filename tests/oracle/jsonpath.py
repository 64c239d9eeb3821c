#!/usr/bin/env python3
"""Paths and documents made up from a seed, read by Jayway's JsonPath and by gatedrill: what differs is printed.

jsonpath.py GATEDRILL JAVA-COMMAND... [--seed N] [--count N] [--show N]

JAVA-COMMAND runs JsonPathOracle. A third of the paths is damaged: characters taken out, doubled, swapped, put in. Errors are compared by
their names."""
import argparse
import json
import random
import subprocess
import sys

NAMES = ["a", "b", "c", "items", "x y", "it's", "o.k", "$", "@", "*", "length", "1", "", "\u00fc", "true", "null", "a]b"]
TEXTS = ["", "x", "X", "abc", "null", "true", "TRUE", "1", "10", "1.0", "it's", "it\\'s", "\u00fc\u00df", "\U0001f600", "\uffee", "-3", "1e2"]
NUMBERS = ["0", "1", "-1", "2", "10", "1.0", "1.5", "100", "-0", "1e2", "0.25", "12345678901"]
OPERATORS = ["==", "!=", "<", "<=", ">", ">=", "==", "=~"]
PATTERNS = ["/x/", "/X/i", "/[a-c]+/", "/.*/", "/\\d+/", "/a|abc/", "/[0-9]+[.]0/", "/[{].*=.*[}]/", "/.*:.*/", "/\\\\[.*[^.][^0]\\\\]/", "/.*,.*/", "/.*[^ ].*, .*/", "/(x/", "/", "//", "/i"]
NOISE = list("$@.[]()'\"?*:,-&|!=<>~/ 01a\t\n\\") + ["..", "&&", "||", "['", "']", "[?(", ")]", "[*]"]


class Maker:
    def __init__(self, seed):
        self.r = random.Random(seed)

    def pick(self, items):
        return items[int(self.r.random() * len(items))]

    def number(self, n):
        return int(self.r.random() * n)

    def value(self, depth):
        kind = self.number(9 if depth else 5)
        if kind == 0:
            return self.pick(["null", "true", "false"])
        if kind in (1, 2):
            return self.pick(NUMBERS)
        if kind in (3, 4):
            return json.dumps(self.pick(TEXTS))
        if kind in (5, 6):
            return "[" + ",".join(self.value(depth - 1) for _ in range(self.number(5))) + "]"
        names = {self.pick(NAMES[:5] if self.number(3) else NAMES): None for _ in range(self.number(5))}
        return "{" + ",".join(json.dumps(n) + ":" + self.value(depth - 1) for n in names) + "}"

    def document(self):
        return self.pick(["[%s,%s]", "{\"a\":%s,\"b\":%s}", "[{\"a\":%s},{\"a\":%s,\"b\":1}]"]) % (self.value(3), self.value(3))

    def quoted(self):
        return "'" + self.pick(NAMES) + "'"

    def index(self):
        return str(self.pick([0, 0, 1, 1, 2, -1, -2, 5]))

    def brackets(self):
        kind = self.number(12)
        if kind < 3:
            return self.quoted()
        if kind == 3:
            return self.quoted() + self.pick([",", ", ", " , "]) + self.quoted()
        if kind < 6:
            return self.index()
        if kind == 6:
            return self.index() + "," + self.index()
        if kind < 9:
            return self.pick(["", self.index()]) + ":" + self.pick(["", self.index()])
        if kind == 9:
            return self.pick(["(@.length-%s)", "(@.size() - %s)", "@.length-%s"]) % self.index()
        return "*"

    def step(self, definite=False):
        kind = self.number(5 if definite else 9)
        if kind < 3:
            return "." + self.pick(NAMES[:4] if self.number(4) else NAMES)
        if kind == 3:
            return "[" + self.quoted() + "]"
        if kind == 4:
            return "[" + self.index() + "]"
        if kind == 5:
            return self.pick([".*", "[*]", "..", "..", "..*"]) + (self.pick(NAMES[:4]) if self.number(2) else "")
        if kind == 6:
            return "[?(" + self.filter() + ")]"
        return "[" + self.brackets() + "]"

    def side(self):
        kind = self.number(9)
        if kind < 5:
            return self.pick("@@@@$") + "".join(self.step(True) for _ in range(self.number(3)))
        if kind < 7:
            return self.pick(["'%s'", "'%s'", "%s"]) % self.pick(TEXTS)
        return self.pick(NUMBERS + ["true", "false", "null"])

    def criterion(self):
        kind = self.number(8)
        if kind < 2:
            return self.pick(["", "", "!"]) + self.pick("@@@$") + "".join(self.step(True) for _ in range(1 + self.number(2)))
        if kind == 2:
            return self.side() + self.pick([" =~ ", "=~"]) + self.pick(PATTERNS)
        return self.side() + self.pick(["", " "]) + self.pick(OPERATORS[:-1]) + self.pick(["", " "]) + self.side()

    def filter(self):
        text = self.criterion()
        while not self.number(3):
            text += self.pick([" && ", " || ", "&&", "||"]) + self.criterion()
        return text

    def damage(self, path):
        for _ in range(1 + self.number(2)):
            at = self.number(len(path) + 1)
            kind = self.number(4)
            if kind == 0:
                path = path[:at] + self.pick(NOISE) + path[at:]
            elif kind == 1:
                path = path[:at] + path[at + 1:]
            elif kind == 2:
                path = path[:at] + path[at:at + 2] + path[at:]
            else:
                path = path[:at] + path[at + 1:at + 2] + path[at:at + 1] + path[at + 2:]
        return path

    def path(self):
        path = self.pick(["$", "$", "$", "$", "", "@"]) + "".join(self.step() for _ in range(1 + self.number(4)))
        return self.damage(path) if self.number(3) == 0 else path


def ask_jayway(command, cases):
    data = "".join(p + "\0" + d + "\0" for p, d in cases).encode()
    out = subprocess.run(command, input=data, stdout=subprocess.PIPE, check=True).stdout.decode()
    for line in out.split("\n")[:-1]:
        if line.startswith("!"):
            yield line[1:]
        else:
            kind, text = line.split(" ", 1)
            yield {"definite": kind == "definite", "result": json.loads(text)}


def ask_gatedrill(program, cases):
    data = "".join('{"path":%s,"document":%s}\n' % (json.dumps(p), d) for p, d in cases).encode()
    out = subprocess.run([program, "plumbing", "jsonpath"], input=data, stdout=subprocess.PIPE, check=True).stdout
    for line in out.splitlines():
        answer = json.loads(line)
        yield answer.get("error", answer)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("gatedrill")
    parser.add_argument("java", nargs="+")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=20000)
    parser.add_argument("--show", type=int, default=20)
    args, rest = parser.parse_known_args()
    maker = Maker(args.seed)
    cases = [(maker.path(), maker.document()) for _ in range(args.count)]
    wanted = list(ask_jayway(args.java + rest, cases))
    got = list(ask_gatedrill(args.gatedrill, cases))
    if not len(wanted) == len(got) == len(cases):
        sys.exit("%d cases, %d answers of Jayway, %d of gatedrill" % (len(cases), len(wanted), len(got)))
    different = [(c, w, g) for c, w, g in zip(cases, wanted, got) if w != g]
    for (path, document), w, g in different[:args.show]:
        print("seed %d: %s\n  of %s\n  Jayway    %s\n  gatedrill %s" % (args.seed, json.dumps(path), document, json.dumps(w), json.dumps(g)))
    found = sum(isinstance(w, dict) for w in wanted)
    print("%d paths, %d with a result, %d different" % (len(cases), found, len(different)))
    sys.exit(1 if different else 0)


main()
