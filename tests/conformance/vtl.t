#!/bin/sh
# Mapping templates: what API Gateway was recorded to render, what Velocity 1.7 renders with the classes of json-smart, and what the
# libraries behind $util give (../shared/conformance). All of it is asked.
# shellcheck disable=SC1091,SC2154 # lib.sh sets root
. "$(dirname "$0")/../cmd/lib.sh"
cases=$root/../shared/conformance
if [ ! -e "$cases/vtl_aws_recorded.json" ] || ! command -v python3 >/dev/null 2>&1; then
	echo "1..0 # SKIP ../shared/conformance or python3 is not there"
	exit 0
fi
exec python3 - "$GATEDRILL" "$cases" <<'EOP'
import json, subprocess, sys


def load(name):
    return json.load(open("%s/%s.json" % (sys.argv[2], name)))["cases"]


def member(tree, path):
    """context_after names members by dots; a name may have dots of its own."""
    if not path:
        return tree
    parts = path.split(".")
    for n in range(len(parts), 0, -1):
        key = ".".join(parts[:n])
        if isinstance(tree, dict) and key in tree:
            return member(tree[key], ".".join(parts[n:]))
    return None


def within(part, whole):
    if isinstance(part, dict) and part:
        return isinstance(whole, dict) and all(k in whole and within(v, whole[k]) for k, v in part.items())
    return part == whole or part == {}


def as_json(text):
    try:
        return json.loads(text)
    except ValueError:
        return text  # what is no JSON is compared as a text


def same(want, answer):
    if "error_status" in want:
        return answer.get("status") == want["error_status"]
    if want.get("error"):
        return answer.get("status") == 500
    if "output" not in answer:
        return False
    text = answer["output"]
    tree = as_json(text)
    keys = want.get("output_json_keys", {})
    return (text == want.get("output", text) and text in want.get("output_any_of", [text])
            and want.get("output_json", tree) in (tree, text) and within(want.get("output_json_subset", {}), tree)
            and all(sorted(tree[k]) == sorted(names) for k, names in keys.items())
            and all(member(answer["context"], k) == v for k, v in want.get("context_after", {}).items()))


rows = [(r["id"], r["given"], r["expect"]) for r in load("vtl_aws_recorded")]
for r in load("vtl_engine_recorded"):
    wanted = r["velocity_1_7"]
    name = r["id"] + (", required" if r["agree"] else "")
    rows.append((name, {"template": r["template"], "vars": r["vars"]},
                 {"error": True} if "error" in wanted else {"output": wanted["output"]}))
for r in load("util_candidates"):
    rows.append((r["id"] + " " + r["function"], {"template": "$util.%s($v)" % r["function"], "vars": {"v": r["argument"]}},
                 {"error": True} if "engine_error" in r else {"output": r["output"]}))
lines = "".join(json.dumps(given) + "\n" for _, given, _ in rows)
run = subprocess.run([sys.argv[1], "plumbing", "vtl"], input=lines.encode(), stdout=subprocess.PIPE)
answers = [json.loads(line) for line in run.stdout.splitlines()]
print("1..%d" % (len(rows) + 1))
print("%sok 1 - a line for a line" % ("" if len(answers) == len(rows) and run.returncode == 0 else "not "))
for n, ((name, given, want), answer) in enumerate(zip(rows, answers), 2):
    good = same(want, answer)
    print("%sok %d - %s" % ("" if good else "not ", n, name))
    if not good:
        print("# given %s\n# wanted %s\n# got %s" % tuple(json.dumps(x)[:600] for x in (given, want, answer)))
EOP
