/* worker.c -- see worker.h. The Runtime API is four calls over HTTP; a runtime is found by the port
 * it was given, so that no token has to be parsed out of paths that runtimes build themselves. */
#include "gateway/worker.h"
#include "gateway/server.h"

#include <stdlib.h>
#include <string.h>
#include <uv.h>

struct worker {
	const struct gw_function *function;
	struct process *process;
	struct server *api;
	struct server_request *waiting; /* asks for the next event; NULL: none */
	struct worker_ops ops;
	void *arg;
	char *account, *region;
	struct str out, log;
	/* the event in hand */
	bool busy, given; /* given: handed out by the Runtime API */
	struct str payload;
	char *request_id, *trace_id;
	int64_t deadline_ms;
	bool warm;     /* it has asked the Runtime API */
	bool too_much; /* its output is over the limit: it was killed for that */
	bool gone;
	struct str how;
};

static void keep_log(struct worker *w, const char *p, size_t n)
{
	size_t room = MAX_FUNCTION_LOG - w->log.len;
	str_addn(&w->log, p, n < room ? n : room);
}

const char *worker_log(const struct worker *w)
{
	return str_c(&w->log);
}

/* ---- the event ----------------------------------------------------------------------- */

static void take_event(struct worker *w, const struct worker_event *e)
{
	str_reset(&w->payload);
	str_addn(&w->payload, e->payload, e->len);
	free(w->request_id);
	free(w->trace_id);
	w->request_id = xstrdup(e->request_id);
	w->trace_id = e->trace_id ? xstrdup(e->trace_id) : NULL;
	w->deadline_ms = e->deadline_ms;
	w->busy = true;
	w->given = false;
	str_reset(&w->log);
}

static void finish_event(struct worker *w, bool ok, const char *p, size_t n)
{
	w->busy = false;
	w->ops.done(w->arg, ok, (struct slice){p, n});
}

/* ---- the Runtime API ----------------------------------------------------------------- */

static void answer(struct server_request *q, int status, const char *text)
{
	struct gw_response r = {.status = status, .body = {text, strlen(text)}};
	gw_headers_add(q->arena, &r.headers, "Content-Type", "application/json");
	server_answer(q, &r);
}

static void hand_out(struct worker *w, struct server_request *q)
{
	struct gw_response r = {.status = 200, .body = {str_c(&w->payload), w->payload.len}};
	struct arena *a = q->arena;
	w->given = true;
	gw_headers_add(a, &r.headers, "Content-Type", "application/json");
	gw_headers_add(a, &r.headers, "Lambda-Runtime-Aws-Request-Id", w->request_id);
	gw_headers_add(a, &r.headers, "Lambda-Runtime-Deadline-Ms",
		       arena_printf(a, "%lld", (long long)w->deadline_ms));
	gw_headers_add(a, &r.headers, "Lambda-Runtime-Invoked-Function-Arn",
		       arena_printf(a, "arn:aws:lambda:%s:%s:function:%s", w->region, w->account,
				    w->function->name));
	if (w->trace_id)
		gw_headers_add(a, &r.headers, "Lambda-Runtime-Trace-Id", w->trace_id);
	server_answer(q, &r);
}

static void ask_next(struct worker *w, struct server_request *q)
{
	w->warm = true;
	if (w->waiting)
		answer(w->waiting, 409, "{\"errorMessage\":\"asked again\"}");
	w->waiting = NULL;
	if (w->busy && !w->given) {
		hand_out(w, q);
		return;
	}
	w->waiting = q;
	if (w->busy) { /* it lost the event and goes on */
		static const char lost[] = "{\"errorMessage\":\"no response was sent\","
					   "\"errorType\":\"Runtime.NoResponse\"}";
		finish_event(w, false, lost, sizeof(lost) - 1);
	}
	if (w->waiting)
		w->ops.idle(w->arg);
}

