/* sigv4.h -- verify AWS Signature Version 4 (AWS4-HMAC-SHA256) of a request, in the Authorization
 * header or in the query string, with the credentials of the gateway's file. Nothing is asked of
 * anybody. Asymmetric signatures (SigV4a) are not verified: they count as missing. */
#ifndef GATEWAY_SIGV4_H
#define GATEWAY_SIGV4_H

#include "gateway/api.h"

#include <stdint.h>

#define SIGV4_SKEW_S 300             /* a signature in a header may be this old or this new */
#define SIGV4_MAX_EXPIRES_S 604800   /* of a query signature: X-Amz-Expires */
#define MAX_SIGV4_AUTHORIZATION 8192 /* bytes of the header */
#define MAX_SIGV4_HEADERS 64         /* signed ones */
#define MAX_SIGV4_PARAMS 256         /* of the query string */

enum sigv4_end {
	SIGV4_VALID,
	SIGV4_MISSING,     /* there is no signature */
	SIGV4_INCOMPLETE,  /* there is something else, or a part is missing */
	SIGV4_MISMATCH,    /* the signature or its scope is wrong */
	SIGV4_SKEWED,      /* too old, or from the future */
	SIGV4_UNKNOWN_KEY, /* no such access key, or not its session token */
	SIGV4_EXPIRED,     /* the session token has expired */
};
struct sigv4 {
	enum sigv4_end end;
	const struct gw_credential *credential; /* SIGV4_VALID */
	/* else what the service answers: type of the gateway response and its message */
	const char *type, *message;
	const char *canonical, *to_sign; /* MISMATCH: what should have been signed */
};

/* service is "execute-api"; now_ms Unix. The result and its texts are in the arena. */
struct sigv4 sigv4_verify(struct arena *a, const struct gw_request *request,
			  const struct gateway *g, const char *service, int64_t now_ms);

/* Sign a request: the Authorization header for these signed headers ("host;x-amz-date", which the
 * request has). amz_date: "20261127T090000Z". What demos and tests need. */
const char *sigv4_sign(struct arena *a, const struct gw_request *request,
		       const struct gw_credential *credential, const char *region,
		       const char *service, const char *amz_date, const char *signed_headers);

#endif
