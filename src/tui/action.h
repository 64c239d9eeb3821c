/* action.h -- what the learner can do with a card besides answering it: the same in a review, in a
 * list of cards and on a card's own screen. */
#ifndef TUI_ACTION_H
#define TUI_ACTION_H

#include "tui/view.h"

struct action {
	enum srs_op op;
	int arg;
	char said[96]; /* once it is done; or what is wrong with the argument */
};
enum action_result {
	ACTION_NONE, /* the command is none of these */
	ACTION_READY,
	ACTION_WRONG, /* the argument makes no sense */
};
/* What a command does to a card in this state. Suspend and bury take themselves back. */
enum action_result action_of(enum command_id id, const char *arg, const struct srs_card *state,
			     int32_t today, struct action *out);
/* Do it outside a review, and say so. True: the command was one of these; *changed: the card is
 * another now. */
bool action_do(struct app *app, enum command_id id, const char *arg, const struct store_item *item,
	       bool *changed);
void action_show_sources(struct app *app, const struct card *c);
/* Open the proof of a card, or say that it has none. */
void action_prove(struct app *app, const struct card *c);
/* Sources of others than cards; none: what is said when there are none. */
void action_list_sources(struct app *app, const struct source *const *sources, size_t count,
			 const char *none);

/* "new", "due", "in 5 days", "suspended": one word or three about when a card comes. In the arena.
 */
const char *action_when(struct arena *a, const struct srs_card *c, int32_t today);

#endif
