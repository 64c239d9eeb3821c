/* tui.c -- see tui.h. One loop (libuv) hears the keyboard, signals, the clock and the end of an
 * editor, and nothing else in this room ever waits. Keys that came together are all obeyed before
 * one picture is drawn, so that a held key cannot build up a queue of pictures.
 *
 * The keyboard is polled for, not read, through libuv: curses must do the reading, and polling sets
 * no flag on a terminal that the shell shares with us (uv_poll_init sets O_NONBLOCK, which is taken
 * back at once).
 *
 * Views may put handles of their own on the loop, and say with app_wake() that there is something
 * new to see. Pictures for that sake are bounded: a gateway under load is not to be slowed down by
 * its own inspector.
 *
 * Whatever ends the program (a key, a signal, a terminal that is gone) ends the loop first and then
 * takes the way out of tui_run(): every answer is on disk by then, the terminal is given back, and
 * libraries are not called from signal handlers. What views have left on the loop, such as a
 * gateway with its children, is then given a moment to end. */
#include "tui/tui.h"
#include "tui/editor.h"
#include "tui/exam.h"
#include "tui/lab.h"
#include "tui/tree.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <uv.h>

#define SHORTEST_WAKE_MS 200
#define LONGEST_WAKE_MS 3600000
#define PICTURE_MS 50 /* between pictures that nobody has pressed a key for */
#define BUSY_MS 200   /* the same where much happens: nobody could read it anyway */
#define BUSY_WAKES 20 /* between two pictures: much */
#define CLOSE_MS 2000 /* for what views have left on the loop, once the program ends */

static const int signal_numbers[] = {SIGWINCH, SIGTERM, SIGHUP, SIGINT, SIGTSTP, SIGCONT};
#define SIGNAL_COUNT ARRAY_LEN(signal_numbers)

struct tui {
	struct app app; /* first: app_wake() finds the rest by it */
	struct screen *screen;
	uv_loop_t loop;
	uv_poll_t keyboard;
	uv_timer_t clock;
	uv_timer_t painter; /* active: a picture is due */
	uint64_t drawn_ms;  /* the loop's time of the last one */
	int wakes;          /* since then, and in the time before it */
	int wakes_before;
	bool ended; /* the terminal is given back, views are gone */
	bool hurry; /* nothing more is waited for */
	uv_signal_t signals[SIGNAL_COUNT];
	struct editor editor;
};

static void on_signal(uv_signal_t *handle, int number);
static void on_keyboard(uv_poll_t *handle, int status, int events);
static void on_clock(uv_timer_t *handle);

/* ---- after each event ---------------------------------------------------------------- */

static void wait_for_clock(struct tui *t)
{
	int64_t ms = app_wake_ms(&t->app);
	if (ms < 0) {
		uv_timer_stop(&t->clock);
		return;
	}
	if (ms < SHORTEST_WAKE_MS)
		ms = SHORTEST_WAKE_MS;
	if (ms > LONGEST_WAKE_MS)
		ms = LONGEST_WAKE_MS;
	uv_timer_start(&t->clock, on_clock, (uint64_t)ms, 0);
}

static void quit(struct tui *t, int code)
{
	app_quit(&t->app, code);
	uv_stop(&t->loop);
}

/* Stop as the shell expects it of a job: the whole process group, by the signal's own default. */
static void suspend(struct tui *t)
{
	t->app.suspend = false;
	for (size_t i = 0; i < SIGNAL_COUNT; i++)
		if (signal_numbers[i] == SIGTSTP)
			uv_signal_stop(&t->signals[i]);
	if (!t->editor.running)
		screen_leave(t->screen);
	kill(0, SIGTSTP);
	for (size_t i = 0; i < SIGNAL_COUNT; i++)
		if (signal_numbers[i] == SIGTSTP)
			uv_signal_start(&t->signals[i], on_signal, SIGTSTP);
	if (!t->editor.running)
		screen_return(t->screen);
}

static void editor_ended(struct editor *e)
{
	struct tui *t = (struct tui *)((char *)e - offsetof(struct tui, editor));
	struct diags d = {0};
	uv_poll_start(&t->keyboard, UV_READABLE | UV_DISCONNECT, on_keyboard);
	screen_return(t->screen);
	editor_result(e, &d);
	app_edited(&t->app);
	if (d.count)
		app_report(&t->app, &d);
	app_draw(&t->app, t->screen);
	wait_for_clock(t);
}

