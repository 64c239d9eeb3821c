/* rigdo.c -- what a rig does: actions of labs, one after the other, as a client would.
 *
 * Everything that is asked for becomes a list of actions in the arena of the run. The timer of the
 * rig starts each of them, so that no action begins inside the callback that ended the last one,
 * and `done` never comes before rig_do() has returned. What an action waits for is named by the
 * state (riginside.h). */
#include "study/riginside.h"

#include "base/file.h"
#include "gateway/cert.h"

#include <stdlib.h>

#define STOP_BURST_MS 1000 /* for the answers to a burst that was stopped */
#define MAX_PLAN 400       /* actions of one run: a solution with all that comes before its steps */

/* ---- the state ----------------------------------------------------------------------- */

static void wait_for(struct rig *r, enum rig_state state, uint64_t ms)
{
	r->run.state = state;
	uv_timer_start(&r->timer, rigdo_timer, ms, 0);
}

static void action_ended(struct rig *r)
{
	r->run.serial++;
	r->run.at++;
	r->run.conn = NULL;
	wait_for(r, RIG_NEXT, 0);
}

/* Bursts that others send through the probe are theirs. */
static void stop_burst(struct rig *r)
{
	bool bursting = r->run.bursting;
	r->run.bursting = false;
	if (bursting && r->probe)
		probe_burst_stop(r->probe);
}

void rigdo_end(struct rig *r, bool ok, const char *why)
{
	struct rig_run *run = &r->run;
	rig_done *done = run->done;
	char *text = why ? xstrdup(why) : NULL; /* it may be in the arena */
	if (run->state != RIG_IDLE) {
		void *ctx = run->ctx;
		run->state = RIG_IDLE;
		run->serial++;
		run->conn = NULL;
		run->done = NULL;
		stop_burst(r);
		if (!r->closing)
			uv_timer_stop(&r->timer);
		if (done)
			done(ctx, ok, text);
	}
	free(text);
}

bool rig_busy(const struct rig *r)
{
	return r->run.state != RIG_IDLE;
}

void rig_stop(struct rig *r)
{
	if (!rig_busy(r) || r->closing)
		return;
	r->run.serial++;
	wait_for(r, RIG_STOPPED, r->run.bursting ? STOP_BURST_MS : 0);
	if (r->run.bursting)
		probe_burst_stop(r->probe);
}

uint64_t rig_began(const struct rig *r)
{
	return r->run.began;
}

bool rig_at_last(const struct rig *r)
{
	const struct rig_run *run = &r->run;
	return run->at >= run->count || (run->at + 1 == run->count && run->state != RIG_NEXT);
}

/* ---- connections --------------------------------------------------------------------- */

static struct rig_conn *find_conn(const struct rig *r, const char *name)
{
	for (size_t i = 0; i < r->conn_count; i++)
		if (str_eq(r->conns[i]->name, name))
			return r->conns[i];
	return NULL;
}

static void drop(struct rig_conn *c)
{
	if (c->client)
		wsclient_drop(c->client);
	c->client = NULL;
	c->open = false;
}

void rigdo_forget(struct rig *r)
{
	for (size_t i = 0; i < r->conn_count; i++) {
		drop(r->conns[i]);
		free(r->conns[i]->name);
		free(r->conns[i]->id);
		free(r->conns[i]);
	}
	r->conn_count = 0;
	r->run.conn = NULL;
}

/* A place for a connection under a name; the one that had it before is dropped. NULL: no more. */
static struct rig_conn *take_conn(struct rig *r, const char *name)
{
	struct rig_conn *c = find_conn(r, name);
	if (c) {
		drop(c);
		free(c->id);
		c->id = NULL;
		return c;
	}
	if (r->conn_count == MAX_RIG_CONNECTIONS)
		return NULL;
	c = xcalloc(1, sizeof(*c));
	c->rig = r;
	c->name = xstrdup(name);
	r->conns[r->conn_count++] = c;
	return c;
}

size_t rig_connections(const struct rig *r, const char **names, size_t max)
{
	size_t n = 0;
	for (size_t i = 0; i < r->conn_count && n < max; i++)
		if (r->conns[i]->open)
			names[n++] = r->conns[i]->name;
	return n;
}

