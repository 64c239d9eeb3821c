/* frame.c -- see frame.h. One layout for all screens: a header and a rule, the body, perhaps a
 * foot, a line for messages, a rule and the footer. Smaller terminals lose, in this order: empty
 * lines and hints, then rules and header, then everything but the body and one line. Wider ones
 * gain nothing but space around: lines of text over 76 columns are hard to read, so the frame stays
 * and is centred.
 *
 *      80x24                          40x12
 *       0  header                      0  body
 *       1  rule                        :
 *       2                             10
 *       3  body                       11  footer or message
 *       :
 *      21  message
 *      22  rule
 *      23  footer
 */
#include "tui/frame.h"
#include "base/utf8.h"
#include "tui/sign.h"

#include <stdio.h>
#include <string.h>

#define MAX_MESSAGE_ROWS 3
#define TALL_ROWS 24 /* the height the screens were designed for */

static int least(int a, int b)
{
	return a < b ? a : b;
}

static int most(int a, int b)
{
	return a > b ? a : b;
}

static void measure_rows(struct frame *f)
{
	f->header = f->tiny ? -1 : 0;
	f->top_rule = f->tiny ? -1 : 1;
	f->body = f->tiny ? 0 : f->small ? 2 : 3;
	f->footer = f->rows - 1;
	f->bottom_rule = f->tiny ? -1 : f->rows - 2;
	f->message = f->tiny ? f->rows - 1 : f->rows - 3;
	f->body_rows = f->message - f->body;
}

void frame_measure(struct frame *f, struct screen_size size)
{
	*f = (struct frame){.rows = size.rows, .cols = size.cols};
	f->too_small = size.rows < MIN_ROWS || size.cols < MIN_COLS;
	f->tiny = size.rows < 16 || size.cols < 50;
	f->small = size.rows < 20 || size.cols < 72;
	f->width = least(size.cols, MAX_FRAME);
	f->left = (size.cols - f->width) / 2;
	f->margin = f->tiny ? 1 : 3;
	f->wide = most(f->width - 2 * f->margin, 1);
	f->text = least(f->wide, MAX_TEXT);
	measure_rows(f);
}

void canvas_reset(struct canvas *c, const struct frame *f, bool wide, bool ascii)
{
	c->frame = f;
	page_reset(&c->body, wide ? f->wide : f->text, ascii);
	page_reset(&c->foot, wide ? f->wide : f->text, ascii);
	c->focus_from = c->focus_to = -1;
	c->has_cursor = c->cursor_in_foot = c->typing = false;
	c->most_rows = 0;
	c->corner = NULL;
}

void canvas_clear(struct canvas *c)
{
	page_clear(&c->body);
	page_clear(&c->foot);
}

void canvas_focus(struct canvas *c)
{
	int last = (int)c->body.count - 1;
	if (c->focus_from < 0)
		c->focus_from = last;
	c->focus_to = last;
}

void canvas_fit(struct canvas *c, int level, int last,
		void (*draw)(const void *of, struct canvas *c, int level), const void *of)
{
	const struct frame *f = c->frame;
	bool wide = c->body.width == f->wide;
	bool ascii = c->body.ascii;
	for (;; level++) {
		canvas_reset(c, f, wide, ascii);
		draw(of, c, level);
		if (level >= last || (int)(c->body.count + c->foot.count) <= f->body_rows)
			break;
	}
}

void canvas_cursor(struct canvas *c, int col)
{
	c->has_cursor = true;
	c->cursor_line = most((int)c->body.count - 1, 0);
	c->cursor_col = col;
}

void canvas_foot_cursor(struct canvas *c, int col)
{
	c->has_cursor = c->cursor_in_foot = true;
	c->cursor_line = most((int)c->foot.count - 1, 0);
	c->cursor_col = col;
}

/* ---- scrolling ----------------------------------------------------------------------- */

static void settle(struct scroll *s, const struct canvas *c, int rows)
{
	int lines = (int)c->body.count;
	s->rows = rows;
	s->lines = lines;
	if (s->follow && c->focus_from >= 0) {
		if (c->focus_to >= s->top + rows)
			s->top = c->focus_to - rows + 1;
		if (c->focus_from < s->top)
			s->top = c->focus_from;
	}
	s->top = most(least(s->top, lines - rows), 0);
}

/* Says that there is more, and with which key. */
static void put_more(const struct frame *f, struct screen *s, const struct scroll *scroll, int row,
		     bool typing)
{
	char text[64];
	int below = scroll->lines - scroll->top - scroll->rows;
	if (below > 0)
		snprintf(text, sizeof(text), "· · ·  %d more %s, %s", below,
			 below == 1 ? "line" : "lines", typing ? "PgDn" : "C-d");
	else
		snprintf(text, sizeof(text), "· · ·  the end, %s goes up", typing ? "PgUp" : "C-u");
	screen_put(s, row, f->left + f->margin, f->wide, STYLE_DIM, text);
}

