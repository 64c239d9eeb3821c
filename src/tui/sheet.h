/* sheet.h -- fields with labels, one below the other, and a button: a request, a connection. */
#ifndef TUI_SHEET_H
#define TUI_SHEET_H

#include "tui/area.h"
#include "tui/view.h"

#define MAX_FIELDS 12

struct field {
	const char *label, *hint; /* literals; hint: while it is empty */
	bool several;             /* lines */
	bool hidden;
	struct line line; /* of one line */
	struct area area; /* of several */
	/* A text of several lines that is too long, or too odd, to be edited here; empty: none. */
	struct str whole;
};
struct sheet {
	struct field fields[MAX_FIELDS];
	int count;
	int at;             /* count: the button */
	const char *button; /* "Send" */
};
void sheet_clear(struct sheet *f);
/* Text of a field, borrowed until it changes or the next call for one of several lines. */
void sheet_text(const struct sheet *f, int field, struct str *out); /* appends */
void sheet_set(struct sheet *f, int field, const char *text);
bool sheet_in_text(const struct sheet *f); /* the cursor is in one of several lines */

enum sheet_result { SHEET_OTHER, SHEET_DONE, SHEET_SUBMIT };
enum sheet_result sheet_command(struct sheet *f, enum command_id id);
void sheet_typed(struct sheet *f, uint32_t key);
/* Into the body of the canvas; the field with the cursor is its focus. */
void sheet_draw(const struct sheet *f, struct canvas *c);

#endif
