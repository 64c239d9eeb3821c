/* httpapi.h -- the pipeline of an HTTP API: from a request to an answer, a trace row for each
 * stage. Shorter than that of a REST API, for much is missing: no web ACL, resource policy, API
 * key, validation, cache or template. */
#ifndef GATEWAY_HTTPAPI_H
#define GATEWAY_HTTPAPI_H

#include "gateway/integrate.h"

struct gw_runtime; /* runtime.h */

/* As rest_run(), for an API of type GW_HTTP. */
void httpapi_run(struct gw_exchange *x, struct gw_runtime *rt, gw_next *done, void *arg);

#endif
