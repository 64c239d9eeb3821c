# Who is in the room: a file for each connection, made by $connect and taken away by $disconnect.
event=$(cat)
room=$GATEDRILL_SCRATCH/chat
field() # NAME
{
	printf '%s' "$event" | sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p"
}

id=$(field connectionId)
mkdir -p "$room"
case $(field routeKey) in
\$connect) : >"$room/$id" ;;
\$disconnect) rm -f "$room/$id" ;;
esac
echo '{"statusCode": 200}'
