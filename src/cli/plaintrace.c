/* plaintrace.c -- see plaintrace.h. */
#include "cli/plaintrace.h"

#include <string.h>

#define MAX_DETAIL_LINES 12 /* of one detail: a policy or a body is long, a dialogue is not */

void trace_subject(struct str *out, const struct gw_trace *t)
{
	static const char *const names[] = {
		[GW_TRACE_REQUEST] = "",           [GW_TRACE_CONNECT] = "connect to",
		[GW_TRACE_MESSAGE] = "message to", [GW_TRACE_DISCONNECT] = "disconnect from",
		[GW_TRACE_PUSH] = "push to",
	};
	const char *path = t->target ? t->target : t->path ? t->path : "";
	if (t->kind == GW_TRACE_REQUEST) {
		str_addf(out, "%s %s", t->method ? t->method : "-", path);
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
	plain_say(p, "%s: %s%s%s, %.1f ms.", gw_step_names[step], outcome, summary ? ", " : "",
		  summary ? summary : "", (double)row->us / 1000);
	for (const struct gw_detail *d = all ? row->details : NULL; d; d = d->next)
		say_detail(p, d);
}

/* What comes behind the last stage that was reached. */
static void say_not_reached(struct plain *p, const struct gw_trace *t)
{
	struct str s = {0};
	int last = GW_STEP_COUNT;
	while (last > 0 && t->rows[last - 1].outcome == GW_NOT_REACHED)
		last--;
	for (int i = last; i < GW_STEP_COUNT; i++)
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
