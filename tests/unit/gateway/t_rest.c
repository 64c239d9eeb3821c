/* t_rest.c -- the REST pipeline as a whole: the order of its stages, their rows, what every answer
 * carries, canaries, validation, the execution log. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/json.h"
#include "gateway/rest.h"
#include "gateway/restcheck.h"
#include "gateway/runtime.h"
#include "gateway/schema.h"
#include "gateway/vtl.h"
#include "world.h"

#include <stdlib.h>
#include <string.h>

/* An API with a MOCK at /pets and at /pets/{petId}, and a function proxy at /{proxy+}. */
struct shop {
	struct world w;
	struct gw_runtime rt;
	struct gw_resource root, pets, pet, rest;
	struct gw_method methods[3];
	struct gw_integration mock, mock_pet, proxy;
	struct gw_integration_response responses[2];
	struct gw_method_response ok;
	struct gw_template templates[3];
	struct str log;
	int done;
};

static struct gw_template compiled(struct shop *s, const char *text)
{
	struct vtl *vtl = vtl_compile(&s->w.arena, "t", 1, text, strlen(text), NULL);
	assert_non_null(vtl);
	return (struct gw_template){.type = "application/json", .text = text, .vtl = vtl};
}

static struct gw_integration mock_of(struct shop *s, int n)
{
	s->responses[n] = (struct gw_integration_response){
		.status = 200, .templates = &s->templates[n + 1], .template_count = 1};
	return (struct gw_integration){.type = GW_MOCK,
				       .templates = s->templates,
				       .template_count = 1,
				       .responses = &s->responses[n],
				       .response_count = 1};
}

static struct gw_resource node(struct shop *s, const char *path, const char *part, int method)
{
	return (struct gw_resource){.id = "abcdef",
				    .path = path,
				    .part = part,
				    .methods = &s->methods[method],
				    .method_count = 1};
}

static struct shop *shop_new(void)
{
	struct shop *s = xcalloc(1, sizeof(*s));
	world_init(&s->w);
	s->templates[0] = compiled(s, "{\"statusCode\": 200}");
	s->templates[1] = compiled(s, "{\"pets\": \"all the pets\"}");
	s->templates[2] = compiled(s, "{\"petId\": \"$input.params('petId')\"}");
	s->mock = mock_of(s, 0);
	s->mock_pet = mock_of(s, 1);
	s->proxy = (struct gw_integration){
		.type = GW_AWS_PROXY, .function = "fn", .http_method = "POST", .timeout_ms = 29000};
	s->ok = (struct gw_method_response){.status = 200};
	struct gw_integration *all[] = {&s->mock, &s->mock_pet, &s->proxy};
	for (int i = 0; i < 3; i++)
		s->methods[i] = (struct gw_method){.verb = i == 2 ? "ANY" : "GET",
						   .integration = all[i],
						   .responses = &s->ok,
						   .response_count = 1};
	s->root = node(s, "/", "", 0);
	s->root.method_count = 0;
	s->pets = node(s, "/pets", "pets", 0);
	s->pet = node(s, "/pets/{petId}", "{petId}", 1);
	s->pet.variable = "petId";
	s->rest = node(s, "/{proxy+}", "{proxy+}", 2);
	s->rest.variable = "proxy";
	s->rest.greedy = true;
	s->root.child = &s->pets;
	s->pets.next = &s->rest;
	s->pets.child = &s->pet;
	s->w.api.root = &s->root;
	s->rt = (struct gw_runtime){.gateway = &s->w.gateway, .outside = &s->w.outside};
	return s;
}

static void shop_free(struct shop *s)
{
	str_clear(&s->log);
	world_clear(&s->w);
	free(s);
}

static void count_done(struct gw_exchange *x, void *arg)
{
	(void)x;
	((struct shop *)arg)->done++;
}

static int run(struct shop *s)
{
	rest_run(&s->w.x, &s->rt, count_done, s);
	assert_int_equal(s->done, 1);
	assert_int_equal(s->w.x.trace.status, s->w.x.response.status);
	return s->w.x.response.status;
}

static enum gw_outcome outcome(const struct shop *s, enum gw_step step)
{
	return s->w.x.trace.rows[step].outcome;
}

