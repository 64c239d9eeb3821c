/* t_queue.c -- which card comes next: places of learning, review and new cards, limits, siblings,
 * interleaving, and what undo, bury and waiting do to the order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/random.h"
#include "srs/queue.h"

#include <stdlib.h>
#include <string.h>

#define NOW INT64_C(1700000000000)
#define MIN_MS INT64_C(60000)

static const struct queue_options no_limits = {
	.new_limit = -1, .review_limit = -1, .learn_ahead_ms = 20 * MIN_MS, .seed = 1};

static struct queue_entry review(int64_t part, uint64_t group, double recall)
{
	return (struct queue_entry){.part_id = part,
				    .card_id = part,
				    .group = group,
				    .state = SRS_REVIEW,
				    .by_day = true,
				    .recall = recall};
}

static struct queue_entry fresh(int64_t part, int64_t position)
{
	return (struct queue_entry){
		.part_id = part, .card_id = part, .state = SRS_NEW, .position = position};
}

static struct queue_entry learning(int64_t part, int64_t due_ms)
{
	return (struct queue_entry){
		.part_id = part, .card_id = part, .state = SRS_LEARN, .due_ms = due_ms};
}

/* Show the next card and answer it as a review that is done for today; its part, 0: nothing. */
static int64_t take(struct queue *q, int64_t now_ms)
{
	const struct queue_entry *e = queue_next(q, now_ms);
	if (!e)
		return 0;
	assert_ptr_equal(queue_next(q, now_ms + 1), e); /* stays */
	struct queue_entry done = *e;
	done.state = SRS_REVIEW;
	done.by_day = true;
	queue_done(q, &done);
	return done.part_id;
}

/* All parts in order; how many. */
static size_t drain(struct queue *q, int64_t *parts, size_t max)
{
	size_t n = 0;
	for (int64_t part; n < max && (part = take(q, NOW)); n++)
		parts[n] = part;
	assert_null(queue_next(q, NOW));
	struct queue_counts c = queue_counts(q);
	assert_int_equal(c.fresh + c.learning + c.review, 0);
	return n;
}

static void expect_order(const struct queue_entry *entries, size_t n, const struct queue_options *o,
			 const int64_t *want, size_t want_n)
{
	int64_t got[64];
	struct queue *q = queue_new(entries, n, o);
	assert_int_equal(drain(q, got, 64), want_n);
	for (size_t i = 0; i < want_n; i++)
		assert_int_equal(got[i], want[i]);
	queue_free(q);
}

static void test_empty(void **state)
{
	(void)state;
	struct queue *q = queue_new(NULL, 0, &no_limits);
	assert_null(queue_next(q, NOW));
	assert_int_equal(queue_wait_ms(q, NOW), -1);
	queue_drop(q, 5);
	queue_free(q);
	queue_free(NULL);
}

static void test_lowest_recall_first(void **state)
{
	(void)state;
	struct queue_entry e[] = {review(1, 7, 0.9), review(2, 7, 0.5), review(3, 7, 0.95),
				  review(4, 7, 0.7)};
	static const int64_t want[] = {2, 4, 1, 3};
	expect_order(e, 4, &no_limits, want, 4);
}

static void test_new_cards_spread(void **state)
{
	(void)state;
	struct queue_entry e[9];
	for (int i = 0; i < 6; i++)
		e[i] = review(i + 1, 7, 0.1 * i);
	for (int i = 0; i < 3; i++)
		e[6 + i] = fresh(30 - i, 30 - i); /* given in reverse, shown by position */
	static const int64_t want[] = {1, 28, 2, 3, 29, 4, 5, 30, 6};
	expect_order(e, 9, &no_limits, want, 9);
	static const int64_t mostly_new[] = {28, 1, 29, 30};
	e[5] = review(1, 7, 0);
	expect_order(e + 5, 4, &no_limits, mostly_new, 4);
}

static void test_limits(void **state)
{
	(void)state;
	struct queue_entry e[] = {review(1, 7, 0.9),    review(2, 7, 0.5), review(3, 7, 0.95),
				  fresh(10, 2),         fresh(11, 1),      learning(20, NOW),
				  learning(21, NOW - 1)};
	struct queue_options o = no_limits;
	o.review_limit = 2;
	o.new_limit = 1;
	static const int64_t want[] = {21, 20, 2, 11, 1};
	expect_order(e, ARRAY_LEN(e), &o, want, 5);
	o.review_limit = o.new_limit = 0;
	expect_order(e, ARRAY_LEN(e), &o, want, 2);
}

