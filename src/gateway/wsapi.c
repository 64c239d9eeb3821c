/* wsapi.c -- see wsapi.h. The three pipelines share how an integration is called; they differ in
 * what its answer and its failure mean. A message that fails is answered with a frame and the
 * connection stays open; a connection that fails is answered with a status. */
#include "gateway/wsapi.h"

#include "gateway/authorize.h"
#include "gateway/gwresponse.h"
#include "gateway/limits.h"
#include "gateway/proxyevent.h"
#include "gateway/runtime.h"
#include "gateway/validate.h"
#include "gateway/ws.h"
#include "gateway/wsevent.h"

#include <string.h>

#define SERVER_ERROR "Internal server error"

struct ws_run {
	struct gw_exchange *x;
	struct gw_runtime *rt;
	struct integration_call *call;
	gw_next *done;
	void *arg;
	gw_next *answered; /* the integration has answered, or has failed */
};

static struct ws_run *begin(struct gw_exchange *x, struct gw_runtime *rt, enum gw_trace_kind kind,
			    gw_next *done, void *arg)
{
	struct ws_run *run = arena_alloc(x->arena, sizeof(*run));
	struct gw_trace *t = &x->trace;
	int64_t authorizer_us = x->authorizer_us; /* of the handshake */
	*run = (struct ws_run){.x = x, .rt = rt, .done = done, .arg = arg};
	gw_exchange_begin(x);
	x->authorizer_us = authorizer_us;
	x->extended_id = x->request_id;
	t->kind = kind;
	t->began_ms = x->began_ms;
	t->mark_us = x->began_us;
	t->api = x->api->id;
	t->stage = x->stage ? x->stage->name : NULL;
	t->method = x->event_type;
	t->path = x->full_path;
	t->request_id = x->request_id;
	t->connection_id = x->connection_id;
	return run;
}

static void finish(struct ws_run *run)
{
	struct gw_exchange *x = run->x;
	const struct outside *o = x->outside;
	x->response_us = o->now_us(o->ctx) - x->began_us;
	x->trace.total_us = x->response_us;
	x->trace.status =
		run->x->trace.kind == GW_TRACE_DISCONNECT ? x->disconnect_code : x->response.status;
	run->done(x, run->arg);
}

static const struct gw_route *find_route(const struct gw_api *api, const char *key)
{
	for (size_t i = 0; i < api->route_count; i++)
		if (strcmp(api->routes[i].key, key) == 0)
			return &api->routes[i];
	return NULL;
}

/* ---- the integration of a route ------------------------------------------------------ */

static void integration_answered(struct gw_exchange *x, void *arg)
{
	struct ws_run *run = arg;
	run->answered(x, run);
}

static void call_integration(struct ws_run *run, gw_next *answered)
{
	struct gw_exchange *x = run->x;
	const struct gw_integration *i = x->route->integration;
	struct integration_call *c = integration_begin(x, i);
	run->call = c;
	run->answered = answered;
	if (i->template_selection)
		c->template_key = ws_select(x, i->template_selection);
	else
		c->template_key = "$default";
	if (!integration_request(c)) {
		gw_row(x, GW_STEP_REQUEST, GW_FAILED,
		       x->integration_error ? x->integration_error : x->error_message);
		answered(x, run);
		return;
	}
	if (i->type == GW_AWS_PROXY) {
		struct str event = {0};
		ws_event(&event, x);
		c->body = gw_keep(x->arena, &event);
		if (x->trace.detailed)
			trace_detail(&x->trace, GW_STEP_REQUEST, "event", c->body.p);
	}
	gw_row(x, GW_STEP_REQUEST, GW_PASSED, c->has_template ? "template" : NULL);
	integration_send(c, integration_answered, run);
}

/* ---- connections --------------------------------------------------------------------- */

