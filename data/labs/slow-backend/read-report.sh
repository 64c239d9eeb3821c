# Is the report of a month ready?
month=$(sed -n 's/.*"pathParameters":{"month":"\([0-9-]*\)"}.*/\1/p')
state=working
if [ -e "$GATEDRILL_SCRATCH/reports/$month" ]; then state=ready; fi
printf '{"statusCode": 200, "body": "{\\"month\\": \\"%s\\", \\"state\\": \\"%s\\"}"}\n' "$month" "$state"
