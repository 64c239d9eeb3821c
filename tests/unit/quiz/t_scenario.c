/* t_scenario.c -- generated cases: 10,000 seeds of every bundled tree, each checked by brute force
 * against its files (truth.c); how many differ, how answers are spread, twins, and how needs follow
 * weights. */
#include "quiz/scenario.h"

#include "base/file.h"
#include "quiz/walk.h"
#include "truth.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define TREES "data/trees"
#define SEEDS ((size_t)10000)
#define DISTINCT 5000

struct tree_under_test {
	struct truth truth;
	struct matrix matrix;
	struct dtree tree;
	struct bank bank;
};

static void open_tree(struct tree_under_test *u, const char *matrix, const char *tree)
{
	struct diags d = {0};
	truth_read(&u->truth, matrix, tree);
	if (!matrix_read_file(&u->matrix, matrix, &d) || !dtree_read_file(&u->tree, tree, &d) ||
	    !dtree_bind(&u->tree, &u->matrix, &d))
		fail_msg("%s", diags_first(&d));
	bank_init(&u->bank, &u->tree, &u->matrix);
	diags_clear(&d);
}

static void close_tree(struct tree_under_test *u)
{
	bank_clear(&u->bank);
	dtree_clear(&u->tree);
	matrix_clear(&u->matrix);
	truth_clear(&u->truth);
}

/* -- one case ---------------------------------------------------------------------------------- */

/* The needs as the file knows them: by id, not by number. */
static uint64_t needs_of(const struct tree_under_test *u, uint64_t needs)
{
	uint64_t set = 0;
	for (size_t f = 0; f < u->matrix.feature_count; f++)
		if (needs >> f & 1)
			set |= UINT64_C(1) << truth_feature(&u->truth, u->matrix.features[f].id);
	return set;
}

static void check_answer(const struct tree_under_test *u, const struct scenario *s)
{
	uint64_t needs = needs_of(u, s->needs);
	const char *wish = s->wish >= 0 ? u->matrix.wishes[s->wish].id : NULL;
	const char *answer = u->matrix.options[s->answer].id;
	assert_true(needs != 0);
	assert_true(__builtin_popcountll(needs) <= u->truth.max_needs);
	assert_true(truth_possible(&u->truth, needs));
	assert_string_equal(truth_answer(&u->truth, needs, wish, false), answer);
	assert_string_equal(truth_answer(&u->truth, needs, wish, true), answer);
	assert_string_equal(truth_walk(&u->truth, needs), answer);
	for (int f = 0; f < u->truth.feature_count; f++)
		if (needs >> f & 1)
			assert_true(!(u->truth.beside[f] & needs & ~(UINT64_C(1) << f)));
}

/* What counts against an option: needs it lacks, or the wish. */
static int faults(const struct tree_under_test *u, const struct scenario *s, int option)
{
	int unknown;
	uint64_t needs = needs_of(u, s->needs);
	int lacks = truth_lacks(&u->truth, option, needs, false, &unknown);
	if (lacks)
		return lacks;
	bool loses = truth_counts(&u->truth, option, needs) && !unknown && s->wish >= 0 &&
		     truth_rank(&u->truth, u->matrix.wishes[s->wish].id, option) >
			     truth_rank(&u->truth, u->matrix.wishes[s->wish].id, s->answer);
	return loses ? 1 : 0;
}

static void check_wrong(const struct tree_under_test *u, const struct scenario *s)
{
	uint32_t shown = 0;
	int worst = 0;
	for (size_t i = 0; i < s->shown_count; i++) {
		const struct shown_option *o = &s->shown[i];
		assert_false(shown >> o->option & 1);
		shown |= UINT32_C(1) << o->option;
		if (i == s->right) {
			assert_int_equal(o->option, s->answer);
			continue;
		}
		int n = faults(u, s, o->option);
		/* Nothing that satisfies everything is wrong: it lacks a need or loses by a wish.
		 */
		assert_true(n > 0);
		assert_int_equal(n, o->by_wish ? 1 : __builtin_popcountll(o->broken));
		for (size_t f = 0; f < u->matrix.feature_count; f++)
			if (o->broken >> f & 1)
				assert_int_equal(u->truth.is[f][o->option], 'n');
		worst = n > worst ? n : worst;
	}
	assert_true(s->shown_count >= 3 && s->shown_count <= MAX_SHOWN);
	for (int o = 0; s->flip < 0 && o < u->truth.option_count; o++) {
		int unknown, n = faults(u, s, o);
		bool exam = truth_lacks(&u->truth, o, needs_of(u, s->needs), true, &unknown);
		if (!(shown >> o & 1) && n > 0 && (exam || n == 1))
			assert_true(!exam || n >= worst);
	}
}