/* /2018-06-01/runtime/invocation/{id}/{verb} of the event in hand. */
static bool is_about(const struct worker *w, const char *path, const char *verb)
{
	static const char prefix[] = "/2018-06-01/runtime/invocation/";
	if (!str_starts(path, prefix) || !w->busy || !w->given)
		return false;
	path += sizeof(prefix) - 1;
	size_t n = strlen(w->request_id);
	return strncmp(path, w->request_id, n) == 0 && path[n] == '/' &&
	       strcmp(path + n + 1, verb) == 0;
}

static void on_request(void *ctx, struct server_request *q)
{
	struct worker *w = ctx;
	const char *path = q->request.path;
	struct slice body = q->request.body;
	if (q->refused) {
		server_refuse(q);
		return;
	}
	bool post = strcmp(q->request.method, "POST") == 0;
	bool ok = post && is_about(w, path, "response");
	bool error = post && (is_about(w, path, "error") ||
			      (w->busy && strcmp(path, "/2018-06-01/runtime/init/error") == 0));
	if (!post && strcmp(path, "/2018-06-01/runtime/invocation/next") == 0) {
		ask_next(w, q);
	} else if (ok && body.len > MAX_FUNCTION_OUTPUT) {
		static const char large[] =
			"{\"errorMessage\":\"Response payload size exceeded maximum allowed "
			"payload size "
			"(6291556 bytes).\",\"errorType\":\"Function.ResponseSizeTooLarge\"}";
		answer(q, 413, large);
		finish_event(w, false, large, sizeof(large) - 1);
	} else if (ok || error) {
		struct str kept = {0}; /* the answer below ends the request and its memory */
		str_addn(&kept, body.p, body.len);
		answer(q, 202, "{\"status\":\"OK\"}");
		finish_event(w, ok, str_c(&kept), kept.len);
		str_clear(&kept);
	} else {
		answer(q, post ? 400 : 404,
		       "{\"errorMessage\":\"this is no call of the Lambda Runtime API, or not "
		       "about the event in hand\",\"errorType\":\"InvalidRequest\"}");
	}
}

/* ---- the process --------------------------------------------------------------------- */

static void on_out(void *arg, const char *p, size_t n)
{
	struct worker *w = arg;
	if (w->warm) {
		keep_log(w, p, n);
		return;
	}
	if (n > MAX_FUNCTION_OUTPUT + 1 - w->out.len) {
		w->too_much = true;
		process_kill(w->process);
		return;
	}
	str_addn(&w->out, p, n);
}

static void on_err(void *arg, const char *p, size_t n)
{
	keep_log(arg, p, n);
}

static void free_worker(struct worker *w)
{
	free(w->request_id);
	free(w->trace_id);
	free(w->account);
	free(w->region);
	str_clear(&w->out);
	str_clear(&w->log);
	str_clear(&w->payload);
	str_clear(&w->how);
	free(w);
}

static void on_stopped(void *ctx)
{
	struct worker *w = ctx;
	server_free(w->api);
	free_worker(w);
}

/* A command that speaks no Runtime API has answered by what it printed. */
static void on_ended(void *arg, int code, int signal)
{
	struct worker *w = arg;
	w->process = NULL;
	w->gone = true;
	if (w->busy && w->too_much) {
		static const char large[] =
			"{\"errorMessage\":\"Response payload size exceeded maximum allowed "
			"payload size "
			"(6291556 bytes).\",\"errorType\":\"Function.ResponseSizeTooLarge\"}";
		finish_event(w, false, large, sizeof(large) - 1);
	} else if (w->busy && !w->warm && code == 0 && signal == 0) {
		finish_event(w, true, str_c(&w->out), w->out.len);
	}
	if (signal)
		str_addf(&w->how, "signal: %s", strsignal(signal));
	else
		str_addf(&w->how, "exit status %d", code);
	w->ops.ended(w->arg, str_c(&w->how));
	if (w->waiting)
		answer(w->waiting, 503, "{}");
	w->waiting = NULL;
	server_stop(w->api, 0);
}

