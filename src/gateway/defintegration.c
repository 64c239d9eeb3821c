/* defintegration.c -- integrations, from x-amazon-apigateway-integration and from routes of stack
 * files. */
#include "gateway/defread.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define BOTH_CLASSIC (GW_BIT(GW_REST) | GW_BIT(GW_WEBSOCKET))
#define NO_TEMPLATES \
	"mapping templates exist for REST and WebSocket APIs only: an HTTP API maps parameters"
#define NO_CACHE "a cache exists for REST APIs only"

struct integration_in {
	struct gw_integration i;
	int timeout_ms; /* 0: not given */
	int transfer, connection;
	const char *payload, *function, *connection_id, *target;
	const struct node *params, *templates, *responses, *response_params, *at_timeout, *at_uri,
		*at_payload;
};
struct response_in {
	struct gw_integration_response r;
	const struct node *params, *templates;
};

static void read_timeout(struct shape_reader *r, const struct node *n, void *out)
{
	struct integration_in *in = out;
	double v;
	in->at_timeout = n;
	if (shape_number(r, n, "timeoutInMillis", 50, 900000, &v))
		in->timeout_ms = (int)v;
}

/* A text, or {"Fn::Sub": text} of a template that was not filled in. */
static void read_uri(struct shape_reader *r, const struct node *n, void *out)
{
	struct integration_in *in = out;
	const struct node *sub = n->kind == NODE_MAP ? node_get(n, "Fn::Sub") : NULL;
	in->at_uri = n;
	in->i.uri = shape_text(r, sub ? sub : n, "uri");
}

static void read_payload(struct shape_reader *r, const struct node *n, void *out)
{
	struct integration_in *in = out;
	in->at_payload = n;
	in->payload = shape_text(r, n, "payloadFormatVersion");
	if (in->payload && !str_eq(in->payload, "1.0") && !str_eq(in->payload, "2.0"))
		SHAPE_ERROR(r, n, "gateway-value",
			    "\"payloadFormatVersion\" must be 1.0 or 2.0, not \"%s\"",
			    shape_brief(r, in->payload));
}

static void read_tls(struct shape_reader *r, const struct node *n, void *out)
{
	static const struct shape_key keys[] = {
		{.name = "insecureSkipVerification",
		 .type = SHAPE_BOOL,
		 .at = offsetof(struct integration_in, i.insecure),
		 .only = GW_BIT(GW_REST)},
		{.name = "serverNameToVerify",
		 .type = SHAPE_TEXT,
		 .at = offsetof(struct integration_in, i.verify)},
	};
	static const struct shape shape = {"tlsConfig", NULL, keys, ARRAY_LEN(keys), true};
	shape_read(r, n, &shape, out);
}

static const char *const type_words[] = {
	[GW_MOCK] = "MOCK", [GW_HTTP_CUSTOM] = "HTTP",    [GW_HTTP_PROXY] = "HTTP_PROXY",
	[GW_AWS] = "AWS",   [GW_AWS_PROXY] = "AWS_PROXY", [GW_AWS_PROXY + 1] = NULL};
static const char *const passthrough_words[] = {"WHEN_NO_MATCH", "WHEN_NO_TEMPLATES", "NEVER",
						NULL};
static const char *const content_words[] = {"AS_IS", "CONVERT_TO_TEXT", "CONVERT_TO_BINARY", NULL};
static const char *const transfer_words[] = {"BUFFERED", "STREAM", NULL};
static const char *const connection_words[] = {"INTERNET", "VPC_LINK", NULL};

#define IN(m) SHAPE_AT(integration_in, m)
#define ROLES "roles are not checked, functions may always be called"

/* The rows that both spellings have; each names the key as its file does. */
#define ROW_TYPE                                                                                \
	{                                                                                       \
		.name = "type", .type = SHAPE_WORD, .required = true, IN(i.type),               \
		.words = type_words,                                                            \
		.help = "AWS_PROXY or AWS (a function), HTTP_PROXY or HTTP (an address), MOCK " \
			"(neither)."                                                            \
	}
#define ROW_URI                                                                   \
	{                                                                         \
		.name = "uri", .type = SHAPE_READ, .read = read_uri,              \
		.help = "The address, or the ARN of a function as AWS writes it." \
	}
