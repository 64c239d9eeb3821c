/* probe.h -- requests to a running gateway as a client sends them, from the same process and loop:
 * over the socket, so that what is seen is what any client would see. One at a time, in bursts, and
 * over WebSocket (wsclient.h). Nothing here blocks. */
#ifndef GATEWAY_PROBE_H
#define GATEWAY_PROBE_H

#include "gateway/outside.h"
#include "gateway/serve.h"
#include "gateway/wsclient.h"

struct probe;

#define MAX_PROBE_BURST 60000 /* requests of one burst */

struct probe_request {
	const char *method;        /* "GET" */
	const char *target;        /* "/dev/stock?x=1" */
	const char *api;           /* its id: sent to /_aws/execute-api/API/...; NULL: as it is */
	const char *host;          /* Host header; NULL: the gateway's address */
	struct gw_headers headers; /* in their order */
	struct slice body;
	const char *cert, *key;    /* PEM files to show; NULL: none */
};
/* result as outside.h: GW_CALL_DONE with status, headers, body; borrowed for the call. */
typedef void probe_done(void *arg, const struct gw_call_result *result);

/* s is borrowed and outlives it. */
struct probe *probe_new(struct uv_loop_s *loop, const struct serve *s);
/* Requests under way end as GW_CALL_REFUSED. Handles close in the loop. Accepts NULL. */
void probe_free(struct probe *p);
/* Everything is copied. */
void probe_send(struct probe *p, const struct probe_request *q, probe_done *done, void *arg);

struct probe_burst {
	double rate, seconds;
	uint64_t sent, answered;   /* so far */
	uint64_t by_status[6];     /* 1xx to 5xx by first digit; 0: no answer */
};
/* rate requests a second for so many seconds, evenly spread, whatever is answered; the first at
 * once. tick: after answers, at most some 20 times a second, and once more at the end (b->answered
 * == b->sent and no more to come). One burst at a time: false while one runs. */
bool probe_burst(struct probe *p, const struct probe_request *q, double rate, double seconds,
		 void (*tick)(void *arg, const struct probe_burst *b, bool over), void *arg);
void probe_burst_stop(struct probe *p);

/* A WebSocket to target (api and host as above). */
struct wsclient *probe_connect(struct probe *p, const struct probe_request *q,
			       const struct wsclient_ops *ops, void *arg);

/* The request as a command line of curl, for a shell: quoted, one line. */
void probe_curl(struct str *out, const struct probe *p, const struct probe_request *q);
/* From a kept trace with details: what was asked. False: it was no request, or its head was not
 * kept. Texts in the arena. */
struct gw_trace;
bool probe_from_trace(struct probe_request *out, const struct gw_trace *t, struct arena *a);

#endif
