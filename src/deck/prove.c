/* prove.c -- the proof that a tree is a view of its matrix: every possible need set up to the
 * declared size is walked down the tree and decided by the matrix, and the two must agree.
 *
 * Sets are tried from small to large, so that the counterexample of a branch is one of the smallest
 * there are. Trying all is exact and quick: thirty features make 31,930 sets of four or fewer, and
 * a set takes a fraction of a microsecond; what would take more than seconds is refused. */
#include "deck/dtree.h"

#include "base/suggest.h"

#include <string.h>

#define MAX_COUNTEREXAMPLES 20
#define MAX_SUGGESTED 200

/* -- need sets --------------------------------------------------------------------------------- */

struct sets {
	const struct matrix *m;
	bool (*fn)(void *ctx, uint64_t needs);
	void *ctx;
};

/* Add left more features, from number first on. */
static bool choose(const struct sets *s, size_t first, int left, uint64_t needs)
{
	if (left == 0)
		return s->fn(s->ctx, needs);
	for (size_t f = first; f + (size_t)left <= s->m->feature_count; f++) {
		uint64_t more = needs | UINT64_C(1) << f;
		if (matrix_possible(s->m, more) && !choose(s, f + 1, left - 1, more))
			return false;
	}
	return true;
}

bool need_sets(const struct matrix *m, int max, bool (*fn)(void *ctx, uint64_t needs), void *ctx)
{
	struct sets s = {m, fn, ctx};
	for (int size = 1; size <= max; size++)
		if (!choose(&s, 0, size, 0))
			return false;
	return true;
}

uint64_t need_set_count(size_t n, int max)
{
	uint64_t total = 0, sets = 1;
	for (int size = 1; size <= max && (size_t)size <= n; size++) {
		/* At most 64 features: no product of eight steps is over 2^53 before it is divided.
		 */
		sets = sets * (n - (size_t)size + 1) / (uint64_t)size;
		total += sets;
	}
	return total;
}

/* -- the proof --------------------------------------------------------------------------------- */

struct proof {
	const struct dtree *t;
	const struct matrix *m;
	struct diags *d;
	/* A bit per branch of each node. */
	struct branch_bits {
		uint64_t low, high;
	} taken[MAX_DTREE_NODES], wrong[MAX_DTREE_NODES];
	size_t errors;
};

static bool mark(struct branch_bits *b, int branch)
{
	uint64_t *word = branch < 64 ? &b->low : &b->high;
	uint64_t bit = UINT64_C(1) << (branch & 63);
	bool was = *word & bit;
	*word |= bit;
	return was;
}

static bool is_marked(const struct branch_bits *b, size_t branch)
{
	return (branch < 64 ? b->low : b->high) >> (branch & 63) & 1;
}

static bool end_is_right(const struct branch *end, const struct decision *d)
{
	switch (d->kind) {
	case DECISION_ONE:
		return end->to == TO_OPTION && end->index == d->option;
	case DECISION_SEVERAL:
		return end->to == TO_OPTION && (d->survivors >> end->index & 1);
	case DECISION_NONE:
		return end->to == TO_NONE;
	case DECISION_BLOCKED:
		return true;
	}
	return false;
}

static void add_features(struct str *out, const struct matrix *m, uint64_t needs)
{
	const char *sep = "";
	while (needs) {
		str_addf(out, "%s%s", sep, m->features[take_bit(&needs)].id);
		sep = needs & (needs - 1) ? ", " : " and ";
	}
}

/* What the matrix says instead, and why the end will not do. */
static void add_verdict(struct str *out, const struct proof *p, const struct branch *end,
			const struct decision *d, uint64_t needs)
{
	const struct matrix *m = p->m;
	uint64_t left = d->survivors;
	const char *sep = "";
	if (d->kind == DECISION_NONE)
		str_add(out, "nothing meets this, so =none");
	while (left) {
		int o = take_bit(&left);
		if (d->kind == DECISION_ONE && o != d->option)
			continue;
		str_addf(out, "%s=%s", sep, m->options[o].id);
		sep = left & (left - 1) ? ", " : " or ";
	}
	if (d->by_wish)
		str_addf(out, ", the best by %s", p->t->prefer_id);
	if (end->to != TO_OPTION)
		return;
	uint64_t broken = matrix_broken(m, end->index, needs);
	if (broken) {
		str_addf(out, "; %s lacks ", m->options[end->index].id);
		add_features(out, m, broken);
	} else if (!(matrix_candidates(m, needs) >> end->index & 1)) {
		str_addf(out, "; %s counts only when asked for", m->options[end->index].id);
	}
}

