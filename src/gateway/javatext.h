/* javatext.h -- texts and numbers as Java has and prints them. Java's texts are UTF-16 and so are
 * its lengths and indexes; ours are UTF-8, in which half of a pair of surrogates, should a template
 * cut one out, is kept as three bytes. Pure. */
#ifndef GATEWAY_JAVATEXT_H
#define GATEWAY_JAVATEXT_H

#include "base/str.h"

/* UTF-16 units. */
size_t java_length(struct slice s);
/* The unit at an index below the length. */
unsigned java_unit(struct slice s, size_t index);
/* Units from to to, from <= to <= length. Of s where no pair is cut, else in the arena. */
struct slice java_substring(struct arena *a, struct slice s, size_t from, size_t to);
/* The index of the unit at byte at, which is a character's first. */
size_t java_index(struct slice s, size_t at);
/* Put a unit behind the n bytes at out, which has room for 4 more; the second half of a pair joins
 * the first. Returns the new n. */
size_t java_put_unit(char *out, size_t n, unsigned unit);
/* a and b as one, in the arena; halves of a pair join. */
struct slice java_concat(struct arena *a, struct slice x, struct slice y);
/* Upper or lower case of Latin, Greek and Cyrillic letters. out has room for 3 * s.len bytes.
 * Returns what was written. */
size_t java_case(char *out, struct slice s, bool upper);
/* What goes over a wire: lone halves become '?', as Java encodes them. */
void java_encode(struct str *out, struct slice s);

/* Digits of v, with a sign if minus. out has room for 24 bytes; no NUL is added. */
size_t java_whole(char *out, uint64_t v, bool minus);
/* Double.toString: "1.0", "1.0E7", "NaN". out has room for JAVA_DOUBLE bytes. Returns the length.
 */
#define JAVA_DOUBLE 32
size_t java_double(char *out, double v);
/* A text as json-smart writes it, quotes and all: U+2000..20FF and controls are escaped; '/' too,
 * where slash says so (a list prints itself so; $input.json() does not). */
void java_json_string(struct str *out, struct slice s, bool slash);

#endif
