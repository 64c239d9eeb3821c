#!/bin/sh
# Labs on the line: the list, a lab with its requests, goals, hints and files, its end, trials, proofs and evidence drills.
# shellcheck disable=SC1091,SC2034,SC2154 # lib.sh sets and reads out, err and code
. "$(dirname "$0")/lib.sh"

mkdir -p "$GATEDRILL_SHARE/data/labs" "$GATEDRILL_SHARE/data/drills"
cp -R "$root"/tests/data/labs/bronze* "$GATEDRILL_SHARE/data/labs"
cp -R "$root"/tests/data/drills/keys* "$GATEDRILL_SHARE/data/drills"
deck kinds <<-'EOD'
	deck: kinds
	title: Kinds
	format: 1
	cards:
	- {id: basic, kind: basic, front: Which keys count?, back: Those of a plan., proof: bronze/no-key}
	- {id: typed, kind: typed, question: Which status?, accept: ['403'], show: '403', proof: bronze/no-key}
	- {id: plain, kind: typed, question: And without?, accept: ['no'], show: 'no'}
EOD

# lab LINES ARG...: the command, its lines through a pipe.
lab() {
	lines=$1
	shift
	# shellcheck disable=SC2059 # the lines hold \n
	out=$(printf "$lines" | "$GATEDRILL" --now "$now" lab "$@" 2>"$T/err")
	code=$?
	err=$(cat "$T/err")
}

# The list.
lab '' --plain
exits "the list" 0
like "a lab and how it went" "$out" '^bronze  A key that opens nothing  not tried yet$'
like "and the drills" "$out" '^keys  The shop.s partners$'
lab '' --list
like "the same with --list" "$out" '^bronze  A key that opens nothing  not tried yet$'
lab '' --json
json "as JSON"
like "with goals" "$out" '"id": "refused"'
lab '' bronce
exits "a mistyped lab" 2
like "is told what was meant" "$err" 'did you mean "bronze"'
lab '' one two
exits "two labs" 2
lab '' --solution
exits "a solution of what" 2

# A lab: what it says, a request, hints.
lab 'requests\nno-key\nhint\nh\nhint\nexplain\ngoals\n?\nq\n' bronze
exits "a lab" 0
like "its title" "$out" '^Lab bronze: A key that opens nothing\. It takes about 3 minutes\.$'
like "its story" "$out" '^The partner bronze is refused'
like "its goals" "$out" '^Goal 1, open: A call is refused'
like "its address" "$out" '^ *shop +prod: http://127\.0\.0\.1:[0-9]+'
like "its file" "$out" '^To edit: /.*/bronze/shop\.yaml$'
like "its requests" "$out" '^2  bronze: With its key$'
like "what was sent" "$out" '^GET /prod/stock: 403 INVALID_API_KEY at API key: .*\.$'
like "the answer" "$out" '^Answer: 403 Forbidden$'
like "its headers" "$out" '^x-amzn-ErrorType: ForbiddenException$'
like "its body" "$out" '^\{"message":"Forbidden"\}$'
like "the trace" "$out" '^API key: refused, no API key was sent\.$'
like "and where it ended" "$out" '^Not reached: throttling, .*, method response\.$'
like "a goal is met" "$out" '^Goal 1 of 2 is met: A call is refused before anything is called\.$'
like "a hint" "$out" '^Look at the plan\.$'
like "another" "$out" '^The plan has no key\.$'
like "no more" "$out" '^There is no further hint\.$'
like "no explanation yet" "$out" '^That comes when all goals are met, or when you give up\.$'
like "what is met" "$out" '^Goal 1, met: '
like "help" "$out" "^send METHOD PATH: a request of your own"
like "leaving" "$out" '^1 of 2 goals met\. `gatedrill lab bronze` goes on from here'
folder=$(printf '%s\n' "$out" | sed -n 's/^To edit: //p')
lab '' --plain
like "the list knows" "$out" '^bronze  A key that opens nothing  1 of 2 goals, 2 hints$'

