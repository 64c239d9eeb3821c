/* t_tree.c -- sessions with a tree over a real store: what is kept and counted, twins after a wrong
 * turn, pairs for a weak node, reviews that become due, taking back, advice; a store that fails. */
#include "study/tree.h"

#include "base/file.h"
#include "store/treelog.h"
#include "tests/unit/study/fault.h"
#include "tests/unit/study/world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define TREE "which-api"

/* A shelf over a world, opened again at will. */
struct bench {
	struct world w;
	struct shelf shelf;
	struct shelf_tree *tree;
	struct tree_session *session;
};

static void copy(struct world *w, const char *from, const char *dir, const char *name)
{
	struct arena a = {0};
	struct str text = {0};
	const char *folder = path_join(&a, w->dir, dir);
	assert_true(file_read(from, 1 << 20, &text, NULL));
	assert_true(file_mkdirs(folder, NULL));
	assert_true(file_write(path_join(&a, folder, name), text.p, text.len, NULL));
	str_clear(&text);
	arena_clear(&a);
}

static void close_shelf(struct bench *b)
{
	tree_close(b->session, NULL);
	b->session = NULL;
	shelf_clear(&b->shelf);
}

/* As another run of the program would find it. */
static void reopen(struct bench *b)
{
	struct diags d = {0};
	close_shelf(b);
	world_open(&b->w);
	assert_true(shelf_open(&b->shelf, &b->w.study, &d));
	assert_int_equal(d.errors, 0);
	diags_clear(&d);
	b->tree = shelf_find(&b->shelf, TREE);
	assert_non_null(b->tree);
}

static int open_bench(void **state)
{
	static struct bench b;
	b = (struct bench){0};
	world_init(&b.w);
	copy(&b.w, "tests/data/trees/matrix.yaml", "data/matrix", "api-types.yaml");
	copy(&b.w, "tests/data/trees/tree.yaml", "data/trees", "which-api.yaml");
	reopen(&b);
	*state = &b;
	return 0;
}

static int close_bench(void **state)
{
	struct bench *b = *state;
	close_shelf(b);
	world_clear(&b->w);
	return 0;
}

static const struct tree_view *start(struct bench *b, struct tree_options o)
{
	struct diags d = {0};
	tree_close(b->session, NULL);
	if (!tree_open(&b->session, &b->w.study, b->tree, &o, &d))
		fail_msg("%s", diags_first(&d));
	diags_clear(&d);
	return tree_view(b->session);
}

static void start_fails(struct bench *b, struct tree_options o, const char *code)
{
	struct diags d = {0};
	struct tree_session *t;
	assert_false(tree_open(&t, &b->w.study, b->tree, &o, &d));
	assert_null(t);
	assert_int_equal(d.errors, 1);
	assert_string_equal(d.items[0].code, code);
	diags_clear(&d);
}

/* A walk: the true branch at each node, but another one at node `wrong` (NULL: none). */
static void walk(struct bench *b, const char *wrong)
{
	const struct tree_view *v = tree_view(b->session);
	while (v->stage == TREE_ASK) {
		const struct dnode *n = &v->tree->nodes[v->walk->node];
		int right =
			dtree_true_branch(v->tree, v->matrix, v->walk->node, v->scenario->needs);
		bool miss = wrong && !strcmp(n->id, wrong);
		int branch = miss ? (right + 1) % (int)n->branch_count : right;
		assert_true(tree_take(b->session, branch, NULL));
	}
	assert_int_equal(v->stage, TREE_SHOWN);
}

static int node_of(const struct bench *b, const char *id)
{
	int node = dtree_node(&b->tree->tree, id);
	assert_true(node >= 0);
	return node;
}

static int branch_at(const struct bench *b, uint64_t needs, int node)
{
	int nodes[MAX_DTREE_NODES], branches[MAX_DTREE_NODES];
	const struct branch *end;
	size_t n = dtree_path(&b->tree->tree, b->tree->matrix, needs, nodes, branches, &end);
	for (size_t i = 0; i < n; i++)
		if (nodes[i] == node)
			return branches[i];
	return -1;
}

/* -- the shelf --------------------------------------------------------------------------------- */

