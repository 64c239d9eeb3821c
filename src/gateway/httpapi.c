/* httpapi.c -- see httpapi.h. As in rest.c, all ways lead to finish(), once, and the pipeline is
 * cut where it waits for the authorizer and for the integration. A backend that does not answer in
 * time, or at all, is a 503 here (as recorded), where a REST API says 504. */
#include "gateway/httpapi.h"

#include "gateway/authorize.h"
#include "gateway/cors.h"
#include "gateway/event2.h"
#include "gateway/gwresponse.h"
#include "gateway/httpmap.h"
#include "gateway/httproute.h"
#include "gateway/limits.h"
#include "gateway/proxyevent.h"
#include "gateway/runtime.h"

#include <string.h>

#define MAX_HTTP_API_HEAD 10240 /* request line and header values */
#define MAX_HTTP_API_BODY ((size_t)10 << 20)

struct http_run {
	struct gw_exchange *x;
	struct gw_runtime *rt;
	const struct gw_integration *i;
	gw_next *done;
	void *arg;
	bool preflight; /* answered by cors_preflight(), headers and all */
};

static void finish(struct http_run *run)
{
	struct gw_exchange *x = run->x;
	const struct outside *o = x->outside;
	if (!run->preflight)
		cors_answer(x);
	gw_headers_add(x->arena, &x->response.headers, "apigw-requestid", x->request_id);
	x->response_us = o->now_us(o->ctx) - x->began_us;
	x->trace.total_us = x->response_us;
	x->trace.status = x->response.status;
	run->done(x, run->arg);
}

static void fail(struct http_run *run, enum gw_step step, const char *type, int status,
		 const char *message, const char *why)
{
	struct gw_exchange *x = run->x;
	if (step == GW_STEP_INTEGRATION)
		x->integration_error = why ? why : message;
	gw_fail_status(x, type, status, message);
	gw_row(x, step, step == GW_STEP_INTEGRATION ? GW_FAILED : GW_REFUSED, why ? why : message);
	finish(run);
}

/* ---- the answer ---------------------------------------------------------------------- */

static void answered(struct http_run *run)
{
	struct gw_exchange *x = run->x;
	if (!x->error_type && run->i->response_count)
		httpmap_response(x, run->i);
	gw_row(x, GW_STEP_RESPONSE, run->i->response_count ? GW_PASSED : GW_NONE, NULL);
	finish(run);
}

static void call_failed(struct http_run *run, const struct gw_call_result *r)
{
	const char *why = r->message ? arena_strdup(run->x->arena, r->message) : NULL;
	bool absent =
		r->end == GW_CALL_TIMEOUT || r->end == GW_CALL_REFUSED || r->end == GW_CALL_NO_HOST;
	if (r->end == GW_CALL_TIMEOUT)
		run->x->integration_us = -1;
	if (r->end == GW_CALL_TOO_LARGE_REQUEST)
		fail(run, GW_STEP_INTEGRATION, "REQUEST_TOO_LARGE", 413, "Request Entity Too Large",
		     why);
	else if (absent && run->i->type == GW_HTTP_PROXY)
		fail(run, GW_STEP_INTEGRATION, "INTEGRATION_FAILURE", 503, "Service Unavailable",
		     why);
	else if (r->end == GW_CALL_TIMEOUT)
		fail(run, GW_STEP_INTEGRATION, "INTEGRATION_TIMEOUT", 503, "Service Unavailable",
		     why);
	else
		fail(run, GW_STEP_INTEGRATION, "DEFAULT_5XX", 500, "Internal Server Error", why);
}

/* Headers that belong to one connection. */
static bool is_hop(const char *name)
{
	static const char *const names[] = {
		"Connection", "Keep-Alive",     "Proxy-Authenticate", "Proxy-Authorization",
		"TE",         "Trailer",        "Trailers",           "Transfer-Encoding",
		"Upgrade",    "Content-Length",
	};
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (gw_name_eq(name, names[i]))
			return true;
	return false;
}

static void begin_answer(struct http_run *run, const struct gw_call_result *r)
{
	struct gw_exchange *x = run->x;
	x->integration_us = r->us;
	x->integration_status = r->status;
	if (x->trace.detailed && r->log)
		trace_detail(&x->trace, GW_STEP_INTEGRATION, "function log",
			     arena_strdup(x->arena, r->log));
	if (x->trace.detailed)
		trace_detail(&x->trace, GW_STEP_INTEGRATION, "answer",
			     content_text(x->arena, gw_copy(x->arena, r->body)).p);
}

