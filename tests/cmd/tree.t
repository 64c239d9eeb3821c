#!/bin/sh
# Decision trees on the line: the list, advice, drills, walks, cases by seed, JSON, and what is kept.
# shellcheck disable=SC1091,SC2034,SC2154 # lib.sh sets and reads out, err and code
. "$(dirname "$0")/lib.sh"

mkdir -p "$GATEDRILL_SHARE/data/matrix" "$GATEDRILL_SHARE/data/trees"
cp "$root/tests/data/trees/matrix.yaml" "$GATEDRILL_SHARE/data/matrix/api-types.yaml"
cp "$root/tests/data/trees/tree.yaml" "$GATEDRILL_SHARE/data/trees/which-api.yaml"

# tree LINES ARG...: the command without a seed, which would ask for a case.
tree() {
	lines=$1
	shift
	# shellcheck disable=SC2059 # the lines hold \n
	out=$(printf "$lines" | "$GATEDRILL" --now "$now" tree "$@" 2>"$T/err")
	code=$?
	err=$(cat "$T/err")
}

# The list.
tree '' --plain
exits "the list" 0
like "a tree and how it went" "$out" '^which-api  Which API type  not tried yet$'
tree '' --json
like "as JSON" "$out" '"tree": "which-api"'
like "with its nodes" "$out" '"node": "push"'
tree '' wich-api
exits "a mistyped tree" 2
like "is told what was meant" "$err" 'did you mean "which-api"'
tree '' one two
exits "two trees" 2

# Advice.
tree 'y\ny\n\n' which-api
exits "advice" 0
like "asks" "$out" '^Must the server reach clients that have not just asked\?$'
like "recommends" "$out" '^Recommended: WebSocket API\.$'
like "gives the path" "$out" '^- Must the server .* yes\. A message that nobody asked for is a push\.$'
like "says what would change it" "$out" '^- Does a WebSocket API have everything else\? no: nothing fits\.$'
tree 'n\n3\nn\nu\nmaybe\nn\nn\n\n' which-api
like "an answer is taken back" "$out" '^Taken back: no at "jwt"\.$'
like "nonsense is told so" "$out" '^y or n, or a command; \? lists them\.$'
like "and it goes on" "$out" '^Recommended: HTTP API\. A short path to a backend\.$'
tree 'y\nn\n\n' which-api
like "nothing may fit" "$out" '^Nothing in the table meets all of this'

# A case by its seed, as text and as JSON.
run tree which-api --seed 4 --json
exits "a case as JSON" 0
like "names its seed" "$out" '"seed":"4"'
like "its needs and answer" "$out" '"needs":\["api-key","cache","private"\],"wish":null,"answer":"rest-private"'
like "and what each wrong option breaks" "$out" '"ws":\["cache","private"\]'
first=$out
run tree which-api --seed 4 --json
is "twice the same" "$out" "$first"
run tree which-api --seed 18446744073709551615 --json
like "all 64 bits" "$out" '"seed":"18446744073709551615"'
run tree which-api --seed 18446744073709551616 --json
exits "and no more" 2
run tree which-api --seed 4 --drill 3 --json
is "several are lines" "$(printf '%s\n' "$out" | wc -l | tr -d ' ')" 3
run tree which-api --seed 4 --flip private --json
like "one fact turned over" "$out" '"flip":"private","needs":\["api-key","cache"\],"wish":null,"answer":"rest"'
run tree which-api --seed 4 --flip soap --json
exits "no such fact" 1

# A drill: the seed, the answer, its proof.
feed 'b\n\nq\n' tree which-api --seed 4 --drill 2 --plain
exits "a drill" 0
like "prints the seed" "$out" '^Case 1 of 2, --seed 4\.$'
like "the story and the needs" "$out" '^A bakery takes orders for cakes\. The API can be reached from inside the VPC only\.'
like "the question" "$out" '^Which API meets every need\?$'
like "the options" "$out" '^A  REST API, private$'
like "what was wrong" "$out" '^Wrong\. The answer is A, REST API, private\.$'
like "and why" "$out" '^B fails\. Not met: Reachable from the VPC alone\.$'
like "then the next" "$out" '^Case 2 of 2, --seed [0-9]*\.$'
like "and the end" "$out" '^0 of 1 right\.$'
feed 'w\nback\n?\na\nw\nm\nu\n0\n\n' tree which-api --seed 4 --plain
like "no proof before the answer" "$out" '^The proof comes after your answer\.$'
like "help" "$out" '^m, matrix: the table behind the tree\.$'
like "right" "$out" '^Right\.$'
like "the whole proof" "$out" '^C, WebSocket API, fails\. Not met: A cache of responses\. Not met: Reachable'
like "the matrix, needs first" "$out" '^feature  *rest  *rest-edge  *rest-private  *http$'
like "taken back" "$out" '^Taken back: REST API, private\.$'
like "given up" "$out" '^Given up\. The answer is A, REST API, private\.$'

# A walk: the first wrong turn, and its twin.
feed 'n\n3\nn\ny\n\n' tree which-api --seed 4 --walk 2 --plain
like "the first wrong turn" "$out" '^- Where does the endpoint stand\? You: none of these, first wrong turn\.$'
like "after right ones" "$out" '^- Must the server .* You: no, right\.$'
like "and what was right off the path" "$out" '^- API keys or a cache\? You: yes, right, but off the path\.$'
like "the phrase that decides" "$out" '^What decides: "The API can be reached from inside the VPC only\."$'
like "where it ended" "$out" '^The answer is REST API, private\. You ended at REST API\.$'
like "and what follows" "$out" '^The next case keeps this story and changes one fact\.$'
like "the twin" "$out" '^The same story with one fact changed\.$'
like "which says how it is made again" "$out" '^Case 2 of 2, --seed 4 --flip [a-z-]*\.$'

# What was answered is kept.
tree '' --plain
like "the list knows" "$out" '^which-api  Which API type  walked 1 case, 0 right; drilled 2, 0 right$'

# Also when the program is killed on the next line: the verdict is printed after the answer is on disk.
hold tree which-api --seed 4 --drill 9 --plain
printf 'a\n' >&3
ok "an answer" wait_for 'Right.'
kill -9 $!
wait $! 2>/dev/null
exec 3>&- 4<&-
hold tree which-api --seed 4 --walk 9 --plain
printf 'y\n' >&3
ok "a step" wait_for 'Does a WebSocket API have everything else?'
kill -9 $!
wait $! 2>/dev/null
exec 3>&- 4<&-
tree '' --json
like "the answer is there" "$out" '"drills_right": 1'
like "the step too" "$out" '"answers": 2'

# What cannot be.
tree '' which-api --drill 0
exits "no cases" 2
tree '' which-api --drill 2 --walk 2
exits "two modes" 2
tree '' which-api --flip push
exits "a flip without a seed" 2
tree '' which-api --walk 2 --node nowhere
exits "an unknown node" 1
like "is named" "$err" 'nowhere'
tree '' --drill 2
exits "no tree" 2
rm "$GATEDRILL_SHARE/data/matrix/api-types.yaml"
tree '' which-api
like "a tree without its matrix is left out" "$err" 'which-api\.yaml:5:7: error: there is no matrix "api-types"'

finish
