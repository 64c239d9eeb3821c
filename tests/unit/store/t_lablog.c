/* t_lablog.c -- events of labs and drills: appended, never changed; cards that become due with
 * them, all or nothing; which of them are first tries. */
#include "store/lablog.h"
#include "support.h"

#include "store/inside.h"

static struct store_lab_event event(const char *what, const char *name, int right, bool helped)
{
	return (struct store_lab_event){
		.at = NOON(DAY0),
		.day = DAY0,
		.lab = "keys",
		.what = what,
		.name = name,
		.given = "",
		.truth = "",
		.seed = UINT64_MAX - 1,
		.right = right,
		.helped = helped,
		.tasks = "dva-c02=3.1 dva-c03=1.12",
		.took_ms = 1500,
	};
}

static void add(struct fixture *f, const struct store_lab_event *x)
{
	must(f, store_lab_event(f->s, x, NULL, 0, f->preset, &f->d));
}

static void collect(void *ctx, const struct store_lab_event *x)
{
	str_addf(ctx, "%s:%s:%s:%d%s ", x->lab, x->what, x->name, x->right, x->helped ? "h" : "");
	assert_true(x->seed == UINT64_MAX - 1);
	assert_int_equal(x->at.ms, NOON(DAY0).ms);
	assert_int_equal(x->at.off_min, NOON(DAY0).off_min);
	assert_int_equal(x->day, DAY0);
	assert_int_equal(x->took_ms, 1500);
	assert_string_equal(x->tasks, "dva-c02=3.1 dva-c03=1.12");
}

static void holds(struct fixture *f, const char *lab, const char *want)
{
	struct str s = {0};
	must(f, store_lab_events(f->s, lab, collect, &s, &f->d));
	assert_string_equal(str_c(&s), want);
	str_clear(&s);
}

static void events_are_appended(void **state)
{
	struct fixture *f = *state;
	struct store_lab_event begin = event("begin", "", -1, false);
	struct store_lab_event goal = event("goal", "refused", 1, true);
	struct store_lab_event other = event("begin", "", -1, false);
	other.lab = "cache";
	add(f, &begin);
	add(f, &other);
	add(f, &goal);
	holds(f, "keys", "keys:begin::-1 keys:goal:refused:1h ");
	holds(f, "cache", "cache:begin::-1 ");
	holds(f, "none", "");
	holds(f, NULL, "keys:begin::-1 cache:begin::-1 keys:goal:refused:1h ");
}

static void events_never_change(void **state)
{
	struct fixture *f = *state;
	struct store_lab_event x = event("passed", "", -1, false);
	add(f, &x);
	assert_false(db_script(f->s->db, "UPDATE lab_event SET what = 'goal'", NULL));
	assert_false(db_script(f->s->db, "DELETE FROM lab_event", NULL));
	holds(f, "keys", "keys:passed::-1 ");
}

static struct srs_card card_of(struct fixture *f, int64_t part)
{
	struct state st;
	must(f, state_get(f->s, part, &st, &f->d));
	return st.card;
}

/* Fails at each step in turn: what is kept is all of it or nothing. */
static void an_event_and_its_cards_are_one(void **state)
{
	struct fixture *f = *state;
	struct store_lab_event x = event("missed", "refused", 0, false);
	load(f, "/a.yaml", DECK("a") CARD("one", "First", "1"));
	int64_t part = part_of(f, "a/one");
	struct srs_card before = card_of(f, part);
	int failed = 0;
	for (int n = 1;; n++) {
		db_fail_after(f->s->db, n);
		bool ok = store_lab_event(f->s, &x, &part, 1, f->preset, NULL);
		db_fail_after(f->s->db, 0);
		if (ok)
			break;
		failed++;
		struct srs_card after = card_of(f, part);
		assert_true(state_same(&before, &after));
		holds(f, "keys", "");
	}
	assert_true(failed >= 3);
	holds(f, "keys", "keys:missed:refused:0 ");
	assert_int_equal(card_of(f, part).state, SRS_REVIEW);
	assert_int_equal(card_of(f, part).due_day, DAY0);
	assert_sound(f);
}

