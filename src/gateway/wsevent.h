/* wsevent.h -- what functions behind a WebSocket API are sent, and the frames of errors. */
#ifndef GATEWAY_WSEVENT_H
#define GATEWAY_WSEVENT_H

#include "base/json.h"
#include "gateway/exchange.h"

/* The event of x->event_type: "CONNECT", "MESSAGE" or "DISCONNECT". */
void ws_event(struct str *out, struct gw_exchange *x);
/* Its requestContext, into an object that is open: authorizers are sent the same. */
void ws_event_context(struct json_out *j, struct gw_exchange *x);
/* {"message": "Forbidden", "connectionId":"..", "requestId":".."}, spaced as recorded. */
struct slice ws_error_frame(struct gw_exchange *x, const char *message);

/* A selection expression over a message: "$request.body.action", "${request.body.a}/${...}", a
 * text, or "\$default". What is not there is "", as is all of a message that is not JSON. In the
 * arena. */
const char *ws_select(struct gw_exchange *x, const char *expression);

#endif
