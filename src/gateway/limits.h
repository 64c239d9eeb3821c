/* limits.h -- how often: token buckets of methods, routes and the account, API keys with their
 * usage plans and quotas. Buckets are exact: tokens = min(burst, tokens + rate * seconds), a
 * request takes one. (The service is best effort: a learner gets the rule.) */
#ifndef GATEWAY_LIMITS_H
#define GATEWAY_LIMITS_H

#include "gateway/exchange.h"

/* Counters outlive a definition that is read again: they are kept by names. One for a gateway. */
struct limits;
#define MAX_BUCKETS 200000 /* at most kept; with more, those that are full again go first */
struct limits *limits_new(void);
void limits_free(struct limits *l); /* accepts NULL */
/* Find keys and plans of g fast from now on. Call it when a definition was read or has changed. */
void limits_load(struct limits *l, const struct gateway *g);
void limits_reset(struct limits *l); /* all buckets full, all quotas unused */

/* What a stage sets for a method (path, verb) or a route (key, NULL): the row that names it over
 * the row for all ("*", "*"), member by member; rate and burst < 0: not limited. */
struct gw_settings limits_settings(const struct gw_stage *stage, const char *path,
				   const char *verb);

/* The bucket of the method or route in its stage, then the account's: one token from each. False:
 * gw_fail(x, "THROTTLED", ...) was called. Writes the row GW_STEP_THROTTLE. The row for all methods
 * gives each method a bucket of its own. */
bool limits_take(struct limits *l, struct gw_exchange *x);
/* The account's alone: for @connections. */
bool limits_take_account(struct limits *l, struct gw_exchange *x);
/* New WebSocket connections: 500 a second. */
bool limits_take_connection(struct limits *l, struct gw_exchange *x);

/* The API key, its usage plan for this stage, throttle and quota. A method that asks for no key is
 * let through and counts nowhere. The key comes from x-api-key, or from x->identity.api_key where
 * the authorizer gives it. x->identity.api_key and .api_key_id are set. False: gw_fail() was called
 * with INVALID_API_KEY, THROTTLED or QUOTA_EXCEEDED. Writes the row GW_STEP_API_KEY. */
bool plans_admit(struct limits *l, struct gw_exchange *x);

/* When a quota's period that holds now_ms began, and when the next one begins; Unix ms. DAY:
 * midnight UTC, WEEK: Monday, MONTH: the 1st (assumed: the service does not say). */
int64_t quota_start_ms(enum gw_period period, int64_t now_ms);
int64_t quota_end_ms(enum gw_period period, int64_t now_ms);

/* For gauges: every bucket and quota that was used. */
enum limit_kind { LIMIT_ACCOUNT, LIMIT_CONNECT, LIMIT_METHOD, LIMIT_PLAN, LIMIT_PLAN_METHOD };
struct limit_gauge {
	enum limit_kind kind;
	const char *api, *stage, *path, *verb; /* NULL where they do not apply */
	const char *plan, *key;                /* ids */
	double rate, burst, tokens;            /* now */
	uint64_t passed, refused;
	long used, quota;  /* of this period; quota < 0: none */
	int64_t resets_ms; /* Unix; 0: no quota */
};
void limits_each(const struct limits *l, int64_t limit_us, int64_t now_ms,
		 void (*each)(void *ctx, const struct limit_gauge *g), void *ctx);

#endif
