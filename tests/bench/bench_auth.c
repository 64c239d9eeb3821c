/* bench_auth.c -- what the stages that refuse cost a request, one by one: CPU time. */
#include "gateway/authorize.h"
#include "gateway/cache.h"
#include "gateway/limits.h"
#include "gateway/sigv4.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define KEYS 10000
#define ANSWER                                                                                     \
	"{\"principalId\":\"ann\",\"policyDocument\":{\"Version\":\"2012-10-17\",\"Statement\":"   \
	"[{\"Action\":\"execute-api:Invoke\",\"Effect\":\"Allow\",\"Resource\":\"arn:aws:execute-" \
	"api:us-east-1:123456789012:shop/dev/GET/products/*\"}]},\"context\":{\"tenant\":\"t1\"}}"

struct bench {
	struct arena arena;
	struct gateway gateway;
	struct gw_api api;
	struct gw_stage stage;
	struct gw_settings settings[2];
	struct gw_resource resource;
	struct gw_method method;
	struct gw_integration integration;
	struct gw_authorizer authorizer;
	struct gw_request request;
	struct outside outside;
	struct limits *limits;
	struct auth_state *auth;
	struct cache *cache;
	struct gw_exchange x, fresh;
};

static int64_t clock_us(void *ctx)
{
	(void)ctx;
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * INT64_C(1000000) + t.tv_nsec / 1000;
}

static int64_t clock_ms(void *ctx)
{
	(void)ctx;
	return INT64_C(1795770900000);
}

static void function(void *ctx, const struct gw_function_call *call, gw_done *done, void *arg)
{
	(void)ctx;
	(void)call;
	struct gw_call_result r = {
		.end = GW_CALL_DONE, .status = 200, .body = {ANSWER, sizeof(ANSWER) - 1}};
	done(arg, &r);
}

static uint64_t chance(void *ctx)
{
	(void)ctx;
	return 1;
}

static void authorized(struct gw_exchange *x, bool allowed, void *arg)
{
	(void)x;
	(void)arg;
	if (!allowed)
		abort();
}

static void run_limits(struct bench *b)
{
	if (!limits_take(b->limits, &b->x))
		abort();
}

static void run_plans(struct bench *b)
{
	if (!plans_admit(b->limits, &b->x))
		abort();
}

static void run_authorize(struct bench *b)
{
	authorize(&b->x, b->auth, authorized, NULL);
}

static void run_cache(struct bench *b)
{
	if (cache_lookup(b->cache, &b->x) != CACHE_HIT)
		abort();
}

static void run_sigv4(struct bench *b)
{
	if (sigv4_verify(&b->arena, &b->request, &b->gateway, "execute-api", clock_ms(NULL)).end !=
	    SIGV4_VALID)
		abort();
}

static void measure(struct bench *b, const char *name, void (*run)(struct bench *b))
{
	enum { N = 100000 };
	clock_t start = clock();
	struct arena kept = b->arena; /* what was set up stays; a request's own goes */
	b->arena = (struct arena){NULL, 0};
	for (int i = 0; i < N; i++) {
		b->x = b->fresh;
		run(b);
		if (b->arena.total > 50000)
			arena_clear(&b->arena);
	}
	double ns = (double)(clock() - start) / CLOCKS_PER_SEC * 1e9 / N;
	arena_clear(&b->arena);
	b->arena = kept;
	printf("%-36s %8.0f ns\n", name, ns);
}

static void set_up_keys(struct bench *b, struct gw_plan *plan)
{
	static struct gw_plan_stage stage = {"shop", "dev"};
	struct gw_api_key *keys = arena_alloc(&b->arena, KEYS * sizeof(*keys));
	const struct gw_api_key **all = arena_alloc(&b->arena, KEYS * sizeof(*all));
	for (int i = 0; i < KEYS; i++) {
		const char *text = arena_printf(&b->arena, "key-number-%014d", i);
		keys[i] = (struct gw_api_key){text, text, text, true};
		all[i] = &keys[i];
	}
	*plan = (struct gw_plan){.id = "p",
				 .stages = &stage,
				 .stage_count = 1,
				 .rate = 1e9,
				 .burst = 1e9,
				 .quota = 1000000000,
				 .keys = all,
				 .key_count = KEYS};
	b->gateway.keys = keys;
	b->gateway.key_count = KEYS;
	b->gateway.plans = plan;
	b->gateway.plan_count = 1;
	gw_headers_add(&b->arena, &b->request.headers, "x-api-key", keys[KEYS / 2].value);
}

