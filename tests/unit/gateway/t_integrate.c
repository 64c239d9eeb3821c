/* t_integrate.c -- integrations of all types: what is sent, what is selected, what fails how. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "gateway/integrate.h"
#include "gateway/javaregex.h"
#include "gateway/vtl.h"
#include "world.h"

#include <stdlib.h>
#include <string.h>

#define MAX_PARTS 12

/* An integration under construction, with room for its parts. */
struct bench {
	struct world w;
	struct gw_integration i;
	struct gw_mapping params[MAX_PARTS];
	struct gw_template templates[MAX_PARTS];
	struct gw_integration_response responses[MAX_PARTS];
	struct gw_mapping response_params[MAX_PARTS];
	struct gw_template response_templates[MAX_PARTS];
	struct gw_method method;
	struct gw_method_response method_responses[MAX_PARTS];
	const char *headers[MAX_PARTS];
	struct gw_resource resource;
	int done;
};

static struct bench *bench_new(enum gw_integration_type type)
{
	struct bench *b = xcalloc(1, sizeof(*b));
	world_init(&b->w);
	b->i = (struct gw_integration){.type = type,
				       .http_method = "POST",
				       .timeout_ms = 29000,
				       .params = b->params,
				       .templates = b->templates,
				       .responses = b->responses};
	if (type == GW_HTTP_CUSTOM || type == GW_HTTP_PROXY)
		b->i.uri = "http://backend/post";
	if (type == GW_AWS || type == GW_AWS_PROXY)
		b->i.function = "fn";
	b->method = (struct gw_method){
		.verb = "ANY", .integration = &b->i, .responses = b->method_responses};
	b->resource = (struct gw_resource){.id = "abcdef", .path = "/"};
	b->w.x.method = &b->method;
	b->w.x.resource = &b->resource;
	return b;
}

static void bench_free(struct bench *b)
{
	for (size_t i = 0; i < b->i.response_count; i++)
		regex_free(b->responses[i].re);
	world_clear(&b->w);
	free(b);
}

static void map(struct bench *b, const char *to, const char *from)
{
	b->params[b->i.param_count++] = (struct gw_mapping){.to = to, .from = from};
}

static struct gw_template template_of(struct bench *b, const char *type, const char *text)
{
	struct vtl *vtl = vtl_compile(&b->w.arena, "t", 1, text, strlen(text), NULL);
	assert_non_null(vtl);
	return (struct gw_template){.type = type, .text = text, .vtl = vtl};
}

static void request_template(struct bench *b, const char *type, const char *text)
{
	b->templates[b->i.template_count++] = template_of(b, type, text);
}

/* A response and the method response it leads to. */
static struct gw_integration_response *respond(struct bench *b, const char *pattern, int status)
{
	struct gw_integration_response *r = &b->responses[b->i.response_count++];
	*r = (struct gw_integration_response){.status = status, .params = b->response_params};
	if (pattern) {
		r->pattern = pattern;
		r->re = javaregex_compile(pattern, strlen(pattern), true, (struct pos){0}, NULL);
	}
	b->method_responses[b->method.response_count++] =
		(struct gw_method_response){.status = status, .headers = b->headers};
	return r;
}

static void response_header(struct bench *b, const char *name, const char *from)
{
	struct gw_integration_response *r = &b->responses[0];
	b->response_params[r->param_count++] = (struct gw_mapping){
		.to = arena_printf(&b->w.arena, "method.response.header.%s", name), .from = from};
	b->headers[b->method_responses[0].header_count++] = name;
}

static void count_done(struct gw_exchange *x, void *arg)
{
	(void)x;
	((struct bench *)arg)->done++;
}

static void run(struct bench *b)
{
	gw_exchange_begin(&b->w.x);
	integrate(&b->w.x, &b->i, count_done, b);
	assert_int_equal(b->done, 1);
}

static const char *sent(struct bench *b, const char *name)
{
	const char *v = gw_headers_last(&b->w.http.headers, name);
	return v ? v : "";
}

