/* build.c -- see build.h. Both readers are driven by events in document order, so a tree grows only
 * at its right edge: a stack of the open lists and maps with the last child of each is all the
 * state there is, and appending never walks. The stack is an array of MAX_TREE_DEPTH: depth is
 * bounded by construction and nothing recurses while reading.
 *
 * Each limit is checked before the memory it guards is asked for. A scalar's text lies right behind
 * its node: one bump of the arena for both.
 *
 * Duplicate keys are looked for when a map closes. Nearly all maps are small and are compared
 * pairwise; a large one is sorted. A hash table would need a secret seed to withstand keys made to
 * collide, and readers take no seed; sorting has no bad case that matters. */
#include "base/build.h"

#include "base/random.h"
#include "base/utf8.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define PAIRWISE_KEYS 16 /* maps up to this size are compared pairwise */
#define SHOWN_COLUMNS 40 /* of a key, in messages */
#define SHOWN_BYTES 200

static bool fail(struct build *b, int line, int col, const char *code, const char *what)
{
	return diag_error(b->d, (struct pos){b->file, line, col}, code, "%s", what);
}

static bool room_for_node(struct build *b, int line, int col)
{
	if (b->nodes >= MAX_TREE_NODES)
		return fail(b, line, col, "tree-too-many", "the file has too many values");
	b->nodes++;
	return true;
}

struct node *build_scalar(struct build *b, enum node_kind kind, int line, int col, size_t len)
{
	size_t max = b->max_scalar ? b->max_scalar : MAX_TREE_SCALAR;
	if (len > max) {
		diag_error(b->d, (struct pos){b->file, line, col}, "tree-too-large",
			   "a text of %zu bytes; at most %zu are read", len, max);
		return NULL;
	}
	if (!room_for_node(b, line, col))
		return NULL;
	struct node *n = arena_alloc(b->arena, sizeof(*n) + len + 1);
	n->kind = kind;
	n->line = line;
	n->col = col;
	n->text = build_room(n);
	n->len = len;
	return n;
}

/* Put any node where the reading stands. */
static bool attach(struct build *b, struct node *n)
{
	if (!b->depth) {
		b->root = n;
		return true;
	}
	struct build_frame *f = &b->stack[b->depth - 1];
	if (f->node->kind == NODE_MAP && !f->key) {
		if (n->kind == NODE_LIST || n->kind == NODE_MAP)
			return fail(b, n->line, n->col, b->key_code, "a key must be text");
		f->key = n;
		return true;
	}
	n->key = f->key;
	f->key = NULL;
	if (f->last)
		f->last->next = n;
	else
		f->node->child = n;
	f->last = n;
	f->node->count++;
	return true;
}

bool build_add(struct build *b, struct node *scalar)
{
	return attach(b, scalar);
}

bool build_open(struct build *b, enum node_kind kind, int line, int col)
{
	if (b->depth >= MAX_TREE_DEPTH)
		return diag_error(b->d, (struct pos){b->file, line, col}, "tree-too-deep",
				  "lists and maps are nested more than %d deep", MAX_TREE_DEPTH);
	if (!room_for_node(b, line, col))
		return false;
	struct node *n = node_new(b->arena, kind);
	n->line = line;
	n->col = col;
	if (!attach(b, n))
		return false;
	b->stack[b->depth++] = (struct build_frame){.node = n};
	return true;
}

static bool same_key(const struct node *a, const struct node *b)
{
	return a->len == b->len && memcmp(a->text, b->text, a->len) == 0;
}

static void report_duplicate(struct build *b, const struct node *key, const struct node *first)
{
	size_t len = key->len < SHOWN_BYTES ? key->len : SHOWN_BYTES;
	size_t shown = utf8_fit(key->text, len, SHOWN_COLUMNS);
	diag_error(b->d, (struct pos){b->file, key->line, key->col}, b->duplicate_code,
		   "key \"%.*s%s\" is given twice, first on line %d", (int)shown, key->text,
		   shown < key->len ? "..." : "", first->line);
	b->failed = true;
}

/* A key given twice: an error, or n's value takes first's place and n stays behind without a key.
 */
static void duplicate(struct build *b, struct node *n, struct node *first)
{
	if (!b->last_wins) {
		report_duplicate(b, n->key, first->key);
		return;
	}
	struct node *key = first->key;
	struct node *next = first->next;
	*first = *n;
	first->key = key;
	first->next = next;
	n->key = NULL;
}

static void sweep(struct node *map)
{
	for (struct node **at = &map->child; *at;) {
		if ((*at)->key) {
			at = &(*at)->next;
		} else {
			*at = (*at)->next;
			map->count--;
		}
	}
}

static void check_pairwise(struct build *b, struct node *map)
{
	for (struct node *n = map->child; n; n = n->next) {
		struct node *first = map->child;
		while (first != n && (!first->key || !same_key(first->key, n->key)))
			first = first->next;
		if (first != n)
			duplicate(b, n, first);
	}
}

/* The hash spares the sorting most looks at the text; keys made to collide only take that away
 * again. */
struct hashed_key {
	uint64_t hash;
	const struct node *key;
	struct node *node;
};

static int order(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

/* By hash, length, bytes, position: equal keys come together, the first of them in front. */
static int compare_keys(const void *x, const void *y)
{
	const struct hashed_key *a = x;
	const struct hashed_key *b = y;
	if (a->hash != b->hash)
		return order(a->hash, b->hash);
	if (a->key->len != b->key->len)
		return order(a->key->len, b->key->len);
	int bytes = memcmp(a->key->text, b->key->text, a->key->len);
	if (bytes)
		return bytes;
	if (a->key->line != b->key->line)
		return order((uint64_t)a->key->line, (uint64_t)b->key->line);
	return order((uint64_t)a->key->col, (uint64_t)b->key->col);
}

static void check_sorted(struct build *b, struct node *map)
{
	struct hashed_key *keys = xcalloc(map->count, sizeof(*keys));
	size_t n = 0;
	for (struct node *child = map->child; child; child = child->next)
		keys[n++] = (struct hashed_key){hash_bytes(child->key->text, child->key->len, 0),
						child->key, child};
	qsort(keys, n, sizeof(*keys), compare_keys);
	size_t first = 0;
	for (size_t i = 1; i < n; i++) {
		if (same_key(keys[first].key, keys[i].key))
			duplicate(b, keys[i].node, keys[first].node);
		else
			first = i;
	}
	free(keys);
}

void build_close(struct build *b)
{
	struct node *n = b->stack[--b->depth].node;
	if (n->kind != NODE_MAP)
		return;
	if (n->count <= PAIRWISE_KEYS)
		check_pairwise(b, n);
	else
		check_sorted(b, n);
	if (b->last_wins)
		sweep(n);
}

bool build_in_map(const struct build *b)
{
	return b->depth && b->stack[b->depth - 1].node->kind == NODE_MAP;
}

struct pos build_pos(const char *file, const char *bytes, size_t offset)
{
	struct pos at = {file, 1, 1};
	const char *line = bytes;
	const char *end = bytes + offset;
	for (const char *nl; (nl = memchr(line, '\n', (size_t)(end - line))); line = nl + 1)
		at.line++;
	at.col += (int)utf8_count(line, (size_t)(end - line));
	return at;
}
