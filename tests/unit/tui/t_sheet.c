/* t_sheet.c -- text of several lines being typed, and fields one below the other. */
#include "pagetext.h"
#include "tui/sheet.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void type(struct area *a, const char *text)
{
	for (; *text; text++) {
		if (*text == '\n')
			area_break(a);
		else
			area_key(a, (unsigned char)*text);
	}
}

static void expect_text(const struct area *a, const char *wanted)
{
	struct str text = {0};
	area_text(a, &text);
	assert_string_equal(str_c(&text), wanted);
	str_clear(&text);
}

static void rows_are_broken_and_joined(void **state)
{
	struct area a = {0};
	(void)state;
	assert_true(area_empty(&a));
	type(&a, "one\ntwo");
	expect_text(&a, "one\ntwo");
	area_key(&a, K_HOME);
	assert_true(area_key(&a, K_BACKSPACE));
	expect_text(&a, "onetwo");
	area_break(&a);
	expect_text(&a, "one\ntwo");
	assert_true(area_move(&a, -1));
	area_key(&a, K_END);
	assert_true(area_key(&a, K_DELETE));
	expect_text(&a, "onetwo");
	assert_false(area_move(&a, 1));
	assert_false(area_move(&a, -1));
	area_clear(&a);
}

static void the_cursor_keeps_its_column(void **state)
{
	struct area a = {0};
	(void)state;
	assert_true(area_set(&a, "a漢字b\nx\nabcdef"));
	assert_int_equal(a.at, 2);
	area_key(&a, K_END);
	area_move(&a, -1);
	assert_int_equal(a.rows[1].at, 1);
	area_key(&a, K_END);
	area_move(&a, -1);
	assert_int_equal(a.rows[0].at, 1);
	area_clear(&a);
}

/* What a line cannot hold as it is must not be changed unseen. */
static void odd_texts_are_refused(void **state)
{
	static char longest[MAX_LINE_BYTES + 2];
	static char many[2 * MAX_AREA_ROWS];
	struct area a = {0};
	(void)state;
	memset(longest, 'x', sizeof(longest) - 1);
	memset(many, '\n', sizeof(many) - 1);
	assert_false(area_set(&a, longest));
	assert_false(area_set(&a, many));
	assert_false(area_set(&a, "a\tb"));
	assert_false(area_set(&a, "a\x1b[0m"));
	assert_false(area_set(&a, "a\r\nb"));
	assert_true(area_set(&a, ""));
	assert_true(area_empty(&a));
	area_clear(&a);
}

static void rows_are_bounded(void **state)
{
	struct area a = {0};
	(void)state;
	for (int i = 0; i < 3 * MAX_AREA_ROWS; i++)
		area_break(&a);
	assert_int_equal(area_rows(&a), MAX_AREA_ROWS);
	for (int i = 0; i < 3 * MAX_LINE_BYTES; i++)
		area_key(&a, 'x');
	assert_int_equal(a.rows[a.at].text.len, MAX_LINE_BYTES);
	area_clear(&a);
}

/* ---- fields -------------------------------------------------------------------------- */

enum { NAME, SECRET, TEXT, FIELDS };

static void open_sheet(struct sheet *s)
{
	static const struct field fields[] = {[NAME] = {"Name", "who"},
					      [SECRET] = {"Secret", "none", .hidden = true},
					      [TEXT] = {"Text", "nothing", .several = true}};
	*s = (struct sheet){.count = FIELDS, .button = "Send"};
	memcpy(s->fields, fields, sizeof(fields));
}

static void fields_are_walked(void **state)
{
	struct sheet s;
	struct str text = {0};
	(void)state;
	open_sheet(&s);
	sheet_typed(&s, 'a');
	assert_int_equal(sheet_command(&s, CMD_FIELD_DOWN), SHEET_DONE);
	assert_int_equal(s.at, TEXT); /* over the hidden one */
	assert_true(sheet_in_text(&s));
	sheet_typed(&s, 'b');
	assert_int_equal(sheet_command(&s, CMD_NEW_LINE), SHEET_DONE);
	sheet_typed(&s, 'c');
	sheet_text(&s, TEXT, &text);
	assert_string_equal(str_c(&text), "b\nc");
	sheet_command(&s, CMD_ROW_UP);
	assert_int_equal(s.at, TEXT);
	sheet_command(&s, CMD_ROW_UP);
	assert_int_equal(s.at, NAME);
	sheet_command(&s, CMD_FIELD_UP);
	assert_int_equal(s.at, FIELDS);
	assert_int_equal(sheet_command(&s, CMD_FIELD_DOWN), SHEET_SUBMIT);
	assert_int_equal(sheet_command(&s, CMD_HELP), SHEET_OTHER);
	str_clear(&text);
	sheet_clear(&s);
}

/* A body that cannot be edited here is kept to the byte. */
static void odd_bodies_are_kept_whole(void **state)
{
	struct sheet s;
	struct str text = {0};
	(void)state;
	open_sheet(&s);
	sheet_set(&s, TEXT, "{\n\t\"a\": 1\r\n}");
	s.at = TEXT;
	sheet_typed(&s, 'x');
	sheet_command(&s, CMD_NEW_LINE);
	sheet_text(&s, TEXT, &text);
	assert_string_equal(str_c(&text), "{\n\t\"a\": 1\r\n}");
	str_reset(&text);
	sheet_typed(&s, K_CTRL('u'));
	sheet_typed(&s, 'x');
	sheet_text(&s, TEXT, &text);
	assert_string_equal(str_c(&text), "x");
	str_clear(&text);
	sheet_clear(&s);
}

static void fields_are_drawn(void **state)
{
	struct frame f;
	struct canvas c = {0};
	struct sheet s;
	struct arena a = {0};
	(void)state;
	open_sheet(&s);
	sheet_set(&s, NAME, "me");
	s.at = TEXT;
	frame_measure(&f, (struct screen_size){24, 80});
	canvas_reset(&c, &f, true, false);
	sheet_draw(&s, &c);
	assert_string_equal(page_text(&a, &c.body), "Name      me\n"
						    "▸ Text      nothing\n"
						    "          [ Send ]\n");
	assert_true(c.has_cursor);
	assert_int_equal(c.cursor_line, 1);
	assert_int_equal(c.cursor_col, 10);
	canvas_clear(&c);
	arena_clear(&a);
	sheet_clear(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_are_broken_and_joined),
		cmocka_unit_test(the_cursor_keeps_its_column),
		cmocka_unit_test(odd_texts_are_refused),
		cmocka_unit_test(rows_are_bounded),
		cmocka_unit_test(fields_are_walked),
		cmocka_unit_test(odd_bodies_are_kept_whole),
		cmocka_unit_test(fields_are_drawn),
	};
	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
