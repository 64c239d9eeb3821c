/* api.h -- a definition as loaded: APIs, stages, functions, keys, plans. Read from OpenAPI and the
 * stack file (openapi.h, stack.h); never changed while it is served. Everything a gateway points to
 * lives in its arena. Terms are AWS's. */
#ifndef GATEWAY_API_H
#define GATEWAY_API_H

#include "base/diag.h"
#include "base/regex.h"
#include "base/tree.h"
#include "gateway/message.h"

#include <stdint.h>

enum gw_type { GW_REST, GW_HTTP, GW_WEBSOCKET };
enum gw_endpoint { GW_REGIONAL, GW_EDGE, GW_PRIVATE };

/* Limits of definitions; each breach is an error with a position. */
#define MAX_DEF_BYTES ((size_t)6 << 20)
#define MAX_RESOURCES 300 /* resources, routes, integrations of an API */
#define MAX_STAGES 10
#define MAX_AUTHORIZERS 10
#define MAX_STAGE_VARIABLES 100
#define MAX_TEMPLATE_BYTES ((size_t)300 << 10)
#define MAX_POLICY_BYTES 8192

/* What a method asks of its caller. */
enum gw_auth { GW_AUTH_NONE, GW_AUTH_IAM, GW_AUTH_CUSTOM, GW_AUTH_COGNITO, GW_AUTH_JWT };

/* What an issuer's tokens must say beyond issuer, audience and times; JWT on REST. */
struct gw_claim {
	const char *name;
	const char **expected; /* one of these, to the letter; none: anything */
	size_t expected_count;
	bool required; /* false: a token without it passes */
};
struct gw_issuer {
	const char *issuer;
	const char **audience;
	size_t audience_count;
	struct gw_claim *claims;
	size_t claim_count;
	const char *jwks_file; /* local key set, absolute path */
};
enum gw_authorizer_kind { GW_TOKEN, GW_REQUEST_AUTHORIZER, GW_COGNITO, GW_JWT };
struct gw_authorizer {
	const char *name;
	enum gw_authorizer_kind kind;
	const char *function;  /* name of a function, may hold ${stageVariables.x}; Lambda kinds */
	const char **identity; /* "method.request.header.X", "$request.header.x", ... */
	size_t identity_count;
	const char *validation;      /* identityValidationExpression, NULL: none */
	struct regex *validation_re; /* compiled to match the whole token */
	int ttl_s;                   /* 0: no cache; REST default 300 */
	bool payload_v2,
		simple; /* HTTP: authorizerPayloadFormatVersion 2.0, enableSimpleResponses */
	struct gw_issuer *issuers; /* JWT and Cognito */
	size_t issuer_count;
	const char **algorithms; /* allowed; NULL: RS256 RS384 RS512 */
	size_t algorithm_count;
	struct pos pos;
};

/* A template and the content type it is for. */
struct gw_template {
	const char *type; /* "application/json", "$default" */
	const char *text;
	struct vtl *vtl; /* compiled at load, see vtl.h; NULL in gateway responses */
	struct pos pos;
};
/* "to" <- "from", both as written: integration.request.header.X <- method.request.querystring.Y. */
struct gw_mapping {
	const char *to, *from;
	struct pos pos;
};

enum gw_integration_type { GW_MOCK, GW_HTTP_CUSTOM, GW_HTTP_PROXY, GW_AWS, GW_AWS_PROXY };
enum gw_passthrough { GW_WHEN_NO_MATCH, GW_WHEN_NO_TEMPLATES, GW_NEVER };
enum gw_content { GW_CONTENT_AS_IS, GW_TO_TEXT, GW_TO_BINARY };

struct gw_integration_response {
	const char *pattern; /* selectionPattern; NULL or "": the default. WebSocket: "$default",
				"/re/" */
	struct regex *re;    /* compiled: whole text; NULL for the default */
	int status;          /* the method response it leads to */
	struct gw_mapping *params;
	size_t param_count;
	struct gw_template *templates;
	size_t template_count;
	const char *template_selection; /* WebSocket */
	enum gw_content content;
	struct pos pos;
};
struct gw_integration {
	enum gw_integration_type type;
	const char *uri;      /* as written, with {name} and ${stageVariables.x}; NULL for MOCK */
	const char *function; /* of a Lambda URI: name[:alias], may hold ${stageVariables.x}; else
				 NULL */
	const char
		*service_action; /* AWS: of a service URI, "dynamodb:action/PutItem"; else NULL */
	const char *subtype;     /* HTTP API: "SQS-SendMessage"; else NULL */
	const char *http_method; /* NULL or "ANY": the client's */
	int timeout_ms;          /* 50 .. 29000 (REST, WebSocket), 30000 (HTTP) */
	enum gw_passthrough passthrough;
	enum gw_content content;
	bool stream;        /* responseTransferMode STREAM */
	bool payload_v2;    /* HTTP API, Lambda */
	const char *link;   /* private: name of a target group (connectionId, integrationTarget) */
	bool insecure;      /* tlsConfig.insecureSkipVerification */
	const char *verify; /* tlsConfig.serverNameToVerify */
	struct gw_mapping
		*params; /* REST and WebSocket: integration.request.*; HTTP: append:header.X ... */
	size_t param_count;
	struct gw_template *templates; /* request */
	size_t template_count;
	const char *template_selection;            /* WebSocket */
	struct gw_integration_response *responses; /* HTTP API: status and params alone */
	size_t response_count;
	const char *cache_namespace;
	const char **cache_keys; /* "method.request.querystring.q", ... */
	size_t cache_key_count;
	struct pos pos;
};