static void files_in_error_are_left_out(void **state)
{
	struct bench *b = *state;
	struct diags d = {0};
	close_shelf(b);
	copy(&b->w, "tests/golden/lint/dtree-kind.yaml", "data/trees", "broken.yaml");
	copy(&b->w, "tests/data/trees/tree.yaml", "trees", "again.yaml");
	copy(&b->w, "tests/golden/lint/clean+tree.yaml", "trees", "own.yaml");
	copy(&b->w, "tests/golden/lint/dtree-matrix+other.yaml", "trees", "other.yaml");
	assert_true(shelf_open(&b->shelf, &b->w.study, &d));
	assert_int_equal(b->shelf.count, 2);
	assert_non_null(shelf_find(&b->shelf, "which"));
	assert_null(shelf_find(&b->shelf, "none"));
	assert_string_equal(shelf_suggest(&b->shelf, "which-ap"), TREE);
	assert_int_equal(d.errors, 2 + 1 + 1);
	diags_clear(&d);
}

/* -- drills ------------------------------------------------------------------------------------ */

static void drill_answers_are_kept(void **state)
{
	struct bench *b = *state;
	const struct tree_view *v =
		start(b, (struct tree_options){
				 .mode = TREE_DRILL, .cases = 2, .has_seed = true, .seed = 11});
	struct str s = {0};
	assert_int_equal(v->stage, TREE_ASK);
	assert_int_equal(v->scenario->seed, 11);
	assert_true(tree_take(b->session, (int)v->scenario->right, NULL));
	assert_true(v->right);
	assert_int_equal(v->stage, TREE_SHOWN);
	assert_true(tree_next(b->session, NULL));
	assert_int_equal(v->number, 2);
	assert_int_not_equal(v->scenario->seed, 11);
	assert_true(tree_take(b->session, v->scenario->right == 0, NULL));
	assert_false(v->right);
	assert_true(tree_next(b->session, NULL));
	assert_int_equal(v->stage, TREE_DONE);
	assert_int_equal(v->done, 2);
	assert_int_equal(v->done_right, 1);
	reopen(b);
	assert_int_equal(b->tree->drills, 2);
	assert_int_equal(b->tree->drills_right, 1);
	assert_int_equal(b->tree->walks, 0);
	shelf_progress(&s, b->tree);
	assert_string_equal(str_c(&s), "drilled 2, 1 right");
	str_clear(&s);
}

static void giving_up_is_wrong_and_can_be_taken_back(void **state)
{
	struct bench *b = *state;
	const struct tree_view *v =
		start(b, (struct tree_options){.mode = TREE_DRILL, .cases = -1});
	const char *what;
	assert_true(tree_back(b->session, &what, NULL));
	assert_null(what);
	assert_true(tree_take(b->session, -1, NULL));
	assert_false(v->right);
	assert_int_equal(b->tree->drills, 1);
	assert_true(tree_back(b->session, &what, NULL));
	assert_string_equal(what, "giving up");
	assert_int_equal(v->stage, TREE_ASK);
	assert_int_equal(v->done, 0);
	assert_int_equal(b->tree->drills, 0);
	assert_true(tree_take(b->session, (int)v->scenario->right, NULL));
	assert_true(v->right);
	reopen(b);
	assert_int_equal(b->tree->drills, 1);
	assert_int_equal(b->tree->drills_right, 1);
}

static void a_seed_asks_the_same_cases(void **state)
{
	struct bench *b = *state;
	uint64_t hashes[4];
	struct tree_options o = {.mode = TREE_DRILL, .cases = 4, .has_seed = true, .seed = 99};
	for (int pass = 0; pass < 2; pass++) {
		const struct tree_view *v = start(b, o);
		for (int i = 0; i < 4; i++) {
			if (pass == 0)
				hashes[i] = v->scenario->text_hash;
			assert_true(hashes[i] == v->scenario->text_hash);
			assert_true(tree_take(b->session, pass ? -1 : 0, NULL));
			assert_true(tree_next(b->session, NULL));
		}
	}
}

static void what_cannot_be_asked_is_refused(void **state)
{
	struct bench *b = *state;
	start_fails(b, (struct tree_options){.mode = TREE_WALK, .cases = 1, .focus = "nowhere"},
		    "tree-focus");
	start_fails(b,
		    (struct tree_options){.mode = TREE_DRILL,
					  .cases = 1,
					  .has_seed = true,
					  .seed = 1,
					  .flip = "nothing"},
		    "tree-flip");
}

