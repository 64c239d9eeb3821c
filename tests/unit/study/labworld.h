/* labworld.h -- a small lab with its definitions, written into a world: a REST API with a key, and
 * a WebSocket API that echoes. */
#ifndef TESTS_STUDY_LABWORLD_H
#define TESTS_STUDY_LABWORLD_H

#include "study/lab.h"
#include "study/waiting.h"
#include "tests/unit/study/world.h"

/* Goals and solution of the lab that tests have unless they say otherwise: three goals, `refused`,
 * `let-in` after it and `echo`; one edit. */
extern const char lab_goals[];

struct labworld {
	struct world w;
	struct lab_shelf shelf;
	struct waiting wait;
	bool waiting;
	struct lab_session *lab;
	struct str seen; /* what was told: "traced:refused changed heard:200 " */
	void (*traced)(struct labworld *l, const struct gw_trace *t); /* for a closer look */
	bool (*until)(struct labworld *l);
	bool done, ok, closed; /* of an action; of the session */
	char why[200];
};

void labworld_init(struct labworld *l);
void labworld_clear(struct labworld *l);
/* Write FOLDER/keys.yaml, beside the bundled ones (own: the learner's), and its definitions; kind
 * "lab", "proofs"; rest: all behind its requests. Open the shelf again. */
void labworld_lab(struct labworld *l, bool own, const char *goals);
void labworld_file(struct labworld *l, const char *path, const char *text); /* below the world */
void labworld_reopen(struct labworld *l); /* study and shelf, as another run would */
/* Below the world; NULL: not there. Freed by the caller. */
char *labworld_read(struct labworld *l, const char *path);

/* Start the lab "keys" on a loop of its own; fails the test when it does not open. */
void labworld_start(struct labworld *l, struct lab_options o);
/* Run the loop until a condition holds; fails the test after ten seconds. */
void labworld_until(struct labworld *l, bool (*until)(struct labworld *l));
/* A named request, until it is over. */
void labworld_do(struct labworld *l, const char *request);
/* Close it: nothing may be left on the loop. */
void labworld_stop(struct labworld *l);
/* Its solution, or its requests alone; fails the test when it cannot be tried. */
void labworld_try(struct labworld *l, bool solved, struct lab_trial *out);
/* "begin goal:refused hint:1 ": the log of the lab. Freed by the caller. */
char *labworld_log(struct labworld *l);
void labworld_logged(struct labworld *l, const char *want);

#endif
