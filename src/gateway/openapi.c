/* openapi.c -- OpenAPI documents into APIs; see openapi.h.
 *
 * A document is read place by place through tables of keys. What the tables name but API Gateway
 * does not use is documentation and says nothing; what it would use but is not simulated warns. The
 * order is that of need: models and security schemes first, since operations refer to them. */
#include "gateway/openapi.h"

#include "gateway/defread.h"
#include "gateway/gwresponse.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define X "x-amazon-apigateway-"
#define REST_ONLY GW_BIT(GW_REST)
#define HTTP_ONLY GW_BIT(GW_HTTP)
#define MAX_FOLLOW 8 /* references one after another */

/* -- what kind of document --------------------------------------------------------------------- */

bool openapi_is(const struct node *root)
{
	return node_get(root, "openapi") || node_get(root, "swagger");
}

/* Does any integration of the document have the key? */
static bool integration_has(const struct node *root, const char *key)
{
	const struct node *paths = node_get(root, "paths");
	for (const struct node *p = paths ? paths->child : NULL; p; p = p->next)
		for (const struct node *o = p->child; o; o = o->next) {
			const struct node *i = node_get(o, X "integration");
			if (node_get(o, key) || node_get(i, key))
				return true;
		}
	return false;
}

/* A jwt authorizer; issuers: one of a REST API, which has a list of them. */
static bool has_jwt(const struct node *root, bool issuers)
{
	const struct node *schemes = node_get(node_get(root, "components"), "securitySchemes");
	for (const struct node *s = schemes ? schemes->child : NULL; s; s = s->next) {
		const struct node *a = node_get(s, X "authorizer");
		const char *type = node_text(a, "type");
		bool list = node_get(node_get(a, "jwtConfiguration"), "issuers") != NULL;
		if (type && strcasecmp(type, "jwt") == 0 && list == issuers)
			return true;
	}
	return false;
}

static bool has_any(const struct node *root, const char *const *keys, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (node_get(root, keys[i]) || integration_has(root, keys[i]))
			return true;
	return false;
}

enum gw_type openapi_guess(const struct node *root)
{
	static const char *const rest[] = {"swagger",
					   "x-amazon-apigateway-request-validators",
					   "x-amazon-apigateway-request-validator",
					   "x-amazon-apigateway-gateway-responses",
					   "x-amazon-apigateway-binary-media-types",
					   "x-amazon-apigateway-minimum-compression-size",
					   "x-amazon-apigateway-policy",
					   "x-amazon-apigateway-api-key-source",
					   "requestTemplates",
					   "passthroughBehavior"};
	static const char *const http[] = {"x-amazon-apigateway-cors", "payloadFormatVersion",
					   "isDefaultRoute"};
	if (node_get(root, "x-amazon-apigateway-importexport-version"))
		return GW_HTTP;
	if (has_any(root, rest, ARRAY_LEN(rest)) || has_jwt(root, true))
		return GW_REST;
	return has_any(root, http, ARRAY_LEN(http)) || has_jwt(root, false) ? GW_HTTP : GW_REST;
}

/* -- references -------------------------------------------------------------------------------- */

/* "#/a/b": one step. ~1 and ~0 are '/' and '~'. */
static const struct node *pointer(struct def *d, const char *ref)
{
	const struct node *n = d->root;
	if (!str_starts(ref, "#/"))
		return NULL;
	for (const char *p = ref + 2; n && *p;) {
		char *name = arena_alloc(d->r.arena, strcspn(p, "/") + 1), *to = name;
		while (*p && *p != '/') {
			*to++ = str_starts(p, "~1") ? '/' : str_starts(p, "~0") ? '~' : *p;
			p += *p == '~' && (p[1] == '0' || p[1] == '1') ? 2 : 1;
		}
		p += *p == '/';
		n = node_get(n, name);
	}
	return n;
}

