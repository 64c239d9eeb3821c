/* t_walk.c -- walks: the first wrong turn, also where the end is right by luck; taking back; advice
 * with what one other answer would lead to; records of nodes. */
#include "quiz/walk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static struct matrix m;
static struct dtree t;

static int set_up(void **state)
{
	struct diags d = {0};
	(void)state;
	if (!matrix_read_file(&m, "tests/data/trees/matrix.yaml", &d) ||
	    !dtree_read_file(&t, "tests/data/trees/tree.yaml", &d) || !dtree_bind(&t, &m, &d))
		return -1;
	diags_clear(&d);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	dtree_clear(&t);
	matrix_clear(&m);
	return 0;
}

static uint64_t need(const char *id)
{
	int f = matrix_feature(&m, id);
	assert_true(f >= 0);
	return UINT64_C(1) << f;
}

/* Take branches by label until the walk ends or the labels do. */
static void take(struct walk *w, const char *const *labels)
{
	for (; *labels; labels++) {
		const struct dnode *n = &t.nodes[w->node];
		size_t i = 0;
		while (strcmp(n->branches[i].label, *labels) != 0) {
			i++;
			assert_true(i < n->branch_count);
		}
		walk_take(w, (int)i);
	}
}

static const char *end_of(const struct walk *w)
{
	assert_non_null(walk_end(w));
	return walk_end(w)->to_id;
}

static void the_true_path_has_no_wrong_turn(void **state)
{
	static const char *const labels[] = {"no", "else", "no", "yes", NULL};
	struct walk w;
	(void)state;
	walk_init(&w, &t, &m, true, need("cache"));
	assert_null(walk_end(&w));
	take(&w, labels);
	assert_string_equal(end_of(&w), "rest");
	assert_int_equal(walk_first_wrong(&w), -1);
	for (size_t i = 0; i < w.count; i++)
		assert_true(w.steps[i].on_path);
}

static void the_first_wrong_turn_is_the_error(void **state)
{
	static const char *const labels[] = {"no", "else", "no", "no", NULL};
	struct walk w;
	(void)state;
	walk_init(&w, &t, &m, true, need("push") | need("api-key"));
	take(&w, labels);
	assert_string_equal(end_of(&w), "http");
	assert_int_equal(walk_first_wrong(&w), 0);
	assert_true(w.steps[0].on_path);
	assert_int_equal(w.steps[0].right, 0);
	/* Right for its node, but off the path: it does not count. */
	assert_int_equal(w.steps[1].taken, w.steps[1].right);
	assert_false(w.steps[1].on_path);
	assert_false(w.steps[3].on_path);
}

static void a_right_end_by_luck_is_still_wrong(void **state)
{
	static const char *const labels[] = {"no", "else", "yes", "no", NULL};
	struct walk w;
	(void)state;
	walk_init(&w, &t, &m, true, need("private") | need("edge"));
	take(&w, labels);
	assert_string_equal(end_of(&w), "none");
	assert_int_equal(walk_first_wrong(&w), 1);
	const struct branch *end;
	dtree_path(&t, &m, w.needs, NULL, NULL, &end);
	assert_string_equal(end->to_id, "none");
}

static void steps_are_taken_back(void **state)
{
	static const char *const wrong[] = {"no", "private", NULL}, *const right[] = {"yes", NULL};
	struct walk w;
	(void)state;
	walk_init(&w, &t, &m, true, need("push"));
	assert_false(walk_back(&w));
	take(&w, wrong);
	assert_int_equal(walk_first_wrong(&w), 0);
	assert_true(walk_back(&w));
	assert_string_equal(t.nodes[w.node].id, "place");
	assert_true(walk_back(&w));
	assert_int_equal(w.node, t.start);
	assert_int_equal(walk_first_wrong(&w), -1);
	take(&w, right);
	assert_true(w.steps[0].on_path);
	take(&w, right);
	assert_string_equal(end_of(&w), "ws");
	assert_true(walk_back(&w));
	assert_null(walk_end(&w));
}

/* -- advise ------------------------------------------------------------------------------------ */

static const struct walk_flip *flip_at(const struct walk_flip *flips, size_t n, size_t step,
				       int branch)
{
	for (size_t i = 0; i < n; i++)
		if (flips[i].step == step && flips[i].branch == branch)
			return &flips[i];
	fail_msg("no flip of step %zu to %d", step, branch);
	return NULL;
}

