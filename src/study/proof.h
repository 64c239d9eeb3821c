/* proof.h -- settle a doubt by running it: the request that a card names (`proof: NAME/REQUEST`),
 * against the definition it stands in, as it came and not as a learner has edited it. */
#ifndef STUDY_PROOF_H
#define STUDY_PROOF_H

#include "study/lab.h"

struct proof_found {
	struct shelf_lab *lab; /* NULL: there is none */
	int request;
};
/* "cache/second" in labs and proofs of the shelf: a request that says what it expects. */
struct proof_found proof_find(struct lab_shelf *sh, const char *name);
/* The nearest name that there is, in the arena, or NULL. */
const char *proof_suggest(const struct lab_shelf *sh, const char *name, struct arena *a);

struct proof_result {
	bool met;          /* a trace was as expected */
	uint64_t number;   /* of the trace that decides in the ring of the rig, or the last one
			      that the request led to when none was as expected; 0: none */
	const char *shows; /* what it settles; of the lab */
	const char *why;   /* it could not be done: what happened; NULL */
};
struct proof_run;
/* Copies the files into a scratch folder, serves them, does the request and what comes before it.
 * done is called from the loop, once, when the trace came or two seconds after the last answer; not
 * after proof_close(). The rig stays open to be looked at until then. Codes as lab_open;
 * allow_commands as there. */
bool proof_open(struct proof_run **out, struct study *s, struct proof_found what,
		bool allow_commands, struct uv_loop_s *loop,
		void (*done)(void *ctx, const struct proof_result *r), void *ctx, struct diags *d);
struct rig *proof_rig(struct proof_run *p);
void proof_close(struct proof_run *p, void (*closed)(void *ctx), void *ctx); /* accepts NULL */
/* The same on a loop of its own, waiting: for plain mode and tests. trace: a copy of the one that
 * decides in the arena, NULL where there is none. */
bool proof_run(struct study *s, struct proof_found what, bool allow_commands, struct arena *a,
	       struct proof_result *out, const struct gw_trace **trace, struct diags *d);

#endif
