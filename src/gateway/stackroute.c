/* stackroute.c -- the routes of a WebSocket API, which have no OpenAPI form. */
#include "gateway/defread.h"
#include "gateway/stackread.h"

#include <string.h>
#include <strings.h>

struct route_in {
	struct gw_route r;
	int auth;
	const char *authorizer;
	const struct node *integration, *models, *response, *at_authorizer;
};
static const char *const auth_words[] = {"NONE", "AWS_IAM", "CUSTOM", NULL};

static void read_authorizer(struct shape_reader *r, const struct node *n, void *out)
{
	struct route_in *in = out;
	in->at_authorizer = n;
	in->authorizer = shape_text(r, n, "authorizer");
}

static void read_selection(struct shape_reader *r, const struct node *n, void *out)
{
	struct route_in *in = out;
	const char *text = shape_text(r, n, "routeResponseSelectionExpression");
	if (text && !str_eq(text, "$default"))
		SHAPE_ERROR(r, n, "gateway-value",
			    "\"routeResponseSelectionExpression\" must be $default, not \"%s\"",
			    shape_brief(r, text));
	in->r.route_response = true;
}

#define IN(m) SHAPE_AT(route_in, m)
static const struct shape_key route_keys[] = {
	{.name = "integration",
	 .type = SHAPE_NODE,
	 IN(integration),
	 .help = "What the route calls."},
	{.name = "routeResponse",
	 .type = SHAPE_NODE,
	 IN(response),
	 .help = "True: the answer of the integration is sent back. Or a map with "
		 "responseTemplates."},
	{.name = "routeResponseSelectionExpression",
	 .type = SHAPE_READ,
	 .read = read_selection,
	 .help = "$default, which means the same as routeResponse: true."},
	{.name = "authorizationType",
	 .type = SHAPE_WORD,
	 IN(auth),
	 .words = auth_words,
	 .help = "$connect only: NONE, AWS_IAM or CUSTOM."},
	{.name = "authorizer",
	 .type = SHAPE_READ,
	 .read = read_authorizer,
	 .help = "$connect only: the name of one of the authorizers, or of a function, which is "
		 "then called for each connection."},
	{.name = "apiKeyRequired",
	 .type = SHAPE_BOOL,
	 IN(r.api_key),
	 .help = "$connect only: whether an API key is needed."},
	{.name = "modelSelectionExpression",
	 .type = SHAPE_TEXT,
	 IN(r.model_selection),
	 .help = "What says which model a message must match."},
	{.name = "requestModels",
	 .type = SHAPE_NODE,
	 IN(models),
	 .help = "A map from its values, or $default, to names of models."},
	{.name = "operationName", .type = SHAPE_DOC},
};
const struct shape stack_route_shape = {"route", "Keys of a route", route_keys,
					ARRAY_LEN(route_keys), false};

static bool key_ok(struct def *d, const struct node *key)
{
	static const char *const own[] = {"$connect", "$disconnect", "$default"};
	if (key->text[0] != '$')
		return true;
	for (size_t i = 0; i < ARRAY_LEN(own); i++)
		if (strcmp(key->text, own[i]) == 0)
			return true;
	shape_unknown(&d->r, key, "gateway-route-key", "route", key->text, own, ARRAY_LEN(own));
	return false;
}

/* An authorizer without settings for a function that is named in its place. */
static const struct gw_authorizer *authorizer_of_function(struct def *d, const struct node *at,
							  const char *name)
{
	struct gw_api *api = d->api;
	if (!api->authorizers)
		api->authorizers =
			arena_alloc(d->r.arena, MAX_AUTHORIZERS * sizeof(*api->authorizers));
	if (api->authorizer_count == MAX_AUTHORIZERS) {
		SHAPE_ERROR(&d->r, at, "gateway-too-many", "an API has at most %d authorizers",
			    MAX_AUTHORIZERS);
		return NULL;
	}
	struct gw_authorizer *a = &api->authorizers[api->authorizer_count++];
	*a = (struct gw_authorizer){
		.name = name,
		.kind = GW_REQUEST_AUTHORIZER,
		.function = name,
		.pos = node_pos(at, d->r.file),
	};
	return a;
}

