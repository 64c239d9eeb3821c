/* drawlab.c -- see drawlab.h. The eye rests on the last request and where it ended; below it stand
 * the goals, with a word beside each sign; in the foot what was answered so far and what can be
 * sent with one key. On smaller screens the rows of stages that say nothing go first, then empty
 * lines, then the list of requests that are ready. */
#include "tui/drawlab.h"
#include "base/clock.h"
#include "base/utf8.h"
#include "study/match.h"
#include "tui/question.h"
#include "tui/sign.h"
#include "tui/trace.h"

#include <string.h>

#define GOAL_COLS 10 /* sign and word before a goal */
#define MORE_READY "   l all 60"
#define GAUGE_LINES 3 /* most gauges shown */

/* ---- goals, hints -------------------------------------------------------------------- */

static void draw_goal(struct page *p, const struct lab_goal *g, const struct lab_goal_state *s)
{
	page_line(p);
	if (s->met)
		page_add(p, STYLE_RIGHT, SIGN_RIGHT " done");
	else if (s->seen > 0 && g->times > 1)
		page_addf(p, STYLE_PLAIN, SIGN_HALF " %d of %d", s->seen, g->times);
	else
		page_add(p, STYLE_PLAIN, SIGN_OFF " open");
	page_markdown(p, s->met ? STYLE_DIM : STYLE_PLAIN, GOAL_COLS, g->text);
}

static void draw_goals(struct page *p, const struct lab_view *v)
{
	for (size_t i = 0; i < v->lab->goal_count; i++)
		draw_goal(p, &v->lab->goals[i], &v->goals[i]);
}

static void draw_hints(struct canvas *c, const struct lab_picture *l, bool airy)
{
	const struct lab_view *v = l->view;
	struct page *p = &c->body;
	if (v->hints && airy)
		page_gap(p);
	if (v->hints && !l->hints_shown) {
		page_line(p);
		page_addf(p, STYLE_HEADING, "%s", str_plural(v->hints, "hint", "hints"));
		page_pad(p, GOAL_COLS);
		page_addf(p, STYLE_DIM, "%d taken; H shows %s", v->hints,
			  str_plural(v->hints, "it", "them"));
	}
	for (int i = 0; i < v->hints && l->hints_shown; i++) {
		bool focus = i + 1 == v->hints;
		page_line(p);
		page_addf(p, STYLE_HEADING, "hint %d", i + 1);
		page_pad(p, GOAL_COLS);
		if (focus)
			canvas_focus(c);
		page_markdown(p, STYLE_PLAIN, GOAL_COLS, v->lab->hints[i]);
		if (focus)
			canvas_focus(c);
	}
}

/* ---- the last request ---------------------------------------------------------------- */

static void draw_untouched(struct canvas *c, const struct lab_view *v)
{
	struct page *p = &c->body;
	page_line(p);
	page_words(p, STYLE_DIM, 0,
		   v->lab->request_count
			   ? "Nothing was sent yet. A digit sends a request that is ready."
			   : "Nothing was sent yet. c writes a request.");
}

/* The beginning of what was answered, in one line. */
static void draw_body(struct page *p, const struct gw_trace *t)
{
	if (!t->answered_body || !t->answered_body[0])
		return;
	page_line(p);
	page_add(p, STYLE_DIM, "body");
	page_pad(p, GOAL_COLS);
	page_add(p, STYLE_CODE, t->answered_body);
}

/* How many stages are shown, ever fewer; 0: all, or all that were reached. Then the empty lines
 * go. */
static const int rows_at[] = {0, 0, 10, 8, 6, 4, 4, 2};
#define TIGHT_LEVEL 6
#define LAST_LEVEL ((int)ARRAY_LEN(rows_at) - 1)

/* at: the stage to mark, -1: none. */
static void draw_trace(struct page *p, const struct gw_trace *t, int at, int level)
{
	trace_head(p, t);
	if (!rows_at[level])
		trace_draw(p, t, at, level < 1);
	else
		trace_brief_draw(p, t, rows_at[level]);
	draw_body(p, t);
}

