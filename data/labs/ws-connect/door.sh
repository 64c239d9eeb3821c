# The authorizer of $connect. Cards that begin with b may bid, those with w may watch, all others
# are not known. What it puts into "context" comes with every later event of the connection.
. ./field.sh
may=
case $(field card) in
b-*) may=bid ;;
w-*) may=watch ;;
esac
effect=Deny
if [ -n "$may" ]; then
	effect=Allow
fi
cat <<END
{"principalId": "$(field card)", "context": {"may": "$may"},
 "policyDocument": {"Version": "2012-10-17", "Statement": [
  {"Effect": "$effect", "Action": "execute-api:Invoke", "Resource": "$(field methodArn)"}]}}
END
