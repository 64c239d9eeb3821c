/* screen.h -- the terminal: styled text in cells, keys as they come. The one door to curses. */
#ifndef TUI_SCREEN_H
#define TUI_SCREEN_H

#include "base/diag.h"
#include "study/config.h"
#include "tui/keys.h"

/* What a piece of text is; how that looks on this terminal is screen.c's table. Every style that
 * tells something also has a sign or a word beside it, since there may be no colour. */
enum style {
	STYLE_PLAIN,
	STYLE_DIM,
	STYLE_STRONG,
	STYLE_EM,
	STYLE_CODE,
	STYLE_HEADING,
	STYLE_ACCENT, /* keys, what the eye should rest on */
	STYLE_FOCUS,  /* the row or option the cursor is on */
	STYLE_RIGHT,
	STYLE_WRONG,
	STYLE_WARN,
	STYLE_FLAG,
	STYLE_BLANK, /* cloze holes and what filled them */
	STYLE_INPUT, /* text being typed */
	STYLE_COUNT
};

struct screen_size {
	int rows, cols;
};

struct screen; /* one per process: curses itself has only one */

/* Take over the terminal of stdin and stdout. Codes: screen-terminal (unknown kind). */
bool screen_open(struct screen **out, enum colour_mode colour, enum theme theme, struct diags *d);
void screen_close(struct screen *s); /* gives the terminal back as it was; accepts NULL */
struct screen_size screen_size(const struct screen *s);
/* No UTF-8 here: signs and all other text become ASCII when put. */
bool screen_ascii(const struct screen *s);

/* Give the terminal to a child process or the shell, and take it back. */
void screen_leave(struct screen *s);
void screen_return(struct screen *s);
/* The terminal may have another size now. */
void screen_resized(struct screen *s);
/* Whatever was on the terminal is wrong: draw all of it at the next flush. */
void screen_redraw(struct screen *s);

void screen_erase(struct screen *s);
/* Put text at a cell, at most cols columns of it; wide characters are never split, what must not
 * reach a terminal becomes U+FFFD. Returns the columns taken. */
int screen_put(struct screen *s, int row, int col, int cols, enum style style, const char *text);
void screen_rule(struct screen *s, int row, int col, int cols);
void screen_cursor(struct screen *s, int row, int col); /* where it shows after the next flush */
void screen_flush(struct screen *s);

/* The next key, 0 when none is waiting. Sequences of unknown keys are read and dropped (K_DROPPED
 * is given for them). Never waits but for the rest of an escape sequence, 25 ms. */
uint32_t screen_key(struct screen *s);

#endif