static void start_editor(struct tui *t)
{
	struct diags d = {0};
	char *file = (char *)t->app.edit_file;
	t->app.edit_file = NULL;
	screen_leave(t->screen);
	uv_poll_stop(&t->keyboard);
	t->editor.ended = editor_ended;
	if (!editor_start(&t->editor, &t->loop, t->app.study->config.editor, file, t->app.edit_line,
			  &d)) {
		uv_poll_start(&t->keyboard, UV_READABLE | UV_DISCONNECT, on_keyboard);
		screen_return(t->screen);
		app_report(&t->app, &d);
	}
	free(file);
}

/* What the commands asked for, and the picture. */
static void settle(struct tui *t)
{
	if (t->app.quit || !t->app.top) {
		uv_stop(&t->loop);
		return;
	}
	if (t->app.suspend)
		suspend(t);
	if (t->app.redraw)
		screen_redraw(t->screen);
	t->app.redraw = false;
	if (t->app.edit_file)
		start_editor(t);
	if (!t->editor.running)
		app_draw(&t->app, t->screen);
	t->drawn_ms = uv_now(&t->loop);
	t->wakes_before = t->wakes;
	t->wakes = 0;
	wait_for_clock(t);
}

/* ---- events -------------------------------------------------------------------------- */

/* Readable and yet nothing to read: the terminal is gone. */
static bool hung_up(void)
{
	struct pollfd p = {.fd = STDIN_FILENO, .events = POLLIN};
	int waiting = 0;
	if (poll(&p, 1, 0) > 0 && (p.revents & (POLLHUP | POLLERR | POLLNVAL)))
		return true;
	return (p.revents & POLLIN) &&
	       (ioctl(STDIN_FILENO, FIONREAD, &waiting) != 0 || waiting == 0);
}

static void on_keyboard(uv_poll_t *handle, int status, int events)
{
	struct tui *t = handle->data;
	uint32_t key = status == 0 && (events & UV_READABLE) ? screen_key(t->screen) : K_NONE;
	if (key == K_NONE && hung_up()) {
		quit(t, CODE_FAILED);
		return;
	}
	for (; key != K_NONE; key = screen_key(t->screen)) {
		if (key != K_DROPPED)
			app_key(&t->app, key);
		if (t->app.quit || t->app.suspend || t->app.edit_file)
			break;
	}
	settle(t);
}

static void on_clock(uv_timer_t *handle)
{
	struct tui *t = handle->data;
	if (!t->editor.running)
		app_tick(&t->app);
	settle(t);
}

/* What views said since the last picture, in one. */
static void on_painter(uv_timer_t *handle)
{
	struct tui *t = handle->data;
	app_settle(&t->app);
	settle(t);
}

void app_wake(struct app *app)
{
	struct tui *t = (struct tui *)app;
	t->wakes++;
	if (t->ended || uv_is_active((uv_handle_t *)&t->painter))
		return;
	uint64_t since = uv_now(&t->loop) - t->drawn_ms;
	uint64_t apart = t->wakes_before > BUSY_WAKES ? BUSY_MS : PICTURE_MS;
	uv_timer_start(&t->painter, on_painter, since < apart ? apart - since : 0, 0);
}

static void on_signal(uv_signal_t *handle, int number)
{
	struct tui *t = handle->data;
	if (t->ended) {
		/* A hang-up often comes twice: as the end of the input and as a signal. */
		t->hurry |= number == SIGINT || number == SIGTERM;
		return;
	}
	switch (number) {
	case SIGWINCH:
		screen_resized(t->screen);
		break;
	case SIGTSTP:
		t->app.suspend = true;
		break;
	case SIGCONT:
		if (!t->editor.running)
			screen_return(t->screen);
		break;
	case SIGINT:
		/* While an editor has the terminal, C-c is meant for it. */
		if (!t->editor.running)
			app_quit(&t->app, CODE_INTERRUPTED);
		break;
	default:
		app_quit(&t->app, CODE_FAILED);
		break;
	}
	settle(t);
}

/* ---- start and end ------------------------------------------------------------------- */

static bool loop_failed(int error, struct diags *d)
{
	return diag_fail(d, "screen-loop", "the terminal cannot be listened to: %s; use --plain",
			 uv_strerror(error));
}

