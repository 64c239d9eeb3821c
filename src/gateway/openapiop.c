/* openapiop.c -- the operations of OpenAPI documents: parameters, bodies, responses, validators,
 * security, integrations; as methods of a REST API or routes of an HTTP API. */
#include "gateway/defread.h"

#include <string.h>
#include <strings.h>

#define X "x-amazon-apigateway-"
#define REST_ONLY GW_BIT(GW_REST)
#define HTTP_ONLY GW_BIT(GW_HTTP)

/* -- parameters and bodies --------------------------------------------------------------------- */

struct operation_in {
	struct def *d;
	const struct node *security, *auth, *integration, *parameters, *body, *responses,
		*validator, *consumes;
	const char *id;
	bool is_default;
};

struct parameter_in {
	const char *name, *in;
	bool required;
	const struct node *schema;
};
static const struct shape_key parameter_keys[] = {
	{.name = "name", .type = SHAPE_TEXT, .required = true, SHAPE_AT(parameter_in, name)},
	{.name = "in", .type = SHAPE_TEXT, .required = true, SHAPE_AT(parameter_in, in)},
	{.name = "required", .type = SHAPE_BOOL, SHAPE_AT(parameter_in, required)},
	{.name = "schema", .type = SHAPE_NODE, SHAPE_AT(parameter_in, schema)},
	{.name = "description", .type = SHAPE_DOC},
	{.name = "type", .type = SHAPE_DOC},
	{.name = "format", .type = SHAPE_DOC},
	{.name = "items", .type = SHAPE_DOC},
	{.name = "enum", .type = SHAPE_DOC},
	{.name = "default", .type = SHAPE_DOC},
	{.name = "minimum", .type = SHAPE_DOC},
	{.name = "maximum", .type = SHAPE_DOC},
	{.name = "minLength", .type = SHAPE_DOC},
	{.name = "maxLength", .type = SHAPE_DOC},
	{.name = "pattern", .type = SHAPE_DOC},
	{.name = "collectionFormat", .type = SHAPE_DOC},
	{.name = "style", .type = SHAPE_DOC},
	{.name = "explode", .type = SHAPE_DOC},
	{.name = "example", .type = SHAPE_DOC},
	{.name = "examples", .type = SHAPE_DOC},
	{.name = "deprecated", .type = SHAPE_DOC},
	{.name = "allowEmptyValue", .type = SHAPE_DOC},
};
static const struct shape parameter_shape = {"parameter", NULL, parameter_keys,
					     ARRAY_LEN(parameter_keys), true};

#define MAX_DECLARED 200 /* parameters of a method */

static void declare(struct def *d, const struct node *at, struct gw_method *m,
		    const struct parameter_in *p)
{
	static const struct {
		const char *in;
		enum gw_where where;
	} places[] = {{"header", GW_IN_HEADER}, {"path", GW_IN_PATH}, {"query", GW_IN_QUERY}};
	for (size_t i = 0; i < ARRAY_LEN(places); i++) {
		if (strcmp(p->in, places[i].in) != 0)
			continue;
		if (m->declared_count < MAX_DECLARED)
			m->declared[m->declared_count++] =
				(struct gw_declared){places[i].where, p->name, p->required};
		else
			SHAPE_ERROR(&d->r, at, "gateway-too-many",
				    "a method has at most %d parameters", MAX_DECLARED);
		return;
	}
	SHAPE_WARN(&d->r, at, "gateway-parameter-ignored",
		   "a parameter in \"%s\" is not imported: API Gateway knows header, path, query "
		   "and body",
		   shape_brief(&d->r, p->in));
}

static void add_body(struct def *d, struct gw_method *m, const char *type,
		     const struct node *schema)
{
	const struct gw_model *model = def_inline_model(d, schema);
	if (model)
		m->models[m->model_count++] = (struct gw_body_model){type, model};
}

#define MAX_BODY_TYPES 20 /* content types of a method's body */

static void swagger_body(struct def *d, struct gw_method *m, const struct operation_in *in,
			 const struct node *schema)
{
	const struct node *consumes = in->consumes ? in->consumes : node_get(d->root, "consumes");
	m->models = arena_alloc(d->r.arena, MAX_BODY_TYPES * sizeof(*m->models));
	if (!consumes || consumes->kind != NODE_LIST || !consumes->count) {
		add_body(d, m, "application/json", schema);
		return;
	}
	for (const struct node *e = consumes->child; e && m->model_count < MAX_BODY_TYPES;
	     e = e->next) {
		const char *type = shape_text(&d->r, e, "consumes");
		if (type)
			add_body(d, m, type, schema);
	}
}

