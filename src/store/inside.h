/* inside.h -- what the files of this room share: the store itself, its transactions, cards' states.
 */
#ifndef STORE_INSIDE_H
#define STORE_INSIDE_H

#include "store/cardmap.h"
#include "store/db.h"
#include "store/store.h"

struct store {
	struct db *db;
	enum store_mode mode;
	bool batch;   /* between store_begin and store_commit */
	int64_t load; /* number of the load this transaction is, 0 = none yet */
	int lock_fd;  /* -1 = not locked */
	struct cardmap map;
	struct preset_slot *presets; /* read so far */
	size_t preset_count, preset_cap;
};
struct preset_slot {
	int64_t id;
	struct srs_preset preset;
};

/* One write of the store: a transaction, or inside a batch a step that fails alone. store_write_end
 * keeps it when ok and takes it back otherwise; returns whether it was kept. */
bool store_write_begin(struct store *s, struct diags *d);
bool store_write_end(struct store *s, bool ok, struct diags *d);

/* As store_open with STORE_READ, also of an earlier version: only to be checked and copied. */
bool store_open_backup(struct store **out, const char *path, struct diags *d);
/* Run the migrations that a store of this version lacks, inside a transaction of its own. */
bool store_migrate(struct db *db, struct diags *d);
/* Is this one of our files, of a version we know? store-foreign, store-newer. *version: 0 for an
 * empty file. */
bool store_identify(struct db *db, int *version, struct diags *d);
/* An exclusive lock on the one byte at `byte` of path.lock. Returns an open file, or -1: busy (with
 * wait false) or an error that errno tells. */
int store_lock_file(const char *path, int byte, bool wait);
/* The session lock for a store that is not open. *fd: to be closed, -1 when the folder cannot hold
 * a lock file. store-in-use. */
bool store_lock_path(const char *path, int *fd, struct diags *d);

/* -- presets: preset.c ----------------------------------------------------- */

/* Canonical JSON: the same rules give the same text, and numbers read back to the last bit. */
void preset_json(struct str *out, const struct srs_preset *p);
bool preset_parse(struct srs_preset *out, const char *json, size_t n, struct diags *d);
/* The preset of this id; NULL with a diagnostic. Borrowed until the next call. */
const struct srs_preset *store_preset_get(struct store *s, int64_t id, struct diags *d);

/* -- states: state.c ------------------------------------------------------- */

/* A row of `state` but for its copies of card columns. */
struct state {
	struct srs_card card;
	bool aside;
	int64_t position;
};
/* Columns from `first`. A number out of range, from a store that was tampered with, becomes 0. */
enum srs_state state_value(int64_t v);
void state_bind(struct stmt *q, int first, const struct srs_card *c);
void state_col(struct stmt *q, int first, struct srs_card *out);
/* Where a card of this state stands, and state.due for it. */
enum queue state_queue(const struct state *st, int64_t *due);
bool state_same(const struct srs_card *a, const struct srs_card *b); /* to the last bit */
bool state_get(struct store *s, int64_t part_id, struct state *out, struct diags *d);
bool state_set(struct store *s, int64_t part_id, const struct state *st, struct diags *d);

/* -- the log: log.c -------------------------------------------------------- */

/* Ids of all rows that an undo in effect has taken back. out is the caller's to clear. */
bool log_undone(struct store *s, struct idset *out, struct diags *d);
enum srs_op log_op(struct stmt *q, int i); /* of a text column; SRS_OP_COUNT: none of ours */

#endif
