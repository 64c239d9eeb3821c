# Allows everything, with a list in the context.
cat > /dev/null
printf '%s' '{"principalId":"cook","policyDocument":{"Version":"2012-10-17","Statement":[{"Action":"execute-api:Invoke","Effect":"Allow","Resource":"*"}]},"context":{"roles":["cook","waiter"]}}'
