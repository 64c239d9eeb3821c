/* queue.c -- see queue.h. Cards wait in one of three places: the main order (reviews with new cards
 * among them) is an array that a cursor walks once; learning cards are an unordered list, searched
 * for the earliest when one is wanted; and what undo brings back lies on top as a stack. A card
 * that leaves early keeps its slot in the main order and is passed over, so that dropping and
 * returning never move anything.
 *
 * Reviews are ordered in two steps. Sorted by recall, the k-th of a group's n cards gets the
 * position (k + 0.5 + jitter) / n, so that each group is spread evenly over the session and its
 * most endangered card comes first. Positions are taken in order, except that the group shown last
 * has to wait; what waited in vain is put into gaps further back. So neighbours share a group only
 * if one group outnumbers all others together.
 *
 * Sorting is by radix on 64-bit keys: 50,000 cards are on the way to the first screen, and a
 * comparison sort alone would cost more than all of this together. Ties fall in the order of a
 * seeded hash of the part, so that the order of the candidates plays no part. */
#include "srs/queue.h"

#include "base/mem.h"
#include "base/random.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum place { PLACE_OUT, PLACE_MAIN, PLACE_LEARNING, PLACE_FRONT, PLACE_CURRENT };

struct item {
	struct queue_entry e;
	enum place place;
};

/* A growable list of item numbers. */
struct list {
	uint32_t *at;
	size_t count, cap;
};

struct queue {
	struct queue_options o;
	struct item *items;
	size_t count, cap;
	struct list main, learning, front;
	size_t cursor;    /* into main */
	size_t main_left; /* items with PLACE_MAIN */
	struct queue_counts counts;
	int64_t current; /* item number or NONE */
};
#define NONE (-1)

static void list_add(struct list *l, uint32_t i)
{
	l->at = array_grow(l->at, &l->cap, l->count + 1, sizeof(*l->at));
	l->at[l->count++] = i;
}

static void list_remove(struct list *l, uint32_t i)
{
	for (size_t k = 0; k < l->count; k++) {
		if (l->at[k] == i) {
			memmove(&l->at[k], &l->at[k + 1], (l->count - k - 1) * sizeof(*l->at));
			l->count--;
			return;
		}
	}
}

static bool in_learning(const struct queue_entry *e)
{
	return e->state == SRS_LEARN || e->state == SRS_RELEARN;
}

/* Sorting */

struct keyed {
	uint64_t key;
	uint32_t value; /* an item, or a group */
};

#define RADIX_BITS 11
#define RADIX ((size_t)1 << RADIX_BITS)
#define KEY_BITS 33 /* of chances and positions: three digits. The other 31 break ties */
#define KEY_END (UINT64_C(1) << KEY_BITS)

/* Stable, ascending. */
static void sort_keyed(struct keyed *v, size_t n)
{
	struct keyed *spare = xmalloc((n + 1) * sizeof(*spare)), *from = v, *to = spare;
	for (int shift = 0; shift < 64; shift += RADIX_BITS) {
		size_t start[RADIX + 1] = {0};
		for (size_t i = 0; i < n; i++)
			start[(from[i].key >> shift & (RADIX - 1)) + 1]++;
		if (n == 0 || start[(from[0].key >> shift & (RADIX - 1)) + 1] == n)
			continue; /* all alike in this digit */
		for (size_t b = 1; b < RADIX; b++)
			start[b] += start[b - 1];
		for (size_t i = 0; i < n; i++)
			to[start[from[i].key >> shift & (RADIX - 1)]++] = from[i];
		struct keyed *swap = from;
		from = to;
		to = swap;
	}
	if (from != v)
		memcpy(v, from, n * sizeof(*v));
	free(spare);
}

static uint64_t unit_key(double v)
{
	return v > 0 ? (uint64_t)((v < 1 ? v : 1) * (double)(KEY_END - 1)) : 0;
}

static uint64_t position_key(int64_t v)
{
	return v < 0 ? 0 : (uint64_t)v < KEY_END ? (uint64_t)v : KEY_END - 1;
}

/* Numbering 64-bit values */

struct numbering {
	struct slot {
		uint64_t value;
		uint32_t number; /* 1-based, 0: free */
	} * slots;
	size_t mask;
	uint32_t count;
};

static struct numbering numbering_new(size_t most)
{
	size_t size = 16;
	while (size < most * 2)
		size *= 2;
	return (struct numbering){.slots = xcalloc(size, sizeof(struct slot)), .mask = size - 1};
}