static void test_learning_comes_when_due(void **state)
{
	(void)state;
	struct queue_entry e[] = {review(1, 7, 0.1), review(2, 7, 0.2),
				  learning(3, NOW + 5 * MIN_MS), learning(4, NOW + 30 * MIN_MS)};
	struct queue *q = queue_new(e, 4, &no_limits);
	assert_int_equal(take(q, NOW), 1);
	assert_int_equal(take(q, NOW + 5 * MIN_MS),
			 3); /* before the reviews once its step is over */
	assert_int_equal(take(q, NOW + 6 * MIN_MS), 2);
	assert_int_equal(queue_wait_ms(q, NOW + 6 * MIN_MS),
			 4 * MIN_MS); /* 24 minutes less learn-ahead */
	assert_null(queue_next(q, NOW + 9 * MIN_MS));
	assert_int_equal(queue_wait_ms(q, NOW + 10 * MIN_MS), 0);
	assert_int_equal(take(q, NOW + 10 * MIN_MS), 4);
	assert_int_equal(queue_wait_ms(q, NOW + 10 * MIN_MS), -1);
	queue_free(q);
}

static void test_steps_by_day_come_first(void **state)
{
	(void)state;
	struct queue_entry e[] = {review(1, 7, 0.1), learning(2, NOW - 9 * MIN_MS), learning(3, 0)};
	e[2].by_day = true;
	static const int64_t want[] = {3, 2, 1};
	expect_order(e, 3, &no_limits, want, 3);
}

static void test_answer_keeps_learning_cards(void **state)
{
	(void)state;
	struct queue_entry e[] = {fresh(1, 1), fresh(2, 2)};
	struct queue *q = queue_new(e, 2, &no_limits);
	struct queue_entry now = *queue_next(q, NOW);
	assert_int_equal(now.part_id, 1);
	now.state = SRS_LEARN;
	now.due_ms = NOW + MIN_MS;
	queue_done(q, &now);
	struct queue_counts c = queue_counts(q);
	assert_true(c.fresh == 1 && c.learning == 1 && c.review == 0);
	assert_int_equal(queue_next(q, NOW)->part_id, 2);
	assert_int_equal(queue_next(q, NOW + MIN_MS)->part_id, 2); /* the current card stays */
	assert_int_equal(take(q, NOW), 2);
	now = *queue_next(q, NOW); /* nothing else: learn ahead */
	assert_int_equal(now.part_id, 1);
	now.by_day = true; /* a step into tomorrow leaves */
	queue_done(q, &now);
	assert_int_equal(queue_wait_ms(q, NOW), -1);
	queue_free(q);
}

static void test_siblings(void **state)
{
	(void)state;
	struct queue_entry e[] = {review(1, 7, 0.9), review(2, 7, 0.2), fresh(3, 1),
				  fresh(4, 2),       fresh(5, 3),       learning(6, NOW),
				  review(7, 7, 0.1)};
	struct queue_options o = no_limits;
	e[0].card_id = e[1].card_id = e[2].card_id = 100; /* two reviews and a new one */
	e[3].card_id = e[4].card_id = 200;
	e[5].card_id = e[6].card_id = 300; /* learning and review */
	o.bury_siblings = true;
	static const int64_t want[] = {6, 2, 4};
	expect_order(e, ARRAY_LEN(e), &o, want, 3);
	o.review_limit = o.new_limit = 1; /* limits count what is shown */
	expect_order(e, ARRAY_LEN(e), &o, want, 3);
	o = no_limits;
	int64_t all[8];
	struct queue *q = queue_new(e, ARRAY_LEN(e), &o);
	assert_int_equal(drain(q, all, 8), 7);
	queue_free(q);
}

static void test_answer_buries_siblings(void **state)
{
	(void)state;
	struct queue_options o = no_limits;
	o.bury_siblings = true;
	struct queue_entry e[] = {review(1, 7, 0.1), review(2, 8, 0.2)}, back = review(9, 7, 0.3),
			   step = learning(8, NOW + MIN_MS);
	struct queue *q = queue_new(e, 2, &o);
	back.card_id = step.card_id = 1;
	queue_return(q, &back); /* an undone answer of a sibling */
	queue_return(q, &step);
	assert_int_equal(take(q, NOW), 8);
	assert_int_equal(take(q, NOW), 2); /* 1 and 9 are siblings of 8 */
	assert_null(queue_next(q, NOW));
	queue_done(q, &step); /* in learning again */
	queue_return(q, &back);
	assert_int_equal(take(q, NOW), 9);
	assert_int_equal(take(q, NOW + MIN_MS), 8); /* learning goes on, sibling or not */
	queue_free(q);
}

