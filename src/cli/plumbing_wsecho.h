/* plumbing_wsecho.h -- `gatedrill plumbing ws-echo --port P`: a WebSocket server that sends back
 * what it is sent, without any limit of the service. "listening on ws://127.0.0.1:P/" says that it
 * is there; SIGINT or SIGTERM end it. */
#ifndef CLI_PLUMBING_WSECHO_H
#define CLI_PLUMBING_WSECHO_H

#include "cli/cli.h"

int plumbing_wsecho(struct call *c);

#endif
