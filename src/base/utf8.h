/* utf8.h -- UTF-8: validity, columns, and text made safe to show. Columns are the sum of wcwidth(),
 * because that is what ncurses and terminals' line editors count; any other table would misalign.
 */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Decode one code point at p (n > 0 bytes left). Returns bytes used (1..4), or 0 if the bytes are
 * not valid UTF-8 (overlong forms, surrogates and values over U+10FFFF are not). */
int utf8_decode(const char *p, size_t n, uint32_t *cp);
int utf8_encode(uint32_t cp, char out[4]); /* bytes written; cp <= 0x10FFFF, not a surrogate */
/* Offset of the first invalid byte, or n if all are valid. */
size_t utf8_invalid_at(const char *p, size_t n);
size_t utf8_count(const char *p, size_t n); /* code points; invalid bytes count one each */

/* Columns of one code point: 0, 1 or 2; -1 for what must not reach a screen (controls, unassigned
 * to wcwidth). Where the locale is not UTF-8, as in "C", the built-in ranges for wide characters
 * are used, so that lay-out of files does not depend on the environment. */
int utf8_width(uint32_t cp);
int utf8_columns(const char *p, size_t n);
/* Bytes of the longest prefix that fits in cols columns and does not split a cluster (base
 * character + zero-width marks). */
size_t utf8_fit(const char *p, size_t n, int cols);

/* Append text made safe for a terminal: valid UTF-8; C0, DEL, C1, bidi overrides and other format
 * controls become U+FFFD (newline is kept if multiline, tab becomes a space); variation selectors,
 * zero-width-joiner tails and skin tones are dropped (terminals disagree about their width);
 * anything with wcwidth < 0 becomes U+FFFD. */
void utf8_sanitize(struct str *out, const char *p, size_t n, bool multiline);
/* Same into the arena, one line. */
char *utf8_clean(struct arena *a, const char *s);
/* Like utf8_clean, cut to cols columns with an ellipsis if it was longer. */
char *utf8_ellipsis(struct arena *a, const char *s, int cols);
/* Folded for searching and comparing: lower case (towlower per code point), runs of white space
 * become one space, trimmed. */
char *utf8_fold(struct arena *a, const char *s);
/* The nearest ASCII for terminals and files without UTF-8: quotes, dashes, arrows, box lines;
 * anything else "?". */
void utf8_to_ascii(struct str *out, const char *p, size_t n);

#endif
