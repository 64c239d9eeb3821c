/* t_ask.c -- asking and grading: every kind, answers as keys and as lines. */
#include "tests/unit/quiz/cards.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* Position at which option i of the card is shown. */
static size_t shown_at(const struct ask *q, int card_index)
{
	for (size_t i = 0; i < MAX_OPTIONS; i++)
		if (q->order[i] == card_index)
			return i;
	fail_msg("index %d is shown nowhere", card_index);
	return 0;
}

static void assert_given(const struct ask *q, const char *want)
{
	char *given = ask_given(q);

	assert_string_equal(given, want);
	free(given);
}

static void choice_is_graded_by_the_key(void **state)
{
	struct ask q;

	(void)state;
	for (int pick = 0; pick < 4; pick++) {
		ask_init(&q, &choice_card, &whole, 7);
		assert_int_equal(q.mode, ASK_ONE);
		assert_int_equal(q.count, 4);
		assert_false(ask_complete(&q));
		ask_choose(&q, shown_at(&q, pick));
		assert_true(ask_complete(&q));
		assert_int_equal(ask_submit(&q), pick == 0 ? VERDICT_RIGHT : VERDICT_WRONG);
		assert_int_equal(ask_grade(&q), pick == 0 ? 3 : 1);
		ask_clear(&q);
	}
}

static void one_choice_replaces_and_toggles(void **state)
{
	struct ask q;

	(void)state;
	ask_init(&q, &choice_card, &whole, 7);
	ask_choose(&q, 1);
	ask_choose(&q, 2);
	assert_false(q.chosen[1]);
	assert_true(q.chosen[2]);
	ask_choose(&q, 2);
	assert_false(q.chosen[2]);
	ask_choose(&q, 99);
	assert_false(ask_complete(&q));
	ask_clear(&q);
}

static void striking_and_choosing_exclude_each_other(void **state)
{
	struct ask q;

	(void)state;
	ask_init(&q, &choice_card, &whole, 7);
	ask_choose(&q, 1);
	ask_strike(&q, 1);
	assert_true(q.struck[1]);
	assert_false(q.chosen[1]);
	ask_choose(&q, 1);
	assert_false(q.struck[1]);
	assert_true(q.chosen[1]);
	ask_strike(&q, 0);
	ask_strike(&q, 0);
	assert_false(q.struck[0]);
	ask_clear(&q);
}

static void some_takes_exactly_the_number_asked(void **state)
{
	struct ask q;

	(void)state;
	ask_init(&q, &some_card, &whole, 3);
	assert_int_equal(q.mode, ASK_SOME);
	assert_int_equal(q.need, 2);
	ask_choose(&q, shown_at(&q, 0));
	assert_false(ask_complete(&q));
	ask_choose(&q, shown_at(&q, 2));
	ask_strike(&q, shown_at(&q, 4));
	ask_choose(&q, shown_at(&q, 4));
	assert_false(q.chosen[shown_at(&q, 4)]);
	assert_true(q.struck[shown_at(&q, 4)]);
	assert_int_equal(ask_submit(&q), VERDICT_RIGHT);
	assert_given(&q, "{\"chosen\":[0,2]}");
	ask_clear(&q);
}

static void some_is_all_or_nothing(void **state)
{
	struct ask q;

	(void)state;
	ask_init(&q, &some_card, &whole, 3);
	ask_choose(&q, shown_at(&q, 0));
	assert_int_equal(ask_submit(&q), VERDICT_WRONG);
	ask_clear(&q);
	ask_init(&q, &some_card, &whole, 3);
	ask_choose(&q, shown_at(&q, 0));
	ask_choose(&q, shown_at(&q, 1));
	assert_int_equal(ask_submit(&q), VERDICT_WRONG);
	ask_clear(&q);
}

static void nothing_changes_once_shown(void **state)
{
	struct ask q;
	const char *why;

	(void)state;
	ask_init(&q, &choice_card, &whole, 7);
	ask_reveal(&q);
	ask_choose(&q, 0);
	ask_strike(&q, 1);
	assert_false(q.chosen[0] || q.struck[1]);
	assert_false(ask_parse(&q, "a", &why));
	assert_int_equal(ask_submit(&q), VERDICT_NONE);
	assert_int_equal(ask_grade(&q), 1);
	assert_given(&q, "");
	ask_clear(&q);
}

