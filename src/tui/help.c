/* help.c -- the keys of the screen below, read from the table of commands; "/" filters. Not more
 * than MAX_HELP_LINES are shown at once: a longer list is scrolled and not squeezed. */
#include "base/utf8.h"
#include "tui/line.h"
#include "tui/view.h"

#include <stdlib.h>
#include <string.h>

#define MAX_HELP_LINES 20
#define KEY_COLS 18

struct help {
	struct view view;
	enum context about;
	struct line filter;
	bool filtering;
};

static struct help *self(struct view *v)
{
	return (struct help *)v;
}

static enum view_result command(struct view *v, enum command_id id, const char *arg)
{
	struct help *h = self(v);
	(void)arg;
	if (id == CMD_FILTER || id == CMD_ENTER) {
		h->filtering = id == CMD_FILTER;
		return VIEW_STAY;
	}
	if (id == CMD_BACK && h->filter.text.len) {
		line_set(&h->filter, "");
		h->filtering = false;
		return VIEW_STAY;
	}
	return VIEW_OTHER;
}

static void typed(struct view *v, uint32_t key)
{
	line_key(&self(v)->filter, key);
	v->scroll.top = 0;
}

/* ---- picture ------------------------------------------------------------------------- */

static void header(const struct view *v, struct arena *a, const char **left, const char **right)
{
	*left = arena_printf(a, "Keys · %s", context_names[((const struct help *)v)->about]);
	*right = "";
}

static bool passes(const struct help *h, struct arena *a, const char *keys,
		   const struct key_command *row)
{
	if (!h->filter.text.len)
		return true;
	const char *wanted = utf8_fold(a, str_c(&h->filter.text));
	return strstr(utf8_fold(a, row->help), wanted) || strstr(row->name, wanted) ||
	       strstr(keys, str_c(&h->filter.text));
}

static void draw_row(struct page *p, const char *keys, const struct key_command *row)
{
	page_line(p);
	page_add(p, STYLE_ACCENT, keys);
	page_pad(p, KEY_COLS);
	page_words(p, STYLE_PLAIN, KEY_COLS, row->help);
}

static void draw(const struct view *v, struct canvas *c)
{
	const struct help *h = (const struct help *)v;
	struct page *p = &c->body;
	int cursor;
	c->most_rows = MAX_HELP_LINES;
	for (int i = 0; i < CMD_COUNT; i++) {
		if (!keys_works(h->about, (enum command_id)i))
			continue;
		const char *keys = keys_all(&p->arena, h->about, (enum command_id)i);
		if (!keys[0])
			keys = arena_printf(&p->arena, ":%s", key_commands[i].name);
		if (passes(h, &p->arena, keys, &key_commands[i]))
			draw_row(p, keys, &key_commands[i]);
	}
	if (!h->filtering && !h->filter.text.len)
		return;
	page_line(&c->foot);
	page_add(&c->foot, STYLE_ACCENT, "/ ");
	page_add(&c->foot, STYLE_PLAIN,
		 line_window(&h->filter, &c->foot.arena, c->foot.width - 2, &cursor));
}

static enum context context(const struct view *v)
{
	return ((const struct help *)v)->filtering ? CTX_FILTER : CTX_HELP;
}

static void close_help(struct view *v)
{
	line_clear(&self(v)->filter);
	free(v);
}

static const struct view_ops ops = {
	.name = "help",
	.context = context,
	.header = header,
	.draw = draw,
	.command = command,
	.typed = typed,
	.close = close_help,
};

struct view *help_view(struct app *app, const struct view *about)
{
	struct help *h = xcalloc(1, sizeof(*h));
	h->view.ops = &ops;
	h->view.app = app;
	h->about = about->ops->context(about);
	return &h->view;
}
