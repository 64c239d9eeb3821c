/* proof.c -- see proof.h. What decides is a trace that meets the expectation of the request, among
 * those that the request itself led to: what came before it only makes things ready. It may come
 * after the request was answered, as with messages, so that it is waited for a moment. */
#include "study/proof.h"

#include "base/suggest.h"
#include "study/labplace.h"
#include "study/match.h"
#include "study/waiting.h"

#include <stdlib.h>

#define LATE_TRACE_MS 2000 /* for the trace that decides, after the last answer */

struct proof_run {
	struct lab_place place;
	struct rig *rig;
	struct proof_found what;
	struct matcher *matcher;
	uv_timer_t timer;
	struct proof_result result;
	uint64_t last;  /* of the traces that the request led to */
	bool ran, told; /* its actions are over; done was called */
	char *why;
	void (*done)(void *ctx, const struct proof_result *r);
	void *ctx;
	void (*closed)(void *ctx);
	void *closed_ctx;
};

struct proof_found proof_find(struct lab_shelf *sh, const char *name)
{
	struct proof_found none = {NULL, -1}, found = none;
	const char *slash = strchr(name, '/');
	size_t n = slash ? (size_t)(slash - name) : 0;
	for (size_t i = 0; n && i < sh->count + sh->proof_count; i++) {
		struct shelf_lab *l = i < sh->count ? sh->labs[i] : sh->proofs[i - sh->count];
		if (strlen(l->lab.id) == n && strncmp(l->lab.id, name, n) == 0)
			found = (struct proof_found){l, lab_request_named(&l->lab, slash + 1)};
	}
	if (found.request < 0 || !found.lab->lab.requests[found.request].has_expect)
		return none;
	return found;
}

/* First the file, then a request of it that says what it expects. */
const char *proof_suggest(const struct lab_shelf *sh, const char *name, struct arena *a)
{
	const char *names[2 * MAX_LAB_SHELF];
	const struct lab *file = NULL;
	const char *slash = strchr(name, '/');
	size_t count = sh->count + sh->proof_count, n = 0;
	if (!slash || strlen(name) > 2 * MAX_SLUG)
		return NULL;
	for (size_t i = 0; i < count; i++)
		names[i] = (i < sh->count ? sh->labs[i] : sh->proofs[i - sh->count])->lab.id;
	const char *near = suggest(arena_strndup(a, name, (size_t)(slash - name)), names, count);
	for (size_t i = 0; near && i < count; i++)
		if (names[i] == near)
			file = &(i < sh->count ? sh->labs[i] : sh->proofs[i - sh->count])->lab;
	for (size_t i = 0; file && i < file->request_count; i++)
		if (file->requests[i].has_expect)
			names[n++] = file->requests[i].id;
	const char *request = file ? suggest(slash + 1, names, n) : NULL;
	return request ? arena_printf(a, "%s/%s", file->id, request) : NULL;
}

/* ---- the trace that decides ---------------------------------------------------------- */

static void tell(struct proof_run *p)
{
	if (p->told)
		return;
	p->told = true;
	uv_timer_stop(&p->timer);
	if (!p->result.number)
		p->result.number = p->last; /* not as expected: what happened instead */
	p->done(p->ctx, &p->result);
}

/* Done is told from the loop, with nothing else under way. */
static void on_timer(uv_timer_t *timer)
{
	tell(timer->data);
}

static void on_traced(void *ctx, const struct gw_trace *t)
{
	struct proof_run *p = ctx;
	if (t->number <= rig_began(p->rig) || !rig_at_last(p->rig))
		return;
	p->last = t->number;
	if (p->result.met || !matcher_meets(p->matcher, t))
		return;
	p->result.met = true;
	p->result.number = t->number;
	if (p->ran)
		uv_timer_start(&p->timer, on_timer, 0, 0);
}

static void on_done(void *ctx, bool ok, const char *why)
{
	struct proof_run *p = ctx;
	p->ran = true;
	if (!ok) {
		p->why = xstrdup(why);
		p->result.why = p->why;
	}
	bool waits = ok && !p->result.met;
	uv_timer_start(&p->timer, on_timer, waits ? LATE_TRACE_MS : 0, 0);
}

/* ---- the end ------------------------------------------------------------------------- */

