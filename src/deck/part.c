/* part.c -- which review cards a card yields; see part.h.
 *
 * Names of parts are written from what the author named by hand (cloze numbers, row and column
 * ids), never from positions, so that inserting a row or a hole leaves the history of the others
 * alone. Ids hold no '.', so "row.col" is unambiguous. */
#include "deck/part.h"

#include "deck/cloze.h"

#include <string.h>

static const struct part whole = {.name = "", .row = -1, .col = -1};

/* Bit n is set when the text has a hole of number n. */
static uint32_t cloze_numbers(const char *text)
{
	uint32_t seen = 0;
	struct hole h;
	size_t at = 0;
	const char *problem;
	while (cloze_next(text, &at, &h, &problem) == CLOZE_HOLE)
		seen |= UINT32_C(1) << h.number;
	return seen;
}

static size_t cloze_parts(struct arena *a, const struct card *c, struct part **out)
{
	uint32_t seen = cloze_numbers(c->cloze.text);
	struct part *parts = arena_alloc(a, MAX_CLOZE * sizeof(*parts));
	size_t n = 0;
	for (int i = 1; i <= MAX_CLOZE; i++)
		if (seen >> i & 1)
			parts[n++] = (struct part){.name = arena_printf(a, "c%d", i),
						   .cloze = i,
						   .row = -1,
						   .col = -1};
	*out = parts;
	return n;
}

static size_t row_parts(struct arena *a, const struct card *c, struct part **out)
{
	struct part *parts = arena_alloc(a, c->table.row_count * sizeof(*parts));
	for (size_t i = 0; i < c->table.row_count; i++)
		parts[i] = (struct part){.name = c->table.rows[i].id, .row = (int)i, .col = -1};
	*out = parts;
	return c->table.row_count;
}

static size_t cell_parts(struct arena *a, const struct card *c, struct part **out)
{
	size_t columns = c->table.column_count, n = 0;
	struct part *parts = arena_alloc(a, c->table.row_count * columns * sizeof(*parts));
	for (size_t i = 0; i < c->table.row_count; i++)
		for (size_t k = 0; k < columns; k++)
			parts[n++] = (struct part){
				.name = arena_printf(a, "%s.%s", c->table.rows[i].id,
						     c->table.column_ids[k]),
				.row = (int)i,
				.col = (int)k,
			};
	*out = parts;
	return n;
}

size_t card_parts(struct arena *a, const struct card *c, struct part **out)
{
	if (c->kind == CARD_CLOZE)
		return cloze_parts(a, c, out);
	if (c->kind == CARD_TABLE && c->table.ask == TABLE_ROW)
		return row_parts(a, c, out);
	if (c->kind == CARD_TABLE && c->table.ask == TABLE_CELL)
		return cell_parts(a, c, out);
	size_t n = c->kind == CARD_REVERSED ? 2 : 1;
	*out = arena_alloc(a, n * sizeof(**out));
	(*out)[0] = whole;
	if (n == 2)
		(*out)[1] = (struct part){.name = "reverse", .row = -1, .col = -1, .reverse = true};
	return n;
}

bool card_part_find(struct arena *a, const struct card *c, const char *name, struct part *out)
{
	struct part *parts;
	size_t n = card_parts(a, c, &parts);
	for (size_t i = 0; i < n; i++) {
		if (strcmp(parts[i].name, name) != 0)
			continue;
		*out = parts[i];
		return true;
	}
	return false;
}

char *part_key(struct arena *a, const char *deck, const char *card, const char *part)
{
	return part && *part ? arena_printf(a, "%s/%s#%s", deck, card, part)
			     : arena_printf(a, "%s/%s", deck, card);
}
