/* tokens.h -- keys and signed tokens for tests, by OpenSSL: what an issuer does. */
#ifndef TEST_GATEWAY_TOKENS_H
#define TEST_GATEWAY_TOKENS_H

#include "base/str.h"

struct token_key;
struct token_key *token_key_rsa(int bits);
struct token_key *token_key_ec(const char *curve); /* "P-256" */
void token_key_free(struct token_key *k);
/* A JWK; alg NULL: none is said. */
void token_jwk(struct str *out, const struct token_key *k, const char *kid, const char *alg);
/* {"keys": [one JWK]}, in the arena. */
const char *token_jwks(struct arena *a, const struct token_key *k, const char *kid);
/* A token with these two parts, signed as alg says ("RS256", "PS384", "ES512"); "none": an empty
 * signature. In the arena. */
const char *token_sign(struct arena *a, const struct token_key *k, const char *alg,
		       const char *header, const char *claims);
/* The same by HMAC-SHA256 with a secret, whatever the header says. */
const char *token_hmac(struct arena *a, const char *secret, const char *header, const char *claims);

#endif
