/* t_probe.c -- requests as clients send them, bursts that count all they send, a line for curl that
 * a shell reads as it was meant, a trace asked again; deployments made while it runs. */
#include "gateway/probe.h"

#include "base/file.h"
#include "gateway/cache.h"
#include "gateway/cert.h"
#include "gateway/ring.h"
#include "served.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include <cmocka.h>

static const char stack[] =
	"gateway: shop\n"
	"apis:\n"
	"- apiId: shop\n"
	"  type: REST\n"
	"  openapi: api.openapi.yaml\n"
	"  stages:\n"
	"    prod: {throttlingRateLimit: 1, throttlingBurstLimit: 5, cacheClusterEnabled: true,\n"
	"      methodSettings: {/stock/GET: {cachingEnabled: false}}}\n"
	"    wide: {}\n"
	"    tried: {canarySettings: {percentTraffic: 0}}\n"
	"- apiId: other\n"
	"  type: REST\n"
	"  openapi: api.openapi.yaml\n"
	"  stages: {live: {}}\n"
	"functions:\n"
	"  ok: {builtin: ok}\n"
	"  echo: {builtin: echo}\n"
	"  deny: {builtin: deny}\n";

#define FUNCTION(name)                                                                \
	"{x-amazon-apigateway-integration: {type: aws_proxy, httpMethod: POST, uri: " \
	"\"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/"            \
	"arn:aws:lambda:us-east-1:"                                                   \
	"123456789012:function:" name "/invocations\"}}"
#define OPENAPI(stock)                           \
	"openapi: 3.0.1\n"                       \
	"info: {title: Shop, version: \"1\"}\n"  \
	"paths:\n"                               \
	"  /stock:\n"                            \
	"    get: " FUNCTION(stock) "\n"         \
				    "  /echo:\n" \
				    "    x-amazon-apigateway-any-method: " FUNCTION("echo") "\n"

struct answer {
	bool done;
	int status, end;
	struct str body, type;
};

static void on_answer(void *arg, const struct gw_call_result *r)
{
	struct answer *a = arg;
	const char *type = gw_headers_first(&r->headers, "Content-Type");
	a->done = true;
	a->status = r->status;
	a->end = r->end;
	str_addn(&a->body, r->body.p, r->body.len);
	str_add(&a->type, type ? type : "");
}

static void clear(struct answer *a)
{
	str_clear(&a->body);
	str_clear(&a->type);
	*a = (struct answer){0};
}

static void ask(struct served *s, struct probe *p, const struct probe_request *q, struct answer *a)
{
	*a = (struct answer){0};
	probe_send(p, q, on_answer, a);
	served_wait(s, &a->done);
}

static int status_of(struct served *s, struct probe *p, const char *target)
{
	const struct probe_request q = {.method = "GET", .target = target, .api = "shop"};
	struct answer a;
	ask(s, p, &q, &a);
	int status = a.status;
	clear(&a);
	return status;
}

static void test_send(void **state)
{
	(void)state;
	struct served s;
	struct answer a;
	struct arena mem = {0};
	served_open(&s, stack, OPENAPI("ok"), &(struct serve_options){.detailed = true}, false);
	struct probe *p = probe_new(&s.loop, s.serve);
	assert_int_equal(status_of(&s, p, "/wide/stock"), 200);
	assert_int_equal(status_of(&s, p, "wide/nowhere"), 403);
	struct probe_request q = {.method = "PUT", .target = "/wide/echo?x=1&y=%20", .api = "shop"};
	gw_headers_add(&mem, &q.headers, "Content-Type", "text/plain");
	gw_headers_add(&mem, &q.headers, "X-Empty", "");
	q.body = (struct slice){"it's\nme", 7};
	ask(&s, p, &q, &a);
	assert_int_equal(a.status, 200);
	assert_string_equal(str_c(&a.body), "it's\nme");
	assert_string_equal(str_c(&a.type), "text/plain");
	clear(&a);
	q = (struct probe_request){
		.method = "GET", .target = "/live/stock", .host = "other.execute-api.localhost"};
	ask(&s, p, &q, &a);
	assert_int_equal(a.status, 200);
	clear(&a);
	q.host = "bank.example";
	ask(&s, p, &q, &a);
	assert_int_equal(a.status, 403);
	clear(&a);
	q = (struct probe_request){.method = "GET", .target = "/a b", .api = "shop"};
	ask(&s, p, &q, &a);
	assert_int_not_equal(a.end, GW_CALL_DONE);
	clear(&a);
	arena_clear(&mem);
	probe_free(p);
	served_close(&s);
	probe_free(NULL);
}

