/* evidence.c -- evidence drills: access log, metrics and a trace of a gateway that has a fault, and
 * the question which stage fails.
 *
 *      ASKED --answer, give up--> SHOWN --next case--> ASKED ...
 *      any --stop, no case left--> ENDED, when there is something to sum up
 *
 * The options stand in the foot, so that they stay in sight while the evidence scrolls above them.
 */
#include "study/evidence.h"
#include "tui/action.h"
#include "tui/asked.h"
#include "tui/drawlab.h"

#include <stdlib.h>

struct evidence_screen {
	struct view view;
	char *drill;
	struct evidence_options options;
	struct lab_shelf shelf;
	struct evidence *evidence;
	char *commands; /* it is first asked whether these may run; NULL: no question */
	struct evidence_pose pose;
	bool ended; /* stopped before the last case */
};

static struct evidence_screen *self(struct view *v)
{
	return (struct evidence_screen *)v;
}

/* NULL: it is over. */
static const struct evidence_case *look(const struct evidence_screen *s)
{
	return s->ended || s->commands ? NULL : evidence_case(s->evidence);
}

/* ---- open and close ------------------------------------------------------------------ */

static void fresh_pose(struct evidence_screen *s)
{
	s->pose = (struct evidence_pose){.marks = {.at = -1, .chosen = -1}, .cut = s->pose.cut};
	s->view.scroll = (struct scroll){0};
}

/* What failed, if only commands would run: then it is asked whether they may. */
static bool ask_trust(struct evidence_screen *s, struct diags *d)
{
	s->commands = s->options.allow_commands ? NULL : trust_asked(d);
	return s->commands != NULL;
}

static bool begin(struct evidence_screen *s, struct diags *d)
{
	struct diags why = {0};
	bool ok = evidence_open(&s->evidence, s->view.app->study, &s->shelf, &s->options, &why) ||
		  ask_trust(s, &why);
	fresh_pose(s);
	diags_append(d, &why);
	diags_clear(&why);
	return ok;
}

static bool open_view(struct view *v, struct diags *d)
{
	return open_labs(v->app, &self(v)->shelf, d) && begin(self(v), d);
}

static void close_view(struct view *v)
{
	struct evidence_screen *s = self(v);
	evidence_close(s->evidence, v->app->late);
	lab_shelf_clear(&s->shelf);
	free(s->commands);
	free(s->drill);
	free(s);
}

/* ---- commands ------------------------------------------------------------------------ */

static void take(struct evidence_screen *s, int option)
{
	struct diags d = {0};
	if (evidence_answer(s->evidence, option, &d)) {
		s->pose.marks.striking = false;
		s->view.scroll = (struct scroll){.follow = true};
	}
	app_report(s->view.app, &d);
}

static void next_case(struct evidence_screen *s)
{
	struct diags d = {0};
	if (evidence_next(s->evidence, &d) || ask_trust(s, &d))
		fresh_pose(s);
	app_report(s->view.app, &d);
}

static bool asked_case(struct evidence_screen *s, enum command_id id, const char *arg)
{
	struct marks *m = &s->pose.marks;
	if (id == CMD_SUBMIT && m->chosen < 0)
		app_say(s->view.app, STYLE_WARN, "Choose a stage first: its letter.");
	else if (id == CMD_SUBMIT)
		take(s, m->chosen);
	else if (id == CMD_REVEAL)
		take(s, -1);
	else
		return marks_command(s->view.app, m, (int)look(s)->option_count, id, arg);
	return true;
}

static bool shown_case(struct evidence_screen *s, enum command_id id)
{
	const struct lab *lab = &look(s)->drill->lab;
	if (id == CMD_NEXT_CASE)
		next_case(s);
	else if (id == CMD_SOURCE)
		action_list_sources(s->view.app, lab->cited, lab->cited_count,
				    "The drill names no source.");
	else
		return false;
	return true;
}

/* Why there is no case is said where there is still a screen, else once the terminal is back. */
static void leave_failed(struct evidence_screen *s, struct diags *d)
{
	struct app *app = s->view.app;
	if (!s->view.below) {
		app->code = CODE_FAILED;
		diags_append(app->late, d);
	}
	app_report(app, d);
}

