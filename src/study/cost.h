/* cost.h -- what the calls of a running gateway would have cost: its counters times the price list.
 */
#ifndef STUDY_COST_H
#define STUDY_COST_H

#include "deck/prices.h"
#include "gateway/serve.h"

struct cost {
	double units[PRICE_ITEM_COUNT]; /* as metered: requests, messages, minutes; hours of caches
					 */
	double dollars[PRICE_ITEM_COUNT];
	double total;
	double million; /* dollars for a million calls of the kinds seen, in the same proportions,
			   without caches; 0: none was seen */
};
/* Of all that s has served since it began, see gateway/usage.h; time as it passes for the gateway.
 * Caches count for all stages that have one now. s is not NULL. */
void cost_read(struct cost *out, const struct prices *p, const struct serve *s);

#endif
