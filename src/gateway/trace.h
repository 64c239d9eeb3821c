/* trace.h -- what happened to a request, a connection or a message: one row per stage of the
 * pipeline, with outcome and time. The inspector, the logs and the metrics are made from it. */
#ifndef GATEWAY_TRACE_H
#define GATEWAY_TRACE_H

#include "gateway/api.h"

enum gw_step {
	GW_STEP_TLS,
	GW_STEP_SIZE,
	GW_STEP_WAF,
	GW_STEP_STAGE, /* stage, canary draw */
	GW_STEP_CORS,  /* HTTP API preflight */
	GW_STEP_ROUTE,
	GW_STEP_POLICY, /* resource policy */
	GW_STEP_AUTHORIZE,
	GW_STEP_API_KEY, /* key, plan, quota */
	GW_STEP_THROTTLE,
	GW_STEP_VALIDATE,
	GW_STEP_CACHE,
	GW_STEP_REQUEST, /* mapping and template of the integration request */
	GW_STEP_INTEGRATION,
	GW_STEP_RESPONSE, /* integration response: selection, mapping, template */
	GW_STEP_METHOD_RESPONSE,
	GW_STEP_COUNT
};
extern const char *const gw_step_names[GW_STEP_COUNT]; /* "resource policy" */
enum gw_outcome {
	GW_NOT_REACHED,
	GW_NONE, /* reached, nothing set up: "none" */
	GW_PASSED,
	GW_REFUSED, /* it ended the request */
	GW_HIT,     /* answered from a cache */
	GW_FAILED,
};
extern const char *const gw_outcome_names[];

#define MAX_TRACE_BODY ((size_t)32 << 10) /* bytes kept of a body */

struct gw_detail {
	const char *name, *value; /* "policy", "template before", "event", "tokens" */
	struct gw_detail *next;
};
struct gw_row {
	enum gw_outcome outcome;
	int64_t us;          /* in this stage */
	const char *summary; /* "matched GET /products/{id}"; NULL: the outcome's name */
	struct gw_detail *details;
};
enum gw_trace_kind {
	GW_TRACE_REQUEST,
	GW_TRACE_CONNECT,
	GW_TRACE_MESSAGE,
	GW_TRACE_DISCONNECT,
	GW_TRACE_PUSH
};

struct gw_trace {
	struct arena *arena; /* of the exchange; what is kept is copied by the server's ring */
	bool detailed;       /* somebody will look: record details; else rows and summaries alone */
	uint64_t number;     /* counts up */
	enum gw_trace_kind kind;
	int64_t began_ms; /* Unix */
	int64_t total_us;
	const char *api, *stage, *method, *path; /* as asked for */
	const char *target;   /* as sent, with the query; NULL: the same as path */
	const char *resource; /* matched "/products/{id}" or route key; NULL: none */
	const char *request_id, *connection_id;
	int status;        /* answered; close code or 0 for messages */
	const char *error; /* gateway response type, "THROTTLED"; NULL: none */
	struct gw_row rows[GW_STEP_COUNT];
	struct str *log; /* execution log lines, NULL: not wanted */
	/* With details alone: headers in their order, bodies as text (a message in sent_body, what
	 * was answered to it or pushed in answered_body). Bodies may be cut to
	 * MAX_TRACE_BODY; NULL: none, or no text. */
	struct gw_detail *sent, *answered;
	const char *sent_body, *answered_body;
	size_t sent_bytes, answered_bytes; /* of the whole bodies */
	int64_t mark_us;                   /* private: when the current stage began */
};
/* A stage begins when the one before has ended: trace_row gives it the time since then. Texts are
 * borrowed from the arena. */
void trace_row(struct gw_trace *t, int64_t now_us, enum gw_step step, enum gw_outcome outcome,
	       const char *summary);
void trace_detail(struct gw_trace *t, enum gw_step step, const char *name, const char *value);
void trace_detailf(struct gw_trace *t, enum gw_step step, const char *name, const char *fmt, ...)
	PRINTF(4, 5);
/* A line of the execution log, as the console's Test button shows it, without its time. */
void trace_log(struct gw_trace *t, const char *fmt, ...) PRINTF(2, 3);
/* One JSON object: what /_gatedrill/requests lists and --json streams. */
void trace_json(struct str *out, const struct gw_trace *t);

#endif
