/* match.h -- which resource and method of a REST API a request is for. Pure. */
#ifndef GATEWAY_MATCH_H
#define GATEWAY_MATCH_H

#include "gateway/api.h"

struct match {
	const struct gw_resource *resource;
	const struct gw_method *method;
	struct gw_params path; /* path variables, values percent-encoded as sent */
};

/* Path and verb are matched together: a literal part before {name} before {name+}, the verb before
 * ANY; where a branch has no such method, the next one is tried. path is what stands behind the
 * stage, as sent; slashes at its start and end do not count. A deeper path than MAX_MATCH_PARTS
 * matches greedy variables alone. False: nothing matches. Variables go to the arena. */
#define MAX_MATCH_PARTS 256
bool match_resource(struct arena *a, const struct gw_api *api, const char *verb, const char *path,
		    struct match *out);

#endif
