/* t_authtoken.c -- JWT authorizers of HTTP and REST APIs, Cognito user pools, and where their keys
 * come from: a file, an issuer on this machine, and nowhere else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/json.h"
#include "gateway/authorize.h"
#include "gateway/keys.h"
#include "tokens.h"
#include "world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NOW_S 1795770900
#define ISSUER "http://127.0.0.1:9/issuer"
#define POOL "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_a"

static struct token_key *key, *second;

struct fixture {
	struct world w;
	struct auth_state *state;
	struct gw_authorizer a;
	struct gw_issuer issuers[2];
	struct gw_method m;
	struct gw_resource r;
	struct gw_route route;
	bool allowed;
	/* the issuer's server */
	const char *keys, *discovery;
	int fetched;
	gw_done *waiting; /* hold is set: an answer that has not come yet */
	void *waiting_arg;
	bool hold;
	char url[200];
	int ends;
};

static void serve(void *ctx, const struct gw_http_call *call, gw_done *done, void *arg)
{
	struct fixture *f = ctx;
	bool discovery = strstr(call->url, "/.well-known/openid-configuration") != NULL;
	const char *body = discovery ? f->discovery : f->keys;
	struct gw_call_result r = {.end = body ? GW_CALL_DONE : GW_CALL_REFUSED, .status = 200};
	assert_int_equal(call->timeout_ms, KEYS_TIMEOUT_MS);
	f->fetched++;
	snprintf(f->url, sizeof(f->url), "%s", call->url);
	if (body)
		r.body = (struct slice){body, strlen(body)};
	if (f->hold && !discovery) {
		f->waiting = done;
		f->waiting_arg = arg;
		return;
	}
	done(arg, &r);
}

static int64_t limit_us(void *ctx)
{
	return ((struct fixture *)ctx)->w.now_us;
}
static int64_t now_ms(void *ctx)
{
	(void)ctx;
	return NOW_S * INT64_C(1000);
}

static void begin(struct fixture *f, enum gw_type type, enum gw_authorizer_kind kind)
{
	static const char *audience[] = {"shop"};
	*f = (struct fixture){.fetched = 0};
	world_init(&f->w);
	f->w.outside = (struct outside){.ctx = f,
					.http = serve,
					.now_us = limit_us,
					.now_ms = now_ms,
					.limit_us = limit_us,
					.limit_ms = now_ms,
					.random = f->w.outside.random};
	f->w.outside.random = NULL;
	f->w.x.request_id = f->w.x.extended_id = "id";
	f->w.api.type = type;
	f->state = auth_state_new();
	f->issuers[0] =
		(struct gw_issuer){.issuer = ISSUER, .audience = audience, .audience_count = 1};
	f->a = (struct gw_authorizer){
		.name = "jwt", .kind = kind, .issuers = f->issuers, .issuer_count = 1};
	enum gw_auth auth = kind == GW_COGNITO ? GW_AUTH_COGNITO : GW_AUTH_JWT;
	f->m = (struct gw_method){.verb = "GET", .auth = auth, .authorizer = &f->a};
	f->r = (struct gw_resource){.id = "r", .path = "/"};
	f->route = (struct gw_route){.key = "GET /", .auth = auth, .authorizer = &f->a};
	if (type == GW_REST) {
		f->w.x.method = &f->m;
		f->w.x.resource = &f->r;
	} else {
		f->w.x.route = &f->route;
	}
	f->keys = token_jwks(&f->w.arena, key, "k1");
	f->discovery = "{\"issuer\":\"" ISSUER "\",\"jwks_uri\":\"http://127.0.0.1:9/keys\"}";
}

static void end(struct fixture *f)
{
	auth_state_free(f->state);
	world_clear(&f->w);
}

static void ended(struct gw_exchange *x, bool allowed, void *arg)
{
	struct fixture *f = arg;
	(void)x;
	f->allowed = allowed;
	f->ends++;
}

