/* t_mdstyle.c -- Markdown: styles of runs, the words alone, and the edges: empty, hostile, too
 * long, too deep. */
#include "base/markdown.h"
#include "markdown_check.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* ---- styles ---- */

/* Runs as "{letters:text}", plain ones bare, lines ended by newlines. */
static void add_styled(struct str *out, const struct md_layout *m)
{
	static const char letters[] = "secxhlrb"; /* of bits 1, 2, 4 ... */

	for (size_t i = 0; i < m->count; i++) {
		for (size_t k = 0; k < m->lines[i].count; k++) {
			const struct md_run *run = &m->lines[i].runs[k];
			if (run->style)
				str_addc(out, '{');
			for (size_t bit = 0; bit < 8; bit++) {
				if (run->style & (1u << bit))
					str_addc(out, letters[bit]);
			}
			str_addf(out, run->style ? ":%s}" : "%s", run->text);
		}
		str_addc(out, '\n');
	}
}

static const struct {
	const char *name;
	int width;
	const char *source, *want;
} styles[] = {
	{"emphasis", 80, "a *b* **c** ***d*** `e` ~~f~~ [g](#h)",
	 "a {e:b} {s:c} {se:d} {c:e} {x:f} {l:g}\n"},
	{"emphasis across lines", 10, "**one two three** four", "{s:one two}\n{s:three} four\n"},
	{"nested", 80, "**a *b `c` d* e**", "{s:a }{se:b }{sec:c}{se: d}{s: e}\n"},
	{"intraword marks", 80, "snake_case_name 2*3*4 a**b**c",
	 "snake_case_name 2{e:3}4 a{s:b}c\n"},
	{"heading", 80, "# a *b*\nc", "{h:a }{eh:b}\n\nc\n"},
	{"list", 80, "- *a*\n  1. b\n- [x] c", "{r:• }{e:a}\n  1. b\n[x] c\n"},
	{"quote", 80, "> a\n>\n> > b", "{r:│ }a\n{r:│}\n{r:│ │ }b\n"},
	{"code", 12, "    abcdefg hijk\n", "  {c:abcdefg}\n{r:…} {c:hijk}\n"},
	{"rule", 10, "***", "{r:──────────}\n"},
	{"table", 80, "|a|b|\n|---|---:|\n|`c`|**d** e|",
	 "{s:a}    {s:b}\n{r:──────}\n{c:c}  {s:d} e\n"},
	{"record", 16, "| |bbbbbbbb|cccccccc|\n|---|---|---|\n|a|*d*|`e`|",
	 "{s:a}\n{s:bbbbbbbb: }{e:d}\n{s:cccccccc: }{c:e}\n"},
	{"link target", 80, "[a](http://b.example)", "{l:a} {lr:<http://b.example>}\n"},
	{"blank", 80, "a " MD_BLANK_ON "[...]" MD_BLANK_OFF " b", "a {b:[...]} b\n"},
	{"blank in emphasis", 80, "**a " MD_BLANK_ON "b" MD_BLANK_OFF "**.", "{s:a }{sb:b}.\n"},
	{"emphasis in blank", 80, MD_BLANK_ON "a **b** `c`" MD_BLANK_OFF "d",
	 "{b:a }{sb:b}{b: }{cb:c}d\n"},
	{"blank in code", 80, "`a " MD_BLANK_ON "b" MD_BLANK_OFF " c`", "{c:a }{cb:b}{c: c}\n"},
	{"blank in a code block", 80, "```\na: " MD_BLANK_ON "b" MD_BLANK_OFF "\nc\n```",
	 "  {c:a: }{cb:b}\n  {c:c}\n"},
	{"blank in a table", 80, "|a|\n|---|\n|" MD_BLANK_ON "b" MD_BLANK_OFF "|",
	 "{s:a}\n{r:─}\n{b:b}\n"},
	{"blank over lines", 10, MD_BLANK_ON "one two three" MD_BLANK_OFF " x",
	 "{b:one two}\n{b:three} x\n"},
	{"blank over paragraphs", 80, MD_BLANK_ON "a\n\nb" MD_BLANK_OFF " c", "{b:a}\n\n{b:b} c\n"},
	{"blank of underscores", 80, MD_BLANK_ON "____" MD_BLANK_OFF, "{b:____}\n"},
	{"blank without end", 80, "a" MD_BLANK_ON "b", "a{b:b}\n"},
	{"blank without begin", 80, "a" MD_BLANK_OFF "b", "ab\n"},
	{"blank of nothing", 80, MD_BLANK_ON MD_BLANK_OFF, ""},
};

static void test_styles(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(styles); i++) {
		struct md_layout m = {0};
		struct str got = {0};
		md_layout(&m, styles[i].source, styles[i].width, false);
		check_layout(&m, false);
		add_styled(&got, &m);
		assert_string_equal(str_c(&got), styles[i].want);
		str_clear(&got);
		md_layout_clear(&m);
	}
}

/* ---- words ---- */

