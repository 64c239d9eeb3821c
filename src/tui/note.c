/* note.c -- a text to read and put away: addresses of sources, what is wrong with an edited file.
 */
#include "tui/view.h"

#include <stdlib.h>
#include <string.h>

struct note {
	struct view view;
	char *title, *text, *file;
	int line;
};

static enum view_result command(struct view *v, enum command_id id, const char *arg)
{
	const struct note *n = (const struct note *)v;
	(void)arg;
	if (id != CMD_EDIT)
		return VIEW_OTHER;
	if (n->file)
		app_edit(v->app, n->file, n->line);
	return VIEW_STAY;
}

static bool can(const struct view *v, enum command_id id)
{
	return id != CMD_EDIT || ((const struct note *)v)->file;
}

static void header(const struct view *v, struct arena *a, const char **left, const char **right)
{
	(void)a;
	(void)right;
	*left = ((const struct note *)v)->title;
}

static void draw(const struct view *v, struct canvas *c)
{
	const struct note *n = (const struct note *)v;
	struct page *p = &c->body;
	for (const char *line = n->text; *line;) {
		size_t len = strcspn(line, "\n");
		char *text = arena_strndup(&p->arena, line, len);
		page_line(p);
		if (text[0] == ' ')
			page_broken(p, STYLE_ACCENT, 0, text + 1);
		else
			page_words(p, STYLE_PLAIN, 0, text);
		line += len + (line[len] == '\n');
	}
}

static enum context context(const struct view *v)
{
	(void)v;
	return CTX_NOTE;
}

static void close_note(struct view *v)
{
	struct note *n = (struct note *)v;
	free(n->title);
	free(n->text);
	free(n->file);
	free(n);
}

static const struct view_ops ops = {
	.name = "note",
	.wide = true,
	.context = context,
	.header = header,
	.draw = draw,
	.command = command,
	.can = can,
	.close = close_note,
};

struct view *note_view(struct app *app, const char *title, const char *text, const char *file,
		       int line)
{
	struct note *n = xcalloc(1, sizeof(*n));
	n->view.ops = &ops;
	n->view.app = app;
	n->title = xstrdup(title);
	n->text = xstrdup(text);
	n->file = file ? xstrdup(file) : NULL;
	n->line = line;
	return &n->view;
}