static void set_up(struct bench *b)
{
	static const struct gw_settings all = {.path = "*",
					       .verb = "*",
					       .rate = 1e9,
					       .burst = 1e9,
					       .caching = -1,
					       .cache_ttl_s = -1};
	static struct gw_function fn = {.name = "fn"};
	b->gateway = (struct gateway){.region = "us-east-1",
				      .account = "123456789012",
				      .functions = &fn,
				      .function_count = 1,
				      .account_rate = 1e9,
				      .account_burst = 1e9};
	b->api = (struct gw_api){.id = "shop", .type = GW_REST};
	b->settings[0] = b->settings[1] = all;
	b->settings[1].path = "/products/{id}";
	b->settings[1].verb = "GET";
	b->stage = (struct gw_stage){.name = "dev",
				     .settings = b->settings,
				     .setting_count = 2,
				     .cache = true,
				     .cache_ttl_s = 3600};
	b->authorizer = (struct gw_authorizer){.name = "check", .function = "fn", .ttl_s = 3600};
	b->resource = (struct gw_resource){.id = "r1", .path = "/products/{id}"};
	b->method = (struct gw_method){.verb = "GET",
				       .authorizer = &b->authorizer,
				       .integration = &b->integration,
				       .api_key = true};
	b->request = (struct gw_request){.method = "GET",
					 .target = "/dev/products/42",
					 .path = "/dev/products/42",
					 .source_ip = "127.0.0.1",
					 .body = {"", 0}};
	b->outside = (struct outside){.now_us = clock_us,
				      .limit_us = clock_us,
				      .limit_ms = clock_ms,
				      .now_ms = clock_ms,
				      .random = chance,
				      .function = function};
	b->fresh = (struct gw_exchange){.arena = &b->arena,
					.gateway = &b->gateway,
					.api = &b->api,
					.stage = &b->stage,
					.outside = &b->outside,
					.request = &b->request,
					.path = "/products/42",
					.full_path = "/dev/products/42",
					.resource = &b->resource,
					.method = &b->method,
					.request_id = "id",
					.extended_id = "id",
					.trace_id = "Root=1"};
	b->fresh.trace.arena = &b->arena;
}

int main(void)
{
	static struct bench b;
	static char body[1024];
	struct gw_plan plan;
	struct gw_credential c = {
		.access_key = "AKIA", .secret_key = "secret", .account = "123456789012"};
	set_up(&b);
	set_up_keys(&b, &plan);
	b.limits = limits_new();
	b.auth = auth_state_new();
	b.cache = cache_new();
	limits_load(b.limits, &b.gateway);
	measure(&b, "buckets of method and account", run_limits);
	measure(&b, "key of 10,000, plan and quota", run_plans);
	measure(&b, "no authorization", run_authorize);
	b.method.auth = GW_AUTH_CUSTOM;
	gw_headers_add(&b.arena, &b.request.headers, "Authorization", "token");
	measure(&b, "Lambda authorizer, kept answer", run_authorize);
	b.x = b.fresh;
	memset(body, 'x', sizeof(body));
	b.x.response = (struct gw_response){.status = 200, .body = {body, sizeof(body)}};
	cache_store(b.cache, &b.x);
	measure(&b, "response cache, hit of 1 KB", run_cache);
	b.gateway.credentials = &c;
	b.gateway.credential_count = 1;
	gw_headers_add(&b.arena, &b.request.headers, "Host", "localhost");
	gw_headers_add(&b.arena, &b.request.headers, "X-Amz-Date", "20261127T091500Z");
	gw_headers_set(&b.arena, &b.request.headers, "Authorization",
		       sigv4_sign(&b.arena, &b.request, &c, "us-east-1", "execute-api",
				  "20261127T091500Z", "host;x-amz-date"));
	measure(&b, "SigV4 signature", run_sigv4);
	limits_free(b.limits);
	auth_state_free(b.auth);
	cache_free(b.cache);
	arena_clear(&b.arena);
	return 0;
}
