/* decks.c -- the list of decks: what each holds and what is due in it. */
#include "base/utf8.h"
#include "tui/exchange.h"
#include "tui/list.h"
#include "tui/sign.h"

#include <stdlib.h>

struct decks {
	struct view view;
	struct list list;
	struct arena arena; /* of the items */
	struct store_deck *items;
	size_t count;
};

static struct decks *self(struct view *v)
{
	return (struct decks *)v;
}

static bool load(struct decks *l, struct diags *d)
{
	struct study *s = l->view.app->study;
	arena_clear(&l->arena);
	l->count = 0;
	bool ok = store_decks(s->store, study_now(s), s->config.preset.day_start_min, &l->arena,
			      &l->items, &l->count, d);
	list_set(&l->list, (int)l->count);
	return ok;
}

static bool open_decks(struct view *v, struct diags *d)
{
	return load(self(v), d);
}

static void resume(struct view *v)
{
	struct diags d = {0};
	if (!load(self(v), &d))
		app_report(v->app, &d);
	diags_clear(&d);
}

static void edited(struct view *v)
{
	app_reload(v->app);
	resume(v);
}

static void layout(struct view *v, const struct frame *f)
{
	list_fit(&self(v)->list, f->body_rows - 2);
}

static enum view_result command(struct view *v, enum command_id id, const char *arg)
{
	struct decks *l = self(v);
	struct arena a = {0};
	if (list_command(&l->list, id))
		return VIEW_STAY;
	if (id == CMD_IMPORT_CARDS) {
		exchange_import(v->app, arg);
		return VIEW_STAY;
	}
	if (!l->count ||
	    (id != CMD_OPEN && id != CMD_REVIEW && id != CMD_EDIT && id != CMD_EXPORT_CARDS))
		return VIEW_OTHER;
	const struct store_deck *deck = &l->items[l->list.at];
	const char *query = arena_printf(&a, "deck:%s", deck->slug);
	const struct review_options one = {.query = query, .limit = -1, .new_limit = -1};
	if (id == CMD_OPEN)
		app_push(v->app, search_view(v->app, query, true));
	else if (id == CMD_REVIEW)
		app_push(v->app, session_view(v->app, &one));
	else if (id == CMD_EXPORT_CARDS)
		exchange_export(v->app, query, arg);
	else
		app_edit(v->app, deck->file, 1);
	arena_clear(&a);
	return VIEW_STAY;
}

static const char *offers(const struct view *v, enum command_id id, struct arena *a)
{
	const struct decks *l = (const struct decks *)v;
	if (id != CMD_EXPORT_CARDS || !l->count)
		return NULL;
	return arena_printf(a, "%s.apkg", l->items[l->list.at].slug);
}

static void header(const struct view *v, struct arena *a, const char **left, const char **right)
{
	const struct decks *l = (const struct decks *)v;
	int cards = 0;
	for (size_t i = 0; i < l->count; i++)
		cards += l->items[i].parts;
	*left = "Decks";
	*right = arena_printf(a, "%zu %s · %d %s", l->count,
			      str_plural((long)l->count, "deck", "decks"), cards,
			      str_plural(cards, "card", "cards"));
}

/* The columns of figures, at the right; narrow frames keep the first. */
static const struct column {
	const char *title;
	int cols;
	bool narrow;
} columns[] = {{"due", 6, true},
	       {"new", 6, true},
	       {"learning", 10, false},
	       {"suspended", 11, false},
	       {"cards", 7, false}};

static int column_cols(bool narrow)
{
	int cols = 0;
	for (size_t i = 0; i < ARRAY_LEN(columns); i++)
		cols += narrow && !columns[i].narrow ? 0 : columns[i].cols;
	return cols;
}

static int figure(const struct store_deck *d, size_t column)
{
	const int figures[] = {d->due, d->fresh, d->learning, d->suspended, d->parts};
	return figures[column];
}

static void put_figures(struct page *p, bool narrow, const struct store_deck *d)
{
	int col = p->width - column_cols(narrow);
	for (size_t i = 0; i < ARRAY_LEN(columns); i++) {
		int cols = columns[i].cols;
		if (narrow && !columns[i].narrow)
			continue;
		page_pad(p, col);
		if (d)
			page_addf(p, figure(d, i) ? STYLE_PLAIN : STYLE_DIM, "%*d", cols,
				  figure(d, i));
		else
			page_addf(p, STYLE_DIM, "%*s", cols, columns[i].title);
		col += cols;
	}
}

static void draw(const struct view *v, struct canvas *c)
{
	const struct decks *l = (const struct decks *)v;
	struct page *p = &c->body;
	bool narrow = c->frame->small;
	int title_cols = p->width - column_cols(narrow);
	page_line(p);
	if (!l->count) {
		page_words(p, STYLE_PLAIN, 0,
			   "There are no decks yet. `gatedrill deck new NAME` starts one.");
		return;
	}
	page_add(p, STYLE_DIM, "Deck");
	put_figures(p, narrow, NULL);
	if (!narrow)
		page_line(p);
	for (int i = l->list.top; i < list_end(&l->list); i++) {
		bool here = i == l->list.at;
		page_line(p);
		if (here)
			page_mark(p, STYLE_FOCUS, SIGN_HERE);
		page_cut(p, here ? STYLE_FOCUS : STYLE_PLAIN, l->items[i].title, title_cols - 2);
		put_figures(p, narrow, &l->items[i]);
	}
}

static enum context context(const struct view *v)
{
	(void)v;
	return CTX_DECKS;
}

static void close_decks(struct view *v)
{
	arena_clear(&self(v)->arena);
	free(v);
}

static const struct view_ops ops = {
	.name = "decks",
	.wide = true,
	.context = context,
	.open = open_decks,
	.layout = layout,
	.header = header,
	.draw = draw,
	.command = command,
	.offers = offers,
	.resume = resume,
	.edited = edited,
	.close = close_decks,
};

struct view *decks_view(struct app *app)
{
	struct decks *l = xcalloc(1, sizeof(*l));
	l->view.ops = &ops;
	l->view.app = app;
	return &l->view;
}
