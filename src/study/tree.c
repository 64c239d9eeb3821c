/* tree.c -- sessions with a decision tree; see tree.h.
 *
 * Which case comes next: the twin of a case whose walk went wrong (the same story with one fact
 * turned over, so that the branch at that node changes); where a node is weak, every other time a
 * pair for it; else a case that passes nodes which want practice. A session with a seed asks the
 * same cases whatever the history, but for the twins, which follow from the answers. */
#include "study/tree.h"

#include "store/treelog.h"
#include "study/mistake.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define MAX_DUE 60     /* cards that one mistake makes due */
#define SAME_MISTAKE 5 /* "3 of your last 5" */

const char *const tree_mode_names[TREE_MODE_COUNT] = {
	[TREE_ADVISE] = "advise",
	[TREE_DRILL] = "drill",
	[TREE_WALK] = "walk",
};

/* What taking back an answer restores. */
struct taken {
	int64_t id;
	int node; /* whose record it is, -1: none */
	struct node_record record;
	bool ended;
	struct shelf_tree *tree;
	long walks, walks_right, drills, drills_right;
	int done, done_right, before_wrong, before_of;
};

struct planned {
	bool set;
	uint64_t seed;
	int flip, node; /* flip -1: the first of a pair; node: which it is for */
};

struct tree_session {
	struct study *study;
	struct shelf_tree *shelf;
	struct tree_options options;
	int focus;
	struct bank bank;
	struct scenario current, last;
	struct walk walk;
	struct rng rng;
	struct planned now, next; /* the case in front, if it belongs to a pair; the one to come */
	uint64_t drawn;           /* cases that follow from the seed of the options */
	bool rested;              /* a case that is no pair came after the last pair */
	int64_t preset_id;
	struct taken taken[MAX_DTREE_NODES];
	size_t taken_count;
	struct tree_view view;
	struct str what;
};

/* -- which case -------------------------------------------------------------------------------- */

static bool may_go_on(const struct tree_session *t)
{
	return t->options.cases < 0 || t->view.number < t->options.cases;
}

/* The first case of a pair for a node. False: none was found. */
static bool plan_pair(struct tree_session *t, int node)
{
	struct planned p = {.set = true, .node = node};
	int feature;
	if (!scenario_pair(&t->bank, node, &t->rng, &p.seed, &feature))
		return false;
	p.flip = -1;
	t->next = p;
	return true;
}

static uint64_t free_seed(struct tree_session *t)
{
	double weights[MAX_DTREE_NODES];
	if (t->options.has_seed) {
		uint64_t n = t->drawn++;
		return n ? hash_mix(t->options.seed, n) : t->options.seed;
	}
	for (size_t i = 0; i < t->shelf->tree.node_count; i++)
		weights[i] =
			node_weight(&t->shelf->nodes[i]) + node_weight(&t->shelf->drilled[i]) / 2;
	return scenario_seed(&t->bank, weights, t->focus, &t->rng);
}

/* Where no twin waits: a pair for the node in focus, or now and then for a weak one. */
static void plan(struct tree_session *t)
{
	if (t->next.set || t->options.mode != TREE_WALK)
		return;
	if (t->focus >= 0) {
		plan_pair(t, t->focus);
	} else if (!t->options.has_seed && t->rested && t->shelf->weakest >= 0) {
		plan_pair(t, t->shelf->weakest);
	}
}

static void show_case(struct tree_session *t)
{
	t->view.number++;
	t->view.stage = TREE_ASK;
	t->view.scenario = &t->current;
	t->view.chosen = -1;
	t->view.wrong_step = -1;
	t->view.pair_next = false;
	t->view.right = false;
	t->view.before_wrong = t->view.before_of = t->view.due_cards = 0;
	t->taken_count = 0;
	if (t->options.mode == TREE_WALK) {
		walk_init(&t->walk, &t->shelf->tree, t->shelf->matrix, true, t->current.needs);
		t->view.walk = &t->walk;
	}
}

/* Make the next case. The one in front becomes view.before where the new one is its twin. */
static void next_case(struct tree_session *t)
{
	plan(t);
	struct planned p = t->next;
	t->next = (struct planned){0};
	struct scenario old = t->last;
	t->last = t->current;
	t->current = old;
	bool twin = p.set && p.flip >= 0 && scenario_flip(&t->current, &t->bank, p.seed, p.flip);
	if (!twin)
		scenario_make(&t->current, &t->bank, p.set && p.flip < 0 ? p.seed : free_seed(t));
	t->now = p;
	t->rested = !p.set;
	t->view.before = twin && t->last.sentence_count && t->last.seed == p.seed ? &t->last : NULL;
	t->view.flip = t->view.before ? p.flip : -1;
	show_case(t);
}