static void refuse(struct ws_run *run, enum gw_step step, int status, const char *message,
		   const char *why)
{
	struct gw_exchange *x = run->x;
	struct str body = {0};
	x->response = (struct gw_response){.status = status};
	if (!x->trace.error)
		x->trace.error = message;
	if (step != GW_STEP_COUNT)
		gw_row(x, step, GW_REFUSED, why ? why : message);
	str_add(&body, "{\"message\":");
	json_add_string(&body, message, strlen(message));
	str_addc(&body, '}');
	x->response.body = gw_keep(x->arena, &body);
	gw_headers_add(x->arena, &x->response.headers, "Content-Type", "application/json");
	if (status == 426)
		gw_headers_add(x->arena, &x->response.headers, "Upgrade", "websocket");
	finish(run);
}

/* A stage has refused through gw_fail(): the row is written. */
static void refuse_failed(struct ws_run *run)
{
	const char *message = run->x->error_message ? run->x->error_message : SERVER_ERROR;
	refuse(run, GW_STEP_COUNT, gw_type_status(run->x->error_type, run->x->error_message),
	       message, NULL);
}

static void accept_connection(struct ws_run *run, const char *protocol)
{
	struct gw_exchange *x = run->x;
	char *accept = arena_alloc(x->arena, 29);
	x->response = (struct gw_response){.status = 101};
	ws_accept(gw_headers_first(&x->request->headers, "Sec-WebSocket-Key"), accept);
	gw_headers_add(x->arena, &x->response.headers, "Upgrade", "websocket");
	gw_headers_add(x->arena, &x->response.headers, "Connection", "upgrade");
	gw_headers_add(x->arena, &x->response.headers, "Sec-WebSocket-Accept", accept);
	if (protocol)
		gw_headers_add(x->arena, &x->response.headers, "Sec-WebSocket-Protocol", protocol);
	finish(run);
}

/* The handshake has the status that the integration answers. */
static void connect_answered(struct gw_exchange *x, void *arg)
{
	struct ws_run *run = arg;
	struct proxy_answer a = {.status = run->call ? run->call->status : 200};
	const char *error = NULL;
	if (x->error_type) {
		refuse(run, GW_STEP_COUNT, x->response.status ? x->response.status : 502,
		       x->error_message ? x->error_message : SERVER_ERROR, NULL);
		return;
	}
	bool proxy = x->route->integration->type == GW_AWS_PROXY;
	if (proxy && !proxy_answer_read(x->arena, run->call->payload, &a, &error)) {
		refuse(run, GW_STEP_RESPONSE, 502, SERVER_ERROR, error);
		return;
	}
	if (proxy)
		x->backend_status = a.status;
	if (a.status >= 200 && a.status < 300) {
		accept_connection(run, gw_headers_first(&a.headers, "Sec-WebSocket-Protocol"));
		return;
	}
	gw_row(x, GW_STEP_RESPONSE, GW_REFUSED,
	       arena_printf(x->arena, "the integration answered %d", a.status));
	x->response = (struct gw_response){.status = a.status};
	finish(run);
}

static void connect_allowed(struct gw_exchange *x, bool allowed, void *arg)
{
	struct ws_run *run = arg;
	if (!allowed || (run->rt->limits && !plans_admit(run->rt->limits, x)))
		refuse_failed(run);
	else if (x->route->integration)
		call_integration(run, connect_answered);
	else
		accept_connection(run, NULL);
}

void wsapi_connect(struct gw_exchange *x, struct gw_runtime *rt, gw_next *done, void *arg)
{
	struct ws_run *run = begin(x, rt, GW_TRACE_CONNECT, done, arg);
	int status = ws_handshake_status(x->request);
	if (strlen(x->request->target) > MAX_WS_URL) {
		refuse(run, GW_STEP_SIZE, 414, "Request URI too long", NULL);
		return;
	}
	if (!x->stage || strcmp(x->path, "/") != 0) {
		refuse(run, GW_STEP_STAGE, 403, "Forbidden",
		       x->stage ? "a path behind the stage" : "no such stage");
		return;
	}
	if (x->api->no_default_endpoint && !x->base_path) {
		refuse(run, GW_STEP_STAGE, 403, "Forbidden", "the default endpoint is disabled");
		return;
	}
	gw_row(x, GW_STEP_STAGE, GW_PASSED, x->stage->name);
	if (status) {
		refuse(run, GW_STEP_ROUTE, status,
		       status == 426 ? "Upgrade Required" : "Bad Request", NULL);
		return;
	}
	x->route = find_route(x->api, "$connect");
	x->route_key = x->trace.resource = "$connect";
	gw_row(x, GW_STEP_ROUTE, x->route ? GW_PASSED : GW_NONE, "$connect");
	if (rt->limits && !limits_take_connection(rt->limits, x))
		refuse_failed(run);
	else if (!x->route)
		accept_connection(run, NULL);
	else if (rt->auth)
		authorize(x, rt->auth, connect_allowed, run);
	else
		connect_allowed(x, true, run);
}

