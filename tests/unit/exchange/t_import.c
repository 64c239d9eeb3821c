/* t_import.c -- what files of other programs become: each of tests/golden/import, read, gives the
 * warnings and decks of NAME.want beside it. UPDATE=1 writes these anew. */
#include "base/file.h"
#include "tests/unit/exchange/comeback.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define FOLDER "tests/golden/import"

static void expect_golden(const char *name)
{
	struct arena a = {0};
	struct str in = {0}, want = {0};
	struct diags d = {0};
	const char *want_path = arena_printf(&a, FOLDER "/%s.want", name);
	assert_true(file_read(arena_printf(&a, FOLDER "/%s", name), 1 << 20, &in, &d));
	const char *got = comeback_text(&a, name, str_c(&in));
	if (getenv("UPDATE"))
		assert_true(file_write(want_path, got, strlen(got), &d));
	assert_true(file_read(want_path, 1 << 20, &want, &d));
	if (strcmp(got, str_c(&want)) != 0)
		fail_msg("%s becomes\n%s", name, got);
	str_clear(&in);
	str_clear(&want);
	arena_clear(&a);
}

static void test_golden(void **state)
{
	struct arena a = {0};
	const char **names;
	size_t n = 0, seen = 0;
	(void)state;
	assert_true(file_list(FOLDER, "", &a, &names, &n, NULL));
	for (size_t i = 0; i < n; i++)
		if (!str_ends(names[i], ".want")) {
			expect_golden(names[i]);
			seen++;
		}
	assert_true(seen > 15);
	arena_clear(&a);
	comeback_clear();
}

/* -- formats told apart ------------------------------------------------------------------------ */

static void test_formats(void **state)
{
	static const struct {
		const char *path, *bytes;
		int format; /* -1: none */
	} files[] = {
		{"x.csv", "a,b", IMPORT_ANKI_TEXT},
		{"x.csv", "PK\3\4", IMPORT_APKG},
		{"x.txt", "#separator:tab\nQ: a", IMPORT_ANKI_TEXT},
		{"x.txt", "\xEF\xBB\xBF#html:true\n", IMPORT_ANKI_TEXT},
		{"x.txt", "a\tb\n", IMPORT_ANKI_TEXT},
		{"x.txt", "# Title\n\n**Front:**\nx\n", IMPORT_MARKDOWN},
		{"x.txt", "Q: a\nA: b\n", IMPORT_MARKDOWN},
		{"x.txt", "::t::q{T}\n", IMPORT_GIFT},
		{"x.txt", "$CATEGORY: a\n", IMPORT_GIFT},
		{"x.md", "{", IMPORT_MARKDOWN},
		{"x", " {\"decks\": []}", IMPORT_JSON},
		{"x", "deck: a\ntitle: b\ncards:\n", IMPORT_YAML},
		{"x.yml", "", IMPORT_YAML},
		{"x", "what is this", -1},
		{"x", "", -1},
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		enum import_format f = IMPORT_FORMAT_COUNT;
		bool known = import_format_guess(files[i].path, files[i].bytes,
						 strlen(files[i].bytes), &f);
		assert_int_equal(known ? (int)f : -1, files[i].format);
	}
	for (int f = 0; f < IMPORT_FORMAT_COUNT; f++) {
		enum import_format found;
		assert_true(import_format_named(import_format_names[f], &found));
		assert_int_equal(found, f);
	}
}

/* -- options ----------------------------------------------------------------------------------- */

static bool stop_at(void *ctx, const char *what, size_t done, size_t total)
{
	int *left = ctx;
	(void)what;
	(void)done;
	(void)total;
	return (*left)-- > 0;
}

static void test_stop(void **state)
{
	struct str text = {0};
	(void)state;
	for (int i = 0; i < 1000; i++)
		str_addf(&text, "front %d,back\n", i);
	for (int ticks = 0; ticks < 6; ticks++) {
		int left = ticks;
		const struct job job = {stop_at, &left};
		struct import in = {.deck_count = 0};
		struct diags d = {0};
		assert_false(comeback_import(&in, comeback_file("x.csv", text.p, text.len),
					     &(struct import_options){.job = &job}, &d));
		assert_int_equal(d.count, 1);
		assert_string_equal(d.items[0].code, "import-stopped");
		assert_null(in.decks);
		diags_clear(&d);
	}
	str_clear(&text);
	comeback_clear();
}

static void test_names(void **state)
{
	static const char two[] = "#separator:comma\n#deck column:3\na,b,One\nc,d,Two\n";
	static const char *const tags[] = {"first", "second"};
	struct import in = {.deck_count = 0};
	struct diags d = {0};
	const struct import_options o = {
		.deck = "my-deck", .title = "My deck", .tags = tags, .tag_count = 2};
	(void)state;
	assert_true(comeback_import(&in, comeback_file("x.csv", "a,b\n", 4), &o, &d));
	assert_string_equal(in.decks[0].slug, "my-deck");
	assert_string_equal(in.decks[0].title, "My deck");
	assert_int_equal(in.decks[0].cards[CARD_BASIC], 1);
	assert_non_null(strstr(in.decks[0].yaml, "\ntags: [first, second]\n"));
	import_clear(&in);
	assert_false(comeback_import(&in, comeback_file("x.csv", two, strlen(two)), &o, &d));
	assert_string_equal(d.items[0].code, "import-name");
	diags_clear(&d);
	comeback_clear();
}

/* A deck holds so many cards and no more; what came before the limit is not half a deck. */
static void test_too_many(void **state)
{
	struct str text = {0};
	struct import in = {.deck_count = 0};
	struct diags d = {0};
	(void)state;
	for (int i = 0; i <= MAX_CARDS; i++)
		str_addf(&text, "%d,b\n", i);
	assert_false(comeback_import(&in, comeback_file("x.csv", text.p, text.len), NULL, &d));
	assert_string_equal(d.items[0].code, "import-too-large");
	assert_int_equal(d.items[0].pos.line, MAX_CARDS + 1);
	diags_clear(&d);
	str_clear(&text);
	comeback_clear();
}

/* Cards of one text, thousands of them: ids stay unique, and it does not take long. */
static void test_same_text(void **state)
{
	struct str text = {0};
	struct import in = {.deck_count = 0};
	struct diags d = {0};
	(void)state;
	for (int i = 0; i < 5000; i++)
		str_add(&text, "the same,b\n");
	assert_true(comeback_import(&in, comeback_file("x.csv", text.p, text.len), NULL, &d));
	assert_int_equal(in.decks[0].cards[CARD_BASIC], 5000);
	struct deck deck;
	assert_true(deck_read(&deck, NULL, in.decks[0].yaml, in.decks[0].yaml_len, &d));
	deck_clear(&deck);
	import_clear(&in);
	str_clear(&text);
	comeback_clear();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_golden),   cmocka_unit_test(test_formats),
		cmocka_unit_test(test_stop),     cmocka_unit_test(test_names),
		cmocka_unit_test(test_too_many), cmocka_unit_test(test_same_text),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