const char *rig_connection_id(const struct rig *r, const char *name)
{
	const struct rig_conn *c = find_conn(r, name);
	return c ? c->id : NULL;
}

static void on_opened(void *arg)
{
	struct rig_conn *c = arg;
	struct rig *r = c->rig;
	c->open = true;
	if (r->run.state == RIG_OPENING && r->run.conn == c)
		action_ended(r);
	rig_tell_heard(r, &(struct rig_heard){.what = RIG_OPENED, .as = c->name, .status = 101});
}

static void on_refused(void *arg, const struct gw_response *response)
{
	struct rig_conn *c = arg;
	struct rig *r = c->rig;
	c->client = NULL;
	c->open = false;
	if (r->run.state == RIG_OPENING && r->run.conn == c)
		action_ended(r);
	rig_tell_heard(r, &(struct rig_heard){.what = RIG_REFUSED,
					      .as = c->name,
					      .status = response->status,
					      .headers = &response->headers,
					      .text = response->body});
}

static void on_message(void *arg, struct slice text)
{
	struct rig_conn *c = arg;
	rig_tell_heard(c->rig,
		       &(struct rig_heard){.what = RIG_MESSAGE, .as = c->name, .text = text});
}

/* With it goes all that is waited for on it, but the trace of its end. */
static void on_closed(void *arg, int code, const char *reason)
{
	struct rig_conn *c = arg;
	struct rig *r = c->rig;
	bool ends = r->run.state == RIG_OPENING ||
		    (r->run.state == RIG_TRACING && r->run.kind == GW_TRACE_MESSAGE);
	c->client = NULL;
	c->open = false;
	if (r->run.conn == c && ends)
		action_ended(r);
	rig_tell_heard(r, &(struct rig_heard){.what = RIG_CLOSED,
					      .as = c->name,
					      .status = code,
					      .text = {reason, reason ? strlen(reason) : 0}});
}

static const struct wsclient_ops conn_ops = {
	.opened = on_opened,
	.refused = on_refused,
	.message = on_message,
	.closed = on_closed,
};

/* The handshake under way is told from those of others by what it asked for. */
static bool is_own_handshake(const struct rig *r, const struct gw_trace *t)
{
	const char *asked = r->run.actions[r->run.at]->target;
	const char *target = t->target ? t->target : t->path;
	size_t n = strcspn(asked, "{"); /* behind it stands an id */
	return target && (str_ends(target, asked) || (asked[n] && !r->run.conn->id));
}

void rigdo_traced(struct rig *r, const struct gw_trace *t)
{
	struct rig_conn *c = r->run.conn;
	if (!c || !t->connection_id)
		return;
	if (r->run.state == RIG_OPENING && t->kind == GW_TRACE_CONNECT && t->status == 101 &&
	    is_own_handshake(r, t)) {
		free(c->id);
		c->id = xstrdup(t->connection_id);
	}
	if (r->run.state == RIG_TRACING && t->kind == r->run.kind &&
	    str_eq(c->id, t->connection_id))
		action_ended(r);
}

/* ---- requests ------------------------------------------------------------------------ */

/* A request on its way. It outlives the action when that was stopped. */
struct flight {
	struct rig *rig;
	uint64_t serial;
};

static void on_answer(void *arg, const struct gw_call_result *result)
{
	struct flight *f = arg;
	struct rig *r = f->rig;
	bool whole = result->end == GW_CALL_DONE;
	const char *message = result->message ? result->message : "no answer";
	if (r->run.state == RIG_WAITS && r->run.serial == f->serial)
		action_ended(r);
	free(f);
	rig_tell_heard(
		r, &(struct rig_heard){.what = RIG_ANSWER,
				       .status = whole ? result->status : 0,
				       .headers = &result->headers,
				       .text = whole ? result->body
						     : (struct slice){message, strlen(message)}});
}

