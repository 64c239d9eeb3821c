# Where a parcel is. It has always returned a body; so far nobody has seen one.
cat >/dev/null
echo '{"statusCode": 200, "body": "{\"parcel\": 7, \"at\": \"Lyon\"}"}'
