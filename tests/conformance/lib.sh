#!/bin/sh
# lib.sh -- what the tests beside it share: cases from ../shared/conformance, each with a gateway of its own, as TAP. Without that
# folder there is nothing to ask.
# shellcheck disable=SC1091,SC2034,SC2154 # the other lib.sh sets root and reads code
. "$(dirname "$0")/../cmd/lib.sh"
cases=$root/../shared/conformance
if [ ! -x "$cases/run_rest.py" ] || ! command -v python3 >/dev/null 2>&1; then
	echo "1..0 # SKIP ../shared/conformance or python3 is not there"
	exit 0
fi
unset GATEDRILL_SHARE

# conform PATTERN FILE: the cases of a file whose ids match, judged on everything they expect; one result each.
conform() {
	code=0
	rm -f "$T/results.json"
	python3 "$cases/run_rest.py" --gatedrill "$GATEDRILL" --level all --json "$T/results.json" --only "$1" \
		--cases "$cases/$2" >"$T/report" 2>&1 || code=$?
	if [ ! -s "$T/results.json" ]; then
		sed 's/^/# /' "$T/report"
		fail "the cases of $2 ran"
		return
	fi
	python3 - "$T/results.json" "$count" <<'EOP'
import json, sys
results, before = json.load(open(sys.argv[1])), int(sys.argv[2])
for n, r in enumerate(results, before + 1):
    skip = ' # SKIP ' + '; '.join(r['why']) if r['result'] == 'skip' else ''
    print('%sok %d - %s %s%s' % ('not ' if r['result'] == 'fail' else '', n, r['file'], r['id'], skip))
    for why in r['why'] if r['result'] == 'fail' else []:
        print('#   ' + ' '.join(why.split()))
EOP
	count=$((count + $(python3 -c 'import json, sys; print(len(json.load(open(sys.argv[1]))))' "$T/results.json")))
}
