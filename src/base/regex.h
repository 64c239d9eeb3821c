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

enum regex_flags { REGEX_CASELESS = 1, REGEX_WHOLE = 2 /* must match the whole subject */ };
enum regex_result { REGEX_NO, REGEX_YES, REGEX_LIMIT /* gave up: a limit was hit */ };

struct regex;
/* Compile (UTF, JIT where there is one). On error regex-syntax at the given position with PCRE2's
 * words and the offset in the pattern. */
struct regex *regex_new(const char *pattern, int flags, struct pos at, struct diags *d);
void regex_free(struct regex *re);
/* subject need not end in NUL. Invalid UTF-8 gives REGEX_NO. Bounded for any pattern: REGEX_LIMIT
 * after tenths of a second, few at worst. */
enum regex_result regex_match(struct regex *re, const char *subject, size_t n);

void regex_library(char *out, size_t n); /* "10.42 2022-12-11": the version in use */

#endif
