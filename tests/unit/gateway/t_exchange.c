/* t_exchange.c -- ids, times, trace headers, $context and access logs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/json.h"
#include "base/regex.h"
#include "world.h"

#include <string.h>

static void assert_looks(const char *text, const char *pattern)
{
	struct regex *re = regex_new(pattern, REGEX_WHOLE, (struct pos){0}, NULL);
	if (regex_match(re, text, strlen(text)) != REGEX_YES)
		fail_msg("\"%s\" is not like %s", text, pattern);
	regex_free(re);
}

static void test_ids(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	w.chance = UINT64_C(0xfedcba9876543210);
	gw_exchange_begin(&w.x);
	assert_looks(w.x.request_id, "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-"
				     "[0-9a-f]{12}");
	assert_looks(w.x.extended_id, "[A-Za-z0-9_-]{15}=");
	assert_looks(gw_trace_id(&w.x), "Root=1-[0-9a-f]{8}-[0-9a-f]{24}");
	assert_ptr_equal(gw_trace_id(&w.x), w.x.trace_id);
	for (int i = 0; i < 64; i++) { /* no program takes it for an option */
		w.chance = (uint64_t)i;
		assert_looks(gw_new_extended(&w.x), "[A-Za-z0-9_][A-Za-z0-9_-]{14}=");
	}
	world_clear(&w);
}

static void test_client_request_id(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	world_header(&w, "X-Amzn-RequestId", "my-own-id");
	gw_exchange_begin(&w.x);
	assert_string_equal(w.x.request_id, "my-own-id");
	world_clear(&w);
	world_init(&w);
	world_header(&w, "X-Amzn-RequestId", "<script>");
	gw_exchange_begin(&w.x);
	assert_looks(w.x.request_id, "[0-9a-f-]{36}");
	world_clear(&w);
	world_init(&w);
	w.api.type = GW_HTTP;
	gw_exchange_begin(&w.x);
	assert_ptr_equal(w.x.request_id, w.x.extended_id);
	world_clear(&w);
}

static void test_trace(void **state)
{
	(void)state;
	static const struct {
		const char *sent, *like;
	} cases[] = {
		{"Root=1-3152b799-8954dae64eda91bc9a23a7e8;Parent=7fa8c0f79203be72;Sampled=1",
		 "Root=1-3152b799-8954dae64eda91bc9a23a7e8;Parent=7fa8c0f79203be72;Sampled=1"},
		{"Root=1-3152b799-8954dae64eda91bc9a23a7e8",
		 "Root=1-3152b799-8954dae64eda91bc9a23a7e8;Parent=[0-9a-f]{16};Sampled=0"},
		{"Self=1;Root=1-3152b799-8954dae64eda91bc9a23a7e8; Sampled=0",
		 "Root=1-3152b799-8954dae64eda91bc9a23a7e8;Parent=[0-9a-f]{16};Sampled=0"},
		{"Root=1-3152b799", "Root=1-[0-9a-f]{8}-[0-9a-f]{24}"},
		{"Root=", "Root=1-[0-9a-f]{8}-[0-9a-f]{24}"},
		{"nothing;;", "Root=1-[0-9a-f]{8}-[0-9a-f]{24}"},
	};
	struct world w;
	world_init(&w);
	gw_exchange_begin(&w.x);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_looks(gw_new_trace(&w.x, cases[i].sent), cases[i].like);
	w.stage.xray = true;
	assert_looks(gw_new_trace(&w.x, NULL),
		     "Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=1");
	world_clear(&w);
}

static void test_texts(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	static struct gw_param variables[] = {{"host", "example.com"}, {"fn", "f"}};
	w.stage.variables = variables;
	w.stage.variable_count = 2;
	world_ask(&w, "GET", "/products/42?a=1", "");
	gw_exchange_begin(&w.x);
	assert_string_equal(gw_clf_time(&w.arena, WORLD_NOW_MS), "27/Nov/2026:09:15:00 +0000");
	assert_string_equal(gw_method_arn(&w.x), "arn:aws:execute-api:us-east-1:123456789012:"
						 "shop/dev/GET/products/42");
	assert_string_equal(
		gw_fill_variables(&w.x, "https://${stageVariables.host}/${stageVariables.no}x"),
		"https://example.com/x");
	assert_string_equal(gw_fill_variables(&w.x, "${stageVariables.fn"), "${stageVariables.fn");
	world_clear(&w);
}

