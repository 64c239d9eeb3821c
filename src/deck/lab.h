/* lab.h -- hands-on content as loaded from data/labs, data/proofs and data/drills: what a gateway
 * is asked to do, what must be seen in its traces, and the words around it. Three kinds of file
 * share their parts: a lab has goals to meet, a file of proofs has requests that settle questions
 * of decks, a drill has faults whose evidence is shown. What a match means against a trace is for
 * study/match.h: here names of steps and outcomes are words that were checked. */
#ifndef DECK_LAB_H
#define DECK_LAB_H

#include "deck/spec.h"

#define MAX_LAB_BYTES ((size_t)1 << 20)
#define MAX_LAB_FILE_BYTES ((size_t)1 << 20) /* of a file in its folder that an edit changes */
#define MAX_LAB_GOALS 20
#define MAX_LAB_PLACE 1000
#define MAX_LAB_ACTIONS 60 /* named requests of a file; steps of a solution; traffic of a drill */
#define MAX_LAB_HINTS 10
#define MAX_LAB_FAULTS 60   /* of a drill */
#define MAX_LAB_CARDS 20    /* of a goal, a fault, a lab */
#define MAX_LAB_MATCHES 20  /* headers, details and steps of a match, each */
#define MAX_LAB_NESTING 5   /* `before` of a request that is itself before another */
#define MAX_BURST_RATE 1000 /* requests a second */
#define MAX_BURST_SECONDS 60
#define MAX_LAB_CHAIN 200   /* actions that one named request comes to with all before it */
#define MAX_LAB_TIMES 10000 /* traces that meet a goal */
#define MAX_LAB_TIME_SCALE 10000
#define MAX_LAB_WAIT_MS INT64_C(10800000) /* 3 h of the gateway's time */

enum lab_kind { LAB_LAB, LAB_PROOFS, LAB_DRILL, LAB_KIND_COUNT };

/* Steps of a pipeline as these files spell them, in the order of gateway/trace.h: "waf",
 * "throttle", "integration". Ends with NULL. */
extern const char *const lab_steps[];
int lab_step(const char *word); /* index, or -1 */

struct lab_pair { /* name and pattern or value */
	const char *name, *value;
	struct pos pos;
};

/* -- what is done ------------------------------------------------------------------------------ */

enum lab_verb {
	LAB_SEND,    /* an HTTP request, or a burst of them */
	LAB_CONNECT, /* open a WebSocket */
	LAB_SAY,     /* a message on it */
	LAB_CLOSE,   /* close it with a code */
	LAB_WAIT,    /* let time pass: the gateway's, so that a time scale shortens it */
	LAB_DEPLOY,  /* a stage: the API as its file has it now */
	LAB_PROMOTE, /* its canary */
	LAB_EDIT,    /* solutions and faults alone: change a file of the lab */
	LAB_VERB_COUNT
};
extern const char *const lab_verb_names[LAB_VERB_COUNT];

/* Target, header values and body of a request and messages may hold {NAME}: the id of the
 * connection opened as NAME, which the file opens somewhere. */
struct lab_action {
	enum lab_verb verb;
	const char *method; /* LAB_SEND: "GET" */
	const char *target; /* LAB_SEND, LAB_CONNECT: "/dev/stock?x=1", stage and all */
	const char *api;    /* whose: NULL: the only one, or told by the host */
	const char *host;   /* Host to ask for: a custom domain. NULL: the gateway's address */
	struct lab_pair *headers;
	size_t header_count;
	const char *body;  /* of LAB_SEND; the message of LAB_SAY. NULL: none */
	double burst_rate; /* requests a second; 0: one request */
	double burst_seconds;
	bool certificate;  /* show the client certificate of the lab (mutual TLS) */
	const char *as;    /* name of the connection: "alice"; never NULL for the verbs of one */
	int code;          /* LAB_CLOSE: 1000 */
	int64_t wait_ms;   /* LAB_WAIT */
	const char *stage; /* LAB_DEPLOY, LAB_PROMOTE; api is set */
	const char *file;  /* LAB_EDIT: in the lab's folder, no way out of it */
	const char *find,
		*put;     /* LAB_EDIT: text that is there once, and what takes its place ... */
	const char *with; /* ... or a file of the folder that takes the place of the whole */
	struct pos pos;
};

/* -- what must be seen ------------------------------------------------------------------------- */

/* One trace that meets all that is set. Patterns are PCRE2, found anywhere, and were compiled once
 * when the file was read. */
struct lab_match {
	const char *kind; /* "request", "connect", "message", "disconnect", "push"; NULL: any */
	const char *api, *stage;    /* NULL: any */
	const char *method;         /* NULL: any */
	const char *path;           /* pattern over the path as asked for, with query */
	const char *route;          /* resource matched or route key, exactly */
	int status_from, status_to; /* inclusive; 0, 0: any. `4xx` is 400 to 499. Close codes too */
	const char *error;          /* gateway response type: "THROTTLED" */
	uint32_t reached, not_reached; /* bits 1 << step */
	int refused_by;                /* step, or -1 */
	struct lab_pair *outcomes;     /* step word, outcome word ("hit", "passed", "none", ...) */
	size_t outcome_count;
	struct lab_pair *sent; /* request header, pattern; "" = it is there */
	size_t sent_count;
	struct lab_pair *answered; /* response header */
	size_t answered_count;
	struct lab_pair *lacks; /* response headers that are not there; value NULL */
	size_t lacks_count;
	const char *sent_body, *answered_body; /* patterns */
	struct lab_pair *details;              /* "STEP/NAME of the detail", pattern */
	size_t detail_count;
	int64_t over_ms, under_ms; /* total time of it, real; 0: any */
	struct pos pos;
};

