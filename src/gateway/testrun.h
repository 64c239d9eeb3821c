/* testrun.h -- one request through an API in this process, with functions and backends for real, as
 * the console's Test button runs a method: the definition as it is, not as it is deployed; no
 * authorizer, no API key, no throttling, no cache. HTTP APIs, which have no such button, are
 * run in the same way; a WebSocket API needs a connection. */
#ifndef GATEWAY_TESTRUN_H
#define GATEWAY_TESTRUN_H

#include "gateway/exchange.h"

struct test_request {
	const char *api;    /* id; NULL: the first that has the stage */
	const char *stage;  /* whose variables count; NULL: the first */
	const char *method; /* "GET" */
	const char *path;   /* "/pets/1?kind=dog", below the stage */
	struct gw_headers headers;
	struct slice body;
	int64_t now_ms; /* Unix */
	uint64_t seed;  /* of ids and draws */
};
struct test_result {
	struct arena arena;
	struct gw_exchange x; /* answered */
	struct str log;       /* lines of the execution log; REST alone has one */
};
/* False: the API or stage is not there, or it is a WebSocket API (codes test-api, test-stage).
 * Clear the result in any case.
 */
bool test_run(const struct gateway *g, const struct test_request *q, struct test_result *out,
	      struct diags *d);
void test_result_clear(struct test_result *r);

#endif
