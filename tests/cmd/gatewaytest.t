#!/bin/sh
# gatedrill gateway test: the answer and the execution log of one request, as the console's Test button shows them.
# shellcheck disable=SC1091,SC2154 # lib.sh sets out, err and code
. "$(dirname "$0")/lib.sh"
at 2026-11-27T09:15:00Z

mock='"x-amazon-apigateway-integration": {"type": "mock", "requestTemplates": {"application/json": "{\"statusCode\": 200}"},'
cat >"$T/pets.json" <<EOD
{"openapi": "3.0.1", "info": {"title": "pets", "version": "1"}, "paths": {
"/pets/{petId}": {"x-amazon-apigateway-any-method": {"responses": {"200": {"description": "ok"}}, $mock
  "responses": {"default": {"statusCode": "200", "responseTemplates": {
    "application/json": "{\"petId\": \"\$input.params('petId')\", \"body\": \$input.body, \"v\": \"\$stageVariables.v\"}"}}}}}},
"/bad": {"get": {"responses": {}, "x-amazon-apigateway-integration": {
  "type": "http_proxy", "httpMethod": "GET", "uri": "https://\${stageVariables.testHost}"}}},
"/key": {"get": {"security": [{"api_key": []}], "responses": {"200": {"description": "ok"}}, $mock
  "responses": {"default": {"statusCode": "200"}}}}}},
"components": {"securitySchemes": {"api_key": {"type": "apiKey", "name": "x-api-key", "in": "header"}}}}
EOD
cat >"$T/pets.yaml" <<'EOD'
gateway: pets
apis:
- {apiId: pets, type: REST, openapi: pets.json, stages: {dev: {variables: {v: one}}, prod: {variables: {v: two}}}}
- {apiId: other, type: HTTP, openapi: other.json, stages: {live: {}}}
EOD
cat >"$T/other.json" <<'EOD'
{"openapi": "3.0.1", "info": {"title": "other", "version": "1"}, "paths": {"/": {"get": {"responses": {},
"x-amazon-apigateway-integration": {"type": "http_proxy", "httpMethod": "GET", "uri": "http://127.0.0.1:1/",
"payloadFormatVersion": "1.0"}}}}}
EOD

run gateway test "$T/pets.yaml" --path '/pets/123?foo=bar'
exits "a test" 0
like "its status" "$out" '^Status: 200$'
like "its body" "$out" '^\{"petId": "123", "body": \{\}, "v": "one"\}$'
like "its headers" "$out" '^Content-Type: application/json$'
like "its log" "$out" '^Execution log for request [0-9a-f-]{36}$'
date='Fri Nov 27 09:15:00 UTC 2026'
log=$(printf '%s\n' "$out" | sed -n "s/^$date : //p" | grep -v '^Starting')
is "the lines as they were recorded" "$log" "HTTP Method: GET, Resource Path: /pets/123
Method request path: {petId=123}
Method request query string: {foo=bar}
Method request headers: {}
Method request body before transformations: 
Method response body after transformations: {\"petId\": \"123\", \"body\": {}, \"v\": \"one\"}
Method response headers: {Content-Type=application/json}
Successfully completed execution
Method completed with status: 200"
first=$out
run gateway test "$T/pets.yaml" --path '/pets/123?foo=bar'
is "the same seed makes the same ids" "$(printf '%s\n' "$out" | grep -v Latency)" "$(printf '%s\n' "$first" | grep -v Latency)"

run gateway test "$T/pets.yaml" prod --path /pets/1 --method PUT --header 'X-A: 1' --header 'X-B:2' --body '{"a": 1}'
like "another stage" "$out" '^\{"petId": "1", "body": \{\}, "v": "two"\}$'
like "a body" "$out" 'Method request body before transformations: \{"a": 1\}$'
like "the headers" "$out" 'Method request headers: \{X-A=1, X-B=2\}$'
printf '{"f": 1}' >"$T/body.json"
run gateway test "$T/pets.yaml" pets/dev --path pets/1 --method POST --body "@$T/body.json"
like "a body from a file" "$out" 'before transformations: \{"f": 1\}$'

run gateway test "$T/pets.yaml" --path /bad
like "a misconfigured method" "$out" "^$date : Execution failed due to configuration error: Invalid endpoint address\$"
like "its answer" "$out" '^Status: 500$'
run gateway test "$T/pets.yaml" --path /key
like "no key is asked for" "$out" '^Status: 200$'
run gateway test "$T/pets.yaml" --path /nothing
like "no such method" "$out" '^\{"message":"Missing Authentication Token"\}$'

run gateway test "$T/pets.yaml" --path /pets/1 --json
json "the trace"
like "its rows" "$out" '"step":"route","outcome":"passed"'

run gateway test "$T/pets.yaml" nope --path /
exits "no such stage" 1
is "no such stage is said" "$err" 'gatedrill: there is no stage "nope"'
run gateway test "$T/pets.yaml" nope/dev --path /
is "no such API is said" "$err" 'gatedrill: there is no API "nope"'
run gateway test "$T/pets.yaml" other/live --path /
like "an HTTP API" "$out" '^\{"message":"Service Unavailable"\}$'
unlike "it has no execution log" "$out" 'Execution log'
run gateway test
exits "no file" 2
run gateway test "$T/pets.yaml" --header nonsense
exits "a header without a colon" 2
run gateway test "$T/pets.yaml" --body "@$T/none"
exits "a body that is not there" 2
run gateway test "$T/none.yaml"
exits "a file that is not there" 4
finish
