/* integrate.c -- integrations as a whole: the order of the steps, what is called and what its
 * failure means. intrequest.c makes the request, intresponse.c the answer. */
#include "gateway/integrate.h"

#include "base/json.h"
#include "gateway/gwresponse.h"
#include "gateway/proxyevent.h"
#include "gateway/testlog.h"

#include <string.h>

#define SERVER_ERROR "Internal server error"
/* A streamed answer may be silent for so long. */
#define STREAM_IDLE_MS (5 * 60 * 1000)
#define STREAM_IDLE_EDGE_MS (30 * 1000)

/* ---- names ---- */

const struct gw_function *integration_function(struct gw_exchange *x, const char *name,
					       const char **qualifier)
{
	*qualifier = NULL;
	name = gw_fill_variables(x, name);
	const char *colon = name ? strchr(name, ':') : NULL;
	if (colon) {
		*qualifier = colon[1] ? colon + 1 : NULL;
		name = arena_strndup(x->arena, name, (size_t)(colon - name));
	}
	return name && *name ? gateway_function(x->gateway, name) : NULL;
}

void integration_invoke(struct gw_exchange *x, const struct function_ask *ask, gw_done *done,
			void *arg)
{
	struct gw_function_call call = {.payload = ask->payload,
					.timeout_ms = ask->timeout_ms,
					.async = ask->async,
					.stream = ask->stream,
					.request_id = x->request_id};
	call.function = integration_function(x, ask->name, &call.qualifier);
	if (!call.function) {
		struct gw_call_result none = {
			.end = GW_CALL_DENIED,
			.message = arena_printf(x->arena, "there is no function \"%s\"",
						gw_fill_variables(x, ask->name))};
		done(arg, &none);
		return;
	}
	call.trace_id = gw_trace_id(x);
	x->outside->function(x->outside->ctx, &call, done, arg);
}

/* ---- URLs ---- */

static const char *path_value(const struct gw_params *path, const char *name, size_t n)
{
	for (size_t i = path->count; i-- > 0;)
		if (strncmp(path->items[i].name, name, n) == 0 && !path->items[i].name[n])
			return path->items[i].value;
	return NULL;
}

/* {name} and {name+} of the URI. Values keep their escapes; what may not stand in a path is
 * escaped. */
static void fill_path(struct str *out, const char *uri, const struct gw_params *path)
{
	while (*uri) {
		size_t plain = strcspn(uri, "{");
		str_addn(out, uri, plain);
		uri += plain;
		size_t n = strcspn(uri, "}");
		if (!uri[0] || !uri[n])
			break;
		size_t name = n - 1 - (n > 1 && uri[n - 1] == '+');
		const char *value = path_value(path, uri + 1, name);
		if (value)
			gw_percent_encode(out, value, strlen(value), "/%:@!$&'()*+,;=");
		else
			str_addn(out, uri, n + 1);
		uri += n + 1;
	}
	str_add(out, uri);
}

static const struct gw_target *target_of(struct gw_exchange *x, const char *link)
{
	const char *name = gw_fill_variables(x, link);
	for (size_t i = 0; i < x->gateway->target_count; i++)
		if (strcmp(x->gateway->targets[i].name, name) == 0)
			return &x->gateway->targets[i];
	return NULL;
}

/* Scheme, a host, and nothing that no URL may hold. */
static bool is_url(const char *url)
{
	const char *host = strstr(url, "://");
	if (!host || (strncmp(url, "http://", 7) != 0 && strncmp(url, "https://", 8) != 0))
		return false;
	host += 3;
	if (!*host || strchr("/?#:", *host))
		return false;
	for (const char *p = url; *p; p++)
		if ((unsigned char)*p <= ' ' || *p == 127 || strchr("<>\"{}\\^`", *p))
			return false;
	return true;
}

/* The path behind scheme and host; "/" when there is none. */
static const char *url_path(const char *url)
{
	const char *host = strstr(url, "://");
	const char *path = strpbrk(host ? host + 3 : url, "/?");
	return path ? path : "/";
}

/* A private integration: the host is a target of the group, the path the URI's. An integration of
 * the second kind of VPC link sends the stage too. */
static const char *private_url(struct gw_exchange *x, const struct gw_integration *i,
			       const char *uri)
{
	const struct gw_target *t = target_of(x, i->link);
	if (!t || !t->url_count)
		return NULL;
	uint64_t chance = t->url_count > 1 ? x->outside->random(x->outside->ctx) : 0;
	const char *base = t->urls[chance % t->url_count];
	size_t n = strlen(base);
	while (n && base[n - 1] == '/')
		n--;
	bool stage = t->version == 2 && x->stage && strcmp(x->stage->name, "$default") != 0;
	return arena_printf(x->arena, "%.*s%s%s%s", (int)n, base, stage ? "/" : "",
			    stage ? x->stage->name : "", url_path(uri));
}

