/* jwt.h -- JSON Web Tokens: reading, key sets (JWKS), signatures, claims. Signatures are OpenSSL's;
 * what is decided here is what is believed: the algorithm must be on the allow-list, the type of
 * the key must be the algorithm's (so "none" and HS256 with a public key as the secret have no way
 * in), the key must be found by kid. */
#ifndef GATEWAY_JWT_H
#define GATEWAY_JWT_H

#include "base/str.h"
#include "base/tree.h"

#include <stdint.h>

#define MAX_JWT_BYTES 8192
#define MAX_JWKS_BYTES 150000 /* of a key set or a discovery document */
#define MAX_JWKS_KEYS 100
#define MIN_RSA_BITS 2048

/* A token as it came: nothing of it is believed yet. */
struct jwt {
	const struct node *header, *claims; /* maps */
	const char *alg, *kid;              /* kid NULL: none */
	struct slice signed_part;           /* borrowed from the token */
	struct slice signature;             /* bytes, in the arena */
};
/* False: this is no token of three parts with a map for header and claims. */
bool jwt_read(struct arena *a, const char *token, struct jwt *out);

/* A key set. */
struct jwks;
/* JSON {"keys": [...]}; keys of types, curves, sizes or uses that cannot verify are left out. NULL:
 * not a key set. */
struct jwks *jwks_new(struct slice json);
void jwks_free(struct jwks *k); /* accepts NULL */
size_t jwks_count(const struct jwks *k);
bool jwks_has(const struct jwks *k, const char *kid); /* kid NULL: is there exactly one key? */

/* Why a token is refused, in the order of the checks. */
enum jwt_end {
	JWT_VALID,
	JWT_MALFORMED,
	JWT_ALGORITHM, /* not allowed, or not known */
	JWT_NO_KEY,    /* no key of that kid */
	JWT_KEY_TYPE,  /* the key is of another type than the algorithm */
	JWT_SIGNATURE,
	JWT_ISSUER,
	JWT_AUDIENCE,
	JWT_EXPIRED,
	JWT_NOT_YET,   /* nbf lies ahead */
	JWT_ISSUED_AT, /* iat lies ahead */
	JWT_CLAIM,     /* a required claim is missing or has another value */
	JWT_SCOPE,     /* none of the scopes asked for */
	JWT_END_COUNT
};
/* error_description of www-authenticate: "the token does not have a valid audience". */
extern const char *const jwt_end_texts[JWT_END_COUNT];

/* RS256 RS384 RS512, PS256 PS384 PS512, ES256 ES384 ES512: is it one of these? */
bool jwt_known_algorithm(const char *alg);
/* Check the signature. allowed: names of algorithms. */
enum jwt_end jwt_verify(const struct jwt *t, const struct jwks *keys, const char *const *allowed,
			size_t allowed_count);

/* What the claims must say; NULL or 0: not asked. */
struct jwt_rules {
	const char *issuer;
	const char *const *audience; /* one must be in aud, or in client_id where there is no aud */
	size_t audience_count;
	const char *const *scopes; /* one must be in scope or scp */
	size_t scope_count;
	int64_t now_ms; /* Unix */
};
enum jwt_end jwt_check(const struct jwt *t, const struct jwt_rules *r);

/* The scopes of a token (scope or scp: a text with blanks or a list), in the arena. */
size_t jwt_scopes(struct arena *a, const struct jwt *t, const char ***out);

#endif