static void test_context(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	struct gw_resource r = {.id = "abcdef", .path = "/products/{id}"};
	w.x.resource = &r;
	world_header(&w, "User-Agent", "test/1");
	gw_exchange_begin(&w.x);
	static const char *const pairs[][2] = {
		{"accountId", "123456789012"},
		{"apiId", "shop"},
		{"resourceId", "abcdef"},
		{"resourcePath", "/products/{id}"},
		{"httpMethod", "GET"},
		{"identity.sourceIp", "127.0.0.1"},
		{"identity.userAgent", "test/1"},
		{"path", "/dev/"},
		{"protocol", "HTTP/1.1"},
		{"requestTime", "27/Nov/2026:09:15:00 +0000"},
		{"requestTimeEpoch", "1795770900000"},
		{"stage", "dev"},
		{"deploymentId", "abc123"},
	};
	for (size_t i = 0; i < ARRAY_LEN(pairs); i++)
		assert_string_equal(gw_context_text(&w.x, pairs[i][0]), pairs[i][1]);
	static const char *const unknown[] = {"identity.apiKey", "integrationLatency", "routeKey",
					      "connectionId",    "error.message",      "nonsense",
					      "authorizer.x",    "identity",           ""};
	for (size_t i = 0; i < ARRAY_LEN(unknown); i++)
		assert_null(gw_context_text(&w.x, unknown[i]));
	world_clear(&w);
}

/* Keys of a map in the order of the alphabet, with blanks between. */
static const char *keys_of(struct arena *a, const struct node *map)
{
	const char *out = "";
	for (const struct node *m = map->child; m; m = m->next)
		out = arena_printf(a, "%s%s%s", out, *out ? " " : "", m->key->text);
	return out;
}

/* The keys that templates were recorded to see. */
static void test_context_map(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	struct gw_resource r = {.id = "abcdef", .path = "/sqs"};
	w.x.resource = &r;
	gw_exchange_begin(&w.x);
	for (int twice = 0; twice < 2; twice++) {
		const struct node *all = gw_context_node(&w.x, "");
		assert_string_equal(
			keys_of(&w.arena, all),
			"accountId apiId deploymentId domainName domainPrefix extendedRequestId "
			"httpMethod path protocol requestId requestTime requestTimeEpoch "
			"resourceId resourcePath stage identity requestOverride responseOverride");
		assert_string_equal(
			keys_of(&w.arena, node_get(all, "identity")),
			"accessKey accountId caller cognitoAuthenticationProvider "
			"cognitoAuthenticationType cognitoIdentityId cognitoIdentityPoolId "
			"principalOrgId sourceIp user userAgent userArn");
		assert_string_equal(keys_of(&w.arena, node_get(all, "requestOverride")),
				    "header path querystring");
		assert_string_equal(keys_of(&w.arena, node_get(all, "responseOverride")), "header");
	}
	assert_int_equal(gw_context_node(&w.x, "requestTimeEpoch")->kind, NODE_NUMBER);
	struct node *override = gw_context_node(&w.x, "requestOverride");
	node_set(&w.arena, override, "path", node_new_text(&w.arena, "/p"));
	assert_string_equal(gw_context_text(&w.x, "requestOverride.path"), "/p");
	assert_string_equal(node_text(w.x.request_override, "path"), "/p");
	assert_null(gw_context_node(&w.x, "authorizer"));
	world_clear(&w);
}

static void test_authorizer(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	gw_exchange_begin(&w.x);
	w.x.principal = "me";
	w.x.authorizer_us = 12000;
	w.x.authorizer = node_new(&w.arena, NODE_MAP);
	node_set(&w.arena, w.x.authorizer, "tier", node_new_text(&w.arena, "gold"));
	w.x.claims = node_new(&w.arena, NODE_MAP);
	node_set(&w.arena, w.x.claims, "cognito:username", node_new_text(&w.arena, "ann"));
	assert_string_equal(gw_context_text(&w.x, "authorizer.principalId"), "me");
	assert_string_equal(gw_context_text(&w.x, "authorizer.tier"), "gold");
	assert_string_equal(gw_context_text(&w.x, "authorizer.claims.cognito:username"), "ann");
	assert_string_equal(gw_context_text(&w.x, "authorizer.integrationLatency"), "12");
	assert_string_equal(keys_of(&w.arena, gw_context_node(&w.x, "authorizer")),
			    "tier claims principalId integrationLatency");
	world_clear(&w);
}

static void test_access_log(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	gw_exchange_begin(&w.x);
	w.x.response.status = 200;
	w.x.response.body = (struct slice){"abc", 3};
	struct str out = {0};
	gw_access_log(&out, &w.x,
		      "$context.identity.sourceIp $context.identity.caller [$context.requestTime] "
		      "\"$context.httpMethod $context.resourcePath $context.protocol\" "
		      "$context.status $context.responseLength. $context.nope-$context.stage$");
	assert_string_equal(out.p, "127.0.0.1 - [27/Nov/2026:09:15:00 +0000] \"GET - HTTP/1.1\" "
				   "200 3. --dev$");
	str_clear(&out);
	world_clear(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ids),        cmocka_unit_test(test_client_request_id),
		cmocka_unit_test(test_trace),      cmocka_unit_test(test_texts),
		cmocka_unit_test(test_context),    cmocka_unit_test(test_context_map),
		cmocka_unit_test(test_authorizer), cmocka_unit_test(test_access_log),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