/* ---- MOCK ---- */

static void test_mock_status(void **state)
{
	(void)state;
	static const struct {
		const char *template;
		int status;
	} cases[] = {
		{"{\"statusCode\": 200}", 200},
		{"{statusCode: 200}", 200},
		{"{\n  \"statusCode\" : 404\n}\n", 404},
		{"{ 'statusCode': 404 }", 404},
		{"{\"message\": \"x\", \"statusCode\": 404}", 404},
		{"{\"a\": {\"statusCode\": 404}, \"statusCode\": 200}", 200},
		{"{statusCode: 404,super{ f}oo: [ba r]}", 404},
		{"{statusCode: 404, \"value\": 'goog'}", 404},
		{"{statusCode: 404, foo}: [ba r]}", 404},
		{"{statusCode: 404, }foo: ''}", 404},
		{"{statusCode: 404, \"\": \"\"}", 404},
		{"{\"statusCode\": 404 ,, }", 404},
		{"{\"statusCode\": 404 , null: null }", 404},
		{"{\"statusCode\": -1}", 200},
		{"{\"statusCode\": \"404\"}", 500},
		{"{\"statusCode': 200 }", 500},
		{"{'statusCode: 200 }", 500},
		{"{statusCode: 200, {foo: [ba r]}", 500},
		{"{statusCode: 200, foo}", 500},
		{"statusCode: 200", 500},
		{"{\"statusCode\": abc}", 500},
		{"{\"statusCode\": 200.5}", 500},
		{"{\"statusCode\": 99999999999}", 500},
		{"{\"statusCode\": 200", 500},
		{"{\"statusCodes\": 200}", 500},
		{"{}", 500},
		{"{", 500},
		{"[200]", 500},
		{"", 500},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct bench *b = bench_new(GW_MOCK);
		request_template(b, "application/json", cases[i].template);
		respond(b, NULL, 200);
		respond(b, "404", 404);
		run(b);
		assert_int_equal(b->w.x.response.status, cases[i].status);
		if (cases[i].status == 500)
			assert_string_equal(b->w.x.error_type, "API_CONFIGURATION_ERROR");
		bench_free(b);
	}
}

static void test_mock_answer(void **state)
{
	(void)state;
	struct bench *b = bench_new(GW_MOCK);
	request_template(
		b, "application/json",
		"#set($context.responseOverride.header.X-Two = \"2\"){\"statusCode\":200}");
	struct gw_integration_response *r = respond(b, NULL, 200);
	b->response_templates[0] =
		template_of(b, "application/json",
			    "#set($context.responseOverride.status = 202)got: $input.body");
	r->templates = b->response_templates;
	r->template_count = 1;
	response_header(b, "Access-Control-Allow-Origin", "'*'");
	response_header(b, "Server", "'me'");
	world_ask(&b->w, "GET", "/", "{\"client\": 1}");
	run(b);
	assert_int_equal(b->w.x.response.status, 202);
	assert_string_equal(world_body(&b->w), "got: {}");
	assert_string_equal(world_got(&b->w, "Access-Control-Allow-Origin"), "*");
	assert_string_equal(world_got(&b->w, "X-Two"), "2");
	assert_string_equal(world_got(&b->w, "Server"), "");
	assert_string_equal(world_got(&b->w, "x-amzn-Remapped-Server"), "me");
	assert_string_equal(world_got(&b->w, "X-Amzn-Trace-Id"), "");
	assert_int_equal(b->w.x.integration_us, 0);
	bench_free(b);
}

/* ---- templates ---- */