static void test_answer(void **state)
{
	(void)state;
	struct shop *s = shop_new();
	world_ask(&s->w, "GET", "/pets", "");
	assert_int_equal(run(s), 200);
	assert_string_equal(world_body(&s->w), "{\"pets\": \"all the pets\"}");
	assert_string_equal(world_got(&s->w, "x-amzn-RequestId"), s->w.x.request_id);
	assert_string_equal(world_got(&s->w, "x-amz-apigw-id"), s->w.x.extended_id);
	assert_string_equal(world_got(&s->w, "X-Amzn-Trace-Id"), "");
	static const enum gw_outcome want[GW_STEP_COUNT] = {
		[GW_STEP_SIZE] = GW_PASSED,
		[GW_STEP_STAGE] = GW_PASSED,
		[GW_STEP_ROUTE] = GW_PASSED,
		[GW_STEP_VALIDATE] = GW_NONE,
		[GW_STEP_CACHE] = GW_NONE,
		[GW_STEP_REQUEST] = GW_PASSED,
		[GW_STEP_INTEGRATION] = GW_PASSED,
		[GW_STEP_RESPONSE] = GW_PASSED,
		[GW_STEP_METHOD_RESPONSE] = GW_PASSED,
	};
	for (int i = 0; i < GW_STEP_COUNT; i++)
		assert_int_equal(outcome(s, (enum gw_step)i), want[i]);
	assert_string_equal(s->w.x.trace.resource, "/pets");
	shop_free(s);
}

static void test_not_found(void **state)
{
	(void)state;
	static const struct {
		const char *verb, *path, *authorization, *body;
	} cases[] = {
		{"GET", "/", NULL, "{\"message\":\"Missing Authentication Token\"}"},
		{"POST", "/", "AWS4-HMAC-SHA256 x",
		 "{\"message\":\"Missing Authentication Token\"}"},
		{"GET", "/", "Bearer abc",
		 "{\"message\":\"'abc' not a valid key=value pair (missing equal-sign) in "
		 "Authorization header: 'Bearer abc'.\"}"},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct shop *s = shop_new();
		world_ask(&s->w, cases[i].verb, cases[i].path, "");
		if (cases[i].authorization)
			world_header(&s->w, "Authorization", cases[i].authorization);
		assert_int_equal(run(s), 403);
		assert_string_equal(world_body(&s->w), cases[i].body);
		assert_int_equal(outcome(s, GW_STEP_ROUTE), GW_REFUSED);
		assert_int_equal(outcome(s, GW_STEP_REQUEST), GW_NOT_REACHED);
		assert_true(*world_got(&s->w, "x-amzn-RequestId"));
		shop_free(s);
	}
}

static void test_no_stage(void **state)
{
	(void)state;
	struct shop *s = shop_new();
	s->w.x.stage = NULL;
	assert_int_equal(run(s), 403);
	assert_string_equal(world_body(&s->w), "{\"message\":\"Forbidden\"}");
	shop_free(s);
	s = shop_new();
	s->w.api.no_default_endpoint = true;
	assert_int_equal(run(s), 403);
	shop_free(s);
}

static char *long_text(struct shop *s, size_t n)
{
	char *text = arena_alloc(&s->w.arena, n + 1);
	memset(text, 'a', n);
	text[0] = '/';
	return text;
}

static void test_sizes(void **state)
{
	(void)state;
	struct shop *s = shop_new();
	s->w.request.body.len = MAX_REST_BODY + 1;
	assert_int_equal(run(s), 413);
	assert_true(s->w.x.response.plain);
	assert_string_equal(world_got(&s->w, "x-amzn-RequestId"), "");
	shop_free(s);
	s = shop_new();
	world_ask(&s->w, "GET", long_text(s, MAX_REST_URL), "");
	assert_int_equal(run(s), 414);
	shop_free(s);
	s = shop_new();
	world_ask(&s->w, "GET", long_text(s, 1590), ""); /* the ARN is what is too long */
	assert_int_equal(run(s), 414);
	shop_free(s);
	s = shop_new();
	world_header(&s->w, "X", long_text(s, MAX_REST_HEADERS));
	assert_int_equal(run(s), 431);
	shop_free(s);
	s = shop_new();
	s->w.api.endpoint = GW_PRIVATE;
	world_header(&s->w, "X", long_text(s, MAX_REST_PRIVATE_HEADERS));
	assert_int_equal(run(s), 431);
	shop_free(s);
	s = shop_new();
	world_ask(&s->w, "GET", "/pets?a={b}", "");
	assert_int_equal(run(s), 400);
	shop_free(s);
}

