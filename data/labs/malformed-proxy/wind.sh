# Wind at the pier.
cat <<'END'
{
  "knots": 14,
  "from": "north"
}
END
