/* wsclient.h -- a WebSocket client on the same loop, for trying: the console of the screen, steps of
 * labs. It speaks to loopback, over ws.h's codec; what it is told is bounded as a server's is. */
#ifndef GATEWAY_WSCLIENT_H
#define GATEWAY_WSCLIENT_H

#include "base/diag.h"
#include "gateway/message.h"

struct uv_loop_s;
struct wsclient;

struct wsclient_options {
	const char *address; /* "127.0.0.1" */
	int port;
	const char *host;    /* Host header; also the server name asked for in TLS */
	const char *target;  /* "/live?room=1" */
	struct gw_headers headers; /* further ones, copied */
	bool tls;            /* without checking the certificate: it is ours, on loopback */
	const char *cert, *key; /* PEM files to show; NULL: none */
};
struct wsclient_ops {
	void (*opened)(void *arg);
	/* The handshake was answered otherwise: status, headers, body. closed does not follow. */
	void (*refused)(void *arg, const struct gw_response *r);
	void (*message)(void *arg, struct slice text);
	/* It is over: code 1006 when there was no close frame. The client is gone afterwards. */
	void (*closed)(void *arg, int code, const char *reason);
};
/* Never NULL: what fails at once is told through refused (status 0) from the loop. */
struct wsclient *wsclient_open(struct uv_loop_s *loop, const struct wsclient_options *o,
			       const struct wsclient_ops *ops, void *arg);
bool wsclient_say(struct wsclient *c, struct slice text); /* false: not open */
void wsclient_close(struct wsclient *c, int code);         /* closed follows */
/* Let go of it now: nothing is called any more; its handles close in the loop. */
void wsclient_drop(struct wsclient *c);

#endif
