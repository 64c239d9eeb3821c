/* t_authorize.c -- who may call: resource policies with each kind of authorization, Lambda
 * authorizers with their events, answers and cache, IAM. Tokens are in t_authtoken.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/json.h"
#include "gateway/authorize.h"
#include "gateway/sigv4.h"
#include "world.h"

#include <stdlib.h>
#include <string.h>

#define ARN "arn:aws:execute-api:us-east-1:123456789012:shop/dev/GET/products/42"
#define EXPLICIT                                                                                  \
	"{\"Message\":\"User is not authorized to access this resource with an explicit deny in " \
	"an identity-based policy\"}"
#define IMPLICIT "{\"Message\":\"User is not authorized to access this resource\"}"
#define ANONYMOUS                                                                             \
	"{\"Message\":\"User: anonymous is not authorized to perform: execute-api:Invoke on " \
	"resource: arn:aws:execute-api:us-east-1:********9012:shop/dev/GET/products/42"

struct fixture {
	struct world w;
	struct auth_state *state;
	struct gw_authorizer a;
	struct gw_method m;
	struct gw_resource r;
	struct gw_route route;
	const char *identity[4];
	int done;
	bool allowed;
};

static struct node *json(struct fixture *f, const char *text)
{
	struct node *root = NULL;
	assert_true(json_read_wire(&f->w.arena, (struct slice){text, strlen(text)}, &root));
	return root;
}

static void begin(struct fixture *f, enum gw_type type, enum gw_auth auth)
{
	*f = (struct fixture){.done = 0};
	world_init(&f->w);
	f->state = auth_state_new();
	f->w.api.type = type;
	f->w.x.principal = NULL;
	world_ask(&f->w, "GET", "/products/42?q=1", "");
	f->a = (struct gw_authorizer){.name = "check",
				      .kind = GW_TOKEN,
				      .function = "fn",
				      .identity = f->identity,
				      .ttl_s = 300};
	f->r = (struct gw_resource){.id = "r1", .path = "/products/{id}"};
	f->m = (struct gw_method){.verb = "GET", .auth = auth, .authorizer = &f->a};
	f->route = (struct gw_route){.key = "GET /products/{id}",
				     .verb = "GET",
				     .path = "/products/{id}",
				     .auth = auth,
				     .authorizer = &f->a};
	if (type == GW_REST) {
		f->w.x.method = &f->m;
		f->w.x.resource = &f->r;
	} else {
		f->w.x.route = &f->route;
		f->w.x.route_key = f->route.key;
	}
	gw_exchange_begin(&f->w.x);
}

static void identity(struct fixture *f, enum gw_authorizer_kind kind, const char *source)
{
	f->a.kind = kind;
	f->identity[f->a.identity_count++] = source;
}

static void ended(struct gw_exchange *x, bool allowed, void *arg)
{
	struct fixture *f = arg;
	assert_ptr_equal(x, &f->w.x);
	f->done++;
	f->allowed = allowed;
}

/* Once more, as the next request would. */
static bool ask(struct fixture *f)
{
	struct gw_exchange *x = &f->w.x;
	f->done = 0;
	x->response = (struct gw_response){0};
	x->error_type = x->error_message = NULL;
	x->principal = NULL;
	x->authorizer = NULL;
	authorize(x, f->state, ended, f);
	assert_int_equal(f->done, 1);
	return f->allowed;
}

static void end(struct fixture *f)
{
	auth_state_free(f->state);
	world_clear(&f->w);
}

static void expect(struct fixture *f, int status, const char *type, const char *body)
{
	assert_false(ask(f));
	assert_int_equal(f->w.x.response.status, status);
	assert_string_equal(f->w.x.error_type, type);
	assert_string_equal(world_body(&f->w), body);
}

static void answer(struct fixture *f, const char *effect, const char *resource, const char *more)
{
	world_answer(
		&f->w, 200, NULL,
		arena_printf(&f->w.arena,
			     "{\"principalId\":\"ann\",\"policyDocument\":{\"Version\":"
			     "\"2012-10-17\",\"Statement\":[{\"Action\":\"execute-api:Invoke\","
			     "\"Effect\":\"%s\",\"Resource\":\"%s\"}]}%s}",
			     effect, resource, more));
}

#define POLICY(effect, resource)                                                                   \
	"{\"Statement\":[{\"Effect\":\"" effect "\",\"Principal\":\"*\",\"Action\":\"execute-api:" \
	"Invoke\",\"Resource\":\"" resource "\"}]}"

/* ---- no authorizer ---- */