static void test_method_override(void **state)
{
	(void)state;
	struct shop *s = shop_new();
	world_ask(&s->w, "POST", "/pets", "");
	world_header(&s->w, "X-HTTP-Method-Override", "GET");
	assert_int_equal(run(s), 200);
	assert_string_equal(gw_context_text(&s->w.x, "httpMethod"), "GET");
	assert_int_equal(s->w.function_calls, 0);
	shop_free(s);
}

static void test_paths(void **state)
{
	(void)state;
	struct shop *s = shop_new();
	world_ask(&s->w, "GET", "//proxy-value", "");
	world_answer(&s->w, 200, NULL, "{\"statusCode\":200}");
	assert_int_equal(run(s), 200);
	assert_non_null(strstr(s->w.body, "\"path\":\"/proxy-value\""));
	assert_non_null(strstr(s->w.body, "\"path\":\"/dev//proxy-value\""));
	assert_non_null(strstr(s->w.body, "\"pathParameters\":{\"proxy\":\"proxy-value\"}"));
	shop_free(s);
}

/* Each of two draws, and the variables that a canary sees. */
static void test_canary(void **state)
{
	(void)state;
	static struct gw_param variables[] = {{"a", "1"}, {"b", "1"}};
	static struct gw_param overrides[] = {{"b", "2"}, {"c", "2"}};
	static const struct {
		double percent;
		uint64_t chance;
		bool canary;
	} cases[] = {
		{0, 0, false},
		{100, UINT64_MAX - 8, true},
		{50, 0, true},
		{50, UINT64_C(1) << 63, false},
		{50, (UINT64_C(1) << 63) - 4096, true},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct shop *s = shop_new();
		struct gw_canary canary = {
			.percent = cases[i].percent, .overrides = overrides, .override_count = 2};
		s->w.stage.variables = variables;
		s->w.stage.variable_count = 2;
		s->w.stage.canary = &canary;
		gw_exchange_begin(&s->w.x);
		s->w.chance = cases[i].chance;
		rest_draw_canary(&s->w.x, NULL);
		assert_int_equal(s->w.x.canary, cases[i].canary);
		assert_string_equal(gw_context_text(&s->w.x, "isCanaryRequest"),
				    cases[i].canary ? "true" : "false");
		assert_string_equal(gw_params_last(&s->w.x.variables, "a"), "1");
		assert_string_equal(gw_params_last(&s->w.x.variables, "b"),
				    cases[i].canary ? "2" : "1");
		assert_int_equal(s->w.x.variables.count, cases[i].canary ? 3 : 2);
		shop_free(s);
	}
}

/* ---- validation ---- */

static void test_parameters(void **state)
{
	(void)state;
	static struct gw_declared declared[] = {
		{GW_IN_QUERY, "qs1", true},    {GW_IN_PATH, "issuer", true},
		{GW_IN_HEADER, "x-b", true},   {GW_IN_HEADER, "x-a", true},
		{GW_IN_QUERY, "maybe", false},
	};
	static const struct {
		const char *query, *header, *message;
	} cases[] = {
		{"/pets", NULL, "[x-a, x-b, issuer, qs1]"},
		{"/pets?qs1=1", "x-a", "[x-b, issuer]"},
		{"/pets?qs1=", "X-A", "[x-a, x-b, issuer, qs1]"},
		{"/pets?qs1=+", NULL, "[x-a, x-b, issuer, qs1]"},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct shop *s = shop_new();
		s->methods[0].validate_params = true;
		s->methods[0].validate_body = true; /* comes later */
		s->methods[0].declared = declared;
		s->methods[0].declared_count = ARRAY_LEN(declared);
		world_ask(&s->w, "GET", cases[i].query, "{");
		if (cases[i].header)
			world_header(&s->w, cases[i].header, "v");
		assert_int_equal(run(s), 400);
		assert_string_equal(
			world_body(&s->w),
			arena_printf(&s->w.arena,
				     "{\"message\": \"Missing required request parameters: %s\"}",
				     cases[i].message));
		assert_int_equal(outcome(s, GW_STEP_VALIDATE), GW_REFUSED);
		shop_free(s);
	}
}