static void a_verdict_stands(void **state)
{
	struct ask q;

	(void)state;
	ask_init(&q, &choice_card, &whole, 7);
	ask_choose(&q, shown_at(&q, 0));
	assert_int_equal(ask_submit(&q), VERDICT_RIGHT);
	ask_reveal(&q);
	assert_int_equal(ask_submit(&q), VERDICT_RIGHT);
	ask_clear(&q);
}

static void truth_is_never_shuffled(void **state)
{
	struct ask q;

	(void)state;
	for (uint64_t seed = 0; seed < 100; seed++) {
		ask_init(&q, &truth_card, &whole, seed);
		assert_string_equal(ask_text(&q, 0), "True");
		assert_string_equal(ask_text(&q, 1), "False");
		assert_false(ask_is_right(&q, 0));
		assert_true(ask_is_right(&q, 1));
		assert_null(ask_why(&q, 0));
		ask_clear(&q);
	}
	ask_init(&q, &truth_card, &whole, 1);
	ask_choose(&q, 1);
	assert_int_equal(ask_submit(&q), VERDICT_RIGHT);
	assert_given(&q, "{\"chosen\":[1]}");
	ask_clear(&q);
}

static void equal_rights_are_one(void **state)
{
	struct ask q;

	(void)state;
	ask_init(&q, &match_card, &whole, 5);
	assert_int_equal(q.mode, ASK_MATCH);
	assert_int_equal(q.count, 3);
	assert_int_equal(q.right_count, 3);
	for (size_t i = 0; i < 3; i++)
		for (size_t j = i + 1; j < 3; j++)
			assert_string_not_equal(q.rights[i], q.rights[j]);
	ask_clear(&q);
}

static void match_all(struct ask *q, const char *const *rights)
{
	for (size_t left = 0; left < q->count; left++)
		for (size_t r = 0; r < q->right_count; r++)
			if (str_eq(q->rights[r], rights[left]))
				ask_match(q, left, (int)r);
}

static void matching_is_graded_as_a_whole(void **state)
{
	static const char *const right[] = {"client", "client", "either"};
	static const char *const wrong[] = {"client", "client", "nobody"};
	struct ask q;

	(void)state;
	ask_init(&q, &match_card, &whole, 5);
	match_all(&q, right);
	assert_true(ask_complete(&q));
	assert_given(&q, "{\"matched\":[0,0,2]}");
	ask_match(&q, 1, -1);
	assert_false(ask_complete(&q));
	assert_given(&q, "{\"matched\":[0,null,2]}");
	match_all(&q, right);
	assert_int_equal(ask_submit(&q), VERDICT_RIGHT);
	ask_clear(&q);

	ask_init(&q, &match_card, &whole, 6);
	match_all(&q, wrong);
	assert_int_equal(ask_submit(&q), VERDICT_WRONG);
	assert_true(ask_is_right(&q, 1));
	assert_false(ask_is_right(&q, 2));
	assert_string_equal(ask_right_text(&q, 2), "either");
	assert_given(&q, "{\"matched\":[0,0,3]}");
	ask_clear(&q);
}

/* Put every item where it belongs, as a learner would: the first, then the second, ... */
static void solve(struct ask *q)
{
	for (size_t place = 0; place < q->count; place++)
		for (size_t i = place; i < q->count; i++)
			if (q->arranged[i] == (int)place)
				ask_move(q, i, place);
}

static void ordering_moves_items(void **state)
{
	struct ask q;
	int before[MAX_OPTIONS];

	(void)state;
	ask_init(&q, &order_card, &whole, 11);
	assert_given(&q, "");
	memcpy(before, q.arranged, sizeof(before));
	ask_move(&q, 0, 3);
	assert_int_equal(q.arranged[3], before[0]);
	assert_int_equal(q.arranged[0], before[1]);
	ask_move(&q, 3, 0);
	assert_memory_equal(q.arranged, before, sizeof(before));
	solve(&q);
	assert_string_equal(ask_text(&q, 0), "connect");
	assert_true(ask_is_right(&q, 3));
	assert_int_equal(ask_submit(&q), VERDICT_RIGHT);
	assert_given(&q, "{\"arranged\":[0,1,2,3]}");
	ask_clear(&q);
}