/* Inside a transaction of the caller's they are kept with it or not at all. */
static void several_events_are_one(void **state)
{
	struct fixture *f = *state;
	struct store_lab_event missed = event("missed", "refused", 0, false);
	struct store_lab_event end = event("given-up", "", -1, false);
	load(f, "/a.yaml", DECK("a") CARD("one", "First", "1"));
	int64_t part = part_of(f, "a/one");
	must(f, store_begin(f->s, &f->d));
	must(f, store_lab_event(f->s, &missed, &part, 1, f->preset, &f->d));
	store_rollback(f->s);
	holds(f, "keys", "");
	assert_int_equal(card_of(f, part).state, SRS_NEW);
	must(f, store_begin(f->s, &f->d));
	must(f, store_lab_event(f->s, &missed, &part, 1, f->preset, &f->d));
	must(f, store_lab_event(f->s, &end, NULL, 0, f->preset, &f->d));
	must(f, store_commit(f->s, &f->d));
	holds(f, "keys", "keys:missed:refused:0 keys:given-up::-1 ");
	assert_int_equal(card_of(f, part).state, SRS_REVIEW);
}

static void collect_try(void *ctx, const struct store_try *t)
{
	assert_int_equal(t->part_id, 0);
	str_addf(ctx, "%d:%s%s ", (int)(t->day - DAY0), t->task ? t->task : "-",
		 t->right ? "+" : "-");
}

static void tries(struct fixture *f, const char *blueprint, int32_t from, int64_t until,
		  const char *want)
{
	struct str s = {0};
	must(f, store_lab_tries(f->s, blueprint, from, until, collect_try, &s, &f->d));
	assert_string_equal(str_c(&s), want);
	str_clear(&s);
}

static void only_first_answers_are_tries(void **state)
{
	struct fixture *f = *state;
	struct store_lab_event rows[] = {
		event("begin", "", -1, false),      event("goal", "refused", 1, false),
		event("hint", "1", -1, false),      event("goal", "throttled", 1, true),
		event("missed", "quota", 0, false), event("fault", "quota", 1, false),
		event("begin", "", -1, false),      event("goal", "quota", 1, false),
		event("goal", "refused", 1, false),
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		rows[i].day = DAY0 + (int32_t)i;
		rows[i].at = NOON(rows[i].day);
		add(f, &rows[i]);
	}
	tries(f, "dva-c03", DAY0, NOON(DAY0 + 20).ms, "1:1.12+ 3:1.12- 4:1.12- 5:1.12+ ");
	tries(f, "dva-c02", DAY0 + 4, NOON(DAY0 + 20).ms, "4:3.1- 5:3.1+ ");
	tries(f, "dva-c0", DAY0 + 5, NOON(DAY0 + 20).ms, "5:-+ ");
	tries(f, "dva-c03", DAY0, NOON(DAY0 + 3).ms, "1:1.12+ 3:1.12- ");
}

static void backups_hold_them(void **state)
{
	struct fixture *f = *state;
	struct store_lab_event x = event("passed", "", -1, false);
	struct store *copy;
	add(f, &x);
	char *path = xasprintf("%s.copy", store_path(f->s));
	must(f, store_backup(f->s, path, true, &f->d));
	must(f, store_open(&copy, path, STORE_READ, &f->d));
	struct str s = {0};
	must(f, store_lab_events(copy, "keys", collect, &s, &f->d));
	assert_string_equal(str_c(&s), "keys:passed::-1 ");
	str_clear(&s);
	store_close(copy);
	free(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(events_are_appended, set_up, tear_down),
		cmocka_unit_test_setup_teardown(events_never_change, set_up, tear_down),
		cmocka_unit_test_setup_teardown(an_event_and_its_cards_are_one, set_up, tear_down),
		cmocka_unit_test_setup_teardown(several_events_are_one, set_up, tear_down),
		cmocka_unit_test_setup_teardown(only_first_answers_are_tries, set_up, tear_down),
		cmocka_unit_test_setup_teardown(backups_hold_them, set_up, tear_down),
	};
	return cmocka_run_group_tests_name("store/lablog", tests, NULL, NULL);
}