# It goes on where it was left; a line of one's own, a burst, a socket, nonsense.
lab "send GET /prod/stock -H 'x-api-key: bronze-key-0000000000'\nburst 20 0.5 1\nburst 2 1 dial\nsend /prod/stock --zip\nbronce\n17\n:trace\nsend /nowhere/stock\n" bronze
exits "the end of input ends it" 0
like "what was met is kept" "$out" '^Goal 1, met: '
like "a request of one's own" "$out" '^GET /prod/stock: 403 '
like "an address that is none" "$out" '^GET /nowhere/stock: [45][0-9][0-9] '
like "a burst is counted" "$out" '^10 times: 403 INVALID_API_KEY at API key'
like "only what sends" "$out" '^burst takes requests a second'
like "an option that is none" "$out" '^Behind the path come '
like "no such request" "$out" '^That is no command and no ready request'
like "the last trace" "$out" '^Trace [0-9]+\. GET /prod/stock: 403 '
like "with stages where nothing is set up" "$out" "^WAF: none\.\$"
lab 'r bronce\nwait 100ms\ndeploy shop/prod\ndeploy shop/nowhere\n' bronze
like "a mistyped request" "$out" '^There is no request bronce; did you mean bronze\?$'
like "waiting says when it is over" "$out" '^Waited 0\.1 s\.$'
like "a deployment says that it was done" "$out" '^Deployed to shop/prod\.$'
unlike "and not when it was not" "$out" '^Deployed to shop/nowhere'
lab 'talk\nsay again\nclose\nsay more\n' bronze
like "a socket" "$out" '^alice is connected\.$'
like "hears" "$out" '^alice heard: .*hello'
like "the only one need not be named" "$out" '^alice heard: .*again'
like "is closed" "$out" '^alice is closed, code 1000'
like "and then gone" "$out" '^Not done: .*\.$'

# Mending it, with an editor; the end.
cat >"$T/mend" <<'EOF'
#!/bin/sh
shift
sed 's/keys: \[\]/keys: [bronze]/' "$1" >"$1.new" && mv "$1.new" "$1"
EOF
chmod +x "$T/mend"
export EDITOR="$T/mend"
lab 'edit ../../x\nedit\nbronze\nexplain\nhint\nstart over\nn\n' bronze
exits "mended" 0
like "not any file" "$out" '^The lab has no such file'
like "the file is read again" "$out" '^Read again\.'
like "the last goal" "$out" '^Goal 2 of 2 is met: The partner is served\.$'
like "passed" "$out" '^All goals are met: passed, with 2 hints\.$'
like "the explanation" "$out" '^The plan named the stage, and no key\.$'
like "its sources" "$out" '^Source: A source, https://example\.org/$'
like "not without a yes" "$out" '^Then not\.$'
lab '' --plain
like "the list knows it" "$out" '^bronze  A key that opens nothing  passed'
lab 'start over\nmaybe\ny\nbronze\ngive up\ny\nsolve\nq\n' bronze
like "y or n" "$out" '^y or n\.$'
like "begun anew" "$out" '^Goal 1, open: '
like "with its files" "$out" '^GET /prod/stock: 403 '
like "given up" "$out" '^Given up\.$'
like "the solution is told" "$out" '^Step 2\. Edit shop\.yaml: "keys: \[\]" becomes "keys: \[bronze\]"\.$'
like "and carried out" "$out" '^GET /prod/stock: 200, '
lab 'q\n' bronze --start-over
like "anew by a flag" "$out" '^Goal 2, open: '
is "the file is as it came" "$(grep -c 'keys: \[\]' "$folder")" 1

