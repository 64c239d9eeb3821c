/* t_text.c -- deck text on the screen: wide characters keep columns straight, broad tables become
 * records, long cards scroll, and what is hostile never reaches the terminal. */
#include "tests/screen/home.h"

static void quit(struct term *t)
{
	term_send(t, CTRL_C);
	assert_int_equal(term_end(t), 130);
}

static struct term *start_answer(const struct home *h, const char *args)
{
	struct term *t = home_start(h, args);
	term_wait(t, "1 of 1");
	term_send(t, " ");
	term_wait(t, "3  good");
	return t;
}

static int column_of(struct term *t, const char *text)
{
	int col = 0;
	if (!term_find(t, text, NULL, &col))
		fail_msg("\"%s\" is not on this screen:\n%s", text, term_screen(t));
	return col;
}

/* ---- wide characters ----------------------------------------------------------------- */

static void columns_stay_straight(void **state)
{
	home_deck(*state, "wide");
	struct term *t = start_answer(*state, "review id:japanese");
	int col = column_of(t, "limit");
	assert_int_equal(column_of(t, "two hours"), col);
	assert_int_equal(column_of(t, "ten minutes"), col);
	assert_int_equal(column_of(t, "no limit"), col);
	assert_true(term_shows(t, "Review · 広い文字 🚀 deck"));
	assert_int_equal(column_of(t, "checked 2026-11-18"), 59);
	assert_int_equal(column_of(t, "1 of 1"), 73);
	quit(t);
}

static void lists_stay_straight(void **state)
{
	home_deck(*state, "wide");
	struct term *t = home_start(*state, "search deck:wide");
	term_wait(t, "4 cards");
	for (int row = 5; row < 9; row++)
		for (int i = 0; i < 3; i++)
			assert_string_equal(term_cell(t, row, 74 + i), i == 0   ? "n"
								       : i == 1 ? "e"
										: "w");
	assert_true(term_shows(t, "日本語の長い文は単語の間に空白がないので、どの文字の後…"));
	quit(t);
	t = home_start(*state, "");
	term_wait(t, "cards are due");
	term_send(t, "D");
	term_wait(t, "広い文字 🚀 deck");
	quit(t);
}

static void options_and_pairs_stay_straight(void **state)
{
	home_deck(*state, "wide");
	struct term *t = home_start(*state, "review id:emoji");
	term_wait(t, "first?");
	assert_int_equal(column_of(t, "🚀 the first one"), 10);
	assert_int_equal(column_of(t, "中文 the second one"), 10);
	assert_int_equal(column_of(t, "the first one"), 13);
	assert_int_equal(column_of(t, "the second one"), 15);
	assert_int_equal(column_of(t, "combining marks"), 12);
	quit(t);
	t = home_start(*state, "review id:korean");
	term_wait(t, "▸ [ ] 실시간 시세");
	assert_int_equal(column_of(t, "웹소켓 API"), column_of(t, "HTTP API"));
	quit(t);
}

static void wide_text_wraps_within_the_margins(void **state)
{
	struct home *h = *state;
	home_deck(h, "wide");
	for (h->cols = 40; h->cols <= 81; h->cols++) {
		struct term *t = home_start(h, "review id:long");
		term_wait(t, "日本語の長い文");
		term_wait(t, "超えて");
		int width = h->cols < 50 ? h->cols - 1 : h->cols - 3;
		for (int row = 0; row < h->rows - 3; row++)
			for (int col = width; col < h->cols && row > 2; col++)
				assert_string_equal(term_cell(t, row, col), " ");
		quit(t);
		h->cols += 6;
	}
}

static void wide_text_is_typed(void **state)
{
	struct term *t = home_start(*state, "review kind:typed");
	term_wait(t, "fetch anew?");
	term_send(t, "日本🚀");
	term_wait(t, "▸ 日本🚀");
	int row = 0, col = 0;
	assert_true(term_cursor(t, &row, &col));
	assert_int_equal(col, 9);
	term_send(t, "\177\002x");
	term_wait(t, "▸ 日x本");
	assert_true(term_cursor(t, &row, &col));
	assert_int_equal(col, 6);
	quit(t);
}

/* ---- long and broad ------------------------------------------------------------------ */

