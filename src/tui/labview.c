/* labview.c -- a lab being worked on: the story, the work with its goals, the explanation.
 *
 *      TRUST --yes--> STORY --go on--> WORK --story--> STORY
 *      WORK --explain, once it is over--> END --back--> WORK       END --go on--> closed
 *
 * study/lab.h is the lab: it serves, checks goals and keeps the log. Its gateway ends a little
 * after the view and borrows the lab until then, so both stand in a struct lab_hold of their own,
 * which goes with the last call back. Pictures are in drawlab.c. */
#include "tui/action.h"
#include "tui/drawlab.h"
#include "tui/sign.h"

#include "base/file.h"
#include "base/markdown.h"

#include <stdlib.h>
#include <string.h>

#define GAUGE_MS 250 /* between pictures while gauges move */

enum state { TRUST, STORY, WORK, END };

struct lab_screen;
struct lab_hold {
	struct app *app;
	struct lab_shelf shelf;
	struct lab_screen *screen; /* NULL: closed */
	bool moving;               /* the picture changes by itself: gauges fill up */
};

struct lab_screen {
	struct view view;
	char *id;
	struct lab_options options;
	struct lab_hold *hold;
	struct shelf_lab *lab;       /* of the hold */
	struct lab_session *session; /* NULL in TRUST */
	char *commands;              /* TRUST: what would run */
	enum state state;
	enum lab_stage stage; /* as last seen */
	bool begun;           /* WORK was shown: leaving the story leads there */
	bool hints_shown;
	struct str deploying;      /* what is to be said when it is done; empty: nothing */
	int last_request;          /* ready request, -1: none yet */
	uint64_t last;             /* number of the newest trace, 0: none yet */
	int64_t began_ms, took_ms; /* of the sitting; until the lab was over, 0: before it */
	int met;                   /* goals, when it was over */
	struct lab_notes notes;
};

static struct lab_screen *self(struct view *v)
{
	return (struct lab_screen *)v;
}

static const struct lab_view *look(const struct lab_screen *s)
{
	return lab_view(s->session);
}

/* ---- what the gateway says ----------------------------------------------------------- */

/* What the model solution meets is no news. */
static void say_met(struct lab_screen *s)
{
	const struct lab_view *v = look(s);
	struct str text = {0};
	if (v->stage == LAB_GIVEN_UP)
		return;
	for (size_t i = 0; i < v->lab->goal_count; i++) {
		if (!v->goals[i].fresh)
			continue;
		str_reset(&text);
		md_plain(&text, v->lab->goals[i].text, 1000, s->view.app->ascii);
		app_say(s->view.app, STYLE_RIGHT, SIGN_RIGHT " Goal %d of %d: %.*s", v->met,
			v->total, (int)strcspn(str_c(&text), "\n"), str_c(&text));
	}
	str_clear(&text);
}

static void traced(void *ctx, const struct gw_trace *t)
{
	struct lab_hold *h = ctx;
	struct lab_screen *s = h->screen;
	if (!s || !s->session)
		return;
	s->last = t->number;
	lab_notes_status(&s->notes, t->status);
	say_met(s);
	app_wake(h->app);
}

static void heard(void *ctx, const struct rig_heard *x)
{
	struct lab_hold *h = ctx;
	if (!h->screen)
		return;
	lab_notes_heard(&h->screen->notes, x);
	app_wake(h->app);
}

/* Nothing else tells that a stage was deployed; what went wrong is a problem of the view. */
static void say_deployed(struct lab_screen *s)
{
	if (!s->deploying.len || rig_busy(lab_rig(s->session)))
		return;
	if (!look(s)->problem)
		app_say(s->view.app, STYLE_PLAIN, "%s", str_c(&s->deploying));
	str_reset(&s->deploying);
}

static int64_t now_ms(const struct lab_screen *s)
{
	return study_now(s->view.app->study).ms;
}

static void changed(void *ctx)
{
	struct lab_hold *h = ctx;
	struct lab_screen *s = h->screen;
	if (!s || !s->session)
		return;
	enum lab_stage stage = look(s)->stage;
	if (stage != s->stage && stage != LAB_WORKING) {
		s->took_ms = now_ms(s) - s->began_ms;
		s->met = look(s)->met;
		s->view.scroll.top = 0;
	}
	if (stage != s->stage && stage == LAB_PASSED)
		app_say(h->app, STYLE_RIGHT,
			SIGN_RIGHT " That was the last goal: the lab is passed.");
	s->stage = stage;
	say_deployed(s);
	app_wake(h->app);
}

