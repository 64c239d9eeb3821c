# The catalogue of a small shop: a Lambda function in sh. The event comes on standard input, as Lambda
# proxy integrations of REST APIs (and of HTTP APIs with payload format 2.0) send it.
event=$(cat)
id=$(printf '%s' "$event" | sed -n 's/.*"pathParameters":{"id":"\([a-z0-9]*\)"}.*/\1/p')
echo "asked for ${id:-all products}" >&2

answer() # STATUS JSON
{
	printf '{"statusCode":%d,"headers":{"Content-Type":"application/json"},"body":"%s"}\n' \
		"$1" "$(printf '%s' "$2" | sed 's/"/\\"/g')"
}

case $id in
'') answer 200 '["teapot","kettle"]' ;;
teapot) answer 200 '{"id":"teapot","price":18}' ;;
kettle) answer 200 '{"id":"kettle","price":25}' ;;
*) answer 404 '{"error":"no such product"}' ;;
esac
