# A bid, on an open connection. The body goes back, since the route has a route response.
. ./field.sh
card=$(field principalId)
may=$(field may)
echo "{\"statusCode\": 200, \"body\": \"taken from $card, who may $may\"}"