static void test_freed_under_way(void **state)
{
	(void)state;
	struct served s;
	struct answer a = {0};
	served_open(&s, stack, OPENAPI("ok"), NULL, true);
	struct probe *p = probe_new(&s.loop, s.serve);
	const struct probe_request q = {.method = "GET", .target = "/wide/stock", .api = "shop"};
	ask(&s, p, &q, &a); /* over TLS */
	assert_int_equal(a.status, 200);
	clear(&a);
	probe_send(p, &q, on_answer, &a);
	probe_free(p);
	assert_true(a.done);
	assert_int_equal(a.end, GW_CALL_REFUSED);
	clear(&a);
	served_close(&s);
}

/* ---- client certificates ---- */

static const char mutual[] = "gateway: shop\n"
			     "apis:\n"
			     "- apiId: shop\n"
			     "  type: REST\n"
			     "  openapi: api.openapi.yaml\n"
			     "  stages: {dev: {}}\n"
			     "- apiId: chat\n"
			     "  type: WEBSOCKET\n"
			     "  routeSelectionExpression: $request.body.action\n"
			     "  routes: {$default: {integration: {type: MOCK}}}\n"
			     "  stages: {live: {}}\n"
			     "domains:\n"
			     "- domainName: shop.example.test\n"
			     "  mappings: [{basePath: \"\", apiId: shop, stage: dev}]\n"
			     "  mutualTlsAuthentication: {truststoreUri: ca.pem}\n"
			     "- domainName: chat.example.test\n"
			     "  mappings: [{basePath: \"\", apiId: chat, stage: live}]\n"
			     "  mutualTlsAuthentication: {truststoreUri: ca.pem}\n"
			     "functions: {ok: {builtin: ok}, echo: {builtin: echo}}\n";

struct opened {
	bool done;
	int status;
};

static void on_opened(void *arg)
{
	*(struct opened *)arg = (struct opened){true, 101};
}

static void on_refused(void *arg, const struct gw_response *r)
{
	*(struct opened *)arg = (struct opened){true, r->status};
}

static void check_tls(const struct gw_trace *t, bool shown)
{
	const char *subject = served_detail(t, GW_STEP_TLS, "certificate");
	assert_int_equal(t->rows[GW_STEP_TLS].outcome, shown ? GW_PASSED : GW_REFUSED);
	assert_string_equal(t->api, "shop");
	assert_string_equal(served_detail(t, GW_STEP_TLS, "server name"), "shop.example.test");
	assert_true(shown ? strstr(subject, "CN=") != NULL : strcmp(subject, "none") == 0);
}

/* The name asked for in the handshake decides whether a certificate is asked for in turn. */
static void test_certificate(void **state)
{
	(void)state;
	static const struct wsclient_ops ops = {.opened = on_opened, .refused = on_refused};
	struct served s;
	struct answer a;
	served_open(&s, mutual, OPENAPI("ok"), &(struct serve_options){.detailed = true}, true);
	struct probe *p = probe_new(&s.loop, s.serve);
	const char *cert = arena_printf(&s.arena, "%s/" CERT_CLIENT, s.dir);
	const char *key = arena_printf(&s.arena, "%s/" CERT_CLIENT_KEY, s.dir);
	for (int shown = 0; shown < 2; shown++) {
		struct opened o = {false, 0};
		struct probe_request q = {.method = "GET",
					  .target = "/stock",
					  .host = "shop.example.test",
					  .cert = shown ? cert : NULL,
					  .key = shown ? key : NULL};
		ask(&s, p, &q, &a);
		assert_int_equal(a.status, shown ? 200 : 403);
		clear(&a);
		check_tls(served_trace(&s, GW_TRACE_REQUEST), shown);
		q.target = "/";
		q.host = "chat.example.test";
		struct wsclient *c = probe_connect(p, &q, &ops, &o);
		served_wait(&s, &o.done);
		assert_int_equal(o.status, shown ? 101 : 403);
		if (shown)
			wsclient_drop(c);
	}
	probe_free(p);
	served_close(&s);
}

/* ---- bursts ---- */

struct ticks {
	int count;
	bool over;
	struct probe_burst last;
	struct probe *stop; /* at the first tick */
};

