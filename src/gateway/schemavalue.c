/* schemavalue.c -- values as JSON means them, for schemas and data: from YAML or JSON, members in
 * any order, numbers in any way of writing. */
#include "gateway/schemanode.h"

#include <string.h>

int slice_compare(struct slice a, struct slice b)
{
	size_t n = a.len < b.len ? a.len : b.len;
	int diff = n ? memcmp(a.p, b.p, n) : 0;
	return diff ? diff : (a.len > b.len) - (a.len < b.len);
}

enum node_kind schema_kind(const struct node *n)
{
	struct decimal ignored;
	struct slice text = {n->text, n->len};
	if (n->kind != NODE_TEXT || !n->plain)
		return n->kind;
	if (!n->len || slice_is(text, "null") || slice_is(text, "~"))
		return NODE_NULL;
	if (slice_is(text, "true") || slice_is(text, "false"))
		return NODE_BOOL;
	return decimal_read(text, &ignored) ? NODE_NUMBER : NODE_TEXT;
}

struct decimal schema_number(const struct node *n)
{
	struct decimal d;
	if (!decimal_read((struct slice){n->text, n->len}, &d))
		d = (struct decimal){.digits = n->text,
				     .end = n->text}; /* an exponent of 11 digits */
	return d;
}

struct slice schema_key(const struct node *n)
{
	return (struct slice){n->key->text, n->key->len};
}

const struct node *schema_member(size_t *steps, const struct node *map, struct slice key)
{
	*steps += 1 + map->count / 16;
	for (const struct node *n = map->child; n; n = n->next)
		if (n->key->len == key.len && memcmp(n->key->text, key.p, key.len) == 0)
			return n;
	return NULL;
}

static bool equal_children(size_t *steps, const struct node *a, const struct node *b, bool map)
{
	if (a->count != b->count)
		return false;
	const struct node *y = b->child;
	for (const struct node *x = a->child; x; x = x->next) {
		bool beside = !map || slice_compare(schema_key(x), schema_key(y)) == 0;
		const struct node *other = beside ? y : schema_member(steps, b, schema_key(x));
		if (!other || ++*steps > MAX_SCHEMA_STEPS || !schema_equal(steps, x, other))
			return false;
		y = y->next;
	}
	return true;
}

bool schema_equal(size_t *steps, const struct node *a, const struct node *b)
{
	enum node_kind kind = schema_kind(a);
	if (kind != schema_kind(b))
		return false;
	switch (kind) {
	case NODE_NULL:
		return true;
	case NODE_NUMBER: {
		struct decimal x = schema_number(a);
		struct decimal y = schema_number(b);
		return decimal_compare(&x, &y) == 0;
	}
	case NODE_BOOL:
	case NODE_TEXT:
		return a->len == b->len && memcmp(a->text, b->text, a->len) == 0;
	case NODE_LIST:
	case NODE_MAP:
		return equal_children(steps, a, b, kind == NODE_MAP);
	}
	return false;
}

static uint64_t mix(uint64_t h, uint64_t v)
{
	return (h ^ v) * 0x9e3779b97f4a7c15u ^ (h >> 29);
}

static uint64_t hash_text(const char *p, size_t n)
{
	uint64_t h = 0xcbf29ce484222325u;
	for (size_t i = 0; i < n; i++)
		h = (h ^ (unsigned char)p[i]) * 0x100000001b3u;
	return h;
}

/* Members are added up, so that their order does not matter. */
uint64_t schema_hash(size_t *steps, const struct node *n)
{
	uint64_t h = mix(0, n->kind);
	*steps += 1 + n->len / 64;
	if (n->kind == NODE_NUMBER) {
		struct decimal d = schema_number(n);
		return mix(h, decimal_hash(&d));
	}
	if (n->kind != NODE_LIST && n->kind != NODE_MAP)
		return mix(h, hash_text(n->text, n->len));
	for (const struct node *i = n->child; i; i = i->next) {
		uint64_t v = schema_hash(steps, i);
		h = n->kind == NODE_MAP ? h + mix(hash_text(i->key->text, i->key->len), v)
					: mix(h, v);
	}
	return h;
}
