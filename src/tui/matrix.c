/* matrix.c -- a truth table to look at: features down, options across under a letter each, so that
 * all of it fits on a screen as wide as it is. What is needed now comes first. */
#include "base/utf8.h"
#include "tui/sign.h"
#include "tui/tree.h"

#include <stdlib.h>

#define ROOM_FOR_NAMES 30 /* columns, where there are that many */

struct matrix_screen {
	struct view view;
	const struct matrix *matrix;
	uint64_t needs;
	int options[MAX_MATRIX_OPTIONS]; /* by column */
	size_t count;
};

static enum view_result command(struct view *v, enum command_id id, const char *arg)
{
	(void)v;
	(void)id;
	(void)arg;
	return VIEW_OTHER;
}

/* ---- picture ------------------------------------------------------------------------- */

static void header(const struct view *v, struct arena *a, const char **left, const char **right)
{
	const struct matrix *m = ((const struct matrix_screen *)v)->matrix;
	*left = arena_printf(a, "Matrix · %s", m->title);
	*right = arena_printf(a, "as of %s", date_text(a, m->as_of_day));
}

static void put_cell(struct page *p, enum cell_is is)
{
	switch (is) {
	case CELL_YES:
		page_add(p, STYLE_RIGHT, SIGN_RIGHT);
		break;
	case CELL_NO:
		page_add(p, STYLE_DIM, SIGN_DOT);
		break;
	case CELL_UNKNOWN:
		page_add(p, STYLE_WARN, "?");
		break;
	}
}

/* Columns of a cell: as wide as leaves room for the names of features. */
static int cell_cols(const struct matrix_screen *s, const struct page *p)
{
	int cols = 3;
	while (cols > 1 && p->width - cols * (int)s->count < ROOM_FOR_NAMES)
		cols--;
	return cols;
}

static void draw_row(struct page *p, const struct matrix_screen *s, size_t f, int cols)
{
	const struct feature *feature = &s->matrix->features[f];
	bool needed = (s->needs >> f) & 1;
	int from = p->width - cols * (int)s->count;
	page_line(p);
	if (needed)
		page_mark(p, STYLE_FOCUS, SIGN_HERE);
	page_cut(p, needed ? STYLE_STRONG : STYLE_PLAIN, feature->title, from - 1);
	for (size_t i = 0; i < s->count; i++) {
		page_pad(p, from + (int)i * cols + cols - 1);
		put_cell(p, feature->cells[s->options[i]].is);
	}
}

static void draw_letters(struct page *p, const struct matrix_screen *s, int cols)
{
	int from = p->width - cols * (int)s->count;
	page_line(p);
	for (size_t i = 0; i < s->count; i++) {
		page_pad(p, from + (int)i * cols + cols - 1);
		page_addf(p, STYLE_ACCENT, "%c", (char)('A' + i));
	}
}

static void draw(const struct view *v, struct canvas *c)
{
	const struct matrix_screen *s = (const struct matrix_screen *)v;
	const struct matrix *m = s->matrix;
	struct page *p = &c->body;
	int cols = cell_cols(s, p);
	for (size_t i = 0; i < s->count; i++) {
		page_line(p);
		page_addf(p, STYLE_ACCENT, "%c  ", (char)('A' + i));
		page_words(p, STYLE_PLAIN, 3, m->options[s->options[i]].title);
	}
	page_gap(p);
	for (unsigned wanted = 2; wanted--;)
		for (size_t f = 0; f < m->feature_count; f++)
			if (((s->needs >> f) & 1) == wanted)
				draw_row(p, s, f, cols);
	/* Below, where they stay in sight however far the rows are scrolled. */
	draw_letters(&c->foot, s, cols);
}

static enum context context(const struct view *v)
{
	(void)v;
	return CTX_MATRIX;
}

static void close_matrix(struct view *v)
{
	free(v);
}

static const struct view_ops ops = {
	.name = "matrix",
	.context = context,
	.header = header,
	.draw = draw,
	.command = command,
	.close = close_matrix,
};

struct view *matrix_view(struct app *app, const struct matrix *m, uint64_t needs,
			 const struct scenario *of)
{
	struct matrix_screen *s = xcalloc(1, sizeof(*s));
	s->view.ops = &ops;
	s->view.app = app;
	s->matrix = m;
	s->needs = needs;
	s->count = of ? of->shown_count : m->option_count;
	for (size_t i = 0; i < s->count; i++)
		s->options[i] = of ? of->shown[i].option : (int)i;
	return &s->view;
}