static void an_untouched_order_submitted_is_an_answer(void **state)
{
	struct ask q;
	char *given;

	(void)state;
	ask_init(&q, &order_card, &whole, 11);
	assert_true(ask_complete(&q));
	assert_int_equal(ask_submit(&q), VERDICT_WRONG);
	given = ask_given(&q);
	assert_true(str_starts(given, "{\"arranged\":["));
	free(given);
	ask_clear(&q);
}

static void recall_is_judged_by_the_learner(void **state)
{
	struct ask q;

	(void)state;
	ask_init(&q, &recall_card, &whole, 1);
	assert_int_equal(q.mode, ASK_RECALL);
	assert_true(ask_complete(&q));
	assert_int_equal(ask_submit(&q), VERDICT_NONE);
	assert_int_equal(ask_grade(&q), 3);
	assert_given(&q, "");
	ask_clear(&q);
}

/* Typed answers. */

static const struct {
	const char *typed;
	enum verdict want;
} typed_answers[] = {
	{"10 minutes", VERDICT_RIGHT},
	{"  10 MINUTES\t", VERDICT_RIGHT},
	{"ten min", VERDICT_RIGHT},
	{"600s", VERDICT_RIGHT},
	{"10  minutes", VERDICT_RIGHT},
	{"10 mintues", VERDICT_ALMOST},
	{"10 minuts", VERDICT_ALMOST},
	{"10 minutess", VERDICT_ALMOST},
	{"10 minates", VERDICT_ALMOST},
	{"12 minutes", VERDICT_WRONG},
	{"100 minutes", VERDICT_WRONG},
	{"1 minutes", VERDICT_WRONG},
	{"01 minutes", VERDICT_WRONG},
	{"10 hours", VERDICT_WRONG},
	{"about 10 minutes", VERDICT_WRONG},
	{"10 minutes or so", VERDICT_WRONG},
	{"", VERDICT_WRONG},
	{"   ", VERDICT_WRONG},
	{"\xff\xfe", VERDICT_WRONG},
	{"10 min\xc3", VERDICT_WRONG},
};

static void typed_answers_are_graded(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(typed_answers); i++) {
		enum verdict v = grade_typed(&typed_card, typed_answers[i].typed);

		if (v != typed_answers[i].want)
			fail_msg("\"%s\": verdict %d", typed_answers[i].typed, v);
	}
}

static enum verdict grade_with(const char *pattern, const char *show, const char *typed)
{
	const char *accept[] = {pattern};
	struct card c = {.kind = CARD_TYPED, .typed = {.accept = accept, .count = 1, .show = show}};

	return grade_typed(&c, typed);
}

static void digits_and_short_words_have_no_almost(void **state)
{
	(void)state;
	assert_int_equal(grade_with("30 s", "30 s", "29 s"), VERDICT_WRONG);
	assert_int_equal(grade_with("30 seconds", "30 seconds", "20 seconds"), VERDICT_WRONG);
	assert_int_equal(grade_with("30 seconds", "30 seconds", "3 seconds"), VERDICT_WRONG);
	assert_int_equal(grade_with("30 seconds", "30 seconds", "30 second"), VERDICT_ALMOST);
	assert_int_equal(grade_with("PUTS", "PUTS", "PUT"), VERDICT_WRONG);
	assert_int_equal(grade_with("PATCH", "PATCH", "PACTH"), VERDICT_ALMOST);
	assert_int_equal(grade_with("caf\u00e9s", "caf\u00e9s", "cafes"), VERDICT_ALMOST);
}

static void the_model_answer_is_always_right(void **state)
{
	(void)state;
	assert_int_equal(grade_with("nothing", "GoneException", "goneexception"), VERDICT_RIGHT);
	assert_int_equal(grade_with("nothing", "`$connect` route", "$connect route"),
			 VERDICT_RIGHT);
	assert_int_equal(grade_with("nothing", "`$connect` route", "$conect route"),
			 VERDICT_ALMOST);
}

