/* plaintrace.c -- see plaintrace.h. */
#include "cli/plaintrace.h"

#include <string.h>

#define LEAST_MS 0.1        /* told of a stage */
#define MAX_DETAIL_LINES 12 /* of one detail: a policy or a body is long, a dialogue is not */

/* Where it went, without the prefix that names the API in addresses of loopback. */
static const char *short_path(const struct gw_trace *t)
{
	static const char prefix[] = "/_aws/execute-api/";
	const char *path = t->target ? t->target : t->path ? t->path : "";
	const char *rest = path + sizeof(prefix) - 1;
	if (!t->api || !str_starts(path, prefix) || !str_starts(rest, t->api))
		return path;
	rest += strlen(t->api);
	return *rest == '/' ? rest : path;
}

void trace_subject(struct str *out, const struct gw_trace *t)
{
	static const char *const names[] = {
		[GW_TRACE_REQUEST] = "",           [GW_TRACE_CONNECT] = "connect to",
		[GW_TRACE_MESSAGE] = "message to", [GW_TRACE_DISCONNECT] = "disconnect from",
		[GW_TRACE_PUSH] = "push to",
	};
	if (t->kind == GW_TRACE_REQUEST) {
		str_addf(out, "%s %s", t->method ? t->method : "-", short_path(t));
		return;
	}
	str_addf(out, "%s %s/%s", names[t->kind], t->api ? t->api : "-", t->stage ? t->stage : "-");
	if (t->resource)
		str_addf(out, ", route %s", t->resource);
}

/* The first lines of a detail, each set in. */
static void say_detail(struct plain *p, const struct gw_detail *d)
{
	const char *text = d->value ? d->value : "";
	int lines = 0;
	if (!strchr(text, '\n')) {
		plain_say(p, "  %s: %s", d->name, text);
		return;
	}
	plain_say(p, "  %s:", d->name);
	while (*text && lines++ < MAX_DETAIL_LINES) {
		int n = (int)strcspn(text, "\n");
		plain_say(p, "    %.*s", n, text);
		text += n + (text[n] == '\n');
	}
	if (*text)
		plain_say(p, "    and more.");
}

static void say_row(struct plain *p, enum gw_step step, const struct gw_row *row, bool all)
{
	const char *outcome = gw_outcome_names[row->outcome];
	const char *summary = row->summary && !str_eq(row->summary, outcome) ? row->summary : NULL;
	double ms = (double)row->us / 1000;
	if (ms >= LEAST_MS)
		plain_say(p, "%s: %s%s%s, %.1f ms.", gw_step_names[step], outcome,
			  summary ? ", " : "", summary ? summary : "", ms);
	else
		plain_say(p, "%s: %s%s%s.", gw_step_names[step], outcome, summary ? ", " : "",
			  summary ? summary : "");
	for (const struct gw_detail *d = all ? row->details : NULL; d; d = d->next)
		say_detail(p, d);
}

/* A stage ended it, or answered from what it kept. */
static bool ended_early(const struct gw_trace *t)
{
	for (int i = 0; i < GW_STEP_COUNT; i++) {
		enum gw_outcome outcome = t->rows[i].outcome;
		if (outcome == GW_REFUSED || outcome == GW_FAILED || outcome == GW_HIT)
			return true;
	}
	return false;
}

/* What comes behind the last stage that was reached. */
static void say_not_reached(struct plain *p, const struct gw_trace *t)
{
	struct str s = {0};
	int last = ended_early(t) ? GW_STEP_COUNT : 0;
	while (last > 0 && t->rows[last - 1].outcome == GW_NOT_REACHED)
		last--;
	for (int i = last; last && i < GW_STEP_COUNT; i++)
		str_addf(&s, "%s%s", i > last ? ", " : "", gw_step_names[i]);
	if (s.len)
		plain_say(p, "Not reached: %s.", str_c(&s));
	str_clear(&s);
}

void plain_trace_rows(struct plain *p, const struct gw_trace *t, bool all)
{
	for (int i = 0; i < GW_STEP_COUNT; i++) {
		const struct gw_row *row = &t->rows[i];
		if (row->outcome == GW_NOT_REACHED || (row->outcome == GW_NONE && !all))
			continue;
		say_row(p, (enum gw_step)i, row, all);
	}
	say_not_reached(p, t);
}
