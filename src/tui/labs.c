/* labs.c -- the list of hands-on labs with what was done in each, and the evidence drills below it.
 * The shelf is read anew whenever this view is on top again: a lab keeps a shelf of its own, since
 * it may still be closing down when the learner is back here. */
#include "base/utf8.h"
#include "tui/lab.h"
#include "tui/list.h"
#include "tui/sign.h"

#include <stdlib.h>
#include <string.h>

#define ROWS_EACH 3 /* lines of a row with the empty one above it */

struct labs {
	struct view view;
	struct lab_shelf shelf;
	size_t faults;    /* of all drills */
	struct list list; /* labs, then drills; before several drills one for all of them */
};

static struct labs *self(struct view *v)
{
	return (struct labs *)v;
}

bool open_labs(struct app *app, struct lab_shelf *out, struct diags *d)
{
	struct diags files = {0};
	return app_shelf(app, lab_shelf_open(out, app->study, &files), &files, d);
}

/* ---- rows ---------------------------------------------------------------------------- */

static int mixed_rows(const struct labs *l)
{
	return l->shelf.drill_count > 1;
}

static int row_count(const struct labs *l)
{
	return (int)(l->shelf.count + l->shelf.drill_count) + mixed_rows(l);
}

/* The lab of a row; NULL: it is about drills. */
static const struct shelf_lab *lab_at(const struct labs *l, int row)
{
	return row < (int)l->shelf.count ? l->shelf.labs[row] : NULL;
}

/* The drill of a row below the labs; NULL: all of them. */
static const struct shelf_lab *drill_at(const struct labs *l, int row)
{
	int i = row - (int)l->shelf.count - mixed_rows(l);
	return i < 0 ? NULL : l->shelf.drills[i];
}

static size_t all_faults(const struct lab_shelf *shelf)
{
	size_t n = 0;
	for (size_t i = 0; i < shelf->drill_count; i++)
		n += shelf->drills[i]->lab.fault_count;
	return n;
}

/* ---- open and close ------------------------------------------------------------------ */

static bool read_shelf(struct labs *l, struct diags *d)
{
	struct lab_shelf fresh = {0};
	if (!open_labs(l->view.app, &fresh, d))
		return false;
	lab_shelf_clear(&l->shelf);
	l->shelf = fresh;
	l->faults = all_faults(&fresh);
	list_set(&l->list, row_count(l));
	return true;
}

static bool open_view(struct view *v, struct diags *d)
{
	return read_shelf(self(v), d);
}

static void resume(struct view *v)
{
	struct diags d = {0};
	if (!read_shelf(self(v), &d))
		app_report(v->app, &d);
	diags_clear(&d);
}

static void close_view(struct view *v)
{
	lab_shelf_clear(&self(v)->shelf);
	free(v);
}

static void layout(struct view *v, const struct frame *f)
{
	list_fit(&self(v)->list, f->body_rows / ROWS_EACH);
}

/* ---- commands ------------------------------------------------------------------------ */

static void open_row(struct labs *l, bool start_over)
{
	struct app *app = l->view.app;
	const struct shelf_lab *lab = lab_at(l, l->list.at);
	if (lab) {
		const struct lab_options o = {.start_over = start_over};
		app_push(app, lab_view_of(app, lab->lab.id, &o));
		return;
	}
	const struct shelf_lab *drill = drill_at(l, l->list.at);
	const struct evidence_options o = {.drill = drill ? drill->lab.id : NULL, .cases = -1};
	app_push(app, evidence_view(app, &o));
}

static bool may_start_over(const struct labs *l)
{
	const struct shelf_lab *lab = l->list.count ? lab_at(l, l->list.at) : NULL;
	return lab && lab->tries > 0;
}

static enum view_result command(struct view *v, enum command_id id, const char *arg)
{
	struct labs *l = self(v);
	(void)arg;
	if (list_command(&l->list, id))
		return VIEW_STAY;
	if (id == CMD_START_OVER && !may_start_over(l))
		app_say(v->app, STYLE_PLAIN, "There is nothing to start over.");
	else if ((id == CMD_OPEN || id == CMD_START_OVER) && l->list.count)
		open_row(l, id == CMD_START_OVER);
	else
		return VIEW_OTHER;
	return VIEW_STAY;
}