/* After a case of a pair, or a wrong turn: the twin. node: where to change the branch. */
static void plan_twin(struct tree_session *t, int node)
{
	if (t->current.flip >= 0) {
		if (node >= 0 && !t->view.right)
			plan_pair(t, node);
		return;
	}
	int flip = scenario_flip_at(&t->bank, t->current.seed, node, &t->rng);
	if (flip >= 0)
		t->next = (struct planned){true, t->current.seed, flip, node};
}

/* -- opening ----------------------------------------------------------------------------------- */

static bool first_case(struct tree_session *t, struct diags *d)
{
	const struct matrix *m = t->shelf->matrix;
	const struct tree_options *o = &t->options;
	if (!t->bank.count)
		return diag_fail(d, "tree-empty", "%s allows no case: no need set has one answer",
				 t->shelf->tree.id);
	if (o->focus) {
		t->focus = dtree_node(&t->shelf->tree, o->focus);
		if (t->focus < 0 || !plan_pair(t, t->focus))
			return diag_fail(d, "tree-focus", "%s: no pairs of cases for node \"%s\"",
					 t->shelf->tree.id, o->focus);
	}
	if (o->has_seed && o->flip) {
		int feature = matrix_feature(m, o->flip);
		t->next = (struct planned){true, o->seed, feature, -1};
		if (feature < 0 || !(scenario_flips(&t->bank, o->seed) >> feature & 1))
			return diag_fail(d, "tree-flip",
					 "\"%s\" cannot be turned over in this case", o->flip);
	}
	next_case(t);
	return true;
}

static bool start(struct tree_session *t, struct diags *d)
{
	struct study *s = t->study;
	if (t->options.mode == TREE_ADVISE) {
		walk_init(&t->walk, &t->shelf->tree, t->shelf->matrix, false, 0);
		t->view.walk = &t->walk;
		t->view.number = t->view.total = 1;
		return true;
	}
	if (s->read_only)
		return diag_fail(d, "store-read-only",
				 "the store cannot be written, so no answer could be kept; give "
				 "another with --db");
	bank_init(&t->bank, &t->shelf->tree, t->shelf->matrix);
	return store_preset(s->store, &s->config.preset, &t->preset_id, d) && first_case(t, d);
}

bool tree_open(struct tree_session **out, struct study *s, struct shelf_tree *tree,
	       const struct tree_options *o, struct diags *d)
{
	struct tree_session *t = xcalloc(1, sizeof(*t));
	*out = NULL;
	t->study = s;
	t->shelf = tree;
	t->options = *o;
	t->focus = -1;
	t->rested = true;
	t->rng = (struct rng){o->has_seed ? hash_mix(o->seed, 1) : s->seed};
	t->view = (struct tree_view){
		.mode = o->mode,
		.tree = &tree->tree,
		.matrix = tree->matrix,
		.total = o->cases,
		.chosen = -1,
		.wrong_step = -1,
		.flip = -1,
	};
	if (start(t, d)) {
		*out = t;
		return true;
	}
	tree_close(t, NULL);
	return false;
}

void tree_close(struct tree_session *t, struct diags *d)
{
	if (!t)
		return;
	if (t->view.done)
		study_auto_backup(t->study, d);
	bank_clear(&t->bank);
	scenario_clear(&t->current);
	scenario_clear(&t->last);
	str_clear(&t->what);
	free(t);
}

const struct tree_view *tree_view(const struct tree_session *t)
{
	return &t->view;
}

static bool due_of_node(struct tree_session *t, int node, int64_t *due, size_t *n, struct diags *d)
{
	const struct dnode *at = &t->shelf->tree.nodes[node];
	return mistake_parts(t->study, at->cards, at->card_count, MISTAKE_LEARNED, due, n, MAX_DUE,
			     d);
}

/* -- answers ----------------------------------------------------------------------------------- */

static void needs_text(struct str *out, const struct matrix *m, uint64_t needs)
{
	const char *sep = "";
	while (needs) {
		str_addf(out, "%s%s", sep, m->features[take_bit(&needs)].id);
		sep = " ";
	}
}

