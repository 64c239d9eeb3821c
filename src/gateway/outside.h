/* outside.h -- what a pipeline asks of the world: functions, HTTP backends, time, chance, timers.
 * The server gives the real one (libuv, libcurl, child processes); tests give one that answers at
 * once. A done callback may come before the call that asked for it returns, or later from the loop.
 */
#ifndef GATEWAY_OUTSIDE_H
#define GATEWAY_OUTSIDE_H

#include "gateway/api.h"

enum gw_call_end {
	GW_CALL_DONE, /* an answer came: status, headers, body */
	GW_CALL_TIMEOUT,
	GW_CALL_REFUSED,   /* connection refused or reset, TLS failure */
	GW_CALL_NO_HOST,   /* unknown host, invalid URL */
	GW_CALL_TOO_LARGE, /* the answer was over the limit */
	GW_CALL_ERROR,     /* function: it failed; body holds {"errorMessage", "errorType", ...} */
	GW_CALL_CRASHED,   /* function: ended without an answer, or answered garbage */
	GW_CALL_DENIED, /* function: unknown, or its command may not run: no permission to invoke */
	GW_CALL_TOO_LARGE_REQUEST, /* function: payload over 6 MB */
	GW_CALL_BUSY,              /* function: concurrency used up */
};
struct gw_call_result {
	enum gw_call_end end;
	int status; /* HTTP; functions: 200 */
	struct gw_headers headers;
	struct slice body; /* function: its output as text */
	int64_t us;
	bool cold;           /* function: it had to be started */
	const char *log;     /* function: what it wrote on stderr, may be cut; NULL */
	const char *message; /* what went wrong, for the trace; NULL */
};
typedef void gw_done(void *arg, const struct gw_call_result *result); /* borrowed for the call */

/* A piece of an answer while it comes; head: its status and headers. To wait is to get the same
 * piece again a little later; to stop ends the call as GW_CALL_REFUSED. */
enum gw_piece_taken { GW_PIECE_TAKEN, GW_PIECE_WAIT, GW_PIECE_STOP };
typedef enum gw_piece_taken gw_piece(void *arg, const struct gw_call_result *head,
				     struct slice piece);

struct gw_http_call {
	const char *method, *url;
	struct gw_headers headers;
	struct slice body;
	int64_t timeout_ms;
	size_t max_bytes; /* of the answer's body */
	bool insecure;
	const char *verify;                   /* server name; NULL: the URL's */
	const char *client_cert, *client_key; /* files; NULL: none */
	/* The body is handed on in pieces, of any size in all, and done gets none; NULL: it is
	 * collected. */
	gw_piece *piece;
	int64_t idle_ms; /* with piece: without a byte for so long the call has timed out; 0: never
			  */
};
struct gw_function_call {
	const struct gw_function *function;
	const char *qualifier; /* alias or version; NULL: none */
	struct slice payload;  /* the event */
	int64_t timeout_ms;    /* of the caller; the function's own may be shorter */
	bool async;            /* Event: done comes at once */
	bool stream;           /* with a streaming answer */
	const char *trace_id;  /* X-Amzn-Trace-Id */
	const char *request_id;
};
struct outside {
	void *ctx;
	void (*http)(void *ctx, const struct gw_http_call *call, gw_done *done, void *arg);
	void (*function)(void *ctx, const struct gw_function_call *call, gw_done *done, void *arg);
	int64_t (*now_us)(void *ctx); /* monotonic, for latencies; scaled by --time-scale where
					 limits are concerned */
	int64_t (*now_ms)(void *ctx); /* Unix */
	int64_t (*limit_us)(
		void *ctx); /* monotonic times the time scale: buckets, TTLs, idle timers */
	int64_t (*limit_ms)(void *ctx); /* Unix, but passing as fast as limit_us: quotas */
	uint64_t (*random)(void *ctx);
	/* WebSocket: send to a connection, close it. False: it is gone. */
	bool (*ws_send)(void *ctx, const char *connection_id, struct slice text);
	bool (*ws_close)(void *ctx, const char *connection_id, int code, const char *reason);
};

#endif
