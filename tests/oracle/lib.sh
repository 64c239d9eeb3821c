#!/bin/sh
# lib.sh -- what the tests beside it share: programs of Java, which know better, against ours. ORACLE_COUNT is how many cases a seed
# gives (2000). Without Java, or the jars that a test names, there is nobody to ask.
# shellcheck disable=SC1091,SC2034,SC2154 # the other lib.sh sets root and T
. "$(dirname "$0")/../cmd/lib.sh"
jars=${JAVA_JARS:-/usr/share/java}

skip() {
	echo "1..0 # SKIP $*"
	exit 0
}

# oracle CLASS JAR...: compile CLASS.java; $class and $classpath are what runs it.
oracle() {
	class=$1
	classpath=$T/classes
	shift
	command -v python3 >/dev/null 2>&1 || skip "python3 is not there"
	command -v javac >/dev/null 2>&1 || skip "Java is not there"
	for jar; do
		[ -e "$jars/$jar.jar" ] || skip "$jars/$jar.jar is not there"
		classpath=$classpath:$jars/$jar.jar
	done
	mkdir -p "$T/classes"
	if ! javac -d "$T/classes" -cp "$classpath" "$root/tests/oracle/$class.java" >"$T/javac" 2>&1; then
		sed 's/^/# /' "$T/javac"
		fail "$class.java compiles"
		finish
	fi
}

# agree SCRIPT SEED...: cases made from each seed, asked of both.
agree() {
	script=$1
	shift
	for seed; do
		if python3 "$root/tests/oracle/$script" "$GATEDRILL" --seed "$seed" --count "${ORACLE_COUNT:-2000}" \
			-- java -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp "$classpath" "$class" >"$T/differences" 2>&1; then
			pass "seed $seed: $(tail -n 1 "$T/differences")"
		else
			fail "seed $seed"
			sed 's/^/# /' "$T/differences"
		fi
	done
}
