#!/bin/sh
# JSONPath: what Jayway's JsonPath was recorded to answer (../shared/conformance). All of it is asked, also where the RFC says otherwise.
# shellcheck disable=SC1091,SC2154 # lib.sh sets root, T and count
. "$(dirname "$0")/../cmd/lib.sh"
cases=$root/../shared/conformance/jsonpath_jayway_recorded.json
if [ ! -e "$cases" ] || ! command -v python3 >/dev/null 2>&1; then
	echo "1..0 # SKIP ../shared/conformance or python3 is not there"
	exit 0
fi
exec python3 - "$GATEDRILL" "$cases" <<'EOP'
import json, subprocess, sys

cases = [c for c in json.load(open(sys.argv[2]))["cases"] if "accepted" not in c["jayway_2_0_0"]]
lines = "".join(json.dumps({"path": c["selector"], "document": c.get("document", {})}) + "\n" for c in cases)
run = subprocess.run([sys.argv[1], "plumbing", "jsonpath"], input=lines.encode(), stdout=subprocess.PIPE)
answers = [json.loads(line) for line in run.stdout.splitlines()]
print("1..%d" % (len(cases) + 1))
print("%sok 1 - a line for a line" % ("" if len(answers) == len(cases) and run.returncode == 0 else "not "))
for n, (case, answer) in enumerate(zip(cases, answers), 2):
    wanted = case["jayway_2_0_0"]
    same = answer.get("error") == wanted["error"] if "error" in wanted else answer == wanted
    print("%sok %d - %s %s%s" % ("" if same else "not ", n, case["id"], json.dumps(case["selector"]).replace("#", "\\#"),
                                 ", required" if case.get("agree") else ""))
    if not same:
        print("# wanted %s\n# got %s" % (json.dumps(wanted), json.dumps(answer)))
EOP
