/* progress.h -- long work on the command line: one line that tells how far it is, and Ctrl-C that
 * stops it between two steps, so that it can clean up. */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include "cli/cli.h"
#include "exchange/job.h"

#include <signal.h>

#define PROGRESS_SIGNALS 3

struct progress {
	struct job job; /* hand this on */
	struct call *call;
	bool shown;                                /* a line stands on the terminal */
	bool stopped;                              /* Ctrl-C was pressed */
	int64_t drawn_ms;                          /* when the line was drawn last */
	struct sigaction before[PROGRESS_SIGNALS]; /* private: what signals did */
};
/* From now on an interrupt stops the job. One at a time. */
void progress_begin(struct progress *p, struct call *c);
/* Take the line away; interrupts do what they did before. */
void progress_end(struct progress *p);

#endif
