#!/bin/sh
# setup.sh need|install KIND:WHAT=PACKAGE... -- is everything there that the build or the tests take?
#
# need     Says in one line what is missing and fails. Changes nothing.
# install  Installs what is missing, where there is apt-get; elsewhere says what to install.
#
# tool:cc=gcc means that the command `cc` is missing when it cannot be found; lib:NAME a module of pkg-config; py:NAME a module
# of Python; dict:NAME a dictionary of aspell; file:PATH a file or folder; fuzzer:CC what CC needs to build a fuzz target. PACKAGE is Debian's. What is there is found by asking for it and not for the package, so that any system will do.
set -eu

pkg_config=${PKG_CONFIG:-pkg-config}

is_there()
{
	case $1 in
	tool:*) command -v "${1#tool:}" ;;
	lib:*) $pkg_config --exists "${1#lib:}" ;;
	py:*) python3 -c "import ${1#py:}" ;;
	file:*) test -e "${1#file:}" ;;
	dict:*) aspell dicts | grep -qx "${1#dict:}" ;;
	fuzzer:*) echo 'int LLVMFuzzerTestOneInput(void) { return 0; }' | "${1#fuzzer:}" -fsanitize=fuzzer,address -x c - -o /dev/null ;;
	*) false ;;
	esac >/dev/null 2>&1
}

# The packages of what is missing, each once, one a line.
missing_packages()
{
	for need; do
		is_there "${need%%=*}" || echo "${need#*=}"
	done | awk '!seen[$0]++'
}

words() { printf '%s' "$*"; }

# libyaml-dev is a package; what a reader misses is libyaml.
complain()
{
	# shellcheck disable=SC2086 # a list of words
	set -- $1
	names=''
	for package; do
		names="$names${names:+, }${package%-dev}"
	done
	if command -v apt-get >/dev/null 2>&1; then
		echo "gatedrill: missing $names: apt install $*" >&2
	else
		echo "gatedrill: missing $names: install it (Debian's packages: $*)" >&2
	fi
	exit 1
}

# Asks nothing, and waits for another installation that is under way.
apt()
{
	set -- env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=120 "$@"
	[ "$(id -u)" -eq 0 ] || set -- sudo "$@"
	"$@" </dev/null
}

# A system whose package lists were never fetched, or not for long, needs them first.
apt_install()
{
	for package; do
		apt-cache show "$package" >/dev/null 2>&1 || { apt update; break; }
	done
	apt install --no-install-recommends "$@" || { apt update && apt install --no-install-recommends "$@"; }
}

install_missing()
{
	if ! command -v apt-get >/dev/null 2>&1; then
		complain "$1"
	fi
	if [ "$(id -u)" -ne 0 ] && ! command -v sudo >/dev/null 2>&1; then
		echo "gatedrill: missing packages and no sudo here; as root: apt-get install $1" >&2
		exit 1
	fi
	echo "gatedrill: installing $1" >&2
	# shellcheck disable=SC2086 # a list of words
	apt_install $1 >&2
}

mode=$1
shift
# shellcheck disable=SC2046 # newlines to spaces
missing=$(words $(missing_packages "$@"))
[ -n "$missing" ] || exit 0
[ "$mode" = install ] || complain "$missing"
install_missing "$missing"
# shellcheck disable=SC2046 # newlines to spaces
missing=$(words $(missing_packages "$@"))
[ -z "$missing" ] || complain "$missing"
