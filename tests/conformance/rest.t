#!/bin/sh
# What Amazon API Gateway was recorded to answer, asked of the program: REST APIs by the cases in ../shared/conformance, each with
# a gateway of its own. Without that folder there is nothing to ask.
# shellcheck disable=SC1091,SC2034,SC2154 # lib.sh sets root and reads code
. "$(dirname "$0")/../cmd/lib.sh"
cases=$root/../shared/conformance
if [ ! -x "$cases/run_rest.py" ] || ! command -v python3 >/dev/null 2>&1; then
	echo "1..0 # SKIP ../shared/conformance or python3 is not there"
	exit 0
fi

unset GATEDRILL_SHARE
code=0
python3 "$cases/run_rest.py" --gatedrill "$GATEDRILL" --level all --json "$T/results.json" \
	--cases "$cases/rest_aws_recorded.json" "$cases/aws_run_assertions.json" >"$T/report" 2>&1 || code=$?
if [ ! -s "$T/results.json" ]; then
	sed 's/^/# /' "$T/report"
	fail "the runner ended with a report"
	finish
fi
python3 - "$T/results.json" <<'EOP'
import json, sys
results = json.load(open(sys.argv[1]))
for n, r in enumerate(results, 1):
    skip = ' # SKIP ' + '; '.join(r['why']) if r['result'] == 'skip' else ''
    print('%sok %d - %s %s%s' % ('not ' if r['result'] == 'fail' else '', n, r['file'], r['id'], skip))
    for why in r['why'] if r['result'] == 'fail' else []:
        print('#   ' + ' '.join(why.split()))
print('1..%d' % len(results))
EOP
