/* bank.c -- all need sets that make a good case, and drawing one of them from a seed.
 *
 * A case that is drawn first and checked afterwards must be drawn again when it fails; how often
 * depends on the matrix, and options that rarely win would rarely be asked. So the sets are found
 * once, by trying all, and drawn by answer: each option is the answer as often as any other. Within
 * an answer the size is drawn first, large groups no more than BALANCE times as often as a group of
 * one, since three sets of one need are not worth as much as three thousand of four. */
#include "quiz/scenario.h"

#include "quiz/scenarioin.h"

#include <stdlib.h>
#include <string.h>

#define BALANCE 64
#define MIN_WRONG 2
#define DRAWS 16        /* seeds to choose from by weight */
#define FOCUS_DRAWS 200 /* seeds to look for one that passes a node */

/* -- accepting --------------------------------------------------------------------------------- */

static bool sentences_agree(const struct matrix *m, uint64_t needs)
{
	for (uint64_t left = needs; left;)
		if (m->features[take_bit(&left)].not_beside & needs)
			return false;
	return true;
}

static bool some_story(const struct matrix *m, uint64_t needs)
{
	for (size_t i = 0; i < m->story_count; i++)
		if (!(m->stories[i].not_here & needs))
			return true;
	return false;
}

bool option_is_wrong(const struct matrix *m, int option, uint64_t needs,
		     const struct decision *today)
{
	uint64_t exam = 0;
	if (option == today->option)
		return false;
	if (today->by_wish && (today->survivors >> option & 1))
		return true;
	for (uint64_t left = needs; left;) {
		int f = take_bit(&left);
		exam |= m->exam_no[f] >> option & 1;
	}
	return exam && matrix_broken(m, option, needs);
}

static bool enough_wrong(const struct matrix *m, uint64_t needs, const struct decision *today)
{
	int wrong = 0;
	for (size_t o = 0; o < m->option_count && wrong < MIN_WRONG; o++)
		wrong += option_is_wrong(m, (int)o, needs, today);
	return wrong >= MIN_WRONG;
}

bool bank_accepts(const struct bank *b, uint64_t needs, int wish, struct bank_set *out)
{
	const struct matrix *m = b->matrix;
	struct decision today = matrix_decide(m, needs, wish);
	const struct branch *end;
	if (today.kind != DECISION_ONE || !needs)
		return false;
	struct decision exam = matrix_decide_exam(m, needs, wish);
	if (exam.kind != DECISION_ONE || exam.option != today.option ||
	    exam.by_wish != today.by_wish)
		return false;
	if (!sentences_agree(m, needs) || !some_story(m, needs) || !enough_wrong(m, needs, &today))
		return false;
	dtree_path(b->tree, m, needs, NULL, NULL, &end);
	if (end->to != TO_OPTION || end->index != today.option)
		return false;
	*out = (struct bank_set){needs, (int16_t)today.option,
				 (int16_t)(today.by_wish ? wish : -1)};
	return true;
}

/* -- building ---------------------------------------------------------------------------------- */

struct build {
	struct bank *b;
	size_t cap;
};

static bool add_set(struct build *build, const struct bank_set *set)
{
	struct bank *b = build->b;
	b->sets = array_grow(b->sets, &build->cap, b->count + 1, sizeof(*b->sets));
	b->sets[b->count++] = *set;
	return b->count < MAX_BANK_SETS;
}

static bool try_set(void *ctx, uint64_t needs)
{
	struct build *build = ctx;
	const struct matrix *m = build->b->matrix;
	struct bank_set set;
	/* The common cases first: most sets of several needs are met by nothing. */
	struct decision d = matrix_decide(m, needs, -1);
	if (d.kind == DECISION_ONE)
		return !bank_accepts(build->b, needs, -1, &set) || add_set(build, &set);
	if (d.kind != DECISION_SEVERAL)
		return true;
	for (size_t w = 0; w < m->wish_count; w++)
		if (bank_accepts(build->b, needs, (int)w, &set) && !add_set(build, &set))
			return false;
	return true;
}

static int compare(const void *a, const void *b)
{
	const struct bank_set *x = a, *y = b;
	int n = __builtin_popcountll(x->needs), k = __builtin_popcountll(y->needs);
	if (x->answer != y->answer)
		return x->answer < y->answer ? -1 : 1;
	if (n != k)
		return n < k ? -1 : 1;
	if (x->needs != y->needs)
		return x->needs < y->needs ? -1 : 1;
	return (x->wish > y->wish) - (x->wish < y->wish);
}

static void find_groups(struct bank *b)
{
	size_t at = 0;
	for (int o = 0; o < (int)b->matrix->option_count; o++) {
		size_t begin = at;
		for (int size = 1; size <= MAX_CASE_NEEDS; size++) {
			b->first[o][size - 1] = (uint32_t)at;
			while (at < b->count && b->sets[at].answer == o &&
			       __builtin_popcountll(b->sets[at].needs) == size)
				at++;
		}
		b->first[o][MAX_CASE_NEEDS] = (uint32_t)at;
		if (at > begin)
			b->answers[b->answer_count++] = o;
	}
}

