/* exchange.h -- one request, connection or message on its way through a pipeline: what is known
 * about it so far. Pipelines fill it in; templates, mappings, events and logs read it, most of it
 * as $context. */
#ifndef GATEWAY_EXCHANGE_H
#define GATEWAY_EXCHANGE_H

#include "gateway/outside.h"
#include "gateway/trace.h"

struct gw_identity { /* NULL: not known */
	const char *api_key, *api_key_id;
	const char *access_key, *account, *caller, *user, *user_arn, *principal_org;
	const char *user_agent;
	const char *vpc, *vpce;
};

struct gw_exchange {
	struct arena *arena;
	const struct gateway *gateway;
	const struct gw_api *api;     /* the snapshot that is served */
	const struct gw_stage *stage; /* NULL: none was found */
	const struct outside *outside;
	const struct gw_request *request; /* WebSocket messages: that of the handshake */
	const char *domain, *domain_prefix,
		*base_path;     /* base path matched of a custom domain, or NULL */
	const char *full_path;  /* with the stage: $context.path */
	const char *path;       /* behind the stage: what is matched */
	struct gw_params query; /* decoded */
	struct gw_params path_params;
	struct gw_params variables; /* of the stage, overlaid by the canary's */
	bool canary_set, canary;    /* the stage has a canary; this request is its */
	const struct gw_resource *resource;
	const struct gw_method *method;
	const struct gw_route *route;

	const char *request_id, *extended_id, *trace_id; /* trace_id: "Root=1-..." */
	int64_t began_ms;                                /* Unix */
	int64_t began_us;                                /* monotonic */

	struct gw_identity identity;
	/* authorizer: */
	const char *principal;   /* NULL: none */
	struct node *authorizer; /* map of its context or NULL; REST and WebSocket: all texts */
	struct node *claims;     /* map or NULL */
	const char **token_scopes;
	size_t token_scope_count;
	const char *authorizer_error;
	int64_t authorizer_us; /* -1: not called */
	int authorizer_status; /* 0: none */

	/* the error that ended it, NULL: none */
	const char *error_type;    /* "INVALID_API_KEY" */
	const char *error_message; /* "Forbidden"; may be NULL where the message is null */
	const char *validation_error;

	int64_t integration_us; /* -1: not called */
	int integration_status; /* of the call, 0: none */
	int backend_status;     /* what a Lambda proxy answered, 0: none */
	const char *integration_error;
	const char *backend_request_id;

	struct node *request_override;  /* map of header, path, querystring or NULL */
	struct node *response_override; /* map of header, status or NULL */

	/* WebSocket */
	const char *connection_id, *event_type, *message_id, *route_key; /* route_key: HTTP too */
	int64_t connected_ms;
	struct slice message;
	int disconnect_code;
	const char *disconnect_reason;

	/* Who sends an answer on while it comes: the first call sends the head of x->response too.
	 * NULL: nobody, answers are whole. */
	enum gw_piece_taken (*send_piece)(struct gw_exchange *x, struct slice piece);
	bool streamed;         /* the head has gone, and pieces; what is left is the end */
	size_t streamed_bytes; /* so far */

	struct gw_response response;
	int64_t response_us; /* total, once it is answered */
	struct gw_trace trace;
};

/* $context.NAME ("identity.sourceIp", "authorizer.claims.sub", "requestTime") as text: NULL when it
 * is not known or there is no such name. In the arena. What each type of API knows follows section
 * 6 of the variables' table; asked for a name of another type it is NULL. */
const char *gw_context_text(struct gw_exchange *x, const char *name);
/* The same as a tree: a map for "identity", "authorizer" or, with name "", all that a template sees
 * of $context; times in milliseconds are numbers. "requestOverride" and "responseOverride" are the
 * maps of the exchange, made when first asked for: set members in them. NULL when unknown. */
struct node *gw_context_node(struct gw_exchange *x, const char *name);
/* An access log line: every $context.NAME in the format is replaced, unknown ones by "-". */
void gw_access_log(struct str *out, struct gw_exchange *x, const char *format);

/* Ids of the real shapes, from outside's random: UUID v4; 15 URL-safe base64 characters, the first
 * no '-', and '=';
 * "Root=1-{8 hex}-{24 hex}" or the client's root continued. In the arena. */
const char *gw_new_uuid(struct gw_exchange *x);
const char *gw_new_extended(struct gw_exchange *x);
const char *gw_new_trace(struct gw_exchange *x, const char *from_client);
/* x->trace_id, made from the client's header when it is first asked for. */
const char *gw_trace_id(struct gw_exchange *x);
/* Fill in what follows from the request alone: ids, times, query, user agent. */
void gw_exchange_begin(struct gw_exchange *x);
/* "27/Nov/2026:09:15:00 +0000". */
const char *gw_clf_time(struct arena *a, int64_t ms);
/* "arn:aws:execute-api:us-east-1:123456789012:shop/dev/GET/products/42": what is called. */
const char *gw_method_arn(struct gw_exchange *x);

/* The ids that every answer of a REST API carries. */
void gw_add_ids(struct gw_exchange *x);
/* The next row of the trace, timed by outside's clock. */
void gw_row(struct gw_exchange *x, enum gw_step step, enum gw_outcome outcome, const char *summary);
/* Details of a stage, when somebody looks: bytes as text, a tree as JSON. Names are literals. */
void gw_detail_text(struct gw_exchange *x, enum gw_step step, const char *name, struct slice bytes);
void gw_detail_tree(struct gw_exchange *x, enum gw_step step, const char *name,
		    const struct node *tree);
/* A copy of bytes, NUL bytes among them, in the arena; one more NUL stands behind. */
struct slice gw_copy(struct arena *a, struct slice bytes);
/* The same of a text, which is cleared. */
struct slice gw_keep(struct arena *a, struct str *text);
/* ${stageVariables.x} in text replaced; unknown ones become empty. In the arena. */
const char *gw_fill_variables(struct gw_exchange *x, const char *text);

#endif
