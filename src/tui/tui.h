/* tui.h -- the screen front end. */
#ifndef TUI_TUI_H
#define TUI_TUI_H

#include "study/start.h"
#include "study/study.h"

/* Run on the terminal of stdin and stdout until the learner quits, and leave the terminal as it
 * was, whatever happens. Returns an exit code of cli.h: 0, 1, 3 (nothing was due) or 130. */
int tui_run(struct study *s, const struct start *start, struct diags *d);
void tui_keys_mdoc(struct str *out); /* the table of keys, for the manual */

#endif