#define ROW_METHOD(key)                                                                   \
	{                                                                                 \
		.name = (key), .type = SHAPE_TEXT, IN(i.http_method),                     \
		.help = "The verb the backend is called with; ANY or none: the client's." \
	}
#define ROW_PASSTHROUGH                                                                          \
	{                                                                                        \
		.name = "passthroughBehavior", .type = SHAPE_WORD, IN(i.passthrough),            \
		.words = passthrough_words, .only = BOTH_CLASSIC, .teach = NO_TEMPLATES,         \
		.help = "What becomes of a body without a template: WHEN_NO_MATCH (it passes), " \
			"WHEN_NO_TEMPLATES, NEVER."                                              \
	}
#define ROW_CONTENT(key)                                                                  \
	{                                                                                 \
		.name = (key), .type = SHAPE_WORD, IN(i.content), .words = content_words, \
		.only = BOTH_CLASSIC,                                                     \
		.teach = "content handling exists for REST and WebSocket APIs only",      \
		.help = "CONVERT_TO_TEXT or CONVERT_TO_BINARY."                           \
	}
#define ROW_TIMEOUT                                                                  \
	{                                                                            \
		.name = "timeoutInMillis", .type = SHAPE_READ, .read = read_timeout, \
		.help = "50 to 29000 (HTTP APIs 30000), which is also the default."  \
	}
#define ROW_PARAMS                                                                              \
	{                                                                                       \
		.name = "requestParameters", .type = SHAPE_NODE, IN(params),                    \
		.help = "A map of parameters of the backend's request to where they come from." \
	}
#define ROW_TEMPLATES                                                          \
	{                                                                      \
		.name = "requestTemplates", .type = SHAPE_NODE, IN(templates), \
		.only = BOTH_CLASSIC, .teach = NO_TEMPLATES,                   \
		.help = "A map of templates (VTL) by content type."            \
	}
#define ROW_LINK                                                                            \
	{.name = "connectionType",                                                          \
	 .type = SHAPE_WORD,                                                                \
	 IN(connection),                                                                    \
	 .words = connection_words,                                                         \
	 .help = "VPC_LINK for a private integration, else INTERNET."},                     \
		{.name = "connectionId",                                                    \
		 .type = SHAPE_TEXT,                                                        \
		 IN(connection_id),                                                         \
		 .help = "Private integrations: the name of a target group of the stack."}, \
	{                                                                                   \
		.name = "integrationTarget", .type = SHAPE_TEXT, IN(target),                \
		.help = "The same for VPC links of version 2; it goes before connectionId." \
	}
#define ROW_TLS                                                                                  \
	{                                                                                        \
		.name = "tlsConfig", .type = SHAPE_READ, .read = read_tls,                       \
		.help = "A map with insecureSkipVerification (REST APIs) or serverNameToVerify." \
	}

static const struct shape_key extension_keys[] = {
	ROW_TYPE,
	ROW_URI,
	ROW_METHOD("httpMethod"),
	{.name = "credentials", .type = SHAPE_IDLE, .teach = ROLES},
	ROW_LINK,
	ROW_PARAMS,
	ROW_TEMPLATES,
	{.name = "responses",
	 .type = SHAPE_NODE,
	 IN(responses),
	 .only = GW_BIT(GW_REST),
	 .teach = "integration responses exist for REST and WebSocket APIs only: an HTTP API maps "
		  "with \"responseParameters\""},
	{.name = "responseParameters",
	 .type = SHAPE_NODE,
	 IN(response_params),
	 .only = GW_BIT(GW_HTTP),
	 .teach = "a REST API has them within \"responses\""},
	ROW_PASSTHROUGH,
	ROW_CONTENT("contentHandling"),
	ROW_TIMEOUT,
	{.name = "cacheNamespace",
	 .type = SHAPE_TEXT,
	 IN(i.cache_namespace),
	 .only = GW_BIT(GW_REST),
	 .teach = NO_CACHE},
	{.name = "cacheKeyParameters",
	 .type = SHAPE_TEXTS,
	 .at = offsetof(struct integration_in, i.cache_keys),
	 .count = offsetof(struct integration_in, i.cache_key_count),
	 .only = GW_BIT(GW_REST),
	 .teach = NO_CACHE},
	ROW_TLS,
	{.name = "payloadFormatVersion",
	 .type = SHAPE_READ,
	 .read = read_payload,
	 .only = GW_BIT(GW_HTTP),
	 .teach = "payload formats are a choice of HTTP APIs"},
	{.name = "integrationSubtype",
	 .type = SHAPE_TEXT,
	 IN(i.subtype),
	 .only = GW_BIT(GW_HTTP),
	 .teach = "a REST API calls AWS services by the type AWS and their URI"},
	{.name = "responseTransferMode",
	 .type = SHAPE_WORD,
	 IN(transfer),
	 .words = transfer_words,
	 .only = GW_BIT(GW_REST),
	 .teach = "responses are streamed by REST APIs only"},
	{.name = "description", .type = SHAPE_DOC},
};
static const struct shape extension_shape = {"integration", NULL, extension_keys,
					     ARRAY_LEN(extension_keys), true};

