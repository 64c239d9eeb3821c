/* testlog.c -- see testlog.h. Wording and order are recorded; ids and secrets are masked there as
 * here: nothing of the gateway's own keys is shown. */
#include "gateway/testlog.h"

#include "gateway/content.h"

#include <string.h>

struct pairs {
	struct str text;
	bool any;
};

static void pair(struct pairs *p, const char *name, const char *value)
{
	if (p->any)
		str_add(&p->text, ", ");
	p->any = true;
	str_addf(&p->text, "%s=%s", name, value);
}

static const char *closed(struct gw_exchange *x, struct pairs *p)
{
	if (p->text.len > TESTLOG_CUT) {
		str_truncate(&p->text, TESTLOG_CUT);
		str_add(&p->text, " [TRUNCATED]");
	}
	struct slice all = content_text(x->arena, gw_keep(x->arena, &p->text));
	return arena_printf(x->arena, "{%s}", all.p);
}

static const char *params_text(struct gw_exchange *x, const struct gw_params *params)
{
	struct pairs p = {0};
	for (size_t i = 0; i < params->count; i++)
		pair(&p, params->items[i].name, params->items[i].value);
	return closed(x, &p);
}

static const char *headers_text(struct gw_exchange *x, const struct gw_headers *headers)
{
	struct pairs p = {0};
	for (size_t i = 0; i < headers->count; i++)
		pair(&p, headers->items[i].name, headers->items[i].value);
	return closed(x, &p);
}

static const char *body_text(struct gw_exchange *x, struct slice body)
{
	if (!body.len)
		return "";
	bool cut = body.len > TESTLOG_CUT;
	if (cut)
		body.len = TESTLOG_CUT;
	struct slice text = content_text(x->arena, body);
	return arena_printf(x->arena, "%.*s%s", (int)text.len, text.p, cut ? " [TRUNCATED]" : "");
}

void testlog_start(struct gw_exchange *x)
{
	struct gw_trace *t = &x->trace;
	if (!t->log)
		return;
	trace_log(t, "Starting execution for request: %s", x->request_id);
	trace_log(t, "HTTP Method: %s, Resource Path: %s", x->request->method,
		  x->path ? x->path : "/");
	trace_log(t, "Method request path: %s", params_text(x, &x->path_params));
	trace_log(t, "Method request query string: %s", params_text(x, &x->query));
	trace_log(t, "Method request headers: %s", headers_text(x, &x->request->headers));
	trace_log(t, "Method request body before transformations: %s",
		  body_text(x, x->request->body));
}

void testlog_send(struct gw_exchange *x, const char *url, const struct gw_headers *headers,
		  struct slice body)
{
	struct gw_trace *t = &x->trace;
	if (!t->log)
		return;
	trace_log(t, "Endpoint request URI: %s", url);
	trace_log(t, "Endpoint request headers: %s", headers_text(x, headers));
	trace_log(t, "Endpoint request body after transformations: %s", body_text(x, body));
	trace_log(t, "Sending request to %s", url);
}

void testlog_invoke(struct gw_exchange *x, const char *function, struct slice event)
{
	if (!x->trace.log)
		return;
	struct gw_headers h = {0};
	gw_headers_add(x->arena, &h, "x-amzn-lambda-integration-tag", x->request_id);
	gw_headers_add(x->arena, &h, "x-amzn-apigateway-api-id", x->api->id);
	gw_headers_add(x->arena, &h, "Accept", "application/json");
	gw_headers_add(x->arena, &h, "User-Agent",
		       arena_printf(x->arena, "AmazonAPIGateway_%s", x->api->id));
	gw_headers_add(x->arena, &h, "X-Amzn-Trace-Id", gw_trace_id(x));
	const char *url = arena_printf(x->arena,
				       "https://lambda.%s.amazonaws.com/2015-03-31/functions/"
				       "arn:aws:lambda:%s:%s:function:%s/invocations",
				       x->gateway->region, x->gateway->region, x->gateway->account,
				       gw_fill_variables(x, function));
	testlog_send(x, url, &h, event);
}

void testlog_answer(struct gw_exchange *x, int status, const struct gw_headers *headers,
		    struct slice body)
{
	struct gw_trace *t = &x->trace;
	if (!t->log)
		return;
	trace_log(t, "Received response. Status: %d, Integration latency: %lld ms", status,
		  (long long)(x->integration_us / 1000));
	trace_log(t, "Endpoint response headers: %s", headers_text(x, headers));
	trace_log(t, "Endpoint response body before transformations: %s", body_text(x, body));
}

void testlog_failed(struct gw_exchange *x, const char *text)
{
	if (x->trace.log)
		trace_log(&x->trace, "%s", text);
}

void testlog_end(struct gw_exchange *x)
{
	struct gw_trace *t = &x->trace;
	if (!t->log)
		return;
	if (!x->error_type) {
		trace_log(t, "Method response body after transformations: %s",
			  body_text(x, x->response.body));
		trace_log(t, "Method response headers: %s", headers_text(x, &x->response.headers));
		trace_log(t, "Successfully completed execution");
	}
	trace_log(t, "Method completed with status: %d", x->response.status);
}