static void on_tick(void *arg, const struct probe_burst *b, bool over)
{
	struct ticks *t = arg;
	assert_false(t->over);
	assert_true(b->answered <= b->sent && b->answered >= t->last.answered);
	t->count++;
	t->over = over;
	t->last = *b;
	if (t->stop && !over)
		probe_burst_stop(t->stop);
}

static uint64_t sum(const struct probe_burst *b)
{
	uint64_t n = 0;
	for (size_t i = 0; i < ARRAY_LEN(b->by_status); i++)
		n += b->by_status[i];
	return n;
}

static void test_burst(void **state)
{
	(void)state;
	struct served s;
	struct ticks t = {0};
	served_open(&s, stack, OPENAPI("ok"), NULL, false);
	struct probe *p = probe_new(&s.loop, s.serve);
	const struct probe_request q = {.method = "GET", .target = "/prod/stock", .api = "shop"};
	uint64_t began = uv_hrtime();
	assert_true(probe_burst(p, &q, 100, 0.5, on_tick, &t));
	assert_false(probe_burst(p, &q, 100, 0.5, on_tick, &t));
	served_wait(&s, &t.over);
	uint64_t took_ms = (uv_hrtime() - began) / 1000000;
	assert_true(took_ms >= 480);
	assert_int_equal(t.last.sent, 50);
	assert_int_equal(t.last.answered, 50);
	assert_int_equal(sum(&t.last), 50);
	/* five tokens, and one more a second: it ran half a second, on a slow machine longer */
	assert_in_range(t.last.by_status[2], 5, 6 + took_ms / 1000);
	assert_int_equal(t.last.by_status[2] + t.last.by_status[4], 50);
	assert_true(t.count >= 2);
	t = (struct ticks){0};
	assert_true(probe_burst(p, &q, 1e9, 1e9, on_tick, &t)); /* bounded */
	t.stop = p;
	served_wait(&s, &t.over);
	assert_true(t.last.sent > 0 && t.last.sent < 30000);
	assert_true(t.last.rate <= MAX_PROBE_RATE);
	assert_int_equal(sum(&t.last), t.last.sent);
	t = (struct ticks){0};
	assert_true(probe_burst(p, &q, 5, 0, on_tick, &t));
	served_wait(&s, &t.over);
	assert_int_equal(t.last.sent, 1);
	t = (struct ticks){0};
	assert_true(probe_burst(p, &q, 50, 10, on_tick, &t));
	served_pass(&s, 100);
	probe_free(p); /* without a word */
	t.over = true;
	served_close(&s);
}

/* Slow answers under a flood: few descriptors are no trouble for others. The last of these tests,
 * as what it takes from the process does not come back. */
static void test_few_files(void **state)
{
	(void)state;
	struct served s;
	struct ticks t = {0};
	const struct rlimit few = {400, 400};
	char *text = xasprintf("%s  slow: {builtin: slow, concurrency: 1000}\n", stack);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
	served_open(&s, text, OPENAPI("slow"), NULL, false);
	free(text);
	struct probe *p = probe_new(&s.loop, s.serve);
	const struct probe_request q = {.method = "GET", .target = "/wide/stock", .api = "shop"};
	assert_true(probe_burst(p, &q, 500, 1, on_tick, &t));
	served_pass(&s, 1500);
	assert_int_equal(status_of(&s, p, "/wide/echo"), 200);
	served_wait(&s, &t.over);
	assert_int_equal(t.last.sent, 500);
	assert_int_equal(sum(&t.last), 500);
	assert_in_range(t.last.by_status[2], 40, 60);
	assert_int_equal(t.last.by_status[0] + t.last.by_status[2], 500);
	probe_free(p);
	served_close(&s);
}

/* ---- curl ---- */

/* The body that a shell would give to curl, by a curl of our own: a function that prints what it
 * got. */
static void shell_says(const char *dir, const char *line, struct str *out)
{
	char *script = xasprintf("%s/line.sh", dir);
	char *command = xasprintf("/bin/sh %s", script);
	struct str text = {0};
	struct diags d = {0};
	str_add(&text, "curl() {\n\tfor a in \"$@\"; do printf '<%s>' \"$a\"; done\n"
		       "\tcase \"$*\" in *@-*) printf '['; cat; printf ']' ;; esac\n}\n");
	str_addf(&text, "%s\n", line);
	assert_true(file_write(script, text.p, text.len, &d));
	FILE *f = popen(command, "r");
	assert_non_null(f);
	char buffer[4096];
	size_t n;
	while ((n = fread(buffer, 1, sizeof(buffer), f)) > 0)
		str_addn(out, buffer, n);
	pclose(f);
	str_clear(&text);
	free(command);
	free(script);
}