static void on_burst(void *arg, const struct probe_burst *b, bool over)
{
	struct rig *r = arg;
	(void)b;
	if (!over || !r->run.bursting)
		return;
	r->run.bursting = false;
	if (r->run.state == RIG_STOPPED)
		wait_for(r, RIG_STOPPED, 0);
	else
		action_ended(r);
}

/* Text with {NAME} replaced by the id of the connection of that name. Other braces stay: bodies are
 * JSON more often than not. */
static const char *fill(const struct rig *r, struct arena *a, const char *text, bool in_path)
{
	struct str out = {0};
	while (text && *text) {
		size_t plain = strcspn(text, "{"), n = 0;
		str_addn(&out, text, plain);
		text += plain;
		if (!*text)
			break;
		n = strcspn(text + 1, "{}");
		const char *id = text[1 + n] == '}'
					 ? rig_connection_id(r, arena_strndup(a, text + 1, n))
					 : NULL;
		if (!id)
			str_addc(&out, *text++);
		else if (in_path)
			gw_percent_encode(&out, id, strlen(id), "");
		else
			str_add(&out, id);
		if (id)
			text += n + 2;
	}
	const char *filled = arena_strndup(a, str_c(&out), out.len);
	str_clear(&out);
	return filled;
}

/* What an action asks of the gateway, in the arena of the run. */
static struct probe_request make_request(struct rig *r, const struct lab_action *x)
{
	struct arena *a = &r->run.arena;
	struct probe_request q = {.method = x->method ? x->method : "GET",
				  .target = fill(r, a, x->target, true),
				  .api = x->api,
				  .host = x->host};
	for (size_t i = 0; i < x->header_count; i++)
		gw_headers_add(a, &q.headers, x->headers[i].name,
			       fill(r, a, x->headers[i].value, false));
	if (x->body) {
		q.body.p = fill(r, a, x->body, false);
		q.body.len = strlen(q.body.p);
	}
	if (x->certificate && r->o.cert) {
		const char *dir = path_dir(a, r->o.cert);
		q.cert = path_join(a, dir, CERT_CLIENT);
		q.key = path_join(a, dir, CERT_CLIENT_KEY);
	}
	return q;
}

/* Each begins an action. NULL: it goes on; else why it cannot be done. */

static const char *do_send(struct rig *r, const struct lab_action *x)
{
	struct probe_request q = make_request(r, x);
	r->run.state = RIG_WAITS;
	if (x->burst_rate > 0) {
		r->run.bursting =
			probe_burst(r->probe, &q, x->burst_rate, x->burst_seconds, on_burst, r);
		return r->run.bursting ? NULL : "another burst is under way";
	}
	struct flight *f = xcalloc(1, sizeof(*f));
	*f = (struct flight){r, r->run.serial};
	probe_send(r->probe, &q, on_answer, f);
	return NULL;
}

static const char *do_connect(struct rig *r, const struct lab_action *x)
{
	struct probe_request q = make_request(r, x);
	struct rig_conn *c = take_conn(r, x->as);
	if (!c)
		return "too many connections";
	r->run.state = RIG_OPENING;
	r->run.conn = c;
	c->client = probe_connect(r->probe, &q, &conn_ops, c);
	return NULL;
}

/* The open connection of an action. */
static struct rig_conn *conn_of(struct rig *r, const struct lab_action *x, const char **why)
{
	struct rig_conn *c = find_conn(r, x->as);
	if (c && c->open)
		return c;
	*why = arena_printf(&r->run.arena, "no connection is open as \"%s\"", x->as);
	return NULL;
}

static void await_trace(struct rig *r, struct rig_conn *c, enum gw_trace_kind kind)
{
	r->run.conn = c;
	r->run.kind = kind;
	wait_for(r, RIG_TRACING, c->id ? RIG_SAY_MS : 0);
}

static const char *do_say(struct rig *r, const struct lab_action *x)
{
	const char *why, *text = fill(r, &r->run.arena, x->body, false);
	struct rig_conn *c = conn_of(r, x, &why);
	if (!c)
		return why;
	await_trace(r, c, GW_TRACE_MESSAGE);
	return wsclient_say(c->client, (struct slice){text, strlen(text)})
		       ? NULL
		       : "the connection takes nothing any more";
}