static void closed(void *ctx)
{
	struct lab_hold *h = ctx;
	struct app *app = h->app;
	lab_shelf_clear(&h->shelf);
	free(h);
	app_release(app);
}

/* ---- open and close ------------------------------------------------------------------ */

static bool no_lab(const struct lab_screen *s, struct diags *d)
{
	const char *near = lab_shelf_suggest(&s->hold->shelf, s->id);
	if (near)
		return diag_fail(d, "lab-none", "there is no lab \"%s\", did you mean \"%s\"?",
				 s->id, near);
	return diag_fail(d, "lab-none", "there is no lab \"%s\"; `gatedrill lab` lists them",
			 s->id);
}

/* True also when it must first be asked whether commands may run. */
static bool start(struct lab_screen *s, struct diags *d)
{
	static const struct lab_ops ops = {traced, heard, changed, closed};
	struct app *app = s->view.app;
	struct diags why = {0};
	bool ok = lab_open(&s->session, app->study, s->lab, app->loop, &s->options, &ops, s->hold,
			   &why);
	if (ok) {
		app_hold(app);
		s->state = STORY;
		s->stage = look(s)->stage;
		s->met = look(s)->met;
		s->began_ms = now_ms(s);
	} else {
		s->session = NULL;
		s->state = TRUST;
		if (!s->options.allow_commands)
			s->commands = trust_asked(&why);
	}
	diags_append(d, &why);
	bool asks = !ok && !why.errors;
	diags_clear(&why);
	return ok || asks;
}

/* The learner's copy has errors, and nothing serves it yet: without this note there would be no way
 * to mend it. Always false. */
static bool broken(struct lab_screen *s, struct diags *d)
{
	bool of_file = false;
	for (size_t i = 0; i < d->count; i++)
		of_file |= d->items[i].level == DIAG_ERROR && d->items[i].pos.file;
	if (s->view.below && of_file)
		app_faults(s->view.app, "This lab cannot be served; e mends its file", d);
	return false;
}

static bool open_lab(struct view *v, struct diags *d)
{
	struct lab_screen *s = self(v);
	s->hold = xcalloc(1, sizeof(*s->hold));
	s->hold->app = v->app;
	s->hold->screen = s;
	if (!open_labs(v->app, &s->hold->shelf, d))
		return false;
	s->lab = lab_shelf_find(&s->hold->shelf, s->id);
	if (!s->lab)
		return no_lab(s, d);
	return start(s, d) || broken(s, d);
}

static void forget(struct lab_screen *s)
{
	lab_notes_clear(&s->notes);
	s->last = 0;
	s->last_request = -1;
	s->hints_shown = false;
}

static void close_screen(struct view *v)
{
	struct lab_screen *s = self(v);
	struct lab_hold *h = s->hold;
	if (h)
		h->screen = NULL;
	if (s->session) {
		desk_clear(v->app, lab_rig(s->session));
		lab_close(s->session);
	} else if (h) {
		lab_shelf_clear(&h->shelf);
		free(h);
	}
	forget(s);
	free(s->commands);
	str_clear(&s->deploying);
	free(s->id);
	free(s);
}

/* ---- doing things -------------------------------------------------------------------- */

static void to(struct lab_screen *s, enum state state)
{
	s->state = state;
	s->begun |= state == WORK;
	s->hints_shown = false;
	s->view.scroll = (struct scroll){0};
}

static void send(struct lab_screen *s, const char *arg)
{
	struct diags d = {0};
	const struct lab *lab = look(s)->lab;
	long long n;
	if (!arg || !str_to_i64(arg, 1, (long long)lab->request_count, &n)) {
		app_say(s->view.app, STYLE_WARN, "There is no such ready request.");
		return;
	}
	s->hints_shown = false;
	s->view.scroll.top = 0;
	if (lab_request(s->session, (int)n - 1, &d)) {
		const struct lab_action *x = &lab->requests[n - 1].action;
		s->last_request = (int)n - 1;
		str_reset(&s->deploying);
		if (x->verb == LAB_DEPLOY)
			str_addf(&s->deploying, "%s/%s is deployed.", x->api, x->stage);
		if (x->verb == LAB_PROMOTE)
			str_addf(&s->deploying, "The canary of %s/%s is promoted.", x->api,
				 x->stage);
	}
	app_report(s->view.app, &d);
}

static void resend(struct lab_screen *s)
{
	char arg[16];
	snprintf(arg, sizeof(arg), "%d", s->last_request + 1);
	if (s->last_request >= 0)
		send(s, arg);
	else
		app_say(s->view.app, STYLE_PLAIN, "No ready request was sent yet.");
}

