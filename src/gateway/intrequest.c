/* intrequest.c -- the integration request: parameters are mapped, a template is chosen and rendered
 * over the body, overrides win, then come the headers that the service adds by itself. What a
 * template or a mapping may not do ends the request as recorded: 415, 400 or 500. */
#include "gateway/gwresponse.h"
#include "gateway/integrate.h"
#include "gateway/mapping.h"
#include "gateway/testlog.h"
#include "gateway/vtl.h"

#include <string.h>

#define SERVER_ERROR "Internal server error"

static bool is_one_of(const char *name, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (gw_name_eq(name, names[i]))
			return true;
	return false;
}

static bool misconfigured(struct gw_exchange *x, const char *why)
{
	x->integration_error = why;
	testlog_failed(
		x, arena_printf(x->arena, "Execution failed due to configuration error: %s", why));
	gw_fail(x, "API_CONFIGURATION_ERROR", SERVER_ERROR);
	return false;
}

/* ---- begin ---- */

static const char *media_type(struct gw_exchange *x)
{
	const char *header = gw_headers_last(&x->request->headers, "Content-Type");
	return header && *header ? gw_media_type(x->arena, header) : "application/json";
}

static const char *integration_method(struct gw_exchange *x, const struct gw_integration *i)
{
	if (!i->http_method || !*i->http_method || gw_name_eq(i->http_method, "ANY"))
		return x->request->method;
	return i->http_method;
}

struct integration_call *integration_begin(struct gw_exchange *x, const struct gw_integration *i)
{
	struct integration_call *c = arena_alloc(x->arena, sizeof(*c));
	c->x = x;
	c->i = i;
	if (x->api->type == GW_WEBSOCKET) {
		c->in = x->message;
		c->content_type = "application/json";
		c->method = i->http_method && *i->http_method ? i->http_method : "POST";
	} else {
		c->in = x->request->body;
		c->content_type = media_type(x);
		c->in_binary =
			gw_is_binary(x->api, gw_headers_last(&x->request->headers, "Content-Type"));
		c->method = integration_method(x, i);
	}
	return c;
}

/* ---- parameter mapping ---- */

/* Headers that no mapping may set; the second row: not towards AWS either. */
static bool is_illegal(const struct gw_integration *i, const char *name)
{
	static const char *const always[] = {"Content-Length", "Transfer-Encoding",
					     "X-Amzn-Trace-Id", "X-Amzn-Apigateway-Api-Id"};
	static const char *const aws[] = {"Authorization", "Connection", "Expect",
					  "Proxy-Authenticate", "TE"};
	return is_one_of(name, always, ARRAY_LEN(always)) ||
	       ((i->type == GW_AWS || i->type == GW_AWS_PROXY) &&
		is_one_of(name, aws, ARRAY_LEN(aws)));
}

/* Headers that are dropped although a mapping sets them. */
static bool is_dropped(const char *name)
{
	static const char *const names[] = {"Expect", "Proxy-Authenticate", "TE", "Via",
					    "Host",   "Connection"};
	return is_one_of(name, names, ARRAY_LEN(names));
}

static bool bad_value(const char *v)
{
	return strpbrk(v, "\r\n") != NULL;
}

static void map_one(struct integration_call *c, enum mapping_target target, const char *name,
		    const struct mapping_values *v)
{
	struct arena *a = c->x->arena;
	if (target == MAPPING_HEADER && !bad_value(v->items[0]))
		gw_headers_set(a, &c->headers, name, v->items[0]);
	else if (target == MAPPING_PATH)
		gw_params_add(a, &c->path, name, v->items[0]);
	for (size_t i = 0; target == MAPPING_QUERY && i < v->count; i++)
		gw_params_add(a, &c->query, name, v->items[i]);
}

/* A Lambda proxy ignores its mappings, but what is wrong with them is wrong there too. */
static bool map_parameters(struct integration_call *c)
{
	struct mapping_source source = {.body = c->in};
	for (size_t k = 0; k < c->i->param_count; k++) {
		const struct gw_mapping *m = &c->i->params[k];
		struct mapping_values v;
		enum mapping_result r = mapping_eval(c->x, &source, m->from, &v);
		if (r == MAPPING_NOT_JSON) {
			gw_fail(c->x, "DEFAULT_4XX", "Invalid JSON in request body");
			return false;
		}
		if (r != MAPPING_DONE)
			continue;
		const char *name;
		enum mapping_target target = mapping_target(m->to, &name);
		if (target == MAPPING_HEADER && is_illegal(c->i, name))
			return misconfigured(
				c->x, arena_printf(c->x->arena, "%s header already present", name));
		if (c->i->type != GW_AWS_PROXY)
			map_one(c, target, name, &v);
	}
	return true;
}

/* ---- template ---- */

const struct gw_template *integration_template(const struct gw_template *t, size_t n,
					       const char *type)
{
	const struct gw_template *other = NULL;
	for (size_t i = 0; i < n; i++) {
		if (type && gw_name_eq(t[i].type, type))
			return &t[i];
		if (strcmp(t[i].type, "$default") == 0)
			other = &t[i];
	}
	return other;
}

