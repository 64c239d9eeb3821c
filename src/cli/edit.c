/* edit.c -- see edit.h. The editor setting may hold arguments ("code --wait"), so the shell splits
 * it, as git does; the file name and the line are passed as positional parameters and never become
 * shell text. */
#include "cli/edit.h"

#include <errno.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *editor_of(const struct call *c, const struct config *config)
{
	const char *const choices[] = {config->editor, c->env->visual, c->env->editor};
	for (size_t i = 0; i < ARRAY_LEN(choices); i++)
		if (choices[i] && choices[i][0])
			return choices[i];
	return "vi";
}

bool edit_file(struct call *c, const struct config *config, const char *path, int line,
	       struct diags *d)
{
	struct arena a = {0};
	const char *editor = editor_of(c, config);
	char *script = arena_printf(&a, "exec %s \"$@\"", editor);
	char *at = arena_printf(&a, "+%d", line > 0 ? line : 1);
	int status = 0;
	fflush(c->out);
	pid_t pid = fork();
	if (pid == 0) {
		execl("/bin/sh", "sh", "-c", script, "sh", at, path, (char *)NULL);
		_exit(127);
	}
	bool ok = pid > 0;
	while (ok && waitpid(pid, &status, 0) < 0)
		ok = errno == EINTR;
	if (!ok)
		diag_fail(d, "editor-failed", "the editor could not be started: %s",
			  strerror(errno));
	else if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
		ok = diag_fail(
			d, "editor-missing",
			"there is no editor \"%s\"; set one with `gatedrill config editor COMMAND`",
			editor);
	else if (!WIFEXITED(status) || WEXITSTATUS(status))
		ok = diag_fail(d, "editor-failed",
			       "the editor \"%s\" did not end well; the card is as the file has it",
			       editor);
	arena_clear(&a);
	return ok;
}
