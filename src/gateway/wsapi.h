/* wsapi.h -- the pipelines of a WebSocket API: a connection, a message, a disconnection, and the
 * @connections calls of backends. The connections themselves are wsconn.h's.
 *
 * The caller sets what rest_run() asks for, and connection_id, connected_ms and event_type; done
 * comes once, perhaps before the call returns, with x->trace and x->response_us set. */
#ifndef GATEWAY_WSAPI_H
#define GATEWAY_WSAPI_H

#include "gateway/integrate.h"

struct gw_runtime; /* runtime.h */

#define MAX_WS_FRAME ((size_t)32 << 10)
#define MAX_WS_MESSAGE ((size_t)128 << 10)
#define MAX_WS_URL 4096

/* "CONNECT": x->response is 101 with the headers of the handshake, or the refusal. x->principal,
 * x->authorizer and x->identity are what later messages carry. */
void wsapi_connect(struct gw_exchange *x, struct gw_runtime *rt, gw_next *done, void *arg);
/* "MESSAGE", x->message is set: x->response.body is the frame to send back; p NULL: none. */
void wsapi_message(struct gw_exchange *x, struct gw_runtime *rt, gw_next *done, void *arg);
/* The same where more is under way than is taken: the answer to throttled messages. */
void wsapi_refuse_message(struct gw_exchange *x, gw_next *done, void *arg);
/* "DISCONNECT", with code and reason: what the integration answers is nobody's. */
void wsapi_disconnect(struct gw_exchange *x, struct gw_runtime *rt, gw_next *done, void *arg);

#endif