static void draw_last(struct canvas *c, const struct lab_picture *l, int level)
{
	if (l->last)
		draw_trace(&c->body, l->last, -1, level);
	else
		draw_untouched(c, l->view);
}

static void draw_heard(struct page *p, const struct lab_picture *l, size_t most)
{
	size_t from = l->notes->heard_count > most ? l->notes->heard_count - most : 0;
	for (size_t i = from; i < l->notes->heard_count; i++) {
		page_line(p);
		page_add(p, STYLE_DIM, i == from ? "heard" : "");
		page_pad(p, GOAL_COLS);
		page_add(p, STYLE_CODE, l->notes->heard[i]);
	}
}

/* ---- the foot ------------------------------------------------------------------------ */

static enum style status_style(int status)
{
	return status >= 400 && status < 600 ? STYLE_WRONG : STYLE_PLAIN;
}

static void draw_recent(struct page *p, const struct lab_picture *l)
{
	int room = (p->width - GOAL_COLS) / 5;
	size_t most = room > 0 ? (size_t)room : 0;
	size_t from = l->notes->recent_count > most ? l->notes->recent_count - most : 0;
	page_line(p);
	page_add(p, STYLE_DIM, "recent");
	page_pad(p, GOAL_COLS);
	for (size_t i = from; i < l->notes->recent_count; i++) {
		page_pad(p, GOAL_COLS + 5 * (int)(i - from));
		if (l->notes->recent[i])
			page_addf(p, status_style(l->notes->recent[i]), "%d", l->notes->recent[i]);
		else
			page_add(p, STYLE_DIM, SIGN_DOT);
	}
}

/* Digits and titles, over so many lines at most; what there is no room for is only counted. */
static void draw_ready(struct page *p, const struct lab *lab, int lines)
{
	size_t n = lab->request_count, i = 0;
	page_line(p);
	page_add(p, STYLE_DIM, "ready");
	page_pad(p, GOAL_COLS);
	for (; i < n && i < LAB_READY_KEYS; i++) {
		const char *title = utf8_clean(&p->arena, lab->requests[i].title);
		int room = p->width - (lines == 1 ? (int)strlen(MORE_READY) : 0);
		bool first = page_cols(p) <= GOAL_COLS;
		if (!first && page_cols(p) + 5 + utf8_columns(title, strlen(title)) > room) {
			if (--lines < 1)
				break;
			page_line(p);
			page_pad(p, GOAL_COLS);
			first = true;
		}
		page_addf(p, STYLE_ACCENT, first ? "%zu" : "   %zu", i + 1);
		page_add(p, STYLE_PLAIN, " ");
		page_add(p, STYLE_PLAIN, title);
	}
	if (i < n)
		page_end(p, STYLE_DIM, arena_printf(&p->arena, "l all %zu", n));
}

static void draw_foot(struct canvas *c, const struct lab_picture *l, int level)
{
	bool airy = level < TIGHT_LEVEL;
	const struct frame *f = c->frame;
	if (f->tiny)
		return;
	if (airy)
		page_line(&c->foot);
	if (l->runtime && l->notes->recent_count)
		*l->moving = gauges_draw(&c->foot, l->runtime, f->small ? 1 : GAUGE_LINES);
	if (l->notes->recent_count)
		draw_recent(&c->foot, l);
	if (l->view->lab->request_count)
		draw_ready(&c->foot, l->view->lab, f->small ? 1 : level < 2 ? 5 : 2);
}

/* ---- the work ------------------------------------------------------------------------ */

