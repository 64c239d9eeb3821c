/* cors.c -- see cors.h. */
#include "gateway/cors.h"

#include <string.h>

static bool holds(const char *const *list, size_t n, const char *item)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(list[i], item) == 0)
			return true;
	return false;
}

/* What Access-Control-Allow-Origin is for this origin; NULL: it is not allowed. */
static const char *allowed_origin(const struct gw_cors *c, const char *origin)
{
	const char *const *list = c->origins;
	if (holds(list, c->origin_count, "*"))
		return "*";
	bool scheme =
		(str_starts(origin, "https://") && holds(list, c->origin_count, "https://*")) ||
		(str_starts(origin, "http://") && holds(list, c->origin_count, "http://*"));
	return scheme || holds(list, c->origin_count, origin) ? origin : NULL;
}

static const char *joined(struct arena *a, const char *const *list, size_t n)
{
	const char *text = n ? list[0] : NULL;
	for (size_t i = 1; i < n; i++)
		text = arena_printf(a, "%s,%s", text, list[i]);
	return text;
}

static void add_list(struct gw_exchange *x, const char *name, const char *const *list, size_t n)
{
	const char *text = joined(x->arena, list, n);
	if (text)
		gw_headers_add(x->arena, &x->response.headers, name, text);
}

static void add_origin(struct gw_exchange *x, const char *origin)
{
	gw_headers_add(x->arena, &x->response.headers, "access-control-allow-origin", origin);
	if (x->api->cors->credentials)
		gw_headers_add(x->arena, &x->response.headers, "access-control-allow-credentials",
			       "true");
}

bool cors_preflight(struct gw_exchange *x)
{
	const struct gw_cors *c = x->api->cors;
	const struct gw_headers *h = &x->request->headers;
	const char *origin = gw_headers_first(h, "Origin");
	if (!c || strcmp(x->request->method, "OPTIONS") != 0 || !origin ||
	    !gw_headers_first(h, "Access-Control-Request-Method"))
		return false;
	const char *allowed = allowed_origin(c, origin);
	trace_detailf(&x->trace, GW_STEP_CORS, "origin", "%s is %s", origin,
		      allowed ? "allowed" : "not allowed");
	x->response = (struct gw_response){.status = 204};
	if (!allowed)
		return true;
	add_origin(x, allowed);
	add_list(x, "access-control-allow-methods", c->methods, c->method_count);
	add_list(x, "access-control-allow-headers", c->headers, c->header_count);
	if (c->max_age_s >= 0)
		gw_headers_add(x->arena, &x->response.headers, "access-control-max-age",
			       arena_printf(x->arena, "%d", c->max_age_s));
	return true;
}

void cors_answer(struct gw_exchange *x)
{
	static const char *const names[] = {
		"access-control-allow-origin",   "access-control-allow-credentials",
		"access-control-allow-methods",  "access-control-allow-headers",
		"access-control-expose-headers", "access-control-max-age",
	};
	const struct gw_cors *c = x->api->cors;
	if (!c)
		return;
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		gw_headers_remove(&x->response.headers, names[i]);
	const char *origin = gw_headers_first(&x->request->headers, "Origin");
	const char *allowed = origin ? allowed_origin(c, origin) : NULL;
	if (origin)
		trace_detailf(&x->trace, GW_STEP_CORS, "origin", "%s is %s", origin,
			      allowed ? "allowed" : "not allowed");
	if (!allowed)
		return;
	add_origin(x, allowed);
	add_list(x, "access-control-expose-headers", c->expose, c->expose_count);
}
