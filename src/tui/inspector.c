/* inspector.c -- the requests, connections and messages of a running gateway as they come, and what
 * its stages did with the marked one. Two screens are made of it: the inspector of a rig that
 * another screen runs, and `gatedrill gateway run` on a terminal, which runs its own.
 *
 * Nothing is copied while it runs: the list is numbers of the gateway's ring, found again for each
 * picture. */
#include "tui/inspector.h"
#include "base/file.h"

#include <stdlib.h>
#include <string.h>

#define MAX_STAGE_ROWS 200
#define DEFINITION_FAULTS "The definitions have errors; what was served is served on"
#define GAUGE_MS 500 /* between pictures while a bucket fills up */

static struct inspector *self(struct view *v)
{
	return (struct inspector *)v;
}

static const struct gateway *gateway_of(const struct inspector *s)
{
	return serve_runtime(rig_serve(s->rig))->gateway;
}

/* ---- a rig of its own ---------------------------------------------------------------- */

static void on_traced(void *ctx, const struct gw_trace *t)
{
	struct inspector *s = ctx;
	(void)t;
	if (!s->closing)
		app_wake(s->view.app);
}

static void on_changed(void *ctx, struct diags *d)
{
	struct inspector *s = ctx;
	struct app *app = s->view.app;
	struct diags copy = {0};
	if (s->closing)
		return;
	if (!d->errors)
		app_say(app, STYLE_PLAIN, "The definitions have changed and are served.");
	else if (app->top != &s->view)
		app_say(app, STYLE_WRONG, "The definitions have errors: %s", diags_first(d));
	else {
		diags_append(&copy, d);
		app_faults(app, DEFINITION_FAULTS, &copy);
	}
	app_wake(app);
}

static void on_closed(void *ctx)
{
	struct inspector *s = ctx;
	app_release(s->view.app);
	free(s);
}

static bool open_gateway(struct view *v, struct diags *d)
{
	static const struct rig_ops ops = {
		.traced = on_traced, .changed = on_changed, .closed = on_closed};
	struct inspector *s = self(v);
	if (!s->owns)
		return true;
	s->rig = rig_open(v->app->loop, s->options, NULL, &ops, s, d);
	if (!s->rig)
		return false;
	app_hold(v->app);
	if (d->count)
		app_say(v->app, STYLE_WARN, "%s", diags_first(d));
	return true;
}

/* ---- deployments --------------------------------------------------------------------- */

/* Did it go to a canary? New deployments of a stage that is set to have one do. */
static bool to_canary(const struct inspector *s)
{
	struct arena a = {0};
	struct pick_row *rows;
	size_t n = stage_rows(serve_runtime(rig_serve(s->rig)), CMD_PROMOTE, &a, &rows);
	bool found = false;
	for (size_t i = 0; i < n; i++)
		found = found || str_eq(rows[i].arg, s->where);
	arena_clear(&a);
	return found;
}

static void on_deployed(void *ctx, bool ok, const char *why)
{
	struct inspector *s = ctx;
	struct app *app = s->view.app;
	if (s->closing)
		return;
	if (!ok)
		app_say(app, STYLE_WRONG, "It could not be done: %s", why ? why : "");
	else if (s->doing == LAB_PROMOTE)
		app_say(app, STYLE_PLAIN, "Promoted: all requests of %s meet it.", s->where);
	else if (to_canary(s))
		app_say(app, STYLE_PLAIN, "Deployed as the canary of %s; P promotes it.", s->where);
	else
		app_say(app, STYLE_PLAIN, "Deployed: requests of %s meet it from now on.",
			s->where);
	app_wake(app);
}

