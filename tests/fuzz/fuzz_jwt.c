/* fuzz_jwt.c -- a token in the first line, a key set in the rest: nothing may crash, and nothing
 * that was not signed may be valid. The corpus holds public keys alone, so that a signature which
 * holds can only be one of those in it. */
#include "gateway/jwt.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const allowed[] = {"RS256", "RS384", "RS512", "PS256", "PS384",
				      "PS512", "ES256", "ES384", "ES512"};

static void check(struct arena *a, const struct jwt *t, const struct jwks *keys)
{
	static const char *const words[] = {"shop", "read"};
	const struct jwt_rules rules = {.issuer = "https://id.example/",
					.audience = words,
					.audience_count = 2,
					.scopes = words,
					.scope_count = 2,
					.now_ms = INT64_C(1795770900000)};
	const char **scopes;
	if (jwt_scopes(a, t, &scopes) > 1000 || jwt_check(t, &rules) >= JWT_END_COUNT)
		abort();
	if (!keys)
		return;
	enum jwt_end end = jwt_verify(t, keys, allowed, ARRAY_LEN(allowed));
	if (jwt_verify(t, keys, NULL, 0) != JWT_ALGORITHM)
		abort();
	if (end == JWT_VALID && (!t->signature.len || !jwt_known_algorithm(t->alg)))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a = {0};
	struct jwt t;
	const char *text = arena_strndup(&a, (const char *)data, size);
	size_t n = strcspn(text, "\n");
	const char *rest = text + n + (text[n] == '\n');
	struct jwks *keys = jwks_new((struct slice){rest, strlen(rest)});
	if (keys && jwks_count(keys) > MAX_JWKS_KEYS)
		abort();
	if (jwt_read(&a, arena_strndup(&a, text, n), &t))
		check(&a, &t, keys);
	jwks_free(keys);
	arena_clear(&a);
	return 0;
}
