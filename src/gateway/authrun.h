/* authrun.h -- one authorization on its way: what the files of authorize.h share. */
#ifndef GATEWAY_AUTHRUN_H
#define GATEWAY_AUTHRUN_H

#include "base/json.h"
#include "gateway/authorize.h"
#include "gateway/keys.h"
#include "gateway/lru.h"
#include "gateway/policy.h"

#define AUTH_REST_TIMEOUT_MS 29000
#define AUTH_HTTP_TIMEOUT_MS 10000
#define MAX_AUTH_OUTPUT ((size_t)256 << 10) /* of an authorizer function */
#define MAX_AUTH_WS_OUTPUT 8192             /* on WebSocket APIs: the service's quota */
#define MAX_AUTH_CACHE_BYTES ((size_t)32 << 20)

struct auth_state {
	struct lru *answers; /* key: api NUL stage NUL authorizer NUL values */
	struct keys *keys;
	uint64_t hits, misses;
};

struct auth_run { /* in the arena of x */
	struct gw_exchange *x;
	struct auth_state *state; /* NULL: nothing is kept */
	const struct gw_authorizer *a;
	const char *const *scopes;
	size_t scope_count;
	gw_authorized *done;
	void *arg;
	enum policy_result resource_policy; /* of an API that has one */
	int64_t began_us;
	/* Lambda */
	struct slice cache_key; /* p NULL: not kept */
	const char **identity;  /* values of the identity sources */
	/* tokens */
	const char *token;
	const struct jwt *jwt;
	const struct gw_issuer *issuer;
};

/* The ways an authorization ends; each calls run->done once. */
void auth_allow(struct auth_run *run);
void auth_refuse(struct auth_run *run, const char *type, const char *message, const char *why);
/* The caller is who it says: now the resource policy must agree; first is what its own policy or
 * authorizer said. */
void auth_combine(struct auth_run *run, enum policy_result first);
/* A valid token: the resource policy, where there is one, must allow. */
void auth_token_valid(struct auth_run *run);

/* authlambda.c */
void auth_lambda(struct auth_run *run);
/* authtoken.c: JWT and Cognito authorizers */
void auth_token(struct auth_run *run);

/* authevent.c: what an authorizer function is sent */
void auth_event(struct str *out, struct auth_run *run);
/* The value of an identity source: "method.request.header.X", "$request.querystring.y",
 * "context.z", "$stageVariables.v", "route.request.header.X". NULL: missing or empty. */
const char *auth_identity(struct gw_exchange *x, const char *source);

/* authorize.c: what a policy document says about x, with a note of it in the trace. */
enum policy_result auth_ask(struct gw_exchange *x, const struct node *document,
			    const struct policy_request *r);
/* Values of condition keys for policies about x. */
const char *auth_condition(void *ctx, const char *key); /* ctx: struct gw_exchange */

#endif
