/* scenarioin.h -- what the files of generated cases share: bank.c (need sets), scenario.c (the
 * case), proof.c (its explanation). */
#ifndef QUIZ_SCENARIOIN_H
#define QUIZ_SCENARIOIN_H

#include "quiz/scenario.h"

/* May option be shown as wrong: it lacks a need, today and by what the exam keys, or it is a
 * survivor that loses by the wish. */
bool option_is_wrong(const struct matrix *m, int option, uint64_t needs,
		     const struct decision *today);
/* Is this need set with this wish said (or -1) a good case? */
bool bank_accepts(const struct bank *b, uint64_t needs, int wish, struct bank_set *out);
/* Draw a set by answer; the bank is not empty. */
void bank_draw(const struct bank *b, struct rng *rng, struct bank_set *out);

#endif
