# Who is asking stands in the header X-User of the event.
user=$(sed -n 's/.*"headers":{[^}]*"[Xx]-[Uu]ser":"\([a-z]*\)".*/\1/p')
printf '{"statusCode":200,"body":"{\\"page of\\":\\"%s\\",\\"made at\\":\\"%s\\"}"}\n' "${user:-nobody}" "$(date -u +%H:%M:%S)"
