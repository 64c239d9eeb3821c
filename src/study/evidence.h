/* evidence.h -- evidence drills: a fault is drawn from a seed, put into a sound definition, and the
 * simulator makes what an operator would have: access-log lines, metrics and a trace. The learner
 * names the stage that fails; the seed says which it is. Each answer is on disk before the call
 * that gives it returns. */
#ifndef STUDY_EVIDENCE_H
#define STUDY_EVIDENCE_H

#include "study/lab.h"

struct evidence_case {
	uint64_t seed;
	const struct shelf_lab *drill;
	int fault;      /* index: the truth */
	int options[8]; /* steps to choose among, in the order shown; option_count >= 2 */
	size_t option_count;
	int right;           /* index in options */
	const char *log;     /* access-log lines, sound requests among them */
	const char *metrics; /* a table as text: Count, 4XX, 5XX, latencies */
	const char *trace;   /* segments with times as text, the failing one not named */
	const char *answer;  /* the whole trace of the request in fault, row by row */
	bool shown;          /* answered */
	int chosen;          /* index in options, -1: given up */
	int due_cards;
};
struct evidence_options {
	const char *drill;   /* id; NULL: any of the shelf */
	int cases;           /* < 0: no end */
	bool allow_commands; /* of drills that are not bundled */
	bool has_seed;
	uint64_t seed; /* of the first case; the others follow from it alone */
};
struct evidence;
/* sh outlives it. Codes: evidence-none (no drill of that id, or none at all), evidence-fault (a
 * fault that does not show), lab-commands, those of rig and store. Cases are made on a loop
 * of its own, in some 50 ms, before the call returns. */
bool evidence_open(struct evidence **out, struct study *s, struct lab_shelf *sh,
		   const struct evidence_options *o, struct diags *d);
void evidence_close(struct evidence *e, struct diags *d);            /* accepts NULL */
const struct evidence_case *evidence_case(const struct evidence *e); /* NULL: it is over */
int evidence_number(const struct evidence *e); /* 1-based; of evidence_total, < 0: no end */
int evidence_total(const struct evidence *e);
int evidence_done(const struct evidence *e, int *right);
bool evidence_answer(struct evidence *e, int option, struct diags *d); /* < 0: give up */
bool evidence_next(struct evidence *e, struct diags *d);
/* For --json: one case of a seed without asking. */
void evidence_json(struct str *out, const struct evidence_case *c);

#endif
