/* help.h -- what is printed from the tables besides help itself. */
#ifndef CLI_HELP_H
#define CLI_HELP_H

#include "cli/cli.h"

#include <stdbool.h>
#include <stdio.h>

/* A completion script for "bash", "zsh" or "fish". False: no such shell. */
bool completion_print(FILE *out, const char *shell);
/* One table as mdoc source, for the manual pages. False: no such part. */
bool mdoc_print(struct call *c, const char *part);
extern const char
	mdoc_parts[]; /* the parts' names as a sentence has them: "commands, flags, ... and lint" */

/* "Usage: gatedrill ..." of a command. */
void help_usage(FILE *out, const struct command *k);
/* Words of text from column col on, wrapped before column width, further lines indented; ends the
 * line. For ASCII text of our own. */
void help_wrap(FILE *out, const char *text, int col, int indent, int width);
/* Walk lines "left\tright\n": copies both into the arena and returns what follows; NULL at the end.
 */
const char *help_pair(struct arena *a, const char *lines, const char **left, const char **right);

#endif
