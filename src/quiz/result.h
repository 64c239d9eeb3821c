/* result.h -- what an ended exam says: points by domain, and the chance of passing as a range.
 * Pure: the same numbers and seed give the same result. Nobody outside AWS knows the raw pass line,
 * so no score of 100 to 1000 is made up; the line is a distribution that the blueprint states as
 * its assumption. */
#ifndef QUIZ_RESULT_H
#define QUIZ_RESULT_H

#include "deck/blueprint.h"
#include "quiz/exam.h"

/* ---- points -------------------------------------------------------------------------- */

enum result_change { CHANGE_NONE, CHANGE_TO_WRONG, CHANGE_TO_RIGHT };

/* One item after the end. */
struct result_item {
	bool scored, right, blank; /* blank: not fully answered, which counts as wrong */
	int domain;                /* index */
	enum sureness sure;
	enum result_change change; /* was its full answer once right, or wrong? */
	int64_t spent_ms;
};
/* Grade an item: submits its ask. The exam has ended. */
struct result_item result_item(struct exam_item *it, int domain, bool scored);

struct result_points {
	int right, of; /* scored items */
	int unscored_right, unscored_of;
	struct {
		int right, of; /* scored items */
	} domain[MAX_DOMAINS];
	int blank;                    /* scored or not, like all that follows */
	int sure_wrong, unsure_right; /* sure: 3; unsure: 1 */
	int to_wrong, to_right;       /* full answers changed */
	int64_t spent_ms, mean_ms;    /* in all; an item that was in front */
	int long_items;               /* over RESULT_LONG_MS */
};
#define RESULT_LONG_MS 300000
void result_points(const struct result_item *items, size_t n, struct result_points *out);

/* ---- the chance of passing ----------------------------------------------------------- */

/* First tries on items never seen before, by domain of the blueprint; each try weighs 2^(-days /
 * 21), so that old answers fade. */
#define CHANCE_HALF_DAYS 21.0
struct chance_tries {
	double right[MAX_DOMAINS], wrong[MAX_DOMAINS];
	int count; /* unweighted */
};
void chance_add(struct chance_tries *t, int domain, bool right, int days_ago); /* days_ago >= 0 */

struct chance_range {
	double mid, lo, hi; /* 0..1: mean, 5 % and 95 % quantile */
};
struct chance {
	bool enough; /* at least CHANCE_MIN_TRIES tries: else show no percentage */
	int tries;
	struct chance_range domain[MAX_DOMAINS], overall; /* share right of new items */
	double pass;             /* the chance of passing, the line drawn from its distribution */
	double pass_lo, pass_hi; /* with the line one spread higher, and one lower */
};
#define CHANCE_MIN_TRIES 30
#define CHANCE_DRAWS 4000
/* Per domain Beta(1/2 + right, 1/2 + wrong); overall by weight; passing: b->scored new items of
 * each draw against a line from Normal(pass_share, pass_spread). seed: of the draws. */
void chance_estimate(struct chance *out, const struct blueprint *b, const struct chance_tries *t,
		     uint64_t seed);
/* "about even", "likely": a literal. "too few answers to say" when there are. */
const char *chance_words(const struct chance *c);

#endif