/* The number of a value, from 0; the next free one when the value is new. */
static uint32_t number_of(struct numbering *t, uint64_t value)
{
	size_t i = hash_mix(value, 0) & t->mask;
	while (t->slots[i].number && t->slots[i].value != value)
		i = (i + 1) & t->mask;
	if (!t->slots[i].number)
		t->slots[i] = (struct slot){value, ++t->count};
	return t->slots[i].number - 1;
}

/* Interleaving */

/* Cards that share their first tag: a run of the array `members`, lowest recall first. */
struct group {
	uint32_t first, count, taken;
	double jitter; /* the same for all of them, so that groups of one size alternate strictly */
};

/* Groups in the order of their cards' positions, n of them; counts and numbers the groups. Heap
 * memory, *taken*. */
static struct keyed *group_positions(const uint32_t *group_of, size_t n, struct group *groups,
				     uint32_t group_count, uint64_t seed)
{
	struct rng r = {seed};
	struct keyed *v = xmalloc((n + 1) * sizeof(*v));
	for (size_t i = 0; i < n; i++)
		groups[group_of[i]].count++;
	for (uint32_t g = 0, first = 0; g < group_count; first += groups[g++].count) {
		groups[g].first = first;
		groups[g].jitter = (rng_unit(&r) - 0.5) / 4;
	}
	for (size_t i = 0; i < n; i++) {
		struct group *g = &groups[group_of[i]];
		v[i] = (struct keyed){unit_key((g->taken++ + 0.5 + g->jitter) / g->count),
				      group_of[i]};
	}
	sort_keyed(v, n);
	return v;
}

/* The pattern without equal neighbours: a group that was just shown waits. What still waits at the
 * end, all of one group, is left out: the places filled are returned. */
static size_t take_turns(const struct keyed *v, size_t n, uint32_t *pattern,
			 uint32_t *waiting_group)
{
	size_t placed = 0, waiting = 0;
	uint32_t last = UINT32_MAX;
	for (size_t i = 0; i < n; i++) {
		if (v[i].value == last) {
			waiting++;
			continue;
		}
		uint32_t before = last;
		pattern[placed++] = last = v[i].value;
		if (waiting) {
			pattern[placed++] = last = before;
			waiting--;
		}
	}
	*waiting_group = last;
	return placed;
}

/* Put the n - placed cards of the group that still waits where neither neighbour is of it, from the
 * back. There are such places. */
static void fill_gaps(uint32_t *pattern, size_t placed, size_t n, uint32_t group)
{
	size_t to = n;
	for (size_t i = placed; to > i; i--) {
		bool right = to == n || pattern[to] != group;
		bool left = i == 0 || pattern[i - 1] != group;
		if (left && right)
			pattern[--to] = group;
		if (to == i)
			break;
		assert(i > 0);
		pattern[to - 1] = pattern[i - 1];
		to--;
	}
}

/* The groups' order of turns. A group larger than all others together meets itself whatever is
 * done: then the even spread is kept. */
static void make_pattern(const struct keyed *v, size_t n, const struct group *groups,
			 uint32_t group_count, uint32_t *pattern)
{
	uint32_t largest = 0, waiting;
	for (uint32_t g = 0; g < group_count; g++)
		largest = groups[g].count > largest ? groups[g].count : largest;
	if (largest > n - largest + 1) {
		for (size_t i = 0; i < n; i++)
			pattern[i] = v[i].value;
		return;
	}
	size_t placed = take_turns(v, n, pattern, &waiting);
	fill_gaps(pattern, placed, n, waiting);
}

/* order: items, lowest recall first; becomes the order to show them in. */
static void interleave(const struct queue *q, struct list *order)
{
	size_t n = order->count;
	struct numbering names = numbering_new(n);
	uint32_t *group_of = xmalloc((n + 1) * 3 * sizeof(*group_of)), *members = group_of + n,
		 *pattern = members + n;
	for (size_t i = 0; i < n; i++)
		group_of[i] = number_of(&names, q->items[order->at[i]].e.group);
	struct group *groups = xcalloc(names.count + 1, sizeof(*groups));
	struct keyed *v = group_positions(group_of, n, groups, names.count, q->o.seed);
	make_pattern(v, n, groups, names.count, pattern);
	for (uint32_t g = 0; g < names.count; g++)
		groups[g].taken = 0;
	for (size_t i = 0; i < n; i++) {
		struct group *g = &groups[group_of[i]];
		members[g->first + g->taken++] = order->at[i];
	}
	for (uint32_t g = 0; g < names.count; g++)
		groups[g].taken = 0;
	for (size_t i = 0; i < n; i++) {
		struct group *g = &groups[pattern[i]];
		order->at[i] = members[g->first + g->taken++];
	}
	free(v);
	free(groups);
	free(group_of);
	free(names.slots);
}

/* Building */

