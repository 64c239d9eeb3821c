# $connect: every taxi's connection id goes into a table, here a folder with a file for each.
event=$(cat)
field() # NAME
{
	printf '%s' "$event" | sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p"
}

taxis=$GATEDRILL_SCRATCH/taxis
mkdir -p "$taxis"
if [ "$(field role)" = taxi ]; then
	: >"$taxis/$(field connectionId)"
fi
echo '{"statusCode": 200}'