static void a_pattern_over_its_limit_matches_nothing(void **state)
{
	char text[2001];

	(void)state;
	memset(text, 'a', sizeof(text) - 2);
	text[sizeof(text) - 2] = '!';
	text[sizeof(text) - 1] = '\0';
	assert_int_equal(grade_with("(a+)+(a+)+b", "aaaaab", text), VERDICT_WRONG);
	assert_int_equal(grade_with("(", "other", "other"), VERDICT_RIGHT);
	assert_int_equal(grade_with("(", "other", "another"), VERDICT_WRONG);
}

static void typing_is_bounded(void **state)
{
	struct ask q;
	char text[1200];

	(void)state;
	memset(text, 'x', sizeof(text));
	memcpy(text + 998, "\xe2\x82\xac", 3);
	text[sizeof(text) - 1] = '\0';
	ask_init(&q, &typed_card, &whole, 1);
	assert_int_equal(q.mode, ASK_TYPE);
	assert_false(ask_complete(&q));
	ask_type(&q, " \t ");
	assert_false(ask_complete(&q));
	ask_type(&q, text);
	assert_int_equal(q.typed.len, 998);
	ask_type(&q, "say \"ten\"");
	assert_true(ask_complete(&q));
	assert_int_equal(ask_submit(&q), VERDICT_WRONG);
	assert_given(&q, "{\"typed\":\"say \\\"ten\\\"\"}");
	ask_clear(&q);
}

static void clearing_nothing_is_fine(void **state)
{
	struct ask q = {0};

	(void)state;
	ask_clear(&q);
	assert_null(q.card);
}

/* Answers as lines. Letters and numbers are positions as shown, so the wanted bits are too. */

struct line_case {
	const struct card *card;
	const char *line;
	int want; /* bits of chosen positions; -1 refused */
};
static const struct line_case choice_lines[] = {
	{&choice_card, "b", 2},
	{&choice_card, " B) ", 2},
	{&choice_card, "2", 2},
	{&choice_card, "d.", 8},
	{&choice_card, "e", -1},
	{&choice_card, "5", -1},
	{&choice_card, "0", -1},
	{&choice_card, "a b", -1},
	{&choice_card, "", -1},
	{&choice_card, "10 minutes", -1},
	{&choice_card, "\xc3\xa1", -1},
	{&some_card, "a,c", 5},
	{&some_card, "A C", 5},
	{&some_card, "ac", 5},
	{&some_card, "a and c", 5},
	{&some_card, "1 & 3", 5},
	{&some_card, "13", 5},
	{&some_card, "a", -1},
	{&some_card, "a a", -1},
	{&some_card, "abc", -1},
	{&some_card, "a f", -1},
	{&some_card, "all", -1},
	{&some_card, "(b) (e)", 18},
	{&truth_card, "true", 1},
	{&truth_card, " False.", 2},
	{&truth_card, "T", 1},
	{&truth_card, "f", 2},
	{&truth_card, "yes", 1},
	{&truth_card, "n", 2},
	{&truth_card, "1", 1},
	{&truth_card, "b", 2},
	{&truth_card, "maybe", -1},
	{&truth_card, "true false", -1},
	{&truth_card, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", -1},
};

static int chosen_bits(const struct ask *q)
{
	int bits = 0;

	for (size_t i = 0; i < q->count; i++)
		bits |= q->chosen[i] << i;
	return bits;
}

static void lines_choose_options(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(choice_lines); i++) {
		const struct line_case *c = &choice_lines[i];
		struct ask q;
		const char *why = NULL;

		ask_init(&q, c->card, &whole, 3);
		ask_choose(&q, 0);
		bool taken = ask_parse(&q, c->line, &why);

		if (taken != (c->want >= 0) || chosen_bits(&q) != (taken ? c->want : 1))
			fail_msg("\"%s\": taken %d, chosen %d", c->line, taken, chosen_bits(&q));
		if (!taken)
			assert_true(why && *why);
		ask_clear(&q);
	}
}

