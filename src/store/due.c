/* due.c -- see store.h: what to study. The index state_queue holds all that a candidate is made of,
 * in the order needed, so each kind of candidate is one run over neighbouring entries. */
#include "store/inside.h"

/* Who asks, and how it goes on. */
struct pick {
	const struct store_wanted *want;
	bool (*fn)(void *ctx, const struct store_candidate *c);
	void *ctx;
	bool stop;
	int new_left;      /* cards; < 0: no limit */
	int64_t last_card; /* the new card whose parts are being handed out */
};

static void read_candidate(struct stmt *q, enum queue queue, struct store_candidate *c)
{
	int64_t due = col_i64(q, 5);
	*c = (struct store_candidate){
		.part_id = col_i64(q, 0),
		.card_id = col_i64(q, 1),
		.group = (uint64_t)col_i64(q, 2),
		.position = col_i64(q, 3),
	};
	srs_card_init(&c->state);
	c->state.state = state_value(col_i64(q, 4));
	c->state.by_day = queue == QUEUE_DAY;
	if (queue == QUEUE_DAY)
		c->state.due_day = (int32_t)due;
	if (queue == QUEUE_LEARN)
		c->state.due_ms = due;
	c->state.buried_day = (int32_t)col_i64(q, 6);
	c->state.last_day = (int32_t)col_i64(q, 7);
	c->state.last_ms = col_i64(q, 8);
	c->state.interval_d = (int)col_i64(q, 9);
	c->state.stability_d = col_real(q, 10);
	c->state.difficulty = col_real(q, 11);
}

/* New cards are counted as cards: review cards of one card stand together, and only one of them
 * will be shown a day when siblings are buried. */
static bool within_new(struct pick *p, const struct store_candidate *c)
{
	if (p->new_left < 0 || c->card_id == p->last_card)
		return true;
	if (!p->new_left) {
		p->stop = true;
		return false;
	}
	p->new_left--;
	p->last_card = c->card_id;
	return true;
}

static bool pick_from(struct store *s, struct pick *p, enum queue queue, struct diags *d)
{
	static const enum stmt_id ids[] = {
		[QUEUE_NEW] = STMT_QUEUE_NEW,
		[QUEUE_LEARN] = STMT_QUEUE_LEARN,
		[QUEUE_DAY] = STMT_QUEUE_DAY,
	};
	const struct store_wanted *w = p->want;
	struct stmt *q = db_stmt(s->db, ids[queue]);
	struct store_candidate c;
	if (queue == QUEUE_DAY)
		stmt_i64(q, 1, w->everything ? INT32_MAX : w->until_day);
	while (!p->stop && stmt_row(q)) {
		if (w->only && !idset_has(w->only, col_i64(q, 0)))
			continue;
		read_candidate(q, queue, &c);
		if (c.state.buried_day == w->today || (queue == QUEUE_NEW && !within_new(p, &c)))
			continue;
		p->stop = !p->fn(p->ctx, &c);
	}
	return stmt_done(q, d);
}

bool store_candidates(struct store *s, const struct store_wanted *w,
		      bool (*fn)(void *ctx, const struct store_candidate *c), void *ctx,
		      struct diags *d)
{
	struct pick p = {
		.want = w, .fn = fn, .ctx = ctx, .new_left = w->everything ? -1 : w->new_max};
	return pick_from(s, &p, QUEUE_LEARN, d) && pick_from(s, &p, QUEUE_DAY, d) &&
	       pick_from(s, &p, QUEUE_NEW, d);
}

bool store_today(struct store *s, int32_t day, struct store_today *out, struct diags *d)
{
	struct idset undone = {0};
	*out = (struct store_today){0};
	bool ok = log_undone(s, &undone, d);
	struct stmt *q = db_stmt(s->db, STMT_TODAY);
	stmt_i64(q, 1, day);
	while (ok && stmt_row(q)) {
		if (idset_has(&undone, col_i64(q, 0)))
			continue;
		idset_add(&out->cards, col_i64(q, 1));
		out->answers++;
		out->new_done += col_i64(q, 2) == SRS_NEW;
		out->review_done += col_i64(q, 2) == SRS_REVIEW;
		out->took_ms += col_i64(q, 3);
	}
	ok = stmt_done(q, d) && ok;
	idset_clear(&undone);
	if (!ok)
		idset_clear(&out->cards);
	return ok;
}
