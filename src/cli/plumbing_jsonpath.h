/* plumbing_jsonpath.h -- `gatedrill plumbing jsonpath`: JSONPath for scripts and tests, JSON Lines
 * in and out. A line is {"path": "$.a", "document": ...} and is answered by
 *
 *	{"definite": true, "result": ...}
 *	{"error": "PathNotFoundException", "message": "..."}
 *
 * The result of a path that is not definite is a list. Errors are named as Jayway's JsonPath names
 * them; of a line that is no question, error says what is wrong. */
#ifndef CLI_PLUMBING_JSONPATH_H
#define CLI_PLUMBING_JSONPATH_H

#include "base/str.h"

/* See plumbing_answer in plumbing_lines.h. */
bool plumbing_jsonpath_line(const char *line, size_t n, struct str *out);

#endif
