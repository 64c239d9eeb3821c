/* log.c -- see store.h. The log only grows. An answer is one row and one update of the card's
 * state, in one transaction that is on disk before the caller hears of it.
 *
 * Undo is a row too: it names the row it takes back, and a row is in effect unless an undo in
 * effect names it; redo is an undo of an undo. Undo always takes the newest row in effect and redo
 * only the undo just made, so the rows in effect form a stack: what a row found when it was
 * written (was_state, was_interval_d) is still what stands before it whenever it is in effect, and
 * counts of new and mature answers can be read off the rows without replaying them.
 *
 *	answer 1   answer 2   undo 2   undo 1   redo (of undo 1)   -> answer 1 is in effect */
#include "store/inside.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* -- reading rows ---------------------------------------------------------- */

enum srs_op log_op(struct stmt *q, int i)
{
	int op = SRS_OP_ANSWER;
	while (op < SRS_OP_COUNT && !col_is(q, i, srs_op_names[op]))
		op++;
	return (enum srs_op)op;
}

static bool unknown_op(struct store *s, int64_t id, struct diags *d)
{
	return diag_fail(d, "store-corrupt", "row %lld of the log in %s is of no known kind",
			 (long long)id, store_path(s));
}

bool log_undone(struct store *s, struct idset *out, struct diags *d)
{
	struct stmt *q = db_stmt(s->db, STMT_LOG_UNDOS);
	while (stmt_row(q))
		if (!idset_has(out, col_i64(q, 0)))
			idset_add(out, col_i64(q, 1));
	return stmt_done(q, d);
}

static char *row_key(struct stmt *q, struct arena *a)
{
	const char *part = col_copy(q, 13, a);
	char *card = arena_printf(a, "%s/%s", col_copy(q, 11, a), col_copy(q, 12, a));
	return part[0] ? arena_printf(a, "%s#%s", card, part) : card;
}

/* A row of LOG_COLUMNS and the three names of its card. */
static void read_row(struct stmt *q, const struct idset *undone, struct arena *a,
		     struct store_log_row *out)
{
	*out = (struct store_log_row){
		.id = col_i64(q, 0),
		.part_id = col_i64(q, 1),
		.event = {.op = log_op(q, 4),
			  .arg = (int)col_i64(q, 5),
			  .at = {.ms = col_i64(q, 2), .off_min = (int)col_i64(q, 3)}},
		.took_ms = col_i64(q, 7),
		.given = col_copy(q, 8, a),
		.screen = col_copy(q, 9, a),
		.target = col_i64(q, 10),
		.undone = idset_has(undone, col_i64(q, 0)),
		.key = row_key(q, a),
	};
}

/* -- writing rows ---------------------------------------------------------- */

struct log_entry {
	int64_t part_id, preset_id, target;
	struct srs_event event;
	int32_t day;
	const struct srs_card *before; /* the card's state before this row */
	int64_t took_ms;
	const char *given, *screen;
};

static bool insert_row(struct store *s, const struct log_entry *e, int64_t *id, struct diags *d)
{
	struct stmt *q = db_stmt(s->db, STMT_LOG_INSERT);
	stmt_i64(q, 1, e->part_id);
	stmt_i64(q, 2, e->event.at.ms);
	stmt_i64(q, 3, e->event.at.off_min);
	stmt_i64(q, 4, e->day);
	stmt_text(q, 5, srs_op_names[e->event.op]);
	stmt_i64(q, 6, e->event.arg);
	stmt_i64(q, 7, e->preset_id);
	stmt_i64(q, 8, e->before->state);
	stmt_i64(q, 9, e->before->interval_d);
	stmt_i64(q, 10, e->took_ms);
	stmt_text(q, 11, e->given ? e->given : "");
	stmt_text(q, 12, e->screen ? e->screen : "");
	stmt_i64(q, 13, e->target);
	if (!stmt_run(q, d))
		return false;
	*id = db_last_id(s->db);
	return true;
}

static bool fuzz_seed(struct store *s, int64_t part_id, uint64_t *seed, struct diags *d)
{
	struct stmt *q = db_stmt(s->db, STMT_PART_SEED);
	stmt_i64(q, 1, part_id);
	*seed = stmt_row(q) ? (uint64_t)col_i64(q, 0) : 0;
	return stmt_done(q, d);
}