/* Each need is said in one sentence of its own, nothing that is not needed is said to be. */
static void check_text(const struct tree_under_test *u, const struct scenario *s)
{
	uint64_t said = 0;
	const char *text = str_c(&s->text);
	assert_null(strpbrk(text, "{}\n"));
	assert_int_equal(s->sentences[0].kind, SENTENCE_STORY);
	for (size_t i = 0; i < s->sentence_count; i++) {
		const struct sentence *t = &s->sentences[i];
		uint64_t bit = t->feature >= 0 ? UINT64_C(1) << t->feature : 0;
		assert_true(t->len > 0 && t->start + t->len <= s->text.len);
		assert_int_equal(said & bit, 0);
		said |= bit;
		if (t->kind == SENTENCE_NEED)
			assert_true(bit & s->needs);
		else if (t->kind == SENTENCE_WITHOUT)
			assert_false(bit & s->needs);
		if (bit)
			assert_false(u->matrix.stories[s->story].not_here & bit);
	}
	assert_int_equal(said & s->needs, s->needs);
}

static void check_case(const struct tree_under_test *u, const struct scenario *s)
{
	struct str why = {0};
	check_answer(u, s);
	check_wrong(u, s);
	check_text(u, s);
	scenario_proof(&why, s);
	for (size_t i = 0; i < s->shown_count; i++)
		assert_non_null(strstr(str_c(&why), u->matrix.options[s->shown[i].option].title));
	str_clear(&why);
}

/* -- ten thousand of them ---------------------------------------------------------------------- */

static int compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
	return (x > y) - (x < y);
}

static size_t distinct(uint64_t *hashes, size_t n)
{
	size_t count = n > 0;
	qsort(hashes, n, sizeof(*hashes), compare);
	for (size_t i = 1; i < n; i++)
		count += hashes[i] != hashes[i - 1];
	return count;
}

static void check_spread(const struct tree_under_test *u, const int *answers, const int *places)
{
	double even = (double)SEEDS / (double)u->bank.answer_count;
	assert_true(u->bank.answer_count >= 3);
	for (size_t i = 0; i < u->bank.answer_count; i++) {
		int n = answers[u->bank.answers[i]];
		assert_true(n > 0.85 * even && n < 1.15 * even);
	}
	for (int i = 0; i < 3; i++)
		assert_true(places[i] > (int)SEEDS / 5);
}

static void check_tree(const char *matrix, const char *tree, bool bundled)
{
	static uint64_t hashes[SEEDS];
	struct tree_under_test u;
	struct scenario s = {0};
	int answers[TRUTH_OPTIONS] = {0}, places[MAX_SHOWN] = {0};
	open_tree(&u, matrix, tree);
	for (size_t i = 0; i < SEEDS; i++) {
		assert_true(scenario_make(&s, &u.bank, i));
		check_case(&u, &s);
		hashes[i] = hash_text(str_c(&s.text));
		assert_true(s.text_hash != 0);
		answers[s.answer]++;
		places[s.right]++;
	}
	size_t texts = distinct(hashes, SEEDS);
	print_message("%s: %zu need sets, %zu of %zu texts differ\n", tree, u.bank.count, texts,
		      SEEDS);
	if (bundled)
		assert_true(texts >= DISTINCT);
	check_spread(&u, answers, places);
	scenario_clear(&s);
	close_tree(&u);
}

static void each_case_has_one_answer(void **state)
{
	struct arena a = {0};
	struct diags d = {0};
	const char **names;
	size_t n;
	(void)state;
	assert_true(file_list(TREES, ".yaml", &a, &names, &n, &d));
	assert_true(n >= 2);
	for (size_t i = 0; i < n; i++) {
		struct dtree t;
		char *path = path_join(&a, TREES, names[i]);
		assert_true(dtree_read_file(&t, path, &d));
		check_tree(arena_printf(&a, "data/matrix/%s.yaml", t.uses), path, true);
		dtree_clear(&t);
	}
	check_tree("tests/data/trees/matrix.yaml", "tests/data/trees/tree.yaml", false);
	arena_clear(&a);
}