/* where: "API/STAGE". */
static void deploy(struct inspector *s, enum lab_verb verb, const char *where)
{
	struct diags d = {0};
	struct arena a = {0};
	const char *slash = strchr(where, '/');
	struct lab_action action = {.verb = verb};
	if (!slash) {
		app_say(s->view.app, STYLE_WARN, "It takes an API and a stage: shop/dev.");
		return;
	}
	action.api = arena_strndup(&a, where, (size_t)(slash - where));
	action.stage = arena_strdup(&a, slash + 1);
	if (rig_busy(s->rig))
		app_say(s->view.app, STYLE_WARN, "One thing at a time: something runs already.");
	else if (rig_do(s->rig, &action, on_deployed, s, &d)) {
		free(s->where);
		s->where = xstrdup(where);
		s->doing = verb;
	}
	app_report(s->view.app, &d);
	arena_clear(&a);
}

/* What has changed in the files is said beside the stages. */
static bool read_again(struct inspector *s)
{
	struct diags d = {0};
	bool ok = serve_reload(rig_serve(s->rig), &d);
	if (!ok)
		app_faults(s->view.app, DEFINITION_FAULTS, &d);
	diags_clear(&d);
	return ok;
}

static void choose_stage(struct inspector *s, enum command_id id)
{
	struct pick_row *rows;
	struct arena a = {0};
	if (id == CMD_DEPLOY && !read_again(s))
		return;
	size_t n = stage_rows(serve_runtime(rig_serve(s->rig)), id, &a, &rows);
	if (n)
		app_push(s->view.app,
			 pick_view(s->view.app,
				   id == CMD_DEPLOY ? "Deploy which stage, as its file is now?"
						    : "Promote the canary of which stage?",
				   rows, n, id));
	else
		app_say(s->view.app, STYLE_WARN, "%s",
			id == CMD_DEPLOY ? "All stages follow their files by themselves."
					 : "No stage has a canary that waits.");
	arena_clear(&a);
}

/* ---- their files --------------------------------------------------------------------- */

static size_t add_file(struct pick_row *rows, size_t n, const char *file)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(rows[i].arg, file))
			return n;
	rows[n] = (struct pick_row){file, path_base(file), NULL};
	return n + 1;
}

/* Those that were given, and the OpenAPI files that they name. */
static size_t files_of(const struct inspector *s, struct pick_row *rows, size_t most)
{
	const struct gateway *g = gateway_of(s);
	size_t n = 0;
	for (size_t i = 0; i < s->options->file_count && n < most; i++)
		n = add_file(rows, n, s->options->files[i]);
	for (size_t i = 0; i < g->api_count && n < most; i++)
		if (g->apis[i].file)
			n = add_file(rows, n, g->apis[i].file);
	return n;
}

static void edit_definition(struct inspector *s, const char *file)
{
	struct pick_row rows[MAX_STAGE_ROWS];
	size_t n = files_of(s, rows, MAX_STAGE_ROWS);
	if (!file && n > 1) {
		app_push(s->view.app,
			 pick_view(s->view.app, "Edit which file?", rows, n, CMD_EDIT_DEFINITION));
		return;
	}
	for (size_t i = 0; i < n; i++)
		if (!file || str_eq(rows[i].arg, file) || str_eq(rows[i].text, file)) {
			app_edit(s->view.app, rows[i].arg, 1);
			return;
		}
	app_say(s->view.app, STYLE_WARN, "There is no such file.");
}

/* on_changed() says what came of it. */
static void edited(struct view *v)
{
	struct inspector *s = self(v);
	if (s->owns)
		serve_edited(rig_serve(s->rig));
}

/* ---- commands ------------------------------------------------------------------------ */

static const struct gw_trace *marked(const struct inspector *s)
{
	return s->at ? inspector_trace(s, s->at) : NULL;
}

static void layout(struct view *v, const struct frame *f)
{
	struct inspector *s = self(v);
	struct diags d = {0};
	if ((s->cost_shown || inspector_tall(f)) && !s->prices_read) {
		struct arena a = {0};
		s->prices_read = true;
		prices_read_file(&s->prices,
				 path_join(&a, v->app->study->paths->share, "data/prices.yaml"),
				 &d);
		if (s->cost_shown)
			app_report(v->app, &d);
		diags_clear(&d);
		arena_clear(&a);
	}
	list_fit(&s->list, inspector_rows(s, f));
	inspector_list(s);
}