static bool listen_to_keyboard(struct tui *t, struct diags *d)
{
	int flags = fcntl(STDIN_FILENO, F_GETFL);
	int error = uv_poll_init(&t->loop, &t->keyboard, STDIN_FILENO);
	if (flags >= 0)
		fcntl(STDIN_FILENO, F_SETFL, flags);
	if (error)
		return loop_failed(error, d);
	t->keyboard.data = t;
	error = uv_poll_start(&t->keyboard, UV_READABLE | UV_DISCONNECT, on_keyboard);
	return error == 0 || loop_failed(error, d);
}

/* Signals come before curses, which leaves alone those that somebody already listens to. */
static bool start(struct tui *t, bool no_colour, struct diags *d)
{
	const struct config *c = &t->app.study->config;
	for (size_t i = 0; i < SIGNAL_COUNT; i++) {
		uv_signal_init(&t->loop, &t->signals[i]);
		t->signals[i].data = t;
		uv_signal_start(&t->signals[i], on_signal, signal_numbers[i]);
	}
	return listen_to_keyboard(t, d) &&
	       screen_open(&t->screen, no_colour ? COLOUR_NEVER : c->colour, c->theme, d);
}

/* ---- the end ------------------------------------------------------------------------- */

static void close_handle(uv_handle_t *handle, void *arg)
{
	(void)arg;
	if (!uv_is_closing(handle))
		uv_close(handle, NULL);
}

static void on_late(uv_timer_t *handle)
{
	((struct tui *)handle->data)->hurry = true;
}

/* The terminal first: whoever is impatient then has C-c as a signal. */
static void leave(struct tui *t)
{
	screen_close(t->screen);
	t->ended = true;
	if (t->keyboard.data)
		uv_poll_stop(&t->keyboard);
	uv_timer_stop(&t->painter);
	app_close_views(&t->app);
	uv_timer_start(&t->clock, on_late, CLOSE_MS, 0);
	while (t->app.held && !t->hurry)
		uv_run(&t->loop, UV_RUN_ONCE);
}

/* What has not ended in time is left alone, half closed as it is: the process ends now, and the
 * system closes its ports and kills its children. */
static void close_loop(struct tui *t)
{
	if (t->app.held)
		return;
	uv_walk(&t->loop, close_handle, NULL);
	uv_run(&t->loop, UV_RUN_DEFAULT);
	uv_loop_close(&t->loop);
}

static struct view *first_exam_view(struct app *app, const struct exam_options *o)
{
	if (o->resume)
		return resumed_view(app, o->id);
	return o->result ? result_view(app, o->id) : exams_view(app, o);
}

/* NULL: nothing of labs was asked for. */
static struct view *first_lab_view(struct app *app, const struct start *start)
{
	if (start->proof)
		return proof_view(app, start->proof);
	if (start->evidence)
		return evidence_view(app, start->evidence);
	if (start->lab && start->lab_id)
		return lab_view_of(app, start->lab_id, start->lab);
	return start->lab ? labs_view(app) : NULL;
}

static struct view *first_view(struct app *app, const struct start *start)
{
	struct view *lab = first_lab_view(app, start);
	if (lab)
		return lab;
	if (start->review)
		return session_view(app, start->review);
	if (start->find)
		return search_view(app, start->find, start->find[0] != '\0');
	if (start->quiz)
		return quiz_view(app, start->quiz);
	if (start->exam)
		return first_exam_view(app, start->exam);
	if (start->tree && !start->tree_id)
		return trees_view(app);
	if (start->tree)
		return case_view(app, NULL, start->tree_id, start->tree);
	if (start->gateway)
		return gateway_view(app, start->gateway);
	return home_view(app);
}

static int run(struct tui *t, const struct start *begin, struct diags *d)
{
	if (!app_open(&t->app, first_view(&t->app, begin), d))
		return t->app.code ? t->app.code : CODE_FAILED;
	if (!start(t, begin->no_colour, d))
		return CODE_FAILED;
	settle(t);
	uv_run(&t->loop, UV_RUN_DEFAULT);
	return t->app.code;
}

int tui_run(struct study *s, const struct start *begin, struct diags *d)
{
	struct tui t = {0};
	int error = uv_loop_init(&t.loop);
	if (error) {
		loop_failed(error, d);
		return CODE_FAILED;
	}
	app_init(&t.app, s, &t.loop, d);
	uv_timer_init(&t.loop, &t.clock);
	uv_timer_init(&t.loop, &t.painter);
	t.clock.data = t.painter.data = &t;
	int code = run(&t, begin, d);
	leave(&t);
	close_loop(&t);
	app_clear(&t.app);
	return code;
}
