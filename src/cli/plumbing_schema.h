/* plumbing_schema.h -- `gatedrill plumbing schema`: JSON Schema, draft 4, for scripts and tests,
 *JSON Lines in and out. A line is {"schema": {...}, "data": ...} and is answered by
 *
 *	{"valid": true, "errors": []}
 *	{"valid": false, "errors": ["object has missing required properties ([\"b\"])"]}
 *	{"error": "there is no schema \"...\""}
 *
 * "models" may hold further schemas by name, for $ref to them. */
#ifndef CLI_PLUMBING_SCHEMA_H
#define CLI_PLUMBING_SCHEMA_H

#include "base/str.h"

/* See plumbing_answer in plumbing_lines.h. */
bool plumbing_schema_line(const char *line, size_t n, struct str *out);

#endif
