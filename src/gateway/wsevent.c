/* wsevent.c -- see wsevent.h. */
#include "gateway/wsevent.h"

#include "gateway/mapping.h"
#include "gateway/proxyevent.h"

#include <string.h>

/* ---- events -------------------------------------------------------------------------- */

static void write_identity(struct json_out *j, struct gw_exchange *x)
{
	const struct gw_identity *id = &x->identity;
	const struct {
		const char *name, *value;
	} rows[] = {
		{"accessKey", id->access_key}, {"accountId", id->account}, {"apiKey", id->api_key},
		{"apiKeyId", id->api_key_id},  {"caller", id->caller},     {"user", id->user},
		{"userAgent", id->user_agent}, {"userArn", id->user_arn},
	};
	json_object(j, "identity");
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (rows[i].value)
			json_text(j, rows[i].name, rows[i].value);
	json_text(j, "sourceIp", x->request->source_ip);
	json_end(j);
}

static void write_authorizer(struct json_out *j, struct gw_exchange *x)
{
	if (!x->principal && !x->authorizer)
		return;
	json_object(j, "authorizer");
	if (x->principal)
		json_text(j, "principalId", x->principal);
	if (x->authorizer_us >= 0)
		json_int(j, "integrationLatency", x->authorizer_us / 1000);
	for (const struct node *m = x->authorizer ? x->authorizer->child : NULL; m; m = m->next)
		json_node(j, m->key->text, m);
	json_end(j);
}

void ws_event_context(struct json_out *j, struct gw_exchange *x)
{
	json_object(j, "requestContext");
	json_text(j, "routeKey", x->route_key);
	write_authorizer(j, x);
	if (x->message_id)
		json_text(j, "messageId", x->message_id);
	if (strcmp(x->event_type, "DISCONNECT") == 0) {
		json_int(j, "disconnectStatusCode", x->disconnect_code);
		json_text(j, "disconnectReason", x->disconnect_reason ? x->disconnect_reason : "");
	}
	json_text(j, "eventType", x->event_type);
	json_text(j, "extendedRequestId", x->request_id);
	json_text(j, "requestTime", gw_clf_time(x->arena, x->began_ms));
	json_text(j, "messageDirection", "IN");
	json_text(j, "stage", x->stage->name);
	json_int(j, "connectedAt", x->connected_ms);
	json_int(j, "requestTimeEpoch", x->began_ms);
	write_identity(j, x);
	json_text(j, "requestId", x->request_id);
	json_text(j, "domainName", x->domain);
	json_text(j, "connectionId", x->connection_id);
	json_text(j, "apiId", x->api->id);
	json_end(j);
}

/* What a DISCONNECT event shows of headers: these four, mostly empty, as recorded. */
static void write_last_headers(struct json_out *j, struct gw_exchange *x)
{
	static const char *const names[] = {"Host", "x-api-key", "X-Forwarded-For", "x-restapi"};
	json_object(j, "headers");
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		json_text(j, names[i], i == 0 ? x->domain : "");
	json_end(j);
	json_object(j, "multiValueHeaders");
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		json_list(j, names[i]);
		json_text(j, NULL, i == 0 ? x->domain : "");
		json_end(j);
	}
	json_end(j);
}

void ws_event(struct str *out, struct gw_exchange *x)
{
	struct json_out j = {.out = out};
	bool message = strcmp(x->event_type, "MESSAGE") == 0;
	json_object(&j, NULL);
	if (strcmp(x->event_type, "CONNECT") == 0) {
		proxy_event_headers(&j, x);
		if (x->query.count)
			proxy_event_query(&j, x);
	} else if (!message) {
		write_last_headers(&j, x);
	}
	ws_event_context(&j, x);
	if (x->variables.count)
		proxy_event_params(&j, "stageVariables", &x->variables);
	if (message) /* a text may hold NUL characters */
		json_node(&j, "body",
			  &(struct node){
				  .kind = NODE_TEXT, .text = x->message.p, .len = x->message.len});
	json_bool(&j, "isBase64Encoded", false);
	json_end(&j);
}

struct slice ws_error_frame(struct gw_exchange *x, const char *message)
{
	struct str out = {0};
	str_add(&out, "{\"message\": ");
	json_add_string(&out, message, strlen(message));
	str_addf(&out, ", \"connectionId\":\"%s\", \"requestId\":\"%s\"}", x->connection_id,
		 x->request_id);
	return gw_keep(x->arena, &out);
}

/* ---- selection expressions ----------------------------------------------------------- */

#define BODY "request.body."

static const char *part(struct gw_exchange *x, const char *name)
{
	const char *value = NULL;
	if (str_starts(name, BODY))
		value = mapping_body_part(x->arena, x->message, name + strlen(BODY), NULL);
	else if (str_starts(name, "context."))
		value = gw_context_text(x, name + strlen("context."));
	else if (str_starts(name, "stageVariables."))
		value = gw_params_last(&x->variables, name + strlen("stageVariables."));
	return value ? value : "";
}

const char *ws_select(struct gw_exchange *x, const char *expression)
{
	struct str out = {0};
	if (str_starts(expression, "\\$"))
		return expression + 1;
	if (strcmp(expression, "$default") == 0)
		return expression;
	if (expression[0] == '$' && expression[1] != '{')
		return part(x, expression + 1);
	while (*expression) {
		if (strncmp(expression, "${", 2) != 0) {
			str_addc(&out, *expression++);
			continue;
		}
		size_t n = strcspn(expression + 2, "}");
		str_add(&out, part(x, arena_strndup(x->arena, expression + 2, n)));
		expression += 2 + n + (expression[2 + n] == '}');
	}
	return gw_keep(x->arena, &out).p;
}
