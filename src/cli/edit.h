/* edit.h -- the learner's editor. */
#ifndef CLI_EDIT_H
#define CLI_EDIT_H

#include "cli/cli.h"

#include <uv.h>

/* Run the editor on a file at a line and wait for it. Codes: editor-missing, editor-failed. */
bool edit_file(struct call *c, const struct config *config, const char *path, int line,
	       struct diags *d);

/* The same beside a loop that has more to do. Zeroed before the first start. */
struct edit_run {
	uv_process_t process;
	bool running;
	void (*ended)(void *ctx, bool ok, struct diags *d);
	void *ctx;
};
/* ended is called from the loop, unless this returns false. */
bool edit_start(struct edit_run *e, uv_loop_t *loop, struct call *c, const struct config *config,
		const char *path, struct diags *d);

#endif