static void check_curl(struct served *s, struct probe *p, const struct probe_request *q,
		       const char *want)
{
	struct str line = {0};
	struct str said = {0};
	probe_curl(&line, p, q);
	assert_null(strchr(str_c(&line), '\n'));
	shell_says(s->dir, str_c(&line), &said);
	char *wanted = xasprintf(want, strrchr(serve_url(s->serve), ':') + 1,
				 strrchr(serve_url(s->serve), ':') + 1);
	assert_string_equal(str_c(&said), wanted);
	free(wanted);
	str_clear(&line);
	str_clear(&said);
}

static void test_curl(void **state)
{
	(void)state;
	struct served s;
	struct arena a = {0};
	served_open(&s, stack, OPENAPI("ok"), NULL, false);
	struct probe *p = probe_new(&s.loop, s.serve);
	struct probe_request q = {
		.method = "GET", .target = "/prod/stock?x=[1]&y='", .api = "shop"};
	check_curl(&s, p, &q,
		   "<-i><-g><http://127.0.0.1:%s/_aws/execute-api/shop/prod/stock?x=[1]&y='>");
	q = (struct probe_request){.method = "POST", .target = "/x/../y", .host = "it.test"};
	gw_headers_add(&a, &q.headers, "X-A", "it's \"$HOME\" `id`");
	gw_headers_add(&a, &q.headers, "X-Empty", "");
	q.body = (struct slice){"@it's %s \\n", 11};
	check_curl(&s, p, &q,
		   "<-i><--path-as-is><http://127.0.0.1:%s/x/../y><-H><Host: it.test><-H>"
		   "<X-A: it's \"$HOME\" `id`><-H><X-Empty;><-H><Content-Type:><--data-raw>"
		   "<@it's %%s \\n>");
	gw_headers_add(&a, &q.headers, "content-type", "text/plain");
	q.method = "DELETE";
	q.body = (struct slice){"-a\n'%\\\x01\xff\n", 9};
	check_curl(&s, p, &q,
		   "<-i><-X><DELETE><--path-as-is><http://127.0.0.1:%s/x/../y><-H><Host: it.test>"
		   "<-H><X-A: it's \"$HOME\" `id`><-H><X-Empty;><-H><content-type: text/plain>"
		   "<--data-binary><@->[-a\n'%%\\\x01\xff\n]");
	q = (struct probe_request){.method = "HEAD", .target = "/x"};
	check_curl(&s, p, &q, "<-i><-I><http://127.0.0.1:%s/x>");
	arena_clear(&a);
	probe_free(p);
	served_close(&s);
}

static void test_curl_tls(void **state)
{
	(void)state;
	struct served s;
	served_open(&s, stack, OPENAPI("ok"), NULL, true);
	struct probe *p = probe_new(&s.loop, s.serve);
	const struct probe_request q = {.method = "GET",
					.target = "/x",
					.host = "api.example.test",
					.cert = "/a b/client.pem",
					.key = "/a b/key.pem"};
	char *port = xstrdup(strrchr(serve_url(s.serve), ':') + 1);
	char *want = xasprintf("<-i><-k><--cert></a b/client.pem><--key></a b/key.pem>"
			       "<--connect-to><api.example.test:%s:127.0.0.1:%s>"
			       "<https://api.example.test:%s/x><-H><Host: api.example.test>",
			       port, port, port);
	check_curl(&s, p, &q, want);
	free(want);
	free(port);
	probe_free(p);
	served_close(&s);
}

/* ---- traces, deployments, gauges ---- */

