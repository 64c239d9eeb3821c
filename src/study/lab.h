/* lab.h -- labs in use: the shelf of labs with what was done, and a lab being worked on. One state
 * machine behind the TUI and plain mode, on a loop that the front end runs. Every goal met, hint
 * taken and end is a row of an append-only log, on disk before the front end hears of it.
 *
 *   LAB_WORKING --last goal met--> LAB_PASSED
 *   LAB_WORKING --lab_give_up----> LAB_GIVEN_UP     any --lab_close--> (left: goals met stay met)
 *
 * A lab works on a copy of its files, in the learner's own folder, which they edit; the copy stays
 * until they start over. Goals are checked against traces as they happen. */
#ifndef STUDY_LAB_H
#define STUDY_LAB_H

#include "study/rig.h"
#include "study/study.h"

#define MAX_LAB_SHELF 300 /* files */

struct shelf_lab {
	struct lab lab;
	bool bundled;        /* of the program: its commands run unasked */
	bool passed, begun;  /* ever */
	bool given_up, over; /* of the last try; over: passed or given up */
	long tries;          /* times it was started */
	uint32_t met;        /* of the try that goes on: goals, a bit each */
	int goals_met;       /* how many */
	int hints;           /* taken in it */
};
struct lab_shelf {
	struct shelf_lab **labs; /* kind LAB_LAB, by place, then by id */
	size_t count;
	struct shelf_lab **proofs; /* kind LAB_PROOFS */
	size_t proof_count;
	struct shelf_lab **drills; /* kind LAB_DRILL */
	size_t drill_count;
};
/* Bundled files (share/data/labs, proofs, drills), then the learner's own (beside their decks:
 * labs, proofs, drills). An id is good for one file of all. A file in error is left out with its
 * diagnostics, lab-kind (it is another kind of file), lab-twice and lab-too-many-files among them;
 * false is for the store alone. */
void lab_shelf_read(struct lab_shelf *out, const struct paths *paths, struct diags *d);
bool lab_shelf_open(struct lab_shelf *out, struct study *s, struct diags *d);
void lab_shelf_clear(struct lab_shelf *sh);                             /* accepts a zeroed one */
struct shelf_lab *lab_shelf_find(struct lab_shelf *sh, const char *id); /* a lab; NULL: none */
const char *lab_shelf_suggest(const struct lab_shelf *sh, const char *id);
/* How many labs there are and how many were ever passed, for the home screen: without reading one.
 * False: the store failed. */
bool lab_count(struct study *s, int *passed, int *total, struct diags *d);
/* "3 of 5 goals, 1 hint" or "passed" or "not tried yet". Appends. */
void lab_progress(struct str *out, const struct shelf_lab *l);
/* Tasks as store_lab_event has them: "dva-c02=1.1 dva-c03=1.1". Appends. */
void lab_tasks(struct str *out, const struct exam_task *tasks, size_t n);
/* What was done in a lab, for its record. */
struct store_lab_event;
void shelf_lab_add(struct shelf_lab *l, const struct store_lab_event *x);
void shelf_lab_reset(struct shelf_lab *l); /* as if nothing had been done */

/* -- a lab being worked on --------------------------------------------------------------------- */

enum lab_stage { LAB_WORKING, LAB_PASSED, LAB_GIVEN_UP };

struct lab_options {
	bool start_over;     /* the files as they came, no goal met */
	bool scratch;        /* a copy for once, nothing logged: solutions tried, tests */
	bool allow_commands; /* of a lab that is not bundled: the learner said yes */
	int port;            /* 0: any that is free */
};
struct lab_goal_state {
	bool met, fresh; /* fresh: met by the trace that was last handed over */
	int seen;        /* traces that counted so far, of `times` */
	uint64_t number; /* of the trace that met it, 0: of an earlier sitting */
};
struct lab_view {
	const struct lab *lab;
	enum lab_stage stage;
	struct lab_goal_state goals[MAX_LAB_GOALS];
	int met, total;
	int hints;              /* shown so far: lab->hints[0 .. hints) */
	const char *folder;     /* the learner's copy */
	const char *first_file; /* absolute path of the definition to edit */
	const char *url;        /* where it listens */
	const char *problem;    /* of the definition as last read, else of what was done last: one
				   line, NULL: none */
	bool broken;            /* the problem is one of the definition */
	const char *unread;     /* a key of the definition that nothing reads, mistyped most
				   likely: one line; NULL: none, or there is a problem */
	bool busy;              /* an action, or the solution, runs */
	int due_cards;          /* cards that the end of the lab brought into review */
};
struct lab_ops {
	void (*traced)(void *ctx, const struct gw_trace *t); /* after goals were checked */
	void (*heard)(void *ctx, const struct rig_heard *h);
	void (*changed)(void *ctx); /* the view: stage, problem, busy, ... */
	void (*closed)(void *ctx);  /* the last call after lab_close() */
};
struct lab_session;
/* Copies files where needed, serves them. Codes: lab-commands (commands would run and were not
 * allowed: what they are), those of the store, of serve_open, of file.h; note lab-broken beside
 * errors of files that the learner may have edited. ops may be NULL. */
bool lab_open(struct lab_session **out, struct study *s, struct shelf_lab *lab,
	      struct uv_loop_s *loop, const struct lab_options *o, const struct lab_ops *ops,
	      void *ctx, struct diags *d);
void lab_close(struct lab_session *l); /* `closed` follows from the loop; accepts NULL */
const struct lab_view *lab_view(const struct lab_session *l);
struct rig *lab_rig(struct lab_session *l);
bool lab_hint(struct lab_session *l, const char **hint, struct diags *d); /* *hint NULL: no more */
/* The cards of goals that were not met become due, those of the lab that are new join the reviews.
 * All of it is kept or nothing. */
bool lab_give_up(struct lab_session *l, struct diags *d);
/* Do a named request; what it shows comes as traces. */
bool lab_request(struct lab_session *l, int request, struct diags *d);
bool lab_deploy(struct lab_session *l, const char *api, const char *stage, struct diags *d);
/* Carry out the model solution from the files as they came: what the learner edited is kept aside.
 * Giving up or passing comes first (else lab-working), but for scratch copies. done has the ctx of
 * the session; `changed` follows it. */
bool lab_solve(struct lab_session *l, rig_done *done, struct diags *d);
/* Files and goals as they were at the beginning, logged as a new try; edited files are kept aside.
 * The gateway is started again, see rig_restart(). */
bool lab_start_over(struct lab_session *l, struct diags *d);
/* Does the model solution meet all goals? With solved false: its requests without its edits, and
 * nothing at all where it has none: a lab whose start is already solved teaches nothing. For tests
 * and lint, on a scratch copy and a loop of its own, in at most a minute of real time. False: it
 * could not be tried; lab-solution names the step that cannot be done, lab-slow the time. */
struct lab_trial {
	bool passed;
	int met, total;
	bool goals[MAX_LAB_GOALS]; /* which were met */
	int64_t ms;
};
bool lab_try(struct lab_trial *out, struct study *s, struct shelf_lab *lab, bool solved,
	     bool allow_commands, struct diags *d);

#endif