/* ---- messages ------------------------------------------------------------------------ */

/* Send an error frame; the connection stays. */
static void answer_error(struct ws_run *run, const char *message)
{
	run->x->response.body = ws_error_frame(run->x, message);
	finish(run);
}

/* Send what a template or a backend gave, if it gave anything. */
static void answer(struct ws_run *run, struct slice body)
{
	if (body.len)
		run->x->response.body = body;
	finish(run);
}

/* Not a proxy: the integration response that fits, its template, then the route response's. */
static void answer_mapped(struct ws_run *run)
{
	struct gw_exchange *x = run->x;
	struct integration_call *c = run->call;
	const struct gw_integration_response *r = integration_select(c->i, c->selector);
	struct slice body = c->payload;
	const char *key =
		r && r->template_selection ? ws_select(x, r->template_selection) : "$default";
	const struct gw_template *t =
		r ? integration_template(r->templates, r->template_count, key) : NULL;
	const struct gw_template *last = integration_template(
		x->route->response_templates, x->route->response_template_count, "$default");
	if ((t && !integration_render(x, t, body, &body)) ||
	    (last && !integration_render(x, last, body, &body))) {
		gw_row(x, GW_STEP_RESPONSE, GW_FAILED, x->integration_error);
		answer_error(run, SERVER_ERROR);
		return;
	}
	gw_row(x, GW_STEP_RESPONSE, GW_PASSED, t || last ? "template" : NULL);
	struct content converted = {body, true};
	if (r && r->content == GW_TO_TEXT) /* bytes of a backend, in base64 */
		content_response(x->arena, GW_TO_TEXT, false, &converted);
	answer(run, converted.bytes);
}

static void answer_proxy(struct ws_run *run)
{
	struct gw_exchange *x = run->x;
	struct proxy_answer a;
	const char *error;
	if (!proxy_answer_read(x->arena, run->call->payload, &a, &error)) {
		gw_row(x, GW_STEP_RESPONSE, GW_FAILED, error);
		answer_error(run, SERVER_ERROR);
		return;
	}
	x->backend_status = a.status;
	gw_row(x, GW_STEP_RESPONSE, GW_PASSED,
	       a.has_body ? "the function's body" : "the function gave no body");
	if (a.has_body) /* which may be empty: an empty frame */
		x->response.body = a.body;
	finish(run);
}

static void message_answered(struct gw_exchange *x, void *arg)
{
	struct ws_run *run = arg;
	if (x->error_type && strcmp(x->error_type, "INTEGRATION_TIMEOUT") == 0) {
		answer_error(run, x->error_message);
	} else if (x->error_type) {
		answer_error(run, SERVER_ERROR);
	} else if (!x->route->route_response) {
		gw_row(x, GW_STEP_RESPONSE, GW_NONE, "one-way: no route response");
		finish(run);
	} else if (x->route->integration->type == GW_AWS_PROXY) {
		answer_proxy(run);
	} else if (x->route->integration->type == GW_HTTP_PROXY) {
		gw_row(x, GW_STEP_RESPONSE, GW_PASSED, "the backend's body");
		answer(run, run->call->payload);
	} else {
		answer_mapped(run);
	}
}