static void advice_says_what_would_change_it(void **state)
{
	static const char *const labels[] = {"no", "else", "no", "no", NULL};
	struct walk_flip flips[16];
	struct walk w;
	(void)state;
	walk_init(&w, &t, &m, false, 0);
	take(&w, labels);
	assert_string_equal(end_of(&w), "http");
	assert_int_equal(walk_first_wrong(&w), -1);
	assert_int_equal(w.steps[0].right, -1);
	size_t n = walk_flips(&w, flips, 16);
	assert_int_equal(n, 1 + 2 + 1 + 1);
	/* The last answer leads to an end at once; earlier ones ask on. */
	const struct walk_flip *f = flip_at(flips, n, 3, 0);
	assert_int_equal(f->to, TO_OPTION);
	assert_string_equal(m.options[f->option].id, "rest");
	assert_int_equal(f->asks, -1);
	f = flip_at(flips, n, 0, 0);
	assert_string_equal(m.options[f->option].id, "ws");
	assert_string_equal(t.nodes[f->asks].id, "ws-fits");
	f = flip_at(flips, n, 1, 1);
	assert_string_equal(m.options[f->option].id, "rest-edge");
	assert_int_equal(walk_flips(&w, flips, 0), n);
}

static void answers_given_further_on_are_kept(void **state)
{
	static const char *const labels[] = {"no", "private", "no", NULL};
	struct walk_flip flips[16];
	struct walk w;
	(void)state;
	walk_init(&w, &t, &m, false, 0);
	take(&w, labels);
	assert_string_equal(end_of(&w), "none");
	size_t n = walk_flips(&w, flips, 16);
	const struct walk_flip *f = flip_at(flips, n, 1, 2);
	assert_string_equal(t.nodes[f->asks].id, "jwt");
	assert_string_equal(m.options[f->option].id, "http");
	assert_int_equal(walk_known_needs(&w), need("private"));
}

static void branches_have_words(void **state)
{
	const struct dnode *place = &t.nodes[dtree_node(&t, "place")];
	const struct dnode *push = &t.nodes[t.start];
	(void)state;
	assert_string_equal(branch_text(&m, push, 0), "yes");
	assert_string_equal(branch_text(&m, place, 0), "Reachable from the VPC alone");
	assert_string_equal(branch_text(&m, place, 2), "none of these");
	assert_string_equal(branch_end_text(&t, &m, &push->branches[1]),
			    "Where does the endpoint stand?");
	const struct dnode *fits = &t.nodes[dtree_node(&t, "ws-fits")];
	assert_string_equal(branch_end_text(&t, &m, &fits->branches[0]), "WebSocket API");
	assert_string_equal(branch_end_text(&t, &m, &fits->branches[1]), "nothing fits");
}

/* -- records ----------------------------------------------------------------------------------- */

static void add(struct node_record *r, const char *answers)
{
	for (; *answers; answers++)
		node_record_add(r, *answers == '+');
}

static void records_count_the_newest(void **state)
{
	struct node_record r = {0};
	int of;
	(void)state;
	assert_int_equal(node_wrong_of_last(&r, 5, &of), 0);
	assert_int_equal(of, 0);
	add(&r, "--+-+-+");
	assert_int_equal(node_wrong_of_last(&r, 5, &of), 2);
	assert_int_equal(of, 5);
	assert_int_equal(node_wrong_of_last(&r, 50, &of), 4);
	assert_int_equal(of, 7);
	for (int i = 0; i < 100; i++)
		node_record_add(&r, true);
	assert_int_equal(node_wrong_of_last(&r, 64, &of), 0);
	assert_int_equal(of, 64);
	assert_int_equal(r.total, 107);
	assert_int_equal(r.total_right, 103);
}

static void weak_is_under_seventy_per_cent_of_ten(void **state)
{
	static const struct {
		const char *answers;
		bool weak;
	} cases[] = {
		{"", false},
		{"----", false},
		{"-----", true},
		{"---++++", true},
		{"---+++++++", false},
		{"----++++++", true},
		{"----------+++++++", false},
		{"----------++++++", true},
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct node_record r = {0};
		add(&r, cases[i].answers);
		if (node_is_weak(&r) != cases[i].weak)
			fail_msg("%s", cases[i].answers);
	}
}

static void unseen_nodes_weigh_more_than_known_ones(void **state)
{
	struct node_record unseen = {0}, known = {0}, weak = {0};
	(void)state;
	add(&known, "++++++");
	add(&weak, "------");
	assert_true(node_weight(&known) < node_weight(&unseen));
	assert_true(node_weight(&unseen) < node_weight(&weak));
	assert_true(node_weight(&weak) <= 1);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_true_path_has_no_wrong_turn),
		cmocka_unit_test(the_first_wrong_turn_is_the_error),
		cmocka_unit_test(a_right_end_by_luck_is_still_wrong),
		cmocka_unit_test(steps_are_taken_back),
		cmocka_unit_test(advice_says_what_would_change_it),
		cmocka_unit_test(answers_given_further_on_are_kept),
		cmocka_unit_test(branches_have_words),
		cmocka_unit_test(records_count_the_newest),
		cmocka_unit_test(weak_is_under_seventy_per_cent_of_ten),
		cmocka_unit_test(unseen_nodes_weigh_more_than_known_ones),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
