/* labworld.c -- see labworld.h. */
#include "tests/unit/study/labworld.h"
#include "base/file.h"
#include "store/lablog.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define MAX_WAIT_MS 10000

static const char head[] =
	"lab: keys\ntitle: Keys\nabout: Who gets in.\nformat: 1\n"
	"exam: {dva-c02: \"3.1\", dva-c03: \"1.1\"}\ngateway: [shop.yaml]\n"
	"sources:\n  s: {title: S, url: \"https://example.com/\", checked: 2026-11-20}\n"
	"source: [s]\ncards: [keys/new, keys/old]\nstory: A story.\nexplain: Why.\n"
	"hints: [First hint., Second hint.]\n"
	"requests:\n"
	"  no-key: {send: GET /dev/stock, api: shop}\n"
	"  bronze: {send: GET /dev/stock, api: shop, headers: {x-api-key: bronze-key-0000000000}}\n"
	"  flood: {send: GET /dev/open, api: shop, burst: {rate: 100, seconds: 0.2}}\n"
	"  long: {send: GET /dev/open, api: shop, burst: {rate: 5, seconds: 50}}\n"
	"  open: {send: GET /dev/open, api: shop}\n"
	"  nap: {wait: 1m}\n"
	"  dial: {connect: /live, api: chat, as: alice}\n"
	"  say: {say: '{\"a\": \"{alice}\"}', as: alice, before: [dial]}\n"
	"  push: {send: 'POST /live/@connections/{alice}', api: chat, body: hello}\n"
	"  bye: {close: 1000, as: alice}\n"
	"  bob: {connect: /live, api: chat, as: bob}\n"
	"  lost: {say: hello, as: bob}\n"
	"  slow: {send: GET /dev/slow, api: shop}\n"
	"  all: {deploy: shop/dev}\n";

const char lab_goals[] =
	"goals:\n"
	"- {id: refused, text: Refused., trace: {status: 403, refused-by: api-key}, cards: "
	"[keys/old]}\n"
	"- {id: let-in, text: Let in., trace: {status: 200, route: /stock}, after: refused, cards: "
	"[keys/new]}\n"
	"- {id: echo, text: Echo., trace: {kind: message, sent-body: a}}\n"
	"solution:\n- no-key\n- {edit: shop.yaml, find: 'keys: []', put: 'keys: [bronze]'}\n"
	"- bronze\n- dial\n- say\n";

static const char stack[] =
	"gateway: shop\napis:\n- apiId: shop\n  type: REST\n  openapi: api.yaml\n"
	"  stages: {dev: {throttlingRateLimit: 1000, throttlingBurstLimit: 1000}}\n"
	"  apiKeys: [{name: bronze, value: bronze-key-0000000000}]\n"
	"  usagePlans:\n  - {name: bronze, apiStages: [dev], keys: []}\n"
	"- apiId: chat\n  type: WEBSOCKET\n  routeSelectionExpression: $request.body.action\n"
	"  routes:\n    $default: {integration: {type: AWS_PROXY, function: echo}, routeResponse: "
	"true}\n  stages: {live: {}}\n"
	"functions:\n  echo: {builtin: echo}\n  slow: {builtin: slow}\n";

#define MOCK                                                                      \
	"      responses: {\"200\": {description: Good}}\n"                       \
	"      x-amazon-apigateway-integration:\n        type: mock\n"            \
	"        requestTemplates: {application/json: '{\"statusCode\": 200}'}\n" \
	"        responses: {default: {statusCode: \"200\", responseTemplates: "  \
	"{application/json: '{\"n\": 1}'}}}\n"
static const char api[] =
	"openapi: 3.0.1\ninfo: {title: Shop, version: \"1\"}\n"
	"components: {securitySchemes: {api_key: {type: apiKey, name: x-api-key, in: header}}}\n"
	"paths:\n  /stock:\n    get:\n      security: [{api_key: []}]\n" MOCK
	"  /open:\n    get:\n" MOCK
	"  /slow:\n    get:\n      responses: {\"200\": {description: Good}}\n"
	"      x-amazon-apigateway-integration:\n        type: aws_proxy\n        httpMethod: "
	"POST\n"
	"        uri: arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/"
	"arn:aws:lambda:us-east-1:123456789012:function:slow/invocations\n";

static const char deck[] =
	"deck: keys\ntitle: Keys\nformat: 1\nexam: {dva-c02: \"3.1\"}\nsources:\n"
	"  s: {title: S, url: \"https://example.com/\", checked: 2026-11-20}\ncards:\n"
	"- {id: old, kind: basic, front: An old one?, back: Yes, source: s}\n"
	"- {id: new, kind: basic, front: A new one?, back: No, source: s}\n";

/* ---- files --------------------------------------------------------------------------- */

void labworld_file(struct labworld *l, const char *path, const char *text)
{
	struct arena a = {0};
	const char *whole = path_join(&a, l->w.dir, path);
	assert_true(file_mkdirs(path_dir(&a, whole), NULL));
	assert_true(file_write(whole, text, strlen(text), NULL));
	arena_clear(&a);
}

char *labworld_read(struct labworld *l, const char *path)
{
	struct arena a = {0};
	struct str text = {0};
	bool ok = file_read(path_join(&a, l->w.dir, path), 1 << 20, &text, NULL);
	arena_clear(&a);
	if (ok)
		return str_take(&text);
	str_clear(&text);
	return NULL;
}

