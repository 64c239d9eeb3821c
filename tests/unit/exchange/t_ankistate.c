/* t_ankistate.c -- states and answers as Anki keeps them. */
#include "exchange/ankistate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define FIRST_DAY 20000

static struct srs_preset preset(void)
{
	struct srs_preset p;
	srs_preset_default(&p);
	return p;
}

static void states_map(void **state)
{
	const struct srs_preset p = preset();
	const struct ankistate s = {&p, FIRST_DAY};
	static const struct {
		struct srs_card card;
		int type, queue;
		int64_t due;
		int ivl, factor, left;
	} rows[] = {
		{{.state = SRS_LEARN, .due_ms = 1700000060000, .steps_left = 2, .interval_d = 3},
		 ANKI_LEARN,
		 ANKI_Q_LEARN,
		 1700000060,
		 0,
		 0,
		 2},
		{{.state = SRS_LEARN, .by_day = true, .due_day = FIRST_DAY + 5, .steps_left = 1},
		 ANKI_LEARN,
		 ANKI_Q_DAY_LEARN,
		 5,
		 0,
		 0,
		 1},
		{{.state = SRS_REVIEW,
		  .by_day = true,
		  .due_day = FIRST_DAY + 40,
		  .interval_d = 12,
		  .steps_left = 1},
		 ANKI_REVIEW,
		 ANKI_Q_REVIEW,
		 40,
		 12,
		 2500,
		 0},
		{{.state = SRS_RELEARN, .due_ms = 1700000000000, .steps_left = 1, .interval_d = 4},
		 ANKI_RELEARN,
		 ANKI_Q_LEARN,
		 1700000000,
		 4,
		 2500,
		 1},
	};
	struct arena a = {0};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct anki_card c = {0};
		ankistate_card(&s, &rows[i].card, &a, &c);
		assert_int_equal(c.type, rows[i].type);
		assert_int_equal(c.queue, rows[i].queue);
		assert_int_equal(c.due, rows[i].due);
		assert_int_equal(c.ivl, rows[i].ivl);
		assert_int_equal(c.factor, rows[i].factor);
		assert_int_equal(c.left, rows[i].left);
		assert_string_equal(c.data, "{}");
	}
	arena_clear(&a);
}

static void memory_is_rounded_as_in_anki(void **state)
{
	const struct srs_preset p = preset();
	const struct ankistate s = {&p, FIRST_DAY};
	const struct srs_card card = {.state = SRS_REVIEW,
				      .by_day = true,
				      .stability_d = 12.345678,
				      .difficulty = 5.43219,
				      .last_ms = 1700000000999,
				      .reps = 7,
				      .lapses = 2};
	struct anki_card c = {0};
	struct arena a = {0};
	(void)state;
	ankistate_card(&s, &card, &a, &c);
	assert_string_equal(c.data, "{\"s\":12.3457,\"d\":5.432,\"dr\":0.9,\"decay\":0.154,"
				    "\"lrt\":1700000000}");
	assert_int_equal(c.reps, 7);
	assert_int_equal(c.lapses, 2);
	arena_clear(&a);
}

static void answers_map(void **state)
{
	static const struct srs_card fresh = {.state = SRS_NEW};
	static const struct srs_card step = {
		.state = SRS_LEARN, .last_ms = 1000000, .due_ms = 1600000, .difficulty = 5.5};
	static const struct srs_card known = {
		.state = SRS_REVIEW, .by_day = true, .interval_d = 9, .difficulty = 1};
	static const struct srs_card lost = {
		.state = SRS_RELEARN, .last_ms = 1000000, .due_ms = 1060000, .difficulty = 10};
	static const struct {
		enum srs_op op;
		int arg;
		const struct srs_card *before, *after;
		bool logged;
		int ease;
		int64_t ivl, last_ivl;
		int factor, type;
	} rows[] = {
		{SRS_OP_ANSWER, 3, &fresh, &step, true, 3, -600, 0, 600, 0},
		{SRS_OP_ANSWER, 4, &step, &known, true, 4, 9, -600, 100, 0},
		{SRS_OP_ANSWER, 1, &known, &lost, true, 1, -60, 9, 1100, 1},
		{SRS_OP_ANSWER, 3, &lost, &known, true, 3, 9, -60, 100, 2},
		{SRS_OP_CRAM, 2, &known, &known, true, 2, 9, 9, 0, 3},
		{SRS_OP_RESET, 0, &known, &fresh, true, 0, 0, 9, 0, 4},
		{SRS_OP_DUE, 5, &fresh, &known, true, 0, 9, 0, 100, 4},
		{SRS_OP_DUE, 5, &fresh, &fresh, true, 0, 0, 0, 2500, 4},
		{SRS_OP_FLAG, 1, &known, &known, false, 0, 0, 0, 0, 0},
		{SRS_OP_SUSPEND, 0, &known, &known, false, 0, 0, 0, 0, 0},
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct export_answer l = {
			.event = {.op = rows[i].op, .arg = rows[i].arg, .at = {1000000, 0}},
			.took_ms = 4321,
			.before = *rows[i].before,
			.after = *rows[i].after};
		struct anki_review r = {0};
		assert_int_equal(ankistate_review(&l, &r), rows[i].logged);
		if (!rows[i].logged)
			continue;
		assert_int_equal(r.id, 1000000);
		assert_int_equal(r.time_ms, 4321);
		assert_int_equal(r.ease, rows[i].ease);
		assert_int_equal(r.ivl, rows[i].ivl);
		assert_int_equal(r.last_ivl, rows[i].last_ivl);
		assert_int_equal(r.factor, rows[i].factor);
		assert_int_equal(r.type, rows[i].type);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(states_map),
		cmocka_unit_test(memory_is_rounded_as_in_anki),
		cmocka_unit_test(answers_map),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
