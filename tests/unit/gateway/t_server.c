/* t_server.c -- the server over real sockets: answers now and later, pipelines, slow readers, early
 * leavers, limits, upgrades, the end. Server and clients share one loop and one thread; a test
 * turns the loop until what it waits for is there. */
#include "gateway/server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <uv.h>

#include <cmocka.h>

#define MAX_HELD 8

struct world {
	uv_loop_t loop;
	struct server *server;
	struct server_request *held[MAX_HELD]; /* of paths that begin with /later */
	size_t held_count, requests;
	enum http_error refused; /* of the last request */
	bool stopped;
	struct server_conn *upgraded;
	struct str got; /* of an upgraded connection */
	bool closed, drained, told_to_stop;
};

static void on_bytes(void *arg, const char *p, size_t n)
{
	struct world *w = arg;
	str_addn(&w->got, p, n);
	if (n == 4 && memcmp(p, "quit", 4) == 0)
		server_close(w->upgraded, true);
	else
		server_send(w->upgraded, p, n);
}

static void on_upgraded_closed(void *arg)
{
	((struct world *)arg)->closed = true;
}

static void on_drained(void *arg)
{
	((struct world *)arg)->drained = true;
}

static void on_stop(void *arg)
{
	struct world *w = arg;
	w->told_to_stop = true;
	server_send(w->upgraded, "bye", 3);
	server_close(w->upgraded, true);
}

static const struct server_upgrade_ops upgrade_ops = {
	.bytes = on_bytes, .closed = on_upgraded_closed, .drained = on_drained, .stop = on_stop};

static void answer(struct server_request *q)
{
	struct gw_response r = {.status = 200};
	char *text = arena_printf(q->arena, "%s %s %zu", q->request.method, q->request.path,
				  q->request.body.len);
	r.body = (struct slice){text, strlen(text)};
	if (strcmp(q->request.path, "/large") == 0) {
		size_t n = (size_t)4 << 20;
		r.body = (struct slice){memset(arena_alloc(q->arena, n), 'x', n), n};
	}
	server_answer(q, &r);
}

static void on_request(void *ctx, struct server_request *q)
{
	struct world *w = ctx;
	w->requests++;
	w->refused = q->refused;
	if (q->refused) {
		server_refuse(q);
	} else if (strcmp(q->request.path, "/stream") == 0) {
		struct gw_response r = {.status = 200};
		server_stream(q, &r);
		server_stream_data(q, "one", 3);
		server_stream_data(q, "three", 5);
		server_stream_end(q);
	} else if (strncmp(q->request.path, "/later", 6) == 0) {
		w->held[w->held_count++] = q;
	} else if (q->upgrade) {
		struct gw_response r = {0};
		gw_headers_add(q->arena, &r.headers, "Upgrade", "test");
		gw_headers_add(q->arena, &r.headers, "Connection", "upgrade");
		w->upgraded = server_upgrade(q, &r, &upgrade_ops, w);
	} else {
		answer(q);
	}
}

static void on_stopped(void *ctx)
{
	((struct world *)ctx)->stopped = true;
}

static const struct server_ops server_ops = {.request = on_request, .stopped = on_stopped};

static void begin(struct world *w, struct server_options o)
{
	struct diags d = {0};
	*w = (struct world){0};
	uv_loop_init(&w->loop);
	o.address = "127.0.0.1";
	o.clock = (struct clock){.frozen = true, .at = {1795770900000, 0}};
	w->server = server_open(&w->loop, &o, &server_ops, w, &d);
	assert_non_null(w->server);
	assert_true(server_port(w->server) > 0);
}

static void turn(struct world *w)
{
	uv_run(&w->loop, UV_RUN_ONCE);
}

