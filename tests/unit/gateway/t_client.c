/* t_client.c -- calls to backends: against a server of the same room on loopback. */
#include "gateway/client.h"
#include "gateway/server.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include <cmocka.h>

struct world {
	uv_loop_t loop;
	struct server *server;
	struct client *client;
	char url[64];
	bool stopped;
	struct server_request *silent; /* not answered yet */
	/* what the backend saw */
	struct str method, target, body, accept, host, expect;
	/* what the call gave */
	int calls;
	enum gw_call_end end;
	int status;
	struct str answer, header;
	/* pieces: how often to wait, whether to stop, what came */
	int waits;
	bool stop;
	struct str pieces;
};

static void keep(struct str *s, const char *text)
{
	str_reset(s);
	str_add(s, text ? text : "(none)");
}

static void on_request(void *ctx, struct server_request *q)
{
	struct world *w = ctx;
	struct gw_response r = {.status = 200, .body = q->request.body};
	keep(&w->method, q->request.method);
	keep(&w->target, q->request.target);
	keep(&w->accept, gw_headers_first(&q->request.headers, "Accept"));
	keep(&w->host, gw_headers_first(&q->request.headers, "Host"));
	keep(&w->expect, gw_headers_first(&q->request.headers, "Expect"));
	str_reset(&w->body);
	str_addn(&w->body, q->request.body.p, q->request.body.len);
	if (strcmp(q->request.path, "/silent") == 0) {
		w->silent = q;
		return;
	}
	if (strcmp(q->request.path, "/moved") == 0) {
		r.status = 302;
		gw_headers_add(q->arena, &r.headers, "Location", "/elsewhere");
	}
	gw_headers_add(q->arena, &r.headers, "X-Twice", "one");
	gw_headers_add(q->arena, &r.headers, "X-Twice", "two");
	server_answer(q, &r);
}

static void on_stopped(void *ctx)
{
	((struct world *)ctx)->stopped = true;
}

static void on_done(void *arg, const struct gw_call_result *r)
{
	struct world *w = arg;
	w->calls++;
	w->end = r->end;
	w->status = r->status;
	str_reset(&w->answer);
	str_addn(&w->answer, r->body.p, r->body.len);
	keep(&w->header, gw_headers_last(&r->headers, "x-twice"));
}

static int make(void **state)
{
	static const struct server_ops ops = {on_request, on_stopped};
	const struct server_options o = {.address = "127.0.0.1"};
	struct world *w = xcalloc(1, sizeof(*w));
	struct diags d = {0};
	uv_loop_init(&w->loop);
	w->server = server_open(&w->loop, &o, &ops, w, &d);
	assert_non_null(w->server);
	w->client = client_new(&w->loop);
	snprintf(w->url, sizeof(w->url), "http://127.0.0.1:%d", server_port(w->server));
	*state = w;
	return 0;
}

static int unmake(void **state)
{
	struct world *w = *state;
	client_free(w->client);
	if (w->silent)
		server_refuse(w->silent);
	server_stop(w->server, 0);
	uv_run(&w->loop, UV_RUN_DEFAULT);
	assert_true(w->stopped);
	server_free(w->server);
	assert_int_equal(uv_loop_close(&w->loop), 0);
	str_clear(&w->method);
	str_clear(&w->target);
	str_clear(&w->body);
	str_clear(&w->accept);
	str_clear(&w->host);
	str_clear(&w->expect);
	str_clear(&w->answer);
	str_clear(&w->header);
	str_clear(&w->pieces);
	free(w);
	return 0;
}

static void wait_for_calls(struct world *w, int calls)
{
	while (w->calls < calls)
		uv_run(&w->loop, UV_RUN_ONCE);
}

static void call(struct world *w, struct gw_http_call *c, const char *path)
{
	char *url = xasprintf("%s%s", w->url, path);
	c->url = url;
	if (!c->timeout_ms)
		c->timeout_ms = 10000;
	client_http(w->client, c, on_done, w);
	free(url);
}

static void test_get(void **state)
{
	struct world *w = *state;
	struct gw_http_call c = {.method = "GET"};
	call(w, &c, "/a/../b//c?q=%2F&r");
	wait_for_calls(w, 1);
	assert_int_equal(w->end, GW_CALL_DONE);
	assert_int_equal(w->status, 200);
	assert_string_equal(str_c(&w->method), "GET");
	assert_string_equal(str_c(&w->target), "/a/../b//c?q=%2F&r");
	assert_string_equal(str_c(&w->accept), "(none)");
	assert_string_equal(str_c(&w->header), "two");
}

/* Another API of the same gateway is an address without a port. */
static void test_home(void **state)
{
	struct world *w = *state;
	struct gw_http_call c = {.method = "GET",
				 .url = "http://shop.execute-api.localhost/dev/x",
				 .timeout_ms = 10000};
	client_home(w->client, "127.0.0.1", server_port(w->server));
	client_http(w->client, &c, on_done, w);
	wait_for_calls(w, 1);
	assert_int_equal(w->end, GW_CALL_DONE);
	assert_string_equal(str_c(&w->host), "shop.execute-api.localhost");
	assert_string_equal(str_c(&w->target), "/dev/x");
}

static void test_body_and_headers(void **state)
{
	struct world *w = *state;
	struct arena a = {0};
	struct gw_http_call c = {.method = "PATCH", .body = {"a\0b", 3}};
	gw_headers_add(&a, &c.headers, "Accept", "text/css");
	gw_headers_add(&a, &c.headers, "Host", "shop.example");
	call(w, &c, "/");
	arena_clear(&a);
	wait_for_calls(w, 1);
	assert_string_equal(str_c(&w->method), "PATCH");
	assert_int_equal(w->body.len, 3);
	assert_memory_equal(w->body.p, "a\0b", 3);
	assert_int_equal(w->answer.len, 3);
	assert_string_equal(str_c(&w->accept), "text/css");
	assert_string_equal(str_c(&w->host), "shop.example");
	assert_string_equal(str_c(&w->expect), "(none)");
}

