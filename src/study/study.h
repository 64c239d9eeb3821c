/* study.h -- a learner's study, opened: settings, store and decks brought together. What the front
 * ends stand on. */
#ifndef STUDY_STUDY_H
#define STUDY_STUDY_H

#include "study/config.h"
#include "study/paths.h"
#include "store/store.h"

struct study {
	const struct paths *paths; /* borrowed */
	struct clock clock;
	uint64_t seed; /* of everything drawn at random in this run */
	struct config config;
	struct store *store; /* NULL after study_open_settings() */
	bool read_only;      /* the store could only be opened for reading */
};

struct study_options {
	const struct paths *paths;
	struct clock clock;
	bool has_seed;
	uint64_t seed;
};
/* Read the settings, open the store (made when missing), load deck files that changed. Problems of
 * deck files are warnings in d: a deck that cannot be read keeps the cards of its last good
 * reading. False only when study is impossible; s is then zeroed. */
bool study_open(struct study *s, const struct study_options *o, struct diags *d);
/* The settings alone, for what keeps nothing: store is NULL, and no file is made. */
bool study_open_settings(struct study *s, const struct study_options *o, struct diags *d);
/* Closes; accepts a zeroed study. */
void study_close(struct study *s);

struct moment study_now(const struct study *s);
int32_t study_today(const struct study *s);

/* What loading decks did. */
struct study_load {
	int files, read, failed; /* found, read because they had changed, not readable or invalid */
	struct store_sync cards;
};
/* Look at the bundled and own deck files again and load what changed. Diagnostics of files are
 * added with their own level, so d may hold errors though the result is true: false is for the
 * store alone. */
bool study_load_decks(struct study *s, struct study_load *report, struct diags *d);
/* One line about it for people: "3 cards new, 1 changed", or "" when nothing changed. In the arena.
 */
const char *study_load_text(const struct study_load *l, struct arena *a);
/* All deck files found now, bundled first, absolute paths. */
bool study_deck_files(const struct study *s, struct arena *a, const char ***paths, size_t *count,
		      struct diags *d);

/* Once a study day: a copy of the store into the backup folder, the ten newest are kept. Called
 * when a session ends. */
bool study_auto_backup(struct study *s, struct diags *d);
#define KEPT_BACKUPS 10

/* Read-only parsing of a query and running it: ids of parts. */
bool study_find(struct study *s, const char *query, bool as_typed, struct idset *out,
		struct diags *d);
/* Why a good query may find nothing, as query_unknown_name says it; NULL when that is not it. In
 * the arena. */
const char *study_unknown_name(struct study *s, const char *query, struct arena *a);

#endif
