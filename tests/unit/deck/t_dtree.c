/* t_dtree.c -- matrices and trees as read: what a decision rests on, words filled in, paths, the
 * number of need sets; limits; the committed schemas. Diagnostics have goldens (t_golden.c). */
#include "base/clock.h"
#include "base/file.h"
#include "deck/dtree.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
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

/* Ids with blanks between them, as a set. */
static uint64_t set(const char *ids)
{
	uint64_t bits = 0;
	struct arena a = {0};
	char *text = arena_strdup(&a, ids), *save = NULL;
	for (char *id = strtok_r(text, " ", &save); id; id = strtok_r(NULL, " ", &save)) {
		int f = matrix_feature(&m, id);
		assert_true(f >= 0);
		bits |= UINT64_C(1) << f;
	}
	arena_clear(&a);
	return bits;
}

static void a_matrix_as_read(void **state)
{
	int32_t day;
	(void)state;
	assert_string_equal(m.id, "api-types");
	assert_string_equal(m.question, "Which API meets every need?");
	assert_true(date_parse("2026-11-20", &day));
	assert_int_equal(m.as_of_day, day);
	assert_int_equal(m.option_count, 5);
	assert_string_equal(m.options[3].note, "A short path to a backend.");
	assert_int_equal(m.options[1].when, set("edge"));
	assert_int_equal(m.options[0].when, 0);
	assert_int_equal(m.wish_count, 1);
	assert_int_equal(m.wishes[0].rank[3], 1);
	assert_int_equal(m.wishes[0].rank[4], 0);
	assert_int_equal(m.wishes[0].say_count, 2);
	const struct feature *alb = &m.features[matrix_feature(&m, "alb")];
	assert_int_equal(alb->cells[4].is, CELL_UNKNOWN);
	assert_int_equal(alb->cells[0].is, CELL_YES);
	assert_int_equal(alb->cells[0].exam, CELL_NO);
	assert_int_equal(alb->cells[3].exam, CELL_YES);
	assert_string_equal(alb->cells[0].since, "2025-11");
	assert_null(alb->cells[1].since);
	assert_int_equal(alb->cells[4].cited_count, 2);
	assert_string_equal(alb->cells[4].cited[0]->id, "ws");
	assert_int_equal(alb->cells[0].cited_count, 1);
	assert_int_equal(m.apart_count, 1);
	assert_int_equal(m.apart[0], set("edge private"));
}

static void not_holds_from_both_sides(void **state)
{
	(void)state;
	assert_int_equal(m.features[matrix_feature(&m, "push")].not_beside, set("private"));
	assert_int_equal(m.features[matrix_feature(&m, "edge")].not_beside, set("private"));
	assert_int_equal(m.features[matrix_feature(&m, "private")].not_beside, set("edge push"));
}

static void decisions(void **state)
{
	static const struct {
		const char *needs;
		int wish;
		enum decision_kind kind;
		const char *option;
	} cases[] = {
		{"push", -1, DECISION_ONE, "ws"},
		{"cache", -1, DECISION_ONE, "rest"},
		{"cache edge", -1, DECISION_ONE, "rest-edge"},
		{"cache push", -1, DECISION_NONE, NULL},
		{"api-key", -1, DECISION_SEVERAL, NULL},
		/* ws cannot be compared, so nothing wins. */
		{"api-key", 0, DECISION_SEVERAL, NULL},
		/* ws would survive, and whether it reaches a load balancer is not known. */
		{"alb", 0, DECISION_BLOCKED, NULL},
		/* It lacks the cache: what it has of the other does not matter. */
		{"alb cache", 0, DECISION_ONE, "rest"},
		{"jwt", -1, DECISION_ONE, "http"},
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct decision d = matrix_decide(&m, set(cases[i].needs), cases[i].wish);
		if (d.kind != cases[i].kind ||
		    (cases[i].option && matrix_option(&m, cases[i].option) != d.option))
			fail_msg("%s: %d, option %d", cases[i].needs, d.kind, d.option);
	}
	/* What the exam keys: REST APIs reach no private load balancer. */
	struct decision exam = matrix_decide_exam(&m, set("alb cache"), 0);
	assert_int_equal(exam.kind, DECISION_NONE);
}

