/* event2.h -- Lambda payload format 2.0 of HTTP APIs: the event, and what is made of the answer. */
#ifndef GATEWAY_EVENT2_H
#define GATEWAY_EVENT2_H

#include "base/json.h"
#include "gateway/exchange.h"

void event2(struct str *out, struct gw_exchange *x);
/* Its members, into an object that is open: authorizer events of format 2.0 are made of them. Names
 * of headers are in lower case, several values of a name joined by commas; what is empty is left
 * out. */
void event2_headers(struct json_out *j, struct gw_exchange *x); /* cookies, headers */
void event2_params(struct json_out *j, struct gw_exchange *x, const char *key,
		   const struct gw_params *p);
void event2_context(struct json_out *j, struct gw_exchange *x); /* requestContext */

/* Make x->response of a function's output: without statusCode the output itself is the body and the
 * status 200. False: not JSON, or a member has the wrong type; *error (a literal) says what. */
bool event2_answer(struct gw_exchange *x, struct slice output, const char **error);

#endif
