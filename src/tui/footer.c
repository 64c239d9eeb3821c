/* footer.c -- see footer.h. The table of commands says what could stand here and how much it
 * matters; what fits is kept by rank and shown in the table's order, so that a key does not jump
 * about when the window changes. */
#include "tui/footer.h"
#include "base/utf8.h"
#include "tui/sign.h"

#include <stdio.h>
#include <string.h>

struct entry {
	const struct key_command *row;
	char key[MAX_KEY_NAME];
	int cols;
	bool shown;
};

static int columns(const char *s)
{
	return utf8_columns(s, strlen(s));
}

/* Quitting is offered where there is nothing to go back to. */
static bool offered(const struct view *v, enum context c, enum command_id id)
{
	if (!key_commands[id].label || !keys_works(c, id))
		return false;
	if (id == CMD_QUIT && c != CTX_HOME)
		return false;
	if (id == CMD_PROMPT && !context_takes_text(c))
		return false;
	return !v->ops->can || v->ops->can(v, id);
}

/* "a-d", "1-9": as much of the range as is of use. */
static void range_text(struct entry *e, int letters)
{
	char first = e->row->keys[0], last = e->row->keys[2];
	if (first + letters - 1 < last)
		last = (char)(first + letters - 1);
	if (letters == 1)
		snprintf(e->key, sizeof(e->key), "%c", first);
	else
		snprintf(e->key, sizeof(e->key), "%c-%c", first, last);
}

static int collect(const struct view *v, struct entry entries[CMD_COUNT])
{
	enum context c = v->ops->context(v);
	int n = 0;
	for (int i = 0; i < CMD_COUNT; i++) {
		uint32_t key = keys_first(c, (enum command_id)i);
		if (key == K_NONE || !offered(v, c, (enum command_id)i))
			continue;
		struct entry *e = &entries[n++];
		*e = (struct entry){.row = &key_commands[i]};
		keys_text(key, e->key);
		if (keys_ranged((enum command_id)i) && v->ops->letters)
			range_text(e, v->ops->letters(v));
		else if (e->row->shown)
			snprintf(e->key, sizeof(e->key), "%s", e->row->shown);
		e->cols = columns(e->key) + 1 + columns(e->row->label);
	}
	return n;
}

/* Show entries by rank until there is no room. */
static void choose(struct entry *entries, int n, int room, int gap)
{
	for (int rank = 1; rank <= 20; rank++) {
		for (int i = 0; i < n; i++) {
			struct entry *e = &entries[i];
			if (e->row->rank != rank || e->cols + gap > room)
				continue;
			e->shown = true;
			room -= e->cols + gap;
		}
	}
}

static void put_entry(struct page *p, const struct entry *e)
{
	page_add(p, STYLE_ACCENT, e->key);
	page_add(p, STYLE_PLAIN, " ");
	page_add(p, STYLE_DIM, e->row->label);
}

static int put_side(struct page *p, const struct entry *entries, int n, bool right, int gap)
{
	int cols = 0;
	for (int i = 0; i < n; i++) {
		if (!entries[i].shown || entries[i].row->at_right != right)
			continue;
		if (p && page_cols(p) && cols)
			page_pad(p, page_cols(p) + gap);
		if (p)
			put_entry(p, &entries[i]);
		cols += entries[i].cols + (cols ? gap : 0);
	}
	return cols;
}

void footer_put(const struct frame *f, struct screen *s, const struct view *v)
{
	struct entry entries[CMD_COUNT];
	struct page p = {0};
	int gap = f->small ? 2 : 3;
	int n = collect(v, entries);
	choose(entries, n, f->width - 2 + gap, gap);
	page_reset(&p, f->width - 2, screen_ascii(s));
	page_line(&p);
	put_side(&p, entries, n, false, gap);
	page_pad(&p, f->width - 2 - put_side(NULL, entries, n, true, gap));
	put_side(&p, entries, n, true, gap);
	frame_put_line(s, f->footer, f->left + 1, &p.lines[0]);
	page_clear(&p);
}
