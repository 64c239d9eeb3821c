/* sha1.h -- SHA-1 (FIPS 180-4), for formats that ask for it. It protects nothing. */
#ifndef BASE_SHA1_H
#define BASE_SHA1_H

#include <stddef.h>

#define SHA1_BYTES 20
void sha1(const void *bytes, size_t n, unsigned char out[SHA1_BYTES]);

#endif
