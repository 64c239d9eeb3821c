/* t_truth.c -- every bundled tree against its matrix, for every need set up to the declared size,
 * by a reading of the files that shares nothing with the prover (truth.c). The prover is then shown
 * to say the same, and to notice a tree that was made wrong. */
#include "truth.h"

#include "base/file.h"
#include "base/yaml.h"
#include "deck/dtree.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define TREES "data/trees"

struct count {
	long sets, one, many, none, blocked;
};

static void check_set(const struct truth *t, uint64_t needs, struct count *count)
{
	const char *prefer = node_text(node_get(t->tree, "cases"), "prefer");
	const char *want = truth_answer(t, needs, prefer, false), *got = truth_walk(t, needs);
	count->sets++;
	if (!strcmp(want, "blocked")) {
		count->blocked++;
		return;
	}
	if (!strcmp(want, "many")) {
		int unknown;
		count->many++;
		int o = truth_option(t, got);
		assert_true(truth_counts(t, o, needs));
		assert_int_equal(truth_lacks(t, o, needs, false, &unknown), 0);
		return;
	}
	*(!strcmp(want, "none") ? &count->none : &count->one) += 1;
	if (strcmp(want, got) != 0)
		fail_msg("%s: needs %llx: the matrix says %s, the tree %s",
			 node_text(t->tree, "tree"), (unsigned long long)needs, want, got);
}

static void each_set(const struct truth *t, int first, int left, uint64_t needs,
		     struct count *count)
{
	if (needs)
		check_set(t, needs, count);
	for (int f = first; left > 0 && f < t->feature_count; f++)
		if (truth_possible(t, needs | UINT64_C(1) << f))
			each_set(t, f + 1, left - 1, needs | UINT64_C(1) << f, count);
}

/* The bundled matrix that a tree uses. */
static char *matrix_of(struct arena *a, const char *tree)
{
	struct dtree t;
	struct diags d = {0};
	if (!dtree_read_file(&t, tree, &d))
		fail_msg("%s", diags_first(&d));
	char *path = arena_printf(a, "data/matrix/%s.yaml", t.uses);
	dtree_clear(&t);
	return path;
}

static void bundled_trees_are_views_of_their_matrices(void **state)
{
	struct arena a = {0};
	struct diags d = {0};
	const char **names;
	size_t n;
	(void)state;
	assert_true(file_list(TREES, ".yaml", &a, &names, &n, &d));
	assert_true(n >= 2);
	for (size_t i = 0; i < n; i++) {
		struct truth t;
		struct count count = {0};
		char *path = path_join(&a, TREES, names[i]);
		truth_read(&t, matrix_of(&a, path), path);
		each_set(&t, 0, t.max_needs, 0, &count);
		assert_true(count.one > 20);
		print_message("%s: %ld sets, %ld with one answer, %ld with none, %ld open, %ld "
			      "blocked\n",
			      names[i], count.sets, count.one, count.none, count.many,
			      count.blocked);
		truth_clear(&t);
	}
	arena_clear(&a);
}

static void the_prover_agrees(void **state)
{
	struct arena a = {0};
	struct diags d = {0};
	const char **names;
	size_t n;
	(void)state;
	assert_true(file_list(TREES, ".yaml", &a, &names, &n, &d));
	for (size_t i = 0; i < n; i++) {
		struct matrix m;
		struct dtree t;
		char *path = path_join(&a, TREES, names[i]);
		assert_true(matrix_read_file(&m, matrix_of(&a, path), &d));
		assert_true(dtree_read_file(&t, path, &d));
		assert_true(dtree_prove(&t, &m, &d));
		assert_int_equal(d.count, 0);
		dtree_clear(&t);
		matrix_clear(&m);
	}
	arena_clear(&a);
}

/* One leaf changed at a time: the prover must see each change that makes a difference. */
static void wrong_leaves_are_noticed(void **state)
{
	struct matrix m;
	struct dtree t;
	struct diags d = {0};
	(void)state;
	assert_true(matrix_read_file(&m, "tests/data/trees/matrix.yaml", &d));
	assert_true(dtree_read_file(&t, "tests/data/trees/tree.yaml", &d));
	assert_true(dtree_prove(&t, &m, &d));
	diags_clear(&d);
	size_t leaves = 0, noticed = 0;
	for (size_t i = 0; i < t.node_count; i++) {
		for (size_t b = 0; b < t.nodes[i].branch_count; b++) {
			struct branch *leaf = &t.nodes[i].branches[b], kept = *leaf;
			if (leaf->to == TO_NODE)
				continue;
			leaf->to = kept.to == TO_NONE ? TO_OPTION : TO_NONE;
			leaf->to_id = kept.to == TO_NONE ? "rest" : "none";
			leaves++;
			noticed += !dtree_prove(&t, &m, &d);
			*leaf = kept;
			diags_clear(&d);
		}
	}
	assert_true(leaves > 8);
	/* Where only blocked sets end nothing can be wrong: mgmt's "no" (alb alone). */
	assert_int_equal(noticed, leaves - 1);
	assert_true(dtree_prove(&t, &m, &d));
	dtree_clear(&t);
	matrix_clear(&m);
	diags_clear(&d);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(bundled_trees_are_views_of_their_matrices),
		cmocka_unit_test(the_prover_agrees),
		cmocka_unit_test(wrong_leaves_are_noticed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
