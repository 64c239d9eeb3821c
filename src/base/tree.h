/* tree.h -- the tree that YAML and JSON are read into: ordered, positioned, scalars kept as text.
 * One arena holds a whole tree. */
#ifndef BASE_TREE_H
#define BASE_TREE_H

#include "base/diag.h"
#include "base/mem.h"

#include <stddef.h>

enum node_kind {
	NODE_NULL, /* JSON null; YAML never gives it (an empty YAML scalar is an empty NODE_TEXT) */
	NODE_BOOL, /* JSON only */
	NODE_NUMBER, /* JSON only; text kept as written */
	NODE_TEXT,   /* every YAML scalar, every JSON string */
	NODE_LIST,
	NODE_MAP,
};

struct node {
	enum node_kind kind;
	bool plain;       /* YAML: scalar was written without quotes */
	int line, col;    /* 1-based, col in code points */
	const char *text; /* scalars: NUL-terminated; may hold inner NULs only in JSON (then len
			     tells). NUL bytes in YAML are an error */
	size_t len;
	struct node *key;   /* member of a map: its key, a NODE_TEXT */
	struct node *child; /* first child of a list or map */
	struct node *next;  /* next sibling */
	size_t count;       /* children */
};

/* Limits of the readers; each breach is an error with a position: tree-too-deep, tree-too-many,
 * tree-too-large. */
#define MAX_TREE_BYTES ((size_t)256 << 20)
#define MAX_TREE_SCALAR ((size_t)1 << 20)
#define MAX_TREE_DEPTH 64
#define MAX_TREE_NODES ((size_t)5000000)

/* Child of a map by key; NULL if absent or not a map. */
const struct node *node_get(const struct node *map, const char *key);
const char *node_text(const struct node *map,
		      const char *key); /* text of a scalar child but null, else NULL */
static inline struct pos node_pos(const struct node *n, const char *file)
{
	return (struct pos){file, n ? n->line : 0, n ? n->col : 0};
}
const char *node_kind_name(enum node_kind k); /* "text", "a list", ... for messages */

/* Building, for writers and tests. */
struct node *node_new(struct arena *a, enum node_kind kind);
struct node *node_new_text(struct arena *a, const char *text);
void node_append(struct node *list, struct node *child); /* walks the list: for small ones */
void node_set(struct arena *a, struct node *map, const char *key,
	      struct node *value); /* a key there is keeps its place */
bool node_equal(const struct node *a,
		const struct node *b); /* kinds, texts, order; not positions */

#endif