struct gw_model {
	const char *name;
	const struct node *schema; /* JSON Schema draft 4; refs name other models */
	struct schema *compiled;   /* at load, see schema.h */
	struct pos pos;
};
struct gw_body_model {
	const char *type; /* content type, or WebSocket: key */
	const struct gw_model *model;
};
enum gw_where { GW_IN_HEADER, GW_IN_PATH, GW_IN_QUERY };
struct gw_declared {
	enum gw_where where;
	const char *name;
	bool required;
};
struct gw_method_response {
	int status;
	const char **headers; /* declared names */
	size_t header_count;
};

struct gw_method {
	const char *verb;      /* "GET", "ANY" */
	const char *operation; /* operationId: $context's operationName; NULL: none */
	enum gw_auth auth;
	const struct gw_authorizer *authorizer; /* NULL: none, or IAM */
	const char **scopes;
	size_t scope_count;
	bool api_key;
	bool validate_body, validate_params;
	struct gw_declared *declared;
	size_t declared_count;
	struct gw_body_model *models;
	size_t model_count;
	struct gw_integration *integration; /* NULL: none was set up */
	struct gw_method_response *responses;
	size_t response_count;
	struct pos pos;
};
struct gw_resource {
	const char *id;       /* 6 to 10 letters and digits, from its path */
	const char *path;     /* "/shop/{id}" */
	const char *part;     /* "{id}", "" at the root */
	const char *variable; /* "id"; NULL: literal */
	bool greedy;
	struct gw_resource *parent, *child, *next; /* children in the order of priority */
	struct gw_method *methods;
	size_t method_count;
};

/* Routes of HTTP and WebSocket APIs. */
struct gw_route {
	const char *key;  /* "GET /pets/{id}", "$default", "sendMessage" */
	const char *verb; /* HTTP: "GET", "ANY"; NULL for $default */
	const char *path; /* HTTP: "/pets/{id}"; NULL for $default */
	enum gw_auth auth;
	const struct gw_authorizer *authorizer;
	const char **scopes;
	size_t scope_count;
	bool api_key; /* WebSocket $connect */
	struct gw_integration *integration;
	/* WebSocket */
	const char *model_selection;
	struct gw_body_model *models;
	size_t model_count;
	bool route_response;
	struct gw_template *response_templates;
	size_t response_template_count;
	struct pos pos;
};

/* Settings of a method or route in a stage: "*" "*" for all of them. */
struct gw_settings {
	const char *path, *verb; /* REST: "/pets", "GET"; others: route key in path, verb NULL */
	double rate;             /* requests per second, < 0: not set */
	double burst;            /* < 0: not set */
	int caching;             /* 1 on, 0 off, -1 not set */
	int cache_ttl_s;         /* -1: not set */
	bool cache_auth;         /* requireAuthorizationForCacheControl */
	int cache_unauthorized; /* 0 FAIL_WITH_403, 1 SUCCEED_WITH_RESPONSE_HEADER, 2 ..WITHOUT.. */
	int log_level;          /* 0 OFF, 1 ERROR, 2 INFO; -1: not set */
	bool data_trace, metrics;
};
struct gw_canary {
	double percent; /* 0..100 */
	const char *deployment;
	struct gw_param *overrides;
	size_t override_count;
	bool use_stage_cache;
};
struct gw_stage {
	const char *name; /* "$default" on HTTP APIs */
	struct gw_param *variables;
	size_t variable_count;
	bool auto_deploy;
	bool cache;
	double cache_gb;
	int cache_ttl_s;
	struct gw_settings *settings;
	size_t setting_count;
	struct gw_canary *canary;   /* NULL: none */
	const char *access_log;     /* format; NULL: none */
	const char *client_cert_id; /* kept, not used */
	const char *web_acl;        /* name of a web ACL of the stack; NULL: none */
	bool xray;
	struct pos pos;
};

struct gw_gateway_response {
	const char *type;          /* "DEFAULT_4XX" */
	int status;                /* 0: not set */
	struct gw_mapping *params; /* gatewayresponse.header.X <- ... */
	size_t param_count;
	struct gw_template *templates;
	size_t template_count;
};
struct gw_cors {
	const char **origins, **methods, **headers, **expose;
	size_t origin_count, method_count, header_count, expose_count;
	int max_age_s; /* -1: not set */
	bool credentials;
};

