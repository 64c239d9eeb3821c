# Lend a book: {"book": "b1"}. A Lambda function that throws hands over an errorMessage.
case $(sed -n 's/.*"book" *: *"\([a-z0-9]*\)".*/\1/p') in
b1) echo '{"state": "lent", "until": "2026-12-18"}' ;;
b2) echo '{"state": "taken", "by": "another reader"}' ;;
b9) echo '{"errorMessage": "NotFound: there is no book b9", "errorType": "NotFound"}' ;;
*) echo '{"errorMessage": "Cannot read properties of undefined (reading shelf)", "errorType": "TypeError"}' ;;
esac