static void test_none(void **state)
{
	(void)state;
	struct fixture f;
	begin(&f, GW_REST, GW_AUTH_NONE);
	assert_true(ask(&f));
	assert_int_equal(f.w.x.trace.rows[GW_STEP_POLICY].outcome, GW_NONE);
	f.w.api.policy = json(&f, POLICY("Allow", "execute-api:/dev/GET/products/*"));
	assert_true(ask(&f));
	assert_string_equal(f.w.x.trace.rows[GW_STEP_POLICY].summary, "allow");
	f.w.api.policy = json(&f, POLICY("Allow", "execute-api:/live/*"));
	expect(&f, 403, "ACCESS_DENIED", ANONYMOUS "\"}");
	f.w.api.policy = json(&f, POLICY("Deny", "*"));
	expect(&f, 403, "ACCESS_DENIED", ANONYMOUS " with an explicit deny\"}");
	assert_string_equal(world_got(&f.w, "x-amzn-ErrorType"), "AccessDeniedException");
	end(&f);
}

static void test_source_address(void **state)
{
	(void)state;
	struct fixture f;
	begin(&f, GW_REST, GW_AUTH_NONE);
	f.w.api.policy = json(
		&f, "{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"*\","
		    "\"Resource\":\"*\"},{\"Effect\":\"Deny\",\"Principal\":\"*\",\"Action\":\"*\","
		    "\"Resource\":\"*\",\"Condition\":{\"NotIpAddress\":{\"aws:SourceIp\":"
		    "\"127.0.0.0/8\"}}}]}");
	assert_true(ask(&f));
	f.w.request.source_ip = "192.0.2.1";
	assert_false(ask(&f));
	end(&f);
}

static void test_condition_keys(void **state)
{
	(void)state;
	static const struct {
		const char *operator, * key, *value;
	} cases[] = {
		{"StringEquals", "aws:UserAgent", "curl/8"},
		{"StringEquals", "aws:Referer", "https://example.com/"},
		{"StringEquals", "aws:SourceVpc", "vpc-1"},
		{"StringEquals", "aws:sourcevpce", "vpce-1"},
		{"IpAddress", "aws:VpcSourceIp", "127.0.0.1"},
		{"Bool", "aws:SecureTransport", "true"},
		{"DateEquals", "aws:CurrentTime", "2026-11-27T09:15:00Z"},
		{"NumericEquals", "aws:EpochTime", "1795770900"},
		{"StringEquals", "aws:PrincipalAccount", "123456789012"},
		{"ArnEquals", "aws:PrincipalArn", "arn:aws:iam::123456789012:user/ann"},
		{"StringEquals", "aws:PrincipalOrgID", "o-1"},
		{"StringEquals", "aws:userid", "AIDA"},
		{"StringEquals", "aws:username", "ann"},
		{"StringEquals", "aws:RequestedRegion", "us-east-1"},
	};
	struct fixture f;
	begin(&f, GW_REST, GW_AUTH_NONE);
	world_header(&f.w, "User-Agent", "curl/8");
	world_header(&f.w, "Referer", "https://example.com/");
	f.w.x.identity = (struct gw_identity){.vpc = "vpc-1",
					      .vpce = "vpce-1",
					      .account = "123456789012",
					      .user_arn = "arn:aws:iam::123456789012:user/ann",
					      .principal_org = "o-1",
					      .user = "AIDA"};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		f.w.api.policy = json(
			&f,
			arena_printf(&f.w.arena,
				     "{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\","
				     "\"Action\":\"*\",\"Resource\":\"*\",\"Condition\":{\"%s\":"
				     "{\"%s\":\"%s\"}}}]}",
				     cases[i].operator, cases[i].key, cases[i].value));
		if (!ask(&f))
			fail_msg("%s", cases[i].key);
	}
	end(&f);
}

/* ---- TOKEN ---- */

static void test_token(void **state)
{
	(void)state;
	struct fixture f;
	begin(&f, GW_REST, GW_AUTH_CUSTOM);
	identity(&f, GW_TOKEN, "method.request.header.Authorization");
	expect(&f, 401, "UNAUTHORIZED", "{\"message\":\"Unauthorized\"}");
	assert_int_equal(f.w.function_calls, 0);
	world_header(&f.w, "Authorization", "allow");
	answer(&f, "Allow", ARN, ",\"context\":{\"n\":1,\"b\":true,\"t\":\"x\",\"z\":null}");
	assert_true(ask(&f));
	assert_string_equal(f.w.body, "{\"type\":\"TOKEN\",\"authorizationToken\":\"allow\","
				      "\"methodArn\":\"" ARN "\"}");
	assert_int_equal(f.w.function.timeout_ms, 29000);
	assert_string_equal(f.w.x.principal, "ann");
	assert_string_equal(gw_context_text(&f.w.x, "authorizer.n"), "1");
	assert_string_equal(gw_context_text(&f.w.x, "authorizer.b"), "true");
	assert_int_equal(node_get(f.w.x.authorizer, "n")->kind, NODE_TEXT);
	assert_null(node_get(f.w.x.authorizer, "z"));
	assert_int_equal(f.w.x.trace.rows[GW_STEP_AUTHORIZE].outcome, GW_PASSED);
	end(&f);
}

