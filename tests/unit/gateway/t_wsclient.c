/* t_wsclient.c -- the WebSocket client against the gateway, on one loop: open, say, hear, close, be
 * refused, be too large, be left alone. What it may be told by others is in fuzz_wsclient. */
#include "gateway/wsclient.h"

#include "gateway/cert.h"
#include "gateway/outside.h"
#include "gateway/runtime.h"
#include "gateway/ws.h"
#include "served.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char chat[] = "gateway: chat\n"
			   "apis:\n"
			   "- apiId: chat\n"
			   "  type: WEBSOCKET\n"
			   "  routeSelectionExpression: $request.body.action\n"
			   "  routes:\n"
			   "    $connect: {integration: {type: AWS_PROXY, function: allow}}\n"
			   "    $default: {integration: {type: AWS_PROXY, function: echo}, "
			   "routeResponse: true}\n"
			   "  stages: {live: {}, shut: {}}\n"
			   "- apiId: no\n"
			   "  type: WEBSOCKET\n"
			   "  routeSelectionExpression: $request.body.action\n"
			   "  routes:\n"
			   "    $connect: {integration: {type: AWS_PROXY, function: fail}}\n"
			   "  stages: {live: {}}\n"
			   "functions:\n"
			   "  allow: {builtin: allow}\n"
			   "  echo: {builtin: echo}\n"
			   "  fail: {builtin: fail}\n";

struct heard {
	bool opened, refused, over; /* over: refused or closed */
	int status, code, messages;
	struct str last, reason;
	struct wsclient *client;
	bool drop_when_opened;
};

static void on_opened(void *arg)
{
	struct heard *h = arg;
	h->opened = true;
	if (!h->drop_when_opened)
		return;
	wsclient_drop(h->client);
	h->over = true;
}

static void on_refused(void *arg, const struct gw_response *r)
{
	struct heard *h = arg;
	assert_false(h->over);
	h->refused = h->over = true;
	h->status = r->status;
	str_addn(&h->reason, r->body.p, r->body.len);
}

static void on_message(void *arg, struct slice text)
{
	struct heard *h = arg;
	h->messages++;
	str_reset(&h->last);
	str_addn(&h->last, text.p, text.len);
}

static void on_closed(void *arg, int code, const char *reason)
{
	struct heard *h = arg;
	assert_false(h->over);
	h->over = true;
	h->code = code;
	str_add(&h->reason, reason);
}

static const struct wsclient_ops ops = {on_opened, on_refused, on_message, on_closed};

static struct wsclient_options options(const struct served *s, const char *target)
{
	const char *url = serve_url(s->serve);
	return (struct wsclient_options){.address = "127.0.0.1",
					 .port = atoi(strrchr(url, ':') + 1),
					 .host = "localhost",
					 .target = target,
					 .tls = str_starts(url, "https:")};
}

static void open_at(struct served *s, struct heard *h, const char *target)
{
	const struct wsclient_options o = options(s, target);
	*h = (struct heard){0};
	h->client = wsclient_open(&s->loop, &o, &ops, h);
}

static void say(struct heard *h, const char *text)
{
	assert_true(wsclient_say(h->client, (struct slice){text, strlen(text)}));
}

static void end(struct heard *h)
{
	str_clear(&h->last);
	str_clear(&h->reason);
}

static void talk(bool tls)
{
	struct served s;
	struct heard h;
	served_open(&s, chat, NULL, NULL, tls);
	open_at(&s, &h, "/_aws/execute-api/chat/live?room=1");
	assert_false(wsclient_say(h.client, (struct slice){"early", 5}));
	served_wait(&s, &h.opened);
	say(&h, "{\"action\":\"hello\"}");
	served_count(&s, &h.messages, 1);
	assert_non_null(strstr(str_c(&h.last), "hello"));
	char *large = xmalloc(30001);
	memset(large, 'x', 30000);
	large[30000] = '\0';
	for (int i = 0; i < 20; i++)
		say(&h, large);
	served_count(&s, &h.messages, 21);
	assert_true(h.last.len >= 30000);
	free(large);
	wsclient_close(h.client, 4001);
	assert_false(wsclient_say(h.client, (struct slice){"late", 4}));
	served_wait(&s, &h.over);
	assert_int_equal(h.code, 4001);
	end(&h);
	served_close(&s);
}

static void test_talk(void **state)
{
	(void)state;
	talk(false);
}

static void test_tls(void **state)
{
	(void)state;
	talk(true);
}

static void test_refused(void **state)
{
	(void)state;
	static const struct {
		const char *target;
		int status;
		const char *why;
	} rows[] = {
		{"/_aws/execute-api/no/live", 502, "Internal server error"},
		{"/_aws/execute-api/chat/gone", 403, "Forbidden"},
		{"/_aws/execute-api/chat/a b", 0, "blanks"},
		{"no slash", 0, "slash"},
	};
	struct served s;
	served_open(&s, chat, NULL, NULL, false);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct heard h;
		open_at(&s, &h, rows[i].target);
		assert_false(h.over); /* from the loop */
		served_wait(&s, &h.over);
		assert_true(h.refused);
		assert_int_equal(h.status, rows[i].status);
		assert_non_null(strstr(str_c(&h.reason), rows[i].why));
		end(&h);
	}
	served_close(&s);
}

