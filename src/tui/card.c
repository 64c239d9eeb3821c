/* card.c -- one card with all there is about it: text and answer, where it comes from, how it
 * stands and what happened to it. */
#include "base/utf8.h"
#include "tui/action.h"
#include "tui/question.h"
#include "tui/sign.h"

#include <math.h>
#include <stdlib.h>

#define HISTORY_ROWS 15

struct card_screen {
	struct view view;
	int64_t part_id;
	struct arena arena;
	struct deck deck;
	struct review_card card;
	bool loaded;
	struct store_log_row *log; /* oldest first */
	size_t log_count;
};

static struct card_screen *self(struct view *v)
{
	return (struct card_screen *)v;
}

static void unload(struct card_screen *s)
{
	if (s->loaded)
		ask_clear(&s->card.ask);
	deck_clear(&s->deck);
	arena_clear(&s->arena);
	s->loaded = false;
	s->log_count = 0;
}

static bool load(struct card_screen *s, struct diags *d)
{
	struct study *study = s->view.app->study;
	unload(s);
	if (!review_read_card(study, s->part_id, &s->arena, &s->deck, &s->card, d))
		return false;
	ask_init(&s->card.ask, s->card.card, &s->card.part, 0);
	ask_reveal(&s->card.ask);
	s->loaded = true;
	return store_history(study->store, s->part_id, 100000, &s->arena, &s->log, &s->log_count,
			     d);
}

static bool open_card(struct view *v, struct diags *d)
{
	return load(self(v), d);
}

static void refresh(struct view *v)
{
	struct diags d = {0};
	load(self(v), &d);
	if (d.count)
		app_report(v->app, &d);
}

static void edited(struct view *v)
{
	app_reload(v->app);
	refresh(v);
}

static enum view_result command(struct view *v, enum command_id id, const char *arg)
{
	struct card_screen *s = self(v);
	bool changed = false;
	if (!s->loaded)
		return VIEW_OTHER;
	bool known = action_do(v->app, id, arg, &s->card.item, &changed);
	if (!known) {
		known = true;
		if (id == CMD_UNDO)
			changed = app_undo(v->app);
		else if (id == CMD_REDO)
			changed = app_redo(v->app);
		else if (id == CMD_SOURCE)
			action_show_sources(v->app, s->card.card);
		else if (id == CMD_PROVE)
			action_prove(v->app, s->card.card);
		else if (id == CMD_EDIT)
			app_edit(v->app, s->card.item.file, s->card.item.line);
		else
			known = false;
	}
	if (changed)
		refresh(v);
	return known ? VIEW_STAY : VIEW_OTHER;
}

static bool can(const struct view *v, enum command_id id)
{
	const struct card_screen *s = (const struct card_screen *)v;
	return id != CMD_PROVE || (s->loaded && s->card.card->proof);
}

/* ---- picture ------------------------------------------------------------------------- */

static void header(const struct view *v, struct arena *a, const char **left, const char **right)
{
	const struct card_screen *s = (const struct card_screen *)v;
	if (!s->loaded) {
		*left = "Card";
		return;
	}
	*left = arena_printf(a, "Card · %s",
			     part_key(a, s->card.item.deck, s->card.item.card, s->card.item.part));
	*right = action_when(a, &s->card.item.state, study_today(v->app->study));
}

static void draw_schedule(struct page *p, const struct card_screen *s, int32_t today)
{
	const struct srs_card *c = &s->card.item.state;
	static const char *const states[] = {"new", "learning", "in review", "learning again"};
	const char *marks = c->flag ? arena_printf(&p->arena, ", flag %d", c->flag) : "";
	small_print(p, "state",
		    arena_printf(&p->arena, "%s%s%s%s%s", states[c->state],
				 c->suspended ? ", suspended" : "",
				 c->buried_day == today ? ", buried until tomorrow" : "",
				 c->leech ? ", leech" : "", marks));
	if (c->state != SRS_NEW && c->by_day)
		small_print(p, "due", date_words(&p->arena, c->due_day, today));
	if (c->stability_d > 0)
		small_print(
			p, "memory",
			arena_printf(&p->arena,
				     "recall now %.0f %%, stability %s, difficulty %.1f of 10",
				     round(s->card.recall * 100),
				     span_words(&p->arena, (int64_t)(c->stability_d * 86400000.0)),
				     c->difficulty));
	if (c->reps)
		small_print(p, "counts",
			    arena_printf(&p->arena, "%d %s, forgotten %d %s", c->reps,
					 str_plural(c->reps, "answer", "answers"), c->lapses,
					 str_plural(c->lapses, "time", "times")));
}