static bool on_list(struct inspector *s, enum command_id id)
{
	if (!list_command(&s->list, id))
		return false;
	s->at = s->list.count ? s->numbers[s->list.at] : 0;
	s->following = s->list.at == s->list.count - 1;
	return true;
}

static bool on_trace(struct inspector *s, enum command_id id)
{
	struct app *app = s->view.app;
	if (id != CMD_OPEN && id != CMD_RESEND && id != CMD_CHANGE_RESEND && id != CMD_SAVE_CURL)
		return false;
	if (s->following)
		inspector_list(s); /* much may have come since the picture */
	const struct gw_trace *t = marked(s);
	if (!t) {
		if (s->at)
			app_say(app, STYLE_WARN,
				"It is gone: newer ones took its place. p keeps the list.");
		return true;
	}
	if (id == CMD_OPEN)
		app_push(app, trace_view_of(app, s->rig, s->lab, t, s->at));
	else if (id == CMD_RESEND)
		trace_resend(app, s->rig, t);
	else if (id == CMD_CHANGE_RESEND)
		app_push(app, composer_of(app, s->rig, s->lab, t));
	else
		trace_save_curl(app, s->rig, t);
	s->following = s->following || id == CMD_RESEND;
	return true;
}

static bool on_filter(struct inspector *s, enum command_id id)
{
	if (id == CMD_FILTER)
		s->typing = true;
	else if (id == CMD_ENTER)
		s->typing = false;
	else if (id == CMD_BACK && s->typing) {
		line_set(&s->filter, "");
		s->typing = false;
	} else {
		return false;
	}
	return true;
}

static void clear_list(struct inspector *s)
{
	inspector_hold(s, false);
	s->from = ring_last(serve_ring(rig_serve(s->rig))) + 1;
	s->following = true;
}

static enum view_result command(struct view *v, enum command_id id, const char *arg)
{
	struct inspector *s = self(v);
	if (on_filter(s, id) || on_list(s, id) || on_trace(s, id))
		return VIEW_STAY;
	if (id == CMD_PAUSE) {
		inspector_hold(s, !s->held);
		s->following = s->following || !s->held;
	} else if (id == CMD_CLEAR_TRACES) {
		clear_list(s);
	} else if (id == CMD_COST) {
		s->cost_shown = !s->cost_shown;
	} else if (id == CMD_COMPOSE) {
		app_push(v->app, composer_view(v->app, s->rig, s->lab, 0));
	} else if (id == CMD_CONSOLE) {
		app_push(v->app, console_view(v->app, s->rig, s->lab));
	} else if (id == CMD_DEPLOY || id == CMD_PROMOTE) {
		if (arg)
			deploy(s, id == CMD_DEPLOY ? LAB_DEPLOY : LAB_PROMOTE, arg);
		else
			choose_stage(s, id);
	} else if (id == CMD_EDIT_DEFINITION) {
		edit_definition(s, arg);
	} else if (id == CMD_STOP_GATEWAY) {
		return VIEW_BACK;
	} else {
		return VIEW_OTHER;
	}
	return VIEW_STAY;
}

static void typed(struct view *v, uint32_t key)
{
	struct inspector *s = self(v);
	if (line_key(&s->filter, key))
		s->following = true;
}

static bool has_canary(const struct inspector *s)
{
	struct arena a = {0};
	struct pick_row *rows;
	bool any = stage_rows(serve_runtime(rig_serve(s->rig)), CMD_PROMOTE, &a, &rows) > 0;
	arena_clear(&a);
	return any;
}

