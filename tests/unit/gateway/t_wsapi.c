/* t_wsapi.c -- the pipelines of WebSocket APIs: handshakes, routes, models, integrations, error
 * frames byte for byte, events. */
#include "base/json.h"
#include "gateway/runtime.h"
#include "gateway/schema.h"
#include "gateway/vtl.h"
#include "gateway/ws.h"
#include "gateway/wsapi.h"
#include "gateway/wsevent.h"
#include "world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define ID "AAAABBBBCCCCDDD="

static struct gw_integration proxy = {.type = GW_AWS_PROXY, .function = "fn", .timeout_ms = 29000};

struct ws_world {
	struct world w;
	struct gw_route routes[6];
	struct gw_runtime rt;
	int done;
};

static struct gw_route *add_route(struct ws_world *h, const char *key, struct gw_integration *i)
{
	struct gw_route *r = &h->routes[h->w.api.route_count++];
	*r = (struct gw_route){.key = key, .integration = i};
	return r;
}

static void begin(struct ws_world *h)
{
	memset(h, 0, sizeof(*h));
	world_init(&h->w);
	h->w.api.type = GW_WEBSOCKET;
	h->w.api.routes = h->routes;
	h->w.api.route_selection = "$request.body.action";
	h->w.x.connection_id = ID;
	h->w.x.connected_ms = WORLD_NOW_MS - 1000;
	world_answer(&h->w, 200, NULL, "{\"statusCode\":200}");
}

static void end(struct ws_world *h)
{
	world_clear(&h->w);
}

static void is_done(struct gw_exchange *x, void *arg)
{
	(void)x;
	((struct ws_world *)arg)->done++;
}

static void say(struct ws_world *h, const char *text)
{
	h->w.x.event_type = "MESSAGE";
	h->w.x.message = (struct slice){text, strlen(text)};
	wsapi_message(&h->w.x, &h->rt, is_done, h);
	assert_int_equal(h->done, 1);
}

/* The error frame has these bytes. */
static void frame_is(struct ws_world *h, const char *message)
{
	const char *want = arena_printf(&h->w.arena,
					"{\"message\": \"%s\", \"connectionId\":\"" ID
					"\", \"requestId\":\"%s\"}",
					message, h->w.x.request_id);
	assert_string_equal(world_body(&h->w), want);
}

