/* dtree.h -- a decision tree as loaded from data/trees: questions that lead from what is needed to
 * an option of a matrix, and the proof that they lead where the matrix says. */
#ifndef DECK_DTREE_H
#define DECK_DTREE_H

#include "deck/matrix.h"

#define MAX_DTREE_NODES 200
#define MAX_BRANCHES (MAX_FEATURES + 1)
#define MAX_NODE_CARDS 20
#define MAX_CASE_NEEDS 8
/* Need sets that a proof walks; more features or a larger size are refused. */
#define MAX_NEED_SETS 20000000ULL

enum dnode_kind {
	DNODE_NEED,   /* yes if any of its features is needed */
	DNODE_SWITCH, /* the first of its features that is needed, in its order; else the last
			 branch */
	DNODE_FITS,   /* yes if its option meets every need */
};

enum branch_to { TO_NODE, TO_OPTION, TO_NONE };
struct branch {
	const char *label; /* "yes", "no", a feature's id, "else" */
	const char *to_id; /* as written, without '='; "none" for TO_NONE */
	enum branch_to to;
	int index;   /* of the node; of the option once bound; else -1 */
	int feature; /* DNODE_SWITCH: index once bound; -1 for "else" and for yes and no */
	struct pos pos;
};

struct dnode {
	const char *id, *ask;
	enum dnode_kind kind;
	const char **need_ids; /* DNODE_NEED */
	struct pos *need_pos;
	size_t need_count;
	const char *fits_id;     /* DNODE_FITS */
	struct branch *branches; /* yes and no; or the features of a switch and else, in order */
	size_t branch_count;
	const char *why;    /* shown when a learner goes wrong here; NULL when absent */
	const char *trap;   /* what misleads here; NULL when absent */
	const char **cards; /* "deck/id": become due when a learner goes wrong here */
	size_t card_count;
	const struct source **cited;
	size_t cited_count;
	struct pos pos;
	/* Once bound: */
	uint64_t features; /* those it asks about; DNODE_FITS: none */
	int fits;          /* DNODE_FITS: option, else -1 */
};

struct dtree {
	struct arena arena;
	const char *file;
	const char *id, *title, *about; /* about NULL when absent */
	const char *uses;               /* id of its matrix */
	struct pos uses_pos;
	int start; /* index of the first node */
	struct dnode *nodes;
	size_t node_count;
	int max_needs;         /* size of need sets that are proved and asked */
	const char *prefer_id; /* wish that decides between survivors; NULL when absent */
	struct pos prefer_pos;
	int prefer; /* index once bound, or -1 */
	struct source *sources;
	size_t source_count;
	bool bound; /* dtree_bind was true */
	struct node *root;
	struct pos pos;
};

/* Read a tree. On false out holds nothing and d has at least one error with a position. out need
 * not be initialised. What needs no matrix is checked: keys, branches that are missing or lead to
 * no node, cycles, nodes that no path reaches. Codes: those of yaml.h, those of spec.h (data-...)
 * and dtree-kind, dtree-branch, dtree-node, dtree-start, dtree-cycle, dtree-unreachable. */
bool dtree_read(struct dtree *out, const char *file, const char *bytes, size_t n, struct diags *d);
bool dtree_read_file(struct dtree *out, const char *path, struct diags *d);
void dtree_clear(struct dtree *t);                     /* accepts a zeroed tree */
int dtree_node(const struct dtree *t, const char *id); /* index by id, or -1 */

/* Find the features, options and the wish that the tree names in m, which must outlive its use.
 * Codes: dtree-matrix (m is not the one it uses), dtree-feature, dtree-option, dtree-wish. */
bool dtree_bind(struct dtree *t, const struct matrix *m, struct diags *d);

/* The branch that is true at a node for a need set: an index into its branches. t is bound to m. */
int dtree_true_branch(const struct dtree *t, const struct matrix *m, int node, uint64_t needs);
/* Follow the true branches from the start. nodes and branches hold MAX_DTREE_NODES or are NULL.
 * Returns the number of steps; *end is the last branch taken, never NULL. */
size_t dtree_path(const struct dtree *t, const struct matrix *m, uint64_t needs, int *nodes,
		  int *branches, const struct branch **end);

/* Warn, as dtree-card, of cards that nodes name and that their deck has not. Decks that are not
 * among these say nothing. */
void dtree_check_cards(const struct dtree *t, const struct deck *const *decks, size_t n,
		       struct diags *d);

/* -- proof (prove.c) --------------------------------------------------------------------------- */

/* Bind t to m and prove it: for every possible need set up to max_needs the tree ends at the one
 * answer of the matrix; at one of the survivors where several remain; at =none where none does.
 * Sets that an unknown cell decides are left out. A wrong end is an error at the branch that gave
 * it, with the smallest need set as the counterexample; one for each branch, at most 20. A branch
 * that no need set of that size takes is a warning. Codes: those of dtree_bind and dtree-wrong,
 * dtree-untaken, dtree-too-many-sets. */
bool dtree_prove(struct dtree *t, const struct matrix *m, struct diags *d);
/* Prove each tree against that one of the matrices which it uses; dtree-matrix with a suggestion
 * when it is not among them. */
bool dtrees_prove(struct dtree *const *trees, size_t tree_count,
		  const struct matrix *const *matrices, size_t matrix_count, struct diags *d);

/* Call fn for every possible need set of 1 to max needs, small sets first; false from fn stops.
 * Returns false when it was stopped. */
bool need_sets(const struct matrix *m, int max, bool (*fn)(void *ctx, uint64_t needs), void *ctx);
/* How many sets there are of up to max of n features; saturates. */
uint64_t need_set_count(size_t n, int max);

/* JSON Schema of tree files: what data/schema/tree.schema.json holds. */
void dtree_schema(struct str *out);
/* mdoc list of all keys, for the manual. */
void dtree_keys_mdoc(struct str *out);

#endif
