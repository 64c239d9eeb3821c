/* page.h -- lines of styled text as a view makes them, before they meet a screen: what scrolls, and
 * what can be tested without a terminal. */
#ifndef TUI_PAGE_H
#define TUI_PAGE_H

#include "base/mem.h"
#include "tui/screen.h"

struct page_run {
	const char *text; /* clean, in the page's arena */
	int cols;
	enum style style;
	struct page_run *next;
};
struct page_line {
	struct page_run *first, *last;
	int cols;
	const char *mark; /* a literal sign for the margin; NULL: none */
	enum style mark_style;
};
/* Zeroed and then page_reset. */
struct page {
	struct arena arena;
	struct page_line *lines;
	size_t count, cap;
	int width; /* columns of a line */
	bool ascii;
	bool full; /* MAX_PAGE_LINES met: what is added after is left out */
};
#define MAX_PAGE_LINES 20000

void page_reset(struct page *p, int width, bool ascii); /* empties */
void page_clear(struct page *p);

/* Start a line. The others add to the last line; without one they start it. */
void page_line(struct page *p);
void page_mark(struct page *p, enum style style, const char *sign); /* beside the last line */
void page_gap(struct page *p); /* an empty line, unless the last one is empty or there is none */
/* Text is made safe and cut to what is left of the line, with an ellipsis. */
void page_add(struct page *p, enum style style, const char *text);
/* The same, cut to so many columns. */
void page_cut(struct page *p, enum style style, const char *text, int cols);
void page_addf(struct page *p, enum style style, const char *fmt, ...) PRINTF(3, 4);
void page_pad(struct page *p, int col); /* spaces up to a column */
void page_end(struct page *p, enum style style,
	      const char *text); /* flush right; left out when there is no room */
void page_bar(struct page *p, enum style style, const char *sign,
	      int n); /* n times a one-column sign */
/* Markdown from the last line's end on; its other lines are indented by hang. style: of what the
 * Markdown does not style itself. */
void page_markdown(struct page *p, enum style style, int hang, const char *source);
/* Plain words, wrapped the same way. */
void page_words(struct page *p, enum style style, int hang, const char *text);
/* Text of any length over as many lines as it needs, broken anywhere: addresses. */
void page_broken(struct page *p, enum style style, int hang, const char *text);
/* The same from the last line's end on, broken behind a space or a comma where there is one: lines
 * of logs. Spaces are kept. */
void page_log(struct page *p, enum style style, int hang, const char *text);

int page_cols(const struct page *p); /* of the last line */

#endif
