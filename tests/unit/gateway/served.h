/* served.h -- a gateway that is served for a test, on the test's own loop. */
#ifndef TEST_SERVED_H
#define TEST_SERVED_H

#include "gateway/serve.h"

#include <uv.h>

struct served {
	uv_loop_t loop;
	struct serve *serve;
	const char *files[1]; /* "TMPDIR/.../api.yaml" */
	const char *dir;
	struct arena arena;
	uv_timer_t limit; /* a test that waits in vain fails */
	bool stopped, late;
	int changes; /* definitions read again, by the watch or serve_edited() */
	size_t change_errors;
};
/* stack: text of the stack file, api.yaml; openapi: of api.openapi.yaml beside it, NULL: none. tls:
 * with a certificate made for it. Fails the test when it cannot be served. What o sets (detailed,
 * watch, time_scale, seed) is kept. */
void served_open(struct served *s, const char *stack, const char *openapi,
		 const struct serve_options *o, bool tls);
void served_write(struct served *s, const char *name, const char *text); /* a file anew */
/* Turn the loop until *done; fails after 20 seconds. */
void served_wait(struct served *s, const bool *done);
/* The same until *count is at least n. */
void served_count(struct served *s, const int *count, int n);
void served_pass(struct served *s, int ms); /* let so much time pass */
/* Stops it, ends the loop: all handles must have been closed. */
void served_close(struct served *s);
/* The newest trace of a kind; fails when there is none. */
const struct gw_trace *served_trace(const struct served *s, enum gw_trace_kind kind);
const char *served_detail(const struct gw_trace *t, enum gw_step step, const char *name);

#endif
