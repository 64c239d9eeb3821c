/* t_exam.c -- an exam as the replay of its events: what is accepted, the clock, filling, walking,
 * warnings, the end; and any events at all. */
#include "quiz/exam.h"
#include "base/random.h"
#include "tests/unit/quiz/cards.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

enum { COUNT = 6, MINUTE = 60000, LIMIT = 130 * MINUTE };

static const struct card *const cards[COUNT] = {&choice_card, &some_card,  &truth_card,
						&match_card,  &order_card, &choice_card};
static const char *const names[COUNT] = {"d/a", "d/b", "d/c", "d/d", "d/e", "d/f"};

static void begin(struct exam *e, uint64_t seed)
{
	struct part parts[COUNT];
	for (int i = 0; i < COUNT; i++)
		parts[i] = whole;
	exam_init(e, cards, parts, names, COUNT, seed, LIMIT);
}

static bool put(struct exam *e, enum exam_op op, int64_t arg, int64_t open_ms)
{
	struct exam_event ev = {op, arg, open_ms, 1000 + open_ms};
	return exam_apply(e, &ev);
}

/* Shown position of the key, or of a wrong option. */
static int64_t option(const struct exam_item *it, bool right)
{
	for (size_t i = 0; i < it->ask.count; i++)
		if (ask_is_right(&it->ask, i) == right)
			return (int64_t)i;
	fail_msg("no such option");
	return 0;
}

static void a_short_exam(void **state)
{
	struct exam e;
	(void)state;
	begin(&e, 7);
	assert_true(put(&e, EXAM_OPENED, 0, 0));
	assert_int_equal(exam_fill(&e.items[0]), EXAM_EMPTY);
	assert_true(put(&e, EXAM_CHOOSE, option(&e.items[0], true), 1000));
	assert_int_equal(exam_fill(&e.items[0]), EXAM_ANSWERED);
	assert_true(e.items[0].was_right && !e.items[0].was_wrong);
	assert_true(put(&e, EXAM_CHOOSE, option(&e.items[0], false), 3000));
	assert_true(e.items[0].was_wrong);
	assert_true(put(&e, EXAM_GOTO, 1, 10000));
	assert_int_equal(e.items[0].spent_ms, 10000);
	assert_true(put(&e, EXAM_CHOOSE, 0, 11000));
	assert_int_equal(exam_fill(&e.items[1]), EXAM_PARTLY);
	assert_true(put(&e, EXAM_FLAG, 1, 11000) && put(&e, EXAM_SURE, SURE_GUESS, 11500));
	assert_true(put(&e, EXAM_STRIKE, 3, 12000));
	assert_true(e.items[1].ask.struck[3] && e.items[1].flagged);
	struct exam_counts n = exam_counts(&e);
	assert_int_equal(n.answered, 1);
	assert_int_equal(n.partly, 1);
	assert_int_equal(n.empty, 4);
	assert_int_equal(n.flagged, 1);
	assert_true(put(&e, EXAM_CLOCK, 0, 12000) && !e.clock_shown);
	assert_true(put(&e, EXAM_SUBMIT, 0, 20000));
	assert_int_equal(e.end, EXAM_SUBMITTED);
	assert_int_equal(e.end_at_ms, 21000);
	assert_int_equal(e.items[1].spent_ms, 10000);
	assert_false(put(&e, EXAM_GOTO, 0, 21000));
	exam_clear(&e);
}

static void matching_and_ordering(void **state)
{
	struct exam e;
	(void)state;
	begin(&e, 7);
	assert_true(put(&e, EXAM_OPENED, 0, 0) && put(&e, EXAM_GOTO, 3, 0));
	assert_true(put(&e, EXAM_MATCH, 0 * 16 + 1, 1));
	assert_int_equal(exam_fill(&e.items[3]), EXAM_PARTLY);
	assert_true(put(&e, EXAM_MATCH, 1 * 16 + 1, 2) && put(&e, EXAM_MATCH, 2 * 16 + 2, 3));
	assert_int_equal(exam_fill(&e.items[3]), EXAM_ANSWERED);
	assert_true(put(&e, EXAM_MATCH, 2 * 16, 4));
	assert_int_equal(e.items[3].ask.matched[2], -1);
	assert_false(put(&e, EXAM_MATCH, 3 * 16 + 1, 5));
	assert_false(put(&e, EXAM_MATCH, 0 * 16 + 9, 5));
	assert_false(put(&e, EXAM_CHOOSE, 0, 5));
	assert_true(put(&e, EXAM_GOTO, 4, 6));
	assert_int_equal(exam_fill(&e.items[4]), EXAM_EMPTY);
	assert_true(put(&e, EXAM_MOVE, 3 * 16 + 0, 7));
	assert_int_equal(exam_fill(&e.items[4]), EXAM_ANSWERED);
	assert_false(put(&e, EXAM_MOVE, 4 * 16 + 0, 8));
	exam_clear(&e);
}

