/* items.c -- the questions of a finished exam one by one, with the answer, the reason for every
 * option and where it stands: all of them, or only those that there is something to learn from. */
#include "tui/action.h"
#include "tui/exam.h"
#include "tui/question.h"
#include "tui/sign.h"

#include <stdlib.h>

struct items {
	struct view view;
	struct sitting *sitting; /* borrowed */
	enum sitting_filter filter;
	struct arena arena;
	size_t *numbers; /* of the items walked */
	size_t count, at;
};

static struct items *self(struct view *v)
{
	return (struct items *)v;
}

static struct sitting_review in_front(const struct items *x)
{
	return sitting_review(x->sitting, x->numbers[x->at]);
}

static bool open_items(struct view *v, struct diags *d)
{
	struct items *x = self(v);
	x->count = sitting_filter(x->sitting, x->filter, &x->arena, &x->numbers);
	return x->count > 0 || diag_fail(d, "exam-none", "there is no such question");
}

static void close_items(struct view *v)
{
	arena_clear(&self(v)->arena);
	free(v);
}

static enum view_result command(struct view *v, enum command_id id, const char *arg)
{
	struct items *x = self(v);
	size_t from = x->at;
	(void)arg;
	if (id == CMD_SOURCE) {
		action_show_sources(v->app, in_front(x).item.card);
		return VIEW_STAY;
	}
	if (id == CMD_PROVE) {
		action_prove(v->app, in_front(x).item.card);
		return VIEW_STAY;
	}
	if (id != CMD_ITEM_NEXT && id != CMD_ITEM_PREVIOUS)
		return VIEW_OTHER;
	if (id == CMD_ITEM_NEXT && x->at + 1 < x->count)
		x->at++;
	else if (id == CMD_ITEM_PREVIOUS && x->at)
		x->at--;
	if (x->at == from)
		app_say(v->app, STYLE_PLAIN, "This is the %s one.",
			id == CMD_ITEM_NEXT ? "last" : "first");
	v->scroll = (struct scroll){0};
	return VIEW_STAY;
}

static bool can(const struct view *v, enum command_id id)
{
	const struct items *x = (const struct items *)v;
	if (id == CMD_SOURCE)
		return in_front(x).item.card->source_count > 0;
	if (id == CMD_PROVE)
		return in_front(x).item.card->proof;
	return id != CMD_ITEM_NEXT || x->count > 1;
}

/* ---- picture ------------------------------------------------------------------------- */

static void header(const struct view *v, struct arena *a, const char **left, const char **right)
{
	static const char *const names[] = {"", " wrong", " sure and wrong"};
	const struct items *x = (const struct items *)v;
	*left = arena_printf(a, "Mock exam %lld · question %zu",
			     (long long)sitting_info(x->sitting)->id, x->numbers[x->at] + 1);
	*right = arena_printf(a, "%zu of %zu%s", x->at + 1, x->count, names[x->filter]);
}

static const char *change_text(enum result_change c)
{
	switch (c) {
	case CHANGE_TO_WRONG:
		return ", changed from right to wrong";
	case CHANGE_TO_RIGHT:
		return ", changed from wrong to right";
	case CHANGE_NONE:
		break;
	}
	return "";
}

/* How it was answered, as one line of small print. */
static const char *how(const struct sitting_review *r, struct arena *a)
{
	const struct result_item *i = &r->result;
	const char *sure =
		i->sure == SURE_UNSAID ? "" : arena_printf(a, ", %s", sureness_names[i->sure]);
	return arena_printf(a, "%s%s%s%s%s%s", span_words(a, i->spent_ms), sure,
			    change_text(i->change), i->scored ? "" : ", unscored",
			    r->removed ? ", no longer in a deck" : "",
			    r->reworded ? ", changed in its deck since" : "");
}

static void draw_verdict(const struct sitting_review *r, struct page *p)
{
	page_line(p);
	if (r->result.blank)
		page_add(p, STYLE_WRONG, SIGN_WRONG " Not answered.");
	else if (r->result.right)
		page_add(p, STYLE_RIGHT, SIGN_RIGHT " Right.");
	else
		page_add(p, STYLE_WRONG, SIGN_WRONG " Wrong.");
}

static void draw_item(const void *of, struct canvas *c, int level)
{
	const struct items *x = of;
	struct sitting_review r = in_front(x);
	const struct posed posed = {r.item.card, &r.item.item->ask, r.item.prompt, ""};
	struct page *p = &c->body;
	answer_draw(c, &posed, level < 1);
	if (!c->frame->tiny) {
		answer_small_print(c, r.item.card, NULL);
		small_print(p, "domain", r.domain);
		if (r.task)
			small_print(p, "task", r.task);
		small_print(p, "time", how(&r, &p->arena));
	}
	c->focus_from = c->focus_to = -1;
	draw_verdict(&r, &c->foot);
}

static void draw(const struct view *v, struct canvas *c)
{
	canvas_fit(c, c->frame->small ? 1 : 0, 1, draw_item, v);
}

static enum context context(const struct view *v)
{
	(void)v;
	return CTX_ITEM;
}

static const struct view_ops ops = {
	.name = "items",
	.context = context,
	.open = open_items,
	.header = header,
	.draw = draw,
	.command = command,
	.can = can,
	.close = close_items,
};

struct view *items_view(struct app *app, struct sitting *sitting, enum sitting_filter filter)
{
	struct items *x = xcalloc(1, sizeof(*x));
	x->view.ops = &ops;
	x->view.app = app;
	x->sitting = sitting;
	x->filter = filter;
	return &x->view;
}
