/* t_authtypes.c -- IAM with both tables of policies, and the authorizers of HTTP and WebSocket
 * APIs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "authworld.h"
#include "base/json.h"
#include "gateway/sigv4.h"

#include <string.h>

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

static void sign(struct authworld *f, const struct gw_credential *c)
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
			struct authworld f;
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
	struct authworld f;
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
	struct authworld f;
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
		struct authworld f;
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
	struct authworld f;
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
	struct authworld f;
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
	struct authworld f;
	begin(&f, GW_WEBSOCKET, GW_AUTH_CUSTOM);
	identity(&f, GW_REQUEST_AUTHORIZER, "route.request.querystring.q");
	f.route.key = "$connect";
	f.w.x.route_key = "$connect";
	f.w.x.event_type = "CONNECT";
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
		cmocka_unit_test(test_iam),         cmocka_unit_test(test_iam_refusals),
		cmocka_unit_test(test_actions),     cmocka_unit_test(test_http_simple),
		cmocka_unit_test(test_http_event2), cmocka_unit_test(test_http_event1),
		cmocka_unit_test(test_websocket),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
