#!/bin/sh
# Definitions on the command line: check, deploy, stages, export.
# shellcheck disable=SC1091,SC2016,SC2154 # lib.sh sets out, err and code; patterns hold $
. "$(dirname "$0")/lib.sh"

cd "$T" || exit 1
cat >shop.openapi.yaml <<'EOT'
openapi: 3.0.1
info: {title: Shop, version: "1"}
paths:
  /one:
    get:
      x-amazon-apigateway-integration:
        type: mock
        requestTemplates: {application/json: '{"statusCode": 200}'}
        responses: {default: {statusCode: 200}}
EOT
cat >shop.yaml <<'EOT'
gateway: shop
apis:
- {apiId: shop, type: REST, openapi: shop.openapi.yaml, stages: {dev: {}, prod: {}}}
- {apiId: chat, type: WEBSOCKET, routeSelectionExpression: $request.body.a, routes: {$default: {}}, stages: {dev: {}}}
- {apiId: pets, type: HTTP, openapi: pets.json, stages: {$default: {}}}
functions:
  mine: {command: [sh, mine.sh]}
EOT
echo '{"openapi": "3.0.1", "info": {"title": "Pets", "version": "1"}, "paths": {}}' >pets.json

# check
run gateway check shop.yaml
exits "a stack that can be served" 0
like "a command that will not run is named" "$err" '^shop.yaml:7:3: warning: the command of "mine" will not run'
run gateway check shop.yaml --allow-commands
is "a trusted one says nothing" "$out$err" ""
run gateway check shop.openapi.yaml --type HTTP
exits "a REST API as an HTTP API" 4
like "is told what an HTTP API lacks" "$err" 'mapping templates exist for REST and WebSocket APIs only'
run gateway check shop.openapi.yaml --type SOAP
exits "another type" 2
run gateway check
exits "nothing to check" 2
run gateway chek shop.yaml
exits "a mistyped verb" 2
like "is told what was meant" "$err" 'did you mean "check"'
run gateway check none.yaml
exits "a file that is not there" 4
like "is named" "$err" 'cannot open none.yaml'

cat >waf.yaml <<'EOT'
gateway: waf
apis:
- {apiId: shop, type: REST, openapi: shop.openapi.yaml, stages: {dev: {webAclArn: shield}}}
webAcls:
- {Name: shield, DefaultAction: Maybe}
EOT
run gateway check waf.yaml
exits "a web ACL that cannot be" 4
like "is told where" "$err" '^waf.yaml:5:'

# Nothing is deployed by looking.
run gateway stages shop.yaml -q
exits "stages" 0
like "a stage that was never deployed" "$out" '^shop +REST +dev +not deployed yet$'
like "one that follows its file" "$out" '^pets +HTTP +\$default +follows its file$'
ok "looking writes nothing" test ! -e "$GATEDRILL_HOME/gateway"

# deploy
run gateway deploy shop.yaml -q --description first
exits "deploy" 0
like "says what is served" "$out" '^shop: stage prod serves deployment [a-z0-9]{6}\.$'
like "by each API" "$out" '^chat: stage dev serves deployment [a-z0-9]{6}\.$'
unlike "but for one that follows its file" "$out" '^pets'
first=$(echo "$out" | sed -n 's/^shop: stage dev serves deployment \(.*\)\.$/\1/p')
run gateway stages shop.yaml -q
like "the stage has it" "$out" "^shop +REST +dev +$first +2026-11-20T10:00:00Z +as its file\$"
like "and it has a description" "$out" "^shop +$first +2026-11-20T10:00:00Z  first\$"
sed 's,/one,/two,' shop.openapi.yaml >shop.new && mv shop.new shop.openapi.yaml
run gateway stages shop.yaml
like "a changed file" "$out" "^shop +REST +dev +$first .*behind its file\$"
like "is told" "$err" 'note: stage dev of shop serves deployment'
run gateway export shop.yaml shop/dev -q
like "what is served is the old one" "$out" '"/one"'
at 2026-11-21T10:00:00Z
run gateway deploy shop.yaml shop/dev -q
second=$(echo "$out" | sed -n 's/^shop: stage dev serves deployment \(.*\)\.$/\1/p')
run gateway export shop.yaml shop/dev -q
like "a deployment publishes it" "$out" '"/two"'
run gateway export shop.yaml shop/prod -q
like "in its stage alone" "$out" '"/one"'
run gateway stages shop.yaml --json -q
like "as JSON" "$out" "\"deploymentId\": \"$second\""
run gateway deploy shop.yaml shop/dev --deployment "$first" -q
exits "back to the first" 0
run gateway export shop.yaml shop/dev -q
like "the old one is served again" "$out" '"/one"'
run gateway deploy shop.yaml shop/dev --deployment zzzzzz -q
exits "one that is not there" 1
like "is told" "$err" 'shop has no deployment "zzzzzz"'
run gateway deploy shop.yaml prd -q
exits "a mistyped stage" 2
like "is told what was meant" "$err" 'did you mean "prod"'
run gateway deploy shop.yaml pets/\$default -q
exits "a stage that follows its file" 1
like "needs no deployment" "$err" 'has autoDeploy'
run gateway deploy shop.yaml --promote -q
exits "whose canary?" 2
run gateway deploy shop.yaml shop/dev --promote -q
exits "no canary" 1
run gateway deploy shop.yaml shop/dev --promote --deployment "$first" -q
exits "two things at once" 2

# A canary takes what is deployed until it is promoted.
sed '3s,dev: {},dev: {canarySettings: {percentTraffic: 5}},' shop.yaml >shop.new && mv shop.new shop.yaml
run gateway deploy shop.yaml shop/dev -q
like "a canary has the new one" "$out" '^shop: stage dev has a canary with deployment [a-z0-9]{6}\.$'
run gateway export shop.yaml shop/dev -q
like "the stage the old one" "$out" '"/one"'
run gateway deploy shop.yaml shop/dev --promote -q
exits "promoted" 0
run gateway export shop.yaml shop/dev -q
like "it is the stage's" "$out" '"/two"'

# export
run gateway export shop.yaml shop/dev -q -o out.yaml
exits "export to a file" 0
like "by its end YAML" "$(cat out.yaml)" '^  "?/two"?:$'
run gateway check out.yaml
is "which loads" "$err" ""
run gateway export out.yaml --format yaml
like "one stage needs no name" "$out" '^openapi: "3.0.1"$'
run gateway export shop.yaml -q
exits "which of several?" 2
run gateway export shop.yaml chat/dev -q
exits "a WebSocket API" 1
like "has no OpenAPI form" "$err" 'it has no OpenAPI form'
run gateway export shop.yaml shop/dev --format xml -q
exits "another format" 2

# A file that cannot be served deploys nothing.
echo 'paths: [' >>shop.openapi.yaml
run gateway deploy shop.yaml -q
exits "a broken file" 4
like "is told where" "$err" '^shop.openapi.yaml:11:'

finish
