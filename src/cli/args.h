/* args.h -- reading a command line by the tables of commands and flags. */
#ifndef CLI_ARGS_H
#define CLI_ARGS_H

#include "cli/cli.h"

struct args {
	const struct command *command; /* NULL: none was given */
	const char *value[FLAG_COUNT]; /* borrowed from argv or text; "" for flags without a value;
					  NULL: not given */
	const char **words;            /* the other arguments, borrowed strings */
	int word_count;
	struct arena text; /* of values that were joined */
};
/* Code usage for everything that is wrong. args_clear is due in either case. */
bool args_read(struct args *a, int argc, char **argv, struct diags *d);
void args_clear(struct args *a);

#endif
