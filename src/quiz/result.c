/* result.c -- points, and the chance of passing.
 *
 * Points are sums. The chance is a small simulation, since its three sources of doubt have no
 * common closed form: what the learner knows (a Beta distribution by domain), which questions come
 * (a binomial of the items of a domain), and where the line is (a Normal, since it is not
 * published). Beta(1/2, 1/2) as a prior covers what it claims; the usual uniform prior and stronger
 * ones claim ranges that are too narrow.
 *
 * Beta by two gammas, and gamma by Marsaglia and Tsang 2000 ("A simple method for generating gamma
 * variables"), with their boost for shapes below 1; the normal by Box and Muller.
 */
#include "quiz/result.h"

#include "base/random.h"

#include <math.h>
#include <stdlib.h>

/* ---- points -------------------------------------------------------------------------- */

struct result_item result_item(struct exam_item *it, int domain, bool scored)
{
	struct result_item r = {
		.scored = scored,
		.blank = exam_fill(it) != EXAM_ANSWERED,
		.domain = domain,
		.sure = it->sure,
		.spent_ms = it->spent_ms,
	};
	r.right = ask_submit(&it->ask) == VERDICT_RIGHT && !r.blank;
	if (it->was_right && !r.right)
		r.change = CHANGE_TO_WRONG;
	else if (it->was_wrong && r.right)
		r.change = CHANGE_TO_RIGHT;
	return r;
}

static void add_points(struct result_points *out, const struct result_item *r)
{
	if (r->scored) {
		out->right += r->right;
		out->of++;
		out->domain[r->domain].right += r->right;
		out->domain[r->domain].of++;
	} else {
		out->unscored_right += r->right;
		out->unscored_of++;
	}
	out->blank += r->blank;
	out->sure_wrong += r->sure == SURE_YES && !r->right && !r->blank;
	out->unsure_right += r->sure == SURE_GUESS && r->right;
	out->to_wrong += r->change == CHANGE_TO_WRONG;
	out->to_right += r->change == CHANGE_TO_RIGHT;
	out->spent_ms += r->spent_ms;
	out->long_items += r->spent_ms > RESULT_LONG_MS;
}

void result_points(const struct result_item *items, size_t n, struct result_points *out)
{
	int seen = 0;
	*out = (struct result_points){0};
	for (size_t i = 0; i < n; i++) {
		add_points(out, &items[i]);
		seen += items[i].spent_ms > 0;
	}
	out->mean_ms = seen ? out->spent_ms / seen : 0;
}

/* ---- drawing ------------------------------------------------------------------------- */

static double draw_normal(struct rng *r)
{
	double u = 1 - rng_unit(r); /* (0, 1] */
	return sqrt(-2 * log(u)) * cos(6.28318530717958647692 * rng_unit(r));
}

/* shape >= 1 */
static double draw_gamma_big(struct rng *r, double shape)
{
	double d = shape - 1.0 / 3, c = 1 / sqrt(9 * d);
	for (;;) {
		double x = draw_normal(r), v = 1 + c * x;
		if (v <= 0)
			continue;
		v = v * v * v;
		double u = 1 - rng_unit(r);
		if (log(u) < 0.5 * x * x + d - d * v + d * log(v))
			return d * v;
	}
}

static double draw_gamma(struct rng *r, double shape)
{
	if (shape >= 1)
		return draw_gamma_big(r, shape);
	double boosted = draw_gamma_big(r, shape + 1);
	return boosted * pow(1 - rng_unit(r), 1 / shape);
}

static double draw_beta(struct rng *r, double a, double b)
{
	double x = draw_gamma(r, a), y = draw_gamma(r, b);
	return x + y > 0 ? x / (x + y) : 0.5;
}

static int draw_binomial(struct rng *r, int n, double p)
{
	int hits = 0;
	for (int i = 0; i < n; i++)
		hits += rng_unit(r) < p;
	return hits;
}