static const struct shape_key route_keys[] = {
	ROW_TYPE,
	{.name = "function",
	 .type = SHAPE_TEXT,
	 IN(function),
	 .help = "The function of the types AWS_PROXY and AWS."},
	ROW_URI,
	ROW_METHOD("integrationMethod"),
	ROW_LINK,
	ROW_PARAMS,
	ROW_TEMPLATES,
	{.name = "templateSelectionExpression",
	 .type = SHAPE_TEXT,
	 IN(i.template_selection),
	 .help = "Which of the templates is used; without a match it is $default."},
	ROW_PASSTHROUGH,
	ROW_CONTENT("contentHandlingStrategy"),
	ROW_TIMEOUT,
	ROW_TLS,
	{.name = "integrationResponses",
	 .type = SHAPE_NODE,
	 IN(responses),
	 .help = "A map from $default, or /pattern/ of a status or errorMessage, to what is made "
		 "of the answer."},
};
const struct shape def_route_integration_shape = {"integration", "Keys of an integration",
						  route_keys, ARRAY_LEN(route_keys), false};

/* -- responses --------------------------------------------------------------------------------- */

#define RIN(m) SHAPE_AT(response_in, m)
static const struct shape_key extension_response_keys[] = {
	{.name = "statusCode",
	 .type = SHAPE_INT,
	 .required = true,
	 RIN(r.status),
	 .min = 100,
	 .max = 599},
	{.name = "responseParameters", .type = SHAPE_NODE, RIN(params)},
	{.name = "responseTemplates", .type = SHAPE_NODE, RIN(templates)},
	{.name = "contentHandling", .type = SHAPE_WORD, RIN(r.content), .words = content_words},
};
static const struct shape extension_response_shape = {"integration response", NULL,
						      extension_response_keys,
						      ARRAY_LEN(extension_response_keys), true};

static const struct shape_key route_response_keys[] = {
	{.name = "responseTemplates",
	 .type = SHAPE_NODE,
	 RIN(templates),
	 .help = "A map of templates (VTL); which one is used says the next key."},
	{.name = "templateSelectionExpression",
	 .type = SHAPE_TEXT,
	 RIN(r.template_selection),
	 .help = "Without a match it is $default."},
	{.name = "responseParameters",
	 .type = SHAPE_IDLE,
	 .teach = "an answer on a WebSocket has no headers"},
	{.name = "contentHandlingStrategy",
	 .type = SHAPE_WORD,
	 RIN(r.content),
	 .words = content_words,
	 .help = "CONVERT_TO_TEXT or CONVERT_TO_BINARY."},
};
const struct shape def_route_response_shape = {
	"integration response", "Keys of an integration response", route_response_keys,
	ARRAY_LEN(route_response_keys), false};

static bool is_default(const char *pattern, bool websocket)
{
	return !*pattern || str_eq(pattern, websocket ? "$default" : "default");
}

/* "/re/" of a WebSocket API without its slashes. */
static const char *inner_pattern(struct def *d, const struct node *n, bool websocket)
{
	const char *p = n->key->text;
	size_t len = strlen(p);
	if (!websocket)
		return p;
	if (len > 2 && p[0] == '/' && p[len - 1] == '/')
		return arena_strndup(d->r.arena, p + 1, len - 2);
	SHAPE_ERROR(&d->r, n->key, "gateway-value",
		    "\"%s\" must be $default or a pattern between slashes, as /4\\d\\d/",
		    shape_brief(&d->r, p));
	return NULL;
}

