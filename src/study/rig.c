/* rig.c -- see rig.h: the gateway of a rig, from its start to its end, and who hears of it.
 *
 * A restart opens a second gateway while the first one still lets go of its sockets: each has its
 * own struct rig_served, which is freed when the loop has closed the handle that it owns. The same
 * way the rig itself goes: nothing is freed from within a callback of what it belongs to. */
#include "study/riginside.h"

#include <stdlib.h>

/* ---- who hears of it ----------------------------------------------------------------- */

bool rig_listen(struct rig *r, const struct rig_ops *ops, void *ctx)
{
	for (size_t i = 1; i < ARRAY_LEN(r->listeners); i++) {
		if (r->listeners[i].used)
			continue;
		r->listeners[i] = (struct rig_listener){*ops, ctx, true};
		return true;
	}
	return false;
}

void rig_unlisten(struct rig *r, const void *ctx)
{
	for (size_t i = 1; i < ARRAY_LEN(r->listeners); i++)
		if (r->listeners[i].used && r->listeners[i].ctx == ctx)
			r->listeners[i] = (struct rig_listener){0};
}

/* What ends because everything does is no answer. */
void rig_tell_heard(struct rig *r, const struct rig_heard *h)
{
	if (!r->now)
		return;
	for (size_t i = 0; i < ARRAY_LEN(r->listeners); i++)
		if (r->listeners[i].ops.heard)
			r->listeners[i].ops.heard(r->listeners[i].ctx, h);
}

void rig_tell_changed(struct rig *r, struct diags *d)
{
	for (size_t i = 0; i < ARRAY_LEN(r->listeners); i++)
		if (r->listeners[i].ops.changed)
			r->listeners[i].ops.changed(r->listeners[i].ctx, d);
}

/* Of a gateway on its way out nobody wants to know. */
static struct rig *current(void *ctx)
{
	struct rig_served *s = ctx;
	return s->rig->now == s && !s->rig->closing ? s->rig : NULL;
}

static void on_answered(void *ctx, struct gw_exchange *x)
{
	struct rig *r = current(ctx);
	if (!r)
		return;
	rigdo_traced(r, &x->trace);
	for (size_t i = 0; i < ARRAY_LEN(r->listeners); i++) {
		const struct rig_listener *l = &r->listeners[i];
		if (l->ops.traced)
			l->ops.traced(l->ctx, &x->trace);
		if (l->ops.answered)
			l->ops.answered(l->ctx, x);
	}
}

static void on_changed(void *ctx, struct diags *d)
{
	struct rig *r = current(ctx);
	if (r)
		rig_tell_changed(r, d);
}

/* ---- the end ------------------------------------------------------------------------- */

static void on_timer_gone(uv_handle_t *handle)
{
	struct rig *r = handle->data;
	void (*closed)(void *ctx) = r->listeners[0].ops.closed;
	void *ctx = r->listeners[0].ctx;
	rigdo_forget(r);
	arena_clear(&r->run.arena);
	free(r);
	if (closed)
		closed(ctx);
}

static void close_timer(struct rig *r)
{
	if (r->served || !r->closing || uv_is_closing((uv_handle_t *)&r->timer))
		return;
	uv_close((uv_handle_t *)&r->timer, on_timer_gone);
}

static void on_served_gone(uv_handle_t *handle)
{
	struct rig_served *s = handle->data;
	struct rig *r = s->rig;
	if (r->last == s)
		r->last = NULL;
	serve_free(s->serve);
	free(s);
	r->served--;
	close_timer(r);
}

static void on_stopped(void *ctx)
{
	struct rig_served *s = ctx;
	uv_close((uv_handle_t *)&s->timer, on_served_gone);
}

/* From the first line on nothing can begin. Connections go before the server has to drop them. */
static void stop_serving(struct rig *r, const char *why)
{
	struct rig_served *s = r->now;
	r->now = NULL;
	r->last = s;
	rigdo_end(r, false, why);
	rigdo_forget(r);
	probe_free(r->probe);
	r->probe = NULL;
	if (s)
		serve_stop(s->serve, 0);
}

void rig_tear_down(struct rig *r)
{
	stop_serving(r, "it was closed");
	close_timer(r);
}

/* May be called in the middle of anything: the rest is done when the loop comes round. */
void rig_close(struct rig *r)
{
	if (!r || r->closing)
		return;
	r->closing = true;
	uv_timer_start(&r->timer, rigdo_timer, 0, 0);
}

/* ---- the beginning ------------------------------------------------------------------- */

static void free_unstarted(uv_handle_t *handle)
{
	free(handle->data);
}

/* Start a gateway; on false the loop has nothing of it but a handle that closes. */
static bool start_serving(struct rig *r, struct diags *d)
{
	struct rig_served *s = xcalloc(1, sizeof(*s));
	struct serve_options o = r->o;
	s->rig = r;
	o.answered = on_answered;
	o.changed = on_changed;
	o.stopped = on_stopped;
	o.ctx = s;
	uv_timer_init(r->loop, &s->timer);
	s->timer.data = s;
	s->serve = serve_open(r->loop, &o, d);
	if (!s->serve) {
		uv_close((uv_handle_t *)&s->timer, free_unstarted);
		return false;
	}
	r->now = s;
	r->served++;
	r->probe = probe_new(r->loop, s->serve);
	return true;
}

struct rig *rig_open(struct uv_loop_s *loop, const struct serve_options *o, const struct lab *lab,
		     const struct rig_ops *ops, void *ctx, struct diags *d)
{
	struct rig *r = xcalloc(1, sizeof(*r));
	r->loop = loop;
	r->o = *o;
	r->o.detailed = true;
	if (r->o.time_scale <= 0)
		r->o.time_scale = 1;
	r->lab = lab;
	r->listeners[0].used = true;
	r->listeners[0].ctx = ctx;
	if (ops)
		r->listeners[0].ops = *ops;
	if (!start_serving(r, d)) {
		free(r);
		return NULL;
	}
	uv_timer_init(loop, &r->timer);
	r->timer.data = r;
	return r;
}

/* The listening socket of the old gateway closes at once, so that the port is free for the new. */
bool rig_restart(struct rig *r, struct diags *d)
{
	int asked = r->o.port;
	long long port = 0;
	if (r->now && str_to_i64(strrchr(serve_url(r->now->serve), ':') + 1, 1, 65535, &port))
		r->o.port = (int)port;
	stop_serving(r, "the gateway was started again");
	bool ok = start_serving(r, port ? NULL : d);
	r->o.port = asked;
	return ok || (port && start_serving(r, d)); /* somebody was faster: another port will do */
}

struct serve *rig_serve(struct rig *r)
{
	const struct rig_served *s = r->now ? r->now : r->last;
	return s ? s->serve : NULL;
}

struct probe *rig_probe(struct rig *r)
{
	return r->probe;
}

void rig_commands(struct str *out, const struct gateway *g)
{
	for (size_t i = 0; i < g->function_count; i++) {
		const struct gw_function *f = &g->functions[i];
		if (!f->command_count)
			continue;
		str_addf(out, "%s:", f->name);
		for (size_t k = 0; k < f->command_count; k++) {
			str_addc(out, ' ');
			for (const char *p = f->command[k]; *p; p++)
				str_addc(out, (unsigned char)*p < ' ' ? '?' : *p); /* one line */
		}
		str_addc(out, '\n');
	}
}
