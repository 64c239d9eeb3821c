# What one has said goes to all who are in the room. The template of the route has made the event what it
# is: {"from": ..., "text": ...}. Who is gone without a word is taken out.
room=$GATEDRILL_SCRATCH/chat
cd "$room" || exit 1
set -- *
cat | "$GATEDRILL" gateway push "$GATEDRILL_ENDPOINT/_aws/execute-api/chat/live" -- "$@" | while read -r id; do
	rm -f -- "$id"
done
echo '{}'
