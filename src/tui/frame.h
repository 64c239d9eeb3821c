/* frame.h -- where things stand on a screen of any size, and how a picture gets there. */
#ifndef TUI_FRAME_H
#define TUI_FRAME_H

#include "tui/page.h"
#include "tui/screen.h"

#define MIN_ROWS 12
#define MIN_COLS 40
#define MAX_FRAME 100 /* columns used of a wide terminal; the frame stands in its middle */
#define MAX_TEXT 76   /* columns of running text */

/* Rows are screen rows, -1 for what is not shown at this size. Columns count from `left`. */
struct frame {
	int rows, cols;  /* of the screen */
	int left, width; /* of the frame */
	bool too_small;  /* only a line that says so */
	bool tiny;       /* no header, no rules; messages take the place of the footer */
	bool small;      /* hints and side columns are left out */
	int header, top_rule, body, body_rows, message, bottom_rule, footer;
	int margin;     /* columns left and right of the body */
	int text, wide; /* columns for running text, for lists */
};
void frame_measure(struct frame *f, struct screen_size size);
static inline bool frame_has_corner(const struct frame *f) /* a free row above the body */
{
	return f->body - 1 > f->top_rule;
}

/* What a view draws into. */
struct canvas {
	const struct frame *frame;
	struct page body;   /* scrolls */
	struct page foot;   /* stands below it, always whole */
	const char *corner; /* what stands at the right end of the free row above the body; NULL */
	enum style corner_style;
	int most_rows; /* of the body that are shown at once; 0: as many as there is room for */
	int focus_from, focus_to; /* lines of the body to keep in sight; -1: none */
	bool typing;              /* letters with Ctrl belong to a line of text: others scroll */
	bool has_cursor;
	bool cursor_in_foot;
	int cursor_line, cursor_col; /* in the body, or the foot */
};
/* Ready to be drawn in; wide: the body takes all of the frame. */
void canvas_reset(struct canvas *c, const struct frame *f, bool wide, bool ascii);
void canvas_clear(struct canvas *c);
/* Keep the last line of the body in sight. */
void canvas_focus(struct canvas *c);
/* Draw anew, ever closer, until all fits: from one level to the last, which is kept as it is. 0 is
 * the airiest. of: handed on. */
void canvas_fit(struct canvas *c, int level, int last,
		void (*draw)(const void *of, struct canvas *c, int level), const void *of);
/* The cursor stands at a column of the body's last line. */
void canvas_cursor(struct canvas *c, int col);
void canvas_foot_cursor(struct canvas *c, int col); /* the same of the foot */

/* How far a body is scrolled; kept by its view. */
struct scroll {
	int top;
	bool follow; /* go where the focus is */
	int rows;    /* of the body when it was last drawn, lines it had: for paging */
	int lines;
};
void frame_put_canvas(const struct frame *f, struct screen *s, const struct canvas *c,
		      struct scroll *scroll);
void frame_put_header(const struct frame *f, struct screen *s, const char *left, const char *right);
void frame_put_message(const struct frame *f, struct screen *s, enum style style, const char *text);
void frame_put_line(struct screen *s, int row, int col, const struct page_line *l);
void frame_put_too_small(const struct frame *f, struct screen *s);

#endif
