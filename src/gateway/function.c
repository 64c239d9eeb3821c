/* function.c -- see function.h. An invocation lives until its function has ended, which may be
 * after its caller was answered: a caller that waits no longer, or that never did, does not stop a
 * function.
 *
 * Processes are kept per function up to its concurrency. A call finds an idle one, or starts one,
 * or is refused; asynchronous events wait in line instead. */
#include "gateway/function.h"
#include "base/clock.h"
#include "base/json.h"
#include "gateway/worker.h"

#include <stdlib.h>
#include <string.h>
#include <uv.h>

/* A function as it was when it was invoked: the definition it stands in may be read again, and its
 * memory go, while an event still waits or a process is warm. One that was read again is another,
 * even when it says the same: its files may have changed. */
struct known {
	struct arena arena;
	struct known *next;
	struct gw_function f;
	uint64_t edition; /* of the definitions */
	size_t refs;      /* invocations and slots */
};
struct slot { /* a worker and what it works on */
	struct functions *owner;
	struct slot *next;
	struct known *known;
	struct worker *worker;
	struct invocation *current;
	bool idle;
};
struct invocation {
	struct functions *owner;
	struct invocation *next, *prev;
	struct known *known;
	const struct gw_function *function; /* in known */
	struct slot *slot; /* command: that works on it; NULL: waits, or is no command */
	gw_done *done;     /* NULL: the caller was answered */
	void *arg;
	struct str payload;
	char *request_id, *trace_id;
	uv_timer_t *timer;
	int64_t began_us, caller_us, function_us; /* when the caller and the function time out */
	bool cold;
};
struct functions {
	struct functions_options o;
	char *region, *account, *path, *callback_url, *program, *scratch;
	struct processes *processes;
	struct slot *slots;
	struct known *known;
	uint64_t edition;
	struct invocation *first, *last;
	size_t waiting;
	uint64_t count; /* for request ids where the caller gives none */
	bool closing;
};

static int64_t now_us(void)
{
	return (int64_t)(uv_hrtime() / 1000);
}

static int64_t now_ms(void)
{
	static const struct clock system = {0};
	return clock_now(&system).ms;
}

/* ---- functions as they were ---------------------------------------------------------- */

static bool same_function(const struct gw_function *a, const struct gw_function *b)
{
	bool same = str_eq(a->name, b->name) && a->kind == b->kind &&
		    str_eq(a->builtin, b->builtin) && str_eq(a->folder, b->folder) &&
		    str_eq(a->endpoint, b->endpoint) && a->command_count == b->command_count &&
		    a->timeout_ms == b->timeout_ms && a->memory_mb == b->memory_mb &&
		    a->concurrency == b->concurrency && a->trusted == b->trusted;
	for (size_t i = 0; same && i < a->command_count; i++)
		same = str_eq(a->command[i], b->command[i]);
	return same;
}

static void copy_function(struct arena *a, struct gw_function *to, const struct gw_function *from)
{
	*to = *from;
	to->name = arena_strdup(a, from->name);
	to->builtin = arena_strdup(a, from->builtin);
	to->folder = arena_strdup(a, from->folder);
	to->endpoint = arena_strdup(a, from->endpoint);
	to->command = arena_alloc(a, (from->command_count + 1) * sizeof(*to->command));
	for (size_t i = 0; i < from->command_count; i++)
		to->command[i] = arena_strdup(a, from->command[i]);
	to->pos.file = NULL;
}

static struct known *hold(struct functions *f, const struct gw_function *function)
{
	struct known *k = f->known;
	while (k && (k->edition != f->edition || !same_function(&k->f, function)))
		k = k->next;
	if (!k) {
		k = xcalloc(1, sizeof(*k));
		copy_function(&k->arena, &k->f, function);
		k->edition = f->edition;
		k->next = f->known;
		f->known = k;
	}
	k->refs++;
	return k;
}

static void let_go(struct functions *f, struct known *k)
{
	struct known **at = &f->known;
	if (--k->refs)
		return;
	while (*at != k)
		at = &(*at)->next;
	*at = k->next;
	arena_clear(&k->arena);
	free(k);
}

void functions_reload(struct functions *f)
{
	f->edition++;
}

/* ---- an invocation's life ------------------------------------------------------------- */