static void test_passthrough(void **state)
{
	(void)state;
	static const struct {
		enum gw_passthrough behaviour;
		bool template;
		const char *type;
		int status;
		const char *body;
	} cases[] = {
		{GW_WHEN_NO_MATCH, true, "text/plain", 200, "in"},
		{GW_WHEN_NO_MATCH, true, "application/json; charset=utf-8", 200, "made"},
		{GW_WHEN_NO_MATCH, true, NULL, 200, "made"},
		{GW_WHEN_NO_TEMPLATES, true, "text/plain", 415, NULL},
		{GW_WHEN_NO_TEMPLATES, false, "text/plain", 200, "in"},
		{GW_NEVER, true, "text/plain", 415, NULL},
		{GW_NEVER, false, "application/json", 415, NULL},
		{GW_NEVER, true, "application/json", 200, "made"},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct bench *b = bench_new(GW_HTTP_CUSTOM);
		b->i.passthrough = cases[i].behaviour;
		if (cases[i].template)
			request_template(b, "application/json", "made");
		respond(b, NULL, 200);
		world_ask(&b->w, "POST", "/", "in");
		if (cases[i].type)
			world_header(&b->w, "Content-Type", cases[i].type);
		run(b);
		assert_int_equal(b->w.x.response.status, cases[i].status);
		assert_int_equal(b->w.http_calls, cases[i].body != NULL);
		if (cases[i].body)
			assert_string_equal(b->w.body, cases[i].body);
		bench_free(b);
	}
}

static void test_template_default(void **state)
{
	(void)state;
	struct gw_template t[] = {{.type = "$default", .text = "d"},
				  {.type = "text/xml", .text = "x"}};
	assert_string_equal(integration_template(t, 2, "TEXT/xml")->text, "x");
	assert_string_equal(integration_template(t, 2, "a/b")->text, "d");
	assert_null(integration_template(t + 1, 1, "a/b"));
}

static void test_template_fails(void **state)
{
	(void)state;
	struct bench *b = bench_new(GW_HTTP_CUSTOM);
	request_template(b, "application/json", "$input.path('$..[').x $input.json('][')");
	respond(b, NULL, 200);
	run(b);
	assert_int_equal(b->w.x.response.status, 500);
	bench_free(b);
}

/* ---- HTTP ---- */

static void test_http_request(void **state)
{
	(void)state;
	struct bench *b = bench_new(GW_HTTP_CUSTOM);
	b->i.uri = "http://backend/{id}/x?fixed=1";
	map(b, "integration.request.path.id", "method.request.path.id");
	map(b, "integration.request.header.X-Q", "method.request.querystring.q");
	map(b, "integration.request.header.Gone", "method.request.header.Nope");
	map(b, "integration.request.header.Via", "'somewhere'");
	map(b, "integration.request.querystring.all", "method.request.multivaluequerystring.q");
	respond(b, NULL, 200);
	world_ask(&b->w, "GET", "/?q=a&q=b c", "");
	world_header(&b->w, "Content-Type", "application/json");
	world_header(&b->w, "X-Client", "secret");
	gw_params_add(&b->w.arena, &b->w.x.path_params, "id", "a b%2F1");
	run(b);
	assert_string_equal(b->w.url, "http://backend/a%20b%2F1/x?fixed=1&all=a&all=b%20c");
	assert_string_equal(b->w.http.method, "POST");
	assert_string_equal(sent(b, "X-Q"), "b c");
	assert_string_equal(sent(b, "Accept"), "application/json");
	assert_string_equal(sent(b, "User-Agent"), "AmazonAPIGateway_shop");
	assert_string_equal(sent(b, "X-Amzn-Apigateway-Api-Id"), "shop");
	assert_true(str_starts(sent(b, "X-Amzn-Trace-Id"), "Root=1-"));
	static const char *const absent[] = {"Gone", "Via", "X-Client", "Content-Type", "Host"};
	for (size_t i = 0; i < ARRAY_LEN(absent); i++)
		assert_string_equal(sent(b, absent[i]), "");
	assert_true(str_starts(world_got(&b->w, "X-Amzn-Trace-Id"), "Root=1-"));
	assert_int_equal(b->w.x.integration_status, 200);
	assert_int_equal(b->w.x.integration_us, 5000);
	bench_free(b);
}

