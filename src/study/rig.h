/* rig.h -- a running gateway with hands on it: what labs, proofs and the inspector share. It serves
 * definitions on the caller's loop, does what a lab's actions say as a client would, and hands
 * every trace to its owner. Nothing blocks; everything ends when it is closed: no port stays open
 * and no child is left. */
#ifndef STUDY_RIG_H
#define STUDY_RIG_H

#include "deck/lab.h"
#include "gateway/probe.h"
#include "gateway/serve.h"

struct rig;

struct rig_heard { /* by one of our own clients */
	enum { RIG_ANSWER, RIG_OPENED, RIG_REFUSED, RIG_MESSAGE, RIG_CLOSED } what;
	const char *as;                   /* connection, NULL for RIG_ANSWER */
	int status;                       /* RIG_ANSWER, RIG_REFUSED; RIG_CLOSED: the close code */
	const struct gw_headers *headers; /* RIG_ANSWER, RIG_REFUSED */
	struct slice text;                /* body, message or reason */
};
struct rig_ops { /* all may be NULL; called from the loop */
	void (*traced)(void *ctx, const struct gw_trace *t); /* borrowed; also kept in the ring */
	void (*answered)(void *ctx, struct gw_exchange *x);  /* the same with all that was known */
	void (*heard)(void *ctx, const struct rig_heard *h);
	void (*changed)(void *ctx,
			struct diags *d); /* definitions were read again, or had errors */
	void (*closed)(void *ctx);        /* the last call: the rig is gone */
};
/* o->answered, changed, stopped and ctx are set here; the rest is the caller's: files, state, port
 * (0: any that is free) and so on; its texts are borrowed until closed. lab: whose named requests
 * are at hand; NULL: none. Borrowed until closed. Traces have details. With o->cert the client
 * certificate beside it is shown where an action says so. NULL: errors in d, nothing is left on
 * the loop. */
struct rig *rig_open(struct uv_loop_s *loop, const struct serve_options *o, const struct lab *lab,
		     const struct rig_ops *ops, void *ctx, struct diags *d);
/* Ends what is under way; `closed` follows from the loop, which must run until then. Safe in any
 * callback. Accepts NULL: then nothing follows. */
void rig_close(struct rig *r);
/* The same definitions with nothing remembered: buckets, quotas, caches, connections, counters and
 * traces are those of a fresh start, deployments those of o->state. On the same port if it can.
 * What rig_serve() and rig_probe() gave before must not be used again. What is being done ends
 * first, its done is called with ok false. Not from a callback of traces. False: errors in d,
 * nothing is served any more: rig_serve() is NULL, actions fail. */
bool rig_restart(struct rig *r, struct diags *d);
/* While it stops it can still be looked at. */
struct serve *rig_serve(struct rig *r);
struct probe *rig_probe(struct rig *r);
/* Others who hear of it besides the owner, such as views on top of its: all of ops but closed.
 * False: there are MAX_RIG_LISTENERS already. rig_unlisten takes all of this ctx away, also from
 * within a callback. */
#define MAX_RIG_LISTENERS 8
bool rig_listen(struct rig *r, const struct rig_ops *ops, void *ctx);
void rig_unlisten(struct rig *r, const void *ctx);

/* ---- doing --------------------------------------------------------------------------- */

/* Do an action, or a named request of the lab with all that comes before it (but for connections
 * that are open already). One at a time. Called from the loop, once: when it was answered, opened
 * or refused, waited for, deployed; a message when its trace is there, or after RIG_SAY_MS; a burst
 * when all is answered. ok false and why when it could not be done at all (no connection of that
 * name; refused handshakes and requests are no failure). False: at least one error, done does not
 * follow: rig-busy, rig-stopped, rig-plan (too much of it). Actions are copied; done may be NULL.
 */
#define RIG_SAY_MS 2000
typedef void rig_done(void *ctx, bool ok, const char *why);
bool rig_do(struct rig *r, const struct lab_action *a, rig_done *done, void *ctx, struct diags *d);
bool rig_do_named(struct rig *r, int request, rig_done *done, void *ctx, struct diags *d);
/* Several in a row: of a solution. Named requests as rig_do_named. folder: whose files LAB_EDIT
 * changes, NULL: edits are left out. It ends with the first that cannot be done. */
bool rig_do_steps(struct rig *r, const struct lab_step *steps, size_t n, const char *folder,
		  rig_done *done, void *ctx, struct diags *d);
bool rig_busy(const struct rig *r);
void rig_stop(struct rig *r); /* what is being done; done follows with ok false */
/* Number of the newest trace when the last action of what is done, or was done last, began: what a
 * named request itself led to has a higher one. */
uint64_t rig_began(const struct rig *r);
/* Has that last action begun? Of a named request: itself, all before it is over. */
bool rig_at_last(const struct rig *r);
/* Connections opened through the rig that are open, by name; texts borrowed until one changes. */
#define MAX_RIG_CONNECTIONS 50
size_t rig_connections(const struct rig *r, const char **names, size_t max);
/* The id that the gateway gave to the connection last opened under a name; NULL: none yet. */
const char *rig_connection_id(const struct rig *r, const char *name);
/* What of a file's functions runs commands, one a line: "catalogue: sh catalogue.sh". Appends. For
 * the question before a lab from elsewhere may run them. */
void rig_commands(struct str *out, const struct gateway *g);

#endif
