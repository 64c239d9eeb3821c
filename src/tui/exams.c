/* exams.c -- before an exam: what a new one would be and what is missing for it, those that wait
 * and those that have ended. Nothing here starts a clock but the row that says so. */
#include "base/utf8.h"
#include "tui/exam.h"
#include "tui/list.h"
#include "tui/sign.h"

#include <stdlib.h>

enum row_kind { ROW_WAITING, ROW_NEW, ROW_ENDED };
struct exams_row {
	enum row_kind kind;
	const struct sitting_row *sitting; /* NULL for ROW_NEW */
};

struct exams {
	struct view view;
	struct exam_options options;
	char *other; /* the exam that was changed to, options.exam then; NULL */
	struct sitting_plan plan;
	/* When the decks cannot fill the whole exam, plan is of the largest short one and full is
	 * what was asked for. */
	struct sitting_plan full;
	bool is_short;
	struct arena arena; /* of what follows */
	struct sitting_row *sittings;
	size_t sitting_count;
	struct exams_row *rows;
	struct list list;
};

static struct exams *self(struct view *v)
{
	return (struct exams *)v;
}

static void unload(struct exams *x)
{
	sitting_plan_clear(&x->plan);
	sitting_plan_clear(&x->full);
	arena_clear(&x->arena);
	x->is_short = false;
	x->sitting_count = 0;
	x->rows = NULL;
}

static bool plan(struct exams *x, struct diags *d)
{
	struct study *study = x->view.app->study;
	struct exam_options o = x->options;
	if (!sitting_plan(&x->plan, study, &o, d))
		return false;
	if (x->plan.fits || !x->plan.largest)
		return true;
	x->full = x->plan;
	x->plan = (struct sitting_plan){0};
	x->is_short = o.is_short = true;
	return sitting_plan(&x->plan, study, &o, d);
}

static void add_rows(struct exams *x, size_t *n, bool waiting)
{
	for (size_t i = 0; i < x->sitting_count; i++) {
		const struct sitting_row *s = &x->sittings[i];
		if (!s->ended_ms == waiting)
			x->rows[(*n)++] = (struct exams_row){waiting ? ROW_WAITING : ROW_ENDED, s};
	}
}

/* Those that wait come first: they are what the learner is most likely here for. */
static bool load(struct exams *x, struct diags *d)
{
	size_t n = 0;
	unload(x);
	if (!plan(x, d) ||
	    !sitting_list(x->view.app->study, &x->arena, &x->sittings, &x->sitting_count, d))
		return false;
	x->rows = arena_alloc(&x->arena, (x->sitting_count + 1) * sizeof(*x->rows));
	add_rows(x, &n, true);
	x->rows[n++] = (struct exams_row){.kind = ROW_NEW};
	add_rows(x, &n, false);
	list_set(&x->list, (int)n);
	return true;
}

static bool open_exams(struct view *v, struct diags *d)
{
	return load(self(v), d);
}

static void resume(struct view *v)
{
	struct diags d = {0};
	if (!load(self(v), &d))
		app_report(v->app, &d);
	diags_clear(&d);
}

static void close_exams(struct view *v)
{
	unload(self(v));
	free(self(v)->other);
	free(v);
}

static void open_row(struct exams *x)
{
	struct app *app = x->view.app;
	const struct exams_row *r = x->rows ? &x->rows[x->list.at] : NULL;
	if (!r)
		return;
	switch (r->kind) {
	case ROW_WAITING:
		app_push(app, resumed_view(app, r->sitting->id));
		break;
	case ROW_ENDED:
		app_push(app, result_view(app, r->sitting->id));
		break;
	case ROW_NEW:
		if (x->plan.fits)
			app_push(app, exam_view(app, &x->plan));
		else
			app_say(app, STYLE_WARN, "The decks hold too few questions for an exam.");
		break;
	}
}

/* The exam that replaces this one, or was replaced by it; NULL: none. */
static const char *neighbour(const struct exams *x)
{
	const struct blueprint *b = &x->plan.blueprint;
	return b->replaced_by ? b->replaced_by : b->replaces;
}

static enum view_result command(struct view *v, enum command_id id, const char *arg)
{
	struct exams *x = self(v);
	(void)arg;
	if (list_command(&x->list, id))
		return VIEW_STAY;
	if (id == CMD_OPEN) {
		open_row(x);
	} else if (id == CMD_MORE_TIME) {
		x->options.esl = !x->options.esl;
		resume(v);
	} else if (id == CMD_OTHER_EXAM && neighbour(x)) {
		char *other = xstrdup(neighbour(x));
		free(x->other);
		x->other = other;
		x->options.exam = other;
		resume(v);
	} else {
		return VIEW_OTHER;
	}
	return VIEW_STAY;
}

