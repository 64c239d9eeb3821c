/* labkeys.c -- the tables of keys of labs, proofs and drills, and what is printed from them: JSON
 * Schemas and a chapter of the manual. The three kinds share the tables of their parts. */
#include "deck/labinside.h"

#include <assert.h>

#define MAX_PATTERN 4096 /* bytes: MAX_REGEX_PATTERN of base/regex.h */
#define MAX_HEADER_VALUE 8192
#define MAX_TARGET 8192
#define MAX_NAME 128 /* of APIs, stages, connections and files */
#define MAX_EDIT (256 << 10)

const char *const lab_steps[] = {
	"tls",     "size",        "waf",      "stage",           "cors",     "route",
	"policy",  "authorize",   "api-key",  "throttle",        "validate", "cache",
	"request", "integration", "response", "method-response", NULL,
};
static_assert(ARRAY_LEN(lab_steps) - 1 <= 32, "a set of steps is 32 bits");

const char *const lab_kind_keys[LAB_KIND_COUNT] = {
	[LAB_LAB] = "lab", [LAB_PROOFS] = "proofs", [LAB_DRILL] = "drill"};

static const char *const format_words[] = {"1", NULL};
static const char *const yes_words[] = {"yes", "no", NULL};
static const char *const trace_words[] = {"request",    "connect", "message",
					  "disconnect", "push",    NULL};
static const char *const outcome_words[] = {"not-reached", "none",   "passed", "refused",
					    "hit",         "failed", NULL};

static const struct spec_key card_value = {.name = "cards", .type = SPEC_CARD};
static const struct spec_key task_value = {.name = "exam", .type = SPEC_TASK};
static const struct spec_key tasks_value = {.name = "exam",
					    .type = SPEC_LIST,
					    .one = true,
					    .min = 1,
					    .max = MAX_TAGS,
					    .value = &task_value};
static const struct spec_key file_value = {.name = "gateway", .type = SPEC_LINE, .max = MAX_NAME};
static const struct spec_key hint_value = {
	.name = "hints", .type = SPEC_TEXT, .max = MAX_CARD_TEXT};
static const struct spec_key step_value = {.name = "step", .type = SPEC_WORD, .words = lab_steps};
static const struct spec_key outcome_value = {
	.name = "outcome", .type = SPEC_WORD, .words = outcome_words};
static const struct spec_key header_label = {.name = "header", .type = SPEC_HEADER};
static const struct spec_key header_value = {
	.name = "header", .type = SPEC_LINE, .max = MAX_HEADER_VALUE, .empty = true};
static const struct spec_key pattern_value = {
	.name = "pattern", .type = SPEC_LINE, .max = MAX_PATTERN, .empty = true};
static const struct spec_key detail_label = {.name = "detail", .type = SPEC_LINE, .max = MAX_NAME};

/* clang-format off */

/* -- what is done ------------------------------------------------------------------------------ */

static const struct spec_key burst_keys[] = {
	{.name = "rate", .type = SPEC_AMOUNT, .required = true, .max = MAX_BURST_RATE,
		.help = "Requests a second, at most 1000; they are sent evenly, whatever is "
			"answered."},
	{.name = "seconds", .type = SPEC_AMOUNT, .required = true, .max = MAX_BURST_SECONDS,
		.help = "For how many seconds, at most 60."},
};
static const struct spec_place burst_place = {
	"burst", "Keys of a burst", burst_keys, ARRAY_LEN(burst_keys)};

