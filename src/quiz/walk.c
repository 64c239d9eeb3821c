/* walk.c -- see walk.h. The learner's answers are kept as they were given; what is true at a node
 * follows from the needs alone, also off the true path, so that a walk can show both: where it left
 * the path, and that a later answer was right for the node it was given at. */
#include "quiz/walk.h"

#include <assert.h>
#include <string.h>

void walk_init(struct walk *w, const struct dtree *tree, const struct matrix *matrix, bool judged,
	       uint64_t needs)
{
	*w = (struct walk){
		.tree = tree,
		.matrix = matrix,
		.judged = judged,
		.needs = needs,
		.node = tree->start,
	};
}

static const struct branch *taken_branch(const struct walk *w, const struct walk_step *s)
{
	return &w->tree->nodes[s->node].branches[s->taken];
}

const struct walk_step *walk_take(struct walk *w, int branch)
{
	assert(w->node >= 0 && branch >= 0 &&
	       (size_t)branch < w->tree->nodes[w->node].branch_count);
	struct walk_step *s = &w->steps[w->count];
	*s = (struct walk_step){.node = w->node, .taken = branch, .right = -1};
	if (w->judged)
		s->right = dtree_true_branch(w->tree, w->matrix, w->node, w->needs);
	s->on_path = w->judged && walk_first_wrong(w) < 0;
	w->count++;
	const struct branch *b = taken_branch(w, s);
	w->node = b->to == TO_NODE ? b->index : -1;
	return s;
}

bool walk_back(struct walk *w)
{
	if (w->count == 0)
		return false;
	w->node = w->steps[--w->count].node;
	return true;
}

const struct branch *walk_end(const struct walk *w)
{
	return w->node >= 0 || w->count == 0 ? NULL : taken_branch(w, &w->steps[w->count - 1]);
}

int walk_first_wrong(const struct walk *w)
{
	for (size_t i = 0; w->judged && i < w->count; i++)
		if (w->steps[i].taken != w->steps[i].right)
			return (int)i;
	return -1;
}

/* -- advise ------------------------------------------------------------------------------------ */

/* What is answered at a node as if nothing else were needed. */
static int nothing_else(const struct dnode *n)
{
	return n->kind == DNODE_FITS ? 0 : (int)n->branch_count - 1;
}

static int given_at(const struct walk *w, int node)
{
	for (size_t i = 0; i < w->count; i++)
		if (w->steps[i].node == node)
			return w->steps[i].taken;
	return -1;
}

static struct walk_flip follow(const struct walk *w, size_t step, int branch)
{
	struct walk_flip f = {.step = step, .branch = branch, .option = -1, .asks = -1};
	const struct branch *b = &w->tree->nodes[w->steps[step].node].branches[branch];
	while (b->to == TO_NODE) {
		const struct dnode *n = &w->tree->nodes[b->index];
		int given = given_at(w, b->index);
		if (given < 0 && f.asks < 0)
			f.asks = b->index;
		b = &n->branches[given >= 0 ? given : nothing_else(n)];
	}
	f.to = b->to;
	if (b->to == TO_OPTION)
		f.option = b->index;
	return f;
}

size_t walk_flips(const struct walk *w, struct walk_flip *out, size_t max)
{
	size_t n = 0;
	for (size_t i = 0; i < w->count; i++) {
		const struct dnode *node = &w->tree->nodes[w->steps[i].node];
		for (size_t b = 0; b < node->branch_count; b++) {
			if ((int)b == w->steps[i].taken)
				continue;
			if (n < max)
				out[n] = follow(w, i, (int)b);
			n++;
		}
	}
	return n;
}

uint64_t walk_known_needs(const struct walk *w)
{
	uint64_t needs = 0;
	for (size_t i = 0; i < w->count; i++) {
		const struct dnode *n = &w->tree->nodes[w->steps[i].node];
		int feature = n->branches[w->steps[i].taken].feature;
		bool one = n->features && !(n->features & (n->features - 1));
		if (n->kind == DNODE_NEED && w->steps[i].taken == 0 && one)
			needs |= n->features;
		else if (n->kind == DNODE_SWITCH && feature >= 0)
			needs |= UINT64_C(1) << feature;
	}
	return needs;
}

const char *branch_text(const struct matrix *m, const struct dnode *node, int branch)
{
	const struct branch *b = &node->branches[branch];
	if (node->kind != DNODE_SWITCH)
		return b->label;
	return b->feature >= 0 ? m->features[b->feature].title : "none of these";
}

const char *branch_end_text(const struct dtree *t, const struct matrix *m, const struct branch *b)
{
	switch (b->to) {
	case TO_OPTION:
		return m->options[b->index].title;
	case TO_NODE:
		return t->nodes[b->index].ask;
	case TO_NONE:
		break;
	}
	return "nothing fits";
}

/* -- history ----------------------------------------------------------------------------------- */

void node_record_add(struct node_record *r, bool right)
{
	r->right = r->right << 1 | right;
	r->count += r->count < 64;
	r->total++;
	r->total_right += right;
}

int node_wrong_of_last(const struct node_record *r, int n, int *of)
{
	*of = n < r->count ? n : r->count;
	uint64_t window = *of >= 64 ? UINT64_MAX : (UINT64_C(1) << *of) - 1;
	return __builtin_popcountll(~r->right & window);
}

bool node_is_weak(const struct node_record *r)
{
	int of;
	int wrong = node_wrong_of_last(r, NODE_WINDOW, &of);
	return of >= NODE_MIN && (of - wrong) < NODE_GOAL * of;
}

double node_weight(const struct node_record *r)
{
	int of;
	int wrong = node_wrong_of_last(r, NODE_WINDOW, &of);
	return (wrong + 0.5) / (of + 1);
}