static void http_done(void *arg, const struct gw_call_result *r)
{
	struct http_run *run = arg;
	struct gw_exchange *x = run->x;
	begin_answer(run, r);
	if (r->end != GW_CALL_DONE) {
		call_failed(run, r);
		return;
	}
	x->backend_status = r->status;
	x->response = (struct gw_response){.status = r->status, .body = gw_copy(x->arena, r->body)};
	for (size_t i = 0; i < r->headers.count; i++) {
		const struct gw_header *h = &r->headers.items[i];
		if (!is_hop(h->name) && !gw_name_eq(h->name, "Date"))
			gw_headers_add(x->arena, &x->response.headers,
				       arena_strdup(x->arena, h->name),
				       arena_strdup(x->arena, h->value));
	}
	gw_row(x, GW_STEP_INTEGRATION, GW_PASSED,
	       arena_printf(x->arena, "the backend answered %d", r->status));
	answered(run);
}

/* Format 1.0: as of a REST API, but a malformed answer is a 500. */
static bool answer1(struct gw_exchange *x, struct slice output, const char **error)
{
	struct proxy_answer a;
	if (!proxy_answer_read(x->arena, output, &a, error))
		return false;
	x->backend_status = a.status;
	x->response =
		(struct gw_response){.status = a.status, .headers = a.headers, .body = a.body};
	if (!a.base64)
		return true;
	struct content body = {a.body, false};
	*error = "body is not the base64 it is said to be";
	if (!content_response(x->arena, GW_TO_BINARY, true, &body))
		return false;
	x->response.body = body.bytes;
	return true;
}

/* What Lambda answered to the call, whatever became of the function; 0: nothing. */
static int lambda_status(enum gw_call_end end)
{
	switch (end) {
	case GW_CALL_TIMEOUT:
		return 0;
	case GW_CALL_DENIED:
		return 403;
	case GW_CALL_TOO_LARGE_REQUEST:
		return 413;
	case GW_CALL_BUSY:
		return 429;
	case GW_CALL_DONE:
	case GW_CALL_REFUSED:
	case GW_CALL_NO_HOST:
	case GW_CALL_TOO_LARGE:
	case GW_CALL_ERROR:
	case GW_CALL_CRASHED:
		return 200;
	}
	return 0;
}

static void function_done(void *arg, const struct gw_call_result *r)
{
	struct http_run *run = arg;
	struct gw_exchange *x = run->x;
	const char *error = NULL;
	begin_answer(run, r);
	x->integration_status = lambda_status(r->end);
	if (r->end != GW_CALL_DONE) {
		call_failed(run, r);
		return;
	}
	struct slice output = gw_copy(x->arena, r->body);
	bool ok =
		run->i->payload_v2 ? event2_answer(x, output, &error) : answer1(x, output, &error);
	if (!ok) {
		fail(run, GW_STEP_INTEGRATION, "DEFAULT_5XX", 500, "Internal Server Error", error);
		return;
	}
	gw_row(x, GW_STEP_INTEGRATION, GW_PASSED,
	       r->cold ? "the function answered, after a cold start" : "the function answered");
	answered(run);
}

/* ---- the call ------------------------------------------------------------------------ */

static void call_function(struct http_run *run)
{
	struct gw_exchange *x = run->x;
	struct str event = {0};
	if (run->i->payload_v2)
		event2(&event, x);
	else
		proxy_event(&event, x);
	struct function_ask ask = {.name = run->i->function,
				   .payload = gw_keep(x->arena, &event),
				   .timeout_ms = run->i->timeout_ms};
	if (x->trace.detailed)
		trace_detail(&x->trace, GW_STEP_REQUEST, "event", ask.payload.p);
	gw_row(x, GW_STEP_REQUEST, GW_PASSED,
	       run->i->payload_v2 ? "payload format 2.0" : "payload format 1.0");
	integration_invoke(x, &ask, function_done, run);
}

