/* t_trace.c -- what traces with details keep, of a gateway that is served: heads, bodies, what each
 * stage decided by; and that without details there is nothing of it. */
#include "gateway/trace.h"

#include "base/file.h"
#include "base/json.h"
#include "base/utf8.h"
#include "gateway/capture.h"
#include "gateway/probe.h"
#include "gateway/ring.h"
#include "gateway/ws.h"
#include "served.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define MAX_OPENAPI 100000

static const char stack[] =
	"gateway: all\n"
	"apis:\n"
	"- apiId: shop\n"
	"  type: REST\n"
	"  openapi: api.openapi.yaml\n"
	"  apiKeys: [{name: bronze, value: bronze-key-0000000000}]\n"
	"  usagePlans: [{name: small, apiStages: [dev], quota: {limit: 1, period: DAY},\n"
	"    throttle: {rateLimit: 5, burstLimit: 5}, keys: [bronze]}]\n"
	"  stages:\n"
	"    dev: {cacheClusterEnabled: true, throttlingRateLimit: 100, throttlingBurstLimit: 50,\n"
	"      methodSettings: {/cached/GET: {cachingEnabled: true, cacheTtlInSeconds: 60}}}\n"
	"- apiId: chat\n"
	"  type: WEBSOCKET\n"
	"  routeSelectionExpression: $request.body.action\n"
	"  routes:\n"
	"    $connect: {integration: {type: AWS_PROXY, function: allow}}\n"
	"    hello: {integration: {type: AWS_PROXY, function: echo}, routeResponse: true}\n"
	"    $default: {integration: {type: AWS_PROXY, function: echo}}\n"
	"  stages: {live: {}}\n"
	"functions:\n"
	"  allow: {builtin: allow}\n"
	"  echo: {builtin: echo}\n"
	"  fail: {builtin: fail}\n"
	"  deny: {builtin: deny}\n";

struct world {
	struct served s;
	struct probe *p;
	bool done;
	int status;
};

static void on_answer(void *arg, const struct gw_call_result *r)
{
	struct world *w = arg;
	w->done = true;
	w->status = r->status;
}

static void setup(struct world *w, bool detailed)
{
	const struct serve_options o = {.detailed = detailed};
	struct str openapi = {0};
	*w = (struct world){0};
	assert_true(file_read("tests/data/trace.openapi.yaml", MAX_OPENAPI, &openapi, NULL));
	served_open(&w->s, stack, str_c(&openapi), &o, false);
	str_clear(&openapi);
	w->p = probe_new(&w->s.loop, w->s.serve);
}

static void teardown(struct world *w)
{
	probe_free(w->p);
	served_close(&w->s);
}

/* header: "Name: value" or NULL. The trace of it. */
static const struct gw_trace *ask(struct world *w, const char *method, const char *target,
				  const char *header, const char *body)
{
	struct arena a = {0};
	struct probe_request q = {.method = method, .target = target, .api = "shop"};
	const char *colon = header ? strchr(header, ':') : NULL;
	if (colon)
		gw_headers_add(&a, &q.headers, arena_strndup(&a, header, (size_t)(colon - header)),
			       colon + 2);
	if (body) {
		gw_headers_set(&a, &q.headers, "Content-Type", "application/json");
		q.body = (struct slice){body, strlen(body)};
	}
	w->done = false;
	probe_send(w->p, &q, on_answer, w);
	served_wait(&w->s, &w->done);
	arena_clear(&a);
	return served_trace(&w->s, GW_TRACE_REQUEST);
}

static const char *header_of(const struct gw_detail *h, const char *name)
{
	for (; h; h = h->next)
		if (gw_name_eq(h->name, name))
			return h->value;
	return NULL;
}

