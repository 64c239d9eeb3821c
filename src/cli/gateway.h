/* gateway.h -- the verbs of `gatedrill gateway`. Each looks at its own arguments: c->args[0] is the
 * verb. */
#ifndef CLI_GATEWAY_H
#define CLI_GATEWAY_H

#include "cli/cli.h"
#include "gateway/stack.h"

/* Load files for a verb, with --allow-commands and the bundled files' trust; prints what there is
 * to say. False: exit with EXIT_INVALID. g must be cleared in any case. */
bool gateway_call_load(struct call *c, struct gateway *g, const char *const *files, size_t n);

int gateway_run(struct call *c);
int gateway_cert(struct call *c);
int gateway_check(struct call *c);
int gateway_deploy(struct call *c);
int gateway_stages(struct call *c);
int gateway_export(struct call *c);
int gateway_test(struct call *c);
int gateway_push(struct call *c);

#endif
