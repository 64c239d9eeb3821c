/* t_httpapi.c -- HTTP APIs: routes, CORS, payload 2.0, parameter mapping, what failures become. */
#include "gateway/cors.h"
#include "gateway/event2.h"
#include "gateway/httpapi.h"
#include "gateway/httpmap.h"
#include "gateway/httproute.h"
#include "gateway/runtime.h"
#include "world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct gw_integration lambda = {
	.type = GW_AWS_PROXY, .function = "fn", .payload_v2 = true, .timeout_ms = 30000};
static struct gw_integration proxy = {
	.type = GW_HTTP_PROXY, .uri = "http://backend.example/base", .timeout_ms = 30000};

static struct gw_route route(const char *key, struct gw_integration *i)
{
	struct gw_route r = {.key = key, .integration = i};
	const char *space = strchr(key, ' ');
	static char verbs[16][8];
	static int used;
	if (space) {
		char *verb = verbs[used++ % 16];
		memcpy(verb, key, (size_t)(space - key));
		verb[space - key] = '\0';
		r.verb = verb;
		r.path = space + 1;
	}
	return r;
}

struct http_world {
	struct world w;
	struct gw_route routes[8];
	struct gw_runtime rt;
	int done;
};

static void begin(struct http_world *h, const char *key, struct gw_integration *i)
{
	memset(h, 0, sizeof(*h));
	world_init(&h->w);
	h->w.api.type = GW_HTTP;
	h->w.stage.name = "$default";
	h->routes[0] = route(key, i);
	h->w.api.routes = h->routes;
	h->w.api.route_count = 1;
}

static void is_done(struct gw_exchange *x, void *arg)
{
	(void)x;
	((struct http_world *)arg)->done++;
}

static void ask(struct http_world *h, const char *verb, const char *path, const char *body)
{
	world_ask(&h->w, verb, path, body);
	h->w.x.full_path = h->w.x.path;
	httpapi_run(&h->w.x, &h->rt, is_done, h);
	assert_int_equal(h->done, 1);
	assert_int_equal(strlen(world_got(&h->w, "apigw-requestid")), 16);
}

static void test_routes(void **state)
{
	static const char *const keys[] = {
		"GET /pets/dog/1", "GET /pets/dog/{id}", "GET /pets/{proxy+}", "ANY /{proxy+}",
		"$default",        "ANY /pets/dog/{id}", "GET /pets"};
	static const struct {
		const char *verb, *path, *key, *name, *value;
	} rows[] = {
		{"GET", "/pets/dog/1", "GET /pets/dog/1", NULL, NULL},
		{"GET", "/pets/dog/2", "GET /pets/dog/{id}", "id", "2"},
		{"GET", "/pets/cat/1", "GET /pets/{proxy+}", "proxy", "cat/1"},
		{"POST", "/test/5", "ANY /{proxy+}", "proxy", "test/5"},
		{"POST", "/pets/dog/a%20b", "ANY /pets/dog/{id}", "id", "a b"},
		{"GET", "/", "$default", NULL, NULL},
		{"GET", "/pets", "GET /pets", NULL, NULL},
		{"GET", "/pets/", "ANY /{proxy+}", "proxy", "pets/"},
	};
	struct arena a = {0};
	struct gw_route routes[ARRAY_LEN(keys)];
	struct gw_api api = {.type = GW_HTTP, .routes = routes, .route_count = ARRAY_LEN(keys)};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(keys); i++)
		routes[i] = route(keys[i], NULL);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct gw_params p = {0};
		const struct gw_route *r = http_route(&a, &api, rows[i].verb, rows[i].path, &p);
		assert_non_null(r);
		assert_string_equal(r->key, rows[i].key);
		assert_int_equal(p.count, rows[i].name ? 1 : 0);
		if (rows[i].name) {
			assert_string_equal(p.items[0].name, rows[i].name);
			assert_string_equal(p.items[0].value, rows[i].value);
		}
	}
	api.route_count = 3; /* no $default */
	struct gw_params none = {0};
	assert_null(http_route(&a, &api, "POST", "/pets/dog/1", &none));
	arena_clear(&a);
}

