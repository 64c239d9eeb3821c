/* regex.h -- PCRE2 patterns with bounds, for typed answers and searches. */
#ifndef BASE_REGEX_H
#define BASE_REGEX_H

#include "base/diag.h"

#include <stdbool.h>
#include <stddef.h>

#define MAX_REGEX_PATTERN 4096      /* bytes */
#define MAX_REGEX_SUBJECT (1 << 20) /* bytes; longer ones give REGEX_LIMIT */
#define REGEX_MATCH_LIMIT 100000    /* PCRE2 match limit: internal match() calls */
#define REGEX_DEPTH_LIMIT 1000
#define REGEX_HEAP_KIB 4096

#define MAX_REGEX_REWRITTEN 65536 /* bytes of a pattern with REGEX_REWRITTEN */

enum regex_flags {
	REGEX_CASELESS = 1,
	REGEX_WHOLE = 2,     /* must match the whole subject */
	REGEX_REWRITTEN = 4, /* the pattern was made of a shorter one, which was bounded */
};
enum regex_result { REGEX_NO, REGEX_YES, REGEX_LIMIT /* gave up: a limit was hit */ };

struct regex;
/* Compile (UTF, JIT where there is one). On error regex-syntax at the given position with PCRE2's
 * words and the offset in the pattern. */
struct regex *regex_new(const char *pattern, int flags, struct pos at, struct diags *d);
void regex_free(struct regex *re);
/* subject need not end in NUL. Invalid UTF-8 gives REGEX_NO. Bounded for any pattern: REGEX_LIMIT
 * after tenths of a second, few at worst. */
enum regex_result regex_match(struct regex *re, const char *subject, size_t n);

/* What the last match cost: items of the pattern that were tried, and a share of the bytes. */
size_t regex_work(const struct regex *re);

/* Searching on. subject is valid UTF-8 (the caller knows) and from a boundary in it, <= n. After
 * REGEX_YES regex_group tells where group i (0: the whole) was found; false: it took no part. */
enum regex_result regex_find(struct regex *re, const char *subject, size_t n, size_t from);
bool regex_group(const struct regex *re, size_t i, size_t *from, size_t *to);
size_t regex_groups(const struct regex *re);                      /* not counting the whole */
int regex_group_number(const struct regex *re, const char *name); /* -1: there is none */

void regex_library(char *out, size_t n); /* "10.42 2022-12-11": the version in use */

#endif
