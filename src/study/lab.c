/* lab.c -- a lab being worked on; see lab.h.
 *
 * The gateway is a rig's; this file decides what its traces mean. A goal is met when its row is on
 * the disk: a store that fails leaves it unmet, and the next trace that shows it tries again. What
 * a kill interrupts between the last goal and the end of the lab is made up for when it is opened
 * again. The state of a lab is that of its log: shelf_lab_add() reads it, here as on the shelf. */
#include "study/lab.h"

#include "base/file.h"
#include "store/lablog.h"
#include "study/labplace.h"
#include "study/match.h"
#include "study/mistake.h"

#include <assert.h>
#include <stdlib.h>

#define MAX_DUE 100 /* review cards that the end of a lab brings back */

struct goal_watch {
	struct matcher *matcher;
	int64_t *began_ms; /* of the last traces that counted, `times` of them, as a ring */
};

struct lab_session {
	struct study *study;
	struct shelf_lab *shelf;
	struct lab_options o;
	struct lab_ops ops;
	void *ctx;
	struct lab_place place;
	struct rig *rig;
	struct goal_watch goals[MAX_LAB_GOALS];
	struct lab_view *view;
	char *url;
	char *problem, *trouble; /* of the definition; of what was done last */
	char *unread;            /* a warning of the definition */
	int64_t preset_id;
	int64_t opened_ms;
	rig_done *solved; /* told when the solution is through */
	bool wrote;
};

static void changed(struct lab_session *l)
{
	if (l->ops.changed)
		l->ops.changed(l->ctx);
}

static void set_text(struct lab_session *l, char **which, const char *text)
{
	char *copy = text ? xstrdup(text) : NULL;
	free(*which);
	*which = copy;
	l->view->problem = l->problem ? l->problem : l->trouble;
	l->view->broken = l->problem != NULL;
	l->view->unread = l->problem ? NULL : l->unread;
}

/* ---- the log ------------------------------------------------------------------------- */

/* Append a row. right -1: no answer. */
static bool append(struct lab_session *l, const char *what, const char *name, int right,
		   const int64_t *due, size_t due_count, struct diags *d)
{
	const struct lab *lab = &l->shelf->lab;
	struct study *s = l->study;
	struct str tasks = {0};
	if (right >= 0)
		lab_tasks(&tasks, lab->tasks, lab->task_count);
	const struct store_lab_event x = {
		.at = study_now(s),
		.day = study_today(s),
		.lab = lab->id,
		.what = what,
		.name = name,
		.given = "",
		.truth = "",
		.right = right,
		.helped = right >= 0 && l->view->hints > 0,
		.tasks = str_c(&tasks),
		.took_ms = study_now(s).ms - l->opened_ms,
	};
	bool ok = l->o.scratch || store_lab_event(s->store, &x, due, due_count, l->preset_id, d);
	str_clear(&tasks);
	return ok;
}

/* It is on the disk: so the shelf says. */
static void count(struct lab_session *l, const char *what, const char *name)
{
	if (l->o.scratch)
		return;
	l->wrote = true;
	shelf_lab_add(l->shelf, &(struct store_lab_event){.what = what, .name = name});
}

static bool keep(struct lab_session *l, const char *what, const char *name, int right,
		 struct diags *d)
{
	if (!append(l, what, name, right, NULL, 0, d))
		return false;
	count(l, what, name);
	return true;
}

static void tell_store_problem(struct lab_session *l, const struct diags *d)
{
	char *text = xasprintf("this could not be kept: %s", diags_first(d));
	set_text(l, &l->trouble, text);
	free(text);
}

/* ---- goals --------------------------------------------------------------------------- */

/* One more trace that shows a goal: are they enough, and close enough together? */
static bool counts(struct lab_session *l, int i, const struct gw_trace *t)
{
	const struct lab_goal *g = &l->shelf->lab.goals[i];
	struct lab_goal_state *state = &l->view->goals[i];
	int64_t *began = l->goals[i].began_ms;
	if (!g->within_ms)
		return ++state->seen >= g->times;
	memmove(began, began + 1, (size_t)(g->times - 1) * sizeof(*began));
	began[g->times - 1] = t->began_ms;
	state->seen = 0;
	for (int k = 0; k < g->times; k++)
		state->seen += began[k] && t->began_ms - began[k] <= g->within_ms;
	return state->seen >= g->times;
}

static bool is_its_turn(const struct lab_session *l, int i, const struct gw_trace *t)
{
	int after = l->shelf->lab.goals[i].after;
	const struct lab_goal_state *first = after >= 0 ? &l->view->goals[after] : NULL;
	return !first || (first->met && first->number != t->number);
}

