/* cardmap.c -- see cardmap.h. A search by words gives cards, its answer is review cards; asking
 * SQLite for the parts of fifty thousand cards at each key press would cost more than the search.
 * So the pairs are read once, in the order they lie on disk, and sorted by card by counting. */
#include "store/inside.h"

#include <stdlib.h>

void cardmap_clear(struct cardmap *m)
{
	free(m->start);
	free(m->parts);
	free(m->facts);
	*m = (struct cardmap){0};
}

struct part_list {
	struct part_of {
		uint32_t part, card;
	} * items;
	size_t count, cap;
};

/* parts by card: count, sum up, fill in. */
static void sort_parts(struct cardmap *m, const struct part_list *l)
{
	for (size_t i = 0; i < l->count; i++)
		if (l->items[i].card >= m->cards)
			m->cards = l->items[i].card + 1;
	m->start = xcalloc(m->cards + 2, sizeof(*m->start));
	m->parts = xmalloc((l->count + 1) * sizeof(*m->parts));
	for (size_t i = 0; i < l->count; i++)
		m->start[l->items[i].card + 2]++;
	for (size_t c = 2; c < m->cards + 2; c++)
		m->start[c] += m->start[c - 1];
	for (size_t i = 0; i < l->count; i++)
		m->parts[m->start[l->items[i].card + 1]++] = l->items[i].part;
}

static bool in_range(int64_t id)
{
	return id > 0 && id < MAX_IDSET;
}

static bool read_parts(struct store *s, struct diags *d)
{
	struct part_list l = {0};
	struct stmt *q = db_stmt(s->db, STMT_MAP_PARTS);
	while (stmt_row(q)) {
		int64_t part = col_i64(q, 0), card = col_i64(q, 1);
		if (!in_range(part) || !in_range(card))
			continue;
		l.items = array_grow(l.items, &l.cap, l.count + 1, sizeof(*l.items));
		l.items[l.count++] =
			(struct part_of){.part = (uint32_t)part, .card = (uint32_t)card};
	}
	bool ok = stmt_done(q, d);
	if (ok)
		sort_parts(&s->map, &l);
	s->map.has_parts = ok;
	free(l.items);
	return ok;
}

static bool read_facts(struct store *s, struct diags *d)
{
	struct cardmap *m = &s->map;
	size_t cap = 0;
	struct stmt *q = db_stmt(s->db, STMT_MAP_CARDS);
	while (stmt_row(q)) {
		if (!in_range(col_i64(q, 0)))
			continue;
		m->facts = array_grow(m->facts, &cap, m->fact_count + 1, sizeof(*m->facts));
		m->facts[m->fact_count++] = (struct card_facts){
			.card = (uint32_t)col_i64(q, 0),
			.deck = (uint32_t)col_i64(q, 1),
			.kind = (uint8_t)col_i64(q, 2),
			.label = (uint32_t)col_i64(q, 3),
		};
	}
	m->has_cards = stmt_done(q, d);
	return m->has_cards;
}

bool cardmap_ready(struct store *s, bool facts, struct diags *d)
{
	int64_t version = 0;
	struct stmt *q = db_stmt(s->db, STMT_DATA_VERSION);
	if (stmt_row(q))
		version = col_i64(q, 0);
	if (!stmt_done(q, d))
		return false;
	if (version != s->map.version)
		cardmap_clear(&s->map);
	s->map.version = version;
	return (s->map.has_parts || read_parts(s, d)) &&
	       (!facts || s->map.has_cards || read_facts(s, d));
}

void cardmap_add(const struct cardmap *m, int64_t card_id, struct idset *out)
{
	if (card_id <= 0 || (size_t)card_id >= m->cards)
		return;
	for (uint32_t i = m->start[card_id]; i < m->start[card_id + 1]; i++)
		idset_add(out, m->parts[i]);
}