static const struct {
	const char *line;
	int want[3]; /* -2 first: refused */
} match_lines[] = {
	{"1b 2a 3c", {1, 0, 2}},
	{"1=b, 2=b, 3=b", {1, 1, 1}},
	{"b a c", {1, 0, 2}},
	{"bac", {1, 0, 2}},
	{"2c", {-1, 2, -1}},
	{"1b2a3c", {1, 0, 2}},
	{"3-A; 1-C", {2, -1, 0}},
	{"1d 2a 3c", {-2}},
	{"4a", {-2}},
	{"1a 1b", {-2}},
	{"a b", {-2}},
	{"1 2 3", {-2}},
	{"", {-2}},
	{"1", {-2}},
	{"b1", {-2}},
};

static void lines_match_pairs(void **state)
{
	static const int none[] = {-1, -1, -1};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(match_lines); i++) {
		bool refused = match_lines[i].want[0] == -2;
		struct ask q;
		const char *why = NULL;

		ask_init(&q, &match_card, &whole, 3);
		if (ask_parse(&q, match_lines[i].line, &why) == refused)
			fail_msg("\"%s\"", match_lines[i].line);
		assert_memory_equal(q.matched, refused ? none : match_lines[i].want, sizeof(none));
		ask_clear(&q);
	}
}

static void lines_put_items_in_order(void **state)
{
	static const char *const good[] = {"3 1 4 2", "c a d b", "cadb", "3142", "3, 1, 4, 2"};
	static const char *const bad[] = {"3 1 4",     "3 1 4 4", "5 1 2 3",
					  "1 2 3 4 1", "",        "x y z w"};
	static const size_t want[] = {2, 0, 3, 1};
	struct ask q;
	const char *why;
	int before[MAX_OPTIONS];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(good); i++) {
		ask_init(&q, &order_card, &whole, 3);
		assert_true(ask_parse(&q, good[i], &why));
		for (size_t place = 0; place < 4; place++)
			assert_int_equal(q.arranged[place], q.order[want[place]]);
		ask_clear(&q);
	}
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		ask_init(&q, &order_card, &whole, 3);
		memcpy(before, q.arranged, sizeof(before));
		assert_false(ask_parse(&q, bad[i], &why));
		assert_memory_equal(q.arranged, before, sizeof(before));
		ask_clear(&q);
	}
}

static void lines_are_typed_answers(void **state)
{
	struct ask q;
	const char *why;

	(void)state;
	ask_init(&q, &typed_card, &whole, 3);
	assert_false(ask_parse(&q, "  ", &why));
	assert_true(ask_parse(&q, "ten minutes", &why));
	assert_int_equal(ask_submit(&q), VERDICT_RIGHT);
	ask_clear(&q);
	ask_init(&q, &recall_card, &whole, 3);
	assert_false(ask_parse(&q, "b", &why));
	ask_clear(&q);
}

/* Shuffling, over many seeds. */

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(choice_is_graded_by_the_key),
		cmocka_unit_test(one_choice_replaces_and_toggles),
		cmocka_unit_test(striking_and_choosing_exclude_each_other),
		cmocka_unit_test(some_takes_exactly_the_number_asked),
		cmocka_unit_test(some_is_all_or_nothing),
		cmocka_unit_test(nothing_changes_once_shown),
		cmocka_unit_test(a_verdict_stands),
		cmocka_unit_test(truth_is_never_shuffled),
		cmocka_unit_test(equal_rights_are_one),
		cmocka_unit_test(matching_is_graded_as_a_whole),
		cmocka_unit_test(ordering_moves_items),
		cmocka_unit_test(an_untouched_order_submitted_is_an_answer),
		cmocka_unit_test(recall_is_judged_by_the_learner),
		cmocka_unit_test(typed_answers_are_graded),
		cmocka_unit_test(digits_and_short_words_have_no_almost),
		cmocka_unit_test(the_model_answer_is_always_right),
		cmocka_unit_test(a_pattern_over_its_limit_matches_nothing),
		cmocka_unit_test(typing_is_bounded),
		cmocka_unit_test(clearing_nothing_is_fine),
		cmocka_unit_test(lines_choose_options),
		cmocka_unit_test(lines_match_pairs),
		cmocka_unit_test(lines_put_items_in_order),
		cmocka_unit_test(lines_are_typed_answers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
