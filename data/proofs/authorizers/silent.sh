# A policy that does not speak of this method at all.
cat > /dev/null
printf '%s' '{"principalId":"guest","policyDocument":{"Version":"2012-10-17","Statement":[{"Action":"execute-api:Invoke","Effect":"Allow","Resource":"arn:aws:execute-api:us-east-1:123456789012:gate/prod/GET/elsewhere"}]}}'