/* What an item is ordered by, smallest first: recall or position, then a seeded hash. */
static uint64_t order_key(const struct queue *q, const struct queue_entry *e)
{
	uint64_t tie = hash_mix(q->o.seed, (uint64_t)e->part_id) >> KEY_BITS;
	if (q->o.all)
		return tie;
	return (e->state == SRS_NEW ? position_key(e->position) : unit_key(e->recall))
		       << (64 - KEY_BITS) |
	       tie;
}

/* The items of one state in order. Heap memory, *taken*. */
static struct keyed *ordered(const struct queue *q, enum srs_state state, size_t *n)
{
	struct keyed *v = xmalloc((q->count + 1) * sizeof(*v));
	*n = 0;
	for (size_t i = 0; i < q->count; i++) {
		const struct queue_entry *e = &q->items[i].e;
		if (q->o.all || e->state == state)
			v[(*n)++] = (struct keyed){order_key(q, e), (uint32_t)i};
	}
	sort_keyed(v, *n);
	return v;
}

/* Whether a card is met for the first time in this session. */
static bool claim(struct numbering *cards, int64_t card_id)
{
	uint32_t before = cards->count;
	number_of(cards, (uint64_t)card_id);
	return cards->count > before;
}

/* The first items of a state that siblings and the limit let through. */
static void pick(struct queue *q, enum srs_state state, int limit, struct numbering *cards,
		 struct list *out)
{
	size_t n;
	struct keyed *v = ordered(q, state, &n);
	for (size_t i = 0; i < n && (limit < 0 || out->count < (size_t)limit); i++) {
		int64_t card = q->items[v[i].value].e.card_id;
		if (!q->o.bury_siblings || q->o.all || claim(cards, card))
			list_add(out, v[i].value);
	}
	free(v);
}

/* New cards spread evenly among the reviews: the k-th of n stands at (k + 0.5) / n of the way. */
static void merge(struct queue *q, const struct list *reviews, const struct list *fresh)
{
	size_t r = 0, f = 0;
	while (r < reviews->count || f < fresh->count) {
		bool review_next = (2 * r + 1) * fresh->count <= (2 * f + 1) * reviews->count;
		if (r < reviews->count && (f == fresh->count || review_next))
			list_add(&q->main, reviews->at[r++]);
		else
			list_add(&q->main, fresh->at[f++]);
	}
}

static void move(struct queue *q, uint32_t i, enum place to);

static void build(struct queue *q)
{
	struct numbering cards = numbering_new(q->count);
	struct list reviews = {0}, fresh = {0};
	for (uint32_t i = 0; i < q->count; i++) {
		if (in_learning(&q->items[i].e) && !q->o.all) {
			claim(&cards, q->items[i].e.card_id);
			move(q, i, PLACE_LEARNING);
		}
	}
	pick(q, SRS_REVIEW, q->o.all ? -1 : q->o.review_limit, &cards, &reviews);
	if (!q->o.all) {
		interleave(q, &reviews);
		pick(q, SRS_NEW, q->o.new_limit, &cards, &fresh);
	}
	merge(q, &reviews, &fresh);
	for (size_t i = 0; i < q->main.count; i++)
		move(q, q->main.at[i], PLACE_MAIN);
	free(reviews.at);
	free(fresh.at);
	free(cards.slots);
}

struct queue *queue_new(const struct queue_entry *entries, size_t n, const struct queue_options *o)
{
	struct queue *q = xcalloc(1, sizeof(*q));
	assert(n < UINT32_MAX / 4);
	q->o = *o;
	q->current = NONE;
	q->items = xcalloc(n + 1, sizeof(*q->items));
	q->cap = n + 1;
	q->count = n;
	for (size_t i = 0; i < n; i++)
		q->items[i].e = entries[i];
	build(q);
	return q;
}

void queue_free(struct queue *q)
{
	if (!q)
		return;
	free(q->items);
	free(q->main.at);
	free(q->learning.at);
	free(q->front.at);
	free(q);
}

/* Moving cards */

static int *count_of(struct queue *q, enum srs_state state)
{
	switch (state) {
	case SRS_NEW:
		return &q->counts.fresh;
	case SRS_LEARN:
	case SRS_RELEARN:
		return &q->counts.learning;
	case SRS_REVIEW:
		break;
	}
	return &q->counts.review;
}

/* The one place where an item changes place. */
static void move(struct queue *q, uint32_t i, enum place to)
{
	struct item *it = &q->items[i];
	enum place from = it->place;
	if (from == PLACE_LEARNING)
		list_remove(&q->learning, i);
	else if (from == PLACE_FRONT)
		list_remove(&q->front, i);
	else if (from == PLACE_CURRENT)
		q->current = NONE;
	q->main_left -= from == PLACE_MAIN;
	*count_of(q, it->e.state) += (to != PLACE_OUT) - (from != PLACE_OUT);
	it->place = to;
	q->main_left += to == PLACE_MAIN;
	if (to == PLACE_LEARNING)
		list_add(&q->learning, i);
	else if (to == PLACE_FRONT)
		list_add(&q->front, i);
	else if (to == PLACE_CURRENT)
		q->current = i;
}

