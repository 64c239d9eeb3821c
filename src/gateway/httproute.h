/* httproute.h -- which route of an HTTP API a request is for. Pure. */
#ifndef GATEWAY_HTTPROUTE_H
#define GATEWAY_HTTPROUTE_H

#include "gateway/api.h"

/* A full match of path and verb comes before a greedy one, a greedy one before $default. Among full
 * matches the one with a literal part further to the left, then the verb before ANY; among greedy
 * ones the longest literal beginning. path is what stands behind the stage, as sent: a slash at its
 * end counts. Path variables are decoded into params, in the arena. NULL: nothing matches. */
const struct gw_route *http_route(struct arena *a, const struct gw_api *api, const char *verb,
				  const char *path, struct gw_params *params);

#endif
