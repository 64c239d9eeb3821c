/* grid.h -- numbered cells in rows, one of them marked: all questions of an exam at a glance. */
#ifndef TUI_GRID_H
#define TUI_GRID_H

#include "tui/frame.h"
#include "tui/keys.h"

/* What stands in a cell beside its number: one sign, or two of one column each. */
struct grid_cell {
	const char *sign;
	enum style style;
	bool flagged;
};
/* Zeroed is empty. */
struct grid {
	int count, at; /* cells; the marked one */
	int columns;   /* of the last lay-out */
};
void grid_set(struct grid *g, int count);
/* How many cells stand in a row of so many columns of text: ten where there is room, since ten is
 * what people count in. */
void grid_fit(struct grid *g, int cols);
/* Arrows, top and end; false: not one of these. Left and right go on over the end of a row. */
bool grid_command(struct grid *g, enum command_id id);
/* Draw into the body; the marked cell's line is its focus. airy: an empty line between rows. */
void grid_draw(const struct grid *g, struct canvas *c, bool airy,
	       struct grid_cell (*cell)(const void *of, int i), const void *of);

#endif
