#!/bin/sh
# layers.sh [TREE] -- do the rooms include only what they may? Prints each breach as path:line: error: ... [rule] and fails if there is one.
#
# Two kinds of rule: a room may use the rooms to its left, and a library is known to one room or file alone. The linker holds the
# first for calls (a unit test links no more than it may); this holds it for types, macros and inline functions as well.
set -eu
cd "${1:-.}"

find src tests/unit -name '*.[ch]' 2>/dev/null | sort | xargs awk '
BEGIN {
	# room: the rooms it may use
	uses["base"] = ""
	uses["deck"] = "base"
	uses["srs"] = "base deck"
	uses["quiz"] = "base deck"
	uses["store"] = "base deck srs quiz"
	uses["exchange"] = "base deck srs quiz store"
	uses["gateway"] = "base"
	uses["study"] = "base deck srs quiz store exchange gateway"
	uses["tui"] = "base deck srs quiz store exchange gateway study"
	uses["cli"] = "base deck srs quiz store exchange gateway study"

	# library header, as a pattern: the files that may include it, as another
	home["^(ncursesw/)?(n?curses|term)\\.h$"] = "^src/tui/"
	home["^sqlite3\\.h$"] = "^src/store/"
	home["^yaml\\.h$"] = "^src/base/yaml\\.c$"
	home["^pcre2\\.h$"] = "^src/base/regex\\.c$"
	home["^md4c\\.h$"] = "^src/base/markdown\\.c$"
	home["^uv\\.h$"] = "^src/(tui|gateway|study|cli)/"
	home["^curl/"] = "^src/gateway/"
	home["^openssl/"] = "^src/gateway/"
	home["^zlib\\.h$"] = "^src/gateway/content\\.c$"
	home["^zip\\.h$"] = "^src/exchange/"
	home["^zstd\\.h$"] = "^src/exchange/"
}

function breach(rule, what) {
	printf "%s:%d: error: %s [%s]\n", FILENAME, FNR, what, rule
	bad++
}

# src/deck/load.c and tests/unit/deck/t_load.c are of the room deck; src/main.c is of none and may use all.
FNR == 1 {
	n = split(FILENAME, part, "/")
	room = part[1] == "src" ? (n > 2 ? part[2] : "") : part[3]
	files++
	if (room != "" && !(room in uses))
		breach("layer-room", "no rule for the room \"" room "\"; add it to tests/layers.sh")
}

/^[ \t]*#[ \t]*include[ \t]*["<]/ {
	match($0, /["<][^">]+[">]/)
	name = substr($0, RSTART + 1, RLENGTH - 2)
	if (substr($0, RSTART, 1) == "\"")
		check_room(name)
	for (header in home)
		if (name ~ header && FILENAME !~ home[header] && FILENAME ~ /^src\//)
			breach("layer-library", name " belongs to " home[header])
}

function check_room(name,    other) {
	other = name
	sub(/\/.*/, "", other)
	if (!(other in uses)) {
		if (FILENAME ~ /^src\//)
			breach("layer-name", "write \"" name "\" with its room: \"room/file.h\"")
	} else if (room != "" && other != room && index(" " uses[room] " ", " " other " ") == 0) {
		breach("layer-room", room " may not include " name "; it may use: " (uses[room] == "" ? "no other room" : uses[room]))
	}
}

END {
	if (!files) {
		print "layers: no sources here"
		exit 1
	}
	if (bad)
		printf "layers: %d breaches in %d files\n", bad, files
	exit bad > 0
}'