static void test_drop_and_return(void **state)
{
	(void)state;
	struct queue_entry e[] = {review(1, 7, 0.1), review(2, 7, 0.2), review(3, 7, 0.3)};
	struct queue *q = queue_new(e, 3, &no_limits);
	assert_int_equal(queue_next(q, NOW)->part_id, 1);
	queue_drop(q, 1);
	queue_drop(q, 77);
	assert_int_equal(queue_counts(q).review, 2);
	assert_int_equal(take(q, NOW), 2);
	assert_int_equal(queue_next(q, NOW)->part_id, 3);
	queue_return(q, &e[1]); /* undo: 2 again, then the one that was on the screen */
	assert_int_equal(queue_counts(q).review, 2);
	assert_int_equal(queue_next(q, NOW)->part_id, 2);
	queue_return(q, &e[0]);
	assert_int_equal(queue_counts(q).review, 3);
	int64_t got[4];
	assert_int_equal(drain(q, got, 4), 3);
	assert_true(got[0] == 1 && got[1] == 2 && got[2] == 3);
	queue_free(q);
}

static void test_return_in_another_state(void **state)
{
	(void)state;
	struct queue_entry e[] = {fresh(1, 1), fresh(2, 2)};
	struct queue *q = queue_new(e, 2, &no_limits);
	struct queue_entry now = *queue_next(q, NOW);
	now.state = SRS_LEARN;
	now.due_ms = NOW + MIN_MS;
	queue_done(q, &now);
	queue_return(q, &e[0]);
	struct queue_counts c = queue_counts(q);
	assert_true(c.fresh == 2 && c.learning == 0);
	assert_int_equal(queue_wait_ms(q, NOW), 0);
	assert_int_equal(take(q, NOW), 1);
	queue_done(q, &now); /* answered elsewhere, not on the screen: redo */
	c = queue_counts(q);
	assert_true(c.fresh == 1 && c.learning == 1);
	queue_free(q);
}

static void test_cram(void **state)
{
	(void)state;
	struct queue_entry e[20];
	struct queue_options o = no_limits;
	int64_t first[32], again[32], other[32];
	o.all = o.bury_siblings = true;
	o.new_limit = o.review_limit = 0;
	for (int i = 0; i < 20; i++) {
		e[i] = i % 3 == 0   ? fresh(i + 1, i)
		       : i % 3 == 1 ? learning(i + 1, NOW + 90 * MIN_MS)
				    : review(i + 1, 7, 0.5);
		e[i].card_id = i / 2;
	}
	struct queue *q = queue_new(e, 20, &o);
	assert_int_equal(drain(q, first, 32), 20);
	queue_free(q);
	for (int i = 0; i < 10; i++) { /* the order of the candidates plays no part */
		struct queue_entry swap = e[i];
		e[i] = e[19 - i];
		e[19 - i] = swap;
	}
	q = queue_new(e, 20, &o);
	assert_int_equal(drain(q, again, 32), 20);
	queue_free(q);
	o.seed = 2;
	q = queue_new(e, 20, &o);
	assert_int_equal(drain(q, other, 32), 20);
	queue_free(q);
	assert_memory_equal(first, again, 20 * sizeof(*first));
	assert_memory_not_equal(first, other, 20 * sizeof(*first));
}

/* Interleaving */

/* The groups of n reviews in the order they are shown; checks recall within each group. */
static void shown_groups(const struct queue_entry *e, size_t n, uint64_t seed, uint64_t *groups)
{
	struct queue_options o = no_limits;
	double last[64] = {0};
	o.seed = seed;
	struct queue *q = queue_new(e, n, &o);
	for (size_t i = 0; i < n; i++) {
		struct queue_entry now = *queue_next(q, NOW);
		assert_true(now.recall >= last[now.group]);
		last[now.group] = now.recall;
		groups[i] = now.group;
		queue_done(q, &now);
	}
	assert_null(queue_next(q, NOW));
	queue_free(q);
}

static size_t equal_neighbours(const uint64_t *groups, size_t n)
{
	size_t equal = 0;
	for (size_t i = 1; i < n; i++)
		equal += groups[i] == groups[i - 1];
	return equal;
}

