/* labnotes.c -- what a lab keeps of what was answered and heard, for the lines that tell it: only
 * the last of it, since there may be thousands of requests in a burst. */
#include "tui/drawlab.h"

#include <stdlib.h>
#include <string.h>

void lab_notes_status(struct lab_notes *n, int status)
{
	if (n->recent_count == LAB_RECENT) {
		memmove(n->recent, n->recent + 1, (LAB_RECENT - 1) * sizeof(*n->recent));
		n->recent_count--;
	}
	n->recent[n->recent_count++] = status;
}

static void keep(struct lab_notes *n, char *line)
{
	if (n->heard_count == LAB_HEARD) {
		free(n->heard[0]);
		memmove(n->heard, n->heard + 1, (LAB_HEARD - 1) * sizeof(*n->heard));
		n->heard_count--;
	}
	n->heard[n->heard_count++] = line;
}

void lab_notes_heard(struct lab_notes *n, const struct rig_heard *x)
{
	int len = (int)(x->text.len < MAX_HEARD_BYTES ? x->text.len : MAX_HEARD_BYTES);
	switch (x->what) {
	case RIG_ANSWER:
		return; /* its trace has it */
	case RIG_OPENED:
		keep(n, xasprintf("%s is connected", x->as));
		break;
	case RIG_REFUSED:
		keep(n, xasprintf("%s was refused: %d", x->as, x->status));
		break;
	case RIG_MESSAGE:
		keep(n, xasprintf("%s: %.*s", x->as, len, x->text.p));
		break;
	case RIG_CLOSED:
		keep(n, xasprintf("%s is closed: %d %.*s", x->as, x->status, len, x->text.p));
		break;
	}
}

void lab_notes_clear(struct lab_notes *n)
{
	for (size_t i = 0; i < n->heard_count; i++)
		free(n->heard[i]);
	*n = (struct lab_notes){0};
}