const struct node *def_follow(struct def *d, const struct node *n)
{
	const struct node *at = n;
	for (int i = 0; i < MAX_FOLLOW; i++) {
		const char *ref = n->kind == NODE_MAP ? node_text(n, "$ref") : NULL;
		if (!ref)
			return n;
		n = pointer(d, ref);
		if (!n) {
			SHAPE_ERROR(&d->r, at, "gateway-reference",
				    "\"%s\" refers to nothing in this document",
				    shape_brief(&d->r, ref));
			return NULL;
		}
	}
	SHAPE_ERROR(&d->r, at, "gateway-reference", "too many references one after another");
	return NULL;
}

/* -- paths ------------------------------------------------------------------------------------- */

static const char *const verbs[] = {"get",     "put",  "post",  "delete",
				    "options", "head", "patch", "x-amazon-apigateway-any-method"};
/* What else a path item may have. */
static const char *const item_words[] = {"parameters", "summary", "description", "servers", "$ref"};

/* The verb of an operation, NULL for other members of a path item. */
static const char *verb_of(struct def *d, const struct node *e)
{
	static const char *const names[] = {"GET",     "PUT",  "POST",  "DELETE",
					    "OPTIONS", "HEAD", "PATCH", "ANY"};
	const char *all[ARRAY_LEN(verbs) + ARRAY_LEN(item_words)];
	for (size_t i = 0; i < ARRAY_LEN(verbs); i++) {
		if (strcmp(e->key->text, verbs[i]) == 0)
			return names[i];
		all[i] = verbs[i];
	}
	for (size_t i = 0; i < ARRAY_LEN(item_words); i++) {
		if (strcmp(e->key->text, item_words[i]) == 0)
			return NULL;
		all[ARRAY_LEN(verbs) + i] = item_words[i];
	}
	if (!str_starts(e->key->text, "x-"))
		shape_unknown(&d->r, e->key, "gateway-unknown-verb", "method", e->key->text, all,
			      ARRAY_LEN(all));
	return NULL;
}

static void add_methods(struct def *d, const struct node *item, const char *path)
{
	struct gw_resource *r = def_resource(d, item->key, path);
	if (!r)
		return;
	if (!r->methods)
		r->methods = arena_alloc(d->r.arena, ARRAY_LEN(verbs) * sizeof(*r->methods));
	for (const struct node *e = item->child; e; e = e->next) {
		const char *verb = verb_of(d, e);
		if (!verb)
			continue;
		for (size_t i = 0; i < r->method_count; i++)
			if (strcmp(r->methods[i].verb, verb) == 0) {
				SHAPE_ERROR(&d->r, e->key, "gateway-twice",
					    "%s %s is defined twice", verb, r->path);
				verb = NULL;
				break;
			}
		if (verb)
			def_method(d, e, item, verb, &r->methods[r->method_count++]);
	}
}

static bool same_route(const struct gw_route *a, const struct gw_route *b)
{
	return a->key && b->key && strcmp(a->key, b->key) == 0;
}

static void add_routes(struct def *d, const struct node *item, const char *path)
{
	struct gw_api *api = d->api;
	if (!api->routes)
		api->routes = arena_alloc(d->r.arena, MAX_RESOURCES * sizeof(*api->routes));
	if (strcmp(path, "/$default") != 0 && !def_path_ok(d, item->key, path))
		return;
	for (const struct node *e = item->child; e; e = e->next) {
		const char *verb = verb_of(d, e);
		if (!verb)
			continue;
		if (api->route_count == MAX_RESOURCES) {
			SHAPE_ERROR(&d->r, e->key, "gateway-too-many",
				    "an API has at most %d routes", MAX_RESOURCES);
			return;
		}
		struct gw_route *route = &api->routes[api->route_count];
		def_route(d, e, verb, path, route);
		for (size_t i = 0; i < api->route_count; i++)
			if (same_route(&api->routes[i], route))
				SHAPE_ERROR(&d->r, e->key, "gateway-twice",
					    "route \"%s\" is defined twice", route->key);
		api->route_count += route->key != NULL;
	}
}

