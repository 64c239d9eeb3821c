/* trace.h -- traces of a gateway as pictures, and what the screens about them share. What came over
 * the wire is hostile: it is cleaned by the page like any other text. */
#ifndef TUI_TRACE_H
#define TUI_TRACE_H

#include "gateway/ring.h"
#include "tui/lab.h"

/* A trace that stays when the gateway's ring has gone on. Zeroed: none. */
struct kept_trace {
	struct ring *ring; /* of one */
	uint64_t number;   /* in the gateway's ring */
};
void kept_trace_set(struct kept_trace *k, const struct gw_trace *t);
void kept_trace_clear(struct kept_trace *k);
const struct gw_trace *kept_trace(const struct kept_trace *k); /* NULL: none; its number is not the
								  ring's */

/* As trace_view(), of a trace that may be gone from the ring already. */
struct view *trace_view_of(struct app *app, struct rig *rig, const struct lab *lab,
			   const struct gw_trace *t, uint64_t number);

/* A composer that begins with what a trace asked for. */
struct view *composer_of(struct app *app, struct rig *rig, const struct lab *lab,
			 const struct gw_trace *t);

/* ---- words ---------------------------------------------------------------------------------- */

/* "GET", "connect", "message", "closed", "push". */
const char *trace_verb(const struct gw_trace *t);
/* What it was about: the path with its query, or the route of a message; with several APIs their
 * id stands first ("shop/dev/pets"). */
const char *trace_path(const struct gw_trace *t);
/* How it ended in a word or two: "THROTTLED", "cache hit", "integration failed", "". */
const char *trace_ending(const struct gw_trace *t);
enum style trace_style(const struct gw_trace *t); /* of its status */
/* Did this stage end it badly, or answer in place of those behind it? */
bool trace_row_ended(const struct gw_row *row);
/* "0.4", "12", "1203": milliseconds with as many digits as matter. out holds 16 bytes. */
void trace_ms(char out[16], int64_t us);

/* ---- pictures ------------------------------------------------------------------------------- */

/* Columns of the list at a width, and a line of it. */
struct trace_columns {
	bool time, ending, ms; /* that there is room for */
	int path, ending_cols; /* columns */
};
void trace_columns(struct trace_columns *c, int width);
void trace_titles_draw(struct page *p, const struct trace_columns *c);
void trace_line_draw(struct page *p, const struct trace_columns *c, const struct gw_trace *t,
		     int off_min, bool here);
/* One stage as a line. n: its number in the picture. */
void trace_row_draw(struct page *p, const struct gw_trace *t, enum gw_step step, int n, bool here);
/* At most so many rows: stages with nothing set up are left out first, then those passed. */
void trace_brief_draw(struct page *p, const struct gw_trace *t, int rows);
/* Names and values, texts as they are, JSON laid out. */
void trace_details_draw(struct page *p, const struct gw_detail *d, int hang);
/* A body, or any text of several lines. */
void trace_text_draw(struct page *p, const char *text, int hang);

/* ---- filter --------------------------------------------------------------------------------- */

/* Words that must all be met: "4xx", "429", "GET", "connect", part of a path, an API, a stage, an
 * error or a connection id; "-word" must not be met; "status:5xx", "path:stock" look at one thing
 * alone. Case does not matter. */
bool trace_passes(const struct gw_trace *t, const char *filter);
/* What may stand before the colon, a line each with what it means, for people who begin to type. */
struct trace_term {
	const char *form, *help;
};
extern const struct trace_term trace_terms[];
extern const size_t trace_term_count;

/* ---- what can be done with a trace ---------------------------------------------------------- */

/* Send it again; says why it cannot be. */
void trace_resend(struct app *app, struct rig *rig, const struct gw_trace *t);
/* Append it to a file of the learner as a command of curl, and show that. */
void trace_save_curl(struct app *app, struct rig *rig, const struct gw_trace *t);

/* ---- gauges --------------------------------------------------------------------------------- */

/* Token buckets, quotas and caches that were used, at most so many lines; those that refused
 * first. True when one of them fills up by itself. */
bool gauges_draw(struct page *p, const struct gw_runtime *rt, int lines);
int gauges_count(const struct gw_runtime *rt); /* lines that there could be */
bool gauges_move(const struct gw_runtime *rt); /* one of all does */

#endif
