/* examworld.h -- a world with a small exam and decks to fill it: 5 scored and 2 unscored questions
 * of two domains (3 and 2 scored) in 20 minutes, 5 more for esl. */
#ifndef TESTS_STUDY_EXAMWORLD_H
#define TESTS_STUDY_EXAMWORLD_H

#include "study/examresult.h"
#include "tests/unit/study/world.h"

/* Write the blueprints "mini" and "old" (sat until 2026-11-22, replaced by mini). */
void exam_blueprint(struct world *w);
/* Write decks/NAME.yaml: `count` questions NAME/q0, q1 ... whose right option is "yes"; of domain 1
 * and 2 by turns; every fourth asks for two ("yes" and "yes too"). */
void exam_deck(struct world *w, const char *name, int count);
struct exam_options exam_seeded(uint64_t seed); /* of mini */
/* Begin an exam; fails the test when that does not work. */
struct sitting *exam_begin(struct world *w, struct exam_options o);
/* Open the study anew, as after a kill, and go on with the exam. */
struct sitting *exam_again(struct world *w, struct sitting *x);
const struct sitting_result *exam_result(struct sitting *x); /* of an ended one */
int log_rows(struct world *w);                               /* of the review log */
/* Answer the item in front right or wrong. */
void exam_answer(struct sitting *x, bool right);
/* Let time pass with the exam open, ticking; gives the minutes of the last warning. */
int exam_pass(struct world *w, struct sitting *x, int64_t ms);

#endif