static void a_broad_table_becomes_records(void **state)
{
	struct home *h = *state;
	home_deck(h, "long");
	h->rows = 40;
	h->cols = 120;
	struct term *t = start_answer(h, "review id:broader");
	assert_true(term_shows(t, "Measure: Latency"));
	assert_true(term_shows(t, "Johannesburg: seventh row"));
	assert_false(term_shows(t, "Frankfurt  "));
	quit(t);
	t = start_answer(h, "review id:broad");
	assert_int_equal(column_of(t, "Throttling"), column_of(t, "Feature"));
	assert_int_equal(column_of(t, "per account,"), column_of(t, "REST API as"));
	term_resize(t, 40, 60);
	term_wait(t, "Feature: Throttling");
	assert_true(term_shows(t, "Remark of the author: "));
	term_resize(t, 40, 120);
	term_wait_gone(t, "Feature: Throttling");
	quit(t);
}

static void a_long_card_scrolls(void **state)
{
	home_deck(*state, "long");
	struct term *t = start_answer(*state, "review id:list");
	term_wait(t, "item one");
	assert_true(term_shows(t, "more lines, C-d"));
	assert_false(term_shows(t, "item thirty"));
	term_send(t, CTRL_D);
	term_wait(t, "item seventeen");
	assert_true(term_shows(t, "How did it go?"));
	term_send(t, PAGE_DOWN PAGE_DOWN PAGE_DOWN);
	term_wait(t, "item thirty");
	term_wait(t, "the end, C-u goes up");
	term_send(t, "kk");
	term_wait(t, "2 more lines");
	term_send(t, PAGE_UP PAGE_UP PAGE_UP PAGE_UP);
	term_wait(t, "Say all thirty.");
	term_send(t, "j");
	term_wait_gone(t, "Say all thirty.");
	term_send(t, "3");
	term_wait(t, "Due again");
	term_wait(t, "Say all thirty.");
	quit(t);
}

static void markdown_is_laid_out(void **state)
{
	static const char *const texts[] = {
		"What does $default match?",
		"A route key that takes",
		"• first point",
		"  • nested point",
		"wscat -c wss://example.execute-api",
		"A quotation of two lines.",
		"Not this.",
		"https://example.org/manual",
	};
	struct home *h = *state;
	home_deck(h, "long");
	h->rows = 40;
	struct term *t = start_answer(h, "review id:markdown");
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		term_wait(t, texts[i]);
	assert_false(term_shows(t, "**"));
	assert_false(term_shows(t, "~~"));
	assert_false(term_shows(t, "```"));
	int row = 0, col = 0;
	assert_true(term_find(t, "match?", &row, &col));
	assert_true(term_bold(t, row, col));
	quit(t);
}

/* ---- hostile text -------------------------------------------------------------------- */

#define BAD "\\e[31mred\\e]0;title\\a\\u009b31m\\u202Ebidi\\u2066\\a\\x7f\\b"
static const char hostile[] =
	"deck: hostile\ntitle: \"Title " BAD "\"\nformat: 1\nabout: \"About " BAD
	"\"\ntags: [hostile]\n"
	"sources:\n  s: {title: \"Source " BAD
	"\", url: \"https://example.org/\\u202Ebidi\", checked: 2026-11-18}\n"
	"cards:\n"
	"- {id: basic, kind: basic, front: \"Front " BAD "\", back: \"Back " BAD
	"\", hint: \"Hint " BAD "\", lore: \"Lore " BAD "\", source: s}\n"
	"- {id: typed, kind: typed, question: \"Question " BAD
	"\", accept: [x], show: x, why: \"Why " BAD "\", source: s}\n"
	"- id: choice\n  kind: choice\n  question: \"Question " BAD "\"\n  source: s\n  options:\n"
	"  - {text: \"Option one " BAD "\", right: true, why: \"Reason " BAD "\"}\n"
	"  - {text: \"Option two " BAD "\", why: \"Reason " BAD "\"}\n"
	"- id: matching\n  kind: matching\n  question: \"Question " BAD
	"\"\n  source: s\n  pairs:\n"
	"  - {left: \"Left one " BAD "\", right: \"Right one " BAD "\"}\n"
	"  - {left: \"Left two " BAD "\", right: \"Right two " BAD "\"}\n"
	"- {id: ordering, kind: ordering, question: \"Question " BAD "\", items: [\"Item one " BAD
	"\", \"Item two " BAD "\"], source: s}\n"
	"- id: table\n  kind: table\n  title: \"Table " BAD "\"\n  columns: {c: \"Column " BAD
	"\", d: D}\n"
	"  rows: {r: [\"Row " BAD "\", \"Cell " BAD "\", x]}\n  ask: all\n  source: s\n"
	"- {id: cloze, kind: cloze, text: \"Text {{c1::answer " BAD "::hint " BAD
	"}}\", source: s}\n"
	"- {id: truefalse, kind: truefalse, statement: \"Statement " BAD
	"\", answer: true, why: \"Why " BAD "\", source: s}\n";