static void test_not_found(void **state)
{
	struct http_world h;
	(void)state;
	begin(&h, "GET /a", &lambda);
	ask(&h, "POST", "/a", "");
	assert_int_equal(h.w.x.response.status, 404);
	assert_string_equal(world_body(&h.w), "{\"message\":\"Not Found\"}");
	assert_string_equal(world_got(&h.w, "x-amzn-ErrorType"), "");
	assert_int_equal(h.w.function_calls, 0);
	assert_int_equal(h.w.x.trace.rows[GW_STEP_ROUTE].outcome, GW_REFUSED);
	world_clear(&h.w);
}

/* Only a custom domain leads to an API whose own address is switched off. */
static void test_no_default_endpoint(void **state)
{
	struct http_world h;
	(void)state;
	begin(&h, "GET /a", &lambda);
	h.w.api.no_default_endpoint = true;
	ask(&h, "GET", "/a", "");
	assert_int_equal(h.w.x.response.status, 404);
	assert_string_equal(world_body(&h.w), "{\"message\":\"Not Found\"}");
	assert_int_equal(h.w.x.trace.rows[GW_STEP_STAGE].outcome, GW_REFUSED);
	assert_int_equal(h.w.function_calls, 0);
	world_clear(&h.w);
}

static void test_event(void **state)
{
	struct http_world h;
	(void)state;
	begin(&h, "POST /a/{id}", &lambda);
	world_header(&h.w, "X-One", "1");
	world_header(&h.w, "x-one", "2");
	world_header(&h.w, "Cookie", "a=1; b=2");
	world_header(&h.w, "Content-Type", "application/json");
	world_answer(&h.w, 200, NULL, "{}");
	ask(&h, "POST", "/a/7?q=1&q=2&r=%2F", "{\"x\":1}");
	const char *event = h.w.body;
	static const char *const parts[] = {
		"{\"version\":\"2.0\",\"routeKey\":\"POST /a/{id}\",\"rawPath\":\"/a/7\","
		"\"rawQueryString\":\"q=1&q=2&r=%2F\",\"cookies\":[\"a=1\",\"b=2\"],\"headers\":{",
		"\"x-one\":\"1,2\"",
		"\"queryStringParameters\":{\"q\":\"1,2\",\"r\":\"/\"}",
		"\"http\":{\"method\":\"POST\",\"path\":\"/a/7\",\"protocol\":\"HTTP/1.1\","
		"\"sourceIp\":\"127.0.0.1\",\"userAgent\":",
		"\"stage\":\"$default\"",
		"\"pathParameters\":{\"id\":\"7\"}",
		"\"body\":\"{\\\"x\\\":1}\",\"isBase64Encoded\":false}",
	};
	for (size_t i = 0; i < ARRAY_LEN(parts); i++)
		assert_non_null(strstr(event, parts[i]));
	assert_null(strstr(event, "stageVariables"));
	assert_null(strstr(event, "\"cookie\""));
	world_clear(&h.w);
}

static void test_stage_variables(void **state)
{
	static struct gw_param variables[] = {{"a", "1"}};
	struct http_world h;
	(void)state;
	begin(&h, "$default", &lambda);
	h.w.stage.variables = variables;
	h.w.stage.variable_count = 1;
	ask(&h, "GET", "/", "");
	assert_non_null(strstr(h.w.body, "\"stageVariables\":{\"a\":\"1\"}"));
	world_clear(&h.w);
}

static void test_form_comes_in_base64(void **state)
{
	struct http_world h;
	(void)state;
	begin(&h, "$default", &lambda);
	world_header(&h.w, "Content-Type", "application/x-www-form-urlencoded");
	ask(&h, "POST", "/", "a=1");
	assert_non_null(strstr(h.w.body, "\"body\":\"YT0x\",\"isBase64Encoded\":true}"));
	assert_non_null(strstr(h.w.body, "\"routeKey\":\"$default\""));
	world_clear(&h.w);
}