static bool can(const struct view *v, enum command_id id)
{
	const struct labs *l = (const struct labs *)v;
	if (id == CMD_DOWN)
		return l->list.count > 1;
	if (id == CMD_START_OVER)
		return may_start_over(l);
	return id != CMD_OPEN || l->list.count > 0;
}

/* ---- picture ------------------------------------------------------------------------- */

struct row_text {
	const char *title, *end, *about;
};

static void header(const struct view *v, struct arena *a, const char **left, const char **right)
{
	const struct labs *l = (const struct labs *)v;
	size_t passed = 0;
	for (size_t i = 0; i < l->shelf.count; i++)
		passed += l->shelf.labs[i]->passed;
	*left = "Gateway labs";
	*right = arena_printf(a, "%zu of %zu done", passed, l->shelf.count);
}

/* Title with a word at the right end; below it what it is about, of the marked one all of it. */
static void draw_row(struct canvas *c, bool here, const char *sign, const struct row_text *t)
{
	struct page *p = &c->body;
	int room = p->width - utf8_columns(t->end, strlen(t->end)) - 2;
	page_gap(p);
	page_line(p);
	if (here)
		page_mark(p, STYLE_FOCUS, SIGN_HERE);
	page_add(p, sign[0] == ' ' ? STYLE_PLAIN : STYLE_RIGHT, sign);
	page_add(p, STYLE_PLAIN, " ");
	page_cut(p, here ? STYLE_FOCUS : STYLE_PLAIN, t->title, room - page_cols(p));
	page_end(p, STYLE_DIM, t->end);
	if (here)
		canvas_focus(c);
	page_line(p);
	page_pad(p, 2);
	if (here)
		page_words(p, STYLE_DIM, 2, t->about);
	else
		page_add(p, STYLE_DIM, t->about);
	if (here)
		canvas_focus(c);
}

static void draw_lab(struct canvas *c, const struct shelf_lab *l, bool here)
{
	struct str end = {0};
	const char *sign = l->passed ? SIGN_RIGHT : l->begun ? SIGN_HALF : " ";
	lab_progress(&end, l);
	if (l->lab.minutes && !c->frame->tiny)
		str_addf(&end, " · %2d min", l->lab.minutes);
	draw_row(c, here, sign,
		 &(struct row_text){l->lab.title, str_c(&end), l->lab.about ? l->lab.about : ""});
	str_clear(&end);
}

static void draw_drill(struct canvas *c, const struct labs *l, const struct shelf_lab *drill,
		       bool here)
{
	size_t faults = drill ? drill->lab.fault_count : l->faults;
	draw_row(c, here, " ",
		 &(struct row_text){drill ? drill->lab.title : "All drills, mixed",
				    arena_printf(&c->body.arena, "%zu %s", faults,
						 str_plural((long)faults, "fault", "faults")),
				    drill && drill->lab.about
					    ? drill->lab.about
					    : "Logs, metrics and a trace: which stage fails?"});
}

static void draw_heading(struct page *p, const char *text)
{
	page_gap(p);
	page_line(p);
	page_add(p, STYLE_HEADING, text);
}

static void draw(const struct view *v, struct canvas *c)
{
	const struct labs *l = (const struct labs *)v;
	if (!l->list.count) {
		page_line(&c->body);
		page_add(&c->body, STYLE_PLAIN, "There are no labs.");
	}
	for (int i = 0; i < l->list.count; i++) {
		const struct shelf_lab *lab = lab_at(l, i);
		bool here = i == l->list.at;
		if (lab) {
			draw_lab(c, lab, here);
			continue;
		}
		if (i == (int)l->shelf.count)
			draw_heading(&c->body, "Evidence drills");
		draw_drill(c, l, drill_at(l, i), here);
	}
}

static enum context context(const struct view *v)
{
	(void)v;
	return CTX_LABS;
}

static const struct view_ops ops = {
	.name = "labs",
	.wide = true,
	.context = context,
	.open = open_view,
	.layout = layout,
	.header = header,
	.draw = draw,
	.command = command,
	.can = can,
	.resume = resume,
	.close = close_view,
};

struct view *labs_view(struct app *app)
{
	struct labs *l = xcalloc(1, sizeof(*l));
	l->view.ops = &ops;
	l->view.app = app;
	return &l->view;
}
