/* t_jwt.c -- tokens signed by OpenSSL: every algorithm is accepted, every way to cheat refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/base64.h"
#include "base/json.h"
#include "gateway/jwt.h"
#include "tokens.h"

#include <stdlib.h>
#include <string.h>

#define NOW_MS INT64_C(1795770900000)
#define GOOD                                                                             \
	"{\"iss\":\"https://id.example/\",\"sub\":\"ann\",\"aud\":[\"x\",\"shop\"],"     \
	"\"client_id\":\"c1\",\"iat\":1795770895,\"nbf\":1795770895,\"exp\":1795774500," \
	"\"scope\":\"read write\"}"

static const char *const all[] = {"RS256", "RS384", "RS512", "PS256", "PS384",
				  "PS512", "ES256", "ES384", "ES512"};

static struct {
	struct arena arena;
	struct token_key *rsa, *other, *p256, *p384, *p521;
	struct jwks *keys; /* kids "rsa", "p256", "p384", "p521" */
} f;

static void add_jwk(struct str *out, const struct token_key *k, const char *kid)
{
	str_add(out, out->len ? "," : "{\"keys\":[");
	token_jwk(out, k, kid, NULL);
}

static struct jwks *read_keys(const char *text)
{
	return jwks_new((struct slice){text, strlen(text)});
}

static int setup(void **state)
{
	(void)state;
	struct str text = {0};
	f.rsa = token_key_rsa(2048);
	f.other = token_key_rsa(2048);
	f.p256 = token_key_ec("P-256");
	f.p384 = token_key_ec("P-384");
	f.p521 = token_key_ec("P-521");
	add_jwk(&text, f.rsa, "rsa");
	add_jwk(&text, f.p256, "p256");
	add_jwk(&text, f.p384, "p384");
	add_jwk(&text, f.p521, "p521");
	str_add(&text, "]}");
	f.keys = read_keys(text.p);
	str_clear(&text);
	return f.keys ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	struct token_key *keys[] = {f.rsa, f.other, f.p256, f.p384, f.p521};
	for (size_t i = 0; i < ARRAY_LEN(keys); i++)
		token_key_free(keys[i]);
	jwks_free(f.keys);
	arena_clear(&f.arena);
	return 0;
}

static const char *header(const char *alg, const char *kid)
{
	return arena_printf(&f.arena, "{\"alg\":\"%s\",\"typ\":\"JWT\",\"kid\":\"%s\"}", alg, kid);
}

static enum jwt_end verify(const char *token, const char *const *allowed, size_t n)
{
	struct jwt t;
	if (!jwt_read(&f.arena, token, &t))
		return JWT_MALFORMED;
	return jwt_verify(&t, f.keys, allowed, n);
}

static void test_algorithms(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(all); i++) {
		const struct token_key *keys[] = {f.p256, f.p384, f.p521};
		static const char *const kids[] = {"p256", "p384", "p521"};
		bool ec = all[i][0] == 'E';
		const struct token_key *k = ec ? keys[i - 6] : f.rsa;
		const char *kid = ec ? kids[i - 6] : "rsa";
		const char *token = token_sign(&f.arena, k, all[i], header(all[i], kid), GOOD);
		assert_true(jwt_known_algorithm(all[i]));
		assert_int_equal(verify(token, all, ARRAY_LEN(all)), JWT_VALID);
		assert_int_equal(verify(token, &all[i], 1), JWT_VALID);
		assert_int_equal(verify(token, &all[(i + 1) % ARRAY_LEN(all)], 1), JWT_ALGORITHM);
		assert_int_equal(verify(token, NULL, 0), JWT_ALGORITHM);
	}
	assert_false(jwt_known_algorithm("HS256"));
	assert_false(jwt_known_algorithm("none"));
}

