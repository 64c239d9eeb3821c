/* area.h -- a few lines of text being typed: headers, a body. */
#ifndef TUI_AREA_H
#define TUI_AREA_H

#include "tui/line.h"

#define MAX_AREA_ROWS 200

/* Zeroed is one empty row. */
struct area {
	struct line *rows;
	int count, at; /* count 0: never touched */
	size_t cap;
};
void area_clear(struct area *a);
/* False: it has lines, or characters, that cannot be edited here as they are; the area is empty
 * then. The cursor goes to the end. */
bool area_set(struct area *a, const char *text);
void area_text(const struct area *a, struct str *out); /* appends; rows joined by newlines */
bool area_empty(const struct area *a);
/* Edit; true when the text changed. Backspace and Delete join rows. */
bool area_key(struct area *a, uint32_t key);
void area_break(struct area *a);        /* a new line at the cursor */
bool area_move(struct area *a, int by); /* rows up or down; false: there is no further one */
int area_rows(const struct area *a);    /* at least 1 */
const struct line *area_row(const struct area *a, int i);

#endif