/* A header of the caller's own goes before ours: version 12 is refused by the gateway. */
static void test_headers(void **state)
{
	(void)state;
	struct served s;
	struct heard h = {0};
	struct arena a = {0};
	served_open(&s, chat, NULL, NULL, false);
	struct wsclient_options o = options(&s, "/_aws/execute-api/chat/live");
	gw_headers_add(&a, &o.headers, "Sec-WebSocket-Version", "12");
	h.client = wsclient_open(&s.loop, &o, &ops, &h);
	served_wait(&s, &h.over);
	assert_int_equal(h.status, 426);
	end(&h);
	h = (struct heard){0};
	gw_headers_set(&a, &o.headers, "Sec-WebSocket-Version", "13\r\nX-Smuggled: 1");
	h.client = wsclient_open(&s.loop, &o, &ops, &h);
	served_wait(&s, &h.over);
	assert_int_equal(h.status, 0);
	end(&h);
	arena_clear(&a);
	served_close(&s);
}

static void test_nobody(void **state)
{
	(void)state;
	struct served s;
	struct heard h = {0};
	served_open(&s, chat, NULL, NULL, false);
	struct wsclient_options o = options(&s, "/live");
	o.port = 1;
	h.client = wsclient_open(&s.loop, &o, &ops, &h);
	served_wait(&s, &h.over);
	assert_int_equal(h.status, 0);
	assert_non_null(strstr(str_c(&h.reason), "refused"));
	end(&h);
	h = (struct heard){0};
	o.port = options(&s, "/").port;
	o.tls = true; /* the server speaks none */
	h.client = wsclient_open(&s.loop, &o, &ops, &h);
	served_wait(&s, &h.over);
	assert_int_equal(h.status, 0);
	end(&h);
	h = (struct heard){0};
	o.cert = "/nowhere.pem";
	h.client = wsclient_open(&s.loop, &o, &ops, &h);
	served_wait(&s, &h.over);
	assert_non_null(strstr(str_c(&h.reason), "certificate"));
	end(&h);
	served_close(&s);
}

static int disconnect_status(const struct served *s)
{
	return served_trace(s, GW_TRACE_DISCONNECT)->status;
}

/* Over 32 KB in a frame the server ends the connection; so does a connection left alone. */
static void test_server_closes(void **state)
{
	(void)state;
	struct served s;
	struct heard h;
	served_open(&s, chat, NULL, &(struct serve_options){.time_scale = 1000}, false);
	open_at(&s, &h, "/_aws/execute-api/chat/live");
	served_wait(&s, &h.opened);
	char *large = xcalloc(1, 40000);
	memset(large, 'x', 39999);
	say(&h, large);
	served_wait(&s, &h.over);
	assert_int_equal(h.code, WS_TOO_BIG);
	assert_int_equal(disconnect_status(&s), WS_TOO_BIG);
	free(large);
	end(&h);
	open_at(&s, &h, "/_aws/execute-api/chat/live");
	served_wait(&s, &h.over);
	assert_true(h.opened);
	assert_int_equal(h.code, WS_GOING_AWAY);
	assert_string_equal(str_c(&h.reason), "Going away");
	assert_int_equal(disconnect_status(&s), WS_GOING_AWAY);
	end(&h);
	served_close(&s);
}

static void test_drop(void **state)
{
	(void)state;
	struct served s;
	struct heard h;
	served_open(&s, chat, NULL, NULL, false);
	open_at(&s, &h, "/_aws/execute-api/chat/live");
	wsclient_drop(h.client); /* before anything has happened */
	struct heard other = {.drop_when_opened = true};
	const struct wsclient_options o = options(&s, "/_aws/execute-api/chat/live");
	other.client = wsclient_open(&s.loop, &o, &ops, &other);
	served_wait(&s, &other.over);
	served_pass(&s, 50);
	assert_false(h.opened || h.over);
	assert_int_equal(serve_connections(s.serve), 0);
	assert_int_equal(disconnect_status(&s), WS_ABNORMAL);
	open_at(&s, &h, "/_aws/execute-api/chat/live");
	wsclient_close(h.client, WS_NORMAL);
	served_wait(&s, &h.over);
	assert_true(h.refused && h.status == 0);
	end(&h);
	served_close(&s);
}

/* The gateway ends under an open connection. */
static void test_gateway_stops(void **state)
{
	(void)state;
	struct served s;
	struct heard h;
	served_open(&s, chat, NULL, NULL, false);
	open_at(&s, &h, "/_aws/execute-api/chat/live");
	served_wait(&s, &h.opened);
	serve_stop(s.serve, 100);
	served_wait(&s, &h.over);
	assert_int_equal(h.code, WS_GOING_AWAY);
	end(&h);
	served_close(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_talk),    cmocka_unit_test(test_tls),
		cmocka_unit_test(test_refused), cmocka_unit_test(test_headers),
		cmocka_unit_test(test_nobody),  cmocka_unit_test(test_server_closes),
		cmocka_unit_test(test_drop),    cmocka_unit_test(test_gateway_stops),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