static bool read_response(struct def *d, const struct node *n, struct gw_integration_response *out)
{
	bool websocket = d->api->type == GW_WEBSOCKET;
	struct response_in in = {.r = {.pos = node_pos(n->key, d->r.file)}};
	if (!shape_read(&d->r, n, websocket ? &def_route_response_shape : &extension_response_shape,
			&in))
		return false;
	if (in.params)
		in.r.params = def_mappings(d, in.params, DEF_RESPONSE, &in.r.param_count);
	if (in.templates)
		in.r.templates = def_templates(d, in.templates, false, &in.r.template_count);
	if (is_default(n->key->text, websocket)) {
		in.r.pattern = websocket ? n->key->text : NULL;
	} else {
		const char *pattern = inner_pattern(d, n, websocket);
		in.r.pattern = n->key->text;
		in.r.re = pattern ? def_pattern(d, n->key, pattern) : NULL;
		if (!in.r.re)
			return false;
	}
	*out = in.r;
	return true;
}

/* Is a to be tried after b? Patterns in the order of status codes, as the service keeps them, the
 * default last; else as written. */
static bool comes_after(const struct gw_integration_response *a,
			const struct gw_integration_response *b)
{
	if (!a->re || !b->re)
		return !a->re && b->re;
	return a->status > b->status;
}

static void sort_responses(struct gw_integration_response *r, size_t n)
{
	for (size_t i = 1; i < n; i++)
		for (size_t k = i; k > 0 && comes_after(&r[k - 1], &r[k]); k--) {
			struct gw_integration_response t = r[k];
			r[k] = r[k - 1];
			r[k - 1] = t;
		}
}

#define MAX_RESPONSES 200

static void read_responses(struct def *d, const struct node *n, struct gw_integration *i)
{
	if (!shape_is(&d->r, n, NODE_MAP, n->key->text))
		return;
	if (n->count > MAX_RESPONSES) {
		SHAPE_ERROR(&d->r, n, "gateway-too-many", "an integration has at most %d responses",
			    MAX_RESPONSES);
		return;
	}
	i->responses = arena_alloc(d->r.arena, (n->count + 1) * sizeof(*i->responses));
	for (const struct node *e = n->child; e; e = e->next)
		i->response_count += read_response(d, e, &i->responses[i->response_count]);
	sort_responses(i->responses, i->response_count);
}

/* HTTP APIs: a map from statuses to mappings. */
static void read_response_params(struct def *d, const struct node *n, struct gw_integration *i)
{
	if (!shape_is(&d->r, n, NODE_MAP, "responseParameters"))
		return;
	i->responses = arena_alloc(d->r.arena, (n->count + 1) * sizeof(*i->responses));
	for (const struct node *e = n->child; e; e = e->next) {
		struct gw_integration_response *r = &i->responses[i->response_count];
		long long status;
		if (!str_to_i64(e->key->text, 200, 599, &status)) {
			SHAPE_ERROR(&d->r, e->key, "gateway-value",
				    "\"%s\" must be a status from 200 to 599",
				    shape_brief(&d->r, e->key->text));
			continue;
		}
		*r = (struct gw_integration_response){.status = (int)status,
						      .pos = node_pos(e->key, d->r.file)};
		r->params = def_mappings(d, e, DEF_HTTP_RESPONSE, &r->param_count);
		i->response_count++;
	}
}

/* -- the whole --------------------------------------------------------------------------------- */

static void check_timeout(struct def *d, struct integration_in *in)
{
	int max = d->api->type == GW_HTTP ? 30000 : 29000;
	if (in->i.stream)
		max = 900000;
	in->i.timeout_ms = in->timeout_ms ? in->timeout_ms : max;
	if (in->i.timeout_ms > max)
		SHAPE_ERROR(&d->r, in->at_timeout, "gateway-value",
			    "\"timeoutInMillis\" is %d: an integration of this API has at most %d "
			    "ms",
			    in->i.timeout_ms, max);
}

