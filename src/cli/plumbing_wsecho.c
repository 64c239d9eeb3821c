/* plumbing_wsecho.c -- see plumbing_wsecho.h. */
#include "cli/plumbing_wsecho.h"

#include "gateway/wsecho.h"

static void on_ready(void *ctx, int port)
{
	const struct call *c = ctx;
	fprintf(c->out, "listening on ws://127.0.0.1:%d/\n", port);
	fflush(c->out);
}

int plumbing_wsecho(struct call *c)
{
	struct diags d = {0};
	long long port = 0;
	if (call_has(c, FLAG_PORT) && !str_to_i64(c->value[FLAG_PORT], 0, 65535, &port))
		return call_usage(c,
				  "--port takes a number up to 65535, or 0 for any that is free");
	bool ok = wsecho_run((int)port, &c->clock, on_ready, c, &d);
	call_report(c, &d);
	diags_clear(&d);
	return ok ? EXIT_DONE : EXIT_FAILED;
}
