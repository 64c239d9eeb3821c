/* waiting.c -- see waiting.h. */
#include "study/waiting.h"

#include <assert.h>

static void on_limit(uv_timer_t *timer)
{
	struct waiting *w = timer->data;
	w->late = true;
	w->stop(w->ctx);
}

static void on_pause(uv_timer_t *timer)
{
	struct waiting *w = timer->data;
	w->go(w->ctx);
}

bool waiting_begin(struct waiting *w, void (*stop)(void *ctx), void *ctx, struct diags *d)
{
	*w = (struct waiting){.stop = stop, .ctx = ctx};
	if (uv_loop_init(&w->loop) != 0)
		return diag_fail(d, "lab-loop", "the system has no more descriptors");
	uv_timer_init(&w->loop, &w->limit);
	uv_timer_init(&w->loop, &w->pause);
	w->limit.data = w->pause.data = w;
	uv_timer_start(&w->limit, on_limit, WAITING_LIMIT_MS, 0);
	return true;
}

void waiting_pause(struct waiting *w, int64_t ms, void (*go)(void *ctx))
{
	w->go = go;
	uv_timer_start(&w->pause, on_pause, (uint64_t)ms, 0);
}

void waiting_over(struct waiting *w)
{
	if (!uv_is_closing((uv_handle_t *)&w->limit)) {
		uv_close((uv_handle_t *)&w->limit, NULL);
		uv_close((uv_handle_t *)&w->pause, NULL);
	}
}

void waiting_run(struct waiting *w)
{
	uv_run(&w->loop, UV_RUN_DEFAULT);
	int left = uv_loop_close(&w->loop);
	assert(left == 0);
	(void)left;
}