static void test_validation(void **state)
{
	(void)state;
	struct fixture f;
	begin(&f, GW_REST, GW_AUTH_CUSTOM);
	identity(&f, GW_TOKEN, "method.request.header.Auth");
	f.a.validation_re = regex_new("Bearer [a-z]+", REGEX_WHOLE, (struct pos){0}, NULL);
	world_header(&f.w, "auth", "Bearer abc1");
	expect(&f, 401, "UNAUTHORIZED", "{\"message\":\"Unauthorized\"}");
	assert_int_equal(f.w.function_calls, 0);
	gw_headers_set(&f.w.arena, &f.w.request.headers, "auth", "Bearer abc");
	answer(&f, "Allow", "*", "");
	assert_true(ask(&f));
	regex_free(f.a.validation_re);
	end(&f);
}

/* A bad answer of each kind, and what is said of it. */
static void test_answers(void **state)
{
	(void)state;
	static const char null[] = "{\"message\":null}";
	static const struct {
		enum gw_call_end end;
		const char *body;
		int status;
		const char *type, *answer;
	} cases[] = {
		{GW_CALL_ERROR, "{\"errorMessage\":\"Unauthorized\"}", 401, "UNAUTHORIZED",
		 "{\"message\":\"Unauthorized\"}"},
		{GW_CALL_ERROR, "{\"errorMessage\":\"unauthorized\"}", 500, "AUTHORIZER_FAILURE",
		 null},
		{GW_CALL_ERROR, "oops", 500, "AUTHORIZER_FAILURE", null},
		{GW_CALL_TIMEOUT, "", 500, "AUTHORIZER_FAILURE", null},
		{GW_CALL_CRASHED, "", 500, "AUTHORIZER_FAILURE", null},
		{GW_CALL_REFUSED, "", 500, "AUTHORIZER_FAILURE", null},
		{GW_CALL_BUSY, "", 500, "AUTHORIZER_FAILURE", null},
		{GW_CALL_DENIED, "", 500, "AUTHORIZER_CONFIGURATION_ERROR", null},
		{GW_CALL_DONE, "", 500, "AUTHORIZER_CONFIGURATION_ERROR", null},
		{GW_CALL_DONE, "null", 500, "AUTHORIZER_CONFIGURATION_ERROR", null},
		{GW_CALL_DONE, "\"allow\"", 500, "AUTHORIZER_CONFIGURATION_ERROR", null},
		{GW_CALL_DONE, "{\"isAuthorized\":true}", 500, "AUTHORIZER_CONFIGURATION_ERROR",
		 null},
		{GW_CALL_DONE, "{\"principalId\":\"a\"}", 500, "AUTHORIZER_CONFIGURATION_ERROR",
		 null},
		{GW_CALL_DONE,
		 "{\"policyDocument\":{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"*\","
		 "\"Resource\":\"*\"}]}}",
		 500, "AUTHORIZER_CONFIGURATION_ERROR", null},
		{GW_CALL_DONE,
		 "{\"principalId\":\"a\",\"policyDocument\":{\"Statement\":[{\"Effect\":\"Yes\","
		 "\"Action\":\"*\",\"Resource\":\"*\"}]}}",
		 500, "AUTHORIZER_CONFIGURATION_ERROR", null},
		{GW_CALL_DONE,
		 "{\"principalId\":\"a\",\"policyDocument\":{\"Statement\":[]},\"context\":{\"a\":["
		 "]}}",
		 500, "AUTHORIZER_CONFIGURATION_ERROR", null},
		{GW_CALL_DONE,
		 "{\"principalId\":\"a\",\"policyDocument\":{\"Statement\":[]},\"context\":1}", 500,
		 "AUTHORIZER_CONFIGURATION_ERROR", null},
		{GW_CALL_DONE, "{\"principalId\":\"a\",\"policyDocument\":{\"Statement\":[]}}", 403,
		 "ACCESS_DENIED", IMPLICIT},
		{GW_CALL_DONE,
		 "{\"principalId\":\"a\",\"policyDocument\":{\"Statement\":[{\"Effect\":\"Deny\","
		 "\"Action\":\"*\",\"Resource\":\"*\"}]}}",
		 403, "ACCESS_DENIED", EXPLICIT},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct fixture f;
		begin(&f, GW_REST, GW_AUTH_CUSTOM);
		world_header(&f.w, "Authorization", "t");
		world_answer(&f.w, 200, NULL, cases[i].body);
		f.w.answer.end = cases[i].end;
		expect(&f, cases[i].status, cases[i].type, cases[i].answer);
		/* errors and nonsense are not kept */
		assert_int_equal(auth_state_counts(f.state).entries, cases[i].status == 403);
		end(&f);
	}
}