static void test_body_model(void **state)
{
	(void)state;
	static const char text[] = "{\"type\":\"object\",\"required\":[\"b\"]}";
	static const struct {
		const char *type, *body;
		int status;
	} cases[] = {
		{NULL, "{\"b\":1}", 200},
		{NULL, "{\"a\":1}", 400},
		{NULL, "", 400}, /* nothing is {} */
		{NULL, "no json", 400},
		{"application/json; charset=utf-8", "{\"a\":1}", 400},
		{"text/plain", "{\"a\":1}", 500}, /* no model for it, and no template */
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct shop *s = shop_new();
		struct node *root = NULL;
		assert_true(json_read(&s->w.arena, NULL, text, sizeof(text) - 1, &root, NULL));
		struct gw_model model = {
			.name = "M",
			.schema = root,
			.compiled = schema_compile(&s->w.arena, "m", root, NULL, NULL, NULL)};
		struct gw_body_model use = {"application/json", &model};
		s->methods[0].validate_body = true;
		s->methods[0].models = &use;
		s->methods[0].model_count = 1;
		world_ask(&s->w, "GET", "/pets", cases[i].body);
		if (cases[i].type)
			world_header(&s->w, "Content-Type", cases[i].type);
		assert_int_equal(run(s), cases[i].status);
		if (cases[i].status == 400) {
			assert_string_equal(world_body(&s->w),
					    "{\"message\": \"Invalid request body\"}");
			assert_non_null(gw_context_text(&s->w.x, "error.validationErrorString"));
		}
		schema_free(model.compiled);
		shop_free(s);
	}
}

/* ---- the rest ---- */

static void test_no_integration(void **state)
{
	(void)state;
	struct shop *s = shop_new();
	s->methods[0].integration = NULL;
	world_ask(&s->w, "GET", "/pets", "");
	assert_int_equal(run(s), 500);
	assert_string_equal(s->w.x.error_type, "API_CONFIGURATION_ERROR");
	shop_free(s);
}

static void test_compressed_request(void **state)
{
	(void)state;
	struct shop *s = shop_new();
	s->w.api.min_compression = 0;
	world_ask(&s->w, "POST", "/x", "not gzip");
	world_header(&s->w, "Content-Encoding", "gzip");
	assert_int_equal(run(s), 400);
	assert_int_equal(s->w.function_calls, 0);
	shop_free(s);
}

/* The log as it was recorded, without its times. */
static void test_log(void **state)
{
	(void)state;
	struct shop *s = shop_new();
	s->w.x.trace.log = &s->log;
	world_ask(&s->w, "GET", "/pets/123?foo=bar", "");
	assert_int_equal(run(s), 200);
	const char *want =
		arena_printf(&s->w.arena,
			     "Starting execution for request: %s\n"
			     "HTTP Method: GET, Resource Path: /pets/123\n"
			     "Method request path: {petId=123}\n"
			     "Method request query string: {foo=bar}\n"
			     "Method request headers: {}\n"
			     "Method request body before transformations: \n"
			     "Method response body after transformations: {\"petId\": \"123\"}\n"
			     "Method response headers: {Content-Type=application/json}\n"
			     "Successfully completed execution\n"
			     "Method completed with status: 200\n",
			     s->w.x.request_id);
	assert_string_equal(s->log.p, want);
	shop_free(s);
}

static void test_log_failure(void **state)
{
	(void)state;
	struct shop *s = shop_new();
	s->w.x.trace.log = &s->log;
	s->proxy.type = GW_HTTP_PROXY;
	s->proxy.uri = "https://${stageVariables.testHost}";
	world_ask(&s->w, "GET", "/x", "");
	assert_int_equal(run(s), 500);
	assert_non_null(strstr(s->log.p, "Execution failed due to configuration error: Invalid "
					 "endpoint address\nMethod completed with status: 500\n"));
	shop_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_answer),
		cmocka_unit_test(test_not_found),
		cmocka_unit_test(test_no_stage),
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_method_override),
		cmocka_unit_test(test_paths),
		cmocka_unit_test(test_canary),
		cmocka_unit_test(test_parameters),
		cmocka_unit_test(test_body_model),
		cmocka_unit_test(test_no_integration),
		cmocka_unit_test(test_compressed_request),
		cmocka_unit_test(test_log),
		cmocka_unit_test(test_log_failure),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
