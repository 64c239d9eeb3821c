/* traceview.c -- one request, connection or message: its stages, and below the marked one what it
 * kept. It holds a copy of its own, since a busy gateway's ring is soon somewhere else. */
#include "tui/sign.h"
#include "tui/trace.h"

#include <stdlib.h>
#include <string.h>

#define HANG 7 /* of details */

/* Lines with details: the stages, and before and after them what came and what was answered. */
enum { LINE_SENT = -1, LINE_ANSWERED = GW_STEP_COUNT };

struct trace_screen {
	struct view view;
	struct rig *rig;
	const struct lab *lab;
	struct kept_trace kept;
	struct gw_trace shown; /* of kept, with its number in the gateway's ring */
	int at;                /* LINE_SENT .. LINE_ANSWERED */
	bool all, folded;
};

static struct trace_screen *self(struct view *v)
{
	return (struct trace_screen *)v;
}

/* ---- which lines there are ----------------------------------------------------------- */

static bool line_shown(const struct trace_screen *s, int line)
{
	if (line == LINE_SENT)
		return s->shown.sent || s->shown.sent_body;
	if (line == LINE_ANSWERED)
		return s->shown.answered || s->shown.answered_body;
	return s->all || s->shown.rows[line].outcome != GW_NOT_REACHED;
}

static void step_to(struct trace_screen *s, int by)
{
	for (int line = s->at + by; line >= LINE_SENT && line <= LINE_ANSWERED; line += by) {
		if (line_shown(s, line)) {
			s->at = line;
			return;
		}
	}
}

/* What the eye looks for first: where it went wrong, else the beginning. */
static void go_to_decision(struct trace_screen *s)
{
	s->at = LINE_SENT;
	for (int i = 0; i < GW_STEP_COUNT; i++) {
		if (trace_row_ended(&s->shown.rows[i])) {
			s->at = i;
			break;
		}
	}
	if (!line_shown(s, s->at))
		step_to(s, 1);
}

static void show(struct trace_screen *s, const struct gw_trace *t, uint64_t number)
{
	kept_trace_set(&s->kept, t);
	s->kept.number = number;
	s->shown = *kept_trace(&s->kept);
	s->shown.number = number;
	go_to_decision(s);
	s->view.scroll = (struct scroll){.follow = true};
}

static void go(struct trace_screen *s, int by)
{
	const struct ring *ring = serve_ring(rig_serve(s->rig));
	uint64_t last = ring_last(ring);
	for (uint64_t n = s->shown.number + (uint64_t)by; n && n <= last; n += (uint64_t)by) {
		const struct gw_trace *t = ring_get(ring, n);
		if (t) {
			show(s, t, n);
			return;
		}
		if (by < 0 && n + 2 * RING_TRACES < last)
			break;
	}
	app_say(s->view.app, STYLE_PLAIN,
		by < 0 ? "There is none before it any more." : "This is the last one.");
}

/* ---- commands ------------------------------------------------------------------------ */

static enum view_result command(struct view *v, enum command_id id, const char *arg)
{
	struct trace_screen *s = self(v);
	(void)arg;
	if (id == CMD_UP || id == CMD_DOWN)
		step_to(s, id == CMD_UP ? -1 : 1);
	else if (id == CMD_FOLD)
		s->folded = !s->folded;
	else if (id == CMD_ALL_STAGES)
		s->all = !s->all;
	else if (id == CMD_OLDER || id == CMD_NEWER)
		go(s, id == CMD_OLDER ? -1 : 1);
	else if (id == CMD_RESEND)
		trace_resend(v->app, s->rig, &s->shown);
	else if (id == CMD_CHANGE_RESEND)
		app_push(v->app, composer_of(v->app, s->rig, s->lab, &s->shown));
	else if (id == CMD_SAVE_CURL)
		trace_save_curl(v->app, s->rig, &s->shown);
	else
		return VIEW_OTHER;
	if (!line_shown(s, s->at))
		go_to_decision(s);
	return VIEW_STAY;
}

static bool can(const struct view *v, enum command_id id)
{
	const struct trace_screen *s = (const struct trace_screen *)v;
	bool repeats = id == CMD_RESEND || id == CMD_CHANGE_RESEND || id == CMD_SAVE_CURL;
	return !repeats || s->shown.kind == GW_TRACE_REQUEST;
}

/* ---- picture ------------------------------------------------------------------------- */

static void header(const struct view *v, struct arena *a, const char **left, const char **right)
{
	const struct gw_trace *t = &((const struct trace_screen *)v)->shown;
	int64_t s = t->began_ms / 1000 + study_now(v->app->study).off_min * INT64_C(60);
	*left = t->api ? arena_printf(a, "Request %llu · %s %s", (unsigned long long)t->number,
				      t->api, t->stage ? t->stage : "")
		       : arena_printf(a, "Request %llu", (unsigned long long)t->number);
	*right = arena_printf(a, "%02d:%02d:%02d.%03d", (int)(s / 3600 % 24), (int)(s / 60 % 60),
			      (int)(s % 60), (int)(t->began_ms % 1000));
}

