/* restcheck.c -- see restcheck.h. */
#include "gateway/restcheck.h"

#include "gateway/content.h"
#include "gateway/gwresponse.h"
#include "gateway/match.h"

#include <string.h>

#define SHORT_PATH 1000 /* bytes: with such a path no ARN is too long */

/* ---- sizes ---- */

static size_t header_bytes(const struct gw_headers *h)
{
	size_t n = 0;
	for (size_t i = 0; i < h->count; i++)
		n += strlen(h->items[i].name) + strlen(h->items[i].value) + 4; /* ": ", CR LF */
	return n;
}

static bool refuse(struct gw_exchange *x, enum gw_step step, const char *type, const char *message)
{
	gw_fail(x, type, message);
	gw_row(x, step, GW_REFUSED, message);
	return false;
}

bool rest_check_size(struct gw_exchange *x)
{
	const struct gw_request *q = x->request;
	bool far = x->api->endpoint != GW_REGIONAL;
	size_t head = x->api->endpoint == GW_PRIVATE ? MAX_REST_PRIVATE_HEADERS : MAX_REST_HEADERS;
	if (q->body.len > MAX_REST_BODY) {
		gw_fail_too_large(x);
		trace_detailf(&x->trace, GW_STEP_SIZE, "body", "%zu bytes of %zu", q->body.len,
			      MAX_REST_BODY);
		gw_row(x, GW_STEP_SIZE, GW_REFUSED, "the body is over 10 MB");
		return false;
	}
	if (q->target && strlen(q->target) > (far ? MAX_REST_EDGE_URL : MAX_REST_URL))
		return refuse(x, GW_STEP_SIZE, "DEFAULT_4XX", "Request URI too long");
	size_t bytes = header_bytes(&q->headers);
	trace_detailf(&x->trace, GW_STEP_SIZE, "headers", "%zu bytes of %zu", bytes, head);
	if (bytes > head)
		return refuse(x, GW_STEP_SIZE, "DEFAULT_4XX", "Request Header Fields Too Large");
	if (q->query && strpbrk(q->query, "|{}"))
		return refuse(x, GW_STEP_SIZE, "DEFAULT_4XX", "Bad Request");
	gw_row(x, GW_STEP_SIZE, GW_PASSED, NULL);
	return true;
}

/* ---- stage ---- */

/* Was the API asked for by the name that it has from the service? */
static bool at_default_endpoint(struct gw_exchange *x)
{
	return !x->base_path;
}

bool rest_check_stage(struct gw_exchange *x)
{
	if (!x->stage)
		return refuse(x, GW_STEP_STAGE, "DEFAULT_4XX", "Forbidden");
	if (x->api->no_default_endpoint && at_default_endpoint(x))
		return refuse(x, GW_STEP_STAGE, "DEFAULT_4XX", "Forbidden");
	return true;
}

static void overlay(struct gw_exchange *x, const struct gw_canary *c)
{
	struct gw_params all = {0};
	for (size_t i = 0; i < x->variables.count; i++)
		gw_params_add(x->arena, &all, x->variables.items[i].name,
			      x->variables.items[i].value);
	for (size_t i = 0; i < c->override_count; i++) {
		size_t k = 0;
		while (k < all.count && strcmp(all.items[k].name, c->overrides[i].name) != 0)
			k++;
		if (k < all.count)
			all.items[k].value = c->overrides[i].value;
		else
			gw_params_add(x->arena, &all, c->overrides[i].name, c->overrides[i].value);
	}
	x->variables = all;
}

static void draw(struct gw_exchange *x, const struct gw_api *canary)
{
	const struct gw_canary *c = x->stage->canary;
	if (!c) {
		gw_row(x, GW_STEP_STAGE, GW_PASSED, NULL);
		return;
	}
	x->canary_set = true;
	double drawn = (double)(x->outside->random(x->outside->ctx) >> 11) * 0x1p-53 * 100;
	x->canary = drawn < c->percent;
	trace_detailf(&x->trace, GW_STEP_STAGE, "drawn", "%.2f, the canary has 0 to %g", drawn,
		      c->percent);
	if (x->canary) {
		overlay(x, c);
		if (canary)
			x->api = canary;
	}
	gw_row(x, GW_STEP_STAGE, GW_PASSED, x->canary ? "canary" : "not the canary");
}

