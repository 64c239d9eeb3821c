/* fsrs.c -- see fsrs.h. The formulas are FSRS-6's as fsrs-rs computes them, because Anki ships that
 * one: same-day Hard never lowers stability, stability stays within 0.001..36500, difficulty
 * within 1..10, and state that comes in is clamped before use. fsrs-rs computes in single precision
 * and differs from these doubles by up to 6e-6.
 *
 * An update is called millions of times when a store is rebuilt or parameters are fitted, so it
 * does without pow: a power is the exponential of a logarithm times an exponent, the logarithms are
 * shared, exponents that multiply are added, and whatever depends on the weights alone is computed
 * once in fsrs_params_set. That leaves five calls into libm for a spaced review and two for a
 * same-day one, and stays within 1e-12 of the formulas written with pow. Tables and -ffast-math
 * were rejected: replaying a log must give the same bits on every build. */
#include "srs/fsrs.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#define DIFFICULTY_MIN 1.0
#define DIFFICULTY_MAX 10.0
#define LN_TARGET (-0.10536051565782628) /* ln 0.9: stability is defined by this recall */

const double fsrs_default_weights[FSRS_WEIGHTS] = {
	0.212,  1.2931, 2.3065, 8.2956, /* w0..w3: first stability, by grade */
	6.4133, 0.8334, 3.0194, 0.001,  /* w4..w7: difficulty */
	1.8722, 0.1666, 0.796,          /* w8..w10: success */
	1.4835, 0.0614, 0.2629, 1.6483, /* w11..w14: failure */
	0.6014, 1.8729,                 /* w15, w16: Hard and Easy */
	0.5425, 0.0912, 0.0658,         /* w17..w19: same day */
	0.1542,                         /* w20: decay */
};

static const struct {
	double low, high;
} bounds[FSRS_WEIGHTS] = {
	{0.001, 100},  {0.001, 100},  {0.001, 100}, {0.001, 100}, {1, 10},      {0.001, 4},
	{0.001, 4},    {0.001, 0.75}, {0, 4.5},     {0, 0.8},     {0.001, 3.5}, {0.001, 5},
	{0.001, 0.25}, {0.001, 0.9},  {0, 4},       {0, 1},       {1, 6},       {0, 2},
	{0, 2},        {0, 0.8},      {0.1, 0.8},
};

/* NaN becomes low. */
static inline double clamp(double v, double low, double high)
{
	return v > low ? v < high ? v : high : low;
}

static inline double clamp_stability(double s)
{
	return clamp(s, FSRS_STABILITY_MIN, FSRS_STABILITY_MAX);
}

static inline double clamp_difficulty(double d)
{
	return clamp(d, DIFFICULTY_MIN, DIFFICULTY_MAX);
}

/* Parameters */

/* FSRS-4.5 had no same-day weights and a fixed decay of 0.5, FSRS-5 the fixed decay alone. */
static void migrate(double w[FSRS_WEIGHTS], size_t n)
{
	if (n == 17) {
		w[4] += 2 * w[5];
		w[5] = log(3 * w[5] + 1) / 3;
		w[6] += 0.5;
		w[17] = w[18] = 0;
	}
	w[19] = 0;
	w[20] = 0.5;
}

/* Difficulty after a first answer, not clamped: mean reversion aims at the raw value. */
static double first_difficulty(const double *w, int grade)
{
	return w[4] - exp(w[5] * (grade - 1)) + 1;
}

static void derive(struct fsrs_params *p)
{
	const double *w = p->w;
	p->decay = -w[20];
	p->factor = exp(LN_TARGET / p->decay) - 1;
	p->exp_w8 = exp(w[8]);
	p->d0_easy = first_difficulty(w, FSRS_EASY);
	p->forget_cap = exp(-w[17] * w[18]);
	for (int g = FSRS_AGAIN; g <= FSRS_EASY; g++) {
		p->first_s[g - 1] = clamp_stability(w[g - 1]);
		p->first_d[g - 1] = clamp_difficulty(first_difficulty(w, g));
		p->same_day[g - 1] = exp(w[17] * (g - 3 + w[18]));
	}
}

bool fsrs_params_set(struct fsrs_params *p, const double *w, size_t n, struct diags *d)
{
	if (n != 0 && n != 17 && n != 19 && n != FSRS_WEIGHTS)
		return diag_fail(d, "fsrs-params",
				 "FSRS-6 takes %d parameters (older sets: 19 or 17), not %zu",
				 FSRS_WEIGHTS, n);
	for (size_t i = 0; i < n; i++) {
		/* Migration takes the logarithm of 3 w5 + 1. */
		if (!isfinite(w[i]) || (n == 17 && i == 5 && w[i] < 0))
			return diag_fail(d, "fsrs-params", "FSRS parameter %zu cannot be %g", i,
					 w[i]);
	}
	memset(p, 0, sizeof(*p));
	memcpy(p->w, n ? w : fsrs_default_weights, (n ? n : FSRS_WEIGHTS) * sizeof(*w));
	if (n == 17 || n == 19)
		migrate(p->w, n);
	for (size_t i = 0; i < FSRS_WEIGHTS; i++)
		p->w[i] = clamp(p->w[i], bounds[i].low, bounds[i].high);
	derive(p);
	return true;
}