static void expect_clean(struct term *t, const char *where)
{
	static const char *const never[] = {
		"\033[31m",      "\033]0;",      "\a",           "\xc2\x9b",
		"\x9b\x33\x31m", "\xe2\x80\xae", "\xe2\x81\xa6", "\x7f",
	};
	for (size_t i = 0; i < ARRAY_LEN(never); i++)
		if (term_wrote(t, never[i]))
			fail_msg("%s: hostile bytes %zu reached the terminal", where, i);
}

static void hostile_text_never_reaches_the_terminal(void **state)
{
	static const struct {
		const char *args, *keys, *text;
	} screens[] = {
		{"review id:basic deck:hostile", "H", "Hint "},
		{"review id:basic deck:hostile", " ", "Lore"},
		{"review id:basic deck:hostile", "o", "Sources"},
		{"review id:typed", "\033", "Why "},
		{"review id:choice", "a\r", "Reason "},
		{"review id:matching", "a", "[A] Left one"},
		{"review id:matching", "\a", "Right two"},
		{"review id:ordering", "\r", "Item two"},
		{"review id:table", " ", "Cell "},
		{"review id:cloze", "", "hint "},
		{"review id:cloze", " ", "answer "},
		{"review id:truefalse deck:hostile", "a\r", "Why "},
		{"search deck:hostile", "", "Front "},
		{"search id:basic deck:hostile", "\r", "Card · hostile/basic"},
		{"", "D", "Title "},
	};
	home_write(*state, "decks/hostile.yaml", hostile);
	for (size_t i = 0; i < ARRAY_LEN(screens); i++) {
		char args[96];
		snprintf(args, sizeof(args), "--no-color %s", screens[i].args);
		struct term *t = home_start(*state, args);
		term_wait(t, "────");
		term_send(t, screens[i].keys);
		term_wait(t, screens[i].text);
		expect_clean(t, screens[i].text);
		quit(t);
	}
}

/* A file's name is outside text too, and so are the words of a broken file and of a query. */
static void hostile_names_and_messages(void **state)
{
	struct home *h = *state;
	home_remove(h, "decks/kinds.yaml");
	home_write(h, "decks/\033[31mname\a.yaml", hostile);
	struct term *t = home_start(h, "--no-color search id:basic");
	term_wait(t, "Front ");
	term_send(t, ENTER);
	term_wait(t, "Card · hostile/basic");
	term_send(t, "G");
	term_wait(t, "name");
	expect_clean(t, "file name");
	quit(t);
	t = home_start(h, "--no-color search \"\033[31m\"");
	term_wait(t, "8 cards");
	expect_clean(t, "query");
	quit(t);
}

static void a_hostile_error_is_shown_clean(void **state)
{
	static char env_text[160];
	static const char *env[] = {env_text, NULL};
	struct home *h = *state;
	home_write(h, "editor.sh",
		   "printf 'deck: \"b\\\\e[31mad\"\\ntitle: x\\nformat: 1\\n\"\\\\e[31mkey\\\\a\": "
		   "y\\ncards: []\\n' >\"$2\"\n");
	snprintf(env_text, sizeof(env_text), "EDITOR=sh %s", home_path(h, "editor.sh"));
	h->env = env;
	struct term *t = home_start(h, "--no-color review kind:basic");
	term_wait(t, "stay silent?");
	term_send(t, "e");
	term_wait(t, "The file was not taken");
	expect_clean(t, "diagnostics");
	quit(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		home_test(columns_stay_straight),
		home_test(lists_stay_straight),
		home_test(options_and_pairs_stay_straight),
		home_test(wide_text_wraps_within_the_margins),
		home_test(wide_text_is_typed),
		home_test(a_broad_table_becomes_records),
		home_test(a_long_card_scrolls),
		home_test(markdown_is_laid_out),
		home_test(hostile_text_never_reaches_the_terminal),
		home_test(hostile_names_and_messages),
		home_test(a_hostile_error_is_shown_clean),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