/* The model that the expression picks, else that of $default; without one nothing fits. */
static bool message_is_valid(struct gw_exchange *x)
{
	const struct gw_route *r = x->route;
	const struct gw_model *model = NULL;
	if (!r->model_selection) {
		gw_row(x, GW_STEP_VALIDATE, GW_NONE, NULL);
		return true;
	}
	const char *key = ws_select(x, r->model_selection);
	for (size_t i = 0; i < r->model_count; i++)
		if (strcmp(r->models[i].type, key) == 0 ||
		    (!model && strcmp(r->models[i].type, "$default") == 0))
			model = r->models[i].model;
	if (model)
		trace_detail(&x->trace, GW_STEP_VALIDATE, "model", model->name);
	x->validation_error = "[no model fits the expression]";
	bool good = model && validate_body(x, model, x->message, &x->validation_error);
	gw_row(x, GW_STEP_VALIDATE, good ? GW_PASSED : GW_REFUSED,
	       good ? model->name : x->validation_error);
	if (good)
		x->validation_error = NULL;
	else if (model)
		gw_detail_tree(x, GW_STEP_VALIDATE, "schema", model->schema);
	if (!good)
		gw_fail(x, "BAD_REQUEST_BODY", "Invalid request body");
	return good;
}

void wsapi_message(struct gw_exchange *x, struct gw_runtime *rt, gw_next *done, void *arg)
{
	struct ws_run *run = begin(x, rt, GW_TRACE_MESSAGE, done, arg);
	const char *key = x->api->route_selection ? ws_select(x, x->api->route_selection) : "";
	trace_detail(&x->trace, GW_STEP_ROUTE, "selected", key);
	x->message_id = gw_new_extended(x);
	x->route = key[0] && key[0] != '$' ? find_route(x->api, key) : NULL;
	if (!x->route)
		x->route = find_route(x->api, "$default");
	if (!x->route) {
		gw_row(x, GW_STEP_ROUTE, GW_REFUSED,
		       arena_printf(x->arena, "no route \"%s\" and no $default", key));
		gw_fail(x, "ACCESS_DENIED", "Forbidden");
		answer_error(run, "Forbidden");
		return;
	}
	x->route_key = x->trace.resource = x->route->key;
	gw_row(x, GW_STEP_ROUTE, GW_PASSED, x->route_key);
	if (rt->limits && !limits_take(rt->limits, x)) {
		answer_error(run, x->error_message);
		return;
	}
	if (!message_is_valid(x)) {
		answer_error(run, "Invalid request body");
		return;
	}
	if (!x->route->integration) {
		gw_row(x, GW_STEP_INTEGRATION, GW_FAILED, "the route has no integration");
		gw_fail(x, "API_CONFIGURATION_ERROR", SERVER_ERROR);
		answer_error(run, SERVER_ERROR);
		return;
	}
	call_integration(run, message_answered);
}

void wsapi_refuse_message(struct gw_exchange *x, gw_next *done, void *arg)
{
	struct ws_run *run = begin(x, NULL, GW_TRACE_MESSAGE, done, arg);
	gw_fail(x, "THROTTLED", "Too Many Requests");
	gw_row(x, GW_STEP_THROTTLE, GW_REFUSED, "too many messages are worked on");
	answer_error(run, x->error_message);
}

/* ---- disconnections ------------------------------------------------------------------ */

static void disconnect_answered(struct gw_exchange *x, void *arg)
{
	(void)x;
	finish(arg);
}

void wsapi_disconnect(struct gw_exchange *x, struct gw_runtime *rt, gw_next *done, void *arg)
{
	struct ws_run *run = begin(x, rt, GW_TRACE_DISCONNECT, done, arg);
	x->route = find_route(x->api, "$disconnect");
	x->route_key = x->trace.resource = "$disconnect";
	trace_detailf(&x->trace, GW_STEP_ROUTE, "close", "%d %s", x->disconnect_code,
		      x->disconnect_reason ? x->disconnect_reason : "");
	gw_row(x, GW_STEP_ROUTE, x->route ? GW_PASSED : GW_NONE, "$disconnect");
	if (x->route && x->route->integration)
		call_integration(run, disconnect_answered);
	else
		finish(run);
}