static void test_long_resource(void **state)
{
	(void)state;
	struct fixture f;
	char resource[MAX_AUTH_CACHE];
	memset(resource, '*', 512);
	resource[512] = '\0';
	begin(&f, GW_REST, GW_AUTH_CUSTOM);
	world_header(&f.w, "Authorization", "t");
	answer(&f, "Allow", resource, "");
	assert_true(ask(&f));
	resource[512] = '*';
	resource[513] = '\0';
	gw_headers_set(&f.w.arena, &f.w.request.headers, "Authorization", "t2");
	answer(&f, "Allow", resource, "");
	expect(&f, 500, "AUTHORIZER_CONFIGURATION_ERROR", "{\"message\":null}");
	end(&f);
}

static void test_missing_function(void **state)
{
	(void)state;
	struct fixture f;
	begin(&f, GW_REST, GW_AUTH_CUSTOM);
	world_header(&f.w, "Authorization", "t");
	f.a.function = "nobody";
	expect(&f, 500, "AUTHORIZER_CONFIGURATION_ERROR", "{\"message\":null}");
	f.m.authorizer = NULL;
	expect(&f, 500, "AUTHORIZER_CONFIGURATION_ERROR", "{\"message\":null}");
	end(&f);
}

/* ---- the cache ---- */

static void test_cache(void **state)
{
	(void)state;
	struct fixture f;
	begin(&f, GW_REST, GW_AUTH_CUSTOM);
	identity(&f, GW_TOKEN, "method.request.header.Authorization");
	world_header(&f.w, "Authorization", "t");
	answer(&f, "Allow", ARN, ",\"context\":{\"k\":\"v\"},\"usageIdentifierKey\":\"key-1\"");
	assert_true(ask(&f));
	f.w.x.identity.api_key = NULL;
	assert_true(ask(&f));
	assert_int_equal(f.w.function_calls, 1);
	assert_string_equal(f.w.x.principal, "ann");
	assert_string_equal(f.w.x.identity.api_key, "key-1");
	assert_string_equal(gw_context_text(&f.w.x, "authorizer.k"), "v");
	assert_int_equal(f.w.x.authorizer_us, 0);
	/* the kept policy names one method: others are denied until its time is over */
	world_ask(&f.w, "GET", "/products/43", "");
	expect(&f, 403, "ACCESS_DENIED", IMPLICIT);
	assert_int_equal(f.w.function_calls, 1);
	f.w.now_us += 300 * INT64_C(1000000);
	answer(&f, "Allow", "*/products/43", "");
	assert_true(ask(&f));
	assert_int_equal(f.w.function_calls, 2);
	struct auth_counts c = auth_state_counts(f.state);
	assert_int_equal(c.hits, 2);
	assert_int_equal(c.misses, 2);
	/* another token, another stage */
	gw_headers_set(&f.w.arena, &f.w.request.headers, "Authorization", "u");
	assert_true(ask(&f));
	f.w.stage.name = "live";
	assert_true(ask(&f));
	assert_int_equal(f.w.function_calls, 4);
	auth_state_flush(f.state, "shop", "live");
	assert_int_equal(auth_state_counts(f.state).entries, 2);
	auth_state_flush(f.state, "other", NULL);
	assert_int_equal(auth_state_counts(f.state).entries, 2);
	auth_state_flush(f.state, "shop", NULL);
	assert_int_equal(auth_state_counts(f.state).entries, 0);
	f.a.ttl_s = 0;
	assert_true(ask(&f));
	assert_true(ask(&f));
	assert_int_equal(f.w.function_calls, 6);
	end(&f);
}

/* ---- REQUEST ---- */

