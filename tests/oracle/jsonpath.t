#!/bin/sh
# JSONPath as Jayway's JsonPath has it (Debian's libjsonpath-java).
# shellcheck disable=SC1091 # lib.sh stands beside it
. "$(dirname "$0")/lib.sh"
oracle JsonPathOracle json-path json-smart accessors-smart asm slf4j-api slf4j-nop
agree jsonpath.py 1 2 3
finish
