/* search.c -- cards that meet a query, found again with every key press; also how the cards of a
 * deck are listed (deck:name). A query gives a set of ids, which costs little; the rows themselves
 * are read only for the window that is seen. While the query is being typed an unfinished word is
 * no error; what is wrong with it stands in the place of the count. */
#include "base/utf8.h"
#include "study/query.h"
#include "tui/action.h"
#include "tui/exchange.h"
#include "tui/line.h"
#include "tui/list.h"
#include "tui/sign.h"

#include <stdlib.h>
#include <string.h>

struct search {
	struct view view;
	struct line line;
	bool typing;
	struct list list;
	int64_t *ids;
	size_t cap;
	struct str problem;      /* with the query */
	struct arena arena;      /* of rows */
	struct store_item *rows; /* of the window, from list.top on */
	int row_count;
};

static struct search *self(struct view *v)
{
	return (struct search *)v;
}

static void find(struct search *s)
{
	struct diags d = {0};
	struct idset found = {0};
	size_t n = 0;
	str_reset(&s->problem);
	if (study_find(s->view.app->study, str_c(&s->line.text), true, &found, &d)) {
		n = idset_count(&found);
		s->ids = array_grow(s->ids, &s->cap, n + 1, sizeof(*s->ids));
		size_t k = 0;
		for (int64_t id = idset_next(&found, 0); id; id = idset_next(&found, id))
			s->ids[k++] = id;
		list_set(&s->list, (int)n);
	} else {
		str_add(&s->problem, diags_first(&d));
		list_set(&s->list, 0);
	}
	idset_clear(&found);
	diags_clear(&d);
}

static bool open_search(struct view *v, struct diags *d)
{
	(void)d;
	find(self(v));
	return true;
}

static void layout(struct view *v, const struct frame *f)
{
	struct search *s = self(v);
	struct diags d = {0};
	list_fit(&s->list, f->body_rows - (f->small ? 1 : 2));
	arena_clear(&s->arena);
	s->row_count = 0;
	s->rows = arena_alloc(&s->arena, (size_t)(s->list.rows + 1) * sizeof(*s->rows));
	for (int i = s->list.top; i < list_end(&s->list); i++)
		if (review_row(v->app->study, s->ids[i], &s->arena, &s->rows[s->row_count], &d))
			s->row_count++;
	if (d.errors)
		app_report(v->app, &d);
	diags_clear(&d);
}

static void refresh(struct view *v)
{
	find(self(v));
}

static void edited(struct view *v)
{
	app_reload(v->app);
	find(self(v));
}

/* ---- commands ------------------------------------------------------------------------ */

static const struct store_item *here(struct search *s)
{
	int i = s->list.at - s->list.top;
	return i >= 0 && i < s->row_count ? &s->rows[i] : NULL;
}

static void sources(struct view *v, int64_t part_id)
{
	struct arena a = {0};
	struct deck deck = {0};
	struct review_card rc;
	struct diags d = {0};
	if (review_read_card(v->app->study, part_id, &a, &deck, &rc, &d))
		action_show_sources(v->app, rc.card);
	app_report(v->app, &d);
	deck_clear(&deck);
	arena_clear(&a);
}

static bool on_card(struct view *v, enum command_id id, const char *arg)
{
	const struct store_item *item = here(self(v));
	bool changed;
	if (!item)
		return false;
	if (action_do(v->app, id, arg, item, &changed)) {
		if (changed)
			find(self(v));
		return true;
	}
	if (id == CMD_OPEN)
		app_push(v->app, card_view(v->app, item->part_id));
	else if (id == CMD_EDIT)
		app_edit(v->app, item->file, item->line);
	else if (id == CMD_SOURCE)
		sources(v, item->part_id);
	else
		return false;
	return true;
}

static enum view_result command(struct view *v, enum command_id id, const char *arg)
{
	struct search *s = self(v);
	if (id == CMD_TO_LIST || id == CMD_EDIT_QUERY) {
		s->typing = id == CMD_EDIT_QUERY || !s->list.count;
		return VIEW_STAY;
	}
	if (id == CMD_UNDO || id == CMD_REDO) {
		if (id == CMD_UNDO ? app_undo(v->app) : app_redo(v->app))
			find(s);
		return VIEW_STAY;
	}
	if (id == CMD_EXPORT_CARDS) {
		exchange_export(v->app, str_c(&s->line.text), arg);
		return VIEW_STAY;
	}
	if (id == CMD_IMPORT_CARDS) {
		exchange_import(v->app, arg);
		return VIEW_STAY;
	}
	return list_command(&s->list, id) || on_card(v, id, arg) ? VIEW_STAY : VIEW_OTHER;
}

