/* bench_vtl.c -- what a mapping template costs: one of 1 KB that builds a request from a payload,
 * its compiling, and one that only names a status. Usage: bench_vtl [ROUNDS]. Goal: less than 10 us
 * to run the first. */
#include "gateway/vtl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char template[] =
	"#set($root = $input.path('$'))\n"
	"#set($name = $util.escapeJavaScript($root.customer.name).replaceAll(\"\\\\'\", \"'\"))\n"
	"{\n"
	"  \"requestId\": \"$context.requestId\",\n"
	"  \"stage\": \"$context.stage\",\n"
	"  \"sourceIp\": \"$context.identity.sourceIp\",\n"
	"  \"path\": \"$context.resourcePath\",\n"
	"  \"orderId\": \"$input.params('id')\",\n"
	"  \"currency\": \"$stageVariables.currency\",\n"
	"  \"customer\": {\n"
	"    \"name\": \"$name\",\n"
	"    \"email\": $input.json('$.customer.email'),\n"
	"    \"returning\": #if($root.customer.orders > 0)true#{else}false#end\n"
	"  },\n"
	"  \"items\": [\n"
	"#foreach($item in $root.items)\n"
	"    {\n"
	"      \"sku\": \"$item.sku\",\n"
	"      \"quantity\": $item.quantity,\n"
	"      \"price\": $item.price,\n"
	"      \"position\": $foreach.count\n"
	"    }#if($foreach.hasNext),#end\n"
	"\n"
	"#end\n"
	"  ],\n"
	"  \"count\": $root.items.size(),\n"
	"  \"note\": \"$!util.escapeJavaScript($root.note)\",\n"
	"  \"encoded\": \"$util.base64Encode($input.body)\"\n"
	"}\n";

static const char body[] =
	"{\"customer\": {\"name\": \"Ann O'Neil\", \"email\": \"ann@example.com\", \"orders\": 3},"
	" \"items\": [{\"sku\": \"A-1\", \"quantity\": 2, \"price\": 9.99},"
	" {\"sku\": \"B-2\", \"quantity\": 1, \"price\": 24.5},"
	" {\"sku\": \"C-3\", \"quantity\": 12, \"price\": 0.75}], \"note\": \"ring twice\"}";

static double now_us(void)
{
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec * 1e-3;
}

static size_t run_once(const struct vtl *t, struct arena *a, struct str *out)
{
	struct gateway g = {.region = "us-east-1", .account = "123456789012"};
	struct gw_api api = {.id = "a1b2c3d4e5", .type = GW_REST, .deployment = "d1e2p3"};
	struct gw_stage stage = {.name = "prod"};
	struct gw_resource resource = {.id = "r1e2s3", .path = "/orders/{id}"};
	struct gw_request request = {.method = "POST", .source_ip = "127.0.0.1"};
	struct gw_exchange x = {
		.arena = a,
		.gateway = &g,
		.api = &api,
		.stage = &stage,
		.resource = &resource,
		.request = &request,
		.request_id = "7a1f0c52-3b6e-4d8a-9c41-5e2b8f60d913",
	};
	const char *error;
	gw_params_add(a, &x.path_params, "id", "42");
	gw_params_add(a, &x.variables, "currency", "EUR");
	struct vtl_env env = {.arena = a, .x = &x, .body = {body, sizeof(body) - 1}};
	str_reset(out);
	if (!vtl_run(t, &env, out, &error)) {
		fprintf(stderr, "bench_vtl: %s\n", error);
		exit(1);
	}
	return a->total;
}

static void measure(const char *name, const char *text, size_t n, long rounds)
{
	struct arena compiled = {0};
	struct str out = {0};
	size_t bytes = 0;
	double began = now_us();
	const struct vtl *t = NULL;
	long compiles = rounds / 10 + 1;
	for (long i = 0; i < compiles; i++) {
		arena_clear(&compiled);
		t = vtl_compile(&compiled, NULL, 1, text, n, NULL);
		if (!t)
			exit(1);
	}
	double compile_us = (now_us() - began) / (double)compiles;
	began = now_us();
	for (long i = 0; i < rounds; i++) {
		struct arena a = {0};
		bytes = run_once(t, &a, &out);
		arena_clear(&a);
	}
	printf("%s: %zu bytes, compiled in %.1f us, run in %.2f us, %zu bytes of values, gives "
	       "%zu\n",
	       name, n, compile_us, (now_us() - began) / (double)rounds, bytes, out.len);
	arena_clear(&compiled);
	str_clear(&out);
}

int main(int argc, char **argv)
{
	static const char constant[] = "{\"statusCode\": 200}";
	long rounds = argc > 1 ? atol(argv[1]) : 100000;
	measure("an order", template, sizeof(template) - 1, rounds);
	measure("a status", constant, sizeof(constant) - 1, rounds);
	return 0;
}
