#!/bin/sh
# gatedrill stats, the home in lines, and what is due on later days.
# shellcheck disable=SC1091,SC2154 # lib.sh sets out, err and code
. "$(dirname "$0")/lib.sh"

run
exits "home without cards" 0
like "home without cards: what to do" "$out" '^gatedrill deck new NAME'
run stats
exits "no cards" 0
like "nothing ahead" "$out" '^No reviews in the next 14 days\.$'
every_kind
run
exits "home" 0
is "home counts" "$(printf '%s\n' "$out" | head -1)" "13 cards in 1 deck: 0 are due, 13 are new, 10 of them for today."
fits "home fits 80 columns" "$out"
run --json
json "home as JSON"
like "home as JSON counts" "$out" '"new": 13'
run config new-per-day 4
run
is "home counts what is for today" "$(printf '%s\n' "$out" | head -1)" "13 cards in 1 deck: 0 are due, 13 are new, 4 of them for today."
run --json
like "what is for today as JSON" "$out" '"today": 4'
run config new-per-day 0
run
like "home: none for today" "$out" ' 13 are new, none of them for today\.$'
run config new-per-day default

run stats
like "counts" "$out" '^13 cards in 1 deck\.$'
like "states" "$out" '^0 due, 13 new, 0 in learning, 0 in review, 0 suspended, 0 leeches\.$'
like "no answers" "$out" '^No answers in the last 30 days\.$'
feed '\n4\n\n4\n\n1\n:q\n' review
run stats
like "answers" "$out" '^Last 30 days: 3 answers on 1 day, 67 % kept, 0 min\.$'
like "a streak" "$out" '^In a row: 1 day\.$'
like "the days ahead" "$out" '^Reviews ahead:$'
like "a bar" "$out" '^  2026-1[12]-[0-9]{2} +[12]  #+$'
is "fourteen days" "$(printf '%s\n' "$out" | grep -c '^  20')" 14
fits "statistics fit 80 columns" "$out"
run stats kind:basic
like "of a query" "$out" '^Cards that match kind:basic: 1\.$'
run stats --json
json "stats --json"
run stats tag:firts
exits "of a mistyped tag" 0
is "a tag is suggested" "$err" 'gatedrill: there is no tag "firts", did you mean "first"?'
run stats kind:basic --json
like "of a query as JSON" "$out" '"cards": 1,'

# the forecast holds what then comes
feed '' review kind:basic
exits "not today" 3
day=$(gd search kind:basic --json | sed -n 's/.*"due": "\(....-..-..\).*/\1/p')
at "${day}T10:00:00Z"
run
like "due on its day" "$out" ': [1-3] (is|are) due'
feed '' review kind:basic
exits "it is asked" 0
at 2027-06-01T10:00:00Z
run stats
like "overdue ones are today's" "$out" '^  2027-06-01 +[23]  #+$'
at 2026-11-20T10:00:00Z
feed '\n3\n:q\n' review
like "the end of a session tells of tomorrow, or of nothing" "$out" '^1 card, 1 kept'

# two days in a row
at 2026-11-21T10:00:00Z
feed '\n3\n:q\n' review
run stats
like "two days in a row" "$out" '^In a row: 2 days\.$'

finish
