/* clean.h -- text from elsewhere made fit for a deck file: nothing in it that lint would take for
 * an accident or an attack. */
#ifndef EXCHANGE_CLEAN_H
#define EXCHANGE_CLEAN_H

#include "base/tree.h"

/* The text without control characters, direction marks and what else cannot be seen, with LF at the
 * ends of lines, and with UTF-8 that was once read as another encoding put right; bytes that are
 * not UTF-8, and U+FFFD, become '?', one for each. The text itself when nothing is to be done, else
 * in the arena. *lost counts the '?'. */
const char *clean_text(struct arena *a, const char *text, size_t len, size_t *lost);
/* The same for all texts of a tree, in place. */
void clean_tree(struct arena *a, struct node *n, size_t *lost);

#endif