/* Cases are drawn anew: which come depends on nothing but the seed. */
static enum view_result trust_command(struct evidence_screen *s, enum command_id id)
{
	struct diags d = {0};
	if (id == CMD_NO)
		return VIEW_BACK;
	if (id != CMD_YES)
		return VIEW_OTHER;
	free(s->commands);
	s->commands = NULL;
	evidence_close(s->evidence, &d);
	s->evidence = NULL;
	s->options.allow_commands = true;
	if (begin(s, &d)) {
		app_report(s->view.app, &d);
		return VIEW_STAY;
	}
	leave_failed(s, &d);
	return VIEW_BACK;
}

static enum view_result command(struct view *v, enum command_id id, const char *arg)
{
	struct evidence_screen *s = self(v);
	int right;
	if (s->commands)
		return trust_command(s, id);
	const struct evidence_case *now = look(s);
	if (id == CMD_GO_ON || (id == CMD_STOP && (!now || !evidence_done(s->evidence, &right))))
		return VIEW_BACK;
	if (id == CMD_STOP) {
		s->ended = true;
		v->scroll = (struct scroll){0};
		return VIEW_STAY;
	}
	if (!now)
		return VIEW_OTHER;
	if (id == CMD_CUT_LINES) {
		s->pose.cut = !s->pose.cut;
		return VIEW_STAY;
	}
	return (now->shown ? shown_case(s, id) : asked_case(s, id, arg)) ? VIEW_STAY : VIEW_OTHER;
}

static bool can(const struct view *v, enum command_id id)
{
	const struct evidence_case *now = look((const struct evidence_screen *)v);
	return id != CMD_SOURCE || (now && now->drill->lab.cited_count > 0);
}

static int letters(const struct view *v)
{
	const struct evidence_case *now = look((const struct evidence_screen *)v);
	return now ? (int)now->option_count : 0;
}

static enum context context(const struct view *v)
{
	const struct evidence_case *now = look((const struct evidence_screen *)v);
	if (((const struct evidence_screen *)v)->commands)
		return CTX_TRUST;
	return !now ? CTX_DRILLED : now->shown ? CTX_EVIDENCE_SHOWN : CTX_EVIDENCE;
}

/* ---- picture ------------------------------------------------------------------------- */

static void header(const struct view *v, struct arena *a, const char **left, const char **right)
{
	const struct evidence_screen *s = (const struct evidence_screen *)v;
	const struct evidence_case *now = look(s);
	int number = now ? evidence_number(s->evidence) : 0;
	int total = now ? evidence_total(s->evidence) : 0;
	*left = now ? arena_printf(a, "Evidence · %s", now->drill->lab.title) : "Evidence";
	if (now && total < 0)
		*right = arena_printf(a, "case %d", number);
	else if (now)
		*right = arena_printf(a, "case %d of %d", number, total);
}

static void draw_ended(const struct evidence_screen *s, struct page *p)
{
	int right = 0;
	int done = evidence_done(s->evidence, &right);
	page_line(p);
	page_add(p, STYLE_STRONG, "That was it. Every answer is kept.");
	page_gap(p);
	page_line(p);
	page_addf(p, STYLE_PLAIN, "%d of %d %s named rightly", right, done,
		  str_plural(done, "fault", "faults"));
}

static void draw(const struct view *v, struct canvas *c)
{
	const struct evidence_screen *s = (const struct evidence_screen *)v;
	const struct evidence_case *now = look(s);
	if (s->commands)
		trust_draw(c, "drill", s->commands);
	else if (now)
		drill_draw(c, now, &s->pose);
	else
		draw_ended(s, &c->body);
}

static const struct view_ops ops = {
	.name = "evidence",
	.context = context,
	.open = open_view,
	.header = header,
	.draw = draw,
	.command = command,
	.can = can,
	.letters = letters,
	.close = close_view,
};

struct view *evidence_view(struct app *app, const struct evidence_options *o)
{
	struct evidence_screen *s = xcalloc(1, sizeof(*s));
	s->view.ops = &ops;
	s->view.app = app;
	s->options = *o;
	s->drill = o->drill ? xstrdup(o->drill) : NULL;
	s->options.drill = s->drill;
	return &s->view;
}
