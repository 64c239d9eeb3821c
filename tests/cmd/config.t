#!/bin/sh
# gatedrill config, and the places where files are looked for.
# shellcheck disable=SC1091,SC2154 # lib.sh sets out, err and code
. "$(dirname "$0")/lib.sh"
file=$GATEDRILL_HOME/config.yaml

run config
exits "all settings" 0
like "a setting with its meaning" "$out" '^new-per-day +20 +New cards a study day\.$'
fits "the table fits 80 columns" "$out"
ok "looking makes no file" test ! -e "$file"
run config --json
json "config --json"
like "a setting as JSON" "$out" '"retention": "0.90"'

run config retention
is "one setting" "$out" 0.90
run config retention 0.95
exits "set it" 0
is "setting says nothing" "$out$err" ""
run config retention
is "it is set" "$out" 0.95
run config
like "the default is still told" "$out" '\(Default: 0\.90\.\)$'
is "the file" "$(cat "$file")" "retention: 0.95"
run config retention default
run config retention
is "back to the default" "$out" 0.90

cat >"$file" <<-'EOD'
	# mine
	new-per-day: 7   # a week

	# steps
	learning-steps: 5m 1d
EOD
run config new-per-day 9
run config theme light
like "comments are kept" "$(cat "$file")" '^# mine$'
like "so are empty lines" "$(cat "$file")" '^$'
like "another setting is as it was" "$(cat "$file")" '^learning-steps: 5m 1d$'
like "the new one is set" "$(cat "$file")" '^new-per-day: 9'
run config learning-steps
is "spans" "$out" "5m 1d"
run config editor "code --wait"
run config editor
is "a value with blanks" "$out" "code --wait"
run config editor -- nano -w
run config editor
is "words are joined" "$out" "nano -w"
run config weights 0.4 1.1 3.1 15.6 7.1 0.5 1.4 0.004 1.5 0.1 1.0 2 0.1 0.3 2.2 0.2 3 0.5 0.6 0.1 0.2
exits "weights" 0
run config
fits "long values wrap" "$out"

before=$(cat "$file")
for bad in 'retention 2' 'retention x' '-- new-per-day -1' 'learning-steps 5x' 'day-start 25:00' 'theme blue' 'exam-date 2026-02-30' 'leech-threshold 1000' \
	'weights 1 2 3' 'fuzz maybe' 'maximum-interval 0'; do
	# shellcheck disable=SC2086
	run config $bad
	exits "config $bad" 2
	like "config $bad: what it may be" "$err" '^gatedrill: [a-z-]+ must be '
done
is "nothing was set" "$(cat "$file")" "$before"
run config retentoin
exits "an unknown setting" 2
like "an unknown setting is guessed" "$err" 'did you mean "retention"'
run config retentoin 0.9
exits "setting an unknown one" 2

# a file with mistakes is said and can be mended
printf 'retention: 7\nnew-per-dya: 3\n' >"$file"
run review
exits "a wrong value stops" 1
like "a wrong value has a place" "$err" "^$file:1:12: error: retention must be 0.70 to 0.99 \\[config-value\\]\$"
like "a wrong key too" "$err" "^$file:2:1: error: .*did you mean \"new-per-day\"\\? \\[config-unknown-key\\]\$"
run config retention 0.9
exits "it can be set right by command" 0
run doctor
exits "doctor finds it" 1
printf 'retention: 7\n' >"$file"
run doctor
like "doctor says where it is" "$out" '^settings check +PROBLEM: line 1: retention must be'
is "and says it once" "$err" ""
printf 'retention: [\n' >"$file"
run stats
exits "no YAML" 1
like "no YAML has a place" "$err" "^$file:[0-9]+:[0-9]+: error: "
rm "$file"

# -- places
every_kind
unset GATEDRILL_HOME
run doctor
like "the store without XDG" "$out" "^store +$T/\\.local/share/gatedrill/study\\.db"
like "settings without XDG" "$out" "^settings +$T/\\.config/gatedrill/config\\.yaml"
export XDG_DATA_HOME="$T/data" XDG_CONFIG_HOME="$T/conf" XDG_STATE_HOME="$T/state"
run doctor
like "the store in XDG_DATA_HOME" "$out" "^store +$T/data/gatedrill/study\\.db"
like "own decks in XDG_DATA_HOME" "$out" "^own decks +$T/data/gatedrill/decks"
like "settings in XDG_CONFIG_HOME" "$out" "^settings +$T/conf/gatedrill/config\\.yaml"
run config theme light
ok "settings are written there" test -s "$T/conf/gatedrill/config.yaml"
run deck new mine
is "a new deck is made there" "$out" "$T/data/gatedrill/decks/mine.yaml"
is "folders are the learner's alone" "$(find "$T/data/gatedrill" -maxdepth 0 -perm 700)" "$T/data/gatedrill"
export XDG_DATA_HOME=relative
run doctor
like "a relative XDG folder is not used" "$out" "^store +$T/\\.local/share/gatedrill/study\\.db"
run stats --db "$T/elsewhere.db"
ok "--db" test -s "$T/elsewhere.db"
run stats -v
like "-v says which files" "$err" "^gatedrill: store $T/\\.local/share/gatedrill/study\\.db\$"

finish