#define ACTION_KEYS \
	{.name = "send", .type = SPEC_LINE, .max = MAX_TARGET, \
		.help = "An HTTP request: method and path, with the stage and the query, as in " \
			"GET /prod/stock?x=1."}, \
	{.name = "connect", .type = SPEC_LINE, .max = MAX_TARGET, \
		.help = "Open a WebSocket at this path, with the stage."}, \
	{.name = "say", .type = SPEC_TEXT, .max = MAX_CARD_TEXT, .empty = true, \
		.help = "Send this message over the WebSocket."}, \
	{.name = "close", .type = SPEC_NUMBER, .min = 1000, .max = 4999, \
		.help = "Close the WebSocket with this code."}, \
	{.name = "wait", .type = SPEC_SPAN, .min = 1, .max = MAX_LAB_WAIT_MS, \
		.help = "Let time pass, at most 3h. " \
			"It is the gateway's time, which a time-scale shortens."}, \
	{.name = "deploy", .type = SPEC_LINE, .max = 2 * MAX_NAME, \
		.help = "Deploy an API to a stage, as API/STAGE: as its file is now."}, \
	{.name = "promote", .type = SPEC_LINE, .max = 2 * MAX_NAME, \
		.help = "Make the canary of a stage the stage, as API/STAGE."}, \
	{.name = "headers", .type = SPEC_MAP, .label = &header_label, .min = 1, \
		.max = MAX_LAB_MATCHES, .value = &header_value, \
		.help = "Headers of a request or a handshake: a map of names to values."}, \
	{.name = "body", .type = SPEC_TEXT, .max = MAX_EDIT, .empty = true, \
		.help = "Body of a request."}, \
	{.name = "burst", .type = SPEC_PLACE, .place = &burst_place, \
		.help = "Send the request many times."}, \
	{.name = "api", .type = SPEC_LINE, .max = MAX_NAME, \
		.help = "Id of the API that is called. " \
			"Needed where the gateway serves several."}, \
	{.name = "host", .type = SPEC_LINE, .max = 255, \
		.help = "The host that is asked for, as for a custom domain; the gateway's own " \
			"address if absent."}, \
	{.name = "certificate", .type = SPEC_WORD, .words = yes_words, \
		.help = "Whether the client certificate of gatedrill gateway cert is shown; for " \
			"mutual TLS."}, \
	{.name = "as", .type = SPEC_NAME, \
		.help = "Name of the WebSocket that is opened, spoken on or closed; client if " \
			"absent. " \
			"In requests {NAME} stands for the id of the connection opened as NAME."}

#define EDIT_KEYS \
	{.name = "edit", .type = SPEC_LINE, .required = EDIT_REQUIRED, .max = MAX_NAME, \
		.help = "File of the folder to change."}, \
	{.name = "find", .type = SPEC_TEXT, .max = MAX_EDIT, \
		.help = "Text that is in the file exactly once."}, \
	{.name = "put", .type = SPEC_TEXT, .max = MAX_EDIT, .empty = true, \
		.help = "What takes its place."}, \
	{.name = "with", .type = SPEC_LINE, .max = MAX_NAME, \
		.help = "Instead of find and put: a file of the folder that takes the place of " \
			"the whole. " \
			"Files below solved/ are not copied to the learner."}

#define EDIT_REQUIRED true
static const struct spec_key edit_keys[] = {EDIT_KEYS};
#undef EDIT_REQUIRED
#define EDIT_REQUIRED false
static const struct spec_key step_keys[] = {ACTION_KEYS, EDIT_KEYS};

static const struct spec_place edit_place = {
	"edit", "Keys of an edit", edit_keys, ARRAY_LEN(edit_keys)};
static const struct spec_place step_place = {
	"step", "Keys of a step", step_keys, ARRAY_LEN(step_keys)};
static const struct spec_key edit_value = {
	.name = "edits", .type = SPEC_PLACE, .place = &edit_place};
static const struct spec_key solution_value = {
	.name = "solution", .type = SPEC_STEP, .place = &step_place};

/* -- what must be seen ------------------------------------------------------------------------- */

