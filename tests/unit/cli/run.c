/* run.c -- see run.h. */
#include "tests/unit/cli/run.h"
#include "base/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

void scratch_make(struct scratch *s)
{
	snprintf(s->dir, sizeof(s->dir), "/tmp/gatedrill-run-XXXXXX");
	assert_non_null(mkdtemp(s->dir));
}

void scratch_write(const struct scratch *s, const char *name, const char *text)
{
	struct arena a = {0};
	char *path = path_join(&a, s->dir, name);
	assert_true(file_mkdirs(path_dir(&a, path), NULL));
	assert_true(file_write(path, text, strlen(text), NULL));
	arena_clear(&a);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

void scratch_remove(struct scratch *s)
{
	nftw(s->dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

const char *run_program(void)
{
	const char *path = getenv("GATEDRILL");
	return path && !access(path, X_OK) ? path : NULL;
}

static void become_program(const char *home, const char *const *args, int in, int out)
{
	const char *argv[32] = {run_program()};
	for (int i = 0; args[i] && i < 30; i++)
		argv[i + 1] = args[i];
	dup2(in, STDIN_FILENO);
	dup2(out, STDOUT_FILENO);
	dup2(out, STDERR_FILENO);
	setenv("GATEDRILL_HOME", home, 1);
	setenv("GATEDRILL_SHARE", home, 1);
	execv(argv[0], (char *const *)argv);
	_exit(127);
}

void run_start(struct run *r, const char *home, const char *const *args)
{
	int in[2], out[2];
	assert_int_equal(pipe2(in, O_CLOEXEC), 0);
	assert_int_equal(pipe2(out, O_CLOEXEC), 0);
	r->pid = fork();
	assert_true(r->pid >= 0);
	if (r->pid == 0)
		become_program(home, args, in[0], out[1]);
	close(in[0]);
	close(out[1]);
	r->to_child = in[1];
	r->from_child = out[0];
}

int run_end(struct run *r)
{
	int status;
	close(r->to_child);
	close(r->from_child);
	waitpid(r->pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
