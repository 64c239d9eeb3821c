/* tracefilter.c -- the filter of the inspector: words over traces, cheap enough to be asked of all
 * kept ones with every picture. */
#include "tui/trace.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

const struct trace_term trace_terms[] = {
	{"429  4xx  5xx", "by status"},
	{"GET  connect  message", "by method or kind"},
	{"stock", "a part of the path, the route, the error or a connection id"},
	{"-ping", "not this"},
	{"api:shop  stage:dev", "one API, one stage"},
	{"path:  route:  error:", "only there"},
	{"status:  kind:  conn:", "only there"},
};
const size_t trace_term_count = ARRAY_LEN(trace_terms);

/* strstr without case, of ASCII. */
static bool has(const char *text, struct slice word)
{
	if (!text)
		return false;
	for (size_t n = strlen(text); n >= word.len; n--, text++)
		if (strncasecmp(text, word.p, word.len) == 0)
			return true;
	return false;
}

static bool is(const char *text, struct slice word)
{
	return text && strlen(text) == word.len && strncasecmp(text, word.p, word.len) == 0;
}

/* "429", "4xx". */
static bool is_status(struct slice w)
{
	if (w.len != 3 || !isdigit((unsigned char)w.p[0]))
		return false;
	return strncasecmp(w.p + 1, "xx", 2) == 0 ||
	       (isdigit((unsigned char)w.p[1]) && isdigit((unsigned char)w.p[2]));
}

static bool by_status(const struct gw_trace *t, struct slice w)
{
	char text[16];
	snprintf(text, sizeof(text), "%d", t->status);
	if (is_status(w) && tolower((unsigned char)w.p[1]) == 'x')
		return t->status / 100 == w.p[0] - '0';
	return is(text, w);
}

static bool by_kind(const struct gw_trace *t, struct slice w)
{
	static const char *const kinds[] = {
		[GW_TRACE_REQUEST] = "request",       [GW_TRACE_CONNECT] = "connect",
		[GW_TRACE_MESSAGE] = "message",       [GW_TRACE_PUSH] = "push",
		[GW_TRACE_DISCONNECT] = "disconnect",
	};
	return is(kinds[t->kind], w) || is(trace_verb(t), w);
}

static bool by_method(const struct gw_trace *t, struct slice w)
{
	return is(t->method, w);
}

static bool by_api(const struct gw_trace *t, struct slice w)
{
	return is(t->api, w);
}

static bool by_stage(const struct gw_trace *t, struct slice w)
{
	return is(t->stage, w);
}

static bool by_path(const struct gw_trace *t, struct slice w)
{
	return has(t->path, w) || has(t->target, w);
}

static bool by_route(const struct gw_trace *t, struct slice w)
{
	return has(t->resource, w);
}

static bool by_error(const struct gw_trace *t, struct slice w)
{
	return has(trace_ending(t), w);
}

static bool by_connection(const struct gw_trace *t, struct slice w)
{
	return has(t->connection_id, w);
}

static const struct {
	const char *name;
	bool (*meets)(const struct gw_trace *t, struct slice w);
} fields[] = {
	{"status", by_status}, {"kind", by_kind},   {"method", by_method},
	{"api", by_api},       {"stage", by_stage}, {"path", by_path},
	{"route", by_route},   {"error", by_error}, {"conn", by_connection},
};

/* A status is only a status: 429 in a path is not what is meant. */
static bool anywhere(const struct gw_trace *t, struct slice w)
{
	if (is_status(w))
		return by_status(t, w);
	for (size_t i = 0; i < ARRAY_LEN(fields); i++)
		if (fields[i].meets(t, w))
			return true;
	return false;
}

static bool meets(const struct gw_trace *t, struct slice w)
{
	const char *colon = memchr(w.p, ':', w.len);
	if (!colon)
		return anywhere(t, w);
	struct slice name = {w.p, (size_t)(colon - w.p)};
	struct slice rest = {colon + 1, w.len - name.len - 1};
	for (size_t i = 0; i < ARRAY_LEN(fields); i++)
		if (slice_is(name, fields[i].name))
			return !rest.len || fields[i].meets(t, rest);
	return anywhere(t, w);
}

bool trace_passes(const struct gw_trace *t, const char *filter)
{
	while (*filter) {
		size_t n = strcspn(filter, " ");
		bool not = n > 1 && *filter == '-';
		struct slice word = {filter + not, n - not };
		if (n && !(n == 1 && *filter == '-') && meets(t, word) == not )
			return false;
		filter += n;
		filter += strspn(filter, " ");
	}
	return true;
}