const char *integration_url(struct gw_exchange *x, const struct gw_integration *i,
			    const struct gw_params *path)
{
	struct str out = {0};
	fill_path(&out, gw_fill_variables(x, i->uri ? i->uri : ""), path);
	const char *url = gw_keep(x->arena, &out).p;
	if (i->link)
		url = private_url(x, i, url);
	return url && is_url(url) ? url : NULL;
}

/* ---- the call ---- */

static void finish(struct integration_call *c)
{
	c->next(c->x, c->next_arg);
}

static void fail_call(struct integration_call *c, const char *type, int status, const char *message,
		      const char *why)
{
	c->x->integration_error = why ? why : message;
	gw_fail_status(c->x, type, status, message);
	gw_row(c->x, GW_STEP_INTEGRATION, GW_FAILED, c->x->integration_error);
	finish(c);
}

static void keep_result(struct integration_call *c, const struct gw_call_result *r)
{
	struct gw_exchange *x = c->x;
	x->integration_us = r->us;
	c->status = r->status;
	for (size_t i = 0; i < r->headers.count; i++)
		gw_headers_add(x->arena, &c->got, arena_strdup(x->arena, r->headers.items[i].name),
			       arena_strdup(x->arena, r->headers.items[i].value));
	c->payload = gw_copy(x->arena, r->body);
	if (r->body.len)
		gw_detail_text(x, GW_STEP_INTEGRATION, "answer", c->payload);
	x->backend_request_id = gw_headers_first(&c->got, "x-amzn-RequestId");
}

static void passed(struct integration_call *c, const char *summary)
{
	struct gw_exchange *x = c->x;
	testlog_answer(x, c->status, &c->got, c->payload);
	gw_row(x, GW_STEP_INTEGRATION, GW_PASSED, summary);
	finish(c);
}

/* A stream: what was sent stands, however it ends. */
static void stream_ended(struct integration_call *c, const struct gw_call_result *r)
{
	c->x->integration_us = r->us;
	if (r->end == GW_CALL_DONE) {
		gw_row(c->x, GW_STEP_INTEGRATION, GW_PASSED, "streamed");
	} else {
		c->x->integration_error = "the stream broke off";
		gw_row(c->x, GW_STEP_INTEGRATION, GW_FAILED, c->x->integration_error);
	}
	finish(c);
}

/* The first piece brings the head. */
static enum gw_piece_taken on_piece(void *arg, const struct gw_call_result *head,
				    struct slice piece)
{
	struct integration_call *c = arg;
	struct gw_exchange *x = c->x;
	if (!x->streamed) {
		keep_result(c, head);
		x->integration_status = x->backend_status = head->status;
		integration_proxy_response(c);
		gw_add_ids(x);
		x->streamed = true;
	}
	enum gw_piece_taken taken = x->send_piece(x, piece);
	if (taken == GW_PIECE_TAKEN)
		x->streamed_bytes += piece.len;
	return taken;
}

static void http_done(void *arg, const struct gw_call_result *r)
{
	struct integration_call *c = arg;
	const char *why = r->message ? arena_strdup(c->x->arena, r->message) : NULL;
	if (c->x->streamed) {
		stream_ended(c, r);
		return;
	}
	keep_result(c, r);
	switch (r->end) {
	case GW_CALL_DONE:
		c->x->integration_status = c->x->backend_status = r->status;
		c->selector = arena_printf(c->x->arena, "%d", r->status);
		passed(c, arena_printf(c->x->arena, "the backend answered %d", r->status));
		return;
	case GW_CALL_TIMEOUT:
		c->x->integration_us = -1;
		testlog_failed(c->x, "Execution failed due to a timeout error");
		fail_call(c, "INTEGRATION_TIMEOUT", 504, "Endpoint request timed out", why);
		return;
	case GW_CALL_REFUSED:
		testlog_failed(c->x, "Execution failed due to configuration error: "
				     "Network error communicating with endpoint");
		fail_call(c, "INTEGRATION_FAILURE", 504,
			  "Network error communicating with endpoint", why);
		return;
	case GW_CALL_NO_HOST:
		testlog_failed(
			c->x,
			"Execution failed due to configuration error: Invalid endpoint address");
		fail_call(c, "API_CONFIGURATION_ERROR", 500, SERVER_ERROR, why);
		return;
	case GW_CALL_TOO_LARGE:
	case GW_CALL_ERROR:
	case GW_CALL_CRASHED:
	case GW_CALL_DENIED:
	case GW_CALL_TOO_LARGE_REQUEST:
	case GW_CALL_BUSY:
		fail_call(c, "DEFAULT_5XX", 500, SERVER_ERROR, why);
		return;
	}
}