static void a_case_of_a_seed_with_one_fact_turned_over(void **state)
{
	struct bench *b = *state;
	struct bank bank;
	uint64_t seed = 0;
	bank_init(&bank, &b->tree->tree, b->tree->matrix);
	while (!scenario_flips(&bank, seed))
		seed++;
	uint64_t flips = scenario_flips(&bank, seed);
	int f = take_bit(&flips);
	const struct tree_view *v =
		start(b, (struct tree_options){.mode = TREE_DRILL,
					       .cases = 1,
					       .has_seed = true,
					       .seed = seed,
					       .flip = b->tree->matrix->features[f].id});
	assert_int_equal(v->scenario->seed, seed);
	assert_int_equal(v->scenario->flip, f);
	assert_null(v->before);
	bank_clear(&bank);
}

/* -- walks ------------------------------------------------------------------------------------- */

static void each_step_is_kept_at_once(void **state)
{
	struct bench *b = *state;
	start(b, (struct tree_options){.mode = TREE_WALK, .cases = 1});
	assert_true(tree_take(b->session, 0, NULL));
	/* The program is killed here. */
	reopen(b);
	const struct node_record *r = &b->tree->nodes[node_of(b, "push")];
	assert_int_equal(r->count, 1);
	assert_int_equal(b->tree->walks, 0);
}

static void a_wrong_turn_is_followed_by_its_twin(void **state)
{
	struct bench *b = *state;
	const struct tree_view *v = start(b, (struct tree_options){.mode = TREE_WALK, .cases = 50});
	int push = node_of(b, "push");
	uint64_t needs, seed;
	int story;
	struct str s = {0};
	/* Some cases have no twin; one of the first does. */
	for (;;) {
		walk(b, "push");
		assert_false(v->right);
		assert_int_equal(v->walk->steps[v->wrong_step].node, push);
		if (v->pair_next)
			break;
		assert_true(tree_next(b->session, NULL));
	}
	needs = v->scenario->needs;
	story = v->scenario->story;
	seed = v->scenario->seed;
	assert_true(tree_next(b->session, NULL));
	assert_non_null(v->before);
	assert_int_equal(v->before->seed, seed);
	assert_int_equal(v->before->needs, needs);
	assert_int_equal(v->scenario->story, story);
	assert_int_equal(v->scenario->needs, needs ^ UINT64_C(1) << v->flip);
	assert_int_not_equal(v->scenario->answer, v->before->answer);
	walk(b, "push");
	assert_true(v->before_of >= 1);
	assert_int_equal(v->before_wrong, v->before_of);
	tree_same_mistake(&s, v);
	assert_non_null(strstr(str_c(&s), " push cases"));
	str_clear(&s);
}

static void the_words_of_a_wrong_turn(void **state)
{
	struct bench *b = *state;
	const struct tree_view *v = start(b, (struct tree_options){.mode = TREE_WALK, .cases = 50});
	struct str s = {0};
	while (v->scenario->answer != matrix_option(v->matrix, "ws")) {
		walk(b, NULL);
		assert_true(v->right);
		assert_true(tree_next(b->session, NULL));
	}
	walk(b, "push");
	tree_wrong_turn(&s, v);
	assert_true(str_starts(str_c(&s), "A message that nobody asked for is a push.\n"
					  "Low latency is not push.\nWhat decides: \""));
	str_clear(&s);
}

static void off_the_path_nothing_counts(void **state)
{
	struct bench *b = *state;
	start(b, (struct tree_options){.mode = TREE_WALK, .cases = 3});
	walk(b, "push");
	int counted = 0;
	reopen(b);
	for (size_t i = 0; i < b->tree->tree.node_count; i++)
		counted += b->tree->nodes[i].count;
	assert_int_equal(counted, 1);
	assert_int_equal(b->tree->walks, 1);
	assert_int_equal(b->tree->walks_right, 0);
}

static void steps_can_be_taken_back(void **state)
{
	struct bench *b = *state;
	const char *what;
	const struct tree_view *v = start(b, (struct tree_options){.mode = TREE_WALK, .cases = 1});
	int push = node_of(b, "push");
	walk(b, "push");
	assert_int_equal(b->tree->nodes[push].count, 1);
	while (v->walk->count) {
		assert_true(tree_back(b->session, &what, NULL));
		assert_non_null(strstr(what, " at \""));
	}
	assert_int_equal(v->stage, TREE_ASK);
	assert_int_equal(b->tree->nodes[push].count, 0);
	assert_true(tree_back(b->session, &what, NULL));
	assert_null(what);
	walk(b, NULL);
	assert_true(v->right);
	reopen(b);
	assert_int_equal(b->tree->nodes[push].count, 1);
	assert_int_equal(b->tree->nodes[push].total_right, 1);
	assert_int_equal(b->tree->walks_right, 1);
}

