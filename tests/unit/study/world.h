/* world.h -- a scratch study for tests: a folder of its own with decks written by the test, a
 * frozen clock that the test moves, and fixed seeds. */
#ifndef TESTS_STUDY_WORLD_H
#define TESTS_STUDY_WORLD_H

#include "study/review.h"

struct world {
	char dir[64];
	struct env env;
	struct paths paths;
	struct study study;
	struct moment now;
};
/* Make the folder and write decks/NAME.yaml from text; opens nothing yet. */
void world_init(struct world *w);
void world_deck(struct world *w, const char *name, const char *text);
void world_remove_deck(struct world *w, const char *name);
void world_config(struct world *w, const char *text);
/* Open (or open again) at the world's time. Fails the test when it does not work. */
void world_open(struct world *w);
void world_close(struct world *w);
void world_clear(struct world *w); /* closes and removes the folder */
/* Move the clock; also of the open study. */
void world_wait(struct world *w, int64_t ms);

#define MINUTE INT64_C(60000)
#define DAY INT64_C(86400000)

#endif
