/* plumbing_vtl.h -- `gatedrill plumbing vtl`: mapping templates for scripts and tests, JSON Lines
 *in and out. A line is
 *
 *	{"template": TEXT, "body": TEXT, "params": {"path": {}, "querystring": {}, "header": {}},
 *	 "context": {}, "stageVariables": {}, "vars": {}}
 *
 * of which only the template must be there, and is answered by
 *
 *	{"output": TEXT, "context": {"requestOverride": {}, "responseOverride": {}}}
 *
 * "context" replaces the one of a made-up request, and of the answer holds the overrides alone when
 * there are any. With "vars" the template runs as plain Velocity with these variables. What cannot
 * be rendered gives {"error": "...", "status": 500}, what is no such line {"error": "..."}. */
#ifndef CLI_PLUMBING_VTL_H
#define CLI_PLUMBING_VTL_H

#include "base/str.h"

/* See plumbing_answer in plumbing_lines.h. */
bool plumbing_vtl_line(const char *line, size_t n, struct str *out);

#endif
