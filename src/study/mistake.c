/* mistake.c -- see mistake.h. */
#include "study/mistake.h"

static bool wanted(const struct store_item *item, enum mistake_parts which, int32_t today)
{
	const struct srs_card *c = &item->state;
	if (item->set_aside || c->suspended)
		return false;
	return ((which & MISTAKE_LEARNED) && c->state == SRS_REVIEW && c->due_day > today) ||
	       ((which & MISTAKE_FRESH) && c->state == SRS_NEW);
}

static bool has(const int64_t *due, size_t n, int64_t part)
{
	while (n)
		if (due[--n] == part)
			return true;
	return false;
}

static bool add_parts(struct study *s, const char *key, enum mistake_parts which, int64_t *due,
		      size_t *n, size_t max, struct diags *d)
{
	struct arena a = {0};
	struct store_item item;
	int64_t part, *parts;
	size_t count = 0;
	bool ok = store_find(s->store, key, &part, d);
	if (ok && part)
		ok = store_row(s->store, part, &a, &item, d) &&
		     store_parts_of(s->store, item.card_id, &a, &parts, &count, d);
	for (size_t i = 0; ok && i < count && *n < max; i++) {
		ok = store_row(s->store, parts[i], &a, &item, d);
		if (ok && wanted(&item, which, study_today(s)) && !has(due, *n, parts[i]))
			due[(*n)++] = parts[i];
	}
	arena_clear(&a);
	return ok;
}

bool mistake_parts(struct study *s, const char *const *cards, size_t count,
		   enum mistake_parts which, int64_t *due, size_t *n, size_t max, struct diags *d)
{
	for (size_t i = 0; i < count; i++)
		if (!add_parts(s, cards[i], which, due, n, max, d))
			return false;
	return true;
}