static void read_parameter(struct def *d, const struct node *n, struct gw_method *m,
			   const struct operation_in *in)
{
	struct parameter_in p = {0};
	const struct node *real = def_follow(d, n);
	if (!real || !shape_read(&d->r, real, &parameter_shape, &p) || !p.name || !p.in)
		return;
	if (d->swagger && str_eq(p.in, "body")) {
		if (p.schema)
			swagger_body(d, m, in, p.schema);
		return;
	}
	declare(d, real, m, &p);
}

static void read_parameters(struct def *d, const struct node *list, struct gw_method *m,
			    const struct operation_in *in)
{
	if (list && shape_is(&d->r, list, NODE_LIST, "parameters"))
		for (const struct node *e = list->child; e; e = e->next)
			read_parameter(d, e, m, in);
}

static void read_body(struct def *d, const struct node *n, struct gw_method *m)
{
	const struct node *real = def_follow(d, n);
	const struct node *content = real ? node_get(real, "content") : NULL;
	if (!content || !shape_is(&d->r, content, NODE_MAP, "content"))
		return;
	if (content->count > MAX_BODY_TYPES) {
		SHAPE_ERROR(&d->r, content, "gateway-too-many",
			    "a body has at most %d content types here", MAX_BODY_TYPES);
		return;
	}
	m->models = arena_alloc(d->r.arena, (content->count + 1) * sizeof(*m->models));
	for (const struct node *e = content->child; e; e = e->next) {
		const struct node *schema = node_get(e, "schema");
		if (schema)
			add_body(d, m, e->key->text, schema);
	}
}

/* -- method responses -------------------------------------------------------------------------- */

static void read_headers(struct def *d, const struct node *n, struct gw_method_response *r)
{
	const struct node *headers = node_get(n, "headers");
	if (!headers || !shape_is(&d->r, headers, NODE_MAP, "headers"))
		return;
	r->headers = arena_alloc(d->r.arena, (headers->count + 1) * sizeof(*r->headers));
	for (const struct node *e = headers->child; e; e = e->next)
		r->headers[r->header_count++] = e->key->text;
}

static void read_method_responses(struct def *d, const struct node *n, struct gw_method *m)
{
	if (!n || !shape_is(&d->r, n, NODE_MAP, "responses"))
		return;
	m->responses = arena_alloc(d->r.arena, (n->count + 1) * sizeof(*m->responses));
	for (const struct node *e = n->child; e; e = e->next) {
		struct gw_method_response *r = &m->responses[m->response_count];
		const struct node *real = def_follow(d, e);
		long long status;
		if (!real || str_starts(e->key->text, "x-"))
			continue;
		if (!str_to_i64(e->key->text, 100, 599, &status)) {
			SHAPE_WARN(&d->r, e->key, "gateway-response-ignored",
				   "response \"%s\" is not imported: a method response has a "
				   "status of three digits",
				   shape_brief(&d->r, e->key->text));
			continue;
		}
		r->status = (int)status;
		read_headers(d, real, r);
		m->response_count++;
	}
}

/* -- validators -------------------------------------------------------------------------------- */

const struct node *def_validator(struct def *d, const struct node *n)
{
	const char *names[MAX_BODY_TYPES] = {0};
	const char *name = shape_text(&d->r, n, "request-validator");
	const struct node *v = name && d->validators ? node_get(d->validators, name) : NULL;
	size_t count = 0;
	if (v || !name)
		return v;
	for (v = d->validators ? d->validators->child : NULL; v && count < ARRAY_LEN(names);
	     v = v->next)
		names[count++] = v->key->text;
	shape_unknown(&d->r, n, "gateway-unknown-validator", "request validator", name, names,
		      count);
	return NULL;
}

static void use_validator(struct def *d, const struct node *n, struct gw_method *m)
{
	static const struct shape_key keys[] = {
		{.name = "validateRequestBody",
		 .type = SHAPE_BOOL,
		 SHAPE_AT(gw_method, validate_body)},
		{.name = "validateRequestParameters",
		 .type = SHAPE_BOOL,
		 SHAPE_AT(gw_method, validate_params)},
	};
	static const struct shape shape = {"request validator", NULL, keys, ARRAY_LEN(keys), true};
	const struct node *v = n              ? def_validator(d, n)
			       : d->validator ? node_get(d->validators, d->validator)
					      : NULL;
	if (v)
		shape_read(&d->r, v, &shape, m);
}

/* -- operations -------------------------------------------------------------------------------- */