static void test_request(void **state)
{
	(void)state;
	struct world w;
	struct str json = {0};
	struct arena a = {0};
	struct node *root;
	setup(&w, true);
	const struct gw_trace *t =
		ask(&w, "POST", "/dev/echo/7?x=1&x=2", "X-Mine: yes", "{\"n\": \"\u00e4\"}");
	assert_int_equal(t->status, 200);
	assert_string_equal(t->target, "/_aws/execute-api/shop/dev/echo/7?x=1&x=2");
	assert_string_equal(header_of(t->sent, "X-Mine"), "yes");
	assert_non_null(header_of(t->sent, "Host"));
	assert_non_null(header_of(t->sent, "Content-Length")); /* which the pipeline drops */
	assert_string_equal(t->sent_body, "{\"n\": \"\u00e4\"}");
	assert_int_equal(t->sent_bytes, strlen(t->sent_body));
	assert_string_equal(header_of(t->answered, "Content-Type"), "application/json");
	assert_non_null(header_of(t->answered, "x-amzn-RequestId"));
	assert_string_equal(t->answered_body, t->sent_body);
	trace_json(&json, t);
	assert_true(json_read(&a, "trace", json.p, json.len, &root, NULL));
	const struct node *request = node_get(root, "request");
	assert_string_equal(node_text(request, "target"), t->target);
	assert_string_equal(node_text(request, "body"), t->sent_body);
	assert_string_equal(node_text(request, "bytes"), "11");
	const struct node *first = node_get(request, "headers")->child;
	assert_string_equal(first->child->text, t->sent->name);
	assert_string_equal(first->child->next->text, t->sent->value);
	assert_string_equal(node_text(node_get(root, "response"), "body"), t->answered_body);
	str_clear(&json);
	arena_clear(&a);
	teardown(&w);
}

/* What decided, stage by stage. */
static void test_details(void **state)
{
	(void)state;
	static const struct {
		const char *method, *target, *header, *body;
		int status;
		enum gw_step step;
		const char *name, *has;
	} rows[] = {
		{"POST", "/dev/echo/7", NULL, "{}", 200, GW_STEP_SIZE, "headers", " of 10240"},
		{"POST", "/dev/echo/7", NULL, "{}", 200, GW_STEP_STAGE, "deployment", ""},
		{"POST", "/dev/echo/7", NULL, "{}", 200, GW_STEP_ROUTE, "id", "7"},
		{"POST", "/dev/echo/7", NULL, "{}", 200, GW_STEP_POLICY, "statement", "Allow"},
		{"POST", "/dev/echo/7", NULL, "{}", 200, GW_STEP_POLICY, "asked",
		 "/dev/POST/echo/7"},
		{"POST", "/dev/echo/7", NULL, "{}", 200, GW_STEP_THROTTLE, "tokens", " of 50 left"},
		{"POST", "/dev/echo/7", NULL, "{}", 200, GW_STEP_THROTTLE, "tokens of the account",
		 " of 5000 left"},
		{"POST", "/dev/echo/7", NULL, "{}", 200, GW_STEP_REQUEST, "event",
		 "requestContext"},
		{"POST", "/dev/echo/7", NULL, "{}", 200, GW_STEP_INTEGRATION, "answer",
		 "\"statusCode\":200"},
		{"GET", "/dev/fail", NULL, NULL, 502, GW_STEP_INTEGRATION, "answer",
		 "errorMessage"},
		{"GET", "/dev/closed", NULL, NULL, 403, GW_STEP_POLICY, "statement",
		 "/dev/GET/closed"},
		{"GET", "/dev/cached?q=1&r=2", NULL, NULL, 200, GW_STEP_CACHE, "key",
		 "GET /cached, method.request.querystring.q=1"},
		{"GET", "/dev/cached?q=1", NULL, NULL, 200, GW_STEP_CACHE, "kept", "for 60 s"},
		{"GET", "/dev/keyed", "x-api-key: who", NULL, 403, GW_STEP_API_KEY, "sent", "who"},
		{"GET", "/dev/keyed", "x-api-key: bronze-key-0000000000", NULL, 200,
		 GW_STEP_API_KEY, "quota", "1 of 1 used this day"},
		{"GET", "/dev/keyed", "x-api-key: bronze-key-0000000000", NULL, 429,
		 GW_STEP_API_KEY, "quota", "1 of 1 used this day"},
		{"GET", "/dev/keyed", "x-api-key: bronze-key-0000000000", NULL, 429,
		 GW_STEP_API_KEY, "usage plan", "small"},
		{"GET", "/dev/guarded", NULL, NULL, 401, GW_STEP_AUTHORIZE, "missing",
		 "Authorization"},
		{"GET", "/dev/guarded", "Authorization: me", NULL, 403, GW_STEP_AUTHORIZE, "event",
		 "\"authorizationToken\":\"me\""},
		{"GET", "/dev/guarded", "Authorization: me", NULL, 403, GW_STEP_AUTHORIZE, "cached",
		 "policyDocument"},
		{"GET", "/dev/guarded", "Authorization: me", NULL, 403, GW_STEP_AUTHORIZE,
		 "statement", "Deny"},
		{"POST", "/dev/orders", NULL, "{}", 400, GW_STEP_VALIDATE, "error", "count"},
		{"POST", "/dev/orders", NULL, "{}", 400, GW_STEP_VALIDATE, "model", "Order"},
		{"POST", "/dev/orders", NULL, "{}", 400, GW_STEP_VALIDATE, "schema", "integer"},
		{"POST", "/dev/mapped", NULL, "[3]", 201, GW_STEP_REQUEST, "template", "$input"},
		{"POST", "/dev/mapped", NULL, "[3]", 201, GW_STEP_REQUEST, "body", "\"was\": [3]"},
		{"POST", "/dev/mapped", NULL, "[3]", 201, GW_STEP_RESPONSE, "selected",
		 "default for \"200\": 201"},
		{"POST", "/dev/mapped", NULL, "[3]", 201, GW_STEP_RESPONSE, "body", "{\"made\":1}"},
	};
	struct world w;
	setup(&w, true);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct gw_trace *t =
			ask(&w, rows[i].method, rows[i].target, rows[i].header, rows[i].body);
		const char *value = served_detail(t, rows[i].step, rows[i].name);
		if (t->status != rows[i].status || !value || !strstr(value, rows[i].has))
			fail_msg("%s: %d, %s/%s is %s", rows[i].target, t->status,
				 gw_step_names[rows[i].step], rows[i].name,
				 value ? value : "missing");
	}
	teardown(&w);
}