/* The forgetting curve */

double fsrs_recall(const struct fsrs_params *p, double stability_d, double days)
{
	if (stability_d <= 0)
		return 0;
	return exp(p->decay * log(1 + p->factor * days / stability_d));
}

double fsrs_interval(const struct fsrs_params *p, double stability_d, double retention)
{
	return stability_d / p->factor * (pow(retention, 1 / p->decay) - 1);
}

/* One answer */

static double next_difficulty(const struct fsrs_params *p, double d, int grade)
{
	double moved = d - p->w[6] * (grade - 3) * (10 - d) / 9;
	return clamp_difficulty(p->w[7] * p->d0_easy + (1 - p->w[7]) * moved);
}

static double same_day(const struct fsrs_params *p, double ln_s, double s, int grade)
{
	double gain = p->same_day[grade - 1] * exp(-p->w[19] * ln_s);
	if (grade >= FSRS_HARD && gain < 1)
		gain = 1;
	return s * gain;
}

static double after_success(const struct fsrs_params *p, struct fsrs_memory m, double ln_s,
			    double forgotten, int grade)
{
	const double *w = p->w;
	double gain =
		p->exp_w8 * (11 - m.difficulty) * exp(-w[9] * ln_s) * (exp(w[10] * forgotten) - 1);
	if (grade == FSRS_HARD)
		gain *= w[15];
	else if (grade == FSRS_EASY)
		gain *= w[16];
	return m.stability_d * (1 + gain);
}

static double after_failure(const struct fsrs_params *p, struct fsrs_memory m, double forgotten)
{
	const double *w = p->w;
	double kept = exp(w[13] * log(m.stability_d + 1)) - 1;
	double s = w[11] * kept * exp(w[14] * forgotten - w[12] * log(m.difficulty));
	double most = m.stability_d * p->forget_cap;
	return s < most ? s : most;
}

static inline struct fsrs_memory clamp_memory(struct fsrs_memory m)
{
	return (struct fsrs_memory){clamp_stability(m.stability_d), clamp_difficulty(m.difficulty)};
}

/* What the answers to one card have in common: the logarithm that all but failure need, and how
 * much was forgotten by now. */
struct before {
	struct fsrs_memory m;
	double ln_s, forgotten;
	bool same_day;
};

static inline struct before before_answer(const struct fsrs_params *p, struct fsrs_memory m,
					  double elapsed_days)
{
	struct before a = {.m = clamp_memory(m), .same_day = elapsed_days <= 0};
	a.ln_s = log(a.m.stability_d);
	if (!a.same_day)
		a.forgotten = 1 - fsrs_recall(p, a.m.stability_d, elapsed_days);
	return a;
}

static inline struct fsrs_memory after_answer(const struct fsrs_params *p, const struct before *a,
					      int grade)
{
	double s = a->same_day           ? same_day(p, a->ln_s, a->m.stability_d, grade)
		   : grade == FSRS_AGAIN ? after_failure(p, a->m, a->forgotten)
					 : after_success(p, a->m, a->ln_s, a->forgotten, grade);
	return (struct fsrs_memory){clamp_stability(s), next_difficulty(p, a->m.difficulty, grade)};
}

struct fsrs_memory fsrs_next(const struct fsrs_params *p, struct fsrs_memory m, enum fsrs_grade g,
			     double elapsed_days)
{
	assert(g >= FSRS_AGAIN && g <= FSRS_EASY);
	if (m.stability_d <= 0)
		return (struct fsrs_memory){p->first_s[g - 1], p->first_d[g - 1]};
	struct before a = before_answer(p, m, elapsed_days);
	return after_answer(p, &a, (int)g);
}

void fsrs_next_all(const struct fsrs_params *p, struct fsrs_memory m, double elapsed_days,
		   struct fsrs_memory out[4])
{
	struct before a = before_answer(p, m, elapsed_days);
	for (int g = FSRS_AGAIN; g <= FSRS_EASY; g++) {
		out[g - 1] = m.stability_d > 0
				     ? after_answer(p, &a, g)
				     : (struct fsrs_memory){p->first_s[g - 1], p->first_d[g - 1]};
	}
}

struct fsrs_memory fsrs_from_sm2(const struct fsrs_params *p, double ease, double interval_d,
				 double retention)
{
	const double *w = p->w;
	double days = interval_d > FSRS_STABILITY_MIN ? interval_d : FSRS_STABILITY_MIN;
	double s = days * p->factor / (pow(retention, 1 / p->decay) - 1);
	double gain = p->exp_w8 * exp(-w[9] * log(s)) * (exp((1 - retention) * w[10]) - 1);
	return clamp_memory((struct fsrs_memory){s, 11 - (ease - 1) / gain});
}