static const char *do_close(struct rig *r, const struct lab_action *x)
{
	const char *why;
	struct rig_conn *c = conn_of(r, x, &why);
	if (!c)
		return why;
	await_trace(r, c, GW_TRACE_DISCONNECT);
	c->open = false;
	wsclient_close(c->client, x->code);
	return NULL;
}

static const char *do_wait(struct rig *r, const struct lab_action *x)
{
	wait_for(r, RIG_PAUSING, (uint64_t)((double)x->wait_ms / r->o.time_scale + 0.999));
	return NULL;
}

/* ---- an operator's ------------------------------------------------------------------- */

static const char *first_error(struct rig *r, const struct diags *d)
{
	return arena_strdup(&r->run.arena, diags_first(d));
}

static const char *do_deploy(struct rig *r, const struct lab_action *x)
{
	struct diags d = {0};
	const char *id, *why = NULL;
	bool to_canary;
	bool ok = x->verb == LAB_PROMOTE ? serve_promote(r->now->serve, x->api, x->stage, &id, &d)
					 : serve_deploy(r->now->serve, x->api, x->stage, NULL, &id,
							&to_canary, &d);
	if (!ok)
		why = first_error(r, &d);
	else
		action_ended(r);
	if (ok)
		rig_tell_changed(r, &d);
	diags_clear(&d);
	return why;
}

/* What takes the place of a whole file stands in the lab's own folder: answers are not copied. */
static const char *do_edit(struct rig *r, const struct lab_action *x)
{
	struct diags d = {0};
	const char *why = NULL;
	if (!r->run.folder) {
		action_ended(r);
		return NULL;
	}
	bool ok = lab_edit_from(x, r->run.folder, r->lab ? r->lab->folder : r->run.folder, &d);
	if (!ok)
		why = first_error(r, &d);
	diags_clear(&d);
	if (why)
		return why;
	action_ended(r);
	serve_edited(r->now->serve); /* `changed` tells what came of it */
	return NULL;
}

static const char *(*const verbs[LAB_VERB_COUNT])(struct rig *r, const struct lab_action *x) = {
	[LAB_SEND] = do_send,      [LAB_CONNECT] = do_connect, [LAB_SAY] = do_say,
	[LAB_CLOSE] = do_close,    [LAB_WAIT] = do_wait,       [LAB_DEPLOY] = do_deploy,
	[LAB_PROMOTE] = do_deploy, [LAB_EDIT] = do_edit,
};

/* ---- the run ------------------------------------------------------------------------- */

/* Who wants a connection first has no use for another one. */
static bool is_done_already(const struct rig *r)
{
	const struct lab_action *x = r->run.actions[r->run.at];
	const struct rig_conn *c = x->verb == LAB_CONNECT ? find_conn(r, x->as) : NULL;
	return c && c->open && r->run.before[r->run.at];
}

static void begin_action(struct rig *r)
{
	struct rig_run *run = &r->run;
	while (run->at < run->count && is_done_already(r))
		run->at++;
	if (run->at == run->count) {
		rigdo_end(r, true, NULL);
		return;
	}
	const struct lab_action *x = run->actions[run->at];
	if (!r->now) {
		rigdo_end(r, false, "no gateway is running");
		return;
	}
	run->began = ring_last(serve_ring(r->now->serve));
	uint64_t serial = run->serial;
	const char *why = verbs[x->verb](r, x);
	if (why && run->serial == serial)
		rigdo_end(r, false, why);
}

void rigdo_timer(uv_timer_t *timer)
{
	struct rig *r = timer->data;
	if (r->closing) {
		rig_tear_down(r);
		return;
	}
	switch (r->run.state) {
	case RIG_NEXT:
		begin_action(r);
		break;
	case RIG_TRACING:
	case RIG_PAUSING:
		action_ended(r);
		break;
	case RIG_STOPPED:
		rigdo_end(r, false, "stopped");
		break;
	case RIG_IDLE:
	case RIG_WAITS:
	case RIG_OPENING:
		break;
	}
}

/* ---- plans --------------------------------------------------------------------------- */