static void pick_request(struct lab_screen *s)
{
	struct app *app = s->view.app;
	struct arena a = {0};
	struct pick_row *rows;
	size_t n = request_rows(look(s)->lab, &a, &rows);
	app_push(app, pick_view(app, "Ready requests", rows, n, CMD_READY));
	arena_clear(&a);
}

/* Those that do not follow their files by themselves. */
static size_t stages_of(const struct lab_screen *s, struct arena *a, struct pick_row **rows)
{
	const struct serve *serve = rig_serve(lab_rig(s->session));
	return serve ? stage_rows(serve_runtime(serve), CMD_DEPLOY, a, rows) : 0;
}

static bool has_stages(const struct lab_screen *s)
{
	struct arena a = {0};
	struct pick_row *rows;
	bool any = stages_of(s, &a, &rows) > 0;
	arena_clear(&a);
	return any;
}

/* ---- its files ----------------------------------------------------------------------- */

static void edit(struct lab_screen *s, const char *name)
{
	struct app *app = s->view.app;
	struct arena a = {0};
	struct pick_row *rows;
	size_t n = file_rows(look(s), &a, &rows);
	size_t at = 0;
	while (name && at < n && strcmp(rows[at].arg, name) != 0)
		at++;
	if (at >= n)
		app_say(app, STYLE_WARN, "There is no such file in %s.", look(s)->folder);
	else if (name || n == 1)
		app_edit(app, path_join(&a, look(s)->folder, rows[at].arg), 1);
	else
		app_push(app, pick_view(app, "Which file?", rows, n, CMD_EDIT_FILE));
	arena_clear(&a);
}

static void keep_problems(void *ctx, struct diags *d)
{
	diags_append(ctx, d);
}

static void edited(struct view *v)
{
	static const struct rig_ops listener = {.changed = keep_problems};
	struct lab_screen *s = self(v);
	struct diags d = {0};
	if (!s->session || !rig_serve(lab_rig(s->session)))
		return;
	rig_listen(lab_rig(s->session), &listener, &d);
	serve_edited(rig_serve(lab_rig(s->session)));
	rig_unlisten(lab_rig(s->session), &d);
	if (!app_faults(v->app, "The definition has errors; what was served is served on", &d))
		app_say(v->app, STYLE_PLAIN, "%s",
			has_stages(s)
				? "Read again. What a stage serves changes when it is deployed: d."
				: "Read again, and served.");
}

/* ---- deployments --------------------------------------------------------------------- */

static void deploy_named(struct lab_screen *s, const char *name)
{
	struct diags d = {0};
	struct arena a = {0};
	const char *slash = strchr(name, '/');
	if (!slash)
		app_say(s->view.app, STYLE_WARN, "Which stage? As API/STAGE.");
	else if (lab_deploy(s->session, arena_strndup(&a, name, (size_t)(slash - name)), slash + 1,
			    &d)) {
		str_reset(&s->deploying);
		str_addf(&s->deploying, "%s is deployed.", name);
	}
	app_report(s->view.app, &d);
	arena_clear(&a);
}

static void deploy(struct lab_screen *s, const char *name)
{
	struct arena a = {0};
	struct pick_row *rows;
	size_t n = name ? 0 : stages_of(s, &a, &rows);
	if (name)
		deploy_named(s, name);
	else if (n == 1)
		deploy_named(s, rows[0].arg);
	else if (!n)
		app_say(s->view.app, STYLE_PLAIN, "Its stages follow their files by themselves.");
	else
		app_push(s->view.app,
			 pick_view(s->view.app, "Deploy which stage?", rows, n, CMD_DEPLOY));
	arena_clear(&a);
}

/* ---- help, and the end --------------------------------------------------------------- */

static void hint(struct lab_screen *s)
{
	struct diags d = {0};
	const char *text = NULL;
	bool ok = lab_hint(s->session, &text, &d);
	if (ok && !text)
		app_say(s->view.app, STYLE_PLAIN, "That was all. s gives up and shows a solution.");
	s->hints_shown = ok && look(s)->hints > 0;
	s->view.scroll.follow = s->hints_shown;
	app_report(s->view.app, &d);
}

static void show_hints(struct lab_screen *s)
{
	s->hints_shown = !s->hints_shown && look(s)->hints > 0;
	s->view.scroll.follow = s->hints_shown;
	if (!look(s)->hints)
		app_say(s->view.app, STYLE_PLAIN, "No hint was taken yet; h gives one.");
}

