/* push.c -- see push.h. A few calls are under way at once, and the next begins as one ends. */
#include "gateway/push.h"

#include "gateway/client.h"
#include "gateway/wsapi.h"

#include <stdlib.h>
#include <string.h>
#include <uv.h>

#define AT_ONCE 16
#define PUSH_TIMEOUT_MS 10000

struct pushing {
	const struct push *push;
	struct client *client;
	struct diags *d;
	size_t next, running;
	bool failed;
};
struct push_call {
	struct pushing *all;
	const char *id;
};

static void go_on(struct pushing *all);

static void failed(struct pushing *all, const char *id, const char *why)
{
	if (!all->failed)
		diag_fail(all->d, "gateway-push", "%s could not be sent to: %s", id, why);
	all->failed = true;
}

static void done(void *arg, const struct gw_call_result *r)
{
	struct push_call *call = arg;
	struct pushing *all = call->all;
	struct str why = {0};
	all->running--;
	if (r->end != GW_CALL_DONE) {
		failed(all, call->id, r->message ? r->message : "nobody answers there");
	} else if (r->status == 410) {
		all->push->gone(all->push->ctx, call->id);
	} else if (r->status != 200) {
		str_addf(&why, "%d ", r->status);
		str_addn(&why, r->body.p, r->body.len);
		failed(all, call->id, str_c(&why));
	}
	str_clear(&why);
	free(call);
	go_on(all);
}

static void start(struct pushing *all, const char *id)
{
	struct arena a = {0};
	struct str url = {0};
	struct push_call *call = xcalloc(1, sizeof(*call));
	struct gw_http_call c = {.method = "POST",
				 .body = all->push->text,
				 .timeout_ms = PUSH_TIMEOUT_MS,
				 .max_bytes = MAX_WS_MESSAGE};
	*call = (struct push_call){all, id};
	str_addf(&url, "%s/@connections/", all->push->address);
	gw_percent_encode(&url, id, strlen(id), NULL);
	c.url = str_c(&url);
	gw_headers_add(&a, &c.headers, "Content-Type", "text/plain; charset=utf-8");
	all->running++;
	client_http(all->client, &c, done, call);
	str_clear(&url);
	arena_clear(&a);
}

/* A call may end within start(): then this is called again from there, and finds less to do. */
static void go_on(struct pushing *all)
{
	while (!all->failed && all->running < AT_ONCE && all->next < all->push->id_count)
		start(all, all->push->ids[all->next++]);
}

bool push_run(const struct push *p, struct diags *d)
{
	struct pushing all = {.push = p, .d = d};
	uv_loop_t loop;
	if (uv_loop_init(&loop) != 0)
		return diag_fail(d, "gateway-loop", "the system has no more descriptors");
	all.client = client_new(&loop);
	go_on(&all);
	while (all.running)
		uv_run(&loop, UV_RUN_ONCE);
	client_free(all.client);
	uv_run(&loop, UV_RUN_DEFAULT);
	uv_loop_close(&loop);
	return !all.failed;
}
