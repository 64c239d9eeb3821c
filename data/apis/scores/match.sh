# Live scores. The event is that of a Lambda proxy: the message is a text in it, with its quotes escaped.
event=$(cat)
matches=$GATEDRILL_SCRATCH/scores
field() # NAME: of the event
{
	printf '%s' "$event" | sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p"
}
said() # NAME: of the message; letters, digits, "-" and ":"
{
	printf '%s' "$event" | sed -n "s/.*\\\\\"$1\\\\\":\\\\\"\([a-z0-9:-]*\)\\\\\".*/\1/p"
}

id=$(field connectionId)
match=$(said match)
case $(field routeKey) in
follow)
	mkdir -p "$matches/$match"
	: >"$matches/$match/$id"
	echo "{\"statusCode\": 200, \"body\": \"{\\\"following\\\":\\\"$match\\\"}\"}"
	exit
	;;
score)
	if cd "$matches/$match" 2>/dev/null && set -- * && [ -e "$1" ]; then
		"$GATEDRILL" gateway push "$GATEDRILL_ENDPOINT/_aws/execute-api/scores/live" \
			--body "{\"match\":\"$match\",\"score\":\"$(said score)\"}" -- "$@" | while read -r gone; do
			rm -f -- "$gone"
		done
	fi
	;;
\$disconnect) rm -f "$matches"/*/"$id" ;;
esac
echo '{"statusCode": 200}'
