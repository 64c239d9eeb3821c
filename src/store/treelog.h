/* treelog.h -- answers in decision trees: an append-only log. Names and numbers as given; what they
 * mean is known to quiz/ and study/. */
#ifndef STORE_TREELOG_H
#define STORE_TREELOG_H

#include "store/store.h"

/* One node of a walk, or one case of a drill. Texts are never NULL. */
struct store_tree_step {
	struct moment at;
	int32_t day; /* study day of at */
	const char *tree, *mode;
	uint64_t seed;
	const char *flip, *needs;
	const char *node, *given, *truth;
	bool counts; /* the walk was on the true path */
	int ends;    /* this ended the case: 1 right, -1 wrong; 0: it goes on */
};
/* Append a step, and with it make some cards due on the step's day: one transaction, on disk when
 * this returns true. due: part ids; preset as stored by store_preset. */
bool store_tree_step(struct store *s, const struct store_tree_step *x, const int64_t *due,
		     size_t due_count, int64_t preset_id, int64_t *id, struct diags *d);
/* Take a step back: appends a row that says so. */
bool store_tree_undo(struct store *s, const char *tree, int64_t id, struct moment at, int32_t day,
		     struct diags *d);

/* Steps of a tree that were not taken back, oldest first. Texts are borrowed for the call; only
 * mode, node, given, truth, counts and ends are filled. */
bool store_tree_steps(struct store *s, const char *tree,
		      void (*fn)(void *ctx, const struct store_tree_step *x), void *ctx,
		      struct diags *d);

#endif
