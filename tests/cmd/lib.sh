#!/bin/sh
# lib.sh -- what the command tests share: a world of their own, and TAP. A test is a POSIX shell script that reads this file first
# and ends with `finish`. It finds the program in $GATEDRILL, and everything the program reads or writes in $T, which goes away.

case ${GATEDRILL-} in
'')
	echo "1..0 # SKIP GATEDRILL does not name the program"
	exit 0
	;;
/*) ;;
*) GATEDRILL=$PWD/$GATEDRILL ;;
esac
root=$(cd "$(dirname "$0")/../.." && pwd)
export root
T=$(mktemp -d "${TMPDIR:-/tmp}/gatedrill-cmd.XXXXXX")
trap 'chmod -R u+rwx "$T"; rm -rf "$T"' EXIT
trap 'exit 1' HUP INT TERM

export GATEDRILL_HOME="$T/home" GATEDRILL_SHARE="$T/share" HOME="$T" TMPDIR="$T"
export LC_ALL=C.UTF-8 TZ=UTC TERM=dumb
unset NO_COLOR COLORTERM EDITOR VISUAL COLUMNS XDG_DATA_HOME XDG_CONFIG_HOME XDG_STATE_HOME
mkdir -p "$GATEDRILL_HOME/decks" "$GATEDRILL_SHARE/decks"

now=2026-11-20T10:00:00Z # the present, unless a test says otherwise
count=0
code=0
out=
err=

# at TIME: the present from now on.
at() {
	now=$1
}

# gd ARG...: the program at a fixed time with a fixed seed.
gd() {
	"$GATEDRILL" --now "$now" --seed 1 "$@"
}

# hold ARG...: a session in the background, for the shell that waits for it: its process is $!. Its input is file 3, what it says file 4.
hold() {
	[ -p "$T/.said" ] || mkfifo "$T/.lines" "$T/.said"
	"$GATEDRILL" --now "$now" --seed 1 "$@" <"$T/.lines" >"$T/.said" 2>&1 &
	exec 3>"$T/.lines" 4<"$T/.said"
}

# wait_for PATTERN: read what the session says up to a line like this (a pattern of `case`). False at its end.
wait_for() {
	while read -r _line <&4; do
		# shellcheck disable=SC2254 # a pattern is meant
		case $_line in $1) return 0 ;; esac
	done
	return 1
}

# run ARG...: gd with no input; its output, messages and exit status are in $out, $err and $code.
run() {
	feed '' "$@"
}

# feed LINES ARG...: the same with input; LINES is a printf format.
feed() {
	# shellcheck disable=SC2059
	printf "$1" >"$T/.in"
	shift
	code=0
	gd "$@" <"$T/.in" >"$T/.out" 2>"$T/.err" || code=$?
	out=$(cat "$T/.out")
	err=$(cat "$T/.err")
	# A sanitizer's exit status may be the one that is wanted.
	case $err in
	*Sanitizer* | *'runtime error:'*) fail "gatedrill $*" ;;
	esac
}

# pass, fail NAME: one result.
pass() {
	count=$((count + 1))
	echo "ok $count - $1"
}

fail() {
	count=$((count + 1))
	echo "not ok $count - $1"
	{
		echo "exit status $code"
		echo "stdout:"
		echo "$out"
		echo "stderr:"
		echo "$err"
	} | head -60 | sed 's/^/#   /'
}

# ok NAME COMMAND...: the command succeeds.
ok() {
	_name=$1
	shift
	if "$@"; then pass "$_name"; else fail "$_name"; fi
}

# is NAME GOT WANT
is() {
	if [ "$2" = "$3" ]; then
		pass "$1"
	else
		fail "$1"
		printf '# got:  %s\n# want: %s\n' "$2" "$3" | sed '2,$s/^\([^#]\)/#       \1/'
	fi
}

# like, unlike NAME TEXT PATTERN: some line of the text matches the extended pattern, or none does.
like() {
	if printf '%s\n' "$2" | grep -Eq -e "$3"; then
		pass "$1"
	else
		fail "$1"
		printf '# no line matches: %s\n' "$3"
	fi
}

unlike() {
	if printf '%s\n' "$2" | grep -Eq -e "$3"; then
		fail "$1"
		printf '# a line matches: %s\n' "$3"
	else
		pass "$1"
	fi
}

# exits NAME STATUS: what the last run or feed ended with.
exits() {
	is "$1 (exit $2)" "$code" "$2"
}

# json NAME: $out is valid JSON, where there is something to tell.
json() {
	if ! command -v python3 >/dev/null 2>&1; then
		count=$((count + 1))
		echo "ok $count - $1 # SKIP no python3"
	elif printf '%s\n' "$out" | python3 -m json.tool >/dev/null 2>&1; then
		pass "$1"
	else
		fail "$1"
	fi
}

skip() {
	count=$((count + 1))
	echo "ok $count - $1 # SKIP $2"
}

# fits NAME TEXT: no line is over 80 columns.
fits() {
	_wide=$(printf '%s\n' "$2" | awk 'length($0) > 80')
	is "$1" "$_wide" ""
}

finish() {
	echo "1..$count"
	exit 0
}

# fresh: forget the store and the settings, keep the decks.
fresh() {
	rm -rf "$GATEDRILL_HOME"/study.db* "$GATEDRILL_HOME/config.yaml" "$GATEDRILL_HOME/backups"
}

# deck NAME: write standard input to a deck file of the learner's.
deck() {
	cat >"$GATEDRILL_HOME/decks/$1.yaml"
}

# one_card NAME: a deck of a single basic card.
one_card() {
	deck "$1" <<-EOD
		deck: $1
		title: One card
		format: 1
		cards:
		- {id: one, kind: basic, front: Question one?, back: Answer one.}
	EOD
}

# every_kind: a deck "kinds" with one card of each kind; 13 review cards, of which 10 can be asked in a day.
every_kind() {
	deck kinds <<-'EOD'
		deck: kinds
		title: Every kind
		format: 1
		exam: {dva-c03: "1.1"}
		tags: [all]
		sources:
		  s: {title: A source, url: "https://example.org/", checked: 2026-11-01}
		cards:
		- {id: basic, kind: basic, front: Basic front?, back: Basic back., hint: A hint., source: s, tags: [first]}
		- {id: reversed, kind: reversed, front: Reversed front, back: Reversed back, source: s}
		- {id: cloze, kind: cloze, text: "Holes {{c1::one}} and {{c2::two::which}}.", source: s}
		- id: table
		  kind: table
		  title: Table title
		  columns: {a: Column A, b: Column B}
		  rows: {x: [Row X, xa, xb], y: [Row Y, ya, yb]}
		  ask: row
		  source: s
		- {id: truefalse, kind: truefalse, statement: Water is dry., answer: false, why: It is wet., lore: Notes say dry., source: s}
		- id: choice
		  kind: choice
		  question: Which one?
		  options:
		  - {text: Good one, right: true, why: It fits.}
		  - {text: Bad two, why: It does not.}
		  - {text: Bad three, why: It cannot.}
		  source: s
		- id: some
		  kind: choice
		  choose: 2
		  question: Which two?
		  options:
		  - {text: Good red, right: true, why: Red fits.}
		  - {text: Good blue, right: true, why: Blue fits.}
		  - {text: Bad green, why: Green does not.}
		  - {text: Bad grey, why: Grey does not.}
		  source: s
		- id: matching
		  kind: matching
		  question: What belongs together?
		  pairs:
		  - {left: one, right: eins}
		  - {left: two, right: zwei}
		  decoys: [drei]
		  source: s
		- {id: ordering, kind: ordering, question: In which order?, items: [alpha, beta, gamma], source: s}
		- {id: typed, kind: typed, question: Type it., accept: ['29 ?s(econds)?'], show: 29 seconds, source: s}
	EOD
}