/* No way to have a token believed without the private key. */
static void test_confusion(void **state)
{
	(void)state;
	static const char *const every[] = {"none", "None", "HS256", "RS256", "ES256", "PS256"};
	const char *jwk = token_jwks(&f.arena, f.rsa, "rsa");
	const char *h = header("HS256", "rsa");
	const char *none = token_sign(&f.arena, f.rsa, "none", header("none", "rsa"), GOOD);
	assert_int_equal(verify(none, every, ARRAY_LEN(every)), JWT_ALGORITHM);
	assert_int_equal(verify(token_hmac(&f.arena, jwk, h, GOOD), every, ARRAY_LEN(every)),
			 JWT_ALGORITHM);
	/* an HMAC that says it is RS256, an empty signature, another's signature */
	h = header("RS256", "rsa");
	assert_int_equal(verify(token_hmac(&f.arena, jwk, h, GOOD), all, 9), JWT_SIGNATURE);
	assert_int_equal(verify(token_sign(&f.arena, f.rsa, "none", h, GOOD), all, 9),
			 JWT_SIGNATURE);
	assert_int_equal(verify(token_sign(&f.arena, f.other, "RS256", h, GOOD), all, 9),
			 JWT_SIGNATURE);
	/* right key, another algorithm of its type */
	assert_int_equal(verify(token_sign(&f.arena, f.rsa, "PS256", h, GOOD), all, 9),
			 JWT_SIGNATURE);
	/* a key of the wrong type or curve */
	assert_int_equal(
		verify(token_sign(&f.arena, f.p256, "ES256", header("RS256", "p256"), GOOD), all,
		       9),
		JWT_KEY_TYPE);
	assert_int_equal(
		verify(token_sign(&f.arena, f.rsa, "RS256", header("ES256", "rsa"), GOOD), all, 9),
		JWT_KEY_TYPE);
	assert_int_equal(
		verify(token_sign(&f.arena, f.p384, "ES384", header("ES256", "p384"), GOOD), all,
		       9),
		JWT_KEY_TYPE);
	assert_int_equal(
		verify(token_sign(&f.arena, f.rsa, "RS256", header("RS256", "nobody"), GOOD), all,
		       9),
		JWT_NO_KEY);
	assert_int_equal(
		verify(token_sign(&f.arena, f.rsa, "RS256", "{\"alg\":\"RS256\"}", GOOD), all, 9),
		JWT_NO_KEY);
}

static void test_tampered(void **state)
{
	(void)state;
	const char *token = token_sign(&f.arena, f.rsa, "RS256", header("RS256", "rsa"), GOOD);
	size_t n = strlen(token);
	for (size_t i = 0; i < n; i += 7) {
		char *copy = arena_strdup(&f.arena, token);
		copy[i] = copy[i] == 'A' ? 'B' : (copy[i] == '.' ? 'A' : 'A');
		assert_int_not_equal(verify(copy, all, ARRAY_LEN(all)), JWT_VALID);
	}
	const char *ec = token_sign(&f.arena, f.p256, "ES256", header("ES256", "p256"), GOOD);
	char *shorter = arena_strndup(&f.arena, ec, strlen(ec) - 2);
	assert_int_equal(verify(shorter, all, 9), JWT_SIGNATURE);
	assert_int_equal(verify(arena_printf(&f.arena, "%sAA", ec), all, 9), JWT_SIGNATURE);
	/* r = s = 0 */
	const char *dot = strrchr(ec, '.');
	char zero[87];
	memset(zero, 'A', 86);
	zero[86] = '\0';
	assert_int_equal(
		verify(arena_printf(&f.arena, "%.*s.%s", (int)(dot - ec), ec, zero), all, 9),
		JWT_SIGNATURE);
}