static void solved(void *ctx, bool ok, const char *why)
{
	struct lab_hold *h = ctx;
	if (!h->screen)
		return;
	if (ok)
		app_say(h->app, STYLE_PLAIN,
			"The solution was carried out. Space says why it is one.");
	else
		app_say(h->app, STYLE_WRONG, SIGN_WRONG " The solution stopped: %s", why);
	app_wake(h->app);
}

static void solve(struct lab_screen *s)
{
	struct diags d = {0};
	bool ok = look(s)->stage != LAB_WORKING || lab_give_up(s->session, &d);
	s->last = 0;
	if (ok && lab_solve(s->session, solved, &d))
		app_say(s->view.app, STYLE_PLAIN, "The solution is being carried out.");
	app_report(s->view.app, &d);
}

static void start_over(struct lab_screen *s)
{
	struct diags d = {0};
	if (lab_start_over(s->session, &d)) {
		forget(s);
		s->took_ms = 0;
		s->stage = look(s)->stage;
		s->began_ms = now_ms(s);
		s->begun = false;
		to(s, STORY);
	}
	app_report(s->view.app, &d);
}

static void show_sources(struct lab_screen *s)
{
	const struct lab *lab = look(s)->lab;
	action_list_sources(s->view.app, lab->cited, lab->cited_count, "The lab names no source.");
}

/* ---- commands ------------------------------------------------------------------------ */

static bool over(const struct lab_screen *s)
{
	return s->session && look(s)->stage != LAB_WORKING;
}

static void explain(struct lab_screen *s)
{
	if (over(s))
		to(s, END);
	else
		app_say(s->view.app, STYLE_PLAIN,
			"That comes when all goals are met; h gives a hint, s gives up.");
}

/* Other screens on the same gateway. */
static bool open_command(struct lab_screen *s, enum command_id id)
{
	struct app *app = s->view.app;
	struct rig *rig = lab_rig(s->session);
	const struct lab *lab = look(s)->lab;
	bool ours =
		id == CMD_COMPOSE || id == CMD_CONSOLE || id == CMD_INSPECT || id == CMD_LAST_TRACE;
	if (ours && !rig_serve(rig))
		app_say(app, STYLE_WARN, "Nothing is served: the definition has errors.");
	else if (id == CMD_COMPOSE)
		app_push(app, composer_view(app, rig, lab, s->last));
	else if (id == CMD_CONSOLE)
		app_push(app, console_view(app, rig, lab));
	else if (id == CMD_INSPECT)
		app_push(app, inspector_view(app, rig, lab));
	else if (id == CMD_LAST_TRACE && s->last)
		app_push(app, trace_view(app, rig, s->last));
	else if (id == CMD_LAST_TRACE)
		app_say(app, STYLE_PLAIN, "Nothing was sent yet.");
	else
		return false;
	return true;
}

static bool work_command(struct lab_screen *s, enum command_id id, const char *arg)
{
	if (id == CMD_READY)
		send(s, arg);
	else if (id == CMD_RESEND)
		resend(s);
	else if (id == CMD_REQUESTS)
		pick_request(s);
	else if (id == CMD_EDIT_FILE)
		edit(s, arg);
	else if (id == CMD_DEPLOY)
		deploy(s, arg);
	else if (id == CMD_LAB_HINT)
		hint(s);
	else if (id == CMD_HINT)
		show_hints(s);
	else if (id == CMD_SOLUTION)
		solve(s);
	else if (id == CMD_HALT)
		rig_stop(lab_rig(s->session));
	else if (id == CMD_EXPLAIN)
		explain(s);
	else
		return open_command(s, id);
	return true;
}

static enum view_result trust_command(struct lab_screen *s, enum command_id id)
{
	struct diags d = {0};
	if (id == CMD_NO)
		return VIEW_BACK;
	if (id != CMD_YES)
		return VIEW_OTHER;
	s->options.allow_commands = true;
	if (start(s, &d)) {
		free(s->commands);
		s->commands = NULL;
	} else {
		broken(s, &d);
		s->options.allow_commands = false;
	}
	app_report(s->view.app, &d);
	return VIEW_STAY;
}

static enum view_result command(struct view *v, enum command_id id, const char *arg)
{
	struct lab_screen *s = self(v);
	if (s->state == TRUST)
		return trust_command(s, id);
	if (id == CMD_GO_ON && s->state == END)
		return VIEW_BACK;
	if (id == CMD_GO_ON ||
	    (id == CMD_BACK && (s->state == END || (s->state == STORY && s->begun))))
		to(s, WORK);
	else if (id == CMD_STORY)
		to(s, STORY);
	else if (id == CMD_SOURCE)
		show_sources(s);
	else if (id == CMD_START_OVER)
		start_over(s);
	else if (s->state != WORK || !work_command(s, id, arg))
		return VIEW_OTHER;
	return VIEW_STAY;
}

