/* keeper.c -- see keeper.h. PR_SET_PDEATHSIG ends a child with its parent, but not the children of
 * that child; and only Linux has it. A pipe tells everywhere: its reader sees the end when the last
 * writer is gone, which is the gateway, since all its children close their copy when they begin.
 *
 * The keeper is forked without exec, so it may call async-signal-safe functions only and keeps what
 * it knows on its stack. It has a session of its own and no signal but SIGKILL, so that what ends
 * the gateway at the terminal does not end it first; and no descriptor but the pipe, so that it
 * holds no port and no output open. What leaves its group by setsid() is not found by it. */
#include "gateway/keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/prctl.h>
#endif

/* What comes through the pipe: a group to be kept, or its negative to be forgotten. A pipe takes so
 * few bytes as one piece. */

static void forget(pid_t *groups, size_t *count, pid_t group)
{
	for (size_t i = 0; i < *count; i++)
		if (groups[i] == group) {
			groups[i] = groups[--*count];
			return;
		}
}

static void close_others(int fd)
{
	dup2(fd, 0);
#ifdef __linux__
	close_range(1, ~0U, 0);
#else
	for (int i = (int)sysconf(_SC_OPEN_MAX) - 1; i > 0; i--)
		close(i);
#endif
}

static _Noreturn void keep(int fd)
{
	pid_t groups[MAX_KEPT_GROUPS];
	size_t count = 0;
	pid_t said;
	ssize_t n;
	setsid();
#ifdef __linux__
	prctl(PR_SET_NAME, "gatedrill-keep"); /* for ps */
#endif
	close_others(fd);
	while ((n = read(0, &said, sizeof(said))) != 0) {
		if (n < 0 && errno != EINTR)
			break;
		if (n != sizeof(said))
			continue;
		if (said < 0)
			forget(groups, &count, -said);
		else if (count < MAX_KEPT_GROUPS)
			groups[count++] = said;
	}
	for (size_t i = 0; i < count; i++)
		kill(-groups[i], SIGKILL);
	_exit(0);
}

/* Above the standard descriptors, and not inherited by programs. */
static int moved_up(int fd)
{
	int high = fcntl(fd, F_DUPFD_CLOEXEC, 10);
	close(fd);
	return high;
}

static void close_both(int fds[2])
{
	for (int i = 0; i < 2; i++)
		if (fds[i] >= 0)
			close(fds[i]);
}

bool keeper_start(struct keeper *k)
{
	sigset_t all;
	sigset_t before;
	int fds[2];
	if (pipe(fds) != 0)
		return false;
	for (int i = 0; i < 2; i++)
		fds[i] = moved_up(fds[i]);
	if (fds[0] < 0 || fds[1] < 0) {
		close_both(fds);
		return false;
	}
	sigfillset(&all); /* it keeps them blocked: our handlers must not run there */
	sigprocmask(SIG_SETMASK, &all, &before);
	pid_t pid = fork();
	if (pid == 0)
		keep(fds[0]);
	sigprocmask(SIG_SETMASK, &before, NULL);
	if (pid < 0) {
		close_both(fds);
		return false;
	}
	close(fds[0]);
	fcntl(fds[1], F_SETFL, O_NONBLOCK); /* a keeper that is stopped must not stop us */
	*k = (struct keeper){pid, fds[1]};
	return true;
}

static void tell(const struct keeper *k, pid_t what)
{
	while (k->pid && write(k->fd, &what, sizeof(what)) < 0 && errno == EINTR)
		continue;
}

void keeper_add(const struct keeper *k, pid_t group)
{
	tell(k, group);
}

void keeper_remove(const struct keeper *k, pid_t group)
{
	tell(k, -group);
}

void keeper_stop(struct keeper *k)
{
	if (!k->pid)
		return;
	close(k->fd);
	while (waitpid(k->pid, NULL, 0) < 0 && errno == EINTR)
		continue;
	*k = (struct keeper){0};
}
