# Allows exactly the method that was called, as many samples do.
arn=$(sed 's/.*"methodArn":"\([^"]*\)".*/\1/')
printf '{"principalId":"guest","policyDocument":{"Version":"2012-10-17","Statement":[{"Action":"execute-api:Invoke","Effect":"Allow","Resource":"%s"}]}}' "$arn"