static void test_overrides(void **state)
{
	(void)state;
	struct bench *b = bench_new(GW_HTTP_CUSTOM);
	b->i.uri = "http://backend/{id}";
	map(b, "integration.request.path.id", "'mapped'");
	map(b, "integration.request.header.X", "'mapped'");
	map(b, "integration.request.querystring.q", "'mapped'");
	request_template(b, "application/json",
			 "#set($context.requestOverride.path.id = \"over\")"
			 "#set($context.requestOverride.header.X = \"over\")"
			 "#set($context.requestOverride.querystring.q = [\"1\", \"2\"])body");
	respond(b, NULL, 200);
	run(b);
	assert_string_equal(b->w.url, "http://backend/over?q=1&q=2");
	assert_string_equal(sent(b, "X"), "over");
	assert_string_equal(b->w.body, "body");
	bench_free(b);
}

static void test_illegal_headers(void **state)
{
	(void)state;
	static const struct {
		enum gw_integration_type type;
		const char *to;
		int status;
	} cases[] = {
		{GW_HTTP_CUSTOM, "integration.request.header.content-length", 500},
		{GW_HTTP_PROXY, "integration.request.header.Transfer-Encoding", 500},
		{GW_HTTP_CUSTOM, "integration.request.header.X-Amzn-Trace-Id", 500},
		{GW_AWS_PROXY, "integration.request.header.x-amzn-apigateway-api-id", 500},
		{GW_AWS, "integration.request.header.Authorization", 500},
		{GW_AWS_PROXY, "integration.request.header.TE", 500},
		{GW_AWS, "integration.request.header.Expect", 500},
		{GW_HTTP_CUSTOM, "integration.request.header.Authorization", 200},
		{GW_HTTP_PROXY, "integration.request.header.TE", 200},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct bench *b = bench_new(cases[i].type);
		map(b, cases[i].to, "'x'");
		respond(b, NULL, 200);
		run(b);
		assert_int_equal(b->w.x.response.status, cases[i].status);
		bench_free(b);
	}
}

static void test_mapping_not_json(void **state)
{
	(void)state;
	struct bench *b = bench_new(GW_HTTP_CUSTOM);
	map(b, "integration.request.header.X", "method.request.body.a");
	respond(b, NULL, 200);
	world_ask(&b->w, "POST", "/", "{no json");
	run(b);
	assert_int_equal(b->w.x.response.status, 400);
	assert_string_equal(world_body(&b->w), "{\"message\": \"Invalid JSON in request body\"}");
	bench_free(b);
}

