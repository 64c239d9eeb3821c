# The old order system. It wants  {"CUSTOMER": "Ada", "LINES": ["2 x tea", "1 x cup"]}
# and answers                     {"RC": 0, "ORDER_NO": "A-17", "FOR": "Ada", "LINE_COUNT": 2}
event=$(cat)
customer=$(printf '%s' "$event" | tr '\n' ' ' | sed -n 's/.*"CUSTOMER" *: *\("\([^"\\]\|\\["\\\/bfnrt]\)*"\).*/\1/p')
lines=$(printf '%s' "$event" | tr '\n' ' ' | sed -n 's/.*"LINES" *: *\[\([^]]*\)\].*/\1/p' | grep -o '"[0-9]* x [^"]*"' | wc -l)
case $event in
*"{"*'"CUSTOMER"'*'"LINES"'*)
	if [ -z "$customer" ]; then
		echo '{"RC": 8, "TEXT": "NO JSON"}'
	else
		printf '{"RC": 0, "ORDER_NO": "A-17", "FOR": %s, "LINE_COUNT": %d}\n' "$customer" "$lines"
	fi
	;;
*) echo '{"RC": 4, "TEXT": "NO CUSTOMER"}' ;;
esac