static bool ask(struct fixture *f)
{
	struct gw_exchange *x = &f->w.x;
	x->response = (struct gw_response){0};
	x->error_type = NULL;
	x->claims = NULL;
	f->ends = 0;
	f->allowed = false;
	authorize(x, f->state, ended, f);
	return f->allowed;
}

static void present(struct fixture *f, const char *prefix, const char *token)
{
	gw_headers_set(&f->w.arena, &f->w.request.headers, "Authorization",
		       arena_printf(&f->w.arena, "%s%s", prefix, token));
}

static const char *token(struct fixture *f, const struct token_key *k, const char *kid,
			 const char *more)
{
	return token_sign(&f->w.arena, k, "RS256",
			  arena_printf(&f->w.arena, "{\"alg\":\"RS256\",\"kid\":\"%s\"}", kid),
			  arena_printf(&f->w.arena,
				       "{\"iss\":\"" ISSUER "\",\"aud\":\"shop\",\"exp\":%d%s}",
				       NOW_S + 60, more));
}

static void expect(struct fixture *f, int status, const char *body, const char *challenge)
{
	assert_false(ask(f));
	assert_int_equal(f->ends, 1);
	assert_int_equal(f->w.x.response.status, status);
	assert_string_equal(world_body(&f->w), body);
	assert_string_equal(world_got(&f->w, "www-authenticate"), challenge);
}

#define UNAUTHORIZED "{\"message\":\"Unauthorized\"}"

/* ---- HTTP APIs ---- */

static void test_http(void **state)
{
	(void)state;
	static const char *scopes[] = {"read", "write"};
	struct fixture f;
	begin(&f, GW_HTTP, GW_JWT);
	expect(&f, 401, UNAUTHORIZED, "Bearer");
	present(&f, "", token(&f, key, "k1", ",\"n\":1,\"groups\":[\"a\",\"b\"],\"m\":{\"x\":1}"));
	assert_true(ask(&f));
	assert_string_equal(node_text(f.w.x.claims, "iss"), ISSUER);
	assert_string_equal(node_text(f.w.x.claims, "n"), "1");
	assert_string_equal(node_text(f.w.x.claims, "groups"), "[a b]");
	assert_string_equal(node_text(f.w.x.claims, "m"), "{\"x\":1}");
	assert_int_equal(f.w.x.token_scope_count, 0);
	assert_int_equal(f.fetched, 2);
	present(&f, "bearer ", token(&f, key, "k1", ""));
	assert_true(ask(&f));
	assert_int_equal(f.fetched, 2); /* kept */
	f.route.scopes = scopes;
	f.route.scope_count = 2;
	expect(&f, 403, "{\"message\":\"Forbidden\"}",
	       "Bearer scope=\"read write\" error=\"insufficient_scope\"");
	present(&f, "Bearer ", token(&f, key, "k1", ",\"scope\":\"x write\""));
	assert_true(ask(&f));
	assert_int_equal(f.w.x.token_scope_count, 1);
	assert_string_equal(f.w.x.token_scopes[0], "write");
	end(&f);
}