static void test_request(void **state)
{
	(void)state;
	static struct gw_param variables[] = {{"fn", "v1"}};
	struct fixture f;
	begin(&f, GW_REST, GW_AUTH_CUSTOM);
	identity(&f, GW_REQUEST_AUTHORIZER, "method.request.header.X-Who");
	identity(&f, GW_REQUEST_AUTHORIZER, "method.request.querystring.q");
	identity(&f, GW_REQUEST_AUTHORIZER, "stageVariables.fn");
	identity(&f, GW_REQUEST_AUTHORIZER, "context.httpMethod");
	answer(&f, "Allow", "*", "");
	expect(&f, 401, "UNAUTHORIZED", "{\"message\":\"Unauthorized\"}");
	world_header(&f.w, "x-who", "me");
	expect(&f, 401, "UNAUTHORIZED", "{\"message\":\"Unauthorized\"}");
	assert_int_equal(f.w.function_calls, 0);
	f.w.x.variables = (struct gw_params){variables, 1, 1};
	gw_params_add(&f.w.arena, &f.w.x.path_params, "id", "42");
	assert_true(ask(&f));
	struct node *event = json(&f, f.w.body);
	static const char *const members[] = {"type",
					      "methodArn",
					      "resource",
					      "path",
					      "httpMethod",
					      "headers",
					      "multiValueHeaders",
					      "queryStringParameters",
					      "multiValueQueryStringParameters",
					      "pathParameters",
					      "stageVariables",
					      "requestContext"};
	const struct node *m = event->child;
	for (size_t i = 0; i < ARRAY_LEN(members); i++, m = m->next)
		assert_string_equal(m->key->text, members[i]);
	assert_null(m);
	assert_string_equal(node_text(event, "type"), "REQUEST");
	assert_string_equal(node_text(event, "methodArn"), ARN);
	assert_string_equal(node_text(event, "path"), "/products/42");
	assert_string_equal(node_text(node_get(event, "pathParameters"), "id"), "42");
	/* one value changes: asked again */
	assert_true(ask(&f));
	assert_int_equal(f.w.function_calls, 1);
	variables[0].value = "v2";
	assert_true(ask(&f));
	assert_int_equal(f.w.function_calls, 2);
	variables[0].value = "v1";
	end(&f);
}

/* Without identity sources everybody is asked about, every time. */
static void test_no_identity(void **state)
{
	(void)state;
	struct fixture f;
	begin(&f, GW_REST, GW_AUTH_CUSTOM);
	f.a.kind = GW_REQUEST_AUTHORIZER;
	answer(&f, "Allow", "*", "");
	assert_true(ask(&f));
	assert_true(ask(&f));
	assert_int_equal(f.w.function_calls, 2);
	/* and without a state nothing is kept */
	auth_state_free(f.state);
	f.state = NULL;
	assert_true(ask(&f));
	end(&f);
}

/* Table A: the authorizer's policy and the resource policy. */
static void test_with_resource_policy(void **state)
{
	(void)state;
	static const char *const policies[] = {POLICY("Allow", "*"), POLICY("Allow", "x"),
					       POLICY("Deny", "*")};
	static const struct {
		const char *effect, *resource;
		const char *answers[3]; /* NULL: allowed */
	} rows[] = {
		{"Allow", "*", {NULL, NULL, ANONYMOUS " with an explicit deny\"}"}},
		{"Allow", "x", {NULL, IMPLICIT, ANONYMOUS " with an explicit deny\"}"}},
		{"Deny", "*", {EXPLICIT, EXPLICIT, ANONYMOUS " with an explicit deny\"}"}},
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		for (size_t k = 0; k < 3; k++) {
			struct fixture f;
			begin(&f, GW_REST, GW_AUTH_CUSTOM);
			world_header(&f.w, "Authorization", "t");
			answer(&f, rows[i].effect, rows[i].resource, "");
			f.w.api.policy = json(&f, policies[k]);
			if (rows[i].answers[k])
				expect(&f, 403, "ACCESS_DENIED", rows[i].answers[k]);
			else
				assert_true(ask(&f));
			/* an explicit deny ends it before the function is called */
			assert_int_equal(f.w.function_calls, k < 2);
			end(&f);
		}
	}
}

/* ---- IAM ---- */

static struct gw_credential credentials[] = {
	{.access_key = "AKIAANN",
	 .secret_key = "secret",
	 .arn = "arn:aws:iam::123456789012:user/ann",
	 .account = "123456789012",
	 .user_id = "AIDAANN"},
	{.access_key = "AKIABOB",
	 .secret_key = "secret",
	 .arn = "arn:aws:iam::999999999999:user/bob",
	 .account = "999999999999",
	 .user_id = "AIDABOB"},
};