bool integration_render(struct gw_exchange *x, const struct gw_template *t, struct slice body,
			struct slice *out)
{
	if (t->vtl && vtl_constant(t->vtl, out))
		return true;
	struct str text = {0};
	struct vtl_env env = {.arena = x->arena, .x = x, .body = body};
	const char *error = "the template was not compiled";
	if (t->vtl && vtl_run(t->vtl, &env, &text, &error)) {
		*out = gw_keep(x->arena, &text);
		return true;
	}
	str_clear(&text);
	x->integration_error = error;
	testlog_failed(x, arena_printf(x->arena,
				       "Execution failed due to configuration error: Unable to "
				       "transform: %s",
				       error));
	gw_fail(x, "DEFAULT_5XX", SERVER_ERROR);
	return false;
}

static bool refused_type(struct integration_call *c)
{
	bool refused = c->i->passthrough == GW_NEVER ||
		       (c->i->passthrough == GW_WHEN_NO_TEMPLATES && c->i->template_count);
	if (refused)
		gw_fail(c->x, "UNSUPPORTED_MEDIA_TYPE", "Unsupported Media Type");
	return refused;
}

static bool render(struct integration_call *c)
{
	struct gw_exchange *x = c->x;
	const struct gw_template *t =
		integration_template(c->i->templates, c->i->template_count,
				     c->template_key ? c->template_key : c->content_type);
	if (!t && refused_type(c))
		return false;
	struct content body = {c->in, c->in_binary};
	if (!content_request(x->arena, c->i->content, &body))
		return misconfigured(x, "Unable to base64 decode the body");
	c->body = body.bytes;
	if (!t)
		return true;
	if (body.binary && body.bytes.len)
		return misconfigured(x, "Unable to transform a binary body");
	c->has_template = true;
	if (x->trace.detailed)
		trace_detail(&x->trace, GW_STEP_REQUEST, "template", t->text);
	return integration_render(x, t, body.bytes, &c->body);
}

/* ---- overrides ---- */

static void override_headers(struct integration_call *c, const struct node *map)
{
	for (const struct node *m = map ? map->child : NULL; m; m = m->next)
		if (m->text && !bad_value(m->text) && !is_illegal(c->i, m->key->text))
			gw_headers_set(c->x->arena, &c->headers, m->key->text, m->text);
}

static void drop_param(struct gw_params *p, const char *name)
{
	size_t kept = 0;
	for (size_t i = 0; i < p->count; i++)
		if (strcmp(p->items[i].name, name) != 0)
			p->items[kept++] = p->items[i];
	p->count = kept;
}

static void override_params(struct arena *a, struct gw_params *p, const struct node *map)
{
	if (!map || map->kind != NODE_MAP)
		return;
	for (const struct node *m = map->child; m; m = m->next) {
		if (m->kind == NODE_MAP || m->kind == NODE_NULL)
			continue;
		drop_param(p, m->key->text);
		if (m->kind != NODE_LIST)
			gw_params_add(a, p, m->key->text, m->text);
		for (const struct node *v = m->kind == NODE_LIST ? m->child : NULL; v; v = v->next)
			if (v->text)
				gw_params_add(a, p, m->key->text, v->text);
	}
}

static void apply_overrides(struct integration_call *c)
{
	const struct node *o = c->x->request_override;
	if (!o)
		return;
	const struct node *headers = node_get(o, "header");
	if (headers && headers->kind == NODE_MAP)
		override_headers(c, headers);
	override_params(c->x->arena, &c->query, node_get(o, "querystring"));
	override_params(c->x->arena, &c->path, node_get(o, "path"));
}

/* ---- headers of the service's own ---- */

/* Client headers that an HTTP proxy does not hand on. */
static bool stays_here(struct gw_exchange *x, const char *name)
{
	static const char *const names[] = {
		"Host",
		"Connection",
		"Content-Length",
		"Transfer-Encoding",
		"Content-Encoding",
		"Content-MD5",
		"Expect",
		"Max-Forwards",
		"Proxy-Authenticate",
		"Server",
		"TE",
		"Trailer",
		"Upgrade",
		"Via",
		"WWW-Authenticate",
		"Keep-Alive",
		"X-Amzn-Trace-Id",
	};
	if (gw_name_eq(name, "Authorization")) {
		const char *v = gw_headers_first(&x->request->headers, name);
		return (x->method && x->method->auth == GW_AUTH_IAM) ||
		       (v && str_starts(v, "AWS4-HMAC-SHA256"));
	}
	return is_one_of(name, names, ARRAY_LEN(names));
}