static const struct spec_key match_keys[] = {
	{.name = "kind", .type = SPEC_WORD, .words = trace_words,
		.help = "What the trace is of."},
	{.name = "api", .type = SPEC_LINE, .max = MAX_NAME, .help = "Id of the API."},
	{.name = "stage", .type = SPEC_LINE, .max = MAX_NAME, .help = "Name of the stage."},
	{.name = "method", .type = SPEC_LINE, .max = MAX_NAME, .help = "Method of the request."},
	{.name = "path", .type = SPEC_LINE, .max = MAX_PATTERN,
		.help = "Pattern over the path as it was asked for, with its query."},
	{.name = "route", .type = SPEC_LINE, .max = MAX_TARGET,
		.help = "Resource or route key that was matched, as it is written in the "
			"definition."},
	{.name = "status", .type = SPEC_STATUS,
		.help = "Status of the response, as 429 or 4xx; of a disconnect the code."},
	{.name = "error", .type = SPEC_NAME,
		.help = "Type of the gateway response, such as THROTTLED."},
	{.name = "reached", .type = SPEC_LIST, .one = true, .min = 1, .max = 32,
		.value = &step_value,
		.help = "Steps of the pipeline that were reached. "
			"Their names are tls, size, waf, stage, cors, route, policy, authorize, "
			"api-key, throttle, validate, cache, request, integration, response and "
			"method-response."},
	{.name = "not-reached", .type = SPEC_LIST, .one = true, .min = 1, .max = 32,
		.value = &step_value, .help = "Steps that were not reached."},
	{.name = "refused-by", .type = SPEC_WORD, .words = lab_steps,
		.help = "The step that refused."},
	{.name = "outcome", .type = SPEC_MAP, .label = &step_value, .min = 1,
		.max = MAX_LAB_MATCHES, .value = &outcome_value,
		.help = "Outcomes by step: not-reached, none (there is nothing to do), passed, "
			"refused, hit (answered from a cache) or failed."},
	{.name = "sent", .type = SPEC_MAP, .label = &header_label, .min = 1,
		.max = MAX_LAB_MATCHES, .value = &pattern_value,
		.help = "Patterns by header of the request; an empty one asks only that the "
			"header is there."},
	{.name = "answered", .type = SPEC_MAP, .label = &header_label, .min = 1,
		.max = MAX_LAB_MATCHES, .value = &pattern_value,
		.help = "The same of the response."},
	{.name = "lacks", .type = SPEC_LIST, .one = true, .min = 1, .max = MAX_LAB_MATCHES,
		.value = &header_label, .help = "Headers that the response does not have."},
	{.name = "sent-body", .type = SPEC_LINE, .max = MAX_PATTERN,
		.help = "Pattern over the body of the request; of a message, over what came."},
	{.name = "answered-body", .type = SPEC_LINE, .max = MAX_PATTERN,
		.help = "Pattern over the body of the response; of a message, over what was "
			"answered, of a push, over what was pushed."},
	{.name = "detail", .type = SPEC_MAP, .label = &detail_label, .min = 1,
		.max = MAX_LAB_MATCHES, .value = &pattern_value,
		.help = "Patterns by detail of a step, as \"throttle/tokens\"."},
	{.name = "over", .type = SPEC_SPAN, .min = 1, .max = MAX_LAB_WAIT_MS,
		.help = "It took longer than this, in real time."},
	{.name = "under", .type = SPEC_SPAN, .min = 1, .max = MAX_LAB_WAIT_MS,
		.help = "It took less than this, in real time."},
};
static const struct spec_place match_place = {
	"match", "Keys of a match", match_keys, ARRAY_LEN(match_keys)};

/* -- requests, goals, faults ------------------------------------------------------------------- */

static const struct spec_key request_keys[] = {
	{.name = "title", .type = SPEC_LINE, .max = MAX_TITLE,
		.help = "What the request is called in lists; made from what it does if absent."},
	ACTION_KEYS,
	{.name = "before", .type = SPEC_LIST, .one = true, .min = 1, .max = MAX_LAB_ACTIONS,
		.value = &spec_slug_value,
		.help = "Named requests that are done first, when this one is asked for."},
	/* Drills do not have what follows: drill_request_place counts on the order. */
	{.name = "shows", .type = SPEC_LINE, .max = MAX_CARD_TEXT,
		.help = "What its trace settles, as one sentence."},
	{.name = "expect", .type = SPEC_PLACE, .place = &match_place,
		.help = "The trace that decides, among those since the request began."},
};
static const struct spec_place request_place = {
	"request", "Keys of a request", request_keys, ARRAY_LEN(request_keys)};
static const struct spec_place drill_request_place = {
	"request of a drill", NULL, request_keys, ARRAY_LEN(request_keys) - 2};
static const struct spec_key request_value = {
	.name = "request", .type = SPEC_PLACE, .place = &request_place};
static const struct spec_key drill_request_value = {
	.name = "request", .type = SPEC_PLACE, .place = &drill_request_place};

#define CARDS_KEY(help_) \
	{.name = "cards", .type = SPEC_LIST, .one = true, .min = 1, .max = MAX_LAB_CARDS, \
		.value = &card_value, .help = (help_)}
#define EXAM_KEY(help_) \
	{.name = "exam", .type = SPEC_MAP, .min = 1, .max = MAX_TAGS, .value = &tasks_value, \
		.help = (help_)}

static const struct spec_key goal_keys[] = {
	{.name = "id", .type = SPEC_SLUG, .required = true,
		.help = "Id of the goal, unique in the lab."},
	{.name = "text", .type = SPEC_LINE, .required = true, .max = MAX_CARD_TEXT,
		.help = "What is to be reached, as one sentence."},
	{.name = "trace", .type = SPEC_PLACE, .required = true, .place = &match_place,
		.help = "The match that a trace must meet."},
	{.name = "times", .type = SPEC_NUMBER, .min = 1, .max = MAX_LAB_TIMES,
		.help = "So many traces must meet it; 1 if absent."},
	{.name = "within", .type = SPEC_SPAN, .min = 1, .max = MAX_LAB_WAIT_MS,
		.help = "All of them in so long; any time if absent."},
	{.name = "after", .type = SPEC_SLUG,
		.help = "A goal further up that must have been met by an earlier trace."},
	CARDS_KEY("Cards, as deck/id, that become due when this goal is missed."),
};
static const struct spec_place goal_place = {
	"goal", "Keys of a goal", goal_keys, ARRAY_LEN(goal_keys)};
