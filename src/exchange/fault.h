/* fault.h -- what makes a card that loads an error of lint. */
#ifndef EXCHANGE_FAULT_H
#define EXCHANGE_FAULT_H

#include "exchange/slug.h"
#include "deck/deck.h"

/* A sentence about what is wrong with the card, in the arena; NULL: nothing. sound: patterns that
 * were found right before, with their model answers; is added to. */
const char *card_fault(struct arena *a, const struct card *c, struct names *sound);

#endif