static const char *event_words(struct arena *a, const struct store_log_row *r)
{
	static const char *const grades[] = {"?", "again", "hard", "good", "easy"};
	bool graded = r->event.op == SRS_OP_ANSWER || r->event.op == SRS_OP_CRAM;
	if (graded && r->event.arg >= 1 && r->event.arg <= 4)
		return arena_printf(a, "%s%s", grades[r->event.arg],
				    r->event.op == SRS_OP_CRAM ? " (cram)" : "");
	if (r->event.op == SRS_OP_FLAG || r->event.op == SRS_OP_DUE)
		return arena_printf(a, "%s %d", srs_op_names[r->event.op], r->event.arg);
	return srs_op_names[r->event.op];
}

/* Newest first. */
static void draw_log(struct page *p, const struct card_screen *s, int day_start)
{
	size_t shown = 0;
	if (s->log_count)
		page_gap(p);
	for (size_t i = s->log_count; i-- && shown < HISTORY_ROWS; shown++) {
		const struct store_log_row *r = &s->log[i];
		page_line(p);
		page_add(p, STYLE_DIM, shown ? "" : "log");
		page_pad(p, LABEL_COLS);
		page_add(p, STYLE_DIM, date_text(&p->arena, day_of(r->event.at, day_start)));
		page_pad(p, LABEL_COLS + 13);
		page_add(p, r->undone ? STYLE_DIM : STYLE_PLAIN, event_words(&p->arena, r));
		page_pad(p, LABEL_COLS + 27);
		if (r->took_ms)
			page_add(p, STYLE_DIM, span_words(&p->arena, r->took_ms));
		if (r->undone)
			page_add(p, STYLE_DIM, " taken back");
	}
	if (s->log_count > shown)
		small_print(p, "", arena_printf(&p->arena, "and %zu more", s->log_count - shown));
}

static void draw_place(struct page *p, const struct card_screen *s)
{
	const struct card *c = s->card.card;
	const char *tags = "";
	for (size_t i = 0; i < c->tag_count; i++)
		tags = arena_printf(&p->arena, "%s%s%s", tags, i ? ", " : "", c->tags[i]);
	if (c->hint)
		small_print(p, "hint", c->hint);
	small_print(p, "deck", s->card.item.deck_title);
	small_print(p, "kind", card_kind_names[c->kind]);
	if (tags[0])
		small_print(p, "tags", tags);
	page_line(p);
	page_add(p, STYLE_DIM, "file");
	page_pad(p, LABEL_COLS);
	page_broken(p, STYLE_DIM, LABEL_COLS,
		    arena_printf(&p->arena, "%s:%d", s->card.item.file, s->card.item.line));
}

static void draw(const struct view *v, struct canvas *c)
{
	const struct card_screen *s = (const struct card_screen *)v;
	struct study *study = v->app->study;
	struct page *p = &c->body;
	if (!s->loaded) {
		page_line(p);
		page_add(p, STYLE_PLAIN,
			 "This card is no longer in its deck; its history is kept.");
		return;
	}
	const struct posed posed = posed_card(&s->card);
	answer_draw(c, &posed, !c->frame->small);
	answer_small_print(c, s->card.card, NULL);
	draw_place(p, s);
	page_gap(p);
	draw_schedule(p, s, study_today(study));
	draw_log(p, s, study->config.preset.day_start_min);
	c->focus_from = c->focus_to = -1;
}

static enum context context(const struct view *v)
{
	(void)v;
	return CTX_CARD;
}

static void close_card(struct view *v)
{
	unload(self(v));
	free(v);
}

static const struct view_ops ops = {
	.name = "card",
	.context = context,
	.open = open_card,
	.header = header,
	.draw = draw,
	.command = command,
	.can = can,
	.resume = refresh,
	.edited = edited,
	.close = close_card,
};

struct view *card_view(struct app *app, int64_t part_id)
{
	struct card_screen *s = xcalloc(1, sizeof(*s));
	s->view.ops = &ops;
	s->view.app = app;
	s->part_id = part_id;
	return &s->view;
}