/* The client's headers and query, and before them what was mapped wins. */
static void proxy_parameters(struct integration_call *c)
{
	struct gw_exchange *x = c->x;
	struct gw_headers mapped = c->headers;
	c->headers = (struct gw_headers){0};
	for (size_t i = 0; i < x->request->headers.count; i++) {
		const struct gw_header *h = &x->request->headers.items[i];
		if (!stays_here(x, h->name))
			gw_headers_add(x->arena, &c->headers, h->name, h->value);
	}
	for (size_t i = 0; i < mapped.count; i++)
		gw_headers_set(x->arena, &c->headers, mapped.items[i].name, mapped.items[i].value);
	struct gw_params query = {0};
	for (size_t i = 0; i < x->query.count; i++)
		gw_params_add(x->arena, &query, x->query.items[i].name, x->query.items[i].value);
	for (size_t i = 0; i < c->query.count; i++)
		gw_params_add(x->arena, &query, c->query.items[i].name, c->query.items[i].value);
	c->query = query;
}

static void add_missing(struct integration_call *c, const char *name, const char *value)
{
	if (!gw_headers_first(&c->headers, name))
		gw_headers_add(c->x->arena, &c->headers, name, value);
}

/* A method whose requests have a body by themselves. */
static bool carries_body(const char *method)
{
	return strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0 &&
	       strcmp(method, "OPTIONS") != 0;
}

static void finish_headers(struct integration_call *c)
{
	struct gw_exchange *x = c->x;
	struct gw_headers kept = {0};
	for (size_t i = 0; i < c->headers.count; i++)
		if (!is_dropped(c->headers.items[i].name))
			gw_headers_add(x->arena, &kept, c->headers.items[i].name,
				       c->headers.items[i].value);
	c->headers = kept;
	add_missing(c, "Accept", "application/json");
	add_missing(c, "User-Agent", arena_printf(x->arena, "AmazonAPIGateway_%s", x->api->id));
	const char *type = gw_headers_last(&x->request->headers, "Content-Type");
	if (carries_body(x->request->method) && type)
		add_missing(c, "Content-Type", type);
	else if (c->body.len)
		add_missing(c, "Content-Type", "application/json");
	gw_headers_set(x->arena, &c->headers, "X-Amzn-Trace-Id", gw_trace_id(x));
	gw_headers_set(x->arena, &c->headers, "X-Amzn-Apigateway-Api-Id", x->api->id);
}

/* ---- URL ---- */

static void add_query(struct str *out, const struct gw_params *query)
{
	const char *sep = out->len && strchr(out->p, '?') ? "&" : "?";
	for (size_t i = 0; i < query->count; i++) {
		const struct gw_param *p = &query->items[i];
		str_add(out, sep);
		gw_percent_encode(out, p->name, strlen(p->name), "[]");
		str_addc(out, '=');
		gw_percent_encode(out, p->value, strlen(p->value), NULL);
		sep = "&";
	}
}

/* The path of a URL replaced as a whole: how a template takes the stage out of it. */
static const char *with_path(struct arena *a, const char *url, const char *path)
{
	const char *host = strstr(url, "://");
	size_t n = host ? (size_t)(host - url) + 3 : 0;
	n += strcspn(url + n, "/?");
	return arena_printf(a, "%.*s%s%s%s", (int)n, url, *path == '/' ? "" : "/", path,
			    strchr(url, '?') ? strchr(url, '?') : "");
}

static bool make_url(struct integration_call *c)
{
	struct gw_exchange *x = c->x;
	const char *url = integration_url(x, c->i, &c->path);
	if (!url)
		return misconfigured(x, "Invalid endpoint address");
	const struct node *path =
		x->request_override ? node_get(x->request_override, "path") : NULL;
	if (path && path->kind == NODE_TEXT && path->len && !strpbrk(path->text, " \r\n"))
		url = with_path(x->arena, url, path->text);
	struct str out = {0};
	str_add(&out, url);
	add_query(&out, &c->query);
	c->url = gw_keep(x->arena, &out).p;
	return true;
}

/* ---- all of it ---- */

static bool function_request(struct integration_call *c)
{
	const char *kind = gw_headers_first(&c->headers, "X-Amz-Invocation-Type");
	c->async = kind && strcmp(kind, "Event") == 0;
	if (strcmp(c->method, "POST") == 0)
		return true;
	c->x->integration_error = "functions are invoked by POST alone";
	testlog_failed(c->x, "Execution failed due to configuration error: "
			     "Invalid permissions on Lambda function");
	gw_fail(c->x, "DEFAULT_5XX", SERVER_ERROR);
	return false;
}

static bool proxy_body(struct integration_call *c)
{
	struct content body = {c->in, c->in_binary};
	if (!content_request(c->x->arena, c->i->content, &body))
		return misconfigured(c->x, "Unable to base64 decode the body");
	c->body = body.bytes;
	return true;
}

bool integration_request(struct integration_call *c)
{
	if (c->i->param_count && !map_parameters(c))
		return false;
	switch (c->i->type) {
	case GW_MOCK:
		return render(c) && integration_mock(c);
	case GW_AWS_PROXY:
		return function_request(c);
	case GW_AWS:
		if (!render(c))
			return false;
		apply_overrides(c);
		return function_request(c);
	case GW_HTTP_CUSTOM:
		if (!render(c))
			return false;
		apply_overrides(c);
		break;
	case GW_HTTP_PROXY:
		if (!proxy_body(c))
			return false;
		proxy_parameters(c);
		break;
	}
	finish_headers(c);
	return make_url(c);
}