static void check_goal(struct lab_session *l, int i, const struct gw_trace *t)
{
	struct lab_goal_state *state = &l->view->goals[i];
	struct diags d = {0};
	if (!is_its_turn(l, i, t) || !matcher_meets(l->goals[i].matcher, t) || !counts(l, i, t))
		return;
	if (l->view->stage != LAB_WORKING ||
	    keep(l, "goal", l->shelf->lab.goals[i].id, l->view->hints == 0, &d)) {
		state->met = state->fresh = true;
		state->number = t->number;
		l->view->met++;
	} else {
		tell_store_problem(l, &d);
	}
	diags_clear(&d);
}

/* The cards of the lab join the reviews; those that are there already stay as they are. */
static bool end(struct lab_session *l, const char *what, struct diags *d)
{
	const struct lab *lab = &l->shelf->lab;
	int64_t due[MAX_DUE];
	size_t n = 0;
	if (!l->o.scratch && !mistake_parts(l->study, lab->cards, lab->card_count, MISTAKE_FRESH,
					    due, &n, MAX_DUE, d))
		return false;
	if (!append(l, what, "", -1, due, n, d))
		return false;
	l->view->due_cards += (int)n;
	return true;
}

static void pass_if_all_met(struct lab_session *l)
{
	struct diags d = {0};
	if (l->view->stage != LAB_WORKING || l->view->met < l->view->total)
		return;
	l->view->due_cards = 0;
	if (end(l, "passed", &d)) {
		count(l, "passed", "");
		l->view->stage = LAB_PASSED;
	} else {
		tell_store_problem(l, &d);
	}
	diags_clear(&d);
}

static void on_traced(void *ctx, const struct gw_trace *t)
{
	struct lab_session *l = ctx;
	enum lab_stage before = l->view->stage;
	for (int i = 0; i < l->view->total; i++)
		l->view->goals[i].fresh = false;
	for (int i = 0; i < l->view->total; i++)
		if (!l->view->goals[i].met)
			check_goal(l, i, t);
	pass_if_all_met(l);
	if (l->ops.traced)
		l->ops.traced(l->ctx, t);
	if (l->view->stage != before)
		changed(l);
}

/* ---- what else the rig tells --------------------------------------------------------- */

static void on_heard(void *ctx, const struct rig_heard *h)
{
	struct lab_session *l = ctx;
	if (l->ops.heard)
		l->ops.heard(l->ctx, h);
}

/* "shop.yaml:12: unknown key": the learner knows where the folder is. */
static void set_diag(struct lab_session *l, char **which, const struct diag *item)
{
	if (!item || !item->pos.file) {
		set_text(l, which, item ? item->text : NULL);
		return;
	}
	char *text = xasprintf("%s:%d: %s", path_base(item->pos.file), item->pos.line, item->text);
	set_text(l, which, text);
	free(text);
}

/* Of the warnings only mistyped keys: what else is warned of was in the files as they came. */
static void on_changed(void *ctx, struct diags *d)
{
	struct lab_session *l = ctx;
	const struct diag *error = NULL, *unread = NULL;
	for (size_t i = 0; i < d->count; i++) {
		const struct diag *item = &d->items[i];
		if (item->level == DIAG_ERROR && !error)
			error = item;
		if (str_eq(item->code, "gateway-unknown-key") && !unread)
			unread = item;
	}
	set_diag(l, &l->unread, unread);
	set_diag(l, &l->problem, error);
	changed(l);
}

static void free_session(struct lab_session *l)
{
	for (size_t i = 0; i < MAX_LAB_GOALS; i++) {
		matcher_free(l->goals[i].matcher);
		free(l->goals[i].began_ms);
	}
	place_clear(&l->place);
	free(l->view);
	free(l->url);
	free(l->problem);
	free(l->unread);
	free(l->trouble);
	free(l);
}

static void on_closed(void *ctx)
{
	struct lab_session *l = ctx;
	void (*closed)(void *ctx) = l->ops.closed;
	void *whose = l->ctx;
	if (l->wrote)
		study_auto_backup(l->study, NULL);
	free_session(l);
	if (closed)
		closed(whose);
}

static const struct rig_ops rig_ops = {
	.traced = on_traced,
	.heard = on_heard,
	.changed = on_changed,
	.closed = on_closed,
};

/* ---- opening ------------------------------------------------------------------------- */

