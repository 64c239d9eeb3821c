/* authorize.h -- may this caller call this? Resource policy, authorization, and what they say
 * together: REST, HTTP and WebSocket APIs. */
#ifndef GATEWAY_AUTHORIZE_H
#define GATEWAY_AUTHORIZE_H

#include "gateway/exchange.h"

#include <stdint.h>

/* Kept between requests: answers of authorizers, key sets of issuers. One for a gateway. */
struct auth_state;
#define MAX_AUTH_CACHE 10000 /* answers kept */
struct auth_state *auth_state_new(void);
void auth_state_free(struct auth_state *s); /* nothing may be on its way; accepts NULL */
/* Forget the answers kept for a stage; stage NULL: of all stages, api NULL: everything. For a new
 * deployment, or when a definition was read again. */
void auth_state_flush(struct auth_state *s, const char *api, const char *stage);

struct auth_counts {
	uint64_t hits, misses; /* of the cache of answers */
	size_t entries;
};
struct auth_counts auth_state_counts(const struct auth_state *s);

typedef void gw_authorized(struct gw_exchange *x, bool allowed, void *arg);

/* Asks the resource policy and what x->method or x->route asks of its caller, and writes the trace
 * rows GW_STEP_POLICY and GW_STEP_AUTHORIZE. done comes once, perhaps before this returns; until
 * then x must stay.
 * allowed: x->identity, x->principal, x->authorizer, x->claims, x->token_scopes are set as far as
 * they are known (x->identity.api_key from usageIdentifierKey where the API takes keys from there).
 * Not allowed: gw_fail() was called, x->response is the answer, with www-authenticate on an HTTP
 * API that has a JWT authorizer. WebSocket: x->error_type and x->error_message; gw_type_status()
 * says which status. */
void authorize(struct gw_exchange *x, struct auth_state *state, gw_authorized *done, void *arg);

/* Verify the signature of a request, and set x->identity from it. False: gw_fail() was called. What
 * authorize() does for IAM before it asks policies; @connections has no route and does it alone. */
bool authorize_identify(struct gw_exchange *x);

/* May the caller (identified before) do this on what it calls? For the cache:
 * "execute-api:InvalidateCache"; for @connections: "execute-api:ManageConnections". */
bool authorize_action(struct gw_exchange *x, const char *action, const char *resource);
/* "User: anonymous is not authorized to perform: execute-api:Invoke on resource: ...", the account
 * in the ARN masked but for its last four digits, as the service shows it. In the arena. */
const char *authorize_refusal(struct gw_exchange *x, const char *action, const char *resource,
			      bool explicit_deny);

#endif
