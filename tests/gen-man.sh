#!/bin/sh
# Renew the generated parts of the manual pages from the program's own tables.
#
#   GATEDRILL=path/to/gatedrill sh tests/gen-man.sh           rewrite man/*
#   GATEDRILL=path/to/gatedrill sh tests/gen-man.sh --check   change nothing; exit 1 and name the pages that are not current
#
# A part stands between the lines `.\" begin generated: PART` and `.\" end generated: PART`.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
program=${GATEDRILL:-$root/build/release/gatedrill}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Print a page with each part as the program gives it now.
renew() {
	while IFS= read -r line; do
		case $line in
		'.\" begin generated: '*)
			printf '%s\n' "$line"
			"$program" help --mdoc "${line##*: }"
			skip=1
			;;
		'.\" end generated: '*)
			printf '%s\n' "$line"
			skip=0
			;;
		*)
			[ "$skip" = 1 ] || printf '%s\n' "$line"
			;;
		esac
	done
}

old=0
for page in "$root"/man/*.[1-9]; do
	skip=0
	renew <"$page" >"$work/page"
	if ! cmp -s "$page" "$work/page"; then
		old=1
		if [ "${1-}" = --check ]; then
			echo "man/${page##*/} is not current: run sh tests/gen-man.sh" >&2
		else
			cat "$work/page" >"$page"
			echo "man/${page##*/}"
		fi
	fi
done
[ "${1-}" != --check ] || exit "$old"
