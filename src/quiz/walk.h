/* walk.h -- a walk down a decision tree, for a case whose needs are known or for the learner's own.
 * A pure state machine:
 *
 *      ASKING --walk_take--> ASKING ... --walk_take--> ENDED        walk_back: the last step undone
 *
 * With known needs the first step that leaves the true path is the error, also when the walk comes
 * to the right end by luck. Without (advise) nothing is right or wrong. */
#ifndef QUIZ_WALK_H
#define QUIZ_WALK_H

#include "deck/dtree.h"

struct walk_step {
	int node, taken; /* branch index */
	int right;       /* the branch that is true at this node; -1 in advise */
	bool on_path;    /* every step before was right: this one counts */
};

struct walk {
	const struct dtree *tree; /* borrowed, bound to matrix */
	const struct matrix *matrix;
	bool judged; /* needs are known */
	uint64_t needs;
	struct walk_step steps[MAX_DTREE_NODES];
	size_t count;
	int node; /* asked now; -1: ended */
};
void walk_init(struct walk *w, const struct dtree *tree, const struct matrix *matrix, bool judged,
	       uint64_t needs);
/* branch < branch_count of the node asked now. Returns the step. */
const struct walk_step *walk_take(struct walk *w, int branch);
bool walk_back(struct walk *w); /* false: there is nothing to undo */
/* Where it ended: the last branch taken; NULL while it goes on. */
const struct branch *walk_end(const struct walk *w);
/* Index of the first step that left the true path, or -1. */
int walk_first_wrong(const struct walk *w);

/* -- advise ------------------------------------------------------------------------------------ */

/* What one answer turned over would lead to. */
struct walk_flip {
	size_t step;       /* whose answer is turned over */
	int branch;        /* to this one */
	enum branch_to to; /* TO_OPTION or TO_NONE: the end with the answers given, and as if
			      nothing else were needed where none was */
	int option;
	int asks; /* node that would be asked next and was not answered yet; -1: none */
};
/* Of an ended walk: for each step each other branch, in order. Returns how many; at most max are
 * written. */
size_t walk_flips(const struct walk *w, struct walk_flip *out, size_t max);
/* What an ended walk of advise says is needed: features of steps answered yes that ask about one
 * alone, and of switches. Bits of features. */
uint64_t walk_known_needs(const struct walk *w);

/* Text of a branch for people: "yes", "no", the feature's title, "none of these". */
const char *branch_text(const struct matrix *m, const struct dnode *node, int branch);
/* Where a branch leads, for people: an option's title, "nothing fits", or a node's question. */
const char *branch_end_text(const struct dtree *t, const struct matrix *m, const struct branch *b);

/* -- history ----------------------------------------------------------------------------------- */

#define NODE_WINDOW 10 /* answers that the rate is taken of */
#define NODE_MIN 5     /* below this many no rate is given */
#define NODE_GOAL 0.70 /* under it a drill of one-change pairs is due */
/* Answers at a node on the true path, newest first. */
struct node_record {
	uint64_t right; /* bit i: the i-th newest was right */
	int count;      /* bits that count, at most 64 */
	long total, total_right;
};
void node_record_add(struct node_record *r, bool right); /* the next one, newer than all before */
int node_wrong_of_last(const struct node_record *r, int n, int *of); /* wrong among the last n; *of:
									how many there were */
bool node_is_weak(const struct node_record *r); /* under NODE_GOAL over the last NODE_WINDOW, with
						   NODE_MIN of them */
double
node_weight(const struct node_record *r); /* 0 .. 1: how much it wants practice; unseen 0.5 */

#endif
