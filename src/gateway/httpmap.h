/* httpmap.h -- parameter mapping of HTTP APIs: append, overwrite and remove headers and query
 * parameters, overwrite the path and the status. */
#ifndef GATEWAY_HTTPMAP_H
#define GATEWAY_HTTPMAP_H

#include "gateway/exchange.h"

/* A request on its way to the backend. */
struct http_outgoing {
	struct gw_headers headers;
	struct gw_params query;
	const char *path; /* overwritten; NULL: as the integration says */
};
/* Texts of x and in its arena. Mappings that are not understood were refused at load. */
void httpmap_request(struct gw_exchange *x, const struct gw_integration *i,
		     struct http_outgoing *out);
/* The mappings for the status that x->response has; they may change it. */
void httpmap_response(struct gw_exchange *x, const struct gw_integration *i);
/* One value: "$request.header.x", text with ${...} in it, or text as it is. NULL: there is nothing.
 * In the arena. response: $response.* may be read, from x->response. */
const char *httpmap_value(struct gw_exchange *x, const char *from, bool response);

#endif
