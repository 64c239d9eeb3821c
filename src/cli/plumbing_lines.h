/* plumbing_lines.h -- JSON Lines in, JSON Lines out, for all plumbing verbs that work so: each line
 * is answered at once, in order, by one line; memory does not grow with the input. */
#ifndef CLI_PLUMBING_LINES_H
#define CLI_PLUMBING_LINES_H

#include "base/str.h"
#include "base/tree.h"

#include <stdio.h>

#define MAX_PLUMBING_LINE ((size_t)1 << 20)          /* bytes, the newline not counted */
#define MAX_PLUMBING_GATEWAY_LINE ((size_t)16 << 20) /* of verbs that take documents */

/* Answer one line: n bytes, without its newline. One JSON object is added to out, without a
 * newline. False: it is an error. */
typedef bool plumbing_answer(const char *line, size_t n, struct str *out);
/* Answer all lines. 0, or 1 when reading or writing failed. */
int plumbing_lines(FILE *in, FILE *out, size_t max, plumbing_answer *answer);

/* Replace what is in out from start on by {"error": text}. Returns false. */
bool plumbing_error(struct str *out, size_t start, const char *text);
/* A line that must be an object, as documents from a network are read: of a key given twice the
 * last value counts. NULL: it is none, and out has the error. */
const struct node *plumbing_object(struct arena *a, const char *line, size_t n, struct str *out);

#endif
