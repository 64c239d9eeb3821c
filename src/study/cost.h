/* cost.h -- what the calls of a running gateway would have cost: its counters times the price list. */
#ifndef STUDY_COST_H
#define STUDY_COST_H

#include "deck/prices.h"
#include "gateway/serve.h"

struct cost {
	double units[PRICE_ITEM_COUNT];   /* metered: requests, messages, minutes */
	double dollars[PRICE_ITEM_COUNT];
	double total;
	double million; /* dollars for a million of each kind of call seen, in the same proportions */
};
/* minutes: of all connections so far, at the gateway's own pace. */
void cost_read(struct cost *out, const struct prices *p, const struct serve *s);

#endif
