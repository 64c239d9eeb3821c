# The function was written for the REST API: it wants httpMethod in its event, or else a message.
event=$(cat)
answer() # STATUS TEXT
{
	printf '{"statusCode": %d, "headers": {"Content-Type": "text/plain"}, "body": "%s"}\n' "$1" "$2"
}

case $event in
*'"eventType":"MESSAGE"'*) answer 200 "hello, message" ;;
*'"httpMethod":"GET"'*) answer 200 "hello, GET" ;;
*'"httpMethod":'*) answer 405 "GET, please" ;;
*) answer 400 "no httpMethod in the event" ;;
esac