static void free_timer(uv_handle_t *h)
{
	free(h);
}

static void free_invocation(struct invocation *i)
{
	struct functions *f = i->owner;
	*(i->prev ? &i->prev->next : &f->first) = i->next;
	*(i->next ? &i->next->prev : &f->last) = i->prev;
	if (i->timer) {
		uv_timer_stop(i->timer);
		uv_close((uv_handle_t *)i->timer, free_timer);
	}
	let_go(f, i->known);
	str_clear(&i->payload);
	free(i->request_id);
	free(i->trace_id);
	free(i);
}

/* Tell the caller, if it still waits. */
static void tell(struct invocation *i, enum gw_call_end end, const char *p, size_t n,
		 const char *message)
{
	gw_done *done = i->done;
	struct gw_call_result r = {
		.end = end,
		.status = 200,
		.body = {p, n},
		.us = now_us() - i->began_us,
		.cold = i->cold,
		.log = i->slot && i->slot->worker ? worker_log(i->slot->worker) : NULL,
		.message = message,
	};
	i->done = NULL;
	if (done)
		done(i->arg, &r);
}

static void tell_error(struct invocation *i, enum gw_call_end end, const char *type,
		       const char *message)
{
	struct str body = {0};
	str_add(&body, "{\"errorType\":");
	json_add_string(&body, type, strlen(type));
	str_add(&body, ",\"errorMessage\":");
	json_add_string(&body, message, strlen(message));
	str_addc(&body, '}');
	tell(i, end, str_c(&body), body.len, message);
	str_clear(&body);
}

static struct invocation *new_invocation(struct functions *f, const struct gw_function_call *call,
					 gw_done *done, void *arg)
{
	struct invocation *i = xcalloc(1, sizeof(*i));
	i->owner = f;
	i->known = hold(f, call->function);
	i->function = &i->known->f;
	i->done = done;
	i->arg = arg;
	str_addn(&i->payload, call->payload.p, call->payload.len);
	f->count++;
	i->request_id = call->request_id ? xstrdup(call->request_id)
					 : xasprintf("00000000-0000-4000-8000-%012llx",
						     (unsigned long long)f->count);
	i->trace_id = call->trace_id ? xstrdup(call->trace_id) : NULL;
	i->began_us = now_us();
	i->caller_us =
		call->timeout_ms > 0 && done ? i->began_us + call->timeout_ms * 1000 : INT64_MAX;
	i->function_us = i->began_us + (int64_t)call->function->timeout_ms * 1000;
	i->prev = f->last;
	*(f->last ? &f->last->next : &f->first) = i;
	f->last = i;
	return i;
}

/* ---- time ---------------------------------------------------------------------------- */

static void set_timer(struct invocation *i);

static void on_time(uv_timer_t *timer)
{
	struct invocation *i = timer->data;
	int64_t now = now_us();
	if (i->function_us > now) {
		if (i->caller_us <= now) {
			tell(i, GW_CALL_TIMEOUT, NULL, 0, "the integration's time limit");
			i->caller_us = INT64_MAX;
		}
		set_timer(i);
		return;
	}
	struct str message = {0};
	str_addf(&message, "%s Task timed out after %.2f seconds", i->request_id,
		 i->function->timeout_ms / 1000.0);
	tell_error(i, GW_CALL_ERROR, "Sandbox.Timedout", str_c(&message));
	str_clear(&message);
	if (i->slot) {
		i->slot->current = NULL;
		worker_kill(i->slot->worker);
	}
	free_invocation(i);
}

static void set_timer(struct invocation *i)
{
	int64_t at = i->caller_us < i->function_us ? i->caller_us : i->function_us;
	int64_t ms = (at - now_us() + 999) / 1000;
	if (!i->timer) {
		i->timer = xcalloc(1, sizeof(*i->timer));
		uv_timer_init(i->owner->o.loop, i->timer);
		i->timer->data = i;
	}
	uv_update_time(i->owner->o.loop);
	uv_timer_start(i->timer, on_time, ms > 0 ? (uint64_t)ms : 0, 0);
}

/* ---- commands ------------------------------------------------------------------------ */

static struct worker_event event_of(const struct invocation *i)
{
	return (struct worker_event){
		.payload = str_c(&i->payload),
		.len = i->payload.len,
		.request_id = i->request_id,
		.trace_id = i->trace_id,
		.deadline_ms = now_ms() + i->function->timeout_ms,
	};
}