static void test_malformed(void **state)
{
	(void)state;
	static const char *const bad[] = {
		"",
		".",
		"..",
		"a.b",
		"a.b.c",
		"e30.e30.", /* {} has no alg */
		"e30.e30.x.y",
		"bm90.e30.AA",                  /* not JSON */
		"W10.e30.AA",                   /* a list */
		"eyJhbGciOjF9.e30.AA",          /* alg is a number */
		"eyJhbGciOiJSUzI1NiJ9.W10.AA",  /* claims are a list */
		"eyJhbGciOiJSUzI1NiJ9.e30.A",   /* one character of base64 */
		"eyJhbGciOiJSUzI1NiJ9.e30=.AA", /* padding */
		"eyJhbGciOiJSUzI1NiJ9.e3 0.AA",
		"eyJhbGciOiJSUzI1NlwwMDAwIn0.e30.AA",
	};
	struct jwt t;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		if (jwt_read(&f.arena, bad[i], &t))
			fail_msg("case %zu: %s", i, bad[i]);
	assert_true(jwt_read(&f.arena, "eyJhbGciOiJSUzI1NiJ9.e30.AA", &t));
	assert_false(jwt_read(&f.arena,
			      token_sign(&f.arena, f.rsa, "RS256",
					 "{\"alg\":\"RS256\",\"crit\":[\"exp\"]}", GOOD),
			      &t));
	/* as large as it may be, and one more */
	struct str claims = {0};
	str_add(&claims, "{\"x\":\"");
	while (claims.len < 5700)
		str_addc(&claims, 'x');
	str_add(&claims, "\"}");
	const char *large = token_sign(&f.arena, f.rsa, "RS256", header("RS256", "rsa"), claims.p);
	assert_in_range(strlen(large), 7900, MAX_JWT_BYTES);
	assert_int_equal(verify(large, all, 9), JWT_VALID);
	str_truncate(&claims, claims.len - 2);
	while (claims.len < 6000)
		str_addc(&claims, 'x');
	str_add(&claims, "\"}");
	large = token_sign(&f.arena, f.rsa, "RS256", header("RS256", "rsa"), claims.p);
	assert_true(strlen(large) > MAX_JWT_BYTES);
	assert_int_equal(verify(large, all, 9), JWT_MALFORMED);
	str_clear(&claims);
}

static const char *const shop[] = {"shop"};
static const char *const reader[] = {"admin", "read"};
static const char *const admin[] = {"admin"};

static enum jwt_end check(const char *claims, const struct jwt_rules *r)
{
	struct node *root = NULL;
	assert_true(json_read_wire(&f.arena, (struct slice){claims, strlen(claims)}, &root));
	struct jwt t = {.claims = root};
	return jwt_check(&t, r);
}