static void test_answers(void **state)
{
	static const struct {
		const char *output;
		int status;
		const char *type, *body;
	} rows[] = {
		{"{\"hello\":\"world\"}", 200, "application/json", "{\"hello\":\"world\"}"},
		{"\"hello\"", 200, "application/json", "hello"},
		{"3", 200, "application/json", "3"},
		{"3.10", 200, "application/json", "3.10"},
		{"{\"statusCode\":200,\"body\":\"{}\"}", 200, "text/plain; charset=utf-8", "{}"},
		{"{\"statusCode\":\"418\",\"body\":\"tea\",\"isBase64Encoded\":false}", 418,
		 "text/plain; charset=utf-8", "tea"},
		{"{\"statusCode\":201,\"headers\":{\"Content-Type\":\"a/b\"},\"body\":\"eA==\","
		 "\"isBase64Encoded\":true}",
		 201, "a/b", "x"},
		{"{\"statusCode\":204}", 204, "text/plain; charset=utf-8", ""},
		{"{\"statusCode\":\"no\"}", 500, "application/json",
		 "{\"message\":\"Internal Server Error\"}"},
		{"{\"statusCode\":200,\"body\":{}}", 500, "application/json",
		 "{\"message\":\"Internal Server Error\"}"},
		{"{\"statusCode\":200,\"headers\":[]}", 500, "application/json",
		 "{\"message\":\"Internal Server Error\"}"},
		{"not json", 500, "application/json", "{\"message\":\"Internal Server Error\"}"},
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct http_world h;
		begin(&h, "$default", &lambda);
		world_answer(&h.w, 200, NULL, rows[i].output);
		ask(&h, "GET", "/", "");
		assert_int_equal(h.w.x.response.status, rows[i].status);
		assert_string_equal(world_got(&h.w, "content-type"), rows[i].type);
		assert_string_equal(world_body(&h.w), rows[i].body);
		world_clear(&h.w);
	}
}

static void test_cookies(void **state)
{
	struct http_world h;
	size_t i = 0;
	(void)state;
	begin(&h, "$default", &lambda);
	world_answer(&h.w, 200, NULL, "{\"statusCode\":200,\"cookies\":[\"a=1\",\"b=2; Path=/\"]}");
	ask(&h, "GET", "/", "");
	assert_string_equal(gw_headers_next(&h.w.x.response.headers, "set-cookie", &i), "a=1");
	assert_string_equal(gw_headers_next(&h.w.x.response.headers, "set-cookie", &i),
			    "b=2; Path=/");
	world_clear(&h.w);
}

static void test_failures(void **state)
{
	static const struct {
		enum gw_call_end end;
		int lambda, http;
		int invoked; /* status of the call of the function */
	} rows[] = {
		{GW_CALL_TIMEOUT, 503, 503, 0},   {GW_CALL_REFUSED, 500, 503, 200},
		{GW_CALL_NO_HOST, 500, 503, 200}, {GW_CALL_ERROR, 500, 500, 200},
		{GW_CALL_CRASHED, 500, 500, 200}, {GW_CALL_DENIED, 500, 500, 403},
		{GW_CALL_BUSY, 500, 500, 429},    {GW_CALL_TOO_LARGE_REQUEST, 413, 413, 413},
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows) * 2; i++) {
		bool http = i % 2;
		int status = http ? rows[i / 2].http : rows[i / 2].lambda;
		struct http_world h;
		begin(&h, "$default", http ? &proxy : &lambda);
		h.w.answer.end = rows[i / 2].end;
		ask(&h, "GET", "/", "");
		assert_int_equal(h.w.x.response.status, status);
		if (!http)
			assert_int_equal(h.w.x.integration_status, rows[i / 2].invoked);
		if (status == 503)
			assert_string_equal(world_body(&h.w),
					    "{\"message\":\"Service Unavailable\"}");
		assert_int_equal(h.w.x.trace.rows[GW_STEP_INTEGRATION].outcome, GW_FAILED);
		world_clear(&h.w);
	}
}

