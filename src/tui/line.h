/* line.h -- one line of text being typed: a cursor between characters, and the keys that edit. */
#ifndef TUI_LINE_H
#define TUI_LINE_H

#include "base/str.h"

#include <stdint.h>

#define MAX_LINE_BYTES 1000

/* Zeroed is an empty line. */
struct line {
	struct str text; /* UTF-8, no control characters */
	size_t at;       /* byte offset of the cursor */
};
void line_clear(struct line *l);
void line_set(struct line *l, const char *text); /* cleaned; the cursor goes to the end */
/* Would line_key do something with this key in some line? */
bool line_takes(uint32_t key);
/* Edit; true when the text changed (not when only the cursor moved). */
bool line_key(struct line *l, uint32_t key);
/* The piece of the text to show in cols columns so that the cursor is in it, in the arena; the
 * cursor's column in it goes to *cursor. */
const char *line_window(const struct line *l, struct arena *a, int cols, int *cursor);

#endif