static void test_claims(void **state)
{
	(void)state;
	static const struct jwt_rules rules = {.issuer = "i",
					       .audience = shop,
					       .audience_count = 1,
					       .scopes = reader,
					       .scope_count = 2,
					       .now_ms = NOW_MS};
#define EXP "\"exp\":1795770901"
	static const struct {
		const char *claims;
		enum jwt_end end;
	} cases[] = {
		{"{\"iss\":\"i\",\"aud\":\"shop\"," EXP ",\"scope\":\"read\"}", JWT_VALID},
		{"{\"iss\":\"i\",\"aud\":[\"a\",\"shop\"]," EXP ",\"scp\":[\"x\",\"read\"]}",
		 JWT_VALID},
		{"{\"iss\":\"i\",\"client_id\":\"shop\"," EXP ",\"scope\":\" a  admin \"}",
		 JWT_VALID},
		{"{\"iss\":\"i/\",\"aud\":\"shop\"," EXP ",\"scope\":\"read\"}", JWT_ISSUER},
		{"{\"iss\":1,\"aud\":\"shop\"," EXP ",\"scope\":\"read\"}", JWT_ISSUER},
		{"{\"aud\":\"shop\"," EXP ",\"scope\":\"read\"}", JWT_ISSUER},
		{"{\"iss\":\"i\"," EXP ",\"scope\":\"read\"}", JWT_AUDIENCE},
		{"{\"iss\":\"i\",\"aud\":\"x\",\"client_id\":\"shop\"," EXP ",\"scope\":\"read\"}",
		 JWT_AUDIENCE},
		{"{\"iss\":\"i\",\"aud\":[]," EXP ",\"scope\":\"read\"}", JWT_AUDIENCE},
		{"{\"iss\":\"i\",\"aud\":[1,{\"shop\":1}]," EXP ",\"scope\":\"read\"}",
		 JWT_AUDIENCE},
		{"{\"iss\":\"i\",\"aud\":\"shop\\u0000\"," EXP ",\"scope\":\"read\"}",
		 JWT_AUDIENCE},
		{"{\"iss\":\"i\",\"aud\":\"shop\",\"scope\":\"read\"}", JWT_EXPIRED},
		{"{\"iss\":\"i\",\"aud\":\"shop\",\"exp\":1795770900,\"scope\":\"read\"}",
		 JWT_EXPIRED},
		{"{\"iss\":\"i\",\"aud\":\"shop\",\"exp\":1795770900.5,\"scope\":\"read\"}",
		 JWT_VALID},
		{"{\"iss\":\"i\",\"aud\":\"shop\",\"exp\":\"1795770901\",\"scope\":\"read\"}",
		 JWT_MALFORMED},
		{"{\"iss\":\"i\",\"aud\":\"shop\",\"exp\":1e400,\"scope\":\"read\"}",
		 JWT_MALFORMED},
		{"{\"iss\":\"i\",\"aud\":\"shop\",\"exp\":-1,\"scope\":\"read\"}", JWT_MALFORMED},
		{"{\"iss\":\"i\",\"aud\":\"shop\"," EXP ",\"nbf\":1795770901,\"scope\":\"read\"}",
		 JWT_NOT_YET},
		{"{\"iss\":\"i\",\"aud\":\"shop\"," EXP ",\"nbf\":1795770900,\"scope\":\"read\"}",
		 JWT_VALID},
		{"{\"iss\":\"i\",\"aud\":\"shop\"," EXP ",\"iat\":1795770901,\"scope\":\"read\"}",
		 JWT_ISSUED_AT},
		{"{\"iss\":\"i\",\"aud\":\"shop\"," EXP ",\"iat\":null,\"scope\":\"read\"}",
		 JWT_MALFORMED},
		{"{\"iss\":\"i\",\"aud\":\"shop\"," EXP "}", JWT_SCOPE},
		{"{\"iss\":\"i\",\"aud\":\"shop\"," EXP ",\"scope\":\"reader\"}", JWT_SCOPE},
		{"{\"iss\":\"i\",\"aud\":\"shop\"," EXP ",\"scope\":\"x\",\"scp\":\"read\"}",
		 JWT_SCOPE},
		{"{\"iss\":\"i\",\"aud\":\"shop\"," EXP ",\"scope\":1}", JWT_SCOPE},
		{"{\"iss\":\"i\",\"aud\":\"shop\"," EXP ",\"scope\":{}}", JWT_SCOPE},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		enum jwt_end got = check(cases[i].claims, &rules);
		if (got != cases[i].end)
			fail_msg("case %zu: %s: got %d", i, cases[i].claims, got);
	}
	struct jwt_rules only = {.scopes = admin, .scope_count = 1, .now_ms = NOW_MS};
	assert_int_equal(check(GOOD, &only), JWT_SCOPE);
	only.scope_count = 0;
	assert_int_equal(check(GOOD, &only), JWT_VALID);
	for (size_t i = 1; i < JWT_END_COUNT; i++)
		assert_non_null(jwt_end_texts[i]);
}