/* X-Forwarded-* of the client become one Forwarded header, as the service does it. */
static void add_forwarded(struct gw_exchange *x, struct gw_headers *h)
{
	const char *host = gw_headers_first(&x->request->headers, "Host");
	const char *own = arena_printf(x->arena, "by=127.0.0.1;for=%s;host=%s;proto=%s",
				       x->request->source_ip ? x->request->source_ip : "unknown",
				       host ? host : "", x->request->tls ? "https" : "http");
	const char *before = gw_headers_last(h, "Forwarded");
	gw_headers_remove(h, "X-Forwarded-For");
	gw_headers_remove(h, "X-Forwarded-Host");
	gw_headers_remove(h, "X-Forwarded-Port");
	gw_headers_remove(h, "X-Forwarded-Proto");
	gw_headers_set(x->arena, h, "Forwarded",
		       before ? arena_printf(x->arena, "%s, %s", before, own) : own);
	gw_headers_set(x->arena, h, "Via", "HTTP/1.1 AmazonAPIGateway");
}

static void copy_request(struct gw_exchange *x, struct http_outgoing *out)
{
	for (size_t i = 0; i < x->request->headers.count; i++) {
		const struct gw_header *h = &x->request->headers.items[i];
		if (!is_hop(h->name) && !gw_name_eq(h->name, "Host") &&
		    !gw_name_eq(h->name, "Expect"))
			gw_headers_add(x->arena, &out->headers, h->name, h->value);
	}
	for (size_t i = 0; i < x->query.count; i++)
		gw_params_add(x->arena, &out->query, x->query.items[i].name,
			      x->query.items[i].value);
}

/* Scheme and host of a URL. */
static size_t origin_length(const char *url)
{
	const char *host = strstr(url, "://");
	return host ? (size_t)(host + 3 - url) + strcspn(host + 3, "/?#") : 0;
}

/* The integration's address, the path of $default or an overwritten one behind it, the query. */
static const char *make_url(struct http_run *run, const struct http_outgoing *out)
{
	struct gw_exchange *x = run->x;
	const char *base = integration_url(x, run->i, &x->path_params);
	struct str url = {0};
	if (!base)
		return NULL;
	size_t n = strcspn(base, "?");
	str_addn(&url, base, out->path ? origin_length(base) : n);
	if (!out->path && !x->route->path) { /* $default: what was asked for is appended */
		while (url.len && url.p[url.len - 1] == '/')
			str_truncate(&url, url.len - 1);
		str_add(&url, x->path);
	} else if (out->path) {
		str_add(&url, out->path[0] == '/' ? "" : "/");
		gw_percent_encode(&url, out->path, strlen(out->path), "/%:@!$&'()*+,;=");
	}
	str_add(&url, base[n] && !out->path ? base + n : "");
	for (size_t i = 0; i < out->query.count; i++) {
		const struct gw_param *p = &out->query.items[i];
		str_addc(&url, strchr(str_c(&url), '?') ? '&' : '?');
		gw_percent_encode(&url, p->name, strlen(p->name), NULL);
		str_addc(&url, '=');
		gw_percent_encode(&url, p->value, strlen(p->value), NULL);
	}
	return gw_keep(x->arena, &url).p;
}

static void call_http(struct http_run *run)
{
	struct gw_exchange *x = run->x;
	struct http_outgoing out = {0};
	copy_request(x, &out);
	add_forwarded(x, &out.headers);
	httpmap_request(x, run->i, &out);
	gw_headers_set(x->arena, &out.headers, "X-Amzn-Trace-Id", gw_trace_id(x));
	const char *url = make_url(run, &out);
	if (!url) {
		fail(run, GW_STEP_INTEGRATION, "API_CONFIGURATION_ERROR", 500,
		     "Internal Server Error", "the integration has no http address");
		return;
	}
	bool same = !run->i->http_method || strcmp(run->i->http_method, "ANY") == 0;
	struct gw_http_call call = {.method = same ? x->request->method : run->i->http_method,
				    .url = url,
				    .headers = out.headers,
				    .body = x->request->body,
				    .timeout_ms = run->i->timeout_ms,
				    .max_bytes = MAX_BACKEND_BYTES,
				    .insecure = run->i->insecure,
				    .verify = run->i->verify};
	if (x->trace.detailed)
		trace_detailf(&x->trace, GW_STEP_REQUEST, "url", "%s %s", call.method, url);
	gw_row(x, GW_STEP_REQUEST, run->i->param_count ? GW_PASSED : GW_NONE, NULL);
	x->outside->http(x->outside->ctx, &call, http_done, run);
}