void rest_draw_canary(struct gw_exchange *x, const struct gw_api *canary)
{
	draw(x, canary);
	if (x->api->deployment)
		trace_detail(&x->trace, GW_STEP_STAGE, "deployment", x->api->deployment);
}

/* A request of its own, to change what it says. */
static struct gw_request *copy_request(struct gw_exchange *x)
{
	struct gw_request *copy = arena_alloc(x->arena, sizeof(*copy));
	*copy = *x->request;
	x->request = copy;
	return copy;
}

/* ---- route ---- */

static void override_verb(struct gw_exchange *x)
{
	const char *verb = gw_headers_last(&x->request->headers, "X-HTTP-Method-Override");
	if (!verb || !*verb || verb[strspn(verb, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")])
		return;
	copy_request(x)->method = verb;
}

/* Slashes before the path count once. */
static const char *one_slash(const char *path)
{
	if (!path || !*path)
		return "/";
	while (path[0] == '/' && path[1] == '/')
		path++;
	return path;
}

static const char *unsigned_words(struct gw_exchange *x)
{
	const char *token = gw_headers_last(&x->request->headers, "Authorization");
	if (!token || !*token || str_starts(token, "AWS4-HMAC-SHA256"))
		return NULL;
	return arena_printf(x->arena,
			    "'%s' not a valid key=value pair (missing equal-sign) in Authorization "
			    "header: '%s'.",
			    token + strcspn(token, " ") + (strchr(token, ' ') ? 1 : 0), token);
}

bool rest_route(struct gw_exchange *x)
{
	override_verb(x);
	x->path = one_slash(x->path);
	struct match m;
	if (!match_resource(x->arena, x->api, x->request->method, x->path, &m)) {
		const char *words = unsigned_words(x);
		if (words)
			gw_fail(x, "DEFAULT_4XX", words);
		else
			gw_fail(x, "MISSING_AUTHENTICATION_TOKEN", "Missing Authentication Token");
		gw_row(x, GW_STEP_ROUTE, GW_REFUSED, "no method and resource match");
		return false;
	}
	x->resource = m.resource;
	x->method = m.method;
	x->path_params = m.path;
	x->trace.resource = m.resource->path;
	for (size_t i = 0; x->trace.detailed && i < x->path_params.count; i++)
		trace_detail(&x->trace, GW_STEP_ROUTE, x->path_params.items[i].name,
			     x->path_params.items[i].value);
	gw_row(x, GW_STEP_ROUTE, GW_PASSED,
	       x->trace.detailed
		       ? arena_printf(x->arena, "matched %s %s", m.method->verb, m.resource->path)
		       : NULL);
	if (strlen(x->path) > SHORT_PATH && strlen(gw_method_arn(x)) > MAX_REST_ARN)
		return refuse(x, GW_STEP_ROUTE, "DEFAULT_4XX", "Request URI too long");
	return true;
}

static bool stays_here(const char *name)
{
	static const char *const names[] = {
		"Connection",         "Content-Length", "Content-MD5", "Expect",
		"Max-Forwards",       "Server",         "TE",          "Transfer-Encoding",
		"Proxy-Authenticate", "Trailer",        "Upgrade",     "WWW-Authenticate",
	};
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (gw_name_eq(name, names[i]))
			return true;
	return false;
}

void rest_drop_headers(struct gw_exchange *x)
{
	const struct gw_headers *all = &x->request->headers;
	size_t first = 0;
	while (first < all->count && !stays_here(all->items[first].name))
		first++;
	if (first == all->count)
		return;
	struct gw_headers kept = {0};
	for (size_t i = 0; i < all->count; i++)
		if (i < first || !stays_here(all->items[i].name))
			gw_headers_add(x->arena, &kept, all->items[i].name, all->items[i].value);
	copy_request(x)->headers = kept;
}

bool rest_decompress(struct gw_exchange *x)
{
	struct slice body;
	if (!content_plain(x, &body)) {
		gw_fail(x, "DEFAULT_4XX", "Bad Request");
		return false;
	}
	if (body.p == x->request->body.p)
		return true;
	struct gw_headers headers = {0};
	for (size_t i = 0; i < x->request->headers.count; i++) {
		const struct gw_header *h = &x->request->headers.items[i];
		if (!gw_name_eq(h->name, "Content-Encoding"))
			gw_headers_add(x->arena, &headers, h->name, h->value);
	}
	struct gw_request *copy = copy_request(x);
	copy->body = body;
	copy->headers = headers;
	return true;
}
