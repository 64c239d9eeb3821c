/* build.h -- how the readers of YAML and JSON put a tree together: the limits of tree.h, nesting
 * and duplicate keys. */
#ifndef BASE_BUILD_H
#define BASE_BUILD_H

#include "base/tree.h"

#include <stdbool.h>

struct build_frame {
	struct node *node; /* the open list or map */
	struct node *last; /* its last child so far */
	struct node *key;  /* map: a key that waits for its value */
};

/* The reader sets the first seven; the rest starts zeroed. file is borrowed while reading. */
struct build {
	struct arena *arena;
	const char *file;
	struct diags *d;
	const char *duplicate_code; /* literals: what to call a key given twice ... */
	const char *key_code;       /* ... and a key that is a list or a map */
	size_t max_scalar;          /* 0: MAX_TREE_SCALAR */
	bool last_wins; /* of a key given twice the last value counts, at the first's place */
	struct node *root;
	size_t nodes;
	int depth;
	bool failed; /* an error was added that did not stop the reading */
	struct build_frame stack[MAX_TREE_DEPTH];
};

/* A scalar with room for len bytes and a NUL (all zero), not yet in the tree. NULL: a limit was hit
 * and reported. */
struct node *build_scalar(struct build *b, enum node_kind kind, int line, int col, size_t len);
/* The room of a scalar from build_scalar, to be filled in. */
static inline char *build_room(struct node *scalar)
{
	return (char *)(scalar + 1);
}

/* Put a scalar where the reading stands: root, list item, key or value. False: reported. */
bool build_add(struct build *b, struct node *scalar);
/* Open a list or map there. Depth and number of nodes are checked before anything is allocated.
 * False: reported. */
bool build_open(struct build *b, enum node_kind kind, int line, int col);
/* Close the innermost. A map is checked for duplicate keys: each is reported (large maps: in no
 * order) and sets failed; O(n log n). */
void build_close(struct build *b);
/* Is the innermost open one a map? False if none is open. */
bool build_in_map(const struct build *b);

/* Where the byte at offset is: lines end in '\n', columns are code points. Takes time proportional
 * to offset. */
struct pos build_pos(const char *file, const char *bytes, size_t offset);

#endif
