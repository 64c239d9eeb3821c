/* t_stats.c -- figures: a streak longer than the days that are counted, one that today has not
 * reached yet, and one that was broken. */
#include "study/stats.h"
#include "tests/unit/study/world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char deck[] =
	"deck: t\ntitle: Test\nformat: 1\nsources:\n"
	"  s: {title: A, url: \"https://example.org/\", checked: 2026-11-01}\ncards:\n"
	"- {id: a, kind: basic, front: a, back: b, source: s}\n";

static int open_world(void **state)
{
	static struct world w;
	world_init(&w);
	world_deck(&w, "t", deck);
	world_open(&w);
	*state = &w;
	return 0;
}

static int close_world(void **state)
{
	world_clear(*state);
	return 0;
}

/* One answer of 10 s a day, for so many days; then the clock stands after the last. */
static void study_for(struct world *w, int days, int grade)
{
	int64_t preset;
	assert_true(store_preset(w->study.store, &w->study.config.preset, &preset, NULL));
	for (int i = 0; i < days; i++) {
		struct store_answer a = {
			.part_id = 1,
			.event = {.op = SRS_OP_ANSWER, .arg = grade, .at = w->now},
			.took_ms = 10000,
			.screen = "review",
		};
		assert_true(store_log(w->study.store, &a, preset, NULL, NULL, NULL));
		world_wait(w, DAY);
	}
}

static struct stats read_stats(struct world *w)
{
	struct stats st;
	assert_true(stats_read(&st, &w->study, NULL, NULL));
	return st;
}

static void a_streak_may_be_longer_than_what_is_counted(void **state)
{
	struct world *w = *state;
	static const int days[] = {1, 28, 29, 30, 31, 119, 120, 121, 500};
	int before = 0;
	for (size_t i = 0; i < ARRAY_LEN(days); i++) {
		study_for(w, days[i] - before, 3);
		before = days[i];
		assert_int_equal(read_stats(w).streak_d, days[i]);
	}
	/* today has none yet, so 29 days of the last 30 do */
	struct stats st = read_stats(w);
	assert_int_equal(st.answers, STATS_DAYS - 1);
	assert_int_equal(st.day[STATS_DAYS - 1].answers, 0);
	assert_int_equal(st.day[STATS_DAYS - 2].answers, 1);
	assert_int_equal(st.per_answer_ms, 10000);
}

static void a_day_without_answers_ends_it(void **state)
{
	struct world *w = *state;
	study_for(w, 5, 3);
	world_wait(w, DAY);
	assert_int_equal(read_stats(w).streak_d, 0);
	study_for(w, 2, 1);
	struct stats st = read_stats(w);
	assert_int_equal(st.streak_d, 2);
	assert_int_equal(st.answers, 7);
	assert_int_equal(st.right, 5);
}

static void minutes_follow_the_learners_pace(void **state)
{
	struct world *w = *state;
	struct stats st = read_stats(w);
	assert_int_equal(stats_minutes(&st, 0), 0);
	assert_int_equal(stats_minutes(&st, 1), 1);
	assert_int_equal(stats_minutes(&st, 20), 5);
	study_for(w, 1, 3);
	st = read_stats(w);
	assert_int_equal(stats_minutes(&st, 60), 10);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, open_world, close_world)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_streak_may_be_longer_than_what_is_counted),
		TEST(a_day_without_answers_ends_it),
		TEST(minutes_follow_the_learners_pace),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
