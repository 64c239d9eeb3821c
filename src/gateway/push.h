/* push.h -- calls of @connections from the other side: one text to many connections. For functions
 * that are shell scripts and have no SDK. */
#ifndef GATEWAY_PUSH_H
#define GATEWAY_PUSH_H

#include "base/diag.h"
#include "base/str.h"

struct push {
	const char *address; /* of the stage: "http://127.0.0.1:8787/_aws/execute-api/chat/live" */
	const char *const *ids;
	size_t id_count;
	struct slice text;
	/* Called for each connection that is closed or was never there. */
	void (*gone)(void *ctx, const char *id);
	void *ctx;
};
/* Send it to all. False: an address that nobody answers at, or a refusal other than "gone": error
 * gateway-push, once. */
bool push_run(const struct push *p, struct diags *d);

#endif
