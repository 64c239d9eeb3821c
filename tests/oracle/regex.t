#!/bin/sh
# Regular expressions as java.util.regex has them.
# shellcheck disable=SC1091 # lib.sh stands beside it
. "$(dirname "$0")/lib.sh"
oracle RegexOracle
agree regex.py 1 2 3
finish
