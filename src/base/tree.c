/* tree.c -- see tree.h. Children are a singly linked list and not an array: a reader does not know
 * how many will come, a list grows in an arena without copying, and everything that reads a tree
 * goes through it from front to back. Looking up a key walks the list, which for the dozen keys of
 * a card is faster than any index; what needs more (the cards of a deck by id) builds its own.
 *
 * node_equal recurses: trees from the readers are at most MAX_TREE_DEPTH deep, and those built by
 * hand are as deep as their code. */
#include "base/tree.h"

#include <assert.h>
#include <string.h>

static const char *const kind_names[] = {
	[NODE_NULL] = "null", [NODE_BOOL] = "true or false", [NODE_NUMBER] = "a number",
	[NODE_TEXT] = "text", [NODE_LIST] = "a list",        [NODE_MAP] = "a map",
};
static_assert(ARRAY_LEN(kind_names) == NODE_MAP + 1, "every kind has a name");

const char *node_kind_name(enum node_kind k)
{
	return kind_names[k];
}

const struct node *node_get(const struct node *map, const char *key)
{
	if (!map || map->kind != NODE_MAP)
		return NULL;
	size_t len = strlen(key);
	for (const struct node *n = map->child; n; n = n->next)
		if (n->key->len == len && memcmp(n->key->text, key, len) == 0)
			return n;
	return NULL;
}

const char *node_text(const struct node *map, const char *key)
{
	const struct node *n = node_get(map, key);
	return n && n->kind != NODE_NULL ? n->text : NULL;
}

struct node *node_new(struct arena *a, enum node_kind kind)
{
	struct node *n = arena_alloc(a, sizeof(*n));
	n->kind = kind;
	return n;
}

struct node *node_new_text(struct arena *a, const char *text)
{
	struct node *n = node_new(a, NODE_TEXT);
	n->text = arena_strdup(a, text);
	n->len = strlen(text);
	return n;
}

void node_append(struct node *list, struct node *child)
{
	assert(list->kind == NODE_LIST || list->kind == NODE_MAP);
	struct node **end = &list->child;
	while (*end)
		end = &(*end)->next;
	*end = child;
	list->count++;
}

/* Put value in the place of old, which is a child of map. */
static void replace(struct node *map, const struct node *old, struct node *value)
{
	struct node **at = &map->child;
	while (*at != old)
		at = &(*at)->next;
	value->next = old->next;
	*at = value;
}

void node_set(struct arena *a, struct node *map, const char *key, struct node *value)
{
	assert(map->kind == NODE_MAP);
	const struct node *old = node_get(map, key);
	value->key = old ? old->key : node_new_text(a, key);
	if (old)
		replace(map, old, value);
	else
		node_append(map, value);
}

static bool same_text(const struct node *a, const struct node *b)
{
	return a->len == b->len && (!a->len || memcmp(a->text, b->text, a->len) == 0);
}

bool node_equal(const struct node *a, const struct node *b)
{
	if (!a || !b)
		return a == b;
	if (a->kind != b->kind || a->count != b->count || !same_text(a, b))
		return false;
	const struct node *x = a->child;
	const struct node *y = b->child;
	for (; x && y; x = x->next, y = y->next)
		if ((a->kind == NODE_MAP && !same_text(x->key, y->key)) || !node_equal(x, y))
			return false;
	return x == y;
}
