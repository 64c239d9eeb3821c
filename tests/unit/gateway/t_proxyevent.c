/* t_proxyevent.c -- the event of a Lambda proxy, whole and by its parts, and what answers are
 * taken. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "gateway/proxyevent.h"
#include "world.h"

#include <string.h>

static struct gw_resource proxy = {.id = "abcdef", .path = "/{proxy+}"};

static const struct node *event_of(struct world *w)
{
	struct str out = {0};
	struct node *root = NULL;
	gw_exchange_begin(&w->x);
	w->x.resource = &proxy;
	proxy_event(&out, &w->x);
	struct slice text = gw_keep(&w->arena, &out);
	assert_true(json_read(&w->arena, NULL, text.p, text.len, &root, NULL));
	return root;
}

static const char *as_json(struct world *w, const struct node *n)
{
	struct str out = {0};
	json_write(&out, n);
	return gw_keep(&w->arena, &out).p;
}

static const char *keys_of(struct world *w, const struct node *map)
{
	const char *out = "";
	for (const struct node *m = map->child; m; m = m->next)
		out = arena_printf(&w->arena, "%s%s%s", out, *out ? " " : "", m->key->text);
	return out;
}

static void test_keys(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	const struct node *e = event_of(&w);
	assert_string_equal(keys_of(&w, e),
			    "resource path httpMethod headers multiValueHeaders "
			    "queryStringParameters multiValueQueryStringParameters pathParameters "
			    "stageVariables requestContext body isBase64Encoded");
	static const char *const nulls[] = {"queryStringParameters",
					    "multiValueQueryStringParameters", "pathParameters",
					    "stageVariables", "body"};
	for (size_t i = 0; i < ARRAY_LEN(nulls); i++)
		assert_int_equal(node_get(e, nulls[i])->kind, NODE_NULL);
	const struct node *context = node_get(e, "requestContext");
	assert_string_equal(keys_of(&w, context),
			    "resourceId resourcePath httpMethod extendedRequestId requestTime path "
			    "accountId protocol stage domainPrefix requestId domainName "
			    "deploymentId apiId requestTimeEpoch identity");
	assert_string_equal(
		as_json(&w, node_get(context, "identity")),
		"{\"cognitoIdentityPoolId\":null,\"accountId\":null,\"cognitoIdentityId\":null,"
		"\"caller\":null,\"sourceIp\":\"127.0.0.1\",\"principalOrgId\":null,\"accessKey\":"
		"null,\"cognitoAuthenticationType\":null,\"cognitoAuthenticationProvider\":null,"
		"\"userArn\":null,\"userAgent\":null,\"user\":null}");
	world_clear(&w);
}

static void test_maps(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	world_ask(&w, "POST", "/a%20b?x=1&y=two+words&x=%2B", "hi");
	world_header(&w, "tEsT", "one");
	world_header(&w, "Content-Length", "2");
	world_header(&w, "test", "two");
	world_header(&w, "X-Forwarded-For", "10.0.0.1");
	world_header(&w, "Host", "localhost:8787");
	world_header(&w, "authorization", "x");
	gw_params_add(&w.arena, &w.x.path_params, "proxy", "a%20b");
	const struct node *e = event_of(&w);
	assert_string_equal(as_json(&w, node_get(e, "queryStringParameters")),
			    "{\"x\":\"+\",\"y\":\"two words\"}");
	assert_string_equal(as_json(&w, node_get(e, "multiValueQueryStringParameters")),
			    "{\"x\":[\"1\",\"+\"],\"y\":[\"two words\"]}");
	assert_string_equal(as_json(&w, node_get(e, "pathParameters")), "{\"proxy\":\"a%20b\"}");
	const struct node *h = node_get(e, "headers");
	assert_string_equal(node_text(h, "tEsT"), "two");
	assert_null(node_get(h, "Content-Length"));
	assert_string_equal(node_text(h, "X-Forwarded-For"), "10.0.0.1, 127.0.0.1");
	assert_string_equal(node_text(h, "X-Forwarded-Port"), "8787");
	assert_string_equal(node_text(h, "X-Forwarded-Proto"), "http");
	assert_string_equal(node_text(h, "authorization"), "x");
	assert_string_equal(as_json(&w, node_get(node_get(e, "multiValueHeaders"), "tEsT")),
			    "[\"one\",\"two\"]");
	assert_string_equal(node_text(e, "path"), "/a%20b");
	assert_string_equal(node_text(node_get(e, "requestContext"), "path"), "/dev/a%20b");
	assert_string_equal(node_text(e, "body"), "hi");
	world_clear(&w);
}

/* CloudFront respells some names on the way to an edge-optimized API. */
static void test_edge(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	w.api.endpoint = GW_EDGE;
	world_header(&w, "aUThorization", "x");
	world_header(&w, "tEsT", "one");
	const struct node *h = node_get(event_of(&w), "headers");
	assert_string_equal(node_text(h, "Authorization"), "x");
	assert_string_equal(node_text(h, "tEsT"), "one");
	world_clear(&w);
}