/* The path of the first server, its variables filled in; or basePath. */
static const char *base_path(struct def *d)
{
	const struct node *servers = node_get(d->root, "servers");
	const struct node *first = servers && servers->kind == NODE_LIST ? servers->child : NULL;
	const char *url = d->swagger ? node_text(d->root, "basePath") : node_text(first, "url");
	struct str out = {0};
	if (!url)
		return "";
	const char *host = strstr(url, "://");
	const char *p = d->swagger ? url : strchr(host ? host + 3 : url, '/');
	for (; p && *p; p++) {
		const char *end = *p == '{' ? strchr(p, '}') : NULL;
		if (!end) {
			str_addc(&out, *p);
			continue;
		}
		char *name = arena_strndup(d->r.arena, p + 1, (size_t)(end - p - 1));
		const char *value =
			node_text(node_get(node_get(first, "variables"), name), "default");
		const char *tail =
			value ? value + (*value == '/' && str_ends(str_c(&out), "/")) : "";
		str_add(&out, tail);
		p = end;
	}
	while (out.len && out.p[out.len - 1] == '/')
		str_truncate(&out, out.len - 1);
	const char *path = arena_strdup(d->r.arena, str_c(&out));
	str_clear(&out);
	return path;
}

static const char *path_prefix(struct def *d)
{
	if (d->o->basepath == OPENAPI_IGNORE)
		return "";
	const char *path = base_path(d);
	if (d->o->basepath == OPENAPI_PREPEND || !*path)
		return path;
	const char *second = strchr(path + 1, '/');
	return second ? second : "";
}

static void read_paths(struct shape_reader *r, const struct node *n, void *out)
{
	*(const struct node **)out = n;
	shape_is(r, n, NODE_MAP, "paths");
}

static void add_paths(struct def *d, const struct node *paths)
{
	const char *prefix = path_prefix(d);
	for (const struct node *e = paths->child; e; e = e->next) {
		const char *path = e->key->text;
		const struct node *real = def_follow(d, e);
		if (str_starts(path, "x-") || !real || !shape_is(&d->r, real, NODE_MAP, path))
			continue;
		struct node item = *real;
		item.key = e->key;
		if (*prefix && *path == '/')
			path = arena_printf(d->r.arena, "%s%s", prefix,
					    strcmp(path, "/") == 0 ? "" : path);
		if (d->api->type == GW_HTTP)
			add_routes(d, &item, path);
		else
			add_methods(d, &item, path);
	}
}

/* -- the root ---------------------------------------------------------------------------------- */

struct root_in {
	const struct node *paths;
	struct gw_api api; /* what is set straight from the root */
	const struct node *schemes, *schemas, *validators, *responses, *cors, *policy, *validator;
	int key_source;
};

struct endpoint_in {
	bool disabled;
	const char **types, **vpce;
	size_t type_count, vpce_count;
	struct gw_api *api;
};

static void read_endpoint(struct shape_reader *r, const struct node *n, void *out)
{
	static const struct shape_key keys[] = {
		{.name = "disableExecuteApiEndpoint",
		 .type = SHAPE_BOOL,
		 SHAPE_AT(endpoint_in, disabled)},
		{.name = "types", .type = SHAPE_TEXTS, SHAPE_LIST(endpoint_in, types, type_count)},
		{.name = "vpcEndpointIds",
		 .type = SHAPE_TEXTS,
		 SHAPE_LIST(endpoint_in, vpce, vpce_count)},
		{.name = "ipAddressType", .type = SHAPE_DOC},
	};
	static const struct shape shape = {"endpoint configuration", NULL, keys, ARRAY_LEN(keys),
					   true};
	static const char *const words[] = {
		[GW_REGIONAL] = "REGIONAL", [GW_EDGE] = "EDGE", [GW_PRIVATE] = "PRIVATE"};
	struct gw_api *api = out;
	struct endpoint_in in = {0};
	if (!shape_read(r, n, &shape, &in))
		return;
	api->no_default_endpoint = in.disabled;
	for (size_t i = 0; in.type_count && i < ARRAY_LEN(words); i++)
		if (strcasecmp(in.types[0], words[i]) == 0)
			api->endpoint = (enum gw_endpoint)i;
	if (r->type == GW_HTTP && api->endpoint != GW_REGIONAL)
		SHAPE_ERROR(r, n, "gateway-other-type",
			    "an HTTP API has a Regional endpoint: edge-optimized and private ones "
			    "exist for REST APIs only");
}

