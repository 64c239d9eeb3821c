/* term.c -- see term.h. One poll at a time: bytes of the program go into libvterm, libvterm's
 * answers to queries go back. */
#include "tests/screen/term.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <vterm.h>

enum { WAIT_MS = 5000, MAX_ARGS = 30 };

struct term {
	VTerm *vt;
	VTermScreen *screen;
	int fd;
	pid_t pid;
	int rows, cols;
	bool alternate, closed;
	bool ended; /* the program was waited for */
	char *text; /* what term_row and term_screen gave out */
	size_t text_size;
	char *kept;    /* what term_keep gave out */
	char *written; /* all bytes so far */
	size_t written_len;
	struct term *next; /* of all that are not freed */
};

static struct term *all;

static void answer(const char *bytes, size_t n, void *user)
{
	struct term *t = user;
	if (!t->closed && write(t->fd, bytes, n) < 0)
		t->closed = true;
}

static int set_property(VTermProp prop, VTermValue *value, void *user)
{
	struct term *t = user;
	if (prop == VTERM_PROP_ALTSCREEN)
		t->alternate = value->boolean;
	return 1;
}

static const VTermScreenCallbacks callbacks = {.settermprop = set_property};

static void set_environment(const struct term_options *o)
{
	static const char *const unset[] = {"NO_COLOR", "COLORTERM", "LINES",
					    "COLUMNS",  "VISUAL",    "EDITOR"};
	for (size_t i = 0; i < sizeof(unset) / sizeof(unset[0]); i++)
		unsetenv(unset[i]);
	/* What is written under a bare name must not land in the tree. */
	if (chdir(o->home) != 0)
		_exit(127);
	setenv("GATEDRILL_HOME", o->home, 1);
	setenv("GATEDRILL_SHARE", o->share ? o->share : "/nonexistent", 1);
	setenv("TERM", o->term ? o->term : "xterm-256color", 1);
	setenv("LC_ALL", o->lang ? o->lang : "C.UTF-8", 1);
	setenv("TZ", "UTC", 1);
	for (int i = 0; o->env && o->env[i]; i++)
		putenv(strdup(o->env[i]));
}

static void become_program(const struct term_options *o)
{
	const char *argv[MAX_ARGS + 2] = {getenv("GATEDRILL")};
	for (int i = 0; o->args && o->args[i] && i < MAX_ARGS; i++)
		argv[i + 1] = o->args[i];
	set_environment(o);
	execv(argv[0], (char *const *)argv);
	_exit(127);
}

static void say(const char *text)
{
	if (write(STDOUT_FILENO, text, strlen(text)) < 0)
		_exit(127);
}

/* The least of a shell: the program is a job in a process group of its own, which has the terminal.
 * Without one above it a program cannot be stopped: the kernel drops the signal. */
static void become_shell(const struct term_options *o)
{
	char line[16];
	int status;
	signal(SIGTTOU, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	pid_t job = fork();
	if (job == 0) {
		setpgid(0, 0);
		tcsetpgrp(STDIN_FILENO, getpid());
		signal(SIGTTOU, SIG_DFL);
		signal(SIGHUP, SIG_DFL);
		become_program(o);
	}
	while (waitpid(job, &status, WUNTRACED) == job && WIFSTOPPED(status)) {
		tcsetpgrp(STDIN_FILENO, getpid());
		say("[stopped]");
		if (read(STDIN_FILENO, line, sizeof(line)) <= 0)
			break;
		say("[continued]");
		tcsetpgrp(STDIN_FILENO, job);
		kill(-job, SIGCONT);
	}
	_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
}

struct term *term_start(const struct term_options *o)
{
	if (!getenv("GATEDRILL"))
		fail_msg("GATEDRILL does not say which program to test");
	struct term *t = calloc(1, sizeof(*t));
	struct winsize size = {.ws_row = (unsigned short)o->rows,
			       .ws_col = (unsigned short)o->cols};
	assert_non_null(t);
	t->next = all;
	all = t;
	t->rows = o->rows;
	t->cols = o->cols;
	t->vt = vterm_new(o->rows, o->cols);
	vterm_set_utf8(t->vt, !o->lang || strstr(o->lang, "UTF-8") != NULL);
	vterm_output_set_callback(t->vt, answer, t);
	t->screen = vterm_obtain_screen(t->vt);
	vterm_screen_set_callbacks(t->screen, &callbacks, t);
	vterm_screen_enable_altscreen(t->screen, 1);
	vterm_screen_reset(t->screen, 1);
	t->pid = forkpty(&t->fd, NULL, NULL, &size);
	if (t->pid < 0) { /* no terminal to be had: and -1 would mean every process to kill() */
		t->ended = true;
		fail_msg("forkpty: %s", strerror(errno));
	}
	if (t->pid == 0)
		(o->job ? become_shell : become_program)(o);
	return t;
}

/* Take what the program writes within ms. False when there was nothing or it has ended. */
static bool pump(struct term *t, int ms)
{
	char buf[4096];
	struct pollfd p = {.fd = t->fd, .events = POLLIN};
	if (t->closed || poll(&p, 1, ms) <= 0)
		return false;
	ssize_t n = read(t->fd, buf, sizeof(buf));
	if (n <= 0) {
		t->closed = true;
		return false;
	}
	t->written = realloc(t->written, t->written_len + (size_t)n + 1);
	assert_non_null(t->written);
	memcpy(t->written + t->written_len, buf, (size_t)n);
	t->written_len += (size_t)n;
	t->written[t->written_len] = '\0';
	vterm_input_write(t->vt, buf, (size_t)n);
	return true;
}

static size_t put_utf8(char *out, uint32_t c)
{
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (char)(0xC0 | c >> 6);
		out[1] = (char)(0x80 | (c & 0x3F));
		return 2;
	}
	if (c < 0x10000) {
		out[0] = (char)(0xE0 | c >> 12);
		out[1] = (char)(0x80 | (c >> 6 & 0x3F));
		out[2] = (char)(0x80 | (c & 0x3F));
		return 3;
	}
	out[0] = (char)(0xF0 | c >> 18);
	out[1] = (char)(0x80 | (c >> 12 & 0x3F));
	out[2] = (char)(0x80 | (c >> 6 & 0x3F));
	out[3] = (char)(0x80 | (c & 0x3F));
	return 4;
}

