/* exportapi.c -- an API as an OpenAPI document; see exportapi.h. The order of members is that of
 * the service's own exports, so that the two can be compared. */
#include "gateway/exportapi.h"

#include "base/json.h"
#include "base/yaml.h"

#include <stdlib.h>
#include <string.h>

#define X "x-amazon-apigateway-"

struct export
{
	struct arena *a;
	const struct gateway *g;
	const struct gw_api *api;
};

/* -- building ---------------------------------------------------------------------------------- */

static struct node *map(struct export *e)
{
	return node_new(e->a, NODE_MAP);
}

static struct node *scalar(struct export *e, enum node_kind kind, const char *text)
{
	struct node *n = node_new_text(e->a, text);
	n->kind = kind;
	return n;
}

static void put(struct export *e, struct node *to, const char *key, struct node *value)
{
	if (value)
		node_set(e->a, to, key, value);
}

static void put_text(struct export *e, struct node *to, const char *key, const char *text)
{
	if (text)
		put(e, to, key, node_new_text(e->a, text));
}

static void put_int(struct export *e, struct node *to, const char *key, long v)
{
	put(e, to, key, scalar(e, NODE_NUMBER, arena_printf(e->a, "%ld", v)));
}

static void put_bool(struct export *e, struct node *to, const char *key, bool v)
{
	put(e, to, key, scalar(e, NODE_BOOL, v ? "true" : "false"));
}

static void put_texts(struct export *e, struct node *to, const char *key, const char *const *items,
		      size_t n)
{
	struct node *list = node_new(e->a, NODE_LIST);
	for (size_t i = 0; i < n; i++)
		node_append(list, node_new_text(e->a, items[i]));
	if (n)
		put(e, to, key, list);
}

/* A copy of one node that shares its children, for a place of its own. */
static struct node *share(struct export *e, const struct node *n)
{
	struct node *out = arena_alloc(e->a, sizeof(*out));
	*out = *n;
	out->next = NULL;
	out->key = NULL;
	return out;
}

static struct node *one_of(struct export *e, const char *key, struct node *value)
{
	struct node *out = map(e);
	put(e, out, key, value);
	return out;
}

static void put_mappings(struct export *e, struct node *to, const char *key,
			 const struct gw_mapping *m, size_t n)
{
	struct node *out = map(e);
	for (size_t i = 0; i < n; i++)
		put_text(e, out, m[i].to, m[i].from);
	if (n)
		put(e, to, key, out);
}

static void put_templates(struct export *e, struct node *to, const char *key,
			  const struct gw_template *t, size_t n)
{
	struct node *out = map(e);
	for (size_t i = 0; i < n; i++)
		put_text(e, out, t[i].type, t[i].text);
	if (n)
		put(e, to, key, out);
}

/* -- integrations ------------------------------------------------------------------------------ */

static const char *const type_words[] = {[GW_MOCK] = "mock",
					 [GW_HTTP_CUSTOM] = "http",
					 [GW_HTTP_PROXY] = "http_proxy",
					 [GW_AWS] = "aws",
					 [GW_AWS_PROXY] = "aws_proxy"};
static const char *const passthrough_words[] = {"when_no_match", "when_no_templates", "never"};
static const char *const content_words[] = {NULL, "CONVERT_TO_TEXT", "CONVERT_TO_BINARY"};

static const char *function_uri(struct export *e, const char *function, bool stream)
{
	return arena_printf(e->a,
			    "arn:aws:apigateway:%s:lambda:path/%s/functions/"
			    "arn:aws:lambda:%s:%s:function:%s/%s",
			    e->g->region, stream ? "2021-11-15" : "2015-03-31", e->g->region,
			    e->g->account, function,
			    stream ? "response-streaming-invocations" : "invocations");
}

