/* world.c -- see world.h. */
#include "world.h"

#include <string.h>

static void keep_http(void *ctx, const struct gw_http_call *call, gw_done *done, void *arg)
{
	struct world *w = ctx;
	w->http_calls++;
	w->http = *call;
	w->url = arena_strdup(&w->arena, call->url);
	w->body = arena_strndup(&w->arena, call->body.p ? call->body.p : "", call->body.len);
	struct gw_call_result answer = w->answer;
	if (call->piece) { /* in two pieces */
		struct slice first = {answer.body.p, answer.body.len / 2};
		struct slice second = {first.p + first.len, answer.body.len - first.len};
		answer.body = (struct slice){"", 0};
		call->piece(arg, &answer, first);
		call->piece(arg, &answer, second);
	}
	done(arg, &answer);
}

static void keep_function(void *ctx, const struct gw_function_call *call, gw_done *done, void *arg)
{
	struct world *w = ctx;
	w->function_calls++;
	w->function = *call;
	w->body = arena_strndup(&w->arena, call->payload.p, call->payload.len);
	done(arg, &w->answer);
}

static int64_t now_us(void *ctx)
{
	return ((struct world *)ctx)->now_us;
}

static int64_t now_ms(void *ctx)
{
	(void)ctx;
	return WORLD_NOW_MS;
}

static uint64_t next_chance(void *ctx)
{
	return ((struct world *)ctx)->chance++;
}

void world_init(struct world *w)
{
	static struct gw_function fn = {.name = "fn", .timeout_ms = 3000};
	*w = (struct world){.chance = 1};
	w->outside = (struct outside){.ctx = w,
				      .http = keep_http,
				      .function = keep_function,
				      .now_us = now_us,
				      .now_ms = now_ms,
				      .limit_us = now_us,
				      .limit_ms = now_ms,
				      .random = next_chance};
	w->gateway.region = "us-east-1";
	w->gateway.account = "123456789012";
	w->gateway.functions = &fn;
	w->gateway.function_count = 1;
	w->api = (struct gw_api){
		.id = "shop", .type = GW_REST, .deployment = "abc123", .min_compression = -1};
	w->stage = (struct gw_stage){.name = "dev"};
	w->x = (struct gw_exchange){.arena = &w->arena,
				    .gateway = &w->gateway,
				    .api = &w->api,
				    .stage = &w->stage,
				    .outside = &w->outside,
				    .request = &w->request,
				    .domain = "shop.execute-api.localhost",
				    .domain_prefix = "shop",
				    .integration_us = -1,
				    .authorizer_us = -1};
	w->x.trace.arena = &w->arena;
	w->request.source_ip = "127.0.0.1";
	world_answer(w, 200, "application/json", "{}");
	world_ask(w, "GET", "/", "");
}

void world_clear(struct world *w)
{
	arena_clear(&w->arena);
}

void world_ask(struct world *w, const char *verb, const char *path, const char *body)
{
	size_t n = strcspn(path, "?");
	w->request.method = verb;
	w->x.path = w->request.path = arena_strndup(&w->arena, path, n);
	w->x.full_path = arena_printf(&w->arena, "/dev%s", w->x.path);
	w->request.target = arena_printf(&w->arena, "/dev%s", path);
	w->request.query = path[n] ? path + n + 1 : NULL;
	w->request.body = (struct slice){body, strlen(body)};
}

void world_header(struct world *w, const char *name, const char *value)
{
	gw_headers_add(&w->arena, &w->request.headers, name, value);
}

void world_answer(struct world *w, int status, const char *type, const char *body)
{
	w->answer = (struct gw_call_result){
		.end = GW_CALL_DONE, .status = status, .body = {body, strlen(body)}, .us = 5000};
	if (type)
		gw_headers_add(&w->arena, &w->answer.headers, "Content-Type", type);
}

const char *world_got(const struct world *w, const char *name)
{
	const char *v = gw_headers_first(&w->x.response.headers, name);
	return v ? v : "";
}

const char *world_body(struct world *w)
{
	struct slice b = w->x.response.body;
	return arena_strndup(&w->arena, b.p ? b.p : "", b.len);
}