# What was laid beside the files is there anew.
cp -R "$root"/data/labs/mutual-tls* "$GATEDRILL_SHARE/data/labs"
lab 'q\n' mutual-tls
pharmacy=$(printf '%s\n' "$out" | sed -n 's/^To edit: //p')
echo '# mine' >>"$pharmacy"
lab 'start over\ny\nq\n' mutual-tls
is "an edited lab with certificates begins anew" "$(grep -c mine "$pharmacy")" 0
is "with the authority of its clients" "$(grep -c 'BEGIN CERTIFICATE' "${pharmacy%/*}/ca.pem")" 1

# Trials.
lab '' bronze --solution --json
exits "the solution passes" 0
json "as JSON"
like "with all goals" "$out" '"passed":true,"met":2,"total":2,"goals":\[\{"id":"refused","met":true\}'
lab '' bronze --solution
like "as a sentence" "$out" '^bronze: the solution passes: 2 of 2 goals met\.$'
lab '' bronze --check --json
exits "the start does not" 0
like "and meets one" "$out" '"passed":false,"met":1,"total":2'
lab '' bronze --check --solution
exits "not both" 2

# Proofs.
lab '' bronze/no-key --plain
exits "a proof" 0
like "says what it shows" "$out" '^Without a key nothing is called\.$'
like "by which trace" "$out" '^GET /prod/stock: 403 '
like "row by row" "$out" '^API key: refused, '
like "as expected" "$out" '^It came out as expected\.$'
lab '' bronze/no-key --json
exits "as JSON" 0
json "a proof as JSON"
like "with its trace" "$out" '"met":true,"why":null,"trace":\{"number":'
lab '' bronze/wrong --plain
exits "one that fails" 1
like "is told so" "$out" '^It did not come out as expected\.$'
lab '' bronze/none --plain
exits "no such proof" 1
like "is an error" "$err" 'no lab or proof with a request "bronze/none"'
lab '' bronz/wrog --plain
like "a name that is nearly one" "$err" 'request "bronz/wrog", did you mean "bronze/wrong"\?'
lab '' --drill 1 kesy --plain
exits "no such drill" 1
like "but one nearly so" "$err" 'no evidence drill "kesy", did you mean "keys"\?'
feed ':prove\n\np\n3\n:quit\n' review deck:kinds id:basic --plain
like "no proof before the answer" "$out" '^The proof comes after your answer\.$'
like "a card names its proof" "$out" '^Proof: bronze/no-key; p runs it\.$'
like "p proves it" "$out" '^It came out as expected\.$'
feed ':p\n403\np\n\nno\np\n\n' quiz deck:kinds kind:typed --plain
like "in a quiz too" "$out" '^It came out as expected\.$'
like "not before" "$out" '^The proof comes after your answer\.$'
like "nor without" "$out" '^The card names no proof\.$'

# Evidence drills.
lab '' --drill 4 --seed 5 --json
exits "drills as JSON" 0
is "a line a case" "$(printf '%s\n' "$out" | wc -l | tr -d ' ')" 4
like "with the truth" "$out" '"fault":"[a-z-]+","stage":"[a-z-]+","options":\["'
facts() {
	printf '%s\n' "$1" | sed 's/"log".*//'
}
first=$(facts "$out")
lab '' --drill 4 --seed 5 --json
is "twice the same" "$(facts "$out")" "$first"
lab 'l\n?\nw\nz\n0\nw\n\nt\nq\n' --drill 2 --seed 5 --plain
exits "a drill" 0
like "names its seed" "$out" '^Case 1 of 2, --seed 5: The shop.s partners\.$'
like "the log" "$out" '^[0-9:.]+ (GET|POST) /prod/[a-z]+ [0-9]+'
like "with what tells" "$out" 'integration\.status/latency='
like "metrics" "$out" "^Shop/prod +[0-9]+ "
like "a letter, please" "$out" '^One of the letters, 0 to give up'
like "no reasons before" "$out" '^That comes after your answer\.$'
like "given up" "$out" '^Given up\. It is [A-E], '
like "the whole trace" "$out" '^method response'
like "the next case" "$out" '^Case 2 of 2, --seed [0-9]+: '
like "the end" "$out" '^0 of 1 right\.$'
right=$(printf '%s\n' "$first" | sed -n '1s/.*"right":\([0-9]*\).*/\1/p')
letter=$(printf 'abcdefgh' | cut -c "$((right + 1))")
lab "$letter\n\n" --drill 1 --seed 5 --plain
like "the right letter" "$out" '^Right: '
like "counts" "$out" '^1 of 1 right\.$'
lab '' --drill 1 nothing --plain
exits "no such drill" 1
lab '' --drill none --plain
exits "how many" 2
finish
