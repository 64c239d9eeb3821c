/* served.c -- see served.h. */
#include "served.h"

#include "base/file.h"
#include "gateway/cert.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define PATIENCE_MS 20000

static void on_limit(uv_timer_t *timer)
{
	((struct served *)timer->data)->late = true;
}

static void on_changed(void *ctx, struct diags *d)
{
	struct served *s = ctx;
	s->changes++;
	s->change_errors = d->errors;
}

static void on_stopped(void *ctx)
{
	((struct served *)ctx)->stopped = true;
}

void served_write(struct served *s, const char *name, const char *text)
{
	struct diags d = {0};
	char *path = xasprintf("%s/%s", s->dir, name);
	if (!file_write(path, text, strlen(text), &d))
		fail_msg("%s", diags_first(&d));
	diags_clear(&d);
	free(path);
}

void served_open(struct served *s, const char *stack, const char *openapi,
		 const struct serve_options *o, bool tls)
{
	static int made;
	struct diags d = {0};
	struct serve_options own = o ? *o : (struct serve_options){0};
	const char *tmp = getenv("TMPDIR");
	*s = (struct served){0};
	signal(SIGPIPE, SIG_IGN); /* as the program does */
	uv_loop_init(&s->loop);
	uv_timer_init(&s->loop, &s->limit);
	s->limit.data = s;
	uv_unref((uv_handle_t *)&s->limit);
	s->dir = arena_printf(&s->arena, "%s/served-%d-%d", tmp ? tmp : "/tmp", (int)getpid(),
			      made++);
	assert_true(file_mkdirs(s->dir, &d));
	s->files[0] = arena_printf(&s->arena, "%s/api.yaml", s->dir);
	served_write(s, "api.yaml", stack);
	if (openapi)
		served_write(s, "api.openapi.yaml", openapi);
	own.files = s->files;
	own.file_count = 1;
	own.state = arena_printf(&s->arena, "%s/state", s->dir);
	own.time_scale = own.time_scale > 0 ? own.time_scale : 1;
	own.stopped = on_stopped;
	own.changed = on_changed;
	own.ctx = s;
	if (tls) {
		assert_true(cert_make(s->dir, NULL, 0, clock_ms(&own.clock), &d));
		own.cert = arena_printf(&s->arena, "%s/" CERT_SERVER, s->dir);
		own.key = arena_printf(&s->arena, "%s/" CERT_SERVER_KEY, s->dir);
	}
	s->serve = serve_open(&s->loop, &own, &d);
	if (!s->serve)
		fail_msg("%s", diags_first(&d));
	diags_clear(&d);
}

static void turn(struct served *s)
{
	if (s->late)
		fail_msg("waited in vain");
	uv_run(&s->loop, UV_RUN_ONCE);
}

static void be_patient(struct served *s)
{
	uv_timer_start(&s->limit, on_limit, PATIENCE_MS, 0);
}

void served_wait(struct served *s, const bool *done)
{
	be_patient(s);
	while (!*done)
		turn(s);
	uv_timer_stop(&s->limit);
}

void served_count(struct served *s, const int *count, int n)
{
	be_patient(s);
	while (*count < n)
		turn(s);
	uv_timer_stop(&s->limit);
}

void served_pass(struct served *s, int ms)
{
	uv_timer_start(&s->limit, on_limit, (uint64_t)ms, 0);
	while (!s->late)
		uv_run(&s->loop, UV_RUN_ONCE);
	s->late = false;
}

void served_close(struct served *s)
{
	serve_stop(s->serve, 0);
	served_wait(s, &s->stopped);
	uv_close((uv_handle_t *)&s->limit, NULL);
	uv_run(&s->loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&s->loop), 0);
	serve_free(s->serve);
	arena_clear(&s->arena);
}

const struct gw_trace *served_trace(const struct served *s, enum gw_trace_kind kind)
{
	const struct ring *r = serve_ring(s->serve);
	for (uint64_t n = ring_last(r); n > 0; n--) {
		const struct gw_trace *t = ring_get(r, n);
		if (t && t->kind == kind)
			return t;
	}
	fail_msg("there is no such trace");
	return NULL;
}

const char *served_detail(const struct gw_trace *t, enum gw_step step, const char *name)
{
	for (const struct gw_detail *d = t->rows[step].details; d; d = d->next)
		if (strcmp(d->name, name) == 0)
			return d->value;
	return NULL;
}
