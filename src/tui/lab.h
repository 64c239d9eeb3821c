/* lab.h -- the screens where things are tried: the inspector of a running gateway, the composer of
 * requests, labs, proofs, evidence drills. */
#ifndef TUI_LAB_H
#define TUI_LAB_H

#include "study/evidence.h"
#include "study/lab.h"
#include "study/proof.h"
#include "tui/view.h"

/* `gatedrill gateway run` on a terminal: serves o and shows what comes. o is borrowed. */
struct view *gateway_view(struct app *app, const struct serve_options *o);
/* The inspector of a rig that another view owns and that outlives this one. lab: whose named
 * requests the composer offers; NULL: none. */
struct view *inspector_view(struct app *app, struct rig *rig, const struct lab *lab);
/* One trace, row by row, and the details of a row. number: in the ring of the rig; 0: the newest.
 */
struct view *trace_view(struct app *app, struct rig *rig, uint64_t number);
/* A request to write and send. from: a kept trace to begin with, 0: none. */
struct view *composer_view(struct app *app, struct rig *rig, const struct lab *lab, uint64_t from);
/* A WebSocket console. */
struct view *console_view(struct app *app, struct rig *rig, const struct lab *lab);
/* Whoever owns a rig that was given to these screens calls this before it is closed: what was
 * written and said is forgotten. */
void desk_clear(struct app *app, const struct rig *rig);

/* As lab_shelf_open: a file that was left out is said as a message. False: the store failed. */
bool open_labs(struct app *app, struct lab_shelf *out, struct diags *d);
struct view *labs_view(struct app *app); /* the list; drills below the labs */
struct view *lab_view_of(struct app *app, const char *id, const struct lab_options *o);
struct view *proof_view(struct app *app, const char *name); /* "cache/second" */
struct view *evidence_view(struct app *app, const struct evidence_options *o);

/* One of a few rows, all copied. The view below gets id with the arg of the one that is picked. */
struct pick_row {
	const char *arg, *text;
	const char *note; /* beside it; NULL: none */
};
struct view *pick_view(struct app *app, const char *title, const struct pick_row *rows,
		       size_t count, enum command_id id);

/* Rows for it, in the arena; how many. Stages that can be deployed (CMD_DEPLOY), or whose canary
 * can be promoted (CMD_PROMOTE): "API/STAGE". The ready requests of a lab by number. The files of
 * the learner's copy by name, definitions first. */
size_t stage_rows(const struct gw_runtime *rt, enum command_id id, struct arena *a,
		  struct pick_row **rows);
size_t request_rows(const struct lab *lab, struct arena *a, struct pick_row **rows);
size_t file_rows(const struct lab_view *v, struct arena *a, struct pick_row **rows);
bool serves_websocket(const struct gateway *g); /* has it an API of that type? */

/* ---- pictures, for several of them ----------------------------------------------------- */

/* Rows of a trace: stage, outcome, summary, milliseconds; at: the row under the cursor, or -1. */
void trace_draw(struct page *p, const struct gw_trace *t, int at, bool all);
/* "GET /dev/products/42      429 Too Many Requests      0.4 ms". */
void trace_head(struct page *p, const struct gw_trace *t);

#endif
