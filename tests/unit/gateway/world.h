/* world.h -- an exchange and a world outside that answers at once, for tests of the pipelines: what
 * it answers is set before, what it was asked is kept. */
#ifndef TEST_GATEWAY_WORLD_H
#define TEST_GATEWAY_WORLD_H

#include "gateway/exchange.h"

#define WORLD_NOW_MS INT64_C(1795770900000) /* 27 Nov 2026 09:15:00 UTC */

struct world {
	struct arena arena;
	struct gateway gateway;
	struct gw_api api;
	struct gw_stage stage;
	struct outside outside;
	struct gw_request request;
	struct gw_exchange x;
	/* what comes back */
	struct gw_call_result answer;
	int64_t now_us;
	uint64_t chance; /* the next random number; each one is followed by the next whole number */
	/* what was asked */
	int http_calls, function_calls;
	struct gw_http_call http;
	struct gw_function_call function;
	const char *url, *body; /* of the last call: body or payload */
	const char *pieces;     /* for tests that take an answer in pieces; NULL: none came */
};

/* A REST API "shop" with a stage "dev" and a function "fn"; GET / is asked for. */
void world_init(struct world *w);
void world_clear(struct world *w);
/* What is asked for: path (below the stage) with or without a query. Call before the exchange
 * begins. */
void world_ask(struct world *w, const char *verb, const char *path, const char *body);
void world_header(struct world *w, const char *name, const char *value);
void world_answer(struct world *w, int status, const char *type, const char *body);
/* A header of x.response, "" when it is not there. */
const char *world_got(const struct world *w, const char *name);
/* The body of x.response as a C string. */
const char *world_body(struct world *w);

#endif
