/* progress.c -- see progress.h. A signal can only set a flag; that flag is the one thing here that
 * is not passed along. The line is drawn on a terminal alone, ten times a second at most, and not
 * before the work has taken half a second: what is done at once needs no progress. */
#include "cli/progress.h"

#include <string.h>
#include <unistd.h>

#define FIRST_MS 500
#define EVERY_MS 100

static volatile sig_atomic_t interrupted;

static void on_signal(int number)
{
	(void)number;
	interrupted = 1;
}

static const int signals[PROGRESS_SIGNALS] = {SIGINT, SIGTERM, SIGHUP};

/* What is ignored stays so: whoever started the program wants it to go on. */
static void set_handlers(struct progress *p)
{
	struct sigaction sa;
	memset(&sa, 0, sizeof(sa));
	sa.sa_handler = on_signal;
	for (size_t i = 0; i < ARRAY_LEN(signals); i++) {
		sigaction(signals[i], NULL, &p->before[i]);
		if (p->before[i].sa_handler != SIG_IGN)
			sigaction(signals[i], &sa, NULL);
	}
}

static void draw(struct progress *p, const char *what, size_t done, size_t total)
{
	if (total)
		fprintf(p->call->err, "\r%s: %zu of %zu\033[K", what, done, total);
	else if (done)
		fprintf(p->call->err, "\r%s: %zu\033[K", what, done);
	else
		fprintf(p->call->err, "\r%s\033[K", what);
	fflush(p->call->err);
	p->shown = true;
}

static bool tick(void *ctx, const char *what, size_t done, size_t total)
{
	struct progress *p = ctx;
	const struct clock system = {0};
	int64_t now = clock_run(&system).total_ms;
	if (interrupted) {
		p->stopped = true;
		return false;
	}
	if (!p->drawn_ms)
		p->drawn_ms = now + FIRST_MS - EVERY_MS;
	if (now - p->drawn_ms < EVERY_MS || !isatty(fileno(p->call->err)) ||
	    call_has(p->call, FLAG_QUIET))
		return true;
	p->drawn_ms = now;
	draw(p, what, done, total);
	return true;
}

void progress_begin(struct progress *p, struct call *c)
{
	*p = (struct progress){.job = {tick, p}, .call = c};
	interrupted = 0;
	set_handlers(p);
}

void progress_end(struct progress *p)
{
	for (size_t i = 0; i < ARRAY_LEN(signals); i++)
		sigaction(signals[i], &p->before[i], NULL);
	if (p->shown)
		fputs("\r\033[K", p->call->err);
}
