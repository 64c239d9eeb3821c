#!/bin/sh
# lint.sh -- what can be said of the sources without running them. Each check says "ok", how many findings it has, or that it was
# skipped because its tool is not here. CFLAGS: what the compiler is given. JOBS: how many at a time. Fails on any finding.
set -u
cd "$(dirname "$0")/.." || exit 1

max_lines=700
max_function=80
jobs=${JOBS:-1}
out=$(mktemp) || exit 1
trap 'rm -f "$out"' EXIT

sources() { find src tests -name '*.c' | sort; }
c_files() { find src tests -name '*.[ch]' | sort; }
scripts() { grep -lrE '^#!.*/(env )?(ba)?sh' tests .ci | sort; }

layers() { sh tests/layers.sh; }

format()
{
	c_files | xargs clang-format --dry-run 2>&1 |
		sed -n 's/: warning: code should be clang-formatted.*//p' | cut -d: -f1 | sort | uniq -c |
		awk '{ printf "%s: %d places differ from .clang-format; make format\n", $2, $1 }'
}

banned()
{
	c_files | xargs grep -nE '(^|[^A-Za-z0-9_>.])(strcpy|strcat|strncpy|strncat|sprintf|vsprintf|gets|system|tmpnam|mktemp|alloca)[ ]*\(' |
		sed 's/$/  [banned call]/'
}

leftovers() { grep -rnE 'TO[D]O|FIX[M]E' src man tests Makefile 2>/dev/null; }

functions()
{
	sources | ctags -f - --kinds-C=f --fields=+ne -L - 2>/dev/null | awk -F '\t' -v max="$max_function" '{
		start = 0; end = 0
		for (i = 4; i <= NF; i++) {
			if ($i ~ /^line:/) start = substr($i, 6)
			if ($i ~ /^end:/) end = substr($i, 5)
		}
		if (end && end - start + 1 > max)
			printf "%s:%d: %s has %d lines, more than %d\n", $2, start, $1, end - start + 1, max
	}'
}

files()
{
	c_files | xargs wc -l | awk -v max="$max_lines" '$2 != "total" && $1 > max { printf "%s has %d lines, more than %d\n", $2, $1, max }'
}

tidy()
{
	find src -name '*.c' | sort | xargs -n 4 -P "$jobs" sh -c '
		flags=$1; shift
		eval "set -- \"\$@\" -- $flags"
		clang-tidy --quiet "$@" 2>/dev/null' sh "${CFLAGS:--Isrc}" | grep -E '(warning|error):'
}

check_c()
{
	cppcheck --quiet --std=c11 --library=posix --enable=warning,performance,portability --inline-suppr \
		--suppressions-list=tests/lint/cppcheck.txt --template='{file}:{line}: {message} [{id}]' \
		-j "$jobs" -D_GNU_SOURCE -DGATEDRILL_VERSION='""' -DGATEDRILL_SHARE_DIR='""' -Isrc src 2>&1
}

# SC2016: what stands in single quotes is often for awk or for another shell.
check_sh() { scripts | xargs shellcheck --format=gcc --external-sources --source-path=SCRIPTDIR --exclude=SC2016; }
manual() { find man -name '*.[157]' | sort | xargs -r mandoc -T lint -W warning; }

findings=0
checks=0
skipped=0

# check NAME COMMAND [TOOL]: a command that prints one line a finding.
check()
{
	if [ -n "${3:-}" ] && ! command -v "$3" >/dev/null 2>&1; then
		echo "lint: $1: skipped, $3 is not here"
		skipped=$((skipped + 1))
		return
	fi
	$2 >"$out"
	n=$(wc -l <"$out")
	cat "$out"
	if [ "$n" -eq 0 ]; then echo "lint: $1: ok"; else echo "lint: $1: $n findings"; fi
	checks=$((checks + 1))
	findings=$((findings + n))
}

check layers layers
check "banned calls" banned
check leftovers leftovers
check "length of files" files
check "length of functions" functions ctags
check format format clang-format
check shellcheck check_sh shellcheck
check manual manual mandoc
check cppcheck check_c cppcheck
check clang-tidy tidy clang-tidy

echo "gatedrill: lint: $checks checks, $findings findings, $skipped skipped"
[ "$findings" -eq 0 ]
