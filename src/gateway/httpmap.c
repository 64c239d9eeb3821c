/* httpmap.c -- see httpmap.h. */
#include "gateway/httpmap.h"
#include "gateway/mapping.h"

#include <string.h>

#define MAX_MAPPED_BODY ((size_t)100 << 10) /* of a body, the rest is not looked at */

/* ---- values -------------------------------------------------------------------------- */

static const char *joined_header(struct gw_exchange *x, const struct gw_headers *h,
				 const char *name)
{
	const char *all = NULL;
	const char *v;
	size_t i = 0;
	while ((v = gw_headers_next(h, name, &i)))
		all = all ? arena_printf(x->arena, "%s,%s", all, v) : v;
	return all;
}

static const char *joined_query(struct gw_exchange *x, const char *name)
{
	const char *all = NULL;
	for (size_t i = 0; i < x->query.count; i++) {
		const struct gw_param *p = &x->query.items[i];
		if (strcmp(p->name, name) == 0)
			all = all ? arena_printf(x->arena, "%s,%s", all, p->value) : p->value;
	}
	return all;
}

static const char *body_part(struct gw_exchange *x, struct slice body, const char *path)
{
	if (body.len > MAX_MAPPED_BODY)
		body.len = MAX_MAPPED_BODY;
	return *path ? mapping_body_part(x->arena, body, path, NULL)
		     : arena_strndup(x->arena, body.p ? body.p : "", body.len);
}

/* A variable without its '$'. */
static const char *variable(struct gw_exchange *x, const char *name, bool response)
{
	static const struct {
		const char *prefix;
		enum {
			REQUEST_HEADER,
			QUERY,
			PATH_PARAM,
			REQUEST_BODY,
			RESPONSE_HEADER,
			RESPONSE_BODY,
			CONTEXT,
			VARIABLE
		} kind;
	} rows[] = {
		{"request.header.", REQUEST_HEADER},
		{"request.querystring.", QUERY},
		{"request.path.", PATH_PARAM},
		{"request.body.", REQUEST_BODY},
		{"response.header.", RESPONSE_HEADER},
		{"response.body.", RESPONSE_BODY},
		{"context.", CONTEXT},
		{"stageVariables.", VARIABLE},
	};
	if (strcmp(name, "request.path") == 0)
		return x->path;
	if (strcmp(name, "request.body") == 0)
		return body_part(x, x->request->body, "");
	if (strcmp(name, "response.body") == 0)
		return response ? body_part(x, x->response.body, "") : NULL;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (!str_starts(name, rows[i].prefix))
			continue;
		name += strlen(rows[i].prefix);
		switch (rows[i].kind) {
		case REQUEST_HEADER:
			return joined_header(x, &x->request->headers, name);
		case QUERY:
			return joined_query(x, name);
		case PATH_PARAM:
			return gw_params_last(&x->path_params, name);
		case REQUEST_BODY:
			return body_part(x, x->request->body, name);
		case RESPONSE_HEADER:
			return response ? joined_header(x, &x->response.headers, name) : NULL;
		case RESPONSE_BODY:
			return response ? body_part(x, x->response.body, name) : NULL;
		case CONTEXT:
			return gw_context_text(x, name);
		case VARIABLE:
			return gw_params_last(&x->variables, name);
		}
	}
	return NULL;
}

const char *httpmap_value(struct gw_exchange *x, const char *from, bool response)
{
	struct str out = {0};
	bool any = false;
	if (from[0] == '$' && from[1] != '{')
		return variable(x, from + 1, response);
	if (!strstr(from, "${"))
		return from;
	while (*from) {
		size_t plain = strncmp(from, "${", 2) == 0 ? 0 : strcspn(from + 1, "$") + 1;
		str_addn(&out, from, plain);
		from += plain;
		if (plain)
			continue;
		size_t n = strcspn(from + 2, "}");
		const char *name = arena_strndup(x->arena, from + 2, n);
		const char *value = variable(x, name, response);
		str_add(&out, value ? value : "");
		any |= value != NULL;
		from += 2 + n + (from[2 + n] == '}');
	}
	const char *text = gw_keep(x->arena, &out).p;
	return any || text[0] ? text : NULL;
}

/* ---- what is done with them ---------------------------------------------------------- */

enum action { APPEND, OVERWRITE, REMOVE };

/* "append:header.X" gives APPEND and "header.X". */
static const char *target(const char *to, enum action *action)
{
	static const char *const names[] = {"append:", "overwrite:", "remove:"};
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (!str_starts(to, names[i]))
			continue;
		*action = (enum action)i;
		return to + strlen(names[i]);
	}
	return NULL;
}

static void map_header(struct gw_exchange *x, struct gw_headers *h, enum action action,
		       const char *name, const char *value)
{
	const char *before = joined_header(x, h, name);
	if (action == REMOVE)
		gw_headers_remove(h, name);
	else if (value && action == APPEND && before)
		gw_headers_set(x->arena, h, name, arena_printf(x->arena, "%s,%s", before, value));
	else if (value)
		gw_headers_set(x->arena, h, name, value);
}

static void map_query(struct gw_exchange *x, struct gw_params *q, enum action action,
		      const char *name, const char *value)
{
	size_t kept = 0;
	for (size_t i = 0; i < q->count; i++) {
		bool same = strcmp(q->items[i].name, name) == 0;
		if (!same || action == APPEND || (action == OVERWRITE && !value))
			q->items[kept++] = q->items[i];
	}
	q->count = kept;
	if (value && action != REMOVE)
		gw_params_add(x->arena, q, name, value);
}

void httpmap_request(struct gw_exchange *x, const struct gw_integration *i,
		     struct http_outgoing *out)
{
	for (size_t k = 0; k < i->param_count; k++) {
		enum action action;
		const char *to = target(i->params[k].to, &action);
		const char *value = httpmap_value(x, i->params[k].from, false);
		if (to && str_starts(to, "header."))
			map_header(x, &out->headers, action, to + strlen("header."), value);
		else if (to && str_starts(to, "querystring."))
			map_query(x, &out->query, action, to + strlen("querystring."), value);
		else if (to && strcmp(to, "path") == 0 && value)
			out->path = value;
	}
}

void httpmap_response(struct gw_exchange *x, const struct gw_integration *i)
{
	int status = x->response.status;
	for (size_t k = 0; k < i->response_count; k++) {
		const struct gw_integration_response *r = &i->responses[k];
		for (size_t m = 0; r->status == status && m < r->param_count; m++) {
			enum action action;
			long long code;
			const char *to = target(r->params[m].to, &action);
			const char *value = httpmap_value(x, r->params[m].from, true);
			if (to && str_starts(to, "header."))
				map_header(x, &x->response.headers, action, to + strlen("header."),
					   value);
			else if (to && strcmp(to, "statuscode") == 0 && value &&
				 str_to_i64(value, 200, 599, &code))
				x->response.status = (int)code;
		}
	}
}
