/* t_guess.c -- what guessing scores over all choices: how picks are counted, how specific a text
 * is, and when a share is too far off. */
#include "base/clock.h"
#include "deck/lintrule.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void assert_near(double got, double want)
{
	if (fabs(got - want) > 1e-9)
		fail_msg("%g, expected %g", got, want);
}

/* Decks in the making. */
struct source_text {
	struct str text;
	int cards;
};

static void begin(struct source_text *s, const char *slug)
{
	*s = (struct source_text){0};
	str_addf(&s->text,
		 "deck: %s\ntitle: Deck\nformat: 1\nexam: {dva-c03: \"2.1\"}\ntags: [a]\n"
		 "sources:\n  doc: {title: P, url: \"https://a.example\", checked: 2026-11-20}\n"
		 "cards:\n",
		 slug);
}

/* Options as "text|text|*right text". */
static void add(struct source_text *s, const char *options)
{
	int rights = 0;
	for (const char *p = options; *p; p++)
		rights += *p == '*';
	str_addf(&s->text, "- id: c%d\n  kind: choice\n  question: Q %d?\n", s->cards, s->cards);
	if (rights > 1)
		str_addf(&s->text, "  choose: %d\n", rights);
	str_add(&s->text, "  source: doc\n  options:\n");
	for (const char *p = options; *p;) {
		size_t n = strcspn(p, "|");
		bool right = *p == '*';
		str_addf(&s->text, "  - {why: So., %stext: \"%.*s\"}\n",
			 right ? "right: true, " : "", (int)(n - right), p + right);
		p += n + (p[n] == '|');
	}
	s->cards++;
}

static void end(struct source_text *s, struct deck *deck)
{
	struct diags d = {0};
	if (!deck_read(deck, "guess.yaml", str_c(&s->text), s->text.len, &d))
		fail_msg("%s\n%s", diags_first(&d), str_c(&s->text));
	str_clear(&s->text);
}

static struct lint_figures measure(const char *options)
{
	struct source_text s;
	struct deck deck;
	struct lint_figures f;
	begin(&s, "one");
	add(&s, options);
	end(&s, &deck);
	const struct deck *decks[] = {&deck};
	lint_measure(decks, 1, &f);
	deck_clear(&deck);
	return f;
}

static void test_longest(void **state)
{
	(void)state;
	assert_near(measure("aa|*bbbb|cc|dd").longest.hits, 1);
	assert_near(measure("aa|*bb|ccc|dd").longest.hits, 0);
	/* Two of the same length share the pick. */
	assert_near(measure("aa|*bbbb|cccc|dd").longest.hits, 0.5);
	assert_near(measure("aa|*bb|cc|dd").longest.hits, 0.25);
	assert_near(measure("aa|*bb|cc|dd").longest.chance, 0.25);
	/* Lengths are signs that are seen, not bytes. */
	assert_near(measure("aaa|*\u2026\u2026|bb|c").longest.hits, 0);
}

static void test_longest_of_more(void **state)
{
	(void)state;
	assert_near(measure("*aaaa|*bbb|cc|dd|e").longest.hits, 1);
	assert_near(measure("*aaaa|*b|cc|dd|e").longest.hits, 0.5);
	assert_near(measure("*a|*b|cc|dd|ee").longest.hits, 0);
	/* The second pick falls on one of three of the same length, of which one is right. */
	assert_near(measure("*aaaa|*bb|cc|dd|e").longest.hits, (1 + 1.0 / 3) / 2);
	assert_near(measure("*aaaa|*bb|cc|dd|e").longest.chance, 0.4);
	assert_int_equal(measure("*aaaa|*bb|cc|dd|e").multiple, 1);
}

static size_t specifics(const char *text)
{
	struct arena a = {0};
	size_t n = lint_specifics(&a, text);
	arena_clear(&a);
	return n;
}

static void test_specifics(void **state)
{
	(void)state;
	assert_int_equal(specifics("Plain words"), 0);
	assert_int_equal(specifics("plain Word"), 1);
	assert_int_equal(specifics("API Gateway"), 2);
	assert_int_equal(specifics("DynamoDB"), 1);
	assert_int_equal(specifics("It ends. Then it begins."), 0);
	assert_int_equal(specifics("Is it? Yes! No."), 0);
	assert_int_equal(specifics("after 29 seconds"), 1);
	assert_int_equal(specifics("10,000 or 0.25"), 2);
	assert_int_equal(specifics("29 Seconds"), 2);
	assert_int_equal(specifics("Send `X-Api-Key` with 2"), 2);
	assert_int_equal(specifics("``a ` b`` and `C`"), 2);
	assert_int_equal(specifics("a user's VPC's link"), 1);
	assert_int_equal(specifics(""), 0);
}

static void test_most_specific(void **state)
{
	(void)state;
	assert_near(measure("long plain words|*An API|c|d").specific.hits, 1);
	assert_near(measure("a 5|*b|c|d").specific.hits, 0);
	assert_near(measure("a|*b|c|d").specific.hits, 0.25);
}