static VTermScreenCell cell_at(struct term *t, int row, int col)
{
	VTermScreenCell cell = {0};
	vterm_screen_get_cell(t->screen, (VTermPos){row, col}, &cell);
	return cell;
}

/* The text of one cell into out: bytes, and cells it takes in *cells. */
static size_t cell_text(struct term *t, int row, int col, char *out, int *cells)
{
	VTermScreenCell cell = cell_at(t, row, col);
	size_t n = 0;
	if (!cell.chars[0])
		out[n++] = ' ';
	for (int i = 0;
	     i < VTERM_MAX_CHARS_PER_CELL && cell.chars[i] && cell.chars[i] != UINT32_MAX; i++)
		n += put_utf8(out + n, cell.chars[i]);
	*cells = cell.width > 1 ? cell.width : 1;
	return n;
}

/* One row into out, blanks at the end cut; bytes. */
static size_t row_text(struct term *t, int row, char *out)
{
	size_t n = 0, end = 0;
	int cells;
	for (int col = 0; col < t->cols; col += cells) {
		size_t bytes = cell_text(t, row, col, out + n, &cells);
		bool blank = bytes == 1 && out[n] == ' ';
		n += bytes;
		if (!blank)
			end = n;
	}
	return end;
}

/* Cells that the first bytes of a row's text take. */
static int cells_before(struct term *t, int row, size_t bytes)
{
	char text[4 * VTERM_MAX_CHARS_PER_CELL + 1];
	int col = 0, cells;
	for (size_t n = 0; n < bytes && col < t->cols; col += cells)
		n += cell_text(t, row, col, text, &cells);
	return col;
}

static char *fresh_text(struct term *t)
{
	size_t size = (size_t)t->rows * ((size_t)t->cols * 4 * VTERM_MAX_CHARS_PER_CELL + 1) + 1;
	if (size > t->text_size) {
		free(t->text);
		t->text = malloc(size);
		assert_non_null(t->text);
		t->text_size = size;
	}
	return t->text;
}

const char *term_row(struct term *t, int row)
{
	char *out = fresh_text(t);
	out[row_text(t, row, out)] = '\0';
	return out;
}

const char *term_cell(struct term *t, int row, int col)
{
	char *out = fresh_text(t);
	int cells;
	out[cell_text(t, row, col, out, &cells)] = '\0';
	return out;
}

const char *term_screen(struct term *t)
{
	char *out = fresh_text(t);
	size_t n = 0;
	for (int row = 0; row < t->rows; row++) {
		n += row_text(t, row, out + n);
		out[n++] = '\n';
	}
	out[n] = '\0';
	return out;
}

const char *term_keep(struct term *t)
{
	free(t->kept);
	t->kept = strdup(term_screen(t));
	assert_non_null(t->kept);
	return t->kept;
}

