/* pick.c -- one of a few, where a digit or a letter would not do: the ready requests of a lab, the
 * stages to deploy, the files to edit. What is picked goes to the view below as the argument of a
 * command, as if it had been typed there. */
#include "base/utf8.h"
#include "tui/lab.h"
#include "tui/list.h"
#include "tui/sign.h"

#include <stdlib.h>
#include <string.h>

struct pick {
	struct view view;
	struct arena arena;
	const char *title;
	struct pick_row *rows;
	struct list list;
	enum command_id id;
};

static struct pick *self(struct view *v)
{
	return (struct pick *)v;
}

static enum view_result command(struct view *v, enum command_id id, const char *arg)
{
	struct pick *k = self(v);
	(void)arg;
	if (list_command(&k->list, id))
		return VIEW_STAY;
	if (id != CMD_OPEN || !k->list.count)
		return VIEW_OTHER;
	app_next(v->app, k->id, k->rows[k->list.at].arg, true);
	return VIEW_BACK;
}

static bool can(const struct view *v, enum command_id id)
{
	return id != CMD_DOWN || ((const struct pick *)v)->list.count > 1;
}

static void layout(struct view *v, const struct frame *f)
{
	list_fit(&self(v)->list, f->body_rows);
}

static void header(const struct view *v, struct arena *a, const char **left, const char **right)
{
	(void)a;
	(void)right;
	*left = ((const struct pick *)v)->title;
}

static int widest(const struct pick *k)
{
	int cols = 0;
	for (int i = 0; i < k->list.count; i++) {
		int n = utf8_columns(k->rows[i].text, strlen(k->rows[i].text));
		cols = n > cols ? n : cols;
	}
	return cols;
}

static void draw(const struct view *v, struct canvas *c)
{
	const struct pick *k = (const struct pick *)v;
	struct page *p = &c->body;
	bool notes = p->width >= 50; /* else the texts have all of it */
	int room = notes ? p->width - 24 : p->width;
	int cols = widest(k) < room ? widest(k) : room;
	for (int i = 0; i < k->list.count; i++) {
		bool here = i == k->list.at;
		page_line(p);
		if (here)
			page_mark(p, STYLE_FOCUS, SIGN_HERE);
		page_cut(p, here ? STYLE_FOCUS : STYLE_PLAIN, k->rows[i].text, cols);
		if (notes && k->rows[i].note) {
			page_pad(p, cols + 3);
			page_add(p, STYLE_DIM, k->rows[i].note);
		}
		if (here)
			canvas_focus(c);
	}
}

static enum context context(const struct view *v)
{
	(void)v;
	return CTX_PICK;
}

static void close_pick(struct view *v)
{
	arena_clear(&self(v)->arena);
	free(v);
}

static const struct view_ops ops = {
	.name = "pick",
	.wide = true,
	.context = context,
	.layout = layout,
	.header = header,
	.draw = draw,
	.command = command,
	.can = can,
	.close = close_pick,
};

struct view *pick_view(struct app *app, const char *title, const struct pick_row *rows,
		       size_t count, enum command_id id)
{
	struct pick *k = xcalloc(1, sizeof(*k));
	k->view.ops = &ops;
	k->view.app = app;
	k->view.scroll.follow = true;
	k->title = arena_strdup(&k->arena, title);
	k->rows = arena_alloc(&k->arena, (count + 1) * sizeof(*k->rows));
	for (size_t i = 0; i < count; i++) {
		const struct pick_row *r = &rows[i];
		k->rows[i] = (struct pick_row){arena_strdup(&k->arena, r->arg),
					       arena_strdup(&k->arena, r->text),
					       r->note ? arena_strdup(&k->arena, r->note) : NULL};
	}
	list_set(&k->list, (int)count);
	k->id = id;
	return &k->view;
}
