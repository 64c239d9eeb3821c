/* jutil.h -- the functions of $util, as the Java libraries behind it do them: escapeJavaScript as
 * commons-lang 2.6, URLs as java.net, base64 as java.util.Base64. Texts in and out are UTF-8. Pure.
 */
#ifndef GATEWAY_JUTIL_H
#define GATEWAY_JUTIL_H

#include "base/str.h"

void jutil_escape_javascript(struct str *out, struct slice s);
void jutil_url_encode(struct str *out, struct slice s); /* form style: a blank becomes '+' */
/* False: a '%' without two hexadecimal digits behind it. Bytes that are no UTF-8 become U+FFFD. */
bool jutil_url_decode(struct str *out, struct slice s);
void jutil_base64_encode(struct str *out, struct slice s);
/* False: characters that are not base64's, or a length that cannot be. Padding may be missing.
 * Bytes that are no UTF-8 become U+FFFD. */
bool jutil_base64_decode(struct str *out, struct slice s);

#endif
