#!/usr/bin/env python3
"""Templates made up from a seed, rendered by Apache Velocity and by gatedrill: what differs is printed.

velocity.py GATEDRILL JAVA-COMMAND... [--seed N] [--count N] [--show N]

JAVA-COMMAND runs VelocityOracle. Half of the templates are well formed, half are such with characters taken out, doubled, swapped or put
in. Errors are compared as such, without their words."""
import argparse
import json
import random
import re
import subprocess
import sys

VARS = {
    "text": "Hello", "empty": "", "uml": "gr\u00fc\u00df \U0001f600", "num": 12, "big": 5000000000, "real": 2.5, "yes": True,
    "no": False, "map": {"k": "v", "n": 7, "none": None},
}
NAMES = ["text", "empty", "uml", "num", "big", "real", "yes", "no", "map", "nope", "a", "b", "c", "l", "m", "x-y", "foreach", "i", "j"]
WORDS = ["a", " ", "  ", "\n", "\t", ".", ",", "x y", "{}", "()", "[0]", "\"", "'", "!", "\\", "\\\\", "\\\\\\", "$", "#", "$!", "##c\n",
         "#* c *#", "#** c *#", "#[[ $text ]]#", "<b>", ": ", "$.a.b", "$[", "\u00e9", "-1", "1..2", "#x", "#end_", "@", "\r\n", " \n", "|", "&&"]
TEXT_METHODS = [("length", ""), ("isEmpty", ""), ("trim", ""), ("toUpperCase", ""), ("toLowerCase", ""), ("toString", ""), ("hashCode", ""),
                ("substring", "i"), ("substring", "ii"), ("charAt", "i"), ("indexOf", "s"), ("indexOf", "si"), ("lastIndexOf", "s"),
                ("lastIndexOf", "si"), ("contains", "s"), ("startsWith", "s"), ("startsWith", "si"), ("endsWith", "s"), ("equals", "v"),
                ("equalsIgnoreCase", "s"), ("compareTo", "s"), ("concat", "s"), ("replace", "ss"), ("replaceAll", "rs"),
                ("replaceFirst", "rs"), ("matches", "r"), ("repeat", "n"), ("isBlank", ""), ("strip", ""), ("codePointAt", "i")]
ARRAY_METHODS = [("split", "r"), ("split", "ri")]
NUMBER_METHODS = [("intValue", ""), ("longValue", ""), ("doubleValue", ""), ("toString", ""), ("equals", "v"), ("hashCode", ""),
                  ("parseInt", "d"), ("valueOf", "d")]
LIST_METHODS = [("size", ""), ("isEmpty", ""), ("get", "i"), ("add", "v"), ("add", "iv"), ("set", "iv"), ("remove", "i"), ("remove", "s"),
                ("contains", "v"), ("indexOf", "v"), ("lastIndexOf", "v"), ("addAll", "l"), ("subList", "ii"), ("equals", "v"),
                ("hashCode", ""), ("toString", ""), ("containsAll", "l"), ("removeAll", "l"), ("retainAll", "l"), ("clear", "")]
MAP_METHODS = [("size", ""), ("isEmpty", ""), ("get", "s"), ("put", "sv"), ("remove", "s"), ("containsKey", "s"), ("containsValue", "v"),
               ("keySet", ""), ("values", ""), ("entrySet", ""), ("getOrDefault", "sv"), ("putAll", "m"), ("equals", "v"),
               ("toString", ""), ("putIfAbsent", "sv")]


# Hash codes that are addresses: of what #define made, of a map's values.
ADDRESS = re.compile(r"#define[^\0]*hashCode|values\(\)\.hashCode")