static const struct spec_key goal_value = {
	.name = "goal", .type = SPEC_PLACE, .place = &goal_place};

static const struct spec_key fault_keys[] = {
	{.name = "id", .type = SPEC_SLUG, .required = true,
		.help = "Id of the fault, unique in the drill."},
	{.name = "stage", .type = SPEC_WORD, .required = true, .words = lab_steps,
		.help = "The step of the pipeline that fails: the answer."},
	{.name = "edits", .type = SPEC_LIST, .one = true, .min = 1, .max = MAX_LAB_ACTIONS,
		.value = &edit_value,
		.help = "What breaks the sound definition. "
			"Absent where a request is at fault by itself."},
	{.name = "requests", .type = SPEC_LIST, .required = true, .one = true, .min = 1,
		.max = MAX_LAB_ACTIONS, .value = &spec_slug_value,
		.help = "Requests whose evidence shows the fault, in this order."},
	{.name = "expect", .type = SPEC_PLACE, .required = true, .place = &match_place,
		.help = "The trace that is at fault."},
	{.name = "why", .type = SPEC_TEXT, .required = true, .max = MAX_CARD_TEXT, .about = true,
		.help = "How the evidence tells this step from its neighbours, in Markdown."},
	CARDS_KEY("Cards, as deck/id, that become due when the answer was wrong."),
	EXAM_KEY("Its own exam tasks, instead of those of the file."),
};
static const struct spec_place fault_place = {
	"fault", "Keys of a fault", fault_keys, ARRAY_LEN(fault_keys)};
static const struct spec_key fault_value = {
	.name = "fault", .type = SPEC_PLACE, .place = &fault_place};

/* -- files ------------------------------------------------------------------------------------- */

#define TITLE_KEYS \
	{.name = "title", .type = SPEC_LINE, .required = true, .max = MAX_TITLE, \
		.help = "Title, on one line."}, \
	{.name = "format", .type = SPEC_WORD, .required = true, .words = format_words, \
		.help = "Version of the format."}, \
	EXAM_KEY("Tasks by exam: a map of blueprint ids to a task, as \"3.1\", or a list.")
#define ABOUT_KEYS \
	{.name = "about", .type = SPEC_LINE, .required = true, .max = MAX_CARD_TEXT, \
		.help = "What it is about, on one line, for lists."}, \
	{.name = "tags", .type = SPEC_LIST, .one = true, .min = 1, .max = MAX_TAGS, \
		.value = &spec_slug_value, .help = "Tags."}
#define GATEWAY_KEY \
	{.name = "gateway", .type = SPEC_LIST, .required = true, .one = true, .min = 1, \
		.max = MAX_LAB_ACTIONS, .value = &file_value, \
		.help = "Stack files in the folder, as gatedrill gateway run takes them."}
#define SERVE_KEYS \
	{.name = "time-scale", .type = SPEC_AMOUNT, .max = MAX_LAB_TIME_SCALE, \
		.help = "How fast the gateway's clock runs; 1 if absent."}, \
	{.name = "tls", .type = SPEC_WORD, .words = yes_words, \
		.help = "Whether it is served over HTTPS, with certificates as gatedrill " \
			"gateway cert makes them."}
#define SOURCE_KEYS \
	{.name = "sources", .type = SPEC_MAP, .max = MAX_SOURCES, .value = &spec_source_value, \
		.help = "Where the facts come from: a map of source ids."}, \
	{.name = "source", .type = SPEC_LIST, .one = true, .min = 1, .max = MAX_TAGS, \
		.value = &spec_slug_value, \
		.help = "Id of a source that is cited, or a list of ids."}
#define REQUESTS_KEY(value_) \
	{.name = "requests", .type = SPEC_MAP, .required = true, .min = 1, \
		.max = MAX_LAB_ACTIONS, .value = (value_), \
		.help = "Named requests by id."}