void bank_init(struct bank *b, const struct dtree *tree, const struct matrix *matrix)
{
	*b = (struct bank){.tree = tree, .matrix = matrix};
	struct build build = {.b = b};
	need_sets(matrix, tree->max_needs, try_set, &build);
	if (b->count)
		qsort(b->sets, b->count, sizeof(*b->sets), compare);
	find_groups(b);
}

void bank_clear(struct bank *b)
{
	free(b->sets);
	*b = (struct bank){0};
}

/* -- drawing ----------------------------------------------------------------------------------- */

static uint32_t group_weight(uint32_t n)
{
	return n < BALANCE ? n : BALANCE;
}

void bank_draw(const struct bank *b, struct rng *rng, struct bank_set *out)
{
	int answer = b->answers[rng_below(rng, (uint32_t)b->answer_count)];
	const uint32_t *first = b->first[answer];
	uint32_t total = 0;
	for (int i = 0; i < MAX_CASE_NEEDS; i++)
		total += group_weight(first[i + 1] - first[i]);
	uint32_t at = rng_below(rng, total);
	int size = 0;
	while (at >= group_weight(first[size + 1] - first[size])) {
		at -= group_weight(first[size + 1] - first[size]);
		size++;
	}
	*out = b->sets[first[size] + rng_below(rng, first[size + 1] - first[size])];
}

bool scenario_needs(const struct bank *b, uint64_t seed, struct bank_set *out)
{
	struct rng rng = {seed};
	if (!b->count)
		return false;
	bank_draw(b, &rng, out);
	return true;
}

/* The branch that the case takes at a node, or -1 when it does not pass it. best: the largest
 * weight that it passes, or NULL. */
static int branch_at(const struct bank *b, uint64_t needs, int node, const double *weights,
		     double *best)
{
	int nodes[MAX_DTREE_NODES], branches[MAX_DTREE_NODES], at = -1;
	const struct branch *end;
	size_t n = dtree_path(b->tree, b->matrix, needs, nodes, branches, &end);
	for (size_t i = 0; i < n; i++) {
		if (nodes[i] == node)
			at = branches[i];
		if (best && weights[nodes[i]] > *best)
			*best = weights[nodes[i]];
	}
	return at;
}

uint64_t scenario_seed(const struct bank *b, const double *node_weights, int focus, struct rng *rng)
{
	uint64_t best_seed = 0;
	double best = -1;
	int draws = 0;
	for (int i = 0; i < FOCUS_DRAWS && draws < DRAWS; i++) {
		uint64_t seed = rng_next(rng);
		struct bank_set set;
		double weight = 0;
		if (!scenario_needs(b, seed, &set))
			return seed;
		bool passes = focus < 0 || branch_at(b, set.needs, focus, NULL, NULL) >= 0;
		if (!passes && i > 0)
			continue;
		if (node_weights)
			branch_at(b, set.needs, -1, node_weights, &weight);
		if (!passes)
			weight = -0.5;
		draws += passes;
		if (weight > best) {
			best = weight;
			best_seed = seed;
		}
	}
	return best_seed;
}

/* -- pairs ------------------------------------------------------------------------------------- */

int scenario_flip_at(const struct bank *b, uint64_t seed, int node, struct rng *rng)
{
	uint64_t flips = scenario_flips(b, seed), there = 0;
	struct bank_set set;
	if (!flips || !scenario_needs(b, seed, &set))
		return -1;
	int branch = node < 0 ? -1 : branch_at(b, set.needs, node, NULL, NULL);
	for (uint64_t left = flips; branch >= 0 && left;) {
		int f = take_bit(&left);
		int other = branch_at(b, set.needs ^ UINT64_C(1) << f, node, NULL, NULL);
		if (other >= 0 && other != branch)
			there |= UINT64_C(1) << f;
	}
	uint64_t from = there ? there : flips;
	uint32_t skip = rng_below(rng, (uint32_t)__builtin_popcountll(from));
	while (skip--)
		take_bit(&from);
	return take_bit(&from);
}

bool scenario_pair(const struct bank *b, int node, struct rng *rng, uint64_t *seed, int *feature)
{
	for (int i = 0; i < FOCUS_DRAWS; i++) {
		struct bank_set set;
		*seed = rng_next(rng);
		if (!scenario_needs(b, *seed, &set))
			return false;
		int branch = branch_at(b, set.needs, node, NULL, NULL);
		if (branch < 0)
			continue;
		*feature = scenario_flip_at(b, *seed, node, rng);
		if (*feature < 0)
			continue;
		int other = branch_at(b, set.needs ^ UINT64_C(1) << *feature, node, NULL, NULL);
		if (other >= 0 && other != branch)
			return true;
	}
	return false;
}