/* An error is a type such as THROTTLED, or what the simulator itself has to say. */
static void draw_ids(struct page *p, const struct gw_trace *t)
{
	bool sentence = t->error && strchr(t->error, ' ');
	if ((t->error && !sentence) || t->resource || t->request_id)
		page_line(p);
	if (t->resource)
		page_addf(p, STYLE_DIM, "%s  ", t->resource);
	if (t->error && !sentence)
		page_addf(p, STYLE_WARN, "%s  ", t->error);
	if (t->connection_id)
		page_addf(p, STYLE_DIM, "connection %s", t->connection_id);
	else if (t->request_id)
		page_addf(p, STYLE_DIM, "id %s", t->request_id);
	if (sentence) {
		page_line(p);
		page_words(p, STYLE_WARN, 0, t->error);
	}
}

static void draw_message(struct page *p, const struct gw_detail *headers, const char *body,
			 size_t bytes)
{
	trace_details_draw(p, headers, HANG);
	if (body && body[0])
		trace_text_draw(p, body, HANG);
	if (bytes > (body ? MAX_TRACE_BODY : 0)) {
		page_line(p);
		page_pad(p, HANG);
		page_addf(p, STYLE_DIM, "%zu bytes in all", bytes);
	}
}

static void draw_ends(struct page *p, const struct trace_screen *s, int line)
{
	const struct gw_trace *t = &s->shown;
	bool sent = line == LINE_SENT;
	bool here = line == s->at;
	page_line(p);
	if (here)
		page_mark(p, STYLE_FOCUS, SIGN_HERE);
	page_pad(p, 5);
	page_add(p, here ? STYLE_FOCUS : STYLE_PLAIN, sent ? "what came" : "what was answered");
	size_t n = 0;
	for (const struct gw_detail *d = sent ? t->sent : t->answered; d; d = d->next)
		n++;
	page_pad(p, p->width >= 60 ? 28 : 23);
	page_addf(p, STYLE_DIM, "%zu %s, %zu bytes", n, str_plural((long)n, "header", "headers"),
		  sent ? t->sent_bytes : t->answered_bytes);
	if (here && !s->folded && sent)
		draw_message(p, t->sent, t->sent_body, t->sent_bytes);
	else if (here && !s->folded)
		draw_message(p, t->answered, t->answered_body, t->answered_bytes);
}

static void draw_stage(struct page *p, const struct trace_screen *s, int line, int n)
{
	bool here = line == s->at;
	trace_row_draw(p, &s->shown, (enum gw_step)line, n, here);
	if (here && !s->folded)
		trace_details_draw(p, s->shown.rows[line].details, HANG);
}

static void draw(const struct view *v, struct canvas *c)
{
	const struct trace_screen *s = (const struct trace_screen *)v;
	struct page *p = &c->body;
	int n = 0;
	trace_head(p, &s->shown);
	draw_ids(p, &s->shown);
	if (!c->frame->small)
		page_line(p);
	for (int line = LINE_SENT; line <= LINE_ANSWERED; line++) {
		if (!line_shown(s, line))
			continue;
		int from = (int)p->count;
		if (line == LINE_SENT || line == LINE_ANSWERED)
			draw_ends(p, s, line);
		else
			draw_stage(p, s, line, ++n);
		if (line == s->at) {
			c->focus_from = from;
			c->focus_to = (int)p->count - 1;
		}
	}
}

static enum context context(const struct view *v)
{
	(void)v;
	return CTX_TRACE;
}

static void close_screen(struct view *v)
{
	kept_trace_clear(&self(v)->kept);
	free(v);
}

static const struct view_ops ops = {
	.name = "trace",
	.wide = true,
	.context = context,
	.header = header,
	.draw = draw,
	.command = command,
	.can = can,
	.close = close_screen,
};

struct view *trace_view_of(struct app *app, struct rig *rig, const struct lab *lab,
			   const struct gw_trace *t, uint64_t number)
{
	struct trace_screen *s = xcalloc(1, sizeof(*s));
	s->view.ops = &ops;
	s->view.app = app;
	s->rig = rig;
	s->lab = lab;
	show(s, t, number);
	return &s->view;
}

struct view *trace_view(struct app *app, struct rig *rig, uint64_t number)
{
	static const struct gw_trace none = {.path = "It is gone: newer ones took its place."};
	const struct ring *ring = serve_ring(rig_serve(rig));
	const struct gw_trace *t = ring_get(ring, number ? number : ring_last(ring));
	return trace_view_of(app, rig, NULL, t ? t : &none, t ? t->number : number);
}
