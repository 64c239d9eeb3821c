/* wsmanage.h -- @connections: what backends call to push to a connection, to look at it and to
 * close it. */
#ifndef GATEWAY_WSMANAGE_H
#define GATEWAY_WSMANAGE_H

#include "gateway/integrate.h"

struct gw_runtime;
struct wsconns;

/* Is the request, to a stage of a WebSocket API, such a call? */
bool wsmanage_is(struct gw_exchange *x);
/* Answer it: x->response. A call that is not signed is let in, unless the API has a resource policy
 * that does not let it. done is called before this returns. */
void wsmanage_run(struct gw_exchange *x, struct gw_runtime *rt, struct wsconns *all, gw_next *done,
		  void *arg);

#endif