static const struct spec_key lab_keys[] = {
	{.name = "lab", .type = SPEC_SLUG, .required = true,
		.help = "Id of the lab: the name of the file without .yaml, and of its folder."},
	TITLE_KEYS,
	ABOUT_KEYS,
	{.name = "place", .type = SPEC_NUMBER, .min = 1, .max = MAX_LAB_PLACE,
		.help = "Where it stands among the labs; those without a place come last."},
	{.name = "minutes", .type = SPEC_NUMBER, .min = 1, .max = 240,
		.help = "How long it is likely to take."},
	GATEWAY_KEY,
	SERVE_KEYS,
	SOURCE_KEYS,
	CARDS_KEY("Cards, as deck/id, that are brought into review when the lab is passed or "
		  "given up."),
	{.name = "story", .type = SPEC_TEXT, .required = true, .max = MAX_CARD_TEXT,
		.about = true,
		.help = "The situation and the task, in Markdown; at most a screen."},
	REQUESTS_KEY(&request_value),
	{.name = "goals", .type = SPEC_LIST, .required = true, .min = 1, .max = MAX_LAB_GOALS,
		.value = &goal_value, .help = "The goals, in the order in which they are shown."},
	{.name = "hints", .type = SPEC_LIST, .one = true, .min = 1, .max = MAX_LAB_HINTS,
		.value = &hint_value,
		.help = "Hints, from a nudge to nearly the answer; they are shown one by one."},
	{.name = "explain", .type = SPEC_TEXT, .required = true, .max = MAX_CARD_TEXT,
		.about = true,
		.help = "What was to be seen and why, in Markdown; shown at the end."},
	{.name = "solution", .type = SPEC_LIST, .required = true, .min = 1,
		.max = MAX_LAB_ACTIONS, .value = &solution_value,
		.help = "What meets all goals: a list of steps, carried out in this order. "
			"A step is the id of a named request, or a map with the keys of a request "
			"that say what is done, or with those of an edit."},
};
static const struct spec_place lab_place = {
	"lab", "Keys of a lab", lab_keys, ARRAY_LEN(lab_keys)};

static const struct spec_key proofs_keys[] = {
	{.name = "proofs", .type = SPEC_SLUG, .required = true,
		.help = "Id of the file: its name without .yaml, and that of its folder."},
	TITLE_KEYS,
	GATEWAY_KEY,
	SERVE_KEYS,
	SOURCE_KEYS,
	REQUESTS_KEY(&request_value),
};
static const struct spec_place proofs_place = {
	"file of proofs", "Keys of a file of proofs", proofs_keys, ARRAY_LEN(proofs_keys)};

static const struct spec_key drill_keys[] = {
	{.name = "drill", .type = SPEC_SLUG, .required = true,
		.help = "Id of the drill: the name of the file without .yaml, and of its folder."},
	TITLE_KEYS,
	ABOUT_KEYS,
	GATEWAY_KEY,
	SOURCE_KEYS,
	REQUESTS_KEY(&drill_request_value),
	{.name = "traffic", .type = SPEC_LIST, .required = true, .one = true, .min = 1,
		.max = MAX_LAB_ACTIONS, .value = &spec_slug_value,
		.help = "Requests that succeed on the sound definition; their evidence stands "
			"among that of the fault."},
	{.name = "faults", .type = SPEC_LIST, .required = true, .min = 1, .max = MAX_LAB_FAULTS,
		.value = &fault_value, .help = "The faults of which one is drawn."},
};
static const struct spec_place drill_place = {
	"drill", "Keys of a drill", drill_keys, ARRAY_LEN(drill_keys)};
/* clang-format on */

const struct spec_place *const lab_places[LAB_KIND_COUNT] = {
	[LAB_LAB] = &lab_place, [LAB_PROOFS] = &proofs_place, [LAB_DRILL] = &drill_place};

/* -- what is printed --------------------------------------------------------------------------- */

void lab_schema(struct str *out, enum lab_kind kind)
{
	static const struct {
		const char *title, *about;
	} heads[LAB_KIND_COUNT] = {
		[LAB_LAB] = {"gatedrill lab", "A lab: goals to be met on a running gateway."},
		[LAB_PROOFS] = {"gatedrill proofs",
				"Requests that settle questions of decks by being run."},
		[LAB_DRILL] = {"gatedrill drill",
			       "Faults of a gateway, to be found from their evidence."},
	};
	struct str about = {0};
	str_addf(&about, "%s Generated from the program's table of keys; see gatedrill-lab(5).",
		 heads[kind].about);
	spec_schema(out, lab_places[kind], heads[kind].title, str_c(&about));
	str_clear(&about);
}

void lab_keys_mdoc(struct str *out)
{
	static const struct spec_place *const places[] = {
		&lab_place,   &proofs_place, &drill_place, &request_place, &burst_place,
		&match_place, &goal_place,   &edit_place,  &fault_place,   &spec_source_place,
	};
	spec_mdoc(out, places, ARRAY_LEN(places));
}