static void test_bodies(void **state)
{
	(void)state;
	static const char *types[] = {"image/png"};
	static const struct {
		const char *type, *body, *want;
		bool base64;
	} cases[] = {
		{"image/png", "text", "dGV4dA==", true},
		{"text/plain", "text", "text", false},
		{NULL, "\xff\xfe", "//4=", true},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct world w;
		world_init(&w);
		w.api.binary_types = types;
		w.api.binary_count = 1;
		world_ask(&w, "POST", "/", cases[i].body);
		if (cases[i].type)
			world_header(&w, "Content-Type", cases[i].type);
		const struct node *e = event_of(&w);
		assert_string_equal(node_text(e, "body"), cases[i].want);
		assert_string_equal(node_text(e, "isBase64Encoded"),
				    cases[i].base64 ? "true" : "false");
		world_clear(&w);
	}
}

static void test_context_extras(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	struct gw_client_cert cert = {.pem = "pem", .subject_dn = "CN=me", .not_after = "2027"};
	w.request.cert = &cert;
	struct gw_method method = {.verb = "GET", .operation = "listPets"};
	w.x.method = &method;
	w.x.canary_set = true;
	w.x.identity.api_key = "k";
	w.x.identity.api_key_id = "kid";
	w.x.principal = "me";
	w.x.authorizer = node_new(&w.arena, NODE_MAP);
	node_set(&w.arena, w.x.authorizer, "n", node_new_text(&w.arena, "123"));
	const struct node *c = node_get(event_of(&w), "requestContext");
	assert_string_equal(as_json(&w, node_get(c, "authorizer")),
			    "{\"n\":\"123\",\"principalId\":\"me\"}");
	assert_string_equal(node_text(c, "isCanaryRequest"), "false");
	assert_string_equal(node_text(c, "operationName"), "listPets");
	const struct node *identity = node_get(c, "identity");
	assert_string_equal(node_text(identity, "apiKeyId"), "kid");
	const struct node *known = node_get(identity, "clientCert");
	assert_string_equal(node_text(known, "subjectDN"), "CN=me");
	assert_string_equal(node_text(node_get(known, "validity"), "notAfter"), "2027");
	world_clear(&w);
}

/* ---- answers ---- */

static void test_refused(void **state)
{
	(void)state;
	static const char *const bad[] = {
		"",
		"null",
		"\"justAString\"",
		"[]",
		"not json",
		"{\"statusCode\":200,\"wrongValue\":\"value\"}",
		"{\"statusCode\":\"test\"}",
		"{\"statusCode\":99}",
		"{\"statusCode\":100}",
		"{\"statusCode\":1000}",
		"{\"statusCode\":200.5}",
		"{\"statusCode\":true}",
		"{\"headers\":{\"a\":1}}",
		"{\"headers\":\"a\"}",
		"{\"headers\":{\"a b\":\"1\"}}",
		"{\"headers\":{\"\":\"1\"}}",
		"{\"headers\":{\"a\":\"1\\r\\nx: y\"}}",
		"{\"headers\":{\"a\":\"1\\u00002\"}}",
		"{\"headers\":{\"a\":{\"b\":\"c\"}}}",
		"{\"multiValueHeaders\":{\"a\":\"1\"}}",
		"{\"multiValueHeaders\":{\"a\":[{}]}}",
		"{\"body\":{\"an\":\"object\"}}",
		"{\"body\":5}",
	};
	struct arena a = {0};
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct proxy_answer out;
		const char *error = NULL;
		if (proxy_answer_read(&a, (struct slice){bad[i], strlen(bad[i])}, &out, &error))
			fail_msg("%s was taken", bad[i]);
		assert_non_null(error);
	}
	arena_clear(&a);
}

static void test_taken(void **state)
{
	(void)state;
	static const struct {
		const char *output;
		int status;
		const char *headers, *body;
		bool base64;
	} cases[] = {
		{"{}", 200, "Content-Type: application/json|", "", false},
		{"{\"statusCode\":\"201\"}", 201, "Content-Type: application/json|", "", false},
		{"{\"statusCode\":null,\"headers\":null,\"body\":null}", 200,
		 "Content-Type: application/json|", "", false},
		{"{\"headers\":{\"content-type\":\"text/xml\",\"b\":true}}", 200,
		 "content-type: text/xml|b: true|", "", false},
		{"{\"headers\":{\"TEST\":\"solo\"},\"multiValueHeaders\":{\"Test\":[\"m1\",\"m2\"]}"
		 ","
		 "\"body\":\"x\",\"isBase64Encoded\":true}",
		 200, "Test: m1|Test: m2|Test: solo|Content-Type: application/json|", "x", true},
	};
	struct arena a = {0};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct proxy_answer out;
		const char *error = NULL;
		struct slice text = {cases[i].output, strlen(cases[i].output)};
		assert_true(proxy_answer_read(&a, text, &out, &error));
		assert_int_equal(out.status, cases[i].status);
		assert_int_equal(out.base64, cases[i].base64);
		assert_int_equal(out.body.len, strlen(cases[i].body));
		const char *all = "";
		for (size_t k = 0; k < out.headers.count; k++)
			all = arena_printf(&a, "%s%s: %s|", all, out.headers.items[k].name,
					   out.headers.items[k].value);
		assert_string_equal(all, cases[i].headers);
	}
	arena_clear(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_keys),           cmocka_unit_test(test_maps),
		cmocka_unit_test(test_edge),           cmocka_unit_test(test_bodies),
		cmocka_unit_test(test_context_extras), cmocka_unit_test(test_refused),
		cmocka_unit_test(test_taken),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
