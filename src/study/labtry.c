/* labtry.c -- a lab carried out without a learner: lab_try() of lab.h. What a message or a function
 * leads to may come after the last step, so the end is when all goals are met, or when no trace has
 * come for a while. */
#include "study/lab.h"
#include "study/waiting.h"

#define CALM_MS 700 /* without a trace after the last step */
#define UNSOLVED_CALM_MS 200

struct
try {
	struct waiting wait;
	struct lab_session *lab;
	struct lab_trial *out;
	struct diags *d;
	bool solved, ended, failed;
	const char *file;
};

static void take_result(struct try *t)
{
	const struct lab_view *v = lab_view(t->lab);
	t->out->met = v->met;
	t->out->passed = v->met == v->total;
	for (int i = 0; i < v->total; i++)
		t->out->goals[i] = v->goals[i].met;
}

static void finish(void *ctx)
{
	struct try *t = ctx;
	take_result(t);
	lab_close(t->lab);
}

static void wait_for_calm(struct try *t)
{
	const struct lab_view *v = lab_view(t->lab);
	int64_t calm = t->solved ? CALM_MS : UNSOLVED_CALM_MS;
	waiting_pause(&t->wait, v->met == v->total ? 0 : calm, finish);
}

static void on_traced(void *ctx, const struct gw_trace *trace)
{
	struct try *t = ctx;
	(void)trace;
	if (t->ended)
		wait_for_calm(t);
}

/* Without its edits a solution need not make sense. */
static void on_done(void *ctx, bool ok, const char *why)
{
	struct try *t = ctx;
	t->ended = true;
	if (!ok && t->solved && !t->wait.late) {
		t->failed = true;
		diag_error(t->d, (struct pos){t->file, 0, 0}, "lab-solution",
			   "a step of the solution cannot be done: %s", why);
	}
	wait_for_calm(t);
}

static void on_closed(void *ctx)
{
	struct try *t = ctx;
	waiting_over(&t->wait);
}

static bool has_edits(const struct lab *lab)
{
	for (size_t i = 0; i < lab->solution_count; i++)
		if (lab->solution[i].request < 0 && lab->solution[i].action.verb == LAB_EDIT)
			return true;
	return false;
}

static bool start(struct try *t, struct shelf_lab *lab)
{
	const struct lab *l = &lab->lab;
	if (t->solved)
		return lab_solve(t->lab, on_done, t->d);
	if (has_edits(l))
		return rig_do_steps(lab_rig(t->lab), l->solution, l->solution_count, NULL, on_done,
				    t, t->d);
	t->ended = true;
	wait_for_calm(t);
	return true;
}

bool lab_try(struct lab_trial *out, struct study *s, struct shelf_lab *lab, bool solved,
	     bool allow_commands, struct diags *d)
{
	static const struct lab_ops ops = {.traced = on_traced, .closed = on_closed};
	const struct lab_options o = {.scratch = true, .allow_commands = allow_commands};
	struct try t = {.out = out, .d = d, .solved = solved, .file = lab->lab.file};
	int64_t began_us = clock_us();
	*out = (struct lab_trial){.total = (int)lab->lab.goal_count};
	if (!waiting_begin(&t.wait, finish, &t, d))
		return false;
	bool ok = lab_open(&t.lab, s, lab, &t.wait.loop, &o, &ops, &t, d);
	if (!ok) {
		waiting_over(&t.wait);
	} else if (!start(&t, lab)) {
		ok = false;
		lab_close(t.lab);
	}
	waiting_run(&t.wait);
	out->ms = (clock_us() - began_us) / 1000;
	if (t.wait.late)
		return diag_error(d, (struct pos){lab->lab.file, 0, 0}, "lab-slow",
				  "this was not over in %d s", WAITING_LIMIT_MS / 1000);
	return ok && !t.failed;
}
