/* shown.h -- what is to be put in order or matched, in an order that gives nothing away and is the
 * same each time: it is drawn from the card's id. */
#ifndef EXCHANGE_SHOWN_H
#define EXCHANGE_SHOWN_H

#include "deck/deck.h"

#define MAX_SHOWN (2 * MAX_OPTIONS)
/* The items of an ordering; the right sides of a matching, each once, and its decoys. Returns how
 * many; texts are borrowed from the card. */
size_t shown_items(const struct card *c, const char *out[MAX_SHOWN]);
size_t shown_rights(const struct card *c, const char *out[MAX_SHOWN]);

#endif