static void test_format_1(void **state)
{
	struct gw_integration i = lambda;
	struct http_world h;
	(void)state;
	i.payload_v2 = false;
	begin(&h, "GET /a", &i);
	world_answer(&h.w, 200, NULL,
		     "{\"statusCode\":200,\"body\":\"eA==\",\"isBase64Encoded\":true}");
	ask(&h, "GET", "/a", "");
	assert_non_null(strstr(h.w.body, "{\"version\":\"1.0\",\"resource\":\"/a\""));
	assert_string_equal(world_body(&h.w), "x");
	world_clear(&h.w);
	begin(&h, "GET /a", &i);
	world_answer(&h.w, 200, NULL, "{\"wrong\":1}");
	ask(&h, "GET", "/a", "");
	assert_int_equal(h.w.x.response.status, 500);
	world_clear(&h.w);
}

static void test_http_proxy(void **state)
{
	struct http_world h;
	(void)state;
	begin(&h, "$default", &proxy);
	world_header(&h.w, "Host", "shop.example");
	world_header(&h.w, "Connection", "close");
	world_header(&h.w, "X-Forwarded-For", "9.9.9.9");
	world_answer(&h.w, 207, "a/b", "text");
	gw_headers_add(&h.w.arena, &h.w.answer.headers, "Transfer-Encoding", "chunked");
	ask(&h, "PUT", "/x/y?q=a+b", "body");
	assert_string_equal(h.w.url, "http://backend.example/base/x/y?q=a%20b");
	assert_string_equal(h.w.http.method, "PUT");
	assert_string_equal(h.w.body, "body");
	assert_null(gw_headers_first(&h.w.http.headers, "Connection"));
	assert_null(gw_headers_first(&h.w.http.headers, "X-Forwarded-For"));
	assert_string_equal(gw_headers_first(&h.w.http.headers, "Forwarded"),
			    "by=127.0.0.1;for=127.0.0.1;host=shop.example;proto=http");
	assert_int_equal(h.w.x.response.status, 207);
	assert_string_equal(world_got(&h.w, "Transfer-Encoding"), "");
	assert_string_equal(world_body(&h.w), "text");
	world_clear(&h.w);
}

static void test_mapping(void **state)
{
	static struct gw_mapping params[] = {
		{"append:header.x-a", "$request.header.x-a", {0}},
		{"overwrite:header.x-b", "id ${request.path.id} of ${context.apiId}", {0}},
		{"remove:header.x-c", "''", {0}},
		{"append:querystring.q", "$request.body.n.m", {0}},
		{"overwrite:querystring.r", "fixed", {0}},
		{"remove:querystring.s", "''", {0}},
		{"overwrite:path", "/new/${request.path.id}", {0}},
	};
	static struct gw_mapping answers[] = {
		{"append:header.x-d", "$response.body.k", {0}},
		{"overwrite:statuscode", "403", {0}},
	};
	static struct gw_integration_response responses[] = {
		{.status = 404, .params = answers, .param_count = ARRAY_LEN(answers)}};
	struct gw_integration i = proxy;
	struct http_world h;
	(void)state;
	i.params = params;
	i.param_count = ARRAY_LEN(params);
	i.responses = responses;
	i.response_count = 1;
	begin(&h, "POST /a/{id}", &i);
	world_header(&h.w, "X-A", "1");
	world_header(&h.w, "X-C", "3");
	world_answer(&h.w, 404, "application/json", "{\"k\":\"v\"}");
	ask(&h, "POST", "/a/7?q=1&r=2&s=3", "{\"n\":{\"m\":5}}");
	assert_string_equal(h.w.url, "http://backend.example/new/7?q=1&q=5&r=fixed");
	assert_string_equal(gw_headers_first(&h.w.http.headers, "x-a"), "1,1");
	assert_string_equal(gw_headers_first(&h.w.http.headers, "x-b"), "id 7 of shop");
	assert_null(gw_headers_first(&h.w.http.headers, "x-c"));
	assert_int_equal(h.w.x.response.status, 403);
	assert_string_equal(world_got(&h.w, "x-d"), "v");
	world_clear(&h.w);
}

