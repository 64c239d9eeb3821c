/* suggest.h -- "did you mean": the nearest of some names. */
#ifndef BASE_SUGGEST_H
#define BASE_SUGGEST_H

#include <stddef.h>

/* Of names[0..n-1] the one with the smallest Damerau-Levenshtein distance to word, ASCII case
 * ignored, if that is at most a third of its length (at least 1) or word is a prefix of exactly one
 * name (2 letters and more). NULL if none is near. Borrowed from names. */
const char *suggest(const char *word, const char *const *names, size_t n);

#endif