static void watch_goals(struct lab_session *l)
{
	const struct lab *lab = &l->shelf->lab;
	for (size_t i = 0; i < lab->goal_count; i++) {
		l->goals[i].matcher = matcher_new(&lab->goals[i].match);
		l->goals[i].began_ms =
			xcalloc((size_t)lab->goals[i].times, sizeof(*l->goals[i].began_ms));
	}
}

static void add_event(void *ctx, const struct store_lab_event *x)
{
	shelf_lab_add(ctx, x);
}

/* Where the log stands: other sittings may have written to it since the shelf was read. */
static bool read_log(struct lab_session *l, struct diags *d)
{
	struct shelf_lab *sh = l->shelf;
	shelf_lab_reset(sh);
	return store_preset(l->study->store, &l->study->config.preset, &l->preset_id, d) &&
	       store_lab_events(l->study->store, sh->lab.id, add_event, sh, d);
}

static void show_log(struct lab_session *l)
{
	const struct shelf_lab *sh = l->shelf;
	struct lab_view *v = l->view;
	v->stage = !sh->over ? LAB_WORKING : sh->given_up ? LAB_GIVEN_UP : LAB_PASSED;
	v->hints = sh->hints < (int)sh->lab.hint_count ? sh->hints : (int)sh->lab.hint_count;
	v->met = sh->goals_met;
	for (int i = 0; i < v->total; i++)
		v->goals[i] = (struct lab_goal_state){
			.met = sh->met >> i & 1,
			.seen = sh->met >> i & 1 ? sh->lab.goals[i].times : 0,
		};
}

static bool find_place(struct lab_session *l, struct diags *d)
{
	const struct lab *lab = &l->shelf->lab;
	const struct paths *paths = l->study->paths;
	if (l->o.scratch)
		return place_scratch(&l->place, paths, lab, d);
	return place_work(&l->place, paths, l->shelf, d) &&
	       (!l->o.start_over || place_renew(&l->place, paths, lab, study_now(l->study), d));
}

/* The log of a sitting that begins. */
static bool begin(struct lab_session *l, struct diags *d)
{
	if (l->o.scratch)
		return true;
	if (!read_log(l, d))
		return false;
	if ((l->o.start_over || !l->shelf->begun) && !keep(l, "begin", "", -1, d))
		return false;
	show_log(l);
	return true;
}

static bool serve(struct lab_session *l, struct uv_loop_s *loop, struct diags *d)
{
	struct serve_options o;
	if (!place_serve(&o, &l->place, l->study, l->shelf, l->o.allow_commands, d))
		return false;
	o.port = l->o.port;
	l->view->folder = l->place.folder;
	l->view->first_file = l->place.files[0];
	l->rig = rig_open(loop, &o, &l->shelf->lab, &rig_ops, l, d);
	if (!l->rig) {
		if (!l->o.scratch)
			diag_note(d, (struct pos){0}, "lab-broken",
				  "this is your copy of the lab: mend it, or start the lab over");
		return false;
	}
	l->url = xstrdup(serve_url(rig_serve(l->rig)));
	l->view->url = l->url;
	return true;
}

bool lab_open(struct lab_session **out, struct study *s, struct shelf_lab *lab,
	      struct uv_loop_s *loop, const struct lab_options *o, const struct lab_ops *ops,
	      void *ctx, struct diags *d)
{
	*out = NULL;
	if (s->read_only && !o->scratch)
		return diag_fail(d, "store-read-only",
				 "the store cannot be written, so no goal could be kept; give "
				 "another with --db");
	struct lab_session *l = xcalloc(1, sizeof(*l));
	l->study = s;
	l->shelf = lab;
	l->o = *o;
	l->ctx = ctx;
	if (ops)
		l->ops = *ops;
	l->opened_ms = study_now(s).ms;
	l->view = xcalloc(1, sizeof(*l->view));
	l->view->lab = &lab->lab;
	l->view->total = (int)lab->lab.goal_count;
	watch_goals(l);
	if (!find_place(l, d) || !begin(l, d) || !serve(l, loop, d)) {
		free_session(l);
		return false;
	}
	pass_if_all_met(l);
	*out = l;
	return true;
}

void lab_close(struct lab_session *l)
{
	if (l)
		rig_close(l->rig);
}

const struct lab_view *lab_view(const struct lab_session *l)
{
	l->view->busy = rig_busy(l->rig);
	return l->view;
}

struct rig *lab_rig(struct lab_session *l)
{
	return l->rig;
}

/* ---- hints and the end --------------------------------------------------------------- */