static const char **make_env(struct arena *a, const struct worker_options *o, int port)
{
	const struct gw_function *f = o->function;
	const char **env = arena_alloc(a, 20 * sizeof(*env));
	size_t n = 0;
	env[n++] = arena_printf(a, "PATH=%s", o->path ? o->path : "/usr/local/bin:/usr/bin:/bin");
	env[n++] = "LANG=C.UTF-8";
	env[n++] = "TZ=UTC";
	env[n++] = arena_printf(a, "AWS_LAMBDA_FUNCTION_NAME=%s", f->name);
	env[n++] = arena_printf(a, "AWS_LAMBDA_FUNCTION_MEMORY_SIZE=%d", f->memory_mb);
	env[n++] = "AWS_LAMBDA_FUNCTION_VERSION=$LATEST";
	env[n++] = arena_printf(a, "AWS_LAMBDA_RUNTIME_API=127.0.0.1:%d", port);
	env[n++] = arena_printf(a, "AWS_REGION=%s", o->region);
	env[n++] = arena_printf(a, "AWS_DEFAULT_REGION=%s", o->region);
	env[n++] = "AWS_ACCESS_KEY_ID=local";
	env[n++] = "AWS_SECRET_ACCESS_KEY=local";
	env[n++] = arena_printf(a, "LAMBDA_TASK_ROOT=%s", f->folder ? f->folder : ".");
	if (o->callback_url)
		env[n++] = arena_printf(a, "GATEDRILL_ENDPOINT=%s", o->callback_url);
	if (o->program)
		env[n++] = arena_printf(a, "GATEDRILL=%s", o->program);
	if (o->scratch)
		env[n++] = arena_printf(a, "GATEDRILL_SCRATCH=%s", o->scratch);
	env[n] = NULL;
	return env;
}

static bool start_process(struct worker *w, const struct worker_options *o, const char **error)
{
	static const struct process_ops ops = {on_out, on_err, on_ended};
	const struct gw_function *f = o->function;
	struct arena a = {0};
	const char **argv = arena_alloc(&a, (f->command_count + 1) * sizeof(*argv));
	memcpy(argv, f->command, f->command_count * sizeof(*argv));
	struct process_options po = {
		.argv = argv,
		.env = make_env(&a, o, server_port(w->api)),
		.path = o->path ? o->path : "/usr/local/bin:/usr/bin:/bin",
		.folder = f->folder,
		.memory_mb = f->memory_mb,
	};
	w->process = process_start(o->processes, &po, str_c(&w->payload), w->payload.len, &ops, w,
				   error);
	arena_clear(&a);
	return w->process != NULL;
}

struct worker *worker_start(const struct worker_options *o, const struct worker_event *event,
			    const struct worker_ops *ops, void *arg, const char **error)
{
	static const struct server_ops api_ops = {on_request, on_stopped};
	const struct server_options so = {.address = "127.0.0.1",
					  .max_connections = 16,
					  .max_body = MAX_FUNCTION_OUTPUT + 1024};
	struct diags d = {0};
	struct worker *w = xcalloc(1, sizeof(*w));
	w->function = o->function;
	w->ops = *ops;
	w->arg = arg;
	w->account = xstrdup(o->account);
	w->region = xstrdup(o->region);
	w->api = server_open(o->loop, &so, &api_ops, w, &d);
	diags_clear(&d);
	if (!w->api) {
		*error = "no port could be opened for its Runtime API";
		free_worker(w);
		return NULL;
	}
	take_event(w, event);
	if (start_process(w, o, error))
		return w;
	server_stop(w->api, 0); /* on_stopped() frees the worker */
	return NULL;
}

void worker_give(struct worker *w, const struct worker_event *event)
{
	struct server_request *q = w->waiting;
	w->waiting = NULL;
	take_event(w, event);
	hand_out(w, q);
}

bool worker_is_warm(const struct worker *w)
{
	return w->warm && w->process;
}

void worker_kill(struct worker *w)
{
	if (w->process)
		process_kill(w->process);
}

void worker_discard(struct worker *w)
{
	w->process = NULL;
	if (w->waiting)
		answer(w->waiting, 503, "{}");
	w->waiting = NULL;
	server_stop(w->api, 0);
}