static void a_wish_needs_a_strict_winner(void **state)
{
	struct wish *w = &m.wishes[0];
	int kept = w->rank[4];
	(void)state;
	w->rank[4] = 3;
	struct decision d = matrix_decide(&m, set("api-key"), 0);
	assert_int_equal(d.kind, DECISION_ONE);
	assert_int_equal(d.option, matrix_option(&m, "rest"));
	assert_true(d.by_wish);
	w->rank[4] = 2;
	d = matrix_decide(&m, set("api-key"), 0);
	assert_int_equal(d.kind, DECISION_SEVERAL);
	assert_false(d.by_wish);
	w->rank[4] = kept;
}

static void what_an_option_lacks(void **state)
{
	(void)state;
	assert_int_equal(matrix_broken(&m, matrix_option(&m, "http"), set("push cache jwt")),
			 set("push cache"));
	assert_int_equal(matrix_broken(&m, matrix_option(&m, "ws"), set("alb push")), 0);
	assert_false(matrix_possible(&m, set("edge private")));
	assert_true(matrix_possible(&m, set("edge push")));
}

static void reasons_are_sentences(void **state)
{
	struct str s = {0};
	(void)state;
	int http = matrix_option(&m, "http");
	matrix_why_not(&s, &m, http, matrix_feature(&m, "api-key"));
	str_addc(&s, '|');
	matrix_why_not(&s, &m, http, matrix_feature(&m, "push"));
	str_addc(&s, '|');
	matrix_why_not(&s, &m, http, matrix_feature(&m, "cache"));
	assert_string_equal(str_c(&s), "An HTTP API has no API keys.|It answers requests and "
				       "cannot send first.|Not met: A cache of responses.");
	str_clear(&s);
}

static void words_are_filled_in(void **state)
{
	struct str s = {0};
	(void)state;
	story_fill(&s, &m.stories[0], "{Clients} and {client}, {backend}.");
	assert_string_equal(str_c(&s), "Viewers and a viewer, the score service.");
	str_reset(&s);
	/* A story may give the raised form itself. */
	story_fill(&s, &m.stories[2], "{Clients}.");
	assert_string_equal(str_c(&s), "Holders of accounts.");
	str_clear(&s);
}

static void paths_end_at_leaves(void **state)
{
	static const struct {
		const char *needs, *end;
		size_t steps;
	} cases[] = {
		{"push", "ws", 2},  {"push cache", "none", 2}, {"private", "rest-private", 3},
		{"jwt", "http", 4}, {"jwt cache", "none", 4},  {"cache", "rest", 4},
		{"alb", "http", 4},
	};
	int nodes[MAX_DTREE_NODES];
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct branch *end;
		size_t n = dtree_path(&t, &m, set(cases[i].needs), nodes, NULL, &end);
		assert_string_equal(end->to_id, cases[i].end);
		assert_int_equal(n, cases[i].steps);
		assert_int_equal(nodes[0], t.start);
	}
}

/* -- numbers and limits ------------------------------------------------------------------------ */

struct tally {
	size_t count, limit;
	int last_size;
};

static bool tally(void *ctx, uint64_t needs)
{
	struct tally *n = ctx;
	int size = __builtin_popcountll(needs);
	assert_true(size >= n->last_size);
	assert_true(matrix_possible(&m, needs));
	n->last_size = size;
	return ++n->count != n->limit;
}

static void need_sets_are_all_there(void **state)
{
	struct tally n = {0};
	(void)state;
	assert_true(need_sets(&m, 3, tally, &n));
	/* Of 7 features; those that hold both edge and private are impossible. */
	assert_int_equal(n.count, 7 + 21 + 35 - 1 - 5);
	n = (struct tally){.limit = 10};
	assert_false(need_sets(&m, 3, tally, &n));
	assert_int_equal(n.count, 10);
	assert_int_equal(need_set_count(7, 3), 63);
	assert_int_equal(need_set_count(30, 4), 31930);
	assert_int_equal(need_set_count(2, 8), 3);
	assert_true(need_set_count(64, 8) > MAX_NEED_SETS);
}

