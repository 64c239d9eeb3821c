/* editor.c -- see editor.h. Run by libuv beside the loop, which hears only its end. */
#include "tui/editor.h"
#include "study/config.h"

#include <stdio.h>
#include <unistd.h>

static void on_exit(uv_process_t *process, int64_t status, int term_signal)
{
	struct editor *e = process->data;
	e->running = false;
	e->status = status;
	e->term_signal = term_signal;
	uv_close((uv_handle_t *)process, NULL);
	e->ended(e);
}

bool editor_start(struct editor *e, uv_loop_t *loop, const char *command, const char *file,
		  int line, struct diags *d)
{
	static char script[] = CONFIG_EDITOR_SCRIPT;
	char at[32];
	char *args[] = {"sh", "-c", script, "sh", (char *)command, at, (char *)file, NULL};
	uv_stdio_container_t io[3];
	snprintf(at, sizeof(at), "+%d", line);
	for (int i = 0; i < 3; i++)
		io[i] = (uv_stdio_container_t){.flags = UV_INHERIT_FD, .data.fd = i};
	uv_process_options_t o = {
		.file = "/bin/sh",
		.args = args,
		.exit_cb = on_exit,
		.stdio = io,
		.stdio_count = 3,
	};
	e->process.data = e;
	int error = uv_spawn(loop, &e->process, &o);
	e->running = error == 0;
	if (error)
		uv_close((uv_handle_t *)&e->process, NULL);
	return error == 0 || diag_fail(d, "editor-failed", "the editor could not be started: %s",
				       uv_strerror(error));
}

bool editor_result(const struct editor *e, struct diags *d)
{
	if (e->status == 127)
		return diag_fail(
			d, "editor-missing",
			"the editor is not there; set one with `gatedrill config editor COMMAND`");
	if (e->status || e->term_signal)
		return diag_fail(d, "editor-failed",
				 "the editor did not end well; the card is as its file has it");
	return true;
}