/* Actions gathered for a run. */
struct plan {
	struct rig *rig;
	struct lab_action const *actions[MAX_PLAN];
	size_t count;
	bool before[MAX_PLAN]; /* it only comes before what was asked for */
	bool broken;           /* too much, or no such request */
};

static void plan_action(struct plan *p, const struct lab_action *x, bool before)
{
	if (p->count == MAX_PLAN) {
		p->broken = true;
		return;
	}
	p->before[p->count] = before;
	p->actions[p->count++] = x;
}

/* Depth is bounded by the reader of the file, which refuses circles too. */
static void plan_request(struct plan *p, int request, bool before)
{
	const struct lab *lab = p->rig->lab;
	if (!lab || request < 0 || (size_t)request >= lab->request_count) {
		p->broken = true;
		return;
	}
	const struct lab_request *q = &lab->requests[request];
	for (size_t i = 0; i < q->before_count && !p->broken; i++)
		plan_request(p, q->before[i], true);
	plan_action(p, &q->action, before);
}

static const char *copy_text(struct arena *a, const char *text)
{
	return arena_strdup(a, text);
}

static const struct lab_action *copy_action(struct arena *a, const struct lab_action *x)
{
	struct lab_action *c = arena_copy(a, x, sizeof(*x));
	const char **const texts[] = {&c->method, &c->target, &c->api,  &c->host, &c->body, &c->as,
				      &c->stage,  &c->file,   &c->find, &c->put,  &c->with};
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		*texts[i] = copy_text(a, *texts[i]);
	c->headers = arena_alloc(a, (x->header_count + 1) * sizeof(*c->headers));
	for (size_t i = 0; i < x->header_count; i++)
		c->headers[i] =
			(struct lab_pair){copy_text(a, x->headers[i].name),
					  copy_text(a, x->headers[i].value), x->headers[i].pos};
	return c;
}

static bool may_begin(const struct rig *r, struct diags *d)
{
	if (r->closing || !r->now)
		return diag_fail(d, "rig-stopped", "no gateway is running");
	if (rig_busy(r))
		return diag_fail(d, "rig-busy", "something else is being done: wait, or stop it");
	return true;
}

static bool begin_run(struct rig *r, const struct plan *p, const char *folder, rig_done *done,
		      void *ctx, struct diags *d)
{
	struct rig_run *run = &r->run;
	if (p->broken)
		return diag_fail(d, "rig-plan", "no such request, or more than %d actions in a row",
				 MAX_PLAN);
	arena_reset(&run->arena);
	run->actions = arena_alloc(&run->arena, (p->count + 1) * sizeof(*run->actions));
	for (size_t i = 0; i < p->count; i++)
		run->actions[i] = copy_action(&run->arena, p->actions[i]);
	run->before = arena_copy(&run->arena, p->before, sizeof(p->before));
	run->count = p->count;
	run->at = 0;
	run->folder = copy_text(&run->arena, folder);
	run->done = done;
	run->ctx = ctx;
	wait_for(r, RIG_NEXT, 0);
	return true;
}

bool rig_do(struct rig *r, const struct lab_action *a, rig_done *done, void *ctx, struct diags *d)
{
	struct plan p = {.rig = r};
	plan_action(&p, a, false);
	return may_begin(r, d) && begin_run(r, &p, NULL, done, ctx, d);
}

bool rig_do_named(struct rig *r, int request, rig_done *done, void *ctx, struct diags *d)
{
	struct plan p = {.rig = r};
	if (!may_begin(r, d))
		return false;
	plan_request(&p, request, false);
	return begin_run(r, &p, NULL, done, ctx, d);
}

bool rig_do_steps(struct rig *r, const struct lab_step *steps, size_t n, const char *folder,
		  rig_done *done, void *ctx, struct diags *d)
{
	struct plan p = {.rig = r};
	if (!may_begin(r, d))
		return false;
	for (size_t i = 0; i < n && !p.broken; i++) {
		if (steps[i].request >= 0)
			plan_request(&p, steps[i].request, false);
		else
			plan_action(&p, &steps[i].action, false);
	}
	return begin_run(r, &p, folder, done, ctx, d);
}