static bool log_answer(struct store *s, const struct store_answer *a, int64_t preset_id,
		       struct srs_card *after, int64_t *log_id, struct diags *d)
{
	const struct srs_preset *p = store_preset_get(s, preset_id, d);
	struct state st;
	uint64_t seed;
	if (!p || !state_get(s, a->part_id, &st, d) || !fuzz_seed(s, a->part_id, &seed, d))
		return false;
	struct srs_card before = st.card;
	struct log_entry e = {
		.part_id = a->part_id,
		.preset_id = preset_id,
		.event = a->event,
		.day = day_of(a->event.at, p->day_start_min),
		.before = &before,
		.took_ms = a->took_ms,
		.given = a->given,
		.screen = a->screen,
	};
	st.card = srs_apply(p, before, &a->event, seed);
	*after = st.card;
	return insert_row(s, &e, log_id, d) && state_set(s, a->part_id, &st, d);
}

bool store_log(struct store *s, const struct store_answer *a, int64_t preset_id,
	       struct srs_card *after, int64_t *log_id, struct diags *d)
{
	struct srs_card card;
	int64_t id = 0;
	assert(a->event.op != SRS_OP_UNDO);
	if (!store_write_begin(s, d))
		return false;
	bool ok = log_answer(s, a, preset_id, &card, &id, d);
	if (!store_write_end(s, ok, d))
		return false;
	if (after)
		*after = card;
	if (log_id)
		*log_id = id;
	return true;
}

/* -- undo and redo --------------------------------------------------------- */

/* The part's state from its rows in effect. */
static bool derive(struct store *s, int64_t part_id, const struct idset *undone,
		   struct srs_card *out, struct diags *d)
{
	uint64_t seed;
	bool ok = fuzz_seed(s, part_id, &seed, d);
	srs_card_init(out);
	struct stmt *q = db_stmt(s->db, STMT_LOG_OF_PART);
	stmt_i64(q, 1, part_id);
	while (ok && stmt_row(q)) {
		struct srs_event e = {.op = log_op(q, 4),
				      .arg = (int)col_i64(q, 5),
				      .at = {.ms = col_i64(q, 2), .off_min = (int)col_i64(q, 3)}};
		const struct srs_preset *p = store_preset_get(s, col_i64(q, 6), d);
		ok = p && (e.op < SRS_OP_UNDO || unknown_op(s, col_i64(q, 0), d));
		if (ok && !idset_has(undone, col_i64(q, 0)))
			*out = srs_apply(p, *out, &e, seed);
	}
	return stmt_done(q, d) && ok;
}

/* What undo or redo is about to take back. */
struct target {
	int64_t row;      /* its id, 0 = nothing */
	int64_t original; /* redo: the row that the undo had taken back; undo: row */
	int64_t part_id, preset_id, ms;
};

/* The newest row in effect that is not itself an undo. */
static bool newest_in_effect(struct store *s, const struct idset *undone, struct target *out,
			     struct diags *d)
{
	struct stmt *q = db_stmt(s->db, STMT_LOG_NEWEST);
	while (!out->row && stmt_row(q)) {
		int64_t id = col_i64(q, 0);
		if (!col_i64(q, 10) && !idset_has(undone, id))
			*out = (struct target){.row = id,
					       .original = id,
					       .part_id = col_i64(q, 1),
					       .ms = col_i64(q, 2),
					       .preset_id = col_i64(q, 6)};
	}
	return stmt_done(q, d);
}

/* The newest undo in effect of a row that is not an undo, if only undos and redos came after it.
 * Undos and what they took back stand close together at the end of the log, so undo rows that are
 * met on the way are remembered to tell which targets are undos. */
