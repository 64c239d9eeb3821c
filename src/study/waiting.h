/* waiting.h -- a loop of one's own for what otherwise runs on that of a front end: the caller waits
 * until it is over, but not for ever. */
#ifndef STUDY_WAITING_H
#define STUDY_WAITING_H

#include "base/diag.h"

#include <uv.h>

#define WAITING_LIMIT_MS 60000

struct waiting {
	uv_loop_t loop;
	uv_timer_t limit, pause;
	bool late;               /* the limit was reached */
	void (*stop)(void *ctx); /* once, at the limit: end what runs */
	void (*go)(void *ctx);   /* after a pause */
	void *ctx;
};
/* False: the system has no more descriptors. */
bool waiting_begin(struct waiting *w, void (*stop)(void *ctx), void *ctx, struct diags *d);
/* Call go after so long, in place of what was to be called before. */
void waiting_pause(struct waiting *w, int64_t ms, void (*go)(void *ctx));
/* All is over: nothing more is called. */
void waiting_over(struct waiting *w);
/* Run until nothing is left on the loop, and close it. Call waiting_over() from within, or before.
 */
void waiting_run(struct waiting *w);

#endif
