/* t_rebuild.c -- the log is the truth: after any list of events, replaying it gives the cached
 * states to the last bit, and a cache that was tampered with is put right. */
#include "support.h"

#include "store/inside.h"

#define CARDS 40
#define EVENTS 4000

static int set_up_cards(void **state)
{
	struct str text = {0};
	if (set_up(state) != 0)
		return -1;
	str_add(&text, "deck: a\ntitle: A\nformat: \"1\"\ncards:\n");
	for (int i = 0; i < CARDS; i++)
		str_addf(&text, "- {id: c%d, kind: cloze, text: \"{{c1::a}} %d {{c2::b}}\"}\n", i,
			 i);
	load(*state, "/a.yaml", str_c(&text));
	str_clear(&text);
	return 0;
}

/* Rules of a day: now and then the learner changes them. */
static int64_t some_preset(struct fixture *f, struct rng *r)
{
	static const double retentions[] = {0.8, 0.9, 0.95};
	struct srs_preset p;
	double w[FSRS_WEIGHTS];
	int64_t id;
	srs_preset_default(&p);
	for (int i = 0; i < FSRS_WEIGHTS; i++)
		w[i] = fsrs_default_weights[i] * (0.9 + 0.2 * rng_unit(r));
	must(f, fsrs_params_set(&p.fsrs, w, FSRS_WEIGHTS, &f->d));
	p.retention = retentions[rng_below(r, 3)];
	p.fuzz = rng_below(r, 4) != 0;
	p.learn_count = (int)rng_below(r, 3);
	p.relearn_count = (int)rng_below(r, 2);
	p.day_start_min = (int)rng_below(r, 300);
	p.leech_threshold = (int)rng_below(r, 4);
	must(f, store_preset(f->s, &p, &id, &f->d));
	return id;
}

static enum srs_op some_op(struct rng *r, int *arg)
{
	static const enum srs_op rare[] = {SRS_OP_CRAM,    SRS_OP_BURY,      SRS_OP_UNBURY,
					   SRS_OP_SUSPEND, SRS_OP_UNSUSPEND, SRS_OP_FLAG,
					   SRS_OP_LEECH,   SRS_OP_RESET,     SRS_OP_DUE};
	enum srs_op op = rng_below(r, 10) < 7 ? SRS_OP_ANSWER : rare[rng_below(r, ARRAY_LEN(rare))];
	switch (op) {
	case SRS_OP_ANSWER:
	case SRS_OP_CRAM:
		*arg = 1 + (int)rng_below(r, 4);
		break;
	case SRS_OP_FLAG:
		*arg = (int)rng_below(r, 8);
		break;
	case SRS_OP_LEECH:
		*arg = (int)rng_below(r, 2);
		break;
	case SRS_OP_DUE:
		*arg = (int)rng_below(r, 100);
		break;
	case SRS_OP_BURY:
	case SRS_OP_UNBURY:
	case SRS_OP_SUSPEND:
	case SRS_OP_UNSUSPEND:
	case SRS_OP_RESET:
	case SRS_OP_UNDO:
	case SRS_OP_COUNT:
		*arg = 0;
		break;
	}
	return op;
}

static void random_events(struct fixture *f, int events, uint64_t seed)
{
	struct rng r = {seed};
	struct moment at = NOON(DAY0);
	must(f, store_begin(f->s, &f->d)); /* one commit: faster, and the same code */
	for (int i = 0; i < events; i++) {
		struct arena a = {0};
		struct store_log_row row;
		int arg;
		enum srs_op op = some_op(&r, &arg);
		at.ms += rng_below(&r, 3) ? rng_below(&r, 600000) : rng_below(&r, 200000000);
		at.off_min = (int)rng_below(&r, 120) - 60;
		if (rng_below(&r, 300) == 0)
			f->preset = some_preset(f, &r);
		if (rng_below(&r, 12) == 0)
			must(f, store_undo(f->s, at, 0, &a, &row, &f->d));
		else if (rng_below(&r, 20) == 0)
			must(f, store_redo(f->s, at, &a, &row, &f->d));
		else
			must(f, log_event(f, 1 + rng_below(&r, 2 * CARDS), op, arg, at, NULL));
		arena_clear(&a);
	}
	must(f, store_commit(f->s, &f->d));
}

static void test_bit_equal(void **state)
{
	struct fixture *f = *state;
	struct store_rebuilt r;
	random_events(f, EVENTS, 1);
	must(f, store_rebuild(f->s, true, &r, &f->d));
	assert_int_equal(r.differed, 0);
	assert_int_equal(r.parts, 2 * CARDS);
	assert_true(r.rows > EVENTS * 9 / 10);
	assert_sound(f);
	reopen(f);
	assert_sound(f);
}

