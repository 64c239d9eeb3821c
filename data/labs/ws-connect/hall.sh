# The integration of $connect. Sale 12 is on today; who asks for another one is turned away.
. ./field.sh
case $(field sale) in
12) echo '{"statusCode": 200}' ;;
*) echo '{"statusCode": 404}' ;;
esac
