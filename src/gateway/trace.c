/* trace.c -- see trace.h. Rows cost a few stores each; text is made only for who looks. */
#include "gateway/trace.h"

#include "base/json.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

const char *const gw_step_names[GW_STEP_COUNT] = {
	[GW_STEP_TLS] = "TLS",
	[GW_STEP_SIZE] = "size limits",
	[GW_STEP_WAF] = "WAF",
	[GW_STEP_STAGE] = "stage",
	[GW_STEP_CORS] = "CORS",
	[GW_STEP_ROUTE] = "route",
	[GW_STEP_POLICY] = "resource policy",
	[GW_STEP_AUTHORIZE] = "authorization",
	[GW_STEP_API_KEY] = "API key",
	[GW_STEP_THROTTLE] = "throttling",
	[GW_STEP_VALIDATE] = "validation",
	[GW_STEP_CACHE] = "cache",
	[GW_STEP_REQUEST] = "integration request",
	[GW_STEP_INTEGRATION] = "integration",
	[GW_STEP_RESPONSE] = "integration response",
	[GW_STEP_METHOD_RESPONSE] = "method response",
};

const char *const gw_outcome_names[] = {
	[GW_NOT_REACHED] = "not reached", [GW_NONE] = "none", [GW_PASSED] = "passed",
	[GW_REFUSED] = "refused",         [GW_HIT] = "hit",   [GW_FAILED] = "failed",
};

static const char *const kind_names[] = {
	[GW_TRACE_REQUEST] = "request", [GW_TRACE_CONNECT] = "connect",
	[GW_TRACE_MESSAGE] = "message", [GW_TRACE_DISCONNECT] = "disconnect",
	[GW_TRACE_PUSH] = "push",
};

void trace_row(struct gw_trace *t, int64_t now_us, enum gw_step step, enum gw_outcome outcome,
	       const char *summary)
{
	assert(step < GW_STEP_COUNT);
	struct gw_row *row = &t->rows[step];
	row->outcome = outcome;
	row->summary = summary;
	row->us = now_us - t->mark_us;
	t->mark_us = now_us;
}

void trace_detail(struct gw_trace *t, enum gw_step step, const char *name, const char *value)
{
	if (!t->detailed)
		return;
	struct gw_detail *d = arena_alloc(t->arena, sizeof(*d));
	d->name = name;
	d->value = value;
	struct gw_detail **at = &t->rows[step].details;
	while (*at)
		at = &(*at)->next;
	*at = d;
}

/* Most texts are short: printing them once is enough. */
static char *vprint(struct arena *a, const char *fmt, va_list ap)
{
	char brief[160];
	va_list again;
	va_copy(again, ap);
	int n = vsnprintf(brief, sizeof(brief), fmt, again);
	va_end(again);
	if (n >= 0 && (size_t)n < sizeof(brief))
		return arena_strndup(a, brief, (size_t)n);
	size_t size = n < 0 ? 1 : (size_t)n + 1;
	char *text = arena_alloc(a, size);
	vsnprintf(text, size, fmt, ap);
	return text;
}

void trace_detailf(struct gw_trace *t, enum gw_step step, const char *name, const char *fmt, ...)
{
	if (!t->detailed)
		return;
	va_list ap;
	va_start(ap, fmt);
	trace_detail(t, step, name, vprint(t->arena, fmt, ap));
	va_end(ap);
}

void trace_log(struct gw_trace *t, const char *fmt, ...)
{
	if (!t->log)
		return;
	va_list ap;
	va_start(ap, fmt);
	str_add(t->log, vprint(t->arena, fmt, ap));
	str_addc(t->log, '\n');
	va_end(ap);
}

static void write_row(struct json_out *j, enum gw_step step, const struct gw_row *row)
{
	json_object(j, NULL);
	json_text(j, "step", gw_step_names[step]);
	json_text(j, "outcome", gw_outcome_names[row->outcome]);
	json_int(j, "us", row->us);
	if (row->summary)
		json_text(j, "summary", row->summary);
	if (row->details) {
		json_object(j, "details");
		for (const struct gw_detail *d = row->details; d; d = d->next)
			json_text(j, d->name, d->value);
		json_end(j);
	}
	json_end(j);
}

/* Headers in their order, with those that come twice: pairs. */
static void write_message(struct json_out *j, const struct gw_detail *headers, const char *body,
			  size_t bytes)
{
	json_list(j, "headers");
	for (const struct gw_detail *h = headers; h; h = h->next) {
		json_list(j, NULL);
		json_text(j, NULL, h->name);
		json_text(j, NULL, h->value);
		json_end(j);
	}
	json_end(j);
	json_text(j, "body", body);
	json_int(j, "bytes", (long long)bytes);
}

static void write_messages(struct json_out *j, const struct gw_trace *t)
{
	json_object(j, "request");
	json_text(j, "target", t->target ? t->target : t->path);
	write_message(j, t->sent, t->sent_body, t->sent_bytes);
	json_end(j);
	json_object(j, "response");
	write_message(j, t->answered, t->answered_body, t->answered_bytes);
	json_end(j);
}

void trace_json(struct str *out, const struct gw_trace *t)
{
	struct json_out j = {.out = out};
	json_object(&j, NULL);
	json_int(&j, "number", (long long)t->number);
	json_text(&j, "kind", kind_names[t->kind]);
	json_int(&j, "began_ms", t->began_ms);
	json_int(&j, "total_us", t->total_us);
	json_text(&j, "api", t->api);
	json_text(&j, "stage", t->stage);
	json_text(&j, "method", t->method);
	json_text(&j, "path", t->path);
	json_text(&j, "resource", t->resource);
	json_text(&j, "request_id", t->request_id);
	if (t->connection_id)
		json_text(&j, "connection_id", t->connection_id);
	json_int(&j, "status", t->status);
	json_text(&j, "error", t->error);
	json_list(&j, "rows");
	for (int i = 0; i < GW_STEP_COUNT; i++)
		if (t->rows[i].outcome != GW_NOT_REACHED)
			write_row(&j, (enum gw_step)i, &t->rows[i]);
	json_end(&j);
	if (t->detailed)
		write_messages(&j, t);
	json_end(&j);
}