static void root_endpoint(struct shape_reader *r, const struct node *n, void *out)
{
	read_endpoint(r, n, &((struct root_in *)out)->api);
}

static void read_servers(struct shape_reader *r, const struct node *n, void *out)
{
	const char *key = X "endpoint-configuration";
	if (!shape_is(r, n, NODE_LIST, "servers"))
		return;
	for (const struct node *e = n->child; e; e = e->next)
		if (node_get(e, key))
			root_endpoint(r, node_get(e, key), out);
}

static void read_info(struct shape_reader *r, const struct node *n, void *out)
{
	struct root_in *in = out;
	if (shape_is(r, n, NODE_MAP, "info"))
		in->api.name = node_text(n, "title");
}

static void read_components(struct shape_reader *r, const struct node *n, void *out)
{
	static const struct shape_key keys[] = {
		{.name = "schemas", .type = SHAPE_NODE, SHAPE_AT(root_in, schemas)},
		{.name = "securitySchemes", .type = SHAPE_NODE, SHAPE_AT(root_in, schemes)},
		{.name = X "integrations", .type = SHAPE_DOC, .only = HTTP_ONLY},
		{.name = "parameters", .type = SHAPE_DOC},
		{.name = "responses", .type = SHAPE_DOC},
		{.name = "requestBodies", .type = SHAPE_DOC},
		{.name = "headers", .type = SHAPE_DOC},
		{.name = "examples", .type = SHAPE_DOC},
		{.name = "links", .type = SHAPE_DOC},
		{.name = "callbacks", .type = SHAPE_DOC},
	};
	static const struct shape shape = {"components", NULL, keys, ARRAY_LEN(keys), true};
	shape_read(r, n, &shape, out);
}

static const char *const source_words[] = {"HEADER", "AUTHORIZER", NULL};
#define ROOT(m) SHAPE_AT(root_in, m)
#define VALIDATE "requests are validated by REST and WebSocket APIs only"
static const struct shape_key root_keys[] = {
	{.name = "openapi", .type = SHAPE_DOC},
	{.name = "swagger", .type = SHAPE_DOC},
	{.name = "info", .type = SHAPE_READ, .read = read_info},
	{.name = "servers", .type = SHAPE_READ, .read = read_servers},
	{.name = "basePath", .type = SHAPE_DOC},
	{.name = "host", .type = SHAPE_DOC},
	{.name = "schemes", .type = SHAPE_DOC},
	{.name = "consumes", .type = SHAPE_DOC},
	{.name = "produces", .type = SHAPE_DOC},
	{.name = "tags", .type = SHAPE_DOC},
	{.name = "externalDocs", .type = SHAPE_DOC},
	{.name = "paths", .type = SHAPE_READ, .required = true, .read = read_paths},
	{.name = "components", .type = SHAPE_READ, .read = read_components},
	{.name = "definitions", .type = SHAPE_NODE, ROOT(schemas)},
	{.name = "securityDefinitions", .type = SHAPE_NODE, ROOT(schemes)},
	{.name = "parameters", .type = SHAPE_DOC},
	{.name = "responses", .type = SHAPE_DOC},
	{.name = "security",
	 .type = SHAPE_IDLE,
	 .teach = "API Gateway ignores it at the root; say it in each operation"},
	{.name = X "api-key-source",
	 .type = SHAPE_WORD,
	 ROOT(key_source),
	 .words = source_words,
	 .only = REST_ONLY,
	 .teach = "API keys exist for REST and WebSocket APIs only"},
	{.name = X "request-validators",
	 .type = SHAPE_NODE,
	 ROOT(validators),
	 .only = REST_ONLY,
	 .teach = VALIDATE},
	{.name = X "request-validator",
	 .type = SHAPE_NODE,
	 ROOT(validator),
	 .only = REST_ONLY,
	 .teach = VALIDATE},
	{.name = X "gateway-responses",
	 .type = SHAPE_NODE,
	 ROOT(responses),
	 .only = REST_ONLY,
	 .teach =
		 "gateway responses exist for REST APIs only: the errors of an HTTP API are fixed"},
	{.name = X "binary-media-types",
	 .type = SHAPE_TEXTS,
	 .at = offsetof(struct root_in, api.binary_types),
	 .count = offsetof(struct root_in, api.binary_count),
	 .only = REST_ONLY,
	 .teach = "an HTTP API has no such list: it passes all bytes"},
	{.name = X "minimum-compression-size",
	 .type = SHAPE_LONG,
	 ROOT(api.min_compression),
	 .max = 10485760,
	 .only = REST_ONLY,
	 .teach = "responses are compressed by REST APIs only"},
	{.name = X "policy",
	 .type = SHAPE_NODE,
	 ROOT(policy),
	 .only = REST_ONLY,
	 .teach = "resource policies exist for REST APIs only"},
	{.name = X "cors",
	 .type = SHAPE_NODE,
	 ROOT(cors),
	 .only = HTTP_ONLY,
	 .teach = "a CORS configuration exists for HTTP APIs only: a REST API answers preflight "
		  "by an OPTIONS method, mostly MOCK"},
	{.name = X "endpoint-configuration", .type = SHAPE_READ, .read = root_endpoint},
	{.name = X "importexport-version", .type = SHAPE_DOC},
	{.name = X "documentation", .type = SHAPE_DOC},
	{.name = X "tag-value", .type = SHAPE_DOC},
	{.name = X "security-policy",
	 .type = SHAPE_IDLE,
	 .teach = "TLS is what the gateway was started with"},
	{.name = X "endpoint-access-mode",
	 .type = SHAPE_IDLE,
	 .teach = "TLS is what the gateway was started with"},
};
static const struct shape root_shape = {"document", NULL, root_keys, ARRAY_LEN(root_keys), true};