static void check_http_api(struct def *d, const struct node *n, struct integration_in *in)
{
	struct gw_integration *i = &in->i;
	if (i->type != GW_AWS_PROXY && i->type != GW_HTTP_PROXY)
		SHAPE_ERROR(&d->r, n, "gateway-other-type",
			    "an HTTP API has proxy integrations only, AWS_PROXY and HTTP_PROXY: "
			    "%s integrations exist for REST and WebSocket APIs",
			    type_words[i->type]);
	if (!in->payload)
		SHAPE_WARN(&d->r, n, "gateway-payload-format",
			   "\"payloadFormatVersion\" is missing: an integration of an HTTP API "
			   "needs it; 1.0 is taken");
	i->payload_v2 = str_eq(in->payload, "2.0");
	if (i->payload_v2 && !i->function)
		SHAPE_ERROR(&d->r, in->at_payload, "gateway-value",
			    "payload format 2.0 is for functions: all other integrations have "
			    "1.0");
	if (i->subtype)
		SHAPE_WARN(&d->r, n, "gateway-not-simulated",
			   "\"integrationSubtype\" is not simulated: AWS services are not here to "
			   "be called");
}

static void check_target(struct def *d, const struct node *n, struct integration_in *in)
{
	struct gw_integration *i = &in->i;
	bool aws = i->type == GW_AWS || i->type == GW_AWS_PROXY;
	if (in->connection == 1)
		i->link = in->target ? in->target : in->connection_id;
	if (in->connection == 1 && !i->link)
		SHAPE_ERROR(&d->r, n, "gateway-missing-key",
			    "\"connectionId\" is missing: a private integration names its target "
			    "group");
	if (i->type != GW_MOCK && !i->uri && !i->function && !i->subtype && !i->link)
		SHAPE_ERROR(&d->r, n, "gateway-missing-key",
			    "\"uri\" is missing: an integration of type %s needs it",
			    type_words[i->type]);
	else if (i->uri && aws && !i->function && !i->service_action && !i->subtype)
		SHAPE_ERROR(&d->r, in->at_uri, "gateway-value",
			    "\"%s\" names neither a function nor a service",
			    shape_brief(&d->r, i->uri));
	else if (i->service_action)
		SHAPE_WARN(&d->r, in->at_uri, "gateway-not-simulated",
			   "\"%s\": AWS services are not here to be called",
			   shape_brief(&d->r, i->service_action));
}

static void set_function(struct def *d, struct integration_in *in)
{
	struct gw_integration *i = &in->i;
	struct def_uri uri = {0};
	i->function = in->function;
	if (i->type != GW_AWS && i->type != GW_AWS_PROXY)
		return;
	if (!i->function && i->uri) {
		def_uri(d, i->uri, &uri);
		i->function = uri.function;
		i->service_action = uri.action;
	}
	i->stream = in->transfer == 1 || uri.stream;
}

static enum def_mapping mapping_kind(const struct def *d, const struct gw_integration *i)
{
	switch (d->api->type) {
	case GW_REST:
		return DEF_REQUEST;
	case GW_WEBSOCKET:
		return DEF_WEBSOCKET;
	case GW_HTTP:
		return i->subtype ? DEF_SERVICE : DEF_HTTP_REQUEST;
	}
	return DEF_REQUEST;
}

struct gw_integration *def_integration(struct def *d, const struct node *n)
{
	const struct shape *shape = d->root ? &extension_shape : &def_route_integration_shape;
	struct integration_in in = {.i = {.pos = node_pos(n, d->r.file)}};
	if (!shape_read(&d->r, n, shape, &in))
		return NULL;
	in.i.stream = in.transfer == 1;
	set_function(d, &in);
	check_target(d, n, &in);
	check_timeout(d, &in);
	if (d->api->type == GW_HTTP)
		check_http_api(d, n, &in);
	if (in.params)
		in.i.params = def_mappings(d, in.params, mapping_kind(d, &in.i), &in.i.param_count);
	if (in.templates)
		in.i.templates = def_templates(d, in.templates, false, &in.i.template_count);
	if (in.responses)
		read_responses(d, in.responses, &in.i);
	if (in.response_params)
		read_response_params(d, in.response_params, &in.i);
	struct gw_integration *out = arena_alloc(d->r.arena, sizeof(*out));
	*out = in.i;
	return out;
}
