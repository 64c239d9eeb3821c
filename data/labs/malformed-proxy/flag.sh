# The club's flag, a small drawing. The body is Base64.
cat <<'END'
{
  "statusCode": 200,
  "headers": {"Content-Type": "image/svg+xml"},
  "body": "PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciPjxyZWN0IHdpZHRoPSIzIiBoZWlnaHQ9IjIiIGZpbGw9Im5hdnkiLz48L3N2Zz4="
}
END
