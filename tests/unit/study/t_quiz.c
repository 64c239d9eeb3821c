/* t_quiz.c -- practice quizzes: what is asked, the answer on disk before it is shown, grades by
 * sureness, undo, the time, the end. */
#include "study/quiz.h"
#include "tests/unit/study/examworld.h"
#include "tests/unit/study/fault.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

static int open_world(void **state)
{
	static struct world w;
	world_init(&w);
	world_config(&w, "fuzz: off\nexam: mini\n");
	exam_blueprint(&w);
	exam_deck(&w, "d", 12);
	world_deck(&w, "other",
		   "deck: other\ntitle: Other\nformat: 1\ncards:\n"
		   "- {id: basic, kind: basic, front: a, back: b}\n"
		   "- {id: typed, kind: typed, question: t, accept: [yes], show: \"yes\"}\n"
		   "- {id: tf, kind: truefalse, statement: s, answer: true, why: w}\n");
	world_open(&w);
	*state = &w;
	return 0;
}

static int close_world(void **state)
{
	world_clear(*state);
	return 0;
}

static const struct quiz_options all = {.limit = -1, .kind = CARD_KIND_COUNT};

static struct quiz *open_with(struct world *w, struct quiz_options o)
{
	struct quiz *q;
	struct diags d = {0};
	if (!quiz_open(&q, &w->study, &o, &d)) {
		diags_print(&d, stderr);
		fail_msg("no quiz");
	}
	diags_clear(&d);
	return q;
}

static struct review_card *current(struct quiz *q)
{
	struct review_card *c;
	assert_true(quiz_current(q, &c, NULL));
	return c;
}

/* Fill the ask of the question in front. */
static void fill(struct quiz *q, bool right)
{
	struct ask *a = &current(q)->ask;
	if (a->mode == ASK_TYPE) {
		ask_type(a, right ? "yes" : "no idea");
		return;
	}
	for (size_t i = 0, n = 0; i < a->count && n < (size_t)a->need; i++)
		if (ask_is_right(a, i) == right) {
			ask_choose(a, i);
			n++;
		}
}

static struct quiz_outcome answer(struct quiz *q, bool right, enum sureness sure)
{
	struct quiz_outcome out;
	fill(q, right);
	if (sure)
		quiz_sure(q, sure);
	assert_true(quiz_answer(q, &out, NULL));
	return out;
}

static size_t rows_in_effect(struct world *w)
{
	struct arena a = {0};
	struct store_log_row *rows;
	size_t n, counted = 0;
	assert_true(store_history(w->study.store, 0, 10000, &a, &rows, &n, NULL));
	for (size_t i = 0; i < n; i++)
		counted += !rows[i].undone && !rows[i].target;
	arena_clear(&a);
	return counted;
}

static void what_is_asked(void **state)
{
	struct world *w = *state;
	struct quiz_options o = all;
	struct quiz *q = open_with(w, o);
	assert_int_equal(quiz_progress(q).total, 14); /* all but the basic card */
	quiz_close(q, NULL);
	o.limit = 3;
	q = open_with(w, o);
	assert_int_equal(quiz_progress(q).total, 3);
	quiz_close(q, NULL);
	o.kind = CARD_TYPED;
	q = open_with(w, o);
	assert_int_equal(quiz_progress(q).total, 1);
	assert_string_equal(current(q)->item.card, "typed");
	quiz_close(q, NULL);
	o = all;
	o.query = "domain:2";
	q = open_with(w, o);
	assert_int_equal(quiz_progress(q).total, 6);
	quiz_close(q, NULL);
	o.query = "kind:basic";
	q = open_with(w, o);
	assert_null(current(q));
	quiz_close(q, NULL);
}

