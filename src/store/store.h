/* store.h -- the study store: one SQLite file with the cards as last read from the decks, the
 * review log (append-only, the truth) and each review card's state (a cache of the log). All SQL is
 * in schema.c. Every call that fails adds one diagnostic whose text says what happened and what to
 * do; nothing is half done: each write is one transaction. */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "base/idset.h"
#include "deck/deck.h"
#include "srs/sched.h"

struct store;

enum store_mode {
	STORE_READ,  /* must exist; no write call may be made */
	STORE_WRITE, /* made if it is not there, migrated if older */
};
/* Codes: store-missing, store-open, store-read-only, store-newer (made by a later version),
 * store-corrupt, store-busy, store-full, store-io, store-foreign (another program's file). */
bool store_open(struct store **out, const char *path, enum store_mode mode, struct diags *d);
void store_close(struct store *s); /* accepts NULL */
const char *store_path(const struct store *s);

/* One interactive session at a time: an advisory lock on "<path>.lock", dropped by the kernel when
 * the process ends. store-in-use names the other process. Reading and loading decks need no lock.
 */
bool store_lock(struct store *s, struct diags *d);

/* -- deck files ------------------------------------------------------------ */

struct store_file {
	const char *path; /* absolute */
	int64_t mtime_ns, size;
	uint64_t hash;    /* of the bytes */
	const char *deck; /* slug; "" when it could not be read */
	bool bad;         /* the last reading failed: the cards are those of the last good one */
};
/* All known files, in the arena, ordered by path. */
bool store_files(struct store *s, struct arena *a, struct store_file **out, size_t *count,
		 struct diags *d);

struct store_sync {
	int added, changed, removed, returned, moved, renamed; /* cards */
	int parts_added, parts_removed;
};
/* Make the store's cards of this deck those of deck, read from file f. A reworded card keeps its
 * history; a missing one is set aside and comes back with its history when it is seen again; a card
 * whose id is new here but which was just set aside in another deck under the same id is moved;
 * `was:` renames. A new card whose text is that of one set aside is reported with note
 * store-maybe-renamed naming both and `was:`. Two files with one deck slug: error store-deck-twice
 * at deck->pos; like any failure inside store_begin and store_commit it takes back this deck alone.
 * `was:` of a card when it and its former self were both studied: note store-both-studied, their
 * histories stay apart. Loading the same deck twice changes nothing. */
bool store_sync_deck(struct store *s, const struct deck *deck, const struct store_file *f,
		     struct moment now, struct store_sync *report, struct diags *d);
bool store_file_seen(struct store *s, const struct store_file *f,
		     struct diags *d); /* record stat, hash, bad; cards untouched */
bool store_file_gone(struct store *s, const char *path, struct store_sync *report,
		     struct diags *d); /* its deck's cards are set aside */
/* Several syncs as one transaction (a first load of all decks). Nesting is an assertion. */
bool store_begin(struct store *s, struct diags *d);
bool store_commit(struct store *s, struct diags *d);
void store_rollback(struct store *s);

/* -- decks and cards ------------------------------------------------------- */

struct store_deck {
	const char *slug, *title, *file;
	int cards, parts, fresh, learning, review, due, suspended,
		leeches; /* of parts, set-aside ones not counted; due: reviews and learning due by
			    now */
};
bool store_decks(struct store *s, struct moment now, int day_start_min, struct arena *a,
		 struct store_deck **out, size_t *count, struct diags *d);

/* One review card with all that is needed to show and schedule it. Texts in the arena. */
struct store_item {
	int64_t part_id, card_id;
	const char *deck, *deck_title, *card, *part; /* part "" for the card itself */
	const char *body;  /* deck_card_json of the card: read with deck_read_card */
	const char *title; /* words of card_title, one line */
	const char *file;  /* absolute path of the deck file */
	int line;          /* of the card in it */
	enum card_kind kind;
	bool set_aside;
	uint64_t fuzz_seed;
	struct srs_card state;
};
bool store_item(struct store *s, int64_t part_id, struct arena *a, struct store_item *out,
		struct diags *d); /* unknown id: store-no-card */
/* The same without body: for lists. */
bool store_row(struct store *s, int64_t part_id, struct arena *a, struct store_item *out,
	       struct diags *d);
