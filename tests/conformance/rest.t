#!/bin/sh
# What Amazon API Gateway was recorded to answer, asked of the program: REST and HTTP APIs.
# shellcheck disable=SC1091 # lib.sh stands beside it
. "$(dirname "$0")/lib.sh"
conform . rest_aws_recorded.json
conform . aws_run_assertions.json
finish
