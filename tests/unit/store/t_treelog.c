/* t_treelog.c -- answers in decision trees: appended, taken back, never changed; cards that become
 * due with them, all or nothing. */
#include "store/treelog.h"
#include "support.h"

#include "store/inside.h"

static struct store_tree_step step(const char *node, bool right)
{
	return (struct store_tree_step){
		.at = NOON(DAY0),
		.day = DAY0,
		.tree = "t",
		.mode = "walk",
		.seed = UINT64_MAX - 1,
		.flip = "",
		.needs = "push cache",
		.node = node,
		.given = right ? "yes" : "no",
		.truth = "yes",
		.counts = true,
		.ends = right ? 1 : -1,
	};
}

static void collect(void *ctx, const struct store_tree_step *x)
{
	str_addf(ctx, "%s%s ", x->node, strcmp(x->given, x->truth) ? "-" : "+");
	assert_string_equal(x->mode, "walk");
	assert_true(x->counts);
	assert_int_equal(x->ends, strcmp(x->given, x->truth) ? -1 : 1);
}

static void holds(struct fixture *f, const char *tree, const char *want)
{
	struct str s = {0};
	must(f, store_tree_steps(f->s, tree, collect, &s, &f->d));
	assert_string_equal(str_c(&s), want);
	str_clear(&s);
}

static void steps_are_appended_and_taken_back(void **state)
{
	struct fixture *f = *state;
	struct store_tree_step a = step("a", true), b = step("b", false);
	int64_t first, second;
	must(f, store_tree_step(f->s, &a, NULL, 0, f->preset, &first, &f->d));
	must(f, store_tree_step(f->s, &b, NULL, 0, f->preset, &second, &f->d));
	assert_true(second > first);
	holds(f, "t", "a+ b- ");
	holds(f, "other", "");
	must(f, store_tree_undo(f->s, "t", second, NOON(DAY0), DAY0, &f->d));
	holds(f, "t", "a+ ");
	must(f, store_tree_step(f->s, &a, NULL, 0, f->preset, &second, &f->d));
	holds(f, "t", "a+ a+ ");
}

static void steps_never_change(void **state)
{
	struct fixture *f = *state;
	struct store_tree_step a = step("a", true);
	int64_t id;
	must(f, store_tree_step(f->s, &a, NULL, 0, f->preset, &id, &f->d));
	assert_false(db_script(f->s->db, "UPDATE tree_step SET given = 'no'", NULL));
	assert_false(db_script(f->s->db, "DELETE FROM tree_step", NULL));
	holds(f, "t", "a+ ");
}

/* Fails at each step in turn: what is kept is all of it or nothing. */
static void a_step_and_its_cards_are_one(void **state)
{
	struct fixture *f = *state;
	struct store_tree_step b = step("b", false);
	int64_t id, part;
	load(f, "/a.yaml", DECK("a") CARD("one", "First", "1"));
	part = part_of(f, "a/one");
	int failed = 0;
	for (int n = 1;; n++) {
		struct srs_card before, after;
		struct state st;
		must(f, state_get(f->s, part, &st, &f->d));
		before = st.card;
		db_fail_after(f->s->db, n);
		bool ok = store_tree_step(f->s, &b, &part, 1, f->preset, &id, NULL);
		db_fail_after(f->s->db, 0);
		must(f, state_get(f->s, part, &st, &f->d));
		after = st.card;
		if (ok)
			break;
		failed++;
		assert_true(state_same(&before, &after));
		holds(f, "t", "");
	}
	assert_true(failed >= 3);
	holds(f, "t", "b- ");
	struct state st;
	must(f, state_get(f->s, part, &st, &f->d));
	assert_int_equal(st.card.state, SRS_REVIEW);
	assert_int_equal(st.card.due_day, DAY0);
	assert_sound(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(steps_are_appended_and_taken_back, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(steps_never_change, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_step_and_its_cards_are_one, set_up, tear_down),
	};
	return cmocka_run_group_tests_name("store/treelog", tests, NULL, NULL);
}
