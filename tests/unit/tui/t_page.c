/* t_page.c -- lines as views make them: cutting, flush right, hanging text, ASCII; and where the
 * frame puts things on screens of all sizes. */
#include "pagetext.h"
#include "tui/frame.h"
#include "tui/sign.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void text_is_cut_and_clean(void **state)
{
	struct page p = {0};
	struct arena a = {0};
	(void)state;
	page_reset(&p, 8, false);
	page_add(&p, STYLE_PLAIN, "a\x1b[0m b");
	assert_int_equal(page_cols(&p), 7);
	page_add(&p, STYLE_PLAIN, "cdef");
	assert_int_equal(page_cols(&p), 8);
	page_add(&p, STYLE_PLAIN, "never seen");
	page_line(&p);
	page_add(&p, STYLE_PLAIN, "漢字漢字漢字");
	assert_true(page_cols(&p) <= 8);
	assert_string_equal(page_text(&a, &p), "a\xef\xbf\xbd[0m b…\n漢字漢…\n");
	page_clear(&p);
	arena_clear(&a);
}

static void ends_stand_flush_right(void **state)
{
	struct page p = {0};
	struct arena a = {0};
	(void)state;
	page_reset(&p, 20, false);
	page_add(&p, STYLE_PLAIN, "left");
	page_end(&p, STYLE_PLAIN, "right");
	assert_int_equal(page_cols(&p), 20);
	page_line(&p);
	page_add(&p, STYLE_PLAIN, "too long for more");
	page_end(&p, STYLE_PLAIN, "right");
	assert_string_equal(page_text(&a, &p), "left           right\ntoo long for more\n");
	page_clear(&p);
	arena_clear(&a);
}

static void flowing_text_hangs(void **state)
{
	struct page p = {0};
	struct arena a = {0};
	(void)state;
	page_reset(&p, 20, false);
	page_add(&p, STYLE_PLAIN, "A");
	page_pad(&p, 3);
	page_markdown(&p, STYLE_PLAIN, 3, "one **two** three four five");
	page_line(&p);
	page_words(&p, STYLE_PLAIN, 2, "six seven eight nine ten");
	page_line(&p);
	page_broken(&p, STYLE_PLAIN, 0, "https://example.org/a/long/way");
	assert_string_equal(page_text(&a, &p),
			    "A  one two three\n   four five\n  six seven eight\n  nine ten\n"
			    "https://example.org/\na/long/way\n");
	page_clear(&p);
	arena_clear(&a);
}

static void ascii_pages_hold_ascii(void **state)
{
	struct page p = {0};
	struct arena a = {0};
	(void)state;
	page_reset(&p, 16, true);
	page_add(&p, STYLE_PLAIN,
		 SIGN_RIGHT " caf\xc3\xa9 " SIGN_DOT " \xe2\x80\x9cx\xe2\x80\x9d and more");
	page_line(&p);
	page_bar(&p, STYLE_PLAIN, SIGN_BAR, 3);
	const char *text = page_text(&a, &p);
	for (const char *c = text; *c; c++)
		assert_true((unsigned char)*c < 0x80);
	assert_true(text[0] == '+');
	assert_non_null(strstr(text, "...\n===\n"));
	page_clear(&p);
	arena_clear(&a);
}

static void a_page_has_an_end(void **state)
{
	struct page p = {0};
	(void)state;
	page_reset(&p, 20, false);
	for (int i = 0; i < MAX_PAGE_LINES + 10; i++) {
		page_line(&p);
		page_markdown(&p, STYLE_PLAIN, 0, "x");
	}
	assert_int_equal(p.count, MAX_PAGE_LINES);
	assert_true(p.full);
	page_clear(&p);
}

static void frames_fit_their_screens(void **state)
{
	(void)state;
	for (int rows = 1; rows < 70; rows++) {
		for (int cols = 1; cols < 250; cols += 3) {
			struct frame f;
			frame_measure(&f, (struct screen_size){rows, cols});
			assert_int_equal(f.too_small, rows < MIN_ROWS || cols < MIN_COLS);
			if (f.too_small)
				continue;
			assert_true(f.body_rows >= 9);
			assert_true(f.body + f.body_rows <= f.message);
			assert_true(f.footer == rows - 1 && f.message <= f.footer);
			assert_true(f.left >= 0 && f.left + f.width <= cols &&
				    f.width <= MAX_FRAME);
			assert_true(f.text <= MAX_TEXT && f.wide + 2 * f.margin <= f.width);
		}
	}
}

static void sizes_lose_the_right_things(void **state)
{
	struct frame f;
	(void)state;
	frame_measure(&f, (struct screen_size){24, 80});
	assert_true(!f.small && !f.tiny && f.text == 74 && f.body_rows == 18);
	frame_measure(&f, (struct screen_size){18, 60});
	assert_true(f.small && !f.tiny && f.header == 0);
	frame_measure(&f, (struct screen_size){12, 40});
	assert_true(f.tiny && f.header < 0 && f.top_rule < 0 && f.body_rows == 11);
	frame_measure(&f, (struct screen_size){50, 200});
	assert_true(f.left == 50 && f.width == 100 && f.text == 76);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_is_cut_and_clean),
		cmocka_unit_test(ends_stand_flush_right),
		cmocka_unit_test(flowing_text_hangs),
		cmocka_unit_test(ascii_pages_hold_ascii),
		cmocka_unit_test(a_page_has_an_end),
		cmocka_unit_test(frames_fit_their_screens),
		cmocka_unit_test(sizes_lose_the_right_things),
	};
	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
