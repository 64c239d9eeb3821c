/* intbench.h -- an integration under construction, with room for its parts, for the tests of
 * integrations: what it is made of is set, it is run against a world that answers at once. */
#ifndef TEST_GATEWAY_INTBENCH_H
#define TEST_GATEWAY_INTBENCH_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "gateway/integrate.h"
#include "gateway/javaregex.h"
#include "gateway/vtl.h"
#include "world.h"

#include <stdlib.h>
#include <string.h>

#define MAX_PARTS 12

/* An integration under construction, with room for its parts. */
struct bench {
	struct world w;
	struct gw_integration i;
	struct gw_mapping params[MAX_PARTS];
	struct gw_template templates[MAX_PARTS];
	struct gw_integration_response responses[MAX_PARTS];
	struct gw_mapping response_params[MAX_PARTS];
	struct gw_template response_templates[MAX_PARTS];
	struct gw_method method;
	struct gw_method_response method_responses[MAX_PARTS];
	const char *headers[MAX_PARTS];
	struct gw_resource resource;
	int done;
};

static inline struct bench *bench_new(enum gw_integration_type type)
{
	struct bench *b = xcalloc(1, sizeof(*b));
	world_init(&b->w);
	b->i = (struct gw_integration){.type = type,
				       .http_method = "POST",
				       .timeout_ms = 29000,
				       .params = b->params,
				       .templates = b->templates,
				       .responses = b->responses};
	if (type == GW_HTTP_CUSTOM || type == GW_HTTP_PROXY)
		b->i.uri = "http://backend/post";
	if (type == GW_AWS || type == GW_AWS_PROXY)
		b->i.function = "fn";
	b->method = (struct gw_method){
		.verb = "ANY", .integration = &b->i, .responses = b->method_responses};
	b->resource = (struct gw_resource){.id = "abcdef", .path = "/"};
	b->w.x.method = &b->method;
	b->w.x.resource = &b->resource;
	return b;
}

static inline void bench_free(struct bench *b)
{
	for (size_t i = 0; i < b->i.response_count; i++)
		regex_free(b->responses[i].re);
	world_clear(&b->w);
	free(b);
}

static inline void map(struct bench *b, const char *to, const char *from)
{
	b->params[b->i.param_count++] = (struct gw_mapping){.to = to, .from = from};
}

static inline struct gw_template template_of(struct bench *b, const char *type, const char *text)
{
	struct vtl *vtl = vtl_compile(&b->w.arena, "t", 1, text, strlen(text), NULL);
	assert_non_null(vtl);
	return (struct gw_template){.type = type, .text = text, .vtl = vtl};
}

static inline void request_template(struct bench *b, const char *type, const char *text)
{
	b->templates[b->i.template_count++] = template_of(b, type, text);
}

/* A response and the method response it leads to. */
static inline struct gw_integration_response *respond(struct bench *b, const char *pattern,
						      int status)
{
	struct gw_integration_response *r = &b->responses[b->i.response_count++];
	*r = (struct gw_integration_response){.status = status, .params = b->response_params};
	if (pattern) {
		r->pattern = pattern;
		r->re = javaregex_compile(pattern, strlen(pattern), true, (struct pos){0}, NULL);
	}
	b->method_responses[b->method.response_count++] =
		(struct gw_method_response){.status = status, .headers = b->headers};
	return r;
}

static inline void response_header(struct bench *b, const char *name, const char *from)
{
	struct gw_integration_response *r = &b->responses[0];
	b->response_params[r->param_count++] = (struct gw_mapping){
		.to = arena_printf(&b->w.arena, "method.response.header.%s", name), .from = from};
	b->headers[b->method_responses[0].header_count++] = name;
}

static inline void count_done(struct gw_exchange *x, void *arg)
{
	(void)x;
	((struct bench *)arg)->done++;
}

static inline void run(struct bench *b)
{
	gw_exchange_begin(&b->w.x);
	integrate(&b->w.x, &b->i, count_done, b);
	assert_int_equal(b->done, 1);
}

static inline const char *sent(struct bench *b, const char *name)
{
	const char *v = gw_headers_last(&b->w.http.headers, name);
	return v ? v : "";
}

#endif
