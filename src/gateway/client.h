/* client.h -- HTTP calls to backends, key sets and function endpoints: libcurl's multi interface on
 * the libuv loop, so that nothing blocks. Connections are kept and used again. */
#ifndef GATEWAY_CLIENT_H
#define GATEWAY_CLIENT_H

#include "gateway/outside.h"

struct uv_loop_s;
struct client;

#define MAX_CLIENT_CALLS 4096                 /* at once; more are refused as GW_CALL_BUSY */
#define MAX_CLIENT_HEADERS ((size_t)64 << 10) /* of an answer, in all */
#define MAX_CLIENT_BODY ((size_t)10 << 20)    /* of an answer, where the call sets no limit */

struct client *client_new(struct uv_loop_s *loop);
/* Calls under way end at once: done is called with GW_CALL_REFUSED. Handles close in the loop,
 * which must run once more afterwards. Accepts NULL. */
void client_free(struct client *c);
/* Where this gateway itself listens: URLs whose host is below execute-api.localhost and that give
 * no port go there, so that one API can have another as its backend whatever port was free. */
void client_home(struct client *c, const char *address, int port);
/* Everything of the call is copied. done may be called before this returns, when the URL makes no
 * sense. No redirect is followed, nothing is decoded, no proxy of the environment is used; only
 * http and https. Headers are sent as given, in their order; Host and Content-Length are curl's
 * unless given. A HEAD answer has no body. */
void client_http(struct client *c, const struct gw_http_call *call, gw_done *done, void *arg);
size_t client_running(const struct client *c);

#endif
