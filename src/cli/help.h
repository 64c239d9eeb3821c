/* help.h -- what is printed from the tables besides help itself. */
#ifndef CLI_HELP_H
#define CLI_HELP_H

#include <stdbool.h>
#include <stdio.h>

/* A completion script for "bash", "zsh" or "fish". False: no such shell. */
bool completion_print(FILE *out, const char *shell);

#endif