/* Store a step, and keep what taking it back needs. record: what changes with it, or NULL. */
static bool keep(struct tree_session *t, struct store_tree_step *x, struct node_record *record,
		 bool right, const int64_t *due, size_t due_count, struct diags *d)
{
	struct shelf_tree *shelf = t->shelf;
	struct str needs = {0};
	assert(t->taken_count < MAX_DTREE_NODES);
	struct taken *k = &t->taken[t->taken_count];
	needs_text(&needs, shelf->matrix, t->current.needs);
	x->at = study_now(t->study);
	x->day = study_today(t->study);
	x->tree = shelf->tree.id;
	x->mode = tree_mode_names[t->options.mode];
	x->seed = t->current.seed;
	x->flip = t->current.flip >= 0 ? shelf->matrix->features[t->current.flip].id : "";
	x->needs = str_c(&needs);
	*k = (struct taken){
		.node = -1,
		.ended = x->ends != 0,
		.walks = shelf->walks,
		.walks_right = shelf->walks_right,
		.drills = shelf->drills,
		.drills_right = shelf->drills_right,
		.done = t->view.done,
		.done_right = t->view.done_right,
	};
	bool ok = store_tree_step(t->study->store, x, due, due_count, t->preset_id, &k->id, d);
	str_clear(&needs);
	if (!ok)
		return false;
	if (record) {
		bool walk = t->options.mode == TREE_WALK;
		k->node = (int)(record - (walk ? shelf->nodes : shelf->drilled));
		k->record = *record;
		node_record_add(record, right);
	}
	t->taken_count++;
	return true;
}

/* The case is over: counts, and what comes next. node: of the mistake, -1: none. */
static void finish(struct tree_session *t, bool right, int node)
{
	struct shelf_tree *shelf = t->shelf;
	bool walk = t->options.mode == TREE_WALK;
	*(walk ? &shelf->walks : &shelf->drills) += 1;
	*(walk ? &shelf->walks_right : &shelf->drills_right) += right;
	shelf->weakest = shelf_weakest(shelf);
	t->view.stage = TREE_SHOWN;
	t->view.right = right;
	t->view.done++;
	t->view.done_right += right;
	t->next = (struct planned){0};
	if (walk && (!right || (t->now.set && t->now.flip < 0)))
		plan_twin(t, node >= 0 ? node : t->now.node);
	t->view.pair_next = may_go_on(t) && t->next.set && t->next.flip >= 0;
}

/* The node of the true path that rules an option out: the first that asks about a need which it
 * lacks, or which it does not fit; else the last. chosen < 0 or the answer: the last. */
static int ruling_node(const struct tree_session *t, int chosen)
{
	const struct scenario *s = &t->current;
	int nodes[MAX_DTREE_NODES];
	const struct branch *end;
	size_t n = dtree_path(s->tree, s->matrix, s->needs, nodes, NULL, &end);
	uint64_t broken = chosen >= 0 ? s->shown[chosen].broken : 0;
	for (size_t i = 0; i < n; i++) {
		const struct dnode *node = &s->tree->nodes[nodes[i]];
		if ((node->features & broken) ||
		    (broken && node->kind == DNODE_FITS && node->fits == s->shown[chosen].option))
			return nodes[i];
	}
	return nodes[n - 1];
}

static bool take_option(struct tree_session *t, int i, struct diags *d)
{
	const struct scenario *s = &t->current;
	const struct matrix *m = t->shelf->matrix;
	bool right = i == (int)s->right;
	int node = ruling_node(t, i);
	int64_t due[MAX_DUE];
	size_t n = 0;
	if (!right && !due_of_node(t, node, due, &n, d))
		return false;
	struct store_tree_step x = {
		.node = t->shelf->tree.nodes[node].id,
		.given = i >= 0 ? m->options[s->shown[i].option].id : "",
		.truth = m->options[s->answer].id,
		.ends = right ? 1 : -1,
	};
	if (!keep(t, &x, &t->shelf->drilled[node], right, due, n, d))
		return false;
	t->view.chosen = i;
	t->view.due_cards = (int)n;
	finish(t, right, right ? -1 : node);
	return true;
}

/* What was so before this case at the node where it went wrong. */
static void count_same(struct tree_session *t, int step)
{
	for (size_t i = 0; i < t->taken_count; i++)
		if (t->taken[i].node == t->walk.steps[step].node)
			t->view.before_wrong = node_wrong_of_last(&t->taken[i].record, SAME_MISTAKE,
								  &t->view.before_of);
}

