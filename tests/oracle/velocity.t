#!/bin/sh
# Templates as Apache Velocity renders them (Debian's velocity): made up from seeds, half of them broken.
# shellcheck disable=SC1091 # lib.sh stands beside it
. "$(dirname "$0")/lib.sh"
oracle VelocityOracle velocity commons-lang commons-collections3
agree velocity.py 1 2 3
finish