/* "deck/id" or "deck/id#part" -> part id; deck/id of a card with parts: its first. 0 in *part_id
 * when there is none. */
bool store_find(struct store *s, const char *key, int64_t *part_id, struct diags *d);
bool store_parts_of(struct store *s, int64_t card_id, struct arena *a, int64_t **ids, size_t *count,
		    struct diags *d);
bool store_tags(struct store *s, struct arena *a, const char ***tags, size_t *count,
		struct diags *d); /* sorted, of cards not set aside */

/* -- what to study --------------------------------------------------------- */

/* A candidate for the queue, from the state cache. */
struct store_candidate {
	int64_t part_id, card_id;
	uint64_t group;        /* hash of the card's first tag */
	int64_t position;      /* order in the decks */
	struct srs_card state; /* only state, by_day, due_*, stability_d, difficulty, last_day,
				  last_ms, interval_d are filled */
};
struct store_wanted {
	int32_t today;
	int32_t until_day; /* reviews due up to and including this day: today, or later with --ahead
			    */
	int new_max; /* at most so many new cards with all their parts, in deck order; < 0: all */
	const struct idset *only; /* part ids a query allows; NULL = all */
	bool everything; /* all parts whatever their state, suspended ones left out: for cram */
};
/* Not set aside, not suspended, not buried today. Learning cards first, then those due by the day,
 * then new ones in deck order. fn returns false to stop. */
bool store_candidates(struct store *s, const struct store_wanted *w,
		      bool (*fn)(void *ctx, const struct store_candidate *c), void *ctx,
		      struct diags *d);
/* card ids answered on a study day (their siblings are buried), and how many new and review answers
 * that day has had. */
struct store_today {
	struct idset cards;
	int new_done, review_done, answers;
	int64_t took_ms;
};
bool store_today(struct store *s, int32_t day, struct store_today *out,
		 struct diags *d); /* out->cards is the caller's to clear */

/* -- the log --------------------------------------------------------------- */

struct store_answer {
	int64_t part_id;
	struct srs_event event;
	int64_t took_ms;    /* thinking time, 0 if unknown */
	const char *given;  /* JSON of ask_given, "" or NULL */
	const char *screen; /* where from: "review", "cram", "quiz", ... */
};
/* Append one row and bring the part's state up to date, in one transaction that is on disk when
 * this returns true. preset as stored by store_preset; after may be NULL. */
bool store_log(struct store *s, const struct store_answer *a, int64_t preset_id,
	       struct srs_card *after, int64_t *log_id, struct diags *d);
/* The id of this preset in the store, adding it if it is new. The log refers to it, so that old
 * answers replay under the rules of their day. */
bool store_preset(struct store *s, const struct srs_preset *p, int64_t *id, struct diags *d);

struct store_log_row {
	int64_t id, part_id, target; /* target: undo: the row undone */
	struct srs_event event;
	int64_t took_ms;
	bool undone;
	const char *given, *screen, *key; /* key "deck/id#part" */
};
/* Undo the newest row (of any session) that is not undone and not older than not_before_ms: appends
 * a row, re-derives the part's state. *out is the row undone; part_id 0 when there is nothing to
 * undo. */
bool store_undo(struct store *s, struct moment at, int64_t not_before_ms, struct arena *a,
		struct store_log_row *out, struct diags *d);
/* Take back the last undo, unless something else was logged since. */
bool store_redo(struct store *s, struct moment at, struct arena *a, struct store_log_row *out,
		struct diags *d);
/* Rows of one part, oldest first; part_id 0: the newest `max` rows of all, newest first. */
bool store_history(struct store *s, int64_t part_id, size_t max, struct arena *a,
		   struct store_log_row **out, size_t *count, struct diags *d);

/* -- whole cards, for export ----------------------------------------------- */

/* One row of the log still in effect, and what it did. */
struct store_step {
	struct srs_event event;
	int64_t took_ms;
	struct srs_card before, after;
};
struct store_whole_part {
	const char *name;
	struct srs_card state;
	struct store_step *steps; /* oldest first */
	size_t step_count;
};
struct store_whole {
	const char *deck;               /* slug */
	struct slice body;              /* as store_item.body */
	struct store_whole_part *parts; /* NULL unless asked for */
	size_t part_count;
};
/* Every card not set aside that has a part in parts (NULL: every card), decks by slug and each in
 * its order; what fn is handed is borrowed until it returns. history: parts too. *count, which may
 * be NULL, is set before the first: how many there will be. fn returns false to stop, which is no
 * error. */