/* -- the same again, twins, weights ------------------------------------------------------------ */

static void open_small(struct tree_under_test *u)
{
	open_tree(u, "tests/data/trees/matrix.yaml", "tests/data/trees/tree.yaml");
}

static void a_seed_makes_its_case_again(void **state)
{
	struct tree_under_test u;
	struct scenario s = {0}, again = {0};
	struct bank_set set;
	(void)state;
	open_small(&u);
	for (uint64_t seed = UINT64_MAX - 500; seed != 500; seed++) {
		struct str one = {0}, two = {0};
		assert_true(scenario_make(&s, &u.bank, seed));
		assert_true(scenario_make(&again, &u.bank, seed + 1));
		assert_true(scenario_make(&again, &u.bank, seed));
		scenario_json(&one, &s);
		scenario_json(&two, &again);
		assert_string_equal(str_c(&one), str_c(&two));
		assert_true(scenario_needs(&u.bank, seed, &set));
		assert_int_equal(set.needs, s.needs);
		str_clear(&one);
		str_clear(&two);
	}
	scenario_clear(&s);
	scenario_clear(&again);
	close_tree(&u);
}

/* What a fixed seed makes: cases that were reported by their seed must stay what they are. */
static void a_case_as_json(void **state)
{
	struct tree_under_test u;
	struct scenario s = {0};
	struct str out = {0};
	(void)state;
	open_small(&u);
	assert_true(scenario_make(&s, &u.bank, 4));
	scenario_json(&out, &s);
	assert_string_equal(
		str_c(&out),
		"{\"tree\":\"which-api\",\"seed\":\"4\",\"flip\":null,\"needs\":[\"api-key\","
		"\"cache\",\"private\"],\"wish\":null,\"answer\":\"rest-private\",\"wrong\":{"
		"\"rest\":[\"private\"],\"ws\":[\"cache\",\"private\"],\"rest-edge\":["
		"\"private\"]},\"options\":[\"rest-private\",\"rest\",\"ws\",\"rest-edge\"],"
		"\"text\":\"A bakery takes orders for cakes. The API can be reached from inside "
		"the VPC only. The API itself caches responses. Each partner has a monthly "
		"quota.\",\"question\":\"Which API meets every need?\",\"text_hash\":"
		"\"14566121922818888150\"}");
	str_clear(&out);
	scenario_clear(&s);
	close_tree(&u);
}

/* All sentences of one case but that of a feature stand in the other, in the same order. */
static void check_twin(const struct scenario *s, const struct scenario *twin, int feature)
{
	size_t at = 0;
	for (size_t i = 0; i < s->sentence_count; i++) {
		const struct sentence *a = &s->sentences[i];
		if (a->feature == feature)
			continue;
		while (at < twin->sentence_count && twin->sentences[at].feature == feature)
			at++;
		assert_true(at < twin->sentence_count);
		const struct sentence *b = &twin->sentences[at++];
		assert_int_equal(a->len, b->len);
		assert_memory_equal(s->text.p + a->start, twin->text.p + b->start, a->len);
	}
	for (; at < twin->sentence_count; at++)
		assert_int_equal(twin->sentences[at].feature, feature);
}

static void one_fact_turned_over_changes_the_answer(void **state)
{
	struct tree_under_test u;
	struct scenario s = {0}, twin = {0};
	size_t pairs = 0;
	(void)state;
	open_tree(&u, "data/matrix/api-types.yaml", "data/trees/which-api-type.yaml");
	for (uint64_t seed = 0; seed < 300; seed++) {
		assert_true(scenario_make(&s, &u.bank, seed));
		uint64_t flips = scenario_flips(&u.bank, seed);
		for (int f = 0; f < (int)u.matrix.feature_count; f++) {
			assert_int_equal(scenario_flip(&twin, &u.bank, seed, f), flips >> f & 1);
			if (!(flips >> f & 1))
				continue;
			pairs++;
			assert_int_equal(twin.needs, s.needs ^ UINT64_C(1) << f);
			assert_int_equal(twin.story, s.story);
			assert_int_equal(twin.wish, s.wish);
			assert_int_equal(twin.flip, f);
			assert_int_not_equal(twin.answer, s.answer);
			check_case(&u, &twin);
			check_twin(&s, &twin, f);
		}
	}
	assert_true(pairs > 300);
	assert_false(scenario_flip(&twin, &u.bank, 1, -1));
	assert_false(scenario_flip(&twin, &u.bank, 1, (int)u.matrix.feature_count));
	scenario_clear(&s);
	scenario_clear(&twin);
	close_tree(&u);
}

