# The tides of today. The page used to be at old.example, and the function still says so.
cat >/dev/null
cat <<'END'
{"statusCode": 200,
 "headers": {"content-type": "application/json", "access-control-allow-origin": "https://old.example"},
 "body": "{\"high\": [\"04:12\", \"16:40\"], \"low\": [\"10:25\", \"22:51\"]}"}
END