#define INVALID(why) "Bearer scope=\"\" error=\"invalid_token\" error_description=\"" why "\""
static void test_http_refusals(void **state)
{
	(void)state;
	static const struct {
		const char *header, *claims, *challenge;
	} cases[] = {
		{"{\"alg\":\"RS256\",\"kid\":\"k1\"}",
		 "{\"iss\":\"" ISSUER "\",\"aud\":\"other\","
		 "\"exp\":1795770960}",
		 INVALID("the token does not have a valid audience")},
		{"{\"alg\":\"RS256\",\"kid\":\"k1\"}",
		 "{\"iss\":\"http://x\",\"aud\":\"shop\","
		 "\"exp\":1795770960}",
		 INVALID("the issuer does not match")},
		{"{\"alg\":\"RS256\",\"kid\":\"k1\"}",
		 "{\"iss\":\"" ISSUER "\",\"aud\":\"shop\","
		 "\"exp\":1795770899}",
		 INVALID("the token has expired")},
		{"{\"alg\":\"RS256\",\"kid\":\"k1\"}",
		 "{\"iss\":\"" ISSUER "\",\"aud\":\"shop\","
		 "\"exp\":1795770960,\"nbf\":1795770950}",
		 INVALID("the token is not valid yet")},
		{"{\"alg\":\"RS256\",\"kid\":\"k2\"}",
		 "{\"iss\":\"" ISSUER "\",\"aud\":\"shop\","
		 "\"exp\":1795770960}",
		 INVALID("signature is invalid")},
		{"{\"alg\":\"none\",\"kid\":\"k1\"}",
		 "{\"iss\":\"" ISSUER "\",\"aud\":\"shop\","
		 "\"exp\":1795770960}",
		 INVALID("signing method is invalid")},
		{"{\"alg\":\"HS256\",\"kid\":\"k1\"}",
		 "{\"iss\":\"" ISSUER "\",\"aud\":\"shop\","
		 "\"exp\":1795770960}",
		 INVALID("signing method is invalid")},
		{"{\"alg\":\"ES256\",\"kid\":\"k1\"}",
		 "{\"iss\":\"" ISSUER "\",\"aud\":\"shop\","
		 "\"exp\":1795770960}",
		 INVALID("signing method is invalid")},
	};
	struct fixture f;
	begin(&f, GW_HTTP, GW_JWT);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		present(&f, "Bearer ",
			token_sign(&f.w.arena, key, "RS256", cases[i].header, cases[i].claims));
		expect(&f, 401, UNAUTHORIZED, cases[i].challenge);
	}
	present(&f, "Bearer ", "a.b.c");
	expect(&f, 401, UNAUTHORIZED, INVALID("the token is malformed"));
	present(&f, "Bearer ", "");
	gw_headers_set(&f.w.arena, &f.w.request.headers, "Authorization", "Bearer  ");
	expect(&f, 401, UNAUTHORIZED, "Bearer");
	present(&f, "", token(&f, second, "k1", ""));
	expect(&f, 401, UNAUTHORIZED, INVALID("signature is invalid"));
	end(&f);
}

static void test_query_source(void **state)
{
	(void)state;
	static const char *identity[] = {"$request.querystring.t"};
	struct fixture f;
	begin(&f, GW_HTTP, GW_JWT);
	f.a.identity = identity;
	f.a.identity_count = 1;
	present(&f, "", token(&f, key, "k1", ""));
	expect(&f, 401, UNAUTHORIZED, "Bearer");
	gw_params_add(&f.w.arena, &f.w.x.query, "t", token(&f, key, "k1", ""));
	assert_true(ask(&f));
	end(&f);
}

/* ---- REST ---- */