static void put_responses(struct export *e, struct node *to, const struct gw_integration *i)
{
	struct node *out = map(e);
	for (size_t k = 0; k < i->response_count; k++) {
		const struct gw_integration_response *r = &i->responses[k];
		struct node *one = map(e);
		if (e->api->type == GW_HTTP) {
			struct node *params = map(e);
			for (size_t p = 0; p < r->param_count; p++)
				put_text(e, params, r->params[p].to, r->params[p].from);
			put(e, out, arena_printf(e->a, "%d", r->status), params);
			continue;
		}
		put_text(e, one, "statusCode", arena_printf(e->a, "%d", r->status));
		put_mappings(e, one, "responseParameters", r->params, r->param_count);
		put_templates(e, one, "responseTemplates", r->templates, r->template_count);
		put_text(e, one, "contentHandling", content_words[r->content]);
		put(e, out, r->re ? r->pattern : "default", one);
	}
	if (i->response_count)
		put(e, to, e->api->type == GW_HTTP ? "responseParameters" : "responses", out);
}

static void put_private(struct export *e, struct node *to, const struct gw_integration *i)
{
	struct node *tls = map(e);
	if (i->link)
		put_text(e, to, "connectionId", i->link);
	put_text(e, to, "connectionType", i->link ? "VPC_LINK" : NULL);
	if (i->insecure)
		put_bool(e, tls, "insecureSkipVerification", true);
	put_text(e, tls, "serverNameToVerify", i->verify);
	if (tls->count)
		put(e, to, "tlsConfig", tls);
}

static struct node *export_integration(struct export *e, const struct gw_integration *i)
{
	struct node *out = map(e);
	bool http = e->api->type == GW_HTTP;
	int usual = i->stream ? 900000 : http ? 30000 : 29000;
	put_text(e, out, "type", type_words[i->type]);
	put_text(e, out, "integrationSubtype", i->subtype);
	put_text(e, out, "httpMethod", i->http_method);
	put_text(e, out, "uri",
		 i->uri        ? i->uri
		 : i->function ? function_uri(e, i->function, i->stream)
			       : NULL);
	if (http)
		put_text(e, out, "payloadFormatVersion", i->payload_v2 ? "2.0" : "1.0");
	put_private(e, out, i);
	put_mappings(e, out, "requestParameters", i->params, i->param_count);
	put_templates(e, out, "requestTemplates", i->templates, i->template_count);
	put_responses(e, out, i);
	if (!http)
		put_text(e, out, "passthroughBehavior", passthrough_words[i->passthrough]);
	put_text(e, out, "contentHandling", content_words[i->content]);
	if (i->timeout_ms != usual)
		put_int(e, out, "timeoutInMillis", i->timeout_ms);
	put_text(e, out, "cacheNamespace", i->cache_namespace);
	put_texts(e, out, "cacheKeyParameters", i->cache_keys, i->cache_key_count);
	if (i->stream)
		put_text(e, out, "responseTransferMode", "STREAM");
	return out;
}

/* -- security ---------------------------------------------------------------------------------- */

static const char *header_of(const struct gw_authorizer *a)
{
	const char *source = a->identity_count ? a->identity[0] : "";
	const char *dot = strrchr(source, '.');
	return dot ? dot + 1 : "Unused";
}

static struct node *export_claim(struct export *e, const struct gw_claim *c)
{
	struct node *out = map(e);
	put_text(e, out, "claimName", c->name);
	put_text(e, out, "format", "SINGLE_STRING");
	put_texts(e, out, "expectedValues", c->expected, c->expected_count);
	put_bool(e, out, "required", c->required);
	return out;
}

static struct node *export_issuer(struct export *e, const struct gw_issuer *i)
{
	struct node *out = map(e), *claims = node_new(e->a, NODE_LIST);
	put_text(e, out, "issuer", i->issuer);
	put_texts(e, out, e->api->type == GW_HTTP ? "audience" : "audiences", i->audience,
		  i->audience_count);
	for (size_t k = 0; k < i->claim_count; k++)
		node_append(claims, export_claim(e, &i->claims[k]));
	if (claims->count)
		put(e, out, "additionalClaims", claims);
	return out;
}

static void put_pools(struct export *e, struct node *to, const struct gw_authorizer *a)
{
	struct node *list = node_new(e->a, NODE_LIST);
	for (size_t i = 0; i < a->issuer_count; i++) {
		const char *host = strstr(a->issuers[i].issuer, "cognito-idp.");
		const char *pool = strrchr(a->issuers[i].issuer, '/');
		host += strlen("cognito-idp.");
		node_append(list, node_new_text(e->a, arena_printf(e->a,
								   "arn:aws:cognito-idp:%.*s:%s:"
								   "userpool/%s",
								   (int)strcspn(host, "."), host,
								   e->g->account, pool + 1)));
	}
	put(e, to, "providerARNs", list);
}

