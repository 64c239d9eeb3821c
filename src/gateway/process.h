/* process.h -- child processes that run a function's command: each in a session of its own, with a
 * clean environment and no descriptor but its three, bounded in memory. When the gateway ends, in
 * whatever way, they are killed with all they have started in their group. */
#ifndef GATEWAY_PROCESS_H
#define GATEWAY_PROCESS_H

#include <stdbool.h>
#include <stddef.h>

struct uv_loop_s;
struct processes;
struct process;

struct processes *processes_new(struct uv_loop_s *loop);
/* Kills all of them with their groups and waits for them; nothing is called back. Handles close in
 * the loop. Accepts NULL. */
void processes_free(struct processes *all);
size_t processes_count(const struct processes *all);

struct process_options {
	const char *const *argv; /* NULL-terminated; argv[0] is looked for in path */
	const char *const *env;  /* the whole environment, NULL-terminated */
	const char *path;        /* folders, separated by ':' */
	const char *folder;      /* where it runs; NULL: here */
	int memory_mb;           /* of writable memory; 0: no bound. Linux only */
};
struct process_ops {
	void (*out)(void *arg, const char *p, size_t n); /* from its standard output */
	void (*err)(void *arg, const char *p, size_t n);
	/* It is gone and all its output was handed on; the process is freed after this. signal 0:
	 * it exited with code. */
	void (*ended)(void *arg, int code, int signal);
};
/* Start one; input is copied, written to its standard input, which is then closed. NULL: it could
 * not be started, *error says why (a literal or strerror's). */
struct process *process_start(struct processes *all, const struct process_options *o,
			      const char *input, size_t n, const struct process_ops *ops, void *arg,
			      const char **error);
/* SIGKILL to the process and its group. ended follows. */
void process_kill(struct process *p);

#endif
