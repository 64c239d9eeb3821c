/* area.c -- see area.h. Rows are lines as line.c edits them; what they cannot hold, such as tabs or
 * a row of thousands of characters, is refused as a whole, so that nothing is changed unseen. */
#include "tui/area.h"
#include "base/utf8.h"
#include "tui/keys.h"

#include <stdlib.h>
#include <string.h>

void area_clear(struct area *a)
{
	for (int i = 0; i < a->count; i++)
		line_clear(&a->rows[i]);
	free(a->rows);
	*a = (struct area){0};
}

static struct line *insert_row(struct area *a, int at)
{
	a->rows = array_grow(a->rows, &a->cap, (size_t)a->count + 1, sizeof(*a->rows));
	memmove(&a->rows[at + 1], &a->rows[at], (size_t)(a->count - at) * sizeof(*a->rows));
	a->rows[at] = (struct line){0};
	a->count++;
	return &a->rows[at];
}

static void remove_row(struct area *a, int at)
{
	line_clear(&a->rows[at]);
	a->count--;
	memmove(&a->rows[at], &a->rows[at + 1], (size_t)(a->count - at) * sizeof(*a->rows));
}

/* The row with the cursor, made if there is none. */
static struct line *here(struct area *a)
{
	if (!a->count)
		insert_row(a, 0);
	return &a->rows[a->at];
}

static bool add_row(struct area *a, const char *text, size_t n)
{
	char *copy = xstrndup(text, n);
	struct line *l = insert_row(a, a->count);
	line_set(l, copy);
	bool same = str_eq(str_c(&l->text), copy) && strlen(copy) == n;
	free(copy);
	return same;
}

bool area_set(struct area *a, const char *text)
{
	area_clear(a);
	for (const char *p = text;; p++) {
		size_t n = strcspn(p, "\n");
		if (a->count == MAX_AREA_ROWS || !add_row(a, p, n)) {
			area_clear(a);
			return false;
		}
		p += n;
		if (!*p)
			break;
	}
	a->at = a->count - 1;
	return true;
}

void area_text(const struct area *a, struct str *out)
{
	for (int i = 0; i < a->count; i++)
		str_addf(out, "%s%s", i ? "\n" : "", str_c(&a->rows[i].text));
}

bool area_empty(const struct area *a)
{
	for (int i = 0; i < a->count; i++)
		if (a->rows[i].text.len)
			return false;
	return true;
}

/* Put the row after `at` at the end of this one. */
static bool join(struct area *a, int at)
{
	struct line *l = &a->rows[at], *next = &a->rows[at + 1];
	if (l->text.len + next->text.len > MAX_LINE_BYTES)
		return false;
	l->at = l->text.len;
	str_add(&l->text, str_c(&next->text));
	remove_row(a, at + 1);
	a->at = at;
	return true;
}

bool area_key(struct area *a, uint32_t key)
{
	struct line *l = here(a);
	if (key == K_BACKSPACE && l->at == 0)
		return a->at > 0 && join(a, a->at - 1);
	if (key == K_DELETE && l->at == l->text.len)
		return a->at + 1 < a->count && join(a, a->at);
	return line_key(l, key);
}

void area_break(struct area *a)
{
	struct line *l = here(a);
	if (a->count >= MAX_AREA_ROWS)
		return;
	size_t at = l->at;
	struct line *next = insert_row(a, a->at + 1);
	l = &a->rows[a->at];
	str_add(&next->text, str_c(&l->text) + at);
	str_truncate(&l->text, at);
	next->at = 0;
	a->at++;
}

bool area_move(struct area *a, int by)
{
	int to = a->at + by;
	if (to < 0 || to >= a->count)
		return false;
	const struct line *from = &a->rows[a->at];
	struct line *l = &a->rows[to];
	int cols = utf8_columns(str_c(&from->text), from->at);
	l->at = utf8_fit(str_c(&l->text), l->text.len, cols);
	a->at = to;
	return true;
}

int area_rows(const struct area *a)
{
	return a->count ? a->count : 1;
}

const struct line *area_row(const struct area *a, int i)
{
	static const struct line empty;
	return i < a->count ? &a->rows[i] : &empty;
}
