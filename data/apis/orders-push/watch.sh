# Who watches which order: a file for each connection in a folder for each order. $connect names the order
# in its query string; $disconnect has no query string, so the connection is looked for.
event=$(cat)
orders=$GATEDRILL_SCRATCH/orders
field() # NAME
{
	printf '%s' "$event" | sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p"
}

id=$(field connectionId)
case $(field routeKey) in
\$connect)
	order=$(printf '%s' "$event" | sed -n 's/.*"queryStringParameters":{"order":"\([0-9]*\)"}.*/\1/p')
	if [ -z "$order" ]; then
		echo '{"statusCode": 400}'
		exit
	fi
	mkdir -p "$orders/$order"
	: >"$orders/$order/$id"
	;;
\$disconnect) rm -f "$orders"/*/"$id" ;;
esac
echo '{"statusCode": 200}'
