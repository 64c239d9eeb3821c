/* schema.h -- JSON Schema draft 4, as request models use it, compiled once. Schemas come from JSON
 * or YAML files, data from the network. `format` is not checked; of `$ref` those within the
 * document are followed, others are asked of a resolver; nothing is fetched. */
#ifndef GATEWAY_SCHEMA_H
#define GATEWAY_SCHEMA_H

#include "base/diag.h"
#include "base/str.h"
#include "base/tree.h"

#define MAX_SCHEMA_NODES 20000    /* schemas within one, and those it refers to */
#define MAX_SCHEMA_DEPTH 500      /* of schemas applied within each other while checking */
#define MAX_SCHEMA_STEPS 20000000 /* checks of one validation; more: not valid */
#define MAX_SCHEMA_ERRORS 100     /* errors that are told */

struct schema;
/* Compile root (borrowed; must outlive the schema). resolve gives the schema that a $ref out of the
 * document means ("https://apigateway.amazonaws.com/restapis/x/models/Name", "#/definitions/Name"
 * that is not there), or NULL; it may itself be NULL. Errors: schema-type, schema-value,
 * schema-ref, schema-regex, schema-too-large, at the nodes' lines in file. NULL: there is an error.
 * The schema lives in the arena, but for its patterns: schema_free() before the arena is cleared.
 */
struct schema *schema_compile(struct arena *a, const char *file, const struct node *root,
			      const struct node *(*resolve)(void *ctx, const char *ref), void *ctx,
			      struct diags *d);
void schema_free(struct schema *s); /* accepts NULL */
/* Does data fit? errors (NULL: not wanted) gets what does not, as the service words it:
 * [object has missing required properties (["b"])], several with ", " between. */
bool schema_valid(const struct schema *s, const struct node *data, struct str *errors);

/* The same, one by one. Zeroed is ready; text is to be cleared. */
struct schema_errors {
	struct str text;
	size_t count, starts[MAX_SCHEMA_ERRORS]; /* further ones are not kept */
};
bool schema_check(const struct schema *s, const struct node *data, struct schema_errors *errors);
struct slice schema_error(const struct schema_errors *e, size_t i); /* points into text */

#endif
