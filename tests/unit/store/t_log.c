/* t_log.c -- the log: answers, undo and redo over many levels, what may never change, what a day
 * held. */
#include "support.h"

#include "store/inside.h"

static const char cards[] =
	DECK("a") CARD("one", "First", "1") CARD("two", "Second", "2") CARD("three", "Third", "3");

static int set_up_cards(void **state)
{
	if (set_up(state) != 0)
		return -1;
	load(*state, "/a.yaml", cards);
	return 0;
}

static struct srs_card state_of(struct fixture *f, const char *key)
{
	return item_of(f, key).state;
}

static int64_t undo(struct fixture *f, int64_t not_before_ms)
{
	struct store_log_row row;
	must(f, store_undo(f->s, NOON(DAY0 + 1), not_before_ms, &f->a, &row, &f->d));
	assert_int_equal(row.part_id == 0, row.id == 0);
	return row.id;
}

static int64_t redo(struct fixture *f)
{
	struct store_log_row row;
	must(f, store_redo(f->s, NOON(DAY0 + 1), &f->a, &row, &f->d));
	return row.id;
}

static void test_answer(void **state)
{
	struct fixture *f = *state;
	struct srs_preset p;
	struct srs_card want, after;
	struct store_log_row *rows;
	size_t n;
	int64_t part = part_of(f, "a/one"), id;
	struct store_answer a = {.part_id = part,
				 .event = {.op = SRS_OP_ANSWER,
					   .arg = 4,
					   .at = {.ms = NOON(DAY0).ms, .off_min = -330}},
				 .took_ms = 4321,
				 .given = "{\"chosen\":[1]}",
				 .screen = "review"};
	srs_preset_default(&p);
	srs_card_init(&want);
	want = srs_apply(&p, want, &a.event, hash_text("a/one"));
	must(f, store_log(f->s, &a, f->preset, &after, &id, &f->d));
	assert_true(state_same(&after, &want));
	struct srs_card stored = state_of(f, "a/one");
	assert_true(state_same(&stored, &want));
	must(f, store_history(f->s, part, 10, &f->a, &rows, &n, &f->d));
	assert_int_equal(n, 1);
	assert_int_equal(rows[0].id, id);
	assert_int_equal(rows[0].part_id, part);
	assert_int_equal(rows[0].event.op, SRS_OP_ANSWER);
	assert_int_equal(rows[0].event.arg, 4);
	assert_int_equal(rows[0].event.at.ms, a.event.at.ms);
	assert_int_equal(rows[0].event.at.off_min, -330);
	assert_int_equal(rows[0].took_ms, 4321);
	assert_string_equal(rows[0].given, a.given);
	assert_string_equal(rows[0].screen, "review");
	assert_string_equal(rows[0].key, "a/one");
	assert_false(rows[0].undone);
	a.part_id = 999;
	must_fail(f, store_log(f->s, &a, f->preset, NULL, NULL, &f->d), "store-no-card");
	a.part_id = part;
	must_fail(f, store_log(f->s, &a, 999, NULL, NULL, &f->d), "store-corrupt");
	assert_int_equal(history_count(f, "a/one"), 1);
}

static void test_preset(void **state)
{
	struct fixture *f = *state;
	struct srs_preset p, back;
	struct str json = {0}, again = {0};
	int64_t id, same;
	srs_preset_default(&p);
	must(f, store_preset(f->s, &p, &same, &f->d));
	assert_int_equal(same, f->preset);
	double w[FSRS_WEIGHTS];
	memcpy(w, fsrs_default_weights, sizeof(w));
	w[3] = 7.1000000000000005;
	w[20] = 0.1 + 0.2;
	must(f, fsrs_params_set(&p.fsrs, w, FSRS_WEIGHTS, &f->d));
	p.retention = 0.87000000000000011;
	p.learn_count = 3;
	p.learn_ms[2] = 86400001;
	p.relearn_count = 0;
	p.fuzz = false;
	p.leech_suspend = false;
	p.day_start_min = 0;
	must(f, store_preset(f->s, &p, &id, &f->d));
	assert_int_not_equal(id, f->preset);
	must(f, store_preset(f->s, &p, &same, &f->d));
	assert_int_equal(same, id);
	preset_json(&json, &p);
	must(f, preset_parse(&back, str_c(&json), json.len, &f->d));
	preset_json(&again, &back);
	assert_string_equal(str_c(&json), str_c(&again));
	assert_memory_equal(&back.fsrs, &p.fsrs, sizeof(p.fsrs));
	assert_memory_equal(&back.retention, &p.retention, sizeof(double));
	assert_int_equal(back.learn_ms[2], 86400001);
	assert_int_equal(back.relearn_count, 0);
	/* Any piece that is missing or of the wrong kind is noticed. */
	for (size_t i = 1; i < json.len; i += 7) {
		char *cut = arena_strndup(&f->a, json.p, i);
		must_fail(f, preset_parse(&back, cut, i, &f->d), "store-corrupt");
	}
	must_fail(f, preset_parse(&back, "{}", 2, &f->d), "store-corrupt");
	str_clear(&json);
	str_clear(&again);
}

