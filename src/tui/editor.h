/* editor.h -- the learner's editor as a child process on the loop. */
#ifndef TUI_EDITOR_H
#define TUI_EDITOR_H

#include "base/diag.h"

#include <uv.h>

/* Zeroed before the first start. */
struct editor {
	uv_process_t process;
	bool running;
	int64_t status;
	int term_signal;
	void (*ended)(struct editor *e); /* set by the owner, who finds himself by e's address */
};
/* Start it on a file at a line. command: of the settings, "" takes $VISUAL, $EDITOR or vi. The
 * terminal must have been given up. Code: editor-failed. */
bool editor_start(struct editor *e, uv_loop_t *loop, const char *command, const char *file,
		  int line, struct diags *d);
/* How it ended: false with editor-missing or editor-failed. */
bool editor_result(const struct editor *e, struct diags *d);

#endif
