/* tree.h -- decision trees in use: the shelf of trees with their records, and sessions that advise,
 * drill and walk. One state machine behind the TUI and plain mode. Each answer is on disk before
 * the call that gives it returns.
 *
 *      TREE_ASK --tree_take--> TREE_ASK (walk, advise) ... --> TREE_SHOWN --tree_next--> TREE_ASK
 *                                                                        or TREE_DONE */
#ifndef STUDY_TREE_H
#define STUDY_TREE_H

#include "quiz/scenario.h"
#include "quiz/walk.h"
#include "study/study.h"

#define MAX_SHELF 100 /* files in data/trees, and in data/matrix */

/* -- the shelf --------------------------------------------------------------------------------- */

/* A tree that is bound to its matrix, with what was answered so far. */
struct shelf_tree {
	struct dtree tree;
	const struct matrix *matrix;
	struct node_record nodes[MAX_DTREE_NODES];   /* walks: by node, on the true path */
	struct node_record drilled[MAX_DTREE_NODES]; /* drills, each at one node: that which rules
							out what was chosen or, when right, the
							last of the true path. For weights alone */
	long walks, walks_right;                     /* cases walked; without a wrong turn */
	long drills, drills_right;
	int weakest; /* node that is weak with the lowest rate, or -1 */
};
struct shelf {
	struct matrix *matrices;
	size_t matrix_count;
	struct shelf_tree *trees; /* by file name */
	size_t count;
};
/* Read the bundled trees and matrices (share/data/trees, share/data/matrix), then the learner's own
 * (beside their decks: trees, matrix), and the records of their nodes. A file in error is left out
 * with its diagnostics; false is for the store alone. */
void shelf_read(struct shelf *out, const struct paths *paths,
		struct diags *d); /* the files alone */
bool shelf_open(struct shelf *out, struct study *s, struct diags *d);
void shelf_clear(struct shelf *sh); /* accepts a zeroed shelf */
/* By id; NULL: there is none. */
struct shelf_tree *shelf_find(struct shelf *sh, const char *id);
/* The node that is weak (node_is_weak) with the lowest rate, or -1. */
int shelf_weakest(const struct shelf_tree *t);
const char *shelf_suggest(const struct shelf *sh, const char *id); /* the nearest id, or NULL */

/* -- a session --------------------------------------------------------------------------------- */

enum tree_mode { TREE_ADVISE, TREE_DRILL, TREE_WALK, TREE_MODE_COUNT };
extern const char
	*const tree_mode_names[TREE_MODE_COUNT]; /* "advise", "drill", "walk": as stored */

struct tree_options {
	enum tree_mode mode;
	int cases;     /* how many; < 0: no end. Advise: one */
	bool has_seed; /* the first case is that of seed, the others follow from it alone */
	uint64_t seed;
	const char *flip; /* with has_seed: a feature to turn over in the first case; NULL: none */
	const char
		*focus; /* walk: a node; all cases are one-change pairs that pass it. NULL: none */
};

enum tree_stage { TREE_ASK, TREE_SHOWN, TREE_DONE };

/* What is in front of the learner. Valid until the next call that changes the session. */
struct tree_view {
	enum tree_mode mode;
	enum tree_stage stage;
	const struct dtree *tree;
	const struct matrix *matrix;
	int number, total;               /* case number of total, total < 0: no end */
	const struct scenario *scenario; /* drill and walk */
	const struct scenario *before; /* the case that this one turns over by one fact, or NULL */
	int flip;                      /* the feature that was turned over against before, or -1 */
	const struct walk *walk;       /* walk and advise */
	int chosen;     /* drill, TREE_SHOWN: index in scenario->shown; -1: given up */
	bool right;     /* TREE_SHOWN: drill: the answer; walk: no wrong turn */
	int wrong_step; /* walk, TREE_SHOWN: the first wrong turn as index of a step, or -1 */
	int before_wrong, before_of; /* walk with a wrong turn: "3 of your last 5" at that node,
					this case left out */
	bool pair_next;              /* the next case is this one with one fact turned over */
	int due_cards;               /* review cards that the mistake made due */
	int done, done_right;        /* cases shown in this session */
};

struct tree_session;
/* Takes no session lock: answers are appended, and two sessions cannot disturb each other. tree is
 * of a shelf that outlives the session; its records are kept up to date. Codes: tree-empty (the
 * tree allows no case), tree-flip, tree-focus, and those of the store. */
bool tree_open(struct tree_session **out, struct study *s, struct shelf_tree *tree,
	       const struct tree_options *o, struct diags *d);
/* Accepts NULL; makes the daily backup. */
void tree_close(struct tree_session *t, struct diags *d);
const struct tree_view *tree_view(const struct tree_session *t);

/* TREE_ASK: take branch or shown option i (< 0 in a drill: give up). On false nothing was stored
 * and the stage is as before. */
bool tree_take(struct tree_session *t, int i, struct diags *d);
/* Take back the last answer: of this walk, or the one just shown. *what says what was taken back,
 * NULL when there is nothing. The stored answer stays in the log, marked as taken back. */
bool tree_back(struct tree_session *t, const char **what, struct diags *d);
/* TREE_SHOWN: the next case or the end. */
bool tree_next(struct tree_session *t, struct diags *d);

/* -- texts for both front ends, plain text ------------------------------------------------------
 */

/* "Must the server push?" with what a node looks at when it asks about several features. Appends.
 */
void tree_node_notes(struct str *out, const struct dtree *tree, const struct matrix *m, int node);
/* What a wrong turn at a step says: why and trap of the node, and the phrase that decides. Appends
 * lines. */
void tree_wrong_turn(struct str *out, const struct tree_view *v);
/* "3 of your last 5 push cases", or "" when there were none. Appends. */
void tree_same_mistake(struct str *out, const struct tree_view *v);
/* Advise, TREE_SHOWN: the recommendation, the path, the reasons and what would change it: a title
 * and lines. */
void tree_advice(struct str *out, const struct tree_view *v);
/* The matrix as a table in Markdown: features down, options across; wide ones are cut into several
 * tables of at most columns option columns. needs: only those rows first, marked. */
void matrix_table(struct str *out, const struct matrix *m, uint64_t needs, size_t columns);
/* "walked 12 cases, 9 right; weakest at "place"", or "not tried yet". Appends. */
void shelf_progress(struct str *out, const struct shelf_tree *t);

#endif
