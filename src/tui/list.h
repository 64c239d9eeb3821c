/* list.h -- a marked row in a list of which a window is seen. */
#ifndef TUI_LIST_H
#define TUI_LIST_H

#include "tui/keys.h"

#include <stddef.h>

/* Zeroed is empty. */
struct list {
	int count, at; /* rows; the marked one */
	int top, rows; /* what is seen */
};
void list_set(struct list *l, int count); /* another list: the mark stays where it is if it can */
void list_fit(struct list *l, int rows);  /* rows of the window; keeps the mark in it */
/* Up, down, pages, top and end; false: not one of these. */
bool list_command(struct list *l, enum command_id id);
static inline int list_end(const struct list *l) /* one past the last row seen */
{
	return l->top + l->rows < l->count ? l->top + l->rows : l->count;
}

#endif
