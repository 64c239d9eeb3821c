/* gatewaytest.c -- `gatedrill gateway test`: one request, and what the console's Test button shows
 * of it: status, time, body, headers, execution log. */
#include "base/file.h"
#include "base/json.h"
#include "base/random.h"
#include "base/utf8.h"
#include "cli/gateway.h"
#include "gateway/testrun.h"

#include <string.h>
#include <time.h>

#define MAX_TEST_BODY ((size_t)10 << 20)

/* "Name: value" lines into headers. */
static bool read_headers(struct call *c, struct arena *a, struct gw_headers *out)
{
	const char *text = c->value[FLAG_HEADER];
	for (const char *line = text; line && *line;) {
		size_t n = strcspn(line, "\n");
		const char *one = arena_strndup(a, line, n);
		const char *colon = strchr(one, ':');
		if (!colon || colon == one) {
			call_usage(c, "--header takes \"Name: value\", not \"%s\"", one);
			return false;
		}
		gw_headers_add(a, out, arena_strndup(a, one, (size_t)(colon - one)),
			       str_trim(a, colon + 1));
		line += n + (line[n] == '\n');
	}
	return true;
}

/* --body TEXT, or @FILE. */
static bool read_body(struct call *c, struct str *out)
{
	const char *text = c->value[FLAG_BODY];
	struct diags d = {0};
	if (!text)
		return true;
	if (*text != '@') {
		str_add(out, text);
		return true;
	}
	bool ok = file_read(text + 1, MAX_TEST_BODY, out, &d);
	call_report(c, &d);
	return ok;
}

/* A line as the service dates it. */
static void print_log(struct call *c, const struct test_result *r)
{
	time_t s = (time_t)(r->x.began_ms / 1000);
	struct tm t = {0};
	char when[64];
	gmtime_r(&s, &t);
	strftime(when, sizeof(when), "%a %b %d %H:%M:%S UTC %Y", &t);
	fprintf(c->out, "\nExecution log for request %s\n", r->x.request_id);
	for (const char *line = str_c(&r->log); *line;) {
		size_t n = strcspn(line, "\n");
		struct str safe = {0};
		utf8_sanitize(&safe, line, n, false);
		fprintf(c->out, "%s : %s\n", when, str_c(&safe));
		str_clear(&safe);
		line += n + (line[n] == '\n');
	}
}

static void print_result(struct call *c, const struct test_request *q, const struct test_result *r)
{
	const struct gw_response *a = &r->x.response;
	struct str safe = {0};
	fprintf(c->out, "Request: %s %s\nStatus: %d\nLatency: %lld ms\n\nResponse body\n",
		q->method, q->path, a->status, (long long)(r->x.response_us / 1000));
	utf8_sanitize(&safe, a->body.p ? a->body.p : "", a->body.len, true);
	fprintf(c->out, "%s\n\nResponse headers\n", str_c(&safe));
	for (size_t i = 0; i < a->headers.count; i++) {
		str_reset(&safe);
		utf8_sanitize(&safe, a->headers.items[i].value, strlen(a->headers.items[i].value),
			      false);
		fprintf(c->out, "%s: %s\n", a->headers.items[i].name, str_c(&safe));
	}
	str_clear(&safe);
	if (r->log.len)
		print_log(c, r);
}

static void print_trace(struct call *c, const struct test_result *r)
{
	struct str out = {0};
	trace_json(&out, &r->x.trace);
	fprintf(c->out, "%s\n", str_c(&out));
	str_clear(&out);
}

static bool run(struct call *c, const struct gateway *g, const struct test_request *q)
{
	struct test_result r;
	struct diags d = {0};
	bool ok = test_run(g, q, &r, &d);
	call_report(c, &d);
	if (ok && call_has(c, FLAG_JSON))
		print_trace(c, &r);
	else if (ok)
		print_result(c, q, &r);
	test_result_clear(&r);
	return ok;
}

/* "dev" or "shop/dev". */
static void read_stage(struct arena *a, const char *word, struct test_request *q)
{
	const char *slash = strchr(word, '/');
	if (slash)
		q->api = arena_strndup(a, word, (size_t)(slash - word));
	q->stage = slash ? slash + 1 : word;
}

int gateway_test(struct call *c)
{
	struct arena arena = {0};
	struct gateway g = {0};
	struct str body = {0};
	struct test_request q = {.method = c->value[FLAG_METHOD] ? c->value[FLAG_METHOD] : "GET",
				 .path = c->value[FLAG_PATH] ? c->value[FLAG_PATH] : "/",
				 .now_ms = clock_now(&c->clock).ms,
				 .seed = c->has_seed ? c->seed : rng_system_seed()};
	if (c->arg_count < 2 || c->arg_count > 3)
		return call_usage(c, "gateway test takes a file, a stage if there are more, --path "
				     "and what else makes a request");
	if (c->arg_count == 3)
		read_stage(&arena, c->args[2], &q);
	int code = EXIT_USAGE;
	if (read_headers(c, &arena, &q.headers) && read_body(c, &body)) {
		q.body = (struct slice){str_c(&body), body.len};
		code = EXIT_INVALID;
		if (gateway_call_load(c, &g, c->args + 1, 1))
			code = run(c, &g, &q) ? EXIT_DONE : EXIT_FAILED;
	}
	gateway_clear(&g);
	str_clear(&body);
	arena_clear(&arena);
	return code;
}
