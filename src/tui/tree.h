/* tree.h -- the screens of decision trees: the shelf, cases to drill and to walk, advice, and the
 * matrix behind them. */
#ifndef TUI_TREE_H
#define TUI_TREE_H

#include "study/tree.h"
#include "tui/question.h"
#include "tui/view.h"

/* The list of trees. */
struct view *trees_view(struct app *app);
/* One of them, in the mode of the options; strings of o are borrowed until the view is open. tree:
 * of a shelf that outlives the view, or NULL: found by id; id NULL: the one that wants practice
 * most. */
struct view *case_view(struct app *app, struct shelf_tree *tree, const char *id,
		       const struct tree_options *o);
/* What each option has; needs come first. of: only the options that this case shows, under its
 * letters; NULL: all. m is borrowed for the view's life. */
struct view *matrix_view(struct app *app, const struct matrix *m, uint64_t needs,
			 const struct scenario *of);

/* As shelf_open: a file that was left out is said as a message, what lint would say of the others
 * is not. False: the store failed, d says why. */
bool open_shelf(struct app *app, struct shelf *out, struct diags *d);

/* What the learner does in a case before it is answered. */
struct case_pose {
	struct marks marks;
	bool why; /* after the answer: what each other option fails */
};

/* ---- pictures ------------------------------------------------------------------------ */

void case_draw(struct canvas *c, const struct tree_view *v, const struct case_pose *pose);
void proof_draw(struct canvas *c, const struct tree_view *v, const struct case_pose *pose);
/* A question of a walk, or of advice, with the way that led there. */
void walk_draw(struct canvas *c, const struct tree_view *v);
/* The end of a walk: the way taken, the first wrong turn, and where the true way went. */
void walked_draw(struct canvas *c, const struct tree_view *v, const struct case_pose *pose);
void advice_draw(struct canvas *c, const struct tree_view *v);
/* How the options fare, each with the reason: of the answer, and with all of every other one. */
void case_options_draw(struct canvas *c, const struct tree_view *v, bool all, bool airy);

#endif