/* Undo until nothing is left: every card is new again, and redo brings every state back. */
static void test_all_back(void **state)
{
	struct fixture *f = *state;
	struct srs_card fresh, before[2 * CARDS + 1];
	struct store_log_row row;
	int undone = 0;
	srs_card_init(&fresh);
	random_events(f, 300, 2);
	for (int64_t id = 1; id <= 2 * CARDS; id++) {
		struct store_item item;
		must(f, store_row(f->s, id, &f->a, &item, &f->d));
		before[id] = item.state;
	}
	do {
		must(f, store_undo(f->s, NOON(DAY0 + 900), 0, &f->a, &row, &f->d));
		undone += row.id != 0;
	} while (row.id);
	assert_true(undone > 200);
	for (int64_t id = 1; id <= 2 * CARDS; id++) {
		struct store_item item;
		must(f, store_row(f->s, id, &f->a, &item, &f->d));
		assert_true(state_same(&item.state, &fresh));
	}
	assert_sound(f);
	for (int i = 0; i < undone; i++) {
		must(f, store_redo(f->s, NOON(DAY0 + 900), &f->a, &row, &f->d));
		assert_true(row.id > 0);
	}
	for (int64_t id = 1; id <= 2 * CARDS; id++) {
		struct store_item item;
		must(f, store_row(f->s, id, &f->a, &item, &f->d));
		assert_true(state_same(&item.state, &before[id]));
	}
	assert_sound(f);
}

static void test_put_right(void **state)
{
	struct fixture *f = *state;
	static const char *const tampered[] = {
		"UPDATE state SET stability_d = stability_d * 1.0000000000000002 WHERE part = 3",
		"UPDATE state SET due = due + 1 WHERE part IN (5, 6)",
		"UPDATE state SET queue = 1 WHERE part = 7 AND queue <> 1",
		"UPDATE state SET suspended = 1 - suspended, reps = reps + 1, state = 77",
	};
	random_events(f, 500, 3);
	must(f, log_event(f, 3, SRS_OP_ANSWER, 4, NOON(DAY0 + 900), NULL));
	must(f, log_event(f, 7, SRS_OP_SUSPEND, 0, NOON(DAY0 + 900), NULL));
	char *before = picture(f, f->s);
	for (size_t i = 0; i < ARRAY_LEN(tampered); i++) {
		struct store_rebuilt r, again;
		must(f, db_script(f->s->db, tampered[i], &f->d));
		must(f, store_rebuild(f->s, true, &r, &f->d));
		assert_true(r.differed > 0);
		must(f, store_rebuild(f->s, true, &again, &f->d)); /* a check changes nothing */
		assert_int_equal(again.differed, r.differed);
		must(f, store_rebuild(f->s, false, &again, &f->d));
		assert_int_equal(again.differed, r.differed);
		must(f, store_rebuild(f->s, true, &again, &f->d));
		assert_int_equal(again.differed, 0);
		char *after = picture(f, f->s);
		assert_string_equal(before, after);
		free(after);
	}
	free(before);
}

/* A log with rows that make no sense is reported, and the states stay. */
static void test_bad_rows(void **state)
{
	struct fixture *f = *state;
	struct store_rebuilt r;
	random_events(f, 50, 4);
	must(f, db_script(f->s->db,
			  "INSERT INTO log (part, ms, off_min, day, op, arg, preset, was_state, "
			  "was_interval_d, took_ms, given, screen,"
			  " target) VALUES (1, 1, 0, 1, 'dance', 1, 1, 0, 0, 0, '', '', 0)",
			  &f->d));
	must_fail(f, store_rebuild(f->s, false, &r, &f->d), "store-corrupt");
	struct store_log_row row;
	must_fail(f,
		  store_undo(f->s, NOON(DAY0), 0, &f->a, &row, &f->d) &&
			  store_undo(f->s, NOON(DAY0), 0, &f->a, &row, &f->d),
		  "store-corrupt");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_bit_equal, set_up_cards, tear_down),
		cmocka_unit_test_setup_teardown(test_all_back, set_up_cards, tear_down),
		cmocka_unit_test_setup_teardown(test_put_right, set_up_cards, tear_down),
		cmocka_unit_test_setup_teardown(test_bad_rows, set_up_cards, tear_down),
	};
	return cmocka_run_group_tests_name("store/rebuild", tests, NULL, NULL);
}