static void test_without(void **state)
{
	(void)state;
	struct world w;
	struct str json = {0};
	setup(&w, false);
	const struct gw_trace *t = ask(&w, "POST", "/dev/echo/7?x=1", "X-Mine: yes", "{}");
	assert_int_equal(t->status, 200);
	assert_null(t->target);
	assert_null(t->sent);
	assert_null(t->answered);
	assert_null(t->sent_body);
	assert_null(t->answered_body);
	for (int i = 0; i < GW_STEP_COUNT; i++)
		assert_null(t->rows[i].details);
	trace_json(&json, t);
	assert_null(strstr(str_c(&json), "\"headers\""));
	serve_detail(w.s.serve, true);
	serve_edited(w.s.serve); /* the next generation looks as closely */
	t = ask(&w, "POST", "/dev/echo/7?x=1", NULL, "{}");
	assert_string_equal(t->sent_body, "{}");
	str_clear(&json);
	teardown(&w);
}

/* ---- bodies ---- */

static void test_bodies(void **state)
{
	(void)state;
	enum { MORE = MAX_TRACE_BODY + 100 };
	struct arena a = {0};
	struct gw_trace t = {.arena = &a, .detailed = true};
	char *large = arena_alloc(&a, MORE + 1);
	memset(large, 'x', MORE);
	memcpy(large + MAX_TRACE_BODY - 2, "\u20ac", 3); /* over the edge */
	capture_message(&t, (struct slice){large, MORE}, (struct slice){"\xff", 1});
	assert_int_equal(strlen(t.sent_body), MAX_TRACE_BODY - 2);
	assert_int_equal(t.sent_bytes, MORE);
	assert_null(t.answered_body);
	assert_int_equal(t.answered_bytes, 1);
	memset(large, (char)0x80, MORE); /* no character begins anywhere */
	capture_message(&t, (struct slice){large, MORE}, (struct slice){"a\0b", 3});
	assert_null(t.sent_body);
	assert_null(t.answered_body);
	assert_int_equal(t.answered_bytes, 3);
	capture_message(&t, (struct slice){NULL, 0}, (struct slice){"", 0});
	assert_null(t.sent_body);
	assert_int_equal(t.sent_bytes, 0);
	/* pieces: the beginning is kept, all is counted */
	struct capture_stream pieces = {0};
	const struct gw_response r = {.status = 200};
	memset(large, 'y', MORE);
	for (int i = 0; i < 3; i++)
		capture_piece(&pieces, (struct slice){large, MORE});
	capture_response(&t, &r, &pieces);
	assert_int_equal(strlen(t.answered_body), MAX_TRACE_BODY);
	assert_int_equal(t.answered_bytes, 3 * MORE);
	str_clear(&pieces.text);
	arena_clear(&a);
}

