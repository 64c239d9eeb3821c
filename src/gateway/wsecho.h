/* wsecho.h -- an echo server on the WebSocket codec alone: no API, no limits of the service. For
 * conformance tests of the codec, and of clients. */
#ifndef GATEWAY_WSECHO_H
#define GATEWAY_WSECHO_H

#include "base/clock.h"
#include "base/diag.h"

#define MAX_WSECHO_MESSAGE ((size_t)64 << 20)

/* Listen on 127.0.0.1 (port 0: any) until SIGINT or SIGTERM. ready is called with the port that is
 * listened on. False: it could not start. */
bool wsecho_run(int port, const struct clock *clock, void (*ready)(void *ctx, int port), void *ctx,
		struct diags *d);

#endif
