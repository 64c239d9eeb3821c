/* match.h -- does a trace show what a goal, a proof or a fault asks for? */
#ifndef STUDY_MATCH_H
#define STUDY_MATCH_H

#include "deck/lab.h"
#include "gateway/trace.h"

/* Patterns compiled. */
struct matcher;
struct matcher *matcher_new(const struct lab_match *m); /* m borrowed */
void matcher_free(struct matcher *m);                   /* accepts NULL */
bool matcher_meets(const struct matcher *m, const struct gw_trace *t);
/* The step that a trace turns on: the one that refused or failed or answered from a cache; else the
 * last reached. */
enum gw_step trace_decides(const struct gw_trace *t);
/* "429 THROTTLED at throttling: bucket empty", "200, every stage passed", "closed with 1001": one
 * line for people. Appends. */
void trace_sentence(struct str *out, const struct gw_trace *t);

#endif
