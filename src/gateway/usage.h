/* usage.h -- what a running gateway would be billed for: calls, messages and connection time, in
 * the units that the service meters. */
#ifndef GATEWAY_USAGE_H
#define GATEWAY_USAGE_H

#include "gateway/exchange.h"

struct serve;

#define USAGE_HTTP_BYTES ((size_t)512 << 10)   /* a unit of an HTTP API's request */
#define USAGE_MESSAGE_BYTES ((size_t)32 << 10) /* of a WebSocket message, either way */

struct usage {
	uint64_t rest;        /* requests */
	uint64_t http;        /* units of requests */
	uint64_t messages;    /* units of messages, received, answered and pushed */
	double minutes;       /* of all connections so far, as time passes for the gateway */
	double running_hours; /* of the gateway, in the same time */
};
/* An answered request, a connection or a message. What is refused for want of a permission or a key
 * or by throttling is not billed, nor what reaches no method or route. */
void usage_count(struct usage *u, const struct gw_exchange *x);
void serve_usage(const struct serve *s, struct usage *out);

#endif
