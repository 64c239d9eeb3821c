# What the functions share: the event, and a way to read a text in it.
event=$(cat)
field() # NAME
{
	printf '%s' "$event" | sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p"
}