void labworld_reopen(struct labworld *l)
{
	struct diags d = {0};
	lab_shelf_clear(&l->shelf);
	world_open(&l->w);
	if (!lab_shelf_open(&l->shelf, &l->w.study, &d) || d.errors) {
		diags_print(&d, stderr);
		fail_msg("the shelf does not open");
	}
	diags_clear(&d);
}

void labworld_lab(struct labworld *l, bool own, const char *goals)
{
	struct str text = {0};
	const char *dir = own ? "labs" : "data/labs";
	struct arena a = {0};
	str_add(&text, head);
	str_add(&text, goals);
	labworld_file(l, arena_printf(&a, "%s/keys.yaml", dir), str_c(&text));
	labworld_file(l, arena_printf(&a, "%s/keys/shop.yaml", dir), stack);
	labworld_file(l, arena_printf(&a, "%s/keys/api.yaml", dir), api);
	labworld_file(l, arena_printf(&a, "%s/keys/solved/shop.yaml", dir), "gateway: solved\n");
	labworld_reopen(l);
	str_clear(&text);
	arena_clear(&a);
}

void labworld_init(struct labworld *l)
{
	*l = (struct labworld){0};
	world_init(&l->w);
	world_deck(&l->w, "keys", deck);
}

void labworld_clear(struct labworld *l)
{
	if (l->waiting)
		labworld_stop(l);
	lab_shelf_clear(&l->shelf);
	world_clear(&l->w);
	str_clear(&l->seen);
}

/* ---- running ------------------------------------------------------------------------- */

static void on_traced(void *ctx, const struct gw_trace *t)
{
	struct labworld *l = ctx;
	const struct lab_view *v = lab_view(l->lab);
	str_add(&l->seen, "traced");
	for (int i = 0; i < v->total; i++)
		if (v->goals[i].fresh)
			str_addf(&l->seen, ":%s", v->lab->goals[i].id);
	str_addc(&l->seen, ' ');
	if (l->traced)
		l->traced(l, t);
}

static void on_heard(void *ctx, const struct rig_heard *h)
{
	struct labworld *l = ctx;
	static const char *const words[] = {"answer", "opened", "refused", "message", "closed"};
	str_addf(&l->seen, "%s:%d ", words[h->what], h->status);
}

static void on_changed(void *ctx)
{
	struct labworld *l = ctx;
	if (l->lab && !lab_view(l->lab)->busy)
		l->done = true;
}

static void on_closed(void *ctx)
{
	struct labworld *l = ctx;
	l->closed = true;
	l->lab = NULL;
	waiting_over(&l->wait);
}

static void too_late(void *ctx)
{
	(void)ctx;
	fail_msg("a minute has passed");
}

void labworld_start(struct labworld *l, struct lab_options o)
{
	static const struct lab_ops ops = {
		.traced = on_traced, .heard = on_heard, .changed = on_changed, .closed = on_closed};
	struct diags d = {0};
	str_reset(&l->seen);
	l->closed = false;
	assert_true(waiting_begin(&l->wait, too_late, l, NULL));
	l->waiting = true;
	if (!lab_open(&l->lab, &l->w.study, lab_shelf_find(&l->shelf, "keys"), &l->wait.loop, &o,
		      &ops, l, &d)) {
		diags_print(&d, stderr);
		fail_msg("the lab does not open");
	}
	assert_int_equal(d.errors, 0);
	diags_clear(&d);
}

void labworld_until(struct labworld *l, bool (*until)(struct labworld *l))
{
	uint64_t began = uv_hrtime();
	while (!until(l)) {
		if (uv_hrtime() - began > (uint64_t)MAX_WAIT_MS * 1000000)
			fail_msg("waited too long; seen: %s", str_c(&l->seen));
		uv_run(&l->wait.loop, UV_RUN_ONCE);
	}
}

static bool is_done(struct labworld *l)
{
	return l->done;
}

void labworld_do(struct labworld *l, const char *request)
{
	struct diags d = {0};
	const struct lab *lab = lab_view(l->lab)->lab;
	bool ok = lab_request(l->lab, lab_request_named(lab, request), &d);
	l->done = false;
	if (!ok)
		fail_msg("%s: %s", request, diags_first(&d));
	diags_clear(&d);
	labworld_until(l, is_done);
}

void labworld_stop(struct labworld *l)
{
	lab_close(l->lab);
	waiting_run(&l->wait); /* asserts that nothing is left */
	l->waiting = false;
	assert_true(l->closed);
}

static void add_row(void *ctx, const struct store_lab_event *x)
{
	str_addf(ctx, "%s%s%s%s ", x->what, *x->name ? ":" : "", x->name,
		 x->right < 0   ? ""
		 : x->helped    ? "=helped"
		 : x->right > 0 ? "=right"
				: "=wrong");
}

char *labworld_log(struct labworld *l)
{
	struct str s = {0};
	assert_true(store_lab_events(l->w.study.store, "keys", add_row, &s, NULL));
	return str_take(&s);
}

void labworld_logged(struct labworld *l, const char *want)
{
	char *log = labworld_log(l);
	assert_string_equal(log, want);
	free(log);
}

void labworld_try(struct labworld *l, bool solved, struct lab_trial *out)
{
	struct diags d = {0};
	if (!lab_try(out, &l->w.study, lab_shelf_find(&l->shelf, "keys"), solved, false, &d)) {
		diags_print(&d, stderr);
		fail_msg("it could not be tried");
	}
	diags_clear(&d);
}
