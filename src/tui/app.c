/* app.c -- the stack of views and what they share: keys find their command here, commands their
 * view, views their place on the screen. The loop in tui.c calls in with keys, ticks and ends of
 * editors; nothing here waits for anything, so that whatever else runs on the loop is served.
 *
 * A command may close the very view that is running it. Views therefore only say what they want
 * (VIEW_BACK, app_next, app_edit, app_quit) and it happens when they have returned. */
#include "tui/desk.h"
#include "tui/footer.h"
#include "tui/view.h"
#include "tui/sign.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void app_init(struct app *app, struct study *study, struct uv_loop_s *loop, struct diags *late)
{
	*app = (struct app){.study = study, .loop = loop, .late = late, .next = -1};
}

static void close_top(struct app *app)
{
	struct view *v = app->top;
	app->top = v->below;
	v->ops->close(v);
}

void app_close_views(struct app *app)
{
	while (app->top)
		close_top(app);
}

void app_clear(struct app *app)
{
	desks_free(app);
	canvas_clear(&app->canvas);
	canvas_clear(&app->over);
	str_clear(&app->message);
	free(app->next_arg);
	free((char *)app->edit_file);
}

/* ---- what views ask for -------------------------------------------------------------- */

void app_say(struct app *app, enum style style, const char *fmt, ...)
{
	va_list ap;
	char *text;
	va_start(ap, fmt);
	int n = vasprintf(&text, fmt, ap);
	va_end(ap);
	if (n < 0)
		abort();
	str_reset(&app->message);
	str_add(&app->message, text);
	app->message_style = style;
	free(text);
}

void app_report(struct app *app, struct diags *d)
{
	if (d->errors)
		app_say(app, STYLE_WRONG, SIGN_WRONG " %s", diags_first(d));
	else if (d->count)
		app_say(app, STYLE_WARN, "%s", diags_first(d));
	diags_clear(d);
}

bool app_shelf(struct app *app, bool ok, struct diags *files, struct diags *d)
{
	if (!ok)
		diags_append(d, files);
	else if (files->errors)
		app_report(app, files);
	diags_clear(files);
	return ok;
}

bool app_open(struct app *app, struct view *v, struct diags *d)
{
	v->app = app;
	v->below = app->top;
	if (v->ops->open && !v->ops->open(v, d)) {
		v->ops->close(v);
		return false;
	}
	app->top = v;
	return true;
}

bool app_push(struct app *app, struct view *v)
{
	struct diags d = {0};
	bool ok = app_open(app, v, &d);
	if (d.count)
		app_report(app, &d);
	return ok;
}

void app_edit(struct app *app, const char *file, int line)
{
	free((char *)app->edit_file);
	app->edit_file = xstrdup(file);
	app->edit_line = line > 0 ? line : 1;
}

void app_quit(struct app *app, int code)
{
	app->quit = true;
	app->code = code;
}

void app_hold(struct app *app)
{
	app->held++;
}

void app_release(struct app *app)
{
	assert(app->held > 0);
	app->held--;
}

void app_next(struct app *app, enum command_id id, const char *arg, bool confirmed)
{
	char *copy = arg ? xstrdup(arg) : NULL;
	free(app->next_arg);
	app->next = (int)id;
	app->next_arg = copy;
	app->next_confirmed = confirmed;
}

bool app_faults(struct app *app, const char *title, struct diags *d)
{
	struct str text = {0};
	const struct diag *first = NULL;
	for (size_t i = 0; i < d->count; i++) {
		const struct diag *e = &d->items[i];
		if (e->level != DIAG_ERROR)
			continue;
		if (!first || (!first->pos.file && e->pos.file))
			first = e;
		if (e->pos.file)
			str_addf(&text, " %s:%d:%d\n", e->pos.file, e->pos.line, e->pos.col);
		str_addf(&text, "%s\n\n", e->text);
	}
	if (first)
		app_push(app,
			 note_view(app, title, str_c(&text), first->pos.file, first->pos.line));
	str_clear(&text);
	diags_clear(d);
	return first != NULL;
}

bool app_problems(struct app *app, struct diags *d)
{
	return app_faults(app, "The file was not taken; the cards are as they were", d);
}

void app_reload(struct app *app)
{
	struct diags d = {0};
	struct arena a = {0};
	struct study_load report;
	bool ok = study_load_decks(app->study, &report, &d);
	const char *what = ok ? study_load_text(&report, &a) : "";
	app->changes += what[0] != '\0';
	if (!app_problems(app, &d) && ok)
		app_say(app, STYLE_PLAIN, "%s", what[0] ? what : "Nothing changed.");
	arena_clear(&a);
}

void app_become(struct app *app, const struct view *v, struct view *heir)
{
	assert(!app->heir);
	app->heir = heir;
	app->heir_of = v;
}