static void suspended_cards_are_asked_by_query_alone(void **state)
{
	struct world *w = *state;
	struct quiz_options o = all;
	struct review *r;
	struct review_card *c;
	struct review_options ro = {.query = "id:tf", .limit = -1, .new_limit = -1};
	assert_true(review_open(&r, &w->study, &ro, NULL) && review_current(r, &c, NULL) &&
		    review_do(r, SRS_OP_SUSPEND, 0, NULL));
	review_close(r, NULL);
	struct quiz *q = open_with(w, o);
	assert_int_equal(quiz_progress(q).total, 13);
	quiz_close(q, NULL);
	o.query = "id:tf";
	q = open_with(w, o);
	assert_int_equal(quiz_progress(q).total, 1);
	quiz_close(q, NULL);
}

static void order_of(struct quiz *q, char *out, size_t size)
{
	size_t n = 0;
	for (struct review_card *c; (c = current(q)) != NULL; quiz_next(q))
		n += (size_t)snprintf(out + n, size - n, "%s%d ", c->item.card, c->ask.order[0]);
}

static void the_same_seed_asks_the_same(void **state)
{
	struct world *w = *state;
	char first[512], second[512], third[512];
	struct quiz_options o = all;
	o.has_seed = true;
	o.seed = 5;
	struct quiz *q = open_with(w, o);
	order_of(q, first, sizeof(first));
	quiz_close(q, NULL);
	w->study.seed = 1234;
	q = open_with(w, o);
	order_of(q, second, sizeof(second));
	quiz_close(q, NULL);
	o.seed = 6;
	q = open_with(w, o);
	order_of(q, third, sizeof(third));
	quiz_close(q, NULL);
	assert_string_equal(first, second);
	assert_string_not_equal(first, third);
}

static void what_was_answered_today_comes_last(void **state)
{
	struct world *w = *state;
	struct quiz_options o = all;
	char seen[64];
	o.limit = 1;
	struct quiz *q = open_with(w, o);
	snprintf(seen, sizeof(seen), "%s", current(q)->item.card);
	answer(q, true, SURE_YES);
	quiz_close(q, NULL);
	o.limit = 13;
	q = open_with(w, o);
	for (struct review_card *c; (c = current(q)) != NULL; quiz_next(q))
		assert_string_not_equal(c->item.card, seen);
	quiz_close(q, NULL);
}

static void grades(void **state)
{
	static const struct {
		bool right;
		enum sureness sure;
		int grade;
	} table[] = {{true, SURE_YES, 3},  {true, SURE_UNSAID, 3},  {true, SURE_GUESS, 2},
		     {false, SURE_YES, 1}, {false, SURE_UNSAID, 1}, {false, SURE_GUESS, 1}};
	struct world *w = *state;
	struct quiz_options o = all;
	o.query = "deck:d";
	struct quiz *q = open_with(w, o);
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		struct quiz_outcome out = answer(q, table[i].right, table[i].sure);
		assert_int_equal(out.grade, table[i].grade);
		assert_int_equal(out.comes_back, table[i].grade < 3);
		assert_int_equal(rows_in_effect(w), i + 1);
		assert_true(current(q)->ask.shown);
		assert_non_null(out.next);
		quiz_next(q);
	}
	struct quiz_progress p = quiz_progress(q);
	assert_int_equal(p.right, 3);
	assert_int_equal(p.wrong, 3);
	assert_int_equal(p.sure_wrong, 1);
	assert_int_equal(p.unsure_right, 1);
	assert_int_equal(p.number, 7);
	quiz_close(q, NULL);
}

/* A card that was surely forgotten: hitting it is most likely luck. */
static void a_lucky_guess_is_no_memory(void **state)
{
	struct world *w = *state;
	struct quiz_options o = all;
	o.query = "id:tf";
	struct quiz *q = open_with(w, o);
	answer(q, false, SURE_UNSAID);
	quiz_close(q, NULL);
	world_wait(w, 4000 * DAY);
	q = open_with(w, o);
	assert_true(current(q)->recall < 0.3);
	assert_int_equal(answer(q, true, SURE_GUESS).grade, 1);
	quiz_close(q, NULL);
}

