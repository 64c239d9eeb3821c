/* traces.c -- traces as pictures: a line of the list, a head, stages as rows. The stage that ended
 * a request has a sign and its outcome as a word, since there may be no colour. */
#include "gateway/hostname.h"
#include "gateway/http.h"
#include "tui/sign.h"
#include "tui/trace.h"

#include <stdio.h>
#include <string.h>

#define NAME_COL 5     /* of a stage */
#define SUMMARY_COL 28 /* what is said of it */
#define MS_COLS 8

/* ---- kept ---------------------------------------------------------------------------- */

void kept_trace_set(struct kept_trace *k, const struct gw_trace *t)
{
	struct gw_trace copy = *t;
	struct ring *fresh = ring_new(1); /* before the old one goes: t may lie in it */
	k->number = t->number;
	ring_add(fresh, &copy);
	ring_free(k->ring);
	k->ring = fresh;
}

void kept_trace_clear(struct kept_trace *k)
{
	ring_free(k->ring);
	*k = (struct kept_trace){0};
}

const struct gw_trace *kept_trace(const struct kept_trace *k)
{
	return k->ring ? ring_get(k->ring, 1) : NULL;
}

/* ---- words --------------------------------------------------------------------------- */

const char *trace_verb(const struct gw_trace *t)
{
	switch (t->kind) {
	case GW_TRACE_REQUEST:
		break;
	case GW_TRACE_CONNECT:
		return "connect";
	case GW_TRACE_MESSAGE:
		return "message";
	case GW_TRACE_DISCONNECT:
		return "closed";
	case GW_TRACE_PUSH:
		return "push";
	}
	return t->method ? t->method : "-";
}

const char *trace_path(const struct gw_trace *t)
{
	const char *push = t->kind == GW_TRACE_PUSH && t->path ? strstr(t->path, "/@conn") : NULL;
	if (push)
		return push + 1;
	if (t->kind == GW_TRACE_MESSAGE && t->resource)
		return t->resource;
	const char *path = t->target ? t->target : t->path ? t->path : t->resource;
	if (!path)
		return "-";
	return str_starts(path, API_PREFIX) ? path + strlen(API_PREFIX) : path;
}

bool trace_row_ended(const struct gw_row *row)
{
	return row->outcome == GW_REFUSED || row->outcome == GW_FAILED || row->outcome == GW_HIT;
}

static bool went_wrong(const struct gw_row *row)
{
	return row->outcome == GW_REFUSED || row->outcome == GW_FAILED;
}

const char *trace_ending(const struct gw_trace *t)
{
	if (t->error)
		return t->error;
	if (went_wrong(&t->rows[GW_STEP_INTEGRATION]))
		return "integration failed";
	for (int i = 0; i < GW_STEP_COUNT; i++)
		if (went_wrong(&t->rows[i]))
			return gw_step_names[i];
	if (t->rows[GW_STEP_CACHE].outcome == GW_HIT)
		return "cache hit";
	return t->status >= 400 && t->status < 600 ? "by the backend" : "";
}

enum style trace_style(const struct gw_trace *t)
{
	if (t->status >= 500 && t->status < 600)
		return STYLE_WRONG;
	if (t->status >= 400 && t->status < 500)
		return STYLE_WARN;
	return t->status >= 200 && t->status < 300 ? STYLE_RIGHT : STYLE_PLAIN;
}

void trace_ms(char out[16], int64_t us)
{
	double ms = (double)us / 1000;
	snprintf(out, 16, ms < 0.1 ? "%.2f" : ms < 10 ? "%.1f" : "%.0f", ms);
}

/* ---- the list ------------------------------------------------------------------------ */

void trace_columns(struct trace_columns *c, int width)
{
	c->time = width >= 50;
	c->ms = width >= 60;
	c->ending = width >= 44;
	c->ending_cols = width >= 90 ? 28 : width >= 70 ? 19 : 14;
	c->path = width - (c->time ? 10 : 0) - 5 - 10 - (c->ms ? MS_COLS : 0) -
		  (c->ending ? c->ending_cols + 2 : 0);
}

void trace_titles_draw(struct page *p, const struct trace_columns *c)
{
	if (c->time)
		page_add(p, STYLE_DIM, "time      ");
	page_add(p, STYLE_DIM, "code kind      path");
	if (c->ending) {
		page_pad(p, (c->time ? 10 : 0) + 15 + c->path + 2);
		page_add(p, STYLE_DIM, "how it ended");
	}
	if (c->ms)
		page_end(p, STYLE_DIM, "ms");
}

static void add_time(struct page *p, int64_t ms, int off_min)
{
	int64_t s = ms / 1000 + off_min * INT64_C(60);
	page_addf(p, STYLE_DIM, "%02d:%02d:%02d  ", (int)(s / 3600 % 24), (int)(s / 60 % 60),
		  (int)(s % 60));
}

void trace_line_draw(struct page *p, const struct trace_columns *c, const struct gw_trace *t,
		     int off_min, bool here)
{
	char ms[16];
	int at = c->time ? 10 : 0;
	page_line(p);
	if (here)
		page_mark(p, STYLE_FOCUS, SIGN_HERE);
	if (c->time)
		add_time(p, t->began_ms, off_min);
	if (t->status)
		page_addf(p, trace_style(t), "%-4d", t->status);
	page_pad(p, at + 5);
	page_cut(p, here ? STYLE_FOCUS : STYLE_PLAIN, trace_verb(t), 9);
	page_pad(p, at + 15);
	page_cut(p, here ? STYLE_FOCUS : STYLE_PLAIN, trace_path(t), c->path);
	if (c->ending) {
		page_pad(p, at + 15 + c->path + 2);
		page_cut(p, STYLE_PLAIN, trace_ending(t), c->ending_cols);
	}
	trace_ms(ms, t->total_us);
	if (c->ms)
		page_end(p, STYLE_DIM, ms);
}