/* ---- changing cards outside a review ------------------------------------------------- */

static bool may_write(struct app *app, struct diags *d)
{
	struct study *s = app->study;
	if (s->read_only)
		return diag_fail(d, "store-read-only",
				 "the store cannot be written, so nothing can be changed");
	if (!app->locked)
		app->locked = store_lock(s->store, d);
	return app->locked &&
	       (app->preset_id || store_preset(s->store, &s->config.preset, &app->preset_id, d));
}

bool app_operate(struct app *app, int64_t part_id, enum srs_op op, int arg, const char *said)
{
	struct diags d = {0};
	struct store_answer a = {
		.part_id = part_id, .event = {op, arg, study_now(app->study)}, .screen = "search"};
	if (app->session && session_part(app->session) == part_id) {
		app_say(app, STYLE_WARN, "This card is being reviewed: do that there.");
		return false;
	}
	bool ok = may_write(app, &d) &&
		  store_log(app->study->store, &a, app->preset_id, NULL, NULL, &d);
	if (ok) {
		app->changes++;
		app_say(app, STYLE_PLAIN, "%s", said);
	}
	app_report(app, &d);
	return ok;
}

static bool undo_or_redo(struct app *app, bool undo)
{
	struct diags d = {0};
	struct arena a = {0};
	struct store_log_row row = {0};
	struct moment now = study_now(app->study);
	bool ok = may_write(app, &d);
	if (ok && undo)
		ok = store_undo(app->study->store, now, 0, &a, &row, &d);
	else if (ok)
		ok = store_redo(app->study->store, now, &a, &row, &d);
	if (ok && row.part_id)
		app_say(app, STYLE_PLAIN, "%s: %s on %s.", undo ? "Undone" : "Done again",
			srs_op_names[row.event.op], row.key);
	else if (ok)
		app_say(app, STYLE_PLAIN, "There is nothing to %s.", undo ? "undo" : "do again");
	bool done = ok && row.part_id;
	app->changes += done;
	app_report(app, &d);
	arena_clear(&a);
	return done;
}

static bool session_owns_undo(struct app *app)
{
	if (app->session)
		app_say(app, STYLE_WARN, "A review is open: go back to it to undo.");
	return app->session != NULL;
}

bool app_undo(struct app *app)
{
	return !session_owns_undo(app) && undo_or_redo(app, true);
}

bool app_redo(struct app *app)
{
	return !session_owns_undo(app) && undo_or_redo(app, false);
}

/* ---- keys and commands --------------------------------------------------------------- */

static void back(struct app *app)
{
	bool overlay = app->top->ops->overlay;
	close_top(app);
	if (!app->top)
		app_quit(app, app->code);
	else if (!overlay && app->top->ops->resume)
		app->top->ops->resume(app->top);
}

/* Pages scroll alike in all views that do not say otherwise. */
static bool scroll(struct view *v, enum command_id id)
{
	struct scroll *s = &v->scroll;
	int half = s->rows > 1 ? s->rows / 2 : 1;
	if (id == CMD_LINE_UP || id == CMD_UP || id == CMD_FOCUS_UP)
		s->top--;
	else if (id == CMD_LINE_DOWN || id == CMD_DOWN || id == CMD_FOCUS_DOWN)
		s->top++;
	else if (id == CMD_PAGE_UP)
		s->top -= half;
	else if (id == CMD_PAGE_DOWN)
		s->top += half;
	else if (id == CMD_TOP)
		s->top = 0;
	else if (id == CMD_BOTTOM)
		s->top = s->lines;
	else
		return false;
	s->follow = false;
	return true;
}

/* Commands that mean the same in every view. */
static void common(struct app *app, enum command_id id)
{
	if (scroll(app->top, id))
		return;
	if (id == CMD_HELP)
		app_push(app, help_view(app, app->top));
	else if (id == CMD_PROMPT)
		app_push(app, prompt_view(app));
	else if (id == CMD_SEARCH)
		app_push(app, search_view(app, "", false));
	else if (id == CMD_REDRAW)
		app->redraw = true;
	else if (id == CMD_QUIT)
		app_quit(app, CODE_DONE);
	else if (id == CMD_BACK)
		back(app);
}

static void install_heir(struct app *app)
{
	struct view *heir = app->heir;
	if (!heir)
		return;
	app->heir = NULL;
	while (app->top && app->top != app->heir_of)
		close_top(app);
	if (app->top)
		close_top(app);
	if (app->top)
		app_push(app, heir);
	else if (!app_open(app, heir, app->late))
		app_quit(app, CODE_FAILED);
}

static void run_next(struct app *app)
{
	if (app->next < 0 || !app->top)
		return;
	enum command_id id = (enum command_id)app->next;
	char *arg = app->next_arg;
	app->next = -1;
	app->next_arg = NULL;
	app_run(app, id, arg, app->next_confirmed);
	free(arg);
}