static void the_log_says_how_sure(void **state)
{
	struct world *w = *state;
	struct arena a = {0};
	struct store_log_row *rows;
	size_t n;
	struct quiz_options o = all;
	o.query = "id:tf";
	struct quiz *q = open_with(w, o);
	answer(q, true, SURE_GUESS);
	quiz_close(q, NULL);
	assert_true(store_history(w->study.store, 0, 10, &a, &rows, &n, NULL));
	assert_int_equal(n, 1);
	assert_string_equal(rows[0].screen, "quiz");
	assert_string_equal(rows[0].given, "{\"chosen\":[0],\"sure\":1}");
	arena_clear(&a);
}

static void sureness_toggles_until_the_answer(void **state)
{
	struct quiz *q = open_with(*state, all);
	current(q);
	quiz_sure(q, SURE_YES);
	quiz_sure(q, SURE_YES);
	assert_int_equal(quiz_sureness(q), SURE_UNSAID);
	quiz_sure(q, SURE_GUESS);
	quiz_sure(q, SURE_YES);
	assert_int_equal(quiz_sureness(q), SURE_YES);
	answer(q, false, SURE_UNSAID);
	quiz_sure(q, SURE_GUESS);
	assert_int_equal(quiz_sureness(q), SURE_YES);
	assert_int_equal(quiz_progress(q).sure_wrong, 1);
	quiz_next(q);
	assert_int_equal(quiz_sureness(q), SURE_UNSAID);
	quiz_close(q, NULL);
}

static void giving_up_counts_as_wrong(void **state)
{
	struct world *w = *state;
	struct quiz *q = open_with(w, all);
	struct quiz_outcome out;
	current(q);
	assert_true(quiz_reveal(q, &out, NULL));
	assert_int_equal(out.grade, 1);
	assert_true(current(q)->ask.shown);
	assert_int_equal(quiz_progress(q).wrong, 1);
	struct diags d = {0};
	assert_false(quiz_answer(q, &out, &d));
	assert_int_equal(rows_in_effect(w), 1);
	diags_clear(&d);
	quiz_close(q, NULL);
}

static void undo(void **state)
{
	struct world *w = *state;
	const char *what;
	char second[64];
	struct quiz *q = open_with(w, all);
	assert_true(quiz_undo(q, &what, NULL));
	assert_null(what);
	answer(q, false, SURE_YES);
	quiz_next(q);
	snprintf(second, sizeof(second), "%s", current(q)->item.card);
	answer(q, true, SURE_YES);
	quiz_next(q);
	assert_true(quiz_undo(q, &what, NULL));
	assert_non_null(strstr(what, second));
	assert_string_equal(current(q)->item.card, second);
	assert_false(current(q)->ask.shown);
	assert_int_equal(current(q)->item.state.reps, 0);
	assert_int_equal(quiz_progress(q).done, 1);
	assert_int_equal(rows_in_effect(w), 1);
	assert_int_equal(answer(q, true, SURE_YES).grade, 3);
	quiz_close(q, NULL);
	struct store_rebuilt r;
	assert_true(store_rebuild(w->study.store, true, &r, NULL));
	assert_int_equal(r.differed, 0);
}

static void time_is_up_after_the_question_in_front(void **state)
{
	struct world *w = *state;
	struct quiz_options o = all;
	o.minutes = 2;
	struct quiz *q = open_with(w, o);
	assert_int_equal(quiz_progress(q).left_ms, 2 * MINUTE);
	answer(q, true, SURE_YES);
	quiz_next(q);
	assert_non_null(current(q));
	world_wait(w, 3 * MINUTE);
	assert_true(quiz_progress(q).time_up);
	answer(q, true, SURE_YES);
	quiz_next(q);
	assert_null(current(q));
	assert_int_equal(quiz_progress(q).done, 2);
	quiz_close(q, NULL);
}

