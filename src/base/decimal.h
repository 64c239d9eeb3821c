/* decimal.h -- decimal numbers as they are written, compared exactly: no rounding, any length. */
#ifndef BASE_DECIMAL_H
#define BASE_DECIMAL_H

#include "base/str.h"

/* 0.d1d2d3... times ten to the exponent, d1 not 0. Points into the text that was read. */
struct decimal {
	bool negative;
	const char *digits; /* there may be a '.' among them */
	const char *end;    /* the same as digits: zero */
	long long exponent;
};

/* [+-] digits [. digits] [e [+-] digits], as Java's BigDecimal takes it; one side of the point may
 * be empty; the exponent has 32 bits. */
bool decimal_read(struct slice text, struct decimal *d);
int decimal_compare(const struct decimal *a, const struct decimal *b); /* -1, 0, 1 */
/* Is a whole number of times b? b is not zero. Exact when b has at most 18 digits, else by double.
 */
bool decimal_multiple(const struct decimal *a, const struct decimal *b);
/* The same for all ways of writing the same number. */
uint64_t decimal_hash(const struct decimal *d);

#endif