static void test_http_proxy(void **state)
{
	(void)state;
	struct bench *b = bench_new(GW_HTTP_PROXY);
	b->i.http_method = "ANY";
	map(b, "integration.request.header.Accept", "'text/html'");
	map(b, "integration.request.header.Upgrade", "'h2c'");
	map(b, "integration.request.querystring.q", "'foo'");
	world_ask(&b->w, "PUT", "/?q=bar", "\xff");
	static const char *const client[][2] = {
		{"Accept", "application/json"},
		{"Host", "h"},
		{"Connection", "close"},
		{"Content-Encoding", "br"},
		{"Via", "v"},
		{"TE", "t"},
		{"Authorization", "Basic x"},
		{"X-Forwarded-For", "1"},
		{"Content-Type", "a/b"},
	};
	for (size_t i = 0; i < ARRAY_LEN(client); i++)
		world_header(&b->w, client[i][0], client[i][1]);
	static const char *const back[][2] = {
		{"Server", "s"}, {"Transfer-Encoding", "chunked"}, {"X-Own", "1"}, {"X-Own", "2"},
		{"Via", "v"},    {"Content-Encoding", "gzip"},
	};
	world_answer(&b->w, 418, "a/b", "tea");
	for (size_t i = 0; i < ARRAY_LEN(back); i++)
		gw_headers_add(&b->w.arena, &b->w.answer.headers, back[i][0], back[i][1]);
	run(b);
	assert_string_equal(b->w.http.method, "PUT");
	assert_string_equal(b->w.url, "http://backend/post?q=bar&q=foo");
	assert_string_equal(b->w.body, "\xef\xbf\xbd");
	assert_string_equal(sent(b, "Accept"), "text/html");
	assert_string_equal(sent(b, "Upgrade"), "h2c");
	assert_string_equal(sent(b, "Authorization"), "Basic x");
	assert_string_equal(sent(b, "X-Forwarded-For"), "1");
	assert_string_equal(sent(b, "Content-Type"), "a/b");
	static const char *const absent[] = {"Host", "Connection", "Content-Encoding", "Via", "TE"};
	for (size_t i = 0; i < ARRAY_LEN(absent); i++)
		assert_string_equal(sent(b, absent[i]), "");
	assert_int_equal(b->w.x.response.status, 418);
	assert_string_equal(world_body(&b->w), "tea");
	assert_string_equal(world_got(&b->w, "x-amzn-Remapped-Server"), "s");
	static const char *const dropped[] = {"Server", "Transfer-Encoding", "Via",
					      "Content-Encoding", "X-Amzn-Trace-Id"};
	for (size_t i = 0; i < ARRAY_LEN(dropped); i++)
		assert_string_equal(world_got(&b->w, dropped[i]), "");
	assert_string_equal(gw_headers_last(&b->w.x.response.headers, "X-Own"), "2");
	bench_free(b);
}

static void test_urls(void **state)
{
	(void)state;
	static const char *const bad[] = {
		"${stageVariables.none}",
		"https://${stageVariables.none}",
		"https://${stageVariables.none}/x",
		"ftp://host/",
		"http:///x",
		"http://h/{id}",
		"http://h/a b",
		"",
		"/x",
	};
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct bench *b = bench_new(GW_HTTP_PROXY);
		b->i.uri = bad[i];
		run(b);
		assert_int_equal(b->w.x.response.status, 500);
		assert_string_equal(b->w.x.error_type, "API_CONFIGURATION_ERROR");
		assert_int_equal(b->w.http_calls, 0);
		bench_free(b);
	}
}

/* A private integration: the target's host, the URI's path, the stage with the second kind. */
static void test_private(void **state)
{
	(void)state;
	static const char *urls[] = {"http://127.0.0.1:9000/"};
	static const char *const want[] = {"http://127.0.0.1:9000/v1/x",
					   "http://127.0.0.1:9000/dev/v1/x"};
	for (int version = 1; version <= 2; version++) {
		struct bench *b = bench_new(GW_HTTP_PROXY);
		struct gw_target t = {
			.name = "nlb", .urls = urls, .url_count = 1, .version = version};
		b->w.gateway.targets = &t;
		b->w.gateway.target_count = 1;
		b->i.link = "nlb";
		b->i.uri = "https://internal.example.com/v1/x";
		run(b);
		assert_string_equal(b->w.url, want[version - 1]);
		bench_free(b);
	}
	struct bench *b = bench_new(GW_HTTP_PROXY);
	b->i.link = "unknown";
	run(b);
	assert_int_equal(b->w.x.response.status, 500);
	bench_free(b);
}

static void test_http_failures(void **state)
{
	(void)state;
	static const struct {
		enum gw_call_end end;
		int status;
		const char *type;
	} cases[] = {
		{GW_CALL_TIMEOUT, 504, "INTEGRATION_TIMEOUT"},
		{GW_CALL_REFUSED, 504, "INTEGRATION_FAILURE"},
		{GW_CALL_NO_HOST, 500, "API_CONFIGURATION_ERROR"},
		{GW_CALL_TOO_LARGE, 500, "DEFAULT_5XX"},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct bench *b = bench_new(GW_HTTP_PROXY);
		b->w.answer.end = cases[i].end;
		run(b);
		assert_int_equal(b->w.x.response.status, cases[i].status);
		assert_string_equal(b->w.x.error_type, cases[i].type);
		bench_free(b);
	}
}