static void add_matrix(struct str *s, int features, int options)
{
	str_add(s, "matrix: big\ntitle: Big\nformat: 1\nas_of: 2026-11-20\noptions:\n");
	for (int o = 0; o < options; o++)
		str_addf(s, "  o%d: {title: Option %d}\n", o, o);
	str_add(s, "features:\n");
	for (int f = 0; f < features; f++) {
		str_addf(s, "  f%d:\n    title: F\n    say: [One., Two., Three.]\n    is: {", f);
		for (int o = 0; o < options; o++)
			str_addf(s, "o%d: %c, ", o, (f + o) % 2 ? 'y' : 'n');
		str_add(s, "}\n");
	}
	str_add(s, "stories:\n- {id: a, field: a, text: A scene.}\n");
}

static void a_proof_that_is_too_large_is_refused(void **state)
{
	static const char tree[] =
		"tree: big-tree\ntitle: Big\nformat: 1\nuses: big\nstart: a\nnodes:\n"
		"  a: {ask: Fits?, fits: o0, yes: =o0, no: =none}\ncases: {max_needs: 8}\n";
	struct str s = {0};
	struct diags d = {0};
	struct matrix big;
	struct dtree bt;
	(void)state;
	add_matrix(&s, MAX_FEATURES, 2);
	assert_true(matrix_read(&big, "big.yaml", s.p, s.len, &d));
	diags_clear(&d);
	assert_true(dtree_read(&bt, "tree.yaml", tree, strlen(tree), &d));
	assert_false(dtree_prove(&bt, &big, &d));
	assert_int_equal(d.errors, 1);
	assert_string_equal(d.items[0].code, "dtree-too-many-sets");
	assert_int_equal(d.items[0].pos.line, 8);
	dtree_clear(&bt);
	matrix_clear(&big);
	diags_clear(&d);
	str_clear(&s);
}

static void sizes_are_limited(void **state)
{
	static const struct {
		int features, options;
		bool ok;
	} cases[] = {
		{MAX_FEATURES, 2, true},
		{MAX_FEATURES + 1, 2, false},
		{1, MAX_MATRIX_OPTIONS, true},
		{1, MAX_MATRIX_OPTIONS + 1, false},
		{1, 1, false},
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct str s = {0};
		struct diags d = {0};
		struct matrix big;
		add_matrix(&s, cases[i].features, cases[i].options);
		bool ok = matrix_read(&big, "big.yaml", s.p, s.len, &d);
		assert_int_equal(ok, cases[i].ok);
		if (ok)
			matrix_clear(&big);
		diags_clear(&d);
		str_clear(&s);
	}
}

static void check_schema(const char *path, void (*make)(struct str *out))
{
	struct str made = {0}, kept = {0};
	make(&made);
	assert_true(file_read(path, 1 << 20, &kept, NULL));
	assert_string_equal(str_c(&kept), str_c(&made));
	str_clear(&made);
	str_clear(&kept);
}

static void schemas_are_the_committed_ones(void **state)
{
	(void)state;
	check_schema("data/schema/matrix.schema.json", matrix_schema);
	check_schema("data/schema/tree.schema.json", dtree_schema);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_matrix_as_read),
		cmocka_unit_test(not_holds_from_both_sides),
		cmocka_unit_test(decisions),
		cmocka_unit_test(a_wish_needs_a_strict_winner),
		cmocka_unit_test(what_an_option_lacks),
		cmocka_unit_test(reasons_are_sentences),
		cmocka_unit_test(words_are_filled_in),
		cmocka_unit_test(paths_end_at_leaves),
		cmocka_unit_test(need_sets_are_all_there),
		cmocka_unit_test(a_proof_that_is_too_large_is_refused),
		cmocka_unit_test(sizes_are_limited),
		cmocka_unit_test(schemas_are_the_committed_ones),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
