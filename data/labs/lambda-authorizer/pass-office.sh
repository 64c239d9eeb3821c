# The pass office. It gets the event of a TOKEN authorizer and answers with a policy.
event=$(cat)
field() # NAME
{
	printf '%s' "$event" | sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p"
}

token=$(field authorizationToken)
arn=$(field methodArn) # arn:aws:execute-api:us-east-1:123456789012:museum/prod/GET/rooms
case $token in
pass-13) effect=Deny ;; # lost, and not to be used by the finder
*) effect=Allow ;;
esac
resource=$arn
cat <<END
{"principalId": "$token", "policyDocument": {"Version": "2012-10-17", "Statement": [
 {"Effect": "$effect", "Action": "execute-api:Invoke", "Resource": "$resource"}]}}
END