static void test_key_sets(void **state)
{
	(void)state;
	struct token_key *weak = token_key_rsa(1024);
	assert_null(read_keys("[]"));
	assert_null(read_keys("{\"keys\":1}"));
	assert_null(read_keys("nonsense"));
	struct jwks *k = read_keys("{\"keys\":[]}");
	assert_int_equal(jwks_count(k), 0);
	assert_false(jwks_has(k, NULL));
	jwks_free(k);
	static const char *const unfit[] = {
		"1",
		"{}",
		"{\"kty\":\"oct\",\"k\":\"AAAA\"}",
		"{\"kty\":\"RSA\",\"n\":\"AQAB\",\"e\":\"AQAB\"}",
		"{\"kty\":\"RSA\",\"e\":\"AQAB\"}",
		"{\"kty\":\"EC\",\"crv\":\"P-999\",\"x\":\"AAAA\",\"y\":\"AAAA\"}",
		"{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AAAA\",\"y\":\"AAAA\"}", /* not on it */
		"{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AAAA\"}",
	};
	for (size_t i = 0; i < ARRAY_LEN(unfit); i++) {
		k = read_keys(arena_printf(&f.arena, "{\"keys\":[%s]}", unfit[i]));
		assert_non_null(k);
		assert_int_equal(jwks_count(k), 0);
		jwks_free(k);
	}
	k = read_keys(token_jwks(&f.arena, weak, "weak"));
	assert_int_equal(jwks_count(k), 0);
	jwks_free(k);
	token_key_free(weak);
	/* a key for encryption, one without kid, one bound to an algorithm */
	struct str text = {0};
	token_jwk(&text, f.rsa, NULL, "PS256");
	const char *jwk = arena_strdup(&f.arena, text.p);
	str_clear(&text);
	k = read_keys(arena_printf(&f.arena, "{\"keys\":[{\"use\":\"enc\",%s,%s]}", jwk + 1, jwk));
	assert_int_equal(jwks_count(k), 1);
	assert_true(jwks_has(k, NULL));
	assert_false(jwks_has(k, "rsa"));
	struct jwt t;
	assert_true(jwt_read(
		&f.arena, token_sign(&f.arena, f.rsa, "RS256", "{\"alg\":\"RS256\"}", GOOD), &t));
	assert_int_equal(jwt_verify(&t, k, all, 9), JWT_KEY_TYPE);
	assert_true(jwt_read(
		&f.arena, token_sign(&f.arena, f.rsa, "PS256", "{\"alg\":\"PS256\"}", GOOD), &t));
	assert_int_equal(jwt_verify(&t, k, all, 9), JWT_VALID);
	jwks_free(k);
	k = read_keys(arena_printf(&f.arena, "{\"keys\":[{\"key_ops\":[\"sign\"],%s]}", jwk + 1));
	assert_int_equal(jwks_count(k), 0);
	jwks_free(k);
	jwks_free(NULL);
}

/* A set of too many keys is cut, one of too many bytes refused. */
static void test_large_sets(void **state)
{
	(void)state;
	struct str text = {0};
	for (int i = 0; i < MAX_JWKS_KEYS + 5; i++)
		add_jwk(&text, f.p256, "k");
	str_add(&text, "]}");
	struct jwks *k = read_keys(text.p);
	assert_int_equal(jwks_count(k), MAX_JWKS_KEYS);
	jwks_free(k);
	while (text.len <= MAX_JWKS_BYTES)
		str_add(&text, "                                                            ");
	assert_null(read_keys(text.p));
	str_clear(&text);
}

static void test_scopes(void **state)
{
	(void)state;
	struct node *root = NULL;
	const char **scopes;
	const char text[] = "{\"scp\":[\"a\",1,\"b\"]}";
	assert_true(json_read_wire(&f.arena, (struct slice){text, strlen(text)}, &root));
	struct jwt t = {.claims = root};
	assert_int_equal(jwt_scopes(&f.arena, &t, &scopes), 2);
	assert_string_equal(scopes[1], "b");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_algorithms), cmocka_unit_test(test_confusion),
		cmocka_unit_test(test_tampered),   cmocka_unit_test(test_malformed),
		cmocka_unit_test(test_claims),     cmocka_unit_test(test_key_sets),
		cmocka_unit_test(test_large_sets), cmocka_unit_test(test_scopes),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
