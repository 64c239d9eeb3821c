/* evidenceinside.h -- how a case of an evidence drill is made; private to evidence*.c. */
#ifndef STUDY_EVIDENCEINSIDE_H
#define STUDY_EVIDENCEINSIDE_H

#include "gateway/exchange.h"
#include "gateway/metrics.h"
#include "study/evidence.h"

/* evidencemake.c: a case from its seed. All of it is in the arena; out is not changed on false.
 * Codes: as evidence_open(). */
bool evidence_make(struct evidence_case *out, struct arena *a, struct study *s,
		   const struct shelf_lab *drill, uint64_t seed, bool allow_commands,
		   struct diags *d);
/* Which fault a seed draws, without making it. */
int evidence_fault(const struct lab *drill, uint64_t seed);
/* Fault and options alone: what a seed decides. */
void evidence_decide(struct evidence_case *out, const struct shelf_lab *drill, uint64_t seed);

/* evidencetext.c. Each appends lines. */

/* An entry of the access log: what was asked, the status and the error's message, and below it the
 * variables that tell who got how far. It names no stage. */
void evidence_log(struct str *out, struct gw_exchange *x);
/* Of one API: rows name it by its id or its name, as their type has it. */
void evidence_metrics(struct str *out, const struct metrics *m, const char *api, const char *name);
/* The request as segments: the API, its authorizer and its integration, where they were called. */
void evidence_segments(struct str *out, const struct gw_exchange *x);
/* All rows of the trace. */
void evidence_rows(struct str *out, const struct gw_trace *t);

#endif