class Maker:
    def __init__(self, seed):
        self.r = random.Random(seed)
        self.depth = 0
        self.macros = []

    def pick(self, items):
        return items[int(self.r.random() * len(items))]

    def chance(self, p):
        return self.r.random() < p

    def name(self):
        return self.pick(NAMES)

    # values in directives

    def string(self):
        inner = "".join(self.pick(["a", "l", "Hello", "v", "k", " ", "1", "x", ",", ""]) for _ in range(1 + int(self.r.random() * 2)))
        if self.chance(0.3):
            return "'" + inner + self.pick(["", "''", "\"", "$text"]) + "'"
        if self.chance(0.4):
            inner += self.pick(["$text", "${num}", "$!nope", "$nope", "#if($yes)q#end", "\"\"", "\\u0041", "\\\\", "#", "$", "\\$text", "#set($c=1)", "##d"])
        return "\"" + inner + "\""

    def number(self):
        return self.pick(["0", "1", "2", "3", "-1", "7", "12", "100", "2147483647", "2147483648", "9223372036854775807", "1.5", "-2.5", "0.1",
                          "1e3", "1.0E-5", "5.", ".5", "12345678.9", "1e10"])

    def argument(self, kind):
        if self.chance(0.08):
            return self.value()
        return {"i": lambda: self.pick(["0", "1", "2", "-1", "5", "$num", "9"]), "n": lambda: self.pick(["0", "1", "3", "-1"]),
                "s": self.string, "v": self.value, "d": lambda: self.pick(["'12'", "'-3'", "'x'", "'2147483648'", "5", "''"]),
                "r": lambda: self.pick(["'l+'", "'(l)(l)'", "'.'", "'x'", "'[a-z]'", "'o$'", "'^H'", "\"\\\\\"", "'[e'", "'l|e'"]),
                "l": self.list, "m": self.map}[kind]()

    def call(self, methods):
        name, kinds = self.pick(methods)
        if self.chance(0.04) and name not in ("hashCode", "toString"):
            kinds = self.pick([kinds + "v", kinds + "vv", kinds[1:]])
        return "." + name + "(" + self.pick([", ", ","]).join(self.argument(k) for k in kinds) + ")"

    def steps(self, name):
        out = ""
        if self.chance(0.5):
            return out
        kind = {"text": "t", "empty": "t", "uml": "t", "num": "n", "big": "n", "real": "n", "map": "m", "m": "m", "l": "l"}.get(name)
        kind = kind or self.pick(["t", "n", "m", "l"])
        if self.chance(0.25):
            out += self.pick([".k", ".n", ".none", ".zip", ".a", ".empty", ".k.k", ".hasNext", ".count", ".index", ".first", ".parent.index"])
        elif self.chance(0.25):
            out += "[" + self.pick(["0", "1", "-1", "'k'", "\"n\"", "$num", "$nope", "true", " 0 "]) + "]"
        else:
            out += self.call({"t": TEXT_METHODS, "n": NUMBER_METHODS, "m": MAP_METHODS, "l": LIST_METHODS}[kind])
        if kind == "t" and self.chance(0.05):
            out = self.call(ARRAY_METHODS) + self.pick([".size()", "[0]", ".get(1)"])
        if self.chance(0.15):
            out += self.call(self.pick([TEXT_METHODS, LIST_METHODS, NUMBER_METHODS]))
        return out

    def reference(self):
        name = self.name()
        body = name + self.steps(name)
        return self.pick(["$%s", "$%s", "$%s", "$!%s", "${%s}", "$!{%s}", "\\$%s", "\\\\$%s", "$$%s", "\\$!%s"]) % body

    def plain_reference(self):
        name = self.name()
        return "$" + self.pick(["", "", "", "!"]) + name + self.steps(name)

    def list(self):
        if self.chance(0.25):
            a, b = self.pick(["0", "1", "3", "$num", "-2"]), self.pick(["0", "2", "4", "$num", "$nope"])
            return self.pick(["[%s..%s]", "[ %s .. %s ]", "[%s.. %s]"]) % (a, b)
        return "[" + ", ".join(self.value() for _ in range(int(self.r.random() * 4))) + "]"

    def map(self):
        return "{" + ", ".join(self.pick([self.string, self.number])() + self.pick([":", " : "]) + self.value()
                               for _ in range(int(self.r.random() * 3))) + "}"

    def value(self):
        self.depth += 1
        kinds = [self.string, self.number, self.plain_reference, self.plain_reference, lambda: self.pick(["true", "false"])]
        if self.depth < 5:
            kinds += [self.list, self.map]
        out = self.pick(kinds)()
        self.depth -= 1
        return out

    def expression(self):
        self.depth += 1
        if self.depth > 5 or self.chance(0.45):
            out = self.value()
        elif self.chance(0.15):
            out = self.pick(["!", "! ", "not "]) + self.expression()
        elif self.chance(0.25):
            out = "(" + self.expression() + ")"
        else:
            out = self.expression() + self.pick([" + ", "+", " - ", " * ", "*", " / ", " % ", " == ", "==", " != ", " < ", " <= ", " > ", " >= ",
                                                 " && ", " || ", " and ", " or ", " eq ", " ne ", " lt ", " ge "]) + self.expression()
        self.depth -= 1
        return out

    # statements

    def block(self, n=3):
        self.depth += 1
        out = "".join(self.statement() for _ in range(int(self.r.random() * n) + 1)) if self.depth < 6 else self.pick(WORDS)
        self.depth -= 1
        return out

    def space(self):
        return self.pick(["", "", "", " ", "\n", " \n", "  "])

    def set(self):
        target = self.pick(["a", "b", "c", "l", "m", "a", "b"])
        if self.chance(0.2):
            target = self.pick(["m.k", "map.z", "l[0]", "m['q']", "map[\"k\"]", "a.b.c", "m.k.n", "{a}", "!a", "foreach.q", "l[-1]"])
        return self.space() + self.pick(["#set($%s = %s)", "#set( $%s=%s )", "#set ($%s = %s)", "#{set}($%s = %s)"]) % (target, self.expression()) + self.space()

    def condition(self):
        out = self.pick(["#if(%s)", "#if (%s)", "#{if}( %s )"]) % self.expression() + self.space() + self.block()
        while self.chance(0.25):
            out += self.pick(["#elseif(%s)", "#{elseif} (%s)"]) % self.expression() + self.block()
        if self.chance(0.5):
            out += self.pick(["#else ", "#{else}", "#else\n"]) + self.block()
        return out + self.pick(["#end", "#{end}"]) + self.space()

    def loop(self):
        what = self.pick([self.list, self.list, self.plain_reference, self.map, lambda: "$l", lambda: "$map"])()
        return "#foreach($%s in %s)" % (self.pick(["i", "j", "a"]), what) + self.space() + self.block() + \
            self.pick(["", "$foreach.index", "#if($foreach.hasNext),#end", "$velocityCount", "#break", "$i"]) + "#end" + self.space()

    def macro(self):
        name = self.pick(["mo", "mp", "mq"])
        params = [self.pick(["a", "b", "p", "q"]) for _ in range(int(self.r.random() * 3))]
        self.macros.append(name)
        return "#macro(%s%s)%s#end" % (name, "".join(" $" + p for p in params), self.block(2) + self.pick(["$p", "$!p", "${q}", "", "$p.length()"]))

    def macro_call(self):
        name = self.pick(["mo", "mp", "mq", "unknown"])
        args = self.pick([" ", ", "]).join(self.value() for _ in range(int(self.r.random() * 3)))
        return self.pick(["#%s(%s)", "#%s( %s )", "#{%s}(%s)", "#%s (%s)"]) % (name, args)

    def other(self):
        kind = int(self.r.random() * 8)
        if kind == 0:
            return "#define($%s)%s#end" % (self.pick(["a", "b"]), self.block(2))
        if kind == 1:
            return "#evaluate(%s)" % self.pick([self.string(), "$text", "$nope", "\"$num\"", "'$a$b #set($c=5)$c'"])
        if kind == 2:
            return "#@%s()%s#end" % (self.pick(["mo", "mp"]), self.block(2))
        if kind == 3:
            return self.pick(["#stop", "#break"])
        if kind == 4:
            return "#literal()%s#end" % self.block(2)
        if kind == 5:
            return self.pick(["\\#if", "\\\\#if(true)x#end", "\\#foreach", "\\#unknown", "\\\\#unknown", "\\#set", "\\#end", "\\#{if}", "\\\\\\#if"])
        if kind == 6:
            return "#macro(bo)[$!bodyContent]#end#@bo()%s#end" % self.block(2)
        return self.pick(["#[[%s]]#", "#*%s*#", "##%s\n"]) % self.pick(WORDS)

    def statement(self):
        p = self.r.random()
        if p < 0.33:
            return "".join(self.pick(WORDS) for _ in range(1 + int(self.r.random() * 3)))
        if p < 0.6:
            return self.reference()
        if p < 0.75:
            return self.set()
        if p < 0.83:
            return self.condition()
        if p < 0.89:
            return self.loop()
        if p < 0.92:
            return self.macro()
        if p < 0.95:
            return self.macro_call()
        return self.other()

    def template(self):
        out = "".join(self.statement() for _ in range(1 + int(self.r.random() * 6)))
        return out + self.pick(["", "", "\n", " "])

    def broken(self):
        chars = list(self.template())
        for _ in range(1 + int(self.r.random() * 2)):
            at = int(self.r.random() * max(1, len(chars)))
            what = self.r.random()
            if what < 0.4:
                del chars[at:at + 1]
            elif what < 0.6:
                chars[at:at] = chars[at:at + 1]
            elif what < 0.8:
                chars[at:at] = [self.pick(list("$#(){}[]\"'\\. ,!=.:*\n@-"))]
            else:
                chars[at:at + 2] = chars[at:at + 2][::-1]
        return "".join(chars)