static void on_done(void *arg, bool ok, struct slice out)
{
	struct slot *s = arg;
	struct invocation *i = s->current;
	s->current = NULL;
	if (!i)
		return;
	tell(i, ok ? GW_CALL_DONE : GW_CALL_ERROR, out.p, out.len,
	     ok ? NULL : "the function failed");
	free_invocation(i);
}

/* The next event that waits for this function. */
static struct invocation *next_waiting(struct functions *f, const struct known *known)
{
	for (struct invocation *i = f->first; i && f->waiting; i = i->next)
		if (i->known == known && !i->slot && !i->timer)
			return i;
	return NULL;
}

/* The event of a slot goes to its worker, which asks for one. */
static void give(struct slot *s)
{
	struct worker_event e = event_of(s->current);
	s->idle = false;
	worker_give(s->worker, &e);
}

static void on_idle(void *arg)
{
	struct slot *s = arg;
	struct invocation *i = s->current ? NULL : next_waiting(s->owner, s->known);
	s->idle = true;
	if (s->owner->closing)
		return;
	if (i) {
		s->owner->waiting--;
		s->current = i;
		i->slot = s;
		i->function_us = now_us() + (int64_t)i->function->timeout_ms * 1000;
		set_timer(i);
	}
	if (s->current)
		give(s);
}

static bool start_slot(struct functions *f, struct invocation *i, const char **error);

static void on_ended(void *arg, const char *how)
{
	struct slot *s = arg;
	struct functions *f = s->owner;
	struct invocation *i = s->current;
	struct slot **at = &f->slots;
	if (i) {
		struct str message = {0};
		str_addf(&message, "RequestId: %s Error: Runtime exited with error: %s",
			 i->request_id, how);
		tell_error(i, GW_CALL_CRASHED, "Runtime.ExitError", str_c(&message));
		str_clear(&message);
		free_invocation(i);
	}
	while (*at != s)
		at = &(*at)->next;
	*at = s->next;
	i = f->closing ? NULL : next_waiting(f, s->known);
	let_go(f, s->known);
	free(s);
	const char *error;
	if (i) {
		f->waiting--;
		if (!start_slot(f, i, &error))
			free_invocation(i);
	}
}

static bool start_slot(struct functions *f, struct invocation *i, const char **error)
{
	static const struct worker_ops ops = {on_done, on_idle, on_ended};
	const struct worker_options o = {
		.loop = f->o.loop,
		.processes = f->processes,
		.function = i->function,
		.path = f->path,
		.region = f->region,
		.account = f->account,
		.callback_url = f->callback_url,
		.program = f->program,
		.scratch = f->scratch,
	};
	struct worker_event e = event_of(i);
	struct slot *s = xcalloc(1, sizeof(*s));
	s->owner = f;
	s->known = i->known;
	s->current = i;
	s->worker = worker_start(&o, &e, &ops, s, error);
	if (!s->worker) {
		free(s);
		return false;
	}
	s->known->refs++;
	s->next = f->slots;
	f->slots = s;
	i->slot = s;
	i->cold = true;
	i->function_us = now_us() + (int64_t)i->function->timeout_ms * 1000;
	set_timer(i);
	return true;
}

static void run_command(struct functions *f, struct invocation *i, bool async)
{
	int running = 0;
	const char *error;
	for (struct slot *s = f->slots; s; s = s->next) {
		if (s->known != i->known)
			continue;
		running++;
		if (s->current || !worker_is_warm(s->worker))
			continue;
		s->current = i;
		i->slot = s;
		set_timer(i);
		if (s->idle)
			give(s);
		return; /* else it is about to ask */
	}
	if (running >= i->function->concurrency) {
		if (async && f->waiting < MAX_FUNCTION_QUEUED) {
			f->waiting++;
			return;
		}
		tell(i, GW_CALL_BUSY, NULL, 0, "as many run as its concurrency allows");
		free_invocation(i);
	} else if (!start_slot(f, i, &error)) {
		tell_error(i, GW_CALL_CRASHED, "Runtime.InvalidEntrypoint", error);
		free_invocation(i);
	}
}

/* ---- builtin functions --------------------------------------------------------------- */