static void test_undo_redo(void **state)
{
	struct fixture *f = *state;
	struct srs_card at[8];
	int64_t id[8];
	const char *const keys[] = {"a/one",   "a/one", "a/two", "a/one",
				    "a/three", "a/two", "a/one", "a/two"};
	for (int i = 0; i < 8; i++) {
		at[i] = state_of(f, keys[i]);
		id[i] = answer(f, keys[i], 1 + i % 4, DAY0 + i);
	}
	assert_int_equal(redo(f), 0);
	for (int i = 7; i >= 0; i--) {
		assert_int_equal(undo(f, 0), id[i]);
		struct srs_card now = state_of(f, keys[i]);
		assert_true(state_same(&now, &at[i]));
		assert_sound(f);
	}
	assert_int_equal(undo(f, 0), 0);
	for (int i = 0; i < 8; i++) {
		assert_int_equal(redo(f), id[i]);
		assert_sound(f);
	}
	assert_int_equal(redo(f), 0);
	/* The same states as before, though the log has grown. */
	struct store_log_row *rows;
	size_t n;
	must(f, store_history(f->s, 0, 100, &f->a, &rows, &n, &f->d));
	assert_int_equal(n, 24);
	for (size_t i = 16; i < 24; i++)
		assert_false(rows[i].undone);
	for (int i = 0; i < 3; i++)
		assert_int_equal(undo(f, 0), id[7 - i]);
	/* Something new: what was undone before it cannot come back. */
	int64_t later = answer(f, "a/three", 3, DAY0 + 9);
	assert_int_equal(redo(f), 0);
	assert_int_equal(undo(f, 0), later);
	assert_int_equal(undo(f, 0), id[4]);
	assert_int_equal(redo(f), id[4]);
	assert_int_equal(redo(f), later);
	assert_int_equal(redo(f), 0);
	assert_sound(f);
}

static void test_undo_reopened(void **state)
{
	struct fixture *f = *state;
	int64_t first = answer(f, "a/one", 3, DAY0), second = answer(f, "a/two", 3, DAY0);
	reopen(f);
	assert_int_equal(undo(f, 0), second);
	reopen(f);
	assert_int_equal(undo(f, 0), first);
	reopen(f);
	assert_int_equal(redo(f), first);
	assert_int_equal(state_of(f, "a/one").reps, 1);
	assert_int_equal(state_of(f, "a/two").reps, 0);
}

static void test_undo_limit(void **state)
{
	struct fixture *f = *state;
	answer(f, "a/one", 3, DAY0 - 3);
	int64_t id = answer(f, "a/one", 3, DAY0);
	assert_int_equal(undo(f, NOON(DAY0).ms), id);
	assert_int_equal(undo(f, NOON(DAY0).ms), 0);
	assert_int_equal(state_of(f, "a/one").reps, 1);
}

/* Everything that is logged can be undone: flags and suspensions too, also of a card that left its
 * deck. */
static void test_undo_kinds(void **state)
{
	struct fixture *f = *state;
	static const struct {
		enum srs_op op;
		int arg;
	} ops[] = {{SRS_OP_FLAG, 3},   {SRS_OP_SUSPEND, 0}, {SRS_OP_BURY, 0}, {SRS_OP_LEECH, 1},
		   {SRS_OP_ANSWER, 3}, {SRS_OP_CRAM, 1},    {SRS_OP_DUE, 9},  {SRS_OP_RESET, 0}};
	for (size_t i = 0; i < ARRAY_LEN(ops); i++) {
		struct srs_card before = state_of(f, "a/two");
		int64_t id;
		must(f, log_event(f, part_of(f, "a/two"), ops[i].op, ops[i].arg, NOON(DAY0), &id));
		assert_int_equal(undo(f, 0), id);
		struct srs_card after = state_of(f, "a/two");
		assert_true(state_same(&before, &after));
		assert_int_equal(redo(f), id);
		assert_sound(f);
	}
	load(f, "/a.yaml", DECK("a") CARD("one", "First", "1"));
	assert_true(undo(f, 0) > 0);
	assert_true(item_of(f, "a/two").set_aside);
	assert_sound(f);
}

