/* rig.h -- a running gateway with hands on it: what labs, proofs and the inspector share. It serves
 * definitions on the caller's loop, does what a lab's actions say as a client would, and hands every
 * trace to its owner. Nothing blocks; everything ends when it is closed: no port stays open and no
 * child is left. */
#ifndef STUDY_RIG_H
#define STUDY_RIG_H

#include "deck/lab.h"
#include "gateway/probe.h"
#include "gateway/serve.h"

struct rig;

struct rig_heard { /* by one of our own clients */
	enum { RIG_ANSWER, RIG_OPENED, RIG_REFUSED, RIG_MESSAGE, RIG_CLOSED } what;
	const char *as;      /* connection, NULL for RIG_ANSWER */
	int status;          /* RIG_ANSWER, RIG_REFUSED; RIG_CLOSED: the close code */
	const struct gw_headers *headers; /* RIG_ANSWER, RIG_REFUSED */
	struct slice text;   /* body, message or reason */
};
struct rig_ops { /* all may be NULL; called from the loop */
	void (*traced)(void *ctx, const struct gw_trace *t); /* borrowed; also kept in the ring */
	void (*answered)(void *ctx, struct gw_exchange *x);  /* the same with all that was known */
	void (*heard)(void *ctx, const struct rig_heard *h);
	void (*changed)(void *ctx, struct diags *d); /* definitions were read again, or had errors */
	void (*closed)(void *ctx);                   /* the last call: the rig is gone */
};
/* o->answered, changed, stopped and ctx are set here; the rest is the caller's: files, state, port
 * (0: any that is free) and so on. lab: whose named requests and certificates are at hand; NULL:
 * none. Borrowed until closed. Traces have details. NULL: errors in d. */
struct rig *rig_open(struct uv_loop_s *loop, const struct serve_options *o, const struct lab *lab,
		     const struct rig_ops *ops, void *ctx, struct diags *d);
/* Ends what is under way at once; `closed` follows from the loop, which must run until then. */
void rig_close(struct rig *r);
struct serve *rig_serve(struct rig *r);
struct probe *rig_probe(struct rig *r);

/* Do an action, or a named request of the lab with all that comes before it. One at a time. done:
 * when it was answered, opened, said, waited for, deployed (a burst: when all is answered); ok
 * false and why when it could not be done at all (no connection of that name, refused handshakes
 * are no failure). False: at least one error, done does not follow. */
typedef void rig_done(void *ctx, bool ok, const char *why);
bool rig_do(struct rig *r, const struct lab_action *a, rig_done *done, void *ctx, struct diags *d);
bool rig_do_named(struct rig *r, int request, rig_done *done, void *ctx, struct diags *d);
/* Several in a row: of a solution. edits: the folder that LAB_EDIT changes. */
bool rig_do_steps(struct rig *r, const struct lab_step *steps, size_t n, const char *folder,
		  rig_done *done, void *ctx, struct diags *d);
bool rig_busy(const struct rig *r);
void rig_stop(struct rig *r); /* what is being done; done follows with ok false */
/* Connections opened through the rig, by name. */
size_t rig_connections(const struct rig *r, const char **names, size_t max);
/* What of a file's functions runs commands, one a line: "catalogue: sh catalogue.sh". Appends. For
 * the question before a lab from elsewhere may run them. */
void rig_commands(struct str *out, const struct gateway *g);

#endif
