/* serving.h -- private to serve.c, servedeploy.c, dispatch.c and ownpages.c: a running gateway's
 * insides. */
#ifndef GATEWAY_SERVING_H
#define GATEWAY_SERVING_H

#include "base/random.h"
#include "gateway/client.h"
#include "gateway/deploy.h"
#include "gateway/function.h"
#include "gateway/hostname.h"
#include "gateway/metrics.h"
#include "gateway/serve.h"
#include "gateway/server.h"
#include "gateway/usage.h"
#include "gateway/wsconn.h"

#include <uv.h>

/* What was loaded at one time. Requests hold on to the one they began with. */
struct generation {
	struct gateway gateway;
	struct deploy deploy;
	struct hostname names;
	struct gw_runtime rt;
	const char **watched; /* files it was read from */
	size_t watched_count;
	size_t refs; /* requests, and one for being the current one */
};

struct serve {
	struct serve_options o;
	uv_loop_t *loop;
	uv_timer_t watch;
	struct server *server;
	struct tls *tls;
	struct client *client;
	struct functions *functions;
	struct outside outside;
	struct generation *now;
	struct ring *ring;
	struct wsconns *ws;
	struct usage usage; /* its times are made when asked for */
	struct rng rng;
	int64_t began_us;
	struct stopwatch stopwatch;
	int64_t wall_ms, wall_us; /* Unix time, and the stopwatch's, when they were last compared */
	uint64_t stamp, settled;  /* of the watched files: as last looked at, as last read */
	bool stopping, server_gone, watch_gone;
	char *url;
};

/* serve.c */
struct generation *generation_hold(struct serve *s);
void generation_release(struct generation *g);
void serve_server_stopped(struct serve *s);

/* dispatch.c */
extern const struct server_ops dispatch_ops; /* ctx: the struct serve */
/* x is answered: traces, counters and logs take what they keep of it. */
void dispatch_note(struct serve *s, struct generation *g, struct gw_exchange *x);

/* ownpages.c: /_gatedrill/... */
void own_page(struct serve *s, struct server_request *q);

#endif