static void test_neighbours_differ_when_they_can(void **state)
{
	(void)state;
	struct rng r = {3};
	for (int run = 0; run < 3000; run++) {
		struct queue_entry e[60];
		uint64_t shown[60];
		size_t count[64] = {0}, n = rng_below(&r, 60) + 1, largest = 0;
		uint32_t kinds = 1 + rng_below(&r, 12);
		for (size_t i = 0; i < n; i++) {
			uint32_t group = rng_below(&r, 1 + rng_below(&r, kinds));
			e[i] = review((int64_t)i + 1, group, rng_unit(&r));
			largest = ++count[group] > largest ? count[group] : largest;
		}
		shown_groups(e, n, rng_next(&r), shown);
		size_t must = largest > n - largest + 1 ? largest - (n - largest + 1) : 0;
		if (must == 0)
			assert_int_equal(equal_neighbours(shown, n), 0);
		else
			assert_true(equal_neighbours(shown, n) >= must);
	}
}

static void test_even_spread(void **state)
{
	(void)state; /* 40 of one group among 200: in each fifth about a fifth of it */
	struct queue_entry e[200];
	uint64_t shown[200];
	struct rng r = {9};
	for (int i = 0; i < 200; i++)
		e[i] = review(i + 1, i < 40 ? 1 : 2 + (uint64_t)i % 5, rng_unit(&r));
	shown_groups(e, 200, 5, shown);
	for (int part = 0; part < 5; part++) {
		int seen = 0;
		for (int i = 0; i < 40; i++)
			seen += shown[part * 40 + i] == 1;
		assert_in_range(seen, 7, 9);
	}
}

static void test_large_group_stays_spread(void **state)
{
	(void)state; /* 30 of one group and 6 others: the others come one by one, not all at the
			start */
	struct queue_entry e[36];
	uint64_t shown[36];
	for (int i = 0; i < 36; i++)
		e[i] = review(i + 1, i < 30 ? 1 : 2, 0.5);
	shown_groups(e, 36, 5, shown);
	for (int i = 0; i < 6; i++) {
		int others = 0;
		for (int k = 0; k < 6; k++)
			others += shown[i * 6 + k] == 2;
		assert_int_equal(others, 1);
	}
}

static void test_random_use(void **state)
{
	(void)state; /* whatever is done, counts agree with what can still be shown */
	struct rng r = {11};
	for (int run = 0; run < 300; run++) {
		struct queue_entry e[30];
		struct queue_options o = no_limits;
		int64_t now = NOW, got[64];
		for (int i = 0; i < 30; i++) {
			e[i] = i % 3 == 0   ? fresh(i + 1, i)
			       : i % 3 == 1 ? learning(i + 1, NOW + i * MIN_MS)
					    : review(i + 1, rng_below(&r, 4), rng_unit(&r));
			e[i].card_id = i / 2;
		}
		o.bury_siblings = run % 2;
		struct queue *q = queue_new(e, rng_below(&r, 31), &o);
		for (int step = 0; step < 60; step++) {
			const struct queue_entry *shown = queue_next(q, now += MIN_MS / 2);
			struct queue_entry done = shown ? *shown : e[rng_below(&r, 30)];
			switch (rng_below(&r, 4)) {
			case 0:
				queue_drop(q, e[rng_below(&r, 30)].part_id);
				break;
			case 1:
				queue_return(q, &e[rng_below(&r, 30)]);
				break;
			default:
				done.state = rng_below(&r, 2) ? SRS_REVIEW : SRS_RELEARN;
				done.by_day = done.state == SRS_REVIEW;
				done.due_ms = now + MIN_MS;
				queue_done(q, &done);
			}
		}
		struct queue_counts c = queue_counts(q);
		size_t left = 0;
		o = no_limits;
		while (left < 64 && (got[left] = take(q, now + 1000 * MIN_MS)))
			left++;
		assert_true(run % 2 ? left <= (size_t)(c.fresh + c.learning + c.review)
				    : left == (size_t)(c.fresh + c.learning + c.review));
		c = queue_counts(q);
		assert_true(c.fresh == 0 && c.learning == 0 && c.review == 0);
		queue_free(q);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_lowest_recall_first),
		cmocka_unit_test(test_new_cards_spread),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_learning_comes_when_due),
		cmocka_unit_test(test_steps_by_day_come_first),
		cmocka_unit_test(test_answer_keeps_learning_cards),
		cmocka_unit_test(test_siblings),
		cmocka_unit_test(test_answer_buries_siblings),
		cmocka_unit_test(test_drop_and_return),
		cmocka_unit_test(test_return_in_another_state),
		cmocka_unit_test(test_cram),
		cmocka_unit_test(test_neighbours_differ_when_they_can),
		cmocka_unit_test(test_even_spread),
		cmocka_unit_test(test_large_group_stays_spread),
		cmocka_unit_test(test_random_use),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