static int branch_of(const struct tree_under_test *u, uint64_t needs, int node)
{
	int nodes[MAX_DTREE_NODES], branches[MAX_DTREE_NODES];
	const struct branch *end;
	size_t n = dtree_path(&u->tree, &u->matrix, needs, nodes, branches, &end);
	for (size_t i = 0; i < n; i++)
		if (nodes[i] == node)
			return branches[i];
	return -1;
}

static void a_pair_changes_the_branch_at_its_node(void **state)
{
	struct tree_under_test u;
	struct rng rng = {1};
	struct bank_set set;
	(void)state;
	open_tree(&u, "data/matrix/api-types.yaml", "data/trees/which-api-type.yaml");
	int node = dtree_node(&u.tree, "place");
	assert_true(node >= 0);
	for (int i = 0; i < 50; i++) {
		uint64_t seed;
		int f;
		assert_true(scenario_pair(&u.bank, node, &rng, &seed, &f));
		assert_true(scenario_needs(&u.bank, seed, &set));
		int before = branch_of(&u, set.needs, node);
		int after = branch_of(&u, set.needs ^ UINT64_C(1) << f, node);
		assert_true(before >= 0 && after >= 0 && before != after);
		assert_int_equal(scenario_flips(&u.bank, seed) >> f & 1, 1);
	}
	close_tree(&u);
}

static void cases_follow_the_weights(void **state)
{
	struct tree_under_test u;
	double weights[MAX_DTREE_NODES] = {0};
	struct bank_set set;
	int with = 0, without = 0;
	(void)state;
	open_tree(&u, "data/matrix/api-types.yaml", "data/trees/which-api-type.yaml");
	int node = dtree_node(&u.tree, "fits-http-auth");
	struct rng rng = {5}, plain = {5};
	weights[node] = 1;
	for (int i = 0; i < 200; i++) {
		scenario_needs(&u.bank, scenario_seed(&u.bank, weights, -1, &rng), &set);
		with += branch_of(&u, set.needs, node) >= 0;
		scenario_needs(&u.bank, scenario_seed(&u.bank, NULL, -1, &plain), &set);
		without += branch_of(&u, set.needs, node) >= 0;
	}
	assert_true(with > 120);
	assert_true(without < 80);
	for (int i = 0; i < 50; i++) {
		scenario_needs(&u.bank, scenario_seed(&u.bank, NULL, node, &rng), &set);
		assert_true(branch_of(&u, set.needs, node) >= 0);
	}
	close_tree(&u);
}

static void a_tree_without_cases_makes_none(void **state)
{
	struct tree_under_test u;
	struct scenario s = {0};
	struct bank_set set;
	struct rng rng = {1};
	uint64_t seed;
	int f;
	(void)state;
	open_small(&u);
	bank_clear(&u.bank);
	for (size_t i = 0; i < u.matrix.story_count; i++)
		u.matrix.stories[i].not_here = UINT64_MAX;
	bank_init(&u.bank, &u.tree, &u.matrix);
	assert_int_equal(u.bank.count, 0);
	assert_false(scenario_make(&s, &u.bank, 1));
	assert_false(scenario_needs(&u.bank, 1, &set));
	assert_false(scenario_pair(&u.bank, 0, &rng, &seed, &f));
	assert_int_equal(scenario_flips(&u.bank, 1), 0);
	close_tree(&u);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_case_has_one_answer),
		cmocka_unit_test(a_seed_makes_its_case_again),
		cmocka_unit_test(a_case_as_json),
		cmocka_unit_test(one_fact_turned_over_changes_the_answer),
		cmocka_unit_test(a_pair_changes_the_branch_at_its_node),
		cmocka_unit_test(cases_follow_the_weights),
		cmocka_unit_test(a_tree_without_cases_makes_none),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
