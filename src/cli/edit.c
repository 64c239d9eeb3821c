/* edit.c -- see edit.h. Where there is nothing else to do meanwhile it simply waits. */
#include "cli/edit.h"

#include <errno.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define NOT_THERE 127 /* how a shell ends that finds no such command */

static bool ended_well(bool exited, int64_t status, struct diags *d)
{
	if (exited && status == NOT_THERE)
		return diag_fail(
			d, "editor-missing",
			"the editor is not there; set one with `gatedrill config editor COMMAND`");
	if (!exited || status)
		return diag_fail(d, "editor-failed",
				 "the editor did not end well; what is read is what the file has");
	return true;
}

bool edit_file(struct call *c, const struct config *config, const char *path, int line,
	       struct diags *d)
{
	struct arena a = {0};
	char *at = arena_printf(&a, "+%d", line > 0 ? line : 1);
	int status = 0;
	fflush(c->out);
	pid_t pid = fork();
	if (pid == 0) {
		execl("/bin/sh", "sh", "-c", CONFIG_EDITOR_SCRIPT, "sh", config->editor, at, path,
		      (char *)NULL);
		_exit(NOT_THERE);
	}
	bool ok = pid > 0;
	while (ok && waitpid(pid, &status, 0) < 0)
		ok = errno == EINTR;
	if (!ok)
		diag_fail(d, "editor-failed", "the editor could not be started: %s",
			  strerror(errno));
	else
		ok = ended_well(WIFEXITED(status), WEXITSTATUS(status), d);
	arena_clear(&a);
	return ok;
}

static void on_exit_of(uv_process_t *process, int64_t status, int term_signal)
{
	struct edit_run *e = process->data;
	struct diags d = {0};
	e->running = false;
	uv_close((uv_handle_t *)process, NULL);
	bool ok = ended_well(!term_signal, status, &d);
	e->ended(e->ctx, ok, &d);
	diags_clear(&d);
}

bool edit_start(struct edit_run *e, uv_loop_t *loop, struct call *c, const struct config *config,
		const char *path, struct diags *d)
{
	static char script[] = CONFIG_EDITOR_SCRIPT;
	char first[] = "+1";
	char *args[] = {"sh",  "-c",         script, "sh", (char *)config->editor,
			first, (char *)path, NULL};
	uv_stdio_container_t io[3];
	for (int i = 0; i < 3; i++)
		io[i] = (uv_stdio_container_t){.flags = UV_INHERIT_FD, .data.fd = i};
	uv_process_options_t o = {.file = "/bin/sh",
				  .args = args,
				  .exit_cb = on_exit_of,
				  .stdio = io,
				  .stdio_count = 3};
	fflush(c->out);
	e->process.data = e;
	int error = uv_spawn(loop, &e->process, &o);
	e->running = error == 0;
	if (error)
		uv_close((uv_handle_t *)&e->process, NULL);
	return error == 0 || diag_fail(d, "editor-failed", "the editor could not be started: %s",
				       uv_strerror(error));
}
