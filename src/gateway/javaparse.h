/* javaparse.h -- a Java pattern being rewritten for PCRE2, as javaregex.c and javaclass.c share it.
 */
#ifndef GATEWAY_JAVAPARSE_H
#define GATEWAY_JAVAPARSE_H

#include "base/str.h"

/* Flags of Java patterns, by their letters. */
enum java_flags {
	JAVA_CASELESS = 1,       /* i: of ASCII */
	JAVA_UNIX_LINES = 2,     /* d */
	JAVA_MULTILINE = 4,      /* m */
	JAVA_DOTALL = 8,         /* s */
	JAVA_UNICODE_CASE = 16,  /* u */
	JAVA_COMMENTS = 32,      /* x */
	JAVA_UNICODE_CLASS = 64, /* U */
	JAVA_ECMA = 128,         /* the pattern is JavaScript's: no \Q, no classes within classes */
};

struct java_parse {
	const char *p, *end;
	struct str *out;
	unsigned flags;
	bool quoted;     /* between \Q and \E */
	int nest;        /* classes within each other */
	const char *why; /* the first thing that is wrong; NULL: nothing yet */
};

#define JAVA_NO_CHAR UINT32_MAX /* a lone surrogate: matches nothing in UTF-8 */

bool java_fail(struct java_parse *j, const char *why); /* false, for callers to return */
/* Past what does not count: \Q, \E, and with the flag x space and comments. */
void java_skip(struct java_parse *j);
/* The code point at j->p, which is not at the end; moves on. */
uint32_t java_char(struct java_parse *j);
/* An escape that means one character, from behind the backslash on. False: it is another one, or
 * wrong (j->why). */
bool java_char_escape(struct java_parse *j, uint32_t *cp);
/* An escape that means a set, from behind the backslash on: adds what may stand in a class of
 * PCRE2. False: it is no set, or wrong (j->why). */
bool java_set_escape(struct java_parse *j, struct str *body, bool *negated);
/* A class, from behind its bracket on, as a pattern for one character. */
bool java_class(struct java_parse *j, struct str *out);
void java_add_char(struct str *out, uint32_t cp); /* as \x{...} */

#endif