static void test_rest(void **state)
{
	(void)state;
	static const char *algorithms[] = {"ES256", "RS256"};
	static const char *scopes[] = {"admin"};
	static const char *tenants[] = {"t1"};
	static struct gw_claim claims[] = {{"tenant", tenants, 1, true},
					   {"email", NULL, 0, true},
					   {"plan", tenants, 1, false}};
	struct fixture f;
	begin(&f, GW_REST, GW_JWT);
	f.issuers[1] = f.issuers[0];
	f.issuers[0].issuer = "https://other.example/";
	f.a.issuer_count = 2;
	f.a.algorithms = algorithms;
	f.a.algorithm_count = 2;
	expect(&f, 401, UNAUTHORIZED, "");
	assert_string_equal(world_got(&f.w, "x-amzn-ErrorType"), "UnauthorizedException");
	present(&f, "Bearer ", token(&f, key, "k1", ",\"groups\":[\"a\",\"b\"]"));
	assert_true(ask(&f));
	assert_string_equal(gw_context_text(&f.w.x, "authorizer.claims.groups"), "a,b");
	f.issuers[1].claims = claims;
	f.issuers[1].claim_count = ARRAY_LEN(claims);
	expect(&f, 401, UNAUTHORIZED, "");
	present(&f, "", token(&f, key, "k1", ",\"tenant\":\"t1\",\"email\":null"));
	expect(&f, 401, UNAUTHORIZED, "");
	present(&f, "", token(&f, key, "k1", ",\"tenant\":[\"t1\"],\"email\":1"));
	expect(&f, 401, UNAUTHORIZED, "");
	present(&f, "", token(&f, key, "k1", ",\"tenant\":\"t1\",\"email\":\"e\",\"plan\":\"T1\""));
	expect(&f, 401, UNAUTHORIZED, "");
	present(&f, "", token(&f, key, "k1", ",\"tenant\":\"t1\",\"email\":\"e\""));
	assert_true(ask(&f));
	f.m.scopes = scopes;
	f.m.scope_count = 1;
	expect(&f, 403, "{\"Message\":\"User is not authorized to access this resource\"}", "");
	f.m.scope_count = 0;
	f.a.algorithm_count = 1;
	expect(&f, 401, UNAUTHORIZED, "");
	f.a.issuer_count = 1;
	expect(&f, 401, UNAUTHORIZED, "");
	end(&f);
}

/* A valid token is not enough where there is a resource policy. */
static void test_resource_policy(void **state)
{
	(void)state;
	static const char *const effects[] = {"Allow", "Deny"};
	struct fixture f;
	begin(&f, GW_REST, GW_JWT);
	present(&f, "", token(&f, key, "k1", ""));
	for (size_t i = 0; i < 4; i++) {
		struct node *root = NULL;
		const char *text = arena_printf(
			&f.w.arena,
			"{\"Statement\":[{\"Effect\":\"%s\",\"Principal\":\"*\",\"Action\":\"*\","
			"\"Resource\":\"%s\"}]}",
			effects[i % 2], i < 2 ? "*" : "x");
		assert_true(json_read_wire(&f.w.arena, (struct slice){text, strlen(text)}, &root));
		f.w.api.policy = root;
		if (i == 0)
			assert_true(ask(&f));
		else
			expect(&f, 403,
			       i == 1 ? "{\"Message\":\"User: anonymous is not authorized to "
					"perform: execute-api:Invoke on resource: "
					"arn:aws:execute-api:us-east-1:********9012:shop/dev/GET/ "
					"with an explicit deny\"}"
				      : "{\"Message\":\"User: anonymous is not authorized to "
					"perform: execute-api:Invoke on resource: "
					"arn:aws:execute-api:us-east-1:********9012:shop/dev/GET/"
					"\"}",
			       "");
	}
	end(&f);
}

/* ---- Cognito ---- */

static const char *write_keys(struct fixture *f, const char *text)
{
	const char *dir = getenv("TMPDIR");
	const char *path = arena_printf(&f->w.arena, "%s/keys.json", dir ? dir : "/tmp");
	FILE *out = fopen(path, "w");
	assert_non_null(out);
	fputs(text, out);
	fclose(out);
	return path;
}

static const char *cognito(struct fixture *f, const char *alg, const char *more)
{
	return token_sign(&f->w.arena, key, alg,
			  arena_printf(&f->w.arena, "{\"alg\":\"%s\",\"kid\":\"k1\"}", alg),
			  arena_printf(&f->w.arena, "{\"iss\":\"" POOL "\"%s}", more));
}

