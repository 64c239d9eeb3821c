/* evidencetext.c -- what an operator has of a request: lines of an access log, metrics, segments;
 * and for afterwards the rows of its trace. */
#include "base/json.h"
#include "base/utf8.h"
#include "study/evidenceinside.h"

#include <string.h>

#define MAX_PATH_SHOWN 60

/* -- the access log ---------------------------------------------------------------------------- */

enum { REST = 1 << GW_REST, HTTP = 1 << GW_HTTP, WEBSOCKET = 1 << GW_WEBSOCKET };

/* Variables of $context by their names, in two lines. Two with a slash between them are shown as
 * one pair. */
static const struct {
	const char *label, *first, *second; /* second NULL: there is one */
	int types;
	int line;
} fields[] = {
	{"resourcePath", "resourcePath", NULL, REST, 0},
	{"routeKey", "routeKey", NULL, HTTP | WEBSOCKET, 0},
	{"apiKeyId", "identity.apiKeyId", NULL, REST | WEBSOCKET, 0},
	{"authorizer.status/latency", "authorizer.status", "authorizer.latency", REST | WEBSOCKET,
	 1},
	{"authorizer.error", "authorizer.error", NULL, HTTP, 1},
	{"integration.status/latency", "integration.status", "integration.latency",
	 REST | HTTP | WEBSOCKET, 1},
};

static const char *value(struct gw_exchange *x, const char *name)
{
	const char *text = gw_context_text(x, name);
	return text && *text ? text : "-";
}

/* What the web ACL said: the service logs it, the simulator's $context does not know it. */
static const char *waf_code(const struct gw_exchange *x)
{
	switch (x->trace.rows[GW_STEP_WAF].outcome) {
	case GW_REFUSED:
		return "WAF_BLOCK";
	case GW_PASSED:
		return "WAF_ALLOW";
	case GW_FAILED:
		return "WAF_ERROR";
	case GW_NOT_REACHED:
	case GW_NONE:
	case GW_HIT:
		break;
	}
	return "-";
}

static void add_fields(struct str *out, struct gw_exchange *x, int line)
{
	enum gw_type type = x->api ? x->api->type : GW_REST;
	str_add(out, " ");
	for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
		if (fields[i].line != line || !(fields[i].types >> type & 1))
			continue;
		const char *first = value(x, fields[i].first);
		const char *quote = strchr(first, ' ') ? "\"" : "";
		str_addf(out, " %s=%s%s%s", fields[i].label, quote, first, quote);
		if (fields[i].second)
			str_addf(out, "/%s", value(x, fields[i].second));
	}
	if (type == GW_REST && !line)
		str_addf(out, " wafResponseCode=%s", waf_code(x));
	if (line && x->integration_error)
		str_addf(out, "\n  integration.error=\"%s\"", x->integration_error);
	str_addc(out, '\n');
}

static const char *what_of(const struct gw_trace *t)
{
	static const char *const names[] = {
		[GW_TRACE_REQUEST] = "-",       [GW_TRACE_CONNECT] = "CONNECT",
		[GW_TRACE_MESSAGE] = "MESSAGE", [GW_TRACE_DISCONNECT] = "DISCONNECT",
		[GW_TRACE_PUSH] = "POST",
	};
	return t->kind == GW_TRACE_REQUEST && t->method ? t->method : names[t->kind];
}

void evidence_log(struct str *out, struct gw_exchange *x)
{
	const struct gw_trace *t = &x->trace;
	const char *path = t->path ? t->path : "-", *message = value(x, "error.messageString");
	int64_t ms = x->began_ms % 86400000;
	str_addf(out, "%02d:%02d:%02d.%03d %s %.*s %s", (int)(ms / 3600000), (int)(ms / 60000 % 60),
		 (int)(ms / 1000 % 60), (int)(ms % 1000), what_of(t), MAX_PATH_SHOWN, path,
		 value(x, "status"));
	if (x->api && x->api->type != GW_WEBSOCKET)
		str_addf(out, " responseLatency=%s", value(x, "responseLatency"));
	if (!str_eq(message, "-"))
		str_addf(out, " %s", message);
	str_addc(out, '\n');
	add_fields(out, x, 0);
	add_fields(out, x, 1);
}

/* -- metrics ----------------------------------------------------------------------------------- */

#define MAX_METRIC_COLUMNS 8
#define NAME_WIDTH 28

/* Columns by type of API, told by a metric that only that type has. */
static const struct {
	const char *mark;
	const char *columns[MAX_METRIC_COLUMNS];
} tables[] = {
	{"4XXError", {"Count", "4XXError", "5XXError", "Latency", "IntegrationLatency"}},
	{"4xx", {"Count", "4xx", "5xx", "Latency", "IntegrationLatency"}},
	{"ConnectCount",
	 {"ConnectCount", "MessageCount", "ClientError", "IntegrationError", "ExecutionError"}},
};

static const char *text_of(const struct node *row, const char *key)
{
	const struct node *n = node_get(row, key);
	return n && n->text ? n->text : NULL;
}

