/* keeper.h -- a process that outlives this one for a moment, so that nothing else does. However
 * this one ends, killed or crashed too, the process groups it was told of are killed. */
#ifndef GATEWAY_KEEPER_H
#define GATEWAY_KEEPER_H

#include <stdbool.h>
#include <sys/types.h>

#define MAX_KEPT_GROUPS 4096 /* at once; further ones are not seen to */

struct keeper {
	pid_t pid;
	int fd; /* of the pipe that tells it: close-on-exec; meaningless while pid is 0 */
};
/* Zeroed it is none. False: the system has no room for it; then nothing is kept. */
bool keeper_start(struct keeper *k);
/* A group that is to end with us, or has ended. keeper_add() may be called between fork and exec,
 * by the group's leader itself, so that it has no moment in which it is not known. */
void keeper_add(const struct keeper *k, pid_t group);
void keeper_remove(const struct keeper *k, pid_t group);
/* It kills what it still knows, and is waited for. */
void keeper_stop(struct keeper *k);

#endif
