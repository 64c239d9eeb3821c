/* form.c -- which items make up a mock exam.
 *
 * Every item of a domain gets a number from the series' seed and its key; sorted by it, the domain
 * is a deck of cards that lies in one order for the whole series, and form n takes the n-th slice.
 * So the forms of a series do not overlap, a form needs no memory of earlier ones, and a card that
 * comes or goes shifts its neighbours but leaves the rest of the order as it was. Where the deck
 * ends the slice goes on at its top. A second hash, with the form's number in it, mixes the
 * domains.
 */
#include "quiz/form.h"

#include "base/random.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* ---- ids ----------------------------------------------------------------------------- */

/* The last part of text behind a dot, cut off. NULL: there is none. */
static char *cut_last(char *text)
{
	char *dot = strrchr(text, '.');
	if (!dot)
		return NULL;
	*dot = '\0';
	return dot + 1;
}

/* Digits alone, without a sign or a zero in front: an id has one spelling. */
static bool read_count(const char *text, long long min, long long max, long long *out)
{
	return text && text[0] >= '0' && text[0] <= '9' && (text[0] != '0' || !text[1]) &&
	       str_to_i64(text, min, max, out);
}

static bool read_parts(char *text, struct form_id *out)
{
	long long seed, number, scored = 0;
	char *last = cut_last(text);
	if (last && last[0] == 's') {
		if (!read_count(last + 1, 1, MAX_EXAM_ITEMS, &scored))
			return false;
		last = cut_last(text);
	}
	if (!read_count(last, 1, MAX_FORM_NUMBER, &number) ||
	    !read_count(cut_last(text), 0, INT64_MAX, &seed) || !slug_valid(text))
		return false;
	*out = (struct form_id){
		.seed = (uint64_t)seed, .number = (int)number, .scored = (int)scored};
	memcpy(out->blueprint, text, strlen(text) + 1);
	return true;
}

bool form_id_parse(const char *text, struct form_id *out)
{
	char *copy = xstrdup(text);
	bool ok = read_parts(copy, out);
	free(copy);
	return ok;
}

char *form_id_text(struct arena *a, const struct form_id *id)
{
	char *text = arena_printf(a, "%s.%llu.%d", id->blueprint, (unsigned long long)id->seed,
				  id->number);
	return id->scored ? arena_printf(a, "%s.s%d", text, id->scored) : text;
}

/* ---- how many ------------------------------------------------------------------------ */

void form_need(const struct blueprint *b, int scored, struct form_need *out)
{
	*out = (struct form_need){.domain_count = b->domain_count, .scored_sum = scored};
	assert(scored > 0 && scored <= b->scored);
	out->unscored_sum = (2 * b->unscored * scored + b->scored) / (2 * b->scored);
	blueprint_shares(b, scored, out->scored);
	blueprint_shares(b, out->unscored_sum, out->unscored);
}

int form_minutes(const struct blueprint *b, int scored, bool extra)
{
	int minutes = b->minutes + (extra ? b->extra_minutes : 0);
	struct form_need need;
	form_need(b, scored, &need);
	int items = need.scored_sum + need.unscored_sum, all = b->scored + b->unscored;
	return (minutes * items + all - 1) / all;
}

static bool fits(const struct form_need *need, const int *pool)
{
	for (size_t i = 0; i < need->domain_count; i++)
		if (pool[i] < need->scored[i] + need->unscored[i])
			return false;
	return true;
}

/* A form that leaves a domain out would be another exam. */
static bool whole(const struct blueprint *b, const struct form_need *need)
{
	for (size_t i = 0; i < b->domain_count; i++)
		if (b->domains[i].weight > 0 && !need->scored[i])
			return false;
	return true;
}

int form_largest(const struct blueprint *b, const int *pool)
{
	struct form_need need;
	for (int scored = b->scored; scored > 0; scored--) {
		form_need(b, scored, &need);
		if (whole(b, &need) && fits(&need, pool))
			return scored;
	}
	return 0;
}

/* ---- drawing ------------------------------------------------------------------------- */

/* An item with its place in an order that a seed gives. */
struct rank {
	uint64_t at;
	const char *key; /* decides where two hashes are equal */
	size_t item;
	bool scored;
};