/* The ring's copy outlives what it was made from; details give way before bodies. */
static void test_ring(void **state)
{
	(void)state;
	struct ring *r = ring_new(2);
	struct arena a = {0};
	struct gw_trace t = {.arena = &a, .detailed = true, .path = "/p"};
	struct gw_request q = {.target = arena_strdup(&a, "/p?q")};
	struct gw_response answer = {.status = 200};
	char *big = arena_alloc(&a, MAX_RING_TRACE);
	memset(big, 'd', MAX_RING_TRACE - 10);
	gw_headers_add(&a, &q.headers, arena_strdup(&a, "One"), arena_strdup(&a, "1"));
	gw_headers_add(&a, &q.headers, "One", "2");
	q.body = (struct slice){arena_strdup(&a, "body"), 4};
	answer.body = q.body;
	capture_request(&t, &q);
	capture_response(&t, &answer, NULL);
	trace_detail(&t, GW_STEP_WAF, "big", big);
	trace_detail(&t, GW_STEP_WAF, "small", "s");
	ring_add(r, &t);
	arena_clear(&a);
	const struct gw_trace *kept = ring_get(r, 1);
	assert_string_equal(kept->target, "/p?q");
	assert_string_equal(kept->sent->value, "1");
	assert_string_equal(kept->sent->next->value, "2");
	assert_null(kept->sent->next->next);
	assert_null(kept->answered);
	assert_string_equal(kept->sent_body, "body");
	assert_string_equal(kept->answered_body, "body");
	assert_string_equal(kept->rows[GW_STEP_WAF].details->name, "small");
	ring_free(r);
}

/* ---- WebSockets ---- */

struct talk {
	bool opened, closed;
	int messages;
};

static void on_opened(void *arg)
{
	((struct talk *)arg)->opened = true;
}

static void on_message(void *arg, struct slice text)
{
	(void)text;
	((struct talk *)arg)->messages++;
}

static void on_closed(void *arg, int code, const char *reason)
{
	(void)code, (void)reason;
	((struct talk *)arg)->closed = true;
}

static const struct wsclient_ops talk_ops = {
	.opened = on_opened, .message = on_message, .closed = on_closed};

static const struct gw_trace *push(struct world *w, const char *id, const char *body)
{
	char *target = xasprintf("/live/@connections/%s", id);
	const struct probe_request q = {
		.method = "POST", .target = target, .api = "chat", .body = {body, strlen(body)}};
	w->done = false;
	probe_send(w->p, &q, on_answer, w);
	served_wait(&w->s, &w->done);
	free(target);
	return served_trace(&w->s, GW_TRACE_PUSH);
}

static void test_websocket(void **state)
{
	(void)state;
	static const char hello[] = "{\"action\":\"hello\"}";
	struct world w;
	struct talk talk = {0};
	setup(&w, true);
	const struct probe_request q = {.target = "/live?room=1", .api = "chat"};
	struct wsclient *c = probe_connect(w.p, &q, &talk_ops, &talk);
	served_wait(&w.s, &talk.opened);
	const struct gw_trace *t = served_trace(&w.s, GW_TRACE_CONNECT);
	char *id = xstrdup(t->connection_id);
	assert_int_equal(t->status, 101);
	assert_non_null(strstr(t->target, "/live?room=1"));
	assert_string_equal(header_of(t->sent, "Sec-WebSocket-Version"), "13");
	assert_non_null(header_of(t->answered, "Sec-WebSocket-Accept"));
	serve_detail(w.s.serve, false);
	serve_detail(w.s.serve, true);
	assert_true(wsclient_say(c, (struct slice){hello, sizeof(hello) - 1}));
	served_count(&w.s, &talk.messages, 1);
	t = served_trace(&w.s, GW_TRACE_MESSAGE);
	assert_string_equal(t->sent_body, hello);
	assert_string_equal(t->answered_body, hello);
	assert_int_equal(t->answered_bytes, sizeof(hello) - 1);
	assert_string_equal(served_detail(t, GW_STEP_ROUTE, "selected"), "hello");
	t = push(&w, id, "pushed");
	assert_int_equal(t->status, 200);
	assert_string_equal(t->sent_body, "pushed");
	assert_string_equal(t->answered_body, "pushed");
	assert_string_equal(t->connection_id, id);
	assert_non_null(header_of(t->sent, "Host"));
	served_count(&w.s, &talk.messages, 2);
	wsclient_close(c, 4002);
	served_wait(&w.s, &talk.closed);
	t = served_trace(&w.s, GW_TRACE_DISCONNECT);
	assert_int_equal(t->status, 4002);
	assert_non_null(strstr(served_detail(t, GW_STEP_ROUTE, "close"), "4002"));
	t = push(&w, id, "late");
	assert_int_equal(t->status, 410);
	assert_string_equal(t->error, "GoneException");
	assert_null(t->answered_body);
	free(id);
	teardown(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_request), cmocka_unit_test(test_details),
		cmocka_unit_test(test_without), cmocka_unit_test(test_bodies),
		cmocka_unit_test(test_ring),    cmocka_unit_test(test_websocket),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
