/* edit.h -- the learner's editor. */
#ifndef CLI_EDIT_H
#define CLI_EDIT_H

#include "cli/cli.h"

/* Run the editor on a file at a line and wait for it. Codes: editor-missing, editor-failed. */
bool edit_file(struct call *c, const struct config *config, const char *path, int line,
	       struct diags *d);

#endif