static bool take_branch(struct tree_session *t, int branch, struct diags *d)
{
	struct walk w = t->walk;
	const struct dnode *node = &t->shelf->tree.nodes[w.node];
	const struct walk_step *step = walk_take(&w, branch);
	int wrong = walk_first_wrong(&w);
	bool ended = walk_end(&w) != NULL;
	int64_t due[MAX_DUE];
	size_t n = 0;
	if (ended && wrong >= 0 && !due_of_node(t, w.steps[wrong].node, due, &n, d))
		return false;
	struct store_tree_step x = {
		.node = node->id,
		.given = node->branches[branch].label,
		.truth = node->branches[step->right].label,
		.counts = step->on_path,
		.ends = !ended      ? 0
			: wrong < 0 ? 1
				    : -1,
	};
	struct node_record *record = step->on_path ? &t->shelf->nodes[step->node] : NULL;
	if (!keep(t, &x, record, step->taken == step->right, due, n, d))
		return false;
	t->walk = w;
	if (!ended)
		return true;
	t->view.wrong_step = wrong;
	t->view.due_cards = (int)n;
	if (wrong >= 0)
		count_same(t, wrong);
	finish(t, wrong < 0, wrong >= 0 ? w.steps[wrong].node : -1);
	return true;
}

bool tree_take(struct tree_session *t, int i, struct diags *d)
{
	assert(t->view.stage == TREE_ASK);
	switch (t->options.mode) {
	case TREE_ADVISE:
		walk_take(&t->walk, i);
		if (walk_end(&t->walk)) {
			t->view.stage = TREE_SHOWN;
			t->view.done = 1;
		}
		return true;
	case TREE_DRILL:
		return take_option(t, i, d);
	case TREE_WALK:
		return take_branch(t, i, d);
	case TREE_MODE_COUNT:
		break;
	}
	return false;
}

/* -- taking back, going on --------------------------------------------------------------------- */

static void restore(struct tree_session *t, const struct taken *k)
{
	struct shelf_tree *shelf = t->shelf;
	bool walk = t->options.mode == TREE_WALK;
	if (k->node >= 0)
		(walk ? shelf->nodes : shelf->drilled)[k->node] = k->record;
	shelf->walks = k->walks;
	shelf->walks_right = k->walks_right;
	shelf->drills = k->drills;
	shelf->drills_right = k->drills_right;
	shelf->weakest = shelf_weakest(shelf);
	t->view.done = k->done;
	t->view.done_right = k->done_right;
}

/* "no at push", "HTTP API". */
static void say_what(struct tree_session *t)
{
	const struct matrix *m = t->shelf->matrix;
	str_reset(&t->what);
	if (t->options.mode == TREE_DRILL) {
		str_add(&t->what,
			t->view.chosen < 0
				? "giving up"
				: m->options[t->current.shown[t->view.chosen].option].title);
		return;
	}
	const struct walk_step *s = &t->walk.steps[t->walk.count - 1];
	const struct dnode *n = &t->shelf->tree.nodes[s->node];
	str_addf(&t->what, "%s at \"%s\"", branch_text(m, n, s->taken), n->id);
}

static void ask_again(struct tree_session *t)
{
	t->view.stage = TREE_ASK;
	t->view.chosen = t->view.wrong_step = -1;
	t->view.right = t->view.pair_next = false;
	t->view.due_cards = t->view.before_wrong = t->view.before_of = 0;
	t->next = (struct planned){0};
}

bool tree_back(struct tree_session *t, const char **what, struct diags *d)
{
	bool advise = t->options.mode == TREE_ADVISE;
	*what = NULL;
	if (t->view.stage == TREE_DONE || (advise ? t->walk.count == 0 : t->taken_count == 0))
		return true;
	say_what(t);
	if (!advise) {
		const struct taken *k = &t->taken[t->taken_count - 1];
		if (!store_tree_undo(t->study->store, t->shelf->tree.id, k->id, study_now(t->study),
				     study_today(t->study), d))
			return false;
		restore(t, k);
		t->taken_count--;
	}
	if (t->options.mode != TREE_DRILL)
		walk_back(&t->walk);
	ask_again(t);
	*what = str_c(&t->what);
	return true;
}

bool tree_next(struct tree_session *t, struct diags *d)
{
	(void)d;
	assert(t->view.stage == TREE_SHOWN);
	if (t->options.mode == TREE_ADVISE || !may_go_on(t)) {
		t->view.stage = TREE_DONE;
		return true;
	}
	next_case(t);
	return true;
}