#define OP(m) SHAPE_AT(operation_in, m)
static const struct shape_key operation_keys[] = {
	{.name = X "integration", .type = SHAPE_NODE, OP(integration)},
	{.name = X "auth", .type = SHAPE_NODE, OP(auth)},
	{.name = X "request-validator",
	 .type = SHAPE_NODE,
	 OP(validator),
	 .only = REST_ONLY,
	 .teach = "requests are validated by REST and WebSocket APIs only"},
	{.name = "isDefaultRoute",
	 .type = SHAPE_BOOL,
	 OP(is_default),
	 .only = HTTP_ONLY,
	 .teach = "the $default route exists for HTTP and WebSocket APIs only"},
	{.name = "security", .type = SHAPE_NODE, OP(security)},
	{.name = "parameters", .type = SHAPE_NODE, OP(parameters)},
	{.name = "requestBody", .type = SHAPE_NODE, OP(body)},
	{.name = "responses", .type = SHAPE_NODE, OP(responses)},
	{.name = "consumes", .type = SHAPE_NODE, OP(consumes)},
	{.name = "produces", .type = SHAPE_DOC},
	{.name = "schemes", .type = SHAPE_DOC},
	{.name = "tags", .type = SHAPE_DOC},
	{.name = "summary", .type = SHAPE_DOC},
	{.name = "description", .type = SHAPE_DOC},
	{.name = "operationId", .type = SHAPE_TEXT, OP(id)},
	{.name = "externalDocs", .type = SHAPE_DOC},
	{.name = "deprecated", .type = SHAPE_DOC},
	{.name = "callbacks", .type = SHAPE_IDLE, .teach = "API Gateway does not import callbacks"},
	{.name = "servers",
	 .type = SHAPE_IDLE,
	 .teach = "API Gateway reads those of the root only"},
};
static const struct shape operation_shape = {"operation", NULL, operation_keys,
					     ARRAY_LEN(operation_keys), true};

/* Integrations of components are read once, however many operations refer to them. */
struct def_shared {
	const struct node *n;
	struct gw_integration *integration;
	struct def_shared *next;
};

static struct gw_integration *read_integration(struct def *d, const struct node *n)
{
	const struct node *real = def_follow(d, n);
	if (!real || real == n)
		return real ? def_integration(d, real) : NULL;
	for (struct def_shared *s = d->shared; s; s = s->next)
		if (s->n == real)
			return s->integration;
	struct def_shared *s = arena_alloc(d->r.arena, sizeof(*s));
	*s = (struct def_shared){real, def_integration(d, real), d->shared};
	d->shared = s;
	return s->integration;
}

static void warn_unset(struct def *d, const struct node *op)
{
	SHAPE_WARN(&d->r, op->key, "gateway-no-integration",
		   "this operation has no " X "integration: a call of it fails");
}

void def_method(struct def *d, const struct node *op, const struct node *item, const char *verb,
		struct gw_method *m)
{
	struct operation_in in = {0};
	struct def_access access;
	*m = (struct gw_method){.verb = verb, .pos = node_pos(op->key, d->r.file)};
	m->declared = arena_alloc(d->r.arena, MAX_DECLARED * sizeof(*m->declared));
	if (!shape_read(&d->r, op, &operation_shape, &in))
		return;
	def_access(d, in.security, in.auth, &access);
	m->auth = access.auth;
	m->authorizer = access.authorizer;
	m->scopes = access.scopes;
	m->scope_count = access.scope_count;
	m->api_key = access.api_key;
	m->operation = in.id;
	read_parameters(d, node_get(item, "parameters"), m, &in);
	read_parameters(d, in.parameters, m, &in);
	if (in.body)
		read_body(d, in.body, m);
	read_method_responses(d, in.responses, m);
	use_validator(d, in.validator, m);
	if (in.integration)
		m->integration = read_integration(d, in.integration);
	else
		warn_unset(d, op);
}

void def_route(struct def *d, const struct node *op, const char *verb, const char *path,
	       struct gw_route *route)
{
	struct operation_in in = {0};
	struct def_access access;
	*route = (struct gw_route){.pos = node_pos(op->key, d->r.file)};
	if (!shape_read(&d->r, op, &operation_shape, &in))
		return;
	bool is_default = in.is_default || strcmp(path, "/$default") == 0;
	route->key = is_default ? "$default" : arena_printf(d->r.arena, "%s %s", verb, path);
	route->verb = is_default ? NULL : verb;
	route->path = is_default ? NULL : path;
	def_access(d, in.security, in.auth, &access);
	route->auth = access.auth;
	route->authorizer = access.authorizer;
	route->scopes = access.scopes;
	route->scope_count = access.scope_count;
	if (in.integration)
		route->integration = read_integration(d, in.integration);
	else
		warn_unset(d, op);
}
