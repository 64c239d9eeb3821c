/* plaintrace.h -- traces as sentences, for the line front ends of labs, proofs and drills. */
#ifndef CLI_PLAINTRACE_H
#define CLI_PLAINTRACE_H

#include "cli/plain.h"
#include "gateway/trace.h"

/* "GET /dev/products/42", "message on /live", "push": what it is the trace of. Appends. */
void trace_subject(struct str *out, const struct gw_trace *t);
/* A sentence for each stage that was reached and had something to do, and one that names those that
 * were not reached. all: also the stages where nothing was set up, and what was recorded in each.
 */
void plain_trace_rows(struct plain *p, const struct gw_trace *t, bool all);

#endif