static void the_clock_never_goes_back(void **state)
{
	struct exam e;
	(void)state;
	begin(&e, 1);
	assert_true(put(&e, EXAM_OPENED, 0, 0) && put(&e, EXAM_FLAG, 1, 5000));
	assert_false(put(&e, EXAM_FLAG, 0, 4999));
	assert_true(put(&e, EXAM_FLAG, 0, 5000));
	assert_int_equal(exam_left_ms(&e, 5000), LIMIT - 5000);
	assert_int_equal(exam_left_ms(&e, LIMIT + 5), 0);
	assert_false(put(&e, EXAM_TIME_UP, 0, LIMIT - 1));
	assert_false(put(&e, EXAM_CHOOSE, 0, LIMIT));
	assert_true(put(&e, EXAM_TIME_UP, 0, LIMIT));
	assert_int_equal(e.end, EXAM_TIMED_OUT);
	exam_clear(&e);
}

static void time_away_is_counted_apart(void **state)
{
	struct exam e;
	(void)state;
	begin(&e, 1);
	assert_true(put(&e, EXAM_OPENED, 0, 0) && put(&e, EXAM_AWAY, 9000, 100));
	assert_true(put(&e, EXAM_OPENED, 50000, 100));
	assert_int_equal(e.aways, 2);
	assert_int_equal(e.away_ms, 59000);
	assert_int_equal(e.runs, 2);
	assert_int_equal(e.open_ms, 100);
	assert_false(put(&e, EXAM_AWAY, -1, 100));
	exam_clear(&e);
}

static void walking(void **state)
{
	struct exam e;
	(void)state;
	begin(&e, 1);
	put(&e, EXAM_OPENED, 0, 0);
	assert_int_equal(exam_next_flagged(&e, 0), -1);
	put(&e, EXAM_GOTO, 4, 0);
	put(&e, EXAM_FLAG, 1, 0);
	assert_int_equal(exam_next_flagged(&e, 4), 4);
	assert_int_equal(exam_next_flagged(&e, 0), 4);
	put(&e, EXAM_GOTO, 0, 0);
	put(&e, EXAM_CHOOSE, 0, 0);
	assert_int_equal(exam_next_open(&e, 5), 1);
	assert_int_equal(exam_next_open(&e, 0), 1);
	exam_clear(&e);
}

static void pace(void **state)
{
	struct exam e;
	(void)state;
	begin(&e, 1);
	put(&e, EXAM_OPENED, 0, 0);
	assert_int_equal(exam_pace_ms(&e, 10 * MINUTE), -10 * MINUTE);
	put(&e, EXAM_CHOOSE, 0, 10 * MINUTE);
	assert_int_equal(exam_pace_ms(&e, 10 * MINUTE), LIMIT / 6 - 10 * MINUTE);
	exam_clear(&e);
}

static void warnings(void **state)
{
	struct exam e;
	(void)state;
	begin(&e, 1);
	put(&e, EXAM_OPENED, 0, 0);
	assert_int_equal(exam_warning_due(&e, LIMIT - 30 * MINUTE - 1), -1);
	assert_int_equal(exam_warning_due(&e, LIMIT - 30 * MINUTE), 0);
	assert_true(put(&e, EXAM_WARNED, 30, LIMIT - 30 * MINUTE));
	assert_int_equal(exam_warning_due(&e, LIMIT - 29 * MINUTE), -1);
	assert_int_equal(exam_warning_due(&e, LIMIT - 5 * MINUTE), 1);
	assert_false(put(&e, EXAM_WARNED, 7, LIMIT - 5 * MINUTE));
	exam_clear(&e);
	begin(&e, 1); /* resumed late: only the last one */
	put(&e, EXAM_OPENED, 0, LIMIT - 4 * MINUTE);
	assert_int_equal(exam_warning_due(&e, LIMIT - 4 * MINUTE), 1);
	put(&e, EXAM_WARNED, 5, LIMIT - 4 * MINUTE);
	assert_int_equal(exam_warning_due(&e, LIMIT - MINUTE), -1);
	exam_clear(&e);
	begin(&e, 1); /* a short one has no half hour to warn of */
	e.limit_ms = 26 * MINUTE;
	put(&e, EXAM_OPENED, 0, 0);
	assert_int_equal(exam_warning_due(&e, 0), -1);
	assert_int_equal(exam_warning_due(&e, 21 * MINUTE), 1);
	exam_clear(&e);
}