static void typed(struct view *v, uint32_t key)
{
	struct search *s = self(v);
	if (!line_key(&s->line, key))
		return;
	s->list.at = 0;
	find(s);
}

/* ---- picture ------------------------------------------------------------------------- */

static void header(const struct view *v, struct arena *a, const char **left, const char **right)
{
	const struct search *s = (const struct search *)v;
	*left = "Search";
	*right =
		arena_printf(a, "%d %s", s->list.count, str_plural(s->list.count, "card", "cards"));
}

static void draw_query(const struct search *s, struct canvas *c)
{
	struct page *p = &c->body;
	int cursor;
	int cols = p->width - 2;
	page_line(p);
	page_add(p, STYLE_ACCENT, "/ ");
	if (s->typing || s->line.text.len) {
		page_add(p, s->typing ? STYLE_PLAIN : STYLE_STRONG,
			 line_window(&s->line, &p->arena, cols, &cursor));
		if (s->typing)
			canvas_cursor(c, 2 + cursor);
	} else {
		page_add(p, STYLE_DIM, "all cards");
	}
	if (s->problem.len) {
		page_line(p);
		page_add(p, STYLE_WARN, str_c(&s->problem));
	} else if (!c->frame->small) {
		page_line(p);
	}
}

/* What the query language offers, while there is nothing to look for yet. */
static void draw_terms(struct page *p, int rows)
{
	for (size_t i = 0; i < query_term_count && (int)p->count < rows; i++) {
		page_line(p);
		page_add(p, STYLE_CODE, query_terms[i].form);
		page_pad(p, 16);
		page_add(p, STYLE_DIM, query_terms[i].help);
	}
}

static void draw_row(const struct search *s, struct canvas *c, const struct store_item *item,
		     bool marked)
{
	struct page *p = &c->body;
	int32_t today = study_today(s->view.app->study);
	int when_cols = c->frame->small ? 0 : 13;
	int flags_cols = 4;
	page_line(p);
	if (marked)
		page_mark(p, STYLE_FOCUS, SIGN_HERE);
	enum style style = marked ? STYLE_FOCUS : item->state.suspended ? STYLE_DIM : STYLE_PLAIN;
	page_cut(p, style, item->title, p->width - when_cols - flags_cols - 1);
	page_pad(p, p->width - when_cols - flags_cols);
	if (item->state.flag)
		page_addf(p, STYLE_FLAG, SIGN_FLAG "%d", item->state.flag);
	if (item->state.leech)
		page_add(p, STYLE_WARN, "!");
	page_pad(p, p->width - when_cols);
	if (when_cols)
		page_addf(p, STYLE_DIM, "%*s", when_cols,
			  action_when(&p->arena, &item->state, today));
}

static void draw(const struct view *v, struct canvas *c)
{
	const struct search *s = (const struct search *)v;
	draw_query(s, c);
	if (s->typing && !s->line.text.len && !c->frame->tiny) {
		draw_terms(&c->body, c->frame->body_rows);
		return;
	}
	for (int i = 0; i < s->row_count; i++)
		draw_row(s, c, &s->rows[i], s->list.top + i == s->list.at);
	if (!s->row_count && !s->problem.len) {
		page_line(&c->body);
		page_add(&c->body, STYLE_DIM, "No card meets this.");
	}
}

/* Without cards there is no list to go to and nothing to do to one. */
static bool can(const struct view *v, enum command_id id)
{
	bool on_card = id == CMD_OPEN || id == CMD_TO_LIST || id == CMD_EDIT || id == CMD_SOURCE ||
		       (id >= CMD_BURY && id <= CMD_RESET);
	return !on_card || ((const struct search *)v)->list.count > 0;
}

static enum context context(const struct view *v)
{
	return ((const struct search *)v)->typing ? CTX_TYPING : CTX_RESULTS;
}

static void close_search(struct view *v)
{
	struct search *s = self(v);
	line_clear(&s->line);
	str_clear(&s->problem);
	arena_clear(&s->arena);
	free(s->ids);
	free(s);
}

static const struct view_ops ops = {
	.name = "search",
	.wide = true,
	.context = context,
	.open = open_search,
	.layout = layout,
	.header = header,
	.draw = draw,
	.command = command,
	.can = can,
	.typed = typed,
	.resume = refresh,
	.edited = edited,
	.close = close_search,
};

struct view *search_view(struct app *app, const char *query, bool listed)
{
	struct search *s = xcalloc(1, sizeof(*s));
	s->view.ops = &ops;
	s->view.app = app;
	s->typing = !listed;
	line_set(&s->line, query);
	return &s->view;
}
