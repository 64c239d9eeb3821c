/* keys.h -- where the key sets of issuers come from: a file the definition names, or an issuer on
 * this machine, asked over HTTP as the service asks one: discovery document, then jwks_uri. Nothing
 * is ever fetched from another machine. */
#ifndef GATEWAY_KEYS_H
#define GATEWAY_KEYS_H

#include "gateway/exchange.h"
#include "gateway/jwt.h"

#define KEYS_REST_TTL_S 3600 /* kept so long; HTTP APIs twice as long */
#define KEYS_HTTP_TTL_S 7200
#define KEYS_RETRY_S 1 /* an unknown kid or a failure is not asked again sooner */
#define KEYS_TIMEOUT_MS 1500
#define MAX_KEY_ISSUERS 256

struct keys;
struct keys *keys_new(void);
void keys_free(struct keys *k); /* nothing may be on its way; accepts NULL */
void keys_flush(struct keys *k);

/* keys is borrowed for the call; NULL: they cannot be had, why (a literal) says it. */
typedef void keys_done(void *arg, const struct jwks *keys, const char *why);
/* The key set of an issuer; asked for again when it is old, or has no key of that kid. done comes
 * once, perhaps before this returns. Those who ask while it is fetched wait for the same answer. */
void keys_get(struct keys *k, struct gw_exchange *x, const struct gw_issuer *issuer,
	      const char *kid, keys_done *done, void *arg);

/* "http://127.0.0.1:9000/x", "https://localhost/": a URL of this machine? */
bool keys_is_local(const char *url);

#endif
