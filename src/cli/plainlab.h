/* plainlab.h -- the line front ends of what is tried: labs, proofs, evidence drills. */
#ifndef CLI_PLAINLAB_H
#define CLI_PLAINLAB_H

#include "cli/plain.h"
#include "study/evidence.h"
#include "study/lab.h"
#include "study/proof.h"

/* Work on a lab. Returns an exit code. */
int plain_lab(struct call *c, struct study *s, struct shelf_lab *lab, const struct lab_options *o);

/* Something could not be opened, and d says why. Where that is because commands would run that
 * nobody has allowed yet, and somebody is at a terminal: shows them and asks. True: try again with
 * commands allowed; d is cleared. Else d is as it was. */
bool plain_trust(struct plain *p, struct diags *d);

/* Run the proof of that name ("cache/second") and say what it shows, the trace that decides and
 * whether it came out as expected. False: it could not be run, or came out otherwise; that was
 * said. */
bool plain_prove(struct plain *p, const char *name, bool allow_commands);
/* The same as JSON on the call's output. */
int proof_print_json(struct call *c, struct study *s, const char *name);
/* The proof that a card names, after its answer. name NULL: it names none; that is said. */
void plain_prove_card(struct plain *p, bool answered, const char *name);

/* Ask evidence drills. Returns an exit code. */
int plain_evidence(struct call *c, struct study *s, struct lab_shelf *sh,
		   const struct evidence_options *o);
/* Cases with their truth, a line of JSON each; nothing is asked or stored. */
int evidence_print_json(struct call *c, struct study *s, struct lab_shelf *sh,
			const struct evidence_options *o);

#endif