static void a_weak_node_gets_pairs(void **state)
{
	struct bench *b = *state;
	const struct tree_view *v;
	int place = node_of(b, "place"), pairs = 0, twins = 0;
	/* Wrong at "place" until it is weak. */
	v = start(b, (struct tree_options){.mode = TREE_WALK, .cases = 200});
	while (b->tree->weakest != place) {
		walk(b, "place");
		assert_true(tree_next(b->session, NULL));
	}
	v = start(b, (struct tree_options){.mode = TREE_WALK, .cases = 40});
	int base = -1;
	while (b->tree->weakest == place && v->stage != TREE_DONE) {
		int branch = branch_at(b, v->scenario->needs, place);
		if (v->before && base >= 0) {
			pairs += branch >= 0 && branch != base;
			twins++;
		}
		base = branch;
		walk(b, NULL);
		assert_true(tree_next(b->session, NULL));
	}
	assert_true(twins >= 2);
	assert_true(pairs >= 2);
	assert_int_equal(b->tree->weakest, -1);
}

static void a_focus_asks_pairs_alone(void **state)
{
	struct bench *b = *state;
	const struct tree_view *v =
		start(b, (struct tree_options){.mode = TREE_WALK, .cases = 10, .focus = "place"});
	int place = node_of(b, "place");
	for (int i = 0; i < 10; i++) {
		assert_true(branch_at(b, v->scenario->needs, place) >= 0);
		assert_int_equal(v->before != NULL, i % 2);
		walk(b, NULL);
		assert_int_equal(v->pair_next, i % 2 == 0);
		assert_true(tree_next(b->session, NULL));
	}
	assert_int_equal(v->stage, TREE_DONE);
}

/* -- reviews ----------------------------------------------------------------------------------- */

static const char types[] =
	"deck: types\ntitle: Types\nformat: 1\nsources:\n  s: {title: A, url: "
	"\"https://example.org/\", checked: 2026-11-01}\ncards:\n"
	"- {id: push, kind: basic, front: What is a push?, back: News unasked, source: s}\n"
	"- {id: new, kind: basic, front: What is new?, back: This, source: s}\n";

static struct srs_card state_of(struct bench *b, const char *key)
{
	struct arena a = {0};
	struct store_item item;
	int64_t part;
	assert_true(store_find(b->w.study.store, key, &part, NULL));
	assert_true(part != 0);
	assert_true(store_row(b->w.study.store, part, &a, &item, NULL));
	arena_clear(&a);
	return item.state;
}

static void learn(struct bench *b, const char *key)
{
	int64_t part, preset;
	struct store_answer x = {.event = {.op = SRS_OP_DUE, .arg = 9, .at = b->w.now},
				 .screen = "test"};
	assert_true(store_find(b->w.study.store, key, &part, NULL));
	assert_true(store_preset(b->w.study.store, &b->w.study.config.preset, &preset, NULL));
	x.part_id = part;
	assert_true(store_log(b->w.study.store, &x, preset, NULL, NULL, NULL));
	assert_int_equal(state_of(b, key).due_day, study_today(&b->w.study) + 9);
}

static void a_mistake_makes_its_cards_due(void **state)
{
	struct bench *b = *state;
	close_shelf(b);
	world_deck(&b->w, "types", types);
	reopen(b);
	/* A card that was never learned is left to come as new cards do. */
	const struct tree_view *v = start(b, (struct tree_options){.mode = TREE_WALK, .cases = 9});
	walk(b, "push");
	assert_int_equal(v->due_cards, 0);
	learn(b, "types/push");
	v = start(b, (struct tree_options){.mode = TREE_WALK, .cases = 9});
	walk(b, "push");
	assert_int_equal(v->due_cards, 1);
	assert_int_equal(state_of(b, "types/push").due_day, study_today(&b->w.study));
	/* It is due already: once is enough. */
	assert_true(tree_next(b->session, NULL));
	walk(b, "push");
	assert_int_equal(v->due_cards, 0);
}

