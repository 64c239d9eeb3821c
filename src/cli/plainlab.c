/* plainlab.c -- the loop of a lab on the line; see labtalk.h.
 *
 * A line is obeyed when the action before it is done and it was quiet for a moment, so that what
 * else it set off is told before the next prompt. Lines of a pipe or a terminal are polled for; a
 * regular file cannot be, and is at hand anyway. */
#include "cli/labtalk.h"
#include "cli/plainlab.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#define QUIET_MS 30
#define MAX_TYPED ((size_t)1 << 16)
#define MAX_LAB_LINE 4096

static void turn(struct lab_talk *t);

const struct lab_view *talk_view(const struct lab_talk *t)
{
	return lab_view(t->lab);
}

const struct ring *talk_ring(const struct lab_talk *t)
{
	struct serve *serve = rig_serve(lab_rig(t->lab));
	return serve ? serve_ring(serve) : NULL;
}

/* -- lines ------------------------------------------------------------------------------------- */

static int keyboard_fd(const struct lab_talk *t)
{
	return fileno(t->p.call->in);
}

/* What has come, at most so much that a flood of input is left in its pipe. */
static void read_typed(struct lab_talk *t)
{
	char bytes[4096];
	ssize_t n = read(keyboard_fd(t), bytes, sizeof(bytes));
	if (n > 0)
		str_addn(&t->typed, bytes, (size_t)n);
	else if (n == 0 || (errno != EAGAIN && errno != EINTR))
		t->over = true;
}

static bool has_line(const struct lab_talk *t)
{
	return t->typed.len && (memchr(t->typed.p, '\n', t->typed.len) != NULL || t->over ||
				t->typed.len >= MAX_TYPED);
}

/* The first line typed goes to p.line, without its end. */
static void cut_line(struct lab_talk *t)
{
	const char *end = memchr(t->typed.p, '\n', t->typed.len);
	size_t n = end ? (size_t)(end - t->typed.p) : t->typed.len;
	size_t used = n + (end != NULL);
	size_t kept = n < MAX_LAB_LINE ? n : MAX_LAB_LINE;
	if (kept && t->typed.p[kept - 1] == '\r')
		kept--;
	str_reset(&t->p.line);
	str_addn(&t->p.line, t->typed.p, kept);
	memmove(t->typed.p, t->typed.p + used, t->typed.len - used);
	str_truncate(&t->typed, t->typed.len - used);
}

static void show_prompt(struct lab_talk *t)
{
	if (t->prompted)
		return;
	fputs(t->question ? "y or n: " : "lab: ", t->p.call->out);
	fflush(t->p.call->out);
	t->prompted = true;
}

static void end_prompt(struct lab_talk *t)
{
	if (!isatty(keyboard_fd(t)))
		fputc('\n', t->p.call->out);
	t->prompted = false;
}

void talk_interrupt(struct lab_talk *t)
{
	if (t->prompted)
		fputc('\n', t->p.call->out);
	t->prompted = false;
}

/* False: none is at hand, or the input has ended. */
static bool take_line(struct lab_talk *t)
{
	show_prompt(t);
	while (!t->polls && !t->over && !has_line(t))
		read_typed(t);
	if (has_line(t)) {
		cut_line(t);
		end_prompt(t);
		return true;
	}
	if (t->over) {
		talk_interrupt(t);
		t->p.stop = true;
	}
	return false;
}

static void on_keyboard(uv_poll_t *handle, int status, int events)
{
	struct lab_talk *t = handle->data;
	(void)events;
	if (status < 0)
		t->over = true;
	else
		read_typed(t);
	turn(t);
}

/* -- the end ----------------------------------------------------------------------------------- */

static void close_handle(void *handle)
{
	if (!uv_is_closing(handle))
		uv_close(handle, NULL);
}

static void on_closed(void *ctx)
{
	struct lab_talk *t = ctx;
	t->lab = NULL;
	if (t->polls)
		close_handle(&t->keyboard);
	close_handle(&t->quiet);
	for (size_t i = 0; i < ARRAY_LEN(t->signals); i++)
		close_handle(&t->signals[i]);
	if (t->editor.running)
		close_handle(&t->editor.process);
}

static void leave(struct lab_talk *t)
{
	if (t->closing)
		return;
	t->closing = true;
	if (t->polls)
		uv_poll_stop(&t->keyboard);
	say_leave(t);
	fflush(t->p.call->out);
	lab_close(t->lab);
}

static void on_signal(uv_signal_t *handle, int number)
{
	struct lab_talk *t = handle->data;
	if (number == SIGINT && t->editor.running)
		return; /* it is the editor's */
	if (number == SIGINT && isatty(keyboard_fd(t)))
		fputc('\n', t->p.call->out); /* behind the terminal's ^C */
	if (number == SIGINT && t->doing && !t->done) {
		rig_stop(lab_rig(t->lab));
		return;
	}
	talk_interrupt(t);
	t->p.code = EXIT_INTERRUPTED;
	leave(t);
}

/* -- turns ------------------------------------------------------------------------------------- */

static bool is_busy(const struct lab_talk *t)
{
	return t->doing || t->editor.running;
}

/* Obey what was typed as long as there is something and nothing else runs. */
static void turn(struct lab_talk *t)
{
	if (t->turning || t->closing)
		return;
	t->turning = true;
	while (!t->p.stop && !is_busy(t) && take_line(t))
		talk_obey(t);
	t->turning = false;
	t->p.stop |= ferror(t->p.call->out) != 0; /* nobody reads on */
	if (t->p.stop) {
		leave(t);
		return;
	}
	if (t->polls && !is_busy(t) && !t->over)
		uv_poll_start(&t->keyboard, UV_READABLE | UV_DISCONNECT, on_keyboard);
	else if (t->polls)
		uv_poll_stop(&t->keyboard);
}