static void run_builtin_now(struct invocation *i)
{
	const struct builtin *b = builtin_find(i->function->builtin);
	struct gw_function_call call = {.function = i->function,
					.payload = {str_c(&i->payload), i->payload.len}};
	struct arena a = {0};
	struct diags d = {0};
	struct node *event = NULL;
	struct str out = {0};
	json_read(&a, "event", call.payload.p, call.payload.len, &event, &d);
	bool ok = b->run(&out, &call, event);
	if (out.len > MAX_FUNCTION_OUTPUT)
		tell_error(i, GW_CALL_ERROR, "Function.ResponseSizeTooLarge",
			   "Response payload size exceeded maximum allowed payload size (6291556 "
			   "bytes).");
	else
		tell(i, ok ? GW_CALL_DONE : GW_CALL_ERROR, str_c(&out), out.len,
		     ok ? NULL : "the function failed");
	str_clear(&out);
	diags_clear(&d);
	arena_clear(&a);
	free_invocation(i);
}

#define SLOW_US 2000000

/* Timers count whole milliseconds and may be early by a part of one. */
static void on_slow(uv_timer_t *timer)
{
	struct invocation *i = timer->data;
	int64_t left_us = i->began_us + SLOW_US - now_us();
	if (left_us > 0)
		uv_timer_start(timer, on_slow, (uint64_t)(left_us + 999) / 1000, 0);
	else
		run_builtin_now(i);
}

static void run_builtin(struct invocation *i)
{
	const char *name = i->function->builtin;
	if (strcmp(name, "hang") == 0) {
		set_timer(i);
	} else if (strcmp(name, "crash") == 0) {
		tell_error(i, GW_CALL_CRASHED, "Runtime.ExitError",
			   "Error: Runtime exited with error: signal: killed");
		free_invocation(i);
	} else if (strcmp(name, "slow") == 0 && i->function->timeout_ms * 1000LL > SLOW_US &&
		   i->caller_us > i->began_us + SLOW_US) {
		set_timer(i);
		uv_timer_start(i->timer, on_slow, SLOW_US / 1000, 0);
	} else if (strcmp(name, "slow") == 0) {
		set_timer(i);
	} else {
		run_builtin_now(i);
	}
}

/* ---- endpoints ----------------------------------------------------------------------- */

static void on_endpoint(void *arg, const struct gw_call_result *r)
{
	struct invocation *i = arg;
	bool failed = gw_headers_first(&r->headers, "X-Amz-Function-Error") != NULL;
	struct slice body = r->body;
	if (r->end == GW_CALL_TIMEOUT)
		tell(i, GW_CALL_TIMEOUT, NULL, 0, r->message);
	else if (r->end == GW_CALL_TOO_LARGE)
		tell_error(i, GW_CALL_ERROR, "Function.ResponseSizeTooLarge",
			   "Response payload size exceeded maximum allowed payload size (6291556 "
			   "bytes).");
	else if (r->end != GW_CALL_DONE)
		tell_error(i, GW_CALL_CRASHED, "Runtime.EndpointError",
			   r->message ? r->message : "the endpoint did not answer");
	else if (r->status == 413)
		tell(i, GW_CALL_TOO_LARGE_REQUEST, body.p, body.len, "the endpoint: too large");
	else if (r->status == 403 || r->status == 404)
		tell(i, GW_CALL_DENIED, body.p, body.len, "the endpoint knows no such function");
	else if (r->status == 429)
		tell(i, GW_CALL_BUSY, body.p, body.len, "the endpoint is busy");
	else if (r->status >= 300)
		tell_error(i, GW_CALL_CRASHED, "Runtime.EndpointError",
			   "the endpoint answered with an error");
	else
		tell(i, failed ? GW_CALL_ERROR : GW_CALL_DONE, body.p, body.len,
		     failed ? "the function failed" : NULL);
	free_invocation(i);
}

