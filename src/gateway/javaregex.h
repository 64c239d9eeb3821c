/* javaregex.h -- regular expressions as java.util.regex means them, run by PCRE2 with the bounds of
 * base/regex.h. What differs is rewritten: classes (\d \w \s are ASCII, [a-z&&[^m]], \p{Alpha},
 * \p{javaLowerCase}), \Z, line terminators, flags, \x41 and \0101. Refused are \N{NAME} and
 * lookbehind of a length that is not fixed. */
#ifndef GATEWAY_JAVAREGEX_H
#define GATEWAY_JAVAREGEX_H

#include "base/diag.h"
#include "base/regex.h"
#include "base/str.h"

#define MAX_JAVAREGEX_OUTPUT ((size_t)10 << 20) /* bytes that replacing gives */
#define MAX_JAVAREGEX_WORK ((size_t)50000000)   /* regex_work() of one replacing or splitting */

/* Compile pattern, n bytes of UTF-8, MAX_REGEX_PATTERN at most. whole: must match the whole
 * subject, as String.matches(). On error regex-syntax at `at`, and NULL. For regex_match() and
 * regex_free(). */
struct regex *javaregex_compile(const char *pattern, size_t n, bool whole, struct pos at,
				struct diags *d);

/* The same for JavaScript's patterns, as JSON Schema has them: they match anywhere. What differs
 * from Java's: "$" is the very end, "[" within a class is itself, there is no \Q. */
struct regex *ecmaregex_compile(const char *pattern, size_t n, struct pos at, struct diags *d);

/* String.replaceAll (all) or replaceFirst, with a pattern that was compiled without whole: adds
 * text to out with matches replaced by `with`, where $1 is a group, ${name} a named one, and \x
 * stands for x. False: `with` is malformed, or a limit was hit; *error (a literal) says so and out
 * is as it was. */
bool javaregex_replace(struct regex *re, struct slice text, struct slice with, bool all,
		       struct str *out, const char **error);
/* String.split(regex, limit): pieces that point into text, in an array in the arena; *count of
 * them; empty ones at the end are dropped when limit is 0. NULL: a limit of matching was hit. */
struct slice *javaregex_split(struct arena *a, struct regex *re, struct slice text, int limit,
			      size_t *count);

#endif
