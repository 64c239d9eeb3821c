/* conn.h -- private to server.c, conn.c and answer.c: the server's insides. */
#ifndef GATEWAY_CONN_H
#define GATEWAY_CONN_H

#include "gateway/server.h"
#include "gateway/tls.h"

#include <uv.h>

#define CONN_READ_BYTES ((size_t)64 << 10)   /* taken from a socket at a time */
#define CONN_BATCH_BYTES ((size_t)256 << 10) /* output at which pipelined requests wait */
#define SPARE_BUFFERS 16
#define SPARE_REQUESTS 32

/*               bytes          request           answer, connection goes on
 *   HANDSHAKE -> IDLE -> READING -> BUSY -> IDLE
 *                           |         |-> UPGRADED            (101)
 *                           |         `-> CLOSING -> LINGER   (answer, connection ends)
 *                           `-> BUSY (refused)
 * and from anywhere to DEAD. */
enum conn_state {
	CONN_HANDSHAKE, /* TLS */
	CONN_IDLE,      /* nothing of a request is there */
	CONN_READING,   /* a part of one is */
	CONN_BUSY,      /* the handler has it */
	CONN_UPGRADED,  /* bytes go to the owner */
	CONN_CLOSING,   /* output is still to be sent, then the connection ends */
	CONN_LINGER,    /* our side has ended; what comes is thrown away, or it would be answered
			   by a reset, which can overtake the answer */
	CONN_DEAD,
};

struct server_conn {
	uv_poll_t poll;
	struct server *server;
	struct server_conn *next, *prev;
	int fd, watched; /* events asked of poll */
	enum conn_state state;
	bool processing; /* conn_take() is on the stack */
	bool hungry;     /* the reader has all it can use of `in` */
	bool eof;        /* the client has ended its side */
	bool linger;     /* close by way of LINGER */
	bool continued;  /* 100 Continue was sent */
	bool chunked;    /* the answer being streamed is */
	bool stalled;    /* the deadline is that of a slow reader */
	bool waiting;    /* drained() is due when `out` is empty */
	struct tls_conn *tls;
	struct http_reader reader;
	size_t held;                    /* of the server's count: the body being read */
	struct server_request *request; /* READING, BUSY */
	struct str in;                  /* bytes not yet taken */
	struct str out;
	size_t out_at;       /* of out, sent already */
	int64_t deadline_ms; /* uv_now(); 0: none */
	const struct server_upgrade_ops *ops;
	void *arg;
	char ip[46];
};

struct server {
	uv_loop_t *loop;
	uv_poll_t listener;
	uv_timer_t sweep, grace;
	int fd, port, handles; /* handles: still to be closed */
	bool stopping, accepting;
	struct server_options o;
	const struct server_ops *ops;
	void *ctx;
	struct server_conn *first, *last; /* in the order they came */
	size_t count, held;
	struct server_request *spare_requests;
	size_t spare_request_count;
	struct str spare_buffers[SPARE_BUFFERS];
	size_t spare_buffer_count;
	int64_t date_ms; /* when date was made, uv_now() */
	char date[30];
	char buffer[CONN_READ_BYTES];
};

/* server.c */
const char *server_date(struct server *s);
void server_forget(struct server_conn *c); /* out of the list; it is being closed */

/* conn.c */
void conn_open(struct server *s, int fd, const char *ip);
void conn_enter(struct server_conn *c, enum conn_state state);
/* Output of a connection: a buffer that is there while there is output. */
struct str *conn_out(struct server_conn *c);
/* Send what waits, and `more`, which need not be copied unless it has to wait. False: gone. */
bool conn_flush(struct server_conn *c, const char *more, size_t n);
/* The same, but a broken connection is left for others to drop. */
bool conn_push(struct server_conn *c, const char *more, size_t n);
void conn_watch(struct server_conn *c);   /* ask for the events that matter now */
void conn_again(struct server_conn *c);   /* go on from the loop, with what is in `in` */
void conn_drop(struct server_conn *c);    /* close at once; owners are told */
void conn_expired(struct server_conn *c); /* its deadline has passed */

/* answer.c */
struct server_request *request_new(struct server *s);
void request_free(struct server_request *q); /* it goes back to the spare ones */
/* Give what the reader has to the handler. */
void request_hand_over(struct server_conn *c, enum http_error refused);

#endif