static void sign(struct fixture *f, const struct gw_credential *c)
{
	f->w.gateway.credentials = credentials;
	f->w.gateway.credential_count = ARRAY_LEN(credentials);
	gw_headers_set(&f->w.arena, &f->w.request.headers, "Host", "h");
	gw_headers_set(&f->w.arena, &f->w.request.headers, "X-Amz-Date", "20261127T091500Z");
	gw_headers_set(&f->w.arena, &f->w.request.headers, "Authorization",
		       sigv4_sign(&f->w.arena, &f->w.request, c, "us-east-1", "execute-api",
				  "20261127T091500Z", "host;x-amz-date"));
}

#define IDENTITY(effect, resource)                                                      \
	"{\"Statement\":[{\"Effect\":\"" effect "\",\"Action\":\"execute-api:Invoke\"," \
	"\"Resource\":\"" resource "\"}]}"

static void test_iam(void **state)
{
	(void)state;
	static const char *const documents[] = {IDENTITY("Allow", "*/GET/products/*"), NULL,
						IDENTITY("Deny", "*")};
	static const char *const policies[] = {POLICY("Allow", "*"), NULL, POLICY("Deny", "*")};
	/* y: allowed, n: implicit deny, d: explicit deny; own account, then the other */
	static const char want[2][3][4] = {{"yyd", "ynd", "ddd"}, {"ynd", "nnd", "ddd"}};
	for (size_t who = 0; who < 2; who++) {
		for (size_t i = 0; i < 9; i++) {
			struct fixture f;
			begin(&f, GW_REST, GW_AUTH_IAM);
			struct gw_credential *c = &credentials[who];
			c->policy = documents[i / 3] ? json(&f, documents[i / 3]) : NULL;
			f.w.api.policy = policies[i % 3] ? json(&f, policies[i % 3]) : NULL;
			sign(&f, c);
			char w = want[who][i / 3][i % 3];
			if (w == 'y') {
				assert_true(ask(&f));
				assert_string_equal(f.w.x.identity.user_arn, c->arn);
				assert_string_equal(f.w.x.identity.access_key, c->access_key);
				assert_string_equal(f.w.x.identity.caller, c->user_id);
				assert_string_equal(f.w.x.identity.account, c->account);
			} else {
				expect(&f, 403, "ACCESS_DENIED",
				       arena_printf(&f.w.arena,
						    "{\"Message\":\"User: %s is not authorized to "
						    "perform: execute-api:Invoke on resource: "
						    "arn:aws:execute-api:us-east-1:********9012:"
						    "shop/dev/"
						    "GET/products/42%s\"}",
						    c->arn,
						    w == 'd' ? " with an explicit deny" : ""));
			}
			c->policy = NULL;
			end(&f);
		}
	}
}

static void test_iam_refusals(void **state)
{
	(void)state;
	struct fixture f;
	begin(&f, GW_REST, GW_AUTH_IAM);
	expect(&f, 403, "MISSING_AUTHENTICATION_TOKEN",
	       "{\"message\":\"Missing Authentication Token\"}");
	assert_string_equal(world_got(&f.w, "x-amzn-ErrorType"),
			    "MissingAuthenticationTokenException");
	world_header(&f.w, "Authorization", "Bearer x");
	expect(&f, 403, "DEFAULT_4XX",
	       "{\"message\":\"'x' not a valid key=value pair (missing equal-sign) in "
	       "Authorization header: 'Bearer x'.\"}");
	assert_string_equal(world_got(&f.w, "x-amzn-ErrorType"), "IncompleteSignatureException");
	assert_false(authorize_identify(&f.w.x));
	end(&f);
	begin(&f, GW_HTTP, GW_AUTH_IAM);
	expect(&f, 403, "ACCESS_DENIED", "{\"message\":\"Forbidden\"}");
	sign(&f, &credentials[0]);
	expect(&f, 403, "ACCESS_DENIED", "{\"message\":\"Forbidden\"}");
	credentials[0].policy = json(&f, IDENTITY("Allow", "*"));
	assert_true(ask(&f));
	assert_true(authorize_identify(&f.w.x));
	credentials[0].policy = NULL;
	end(&f);
}

