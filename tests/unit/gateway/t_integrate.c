/* t_integrate.c -- integrations that are mocks or HTTP: what is sent, what is mapped, what fails
 * how. */
#include "intbench.h"

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
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
