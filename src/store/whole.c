/* whole.c -- see store.h: cards with all their text, and all that happened to them. Which cards is
 * read first, as a list of ids, so that texts are read one at a time: a collection need not fit
 * into memory to be written elsewhere. What an answer did is derived by replaying the log under the
 * rules of each row, as rebuild.c does. */
#include "store/inside.h"

#include <stdlib.h>
#include <string.h>

struct wanted {
	struct {
		int64_t id;
		const char *deck; /* in the arena, one text for all cards of a deck in a row */
	} * cards;
	size_t count, cap;
	struct arena arena;
};

static bool is_wanted(const struct cardmap *m, int64_t card, const struct idset *parts)
{
	if (!parts)
		return true;
	if (card <= 0 || (size_t)card >= m->cards)
		return false;
	for (uint32_t i = m->start[card]; i < m->start[card + 1]; i++)
		if (idset_has(parts, m->parts[i]))
			return true;
	return false;
}

static bool list_cards(struct store *s, const struct idset *parts, struct wanted *w,
		       struct diags *d)
{
	const char *deck = "";
	if (!cardmap_ready(s, false, d))
		return false;
	struct stmt *q = db_stmt(s->db, STMT_WHOLE_CARDS);
	while (stmt_row(q)) {
		if (!is_wanted(&s->map, col_i64(q, 0), parts))
			continue;
		if (!col_is(q, 1, deck))
			deck = col_copy(q, 1, &w->arena);
		w->cards = array_grow(w->cards, &w->cap, w->count + 1, sizeof(*w->cards));
		w->cards[w->count].id = col_i64(q, 0);
		w->cards[w->count++].deck = deck;
	}
	return stmt_done(q, d);
}

/* The rows of one part, with the states between them. */
static bool read_steps(struct store *s, int64_t part_id, uint64_t seed, const struct idset *undone,
		       struct arena *a, struct store_whole_part *out, struct diags *d)
{
	struct store_step *steps = NULL;
	size_t cap = 0;
	bool ok = true;
	struct srs_card card;
	srs_card_init(&card);
	struct stmt *q = db_stmt(s->db, STMT_LOG_OF_PART);
	stmt_i64(q, 1, part_id);
	while (ok && stmt_row(q)) {
		struct srs_event e = {.op = log_op(q, 4),
				      .arg = (int)col_i64(q, 5),
				      .at = {.ms = col_i64(q, 2), .off_min = (int)col_i64(q, 3)}};
		const struct srs_preset *p = store_preset_get(s, col_i64(q, 6), d);
		ok = p != NULL;
		if (!ok || e.op >= SRS_OP_UNDO || idset_has(undone, col_i64(q, 0)))
			continue;
		struct srs_card after = srs_apply(p, card, &e, seed);
		steps = array_grow(steps, &cap, out->step_count + 1, sizeof(*steps));
		steps[out->step_count++] = (struct store_step){
			.event = e, .took_ms = col_i64(q, 7), .before = card, .after = after};
		card = after;
	}
	ok = stmt_done(q, d) && ok;
	if (ok && steps) {
		out->steps = arena_alloc(a, out->step_count * sizeof(*steps));
		memcpy(out->steps, steps, out->step_count * sizeof(*steps));
	}
	free(steps);
	return ok;
}

struct part_row {
	int64_t id;
	uint64_t seed;
};

static bool read_parts(struct store *s, int64_t card, const struct idset *undone, struct arena *a,
		       struct store_whole *out, struct diags *d)
{
	struct part_row *rows = NULL;
	size_t cap = 0, part_cap = 0;
	struct store_whole_part *parts = NULL;
	struct stmt *q = db_stmt(s->db, STMT_WHOLE_PARTS);
	stmt_i64(q, 1, card);
	while (stmt_row(q)) {
		size_t n = out->part_count++;
		rows = array_grow(rows, &cap, n + 1, sizeof(*rows));
		parts = array_grow(parts, &part_cap, n + 1, sizeof(*parts));
		rows[n] = (struct part_row){col_i64(q, 0), (uint64_t)col_i64(q, 2)};
		parts[n] = (struct store_whole_part){.name = col_copy(q, 1, a)};
		state_col(q, 3, &parts[n].state);
	}
	bool ok = stmt_done(q, d);
	for (size_t i = 0; ok && i < out->part_count; i++)
		ok = read_steps(s, rows[i].id, rows[i].seed, undone, a, &parts[i], d);
	out->parts = arena_alloc(a, (out->part_count + 1) * sizeof(*parts));
	if (out->part_count)
		memcpy(out->parts, parts, out->part_count * sizeof(*parts));
	free(parts);
	free(rows);
	return ok;
}

struct walk {
	bool history;
	const struct idset *undone;
	bool (*fn)(void *ctx, const struct store_whole *w);
	void *ctx;
	bool stopped;
};

static bool visit(struct store *s, struct walk *v, int64_t id, const char *deck, struct arena *a,
		  struct diags *d)
{
	struct store_whole w = {.deck = deck};
	if (v->history && !read_parts(s, id, v->undone, a, &w, d))
		return false;
	struct stmt *q = db_stmt(s->db, STMT_TEXT_BODY);
	stmt_i64(q, 1, id);
	if (stmt_row(q)) {
		w.body.p = col_text(q, 0);
		w.body.len = col_bytes(q, 0);
		v->stopped = !v->fn(v->ctx, &w);
	}
	return stmt_done(q, d);
}

bool store_each_whole(struct store *s, const struct idset *parts, bool history, size_t *count,
		      bool (*fn)(void *ctx, const struct store_whole *w), void *ctx,
		      struct diags *d)
{
	struct wanted w = {0};
	struct idset undone = {0};
	struct arena a = {0};
	struct walk v = {.history = history, .undone = &undone, .fn = fn, .ctx = ctx};
	/* One view of all cards, and no lock to be taken for each. */
	bool ours = !s->batch;
	bool ok = (!ours || db_begin_read(s->db, d)) && list_cards(s, parts, &w, d) &&
		  (!history || log_undone(s, &undone, d));
	if (count)
		*count = w.count;
	for (size_t i = 0; ok && !v.stopped && i < w.count; i++) {
		ok = visit(s, &v, w.cards[i].id, w.cards[i].deck, &a, d);
		arena_clear(&a);
	}
	if (ours)
		db_rollback(s->db);
	idset_clear(&undone);
	arena_clear(&w.arena);
	free(w.cards);
	return ok;
}
