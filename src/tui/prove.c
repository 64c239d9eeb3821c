/* prove.c -- the proof of a card: a request to a gateway of its own, and the trace that settles the
 * question, with the stage marked that decides. The gateway goes on running while this view is
 * open, so that a variation can be tried.
 *
 *      TRUST --yes--> RUNNING --the answer--> SETTLED --q--> closed
 *
 * As with labs the gateway ends a little after the view: see labview.c. */
#include "tui/action.h"
#include "tui/drawlab.h"
#include "tui/trace.h"

#include <stdlib.h>
#include <string.h>

enum state { TRUST, RUNNING, SETTLED };

struct prove_screen;
struct prove_hold {
	struct app *app;
	struct lab_shelf shelf;
	struct prove_screen *screen; /* NULL: closed */
};

struct prove_screen {
	struct view view;
	char *name;
	struct prove_hold *hold;
	struct proof_found found;
	struct proof_run *run; /* NULL in TRUST */
	char *commands;        /* TRUST: what would run */
	enum state state;
	bool met;
	uint64_t number;        /* of the trace that decides, 0: none */
	struct kept_trace kept; /* a copy of it: variations push it out of the ring */
	char *why;              /* it could not be run; NULL */
};

static struct prove_screen *self(struct view *v)
{
	return (struct prove_screen *)v;
}

static const struct lab_request *request_of(const struct prove_screen *s)
{
	return &s->found.lab->lab.requests[s->found.request];
}

/* ---- open and close ------------------------------------------------------------------ */

static void done(void *ctx, const struct proof_result *r)
{
	struct prove_hold *h = ctx;
	struct prove_screen *s = h->screen;
	if (!s)
		return;
	s->state = SETTLED;
	s->met = r->met;
	s->number = r->number;
	s->why = r->why ? xstrdup(r->why) : NULL;
	const struct gw_trace *t =
		r->number ? ring_get(serve_ring(rig_serve(proof_rig(s->run))), r->number) : NULL;
	if (t)
		kept_trace_set(&s->kept, t);
	app_wake(h->app);
}

static void closed(void *ctx)
{
	struct prove_hold *h = ctx;
	struct app *app = h->app;
	lab_shelf_clear(&h->shelf);
	free(h);
	app_release(app);
}

/* True also when it must first be asked whether commands may run. */
static bool start(struct prove_screen *s, bool allow, struct diags *d)
{
	struct app *app = s->view.app;
	struct diags why = {0};
	s->state = RUNNING;
	bool ok = proof_open(&s->run, app->study, s->found, allow, app->loop, done, s->hold, &why);
	if (ok) {
		app_hold(app);
	} else {
		s->run = NULL;
		s->state = TRUST;
		if (!allow)
			s->commands = trust_asked(&why);
	}
	diags_append(d, &why);
	bool asks = !ok && !why.errors;
	diags_clear(&why);
	return ok || asks;
}

static bool open_prove(struct view *v, struct diags *d)
{
	struct prove_screen *s = self(v);
	s->hold = xcalloc(1, sizeof(*s->hold));
	s->hold->app = v->app;
	s->hold->screen = s;
	if (!open_labs(v->app, &s->hold->shelf, d))
		return false;
	s->found = proof_find(&s->hold->shelf, s->name);
	if (!s->found.lab)
		return diag_fail(d, "proof-none", "there is no proof \"%s\" in the labs and proofs",
				 s->name);
	return start(s, false, d);
}

static void close_prove(struct view *v)
{
	struct prove_screen *s = self(v);
	struct prove_hold *h = s->hold;
	if (h)
		h->screen = NULL;
	if (s->run) {
		desk_clear(v->app, proof_rig(s->run));
		proof_close(s->run, closed, h);
	} else if (h) {
		lab_shelf_clear(&h->shelf);
		free(h);
	}
	kept_trace_clear(&s->kept);
	free(s->commands);
	free(s->why);
	free(s->name);
	free(s);
}

/* ---- commands ------------------------------------------------------------------------ */

static enum view_result trust_command(struct prove_screen *s, enum command_id id)
{
	struct diags d = {0};
	if (id == CMD_NO)
		return VIEW_BACK;
	if (id != CMD_YES)
		return VIEW_OTHER;
	if (start(s, true, &d)) {
		free(s->commands);
		s->commands = NULL;
	}
	app_report(s->view.app, &d);
	return VIEW_STAY;
}

static enum view_result command(struct view *v, enum command_id id, const char *arg)
{
	struct prove_screen *s = self(v);
	struct app *app = v->app;
	(void)arg;
	if (s->state == TRUST)
		return trust_command(s, id);
	struct rig *rig = proof_rig(s->run);
	const struct lab *lab = &s->found.lab->lab;
	const struct gw_trace *t = kept_trace(&s->kept);
	if (id == CMD_LAST_TRACE && t)
		app_push(app, trace_view_of(app, rig, lab, t, s->number));
	else if (id == CMD_COMPOSE && t)
		app_push(app, composer_of(app, rig, lab, t));
	else if (id == CMD_COMPOSE)
		app_push(app, composer_view(app, rig, lab, 0));
	else if (id == CMD_INSPECT)
		app_push(app, inspector_view(app, rig, lab));
	else if (id == CMD_SOURCE)
		action_list_sources(app, lab->cited, lab->cited_count,
				    "The proof names no source.");
	else
		return VIEW_OTHER;
	return VIEW_STAY;
}

static bool can(const struct view *v, enum command_id id)
{
	const struct prove_screen *s = (const struct prove_screen *)v;
	if (id == CMD_LAST_TRACE)
		return kept_trace(&s->kept) != NULL;
	if (id == CMD_SOURCE)
		return s->found.lab->lab.cited_count > 0;
	return true;
}

static enum context context(const struct view *v)
{
	return ((const struct prove_screen *)v)->state == TRUST ? CTX_TRUST : CTX_SETTLED;
}

/* ---- picture ------------------------------------------------------------------------- */

static void header(const struct view *v, struct arena *a, const char **left, const char **right)
{
	const struct prove_screen *s = (const struct prove_screen *)v;
	*left = arena_printf(a, "Proof · %s", s->found.lab->lab.title);
	if (s->run)
		*right = serve_url(rig_serve(proof_rig(s->run)));
}

static void draw(const struct view *v, struct canvas *c)
{
	const struct prove_screen *s = (const struct prove_screen *)v;
	if (s->state == TRUST) {
		trust_draw(c, "proof", s->commands);
		return;
	}
	const struct prove_picture picture = {
		.lab = &s->found.lab->lab,
		.request = request_of(s),
		.running = s->state == RUNNING,
		.met = s->met,
		.why = s->why,
		.trace = kept_trace(&s->kept),
	};
	prove_draw(c, &picture);
}

static const struct view_ops ops = {
	.name = "proof",
	.context = context,
	.open = open_prove,
	.header = header,
	.draw = draw,
	.command = command,
	.can = can,
	.close = close_prove,
};

struct view *proof_view(struct app *app, const char *name)
{
	struct prove_screen *s = xcalloc(1, sizeof(*s));
	s->view.ops = &ops;
	s->view.app = app;
	s->name = xstrdup(name);
	return &s->view;
}