static void test_actions(void **state)
{
	(void)state;
	struct fixture f;
	begin(&f, GW_REST, GW_AUTH_IAM);
	assert_false(authorize_action(&f.w.x, "execute-api:InvalidateCache", ARN));
	sign(&f, &credentials[0]);
	assert_true(authorize_identify(&f.w.x));
	assert_false(authorize_action(&f.w.x, "execute-api:InvalidateCache", ARN));
	credentials[0].policy = json(&f, IDENTITY("Allow", "*"));
	assert_false(authorize_action(&f.w.x, "execute-api:InvalidateCache", ARN));
	assert_true(authorize_action(&f.w.x, "execute-api:Invoke", ARN));
	credentials[0].policy =
		json(&f, "{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"execute-api:*\","
			 "\"Resource\":\"*\"}]}");
	assert_true(authorize_action(&f.w.x, "execute-api:InvalidateCache", ARN));
	credentials[0].policy = NULL;
	end(&f);
}

/* ---- HTTP APIs ---- */

#define HTTP_ERROR "{\"message\":\"Internal Server Error\"}"
static void test_http_simple(void **state)
{
	(void)state;
	static const struct {
		const char *body;
		int status; /* 200: allowed */
	} cases[] = {
		{"{\"isAuthorized\":true}", 200},
		{"{\"isAuthorized\":true,\"context\":{\"a\":[1,{\"b\":null}]}}", 200},
		{"{\"isAuthorized\":false}", 403},
		{"{\"isAuthorized\":\"true\"}", 500},
		{"{}", 500},
		{"[]", 500},
		{"nonsense", 500},
		{"{\"principalId\":\"a\",\"policyDocument\":{\"Statement\":[]}}", 500},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct fixture f;
		begin(&f, GW_HTTP, GW_AUTH_CUSTOM);
		f.a.payload_v2 = f.a.simple = true;
		f.a.kind = GW_REQUEST_AUTHORIZER;
		world_answer(&f.w, 200, NULL, cases[i].body);
		if (cases[i].status == 200)
			assert_true(ask(&f));
		else
			expect(&f, cases[i].status,
			       cases[i].status == 403 ? "ACCESS_DENIED"
						      : "AUTHORIZER_CONFIGURATION_ERROR",
			       cases[i].status == 403 ? "{\"message\":\"Forbidden\"}" : HTTP_ERROR);
		assert_int_equal(f.w.function.timeout_ms, 10000);
		if (i == 1)
			assert_int_equal(node_get(f.w.x.authorizer, "a")->kind, NODE_LIST);
		end(&f);
	}
}

static void test_http_event2(void **state)
{
	(void)state;
	struct fixture f;
	begin(&f, GW_HTTP, GW_AUTH_CUSTOM);
	identity(&f, GW_REQUEST_AUTHORIZER, "$request.header.X-Who");
	identity(&f, GW_REQUEST_AUTHORIZER, "$request.querystring.q");
	identity(&f, GW_REQUEST_AUTHORIZER, "$context.routeKey");
	f.a.payload_v2 = f.a.simple = true;
	world_header(&f.w, "X-Who", "me");
	world_header(&f.w, "X-Who", "you");
	world_header(&f.w, "Cookie", "a=1; b=2");
	world_header(&f.w, "Cookie", "c=3");
	world_ask(&f.w, "GET", "/products/42?q=1&q=2", "");
	f.w.x.query.count = 0;
	gw_exchange_begin(&f.w.x);
	world_answer(&f.w, 200, NULL, "{\"isAuthorized\":true}");
	assert_true(ask(&f));
	struct node *event = json(&f, f.w.body);
	static const char *const members[] = {"version",        "type",
					      "routeArn",       "identitySource",
					      "routeKey",       "rawPath",
					      "rawQueryString", "cookies",
					      "headers",        "queryStringParameters",
					      "requestContext"};
	const struct node *m = event->child;
	for (size_t i = 0; i < ARRAY_LEN(members); i++, m = m->next)
		assert_string_equal(m->key->text, members[i]);
	assert_null(m);
	assert_string_equal(node_text(event, "routeArn"), ARN);
	assert_string_equal(node_text(event, "rawQueryString"), "q=1&q=2");
	assert_string_equal(node_get(event, "identitySource")->child->text, "me");
	assert_string_equal(node_text(node_get(event, "headers"), "x-who"), "me,you");
	assert_null(node_get(node_get(event, "headers"), "cookie"));
	assert_int_equal(node_get(event, "cookies")->count, 3);
	assert_string_equal(node_get(event, "cookies")->child->next->text, "b=2");
	assert_string_equal(node_text(node_get(event, "queryStringParameters"), "q"), "1,2");
	const struct node *c = node_get(event, "requestContext");
	assert_string_equal(node_text(node_get(c, "http"), "method"), "GET");
	assert_string_equal(node_text(c, "timeEpoch"), "1795770900000");
	/* kept: the same identity is not asked about again */
	assert_true(ask(&f));
	assert_int_equal(f.w.function_calls, 1);
	end(&f);
}

