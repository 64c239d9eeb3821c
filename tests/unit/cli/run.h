/* run.h -- the real program, run by tests: on pipes, in a scratch folder that is its whole world.
 */
#ifndef TESTS_CLI_RUN_H
#define TESTS_CLI_RUN_H

#include <stdbool.h>
#include <sys/types.h>

/* A folder used as GATEDRILL_HOME. */
struct scratch {
	char dir[64];
};
void scratch_make(struct scratch *s);
void scratch_write(const struct scratch *s, const char *name,
		   const char *text); /* makes folders too */
void scratch_remove(struct scratch *s);

struct run {
	pid_t pid;
	int to_child, from_child; /* stdin; stdout and stderr */
};
const char *run_program(void); /* path from $GATEDRILL; NULL when unset or not built */
void run_start(struct run *r, const char *home,
	       const char *const *args); /* args without the program's name, NULL-terminated */
int run_end(struct run *r);              /* closes the pipes, waits; exit code, or 128 + signal */

#endif
