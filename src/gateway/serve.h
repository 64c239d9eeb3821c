/* serve.h -- a running gateway: definitions loaded, what their stages have deployed, a server in
 * front of the pipelines, and all they share. On a loop that the caller runs, or on its own. */
#ifndef GATEWAY_SERVE_H
#define GATEWAY_SERVE_H

#include "base/clock.h"
#include "gateway/ring.h"
#include "gateway/runtime.h"
#include "gateway/stack.h"

struct uv_loop_s;
struct serve;

#define SERVE_PORT 8787
#define MIN_TIME_SCALE 0.01
#define MAX_TIME_SCALE 10000

struct serve_options {
	const char *const *files; /* definitions; borrowed until serve_free() */
	size_t file_count;
	struct load_options load;
	const char *state;   /* folder of the program's state: deployments */
	bool brief;          /* that folder is for this run alone */
	const char *program; /* where this program lies, for functions; NULL: they are not told */
	const char *listen;  /* address; NULL: 127.0.0.1 */
	int port;            /* 0: the system picks one */
	const char *cert, *key; /* PEM files: TLS; NULL: none */
	const char *truststore; /* PEM file: clients of every host must show a certificate */
	double time_scale;      /* 1: real time */
	bool watch;             /* read definitions again when their files change */
	bool detailed;          /* traces with details */
	bool log;               /* traces with the execution log */
	struct clock clock;
	uint64_t seed;
	/* All may be NULL. answered: after each request, connection and message; x->api is NULL
	 * for a request that reached no API. changed: definitions were read again (or were not,
	 * then d has errors); d is borrowed. stopped: serve_stop() is done. */
	void (*answered)(void *ctx, struct gw_exchange *x);
	void (*changed)(void *ctx, struct diags *d);
	void (*stopped)(void *ctx);
	/* serve_run() alone: nothing more is at hand, the loop is about to wait. */
	void (*pause)(void *ctx);
	void *ctx;
};
/* Load, deploy what was never deployed, listen. NULL: at least one error. */
struct serve *serve_open(struct uv_loop_s *loop, const struct serve_options *o, struct diags *d);
/* "http://127.0.0.1:8787"; borrowed. */
const char *serve_url(const struct serve *s);
const struct gw_runtime *serve_runtime(const struct serve *s);
const struct ring *serve_ring(const struct serve *s);
void serve_detail(struct serve *s, bool detailed); /* from the next request on */
/* The addresses of all stages, a line each, for people: "  shop dev  http://...". */
void serve_addresses(const struct serve *s, struct str *out);
/* Read the definitions again now. False: they have errors, what was served is served on. */
bool serve_reload(struct serve *s, struct diags *d);
/* Somebody has just written a file: read again now, without waiting for the watch. o->changed is
 * told, as by the watch. */
void serve_edited(struct serve *s);
/* Deploy an API as its files have it now, and serve that. *id: of the deployment, borrowed until
 * the definitions are read again; to_canary: it went to the stage's canary. False: no such stage,
 * it follows its file (gateway-auto-deploy), or the files have errors: nothing has changed. */
bool serve_deploy(struct serve *s, const char *api, const char *stage, const char *description,
		  const char **id, bool *to_canary, struct diags *d);
/* The stage's canary becomes the stage. False as above, or there is no canary. */
bool serve_promote(struct serve *s, const char *api, const char *stage, const char **id,
		   struct diags *d);

/* For gauges, beside limits_each(): the caches of all stages that were asked at least once, and
 * open WebSockets. */
struct cache_counts; /* cache.h */
void serve_caches(const struct serve *s,
		  void (*each)(void *ctx, const char *api, const char *stage,
			       const struct cache_counts *c),
		  void *ctx);
size_t serve_connections(const struct serve *s);

/* Let what is under way end, at most grace_ms; stopped follows from the loop. */
void serve_stop(struct serve *s, int64_t grace_ms);
void serve_free(struct serve *s); /* only after stopped; accepts NULL */

/* The same on a loop of its own, until SIGINT or SIGTERM; a second one ends it at once. ready is
 * called when it listens. Returns the signal, 0 when it could not start. */
int serve_run(const struct serve_options *o, void (*ready)(void *ctx, struct serve *s),
	      struct diags *d);

#endif