static void test_places(void **state)
{
	struct lint_figures f = measure("a|*b|*c|d|e");
	(void)state;
	assert_int_equal(f.more[5].choices, 1);
	assert_int_equal(f.more[5].rights, 2);
	assert_int_equal(f.more[5].right[1], 1);
	assert_int_equal(f.more[5].right[2], 1);
	assert_int_equal(f.single[5].choices, 0);
	f = measure("a|b|*c");
	assert_int_equal(f.single[3].right[2], 1);
}

static void test_tolerance(void **state)
{
	(void)state;
	assert_near(lint_tolerance(200), 5);
	assert_near(lint_tolerance(1000), 5);
	assert_near(lint_tolerance(50), 10);
	assert_true(lint_tolerance(199) > 5 && lint_tolerance(199) < 5.1);
}

/* How often a rule fires over two decks of n choices together, of which the first `longest` have a
 * right option that is longer than the others, and the rest one that is shorter. */
static int fires(const char *code, int n, int longest)
{
	struct source_text s[2];
	struct deck deck[2];
	struct diags d = {0};
	struct lint_options o = {.max_age_d = 180};
	int count = 0;
	assert_true(date_parse("2026-11-20", &o.today));
	begin(&s[0], "first");
	begin(&s[1], "second");
	for (int i = 0; i < n; i++) {
		char text[128];
		const char *right = i < longest ? "longer" : "no";
		snprintf(text, sizeof(text), "%s%s %d|%s%s %d|%s%s %d|%s%s %d", i % 4 ? "" : "*",
			 i % 4 ? "aaa" : right, i, i % 4 == 1 ? "*" : "",
			 i % 4 == 1 ? right : "bbb", i, i % 4 == 2 ? "*" : "",
			 i % 4 == 2 ? right : "ccc", i, i % 4 == 3 ? "*" : "",
			 i % 4 == 3 ? right : "ddd", i);
		add(&s[i % 2], text);
	}
	end(&s[0], &deck[0]);
	end(&s[1], &deck[1]);
	const struct deck *decks[] = {&deck[0], &deck[1]};
	lint_decks(decks, 2, &o, &d);
	for (size_t i = 0; i < d.count; i++)
		count += str_eq(d.items[i].code, code);
	deck_clear(&deck[0]);
	deck_clear(&deck[1]);
	diags_clear(&d);
	return count;
}

static void test_run(void **state)
{
	static const char code[] = "lint-guess-longest";
	(void)state;
	assert_int_equal(fires(code, 40, 10), 0);
	assert_int_equal(fires(code, 39, 39), 0); /* too few */
	assert_int_equal(fires(code, 40, 14), 0); /* 35 %, 11.2 points are allowed */
	assert_int_equal(fires(code, 40, 15), 1); /* 37.5 % */
	assert_int_equal(fires(code, 40, 6), 0);
	assert_int_equal(fires(code, 40, 5), 1); /* 12.5 %: never the longest is a guess too */
	assert_int_equal(fires(code, 200, 60), 0);
	assert_int_equal(fires(code, 200, 61), 1);
	assert_int_equal(fires(code, 200, 40), 0);
	assert_int_equal(fires(code, 200, 39), 1);
	assert_int_equal(fires("lint-guess-position", 200, 50), 0);
	assert_int_equal(fires("lint-guess-specific", 200, 50), 0);
	assert_int_equal(fires("lint-reused-option", 200, 50), 0);
}

static void test_figures_text(void **state)
{
	struct source_text s;
	struct deck deck;
	struct blueprints list;
	struct diags d = {0};
	struct str out = {0};
	(void)state;
	assert_true(blueprints_read(&list, "data/exams", &d));
	const struct blueprint *exams[] = {blueprint_find(&list, "dva-c03")};
	struct lint_options o = {.exams = exams, .exam_count = 1};
	begin(&s, "figures");
	add(&s, "aa|*bbbb|cc|dd");
	add(&s, "*aa|bbbb|cc|dd");
	end(&s, &deck);
	const struct deck *decks[] = {&deck};
	lint_figures_text(&out, decks, 1, &o);
	assert_string_equal(
		str_c(&out),
		"1 deck, 2 cards, 2 choices, 0 of them of more than one\n"
		"longest option: right 50.0 %, chance 25.0 %\n"
		"most specific option: right 25.0 %, chance 25.0 %\n"
		"choices of one among 4 (2): A 50.0 %, B 50.0 %, C 0.0 %, D 0.0 %\n"
		"DVA-C03, 2 choices: domain 1 0.0 % (weight 30), domain 2 100.0 % (weight 26), "
		"domain 3 0.0 % (weight 22), domain 4 0.0 % (weight 22)\n");
	deck_clear(&deck);
	blueprints_clear(&list);
	str_clear(&out);
	diags_clear(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_longest),   cmocka_unit_test(test_longest_of_more),
		cmocka_unit_test(test_specifics), cmocka_unit_test(test_most_specific),
		cmocka_unit_test(test_places),    cmocka_unit_test(test_tolerance),
		cmocka_unit_test(test_run),       cmocka_unit_test(test_figures_text),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