static void test_cognito(void **state)
{
	(void)state;
	static const char *scopes[] = {"shop/read"};
	struct fixture f;
	begin(&f, GW_REST, GW_COGNITO);
	f.issuers[0] = (struct gw_issuer){.issuer = POOL, .jwks_file = write_keys(&f, f.keys)};
	expect(&f, 401, UNAUTHORIZED, "");
	present(&f, "", "allow");
	expect(&f, 401, UNAUTHORIZED, "");
	present(&f, "", cognito(&f, "RS256", ",\"exp\":1795770899,\"token_use\":\"id\""));
	expect(&f, 401, "{\"message\":\"The incoming token has expired\"}", "");
	present(&f, "",
		cognito(&f, "RS256", ",\"exp\":1795770960,\"aud\":\"c1\",\"token_use\":\"id\""));
	assert_true(ask(&f));
	assert_string_equal(node_text(f.w.x.claims, "aud"), "c1");
	assert_null(f.w.x.principal);
	f.a.validation_re = regex_new("c[2-9]", REGEX_WHOLE, (struct pos){0}, NULL);
	expect(&f, 401, UNAUTHORIZED, "");
	regex_free(f.a.validation_re);
	f.a.validation_re = regex_new("c[1-9]", REGEX_WHOLE, (struct pos){0}, NULL);
	assert_true(ask(&f));
	regex_free(f.a.validation_re);
	f.a.validation_re = NULL;
	/* an ID token where scopes are asked for, an access token where they are not */
	f.m.scopes = scopes;
	f.m.scope_count = 1;
	expect(&f, 401, UNAUTHORIZED, "");
	const char *access = cognito(&f, "RS256",
				     ",\"exp\":1795770960,\"token_use\":\"access\",\"scope\":"
				     "\"openid shop/read\"");
	present(&f, "Bearer ", access);
	assert_true(ask(&f));
	f.m.scope_count = 0;
	expect(&f, 401, UNAUTHORIZED, "");
	present(&f, "", cognito(&f, "RS512", ",\"exp\":1795770960"));
	expect(&f, 401, UNAUTHORIZED, "");
	assert_int_equal(f.fetched, 0);
	end(&f);
}

/* ---- keys ---- */

