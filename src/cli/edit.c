/* edit.c -- see edit.h. There is no screen to give back and nothing else to do meanwhile, so it
 * simply waits. */
#include "cli/edit.h"

#include <errno.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

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
			"the editor is not there; set one with `gatedrill config editor COMMAND`");
	else if (!WIFEXITED(status) || WEXITSTATUS(status))
		ok = diag_fail(d, "editor-failed",
			       "the editor did not end well; the card is as its file has it");
	arena_clear(&a);
	return ok;
}
