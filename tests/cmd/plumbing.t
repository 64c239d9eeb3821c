#!/bin/sh
# gatedrill plumbing: what scripts may count on.
# shellcheck disable=SC1091,SC2154 # lib.sh sets out, err and code
. "$(dirname "$0")/lib.sh"

# The published test of the memory model: fsrs-rs, test_memory_state.
feed '{"reviews":[[1,0],[3,0],[3,1],[3,3],[3,8],[3,21]]}\n' plumbing fsrs
exits "fsrs" 0
like "the last state" "$out" '"stability":53\.626[89][0-9]*,"difficulty":6\.3574[0-9]*,[^}]*\}\]\}$'
json "fsrs is JSON"
feed '{"reviews":[[3,0],[3,2]]}\nnonsense\n{"fuzz":{"interval":100,"minimum":1,"maximum":36500}}\n' plumbing fsrs
is "a line for a line" "$(printf '%s\n' "$out" | wc -l | tr -d ' ')" 3
like "what makes no sense is an error" "$out" '^\{"error":'
like "the next line is answered all the same" "$out" '^\{"lower":9[0-9],"upper":10[0-9]\}$'
run plumbing fsrs
exits "no lines" 0
is "no answers" "$out" ""

run plumbing words deck
exits "words without a store" 0
is "no words" "$out$err" ""
ok "and no store is made for them" test ! -e "$GATEDRILL_HOME/study.db"
every_kind
one_card second
run deck list
run plumbing words deck
is "decks" "$out" "$(printf 'kinds\nsecond')"
run plumbing words tag
is "tags" "$out" "$(printf 'all\nfirst')"

finish
