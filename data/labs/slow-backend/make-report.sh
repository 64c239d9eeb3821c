# Make the report of a month. It takes a second and a half. The month stands somewhere in the event as "month": "2026-10".
month=$(sed -n 's/.*"month" *: *"\([0-9-]*\)".*/\1/p' | head -1)
mkdir -p "$GATEDRILL_SCRATCH/reports"
cd "$GATEDRILL_SCRATCH/reports" || exit 1
rm -f "$month"
sleep 1.5
echo "made" >"$month"
echo '{"statusCode": 200, "body": "{\"state\": \"ready\"}"}'
