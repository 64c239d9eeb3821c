/* grid.c -- see grid.h. A cell is a mark, the number, its sign and a flag; the mark is a sign of
 * its own, so that the cell can be told without colour. */
#include "tui/grid.h"
#include "tui/sign.h"

#define CELL_COLS 7
#define NARROW_CELL_COLS 6
#define WHOLE_ROW 10

static int least(int a, int b)
{
	return a < b ? a : b;
}

void grid_set(struct grid *g, int count)
{
	g->count = count;
	g->at = least(g->at, count ? count - 1 : 0);
}

void grid_fit(struct grid *g, int cols)
{
	bool whole = cols >= WHOLE_ROW * CELL_COLS;
	int columns = whole ? WHOLE_ROW : cols / NARROW_CELL_COLS;
	g->columns = columns < 1 ? 1 : columns;
}

static void go(struct grid *g, int by)
{
	int to = g->at + by;
	if (to >= 0 && to < g->count)
		g->at = to;
}

/* Down from above a short last row goes to its end. */
static void go_down(struct grid *g)
{
	int last = g->count - 1;
	if (g->at / g->columns < last / g->columns)
		g->at = least(g->at + g->columns, last);
}

bool grid_command(struct grid *g, enum command_id id)
{
	if (!g->columns)
		g->columns = WHOLE_ROW;
	if (id == CMD_CELL_LEFT)
		go(g, -1);
	else if (id == CMD_CELL_RIGHT)
		go(g, 1);
	else if (id == CMD_CELL_UP)
		go(g, -g->columns);
	else if (id == CMD_CELL_DOWN)
		go_down(g);
	else if (id == CMD_TOP)
		g->at = 0;
	else if (id == CMD_BOTTOM)
		g->at = g->count ? g->count - 1 : 0;
	else
		return false;
	return true;
}

static void put_cell(struct page *p, int i, bool here, const struct grid_cell *cell)
{
	page_add(p, STYLE_FOCUS, here ? SIGN_HERE : " ");
	page_addf(p, here ? STYLE_FOCUS : STYLE_PLAIN, "%2d ", i + 1);
	page_add(p, cell->style, cell->sign);
	page_add(p, STYLE_FLAG, cell->flagged ? SIGN_FLAG : " ");
}

void grid_draw(const struct grid *g, struct canvas *c, bool airy,
	       struct grid_cell (*cell)(const void *of, int i), const void *of)
{
	struct page *p = &c->body;
	int cols = g->columns == WHOLE_ROW ? CELL_COLS : NARROW_CELL_COLS;
	for (int i = 0; i < g->count; i++) {
		struct grid_cell drawn = cell(of, i);
		int col = i % g->columns;
		if (i && !col && airy)
			page_gap(p);
		if (!col)
			page_line(p);
		page_pad(p, col * cols);
		put_cell(p, i, i == g->at, &drawn);
		if (i == g->at)
			canvas_focus(c);
	}
}
