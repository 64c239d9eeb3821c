/* ankidb.h -- Anki's collection file: written as schema 11, read as schema 11 to 18. An Anki
 * package is a zip around such a file; this knows no zip. Its statements stand in ankisql.c.
 *
 * Reading is of a stranger's file: it is opened read-only and immutable, with no extensions, no
 * ATTACH, no trust in its schema, and limits on the length of every cell; what its tables are
 * called and have for columns is checked before any of it is used. */
#ifndef STORE_ANKIDB_H
#define STORE_ANKIDB_H

#include "base/diag.h"
#include "base/str.h"

#include <stdint.h>

struct ankidb;

/* -- what a collection holds ----------------------------------------------- */

struct anki_template {
	const char *name, *question, *answer; /* HTML with {{Field}} */
	size_t needs; /* writing: number of the field without which there is no such card */
};
struct anki_notetype {
	int64_t id;
	const char *name;
	bool cloze;
	const char *const *fields; /* names */
	size_t field_count;
	const struct anki_template *templates;
	size_t template_count;
	const char *css;
};
struct anki_deck {
	int64_t id;
	const char *name;  /* "A::B" */
	const char *about; /* HTML; "" when none */
};
struct anki_note {
	int64_t id; /* Unix ms of making, unique */
	int64_t notetype;
	int64_t mod_s;
	const char *guid;
	struct slice sort; /* writing: the first field as plain text; it is also what Anki finds
			      duplicates by */
	const char *tags;  /* " a b ": blanks around each; "" when none */
	const struct slice *fields; /* HTML */
	size_t field_count;
};
enum anki_type { ANKI_NEW, ANKI_LEARN, ANKI_REVIEW, ANKI_RELEARN };
enum anki_queue {
	ANKI_Q_USER_BURIED = -3,
	ANKI_Q_BURIED = -2,
	ANKI_Q_SUSPENDED = -1,
	ANKI_Q_NEW = 0,
	ANKI_Q_LEARN = 1,     /* due: Unix s */
	ANKI_Q_REVIEW = 2,    /* due: day number since the collection's first */
	ANKI_Q_DAY_LEARN = 3, /* same */
};
struct anki_card {
	int64_t id, note, deck; /* deck: reading: the one it is of when it is in a filtered one */
	int ord;                /* template number, or cloze number - 1 */
	int64_t mod_s;
	int type, queue; /* as found: read with care */
	int64_t due;
	int ivl;    /* days; negative: seconds */
	int factor; /* ease in thousandths */
	int reps, lapses, left, flags;
	const char *data; /* JSON: {"s":stability,"d":difficulty,...}; "" or "{}" when none */
};
struct anki_review {
	int64_t id;            /* Unix ms of the answer, unique */
	int64_t card;          /* its id */
	int ease;              /* 1..4; 0: by hand */
	int64_t ivl, last_ivl; /* days; negative: seconds */
	int factor;            /* thousandths; with FSRS difficulty: 100..1100 */
	int64_t time_ms;
	int type; /* 0 learn 1 review 2 relearn 3 filtered 4 by hand 5 rescheduled */
};

/* -- writing --------------------------------------------------------------- */

struct anki_head {
	int64_t crt_s; /* beginning of day 0: local 04:00 */
	int64_t mod_ms;
	int west_min; /* minutes west of UTC */
	const struct anki_notetype *notetypes;
	size_t notetype_count;
};
/* A new collection at path (which must not exist or be empty), schema 11, with the default deck and
 * deck preset. One transaction until ankidb_finish. Codes: anki-write. */
bool ankidb_create(struct ankidb **out, const char *path, const struct anki_head *h,
		   struct diags *d);
/* Decks may be added at any time before ankidb_finish; they are copied. */
void ankidb_add_deck(struct ankidb *db, const struct anki_deck *deck);
bool ankidb_add_note(struct ankidb *db, const struct anki_note *n, struct diags *d);
bool ankidb_add_card(struct ankidb *db, const struct anki_card *c, struct diags *d);
/* An id that is taken is moved on to the next free one. */
bool ankidb_add_review(struct ankidb *db, const struct anki_review *r, struct diags *d);
/* Write what is left and commit. */
bool ankidb_finish(struct ankidb *db, struct diags *d);
/* Close, also one that was read. What was not finished is of no use. Accepts NULL. */
void ankidb_close(struct ankidb *db);

/* -- reading --------------------------------------------------------------- */

#define MAX_ANKI_CELL ((size_t)16 << 20) /* bytes of one value; longer ones: anki-too-long */
#define MAX_ANKI_ROWS 5000000            /* of one table; more: anki-too-many */
#define MAX_ANKI_NOTETYPES 5000
#define MAX_ANKI_DECKS 20000
#define MAX_ANKI_FIELDS 200

/* Codes: anki-open (cannot be read), anki-foreign (no collection: what is missing), anki-version (a
 * schema under 11 or over 18), anki-corrupt. */
bool ankidb_open(struct ankidb **out, const char *path, struct diags *d);
int ankidb_schema(const struct ankidb *db);
int64_t ankidb_created_s(const struct ankidb *db);
/* In the arena. */
bool ankidb_notetypes(struct ankidb *db, struct arena *a, struct anki_notetype **out, size_t *count,
		      struct diags *d);
bool ankidb_decks(struct ankidb *db, struct arena *a, struct anki_deck **out, size_t *count,
		  struct diags *d);
/* Rows by id, oldest first; what fn is handed is borrowed until it returns; false from fn stops,
 * which is no error. */
bool ankidb_each_note(struct ankidb *db, bool (*fn)(void *ctx, const struct anki_note *n),
		      void *ctx, struct diags *d);
bool ankidb_each_card(struct ankidb *db, bool (*fn)(void *ctx, const struct anki_card *c),
		      void *ctx, struct diags *d);
bool ankidb_each_review(struct ankidb *db, bool (*fn)(void *ctx, const struct anki_review *r),
			void *ctx, struct diags *d);
size_t ankidb_count(struct ankidb *db); /* notes, for the progress; 0 when it cannot be told */

#endif
