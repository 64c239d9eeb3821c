/* vtl.h -- Velocity templates as API Gateway runs them: Velocity 1.7 with $input, $context, $util,
 * $stageVariables and overrides. A template is compiled once, at load, and run any number of times;
 * running it touches nothing but the environment it is given. */
#ifndef GATEWAY_VTL_H
#define GATEWAY_VTL_H

#include "gateway/exchange.h"

/* Bounds of a run. Each breach is a template error, but for the loops: those end in silence, as
 * Velocity's do. A step is a node evaluated, or 64 bytes of text handled. */
#define MAX_VTL_LOOP 1000 /* turns of a #foreach; in plain Velocity steps are the bound */
#define MAX_VTL_STEPS 4000000
#define MAX_VTL_OUTPUT ((size_t)10 << 20) /* bytes: a payload */
#define MAX_VTL_MEMORY ((size_t)64 << 20) /* bytes of values */
#define MAX_VTL_NEST 60                   /* of blocks and parentheses, in a template's text */
#define MAX_VTL_CALLS 20                  /* macros within macros, as Velocity's default */

/* A compiled template. */
struct vtl;
/* text is n bytes of UTF-8 (MAX_TEMPLATE_BYTES at most) and is copied. file and line say where it
 * begins, for diagnostics: vtl-syntax, vtl-utf8, vtl-too-large, vtl-too-deep. NULL: there is an
 * error. Lives in the arena. */
struct vtl *vtl_compile(struct arena *a, const char *file, int line, const char *text, size_t n,
			struct diags *d);
/* True when the template has neither references nor directives: text is what it always gives
 * (borrowed from t). */
bool vtl_constant(const struct vtl *t, struct slice *text);

/* What a template sees. Zeroed members are absent. */
struct vtl_env {
	struct arena *arena; /* for values: of the exchange */
	/* $context, $stageVariables, $input.params(). Overrides are read from and land in
	 * x->request_override and x->response_override. NULL: there are none of these. */
	struct gw_exchange *x;
	struct slice
		body; /* $input: of the request, or what the backend answered; empty reads {} */
	const struct node *context; /* a map that replaces x's $context but for the overrides */
	/* A map: plain Velocity with these variables; null references print as they are written. */
	const struct node *vars;
};
/* Render into out (added to what is there). False: a template error, *error says what in one line
 * (in the arena); out then holds what came before it. */
bool vtl_run(const struct vtl *t, struct vtl_env *env, struct str *out, const char **error);

#endif
