#!/bin/sh
# The rooms include only what they may; and layers.sh would say so if they did not.
set -u
tree=$(mktemp -d) || exit 1
trap 'rm -rf "$tree"' EXIT
count=0

# result STATUS NAME
result()
{
	count=$((count + 1))
	if [ "$1" -eq 0 ]; then echo "ok $count - $2"; else echo "not ok $count - $2"; fi
}

# breaks FILE INCLUDE RULE: this line in this file is a breach of this rule.
breaks()
{
	rm -rf "$tree/src" "$tree/tests"
	mkdir -p "$tree/$(dirname "$1")"
	printf '#include %s\n' "$2" >"$tree/$1"
	sh tests/layers.sh "$tree" | grep -qF "$1:1: error: " && sh tests/layers.sh "$tree" | grep -qF "[$3]"
	result $? "$1 may not include $2"
}

# allows FILE INCLUDE
allows()
{
	rm -rf "$tree/src" "$tree/tests"
	mkdir -p "$tree/$(dirname "$1")"
	printf '#include %s\n' "$2" >"$tree/$1"
	sh tests/layers.sh "$tree" >/dev/null
	result $? "$1 may include $2"
}

found=$(sh tests/layers.sh)
result $? "the sources keep to their layers"
[ -z "$found" ] || echo "$found" | sed 's/^/# /'

breaks src/base/str.c '"deck/deck.h"' layer-room
breaks src/deck/load.c '"store/store.h"' layer-room
breaks src/srs/queue.c '"quiz/ask.h"' layer-room
breaks src/quiz/ask.c '"srs/fsrs.h"' layer-room
breaks src/gateway/http.c '"deck/deck.h"' layer-room
breaks src/tui/app.c '"cli/cli.h"' layer-room
breaks src/cli/cli.c '"tui/tui.h"' layer-room
breaks src/study/study.c '"tui/tui.h"' layer-room
breaks src/misc/util.c '"base/str.h"' layer-room
breaks tests/unit/srs/t_fsrs.c '"store/store.h"' layer-room
breaks src/deck/load.c '"deck.h"' layer-name
breaks src/cli/home.c '<curses.h>' layer-library
breaks src/cli/home.c '<ncursesw/curses.h>' layer-library
breaks src/study/study.c '<sqlite3.h>' layer-library
breaks src/base/tree.c '<yaml.h>' layer-library
breaks src/quiz/grade.c '<pcre2.h>' layer-library
breaks src/tui/page.c '<md4c.h>' layer-library
breaks src/store/db.c '<uv.h>' layer-library
allows src/store/db.c '<sqlite3.h>'
allows src/tui/app.c '<uv.h>'
allows src/study/rig.c '<uv.h>'
allows src/tui/app.c '"study/study.h"'
allows src/study/study.c '"gateway/server.h"'
allows src/main.c '"tui/tui.h"'
allows tests/unit/study/t_review.c '"world.h"'

echo "1..$count"
