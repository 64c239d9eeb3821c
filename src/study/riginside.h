/* riginside.h -- private to rig.c and rigdo.c: a rig's insides. */
#ifndef STUDY_RIGINSIDE_H
#define STUDY_RIGINSIDE_H

#include "study/rig.h"

#include <uv.h>

/* A connection that was opened under a name. It stays when it has closed: its id can still be asked
 * for, and pushing to it is a lesson. */
struct rig_conn {
	struct rig *rig;
	char *name;
	char *id;                /* of the gateway; NULL: not known */
	struct wsclient *client; /* NULL: closed */
	bool open;               /* the handshake is done */
};

/* What is being done.
 *
 *   IDLE --rig_do()--> NEXT --timer--> ANSWER, BURST, OPENING, TRACE, PAUSE --it came--> NEXT
 *                        |--no more actions, or one that cannot be done--> IDLE
 *   any but IDLE --rig_stop()--> STOPPED --timer--> IDLE */
enum rig_state {
	RIG_IDLE,
	RIG_NEXT,    /* the next action begins when the loop comes round */
	RIG_WAITS,   /* an answer, a burst's end */
	RIG_OPENING, /* a handshake: of conn */
	RIG_TRACING, /* a trace of conn, or the timer */
	RIG_PAUSING, /* the timer */
	RIG_STOPPED,
};

struct rig_run {
	enum rig_state state;
	struct arena arena; /* of the actions */
	const struct lab_action **actions;
	const bool *before; /* of each: it only comes before another */
	size_t count, at;
	const char *folder; /* NULL: edits are left out */
	rig_done *done;
	void *ctx;
	struct rig_conn *conn;
	enum gw_trace_kind kind; /* RIG_TRACING */
	uint64_t serial;         /* of the action: answers to earlier ones change nothing */
	bool bursting;
	uint64_t began;
};

/* A gateway that runs, or that is on its way out after a restart. */
struct rig_served {
	struct rig *rig;
	struct serve *serve;
	uv_timer_t timer; /* never runs: closed when it has stopped, and then it can be freed */
};

struct rig_listener {
	struct rig_ops ops;
	void *ctx;
	bool used;
};

struct rig {
	uv_loop_t *loop;
	struct serve_options o;
	const struct lab *lab;
	struct rig_listener listeners[1 + MAX_RIG_LISTENERS]; /* the owner first */
	struct rig_served *now;                               /* NULL: nothing is served */
	struct rig_served *last;                              /* stopping; may still be looked at */
	struct probe *probe;
	size_t served; /* gateways not yet freed */
	uv_timer_t timer;
	bool closing;
	struct rig_conn *conns[MAX_RIG_CONNECTIONS];
	size_t conn_count;
	struct rig_run run;
};

/* rig.c */
void rig_tell_heard(struct rig *r, const struct rig_heard *h);
void rig_tell_changed(struct rig *r, struct diags *d);
void rig_tear_down(struct rig *r); /* rig_close(), from the loop */

/* rigdo.c */
void rigdo_timer(uv_timer_t *timer);
void rigdo_traced(struct rig *r, const struct gw_trace *t);
void rigdo_end(struct rig *r, bool ok, const char *why); /* of what is done, now; none: nothing */
void rigdo_forget(struct rig *r);                        /* all connections */

#endif
