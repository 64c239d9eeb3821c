/* t_lint.c -- lint where goldens are too coarse: how many cards a bias needs and how strong it must
 * be, duplicates across decks, what counts as prose, the words that name options. */
#include "base/clock.h"
#include "deck/lint.h"
#include "deck/lintrule.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char head[] = "deck: %s\n"
			   "title: A deck\n"
			   "format: 1\n"
			   "exam: {dva-c02: \"1.1\"}\n"
			   "tags: [a]\n"
			   "sources:\n"
			   "  doc: {title: Page, url: \"https://a.example\", checked: 2026-11-20}\n"
			   "cards:\n";

static void read_deck(struct deck *deck, const char *file, const struct str *source)
{
	struct diags d = {0};

	if (!deck_read(deck, file, str_c(source), source->len, &d))
		fail_msg("%s:\n%s", diags_first(&d), str_c(source));
	diags_clear(&d);
}

static bool lint_all(const struct deck *const *decks, size_t n, struct diags *d)
{
	struct lint_options o = {.max_age_d = 180};

	assert_true(date_parse("2026-11-20", &o.today));
	return lint_decks(decks, n, &o, d);
}

/* How often a rule fires for the cards, which are YAML for the list of cards. */
static size_t fired(const char *code, const struct str *cards)
{
	struct str source = {0};
	struct diags d = {0};
	struct deck deck;
	size_t n = 0;

	str_addf(&source, head, "test");
	str_addn(&source, str_c(cards), cards->len);
	read_deck(&deck, "test.yaml", &source);
	const struct deck *decks[] = {&deck};

	lint_all(decks, 1, &d);
	for (size_t i = 0; i < d.count; i++)
		n += str_eq(d.items[i].code, code);
	diags_clear(&d);
	deck_clear(&deck);
	str_clear(&source);
	return n;
}

/* A choice with the key at place key of n options; as long as the others, or longer. */
static void add_choice(struct str *cards, int id, int n, int key, bool longest)
{
	str_addf(cards, "- id: c%d\n  kind: choice\n  question: Question %d?\n  options:\n", id,
		 id);
	for (int i = 0; i < n; i++)
		str_addf(cards, "  - {text: option %d%s, why: so%s}\n", i,
			 i == key && longest ? " more" : "", i == key ? ", right: true" : "");
	str_add(cards, "  source: doc\n");
}

static size_t longest_fired(int cards, int longest)
{
	struct str s = {0};

	for (int i = 0; i < cards; i++)
		add_choice(&s, i, 4, i % 4, i < longest);
	size_t n = fired("lint-longest-right", &s);

	str_clear(&s);
	return n;
}

/* Of n cards with four options chance gives a quarter, and the limit is 45 percent. */
static void the_longest_option_may_be_right_sometimes(void **state)
{
	(void)state;
	assert_int_equal(longest_fired(8, 3), 0);
	assert_int_equal(longest_fired(8, 4), 1);
	assert_int_equal(longest_fired(7, 7), 0); /* too few to tell */
	assert_int_equal(longest_fired(20, 9), 0);
	assert_int_equal(longest_fired(20, 10), 1);
}

static size_t position_fired(int cards, int first)
{
	struct str s = {0};

	for (int i = 0; i < cards; i++)
		add_choice(&s, i, 4, i < first ? 2 : (i % 2 ? 0 : i % 4 ? 1 : 3), false);
	size_t n = fired("lint-position", &s);

	str_clear(&s);
	return n;
}

static void a_position_may_hold_its_share(void **state)
{
	(void)state;
	assert_int_equal(position_fired(12, 5), 0);
	assert_int_equal(position_fired(12, 6), 1);
	assert_int_equal(position_fired(11, 11), 0); /* too few to tell */
}

static size_t truths_fired(int cards, int trues)
{
	struct str s = {0};

	for (int i = 0; i < cards; i++)
		str_addf(&s,
			 "- id: t%d\n  kind: truefalse\n  statement: Number %d.\n  answer: %s\n"
			 "  why: so\n  source: doc\n",
			 i, i, i < trues ? "true" : "false");
	size_t n = fired("lint-truefalse-balance", &s);

	str_clear(&s);
	return n;
}

static void truth_may_lean_a_little(void **state)
{
	(void)state;
	assert_int_equal(truths_fired(10, 7), 0);
	assert_int_equal(truths_fired(10, 8), 1);
	assert_int_equal(truths_fired(10, 2), 1);
	assert_int_equal(truths_fired(7, 7), 0);
}

