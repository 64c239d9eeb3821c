/* serverun.c -- serve_run() of serve.h: a gateway with the process to itself. */
#include "gateway/serve.h"

#include <signal.h>
#include <uv.h>

#define GRACE_MS 5000 /* for requests under way when a signal comes */

struct run {
	struct serve_options o; /* as the caller gave them */
	struct serve *serve;
	uv_signal_t signals[2];
	uv_prepare_t prepare;
	int signal;
};

static void close_handles(struct run *r)
{
	uv_close((uv_handle_t *)&r->prepare, NULL);
	for (size_t i = 0; i < ARRAY_LEN(r->signals); i++)
		uv_close((uv_handle_t *)&r->signals[i], NULL);
}

static void on_signal(uv_signal_t *handle, int number)
{
	struct run *r = handle->data;
	if (r->signal)
		uv_stop(handle->loop); /* the second one does not wait */
	else
		serve_stop(r->serve, GRACE_MS);
	r->signal = number;
}

static void on_answered(void *ctx, struct gw_exchange *x)
{
	const struct run *r = ctx;
	if (r->o.answered)
		r->o.answered(r->o.ctx, x);
}

static void on_changed(void *ctx, struct diags *d)
{
	const struct run *r = ctx;
	if (r->o.changed)
		r->o.changed(r->o.ctx, d);
}

static void on_prepare(uv_prepare_t *handle)
{
	const struct run *r = handle->data;
	if (r->o.pause)
		r->o.pause(r->o.ctx);
}

static void on_stopped(void *ctx)
{
	struct run *r = ctx;
	close_handles(r);
	if (r->o.stopped)
		r->o.stopped(r->o.ctx);
}

static void listen_to_loop(struct run *r, uv_loop_t *loop)
{
	static const int numbers[] = {SIGINT, SIGTERM};
	uv_prepare_init(loop, &r->prepare);
	r->prepare.data = r;
	uv_prepare_start(&r->prepare, on_prepare);
	for (size_t i = 0; i < ARRAY_LEN(numbers); i++) {
		uv_signal_init(loop, &r->signals[i]);
		r->signals[i].data = r;
		uv_signal_start(&r->signals[i], on_signal, numbers[i]);
	}
}

int serve_run(const struct serve_options *o, void (*ready)(void *ctx, struct serve *s),
	      struct diags *d)
{
	struct run r = {.o = *o};
	struct serve_options own = *o;
	uv_loop_t loop;
	if (uv_loop_init(&loop) != 0)
		return diag_fail(d, "gateway-loop", "the system has no more descriptors");
	own.answered = on_answered;
	own.changed = on_changed;
	own.stopped = on_stopped;
	own.ctx = &r;
	r.serve = serve_open(&loop, &own, d);
	if (r.serve) {
		listen_to_loop(&r, &loop);
		ready(o->ctx, r.serve);
	}
	uv_run(&loop, UV_RUN_DEFAULT);
	if (uv_loop_close(&loop) == 0) /* not so after a second signal: the process ends anyway */
		serve_free(r.serve);
	return r.signal;
}