/* ---- the chance of passing ----------------------------------------------------------- */

void chance_add(struct chance_tries *t, int domain, bool right, int days_ago)
{
	double weight = exp2(-(days_ago > 0 ? days_ago : 0) / CHANCE_HALF_DAYS);
	*(right ? &t->right[domain] : &t->wrong[domain]) += weight;
	t->count++;
}

static int by_value(const void *x, const void *y)
{
	double a = *(const double *)x, b = *(const double *)y;
	return (a > b) - (a < b);
}

/* Sorts the draws. */
static struct chance_range range_of(double *draws, size_t n)
{
	double sum = 0;
	for (size_t i = 0; i < n; i++)
		sum += draws[i];
	qsort(draws, n, sizeof(*draws), by_value);
	return (struct chance_range){sum / (double)n, draws[n / 20], draws[n - 1 - n / 20]};
}

/* One learner that the tries allow, and one exam. */
struct draw {
	double domain[MAX_DOMAINS], overall; /* shares */
	double score;                        /* share right of the exam's items */
};

static struct draw draw_one(struct rng *r, const struct blueprint *b, const struct chance_tries *t)
{
	struct draw d = {0};
	int right = 0, items = 0, weights = 0;
	for (size_t i = 0; i < b->domain_count; i++) {
		const struct blueprint_domain *of = &b->domains[i];
		d.domain[i] = draw_beta(r, 0.5 + t->right[i], 0.5 + t->wrong[i]);
		d.overall += of->weight * d.domain[i];
		weights += of->weight;
		right += draw_binomial(r, of->scored, d.domain[i]);
		items += of->scored;
	}
	d.overall = weights ? d.overall / weights : 0;
	d.score = items ? (double)right / items : 0;
	return d;
}

void chance_estimate(struct chance *out, const struct blueprint *b, const struct chance_tries *t,
		     uint64_t seed)
{
	struct rng rng = {seed};
	double *draws = xcalloc((MAX_DOMAINS + 1) * (size_t)CHANCE_DRAWS, sizeof(*draws));
	int pass = 0, high = 0, low = 0;
	*out = (struct chance){.enough = t->count >= CHANCE_MIN_TRIES, .tries = t->count};
	for (size_t k = 0; k < CHANCE_DRAWS; k++) {
		struct draw d = draw_one(&rng, b, t);
		double line = b->pass_share + b->pass_spread * draw_normal(&rng);
		for (size_t i = 0; i < b->domain_count; i++)
			draws[i * CHANCE_DRAWS + k] = d.domain[i];
		draws[MAX_DOMAINS * (size_t)CHANCE_DRAWS + k] = d.overall;
		pass += d.score >= line;
		high += d.score >= b->pass_share + b->pass_spread;
		low += d.score >= b->pass_share - b->pass_spread;
	}
	for (size_t i = 0; i < b->domain_count; i++)
		out->domain[i] = range_of(draws + i * CHANCE_DRAWS, CHANCE_DRAWS);
	out->overall = range_of(draws + MAX_DOMAINS * (size_t)CHANCE_DRAWS, CHANCE_DRAWS);
	out->pass = (double)pass / CHANCE_DRAWS;
	out->pass_lo = (double)high / CHANCE_DRAWS;
	out->pass_hi = (double)low / CHANCE_DRAWS;
	free(draws);
}

const char *chance_words(const struct chance *c)
{
	static const struct {
		double below;
		const char *words;
	} table[] = {
		{0.05, "very unlikely"},        {0.20, "unlikely"},
		{0.40, "less likely than not"}, {0.60, "about even"},
		{0.80, "more likely than not"}, {0.95, "likely"},
	};
	if (!c->enough)
		return "too few answers to say";
	for (size_t i = 0; i < ARRAY_LEN(table); i++)
		if (c->pass < table[i].below)
			return table[i].words;
	return "very likely";
}
