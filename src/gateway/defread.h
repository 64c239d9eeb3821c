/* defread.h -- what the readers of definitions share: OpenAPI and stack files spell the same things
 * in two ways. Private to openapi.c, stack.c and the def*.c beside them. */
#ifndef GATEWAY_DEFREAD_H
#define GATEWAY_DEFREAD_H

#include "gateway/openapi.h"
#include "gateway/shape.h"

struct def_scheme;
struct def_shared;

/* One API being read. Errors and places go through r. */
struct def {
	struct shape_reader r; /* ctx is the def itself */
	struct gw_api *api;
	const struct node *root; /* OpenAPI document; NULL: the stack file */
	bool swagger;            /* 2.0 */
	const struct openapi_options *o;
	const struct gateway *g;    /* stack files: its functions are known; else NULL */
	struct def_scheme *schemes; /* security schemes of the document */
	size_t scheme_count;
	struct def_shared *shared; /* integrations that were read once already */
	const struct node *validators;
	const char *validator; /* of the whole document; NULL: none */
	size_t model_cap;
};
static inline struct def *def_of(struct shape_reader *r)
{
	return r->ctx;
}

/* A local reference ("#/components/parameters/X") followed; n itself when it is none. NULL: an
 * error was added. */
const struct node *def_follow(struct def *d, const struct node *n);

/* -- functions --------------------------------------------------------------------------------- */

/* What a URI of an integration or authorizer means. */
struct def_uri {
	const char *function; /* "name[:alias]", NULL: not Lambda */
	const char *action;   /* "dynamodb:action/PutItem", NULL: no service */
	bool stream;          /* invoked with response streaming */
};
void def_uri(struct def *d, const char *uri, struct def_uri *out);

/* -- mappings and templates -------------------------------------------------------------------- */

enum def_mapping {
	DEF_REQUEST,          /* integration.request.X <- method.request.Y */
	DEF_RESPONSE,         /* method.response.header.X <- integration.response.Y */
	DEF_GATEWAY_RESPONSE, /* gatewayresponse.header.X <- method.request.Y */
	DEF_HTTP_REQUEST,     /* append:header.X <- $request.header.Y */
	DEF_HTTP_RESPONSE,    /* append:header.X, overwrite:statuscode */
	DEF_SERVICE,          /* HTTP: parameters of an AWS service, any names */
	DEF_WEBSOCKET,        /* integration.request.X <- route.request.Y */
};
/* A map of mappings, each checked as its kind. */
struct gw_mapping *def_mappings(struct def *d, const struct node *n, enum def_mapping kind,
				size_t *count);
/* A map of templates by content type, compiled unless plain. */
struct gw_template *def_templates(struct def *d, const struct node *n, bool plain, size_t *count);
/* The pattern of an integration response or of a token, which must match the whole text. NULL: an
 * error was added. */
struct regex *def_pattern(struct def *d, const struct node *n, const char *pattern);

/* -- models ------------------------------------------------------------------------------------ */

/* Models from a map of schemas; the two that every REST API has are added. */
void def_models(struct def *d, const struct node *schemas);
/* The model of a schema that stands where it is used: by its reference, or as one of its own. */
const struct gw_model *def_inline_model(struct def *d, const struct node *schema);
/* Compile all of them, when the last is there. */
void def_compile_models(struct def *d);

/* -- authorizers ------------------------------------------------------------------------------- */

/* securitySchemes or securityDefinitions. */
void def_schemes(struct def *d, const struct node *n);
/* The map of authorizers in a stack file. */
void def_authorizers(struct def *d, const struct node *n);
/* What a method or route asks of its caller. */
struct def_access {
	enum gw_auth auth;
	const struct gw_authorizer *authorizer;
	const char **scopes;
	size_t scope_count;
	bool api_key;
};
/* security and x-amazon-apigateway-auth of an operation; either may be NULL. */
void def_access(struct def *d, const struct node *security, const struct node *auth,
		struct def_access *out);
enum gw_auth def_auth_of(const struct gw_authorizer *a);

/* -- integrations ------------------------------------------------------------------------------ */

/* x-amazon-apigateway-integration, or integration of a route in a stack file. NULL: an error was
 * added. */
struct gw_integration *def_integration(struct def *d, const struct node *n);
extern const struct shape def_route_integration_shape, def_route_response_shape,
	def_authorizer_shape;

/* -- operations -------------------------------------------------------------------------------- */

/* The request validator that n names. NULL: an error was added. */
const struct node *def_validator(struct def *d, const struct node *n);
/* An operation of an OpenAPI document as a method; item: the path item it is in. */
void def_method(struct def *d, const struct node *op, const struct node *item, const char *verb,
		struct gw_method *m);
/* The same as a route; path: "/$default" for the route of that name. */
void def_route(struct def *d, const struct node *op, const char *verb, const char *path,
	       struct gw_route *route);

/* -- resources --------------------------------------------------------------------------------- */

/* The resource of a path, made with all above it when it is new. NULL: an error was added. */
struct gw_resource *def_resource(struct def *d, const struct node *at, const char *path);
/* Sort: children in the order of priority, the list by path. */
void def_resources_end(struct def *d);
/* Are the variables of a path whole segments, the greedy one last, the characters allowed? */
bool def_path_ok(struct def *d, const struct node *at, const char *path);

/* -- policies ---------------------------------------------------------------------------------- */

/* A copy of a resource policy with "execute-api:/..." spelled out for this API. */
const struct node *def_policy(struct def *d, const struct node *n);

#endif