static int64_t now_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Asleep, so that what it had to draw is written; or gone. True also where the system does not
 * tell. */
static bool is_idle(struct term *t)
{
	char path[64], stat[256];
	snprintf(path, sizeof(path), "/proc/%ld/stat", (long)tcgetpgrp(t->fd));
	FILE *f = fopen(path, "r");
	if (!f)
		return true;
	stat[fread(stat, 1, sizeof(stat) - 1, f)] = '\0';
	fclose(f);
	const char *state = strrchr(stat, ')');
	return !state || strlen(state) < 3 || !strchr("RD", state[2]);
}

/* Read all of the picture that the program is drawing. Idleness comes before the last look: poll on
 * a terminal waits for what was written before it. */
static void settle(struct term *t)
{
	int64_t end = now_ms() + WAIT_MS;
	bool idle = false;
	while (now_ms() < end && !(idle && !pump(t, 0))) {
		while (pump(t, idle ? 0 : 1))
			;
		idle = t->closed || is_idle(t);
	}
}

/* Read on until done says so of a whole picture. False: it never did. */
static bool wait_until(struct term *t, bool (*done)(struct term *t, const void *arg),
		       const void *arg)
{
	int64_t end = now_ms() + WAIT_MS;
	while (now_ms() < end) {
		settle(t);
		if (done(t, arg))
			return true;
		if (t->closed)
			break;
		pump(t, 50);
	}
	return false;
}

/* Fail with the screen printed before: cmocka cuts long messages. */
static void fail_showing(struct term *t, const char *what)
{
	const char *line = term_screen(t);
	while (*line) {
		size_t n = strcspn(line, "\n");
		printf("# |%.*s\n", (int)n, line);
		line += n + 1;
	}
	fflush(stdout);
	fail_msg("%s on the screen above", what);
}

static void fail_about(struct term *t, const char *what, const char *text)
{
	char message[256];
	snprintf(message, sizeof(message), "%s \"%s\"", what, text);
	fail_showing(t, message);
}

static bool is_shown(struct term *t, const void *text)
{
	return strstr(term_screen(t), text) != NULL;
}

static bool is_gone(struct term *t, const void *text)
{
	return !is_shown(t, text);
}

static bool is_other(struct term *t, const void *before)
{
	return strcmp(term_screen(t), before) != 0;
}

static bool is_same(struct term *t, const void *before)
{
	return !is_other(t, before);
}

static bool is_alternate(struct term *t, const void *arg)
{
	(void)arg;
	return t->alternate;
}

static bool was_cleared(struct term *t, const void *from)
{
	static const char clear[] = "\033[2J";
	size_t at = *(const size_t *)from;
	return t->written_len > at &&
	       memmem(t->written + at, t->written_len - at, clear, sizeof(clear) - 1);
}

void term_wait(struct term *t, const char *text)
{
	if (!wait_until(t, is_shown, text))
		fail_about(t, "waited for", text);
}

void term_wait_gone(struct term *t, const char *text)
{
	if (!wait_until(t, is_gone, text))
		fail_about(t, "still there is", text);
}

void term_wait_change(struct term *t, const char *before)
{
	if (!wait_until(t, is_other, before))
		fail_showing(t, "nothing changed");
}

void term_wait_same(struct term *t, const char *before)
{
	if (!wait_until(t, is_same, before))
		fail_showing(t, "the screen before did not come back");
}

bool term_reacts(struct term *t, const char *before)
{
	return wait_until(t, is_other, before) || t->closed;
}

bool term_stays(struct term *t)
{
	if (wait_until(t, is_alternate, NULL))
		return true;
	if (!t->closed)
		fail_showing(t, "the program neither draws nor ends");
	return false;
}

void term_sync(struct term *t)
{
	settle(t);
	size_t from = t->written_len;
	term_send(t, "\f");
	if (!wait_until(t, was_cleared, &from))
		fail_showing(t, "nothing was drawn again");
}

bool term_shows(struct term *t, const char *text)
{
	settle(t);
	return strstr(term_screen(t), text) != NULL;
}

bool term_find(struct term *t, const char *text, int *row, int *col)
{
	settle(t);
	for (int r = 0; r < t->rows; r++) {
		const char *line = term_row(t, r);
		const char *at = strstr(line, text);
		if (!at)
			continue;
		if (row)
			*row = r;
		if (col)
			*col = cells_before(t, r, (size_t)(at - line));
		return true;
	}
	return false;
}

bool term_wrote(struct term *t, const char *bytes)
{
	settle(t);
	return t->written && memmem(t->written, t->written_len, bytes, strlen(bytes)) != NULL;
}