static int by_rank(const void *x, const void *y)
{
	const struct rank *a = x, *b = y;
	if (a->at != b->at)
		return a->at < b->at ? -1 : 1;
	return strcmp(a->key, b->key);
}

/* A pool in the order of a series, domain by domain. */
struct series {
	struct rank *ranks; /* heap, n */
	size_t first[MAX_DOMAINS + 1];
};

static void series_init(struct series *s, const struct form_item *pool, size_t n,
			size_t domain_count, uint64_t seed)
{
	size_t next[MAX_DOMAINS] = {0};
	*s = (struct series){.ranks = xcalloc(n + 1, sizeof(*s->ranks))};
	for (size_t i = 0; i < n; i++)
		s->first[pool[i].domain + 1]++;
	for (size_t i = 0; i < domain_count; i++) {
		s->first[i + 1] += s->first[i];
		next[i] = s->first[i];
	}
	for (size_t i = 0; i < n; i++)
		s->ranks[next[pool[i].domain]++] = (struct rank){
			hash_mix(seed, hash_text(pool[i].key)), pool[i].key, i, false};
	for (size_t i = 0; i < domain_count; i++)
		qsort(s->ranks + s->first[i], s->first[i + 1] - s->first[i], sizeof(*s->ranks),
		      by_rank);
}

static void series_clear(struct series *s)
{
	free(s->ranks);
}

/* The number-th slice of every domain, domains one after the other. out has room for all. */
static bool take_slices(const struct series *s, const struct form_need *need, int number,
			struct rank *out)
{
	size_t taken = 0;
	for (size_t i = 0; i < need->domain_count; i++) {
		size_t wanted = (size_t)need->scored[i] + (size_t)need->unscored[i];
		size_t there = s->first[i + 1] - s->first[i];
		if (there < wanted)
			return false;
		for (size_t k = 0; k < wanted; k++) {
			size_t at = ((size_t)(number - 1) * wanted + k) % there;
			out[taken] = s->ranks[s->first[i] + at];
			out[taken++].scored = k < (size_t)need->scored[i];
		}
	}
	return true;
}

static size_t form_size(const struct form_need *need)
{
	return (size_t)need->scored_sum + (size_t)need->unscored_sum;
}

bool form_draw(const struct form_item *pool, size_t n, const struct form_need *need,
	       const struct form_id *id, struct form_pick *out)
{
	size_t size = form_size(need);
	struct series s;
	struct rank *picks = xcalloc(size + 1, sizeof(*picks));
	uint64_t mixed = hash_mix(id->seed, (uint64_t)id->number);
	series_init(&s, pool, n, need->domain_count, id->seed);
	bool ok = take_slices(&s, need, id->number, picks);
	for (size_t i = 0; i < size; i++)
		picks[i].at = ok ? hash_mix(mixed, hash_text(picks[i].key)) : 0;
	if (ok)
		qsort(picks, size, sizeof(*picks), by_rank);
	for (size_t i = 0; ok && i < size; i++)
		out[i] = (struct form_pick){picks[i].item, picks[i].scored};
	series_clear(&s);
	free(picks);
	return ok;
}

static int count_late(const struct form_item *pool, const struct rank *picks, size_t size)
{
	int late = 0;
	for (size_t i = 0; i < size; i++)
		late += pool[picks[i].item].late;
	return late;
}

size_t form_choose(const struct form_item *pool, size_t n, const struct form_need *need,
		   const struct form_id *ids, size_t count, int *late)
{
	size_t size = form_size(need), best = 0;
	struct rank *picks = xcalloc(size + 1, sizeof(*picks));
	struct series s = {0};
	*late = INT32_MAX;
	for (size_t i = 0; i < count && *late; i++) {
		if (!i || ids[i].seed != ids[i - 1].seed) {
			series_clear(&s);
			series_init(&s, pool, n, need->domain_count, ids[i].seed);
		}
		if (!take_slices(&s, need, ids[i].number, picks))
			continue;
		int here = count_late(pool, picks, size);
		if (here < *late) {
			*late = here;
			best = i;
		}
	}
	series_clear(&s);
	free(picks);
	return best;
}