static void test_again(void **state)
{
	(void)state;
	struct served s;
	struct answer a;
	struct arena mem = {0};
	struct probe_request again;
	served_open(&s, stack, OPENAPI("ok"), &(struct serve_options){.detailed = true}, false);
	struct probe *p = probe_new(&s.loop, s.serve);
	struct probe_request q = {.method = "PATCH", .target = "/wide/echo?a=1", .api = "shop"};
	gw_headers_add(&mem, &q.headers, "Content-Type", "text/plain");
	q.body = (struct slice){"again", 5};
	ask(&s, p, &q, &a);
	clear(&a);
	assert_true(probe_from_trace(&again, served_trace(&s, GW_TRACE_REQUEST), &mem));
	assert_string_equal(again.method, "PATCH");
	assert_string_equal(again.target, "/_aws/execute-api/shop/wide/echo?a=1");
	assert_int_equal(again.headers.count, 1);
	ask(&s, p, &again, &a);
	assert_int_equal(a.status, 200);
	assert_string_equal(str_c(&a.body), "again");
	clear(&a);
	q.body = (struct slice){"\0\1", 2};
	ask(&s, p, &q, &a);
	clear(&a);
	assert_false(probe_from_trace(&again, served_trace(&s, GW_TRACE_REQUEST), &mem));
	serve_detail(s.serve, false);
	ask(&s, p,
	    &(struct probe_request){.method = "GET", .target = "/live/stock", .api = "other"}, &a);
	clear(&a);
	assert_false(probe_from_trace(&again, served_trace(&s, GW_TRACE_REQUEST), &mem));
	arena_clear(&mem);
	probe_free(p);
	served_close(&s);
}

static void test_deploy(void **state)
{
	(void)state;
	struct served s;
	struct diags d = {0};
	const char *id = NULL;
	bool to_canary;
	served_open(&s, stack, OPENAPI("ok"), NULL, false);
	struct probe *p = probe_new(&s.loop, s.serve);
	assert_int_equal(status_of(&s, p, "/wide/stock"), 200);
	served_write(&s, "api.openapi.yaml", OPENAPI("deny"));
	serve_edited(s.serve);
	assert_int_equal(s.changes, 1);
	assert_int_equal(status_of(&s, p, "/wide/stock"), 200); /* not deployed yet */
	assert_true(serve_deploy(s.serve, "shop", "wide", "a word", &id, &to_canary, &d));
	assert_false(to_canary);
	assert_true(id && *id);
	assert_int_equal(status_of(&s, p, "/wide/stock"), 403);
	assert_true(serve_deploy(s.serve, "shop", "tried", NULL, &id, &to_canary, &d));
	assert_true(to_canary);
	assert_int_equal(status_of(&s, p, "/tried/stock"), 200);
	assert_true(serve_promote(s.serve, "shop", "tried", &id, &d));
	assert_int_equal(status_of(&s, p, "/tried/stock"), 403);
	assert_int_equal(d.errors, 0);
	assert_false(serve_promote(s.serve, "shop", "wide", &id, &d));
	assert_false(serve_deploy(s.serve, "shop", "nowhere", NULL, &id, &to_canary, &d));
	assert_false(serve_deploy(s.serve, "nobody", "wide", NULL, &id, &to_canary, &d));
	served_write(&s, "api.yaml", "gateway: shop\napis: 7\n");
	assert_false(serve_deploy(s.serve, "shop", "wide", NULL, &id, &to_canary, &d));
	assert_int_equal(status_of(&s, p, "/wide/stock"), 403);
	serve_edited(s.serve);
	assert_true(s.change_errors > 0);
	diags_clear(&d);
	probe_free(p);
	served_close(&s);
}

static void on_cache(void *ctx, const char *api, const char *stage, const struct cache_counts *c)
{
	struct str *out = ctx;
	str_addf(out, "%s %s %d %d\n", api, stage, (int)c->hits, (int)c->misses);
}

static void test_caches(void **state)
{
	(void)state;
	struct served s;
	struct str out = {0};
	served_open(&s, stack, OPENAPI("ok"), NULL, false);
	struct probe *p = probe_new(&s.loop, s.serve);
	serve_caches(s.serve, on_cache, &out);
	assert_string_equal(str_c(&out), "");
	status_of(&s, p, "/prod/echo");
	status_of(&s, p, "/prod/echo");
	status_of(&s, p, "/prod/stock");
	serve_caches(s.serve, on_cache, &out);
	assert_string_equal(str_c(&out), "shop prod 1 1\n");
	str_clear(&out);
	probe_free(p);
	served_close(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_send),        cmocka_unit_test(test_freed_under_way),
		cmocka_unit_test(test_certificate), cmocka_unit_test(test_burst),
		cmocka_unit_test(test_curl),        cmocka_unit_test(test_curl_tls),
		cmocka_unit_test(test_again),       cmocka_unit_test(test_deploy),
		cmocka_unit_test(test_caches),      cmocka_unit_test(test_few_files),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
