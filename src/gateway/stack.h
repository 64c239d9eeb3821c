/* stack.h -- loading what a gateway is to serve: stack files, and OpenAPI files on their own. The
 * stack file says what OpenAPI has no words for: stages, keys, plans, functions, WebSocket APIs.
 * gatedrill-api(5) describes it; the keys are a table in stackkeys.c. */
#ifndef GATEWAY_STACK_H
#define GATEWAY_STACK_H

#include "gateway/api.h"

/* Where an API is defined: what a deployment keeps of it. Digest: SHA-256, in hex, of all that
 * takes a deployment to become visible; stages, keys and plans take none. */
struct gw_origin {
	const char *file;    /* absolute path of the stack file, or of the OpenAPI file alone */
	const char *openapi; /* path of the OpenAPI file, as in messages; NULL: there is none */
	struct slice text;   /* its bytes */
	const struct node *entry; /* the API in the stack file; NULL: an OpenAPI file alone */
	const char *digest;
};

struct load_options {
	const char *share;   /* folder of the bundled files, whose commands may run; NULL: none */
	bool allow_commands; /* those of all files may */
	const char *inside;  /* folder that files named by stack files must be in; NULL: any */
	const char *type; /* what an OpenAPI file alone is: "REST", "HTTP"; NULL: see openapi.h */
};
/* Load all files into out, which is cleared before: stack files, or OpenAPI files, each of which
 * becomes an API of its own, named after its file, with one stage: "$default" for an HTTP API, else
 * "dev". YAML or JSON. False: at least one error; out must still be cleared. Warnings name what is
 * accepted but not simulated. Nothing is run, nothing is fetched. */
bool gateway_load(struct gateway *out, const char *const *files, size_t n,
		  const struct load_options *o, struct diags *d);

/* Load an API as it was: the definition of origin (its text and entry) with the stages, functions
 * and key sets of g as they are now. out and all it holds are in the arena of g. */
bool gateway_load_api(struct gateway *g, const struct gw_api *now, const struct gw_origin *origin,
		      struct gw_api *out, struct diags *d);

/* Names of the stack file's keys as mdoc lists, for the manual. */
void stack_mdoc(struct str *out);

#endif
