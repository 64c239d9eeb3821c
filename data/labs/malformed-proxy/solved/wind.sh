# Wind at the pier.
cat <<'END'
{
  "statusCode": 200,
  "body": "{\"knots\": 14, \"from\": \"north\"}"
}
END
