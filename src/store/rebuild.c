/* rebuild.c -- see store.h: every state from the log again. One pass over the log in the order it
 * was written, with the states of all parts in one array by part id; only rows that differ are
 * written. Which rows were undone is known beforehand from the few undo rows, read through their
 * index. */
#include "store/inside.h"

#include <stdlib.h>
#include <string.h>

struct replay {
	struct store *s;
	struct srs_card *cards; /* by part id, like seeds and positions */
	uint64_t *seeds;
	int64_t *positions;
	struct idset known, aside,
		differ;      /* parts: there are, set aside, whose cached state is wrong */
	struct idset undone; /* log rows taken back */
	size_t cap;
	struct store_rebuilt *out;
};

static void replay_clear(struct replay *r)
{
	idset_clear(&r->known);
	idset_clear(&r->aside);
	idset_clear(&r->differ);
	idset_clear(&r->undone);
	free(r->cards);
	free(r->seeds);
	free(r->positions);
}

static void reserve(struct replay *r, size_t need)
{
	if (need <= r->cap)
		return;
	r->cards = array_grow(r->cards, &r->cap, need, sizeof(*r->cards));
	r->seeds = xrealloc(r->seeds, r->cap, sizeof(*r->seeds));
	r->positions = xrealloc(r->positions, r->cap, sizeof(*r->positions));
}

static bool read_parts(struct replay *r, struct diags *d)
{
	struct stmt *q = db_stmt(r->s->db, STMT_PART_SEEDS);
	bool ok = true;
	while (ok && stmt_row(q)) {
		int64_t id = col_i64(q, 0);
		if (id <= 0 || id >= MAX_IDSET) {
			ok = diag_fail(d, "store-corrupt", "card number %lld in %s is out of range",
				       (long long)id, store_path(r->s));
			break;
		}
		reserve(r, (size_t)id + 1);
		r->seeds[id] = (uint64_t)col_i64(q, 1);
		srs_card_init(&r->cards[id]);
		idset_add(&r->known, id);
		r->out->parts++;
	}
	return stmt_done(q, d) && ok;
}

static bool replay_row(struct replay *r, struct stmt *q, struct diags *d)
{
	int64_t id = col_i64(q, 0), part = col_i64(q, 1);
	struct srs_event e = {.op = log_op(q, 4),
			      .arg = (int)col_i64(q, 5),
			      .at = {.ms = col_i64(q, 2), .off_min = (int)col_i64(q, 3)}};
	r->out->rows++;
	if (e.op == SRS_OP_UNDO || idset_has(&r->undone, id))
		return true;
	if (e.op == SRS_OP_COUNT || !idset_has(&r->known, part))
		return diag_fail(d, "store-corrupt", "row %lld of the log in %s makes no sense",
				 (long long)id, store_path(r->s));
	const struct srs_preset *p = store_preset_get(r->s, col_i64(q, 6), d);
	if (!p)
		return false;
	r->cards[part] = srs_apply(p, r->cards[part], &e, r->seeds[part]);
	return true;
}

static bool replay_log(struct replay *r, struct diags *d)
{
	bool ok = log_undone(r->s, &r->undone, d);
	struct stmt *q = db_stmt(r->s->db, STMT_LOG_REPLAY);
	while (ok && stmt_row(q))
		ok = replay_row(r, q, d);
	return stmt_done(q, d) && ok;
}

/* Is the cached row what the log says, queue and due included? */
static bool row_agrees(struct replay *r, struct stmt *q, int64_t id)
{
	struct state st = {.aside = col_i64(q, 1) == QUEUE_ASIDE, .position = col_i64(q, 3)};
	int64_t due;
	r->positions[id] = st.position;
	if (st.aside)
		idset_add(&r->aside, id);
	state_col(q, 4, &st.card);
	return state_same(&st.card, &r->cards[id]) && state_queue(&st, &due) == col_i64(q, 1) &&
	       due == col_i64(q, 2);
}

static bool compare(struct replay *r, struct diags *d)
{
	int64_t seen = 0;
	struct stmt *q = db_stmt(r->s->db, STMT_STATES);
	while (stmt_row(q)) {
		int64_t id = col_i64(q, 0);
		if (!idset_has(&r->known, id))
			continue;
		seen++;
		if (!row_agrees(r, q, id)) {
			idset_add(&r->differ, id);
			r->out->differed++;
		}
	}
	if (!stmt_done(q, d))
		return false;
	return seen == r->out->parts ||
	       diag_fail(d, "store-corrupt",
			 "%s has cards without a state; `gatedrill doctor --restore FILE` puts a "
			 "backup in place",
			 store_path(r->s));
}

static bool write_differing(struct replay *r, struct diags *d)
{
	bool ok = true;
	for (int64_t id = idset_next(&r->differ, 0); ok && id; id = idset_next(&r->differ, id)) {
		struct state st = {.card = r->cards[id],
				   .aside = idset_has(&r->aside, id),
				   .position = r->positions[id]};
		ok = state_set(r->s, id, &st, d);
	}
	return ok;
}

static bool derive_all(struct replay *r, struct diags *d)
{
	return read_parts(r, d) && replay_log(r, d) && compare(r, d);
}

bool store_rebuild(struct store *s, bool check, struct store_rebuilt *out, struct diags *d)
{
	struct replay r = {.s = s, .out = out};
	*out = (struct store_rebuilt){0};
	bool ok;
	if (check) {
		bool own = !s->batch;
		ok = (!own || db_begin_read(s->db, d)) && derive_all(&r, d);
		if (own)
			db_rollback(s->db);
	} else {
		ok = store_write_begin(s, d) &&
		     store_write_end(s, derive_all(&r, d) && write_differing(&r, d), d);
	}
	replay_clear(&r);
	return ok;
}
