/* authevent.c -- what an authorizer function is sent: TOKEN and REQUEST events of REST APIs,
 * REQUEST of WebSocket APIs, formats 1.0 and 2.0 of HTTP APIs. Members and order are those of the
 * documented examples; what coincides with the event of a proxy integration is made there. */
#include "gateway/authrun.h"

#include "gateway/event2.h"
#include "gateway/proxyevent.h"
#include "gateway/wsevent.h"

#include <string.h>

/* ---- identity sources ---- */

static const char *from_header(struct gw_exchange *x, const char *name)
{
	return gw_headers_first(&x->request->headers, name);
}

static const char *from_query(struct gw_exchange *x, const char *name)
{
	return gw_params_last(&x->query, name);
}

static const char *from_variables(struct gw_exchange *x, const char *name)
{
	return gw_params_last(&x->variables, name);
}

const char *auth_identity(struct gw_exchange *x, const char *source)
{
	static const struct {
		const char *prefix;
		const char *(*get)(struct gw_exchange *x, const char *name);
	} sources[] = {
		{"method.request.header.", from_header},
		{"method.request.querystring.", from_query},
		{"route.request.header.", from_header},
		{"route.request.querystring.", from_query},
		{"$request.header.", from_header},
		{"$request.querystring.", from_query},
		{"$stageVariables.", from_variables},
		{"stageVariables.", from_variables},
		{"$context.", gw_context_text},
		{"context.", gw_context_text},
	};
	for (size_t i = 0; i < ARRAY_LEN(sources); i++) {
		if (!str_starts(source, sources[i].prefix))
			continue;
		const char *value = sources[i].get(x, source + strlen(sources[i].prefix));
		return value && *value ? value : NULL;
	}
	return NULL;
}

/* ---- parts ---- */

static const char *joined(const struct auth_run *run)
{
	struct str out = {0};
	for (size_t i = 0; i < run->a->identity_count; i++)
		str_addf(&out, "%s%s", i ? "," : "", run->identity[i]);
	return gw_keep(run->x->arena, &out).p;
}

static bool first_of_name(const struct gw_headers *h, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (gw_name_eq(h->items[k].name, h->items[i].name))
			return false;
	return true;
}

/* One value each: names as sent and the last value. */
static void write_headers(struct json_out *j, struct gw_exchange *x)
{
	const struct gw_headers *h = proxy_headers(x);
	json_object(j, "headers");
	for (size_t i = 0; i < h->count; i++)
		if (first_of_name(h, i))
			json_text(j, h->items[i].name, gw_headers_last(h, h->items[i].name));
	json_end(j);
}

/* ---- events ---- */

static void token_event(struct json_out *j, struct auth_run *run)
{
	json_text(j, "type", "TOKEN");
	json_text(j, "authorizationToken", run->identity[0]);
	json_text(j, "methodArn", gw_method_arn(run->x));
}

static void rest_event(struct json_out *j, struct auth_run *run)
{
	struct gw_exchange *x = run->x;
	json_text(j, "type", "REQUEST");
	json_text(j, "methodArn", gw_method_arn(x));
	proxy_event_path(j, x);
	proxy_event_headers(j, x);
	proxy_event_query(j, x);
	proxy_event_variables(j, x);
	proxy_event_context(j, x);
}

static void connect_event(struct json_out *j, struct auth_run *run)
{
	struct gw_exchange *x = run->x;
	json_text(j, "type", "REQUEST");
	json_text(j, "methodArn", gw_method_arn(x));
	proxy_event_headers(j, x);
	proxy_event_query(j, x);
	proxy_event_params(j, "stageVariables", &x->variables);
	ws_event_context(j, x);
}

static void http1_event(struct json_out *j, struct auth_run *run)
{
	struct gw_exchange *x = run->x;
	const char *identity = joined(run);
	json_text(j, "version", "1.0");
	json_text(j, "type", "REQUEST");
	json_text(j, "methodArn", gw_method_arn(x));
	json_text(j, "identitySource", identity);
	json_text(j, "authorizationToken", identity);
	proxy_event_path(j, x);
	write_headers(j, x);
	proxy_event_params(j, "queryStringParameters", &x->query);
	proxy_event_variables(j, x);
	proxy_event_context(j, x);
}

static void http2_event(struct json_out *j, struct auth_run *run)
{
	struct gw_exchange *x = run->x;
	json_text(j, "version", "2.0");
	json_text(j, "type", "REQUEST");
	json_text(j, "routeArn", gw_method_arn(x));
	json_list(j, "identitySource");
	for (size_t i = 0; i < run->a->identity_count; i++)
		json_text(j, NULL, run->identity[i]);
	json_end(j);
	json_text(j, "routeKey", x->route_key);
	json_text(j, "rawPath", x->full_path);
	json_text(j, "rawQueryString", x->request->query ? x->request->query : "");
	event2_headers(j, x);
	event2_params(j, x, "queryStringParameters", &x->query);
	event2_context(j, x);
	event2_params(j, x, "pathParameters", &x->path_params);
	event2_params(j, x, "stageVariables", &x->variables);
}

void auth_event(struct str *out, struct auth_run *run)
{
	struct json_out j = {.out = out};
	json_object(&j, NULL);
	switch (run->x->api->type) {
	case GW_REST:
		if (run->a->kind == GW_TOKEN)
			token_event(&j, run);
		else
			rest_event(&j, run);
		break;
	case GW_WEBSOCKET:
		connect_event(&j, run);
		break;
	case GW_HTTP:
		if (run->a->payload_v2)
			http2_event(&j, run);
		else
			http1_event(&j, run);
		break;
	}
	json_end(&j);
}
