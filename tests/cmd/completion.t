#!/bin/sh
# The completion scripts of three shells: they parse, and bash's completes what it should.
# shellcheck disable=SC1091,SC2154 # lib.sh sets out, err and code
. "$(dirname "$0")/lib.sh"
every_kind
run deck list

for shell in bash zsh fish; do
	run help --completion "$shell"
	exits "--completion $shell" 0
	printf '%s\n' "$out" >"$T/completion.$shell"
	if command -v "$shell" >/dev/null 2>&1; then
		ok "$shell reads it" "$shell" -n "$T/completion.$shell"
	else
		skip "$shell reads it" "no $shell"
	fi
	for flag in limit db "do" completion; do
		like "$shell: --$flag" "$out" "(--$flag|-l $flag)([^a-z]|\$)"
	done
	unlike "$shell: plumbing is hidden" "$out" "(-a plumbing|'plumbing:|^	\\*\\) words=.*plumbing)"
done
if ! command -v bash >/dev/null 2>&1; then
	finish
fi

# offers WORD...: what bash offers for the last word, as readline splits the line
mkdir "$T/bin"
ln -s "$GATEDRILL" "$T/bin/gatedrill"
cat >"$T/complete" <<-'EOD'
	source "$T/completion.bash"
	COMP_WORDS=("$@")
	COMP_CWORD=$(($# - 1))
	_gatedrill 2>/dev/null
	printf '%s\n' "${COMPREPLY[@]}"
EOD
export T
offers() {
	PATH="$T/bin:$PATH" bash "$T/complete" gatedrill "$@" | sort | tr '\n' ' '
}
is "commands" "$(offers '' | tr ' ' '\n' | grep -v -e - | tr '\n' ' ')" "config deck doctor exam export gateway help import lab quiz review search stats tree "
is "a command" "$(offers re)" "review "
is "verbs of deck" "$(offers deck l)" "lint list "
is "decks by name" "$(offers deck show k)" "kinds "
is "a tag" "$(offers review tag :)" "all first "
is "a tag's beginning" "$(offers review tag : f)" "first "
is "a deck" "$(offers search deck : ki)" "kinds "
is "a state" "$(offers search is : su)" "suspended "
is "a state that is rarely asked for" "$(offers search is : re)" "removed review "
is "a kind" "$(offers search kind : ta)" "table "
is "no options before a hyphen" "$(offers deck '')" "fmt lint list new show "
is "a command's own words once" "$(offers config theme '')" " "
is "no decks where files are meant" "$(offers deck lint k)" " "
is "nothing where a value is free" "$(offers search --do '')" " "
is "options of a command" "$(offers review --a)" "--ahead "
is "not of another" "$(offers deck --a)" " "
is "settings" "$(offers config ret)" "retention "
is "a command behind an option with a value" "$(offers --db x.db stats --js)" "--json "
is "help for a command" "$(offers help s)" "search stats "
mkdir -p "$GATEDRILL_SHARE/data/matrix" "$GATEDRILL_SHARE/data/trees"
cp "$root/tests/data/trees/matrix.yaml" "$GATEDRILL_SHARE/data/matrix/"
cp "$root/tests/data/trees/tree.yaml" "$GATEDRILL_SHARE/data/trees/"
is "a tree" "$(offers tree wh)" "which-api "
mkdir -p "$GATEDRILL_SHARE/data/labs"
cp -R "$root"/tests/data/labs/bronze* "$GATEDRILL_SHARE/data/labs"
is "a lab" "$(offers lab br)" "bronze "
is "its flags" "$(offers lab --s)" "--seed --solution --start-over "
is "words of plumbing" "$(offers plumbing w)" "words ws-echo "

finish
