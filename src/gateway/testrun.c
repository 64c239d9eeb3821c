/* testrun.c -- see testrun.h. A loop of its own runs until the answer is there and everything that
 * was started is gone. */
#include "gateway/testrun.h"

#include "base/random.h"
#include "gateway/capture.h"
#include "gateway/client.h"
#include "gateway/function.h"
#include "gateway/httpapi.h"
#include "gateway/rest.h"
#include "gateway/runtime.h"

#include <string.h>
#include <uv.h>

struct test_world {
	uv_loop_t loop;
	struct client *client;
	struct functions *functions;
	struct rng rng;
	int64_t now_ms;
	bool done;
};

static void call_http(void *ctx, const struct gw_http_call *call, gw_done *done, void *arg)
{
	client_http(((struct test_world *)ctx)->client, call, done, arg);
}

static void call_function(void *ctx, const struct gw_function_call *call, gw_done *done, void *arg)
{
	functions_call(((struct test_world *)ctx)->functions, call, done, arg);
}

static int64_t now_us(void *ctx)
{
	(void)ctx;
	return (int64_t)(uv_hrtime() / 1000);
}

static int64_t now_ms(void *ctx)
{
	return ((struct test_world *)ctx)->now_ms;
}

static uint64_t chance(void *ctx)
{
	return rng_next(&((struct test_world *)ctx)->rng);
}

static void answered(struct gw_exchange *x, void *arg)
{
	(void)x;
	((struct test_world *)arg)->done = true;
}

/* The API of that id, else the first that has the stage. */
static const struct gw_api *find_api(const struct gateway *g, const struct test_request *q)
{
	if (q->api)
		return gateway_api(g, q->api);
	for (size_t i = 0; i < g->api_count; i++)
		if (!q->stage || gw_api_stage(&g->apis[i], q->stage))
			return &g->apis[i];
	return NULL;
}

static const struct gw_stage *find_stage(const struct gw_api *api, const char *name)
{
	if (name)
		return gw_api_stage(api, name);
	return api->stage_count ? &api->stages[0] : NULL;
}

/* What is asked for, or NULL with an error. */
static const struct gw_stage *find(const struct gateway *g, const struct test_request *q,
				   const struct gw_api **api, struct diags *d)
{
	*api = find_api(g, q);
	const struct gw_stage *stage = *api ? find_stage(*api, q->stage) : NULL;
	if (!*api && q->api)
		diag_fail(d, "test-api", "there is no API \"%s\"", q->api);
	else if (!stage)
		diag_fail(d, "test-stage", "there is no stage \"%s\"", q->stage ? q->stage : "");
	else if ((*api)->type == GW_WEBSOCKET)
		diag_fail(d, "test-api", "%s is a WebSocket API: a message needs a connection",
			  (*api)->id);
	else
		return stage;
	return NULL;
}

/* Bytes above ASCII and blanks of a path that was typed, as a client would send them. */
static const char *typed_path(struct arena *a, const char *path)
{
	struct str out = {0};
	for (; *path; path++) {
		unsigned char c = (unsigned char)*path;
		if (c <= ' ' || c >= 127)
			str_addf(&out, "%%%02X", c);
		else
			str_addc(&out, *path);
	}
	return gw_keep(a, &out).p;
}

static struct gw_request *request_of(struct arena *a, const struct test_request *q)
{
	struct gw_request *r = arena_alloc(a, sizeof(*r));
	const char *target =
		typed_path(a, *q->path == '/' ? q->path : arena_printf(a, "/%s", q->path));
	size_t n = strcspn(target, "?");
	*r = (struct gw_request){.method = q->method,
				 .target = target,
				 .path = arena_strndup(a, target, n),
				 .query = target[n] ? target + n + 1 : NULL,
				 .headers = q->headers,
				 .body = q->body,
				 .source_ip = "127.0.0.1"};
	return r;
}

static void run_loop(struct test_world *w)
{
	while (!w->done && uv_run(&w->loop, UV_RUN_ONCE))
		continue;
	client_free(w->client);
	functions_free(w->functions);
	uv_run(&w->loop, UV_RUN_DEFAULT);
	uv_loop_close(&w->loop);
}

bool test_run(const struct gateway *g, const struct test_request *q, struct test_result *out,
	      struct diags *d)
{
	*out = (struct test_result){0};
	const struct gw_api *api;
	const struct gw_stage *stage = find(g, q, &api, d);
	if (!stage)
		return false;
	struct test_world w = {.rng = {q->seed}, .now_ms = q->now_ms};
	uv_loop_init(&w.loop);
	w.client = client_new(&w.loop);
	struct functions_options options = {
		.loop = &w.loop, .client = w.client, .region = g->region, .account = g->account};
	w.functions = functions_new(&options);
	struct outside outside = {.ctx = &w,
				  .http = call_http,
				  .function = call_function,
				  .now_us = now_us,
				  .now_ms = now_ms,
				  .limit_us = now_us,
				  .limit_ms = now_ms,
				  .random = chance};
	struct gw_runtime rt = {.gateway = g, .outside = &outside, .time_scale = 1};
	struct gw_request *request = request_of(&out->arena, q);
	out->x = (struct gw_exchange){
		.arena = &out->arena,
		.gateway = g,
		.api = api,
		.stage = stage,
		.outside = &outside,
		.request = request,
		.domain = arena_printf(&out->arena, "%s.execute-api.localhost", api->id),
		.domain_prefix = api->id,
		.full_path =
			strcmp(stage->name, "$default") == 0
				? request->path
				: arena_printf(&out->arena, "/%s%s", stage->name, request->path),
		.path = request->path,
		.trace = {.arena = &out->arena,
			  .detailed = true,
			  .log = api->type == GW_REST ? &out->log : NULL}};
	if (api->type == GW_REST)
		rest_run(&out->x, &rt, answered, &w);
	else
		httpapi_run(&out->x, &rt, answered, &w);
	run_loop(&w);
	capture_request(&out->x.trace, request);
	capture_response(&out->x.trace, &out->x.response, NULL);
	return true;
}

void test_result_clear(struct test_result *r)
{
	str_clear(&r->log);
	arena_clear(&r->arena);
}