/* The item of a part; a new one, outside, when there is none and e is given. NONE: there is none.
 */
static int64_t find(struct queue *q, int64_t part_id, const struct queue_entry *e)
{
	for (size_t i = 0; i < q->count; i++) {
		if (q->items[i].e.part_id == part_id)
			return (int64_t)i;
	}
	if (!e)
		return NONE;
	q->items = array_grow(q->items, &q->cap, q->count + 1, sizeof(*q->items));
	q->items[q->count] = (struct item){.e = *e};
	return (int64_t)q->count++;
}

/* When a learning card's step is over; a step counted in days is over all day. */
static int64_t ready_ms(const struct queue_entry *e)
{
	return e->by_day ? INT64_MIN : e->due_ms;
}

/* The learning card that is ready first; NONE: there is none. */
static int64_t earliest(const struct queue *q)
{
	int64_t best = NONE;
	for (size_t k = 0; k < q->learning.count; k++) {
		uint32_t i = q->learning.at[k];
		if (best == NONE || ready_ms(&q->items[i].e) < ready_ms(&q->items[best].e))
			best = i;
	}
	return best;
}

static int64_t wait_of(const struct queue *q, int64_t item, int64_t now_ms)
{
	const struct queue_entry *e = &q->items[item].e;
	return e->by_day || e->due_ms <= now_ms ? 0 : e->due_ms - now_ms;
}

static int64_t choose(struct queue *q, int64_t now_ms)
{
	int64_t learning = earliest(q);
	if (q->front.count)
		return q->front.at[q->front.count - 1];
	if (learning != NONE && wait_of(q, learning, now_ms) == 0)
		return learning;
	while (q->cursor < q->main.count && q->items[q->main.at[q->cursor]].place != PLACE_MAIN)
		q->cursor++;
	if (q->cursor < q->main.count)
		return q->main.at[q->cursor];
	if (learning != NONE && wait_of(q, learning, now_ms) <= q->o.learn_ahead_ms)
		return learning;
	return NONE;
}

const struct queue_entry *queue_next(struct queue *q, int64_t now_ms)
{
	if (q->current == NONE) {
		int64_t i = choose(q, now_ms);
		if (i == NONE)
			return NULL;
		move(q, (uint32_t)i, PLACE_CURRENT);
	}
	return &q->items[q->current].e;
}

/* Siblings of an answered card wait for another day; learning ones go on. */
static void drop_siblings(struct queue *q, const struct queue_entry *e)
{
	for (uint32_t i = 0; i < q->count; i++) {
		const struct item *it = &q->items[i];
		if (it->e.card_id == e->card_id && it->e.part_id != e->part_id &&
		    it->place != PLACE_OUT && !in_learning(&it->e))
			move(q, i, PLACE_OUT);
	}
}

void queue_done(struct queue *q, const struct queue_entry *e)
{
	int64_t i = find(q, e->part_id, e);
	move(q, (uint32_t)i, PLACE_OUT);
	q->items[i].e = *e;
	if (q->o.all)
		return;
	if (in_learning(e) && !e->by_day)
		move(q, (uint32_t)i, PLACE_LEARNING);
	if (q->o.bury_siblings)
		drop_siblings(q, e);
}

void queue_drop(struct queue *q, int64_t part_id)
{
	int64_t i = find(q, part_id, NULL);
	if (i != NONE)
		move(q, (uint32_t)i, PLACE_OUT);
}

void queue_return(struct queue *q, const struct queue_entry *e)
{
	int64_t i = find(q, e->part_id, e);
	if (q->current != NONE && q->current != i)
		move(q, (uint32_t)q->current, PLACE_FRONT);
	move(q, (uint32_t)i, PLACE_OUT);
	q->items[i].e = *e;
	move(q, (uint32_t)i, PLACE_FRONT);
}

int64_t queue_wait_ms(const struct queue *q, int64_t now_ms)
{
	if (q->current != NONE || q->front.count || q->main_left)
		return 0;
	int64_t learning = earliest(q);
	if (learning == NONE)
		return -1;
	int64_t wait = wait_of(q, learning, now_ms) - q->o.learn_ahead_ms;
	return wait > 0 ? wait : 0;
}

struct queue_counts queue_counts(const struct queue *q)
{
	return q->counts;
}