static void what_cannot_be_stored_is_not_taken(void **state)
{
	struct bench *b = *state;
	struct diags d = {0};
	const struct tree_view *v = start(b, (struct tree_options){.mode = TREE_WALK, .cases = 1});
	int push = node_of(b, "push");
	fault_after(b->w.study.store, 1);
	assert_false(tree_take(b->session, 0, &d));
	fault_after(b->w.study.store, 0);
	assert_true(d.errors > 0);
	diags_clear(&d);
	assert_int_equal(v->stage, TREE_ASK);
	assert_int_equal(v->walk->count, 0);
	assert_int_equal(b->tree->nodes[push].count, 0);
	walk(b, NULL);
	assert_true(v->right);
	reopen(b);
	assert_int_equal(b->tree->walks, 1);
}

/* -- advise, and tables ------------------------------------------------------------------------ */

static void advice_has_path_reasons_and_what_would_change_it(void **state)
{
	static const char want[] =
		"Recommended: WebSocket API.\n"
		"How you got here:\n"
		"- Must the server reach clients that have not just asked? yes. A message that "
		"nobody asked for is a push.\n"
		"- Does a WebSocket API have everything else? yes.\n"
		"It has what you asked for:\n"
		"- The server sends without being asked. Source: WebSocket APIs.\n"
		"What would change it:\n"
		"- Must the server reach clients that have not just asked? no: then it asks "
		"\"Where does the endpoint stand?\"; with nothing else needed, HTTP API.\n"
		"- Does a WebSocket API have everything else? no: nothing fits.\n"
		"Sources:\n"
		"- Choose between APIs: https://docs.aws.amazon.com/pick\n";
	struct bench *b = *state;
	const char *what;
	struct str s = {0};
	const struct tree_view *v = start(b, (struct tree_options){.mode = TREE_ADVISE});
	assert_true(tree_take(b->session, 0, NULL));
	assert_true(tree_take(b->session, 1, NULL));
	assert_int_equal(v->stage, TREE_SHOWN);
	tree_advice(&s, v);
	assert_true(str_starts(str_c(&s), "Nothing in the table meets all of this."));
	assert_true(tree_back(b->session, &what, NULL));
	assert_string_equal(what, "no at \"ws-fits\"");
	assert_true(tree_take(b->session, 0, NULL));
	str_reset(&s);
	tree_advice(&s, v);
	assert_string_equal(str_c(&s), want);
	assert_true(tree_next(b->session, NULL));
	assert_int_equal(v->stage, TREE_DONE);
	reopen(b);
	assert_int_equal(b->tree->nodes[node_of(b, "push")].count, 0);
	str_clear(&s);
}

static void the_matrix_is_a_table(void **state)
{
	struct bench *b = *state;
	struct str s = {0};
	const struct matrix *m = b->tree->matrix;
	matrix_table(&s, m, UINT64_C(1) << matrix_feature(m, "alb"), 3);
	assert_non_null(strstr(str_c(&s), "- `http` HTTP API\n"));
	assert_non_null(strstr(str_c(&s), "| feature | rest | rest-edge | rest-private |\n"));
	assert_non_null(strstr(str_c(&s), "| feature | http | ws |\n| --- | --- | --- |\n"
					  "| **A private load balancer behind it** | yes | ? |\n"));
	assert_non_null(strstr(str_c(&s), "| yes 2025-11, exam - | yes, exam - |"));
	str_clear(&s);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, open_bench, close_bench)
		T(files_in_error_are_left_out),
		T(drill_answers_are_kept),
		T(giving_up_is_wrong_and_can_be_taken_back),
		T(a_seed_asks_the_same_cases),
		T(what_cannot_be_asked_is_refused),
		T(a_case_of_a_seed_with_one_fact_turned_over),
		T(each_step_is_kept_at_once),
		T(a_wrong_turn_is_followed_by_its_twin),
		T(the_words_of_a_wrong_turn),
		T(off_the_path_nothing_counts),
		T(steps_can_be_taken_back),
		T(a_weak_node_gets_pairs),
		T(a_focus_asks_pairs_alone),
		T(a_mistake_makes_its_cards_due),
		T(what_cannot_be_stored_is_not_taken),
		T(advice_has_path_reasons_and_what_would_change_it),
		T(the_matrix_is_a_table),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