/* ---- functions ---- */

static void test_function_event(void **state)
{
	(void)state;
	struct bench *b = bench_new(GW_AWS);
	b->i.function = "fn:live";
	request_template(b, "application/json", "{\"a\": 1}");
	respond(b, NULL, 200);
	world_answer(&b->w, 200, NULL, "{\"x\":1}");
	run(b);
	assert_string_equal(b->w.body, "{\"a\": 1}");
	assert_string_equal(b->w.function.qualifier, "live");
	assert_string_equal(world_body(&b->w), "{\"x\":1}");
	bench_free(b);
	b = bench_new(GW_AWS);
	respond(b, NULL, 200);
	run(b);
	assert_string_equal(b->w.body, "{}"); /* no body is an empty event */
	bench_free(b);
	b = bench_new(GW_AWS);
	respond(b, NULL, 200);
	world_ask(&b->w, "POST", "/", "no event");
	run(b);
	assert_int_equal(b->w.function_calls, 0);
	assert_non_null(strstr(world_body(&b->w), "Could not parse request body into json"));
	bench_free(b);
}

static void test_async(void **state)
{
	(void)state;
	struct bench *b = bench_new(GW_AWS);
	map(b, "integration.request.header.X-Amz-Invocation-Type", "'Event'");
	respond(b, NULL, 200);
	world_answer(&b->w, 200, NULL, "{\"ignored\":1}");
	run(b);
	assert_true(b->w.function.async);
	assert_int_equal(b->w.x.response.status, 200);
	assert_string_equal(world_body(&b->w), "");
	bench_free(b);
}

static void test_selection(void **state)
{
	(void)state;
	static const struct {
		const char *output;
		int status;
	} cases[] = {
		{"\"Pass\"", 200},
		{"{\"errorMessage\":\"Error: Raising four hundred here\"}", 405},
		{"{\"errorMessage\":\"other\"}", 502},
		{"{\"errorMessage\":\"line\\nline\"}", 200}, /* a dot stops at a newline */
		{"{\"errorMessage\":\"\"}", 200},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct bench *b = bench_new(GW_AWS);
		respond(b, ".+", 502);
		respond(b, NULL, 200);
		respond(b, ".*four hundred.*", 405);
		world_answer(&b->w, 200, NULL, cases[i].output);
		run(b);
		assert_int_equal(b->w.x.response.status, cases[i].status);
		bench_free(b);
	}
}

static void test_no_response_fits(void **state)
{
	(void)state;
	struct bench *b = bench_new(GW_HTTP_CUSTOM);
	respond(b, "2\\d{2}", 200);
	world_answer(&b->w, 404, NULL, "");
	run(b);
	assert_string_equal(b->w.x.error_type, "API_CONFIGURATION_ERROR");
	bench_free(b);
	b = bench_new(GW_HTTP_CUSTOM);
	respond(b, NULL, 200);
	b->method.response_count = 0; /* the method does not declare it */
	run(b);
	assert_string_equal(b->w.x.error_type, "API_CONFIGURATION_ERROR");
	bench_free(b);
}

static void test_lambda_proxy(void **state)
{
	(void)state;
	struct bench *b = bench_new(GW_AWS_PROXY);
	world_answer(
		&b->w, 200, NULL,
		"{\"statusCode\":201,\"headers\":{\"Date\":\"d\",\"X\":\"y\"},\"body\":\"hi\"}");
	run(b);
	assert_int_equal(b->w.x.response.status, 201);
	assert_int_equal(b->w.x.integration_status, 200);
	assert_int_equal(b->w.x.backend_status, 201);
	assert_string_equal(world_body(&b->w), "hi");
	assert_string_equal(world_got(&b->w, "x-amzn-Remapped-Date"), "d");
	assert_string_equal(world_got(&b->w, "X"), "y");
	assert_true(str_starts(world_got(&b->w, "X-Amzn-Trace-Id"), "Root=1-"));
	bench_free(b);
	b = bench_new(GW_AWS_PROXY);
	b->i.http_method = "GET";
	run(b);
	assert_int_equal(b->w.x.response.status, 500);
	assert_int_equal(b->w.function_calls, 0);
	bench_free(b);
}