static void run_endpoint(struct functions *f, struct invocation *i,
			 const struct gw_function_call *from)
{
	struct arena a = {0};
	struct str url = {0};
	struct gw_http_call call = {
		.method = "POST",
		.body = {str_c(&i->payload), i->payload.len},
		.timeout_ms = i->function->timeout_ms,
		.max_bytes = MAX_FUNCTION_OUTPUT + 1024,
	};
	if (from->timeout_ms > 0 && from->timeout_ms < call.timeout_ms)
		call.timeout_ms = from->timeout_ms;
	size_t n = strlen(i->function->endpoint);
	while (n > 0 && i->function->endpoint[n - 1] == '/')
		n--;
	str_addn(&url, i->function->endpoint, n);
	str_add(&url, "/2015-03-31/functions/");
	gw_percent_encode(&url, i->function->name, strlen(i->function->name), NULL);
	str_add(&url, "/invocations");
	if (from->qualifier) {
		str_add(&url, "?Qualifier=");
		gw_percent_encode(&url, from->qualifier, strlen(from->qualifier), NULL);
	}
	call.url = str_c(&url);
	gw_headers_add(&a, &call.headers, "Content-Type", "application/json");
	if (from->async)
		gw_headers_add(&a, &call.headers, "X-Amz-Invocation-Type", "Event");
	if (i->trace_id)
		gw_headers_add(&a, &call.headers, "X-Amzn-Trace-Id", i->trace_id);
	client_http(f->o.client, &call, on_endpoint, i);
	str_clear(&url);
	arena_clear(&a);
}

/* ---- from outside -------------------------------------------------------------------- */

struct functions *functions_new(const struct functions_options *o)
{
	struct functions *f = xcalloc(1, sizeof(*f));
	f->o = *o;
	f->region = xstrdup(o->region);
	f->account = xstrdup(o->account);
	f->path = o->path ? xstrdup(o->path) : NULL;
	f->callback_url = o->callback_url ? xstrdup(o->callback_url) : NULL;
	f->program = o->program ? xstrdup(o->program) : NULL;
	f->scratch = o->scratch ? xstrdup(o->scratch) : NULL;
	f->processes = processes_new(o->loop);
	return f;
}

void functions_free(struct functions *f)
{
	if (!f)
		return;
	f->closing = true;
	processes_free(f->processes);
	while (f->slots) {
		struct slot *s = f->slots;
		f->slots = s->next;
		if (s->current)
			s->current->slot = NULL;
		worker_discard(s->worker);
		let_go(f, s->known);
		free(s);
	}
	for (struct invocation *i = f->first, *next; i; i = next) {
		next = i->next;
		tell_error(i, GW_CALL_CRASHED, "Runtime.ExitError", "the gateway stops");
		free_invocation(i);
	}
	free(f->region);
	free(f->account);
	free(f->path);
	free(f->callback_url);
	free(f->program);
	free(f->scratch);
	free(f);
}

size_t functions_processes(const struct functions *f)
{
	return processes_count(f->processes);
}

/* What can be said without running it. False: it was said. */
static bool may_run(struct functions *f, const struct gw_function_call *call, gw_done *done,
		    void *arg)
{
	const struct gw_function *fn = call->function;
	struct gw_call_result no = {.end = GW_CALL_DENIED};
	size_t most = call->async ? MAX_FUNCTION_ASYNC : MAX_FUNCTION_EVENT;
	if (f->closing) {
		no.end = GW_CALL_BUSY;
		no.message = "the gateway stops";
	} else if (fn->kind == GW_COMMAND && !fn->trusted) {
		no.message = "its command may not run: start with --allow-commands if you trust it";
	} else if (fn->kind == GW_BUILTIN && !builtin_find(fn->builtin)) {
		no.message = "there is no builtin of this name";
	} else if (call->payload.len > most) {
		no.end = GW_CALL_TOO_LARGE_REQUEST;
		no.message = "the event is over the limit of Lambda";
	} else {
		return true;
	}
	done(arg, &no);
	return false;
}

void functions_call(struct functions *f, const struct gw_function_call *call, gw_done *done,
		    void *arg)
{
	if (!may_run(f, call, done, arg))
		return;
	struct invocation *i = new_invocation(f, call, call->async ? NULL : done, arg);
	switch (call->function->kind) {
	case GW_BUILTIN:
		run_builtin(i);
		break;
	case GW_COMMAND:
		run_command(f, i, call->async);
		break;
	case GW_HTTP_ENDPOINT:
		run_endpoint(f, i, call);
		break;
	}
	if (call->async) {
		struct gw_call_result taken = {.end = GW_CALL_DONE, .status = 202};
		done(arg, &taken);
	}
}
