/* t_line.c -- the line editor: what each key does to the text and the cursor, clusters, limits, and
 * the part that is shown. The list of rows is tested beside it. */
#include "tui/keys.h"
#include "tui/line.h"
#include "tui/list.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void type(struct line *l, const char *ascii)
{
	for (; *ascii; ascii++)
		line_key(l, (unsigned char)*ascii);
}

static void typing_and_deleting(void **state)
{
	struct line l = {0};
	(void)state;
	type(&l, "hello wrld");
	for (int i = 0; i < 3; i++)
		assert_false(line_key(&l, K_LEFT));
	assert_true(line_key(&l, 'o'));
	assert_string_equal(str_c(&l.text), "hello world");
	assert_true(line_key(&l, K_BACKSPACE));
	assert_true(line_key(&l, K_DELETE));
	assert_string_equal(str_c(&l.text), "hello wld");
	line_key(&l, K_END);
	assert_true(line_key(&l, K_CTRL('w')));
	assert_string_equal(str_c(&l.text), "hello ");
	line_key(&l, K_CTRL('a'));
	assert_false(line_key(&l, K_BACKSPACE));
	assert_true(line_key(&l, K_CTRL('k')));
	assert_string_equal(str_c(&l.text), "");
	assert_false(line_key(&l, K_DELETE));
	line_clear(&l);
}

static void the_cursor_does_not_split_characters(void **state)
{
	struct line l = {0};
	(void)state;
	line_set(&l, "ae\xcc\x81\xe6\xbc\xa2"); /* a, e with an accent of its own, a wide one */
	line_key(&l, K_LEFT);
	assert_int_equal(l.at, 4);
	line_key(&l, K_LEFT);
	assert_int_equal(l.at, 1);
	line_key(&l, K_RIGHT);
	assert_int_equal(l.at, 4);
	assert_true(line_key(&l, K_BACKSPACE));
	assert_string_equal(str_c(&l.text), "a\xe6\xbc\xa2");
	line_clear(&l);
}

static void nothing_but_text_goes_in(void **state)
{
	struct line l = {0};
	(void)state;
	line_set(&l, "a\x1b[31m\nb");
	assert_null(strchr(str_c(&l.text), 0x1b));
	assert_null(strchr(str_c(&l.text), '\n'));
	line_set(&l, "");
	assert_false(line_key(&l, 0x202e)); /* right-to-left override */
	assert_false(line_key(&l, K_ESC));
	assert_false(line_key(&l, K_CTRL('g')));
	assert_false(line_takes(K_CTRL('g')));
	assert_true(line_takes('q'));
	for (int i = 0; i < MAX_LINE_BYTES + 50; i++)
		line_key(&l, 'x');
	assert_int_equal(l.text.len, MAX_LINE_BYTES);
	line_clear(&l);
}

static void the_window_holds_the_cursor(void **state)
{
	struct line l = {0};
	struct arena a = {0};
	int cursor;
	(void)state;
	line_set(&l, "0123456789");
	assert_string_equal(line_window(&l, &a, 20, &cursor), "0123456789");
	assert_int_equal(cursor, 10);
	assert_string_equal(line_window(&l, &a, 6, &cursor), "56789");
	assert_int_equal(cursor, 5);
	line_key(&l, K_HOME);
	assert_string_equal(line_window(&l, &a, 6, &cursor), "012345");
	assert_int_equal(cursor, 0);
	arena_clear(&a);
	line_clear(&l);
}

static void a_list_keeps_its_mark_in_sight(void **state)
{
	struct list l = {0};
	(void)state;
	list_fit(&l, 5);
	list_set(&l, 12);
	assert_true(list_command(&l, CMD_BOTTOM));
	assert_int_equal(l.at, 11);
	assert_int_equal(l.top, 7);
	assert_true(list_command(&l, CMD_UP));
	assert_int_equal(l.top, 7);
	list_fit(&l, 3);
	assert_true(l.at >= l.top && l.at < list_end(&l));
	list_set(&l, 2);
	assert_int_equal(l.at, 1);
	assert_int_equal(l.top, 0);
	list_set(&l, 0);
	assert_int_equal(list_end(&l), 0);
	assert_true(list_command(&l, CMD_DOWN));
	assert_int_equal(l.at, 0);
	assert_false(list_command(&l, CMD_OPEN));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(typing_and_deleting),
		cmocka_unit_test(the_cursor_does_not_split_characters),
		cmocka_unit_test(nothing_but_text_goes_in),
		cmocka_unit_test(the_window_holds_the_cursor),
		cmocka_unit_test(a_list_keeps_its_mark_in_sight),
	};
	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
