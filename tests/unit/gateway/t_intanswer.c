/* t_intanswer.c -- functions behind integrations, and what becomes of a backend's answer:
 * selection, proxies, streams. */
#include "intbench.h"

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
	assert_int_equal(b->w.x.integration_status, 0);
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
		cmocka_unit_test(test_function_event), cmocka_unit_test(test_async),
		cmocka_unit_test(test_selection),      cmocka_unit_test(test_no_response_fits),
		cmocka_unit_test(test_lambda_proxy),   cmocka_unit_test(test_function_failures),
		cmocka_unit_test(test_lambda_base64),  cmocka_unit_test(test_stream),
		cmocka_unit_test(test_http_stream),    cmocka_unit_test(test_content_handling),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
