/* worker.h -- one execution environment of a command function: a process, and the Lambda Runtime
 *API that is served to it alone on a port of its own. A command that never asks the Runtime API
 *serves one event, given on its standard input; one that does is kept warm.
 *
 *	worker_start --> RUNNING --answer, error--> IDLE (it asks for the next event)
 *--worker_give--> RUNNING |                         |
 *	                    +------- it ends ---------+--> ops.ended, the worker is freed */
#ifndef GATEWAY_WORKER_H
#define GATEWAY_WORKER_H

#include "gateway/function.h"
#include "gateway/process.h"

struct worker;

struct worker_event {
	const char *payload;
	size_t len;
	const char *request_id, *trace_id;
	int64_t deadline_ms; /* Unix */
};
struct worker_ops {
	/* The event in hand is done: ok, or error holds {"errorMessage", ...}. out is borrowed. */
	void (*done)(void *arg, bool ok, struct slice out);
	void (*idle)(void *arg); /* it asks for the next event: worker_give() may be called */
	/* It is gone; if an event was in hand it is lost (done was not called for it). */
	void (*ended)(void *arg, const char *how);
};
struct worker_options {
	struct uv_loop_s *loop;
	struct processes *processes;
	const struct gw_function *function;
	const char *path, *region, *account, *callback_url, *program, *scratch;
};
/* Start the command with its first event. NULL: it could not be started, *error says why. */
struct worker *worker_start(const struct worker_options *o, const struct worker_event *event,
			    const struct worker_ops *ops, void *arg, const char **error);
void worker_give(struct worker *w, const struct worker_event *event); /* IDLE only */
bool worker_is_warm(const struct worker *w); /* it has asked the Runtime API: it will ask again */
void worker_kill(struct worker *w);          /* ended follows */
/* After processes_free(): free it without a word; the loop must run once more. */
void worker_discard(struct worker *w);
/* What it wrote on standard error (and, once warm, on its output) since the last event began. */
const char *worker_log(const struct worker *w);

#endif
