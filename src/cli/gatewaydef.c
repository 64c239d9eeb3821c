/* gatewaydef.c -- definitions on the command line: `gatedrill gateway check`. */
#include "cli/gateway.h"

bool gateway_call_load(struct call *c, struct gateway *g, const char *const *files, size_t n)
{
	struct diags d = {0};
	struct load_options o = {
		.share = c->paths->share,
		.allow_commands = call_has(c, FLAG_ALLOW_COMMANDS),
	};
	bool ok = gateway_load(g, files, n, &o, &d);
	call_report(c, &d);
	return ok;
}

int gateway_check(struct call *c)
{
	struct gateway g = {0};
	if (c->arg_count < 2)
		return call_usage(c, "gateway check takes files: stack files or OpenAPI files");
	bool ok = gateway_call_load(c, &g, c->args + 1, (size_t)c->arg_count - 1);
	gateway_clear(&g);
	return ok ? EXIT_DONE : EXIT_INVALID;
}
