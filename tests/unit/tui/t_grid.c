/* t_grid.c -- all questions at a glance: where the mark goes, how many stand in a row, and that
 * each cell can be read without colour. */
#include "pagetext.h"
#include "tui/grid.h"
#include "tui/sign.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static struct grid_cell cell(const void *of, int i)
{
	(void)of;
	return (struct grid_cell){i % 2 ? SIGN_ON : SIGN_OFF, STYLE_PLAIN, i == 2};
}

static void ten_stand_in_a_row_where_there_is_room(void **state)
{
	struct grid g = {0};
	(void)state;
	grid_fit(&g, 74);
	assert_int_equal(g.columns, 10);
	grid_fit(&g, 54);
	assert_int_equal(g.columns, 9);
	grid_fit(&g, 38);
	assert_int_equal(g.columns, 6);
	grid_fit(&g, 3);
	assert_int_equal(g.columns, 1);
}

static void expect(struct grid *g, enum command_id id, int at)
{
	assert_true(grid_command(g, id));
	assert_int_equal(g->at, at);
}

static void arrows_move_the_mark(void **state)
{
	struct grid g = {0};
	(void)state;
	grid_set(&g, 23);
	grid_fit(&g, 74);
	expect(&g, CMD_CELL_LEFT, 0);
	expect(&g, CMD_CELL_UP, 0);
	expect(&g, CMD_CELL_RIGHT, 1);
	expect(&g, CMD_CELL_DOWN, 11);
	expect(&g, CMD_CELL_DOWN, 21);
	expect(&g, CMD_CELL_DOWN, 21);
	expect(&g, CMD_CELL_UP, 11);
	expect(&g, CMD_BOTTOM, 22);
	expect(&g, CMD_CELL_RIGHT, 22);
	expect(&g, CMD_TOP, 0);
	/* Over the end of a row to the next one. */
	g.at = 9;
	expect(&g, CMD_CELL_RIGHT, 10);
	expect(&g, CMD_CELL_LEFT, 9);
	/* From above a short last row to its end. */
	g.at = 18;
	expect(&g, CMD_CELL_DOWN, 22);
	assert_false(grid_command(&g, CMD_OPEN));
	/* A shorter grid keeps the mark inside. */
	grid_set(&g, 5);
	assert_int_equal(g.at, 4);
}

static void cells_are_read_without_colour(void **state)
{
	struct frame f;
	struct canvas c = {0};
	struct grid g = {0};
	struct arena a = {0};
	(void)state;
	frame_measure(&f, (struct screen_size){24, 80});
	canvas_reset(&c, &f, false, false);
	grid_set(&g, 12);
	grid_fit(&g, f.text);
	g.at = 10;
	grid_draw(&g, &c, false, cell, NULL);
	assert_int_equal(c.body.count, 2);
	assert_string_equal(page_text(&a, &c.body),
			    "  1 ○    2 ●    3 ○⚑   4 ●    5 ○    6 ●    7 ○    8 ●    9 ○   10 ●\n"
			    "▸11 ○   12 ●\n");
	assert_int_equal(c.focus_from, 1);
	assert_int_equal(c.focus_to, 1);
	canvas_clear(&c);
	arena_clear(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ten_stand_in_a_row_where_there_is_room),
		cmocka_unit_test(arrows_move_the_mark),
		cmocka_unit_test(cells_are_read_without_colour),
	};
	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
