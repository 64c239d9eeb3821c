/* wsconn.h -- the open connections of WebSocket APIs: bytes from the server to messages, answers
 * and pushes back, time limits, the end. The pipelines are wsapi.h's; this file gives them their
 * exchanges and keeps what a connection must remember between messages. */
#ifndef GATEWAY_WSCONN_H
#define GATEWAY_WSCONN_H

#include "gateway/exchange.h"

struct generation; /* serving.h */
struct serve;
struct server_request;
struct wsconns;

#define WS_IDLE_US INT64_C(600000000)     /* nothing in either direction; the service's 10 min */
#define WS_LIFE_US INT64_C(7200000000)    /* 2 h */
#define MAX_WS_RUNS 100                   /* messages of a connection worked on at once */
#define MAX_WS_PENDING ((size_t)64 << 20) /* bytes of messages worked on at once, all together */
#define MAX_WS_QUEUE ((size_t)512 << 10)  /* waiting for a slow reader; with more it is dropped */

/* All connections of a gateway. serve is borrowed. */
struct wsconns *wsconns_new(struct serve *serve);
/* When the server has stopped and calls have ended. Accepts NULL. */
void wsconns_free(struct wsconns *all);
size_t wsconns_count(const struct wsconns *all);
/* How long all connections that there were have been open together, by the clock of limits. */
int64_t wsconns_us(const struct wsconns *all);

/* x has been answered 101: the connection opens. q is gone afterwards, and x with it; the hold on
 * g is taken. */
void wsconn_open(struct wsconns *all, struct server_request *q, struct gw_exchange *x,
		 struct generation *g);

/* For struct outside: one text message; close with a frame. False: there is no such connection, or
 * (send) its client takes nothing any more. */
bool wsconn_send(struct wsconns *all, const char *id, struct slice text);
bool wsconn_close(struct wsconns *all, const char *id, int code, const char *reason);

/* What @connections tells of one. */
struct wsconn_info {
	const struct gw_api *api;                   /* as it was when the connection opened */
	const char *stage, *source_ip, *user_agent; /* borrowed; user_agent may be NULL */
	int64_t connected_ms, active_ms;            /* Unix */
	size_t waiting;                             /* bytes its client has not taken yet */
};
bool wsconn_find(const struct wsconns *all, const char *id, struct wsconn_info *out);

#endif
