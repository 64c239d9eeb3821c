/* runtime.h -- what all requests of a running gateway share: the definition that is served and the
 * state that outlives a request. Made by serve.c for `gateway run`, by hand in tests; every pointer
 * may be NULL where a pipeline can do without. Modules keep their own state behind their own
 * pointer: this struct only says where it is. */
#ifndef GATEWAY_RUNTIME_H
#define GATEWAY_RUNTIME_H

#include "gateway/exchange.h"

struct limits;     /* limits.h: token buckets, plans, quotas */
struct auth_state; /* authorize.h: results of authorizers, key sets */
struct cache;      /* cache.h: response caches of the stages */
struct waf;        /* waf.h: compiled web ACLs, counts of rate rules */
struct metrics;    /* metrics.h: counters by API and stage */
struct deploy;     /* deploy.h: what each stage serves */

struct gw_runtime {
	const struct gateway *gateway;
	const struct deploy *deploy; /* NULL: stages serve the APIs of gateway */
	const struct outside *outside;
	struct limits *limits;
	struct auth_state *auth;
	struct cache *cache;
	struct waf *waf;
	struct metrics *metrics;
	double time_scale; /* 1: real time; 60: a minute passes in a second, for limits and TTLs */
	bool detailed;     /* somebody looks: traces record details */
};

#endif