/* -- CORS, gateway responses ------------------------------------------------------------------- */

static void read_cors(struct def *d, const struct node *n)
{
	static const struct shape_key keys[] = {
		{.name = "allowOrigins",
		 .type = SHAPE_TEXTS,
		 SHAPE_LIST(gw_cors, origins, origin_count)},
		{.name = "allowMethods",
		 .type = SHAPE_TEXTS,
		 SHAPE_LIST(gw_cors, methods, method_count)},
		{.name = "allowHeaders",
		 .type = SHAPE_TEXTS,
		 SHAPE_LIST(gw_cors, headers, header_count)},
		{.name = "exposeHeaders",
		 .type = SHAPE_TEXTS,
		 SHAPE_LIST(gw_cors, expose, expose_count)},
		{.name = "maxAge",
		 .type = SHAPE_INT,
		 SHAPE_AT(gw_cors, max_age_s),
		 .min = -1,
		 .max = 86400},
		{.name = "allowCredentials", .type = SHAPE_BOOL, SHAPE_AT(gw_cors, credentials)},
	};
	static const struct shape shape = {"CORS configuration", NULL, keys, ARRAY_LEN(keys), true};
	struct gw_cors *c = arena_alloc(d->r.arena, sizeof(*c));
	c->max_age_s = -1;
	if (!shape_read(&d->r, n, &shape, c))
		return;
	for (size_t i = 0; c->credentials && i < c->origin_count; i++)
		if (str_eq(c->origins[i], "*"))
			SHAPE_ERROR(&d->r, n, "gateway-cors",
				    "\"allowCredentials\" needs origins by name: browsers refuse "
				    "it together with \"*\"");
	d->api->cors = c;
}

struct gateway_response_in {
	struct gw_gateway_response r;
	const struct node *params, *templates;
};

