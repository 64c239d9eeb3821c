/* cors.h -- CORS as an HTTP API does it by itself: preflights are answered, other answers get their
 * headers, and those of the backend are replaced. Pure. */
#ifndef GATEWAY_CORS_H
#define GATEWAY_CORS_H

#include "gateway/exchange.h"

/* Is this a preflight that the API answers: CORS is set up, OPTIONS, with an Origin and
 * Access-Control-Request-Method? Then x->response is 204 with what is allowed; an origin that is
 * not allowed gets a 204 without CORS headers. */
bool cors_preflight(struct gw_exchange *x);
/* Put the headers of a request with an Origin into the answer; those from the backend go. Nothing
 * happens where CORS is not set up. */
void cors_answer(struct gw_exchange *x);

#endif