static void test_append_only(void **state)
{
	struct fixture *f = *state;
	static const char *const forbidden[] = {
		"UPDATE log SET arg = 4",
		"DELETE FROM log",
		"UPDATE log SET id = 99 WHERE id = 1",
		"UPDATE preset SET json = ''",
		"DELETE FROM preset",
		"INSERT INTO log (part) VALUES (1)",
		"DELETE FROM part WHERE id = 1",
		"INSERT INTO log (part, ms, off_min, day, op, arg, preset, was_state, "
		"was_interval_d, took_ms, given, screen, target)"
		" VALUES (77, 1, 0, 1, 'answer', 1, 1, 0, 0, 0, '', '', 0)",
	};
	answer(f, "a/one", 3, DAY0);
	char *before = picture(f, f->s);
	for (size_t i = 0; i < ARRAY_LEN(forbidden); i++)
		must_fail(f, db_script(f->s->db, forbidden[i], &f->d), "store-corrupt");
	char *after = picture(f, f->s);
	assert_string_equal(before, after);
	free(before);
	free(after);
	/* Ids are never used twice, even for rows that were rolled back: AUTOINCREMENT. */
	assert_int_equal(answer(f, "a/one", 3, DAY0), 2);
}

static void test_today(void **state)
{
	struct fixture *f = *state;
	struct store_today t;
	answer(f, "a/one", 4, DAY0 - 30);
	answer(f, "a/one", 3, DAY0); /* a review */
	answer(f, "a/two", 3, DAY0); /* new, then learning */
	answer(f, "a/two", 3, DAY0);
	answer(f, "a/three", 1, DAY0);
	undo(f, 0);
	must(f, log_event(f, part_of(f, "a/three"), SRS_OP_CRAM, 3, NOON(DAY0), NULL));
	must(f, log_event(f, part_of(f, "a/three"), SRS_OP_FLAG, 3, NOON(DAY0), NULL));
	must(f, store_today(f->s, DAY0, &t, &f->d));
	assert_int_equal(t.answers, 3);
	assert_int_equal(t.new_done, 1);
	assert_int_equal(t.review_done, 1);
	assert_int_equal(t.took_ms, 4500);
	assert_int_equal(idset_count(&t.cards), 2);
	assert_true(idset_has(&t.cards, item_of(f, "a/one").card_id));
	assert_false(idset_has(&t.cards, item_of(f, "a/three").card_id));
	idset_clear(&t.cards);
	must(f, store_today(f->s, DAY0 + 1, &t, &f->d));
	assert_int_equal(t.answers, 0);
	idset_clear(&t.cards);
}

static void test_history(void **state)
{
	struct fixture *f = *state;
	struct store_log_row *rows;
	size_t n;
	must(f, store_history(f->s, 0, 10, &f->a, &rows, &n, &f->d));
	assert_int_equal(n, 0);
	for (int i = 0; i < 5; i++)
		answer(f, i % 2 ? "a/one" : "a/two", 3, DAY0 + i);
	undo(f, 0);
	must(f, store_history(f->s, 0, 3, &f->a, &rows, &n, &f->d));
	assert_int_equal(n, 3);
	assert_int_equal(rows[0].event.op, SRS_OP_UNDO);
	assert_int_equal(rows[0].target, rows[1].id);
	assert_true(rows[1].undone);
	assert_false(rows[2].undone);
	assert_int_equal(rows[2].id, 4);
	must(f, store_history(f->s, part_of(f, "a/one"), 10, &f->a, &rows, &n, &f->d));
	assert_int_equal(n, 2);
	assert_int_equal(rows[0].id, 2);
	assert_int_equal(rows[1].id, 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_answer, set_up_cards, tear_down),
		cmocka_unit_test_setup_teardown(test_preset, set_up_cards, tear_down),
		cmocka_unit_test_setup_teardown(test_undo_redo, set_up_cards, tear_down),
		cmocka_unit_test_setup_teardown(test_undo_reopened, set_up_cards, tear_down),
		cmocka_unit_test_setup_teardown(test_undo_limit, set_up_cards, tear_down),
		cmocka_unit_test_setup_teardown(test_undo_kinds, set_up_cards, tear_down),
		cmocka_unit_test_setup_teardown(test_append_only, set_up_cards, tear_down),
		cmocka_unit_test_setup_teardown(test_today, set_up_cards, tear_down),
		cmocka_unit_test_setup_teardown(test_history, set_up_cards, tear_down),
	};
	return cmocka_run_group_tests_name("store/log", tests, NULL, NULL);
}
