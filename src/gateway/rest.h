/* rest.h -- the pipeline of a REST API: from a request to an answer, a trace row for each stage. */
#ifndef GATEWAY_REST_H
#define GATEWAY_REST_H

#include "gateway/integrate.h"

struct gw_runtime; /* runtime.h */

/* What rt lacks is passed by: without auth nobody is authorized, without limits no key is asked for
 * and nothing is throttled; that is how the console's Test button runs a method.
 * The caller has set arena, gateway, api, stage (NULL: there is none of that name), outside,
 * request, domain, domain_prefix, base_path, full_path, path and trace.arena, .detailed, .log.
 * rest_run does the rest; done comes once, perhaps before it returns, with x->response complete but
 * for what the server adds (Date, Connection, Content-Length), x->trace and x->response_us set. */
void rest_run(struct gw_exchange *x, struct gw_runtime *rt, gw_next *done, void *arg);

#endif
