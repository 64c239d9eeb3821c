/* fuzz_rest.c -- any request and any answer of the backend, through the REST pipeline: verb and
 * target on the first line, headers on the next, an empty line, the body; behind a NUL byte what
 * the backend answers: its Content-Type on a line, then its body. The answer to the client must be
 * one that can be sent. */
#include "base/json.h"
#include "gateway/openapi.h"
#include "gateway/rest.h"
#include "gateway/runtime.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool ok)
{
	if (!ok)
		abort();
}

#define FN                                                               \
	"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/" \
	"arn:aws:lambda:us-east-1:123456789012:function:fn/invocations"
#define X "\"x-amazon-apigateway-integration\":"
static const char definition[] =
	"{\"openapi\":\"3.0.1\",\"info\":{\"title\":\"t\",\"version\":\"1\"},"
	"\"x-amazon-apigateway-binary-media-types\":[\"image/png\"],"
	"\"x-amazon-apigateway-minimum-compression-size\":0,"
	"\"x-amazon-apigateway-request-validators\":{\"all\":{\"validateRequestBody\":true,"
	"\"validateRequestParameters\":true}},"
	"\"x-amazon-apigateway-gateway-responses\":{\"DEFAULT_4XX\":{\"responseParameters\":{"
	"\"gatewayresponse.header.h\":\"method.request.header.h\"},\"responseTemplates\":{"
	"\"application/json\":\"$context.error.messageString $method.request.querystring.q\"}}},"
	"\"components\":{\"schemas\":{\"M\":{\"type\":\"object\",\"required\":[\"a\"]}}},"
	"\"paths\":{\"/f/{proxy+}\":{\"x-amazon-apigateway-any-method\":{\"responses\":{}," X
	"{\"type\":\"aws_proxy\",\"httpMethod\":\"POST\",\"uri\":\"" FN "\"}}},"
	"\"/h/{id}\":{\"x-amazon-apigateway-any-method\":{\"responses\":{}," X
	"{\"type\":\"http_proxy\",\"httpMethod\":\"ANY\",\"uri\":\"http://b/{id}\","
	"\"requestParameters\":{\"integration.request.path.id\":\"method.request.path.id\","
	"\"integration.request.querystring.q\":\"method.request.body.q\"}}}},"
	"\"/c\":{\"post\":{\"x-amazon-apigateway-request-validator\":\"all\",\"requestBody\":{"
	"\"content\":{\"application/json\":{\"schema\":{\"$ref\":\"#/components/schemas/M\"}}}},"
	"\"responses\":{\"200\":{\"description\":\"d\",\"headers\":{\"X\":{\"schema\":{\"type\":"
	"\"string\"}}}}}," X
	"{\"type\":\"http\",\"httpMethod\":\"POST\",\"uri\":\"http://b/c\",\"requestTemplates\":{"
	"\"application/json\":\"$input.json('$.a') "
	"$input.params('q')\"},\"responses\":{\"default\":"
	"{\"statusCode\":\"200\",\"responseParameters\":{\"method.response.header.X\":"
	"\"integration.response.body.x\"},\"responseTemplates\":{\"application/json\":"
	"\"$input.path('$')\"}}}}}}}}";

static struct slice answer_body;
static const char *answer_type;

static void answer(gw_done *done, void *arg)
{
	struct arena a = {0};
	struct gw_call_result r = {.end = GW_CALL_DONE, .status = 200, .body = answer_body};
	gw_headers_add(&a, &r.headers, "Content-Type", answer_type);
	done(arg, &r);
	arena_clear(&a);
}

static void http(void *ctx, const struct gw_http_call *call, gw_done *done, void *arg)
{
	(void)ctx;
	require(str_starts(call->url, "http://b/"));
	for (size_t i = 0; i < call->headers.count; i++)
		require(!strpbrk(call->headers.items[i].value, "\r\n"));
	require(!strpbrk(call->url, " \r\n"));
	answer(done, arg);
}

static void function(void *ctx, const struct gw_function_call *call, gw_done *done, void *arg)
{
	(void)ctx;
	struct arena a = {0};
	struct node *root;
	require(json_read_wire(&a, call->payload, &root)); /* an event is JSON */
	arena_clear(&a);
	answer(done, arg);
}

