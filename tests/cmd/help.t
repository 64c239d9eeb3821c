#!/bin/sh
# Help, usage and what is said to a mistyped command line.
# shellcheck disable=SC1091,SC2154 # lib.sh sets out, err and code
. "$(dirname "$0")/lib.sh"

run help
exits "help" 0
like "help has examples" "$out" '^Examples:'
like "help lists review" "$out" '^  review  '
unlike "help hides plumbing" "$out" 'plumbing'
fits "help fits 80 columns" "$out"
is "help says nothing else" "$err" ""

run --help
like "--help is help" "$out" '^Commands:'
run -h
like "-h is help" "$out" '^Commands:'

for command in review quiz exam tree deck search stats config doctor help plumbing; do
	run "$command" -h
	exits "$command -h" 0
	like "$command -h shows its usage" "$out" "^Usage: gatedrill $command( |\$)"
	like "$command -h shows examples" "$out" '^  (gatedrill|echo)'
	fits "$command -h fits 80 columns" "$out"
	unlike "$command -h leaves no blank at a line's end" "$out" ' $'
	with_h=$out
	run help "$command"
	is "help $command is the same" "$out" "$with_h"
	run "$command" --no-such-option
	exits "$command --no-such-option" 2
	like "$command points to its options" "$err" "$command -h"
done

run -h review
is "-h before the command" "$(printf '%s\n' "$out" | head -1)" "gatedrill review: review the cards that are due, and new ones"

run --version
exits "--version" 0
like "--version" "$out" '^gatedrill [0-9]+\.[0-9]+\.[0-9]+$'

run revew
exits "a mistyped command" 2
is "a mistyped command is guessed" "$err" 'gatedrill: there is no command "revew", did you mean "review"?'
is "a usage error prints no result" "$out" ""
run xyzzy
like "an unknown command points to help" "$err" 'gatedrill help'
run help revew
exits "help for a mistyped command" 2
like "help guesses too" "$err" 'did you mean "review"'
run review --lmit 3
exits "a mistyped option" 2
like "a mistyped option is guessed" "$err" 'did you mean --limit\?'
run -z
exits "an unknown letter" 2
run review --limit
like "a value is missing" "$err" '--limit needs a value: --limit N'
run review --cram=yes
like "a value too many" "$err" '--cram takes no value'
run deck --limit 3
like "an option of another command" "$err" 'not an option of .gatedrill deck.$'
run deck list --write
like "an option of another verb" "$err" 'not an option of .gatedrill deck list.$'
for bad in '--now yesterday' '--now 2026-13-01T00:00:00Z' '--seed -1' '--seed x'; do
	# shellcheck disable=SC2086
	feed '' review $bad
	exits "review $bad" 2
done
for bad in '--limit 0' '--limit x' '--new -1' '--ahead 1.5' '--json'; do
	# shellcheck disable=SC2086
	run review $bad
	exits "review $bad" 2
done
like "a review has no JSON" "$err" 'no --json'
run doctor now
exits "doctor takes no words" 2
run doctor --rebuild --backup x
exits "doctor does one thing" 2
run help --mdoc nothing
exits "an unknown part" 2
run help --completion tcsh
exits "an unknown shell" 2
run plumbing
exits "plumbing alone" 2
run plumbing words cards
exits "plumbing words of what" 2

one_card one
run -- search one
exits "-- ends the options" 0
run search -- -one
exits "a word after --" 0
unlike "not one" "$out" 'one/one'
run search -one
exits "a negated word is no option" 0
run search --limit 1 one --json
exits "options after words" 0
json "search --json"

run "$(printf 'a\033[31mb')"
unlike "an escape in a command is not printed" "$err" "$(printf '\033')"
run deck show "$(printf 'a\033[31mb')"
unlike "an escape in a name is not printed" "$err$out" "$(printf '\033')"
run --"$(printf '\033')"
unlike "an escape in an option is not printed" "$err" "$(printf '\033')"

finish