static void test_words(void **state)
{
	static const struct {
		const char *source, *want;
	} rows[] = {
		{"", ""},
		{"# A *b*\n\nc\nd\\\ne", "A b c d e"},
		{"- a\n- [ ] `b  c`\n\n1. d", "a b c d"},
		{"[text](https://a.example) ![alt](b.png) <https://c.example>",
		 "text alt https://c.example"},
		{"|a|b|\n|---|---|\n|c||\n\n---\n\n> d", "a b c d"},
		{"```json\n{\n  \"a\": 1\n}\n```", "{ \"a\": 1 }"},
		{"a " MD_BLANK_ON "[...]" MD_BLANK_OFF " \x1b[1m &amp;",
		 "a [...] \xef\xbf\xbd[1m &"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct str out = {0};
		md_words(&out, rows[i].source);
		assert_string_equal(str_c(&out), rows[i].want);
		str_clear(&out);
	}
}

static void test_words_append(void **state)
{
	struct str out = {0};

	(void)state;
	str_add(&out, "x:");
	md_words(&out, "a");
	md_words(&out, "b");
	assert_string_equal(str_c(&out), "x:ab");
	str_clear(&out);
}

/* ---- edges ---- */

static void test_empty(void **state)
{
	static const char *const sources[] = {
		"",          " ",      "\n\n",
		"#",         ">",      "```\n```",
		"&#32;",     "[a]: b", "| |\n|---|\n| |",
		MD_BLANK_ON,
	};
	struct md_layout m = {0};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(sources); i++) {
		md_layout(&m, sources[i], 80, false);
		assert_int_equal(m.count, 0);
		assert_int_equal(m.width, 80);
	}
	md_layout(&m, NULL, 80, false);
	assert_int_equal(m.count, 0);
	md_layout_clear(&m);
	md_layout_clear(&m);
}

static void test_layout_is_replaced(void **state)
{
	struct md_layout m = {0};

	(void)state;
	md_layout(&m, "one\n\ntwo", 80, false);
	assert_int_equal(m.count, 3);
	md_layout(&m, "three", 40, false);
	assert_int_equal(m.count, 1);
	assert_int_equal(m.width, 40);
	assert_string_equal(m.lines[0].runs[0].text, "three");
	md_layout_clear(&m);
}

/* A source of times * piece between a head and a tail. */
static char *repeated(const char *head, const char *piece, size_t times, const char *tail)
{
	struct str s = {0};

	str_add(&s, head);
	while (times--)
		str_add(&s, piece);
	str_add(&s, tail);
	return str_take(&s);
}

static void test_hostile(void **state)
{
	static const struct {
		const char *head, *piece, *tail;
		size_t times;
	} rows[] = {
		{"", "[", "", 50000},
		{"", ">", "a", 20000},
		{"", "> ", "a", 30000},
		{"", "`", "", 50000},
		{"", "` x ``", "", 10000},
		{"", "*a ", "", 20000},
		{"", "- + ", "a", 16000},
		{"", "1. ", "a", 20000},
		{"", "![[](", "", 13000},
		{"", "- a\n", "", 16000},
		{"", "a\n\n", "", 21000},
		{"", "---\n\n", "", 13000},
		{"```\n", "\t", "\nx", 60000},
		{"", "\xff", "", 65000},
		{"", "\x1b[2J", "", 16000},
		{"a", "\xcc\x81", "", 30000},
		{"", "\xe6\xbc\xa2", "", 21000},
		{"[a]: http://a.example/b\n\n", "[a]", "", 20000},
		{"|a|\n|---|\n", "|b|\n", "", 16000},
		{"", "a-", "", 32000},
		{"", MD_BLANK_ON "\xee", "", 16000},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		char *s = repeated(rows[i].head, rows[i].piece, rows[i].times, rows[i].tail);
		struct md_layout m = {0};
		md_layout(&m, s, i % 2 ? 80 : 10, false);
		check_layout(&m, false);
		assert_true(m.arena.total < (size_t)8 << 20);
		md_layout_clear(&m);
		free(s);
	}
}

/* Headers that ask for far more cells than the source has bytes. */
static void test_wide_tables(void **state)
{
	static const size_t columns[] = {100, 1000, 8000};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(columns); i++) {
		char *head = repeated("", "|a", columns[i], "\n");
		char *rule = repeated(head, "|---", columns[i], "\n");
		char *s = repeated(rule, "|\n", 6000, "");
		struct md_layout m = {0};
		md_layout(&m, s, 80, false);
		check_layout(&m, false);
		assert_true(m.count > 1);
		assert_string_equal(m.lines[m.count - 1].runs[0].text, "…");
		md_layout_clear(&m);
		free(s);
		free(rule);
		free(head);
	}
}

static void test_limits(void **state)
{
	char *s = repeated("", "é", MAX_MD_BYTES / 2 + 1, "");
	struct md_layout m = {0};

	(void)state;
	md_layout(&m, s, 500, false);
	check_layout(&m, false);
	assert_string_equal(m.lines[m.count - 1].runs[0].text, "…");
	md_layout(&m, s + 2, 500, false);
	assert_string_not_equal(m.lines[m.count - 1].runs[0].text, "…");
	free(s);

	s = repeated("", "- a\n", MAX_MD_LINES + 1, "");
	md_layout(&m, s, 80, true);
	assert_int_equal(m.count, MAX_MD_LINES);
	assert_string_equal(m.lines[m.count - 1].runs[0].text, "...");
	free(s);

	md_layout(&m, "---", 1000000, false);
	assert_int_equal(m.width, 500);
	check_layout(&m, false);
	md_layout_clear(&m);
}

/* Any width, any nesting: every level of a list is on the page. */
static void test_deep_lists(void **state)
{
	struct str s = {0};
	struct md_layout m = {0};

	(void)state;
	for (int level = 0; level < 30; level++)
		str_addf(&s, "%*s- level%d\n", 2 * level, "", level);
	for (int width = 10; width < 120; width++) {
		md_layout(&m, str_c(&s), width, false);
		check_layout(&m, false);
		assert_true(m.count >= 30);
	}
	assert_int_equal(m.count, 30);
	assert_int_equal(m.lines[29].cols, 29 * 2 + 2 + 7);
	md_layout_clear(&m);
	str_clear(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_styles),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_words_append),
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_layout_is_replaced),
		cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_wide_tables),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_deep_lists),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
