/* cli.c -- from argv to a running command: what every command shares is settled here once (clock,
 * seed, paths, plain or screen), so that each run_...() does only its own work. */
#include "cli/cli.h"
#include "base/file.h"
#include "base/utf8.h"
#include "cli/args.h"
#include "cli/help.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

void call_report(struct call *c, struct diags *d)
{
	struct diags shown = {0};
	bool quiet = call_has(c, FLAG_QUIET);
	fflush(c->out);
	if (!quiet) {
		diags_print(d, c->err);
	} else {
		for (size_t i = 0; i < d->count; i++)
			if (d->items[i].level == DIAG_ERROR)
				diag_error(&shown, d->items[i].pos, d->items[i].code, "%s",
					   d->items[i].text);
		diags_print(&shown, c->err);
		diags_clear(&shown);
	}
	diags_clear(d);
}

int call_usage(struct call *c, const char *fmt, ...)
{
	va_list ap;
	struct str text = {0};
	char *raw = NULL;
	va_start(ap, fmt);
	int n = vasprintf(&raw, fmt, ap);
	va_end(ap);
	if (n < 0)
		abort();
	utf8_sanitize(&text, raw, (size_t)n, false);
	free(raw);
	fflush(c->out);
	fprintf(c->err, "gatedrill: %s\n", str_c(&text));
	if (c->command)
		help_usage(c->err, c->command);
	str_clear(&text);
	return EXIT_USAGE;
}

void call_note(struct call *c, const char *text)
{
	struct arena a = {0};
	fflush(c->out);
	if (!call_has(c, FLAG_QUIET))
		fprintf(c->err, "gatedrill: %s\n", utf8_clean(&a, text));
	arena_clear(&a);
}

const char *call_query(const struct call *c, int i, struct arena *a)
{
	const char *text = "";
	for (; i < c->arg_count; i++)
		text = text[0] ? arena_printf(a, "%s %s", text, c->args[i]) : c->args[i];
	return text;
}

bool call_no_colour(const struct call *c)
{
	return call_has(c, FLAG_NO_COLOR) || (c->env->no_color && c->env->no_color[0]);
}

static void say_paths(struct call *c)
{
	struct arena a = {0};
	const struct paths *p = c->paths;
	fprintf(c->err,
		"gatedrill: store %s\ngatedrill: settings %s\ngatedrill: decks in %s and %s\n",
		utf8_clean(&a, p->db), utf8_clean(&a, p->config), utf8_clean(&a, p->bundled_decks),
		utf8_clean(&a, p->own_decks));
	arena_clear(&a);
}

bool call_open(struct call *c, struct study *s, int *code)
{
	struct diags d = {0};
	struct study_options o = {
		.paths = c->paths, .clock = c->clock, .has_seed = c->has_seed, .seed = c->seed};
	if (call_has(c, FLAG_VERBOSE))
		say_paths(c);
	bool ok = study_open(s, &o, &d);
	*code = ok ? EXIT_DONE : EXIT_FAILED;
	call_report(c, &d);
	return ok;
}

/* The time zone's offset at the present, for a --now that is a bare date. */
static int local_offset(void)
{
	const struct clock system = {0};
	return clock_now(&system).off_min;
}

#define MIN_COLUMNS 20

static bool read_settings(struct call *c, struct diags *d)
{
	const char *now = c->value[FLAG_NOW];
	const char *seed = c->value[FLAG_SEED];
	if (now && !moment_parse(now, local_offset(), &c->clock.at))
		return diag_fail(d, "usage", "--now takes a time such as 2026-11-20T09:00:00Z");
	c->clock.frozen = now != NULL;
	if (seed && !str_to_u64(seed, &c->seed))
		return diag_fail(d, "usage", "--seed takes a whole number from 0");
	c->has_seed = seed != NULL;
	return true;
}

static bool terminal_can_draw(const struct env *e)
{
	return isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) && e->term && e->term[0] &&
	       !str_eq(e->term, "dumb");
}

/* Columns to lay text out in. What is no terminal gets what its maker says in $COLUMNS, or the
 * usual 80. */
static int text_columns(const struct env *e)
{
	struct winsize w = {0};
	long long n;
	if (isatty(STDOUT_FILENO) && !ioctl(STDOUT_FILENO, TIOCGWINSZ, &w) &&
	    w.ws_col >= MIN_COLUMNS)
		return w.ws_col;
	return str_to_i64(e->columns, MIN_COLUMNS, 500, &n) ? (int)n : 80;
}

/* Where the running program lies; argv[0] when the system does not say. */
static char *own_path(struct arena *a, const char *argv0)
{
	char buf[4096];
	ssize_t n = readlink("/proc/self/exe", buf, sizeof(buf));
	if (n > 0 && (size_t)n < sizeof(buf))
		return arena_strndup(a, buf, (size_t)n);
	return strchr(argv0, '/') ? path_absolute(a, argv0) : NULL;
}

/* Output that could not be written (a full disk, a closed pipe) is a failure, even if the command
 * thought otherwise. */
static int finish(struct call *c, int code)
{
	if (fflush(c->out) == 0 && !ferror(c->out))
		return code;
	if (errno != EPIPE)
		fprintf(c->err, "gatedrill: the output could not be written: %s\n",
			strerror(errno));
	return code == EXIT_DONE ? EXIT_FAILED : code;
}

static int run(struct call *c)
{
	if (call_has(c, FLAG_VERSION)) {
		fprintf(c->out, "gatedrill %s\n", GATEDRILL_VERSION);
		return EXIT_DONE;
	}
	if (call_has(c, FLAG_HELP))
		return run_help(c);
	return c->command ? c->command->run(c) : run_home(c);
}

int cli_main(int argc, char **argv, const struct env *env, const struct cli_host *host)
{
	struct args args;
	struct diags d = {0};
	struct paths paths = {0};
	struct arena a = {0};
	struct call c = {.env = env, .host = host, .in = stdin, .out = stdout, .err = stderr};
	int code = EXIT_USAGE;
	bool ok = args_read(&args, argc, argv, &d);
	memcpy(c.value, args.value, sizeof(c.value));
	c.command = args.command;
	c.args = args.words;
	c.arg_count = args.word_count;
	if (ok && read_settings(&c, &d)) {
		paths_find(&paths, env, own_path(&a, argv[0]), c.value[FLAG_DB]);
		c.paths = &paths;
		c.on_terminal = terminal_can_draw(env);
		c.out_is_terminal = isatty(STDOUT_FILENO);
		c.columns = text_columns(env);
		c.plain = call_has(&c, FLAG_PLAIN) || !c.on_terminal;
		code = finish(&c, run(&c));
	} else {
		call_report(&c, &d);
	}
	paths_clear(&paths);
	args_clear(&args);
	arena_clear(&a);
	return code;
}
