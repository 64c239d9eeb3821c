/* wsclient.h -- a WebSocket client on the same loop, for trying: the console of the screen, steps
 * of labs. It speaks to loopback, over ws.h's codec; what it is told is bounded as a server's is.
 *
 * Callbacks come from the loop, never from within a call made here. In any of them the client may
 * be spoken to, closed or dropped. */
#ifndef GATEWAY_WSCLIENT_H
#define GATEWAY_WSCLIENT_H

#include "base/diag.h"
#include "gateway/message.h"

struct uv_loop_s;
struct wsclient;

#define MAX_WSCLIENT_QUEUE ((size_t)4 << 20) /* bytes said that were not sent yet */
#define MAX_WSCLIENT_MESSAGE                                                          \
	((size_t)1 << 20)          /* of one, either way: more than a server may take \
				    */
#define MAX_WSCLIENT_WAIT_MS 35000 /* for the answer to a handshake, which may ask a function */

struct wsclient_options {
	const char *address; /* "127.0.0.1" */
	int port;
	const char *host;          /* Host header; also the server name asked for in TLS */
	const char *target;        /* "/live?room=1" */
	struct gw_headers headers; /* further ones, copied */
	bool tls;                  /* without checking the certificate: it is ours, on loopback */
	const char *cert, *key;    /* PEM files to show; NULL: none */
};
struct wsclient_ops {
	void (*opened)(void *arg);
	/* The handshake was answered otherwise: status, headers, body. closed does not follow, the
	 * client is gone afterwards. Status 0: no answer of HTTP, the body says why. */
	void (*refused)(void *arg, const struct gw_response *r);
	void (*message)(void *arg, struct slice text); /* binary ones too */
	/* It is over: code 1006 when there was no close frame. The client is gone afterwards. */
	void (*closed)(void *arg, int code, const char *reason);
};
/* Everything is copied. Never NULL: what fails at once is told through refused (status 0) from the
 * loop. */
struct wsclient *wsclient_open(struct uv_loop_s *loop, const struct wsclient_options *o,
			       const struct wsclient_ops *ops, void *arg);
/* One text message in one frame, whatever the server takes. False: not open, or more than the
 * bounds above. */
bool wsclient_say(struct wsclient *c, struct slice text);
/* Say goodbye; closed follows, at the latest two seconds later. code WS_NO_CODE: without one.
 * Before it is open the attempt ends: refused follows, with status 0. */
void wsclient_close(struct wsclient *c, int code);
/* Let go of it now: nothing is called any more; its handles close in the loop. */
void wsclient_drop(struct wsclient *c);

#endif