static bool can(const struct view *v, enum command_id id)
{
	const struct inspector *s = (const struct inspector *)v;
	const struct gw_trace *t = marked(s);
	if (id == CMD_OPEN || id == CMD_DOWN || id == CMD_CLEAR_TRACES)
		return t != NULL;
	if (id == CMD_RESEND || id == CMD_CHANGE_RESEND || id == CMD_SAVE_CURL)
		return t && t->kind == GW_TRACE_REQUEST;
	if (id == CMD_FILTER || id == CMD_PAUSE)
		return t || s->filter.text.len || s->held;
	if (id == CMD_CONSOLE)
		return serves_websocket(gateway_of(s));
	if (id == CMD_PROMOTE)
		return has_canary(s);
	return id != CMD_COST || !inspector_tall(&v->app->frame);
}

/* ---- the view ------------------------------------------------------------------------ */

static const char *stages_text(const struct gateway *g, struct arena *a)
{
	if (g->api_count != 1)
		return arena_printf(a, "%zu APIs", g->api_count);
	const struct gw_api *api = &g->apis[0];
	const char *text = "";
	for (size_t i = 0; i < api->stage_count && i < 3; i++)
		text = arena_printf(a, "%s%s%s", text, i ? ", " : "", api->stages[i].name);
	return api->stage_count > 3 ? arena_printf(a, "%zu stages", api->stage_count) : text;
}

static void header(const struct view *v, struct arena *a, const char **left, const char **right)
{
	const struct inspector *s = (const struct inspector *)v;
	const struct gateway *g = gateway_of(s);
	const char *url = serve_url(rig_serve(s->rig));
	if (s->lab)
		*left = arena_printf(a, "Inspector · %s", s->lab->title);
	else if (g->api_count == 1)
		*left = arena_printf(a, "Gateway · %s", g->apis[0].id);
	else
		*left = "Gateway";
	*right = arena_printf(a, "%s · %s", url, stages_text(g, a));
}

static void draw(const struct view *v, struct canvas *c)
{
	inspector_draw((const struct inspector *)v, c);
}

static enum context context(const struct view *v)
{
	const struct inspector *s = (const struct inspector *)v;
	if (s->typing)
		return CTX_TRACE_FILTER;
	return s->owns ? CTX_GATEWAY : CTX_INSPECTOR;
}

static int64_t wake_ms(const struct view *v)
{
	const struct inspector *s = (const struct inspector *)v;
	return gauges_move(serve_runtime(rig_serve(s->rig))) ? GAUGE_MS : -1;
}

/* The picture that follows is all there is to it. */
static void tick(struct view *v)
{
	(void)v;
}

static void close_inspector(struct view *v)
{
	struct inspector *s = self(v);
	ring_free(s->held);
	free(s->held_numbers);
	line_clear(&s->filter);
	prices_clear(&s->prices);
	free(s->where);
	s->closing = true;
	if (s->owns && s->rig) {
		desk_clear(v->app, s->rig);
		rig_close(s->rig); /* and then on_closed() */
	} else {
		free(s);
	}
}

static const struct view_ops ops = {
	.name = "inspector",
	.wide = true,
	.context = context,
	.open = open_gateway,
	.layout = layout,
	.header = header,
	.draw = draw,
	.command = command,
	.can = can,
	.typed = typed,
	.wake_ms = wake_ms,
	.tick = tick,
	.edited = edited,
	.close = close_inspector,
};

static struct inspector *new_inspector(struct app *app)
{
	struct inspector *s = xcalloc(1, sizeof(*s));
	s->view.ops = &ops;
	s->view.app = app;
	s->following = true;
	s->from = 1;
	return s;
}

struct view *inspector_view(struct app *app, struct rig *rig, const struct lab *lab)
{
	struct inspector *s = new_inspector(app);
	s->rig = rig;
	s->lab = lab;
	return &s->view;
}

struct view *gateway_view(struct app *app, const struct serve_options *o)
{
	struct inspector *s = new_inspector(app);
	s->owns = true;
	s->options = o;
	return &s->view;
}