static int64_t zero(void *ctx)
{
	(void)ctx;
	return 0;
}

static uint64_t one(void *ctx)
{
	(void)ctx;
	return 1;
}

static const char *line(struct arena *a, const char **p, const char *end)
{
	const char *nl = memchr(*p, '\n', (size_t)(end - *p));
	const char *stop = nl ? nl : end;
	const char *text = arena_strndup(a, *p, (size_t)(stop - *p));
	*p = nl ? nl + 1 : end;
	return text;
}

static void read_request(struct arena *a, const char *p, const char *end, struct gw_request *q)
{
	char *first = arena_strdup(a, line(a, &p, end));
	char *blank = strchr(first, ' ');
	q->method = first;
	q->target = blank ? blank + 1 : "/";
	if (blank)
		*blank = '\0';
	size_t n = strcspn(q->target, "?");
	q->path = arena_strndup(a, q->target, n);
	q->query = q->target[n] ? q->target + n + 1 : NULL;
	while (p < end) {
		char *h = arena_strdup(a, line(a, &p, end));
		char *colon = strchr(h, ':');
		if (!*h)
			break;
		if (!colon || strpbrk(h, "\r"))
			continue;
		*colon = '\0';
		gw_headers_add(a, &q->headers, h, colon + 1 + strspn(colon + 1, " "));
	}
	q->body = (struct slice){p, (size_t)(end - p)};
	q->source_ip = "127.0.0.1";
}

static void check_answer(struct gw_exchange *x, void *arg)
{
	(*(int *)arg)++;
	require(x->response.status >= 100 && x->response.status <= 999);
	for (size_t i = 0; i < x->response.headers.count; i++) {
		const struct gw_header *h = &x->response.headers.items[i];
		require(*h->name && !strpbrk(h->name, "\r\n :") && !strpbrk(h->value, "\r\n"));
	}
}

/* Loaded once: what is served never changes. */
static const struct gateway *shop(void)
{
	static struct gateway g;
	static struct gw_api api = {.id = "shop", .type = GW_REST, .file = "fuzz"};
	static struct gw_function fn = {.name = "fn", .timeout_ms = 3000};
	if (g.apis)
		return &g;
	struct node *root;
	struct openapi_options o = {.region = "us-east-1", .account = "123456789012"};
	require(json_read(&g.arena, "fuzz", definition, sizeof(definition) - 1, &root, NULL));
	require(openapi_load(&api, &g.arena, root, &o, NULL));
	g.region = o.region;
	g.account = o.account;
	g.apis = &api;
	g.api_count = 1;
	g.functions = &fn;
	g.function_count = 1;
	return &g;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a = {0};
	struct gw_stage stage = {.name = "dev"};
	struct outside outside = {.http = http,
				  .function = function,
				  .now_us = zero,
				  .now_ms = zero,
				  .limit_us = zero,
				  .limit_ms = zero,
				  .random = one};
	const struct gateway *g = shop();
	struct gw_request q = {0};
	struct gw_runtime rt = {.gateway = g, .outside = &outside};
	const char *text = size ? (const char *)data : "";
	const char *end = text + size;
	const char *nul = memchr(text, 0, size);
	const char *back = nul ? nul + 1 : end;
	read_request(&a, text, nul ? nul : end, &q);
	answer_type = line(&a, &back, end);
	if (strpbrk(answer_type, "\r"))
		answer_type = "text/plain";
	answer_body = (struct slice){back, (size_t)(end - back)};
	struct str log = {0};
	int done = 0;
	struct gw_exchange x = {.arena = &a,
				.gateway = g,
				.api = &g->apis[0],
				.stage = &stage,
				.outside = &outside,
				.request = &q,
				.full_path = arena_printf(&a, "/dev%s", q.path),
				.path = q.path,
				.trace = {.arena = &a, .detailed = true, .log = &log}};
	rest_run(&x, &rt, check_answer, &done);
	require(done == 1);
	str_clear(&log);
	arena_clear(&a);
	return 0;
}