static void test_local_only(void **state)
{
	(void)state;
	static const struct {
		const char *url;
		bool local;
	} cases[] = {
		{"http://127.0.0.1:9000/x", true},
		{"https://127.1.2.3", true},
		{"http://localhost/", true},
		{"http://LOCALHOST:80", true},
		{"http://[::1]:80/", true},
		{"http://127.0.0.1", true},
		{"http://a", false},
		{"http://", false},
		{"http://:80", false},
		{"ftp://127.0.0.1/", false},
		{"http://10.0.0.1/", false},
		{"http://127.0.0.1.example.com/", false},
		{"http://localhost.example.com/", false},
		{"http://127.0.0.1@example.com/", false},
		{"http://localhost:80@example.com/", false},
		{"http://[::2]/", false},
		{"http://[::1]x/", false},
		{"http://[::1", false},
		{"http://example.com/http://127.0.0.1/", false},
		{"", false},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		if (keys_is_local(cases[i].url) != cases[i].local)
			fail_msg("%s", cases[i].url);
}

static void test_never_elsewhere(void **state)
{
	(void)state;
	static const char *const documents[] = {
		"{\"issuer\":\"" ISSUER "\",\"jwks_uri\":\"http://example.com/keys\"}",
		"{\"issuer\":\"http://127.0.0.1:9/other\",\"jwks_uri\":\"http://127.0.0.1:9/"
		"keys\"}",
		"{\"jwks_uri\":\"http://127.0.0.1:9/keys\"}",
		"{}",
		"[]",
		"nonsense",
	};
	struct fixture f;
	begin(&f, GW_HTTP, GW_JWT);
	f.issuers[0].issuer = "https://id.example";
	present(&f, "", token(&f, key, "k1", ""));
	expect(&f, 401, UNAUTHORIZED, INVALID("signature is invalid"));
	assert_int_equal(f.fetched, 0);
	f.issuers[0].issuer = ISSUER;
	for (size_t i = 0; i < ARRAY_LEN(documents); i++) {
		f.w.now_us += 1000000;
		f.discovery = documents[i];
		expect(&f, 401, UNAUTHORIZED, INVALID("signature is invalid"));
		assert_int_equal(f.fetched, i + 1);
	}
	end(&f);
}

static void test_rotation(void **state)
{
	(void)state;
	struct fixture f;
	begin(&f, GW_REST, GW_JWT);
	present(&f, "", token(&f, key, "k1", ""));
	f.keys = NULL;
	expect(&f, 401, UNAUTHORIZED, "");
	assert_int_equal(f.fetched, 2);
	/* not again at once, then it works */
	f.keys = token_jwks(&f.w.arena, key, "k1");
	expect(&f, 401, UNAUTHORIZED, "");
	assert_int_equal(f.fetched, 2);
	f.w.now_us += 1000000;
	assert_true(ask(&f));
	assert_string_equal(f.url, "http://127.0.0.1:9/keys");
	assert_int_equal(f.fetched, 4);
	/* a new key: an unknown kid asks the issuer */
	f.w.now_us += 1000000;
	f.keys = token_jwks(&f.w.arena, second, "k2");
	assert_true(ask(&f));
	assert_int_equal(f.fetched, 4);
	present(&f, "", token(&f, second, "k2", ""));
	assert_true(ask(&f));
	assert_int_equal(f.fetched, 6);
	/* a failure leaves what was there; an hour later they are asked for anyway */
	f.keys = NULL;
	f.w.now_us += 3600 * INT64_C(1000000);
	assert_true(ask(&f));
	assert_int_equal(f.fetched, 8);
	auth_state_flush(f.state, NULL, NULL);
	assert_false(ask(&f));
	end(&f);
}

/* Who asks while the keys are fetched waits for them. */
static void test_waiting(void **state)
{
	(void)state;
	struct fixture f;
	begin(&f, GW_HTTP, GW_JWT);
	present(&f, "", token(&f, key, "k1", ""));
	f.hold = true;
	assert_false(ask(&f));
	authorize(&f.w.x, f.state, ended, &f);
	assert_int_equal(f.ends, 0);
	assert_int_equal(f.fetched, 2);
	struct gw_call_result r = {
		.end = GW_CALL_DONE, .status = 200, .body = {f.keys, strlen(f.keys)}};
	f.waiting(f.waiting_arg, &r);
	assert_int_equal(f.ends, 2);
	assert_true(f.allowed);
	end(&f);
}

static void test_key_file(void **state)
{
	(void)state;
	struct fixture f;
	begin(&f, GW_HTTP, GW_JWT);
	present(&f, "", token(&f, key, "k1", ""));
	f.issuers[0].jwks_file = write_keys(&f, "not a key set");
	assert_false(ask(&f));
	f.issuers[0].jwks_file = write_keys(&f, f.keys);
	assert_true(ask(&f));
	/* a file that changes is read again; one that goes leaves the keys */
	write_keys(&f, token_jwks(&f.w.arena, second, "another"));
	assert_false(ask(&f));
	present(&f, "", token(&f, second, "another", ""));
	assert_true(ask(&f));
	assert_int_equal(unlink(f.issuers[0].jwks_file), 0);
	assert_true(ask(&f));
	f.issuers[0].jwks_file = "/no/such/file";
	assert_false(ask(&f));
	assert_int_equal(f.fetched, 0);
	end(&f);
}

static int setup(void **state)
{
	(void)state;
	key = token_key_rsa(2048);
	second = token_key_rsa(2048);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	token_key_free(key);
	token_key_free(second);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_http),
		cmocka_unit_test(test_http_refusals),
		cmocka_unit_test(test_query_source),
		cmocka_unit_test(test_rest),
		cmocka_unit_test(test_resource_policy),
		cmocka_unit_test(test_cognito),
		cmocka_unit_test(test_local_only),
		cmocka_unit_test(test_never_elsewhere),
		cmocka_unit_test(test_rotation),
		cmocka_unit_test(test_waiting),
		cmocka_unit_test(test_key_file),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