static void test_values(void **state)
{
	static const struct {
		const char *from, *want;
	} rows[] = {
		{"plain", "plain"},
		{"$request.path", "/a"},
		{"$request.header.none", NULL},
		{"${request.header.none}", NULL},
		{"a${request.header.none}b", "ab"},
		{"$context.apiId", "shop"},
		{"$nothing.known", NULL},
		{"$response.header.x", NULL},
		{"$5 and ${context.apiId}", NULL},
		{"${context.apiId", "shop"},
		{"10$", "10$"},
	};
	struct http_world h;
	(void)state;
	begin(&h, "$default", &lambda);
	world_ask(&h.w, "GET", "/a", "");
	gw_exchange_begin(&h.w.x);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const char *got = httpmap_value(&h.w.x, rows[i].from, false);
		if (rows[i].want)
			assert_string_equal(got, rows[i].want);
		else
			assert_null(got);
	}
	world_clear(&h.w);
}

static void test_cors(void **state)
{
	static const char *origins[] = {"https://shop.example", "http://*"};
	static const char *methods[] = {"GET", "POST"};
	static const char *headers[] = {"x-a"};
	static struct gw_cors cors = {.origins = origins,
				      .origin_count = 2,
				      .methods = methods,
				      .method_count = 2,
				      .headers = headers,
				      .header_count = 1,
				      .max_age_s = 300,
				      .credentials = true};
	struct http_world h;
	(void)state;
	begin(&h, "$default", &lambda);
	h.w.api.cors = &cors;
	world_header(&h.w, "Origin", "https://shop.example");
	world_header(&h.w, "Access-Control-Request-Method", "GET");
	ask(&h, "OPTIONS", "/", "");
	assert_int_equal(h.w.x.response.status, 204);
	assert_int_equal(h.w.function_calls, 0);
	assert_string_equal(world_got(&h.w, "access-control-allow-origin"), "https://shop.example");
	assert_string_equal(world_got(&h.w, "access-control-allow-methods"), "GET,POST");
	assert_string_equal(world_got(&h.w, "access-control-allow-headers"), "x-a");
	assert_string_equal(world_got(&h.w, "access-control-max-age"), "300");
	assert_string_equal(world_got(&h.w, "access-control-allow-credentials"), "true");
	world_clear(&h.w);
	begin(&h, "$default", &lambda); /* what the backend says of CORS is replaced */
	h.w.api.cors = &cors;
	world_header(&h.w, "Origin", "http://any.example");
	world_answer(&h.w, 200, NULL,
		     "{\"statusCode\":200,\"headers\":{\"Access-Control-Allow-Origin\":\"*\"}}");
	ask(&h, "GET", "/", "");
	assert_string_equal(world_got(&h.w, "access-control-allow-origin"), "http://any.example");
	world_clear(&h.w);
	begin(&h, "$default", &lambda); /* a stranger gets none, on errors too */
	h.w.api.cors = &cors;
	world_header(&h.w, "Origin", "https://evil.example");
	world_header(&h.w, "Access-Control-Request-Method", "GET");
	ask(&h, "OPTIONS", "/", "");
	assert_int_equal(h.w.x.response.status, 204);
	assert_string_equal(world_got(&h.w, "access-control-allow-origin"), "");
	world_clear(&h.w);
}

static void test_sizes(void **state)
{
	struct http_world h;
	char long_value[10400];
	(void)state;
	memset(long_value, 'x', sizeof(long_value) - 1);
	long_value[sizeof(long_value) - 1] = '\0';
	begin(&h, "$default", &lambda);
	world_header(&h.w, "X-Long", long_value);
	ask(&h, "GET", "/", "");
	assert_int_equal(h.w.x.response.status, 431);
	world_clear(&h.w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_routes),
		cmocka_unit_test(test_not_found),
		cmocka_unit_test(test_no_default_endpoint),
		cmocka_unit_test(test_event),
		cmocka_unit_test(test_stage_variables),
		cmocka_unit_test(test_form_comes_in_base64),
		cmocka_unit_test(test_answers),
		cmocka_unit_test(test_cookies),
		cmocka_unit_test(test_failures),
		cmocka_unit_test(test_format_1),
		cmocka_unit_test(test_http_proxy),
		cmocka_unit_test(test_mapping),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_cors),
		cmocka_unit_test(test_sizes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