bool term_wrote_ascii(struct term *t)
{
	settle(t);
	for (size_t i = 0; i < t->written_len; i++)
		if ((unsigned char)t->written[i] > 0x7f)
			return false;
	return t->written_len > 0;
}

/* An arrow goes through libvterm, which knows the mode of the keypad. */
static size_t send_arrow(struct term *t, const char *keys)
{
	static const VTermKey arrows[] = {VTERM_KEY_UP, VTERM_KEY_DOWN, VTERM_KEY_RIGHT,
					  VTERM_KEY_LEFT};
	if (strncmp(keys, "\033O", 2) != 0 || keys[2] < 'A' || keys[2] > 'D')
		return 0;
	vterm_keyboard_key(t->vt, arrows[keys[2] - 'A'], VTERM_MOD_NONE);
	return strlen(UP);
}

void term_send(struct term *t, const char *keys)
{
	settle(t);
	while (*keys) {
		size_t n = send_arrow(t, keys);
		if (!n) {
			n = 1 + strcspn(keys + 1, "\033");
			assert_true(write(t->fd, keys, n) == (ssize_t)n);
		}
		keys += n;
	}
}

void term_damage(struct term *t)
{
	static const char other[] = "\033[2J\033[HAnother program wrote this.";
	settle(t);
	vterm_input_write(t->vt, other, sizeof(other) - 1);
}

void term_set_size(struct term *t, int rows, int cols)
{
	struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)cols};
	t->rows = rows;
	t->cols = cols;
	vterm_set_size(t->vt, rows, cols);
	assert_int_equal(ioctl(t->fd, TIOCSWINSZ, &size), 0);
}

void term_resize(struct term *t, int rows, int cols)
{
	settle(t);
	term_set_size(t, rows, cols);
	settle(t);
}

bool term_bold(struct term *t, int row, int col)
{
	return cell_at(t, row, col).attrs.bold;
}

bool term_coloured(struct term *t)
{
	for (int row = 0; row < t->rows; row++)
		for (int col = 0; col < t->cols; col++) {
			VTermScreenCell cell = cell_at(t, row, col);
			if (cell.chars[0] && !VTERM_COLOR_IS_DEFAULT_FG(&cell.fg))
				return true;
		}
	return false;
}

int term_colour(struct term *t, int row, int col)
{
	VTermScreenCell cell = cell_at(t, row, col);
	return VTERM_COLOR_IS_DEFAULT_FG(&cell.fg) || !VTERM_COLOR_IS_INDEXED(&cell.fg)
		       ? -1
		       : cell.fg.indexed.idx;
}

bool term_cursor(struct term *t, int *row, int *col)
{
	VTermPos at;
	settle(t);
	vterm_state_get_cursorpos(vterm_obtain_state(t->vt), &at);
	if (row)
		*row = at.row;
	if (col)
		*col = at.col;
	/* libvterm takes visibility for a part of what the alternate screen saves; terminals do
	 * not. */
	for (size_t i = t->written_len; i >= 5; i--)
		if (memcmp(t->written + i - 5, "\033[?25", 5) == 0)
			return t->written[i] == 'h';
	return true;
}

bool term_alternate(struct term *t)
{
	settle(t);
	return t->alternate;
}

void term_signal(struct term *t, int signal_number)
{
	pid_t group = tcgetpgrp(t->fd);
	assert_true(group > 0);
	kill(-group, signal_number);
}

void term_hang_up(struct term *t)
{
	close(t->fd);
	t->closed = true;
}

/* The terminal must be read while the program ends, or it may wait for us for ever. */
int term_finish(struct term *t)
{
	int status;
	int64_t end = now_ms() + WAIT_MS;
	while (waitpid(t->pid, &status, WNOHANG) == 0) {
		if (now_ms() > end)
			fail_showing(t, "the program did not end");
		if (!pump(t, 20) && t->closed)
			poll(NULL, 0, 5);
	}
	t->ended = true;
	settle(t);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void term_free(struct term *t)
{
	struct term **link = &all;
	while (*link != t)
		link = &(*link)->next;
	*link = t->next;
	if (!t->closed)
		close(t->fd);
	vterm_free(t->vt);
	free(t->text);
	free(t->kept);
	free(t->written);
	free(t);
}

void term_kill(struct term *t)
{
	if (!t->ended && t->pid > 0) {
		kill(t->pid, SIGKILL);
		waitpid(t->pid, NULL, 0);
	}
	term_free(t);
}

void term_free_all(void)
{
	while (all)
		term_kill(all);
}

int term_end(struct term *t)
{
	int code = term_finish(t);
	term_free(t);
	return code;
}
