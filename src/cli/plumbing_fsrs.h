/* plumbing_fsrs.h -- `gatedrill plumbing fsrs`: the memory model for scripts and tests, JSON Lines
 * in and out. A line is one of
 *
 *	{"reviews": [[grade, days], ...]}
 *	{"state": {"stability": s, "difficulty": d}, "delta_days": n}
 *	{"fuzz": {"interval": x, "minimum": a, "maximum": b}}
 *
 * and is answered, with MEMORY for {"stability": s, "difficulty": d, "interval": i}, by
 *
 *	{"states": [MEMORY, ...]}
 *	{"again": MEMORY, "hard": MEMORY, "good": MEMORY, "easy": MEMORY}
 *	{"lower": l, "upper": u}
 *
 * The first two take "params" ("default", or 21, 19 or 17 numbers) and "desired_retention" (0.001
 * to 1; 0.9 when absent). Grades are 1 to 4; grade 0, a manual change, leaves the state of an
 * earlier review as it is. Days are whole study days since the previous review. Intervals are
 * neither rounded nor fuzzed. "state" may be null: a new card. Other members are ignored. What
 * cannot be answered gives {"error": "..."}. */
#ifndef CLI_PLUMBING_FSRS_H
#define CLI_PLUMBING_FSRS_H

#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#define MAX_PLUMBING_REVIEWS 100000

/* Answer one line: n bytes, without its newline. One JSON object is added to out, without a
 * newline. False: it is an error. */
bool plumbing_fsrs_line(const char *line, size_t n, struct str *out);
/* Answer each line of in, at once, in order; memory does not grow with the input. 0, or 1 when
 * reading or writing failed. */
int plumbing_fsrs(FILE *in, FILE *out);

#endif
