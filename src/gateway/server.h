/* server.h -- an HTTP/1.1 server on a libuv loop: listeners, connections, keep-alive, pipelining,
 * TLS, time limits. It knows no API: each request goes to a handler, which answers at once or
 * later. Nothing here blocks, and everything is bounded. */
#ifndef GATEWAY_SERVER_H
#define GATEWAY_SERVER_H

#include "base/clock.h"
#include "base/diag.h"
#include "gateway/http.h"

struct uv_loop_s;
struct tls;
struct server;
struct server_conn;

#define MAX_SERVER_CONNECTIONS 20000
#define MAX_SERVER_HELD ((size_t)256 << 20) /* request bodies of all connections together */
#define MAX_SERVER_QUEUE ((size_t)1 << 20)  /* output waiting for a slow reader, see server_send */

/* A request and its answer. It lives until it is answered, even if the client is gone. */
struct server_request {
	struct arena *arena;       /* of this request alone; holds all its texts */
	struct gw_request request; /* body too */
	bool upgrade;              /* asks for an upgrade: server_upgrade() is an answer */
	enum http_error refused;   /* not HTTP_FINE: the reader refused it. With HTTP_LARGE_BODY
				      the head is complete, else only what was read */
	const char *tls_host;      /* the host asked for in the handshake; NULL: none */
	void *user;                /* the handler's */
	/* private */
	struct server *server;
	struct server_conn *conn; /* NULL: the client is gone */
	struct server_request *next;
	struct arena memory;
	struct str large;
	bool keep_alive, old_client, head;
};

struct server_ops {
	/* Answer with one of the functions below, now or later. The request may be a refused one:
	 * answer it too, with server_refuse() when there is nothing better to say. */
	void (*request)(void *ctx, struct server_request *q);
	/* Nothing is listened for any more and all connections are gone, after server_stop(). May
	 * be NULL. */
	void (*stopped)(void *ctx);
};
struct server_options {
	const char *address; /* "127.0.0.1", "::1", "0.0.0.0" */
	int port;            /* 0: the system picks one */
	struct tls *tls;     /* NULL: plain; borrowed */
	int max_connections; /* 0: as many as open files allow, at most MAX_SERVER_CONNECTIONS */
	size_t max_body;     /* 0: MAX_HTTP_BODY */
	struct clock clock;  /* for Date */
	/* Time limits in ms; 0: the defaults. */
	int64_t idle_ms;    /* between requests: 310,000, as the service's */
	int64_t request_ms; /* for a head to arrive, or the next bytes of a body: 30,000 */
	int64_t write_ms;   /* for a reader to take something: 60,000 */
};
/* Listen. Errors: server-address, server-listen. NULL after an error. */
struct server *server_open(struct uv_loop_s *loop, const struct server_options *o,
			   const struct server_ops *ops, void *ctx, struct diags *d);
int server_port(const struct server *s);
size_t server_connections(const struct server *s);
/* Stop listening, close what is idle, let requests under way be answered; after grace_ms close
 * the rest. ops->stopped follows from the loop. */
void server_stop(struct server *s, int64_t grace_ms);
/* Only after stopped. Accepts NULL. */
void server_free(struct server *s);

/* Answer and end the request: q and its arena are gone afterwards. r is copied. */
void server_answer(struct server_request *q, const struct gw_response *r);
/* The plain answer to a refused request: status and sentence of http_errors. */
void server_refuse(struct server_request *q);
/* An answer in pieces: head, data as often as wanted, end. False: the reader is too slow (more than
 * MAX_SERVER_QUEUE waits) or gone; end it all the same. */
void server_stream(struct server_request *q, const struct gw_response *head);
bool server_stream_data(struct server_request *q, const char *p, size_t n);
void server_stream_end(struct server_request *q);
bool server_gone(const struct server_request *q); /* the client is */

/* What an upgraded connection reports to its owner. */
struct server_upgrade_ops {
	void (*bytes)(void *arg, const char *p, size_t n); /* from the client; take all of them */
	void (*closed)(void *arg);  /* it is gone; conn is not valid any more */
	void (*drained)(void *arg); /* all that waited was taken by the client; may be NULL */
	void (*tick)(void *arg, int64_t now_ms); /* about once a second; may be NULL */
	void (*stop)(void *arg); /* the server stops: say goodbye and server_close() */
};
/* Answer with 101 and r's headers and hand the connection over; q is gone afterwards. Bytes that
 * came behind the request follow from the loop. NULL: the client is gone (closed is not called). */
struct server_conn *server_upgrade(struct server_request *q, const struct gw_response *r,
				   const struct server_upgrade_ops *ops, void *arg);
/* Send, or keep what the client does not take yet. False: more than MAX_SERVER_QUEUE would wait, or
 * the client is gone; nothing was sent of it, and server_close() is due. Never calls back. */
bool server_send(struct server_conn *c, const char *p, size_t n);
size_t server_waiting(const struct server_conn *c); /* bytes not yet taken by the client */
/* Close; with flush after what waits was taken (in write_ms). closed is not called. */
void server_close(struct server_conn *c, bool flush);

#endif