static void draw_banner(struct page *p, const struct lab_view *v)
{
	switch (v->stage) {
	case LAB_WORKING:
		return;
	case LAB_PASSED:
		page_line(p);
		page_add(p, STYLE_RIGHT, SIGN_RIGHT " Passed: all goals are met.");
		break;
	case LAB_GIVEN_UP:
		page_line(p);
		page_add(p, STYLE_WRONG, SIGN_WRONG " Given up.");
		break;
	}
	page_add(p, STYLE_ACCENT, "  Space");
	page_add(p, STYLE_PLAIN, " shows what was to be seen, and why.");
}

static void draw_problem(struct page *p, const struct lab_view *v)
{
	const char *text = v->problem ? v->problem : v->unread;
	enum style style = v->problem ? STYLE_WRONG : STYLE_WARN;
	if (!text)
		return;
	page_line(p);
	page_add(p, style, v->problem ? SIGN_WRONG " " : "! ");
	page_words(p, style, 2, text);
}

static void draw_work(const void *of, struct canvas *c, int level)
{
	const struct lab_picture *l = of;
	struct page *p = &c->body;
	bool airy = level < TIGHT_LEVEL;
	draw_banner(p, l->view);
	draw_problem(p, l->view);
	if (airy)
		page_gap(p);
	draw_last(c, l, level);
	draw_heard(p, l, airy ? LAB_HEARD : 2);
	if (airy)
		page_gap(p);
	draw_goals(p, l->view);
	draw_hints(c, l, airy);
	draw_foot(c, l, level);
}

void lab_work_draw(struct canvas *c, const struct lab_picture *l)
{
	canvas_fit(c, c->frame->small ? TIGHT_LEVEL : 0, LAST_LEVEL, draw_work, l);
}

/* ---- before and after ---------------------------------------------------------------- */

void lab_story_draw(struct canvas *c, const struct lab_picture *l)
{
	const struct lab_view *v = l->view;
	struct page *p = &c->body;
	page_line(p);
	page_markdown(p, STYLE_PLAIN, 0, v->lab->story);
	page_gap(p);
	draw_goals(p, v);
	if (c->frame->tiny)
		return;
	page_gap(p);
	if (v->lab->minutes) {
		page_line(p);
		page_addf(p, STYLE_DIM, "It takes about %d %s.", v->lab->minutes,
			  str_plural(v->lab->minutes, "minute", "minutes"));
	}
	if (v->folder) {
		page_line(p);
		page_log(p, STYLE_DIM, 0,
			 arena_printf(&p->arena, "Your copy of its files: %s", v->folder));
	}
}

static void draw_verdict(struct page *p, const struct lab_picture *l)
{
	const struct lab_view *v = l->view;
	bool passed = v->stage == LAB_PASSED;
	page_line(p);
	page_add(p, passed ? STYLE_RIGHT : STYLE_WRONG,
		 passed ? SIGN_RIGHT " Passed" : SIGN_WRONG " Given up");
	if (l->took_ms)
		page_addf(p, passed ? STYLE_RIGHT : STYLE_WRONG, passed ? ", in %s" : " after %s",
			  span_words(&p->arena, l->took_ms));
	page_addf(p, STYLE_PLAIN, ".  %d of %d goals met", l->met, v->total);
	if (v->hints)
		page_addf(p, STYLE_PLAIN, ", %d %s", v->hints,
			  str_plural(v->hints, "hint", "hints"));
	page_add(p, STYLE_PLAIN, ".");
	if (!v->due_cards)
		return;
	page_line(p);
	page_addf(p, STYLE_PLAIN, "%d %s brought into your reviews.", v->due_cards,
		  str_plural(v->due_cards, "card was", "cards were"));
}

/* "- bucket: 2" for each line of a text. */
static void draw_lines(struct page *p, enum style style, const char *sign, const char *text)
{
	for (const char *line = text; *line;) {
		size_t n = strcspn(line, "\n");
		page_line(p);
		page_pad(p, 6);
		page_add(p, style, sign);
		page_log(p, style, 8, arena_strndup(&p->arena, line, n));
		line += n + (line[n] == '\n');
	}
}

