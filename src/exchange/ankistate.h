/* ankistate.h -- a review card's state and history as Anki keeps them. Formats: Anki's
 * rslib/src/card/mod.rs, storage/card/data.rs and revlog/mod.rs. */
#ifndef EXCHANGE_ANKISTATE_H
#define EXCHANGE_ANKISTATE_H

#include "exchange/export.h"
#include "store/ankidb.h"

/* Anki counts days from its collection's first. */
struct ankistate {
	const struct srs_preset *preset;
	int32_t first_day; /* study day that is Anki's day 0 */
};
/* Fill in type, queue, due, ivl, factor, reps, lapses, left, flags and data (in the arena) of a
 * card that is not new. */
void ankistate_card(const struct ankistate *s, const struct srs_card *c, struct arena *a,
		    struct anki_card *out);
/* One row of the log as one of Anki's; false: Anki logs no such thing. card is left alone. */
bool ankistate_review(const struct export_answer *l, struct anki_review *out);

#endif