/* What a failing function becomes: in a proxy, and without one. */
static void test_function_failures(void **state)
{
	(void)state;
	static const struct {
		enum gw_call_end end;
		int proxy, custom;
	} cases[] = {
		{GW_CALL_ERROR, 502, 200},
		{GW_CALL_CRASHED, 502, 200},
		{GW_CALL_TIMEOUT, 502, 200},
		{GW_CALL_TOO_LARGE, 502, 200},
		{GW_CALL_DENIED, 500, 500},
		{GW_CALL_BUSY, 500, 500},
		{GW_CALL_TOO_LARGE_REQUEST, 413, 413},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		for (int proxy = 0; proxy < 2; proxy++) {
			struct bench *b = bench_new(proxy ? GW_AWS_PROXY : GW_AWS);
			respond(b, NULL, 200);
			world_answer(&b->w, 200, NULL, "{\"errorMessage\":\"boom\"}");
			b->w.answer.end = cases[i].end;
			run(b);
			assert_int_equal(b->w.x.response.status,
					 proxy ? cases[i].proxy : cases[i].custom);
			if (!proxy && cases[i].custom == 200)
				assert_non_null(strstr(world_body(&b->w), "errorMessage"));
			bench_free(b);
		}
	}
	struct bench *b = bench_new(GW_AWS_PROXY);
	b->i.timeout_ms = 50; /* shorter than the function's own: the gateway gives up */
	b->w.answer.end = GW_CALL_TIMEOUT;
	run(b);
	assert_string_equal(b->w.x.error_type, "INTEGRATION_TIMEOUT");
	bench_free(b);
	b = bench_new(GW_AWS_PROXY);
	b->i.function = "nobody";
	run(b);
	assert_int_equal(b->w.x.response.status, 500);
	bench_free(b);
}

static void test_lambda_base64(void **state)
{
	(void)state;
	static const char *types[] = {"image/png"};
	static const struct {
		const char *accept, *output, *body;
	} cases[] = {
		{"image/png", "{\"isBase64Encoded\":true,\"body\":\"aGk=\"}", "hi"},
		{"image/webp,image/png", "{\"isBase64Encoded\":true,\"body\":\"aGk=\"}", "aGk="},
		{NULL, "{\"isBase64Encoded\":true,\"body\":\"aGk=\"}", "aGk="},
		{"image/png", "{\"isBase64Encoded\":false,\"body\":\"aGk=\"}", "aGk="},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct bench *b = bench_new(GW_AWS_PROXY);
		b->w.api.binary_types = types;
		b->w.api.binary_count = 1;
		if (cases[i].accept)
			world_header(&b->w, "Accept", cases[i].accept);
		world_answer(&b->w, 200, NULL, cases[i].output);
		run(b);
		assert_string_equal(world_body(&b->w), cases[i].body);
		bench_free(b);
	}
}

static void test_stream(void **state)
{
	(void)state;
	static const char output[] = "{\"statusCode\":203}\0\0\0\0\0\0\0\0raw \0 bytes";
	struct bench *b = bench_new(GW_AWS_PROXY);
	b->i.stream = true;
	b->w.answer.body = (struct slice){output, sizeof(output) - 1};
	run(b);
	assert_true(b->w.function.stream);
	assert_int_equal(b->w.x.response.status, 203);
	assert_int_equal(b->w.x.response.body.len, 11);
	assert_memory_equal(b->w.x.response.body.p, "raw \0 bytes", 11);
	bench_free(b);
}