static void call_integration(struct http_run *run)
{
	struct gw_exchange *x = run->x;
	run->i = x->route->integration;
	if (run->i && run->i->type == GW_AWS_PROXY && run->i->function)
		call_function(run);
	else if (run->i && run->i->type == GW_HTTP_PROXY)
		call_http(run);
	else
		fail(run, GW_STEP_INTEGRATION, "API_CONFIGURATION_ERROR", 500,
		     "Internal Server Error",
		     run->i ? "calls of AWS services are not simulated"
			    : "the route has no integration");
}

/* ---- before it ----------------------------------------------------------------------- */

static void authorized(struct gw_exchange *x, bool allowed, void *arg)
{
	struct http_run *run = arg;
	if (!allowed || (run->rt->limits && !limits_take(run->rt->limits, x)))
		finish(run);
	else
		call_integration(run);
}

static bool size_is_good(const struct gw_exchange *x)
{
	const struct gw_request *q = x->request;
	size_t n = strlen(q->method) + strlen(q->target);
	for (size_t i = 0; i < q->headers.count; i++)
		n += strlen(q->headers.items[i].value);
	return n <= MAX_HTTP_API_HEAD;
}

/* Size, stage, preflight, route. False: it has been answered. */
static bool first_checks(struct http_run *run)
{
	struct gw_exchange *x = run->x;
	if (x->request->body.len > MAX_HTTP_API_BODY) {
		fail(run, GW_STEP_SIZE, "REQUEST_TOO_LARGE", 413, "Request Entity Too Large", NULL);
		return false;
	}
	if (!size_is_good(x)) {
		fail(run, GW_STEP_SIZE, "DEFAULT_4XX", 431, "Request Header Fields Too Large",
		     NULL);
		return false;
	}
	gw_row(x, GW_STEP_SIZE, GW_PASSED, NULL);
	if (!x->stage) {
		fail(run, GW_STEP_STAGE, "RESOURCE_NOT_FOUND", 404, "Not Found", "no such stage");
		return false;
	}
	if (x->api->no_default_endpoint && !x->base_path) {
		fail(run, GW_STEP_STAGE, "RESOURCE_NOT_FOUND", 404, "Not Found",
		     "the default endpoint is disabled");
		return false;
	}
	gw_row(x, GW_STEP_STAGE, GW_PASSED, x->stage->name);
	run->preflight = cors_preflight(x);
	if (run->preflight) {
		gw_row(x, GW_STEP_CORS, GW_HIT, "preflight");
		finish(run);
		return false;
	}
	gw_row(x, GW_STEP_CORS, x->api->cors ? GW_PASSED : GW_NONE, NULL);
	x->route = http_route(x->arena, x->api, x->request->method, x->path, &x->path_params);
	if (!x->route) {
		fail(run, GW_STEP_ROUTE, "RESOURCE_NOT_FOUND", 404, "Not Found",
		     "no route matches");
		return false;
	}
	x->route_key = x->trace.resource = x->route->key;
	for (size_t i = 0; x->trace.detailed && i < x->path_params.count; i++)
		trace_detail(&x->trace, GW_STEP_ROUTE, x->path_params.items[i].name,
			     x->path_params.items[i].value);
	gw_row(x, GW_STEP_ROUTE, GW_PASSED, arena_printf(x->arena, "matched %s", x->route->key));
	return true;
}

void httpapi_run(struct gw_exchange *x, struct gw_runtime *rt, gw_next *done, void *arg)
{
	struct http_run *run = arena_alloc(x->arena, sizeof(*run));
	struct gw_trace *t = &x->trace;
	*run = (struct http_run){.x = x, .rt = rt, .done = done, .arg = arg};
	gw_exchange_begin(x);
	t->kind = GW_TRACE_REQUEST;
	t->began_ms = x->began_ms;
	t->mark_us = x->began_us;
	t->api = x->api->id;
	t->stage = x->stage ? x->stage->name : NULL;
	t->method = x->request->method;
	t->path = x->full_path;
	t->request_id = x->request_id;
	if (!first_checks(run))
		return;
	if (rt->auth)
		authorize(x, rt->auth, authorized, run);
	else
		authorized(x, true, run);
}