static void read_gateway_response(struct def *d, const struct node *n,
				  struct gw_gateway_response *out)
{
	static const struct shape_key keys[] = {
		{.name = "statusCode",
		 .type = SHAPE_INT,
		 .min = 100,
		 .max = 599,
		 SHAPE_AT(gateway_response_in, r.status)},
		{.name = "responseParameters",
		 .type = SHAPE_NODE,
		 SHAPE_AT(gateway_response_in, params)},
		{.name = "responseTemplates",
		 .type = SHAPE_NODE,
		 SHAPE_AT(gateway_response_in, templates)},
	};
	static const struct shape shape = {"gateway response", NULL, keys, ARRAY_LEN(keys), true};
	struct gateway_response_in in = {.r = {.type = n->key->text}};
	if (!shape_read(&d->r, n, &shape, &in))
		return;
	if (in.params)
		in.r.params = def_mappings(d, in.params, DEF_GATEWAY_RESPONSE, &in.r.param_count);
	if (in.templates)
		in.r.templates = def_templates(d, in.templates, true, &in.r.template_count);
	*out = in.r;
}

static void read_gateway_responses(struct def *d, const struct node *n)
{
	struct gw_api *api = d->api;
	if (!shape_is(&d->r, n, NODE_MAP, "gateway-responses"))
		return;
	api->responses = arena_alloc(d->r.arena, (n->count + 1) * sizeof(*api->responses));
	for (const struct node *e = n->child; e; e = e->next) {
		size_t i = 0;
		while (i < GW_RESPONSE_TYPES && strcmp(gw_response_types[i], e->key->text) != 0)
			i++;
		if (i == GW_RESPONSE_TYPES)
			shape_unknown(&d->r, e->key, "gateway-unknown-response",
				      "gateway response type", e->key->text, gw_response_types,
				      GW_RESPONSE_TYPES);
		else
			read_gateway_response(d, e, &api->responses[api->response_count++]);
	}
}

/* -- the whole --------------------------------------------------------------------------------- */

static bool version_ok(struct def *d)
{
	const struct node *n = node_get(d->root, "openapi");
	const char *version = node_text(d->root, "openapi");
	d->swagger = !n;
	if (d->swagger) {
		n = node_get(d->root, "swagger");
		version = node_text(d->root, "swagger");
	}
	if (version && (d->swagger ? str_eq(version, "2.0") : str_starts(version, "3.0")))
		return true;
	SHAPE_ERROR(&d->r, n, "gateway-openapi-version",
		    "version \"%s\" is not read: API Gateway takes OpenAPI 3.0 and Swagger 2.0",
		    shape_brief(&d->r, version ? version : ""));
	return false;
}

static void take_root(struct def *d, const struct root_in *in)
{
	struct gw_api *api = d->api;
	if (!api->name)
		api->name = in->api.name;
	api->endpoint = in->api.endpoint;
	api->no_default_endpoint = in->api.no_default_endpoint;
	api->key_from_authorizer = in->key_source == 1;
	api->binary_types = in->api.binary_types;
	api->binary_count = in->api.binary_count;
	api->min_compression = in->api.min_compression;
	if (in->validators && shape_is(&d->r, in->validators, NODE_MAP, "request-validators"))
		d->validators = in->validators;
	if (in->validator && def_validator(d, in->validator))
		d->validator = in->validator->text;
}

bool openapi_load(struct gw_api *api, struct arena *a, const struct node *root,
		  const struct openapi_options *o, struct diags *diags)
{
	struct def d = {
		.r = {.arena = a, .file = api->file, .d = diags, .ok = true, .type = api->type},
		.api = api,
		.root = root,
		.o = o,
	};
	/* an API is edge-optimized unless it says otherwise */
	struct root_in in = {.api = {.min_compression = -1,
				     .endpoint = api->type == GW_REST ? GW_EDGE : GW_REGIONAL}};
	d.r.ctx = &d;
	api->min_compression = -1;
	if (!version_ok(&d) || !shape_read(&d.r, root, &root_shape, &in) ||
	    in.paths->kind != NODE_MAP)
		return false;
	take_root(&d, &in);
	if (api->type == GW_REST)
		def_models(&d, in.schemas);
	if (in.schemes)
		def_schemes(&d, in.schemes);
	if (in.responses)
		read_gateway_responses(&d, in.responses);
	if (in.policy)
		api->policy = def_policy(&d, in.policy);
	if (in.cors)
		read_cors(&d, in.cors);
	add_paths(&d, in.paths);
	def_resources_end(&d);
	def_compile_models(&d);
	return d.r.ok;
}