bool lab_hint(struct lab_session *l, const char **hint, struct diags *d)
{
	const struct lab *lab = &l->shelf->lab;
	struct lab_view *v = l->view;
	char number[16];
	*hint = NULL;
	if ((size_t)v->hints == lab->hint_count)
		return true;
	snprintf(number, sizeof(number), "%d", v->hints + 1);
	if (v->stage == LAB_WORKING && !keep(l, "hint", number, -1, d))
		return false;
	*hint = lab->hints[v->hints++];
	changed(l);
	return true;
}

/* A goal that was not met, and its cards, whether they were known or not. */
static bool miss(struct lab_session *l, const struct lab_goal *g, struct diags *d)
{
	int64_t due[MAX_DUE];
	size_t n = 0;
	if (!mistake_parts(l->study, g->cards, g->card_count, MISTAKE_ANY, due, &n, MAX_DUE, d) ||
	    !append(l, "missed", g->id, 0, due, n, d))
		return false;
	l->view->due_cards += (int)n;
	return true;
}

static bool miss_all(struct lab_session *l, struct diags *d)
{
	l->view->due_cards = 0;
	for (int i = 0; i < l->view->total; i++)
		if (!l->view->goals[i].met && !miss(l, &l->shelf->lab.goals[i], d))
			return false;
	return end(l, "given-up", d);
}

/* All of it is one transaction. */
bool lab_give_up(struct lab_session *l, struct diags *d)
{
	struct store *store = l->study->store;
	if (l->view->stage != LAB_WORKING)
		return true;
	if (!l->o.scratch) {
		bool ok = store_begin(store, d) && miss_all(l, d);
		if (!ok)
			store_rollback(store);
		if (!ok || !store_commit(store, d)) {
			l->view->due_cards = 0;
			return false;
		}
	}
	count(l, "given-up", "");
	l->view->stage = LAB_GIVEN_UP;
	changed(l);
	return true;
}

/* ---- doing --------------------------------------------------------------------------- */

static void on_done(void *ctx, bool ok, const char *why)
{
	struct lab_session *l = ctx;
	rig_done *solved = l->solved;
	l->solved = NULL;
	if (!ok && !solved)
		set_text(l, &l->trouble, why);
	if (solved)
		solved(l->ctx, ok, why);
	changed(l);
}

static void begun(struct lab_session *l)
{
	set_text(l, &l->trouble, NULL);
	changed(l);
}

bool lab_request(struct lab_session *l, int request, struct diags *d)
{
	if (!rig_do_named(l->rig, request, on_done, l, d))
		return false;
	begun(l);
	return true;
}

bool lab_deploy(struct lab_session *l, const char *api, const char *stage, struct diags *d)
{
	const struct lab_action x = {.verb = LAB_DEPLOY, .api = api, .stage = stage};
	if (!rig_do(l->rig, &x, on_done, l, d))
		return false;
	begun(l);
	return true;
}

/* Files as they came, and a gateway that remembers nothing. */
static bool renew(struct lab_session *l, struct diags *d)
{
	if (!place_renew(&l->place, l->study->paths, &l->shelf->lab, study_now(l->study), d) ||
	    !rig_restart(l->rig, d))
		return false;
	free(l->url);
	l->url = xstrdup(serve_url(rig_serve(l->rig)));
	l->view->url = l->url;
	set_text(l, &l->unread, NULL);
	set_text(l, &l->problem, NULL);
	return true;
}

bool lab_solve(struct lab_session *l, rig_done *done, struct diags *d)
{
	const struct lab *lab = &l->shelf->lab;
	if (!l->o.scratch && l->view->stage == LAB_WORKING)
		return diag_fail(d, "lab-working",
				 "the solution is shown when the lab is given up or passed");
	if (rig_busy(l->rig))
		return diag_fail(d, "rig-busy", "something else is being done: wait, or stop it");
	if (!l->o.scratch && !renew(l, d))
		return false;
	if (!rig_do_steps(l->rig, lab->solution, lab->solution_count, l->place.folder, on_done, l,
			  d))
		return false;
	l->solved = done;
	begun(l);
	return true;
}

bool lab_start_over(struct lab_session *l, struct diags *d)
{
	if (l->o.scratch || !renew(l, d))
		return false;
	l->opened_ms = study_now(l->study).ms;
	if (!keep(l, "begin", "", -1, d))
		return false;
	show_log(l);
	l->view->due_cards = 0;
	for (int i = 0; i < l->view->total; i++)
		memset(l->goals[i].began_ms, 0,
		       (size_t)l->shelf->lab.goals[i].times * sizeof(*l->goals[i].began_ms));
	changed(l);
	return true;
}