/* Pieces go on as they come: the head stands before the first, nothing of the body is kept. */
static enum gw_piece_taken keep_piece(struct gw_exchange *x, struct slice piece)
{
	struct world *w = x->outside->ctx;
	assert_true(x->streamed);
	assert_string_equal(world_got(w, "x-amzn-RequestId"), x->request_id);
	w->pieces = arena_printf(&w->arena, "%s%d:%.*s|", w->pieces ? w->pieces : "",
				 x->response.status, (int)piece.len, piece.p);
	return GW_PIECE_TAKEN;
}

static void test_http_stream(void **state)
{
	(void)state;
	struct bench *b = bench_new(GW_HTTP_PROXY);
	b->i.stream = true;
	b->w.x.send_piece = keep_piece;
	world_answer(&b->w, 203, "text/plain", "onetwo");
	run(b);
	assert_string_equal(b->w.pieces, "203:one|203:two|");
	assert_int_equal(b->w.x.streamed_bytes, 6);
	assert_int_equal(b->w.x.response.body.len, 0);
	assert_int_equal(b->w.http.idle_ms, 300000);
	assert_null(b->w.x.error_type);
	bench_free(b);
	b = bench_new(GW_HTTP_PROXY); /* nobody who sends pieces on: it is collected */
	b->i.stream = true;
	world_answer(&b->w, 200, "text/plain", "onetwo");
	run(b);
	assert_string_equal(world_body(&b->w), "onetwo");
	bench_free(b);
	b = bench_new(GW_HTTP_PROXY);
	b->i.stream = true;
	b->w.x.send_piece = keep_piece;
	world_answer(&b->w, 200, "text/plain", "onetwo");
	b->w.answer.end = GW_CALL_REFUSED; /* it breaks off: what was sent stands */
	run(b);
	assert_null(b->w.x.error_type);
	assert_string_equal(b->w.x.integration_error, "the stream broke off");
	bench_free(b);
}

static void test_content_handling(void **state)
{
	(void)state;
	struct bench *b = bench_new(GW_HTTP_CUSTOM);
	b->i.content = GW_TO_BINARY;
	respond(b, NULL, 200);
	world_ask(&b->w, "POST", "/", "no base64!");
	run(b);
	assert_int_equal(b->w.x.response.status, 500);
	assert_int_equal(b->w.http_calls, 0);
	bench_free(b);
	b = bench_new(GW_HTTP_CUSTOM);
	b->i.content = GW_TO_BINARY;
	request_template(b, "application/json", "x"); /* no template over bytes */
	respond(b, NULL, 200);
	world_ask(&b->w, "POST", "/", "aGk=");
	run(b);
	assert_int_equal(b->w.x.response.status, 500);
	bench_free(b);
	b = bench_new(GW_HTTP_CUSTOM);
	respond(b, NULL, 200)->content = GW_TO_BINARY;
	world_answer(&b->w, 200, NULL, "aGk=");
	run(b);
	assert_string_equal(world_body(&b->w), "hi");
	bench_free(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_mock_status),
		cmocka_unit_test(test_mock_answer),
		cmocka_unit_test(test_passthrough),
		cmocka_unit_test(test_template_default),
		cmocka_unit_test(test_template_fails),
		cmocka_unit_test(test_http_request),
		cmocka_unit_test(test_overrides),
		cmocka_unit_test(test_illegal_headers),
		cmocka_unit_test(test_mapping_not_json),
		cmocka_unit_test(test_http_proxy),
		cmocka_unit_test(test_urls),
		cmocka_unit_test(test_private),
		cmocka_unit_test(test_http_failures),
		cmocka_unit_test(test_function_event),
		cmocka_unit_test(test_async),
		cmocka_unit_test(test_selection),
		cmocka_unit_test(test_no_response_fits),
		cmocka_unit_test(test_lambda_proxy),
		cmocka_unit_test(test_function_failures),
		cmocka_unit_test(test_lambda_base64),
		cmocka_unit_test(test_stream),
		cmocka_unit_test(test_content_handling),
		cmocka_unit_test(test_http_stream),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