static void put_jwt(struct export *e, struct node *to, const struct gw_authorizer *a)
{
	struct node *out = map(e), *issuers = node_new(e->a, NODE_LIST);
	if (e->api->type == GW_HTTP) {
		put(e, to, "jwtConfiguration", export_issuer(e, &a->issuers[0]));
		return;
	}
	put_texts(e, out, "defaultAlgorithms", a->algorithms, a->algorithm_count);
	for (size_t i = 0; i < a->issuer_count; i++)
		node_append(issuers, export_issuer(e, &a->issuers[i]));
	put(e, out, "issuers", issuers);
	put(e, to, "jwtConfiguration", out);
}

static void put_lambda(struct export *e, struct node *to, const struct gw_authorizer *a)
{
	bool http = e->api->type == GW_HTTP;
	put_text(e, to, "authorizerUri", function_uri(e, a->function, false));
	put_int(e, to, "authorizerResultTtlInSeconds", a->ttl_s);
	if (http)
		put_text(e, to, "authorizerPayloadFormatVersion", a->payload_v2 ? "2.0" : "1.0");
	if (http && a->payload_v2)
		put_bool(e, to, "enableSimpleResponses", a->simple);
}

static struct node *export_authorizer(struct export *e, const struct gw_authorizer *a)
{
	static const char *const words[] = {[GW_TOKEN] = "token",
					    [GW_REQUEST_AUTHORIZER] = "request",
					    [GW_COGNITO] = "cognito_user_pools",
					    [GW_JWT] = "jwt"};
	struct node *out = map(e);
	struct str all = {0};
	put_text(e, out, "type", words[a->kind]);
	for (size_t i = 0; i < a->identity_count; i++)
		str_addf(&all, "%s%s", i ? ", " : "", a->identity[i]);
	if (all.len && (a->kind == GW_REQUEST_AUTHORIZER || a->kind == GW_JWT))
		put_text(e, out, "identitySource", str_c(&all));
	str_clear(&all);
	put_text(e, out, "identityValidationExpression", a->validation);
	if (a->kind == GW_COGNITO)
		put_pools(e, out, a);
	else if (a->kind == GW_JWT)
		put_jwt(e, out, a);
	else
		put_lambda(e, out, a);
	return out;
}

static struct node *export_scheme(struct export *e, const struct gw_authorizer *a)
{
	static const char *const kinds[] = {[GW_TOKEN] = "custom",
					    [GW_REQUEST_AUTHORIZER] = "custom",
					    [GW_COGNITO] = "cognito_user_pools"};
	struct node *out = map(e);
	bool jwt = a->kind == GW_JWT, named = a->kind == GW_TOKEN || a->kind == GW_COGNITO;
	put_text(e, out, "type", jwt ? "oauth2" : "apiKey");
	if (jwt) {
		put(e, out, "flows", map(e));
	} else {
		put_text(e, out, "name", named ? header_of(a) : "Unused");
		put_text(e, out, "in", "header");
		put_text(e, out, X "authtype", kinds[a->kind]);
	}
	put(e, out, X "authorizer", export_authorizer(e, a));
	return out;
}

static struct node *key_scheme(struct export *e, const char *name, const char *authtype)
{
	struct node *out = map(e);
	put_text(e, out, "type", "apiKey");
	put_text(e, out, "name", name);
	put_text(e, out, "in", "header");
	put_text(e, out, X "authtype", authtype);
	return out;
}

/* What a method or route asks of its caller; the schemes it names are added. */
static void put_security(struct export *e, struct node *op, struct node *schemes,
			 const struct gw_method *m)
{
	struct node *list = node_new(e->a, NODE_LIST), *scopes = node_new(e->a, NODE_LIST);
	for (size_t i = 0; i < m->scope_count; i++)
		node_append(scopes, node_new_text(e->a, m->scopes[i]));
	if (m->authorizer) {
		node_append(list, one_of(e, m->authorizer->name, scopes));
	} else if (m->auth == GW_AUTH_IAM) {
		put(e, schemes, "sigv4", key_scheme(e, "Authorization", "awsSigv4"));
		node_append(list, one_of(e, "sigv4", scopes));
	}
	if (m->api_key) {
		put(e, schemes, "api_key", key_scheme(e, "x-api-key", NULL));
		node_append(list, one_of(e, "api_key", node_new(e->a, NODE_LIST)));
	}
	if (list->count)
		put(e, op, "security", list);
}