bool store_each_whole(struct store *s, const struct idset *parts, bool history, size_t *count,
		      bool (*fn)(void *ctx, const struct store_whole *w), void *ctx,
		      struct diags *d);

/* -- search ---------------------------------------------------------------- */

enum store_leaf_kind {
	LEAF_ALL,   /* every part not set aside */
	LEAF_WORDS, /* text: one word or phrase, found as it begins: FTS5 */
	LEAF_REGEX, /* text: PCRE2 pattern over the card's words */
	LEAF_TAG,   /* text, exact or with '*' at the end */
	LEAF_DECK,  /* same, slug */
	LEAF_ID,    /* card id, same */
	LEAF_KIND,  /* number: enum card_kind */
	LEAF_STATE, /* number: enum srs_state */
	LEAF_DUE,   /* due by now */
	LEAF_SUSPENDED,
	LEAF_LEECH,
	LEAF_BURIED,
	LEAF_SET_ASIDE,
	LEAF_FLAG, /* lo..hi */
	LEAF_TASK, /* text: task ("2.1") or, with a trailing '.', domain ("2."), of any blueprint */
	LEAF_LAPSES,
	LEAF_REPS,
	LEAF_INTERVAL,
	LEAF_DUE_IN,
	LEAF_STABILITY,
	LEAF_DIFFICULTY, /* lo..hi, inclusive */
	LEAF_RECALL,     /* lo..hi of the chance of recall now */
	LEAF_RATED,      /* answered in the last `number` study days, with a grade in lo..hi */
	LEAF_ADDED,      /* first seen in the last `number` study days */
	LEAF_KIND_COUNT
};
struct store_leaf {
	enum store_leaf_kind kind;
	const char *text;
	long long number;
	double lo, hi;
	struct regex *regex; /* LEAF_REGEX, borrowed */
};
/* Adds the ids of all parts that meet the leaf. Set-aside cards only meet LEAF_SET_ASIDE. */
bool store_leaf(struct store *s, const struct store_leaf *leaf, struct moment now,
		const struct srs_preset *p, struct idset *out, struct diags *d);

/* -- figures --------------------------------------------------------------- */

struct store_day_count {
	int32_t day;
	int answers, right;       /* answers that counted; right: grade > 1 */
	int mature, mature_right; /* of cards whose interval was 21 days and more */
	int64_t took_ms;
};
/* Days from..to (inclusive) that had answers, oldest first; only parts in `only` when given. */
bool store_days(struct store *s, int32_t from, int32_t to, const struct idset *only,
		struct arena *a, struct store_day_count **out, size_t *count, struct diags *d);
/* due[i]: reviews due on day from + i, overdue ones in due[0]. */
bool store_forecast(struct store *s, int32_t from, int days, const struct idset *only, int *due,
		    struct diags *d);

/* -- care ------------------------------------------------------------------ */

struct store_rebuilt {
	int64_t rows, parts, differed; /* log rows read, parts derived, parts whose cached state was
					  not what the log says */
};
/* Derive every state from the log again. check: write nothing, only count. */
bool store_rebuild(struct store *s, bool check, struct store_rebuilt *out, struct diags *d);
bool store_check(struct store *s, struct diags *d); /* integrity_check, foreign_key_check, schema;
						       errors name what is wrong */
/* A whole, checked copy, written aside and renamed. store-exists unless overwrite. */
bool store_backup(struct store *s, const char *path, bool overwrite, struct diags *d);
/* Put backup in the place of the store at path (which need not be readable): checked first, the old
 * one is kept as path.before-restore (then .before-restore.2 and so on). No store may be open on
 * path; a locked one is refused. */
bool store_restore(const char *path, const char *backup, struct diags *d);
int store_schema_version(void);
const char *store_library(void); /* "3.40.1": the SQLite in use */
/* A value by name in the store's own settings (last backup time and such). NULL when absent. */
bool store_meta_get(struct store *s, const char *name, struct arena *a, char **value,
		    struct diags *d);
bool store_meta_set(struct store *s, const char *name, const char *value, struct diags *d);

#endif
