/* t_authorize.c -- who may call a REST API: resource policies with each kind of authorization,
 * Lambda authorizers with their events, answers and cache. IAM, HTTP and WebSocket APIs are in
 * t_authtypes.c, tokens in t_authtoken.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "authworld.h"
#include "base/json.h"

#include <string.h>

/* ---- no authorizer ---- */

static void test_none(void **state)
{
	(void)state;
	struct authworld f;
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
	struct authworld f;
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
	struct authworld f;
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
	struct authworld f;
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
	struct authworld f;
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
		struct authworld f;
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
	struct authworld f;
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
	struct authworld f;
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
	struct authworld f;
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
	struct authworld f;
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
	struct authworld f;
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
			struct authworld f;
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_none),           cmocka_unit_test(test_source_address),
		cmocka_unit_test(test_condition_keys), cmocka_unit_test(test_token),
		cmocka_unit_test(test_validation),     cmocka_unit_test(test_answers),
		cmocka_unit_test(test_long_resource),  cmocka_unit_test(test_missing_function),
		cmocka_unit_test(test_cache),          cmocka_unit_test(test_request),
		cmocka_unit_test(test_no_identity),    cmocka_unit_test(test_with_resource_policy),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