/* -- methods ----------------------------------------------------------------------------------- */

static void put_parameters(struct export *e, struct node *op, const struct gw_method *m)
{
	static const char *const places[] = {
		[GW_IN_HEADER] = "header", [GW_IN_PATH] = "path", [GW_IN_QUERY] = "query"};
	struct node *list = node_new(e->a, NODE_LIST);
	for (size_t i = 0; i < m->declared_count; i++) {
		struct node *p = map(e);
		put_text(e, p, "name", m->declared[i].name);
		put_text(e, p, "in", places[m->declared[i].where]);
		if (m->declared[i].required)
			put_bool(e, p, "required", true);
		put(e, p, "schema", one_of(e, "type", node_new_text(e->a, "string")));
		node_append(list, p);
	}
	if (list->count)
		put(e, op, "parameters", list);
}

static struct node *model_ref(struct export *e, const struct gw_model *m)
{
	const char *ref = arena_printf(e->a, "#/components/schemas/%s", m->name);
	return one_of(e, "schema", one_of(e, "$ref", node_new_text(e->a, ref)));
}

static void put_body(struct export *e, struct node *op, const struct gw_method *m)
{
	struct node *content = map(e), *body = map(e);
	for (size_t i = 0; i < m->model_count; i++)
		put(e, content, m->models[i].type, model_ref(e, m->models[i].model));
	if (!m->model_count)
		return;
	put(e, body, "content", content);
	put_bool(e, body, "required", true);
	put(e, op, "requestBody", body);
}

static void put_method_responses(struct export *e, struct node *op, const struct gw_method *m)
{
	struct node *out = map(e);
	for (size_t i = 0; i < m->response_count; i++) {
		const struct gw_method_response *r = &m->responses[i];
		const char *status = arena_printf(e->a, "%d", r->status);
		struct node *one = map(e), *headers = map(e);
		put_text(e, one, "description", arena_printf(e->a, "%s response", status));
		for (size_t k = 0; k < r->header_count; k++)
			put(e, headers, r->headers[k],
			    one_of(e, "schema", one_of(e, "type", node_new_text(e->a, "string"))));
		if (headers->count)
			put(e, one, "headers", headers);
		put(e, out, status, one);
	}
	if (out->count)
		put(e, op, "responses", out);
}

static const char *validator_name(const struct gw_method *m)
{
	if (!m->validate_body && !m->validate_params)
		return NULL;
	return !m->validate_params ? "body-only" : m->validate_body ? "all" : "params-only";
}

static struct node *export_method(struct export *e, const struct gw_method *m, struct node *schemes,
				  struct node *validators)
{
	struct node *op = map(e);
	const char *validator = validator_name(m);
	if (m->operation)
		put_text(e, op, "operationId", m->operation);
	put_parameters(e, op, m);
	put_body(e, op, m);
	put_method_responses(e, op, m);
	put_security(e, op, schemes, m);
	if (validator) {
		struct node *v = map(e);
		put_bool(e, v, "validateRequestParameters", m->validate_params);
		put_bool(e, v, "validateRequestBody", m->validate_body);
		put(e, validators, validator, v);
		put_text(e, op, X "request-validator", validator);
	}
	if (m->integration)
		put(e, op, X "integration", export_integration(e, m->integration));
	return op;
}

static const char *verb_key(struct export *e, const char *verb)
{
	char *key = arena_strdup(e->a, verb);
	for (char *p = key; *p; p++)
		*p = (char)(*p | 0x20);
	return str_eq(verb, "ANY") ? X "any-method" : key;
}

static struct node *export_resources(struct export *e, struct node *schemes,
				     struct node *validators)
{
	struct node *paths = map(e);
	for (size_t i = 0; i < e->api->resource_count; i++) {
		const struct gw_resource *r = e->api->resources[i];
		struct node *item = map(e);
		for (size_t k = 0; k < r->method_count; k++)
			put(e, item, verb_key(e, r->methods[k].verb),
			    export_method(e, &r->methods[k], schemes, validators));
		if (item->count)
			put(e, paths, r->path, item);
	}
	return paths;
}

