/* desk.h -- what stays on the table of a running gateway while screens come and go: the request
 * last written with its answer or its burst, and what was said over WebSockets. It hears of both
 * whatever screen is on top. */
#ifndef TUI_DESK_H
#define TUI_DESK_H

#include "tui/sheet.h"
#include "tui/lab.h"

enum request_field {
	REQ_METHOD,
	REQ_API,
	REQ_PATH,
	REQ_KEY,
	REQ_TOKEN,
	REQ_HEADERS,
	REQ_BODY,
	REQ_BURST,
	REQ_COUNT
};

/* ---- the answer to what was sent last ------------------------------------------------------- */

struct answer {
	bool asked, waiting;
	enum gw_call_end end;
	int status;
	int64_t us;
	struct str headers; /* "name: value" lines */
	struct str body;    /* the first MAX_TRACE_BODY bytes */
	size_t bytes;       /* of all of it */
	struct str message; /* what went wrong when there is no answer */
	uint64_t trace;     /* its number in the ring, 0: not found */
	/* private: of the request, to find the trace by */
	uint64_t after;
};

/* ---- what was said -------------------------------------------------------------------------- */

#define MAX_SAID 500        /* lines that are kept */
#define MAX_SAID_BYTES 4096 /* of each */
enum said_kind { SAID_OPENED, SAID_REFUSED, SAID_OUT, SAID_IN, SAID_CLOSED, SAID_FAILED };
struct said {
	enum said_kind kind;
	int64_t at_ms; /* Unix */
	char *name;    /* of the connection */
	char *text;
	size_t bytes; /* of the whole text */
	int code;     /* status, close code */
};

struct desk {
	struct app *app;
	struct rig *rig;
	struct desk *next;
	/* The request as it was left; NULL: never written. */
	char *draft[REQ_COUNT];
	struct answer answer;
	bool bursting, burst_asked;
	struct probe_burst burst; /* the running one, or the last */
	struct said said[MAX_SAID];
	size_t said_count; /* in all; the last MAX_SAID are there */
	char *talking;     /* name of the connection that is talked over; NULL: none */
	int echoes;        /* messages noted here whose traces are still to come */
};
/* Made when it is first asked for. */
struct desk *desk_of(struct app *app, struct rig *rig);
void desks_free(struct app *app); /* all of them, when no loop runs any more */

/* Send a request; the answer comes to desk->answer. */
void desk_send(struct desk *d, const struct probe_request *q);
/* False: one runs already. */
bool desk_burst(struct desk *d, const struct probe_request *q, double rate, double seconds);
void desk_talk(struct desk *d, const char *name); /* over this one, from now on */
/* What happened on a connection; text is copied. */
void desk_note(struct desk *d, enum said_kind kind, const char *name, int code, struct slice text);
/* Do something with a connection; what cannot be done becomes a line. */
bool desk_do(struct desk *d, const struct lab_action *a);
const struct said *desk_said(const struct desk *d, size_t i); /* i-th of the kept ones */
size_t desk_said_count(const struct desk *d);                 /* that are kept */

/* ---- ready requests -------------------------------------------------------------------------- */

/* Rows for pick_view: of a lab what has that verb, then what the definitions have. The arg is what
 * ready_find() takes. */
size_t ready_rows(const struct rig *rig, const struct lab *lab, enum lab_verb verb, struct arena *a,
		  struct pick_row *rows, size_t most);
/* What a row stands for; false: there is none of that name. Texts in the arena or the lab. */
bool ready_find(const struct rig *rig, const struct lab *lab, const char *arg, struct arena *a,
		struct lab_action *out);

#endif