static void the_summary(void **state)
{
	struct world *w = *state;
	struct quiz *q = open_with(w, all);
	int of = 0, right = 0;
	for (int i = 0; current(q); i++) {
		answer(q, i % 3 != 0, i == 0 ? SURE_YES : SURE_UNSAID);
		quiz_next(q);
	}
	const struct quiz_summary *s = quiz_summary(q);
	assert_int_equal(s->progress.done, 14);
	assert_int_equal(s->missed_count, 5);
	assert_true(s->missed[0].sure && !s->missed[1].sure);
	assert_int_equal(s->come_back, 5);
	assert_int_equal(s->topic_count, 3);
	assert_string_equal(s->topics[0].domain, "Building");
	assert_string_equal(s->topics[1].domain, "Guarding");
	assert_string_equal(s->topics[2].domain, "Other");
	for (size_t i = 0; i < s->topic_count; i++) {
		of += s->topics[i].of;
		right += s->topics[i].right;
	}
	assert_int_equal(of, 14);
	assert_int_equal(right, 9);
	quiz_close(q, NULL);
}

static void weakest_first(void **state)
{
	struct world *w = *state;
	struct quiz_options o = all;
	o.query = "domain:1";
	struct quiz *q = open_with(w, o); /* all of one domain wrong */
	while (current(q)) {
		answer(q, false, SURE_UNSAID);
		quiz_next(q);
	}
	quiz_close(q, NULL);
	exam_deck(w, "e", 4);
	world_open(w);
	o.query = "deck:e"; /* never seen: those of the weak domain come first */
	o.weakest = true;
	q = open_with(w, o);
	for (int i = 0; i < 4; i++, quiz_next(q)) {
		int number = current(q)->item.card[1] - '0';
		assert_int_equal(number % 2, i / 2);
	}
	quiz_close(q, NULL);
}

/* An answer that could not be kept is not shown, and can be given again. */
static void a_failed_write_shows_nothing(void **state)
{
	struct world *w = *state;
	struct quiz *q = open_with(w, all);
	struct quiz_outcome out;
	struct diags d = {0};
	int failed = 0;
	fill(q, true);
	for (int step = 1;; step++) {
		fault_after(w->study.store, step);
		bool ok = quiz_answer(q, &out, &d);
		fault_after(w->study.store, 0);
		if (ok)
			break;
		failed++;
		assert_true(d.errors > 0);
		assert_false(current(q)->ask.shown);
		assert_int_equal(quiz_progress(q).done, 0);
		assert_int_equal(rows_in_effect(w), 0);
		diags_clear(&d);
	}
	assert_true(failed >= 3);
	assert_int_equal(rows_in_effect(w), 1);
	quiz_close(q, NULL);
}

static void why_there_is_nothing_to_ask(void **state)
{
	struct world *w = *state;
	struct arena a = {0};
	struct quiz_options o = all;
	o.query = "tag:topic-9";
	assert_non_null(strstr(quiz_none(&w->study, &o, &a), "did you mean"));
	o.query = "kind:basic";
	assert_non_null(strstr(quiz_none(&w->study, &o, &a), "kind:basic"));
	o.query = NULL;
	o.kind = CARD_CLOZE;
	assert_non_null(strstr(quiz_none(&w->study, &o, &a), "cannot be graded"));
	arena_clear(&a);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, open_world, close_world)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_is_asked),
		TEST(suspended_cards_are_asked_by_query_alone),
		TEST(the_same_seed_asks_the_same),
		TEST(what_was_answered_today_comes_last),
		TEST(grades),
		TEST(a_lucky_guess_is_no_memory),
		TEST(the_log_says_how_sure),
		TEST(sureness_toggles_until_the_answer),
		TEST(giving_up_counts_as_wrong),
		TEST(undo),
		TEST(time_is_up_after_the_question_in_front),
		TEST(the_summary),
		TEST(weakest_first),
		TEST(a_failed_write_shows_nothing),
		TEST(why_there_is_nothing_to_ask),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