static struct node *export_routes(struct export *e, struct node *schemes)
{
	struct node *paths = map(e);
	for (size_t i = 0; i < e->api->route_count; i++) {
		const struct gw_route *r = &e->api->routes[i];
		const char *path = r->path ? r->path : "/$default";
		const struct gw_method asks = {.auth = r->auth,
					       .authorizer = r->authorizer,
					       .scopes = r->scopes,
					       .scope_count = r->scope_count};
		const struct node *old = node_get(paths, path);
		struct node *item = old ? share(e, old) : map(e), *op = map(e);
		struct node *answer = one_of(e, "description", node_new_text(e->a, "Default"));
		put(e, op, "responses", one_of(e, "default", answer));
		put_security(e, op, schemes, &asks);
		if (!r->path)
			put_bool(e, op, "isDefaultRoute", true);
		if (r->integration)
			put(e, op, X "integration", export_integration(e, r->integration));
		put(e, item, r->verb ? verb_key(e, r->verb) : X "any-method", op);
		put(e, paths, path, item);
	}
	return paths;
}

/* -- the root ---------------------------------------------------------------------------------- */

static void put_gateway_responses(struct export *e, struct node *root)
{
	struct node *out = map(e);
	for (size_t i = 0; i < e->api->response_count; i++) {
		const struct gw_gateway_response *r = &e->api->responses[i];
		struct node *one = map(e);
		if (r->status)
			put_int(e, one, "statusCode", r->status);
		put_mappings(e, one, "responseParameters", r->params, r->param_count);
		put_templates(e, one, "responseTemplates", r->templates, r->template_count);
		put(e, out, r->type, one);
	}
	if (out->count)
		put(e, root, X "gateway-responses", out);
}

static void put_cors(struct export *e, struct node *root)
{
	const struct gw_cors *c = e->api->cors;
	struct node *out = map(e);
	if (!c)
		return;
	put_texts(e, out, "allowMethods", c->methods, c->method_count);
	put_texts(e, out, "allowHeaders", c->headers, c->header_count);
	put_texts(e, out, "exposeHeaders", c->expose, c->expose_count);
	if (c->max_age_s >= 0)
		put_int(e, out, "maxAge", c->max_age_s);
	put_bool(e, out, "allowCredentials", c->credentials);
	put_texts(e, out, "allowOrigins", c->origins, c->origin_count);
	put(e, root, X "cors", out);
}

static struct node *export_servers(struct export *e, const char *stage)
{
	static const char *const types[] = {
		[GW_REGIONAL] = "REGIONAL", [GW_EDGE] = "EDGE", [GW_PRIVATE] = "PRIVATE"};
	struct node *server = map(e), *list = node_new(e->a, NODE_LIST), *path = map(e);
	struct node *endpoint = map(e);
	bool plain = !stage || str_eq(stage, "$default");
	put_text(e, server, "url",
		 arena_printf(e->a, "https://%s.execute-api.%s.amazonaws.com%s", e->api->id,
			      e->g->region, plain ? "" : "/{basePath}"));
	put_text(e, path, "default", plain ? NULL : stage);
	if (!plain)
		put(e, server, "variables", one_of(e, "basePath", path));
	if (e->api->type == GW_REST)
		put_texts(e, endpoint, "types", &types[e->api->endpoint], 1);
	if (e->api->no_default_endpoint)
		put_bool(e, endpoint, "disableExecuteApiEndpoint", true);
	if (endpoint->count)
		put(e, server, X "endpoint-configuration", endpoint);
	node_append(list, server);
	return list;
}

static void put_rest_settings(struct export *e, struct node *root, struct node *validators)
{
	const struct gw_api *api = e->api;
	if (validators->count)
		put(e, root, X "request-validators", validators);
	put_gateway_responses(e, root);
	if (api->policy)
		put(e, root, X "policy", share(e, api->policy));
	if (api->key_from_authorizer)
		put_text(e, root, X "api-key-source", "AUTHORIZER");
	put_texts(e, root, X "binary-media-types", api->binary_types, api->binary_count);
	if (api->min_compression >= 0)
		put_int(e, root, X "minimum-compression-size", api->min_compression);
}

