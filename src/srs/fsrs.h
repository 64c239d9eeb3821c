/* fsrs.h -- the FSRS-6 memory model as fsrs-rs computes it, in double precision. Pure: no clock, no
 * I/O, no allocation. Formulas: open-spaced-repetition, "The Algorithm", FSRS-6 (21 parameters). */
#ifndef SRS_FSRS_H
#define SRS_FSRS_H

#include "base/diag.h"

#include <stdbool.h>
#include <stddef.h>

#define FSRS_WEIGHTS 21
#define FSRS_STABILITY_MIN 0.001
#define FSRS_STABILITY_MAX 36500.0

enum fsrs_grade { FSRS_AGAIN = 1, FSRS_HARD = 2, FSRS_GOOD = 3, FSRS_EASY = 4 };

/* Weights, and what is derived from them once so that an update costs few exponentials. Made by
 * fsrs_params_set alone. */
struct fsrs_params {
	double w[FSRS_WEIGHTS];
	double decay;                  /* -w20 */
	double factor;                 /* 0.9^(1/decay) - 1: recall is 0.9 when days == stability */
	double exp_w8;                 /* e^w8 */
	double d0_easy;                /* D0(4), not clamped */
	double forget_cap;             /* 1 / e^(w17*w18) */
	double first_s[4], first_d[4]; /* state after the first answer, by grade - 1 */
	double same_day[4];            /* e^(w17*(G-3+w18)) by grade - 1 */
};
extern const double fsrs_default_weights[FSRS_WEIGHTS];

/* n = 0: defaults; 21: as given; 19 and 17: older sets, migrated. Values are clipped to FSRS-6's
 * bounds (w19's lower bound is 0). Any other n or a value that is not finite: error fsrs-params. */
bool fsrs_params_set(struct fsrs_params *p, const double *w, size_t n, struct diags *d);

/* Memory of one card. stability_d: days until recall is 90 %, 0.001..36500, 0 = never reviewed.
 * difficulty: 1..10. */
struct fsrs_memory {
	double stability_d, difficulty;
};
/* Chance of recall after days (>= 0) without review; 1 at 0 days; 0 for stability 0. */
double fsrs_recall(const struct fsrs_params *p, double stability_d, double days);
/* Days until recall falls to retention (0 < retention < 1, or 1), real-valued, not rounded, not
 * clamped. */
double fsrs_interval(const struct fsrs_params *p, double stability_d, double retention);
/* Memory after an answer, elapsed_days whole study days (>= 0) after the previous one; 0 = the same
 * day. */
struct fsrs_memory fsrs_next(const struct fsrs_params *p, struct fsrs_memory m, enum fsrs_grade g,
			     double elapsed_days);
/* All four answers at once, by grade - 1. */
void fsrs_next_all(const struct fsrs_params *p, struct fsrs_memory m, double elapsed_days,
		   struct fsrs_memory out[4]);
/* Memory for a card that comes from SM-2: ease 2.5 is 2.5, interval in days, retention the old
 * scheduler aimed at (0.9). */
struct fsrs_memory fsrs_from_sm2(const struct fsrs_params *p, double ease, double interval_d,
				 double retention);

#endif
