/* yaml.h -- YAML 1.1 through libyaml into a tree. All scalars stay text: no y/n booleans, no 1.10
 * turned into 1.1. */
#ifndef BASE_YAML_H
#define BASE_YAML_H

#include "base/str.h"
#include "base/tree.h"

/* Read one document. file is borrowed for messages. Exactly one document, root of any kind; aliases
 * and anchors are allowed for scalars only up to MAX_YAML_ALIASES uses (an alias shares the text of
 * its scalar); aliases of lists or maps, tags other than !!str, duplicate keys, non-scalar keys,
 * tabs as indentation, invalid UTF-8, NUL, and what breaks a limit of tree.h are errors with a
 * position. Codes: yaml-syntax, yaml-utf8, yaml-duplicate-key, yaml-alias, yaml-tag, yaml-key,
 * yaml-documents, tree-... */
#define MAX_YAML_ALIASES 1000
bool yaml_read(struct arena *a, const char *file, const char *bytes, size_t n, struct node **root,
	       struct diags *d);

/* Append text as a YAML scalar that reads back as the same text: plain if safe, else double-quoted,
 * or a block scalar (| or >-) when it has several lines. indent: columns of the parent mapping or
 * list; -1 inside [] or {}, where it is never a block. The line is not ended: the caller must add
 * the newline (a block's last line needs it) or, in flow, what follows. Invalid UTF-8 becomes
 * U+FFFD. */
void yaml_add_scalar(struct str *out, const char *text, int indent);

const char *yaml_library(void); /* "0.2.5": the version in use */

#endif