static void on_quiet(uv_timer_t *timer)
{
	struct lab_talk *t = timer->data;
	if (t->closing || (t->doing && !t->done))
		return;
	if (t->doing) {
		t->doing = false;
		say_result(t);
	} else if (t->untold) {
		talk_interrupt(t);
		plain_say(&t->p, "And %ld more; trace shows the last.", t->untold);
	}
	t->told = t->untold = 0;
	say_news(t);
	turn(t);
}

/* Done, or nothing to do: from here on, quiet. */
static void settle(struct lab_talk *t)
{
	if (!t->closing && (!t->doing || t->done))
		uv_timer_start(&t->quiet, on_quiet, QUIET_MS, 0);
}

void talk_begin(struct lab_talk *t, bool bursting)
{
	for (size_t i = 0; i < t->tally_count; i++)
		free(t->tally[i].what);
	t->tally_count = 0;
	t->uncounted = 0;
	str_reset(&t->answer);
	t->number = 0;
	t->doing = true;
	t->done = false;
	t->bursting = bursting;
}

void talk_done(void *ctx, bool ok, const char *why)
{
	struct lab_talk *t = ctx;
	t->done = true;
	why = why ? why : "it was stopped";
	if (!ok)
		str_reset(&t->answer);
	if (!ok && !t->closing)
		plain_say(&t->p, "Not done: %s%s", why, say_stop(why));
	settle(t);
}

void talk_fail(struct lab_talk *t, struct diags *d)
{
	t->doing = false;
	call_report(t->p.call, d);
}

/* -- what the lab tells ------------------------------------------------------------------------ */

static void on_traced(void *ctx, const struct gw_trace *trace)
{
	struct lab_talk *t = ctx;
	if (t->closing)
		return;
	t->number = trace->number;
	if (!t->editor.running)
		say_trace(t, trace);
	if (!t->editor.running)
		say_news(t);
	settle(t);
}

static void on_heard(void *ctx, const struct rig_heard *h)
{
	struct lab_talk *t = ctx;
	if (t->closing)
		return;
	if (!t->editor.running)
		say_heard(t, h);
	settle(t);
}

static void on_changed(void *ctx)
{
	struct lab_talk *t = ctx;
	if (t->closing || t->editor.running || !t->lab)
		return;
	say_news(t);
	if (!t->doing)
		settle(t);
}

/* -- opening ----------------------------------------------------------------------------------- */

/* A terminal is shared with the shell, so the flag that polling sets is taken back. */
static void watch_keyboard(struct lab_talk *t)
{
	int fd = keyboard_fd(t);
	int before = fcntl(fd, F_GETFL);
	t->polls = uv_poll_init(&t->loop, &t->keyboard, fd) == 0;
	t->keyboard.data = t;
	if (before >= 0)
		fcntl(fd, F_SETFL, before);
}

static void start_loop(struct lab_talk *t)
{
	if (uv_loop_init(&t->loop))
		abort();
	uv_timer_init(&t->loop, &t->quiet);
	t->quiet.data = t;
	for (size_t i = 0; i < ARRAY_LEN(t->signals); i++) {
		uv_signal_init(&t->loop, &t->signals[i]);
		t->signals[i].data = t;
	}
	watch_keyboard(t);
}

/* From here on the loop ends the program, so that nothing of it is left behind. */
static void watch_signals(struct lab_talk *t)
{
	static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
	for (size_t i = 0; i < ARRAY_LEN(numbers); i++)
		uv_signal_start(&t->signals[i], on_signal, numbers[i]);
}

static bool open_lab(struct lab_talk *t, struct study *s, struct shelf_lab *lab,
		     struct lab_options *o)
{
	static const struct lab_ops ops = {
		.traced = on_traced, .heard = on_heard, .changed = on_changed, .closed = on_closed};
	struct diags d = {0};
	bool ok = lab_open(&t->lab, s, lab, &t->loop, o, &ops, t, &d);
	if (!ok && !o->allow_commands && plain_trust(&t->p, &d)) {
		o->allow_commands = true;
		ok = lab_open(&t->lab, s, lab, &t->loop, o, &ops, t, &d);
	}
	if (!ok)
		t->p.code = EXIT_FAILED;
	call_report(t->p.call, &d);
	return ok;
}

int plain_lab(struct call *c, struct study *s, struct shelf_lab *lab, const struct lab_options *o)
{
	struct lab_talk *t = xcalloc(1, sizeof(*t));
	struct lab_options options = *o;
	/* What follows a question must still be there for the loop. */
	setvbuf(c->in, NULL, _IONBF, 0);
	plain_init(&t->p, c, s);
	start_loop(t);
	if (open_lab(t, s, lab, &options)) {
		watch_signals(t);
		say_opening(t);
		turn(t);
	} else {
		on_closed(t);
	}
	uv_run(&t->loop, UV_RUN_DEFAULT);
	uv_loop_close(&t->loop);
	int code = t->p.code;
	talk_begin(t, false);
	str_clear(&t->typed);
	str_clear(&t->answer);
	str_clear(&t->problem_told);
	str_clear(&t->unread_told);
	arena_clear(&t->work);
	plain_clear(&t->p);
	free(t);
	return code;
}
