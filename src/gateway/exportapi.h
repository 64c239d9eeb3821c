/* exportapi.h -- an API as an OpenAPI 3.0 document with x-amazon-apigateway-* extensions, as the
 * service's export gives it. What is exported loads as the same API. */
#ifndef GATEWAY_EXPORTAPI_H
#define GATEWAY_EXPORTAPI_H

#include "gateway/api.h"

/* The document as a tree, in the arena. stage: its name goes into the server's path; may be NULL.
 * WebSocket APIs have no OpenAPI form: NULL. */
struct node *export_api(struct arena *a, const struct gateway *g, const struct gw_api *api,
			const char *stage);
/* A tree as YAML, block style, ending in a newline. */
void export_yaml(struct str *out, const struct node *n);

#endif
