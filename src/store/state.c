/* state.c -- see inside.h: a card's state between its row and struct srs_card. The order of columns
 * is STATE_COLUMNS of schema.c, here and nowhere else. Two columns are derived: queue and due say
 * in one index where a card stands, so that a session finds what is due without looking at the
 * rest. */
#include "store/inside.h"

#include <assert.h>
#include <string.h>

void state_bind(struct stmt *q, int first, const struct srs_card *c)
{
	const int64_t before[] = {c->state,      c->by_day,     c->suspended, c->leech, c->flag,
				  c->steps_left, c->interval_d, c->reps,      c->lapses};
	const int64_t after[] = {c->last_ms, c->last_day, c->first_day,
				 c->due_ms,  c->due_day,  c->buried_day};
	static_assert(ARRAY_LEN(before) + 2 + ARRAY_LEN(after) == STATE_COLUMN_COUNT,
		      "every column is bound");
	int i = first;
	for (size_t k = 0; k < ARRAY_LEN(before); k++)
		stmt_i64(q, i++, before[k]);
	stmt_real(q, i++, c->stability_d);
	stmt_real(q, i++, c->difficulty);
	for (size_t k = 0; k < ARRAY_LEN(after); k++)
		stmt_i64(q, i++, after[k]);
}

enum srs_state state_value(int64_t v)
{
	return v >= SRS_NEW && v <= SRS_RELEARN ? (enum srs_state)v : SRS_NEW;
}

void state_col(struct stmt *q, int first, struct srs_card *out)
{
	*out = (struct srs_card){
		.state = state_value(col_i64(q, first)),
		.by_day = col_i64(q, first + 1) != 0,
		.suspended = col_i64(q, first + 2) != 0,
		.leech = col_i64(q, first + 3) != 0,
		.flag = (int)col_i64(q, first + 4),
		.steps_left = (int)col_i64(q, first + 5),
		.interval_d = (int)col_i64(q, first + 6),
		.reps = (int)col_i64(q, first + 7),
		.lapses = (int)col_i64(q, first + 8),
		.stability_d = col_real(q, first + 9),
		.difficulty = col_real(q, first + 10),
		.last_ms = col_i64(q, first + 11),
		.last_day = (int32_t)col_i64(q, first + 12),
		.first_day = (int32_t)col_i64(q, first + 13),
		.due_ms = col_i64(q, first + 14),
		.due_day = (int32_t)col_i64(q, first + 15),
		.buried_day = (int32_t)col_i64(q, first + 16),
	};
}

enum queue state_queue(const struct state *st, int64_t *due)
{
	const struct srs_card *c = &st->card;
	*due = 0;
	if (st->aside)
		return QUEUE_ASIDE;
	if (c->suspended)
		return QUEUE_SUSPENDED;
	*due = c->state == SRS_NEW ? st->position : c->by_day ? c->due_day : c->due_ms;
	return c->state == SRS_NEW ? QUEUE_NEW : c->by_day ? QUEUE_DAY : QUEUE_LEARN;
}

static bool same_bits(double a, double b)
{
	return memcmp(&a, &b, sizeof(a)) == 0;
}

bool state_same(const struct srs_card *a, const struct srs_card *b)
{
	return a->state == b->state && a->by_day == b->by_day && a->suspended == b->suspended &&
	       a->leech == b->leech && a->flag == b->flag && a->steps_left == b->steps_left &&
	       a->interval_d == b->interval_d && a->reps == b->reps && a->lapses == b->lapses &&
	       same_bits(a->stability_d, b->stability_d) &&
	       same_bits(a->difficulty, b->difficulty) && a->last_ms == b->last_ms &&
	       a->last_day == b->last_day && a->first_day == b->first_day &&
	       a->due_ms == b->due_ms && a->due_day == b->due_day && a->buried_day == b->buried_day;
}

bool state_get(struct store *s, int64_t part_id, struct state *out, struct diags *d)
{
	struct stmt *q = db_stmt(s->db, STMT_STATE_GET);
	stmt_i64(q, 1, part_id);
	bool found = stmt_row(q);
	if (found) {
		out->aside = col_i64(q, 0) == QUEUE_ASIDE;
		out->position = col_i64(q, 1);
		state_col(q, 2, &out->card);
	}
	if (!stmt_done(q, d))
		return false;
	return found || diag_fail(d, "store-no-card", "there is no card number %lld in the store",
				  (long long)part_id);
}

bool state_set(struct store *s, int64_t part_id, const struct state *st, struct diags *d)
{
	int64_t due;
	enum queue queue = state_queue(st, &due);
	struct stmt *q = db_stmt(s->db, STMT_STATE_SET);
	stmt_i64(q, 1, part_id);
	stmt_i64(q, 2, queue);
	stmt_i64(q, 3, due);
	state_bind(q, 4, &st->card);
	return stmt_run(q, d);
}