static void assert_same(const struct exam *a, const struct exam *b)
{
	assert_int_equal(a->at, b->at);
	assert_int_equal(a->open_ms, b->open_ms);
	assert_int_equal(a->away_ms, b->away_ms);
	assert_int_equal(a->end, b->end);
	for (size_t i = 0; i < a->count; i++) {
		const struct exam_item *x = &a->items[i], *y = &b->items[i];
		assert_memory_equal(x->ask.chosen, y->ask.chosen, sizeof(x->ask.chosen));
		assert_memory_equal(x->ask.struck, y->ask.struck, sizeof(x->ask.struck));
		assert_memory_equal(x->ask.matched, y->ask.matched, sizeof(x->ask.matched));
		assert_memory_equal(x->ask.arranged, y->ask.arranged, sizeof(x->ask.arranged));
		assert_int_equal(x->flagged, y->flagged);
		assert_int_equal(x->sure, y->sure);
		assert_int_equal(x->spent_ms, y->spent_ms);
		assert_int_equal(x->was_right, y->was_right);
		assert_false(x->ask.shown);
	}
}

/* Any events: what is refused changes nothing, what was accepted replays to the same state, time
 * is conserved, and no answer is shown. */
static void any_events(void **state)
{
	(void)state;
	for (uint64_t seed = 0; seed < 500; seed++) {
		struct exam_event kept[400];
		size_t n = 0;
		struct rng rng = {seed};
		struct exam e, again;
		int64_t open_ms = 0, spent = 0;
		begin(&e, seed);
		begin(&again, seed);
		for (int i = 0; i < 400; i++) {
			open_ms += rng_below(&rng, 30000) - (int64_t)rng_below(&rng, 200);
			struct exam_event ev = {(enum exam_op)rng_below(&rng, EXAM_OP_COUNT + 2),
						(int64_t)rng_below(&rng, 300) - 3, open_ms, i};
			if (ev.op == EXAM_SUBMIT && i < 350)
				continue;
			if (exam_apply(&e, &ev))
				kept[n++] = ev;
		}
		for (size_t i = 0; i < n; i++)
			assert_true(exam_apply(&again, &kept[i]));
		assert_same(&e, &again);
		for (size_t i = 0; i < e.count; i++)
			spent += e.items[i].spent_ms;
		assert_int_equal(spent, e.open_ms);
		exam_clear(&e);
		exam_clear(&again);
	}
}

static void options_are_shuffled_by_seed_and_item(void **state)
{
	struct exam a, b, c;
	(void)state;
	begin(&a, 11);
	begin(&b, 11);
	begin(&c, 12);
	int differ = 0;
	for (size_t i = 0; i < COUNT; i++) {
		assert_memory_equal(a.items[i].ask.order, b.items[i].ask.order,
				    sizeof(a.items[i].ask.order));
		differ += memcmp(a.items[i].ask.order, c.items[i].ask.order,
				 sizeof(a.items[i].ask.order)) != 0;
	}
	assert_true(differ >= 3);
	exam_clear(&a);
	exam_clear(&b);
	exam_clear(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_short_exam),
		cmocka_unit_test(matching_and_ordering),
		cmocka_unit_test(the_clock_never_goes_back),
		cmocka_unit_test(time_away_is_counted_apart),
		cmocka_unit_test(walking),
		cmocka_unit_test(pace),
		cmocka_unit_test(warnings),
		cmocka_unit_test(any_events),
		cmocka_unit_test(options_are_shuffled_by_seed_and_item),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
