/* probe.h -- requests to a running gateway as a client sends them, from the same process and loop:
 * over the socket, so that what is seen is what any client would see. One at a time, in bursts, and
 * over WebSocket (wsclient.h). Nothing here blocks. */
#ifndef GATEWAY_PROBE_H
#define GATEWAY_PROBE_H

#include "gateway/outside.h"
#include "gateway/serve.h"
#include "gateway/wsclient.h"

struct probe;

#define MAX_PROBE_BURST 60000 /* requests of one burst; what is asked for beyond is not sent */
#define MIN_PROBE_RATE 0.1    /* a second; other rates are taken as the nearest */
#define MAX_PROBE_RATE 1000

struct probe_request {
	const char *method; /* "GET" */
	const char *target; /* "/dev/stock?x=1" */
	/* Its id: sent to /_aws/execute-api/API/...; NULL, or with a host: as it is. */
	const char *api;
	const char *host;          /* Host header, need not resolve; NULL: the gateway's address */
	struct gw_headers headers; /* in their order */
	struct slice body;
	const char *cert, *key; /* PEM files to show; NULL: none */
};
/* result as outside.h: GW_CALL_DONE with status, headers, body; borrowed for the call. */
typedef void probe_done(void *arg, const struct gw_call_result *result);

/* s is borrowed and outlives it. */
struct probe *probe_new(struct uv_loop_s *loop, const struct serve *s);
/* Requests under way end as GW_CALL_REFUSED. Handles close in the loop. Accepts NULL. */
void probe_free(struct probe *p);
const char *probe_url(const struct probe *p); /* of the gateway */
/* Everything is copied. done may be called before this returns, when no request can be made of it.
 */
void probe_send(struct probe *p, const struct probe_request *q, probe_done *done, void *arg);

struct probe_burst {
	double rate, seconds;
	uint64_t sent, answered; /* so far */
	uint64_t by_status[6];   /* 1xx to 5xx by first digit; 0: no answer */
};
/* rate requests a second for so many seconds, evenly spread, whatever is answered; the first at
 * once, at least one. tick: from the loop, after answers, at most some 20 times a second, and once
 * more at the end (b->answered == b->sent and no more to come; another burst may be begun then).
 * One burst at a time: false while one runs. Freeing the probe ends it without a word. */
bool probe_burst(struct probe *p, const struct probe_request *q, double rate, double seconds,
		 void (*tick)(void *arg, const struct probe_burst *b, bool over), void *arg);
void probe_burst_stop(struct probe *p); /* send no more; the last tick follows */

/* A WebSocket to target (api, host and the rest as above; method and body count for nothing). It is
 * the caller's, who closes or drops it. */
struct wsclient *probe_connect(struct probe *p, const struct probe_request *q,
			       const struct wsclient_ops *ops, void *arg);

/* The request as a command line of curl, for a shell: quoted, one line; a body that would not fit
 * one line comes through printf and a pipe. Appends. */
void probe_curl(struct str *out, const struct probe *p, const struct probe_request *q);
/* From a kept trace with details: what was asked, to be asked again. False: it was no request of
 * HTTP, its head was not kept, or its body not whole. Texts in the arena. */
struct gw_trace;
bool probe_from_trace(struct probe_request *out, const struct gw_trace *t, struct arena *a);

#endif
