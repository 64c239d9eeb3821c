/* str.h -- growable byte strings. */
#ifndef BASE_STR_H
#define BASE_STR_H

#include "base/mem.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* A growable string. Zeroed is empty; p is NULL or NUL-terminated, use str_c() to get a C string
 * always. Contents are capped at STR_MAX bytes: a longer text is a bug of the caller, who bounds
 * its input, and aborts. */
#define STR_MAX ((size_t)1 << 30)
struct str {
	char *p;
	size_t len, cap;
};
void str_clear(struct str *s); /* frees; s is empty again */
void str_reset(struct str *s); /* empties, keeps the memory */
void str_add(struct str *s, const char *text);
void str_addn(struct str *s, const char *bytes, size_t n);
void str_addc(struct str *s, char c);
void str_addf(struct str *s, const char *fmt, ...) PRINTF(2, 3);
void str_truncate(struct str *s, size_t len); /* len <= s->len */
/* Room for n more bytes, where they go: for writers that know how much they write. str_wrote() says
 * how many were written. */
char *str_more(struct str *s, size_t n);
void str_wrote(struct str *s, size_t n);
char *
str_take(struct str *s); /* heap string, *taken* by the caller; s is empty again; never NULL */
static inline const char *str_c(const struct str *s)
{
	return s->p ? s->p : "";
}

/* A borrowed piece of text, not NUL-terminated. */
struct slice {
	const char *p;
	size_t len;
};
static inline bool slice_is(struct slice s, const char *text)
{
	return s.len == strlen(text) && memcmp(s.p, text, s.len) == 0;
}

/* C-string helpers. NULL-safe where it says so. */
bool str_eq(const char *a, const char *b); /* NULL equals only NULL */
bool str_starts(const char *s, const char *prefix);
bool str_ends(const char *s, const char *suffix);
const char *str_plural(long n, const char *one, const char *many); /* n == 1 ? one : many */
/* Copy of s without ASCII white space at both ends, in the arena. */
char *str_trim(struct arena *a, const char *s);
/* Parse a whole decimal string. False if there is anything else in it or it is out of [min, max].
 */
bool str_to_i64(const char *s, long long min, long long max, long long *out);
/* The same for whole numbers from 0 of 64 bits. */
bool str_to_u64(const char *s, uint64_t *out);
bool str_to_double(const char *s, double min, double max, double *out); /* C locale, finite */

#endif
