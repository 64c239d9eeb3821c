/* trees.c -- the list of decision trees and what was done with each. */
#include "base/utf8.h"
#include "tui/list.h"
#include "tui/sign.h"
#include "tui/tree.h"

#include <stdlib.h>

#define CASES 10 /* of a drill or a round of walks */

struct trees {
	struct view view;
	struct shelf shelf;
	struct list list;
};

static struct trees *self(struct view *v)
{
	return (struct trees *)v;
}

bool open_shelf(struct app *app, struct shelf *out, struct diags *d)
{
	struct diags files = {0};
	return app_shelf(app, shelf_open(out, app->study, &files), &files, d);
}

static bool open_trees(struct view *v, struct diags *d)
{
	struct trees *t = self(v);
	if (!open_shelf(v->app, &t->shelf, d))
		return false;
	list_set(&t->list, (int)t->shelf.count);
	return true;
}

static void close_trees(struct view *v)
{
	shelf_clear(&self(v)->shelf);
	free(v);
}

static void layout(struct view *v, const struct frame *f)
{
	list_fit(&self(v)->list, f->body_rows / 3);
}

static bool mode_of(enum command_id id, enum tree_mode *mode)
{
	if (id == CMD_OPEN || id == CMD_ADVISE)
		*mode = TREE_ADVISE;
	else if (id == CMD_DRILL)
		*mode = TREE_DRILL;
	else if (id == CMD_WALK)
		*mode = TREE_WALK;
	else
		return false;
	return true;
}

static enum view_result command(struct view *v, enum command_id id, const char *arg)
{
	struct trees *t = self(v);
	struct tree_options o = {.cases = CASES};
	(void)arg;
	if (list_command(&t->list, id))
		return VIEW_STAY;
	if (!t->shelf.count)
		return VIEW_OTHER;
	struct shelf_tree *tree = &t->shelf.trees[t->list.at];
	if (id == CMD_MATRIX)
		app_push(v->app, matrix_view(v->app, tree->matrix, 0, NULL));
	else if (mode_of(id, &o.mode))
		app_push(v->app, case_view(v->app, tree, NULL, &o));
	else
		return VIEW_OTHER;
	return VIEW_STAY;
}

static bool can(const struct view *v, enum command_id id)
{
	const struct trees *t = (const struct trees *)v;
	bool about_one = id == CMD_OPEN || id == CMD_ADVISE || id == CMD_DRILL || id == CMD_WALK ||
			 id == CMD_MATRIX;
	if (id == CMD_DOWN)
		return t->list.count > 1;
	return !about_one || t->shelf.count > 0;
}

/* ---- picture ------------------------------------------------------------------------- */

static void header(const struct view *v, struct arena *a, const char **left, const char **right)
{
	const struct trees *t = (const struct trees *)v;
	*left = "Decision trees";
	*right = arena_printf(a, "%zu %s", t->shelf.count,
			      str_plural((long)t->shelf.count, "tree", "trees"));
}

static void draw_tree(struct canvas *c, const struct shelf_tree *t, bool here)
{
	struct page *p = &c->body;
	struct str progress = {0};
	page_gap(p);
	page_line(p);
	if (here)
		page_mark(p, STYLE_FOCUS, SIGN_HERE);
	page_cut(p, here ? STYLE_FOCUS : STYLE_PLAIN, t->tree.title, p->width);
	if (here)
		canvas_focus(c);
	shelf_progress(&progress, t);
	page_line(p);
	page_pad(p, 2);
	page_add(p, STYLE_DIM, str_c(&progress));
	if (here)
		canvas_focus(c);
	str_clear(&progress);
}

static void draw(const struct view *v, struct canvas *c)
{
	const struct trees *t = (const struct trees *)v;
	if (!t->shelf.count) {
		page_line(&c->body);
		page_add(&c->body, STYLE_PLAIN, "There are no decision trees.");
	}
	for (int i = 0; i < t->list.count; i++)
		draw_tree(c, &t->shelf.trees[i], i == t->list.at);
}

static enum context context(const struct view *v)
{
	(void)v;
	return CTX_TREES;
}

static const struct view_ops ops = {
	.name = "trees",
	.context = context,
	.open = open_trees,
	.layout = layout,
	.header = header,
	.draw = draw,
	.command = command,
	.can = can,
	.close = close_trees,
};

struct view *trees_view(struct app *app)
{
	struct trees *t = xcalloc(1, sizeof(*t));
	t->view.ops = &ops;
	t->view.app = app;
	return &t->view;
}