static bool newest_undo(struct store *s, const struct idset *undone, struct target *out,
			struct diags *d)
{
	struct idset undos = {0};
	struct stmt *q = db_stmt(s->db, STMT_LOG_UNDOS);
	while (stmt_row(q))
		idset_add(&undos, col_i64(q, 0));
	bool ok = stmt_done(q, d);
	q = db_stmt(s->db, STMT_LOG_NEWEST);
	while (ok && !out->row && stmt_row(q) && col_i64(q, 10)) {
		int64_t id = col_i64(q, 0), target = col_i64(q, 10);
		if (!idset_has(undone, id) && !idset_has(&undos, target))
			*out = (struct target){.row = id,
					       .original = target,
					       .part_id = col_i64(q, 1),
					       .ms = col_i64(q, 2),
					       .preset_id = col_i64(q, 6)};
	}
	ok = stmt_done(q, d) && ok;
	idset_clear(&undos);
	return ok;
}

static bool read_original(struct store *s, const struct target *t, const struct idset *undone,
			  struct arena *a, struct store_log_row *out, struct diags *d)
{
	struct stmt *q = db_stmt(s->db, STMT_LOG_ROW);
	stmt_i64(q, 1, t->original);
	if (stmt_row(q))
		read_row(q, undone, a, out);
	return stmt_done(q, d);
}

/* Append the row that takes t back, and give its part the state that follows. */
static bool take_back(struct store *s, const struct target *t, struct moment at, struct arena *a,
		      struct store_log_row *out, struct diags *d)
{
	const struct srs_preset *p = store_preset_get(s, t->preset_id, d);
	struct idset undone = {0};
	struct state st;
	int64_t id;
	if (!p || !state_get(s, t->part_id, &st, d))
		return false;
	struct srs_card before = st.card;
	struct log_entry e = {
		.part_id = t->part_id,
		.preset_id = t->preset_id,
		.target = t->row,
		.event = {.op = SRS_OP_UNDO, .at = at},
		.day = day_of(at, p->day_start_min),
		.before = &before,
	};
	bool ok = insert_row(s, &e, &id, d) && log_undone(s, &undone, d) &&
		  derive(s, t->part_id, &undone, &st.card, d) && state_set(s, t->part_id, &st, d) &&
		  read_original(s, t, &undone, a, out, d);
	idset_clear(&undone);
	return ok;
}

static bool undo(struct store *s, bool redo, int64_t not_before_ms, struct moment at,
		 struct arena *a, struct store_log_row *out, struct diags *d)
{
	struct idset undone = {0};
	struct target t = {0};
	*out = (struct store_log_row){0};
	if (!store_write_begin(s, d))
		return false;
	bool ok = log_undone(s, &undone, d) &&
		  (redo ? newest_undo(s, &undone, &t, d) : newest_in_effect(s, &undone, &t, d));
	if (ok && t.row && t.ms >= not_before_ms)
		ok = take_back(s, &t, at, a, out, d);
	idset_clear(&undone);
	ok = store_write_end(s, ok, d);
	if (!ok)
		*out = (struct store_log_row){0};
	return ok;
}

bool store_undo(struct store *s, struct moment at, int64_t not_before_ms, struct arena *a,
		struct store_log_row *out, struct diags *d)
{
	return undo(s, false, not_before_ms, at, a, out, d);
}

bool store_redo(struct store *s, struct moment at, struct arena *a, struct store_log_row *out,
		struct diags *d)
{
	return undo(s, true, INT64_MIN, at, a, out, d);
}

/* -- history --------------------------------------------------------------- */

bool store_history(struct store *s, int64_t part_id, size_t max, struct arena *a,
		   struct store_log_row **out, size_t *count, struct diags *d)
{
	struct idset undone = {0};
	struct store_log_row *rows = NULL;
	size_t cap = 0;
	*out = NULL;
	*count = 0;
	if (!log_undone(s, &undone, d)) {
		idset_clear(&undone);
		return false;
	}
	struct stmt *q = db_stmt(s->db, part_id ? STMT_LOG_HISTORY : STMT_LOG_HISTORY_ALL);
	if (part_id)
		stmt_i64(q, 1, part_id);
	while ((part_id || *count < max) && stmt_row(q)) {
		rows = array_grow(rows, &cap, *count + 1, sizeof(*rows));
		read_row(q, &undone, a, &rows[(*count)++]);
	}
	bool ok = stmt_done(q, d);
	idset_clear(&undone);
	if (ok && *count) {
		*out = arena_alloc(a, *count * sizeof(*rows));
		memcpy(*out, rows, *count * sizeof(*rows));
	}
	free(rows);
	return ok;
}
