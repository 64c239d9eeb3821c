/* gateway.c -- `gatedrill gateway VERB`: a table of verbs, one function each. */
#include "cli/gateway.h"

#include "base/suggest.h"

static const struct {
	const char *name;
	int (*run)(struct call *c);
} verbs[] = {
	{"run", gateway_run},       {"check", gateway_check}, {"deploy", gateway_deploy},
	{"stages", gateway_stages}, {"test", gateway_test},   {"export", gateway_export},
	{"cert", gateway_cert},     {"push", gateway_push},
};

int run_gateway(struct call *c)
{
	const char *names[ARRAY_LEN(verbs)];
	struct str all = {0};
	for (size_t i = 0; i < ARRAY_LEN(verbs); i++) {
		if (c->arg_count && str_eq(c->args[0], verbs[i].name)) {
			str_clear(&all);
			return verbs[i].run(c);
		}
		names[i] = verbs[i].name;
		str_addf(&all, "%s%s", i ? ", " : "", verbs[i].name);
	}
	const char *near = c->arg_count ? suggest(c->args[0], names, ARRAY_LEN(verbs)) : NULL;
	int code = near ? call_usage(c, "gateway has no \"%s\", did you mean \"%s\"?", c->args[0],
				     near)
			: call_usage(c, "gateway takes one of: %s", str_c(&all));
	str_clear(&all);
	return code;
}
