/* slug.h -- ids made of texts, once, when cards come in. */
#ifndef EXCHANGE_SLUG_H
#define EXCHANGE_SLUG_H

#include "base/mem.h"

#include <stdbool.h>
#include <stdint.h>

#define MAX_MADE_SLUG 48 /* bytes of a slug made of a text, before a number is put behind it */

/* The words of a text in lower case with hyphens between them, letters of Latin without their
 * accents, cut after a word; in the arena. "" when no letter or digit is left. */
char *slug_of(struct arena *a, const char *text);

/* A set of texts, each with its number from 0. Zeroed is empty; texts are copied. */
struct names {
	struct arena arena;
	const char **items;
	size_t count, cap;
	uint32_t *slots; /* number + 1; 0: free */
	size_t slot_count;
};
void names_clear(struct names *n);
long names_find(const struct names *n, const char *text); /* -1: it is not there */
/* The text's number; added when it is not there. */
size_t names_add(struct names *n, const char *text);
/* text, or text-2, text-3, ... whichever is not there yet; is added. Borrowed from the set. */
const char *names_unique(struct names *n, const char *text);

#endif
