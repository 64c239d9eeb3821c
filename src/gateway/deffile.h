/* deffile.h -- the files of definitions: YAML or JSON, read into one kind of tree. */
#ifndef GATEWAY_DEFFILE_H
#define GATEWAY_DEFFILE_H

#include "gateway/api.h"

/* Read a file of at most MAX_DEF_BYTES. bytes and tree are in the arena; path is borrowed for
 * messages. Errors: those of file.h, yaml.h and json.h. */
bool def_read(struct arena *a, const char *path, struct slice *bytes, struct node **root,
	      struct diags *d);

/* Parse what was read: JSON if the name ends in .json or the text can be read as it, else YAML.
 * Plain YAML scalars become what JSON has them be: numbers, true, false and null; what only older
 * YAML takes for these (yes, 010) stays text. */
bool def_parse(struct arena *a, const char *path, struct slice bytes, struct node **root,
	       struct diags *d);

#endif
