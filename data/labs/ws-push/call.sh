# A customer waits: every taxi in the table is told, with POST @connections, and the office hears
# how many were. `gateway push` prints the ids that were answered 410.
cat >/dev/null
cd "$GATEDRILL_SCRATCH/taxis" || exit 1
told=0
for id in *; do
	[ -e "$id" ] || continue
	gone=$("$GATEDRILL" gateway push "$GATEDRILL_ENDPOINT/_aws/execute-api/taxis/live" \
		--body '{"customer": "at the station"}' -- "$id") || exit 1
	if [ -n "$gone" ]; then
		exit 1
	fi
	told=$((told + 1))
done
echo "{\"statusCode\": 200, \"body\": \"told $told\"}"