static void set_authorizer(struct def *d, struct route_in *in)
{
	const char *names[MAX_AUTHORIZERS];
	const struct gw_api *api = d->api;
	in->r.auth = GW_AUTH_CUSTOM;
	for (size_t i = 0; i < api->authorizer_count; i++) {
		names[i] = api->authorizers[i].name;
		if (str_eq(names[i], in->authorizer)) {
			in->r.authorizer = &api->authorizers[i];
			return;
		}
	}
	if (d->g && gateway_function(d->g, in->authorizer))
		in->r.authorizer = authorizer_of_function(d, in->at_authorizer, in->authorizer);
	else
		shape_unknown(&d->r, in->at_authorizer, "gateway-unknown-authorizer", "authorizer",
			      in->authorizer, names, api->authorizer_count);
}

static void set_access(struct def *d, const struct node *n, struct route_in *in)
{
	bool asks = in->auth > 0 || in->authorizer || in->r.api_key;
	if (asks && !str_eq(in->r.key, "$connect"))
		SHAPE_ERROR(&d->r, n->key, "gateway-route-access",
			    "callers are authorized when they connect: \"%s\" can ask for nothing, "
			    "$connect can",
			    shape_brief(&d->r, in->r.key));
	if (in->auth == 1)
		in->r.auth = GW_AUTH_IAM;
	if (in->authorizer)
		set_authorizer(d, in);
	else if (in->auth == 2)
		SHAPE_ERROR(&d->r, n->key, "gateway-missing-key",
			    "\"authorizer\" is missing: authorizationType CUSTOM needs it");
}

static void set_models(struct def *d, const struct node *n, struct gw_route *route)
{
	const char **names = arena_alloc(d->r.arena, (d->api->model_count + 1) * sizeof(*names));
	if (!shape_is(&d->r, n, NODE_MAP, "requestModels"))
		return;
	for (size_t i = 0; i < d->api->model_count; i++)
		names[i] = d->api->models[i].name;
	route->models = arena_alloc(d->r.arena, (n->count + 1) * sizeof(*route->models));
	for (const struct node *e = n->child; e; e = e->next) {
		const char *name = shape_text(&d->r, e, e->key->text);
		const struct gw_model *m = name ? gw_api_model(d->api, name) : NULL;
		if (m)
			route->models[route->model_count++] =
				(struct gw_body_model){e->key->text, m};
		else if (name)
			shape_unknown(&d->r, e, "gateway-unknown-model", "model", name, names,
				      d->api->model_count);
	}
}

struct response_in {
	const struct node *templates;
};

static void set_response(struct def *d, const struct node *n, struct gw_route *route)
{
	static const struct shape_key keys[] = {
		{.name = "responseTemplates", .type = SHAPE_NODE, SHAPE_AT(response_in, templates)},
	};
	static const struct shape shape = {"route response", NULL, keys, ARRAY_LEN(keys), false};
	struct response_in in = {0};
	if (n->kind != NODE_MAP) {
		const char *text = shape_text(&d->r, n, "routeResponse");
		route->route_response = text && strcasecmp(text, "true") == 0;
		if (text && !route->route_response && strcasecmp(text, "false") != 0)
			SHAPE_ERROR(&d->r, n, "gateway-value",
				    "\"routeResponse\" must be true, false or a map");
		return;
	}
	route->route_response = true;
	if (shape_read(&d->r, n, &shape, &in) && in.templates)
		route->response_templates =
			def_templates(d, in.templates, false, &route->response_template_count);
}

void stack_routes(struct def *d, const struct node *n)
{
	struct gw_api *api = d->api;
	if (!shape_is(&d->r, n, NODE_MAP, "routes"))
		return;
	if (n->count > MAX_RESOURCES) {
		SHAPE_ERROR(&d->r, n, "gateway-too-many", "an API has at most %d routes",
			    MAX_RESOURCES);
		return;
	}
	api->routes = arena_alloc(d->r.arena, (n->count + 1) * sizeof(*api->routes));
	for (const struct node *e = n->child; e; e = e->next) {
		struct route_in in = {
			.r = {.key = e->key->text, .pos = node_pos(e->key, d->r.file)}};
		if (!key_ok(d, e->key) || !shape_read(&d->r, e, &stack_route_shape, &in))
			continue;
		set_access(d, e, &in);
		if (in.models)
			set_models(d, in.models, &in.r);
		if (in.response)
			set_response(d, in.response, &in.r);
		if (in.integration)
			in.r.integration = def_integration(d, in.integration);
		api->routes[api->route_count++] = in.r;
	}
}
