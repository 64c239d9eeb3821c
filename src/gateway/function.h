/* function.h -- functions, as Lambda runs them: builtin ones, commands (child processes) and
 * endpoints that speak the Lambda Invoke API. Time, memory, concurrency, size of events and answers
 * are bounded, and what goes wrong becomes what Lambda answers. */
#ifndef GATEWAY_FUNCTION_H
#define GATEWAY_FUNCTION_H

#include "gateway/client.h"

struct uv_loop_s;
struct functions;

#define MAX_FUNCTION_EVENT ((size_t)6 << 20) /* synchronous; an event of an async call: 1 MB */
#define MAX_FUNCTION_ASYNC ((size_t)1 << 20)
#define MAX_FUNCTION_OUTPUT ((size_t)6 << 20)
#define MAX_FUNCTION_LOG ((size_t)64 << 10) /* of stderr, the end of it is kept */
#define MAX_FUNCTION_QUEUED 1000            /* async events waiting for a free process */

struct functions_options {
	struct uv_loop_s *loop;
	struct client *client; /* for endpoints; borrowed */
	const char *region, *account;
	const char *path;         /* folders where programs are looked for; NULL: the usual ones */
	const char *callback_url; /* of this gateway, told to commands as GATEDRILL_ENDPOINT; NULL:
				     none */
	const char *program;      /* this program, told to commands as GATEDRILL; NULL: not told */
	const char *scratch; /* folder that commands may keep things in, GATEDRILL_SCRATCH; NULL */
};
struct functions *functions_new(const struct functions_options *o);
/* After client_free() of its client, which ends calls to endpoints. Every process is killed, its
 * group too; calls under way end as GW_CALL_CRASHED. Handles close in
 * the loop, which must run on until it is empty. Accepts NULL. */
void functions_free(struct functions *f);

/* The definitions were read again: processes that are warm are not used for what is called from now
 * on. What was called before goes on as it was; functions are copied when they are called. */
void functions_reload(struct functions *f);

/* Run one. The payload is copied. done may be called before this returns. A function that is not
 * trusted, or whose kind cannot run, is GW_CALL_DENIED; too many at once GW_CALL_BUSY; a payload
 * over the limit GW_CALL_TOO_LARGE_REQUEST. With async done comes at once, status 202, and the
 * function runs afterwards. What a function answers is in body: JSON text, unchecked. A function
 * that fails is GW_CALL_ERROR with {"errorMessage": "...", "errorType": "..."}. */
void functions_call(struct functions *f, const struct gw_function_call *call, gw_done *done,
		    void *arg);
size_t functions_processes(const struct functions *f); /* that are alive */

/* The builtin functions, for messages and the manual. */
struct builtin {
	const char *name, *help;
	/* Append the answer; false: it is an error object. NULL: it never answers, see function.c.
	 */
	bool (*run)(struct str *out, const struct gw_function_call *call, const struct node *event);
};
extern const struct builtin builtins[];
extern const size_t builtin_count;
const struct builtin *builtin_find(const char *name); /* NULL: none */

#endif
