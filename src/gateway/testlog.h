/* testlog.h -- the lines of the execution log, as the console's Test button shows them. Each does
 * nothing when no log is wanted (x->trace.log). */
#ifndef GATEWAY_TESTLOG_H
#define GATEWAY_TESTLOG_H

#include "gateway/exchange.h"

#define TESTLOG_CUT 1024 /* bytes of an event, as the service cuts them */

/* "Starting execution ..." to "Method request body before transformations". */
void testlog_start(struct gw_exchange *x);
/* What goes to an HTTP backend, to a function by its name. */
void testlog_send(struct gw_exchange *x, const char *url, const struct gw_headers *headers,
		  struct slice body);
void testlog_invoke(struct gw_exchange *x, const char *function, struct slice event);
void testlog_answer(struct gw_exchange *x, int status, const struct gw_headers *headers,
		    struct slice body);
/* "Execution failed due to ...". */
void testlog_failed(struct gw_exchange *x, const char *text);
/* The method response, and how it ended. */
void testlog_end(struct gw_exchange *x);

#endif