struct gw_api {
	const char *id, *name; /* apiId: "shop" or ten letters and digits */
	enum gw_type type;
	enum gw_endpoint endpoint;
	bool no_default_endpoint; /* disableExecuteApiEndpoint */
	const char *file;         /* OpenAPI file; NULL: all in the stack */
	const char *deployment;   /* id of the deployment this is a snapshot of */
	bool key_from_authorizer; /* apiKeySource AUTHORIZER */
	const char **binary_types;
	size_t binary_count;
	long min_compression;           /* bytes, -1: off */
	const struct node *policy;      /* resource policy; NULL: none */
	struct gw_resource *root;       /* REST */
	struct gw_resource **resources; /* all, by path */
	size_t resource_count;
	struct gw_route *routes; /* HTTP, WebSocket */
	size_t route_count;
	struct gw_authorizer *authorizers;
	size_t authorizer_count;
	struct gw_model *models;
	size_t model_count;
	struct gw_gateway_response *responses;
	size_t response_count;
	struct gw_cors *cors;          /* HTTP; NULL: none */
	const char *route_selection;   /* WebSocket: $request.body.action */
	const char *api_key_selection; /* WebSocket */
	struct gw_stage *stages;
	size_t stage_count;
	const struct gw_origin *origin; /* what a deployment keeps: see stack.h */
	struct regex **patterns; /* all that are compiled for it, on the heap: see gw_api_clear() */
	size_t pattern_count, pattern_cap;
	struct pos pos;
};

/* How a function is run. */
enum gw_function_kind { GW_BUILTIN, GW_COMMAND, GW_HTTP_ENDPOINT };
struct gw_function {
	const char *name;
	enum gw_function_kind kind;
	const char *builtin;  /* "echo", "allow", ... see function.h */
	const char **command; /* argv */
	size_t command_count;
	const char *folder;   /* of the file that names it: where a command runs */
	const char *endpoint; /* base URL of a Lambda Invoke API */
	int timeout_ms;       /* default 3000 */
	int memory_mb;        /* default 128 */
	int concurrency;      /* default 10 */
	bool trusted;         /* may run its command */
	struct pos pos;
};

struct gw_api_key {
	const char *id, *name, *value;
	bool enabled;
};
enum gw_period { GW_DAY, GW_WEEK, GW_MONTH };
struct gw_method_throttle {
	const char *api, *stage, *path, *verb;
	double rate, burst;
};
struct gw_plan_stage {
	const char *api, *stage;
};
struct gw_plan {
	const char *id, *name;
	struct gw_plan_stage *stages;
	size_t stage_count;
	double rate, burst; /* < 0: not set */
	long quota;         /* requests, < 0: not set */
	enum gw_period period;
	long offset;
	struct gw_method_throttle *methods;
	size_t method_count;
	const struct gw_api_key **keys;
	size_t key_count;
};
struct gw_domain {
	const char *name;
	struct {
		const char *base_path, *api, *stage; /* base path "" or "v1/shop" */
	} * mappings;
	size_t mapping_count;
	const char *truststore; /* file of PEM certificates: mutual TLS; NULL: none */
	enum gw_endpoint endpoint;
};
/* IAM principals of the demo: access keys and what they may do. */
struct gw_credential {
	const char *access_key, *secret_key, *session_token; /* token NULL: none */
	const char *arn, *account, *user_id;
	const struct node *policy; /* identity policy; NULL: none */
	bool expired;
};
struct gw_target {
	const char *name; /* of a target group, for private integrations */
	const char **urls;
	size_t url_count;
	enum { GW_NLB, GW_ALB, GW_CLOUD_MAP } kind;
	int version; /* of the VPC link: 1 or 2 */
};

struct gateway {
	struct arena arena;
	const char *name, *file;
	const char *region, *account; /* "us-east-1", "123456789012" */
	struct gw_api *apis;
	size_t api_count;
	struct gw_function *functions;
	size_t function_count;
	struct gw_api_key *keys;
	size_t key_count;
	struct gw_plan *plans;
	size_t plan_count;
	struct gw_domain *domains;
	size_t domain_count;
	struct gw_credential *credentials;
	size_t credential_count;
	struct gw_target *targets;
	size_t target_count;
	const struct node *web_acls;        /* list, as written: see waf.h */
	double account_rate, account_burst; /* 10000, 5000 */
	const struct gw_param *jwks;        /* issuer and absolute path of its key set */
	size_t jwks_count;
	struct gw_api **snapshots; /* loaded for deployments, see deploy.h; freed with the rest */
	size_t snapshot_count, snapshot_cap;
};
void gateway_clear(struct gateway *g); /* accepts a zeroed one */
void gw_api_clear(struct gw_api *api); /* frees its patterns; all else is in the arena */
const struct gw_api *gateway_api(const struct gateway *g, const char *id);
const struct gw_stage *gw_api_stage(const struct gw_api *api, const char *name);
const struct gw_function *gateway_function(const struct gateway *g, const char *name);
const struct gw_model *gw_api_model(const struct gw_api *api, const char *name);
/* The model that a $ref means: "#/components/schemas/Pet", "#/definitions/Pet" or
 * "https://apigateway.amazonaws.com/restapis/{id}/models/Pet". NULL: none. */
const struct gw_model *gw_api_model_ref(const struct gw_api *api, const char *ref);

#endif