static void test_http_event1(void **state)
{
	(void)state;
	struct fixture f;
	begin(&f, GW_HTTP, GW_AUTH_CUSTOM);
	identity(&f, GW_REQUEST_AUTHORIZER, "$request.header.Authorization");
	identity(&f, GW_REQUEST_AUTHORIZER, "$stageVariables.v");
	expect(&f, 401, "UNAUTHORIZED", "{\"message\":\"Unauthorized\"}");
	world_header(&f.w, "Authorization", "t");
	gw_params_add(&f.w.arena, &f.w.x.variables, "v", "1");
	answer(&f, "Allow", "*", ",\"context\":{\"n\":1}");
	assert_true(ask(&f));
	struct node *event = json(&f, f.w.body);
	assert_string_equal(node_text(event, "version"), "1.0");
	assert_string_equal(node_text(event, "methodArn"), ARN);
	assert_string_equal(node_text(event, "identitySource"), "t,1");
	assert_string_equal(node_text(event, "authorizationToken"), "t,1");
	assert_null(node_get(event, "multiValueHeaders"));
	assert_int_equal(node_get(f.w.x.authorizer, "n")->kind, NODE_NUMBER);
	answer(&f, "Deny", "*", "");
	gw_params_add(&f.w.arena, &f.w.x.variables, "v", "2");
	expect(&f, 403, "ACCESS_DENIED", "{\"message\":\"Forbidden\"}");
	f.w.answer.end = GW_CALL_TIMEOUT;
	gw_params_add(&f.w.arena, &f.w.x.variables, "v", "3");
	expect(&f, 500, "AUTHORIZER_FAILURE", HTTP_ERROR);
	f.route.authorizer = NULL;
	expect(&f, 500, "AUTHORIZER_CONFIGURATION_ERROR", HTTP_ERROR);
	end(&f);
}

/* ---- WebSocket ---- */

static void test_websocket(void **state)
{
	(void)state;
	struct fixture f;
	begin(&f, GW_WEBSOCKET, GW_AUTH_CUSTOM);
	identity(&f, GW_REQUEST_AUTHORIZER, "route.request.querystring.q");
	f.route.key = "$connect";
	f.w.x.route_key = "$connect";
	f.w.x.connection_id = "abc=";
	f.w.x.connected_ms = WORLD_NOW_MS;
	answer(&f, "Allow", "arn:aws:execute-api:us-east-1:123456789012:shop/dev/$connect", "");
	assert_true(ask(&f));
	struct node *event = json(&f, f.w.body);
	assert_string_equal(node_text(event, "type"), "REQUEST");
	assert_null(node_get(event, "pathParameters"));
	const struct node *c = node_get(event, "requestContext");
	assert_string_equal(node_text(c, "eventType"), "CONNECT");
	assert_string_equal(node_text(c, "connectionId"), "abc=");
	answer(&f, "Deny", "*", "");
	auth_state_flush(f.state, NULL, NULL);
	assert_false(ask(&f));
	assert_string_equal(f.w.x.error_type, "ACCESS_DENIED");
	/* more than 8 KB of answer */
	auth_state_flush(f.state, NULL, NULL);
	char *large = arena_alloc(&f.w.arena, 9000);
	memset(large, 'x', 8999);
	answer(&f, "Allow", "*", arena_printf(&f.w.arena, ",\"context\":{\"k\":\"%s\"}", large));
	assert_false(ask(&f));
	assert_string_equal(f.w.x.error_type, "AUTHORIZER_CONFIGURATION_ERROR");
	end(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_none),
		cmocka_unit_test(test_source_address),
		cmocka_unit_test(test_condition_keys),
		cmocka_unit_test(test_token),
		cmocka_unit_test(test_validation),
		cmocka_unit_test(test_answers),
		cmocka_unit_test(test_long_resource),
		cmocka_unit_test(test_missing_function),
		cmocka_unit_test(test_cache),
		cmocka_unit_test(test_request),
		cmocka_unit_test(test_no_identity),
		cmocka_unit_test(test_with_resource_policy),
		cmocka_unit_test(test_iam),
		cmocka_unit_test(test_iam_refusals),
		cmocka_unit_test(test_actions),
		cmocka_unit_test(test_http_simple),
		cmocka_unit_test(test_http_event2),
		cmocka_unit_test(test_http_event1),
		cmocka_unit_test(test_websocket),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