static void show_headers(struct gw_exchange *x, const struct gw_headers *h)
{
	struct str text = {0};
	if (!x->trace.detailed)
		return;
	for (size_t i = 0; i < h->count; i++)
		str_addf(&text, "%s%s: %s", i ? "\n" : "", h->items[i].name, h->items[i].value);
	trace_detail(&x->trace, GW_STEP_REQUEST, "headers", gw_keep(x->arena, &text).p);
}

static void send_http(struct integration_call *c)
{
	struct gw_http_call call = {.method = c->method,
				    .url = c->url,
				    .headers = c->headers,
				    .body = c->body,
				    .timeout_ms = c->i->timeout_ms,
				    .max_bytes = MAX_BACKEND_BYTES,
				    .insecure = c->i->insecure,
				    .verify = c->i->verify};
	if (c->i->stream && c->i->type == GW_HTTP_PROXY && c->x->send_piece) {
		call.piece = on_piece;
		call.idle_ms =
			c->x->api->endpoint == GW_EDGE ? STREAM_IDLE_EDGE_MS : STREAM_IDLE_MS;
	}
	trace_detailf(&c->x->trace, GW_STEP_REQUEST, "url", "%s %s", c->method, c->url);
	show_headers(c->x, &c->headers);
	testlog_send(c->x, c->url, &c->headers, c->body);
	c->x->outside->http(c->x->outside->ctx, &call, http_done, c);
}

/* ---- functions ---- */

/* The errorMessage of a function's output, "" when there is none: what patterns are matched with.
 */
static const char *error_message(struct arena *a, struct slice output)
{
	struct node *root = NULL;
	if (!output.len || !memmem(output.p, output.len, "errorMessage", 12) ||
	    !json_read_wire(a, output, &root))
		return "";
	const char *text = node_text(root, "errorMessage");
	return text ? text : "";
}

static bool is_proxy(const struct integration_call *c)
{
	return c->i->type == GW_AWS_PROXY;
}

/* The function failed: a proxy answers 502, without one the client sees what Lambda says. */
static void function_failed(struct integration_call *c, const char *why)
{
	const char *message = error_message(c->x->arena, c->payload);
	if (is_proxy(c)) {
		testlog_failed(c->x, arena_printf(c->x->arena,
						  "Lambda execution failed with status 200 due to "
						  "customer function error: %s. Lambda request id: "
						  "%s",
						  message, c->x->request_id));
		fail_call(c, "DEFAULT_5XX", 502, SERVER_ERROR, why);
		return;
	}
	c->status = 200;
	c->selector = message;
	passed(c, "the function failed");
}

/* What Lambda says when there is nothing of the function's own to say. */
static void lambda_says(struct integration_call *c, const char *type, const char *message)
{
	struct str out = {0};
	struct json_out j = {.out = &out};
	json_object(&j, NULL);
	json_text(&j, "errorMessage", message);
	if (type)
		json_text(&j, "errorType", type);
	json_end(&j);
	c->payload = gw_keep(c->x->arena, &out);
	gw_detail_text(c->x, GW_STEP_INTEGRATION, "answer", c->payload);
}

static void function_timeout(struct integration_call *c, const char *why)
{
	const char *qualifier;
	const struct gw_function *f = integration_function(c->x, c->i->function, &qualifier);
	if (f && f->timeout_ms < c->i->timeout_ms) {
		lambda_says(c, NULL,
			    arena_printf(c->x->arena, "%s Task timed out after %d.%02d seconds",
					 c->x->request_id, f->timeout_ms / 1000,
					 f->timeout_ms % 1000 / 10));
		function_failed(c, why);
		return;
	}
	c->x->integration_us = -1;
	testlog_failed(c->x, "Execution failed due to a timeout error");
	c->x->integration_status = 0; /* nobody has answered */
	fail_call(c, "INTEGRATION_TIMEOUT", 504, "Endpoint request timed out", why);
}