static void report_wrong(struct proof *p, int node, const struct branch *end,
			 const struct decision *d, uint64_t needs)
{
	struct str set = {0}, say = {0};
	add_features(&set, p->m, needs);
	add_verdict(&say, p, end, d, needs);
	diag_error(
		p->d, end->pos, "dtree-wrong",
		"node \"%s\" is wrong where the needs are %s: it ends at =%s, the matrix says %s",
		p->t->nodes[node].id, str_c(&set), end->to_id, str_c(&say));
	str_clear(&set);
	str_clear(&say);
	p->errors++;
}

static bool prove_set(void *ctx, uint64_t needs)
{
	struct proof *p = ctx;
	int nodes[MAX_DTREE_NODES], branches[MAX_DTREE_NODES];
	const struct branch *end;
	size_t n = dtree_path(p->t, p->m, needs, nodes, branches, &end);
	struct decision d = matrix_decide(p->m, needs, p->t->prefer);
	for (size_t i = 0; i < n; i++)
		mark(&p->taken[nodes[i]], branches[i]);
	int last = nodes[n - 1];
	if (end_is_right(end, &d) || mark(&p->wrong[last], branches[n - 1]))
		return true;
	report_wrong(p, last, end, &d, needs);
	return p->errors < MAX_COUNTEREXAMPLES;
}

static void report_untaken(const struct proof *p)
{
	for (size_t i = 0; i < p->t->node_count; i++) {
		const struct dnode *n = &p->t->nodes[i];
		for (size_t b = 0; b < n->branch_count; b++)
			if (!is_marked(&p->taken[i], b))
				diag_warn(p->d, n->branches[b].pos, "dtree-untaken",
					  "no need set of up to %d takes branch \"%s\" of node "
					  "\"%s\"",
					  p->t->max_needs, n->branches[b].label, n->id);
	}
}

bool dtree_prove(struct dtree *t, const struct matrix *m, struct diags *d)
{
	struct proof p = {.t = t, .m = m, .d = d};
	if (!dtree_bind(t, m, d))
		return false;
	uint64_t sets = need_set_count(m->feature_count, t->max_needs);
	if (sets > MAX_NEED_SETS)
		return diag_error(
			d, node_pos(node_get(t->root, "cases"), t->file), "dtree-too-many-sets",
			"%llu need sets of up to %d of %zu features, at most %llu can be "
			"proved: lower max_needs",
			(unsigned long long)sets, t->max_needs, m->feature_count, MAX_NEED_SETS);
	if (need_sets(m, t->max_needs, prove_set, &p) && !p.errors)
		report_untaken(&p);
	return p.errors == 0;
}

static const struct matrix *used_matrix(const struct dtree *t, const struct matrix *const *matrices,
					size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(matrices[i]->id, t->uses) == 0)
			return matrices[i];
	return NULL;
}

static bool no_matrix(const struct dtree *t, const struct matrix *const *matrices, size_t n,
		      struct diags *d)
{
	const char *names[MAX_SUGGESTED];
	size_t count = 0;
	for (size_t i = 0; i < n && count < MAX_SUGGESTED; i++)
		names[count++] = matrices[i]->id;
	const char *near = suggest(t->uses, names, count);
	if (near)
		return diag_error(d, t->uses_pos, "dtree-matrix",
				  "unknown matrix \"%s\", did you mean \"%s\"?", t->uses, near);
	return diag_error(d, t->uses_pos, "dtree-matrix",
			  "matrix \"%s\" is not among the files: the tree cannot be proved without "
			  "it",
			  t->uses);
}

bool dtrees_prove(struct dtree *const *trees, size_t tree_count,
		  const struct matrix *const *matrices, size_t matrix_count, struct diags *d)
{
	bool ok = true;
	for (size_t i = 0; i < tree_count; i++) {
		const struct matrix *m = used_matrix(trees[i], matrices, matrix_count);
		ok &= m ? dtree_prove(trees[i], m, d)
			: no_matrix(trees[i], matrices, matrix_count, d);
	}
	return ok;
}