void app_settle(struct app *app)
{
	install_heir(app);
	run_next(app);
}

void app_run(struct app *app, enum command_id id, const char *arg, bool confirmed)
{
	const struct key_command *row = &key_commands[id];
	struct view *v = app->top;
	if (row->argument && !arg) {
		app_push(app, argument_view(app, id));
		return;
	}
	if (row->confirm && !confirmed) {
		app_push(app, confirm_view(app, id, arg));
		return;
	}
	v->scroll.follow = true;
	switch (v->ops->command(v, id, arg)) {
	case VIEW_STAY:
		break;
	case VIEW_BACK:
		back(app);
		break;
	case VIEW_OTHER:
		common(app, id);
		break;
	}
	app_settle(app);
}

void app_key(struct app *app, uint32_t key)
{
	struct view *v = app->top;
	enum context c = v->ops->context(v);
	char letter[MAX_KEY_NAME];
	if (key == K_C_C) {
		app_quit(app, CODE_INTERRUPTED);
		return;
	}
	if (key == K_C_Z) {
		app->suspend = true;
		return;
	}
	str_reset(&app->message);
	int id = keys_command(c, key);
	if (id >= 0) {
		keys_text(key, letter);
		app_run(app, (enum command_id)id, keys_ranged((enum command_id)id) ? letter : NULL,
			false);
	} else if (context_takes_text(c) && v->ops->typed) {
		v->scroll.follow = true;
		v->ops->typed(v, key);
	}
}

void app_edited(struct app *app)
{
	while (app->top->below && !app->top->ops->edited)
		close_top(app);
	if (app->top->ops->edited)
		app->top->ops->edited(app->top);
}

static bool ticks(const struct app *app, const struct view *v)
{
	return v->ops->wake_ms && (v == app->top || v->ops->runs);
}

int64_t app_wake_ms(const struct app *app)
{
	int64_t first = -1;
	for (const struct view *v = app->top; v; v = v->below) {
		int64_t ms = ticks(app, v) ? v->ops->wake_ms(v) : -1;
		if (ms >= 0 && (first < 0 || ms < first))
			first = ms;
	}
	return first;
}

void app_tick(struct app *app)
{
	for (struct view *v = app->top; v && !app->heir; v = v->below)
		if (ticks(app, v))
			v->ops->tick(v);
	install_heir(app);
}

/* ---- the picture --------------------------------------------------------------------- */

static void draw_base(struct app *app, struct screen *s, struct view *v)
{
	struct arena a = {0};
	const char *left = "", *right = "";
	if (v->ops->layout)
		v->ops->layout(v, &app->frame);
	v->ops->header(v, &a, &left, &right);
	canvas_reset(&app->canvas, &app->frame, v->ops->wide, app->ascii);
	app->canvas.typing = context_takes_text(v->ops->context(v));
	v->ops->draw(v, &app->canvas);
	if (v != app->top)
		app->canvas.has_cursor = false;
	frame_put_header(&app->frame, s, left, right);
	frame_put_canvas(&app->frame, s, &app->canvas, &v->scroll);
	arena_clear(&a);
}

/* One line where messages stand. */
static void draw_overlay(struct app *app, struct screen *s, const struct view *v)
{
	const struct frame *f = &app->frame;
	canvas_reset(&app->over, f, true, app->ascii);
	v->ops->draw(v, &app->over);
	frame_put_message(f, s, STYLE_PLAIN, "");
	if (app->over.body.count)
		frame_put_line(s, f->message, f->left + f->margin, &app->over.body.lines[0]);
	if (app->over.has_cursor)
		screen_cursor(s, f->message, f->left + f->margin + app->over.cursor_col);
}

static void draw_bottom(struct app *app, struct screen *s)
{
	const struct frame *f = &app->frame;
	bool takes_footer = f->tiny && (app->top->ops->overlay || app->message.len);
	if (f->bottom_rule >= 0)
		screen_rule(s, f->bottom_rule, f->left, f->width);
	if (!takes_footer)
		footer_put(f, s, app->top);
	if (app->top->ops->overlay)
		draw_overlay(app, s, app->top);
	else if (app->message.len)
		frame_put_message(f, s, app->message_style, str_c(&app->message));
}

void app_draw(struct app *app, struct screen *s)
{
	struct view *base = app->top;
	while (base->ops->overlay && base->below)
		base = base->below;
	app->ascii = screen_ascii(s);
	frame_measure(&app->frame, screen_size(s));
	screen_erase(s);
	if (app->frame.too_small) {
		frame_put_too_small(&app->frame, s);
	} else {
		draw_base(app, s, base);
		draw_bottom(app, s);
	}
	screen_flush(s);
}