void frame_put_line(struct screen *s, int row, int col, const struct page_line *l)
{
	if (l->mark)
		screen_put(s, row, most(col - 2, 0), 1, l->mark_style, l->mark);
	for (const struct page_run *r = l->first; r; r = r->next)
		col += screen_put(s, row, col, r->cols, r->style, r->text);
}

/* The foot stands at the bottom; on a tall screen where it would stand on one of 24 rows, unless
 * the body is longer: eyes should not have to travel. */
static int foot_row(const struct frame *f, int foot_rows, int body_lines)
{
	int bottom = f->message - foot_rows;
	return least(bottom, most(f->body + body_lines, TALL_ROWS - 3 - foot_rows));
}

static void put_corner(const struct frame *f, struct screen *s, const struct canvas *c)
{
	struct page p = {0};
	page_reset(&p, f->wide, c->body.ascii);
	page_line(&p);
	page_end(&p, c->corner_style, c->corner);
	frame_put_line(s, f->body - 1, f->left + f->margin, &p.lines[0]);
	page_clear(&p);
}

void frame_put_canvas(const struct frame *f, struct screen *s, const struct canvas *c,
		      struct scroll *scroll)
{
	int col = f->left + f->margin;
	int foot_rows = (int)c->foot.count;
	int rows = most(f->body_rows - foot_rows, 1);
	if (c->most_rows)
		rows = least(rows, c->most_rows);
	bool more = (int)c->body.count > rows;
	if (c->corner && frame_has_corner(f))
		put_corner(f, s, c);
	if (more)
		rows = most(rows - 1, 1);
	settle(scroll, c, rows);
	for (int i = 0; i < rows && scroll->top + i < (int)c->body.count; i++)
		frame_put_line(s, f->body + i, col, &c->body.lines[scroll->top + i]);
	if (more)
		put_more(f, s, scroll, f->body + rows, c->typing);
	int foot = foot_row(f, foot_rows, least((int)c->body.count, rows));
	for (int i = 0; i < foot_rows; i++)
		frame_put_line(s, foot + i, col, &c->foot.lines[i]);
	int cursor = c->cursor_line - scroll->top;
	if (c->has_cursor && c->cursor_in_foot)
		screen_cursor(s, foot + c->cursor_line, col + c->cursor_col);
	else if (c->has_cursor && cursor >= 0 && cursor < rows)
		screen_cursor(s, f->body + cursor, col + c->cursor_col);
}

/* ---- around the body ----------------------------------------------------------------- */

void frame_put_header(const struct frame *f, struct screen *s, const char *left, const char *right)
{
	struct page p = {0};
	if (f->header < 0)
		return;
	page_reset(&p, f->width - 2, screen_ascii(s));
	/* The right side tells where one is: a long title on the left gives way. */
	int room = p.width - utf8_columns(right, strlen(right)) - 2;
	page_cut(&p, STYLE_STRONG, left, room > p.width / 3 ? room : p.width);
	page_end(&p, STYLE_DIM, right);
	page_line(&p);
	frame_put_line(s, f->header, f->left + 1, &p.lines[0]);
	screen_rule(s, f->top_rule, f->left, f->width);
	page_clear(&p);
}

static void put_blank(struct screen *s, int row, int col, int cols)
{
	for (int i = 0; i < cols; i++)
		screen_put(s, row, col + i, 1, STYLE_PLAIN, " ");
}

/* A long message grows upwards, over the end of the body. */
void frame_put_message(const struct frame *f, struct screen *s, enum style style, const char *text)
{
	struct page p = {0};
	page_reset(&p, f->wide, screen_ascii(s));
	page_line(&p);
	page_words(&p, style, 0, text);
	int n = least((int)p.count, MAX_MESSAGE_ROWS);
	for (int i = 0; i < n; i++) {
		int row = f->message - n + 1 + i;
		put_blank(s, row, f->left, f->width);
		frame_put_line(s, row, f->left + f->margin, &p.lines[i]);
	}
	page_clear(&p);
}

void frame_put_too_small(const struct frame *f, struct screen *s)
{
	char text[64];
	snprintf(text, sizeof(text), "Too small: it takes %dx%d", MIN_COLS, MIN_ROWS);
	screen_put(s, f->rows / 2, 0, f->cols, STYLE_PLAIN, text);
}