static void duplicates_are_found_across_decks(void **state)
{
	static const char card[] = "- id: one\n  kind: basic\n  front: Who speaks  first?\n"
				   "  back: The client.\n  source: doc\n";
	struct deck a, b;
	struct str source = {0};
	struct diags d = {0};

	(void)state;
	str_addf(&source, head, "first");
	str_add(&source, card);
	read_deck(&a, "a.yaml", &source);
	str_reset(&source);
	str_addf(&source, head, "second");
	str_add(&source, card);
	read_deck(&b, "b.yaml", &source);
	const struct deck *decks[] = {&a, &b};

	assert_true(lint_all(decks, 2, &d));
	assert_int_equal(d.count, 1);
	assert_string_equal(d.items[0].code, "lint-duplicate");
	assert_string_equal(d.items[0].pos.file, "b.yaml");
	assert_non_null(strstr(d.items[0].text, "\"first/one\" at a.yaml:9"));
	diags_clear(&d);
	deck_clear(&a);
	deck_clear(&b);
	str_clear(&source);
}

static void only_errors_fail(void **state)
{
	struct str cards = {0};

	(void)state;
	str_add(&cards, "- id: one\n  kind: basic\n  front: a\n  back: b\n");
	assert_int_equal(fired("lint-no-source", &cards), 1);
	str_reset(&cards);
	str_add(&cards,
		"- id: one\n  kind: basic\n  front: \"\\e[1m\"\n  back: b\n  source: doc\n");
	assert_int_equal(fired("lint-control", &cards), 1);
	str_clear(&cards);
}

static const struct {
	const char *md, *prose;
} proses[] = {
	{"no code", "no code"},
	{"a `b` c", "a     c"},
	{"a ``b ` c`` d", "a           d"},
	{"a \\`b` c", "a \\`b` c"},
	{"a `b c", "a `b c"},
	{"a `b\n\nc` d", "a `b\n\nc` d"},
	{"a `b\nc` d", "a   \n   d"},
	{"```\nx\n```\ny", "   \n \n   \ny"},
	{"~~~ x\n`\n~~~~\ny", "     \n \n    \ny"},
	{"````\n```\nx\n````\ny", "    \n   \n \n    \ny"},
	{"```\nnever closed", "   \n            "},
	{"```x``` y", "        y"},
	{"- a\n  ```\n  x\n  ```\n", "- a\n     \n   \n     \n"},
	{"a\n    not code", "a\n    not code"},
	{"a\n\n    code\n\tcode\nb", "a\n\n        \n     \nb"},
};

static void prose_is_what_is_not_code(void **state)
{
	struct arena a = {0};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(proses); i++)
		assert_string_equal(lint_prose(&a, proses[i].md), proses[i].prose);
	arena_clear(&a);
}

/* Texts that name options, and texts that only look so. */
static const char *const naming[] = {
	"Option A fails.",          "unlike option (B)",
	"Options B and C miss it.", "Answer D, of course.",
	"the first option",         "The last two answers",
	"see the answers above",    "Both A and B are limits.",
	"option 3 is slower",       "The correct answer is choice C.",
};
static const char *const not_naming[] = {
	"An option a client has.",
	"Answer a request in time.",
	"the answer A-record lookups give",
	"A first choice for chats.",
	"options 2.5 GB apart",
	"It optioned A.",
	"Either side may speak.",
	"`option A` in code",
	"The second request is refused.",
	"Choices are cached.",
};

static size_t order_fired(const char *why)
{
	struct str s = {0};

	str_addf(&s,
		 "- id: one\n  kind: choice\n  question: q\n  source: doc\n  why: \"%s\"\n"
		 "  options:\n  - {text: x, right: true, why: so}\n  - {text: y, why: so}\n",
		 why);
	size_t n = fired("lint-option-order-words", &s);

	str_clear(&s);
	return n;
}

static void words_that_name_options_are_known(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(naming); i++)
		if (order_fired(naming[i]) != 1)
			fail_msg("\"%s\" names an option", naming[i]);
	for (size_t i = 0; i < ARRAY_LEN(not_naming); i++)
		if (order_fired(not_naming[i]) != 0)
			fail_msg("\"%s\" names no option", not_naming[i]);
}

/* Texts as long as a card may have, made of what is slow to scan. */
static void hostile_texts_are_linted(void **state)
{
	static const char *const units[] = {"`",  "` `` ", "<", "<a ", "~~~\n",
					    "\\", "√",     "â", "ðŸ"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(units); i++) {
		struct str s = {0};

		str_add(&s, "- id: one\n  kind: basic\n  back: b\n  source: doc\n  front: |\n    "
			    "x\n    ");
		while (s.len < MAX_CARD_TEXT - 200) {
			str_add(&s, units[i]);
			if (strchr(units[i], '\n'))
				str_add(&s, "    ");
		}
		str_addc(&s, '\n');
		assert_int_equal(fired("lint-no-source", &s), 0);
		str_clear(&s);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_longest_option_may_be_right_sometimes),
		cmocka_unit_test(a_position_may_hold_its_share),
		cmocka_unit_test(truth_may_lean_a_little),
		cmocka_unit_test(duplicates_are_found_across_decks),
		cmocka_unit_test(only_errors_fail),
		cmocka_unit_test(prose_is_what_is_not_code),
		cmocka_unit_test(words_that_name_options_are_known),
		cmocka_unit_test(hostile_texts_are_linted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
