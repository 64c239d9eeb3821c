# An order has a new status: everybody who watches it is told. The event is one of payload format 2.0.
event=$(cat)
field() # NAME
{
	printf '%s' "$event" | sed -n "s/.*\"pathParameters\":{[^}]*\"$1\":\"\([a-z0-9]*\)\".*/\1/p"
}

order=$(field order)
told=0
if cd "$GATEDRILL_SCRATCH/orders/$order" 2>/dev/null && set -- * && [ -e "$1" ]; then
	gone=$("$GATEDRILL" gateway push "$GATEDRILL_ENDPOINT/_aws/execute-api/watch/live" \
		--body "{\"order\":\"$order\",\"status\":\"$(field status)\"}" -- "$@") || exit 1
	told=$#
	for id in $gone; do
		rm -f -- "$id"
		told=$((told - 1))
	done
fi
echo "{\"told\":$told}"
