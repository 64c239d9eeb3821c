/* known.h -- was it known or guessed? How sure the learner was, and what an answer to a question
 * with options is worth as a review. Pure. */
#ifndef QUIZ_KNOWN_H
#define QUIZ_KNOWN_H

#include "quiz/ask.h"

/* What the learner said before the answer was shown. The numbers are stored. */
enum sureness {
	SURE_UNSAID,
	SURE_GUESS,  /* "unsure" in a quiz */
	SURE_FAIRLY, /* exams only */
	SURE_YES,    /* "sure" */
	SURE_COUNT
};
extern const char *const sureness_names[SURE_COUNT]; /* "", "guess", "fairly sure", "sure" */

/* In how many ways this question can be answered, each as likely to someone who knows nothing: 4
 * for one of four, 10 for two of five, n! for an ordering. 0: cannot be hit by chance (typed). */
double known_ways(const struct ask *q);
/* The chance that a right answer was known and not guessed: R / (R + (1 - R) / ways). recall 0..1;
 * < 0: a card without memory yet, taken as KNOWN_PRIOR. */
#define KNOWN_PRIOR 0.5
double known_chance(double recall, double ways);

/* The grade 1..4 an answer gets as a review:
 *
 *	wrong, or almost                           1 again
 *	right, sure (or not said), chance >= 1/2   3 good
 *	right, sure (or not said), chance < 1/2    2 hard
 *	right, guess, chance >= 1/2                2 hard
 *	right, guess, chance < 1/2                 1 again: a guess that came out well
 *
 * where chance is known_chance(). So what was wrong or unsure always comes back soon, and a right
 * answer counts as good only where it was more likely known than guessed. verdict is not
 * VERDICT_NONE. */
int known_grade(enum verdict verdict, enum sureness sure, double chance);

/* What was answered, for the log, as ask_given() with how sure it was: {"chosen":[1],"sure":3}.
 * Heap, taken. */
char *known_given(const struct ask *q, enum sureness sure);

#endif
