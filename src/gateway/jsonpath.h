/* jsonpath.h -- JSONPath as Jayway's JsonPath 2.0 reads and evaluates it: $.a['b'], unions, slices,
 * wildcards, descent, filters [?(@.price < 10 && @.isbn)]. A path is compiled once and evaluated
 * any number of times; evaluating touches nothing but the arena. */
#ifndef GATEWAY_JSONPATH_H
#define GATEWAY_JSONPATH_H

#include "base/str.h"
#include "base/tree.h"

/* Bounds; each breach is an error of the path, or of its evaluation. */
#define MAX_JSONPATH_TEXT 4096      /* bytes of a path */
#define MAX_JSONPATH_NEST 16        /* paths in filters in paths */
#define MAX_JSONPATH_STEPS 2000000  /* nodes looked at in one evaluation */
#define MAX_JSONPATH_RESULTS 100000 /* nodes found */

struct jsonpath;
/* text is UTF-8 and copied; a path without "$" in front is read as if it had one. NULL: not a path,
 * *error (NULL: not wanted; in the arena) says why in one line. */
struct jsonpath *jsonpath_compile(struct arena *a, const char *text, const char **error);
/* A definite path names one place; the result of any other is a list. */
bool jsonpath_definite(const struct jsonpath *p);
/* What is there: a node of doc (borrowed), or of an indefinite path a new list in the arena whose
 * items share the children of doc's nodes. NULL: a definite path leads nowhere, or evaluation went
 * over its bounds. A JSON null that is there is a NODE_NULL. */
const struct node *jsonpath_eval(struct arena *a, const struct jsonpath *p, const struct node *doc);
/* The same, telling why: *error is set (in the arena) when the result is NULL. */
const struct node *jsonpath_find(struct arena *a, const struct jsonpath *p, const struct node *doc,
				 const char **error);

#endif