def oracle(command, templates):
    data = b"".join(t.encode() + b"\0" for t in templates)
    out = subprocess.run(command, input=data, stdout=subprocess.PIPE, check=True).stdout.decode("utf-8", "replace")
    return out.split("\0")[:len(templates)]


def ours(program, templates):
    lines = "".join(json.dumps({"template": t, "vars": VARS}) + "\n" for t in templates)
    out = subprocess.run([program, "plumbing", "vtl"], input=lines, stdout=subprocess.PIPE, check=True, text=True).stdout
    answers = [json.loads(line) for line in out.splitlines()]
    return ["!" + a["error"] if "error" in a else "=" + a["output"] for a in answers]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program")
    parser.add_argument("command", nargs="+")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=20000)
    parser.add_argument("--show", type=int, default=10)
    args = parser.parse_args()
    templates = []
    for i in range(args.count):
        maker = Maker("%d/%d" % (args.seed, i))
        templates.append(maker.template() if i % 2 == 0 else maker.broken())
    want, got = oracle(args.command, templates), ours(args.program, templates)
    different = failed = compared = 0
    for template, w, g in zip(templates, want, got):
        if "[Ljava" in w or "java.util." in w.split("!")[0] or "StackOverflow" in w or ADDRESS.search(template):
            continue
        compared += 1
        failed += w[0] == "!"
        if w[0] == g[0] and (w[0] == "!" or w == g):
            continue
        different += 1
        if different <= args.show:
            print("# template %s\n#   Velocity  %s\n#   gatedrill %s" % (json.dumps(template), json.dumps(w[:400]), json.dumps(g[:400])))
    print("# seed %d: %d templates compared, %d of them errors, %d differ" % (args.seed, compared, failed, different))
    return 1 if different or compared < args.count * 0.9 else 0


if __name__ == "__main__":
    sys.exit(main())