static void draw_step(struct page *p, const struct lab *lab, const struct lab_step *s)
{
	const struct lab_action *x = &s->action;
	if (s->request >= 0) {
		page_words(p, STYLE_PLAIN, 4, lab->requests[s->request].title);
		return;
	}
	page_words(p, STYLE_PLAIN, 4, lab_action_title(&p->arena, x));
	if (x->verb != LAB_EDIT || x->with)
		return;
	draw_lines(p, STYLE_WRONG, "- ", x->find);
	draw_lines(p, STYLE_RIGHT, "+ ", x->put);
}

static void draw_solution(struct page *p, const struct lab *lab)
{
	if (!lab->solution_count)
		return;
	page_gap(p);
	page_line(p);
	page_add(p, STYLE_HEADING, "One way to do it");
	for (size_t i = 0; i < lab->solution_count; i++) {
		page_line(p);
		page_addf(p, STYLE_DIM, "%2zu", i + 1);
		draw_step(p, lab, &lab->solution[i]);
	}
}

static void draw_sources(struct page *p, const struct lab *lab)
{
	if (lab->cited_count)
		page_gap(p);
	for (size_t i = 0; i < lab->cited_count; i++)
		small_print(p, i ? "" : "source", lab->cited[i]->title);
}

void lab_end_draw(struct canvas *c, const struct lab_picture *l)
{
	const struct lab *lab = l->view->lab;
	struct page *p = &c->body;
	draw_verdict(p, l);
	page_gap(p);
	page_line(p);
	if (lab->explain)
		page_markdown(p, STYLE_PLAIN, 0, lab->explain);
	draw_solution(p, lab);
	draw_sources(p, lab);
}

/* ---- the proof of a card ------------------------------------------------------------- */

/* What is done, in its order: those before, then the request that settles it. */
static void draw_plan(struct page *p, const struct prove_picture *x, bool whole)
{
	const struct lab_request *r = x->request;
	for (size_t i = 0; i < r->before_count && whole; i++) {
		page_line(p);
		page_add(p, STYLE_DIM, i ? "" : "first");
		page_pad(p, GOAL_COLS);
		page_words(p, STYLE_DIM, GOAL_COLS, x->lab->requests[r->before[i]].title);
	}
	page_line(p);
	page_add(p, STYLE_DIM, r->before_count && whole ? "then" : "runs");
	page_pad(p, GOAL_COLS);
	page_words(p, STYLE_PLAIN, GOAL_COLS, r->title);
}

static void draw_settled(struct page *p, const struct prove_picture *x)
{
	const char *shows = x->request->shows ? x->request->shows : "";
	page_line(p);
	if (x->running) {
		page_add(p, STYLE_DIM, "The gateway is asked ...");
		return;
	}
	if (x->why) {
		page_add(p, STYLE_WRONG, SIGN_WRONG " ");
		page_words(p, STYLE_PLAIN, 2, x->why);
		return;
	}
	page_add(p, x->met ? STYLE_RIGHT : STYLE_WRONG, x->met ? SIGN_RIGHT " " : SIGN_WRONG " ");
	if (!x->met) {
		page_words(p, STYLE_WRONG, 2, "It did not come out as the proof says:");
		page_line(p);
	}
	page_markdown(p, STYLE_STRONG, 2, shows);
}

static void draw_proof(const void *of, struct canvas *c, int level)
{
	const struct prove_picture *x = of;
	struct page *p = &c->body;
	bool airy = level < TIGHT_LEVEL;
	draw_plan(p, x, level < LAST_LEVEL);
	if (airy)
		page_gap(p);
	draw_settled(p, x);
	if (airy)
		page_gap(p);
	if (x->trace)
		draw_trace(p, x->trace, (int)trace_decides(x->trace), level);
}

void prove_draw(struct canvas *c, const struct prove_picture *x)
{
	canvas_fit(c, c->frame->small ? TIGHT_LEVEL : 0, LAST_LEVEL, draw_proof, x);
}
