/* list.c -- see list.h. The window moves no further than it must, so that rows stay where the eye
 * left them. */
#include "tui/list.h"

static int within(int n, int low, int high)
{
	if (n > high)
		n = high;
	return n < low ? low : n;
}

void list_set(struct list *l, int count)
{
	l->count = count;
	l->at = within(l->at, 0, count - 1);
	list_fit(l, l->rows);
}

void list_fit(struct list *l, int rows)
{
	l->rows = rows < 1 ? 1 : rows;
	l->top = within(l->top, l->at - l->rows + 1, l->at);
	l->top = within(l->top, 0, l->count - l->rows);
}

static void go(struct list *l, int at)
{
	l->at = within(at, 0, l->count - 1);
	list_fit(l, l->rows);
}

bool list_command(struct list *l, enum command_id id)
{
	int half = l->rows > 1 ? l->rows / 2 : 1;
	int to;
	if (id == CMD_UP)
		to = l->at - 1;
	else if (id == CMD_DOWN)
		to = l->at + 1;
	else if (id == CMD_PAGE_UP)
		to = l->at - half;
	else if (id == CMD_PAGE_DOWN)
		to = l->at + half;
	else if (id == CMD_TOP)
		to = 0;
	else if (id == CMD_BOTTOM)
		to = l->count - 1;
	else
		return false;
	go(l, to);
	return true;
}