struct node *export_api(struct arena *a, const struct gateway *g, const struct gw_api *api,
			const char *stage)
{
	struct export e = {a, g, api};
	struct node *root = map(&e), *info = map(&e), *parts = map(&e), *schemes = map(&e);
	struct node *schemas = map(&e), *validators = map(&e);
	if (api->type == GW_WEBSOCKET)
		return NULL;
	put_text(&e, root, "openapi", "3.0.1");
	put_text(&e, info, "title", api->name);
	put_text(&e, info, "version", api->deployment ? api->deployment : "1");
	put(&e, root, "info", info);
	put(&e, root, "servers", export_servers(&e, stage));
	for (size_t i = 0; i < api->authorizer_count; i++)
		put(&e, schemes, api->authorizers[i].name, export_scheme(&e, &api->authorizers[i]));
	put(&e, root, "paths",
	    api->type == GW_HTTP ? export_routes(&e, schemes)
				 : export_resources(&e, schemes, validators));
	for (size_t i = 0; i < api->model_count; i++)
		put(&e, schemas, api->models[i].name, share(&e, api->models[i].schema));
	if (schemas->count)
		put(&e, parts, "schemas", schemas);
	if (schemes->count)
		put(&e, parts, "securitySchemes", schemes);
	if (parts->count)
		put(&e, root, "components", parts);
	if (api->type == GW_REST)
		put_rest_settings(&e, root, validators);
	put_cors(&e, root);
	if (api->type == GW_HTTP)
		put_text(&e, root, X "importexport-version", "1.0");
	return root;
}

/* -- YAML -------------------------------------------------------------------------------------- */

/* Would a reader take the plain text for a number, a truth value or nothing? */
static bool looks_typed(const char *s)
{
	static const char *const words[] = {"true", "false", "yes",  "no",   "on",    "off", "null",
					    "~",    "y",     "n",    "True", "False", "Yes", "No",
					    "On",   "Off",   "Null", "TRUE", "FALSE", "NULL"};
	double v;
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (strcmp(s, words[i]) == 0)
			return true;
	return !*s || str_to_double(s, -1e300, 1e300, &v) || strchr("0123456789+-.", *s);
}

static void yaml_scalar(struct str *out, const struct node *n, int indent)
{
	if (n->kind == NODE_NULL)
		str_add(out, "null");
	else if (n->kind != NODE_TEXT)
		str_add(out, n->text);
	else if (looks_typed(n->text))
		json_add_string(out, n->text, n->len);
	else
		yaml_add_scalar(out, n->text, indent);
}

static void yaml_node(struct str *out, const struct node *n, int indent, bool in_list);

static void yaml_value(struct str *out, const struct node *n, int indent)
{
	if (n->kind == NODE_MAP || n->kind == NODE_LIST) {
		if (n->count == 0) {
			str_add(out, n->kind == NODE_MAP ? " {}\n" : " []\n");
			return;
		}
		str_addc(out, '\n');
		yaml_node(out, n, n->kind == NODE_LIST ? indent : indent + 2, false);
		return;
	}
	str_addc(out, ' ');
	yaml_scalar(out, n, indent);
	str_addc(out, '\n');
}

/* in_list: the first line stands behind "- " already. */
static void yaml_node(struct str *out, const struct node *n, int indent, bool in_list)
{
	for (const struct node *e = n->child; e; e = e->next) {
		if (!in_list || e != n->child)
			str_addf(out, "%*s", indent, "");
		if (n->kind == NODE_MAP) {
			yaml_scalar(out, e->key, -1);
			str_addc(out, ':');
			yaml_value(out, e, indent);
		} else if (e->kind == NODE_MAP && e->count) {
			str_add(out, "- ");
			yaml_node(out, e, indent + 2, true);
		} else {
			str_addc(out, '-');
			yaml_value(out, e, indent + 2);
		}
	}
}

void export_yaml(struct str *out, const struct node *n)
{
	if (n->kind == NODE_MAP || n->kind == NODE_LIST) {
		yaml_node(out, n, 0, false);
		return;
	}
	yaml_scalar(out, n, 0);
	str_addc(out, '\n');
}