/* ---- one trace ----------------------------------------------------------------------- */

/* "429 Too Many Requests"; a close code is called so. */
static const char *status_text(struct arena *a, const struct gw_trace *t, bool wide)
{
	if (t->kind == GW_TRACE_DISCONNECT)
		return t->status ? arena_printf(a, "close code %d", t->status) : "closed";
	if (!t->status)
		return "";
	return wide ? arena_printf(a, "%d %s", t->status, http_reason(t->status))
		    : arena_printf(a, "%d", t->status);
}

void trace_head(struct page *p, const struct gw_trace *t)
{
	char ms[16];
	int status = p->width >= 60 ? 24 : 4;
	int ms_cols = p->width >= 44 ? 11 : 0;
	page_line(p);
	page_cut(p, STYLE_STRONG, trace_verb(t), 12);
	page_add(p, STYLE_PLAIN, " ");
	page_cut(p, STYLE_STRONG, trace_path(t), p->width - status - ms_cols - page_cols(p) - 2);
	page_pad(p, p->width - status - ms_cols);
	page_cut(p, trace_style(t), status_text(&p->arena, t, status > 4), status);
	trace_ms(ms, t->total_us);
	if (ms_cols)
		page_end(p, STYLE_PLAIN, arena_printf(&p->arena, "%s ms", ms));
}

/* What is said of a stage; the word for its outcome is always there. */
static const char *summary(struct arena *a, const struct gw_row *row)
{
	const char *word = gw_outcome_names[row->outcome];
	if (!row->summary)
		return word;
	if (!trace_row_ended(row) || str_starts(row->summary, word))
		return row->summary;
	return arena_printf(a, "%s: %s", word, row->summary);
}

static enum style row_style(const struct gw_row *row)
{
	if (went_wrong(row))
		return STYLE_WRONG;
	if (row->outcome == GW_HIT)
		return STYLE_RIGHT;
	return row->outcome == GW_PASSED ? STYLE_PLAIN : STYLE_DIM;
}

void trace_row_draw(struct page *p, const struct gw_trace *t, enum gw_step step, int n, bool here)
{
	const struct gw_row *row = &t->rows[step];
	enum style style = here ? STYLE_FOCUS : row_style(row);
	int from = p->width >= 60 ? SUMMARY_COL : 23;
	int ms_cols = p->width >= 44 ? MS_COLS : 0;
	page_line(p);
	if (here)
		page_mark(p, STYLE_FOCUS, SIGN_HERE);
	if (trace_row_ended(row))
		page_add(p, row_style(row), went_wrong(row) ? SIGN_WRONG : SIGN_ON);
	page_pad(p, 1);
	page_addf(p, STYLE_DIM, "%3d", n);
	page_pad(p, NAME_COL);
	page_cut(p, style, gw_step_names[step], from - NAME_COL - 1);
	page_pad(p, from);
	page_cut(p, row_style(row), summary(&p->arena, row), p->width - from - ms_cols);
	if (ms_cols && row->outcome != GW_NOT_REACHED)
		page_end(p, STYLE_DIM, arena_printf(&p->arena, "%.2f", (double)row->us / 1000));
	else if (ms_cols)
		page_end(p, STYLE_DIM, "-");
}

/* Of what was not reached, the integration says enough: nothing was called. */
static bool shown(const struct gw_trace *t, enum gw_step step, bool all)
{
	if (all || t->rows[step].outcome != GW_NOT_REACHED)
		return true;
	if (step != GW_STEP_INTEGRATION)
		return false;
	for (int i = 0; i < GW_STEP_COUNT; i++)
		if (trace_row_ended(&t->rows[i]))
			return true;
	return false;
}

void trace_draw(struct page *p, const struct gw_trace *t, int at, bool all)
{
	int n = 0;
	for (int i = 0; i < GW_STEP_COUNT; i++)
		if (shown(t, (enum gw_step)i, all))
			trace_row_draw(p, t, (enum gw_step)i, ++n, i == at);
}

/* How little is lost without this row: those of the highest go first. */
static int spare(const struct gw_row *row)
{
	switch (row->outcome) {
	case GW_NONE:
		return 3;
	case GW_NOT_REACHED:
		return 2;
	case GW_PASSED:
		return 1;
	case GW_REFUSED:
	case GW_HIT:
	case GW_FAILED:
		break;
	}
	return 0;
}

void trace_brief_draw(struct page *p, const struct gw_trace *t, int rows)
{
	bool out[GW_STEP_COUNT] = {false};
	int left = 0, n = 0;
	for (int i = 0; i < GW_STEP_COUNT; i++) {
		out[i] = !shown(t, (enum gw_step)i, false);
		left += !out[i];
	}
	for (int level = 3; level >= 0 && left > rows; level--)
		for (int i = 0; i < GW_STEP_COUNT && left > rows; i++)
			if (!out[i] && spare(&t->rows[i]) == level) {
				out[i] = true;
				left--;
			}
	for (int i = 0; i < GW_STEP_COUNT; i++) {
		n += shown(t, (enum gw_step)i, false);
		if (!out[i])
			trace_row_draw(p, t, (enum gw_step)i, n, false);
	}
}
