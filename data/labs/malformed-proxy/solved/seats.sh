# Free seats of the next trip.
cat <<'END'
{
  "statusCode": 200,
  "headers": {"Content-Type": "application/json"},
  "body": "{\"seats\": 12}"
}
END