/* -- a file ------------------------------------------------------------------------------------ */

struct lab_request {
	const char *id, *title;
	struct lab_action action;
	int *before; /* requests that are done first, by index */
	size_t before_count;
	const char
		*shows;  /* what its trace settles, a sentence; NULL in labs where it is not told */
	bool has_expect; /* the trace that decides: of proofs always, of labs where given */
	struct lab_match expect;
	struct pos pos;
};

struct lab_goal {
	const char *id, *text;
	struct lab_match match;
	int times;          /* so many traces, 1 where not given */
	int64_t within_ms;  /* all of them in so long; 0: any time */
	int after;          /* goal that must have been met by an earlier trace, or -1 */
	const char **cards; /* "deck/id": become due when it is missed */
	size_t card_count;
	struct pos pos;
};

/* A step of a solution: a named request, or an action of its own. */
struct lab_step {
	int request; /* index, or -1 */
	struct lab_action action;
};

struct lab_fault {
	const char *id;
	int stage;                /* the step that fails */
	const char *why;          /* how the evidence tells, Markdown */
	struct lab_action *edits; /* of the healthy definition */
	size_t edit_count;
	int *requests; /* by index: those whose evidence shows it, in this order */
	size_t request_count;
	struct lab_match expect; /* the trace that is in fault */
	const char **cards;
	size_t card_count;
	struct exam_task *tasks; /* own where given, else the file's */
	size_t task_count;
	struct pos pos;
};

struct lab {
	struct arena arena;
	enum lab_kind kind;
	const char *file;
	const char *folder; /* of its definitions: beside the file, named by its id */
	const char *id, *title, *about;
	struct exam_task *tasks;
	size_t task_count;
	const char **tags;
	size_t tag_count;
	int place;   /* in lists, from 1 on: what is learnt first; 0: not said, after the others */
	int minutes; /* a lab is likely to take; 0: not said */
	const char **gateway; /* definition files in the folder, at least one */
	size_t gateway_count;
	double time_scale; /* 1 where not given */
	bool tls;          /* https, wss; with the certificates of `gatedrill gateway cert` */
	const char *story, *explain; /* Markdown; NULL where the kind has none */
	struct lab_request *requests;
	size_t request_count;
	struct lab_goal *goals; /* labs alone */
	size_t goal_count;
	const char **hints;
	size_t hint_count;
	struct lab_step *solution;
	size_t solution_count;
	struct lab_fault *faults; /* drills alone */
	size_t fault_count;
	int *traffic; /* drills: requests by index that are sound in the healthy definition */
	size_t traffic_count;
	const char **cards; /* labs: what passing it brings into review */
	size_t card_count;
	struct source *sources;
	size_t source_count;
	const struct source **cited;
	size_t cited_count;
	struct node *root;
	struct pos pos;
};

/* Read a file; its kind is its first key. On false out holds nothing and d has at least one error
 * with a position. out need not be initialised. Codes: those of yaml.h and spec.h (data-...), and
 * lab-request (unknown name), lab-goal, lab-step, lab-pattern (with the position in it), lab-action
 * (what does not go together), lab-file (a path that leaves the folder), lab-cycle (of before),
 * lab-match (any trace would meet it, or none), lab-expect (a proof without it), lab-fault (an id
 * used twice), lab-id (not the name of the file), lab-kind. */
bool lab_read(struct lab *out, const char *file, const char *bytes, size_t n, struct diags *d);
bool lab_read_file(struct lab *out, const char *path, struct diags *d);
void lab_clear(struct lab *l);                              /* accepts a zeroed one */
int lab_request_named(const struct lab *l, const char *id); /* index, or -1 */

/* Warn, as lab-card, of cards that it names and that their deck has not; decks that are not among
 * these say nothing. Errors: as lab-file a definition or a file of an edit that is not there; as
 * lab-edit an edit whose text is not in its file once, after the edits before it. */
void lab_check(const struct lab *l, const struct deck *const *decks, size_t n, struct diags *d);
/* "GET /prod/stock", "connect /live as alice", "wait 11m": what an action is called that has no
 * title of its own; one line, safe to show, in the arena. */
const char *lab_action_title(struct arena *a, const struct lab_action *x);
/* Apply an edit to the file below folder, which is written whole or not at all. Codes: lab-edit
 * (the text is not there, or more than once), lab-file (a path or a link leads out of the folder),
 * those of file.h. */
bool lab_edit(const struct lab_action *a, const char *folder, struct diags *d);
/* The same where `with` is a file of another folder: answers are not in the learner's copy. */
bool lab_edit_from(const struct lab_action *a, const char *folder, const char *with_folder,
		   struct diags *d);

/* JSON Schemas, and mdoc lists of all keys for gatedrill-lab(5). */
void lab_schema(struct str *out, enum lab_kind kind);
void lab_keys_mdoc(struct str *out);

#endif
