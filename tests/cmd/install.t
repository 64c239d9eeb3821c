#!/bin/sh
# What `make install` puts in place works from there, without the source tree; `make uninstall` leaves nothing of it.
set -u
root=$(mktemp -d) || exit 1
trap 'rm -rf "$root"' EXIT
count=0
program=$root/usr/local/bin/gatedrill
share=$root/usr/local/share
unset GATEDRILL_SHARE

# is NAME COMMAND...
is()
{
	name=$1
	shift
	count=$((count + 1))
	if said=$("$@" 2>&1); then
		echo "ok $count - $name"
	else
		echo "not ok $count - $name"
		echo "$said" | sed 's/^/# /'
	fi
}

same_files() { diff -r "$1" "$2"; }
lists_decks() { (cd / && "$program" deck list | grep .); }
no_file_left() { [ -z "$(find "$root" -type f)" ]; }

make_it() { make --no-print-directory BUILD="$BUILD" VARIANT="$VARIANT" DESTDIR="$root" "$1"; }

is "make install" make_it install
is "the program says its version" "$program" --version
is "the decks are installed" same_files decks "$share/gatedrill/decks"
is "the data is installed" same_files data "$share/gatedrill/data"
is "the installed program finds its decks" lists_decks
is "completion for bash" test -s "$share/bash-completion/completions/gatedrill"
is "completion for zsh" test -s "$share/zsh/site-functions/_gatedrill"
is "completion for fish" test -s "$share/fish/vendor_completions.d/gatedrill.fish"
for page in man/*.[157]; do
	is "$page is installed" cmp "$page" "$share/man/man${page##*.}/${page##*/}"
done
is "make uninstall" make_it uninstall
is "no file is left" no_file_left

echo "1..$count"
