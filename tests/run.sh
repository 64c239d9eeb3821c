#!/bin/sh
# run.sh FILE... -- run tests that print TAP and sum them up. FILE is a program or a script.
#
# Each runs from the top of the tree with an environment of its own: an empty home that is taken away afterwards, UTC, UTF-8, no
# colours, no editor. So no test sees the user's settings or decks, none sees another's files, and they may run side by side.
set -eu

one()
{
	status=0
	home=$(mktemp -d "${TMPDIR:-/tmp}/gatedrill-test.XXXXXX")
	trap 'rm -rf "$home"' EXIT
	trap 'exit 130' INT TERM HUP
	mkdir "$home/home" "$home/tmp"
	env -i PATH="$PATH" HOME="$home/home" TMPDIR="$home/tmp" GATEDRILL_HOME="$home/gatedrill" \
		GATEDRILL="${GATEDRILL:-}" GATEDRILL_SHARE="$PWD" ${GATEDRILL_SHARED:+GATEDRILL_SHARED="$GATEDRILL_SHARED"} \
		${ANKI_PYTHON:+ANKI_PYTHON="$ANKI_PYTHON"} ${ORACLE_COUNT:+ORACLE_COUNT="$ORACLE_COUNT"} \
		${CLIENT_PYTHON:+CLIENT_PYTHON="$CLIENT_PYTHON"} ${CLIENT_MODULES:+CLIENT_MODULES="$CLIENT_MODULES"} LANG=C.UTF-8 TZ=UTC TERM=dumb \
		BUILD="${BUILD:-build}" VARIANT="${VARIANT:-asan}" MAKEFLAGS="$(own_makeflags)" \
		CMOCKA_MESSAGE_OUTPUT=TAP UBSAN_OPTIONS=print_stacktrace=1 \
		timeout -k 5 "${TEST_SECONDS:-300}" "$1" </dev/null >"$home/out" || status=$?
	skips_pass <"$home/out"
	failures "$1" <"$home/out" >&2
	return $status
}

# prove tells how many tests failed; this tells which, and what they had to say.
failures()
{
	skips_pass | awk -v file="$1" '
		/^not ok / { print file ": " $0; said = 0; failed = 1; next }
		/^#/ && failed && ++said <= 40 { print; next }
		/^ok / { failed = 0 }'
}

# cmocka 1.1 writes a skipped test as "not ok 1 # SKIP", which TAP takes for a failure.
skips_pass()
{
	sed -E 's/^not (ok [0-9]+ # SKIP)/\1/'
}

# What was given to make holds for a make that a test calls, but for the job server, which it cannot reach.
own_makeflags()
{
	printf '%s' "${MAKEFLAGS:-}" | sed -E 's/ -j[0-9]*//; s/ --jobserver-[a-z]+=[^ ]*//'
}

if [ "${1:-}" = --one ]; then
	one "$2"
else
	cd "$(dirname "$0")/.."
	exec prove -j "${JOBS:-1}" --exec 'sh tests/run.sh --one' "$@"
fi
