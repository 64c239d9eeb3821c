/* base64.h -- RFC 4648, strict: no white space, no bits left over. */
#ifndef BASE_BASE64_H
#define BASE_BASE64_H

#include "base/str.h"

void base64_encode(struct str *out, const void *bytes, size_t n);    /* with padding */
void base64url_encode(struct str *out, const void *bytes, size_t n); /* without */
/* False: not base64; out then holds what came before. Padding may be left out, but not be wrong. */
bool base64_decode(struct str *out, const char *text, size_t n);
bool base64url_decode(struct str *out, const char *text, size_t n); /* padding is an error */

#endif