static void shake_hands(struct ws_world *h)
{
	world_header(&h->w, "Host", "shop.execute-api.localhost");
	world_header(&h->w, "Upgrade", "websocket");
	world_header(&h->w, "Connection", "Upgrade");
	world_header(&h->w, "Sec-WebSocket-Version", "13");
	world_header(&h->w, "Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
}

static int connect_now(struct ws_world *h)
{
	h->w.x.event_type = "CONNECT";
	wsapi_connect(&h->w.x, &h->rt, is_done, h);
	assert_int_equal(h->done, 1);
	return h->w.x.response.status;
}

static int connect_with(const char *answer, enum gw_call_end how)
{
	struct ws_world h;
	begin(&h);
	shake_hands(&h);
	add_route(&h, "$connect", &proxy);
	world_answer(&h.w, 200, NULL, answer);
	h.w.answer.end = how;
	int status = connect_now(&h);
	if (status != 101)
		assert_string_equal(world_got(&h.w, "Sec-WebSocket-Accept"), "");
	end(&h);
	return status;
}

/* ---- handshakes ---------------------------------------------------------------------- */

static void test_connect(void **state)
{
	struct ws_world h;
	(void)state;
	begin(&h);
	shake_hands(&h);
	assert_int_equal(connect_now(&h), 101); /* $connect is optional */
	assert_string_equal(world_got(&h.w, "Sec-WebSocket-Accept"),
			    "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
	assert_string_equal(world_got(&h.w, "Upgrade"), "websocket");
	assert_string_equal(world_got(&h.w, "Sec-WebSocket-Extensions"), "");
	end(&h);
	assert_int_equal(connect_with("{\"statusCode\":201}", GW_CALL_DONE), 101);
	assert_int_equal(connect_with("{\"statusCode\":301}", GW_CALL_DONE), 301);
	assert_int_equal(connect_with("{\"statusCode\":401}", GW_CALL_DONE), 401);
	assert_int_equal(connect_with("{\"statusCode\":501}", GW_CALL_DONE), 501);
	assert_int_equal(connect_with("{\"errorMessage\":\"no\"}", GW_CALL_ERROR), 502);
	assert_int_equal(connect_with("garbage", GW_CALL_DONE), 502);
	assert_int_equal(connect_with("", GW_CALL_DENIED), 500);
}

static void test_connect_is_refused_before(void **state)
{
	struct ws_world h;
	(void)state;
	begin(&h); /* no upgrade */
	assert_int_equal(connect_now(&h), 426);
	assert_string_equal(world_body(&h.w), "{\"message\":\"Upgrade Required\"}");
	end(&h);
	begin(&h);
	shake_hands(&h);
	h.w.api.no_default_endpoint = true;
	assert_int_equal(connect_now(&h), 403);
	end(&h);
	begin(&h); /* a path behind the stage */
	shake_hands(&h);
	world_ask(&h.w, "GET", "/more", "");
	assert_int_equal(connect_now(&h), 403);
	assert_string_equal(world_body(&h.w), "{\"message\":\"Forbidden\"}");
	end(&h);
	begin(&h); /* a stage that is not there */
	shake_hands(&h);
	h.w.x.stage = NULL;
	assert_int_equal(connect_now(&h), 403);
	end(&h);
	begin(&h); /* over 4,096 characters */
	shake_hands(&h);
	char *query = arena_alloc(&h.w.arena, 4200);
	memset(query, 'q', 4199);
	world_ask(&h.w, "GET", arena_printf(&h.w.arena, "/?%s", query), "");
	assert_int_equal(connect_now(&h), 414);
	end(&h);
}

static void test_subprotocol(void **state)
{
	struct ws_world h;
	(void)state;
	begin(&h);
	shake_hands(&h);
	world_header(&h.w, "Sec-WebSocket-Protocol", "chat, other");
	add_route(&h, "$connect", &proxy);
	assert_int_equal(connect_now(&h), 101);
	assert_string_equal(world_got(&h.w, "Sec-WebSocket-Protocol"), "");
	end(&h);
	begin(&h);
	shake_hands(&h);
	add_route(&h, "$connect", &proxy);
	world_answer(&h.w, 200, NULL,
		     "{\"statusCode\":200,\"headers\":{\"Sec-WebSocket-Protocol\":\"chat\","
		     "\"X-Other\":\"no\"}}");
	assert_int_equal(connect_now(&h), 101);
	assert_string_equal(world_got(&h.w, "Sec-WebSocket-Protocol"), "chat");
	assert_string_equal(world_got(&h.w, "X-Other"), "");
	end(&h);
}

static void test_mock_connect(void **state)
{
	static const int statuses[] = {200, 403};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(statuses); i++) {
		struct ws_world h;
		begin(&h);
		shake_hands(&h);
		char *text = arena_printf(&h.w.arena, "{\"statusCode\": %d}", statuses[i]);
		struct gw_template t = {
			.type = "$default",
			.text = text,
			.vtl = vtl_compile(&h.w.arena, "t", 1, text, strlen(text), NULL)};
		struct gw_integration mock = {
			.type = GW_MOCK, .timeout_ms = 29000, .templates = &t, .template_count = 1};
		add_route(&h, "$connect", &mock);
		assert_int_equal(connect_now(&h), statuses[i] == 200 ? 101 : 403);
		end(&h);
	}
}

/* ---- messages ------------------------------------------------------------------------ */

static const char *route_of(const char *selection, const char *message)
{
	static char key[64];
	struct ws_world h;
	begin(&h);
	h.w.api.route_selection = selection;
	add_route(&h, "hello", &proxy);
	add_route(&h, "42", &proxy);
	add_route(&h, "chat/send", &proxy);
	add_route(&h, "$connect", &proxy);
	add_route(&h, "$default", &proxy);
	say(&h, message);
	memccpy(key, h.w.x.route_key, '\0', sizeof(key) - 1);
	end(&h);
	return key;
}

static void test_routes(void **state)
{
	static const char action[] = "$request.body.action";
	static const char pair[] = "${request.body.service}/${request.body.action}";
	(void)state;
	assert_string_equal(route_of(action, "{\"action\":\"hello\"}"), "hello");
	assert_string_equal(route_of(action, "{\"action\":\"other\"}"), "$default");
	assert_string_equal(route_of(action, "{\"action\":42}"), "42");
	assert_string_equal(route_of(action, "{}"), "$default");
	assert_string_equal(route_of(action, "hello"), "$default");
	assert_string_equal(route_of(action, "\"hello\""), "$default");
	assert_string_equal(route_of(action, "12"), "$default");
	assert_string_equal(route_of(action, ""), "$default");
	assert_string_equal(route_of(action, "{\"action\":\"$connect\"}"), "$default");
	assert_string_equal(route_of("$request.body.a.b", "{\"a\":{\"b\":\"hello\"}}"), "hello");
	assert_string_equal(route_of(pair, "{\"service\":\"chat\",\"action\":\"send\"}"),
			    "chat/send");
	assert_string_equal(route_of("hello", "{}"), "hello");
	assert_string_equal(route_of("\\$default", "{\"action\":\"hello\"}"), "$default");
}

static void test_no_route(void **state)
{
	struct ws_world h;
	(void)state;
	begin(&h);
	add_route(&h, "hello", &proxy);
	say(&h, "{\"action\":\"bye\"}");
	frame_is(&h, "Forbidden");
	assert_int_equal(h.w.function_calls, 0);
	end(&h);
}

static void test_one_way_and_two_way(void **state)
{
	struct ws_world h;
	(void)state;
	begin(&h); /* nothing comes back, whatever the function answers */
	add_route(&h, "$default", &proxy);
	world_answer(&h.w, 200, NULL, "{\"statusCode\":500,\"body\":\"unseen\"}");
	say(&h, "x");
	assert_null(h.w.x.response.body.p);
	end(&h);
	begin(&h);
	add_route(&h, "$default", &proxy)->route_response = true;
	world_answer(&h.w, 200, NULL, "{\"statusCode\":200,\"body\":\"seen\"}");
	say(&h, "x");
	assert_string_equal(world_body(&h.w), "seen");
	end(&h);
	begin(&h); /* no body: no frame; an empty one: an empty frame */
	add_route(&h, "$default", &proxy)->route_response = true;
	world_answer(&h.w, 200, NULL, "{\"statusCode\":200}");
	say(&h, "x");
	assert_null(h.w.x.response.body.p);
	end(&h);
	begin(&h);
	add_route(&h, "$default", &proxy)->route_response = true;
	world_answer(&h.w, 200, NULL, "{\"statusCode\":200,\"body\":\"\"}");
	say(&h, "x");
	assert_non_null(h.w.x.response.body.p);
	assert_int_equal(h.w.x.response.body.len, 0);
	end(&h);
}

static void fails(enum gw_call_end how, const char *message)
{
	struct ws_world h;
	begin(&h);
	add_route(&h, "$default", &proxy); /* one-way too */
	h.w.answer.end = how;
	say(&h, "x");
	frame_is(&h, message);
	end(&h);
}

static void test_failures(void **state)
{
	struct ws_world h;
	(void)state;
	fails(GW_CALL_ERROR, "Internal server error");
	fails(GW_CALL_CRASHED, "Internal server error");
	fails(GW_CALL_DENIED, "Internal server error");
	fails(GW_CALL_TIMEOUT, "Internal server error"); /* the function's own time limit */
	begin(&h);
	struct gw_integration hasty = proxy;
	hasty.timeout_ms = 1000;
	add_route(&h, "$default", &hasty);
	h.w.answer.end = GW_CALL_TIMEOUT;
	say(&h, "x");
	frame_is(&h, "Endpoint request timed out");
	end(&h);
	begin(&h); /* a route without an integration */
	add_route(&h, "$default", NULL);
	say(&h, "x");
	frame_is(&h, "Internal server error");
	end(&h);
	begin(&h);
	add_route(&h, "$default", &proxy)->route_response = true;
	world_answer(&h.w, 200, NULL, "\"no proxy answer\"");
	say(&h, "x");
	frame_is(&h, "Internal server error");
	end(&h);
	begin(&h);
	h.w.x.message = (struct slice){"x", 1};
	h.w.x.event_type = "MESSAGE";
	wsapi_refuse_message(&h.w.x, is_done, &h);
	frame_is(&h, "Too Many Requests");
	end(&h);
}

static struct gw_model model_of(struct ws_world *h, const char *schema)
{
	struct node *root;
	assert_true(json_read(&h->w.arena, "m", schema, strlen(schema), &root, NULL));
	return (struct gw_model){.name = "m",
				 .schema = root,
				 .compiled =
					 schema_compile(&h->w.arena, "m", root, NULL, NULL, NULL)};
}

static void validated(const char *message, bool good)
{
	struct ws_world h;
	begin(&h);
	struct gw_model m = model_of(&h, "{\"required\":[\"text\"]}");
	struct gw_body_model models[] = {{"v1", &m}};
	struct gw_route *r = add_route(&h, "$default", &proxy);
	r->model_selection = "$request.body.version";
	r->models = models;
	r->model_count = 1;
	say(&h, message);
	assert_int_equal(h.w.function_calls, good);
	if (!good)
		frame_is(&h, "Invalid request body");
	end(&h);
}

static void test_models(void **state)
{
	(void)state;
	validated("{\"version\":\"v1\",\"text\":\"x\"}", true);
	validated("{\"version\":\"v1\"}", false);
	validated("{\"version\":\"v2\",\"text\":\"x\"}", false); /* no model, and no $default */
	validated("not JSON", false);
}

static struct gw_template template_of(struct ws_world *h, const char *key, const char *text)
{
	return (struct gw_template){
		.type = key,
		.text = text,
		.vtl = vtl_compile(&h->w.arena, "t", 1, text, strlen(text), NULL)};
}

static void test_templates(void **state)
{
	struct ws_world h;
	(void)state;
	begin(&h);
	struct gw_template in[] = {
		template_of(&h, "$default", "{\"none\": true}"),
		template_of(&h, "send",
			    "{\"id\": \"$context.connectionId\", \"t\": $input.json('$.t')}"),
	};
	struct gw_template out[] = {
		template_of(&h, "$default", "<$input.path('$.answer')> $context.routeKey")};
	struct gw_integration_response response = {
		.status = 200, .templates = out, .template_count = 1};
	struct gw_integration i = {.type = GW_AWS,
				   .function = "fn",
				   .timeout_ms = 29000,
				   .templates = in,
				   .template_count = 2,
				   .template_selection = "$request.body.action",
				   .responses = &response,
				   .response_count = 1};
	add_route(&h, "send", &i)->route_response = true;
	world_answer(&h.w, 200, NULL, "{\"answer\":\"yes\"}");
	say(&h, "{\"action\":\"send\",\"t\":[1]}");
	assert_string_equal(h.w.body, "{\"id\": \"" ID "\", \"t\": [1]}");
	assert_string_equal(world_body(&h.w), "<yes> send");
	end(&h);
}

static void test_http_proxy(void **state)
{
	struct ws_world h;
	(void)state;
	begin(&h);
	struct gw_integration i = {.type = GW_HTTP_PROXY,
				   .uri = "http://backend.example/in",
				   .http_method = "POST",
				   .timeout_ms = 29000};
	add_route(&h, "$default", &i)->route_response = true;
	world_answer(&h.w, 200, "text/plain", "from behind");
	say(&h, "as it is");
	assert_string_equal(h.w.http.method, "POST");
	assert_string_equal(h.w.url, "http://backend.example/in");
	assert_string_equal(h.w.body, "as it is");
	assert_string_equal(world_body(&h.w), "from behind");
	end(&h);
}

/* ---- events -------------------------------------------------------------------------- */

static const struct node *event_of(struct ws_world *h)
{
	struct node *root;
	assert_true(json_read(&h->w.arena, "event", h->w.body, strlen(h->w.body), &root, NULL));
	return root;
}

static void has_members(const struct node *map, const char *names)
{
	struct str have = {0};
	for (const struct node *m = map->child; m; m = m->next)
		str_addf(&have, "%s%s", have.len ? " " : "", m->key->text);
	assert_string_equal(str_c(&have), names);
	str_clear(&have);
}

static void test_connect_event(void **state)
{
	struct ws_world h;
	(void)state;
	begin(&h);
	shake_hands(&h);
	world_header(&h.w, "X-Own", "1");
	add_route(&h, "$connect", &proxy);
	assert_int_equal(connect_now(&h), 101);
	const struct node *e = event_of(&h);
	has_members(e, "headers multiValueHeaders requestContext isBase64Encoded");
	const struct node *headers = node_get(e, "headers");
	assert_string_equal(node_text(headers, "X-Own"), "1");
	assert_non_null(node_text(headers, "Sec-WebSocket-Key"));
	assert_null(node_get(headers, "Upgrade"));
	assert_null(node_get(headers, "Connection"));
	assert_string_equal(node_text(node_get(e, "requestContext"), "routeKey"), "$connect");
	end(&h);
	begin(&h); /* with a query */
	shake_hands(&h);
	world_ask(&h.w, "GET", "/?a=1&a=2", "");
	add_route(&h, "$connect", &proxy);
	assert_int_equal(connect_now(&h), 101);
	e = event_of(&h);
	assert_string_equal(node_text(node_get(e, "queryStringParameters"), "a"), "2");
	assert_int_equal(node_get(node_get(e, "multiValueQueryStringParameters"), "a")->count, 2);
	end(&h);
}

static void test_message_event(void **state)
{
	static const char text[] = "a\0b";
	static struct gw_param variables[] = {{"v", "1"}};
	struct ws_world h;
	struct node *root;
	(void)state;
	begin(&h);
	add_route(&h, "$default", &proxy);
	h.w.stage.variables = variables;
	h.w.stage.variable_count = 1;
	h.w.x.principal = "me";
	h.w.x.authorizer_us = 7000;
	const char *context = "{\"k\":\"v\"}";
	assert_true(json_read(&h.w.arena, "c", context, strlen(context), &root, NULL));
	h.w.x.authorizer = root;
	h.w.x.event_type = "MESSAGE";
	h.w.x.message = (struct slice){text, 3};
	wsapi_message(&h.w.x, &h.rt, is_done, &h);
	const struct node *e = event_of(&h);
	has_members(e, "requestContext stageVariables body isBase64Encoded");
	has_members(node_get(e, "stageVariables"), "v");
	const struct node *body = node_get(e, "body");
	assert_int_equal(body->len, 3); /* NUL is a character */
	assert_memory_equal(body->text, text, 3);
	const struct node *c = node_get(e, "requestContext");
	has_members(c, "routeKey authorizer messageId eventType extendedRequestId requestTime "
		       "messageDirection stage connectedAt requestTimeEpoch identity requestId "
		       "domainName connectionId apiId");
	assert_string_equal(node_text(c, "requestId"), node_text(c, "extendedRequestId"));
	assert_string_equal(node_text(c, "connectedAt"), "1795770899000");
	assert_string_equal(node_text(c, "requestTime"), "27/Nov/2026:09:15:00 +0000");
	has_members(node_get(c, "authorizer"), "principalId integrationLatency k");
	assert_string_equal(node_text(node_get(c, "authorizer"), "integrationLatency"), "7");
	end(&h);
}

static void test_disconnect_event(void **state)
{
	struct ws_world h;
	(void)state;
	begin(&h);
	add_route(&h, "$disconnect", &proxy);
	h.w.x.event_type = "DISCONNECT";
	h.w.x.disconnect_code = 1001;
	h.w.x.disconnect_reason = "Going away";
	h.w.answer.end = GW_CALL_ERROR; /* nobody minds */
	wsapi_disconnect(&h.w.x, &h.rt, is_done, &h);
	assert_int_equal(h.done, 1);
	const struct node *e = event_of(&h);
	has_members(e, "headers multiValueHeaders requestContext isBase64Encoded");
	has_members(node_get(e, "headers"), "Host x-api-key X-Forwarded-For x-restapi");
	const struct node *c = node_get(e, "requestContext");
	assert_string_equal(node_text(c, "disconnectStatusCode"), "1001");
	assert_string_equal(node_text(c, "disconnectReason"), "Going away");
	assert_int_equal(h.w.x.trace.status, 1001);
	end(&h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_connect),
		cmocka_unit_test(test_connect_is_refused_before),
		cmocka_unit_test(test_subprotocol),
		cmocka_unit_test(test_mock_connect),
		cmocka_unit_test(test_routes),
		cmocka_unit_test(test_no_route),
		cmocka_unit_test(test_one_way_and_two_way),
		cmocka_unit_test(test_failures),
		cmocka_unit_test(test_models),
		cmocka_unit_test(test_templates),
		cmocka_unit_test(test_http_proxy),
		cmocka_unit_test(test_connect_event),
		cmocka_unit_test(test_message_event),
		cmocka_unit_test(test_disconnect_event),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