static void free_run(struct proof_run *p)
{
	matcher_free(p->matcher);
	place_clear(&p->place);
	free(p->why);
	free(p);
}

static void on_timer_closed(uv_handle_t *handle)
{
	struct proof_run *p = handle->data;
	void (*closed)(void *ctx) = p->closed;
	void *ctx = p->closed_ctx;
	free_run(p);
	if (closed)
		closed(ctx);
}

static void on_rig_closed(void *ctx)
{
	struct proof_run *p = ctx;
	uv_close((uv_handle_t *)&p->timer, on_timer_closed);
}

void proof_close(struct proof_run *p, void (*closed)(void *ctx), void *ctx)
{
	if (!p)
		return;
	p->told = true;
	p->closed = closed;
	p->closed_ctx = ctx;
	rig_close(p->rig);
}

/* ---- the beginning ------------------------------------------------------------------- */

static const struct rig_ops rig_ops = {.traced = on_traced, .closed = on_rig_closed};

static bool start(struct proof_run *p, struct study *s, bool allow_commands, struct uv_loop_s *loop,
		  struct diags *d)
{
	const struct lab *lab = &p->what.lab->lab;
	struct serve_options o;
	if (!place_scratch(&p->place, s->paths, lab, d) ||
	    !place_serve(&o, &p->place, s, p->what.lab, allow_commands, d))
		return false;
	o.watch = false;
	p->rig = rig_open(loop, &o, lab, &rig_ops, p, d);
	return p->rig != NULL;
}

bool proof_open(struct proof_run **out, struct study *s, struct proof_found what,
		bool allow_commands, struct uv_loop_s *loop,
		void (*done)(void *ctx, const struct proof_result *r), void *ctx, struct diags *d)
{
	struct proof_run *p = xcalloc(1, sizeof(*p));
	const struct lab_request *q = &what.lab->lab.requests[what.request];
	*out = NULL;
	p->what = what;
	p->done = done;
	p->ctx = ctx;
	p->matcher = matcher_new(&q->expect);
	p->result.shows = q->shows;
	if (!start(p, s, allow_commands, loop, d)) {
		free_run(p);
		return false;
	}
	uv_timer_init(loop, &p->timer);
	p->timer.data = p;
	if (!rig_do_named(p->rig, what.request, on_done, p, d)) {
		proof_close(p, NULL, NULL);
		return false;
	}
	*out = p;
	return true;
}

struct rig *proof_rig(struct proof_run *p)
{
	return p->rig;
}

/* ---- waiting for it ------------------------------------------------------------------ */

struct waiter {
	struct waiting wait;
	struct proof_run *run;
	struct arena *arena;
	struct proof_result *out;
	const struct gw_trace **trace;
};

static void on_waiter_closed(void *ctx)
{
	struct waiter *w = ctx;
	waiting_over(&w->wait);
}

static void close_waiter(void *ctx)
{
	struct waiter *w = ctx;
	proof_close(w->run, on_waiter_closed, w);
}

static void on_waiter_done(void *ctx, const struct proof_result *r)
{
	struct waiter *w = ctx;
	const struct ring *ring = serve_ring(rig_serve(w->run->rig));
	const struct gw_trace *t = r->number ? ring_get(ring, r->number) : NULL;
	*w->out = *r;
	w->out->why = arena_strdup(w->arena, r->why);
	*w->trace = t ? ring_copy(t, w->arena) : NULL;
	close_waiter(w);
}

bool proof_run(struct study *s, struct proof_found what, bool allow_commands, struct arena *a,
	       struct proof_result *out, const struct gw_trace **trace, struct diags *d)
{
	struct waiter w = {.arena = a, .out = out, .trace = trace};
	*out = (struct proof_result){0};
	*trace = NULL;
	if (!waiting_begin(&w.wait, close_waiter, &w, d))
		return false;
	bool ok = proof_open(&w.run, s, what, allow_commands, &w.wait.loop, on_waiter_done, &w, d);
	if (!ok)
		waiting_over(&w.wait);
	waiting_run(&w.wait);
	if (w.wait.late)
		return diag_fail(d, "lab-slow", "the proof was not over in %d s",
				 WAITING_LIMIT_MS / 1000);
	return ok;
}