static bool can(const struct view *v, enum command_id id)
{
	const struct exams *x = (const struct exams *)v;
	if (id == CMD_DOWN)
		return x->list.count > 1;
	if (id == CMD_OTHER_EXAM)
		return neighbour(x) != NULL;
	return id != CMD_MORE_TIME || x->plan.blueprint.extra_minutes > 0;
}

/* ---- picture ------------------------------------------------------------------------- */

static void header(const struct view *v, struct arena *a, const char **left, const char **right)
{
	const struct exams *x = (const struct exams *)v;
	*left = arena_printf(a, "Mock exams · %s", x->plan.blueprint.code);
	*right = x->plan.form_text ? arena_printf(a, "form %s", x->plan.form_text) : "";
}

static int questions(const struct sitting_plan *p)
{
	return p->need.scored_sum + p->need.unscored_sum;
}

static void draw_missing(const struct sitting_plan *full, struct page *p)
{
	page_gap(p);
	page_line(p);
	page_words(p, STYLE_WARN, 0,
		   arena_printf(&p->arena, "! The decks hold too few questions for all %d.",
				questions(full)));
	for (size_t i = 0; i < full->missing_count; i++) {
		page_line(p);
		page_words(p, STYLE_PLAIN, 2, full->missing[i]);
	}
}

static void draw_about(const struct exams *x, struct page *p, bool tiny)
{
	const struct blueprint *b = &x->plan.blueprint;
	page_line(p);
	page_words(p, STYLE_STRONG, 0, b->title);
	if (x->plan.notice) {
		page_gap(p);
		page_line(p);
		page_words(p, STYLE_WARN, 0, x->plan.notice);
	}
	if (x->is_short)
		draw_missing(&x->full, p);
	else if (!x->plan.fits)
		draw_missing(&x->plan, p);
	if (tiny)
		return;
	page_gap(p);
	page_line(p);
	page_words(
		p, STYLE_DIM, 0,
		"No answer is shown before the end. Every key is kept: an exam that is left waits, "
		"and its clock with it.");
}

static const char *new_text(const struct exams *x, struct arena *a)
{
	const struct sitting_plan *p = &x->plan;
	const char *late = p->late ? arena_printf(a, ", %d seen lately", p->late) : "";
	if (!p->fits)
		return "too few questions";
	return arena_printf(a, "%d questions, %d minutes%s", questions(p), p->minutes, late);
}

static const char *row_name(const struct exams_row *r, bool is_short, struct arena *a)
{
	if (r->kind == ROW_NEW)
		return is_short ? "Begin a short exam" : "Begin a new exam";
	return arena_printf(a, r->kind == ROW_WAITING ? "Go on with %lld" : "Exam %lld",
			    (long long)r->sitting->id);
}

static const char *row_text(const struct exams *x, const struct exams_row *r, struct arena *a)
{
	const struct sitting_row *s = r->sitting;
	int start = x->view.app->study->config.preset.day_start_min;
	switch (r->kind) {
	case ROW_NEW:
		return new_text(x, a);
	case ROW_WAITING:
		return arena_printf(a, "%d of %d answered, %s left", s->answered, s->items,
				    sitting_time_text(a, s->left_ms));
	case ROW_ENDED:
		break;
	}
	return arena_printf(a, "%d of %d right   %s   %s", s->right, s->scored,
			    date_text(a, day_of(s->began, start)), s->code);
}

static void draw(const struct view *v, struct canvas *c)
{
	const struct exams *x = (const struct exams *)v;
	struct page *p = &c->body;
	draw_about(x, p, c->frame->tiny);
	page_gap(p);
	for (int i = 0; i < x->list.count && x->rows; i++) {
		const struct exams_row *r = &x->rows[i];
		bool here = i == x->list.at;
		page_line(p);
		if (here)
			page_mark(p, STYLE_FOCUS, SIGN_HERE);
		page_add(p, here ? STYLE_FOCUS : STYLE_PLAIN, row_name(r, x->is_short, &p->arena));
		page_pad(p, c->frame->tiny ? 18 : 22);
		page_add(p, here ? STYLE_PLAIN : STYLE_DIM, row_text(x, r, &p->arena));
		if (here)
			canvas_focus(c);
	}
}

static enum context context(const struct view *v)
{
	(void)v;
	return CTX_EXAMS;
}

static const struct view_ops ops = {
	.name = "exams",
	.context = context,
	.open = open_exams,
	.header = header,
	.draw = draw,
	.command = command,
	.can = can,
	.resume = resume,
	.close = close_exams,
};

struct view *exams_view(struct app *app, const struct exam_options *o)
{
	struct exams *x = xcalloc(1, sizeof(*x));
	x->view.ops = &ops;
	x->view.app = app;
	x->options = *o;
	list_fit(&x->list, 1000);
	return &x->view;
}