static bool can(const struct view *v, enum command_id id)
{
	const struct lab_screen *s = (const struct lab_screen *)v;
	if (!s->session)
		return true;
	const struct lab *lab = look(s)->lab;
	const struct serve *serve = rig_serve(lab_rig(s->session));
	switch ((int)id) {
	case CMD_READY:
		return lab->request_count > 0;
	case CMD_REQUESTS:
		return lab->request_count > LAB_READY_KEYS;
	case CMD_RESEND:
		return s->last_request >= 0;
	case CMD_LAST_TRACE:
		return s->last > 0;
	case CMD_LAB_HINT:
		return !over(s) && look(s)->hints < (int)lab->hint_count;
	case CMD_CONSOLE:
		return serve && serves_websocket(serve_runtime(serve)->gateway);
	case CMD_DEPLOY:
		return has_stages(s);
	case CMD_HINT:
		return false; /* the picture shows its key */
	case CMD_EXPLAIN:
		return over(s);
	case CMD_HALT:
		return look(s)->busy;
	case CMD_SOURCE:
		return lab->cited_count > 0;
	default:
		return true;
	}
}

static int letters(const struct view *v)
{
	const struct lab_screen *s = (const struct lab_screen *)v;
	return s->session ? (int)look(s)->lab->request_count : 0;
}

static const char *asks(const struct view *v, enum command_id id, struct arena *a)
{
	const struct lab_screen *s = (const struct lab_screen *)v;
	(void)a;
	if (id == CMD_SOLUTION && over(s))
		return "Carry out the model solution, on the files as they came?";
	return NULL;
}

static enum context context(const struct view *v)
{
	static const enum context contexts[] = {[TRUST] = CTX_TRUST,
						[STORY] = CTX_LAB_STORY,
						[WORK] = CTX_LAB,
						[END] = CTX_LAB_ENDED};
	return contexts[((const struct lab_screen *)v)->state];
}

/* ---- pictures ------------------------------------------------------------------------ */

static void header(const struct view *v, struct arena *a, const char **left, const char **right)
{
	const struct lab_screen *s = (const struct lab_screen *)v;
	*left = arena_printf(a, "Lab · %s", s->lab->lab.title);
	if (!s->session)
		return;
	*right = look(s)->busy ? arena_printf(a, "at work · %s", look(s)->url) : look(s)->url;
}

static void draw(const struct view *v, struct canvas *c)
{
	const struct lab_screen *s = (const struct lab_screen *)v;
	if (s->state == TRUST) {
		trust_draw(c, "lab", s->commands);
		return;
	}
	const struct serve *serve = rig_serve(lab_rig(s->session)); /* NULL: cannot be served */
	bool moving = false;
	const struct lab_picture picture = {
		.view = look(s),
		.last = serve && s->last ? ring_get(serve_ring(serve), s->last) : NULL,
		.notes = &s->notes,
		.runtime = serve ? serve_runtime(serve) : NULL,
		.moving = &moving,
		.hints_shown = s->hints_shown,
		.met = s->met,
		.took_ms = s->took_ms,
	};
	if (s->state == STORY)
		lab_story_draw(c, &picture);
	else
		(s->state == WORK ? lab_work_draw : lab_end_draw)(c, &picture);
	s->hold->moving = moving;
}

/* Buckets fill up while nothing else happens. */
static int64_t wake_ms(const struct view *v)
{
	const struct lab_screen *s = (const struct lab_screen *)v;
	return s->state == WORK && s->hold->moving ? GAUGE_MS : -1;
}

/* Drawing reads them anew. */
static void tick(struct view *v)
{
	(void)v;
}

static const struct view_ops ops = {
	.name = "lab",
	.context = context,
	.open = open_lab,
	.header = header,
	.draw = draw,
	.command = command,
	.can = can,
	.letters = letters,
	.asks = asks,
	.wake_ms = wake_ms,
	.tick = tick,
	.edited = edited,
	.close = close_screen,
};

struct view *lab_view_of(struct app *app, const char *id, const struct lab_options *o)
{
	struct lab_screen *s = xcalloc(1, sizeof(*s));
	s->view.ops = &ops;
	s->view.app = app;
	s->id = xstrdup(id);
	s->options = *o;
	s->last_request = -1;
	return &s->view;
}