static void end(struct world *w)
{
	if (!w->stopped)
		server_stop(w->server, 1);
	while (!w->stopped)
		turn(w);
	assert_int_equal(server_connections(w->server), 0);
	for (size_t i = 0; i < w->held_count; i++)
		answer(w->held[i]);
	server_free(w->server);
	assert_int_equal(uv_loop_close(&w->loop), 0);
	str_clear(&w->got);
}

/* ---- a client ------------------------------------------------------------------------ */

static int connect_to(struct world *w)
{
	struct sockaddr_in a = {.sin_family = AF_INET,
				.sin_port = htons((uint16_t)server_port(w->server)),
				.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	assert_true(fd >= 0);
	assert_int_equal(connect(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	fcntl(fd, F_SETFL, O_NONBLOCK);
	return fd;
}

static void put(int fd, const char *text)
{
	assert_int_equal(send(fd, text, strlen(text), MSG_NOSIGNAL), strlen(text));
}

/* Take what has come. False: the server has ended its side. */
static bool take(int fd, struct str *out)
{
	char buf[65536];
	ssize_t n = recv(fd, buf, sizeof(buf), 0);
	if (n > 0)
		str_addn(out, buf, (size_t)n);
	return n > 0 || (n < 0 && errno == EAGAIN);
}

static void nudge(uv_idle_t *handle)
{
	(void)handle;
}

/* Turn the loop until the text is there, or with NULL until the server ends its side. */
static void until(struct world *w, int fd, struct str *out, const char *text)
{
	uv_idle_t idle;
	uv_idle_init(&w->loop, &idle);
	uv_idle_start(&idle, nudge);
	while (!(text && strstr(str_c(out), text))) {
		turn(w);
		if (!take(fd, out)) {
			assert_null(text);
			break;
		}
	}
	uv_close((uv_handle_t *)&idle, NULL);
	turn(w);
}

static void says(struct world *w, const char *request, const char *want)
{
	struct str out = {0};
	int fd = connect_to(w);
	put(fd, request);
	until(w, fd, &out, want);
	str_clear(&out);
	close(fd);
}

#define GET(path) "GET " path " HTTP/1.1\r\nHost: localhost\r\n\r\n"
#define HEAD_OF(n)                                                                     \
	"HTTP/1.1 200 OK\r\nDate: Fri, 27 Nov 2026 09:15:00 GMT\r\nContent-Length: " n \
	"\r\nConnection: keep-alive\r\n\r\n"

/* ---- tests --------------------------------------------------------------------------- */

static void test_answers(void **state)
{
	(void)state;
	struct world w;
	begin(&w, (struct server_options){0});
	says(&w, GET("/a"), HEAD_OF("8") "GET /a 0");
	says(&w, "PUT /b HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc", "PUT /b 3");
	says(&w, "HEAD /a HTTP/1.1\r\nHost: x\r\n\r\n" GET("/z"), HEAD_OF("9") HEAD_OF("8"));
	says(&w, "GET /a HTTP/1.0\r\n\r\n", "Connection: close\r\n\r\nGET /a 0");
	says(&w, "bad\r\n\r\n", "HTTP/1.1 400 Bad Request");
	says(&w, "GET /a HTTP/3.0\r\nHost: x\r\n\r\n", "HTTP/1.1 505 ");
	says(&w, "GET /\r\n\r\n", "HTTP/1.1 505 ");
	end(&w);
}

static void test_pipeline(void **state)
{
	(void)state;
	struct world w;
	begin(&w, (struct server_options){0});
	says(&w, GET("/1") GET("/2") "\r\n" GET("/3"),
	     "\r\n\r\nGET /1 0" HEAD_OF("8") "GET /2 0" HEAD_OF("8") "GET /3 0");
	/* One that waits holds up those behind it; answers keep their order. */
	struct str out = {0};
	int fd = connect_to(&w);
	put(fd, GET("/1") GET("/later") GET("/3"));
	until(&w, fd, &out, "GET /1 0");
	put(fd, GET("/4"));
	while (w.held_count == 0)
		turn(&w);
	size_t before = w.requests;
	uv_run(&w.loop, UV_RUN_NOWAIT);
	assert_int_equal(w.requests, before);
	answer(w.held[--w.held_count]);
	until(&w, fd, &out, "GET /4 0");
	assert_true(strstr(out.p, "GET /later 0") < strstr(out.p, "GET /3 0"));
	str_clear(&out);
	close(fd);
	end(&w);
}

static void test_half_closed(void **state)
{
	(void)state;
	struct world w;
	struct str out = {0};
	begin(&w, (struct server_options){0});
	int fd = connect_to(&w);
	put(fd, GET("/later"));
	shutdown(fd, SHUT_WR);
	while (w.held_count == 0)
		turn(&w);
	uv_run(&w.loop, UV_RUN_NOWAIT);
	uv_run(&w.loop, UV_RUN_NOWAIT);
	answer(w.held[--w.held_count]);
	until(&w, fd, &out, NULL);
	assert_non_null(strstr(out.p, "Connection: close"));
	assert_non_null(strstr(out.p, "GET /later 0"));
	str_clear(&out);
	close(fd);
	end(&w);
}

/* The client is gone, the answer comes: nothing breaks, and the server goes on. */
static void test_gone(void **state)
{
	(void)state;
	struct world w;
	struct linger reset = {1, 0};
	begin(&w, (struct server_options){0});
	int fd = connect_to(&w);
	put(fd, GET("/later"));
	while (w.held_count == 0)
		turn(&w);
	setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
	close(fd);
	while (server_connections(w.server))
		turn(&w);
	assert_null(w.held[0]->conn);
	answer(w.held[--w.held_count]);
	says(&w, GET("/a"), "GET /a 0");
	fd = connect_to(&w);
	put(fd, "GET /half HTT");
	close(fd);
	says(&w, GET("/a"), "GET /a 0");
	while (server_connections(w.server))
		turn(&w);
	end(&w);
}

static void test_slow_reader(void **state)
{
	(void)state;
	struct world w;
	struct str out = {0};
	begin(&w, (struct server_options){0});
	int fd = connect_to(&w);
	put(fd, GET("/large") GET("/large") GET("/a"));
	for (int i = 0; i < 50; i++)
		uv_run(&w.loop, UV_RUN_NOWAIT);
	assert_int_equal(w.requests, 1); /* the rest waits for the reader */
	until(&w, fd, &out, "GET /a 0");
	assert_true(out.len > (size_t)8 << 20);
	assert_int_equal(w.requests, 3);
	str_clear(&out);
	close(fd);
	end(&w);
}

static void test_time_limits(void **state)
{
	(void)state;
	struct world w;
	struct str out = {0};
	begin(&w, (struct server_options){.idle_ms = 40, .request_ms = 80, .write_ms = 40});
	int idle = connect_to(&w), slow = connect_to(&w), deaf = connect_to(&w);
	int busy = connect_to(&w);
	put(busy, GET("/later"));
	put(slow, "GET /slow HTTP/1.1\r\nHo");
	put(deaf, GET("/large"));
	until(&w, idle, &out, NULL);
	assert_int_equal(out.len, 0);
	until(&w, slow, &out, NULL);
	assert_non_null(strstr(out.p, "HTTP/1.1 408 "));
	while (server_connections(w.server) > 1) /* the deaf one was dropped */
		turn(&w);
	answer(w.held[--w.held_count]);
	str_reset(&out);
	until(&w, busy, &out, "GET /later 0");
	str_clear(&out);
	close(idle), close(slow), close(deaf), close(busy);
	end(&w);
}

static void test_large_body(void **state)
{
	(void)state;
	struct world w;
	begin(&w, (struct server_options){.max_body = 10});
	says(&w, "PUT /b HTTP/1.1\r\nHost: x\r\nContent-Length: 11\r\n\r\n",
	     "Connection: close\r\n\r\nThe body is too large.\n");
	assert_int_equal(w.refused, HTTP_LARGE_BODY);
	says(&w, "PUT /b HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n",
	     "HTTP/1.1 413 ");
	end(&w);
}

static void test_continue(void **state)
{
	(void)state;
	struct world w;
	struct str out = {0};
	begin(&w, (struct server_options){0});
	int fd = connect_to(&w);
	put(fd, "PUT /b HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
	until(&w, fd, &out, "HTTP/1.1 100 Continue\r\n\r\n");
	put(fd, "abc");
	until(&w, fd, &out, "PUT /b 3");
	str_clear(&out);
	close(fd);
	says(&w, "PUT /b HTTP/1.1\r\nHost: x\r\nExpect: more\r\nContent-Length: 3\r\n\r\n",
	     "HTTP/1.1 417 ");
	end(&w);
}

static void test_stream(void **state)
{
	(void)state;
	struct world w;
	begin(&w, (struct server_options){0});
	says(&w, GET("/stream") GET("/a"),
	     "Transfer-Encoding: chunked\r\nConnection: keep-alive\r\n\r\n"
	     "3\r\none\r\n5\r\nthree\r\n0\r\n\r\n" HEAD_OF("8") "GET /a 0");
	says(&w, "GET /stream HTTP/1.0\r\n\r\n", "Connection: close\r\n\r\nonethree");
	says(&w, "HEAD /stream HTTP/1.1\r\nHost: x\r\n\r\n" GET("/a"),
	     "chunked\r\nConnection: keep-alive\r\n\r\nHTTP/1.1 200 OK");
	/* In pieces, from elsewhere in the loop. */
	struct str out = {0};
	int fd = connect_to(&w);
	put(fd, GET("/later") GET("/a"));
	while (w.held_count == 0)
		turn(&w);
	struct server_request *q = w.held[--w.held_count];
	struct gw_response r = {.status = 200};
	server_stream(q, &r);
	until(&w, fd, &out, "\r\n\r\n");
	assert_true(server_stream_data(q, "abc", 3));
	until(&w, fd, &out, "3\r\nabc\r\n");
	server_stream_end(q);
	until(&w, fd, &out, "GET /a 0");
	str_clear(&out);
	close(fd);
	end(&w);
}

#define UPGRADE "GET /up HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: test\r\n\r\n"

static void test_upgrade(void **state)
{
	(void)state;
	struct world w;
	struct str out = {0};
	begin(&w, (struct server_options){0});
	int fd = connect_to(&w);
	put(fd, GET("/a") UPGRADE "early");
	until(&w, fd, &out,
	      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: test\r\nConnection: upgrade\r\n\r\n"
	      "early");
	put(fd, "late");
	until(&w, fd, &out, "earlylate");
	assert_true(server_send(w.upgraded, "push", 4));
	until(&w, fd, &out, "earlylatepush");
	put(fd, "quit");
	until(&w, fd, &out, NULL);
	assert_false(w.closed); /* it was the owner's own wish */
	close(fd);
	fd = connect_to(&w);
	put(fd, UPGRADE);
	str_reset(&out);
	until(&w, fd, &out, "101");
	close(fd);
	while (!w.closed)
		turn(&w);
	str_clear(&out);
	end(&w);
}

/* A client that takes nothing: what waits for it is bounded. */
static void test_upgraded_slow_reader(void **state)
{
	(void)state;
	struct world w;
	struct str out = {0};
	char block[4096];
	size_t sent = 0;
	memset(block, 'y', sizeof(block));
	begin(&w, (struct server_options){0});
	int fd = connect_to(&w);
	put(fd, UPGRADE);
	until(&w, fd, &out, "101");
	str_reset(&out);
	while (server_send(w.upgraded, block, sizeof(block)))
		sent += sizeof(block);
	assert_true(server_waiting(w.upgraded) <= MAX_SERVER_QUEUE);
	assert_true(server_waiting(w.upgraded) > MAX_SERVER_QUEUE / 2);
	while (out.len < sent || !w.drained) {
		uv_run(&w.loop, UV_RUN_NOWAIT);
		take(fd, &out);
	}
	assert_int_equal(server_waiting(w.upgraded), 0);
	assert_true(server_send(w.upgraded, "x", 1));
	str_clear(&out);
	close(fd);
	end(&w);
}

static void test_stop(void **state)
{
	(void)state;
	struct world w;
	struct str out = {0};
	begin(&w, (struct server_options){0});
	int idle = connect_to(&w), busy = connect_to(&w), up = connect_to(&w);
	put(idle, GET("/a"));
	until(&w, idle, &out, "GET /a 0");
	put(up, UPGRADE);
	str_reset(&out);
	until(&w, up, &out, "101");
	put(busy, GET("/later"));
	while (w.held_count == 0)
		turn(&w);
	server_stop(w.server, 100000);
	assert_true(w.told_to_stop);
	str_reset(&out);
	until(&w, idle, &out, NULL);
	assert_int_equal(out.len, 0);
	until(&w, up, &out, "bye");
	close(up);
	assert_false(w.stopped);
	answer(w.held[--w.held_count]);
	until(&w, busy, &out, NULL);
	assert_non_null(strstr(out.p, "Connection: close"));
	close(idle), close(busy);
	str_clear(&out);
	end(&w);
}

static void test_most_connections(void **state)
{
	(void)state;
	struct world w;
	struct str out = {0};
	begin(&w, (struct server_options){.max_connections = 2});
	int first = connect_to(&w), second = connect_to(&w);
	put(first, GET("/later"));
	while (w.held_count == 0)
		turn(&w);
	put(second, GET("/a"));
	until(&w, second, &out, "GET /a 0");
	int third = connect_to(&w);
	put(third, GET("/b"));
	until(&w, second, &out, NULL); /* the idle one made room */
	str_reset(&out);
	until(&w, third, &out, "GET /b 0");
	assert_int_equal(w.held_count, 1);
	put(third, GET("/later"));
	while (w.held_count < 2)
		turn(&w);
	int fourth = connect_to(&w);
	str_reset(&out);
	until(&w, fourth, &out, NULL); /* both are at work */
	assert_non_null(strstr(str_c(&out), "HTTP/1.1 503 "));
	answer(w.held[--w.held_count]);
	answer(w.held[--w.held_count]);
	until(&w, first, &out, "GET /later 0");
	str_clear(&out);
	close(first), close(second), close(third), close(fourth);
	end(&w);
}

static void test_listen_errors(void **state)
{
	(void)state;
	struct world w;
	struct diags d = {0};
	begin(&w, (struct server_options){0});
	struct server_options o = {.address = "127.0.0.1", .port = server_port(w.server)};
	assert_null(server_open(&w.loop, &o, &server_ops, &w, &d));
	assert_string_equal(d.items[0].code, "server-listen");
	o.address = "localhost";
	assert_null(server_open(&w.loop, &o, &server_ops, &w, &d));
	assert_string_equal(d.items[1].code, "server-address");
	diags_clear(&d);
	end(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_answers),
		cmocka_unit_test(test_pipeline),
		cmocka_unit_test(test_half_closed),
		cmocka_unit_test(test_gone),
		cmocka_unit_test(test_slow_reader),
		cmocka_unit_test(test_time_limits),
		cmocka_unit_test(test_large_body),
		cmocka_unit_test(test_continue),
		cmocka_unit_test(test_stream),
		cmocka_unit_test(test_upgrade),
		cmocka_unit_test(test_upgraded_slow_reader),
		cmocka_unit_test(test_stop),
		cmocka_unit_test(test_most_connections),
		cmocka_unit_test(test_listen_errors),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