static void test_large_body_waits_for_nothing(void **state)
{
	struct world *w = *state;
	char *large = xcalloc(1, 3 << 20);
	struct gw_http_call c = {.method = "POST", .body = {large, 3 << 20}};
	memset(large, 'x', 3 << 20);
	call(w, &c, "/");
	free(large); /* it was copied */
	wait_for_calls(w, 1);
	assert_int_equal(w->answer.len, 3 << 20);
	assert_string_equal(str_c(&w->expect), "(none)");
}

/* Pieces are taken as they come, and wait when they are not wanted yet. */
static enum gw_piece_taken take(void *arg, const struct gw_call_result *head, struct slice piece)
{
	struct world *w = arg;
	assert_int_equal(head->status, 200);
	assert_string_equal(gw_headers_last(&head->headers, "x-twice"), "two");
	if (w->waits > 0) {
		w->waits--;
		return GW_PIECE_WAIT;
	}
	if (w->stop)
		return GW_PIECE_STOP;
	str_addn(&w->pieces, piece.p, piece.len);
	return GW_PIECE_TAKEN;
}

static void test_pieces(void **state)
{
	struct world *w = *state;
	char *large = xcalloc(1, MAX_CLIENT_BODY);
	struct gw_http_call c = {.method = "POST",
				 .body = {large, MAX_CLIENT_BODY},
				 .max_bytes = 1000, /* what would be collected */
				 .piece = take,
				 .idle_ms = 5000};
	memset(large, 'x', MAX_CLIENT_BODY);
	w->waits = 3;
	call(w, &c, "/");
	wait_for_calls(w, 1);
	assert_int_equal(w->end, GW_CALL_DONE);
	assert_int_equal(w->waits, 0);
	assert_int_equal(w->answer.len, 0);
	assert_int_equal(w->pieces.len, MAX_CLIENT_BODY);
	assert_memory_equal(w->pieces.p, large, MAX_CLIENT_BODY);
	free(large);
}

static void test_pieces_stopped(void **state)
{
	struct world *w = *state;
	struct gw_http_call c = {.method = "POST", .body = {"abc", 3}, .piece = take};
	w->stop = true;
	call(w, &c, "/");
	wait_for_calls(w, 1);
	assert_int_equal(w->end, GW_CALL_REFUSED);
	assert_int_equal(w->pieces.len, 0);
}

static void test_no_redirect(void **state)
{
	struct world *w = *state;
	struct gw_http_call c = {.method = "GET"};
	call(w, &c, "/moved");
	wait_for_calls(w, 1);
	assert_int_equal(w->status, 302);
	assert_string_equal(str_c(&w->target), "/moved");
}

static void test_timeout(void **state)
{
	struct world *w = *state;
	struct gw_http_call c = {.method = "GET", .timeout_ms = 60};
	call(w, &c, "/silent");
	wait_for_calls(w, 1);
	assert_int_equal(w->end, GW_CALL_TIMEOUT);
}

static void test_refused(void **state)
{
	struct world *w = *state;
	struct gw_http_call c = {.method = "GET", .url = "http://127.0.0.1:1/", .timeout_ms = 5000};
	client_http(w->client, &c, on_done, w);
	wait_for_calls(w, 1);
	assert_int_equal(w->end, GW_CALL_REFUSED);
}

static void test_no_address(void **state)
{
	struct world *w = *state;
	static const char *const urls[] = {
		"",           "http://", "shop", "ftp://127.0.0.1/", "http://127.0.0.1:99999/",
		"http://a b/"};
	for (size_t i = 0; i < ARRAY_LEN(urls); i++) {
		struct gw_http_call c = {.method = "GET", .url = urls[i], .timeout_ms = 5000};
		client_http(w->client, &c, on_done, w);
		wait_for_calls(w, (int)i + 1);
		assert_int_equal(w->end, GW_CALL_NO_HOST);
	}
}

static void test_too_large(void **state)
{
	struct world *w = *state;
	char body[2000];
	struct gw_http_call c = {.method = "POST", .body = {body, sizeof(body)}, .max_bytes = 1000};
	memset(body, 'x', sizeof(body));
	call(w, &c, "/");
	wait_for_calls(w, 1);
	assert_int_equal(w->end, GW_CALL_TOO_LARGE);
}

static void test_many_at_once(void **state)
{
	struct world *w = *state;
	struct gw_http_call c = {.method = "GET"};
	for (int i = 0; i < 300; i++)
		call(w, &c, "/");
	wait_for_calls(w, 300);
	assert_int_equal(client_running(w->client), 0);
}

static void test_stopped_under_way(void **state)
{
	struct world *w = *state;
	struct gw_http_call c = {.method = "GET"};
	call(w, &c, "/silent");
	uv_run(&w->loop, UV_RUN_NOWAIT);
	client_free(w->client);
	assert_int_equal(w->calls, 1);
	assert_int_equal(w->end, GW_CALL_REFUSED);
	w->client = NULL;
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, make, unmake)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_get),
		TEST(test_home),
		TEST(test_body_and_headers),
		TEST(test_large_body_waits_for_nothing),
		TEST(test_no_redirect),
		TEST(test_pieces),
		TEST(test_pieces_stopped),
		TEST(test_timeout),
		TEST(test_refused),
		TEST(test_no_address),
		TEST(test_too_large),
		TEST(test_many_at_once),
		TEST(test_stopped_under_way),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
