#!/bin/sh
# JSON Schema: the required part for draft 4 of the suite of json-schema.org (Debian's json-schema-test-suite), but for references that
# would have to be fetched.
# shellcheck disable=SC1091,SC2154 # lib.sh sets root, T and count
. "$(dirname "$0")/../cmd/lib.sh"
suite=${JSON_SCHEMA_SUITE:-/usr/share/json-schema-test-suite/tests}/draft4
if [ ! -d "$suite" ] || ! command -v python3 >/dev/null 2>&1; then
	echo "1..0 # SKIP json-schema-test-suite or python3 is not there"
	exit 0
fi
exec python3 - "$GATEDRILL" "$suite" <<'EOP'
import json, os, subprocess, sys

cases = []
for name in sorted(os.listdir(sys.argv[2])):
    if name.endswith(".json") and name != "refRemote.json":
        for group in json.load(open(os.path.join(sys.argv[2], name), encoding="utf-8")):
            for test in group["tests"]:
                cases.append((name[:-5], group, test))
lines = "".join(json.dumps({"schema": g["schema"], "data": t["data"]}) + "\n" for _, g, t in cases)
run = subprocess.run([sys.argv[1], "plumbing", "schema"], input=lines.encode(), stdout=subprocess.PIPE)
answers = [json.loads(line) for line in run.stdout.splitlines()]
print("1..%d" % (len(cases) + 2))
print("%sok 1 - a line for a line" % ("" if len(answers) == len(cases) and run.returncode == 0 else "not "))
print("%sok 2 - the suite has its 300 cases" % ("" if len(cases) >= 300 else "not "))
for n, ((name, group, test), answer) in enumerate(zip(cases, answers), 3):
    # what does not fit is said, what fits is not
    good = answer.get("valid") is test["valid"] and bool(answer.get("errors")) is not test["valid"]
    title = "%s: %s: %s" % (name, group["description"], test["description"])
    print("%sok %d - %s" % ("" if good else "not ", n, title.replace("#", "\\#")))
    if not good:
        print("# " + json.dumps(answer))
EOP