static void function_done(void *arg, const struct gw_call_result *r)
{
	struct integration_call *c = arg;
	const char *why = r->message ? arena_strdup(c->x->arena, r->message) : NULL;
	keep_result(c, r);
	c->x->integration_status = 200;
	if (c->x->trace.detailed && r->log)
		trace_detail(&c->x->trace, GW_STEP_INTEGRATION, "function log",
			     arena_strdup(c->x->arena, r->log));
	switch (r->end) {
	case GW_CALL_DONE:
		c->status = 200;
		if (c->async) { /* Lambda answers 202 at once, with nothing */
			c->status = c->x->integration_status = 202;
			c->payload = (struct slice){"", 0};
		}
		c->selector = error_message(c->x->arena, c->payload);
		passed(c, r->cold ? "the function answered, after a cold start"
				  : "the function answered");
		return;
	case GW_CALL_ERROR:
		function_failed(c, why ? why : "the function failed");
		return;
	case GW_CALL_CRASHED:
	case GW_CALL_REFUSED:
	case GW_CALL_NO_HOST:
		lambda_says(c, "Runtime.ExitError", why ? why : "Runtime exited without an answer");
		function_failed(c, why);
		return;
	case GW_CALL_TOO_LARGE:
		lambda_says(c, "Function.ResponseSizeTooLarge",
			    "Response payload size exceeded maximum allowed payload size "
			    "(6291556 bytes).");
		function_failed(c, why);
		return;
	case GW_CALL_TIMEOUT:
		function_timeout(c, why);
		return;
	case GW_CALL_TOO_LARGE_REQUEST:
		c->x->integration_status = 413;
		fail_call(c, "REQUEST_TOO_LARGE", 413, "Request Too Long", why);
		return;
	case GW_CALL_DENIED:
		c->x->integration_status = 403;
		testlog_failed(c->x, "Execution failed due to configuration error: "
				     "Invalid permissions on Lambda function");
		fail_call(c, "DEFAULT_5XX", 500, SERVER_ERROR, why);
		return;
	case GW_CALL_BUSY:
		c->x->integration_status = 429;
		testlog_failed(c->x, "Execution failed due to configuration error: "
				     "Lambda invocation failed with status: 429");
		fail_call(c, "DEFAULT_5XX", 500, SERVER_ERROR, why);
		return;
	}
}

/* Lambda takes JSON alone. */
static bool is_event(struct integration_call *c)
{
	struct node *root = NULL;
	return json_read_wire(c->x->arena, c->body, &root);
}

static void send_function(struct integration_call *c)
{
	if (!is_proxy(c) && !c->body.len)
		c->body = (struct slice){"{}", 2};
	testlog_invoke(c->x, c->i->function, c->body);
	if (!is_proxy(c) && !is_event(c)) {
		c->status = c->x->integration_status = 400;
		lambda_says(c, "InvalidRequestContentException",
			    "Could not parse request body into json");
		c->selector = "";
		passed(c, "the event is not JSON");
		return;
	}
	struct function_ask ask = {.name = c->i->function,
				   .payload = c->body,
				   .timeout_ms = c->i->timeout_ms,
				   .async = c->async,
				   .stream = c->i->stream};
	integration_invoke(c->x, &ask, function_done, c);
}

void integration_send(struct integration_call *c, gw_next *next, void *arg)
{
	c->next = next;
	c->next_arg = arg;
	switch (c->i->type) {
	case GW_MOCK:
		c->x->integration_us = 0;
		c->payload = (struct slice){"", 0};
		gw_row(c->x, GW_STEP_INTEGRATION, GW_PASSED, "mock");
		finish(c);
		return;
	case GW_HTTP_CUSTOM:
	case GW_HTTP_PROXY:
		send_http(c);
		return;
	case GW_AWS:
	case GW_AWS_PROXY:
		if (c->i->function)
			send_function(c);
		else
			fail_call(c, "DEFAULT_5XX", 500, SERVER_ERROR,
				  "calls of AWS services are not simulated");
		return;
	}
}

/* ---- all of it ---- */

static void answered(struct gw_exchange *x, void *arg)
{
	struct integration_call *c = arg;
	if (!x->error_type && !x->streamed) {
		if (c->i->type == GW_HTTP_PROXY || is_proxy(c))
			integration_proxy_response(c);
		else
			integration_response(c);
	}
	c->done(x, c->done_arg);
}

void integrate(struct gw_exchange *x, const struct gw_integration *i, gw_next *done, void *arg)
{
	struct integration_call *c = integration_begin(x, i);
	c->done = done;
	c->done_arg = arg;
	if (!integration_request(c)) {
		gw_row(x, GW_STEP_REQUEST, GW_FAILED,
		       x->integration_error ? x->integration_error : x->error_message);
		done(x, arg);
		return;
	}
	if (is_proxy(c)) {
		struct str event = {0};
		proxy_event(&event, x);
		c->body = gw_keep(x->arena, &event);
	}
	if (x->trace.detailed && c->body.len)
		trace_detail(&x->trace, GW_STEP_REQUEST, is_proxy(c) ? "event" : "body",
			     content_text(x->arena, c->body).p);
	gw_row(x, GW_STEP_REQUEST, GW_PASSED, c->has_template ? "template" : NULL);
	integration_send(c, answered, c);
}