/* "shop/prod", and below it "GET /stock". */
static void add_name(struct str *out, const struct node *row)
{
	const char *api = text_of(row, "ApiName"), *stage = text_of(row, "Stage");
	const char *resource = text_of(row, "Resource"), *method = text_of(row, "Method");
	struct str name = {0};
	if (!resource)
		resource = text_of(row, "Route");
	if (resource)
		str_addf(&name, "  %s%s%s", method ? method : "", method ? " " : "", resource);
	else
		str_addf(&name, "%s/%s", api ? api : text_of(row, "ApiId"), stage ? stage : "-");
	str_add(out, str_c(&name));
	for (int i = utf8_columns(str_c(&name), name.len); i < NAME_WIDTH; i++)
		str_addc(out, ' ');
	str_clear(&name);
}

/* A counter as it is, of a latency the average in milliseconds. */
static void add_cell(struct str *out, const struct node *row, const char *column)
{
	const struct node *n = node_get(row, column);
	const struct node *average = n && n->kind == NODE_MAP ? node_get(n, "Average") : NULL;
	int width = (int)strlen(column) + 2;
	double ms;
	if (average && str_to_double(average->text, 0, 1e12, &ms))
		str_addf(out, "%*.1f", width, ms);
	else
		str_addf(out, "%*s", width, n && n->text && !average ? n->text : "-");
}

static const char *const *columns_of(const struct node *row)
{
	size_t i = 0;
	while (i + 1 < ARRAY_LEN(tables) && !node_get(row, tables[i].mark))
		i++;
	return tables[i].columns;
}

static bool is_of(const struct node *row, const char *api, const char *name)
{
	const char *id = text_of(row, "ApiId");
	return id ? str_eq(id, api) : str_eq(text_of(row, "ApiName"), name);
}

static void add_rows(struct str *out, const struct node *rows, const char *api, const char *name)
{
	bool begun = false;
	for (const struct node *row = rows->child; row; row = row->next) {
		if (!is_of(row, api, name))
			continue;
		const char *const *columns = columns_of(row);
		if (!begun) {
			str_addf(out, "%*s", NAME_WIDTH, "");
			for (size_t i = 0; columns[i]; i++)
				str_addf(out, "  %s", columns[i]);
			str_addc(out, '\n');
		}
		begun = true;
		add_name(out, row);
		for (size_t i = 0; columns[i]; i++)
			add_cell(out, row, columns[i]);
		str_addc(out, '\n');
	}
}

void evidence_metrics(struct str *out, const struct metrics *m, const char *api, const char *name)
{
	struct arena a = {0};
	struct str json = {0};
	struct node *root;
	metrics_json(m, &json);
	if (json_read(&a, "metrics", str_c(&json), json.len, &root, NULL)) {
		const struct node *rows = node_get(root, "metrics");
		if (rows)
			add_rows(out, rows, api, name);
	}
	str_clear(&json);
	arena_clear(&a);
}

/* -- segments ---------------------------------------------------------------------------------- */

/* The marks that a tracing service gives a segment by its status. */
static const char *mark_of(int status)
{
	if (status >= 500)
		return ", fault";
	return status >= 400 ? ", error" : "";
}

static void add_segment(struct str *out, const char *name, int status, int64_t us)
{
	str_addf(out, "  %s: ", name);
	if (status)
		str_addf(out, "status %d", status);
	else
		str_add(out, "no answer");
	str_addf(out, ", %.1f ms%s\n", (double)us / 1000, status ? mark_of(status) : ", fault");
}

void evidence_segments(struct str *out, const struct gw_exchange *x)
{
	const struct gw_trace *t = &x->trace;
	int status = t->status;
	str_addf(out, "%s/%s %s %s: status %d, %.1f ms%s\n", t->api ? t->api : "-",
		 t->stage ? t->stage : "-", what_of(t), t->path ? t->path : "", status,
		 (double)t->total_us / 1000, mark_of(status));
	/* A message has what the handshake's authorizer found out, and asked none. */
	bool authorizer = x->authorizer_us >= 0 && x->authorizer_status;
	if (authorizer)
		add_segment(out, "authorizer", x->authorizer_status, x->authorizer_us);
	if (x->integration_us >= 0)
		add_segment(out, "integration", x->integration_status, x->integration_us);
	if (!authorizer && x->integration_us < 0)
		str_add(out, "  no further segment\n");
}

void evidence_rows(struct str *out, const struct gw_trace *t)
{
	for (int i = 0; i < GW_STEP_COUNT; i++) {
		const struct gw_row *row = &t->rows[i];
		str_addf(out, "%-20s  %-11s", gw_step_names[i], gw_outcome_names[row->outcome]);
		if (row->outcome != GW_NOT_REACHED && row->outcome != GW_NONE)
			str_addf(out, "  %6.1f ms  %s", (double)row->us / 1000,
				 row->summary ? row->summary : "");
		while (out->len && out->p[out->len - 1] == ' ')
			str_truncate(out, out->len - 1);
		str_addc(out, '\n');
	}
}
