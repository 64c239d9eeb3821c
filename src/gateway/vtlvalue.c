/* vtlvalue.c -- see vtlvalue.h. Lists and maps of a JSON tree are wrapped at once and filled when a
 * template looks into them: $input.path('$') of a large body costs what is used of it. Maps find
 * their keys by a hash once they have more than a few; order is that of insertion, as in the
 * LinkedHashMap that Velocity and json-smart use. */
#include "gateway/javatext.h"
#include "gateway/vtlrun.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

#define SMALL_MAP 8

struct vtl_value vtl_list_new(struct vtl_run *r, enum vtl_style style)
{
	struct vtl_list *l = vtl_alloc(r, sizeof(*l));
	l->style = style;
	return (struct vtl_value){.type = VTL_LIST, .list = l};
}

struct vtl_value vtl_map_new(struct vtl_run *r)
{
	return (struct vtl_value){.type = VTL_MAP, .map = vtl_alloc(r, sizeof(struct vtl_map))};
}

/* Numbers */

static struct vtl_value big_number(struct vtl_run *r, struct slice s)
{
	unsigned __int128 v = 0;
	bool minus = *s.p == '-';
	for (size_t i = minus; i < s.len; i++) {
		if (v > (((unsigned __int128)1 << 127) - 10) / 10)
			return vtl_fail(r, "a number has too many digits: %.*s",
					s.len > 60 ? 60 : (int)s.len, s.p);
		v = v * 10 + (unsigned)(s.p[i] - '0');
	}
	__int128 *big = vtl_alloc(r, sizeof(*big));
	*big = minus ? -(__int128)v : (__int128)v;
	return (struct vtl_value){.type = VTL_BIG, .big = big};
}

struct vtl_value vtl_number(struct vtl_run *r, struct slice s, bool fraction)
{
	char text[64];
	if (fraction) {
		const char *z = s.len < sizeof(text) ? memcpy(text, s.p, s.len)
						     : arena_strndup(r->arena, s.p, s.len);
		if (z == text)
			text[s.len] = '\0';
		return vtl_double(strtod(z, NULL));
	}
	if (s.len > 20)
		return big_number(r, s);
	memcpy(text, s.p, s.len);
	text[s.len] = '\0';
	errno = 0;
	long long v = strtoll(text, NULL, 10);
	return errno ? big_number(r, s) : vtl_int(v);
}

/* As json-smart: whole numbers as long as need be, fractions of over 18 characters as decimals. */
static struct vtl_value json_number(struct vtl_run *r, const struct node *n)
{
	struct slice s = {n->text, n->len};
	bool fraction = strpbrk(n->text, ".eE") != NULL;
	if (fraction && s.len > 18)
		return (struct vtl_value){.type = VTL_DECIMAL, .len = (uint32_t)s.len, .text = s.p};
	return vtl_number(r, s, fraction);
}

/* Texts from outside */

struct slice vtl_valid(struct vtl_run *r, struct slice s)
{
	size_t bad = s.len ? utf8_invalid_at(s.p, s.len) : 0;
	if (bad == s.len)
		return s;
	char *out = vtl_alloc(r, 3 * s.len + 1);
	size_t n = 0;
	for (size_t i = 0; i < s.len;) {
		uint32_t cp;
		int used = utf8_decode(s.p + i, s.len - i, &cp);
		memcpy(out + n, used ? s.p + i : "\xef\xbf\xbd", used ? (size_t)used : 3);
		n += used ? (size_t)used : 3;
		i += used ? (size_t)used : 1;
	}
	return (struct slice){out, n};
}

struct vtl_value vtl_from_text(struct vtl_run *r, const char *text)
{
	return text ? vtl_string(vtl_valid(r, (struct slice){text, strlen(text)})) : vtl_null();
}

struct vtl_value vtl_from_node(struct vtl_run *r, const struct node *n)
{
	struct vtl_value v;
	if (!n)
		return vtl_null();
	switch (n->kind) {
	case NODE_NULL:
		return vtl_null();
	case NODE_BOOL:
		return vtl_bool(*n->text == 't');
	case NODE_NUMBER:
		return json_number(r, n);
	case NODE_TEXT:
		return vtl_string(vtl_valid(r, (struct slice){n->text, n->len}));
	case NODE_LIST:
		v = vtl_list_new(r, VTL_JSON);
		v.list->lazy = n;
		return v;
	case NODE_MAP:
		v = vtl_map_new(r);
		v.map->lazy = n;
		return v;
	}
	return vtl_null();
}

/* Lists */

struct vtl_list *vtl_list_of(struct vtl_run *r, struct vtl_value v)
{
	struct vtl_list *l = v.list;
	const struct node *n = l->lazy;
	l->lazy = NULL;
	for (const struct node *c = n ? n->child : NULL; c && !r->error; c = c->next)
		vtl_list_add(r, l, vtl_from_node(r, c));
	if (n)
		l->changes = 0;
	return l;
}

static void list_grow(struct vtl_run *r, struct vtl_list *l)
{
	size_t cap = l->cap ? l->cap * 2 : 8;
	struct vtl_value *items = vtl_alloc(r, cap * sizeof(*items));
	if (l->count)
		memcpy(items, l->items, l->count * sizeof(*items));
	l->items = items;
	l->cap = cap;
}

void vtl_list_insert(struct vtl_run *r, struct vtl_list *l, size_t at, struct vtl_value v)
{
	if (!vtl_spend(r, 1 + (l->count - at) / 16))
		return;
	if (l->count == l->cap)
		list_grow(r, l);
	memmove(l->items + at + 1, l->items + at, (l->count - at) * sizeof(*l->items));
	l->items[at] = v;
	l->count++;
	l->changes++;
}

void vtl_list_remove(struct vtl_run *r, struct vtl_list *l, size_t at)
{
	vtl_spend(r, 1 + (l->count - at) / 16);
	memmove(l->items + at, l->items + at + 1, (l->count - at - 1) * sizeof(*l->items));
	l->count--;
	l->changes++;
}

/* Maps */

static void index_put(struct vtl_run *r, struct vtl_map *m, size_t place)
{
	size_t i = (uint32_t)vtl_hash(r, m->entries[place]->key) * 2654435761u;
	for (i &= m->index_cap - 1; m->index[i]; i = (i + 1) & (m->index_cap - 1))
		;
	m->index[i] = (uint32_t)place + 1;
}

static void reindex(struct vtl_run *r, struct vtl_map *m)
{
	if (m->count <= SMALL_MAP) {
		m->index = NULL;
		return;
	}
	if (m->index_cap < 2 * m->cap) {
		m->index_cap = 2 * m->cap;
		m->index = NULL;
	}
	if (m->index)
		memset(m->index, 0, m->index_cap * sizeof(*m->index));
	else
		m->index = vtl_alloc(r, m->index_cap * sizeof(*m->index));
	vtl_spend(r, m->count / 4);
	for (size_t i = 0; i < m->count; i++)
		index_put(r, m, i);
}

/* Its place, or count. */
static size_t map_place(struct vtl_run *r, struct vtl_map *m, struct vtl_value key)
{
	if (!m->index) {
		size_t i = 0;
		while (i < m->count && !vtl_equals(r, m->entries[i]->key, key))
			i++;
		return i;
	}
	size_t i = (uint32_t)vtl_hash(r, key) * 2654435761u;
	for (i &= m->index_cap - 1; m->index[i]; i = (i + 1) & (m->index_cap - 1))
		if (vtl_equals(r, m->entries[m->index[i] - 1]->key, key))
			return m->index[i] - 1;
	return m->count;
}

struct vtl_entry *vtl_map_find(struct vtl_run *r, struct vtl_map *m, struct vtl_value key)
{
	vtl_spend(r, 1);
	size_t i = map_place(r, m, key);
	return i < m->count ? m->entries[i] : NULL;
}

struct vtl_value vtl_map_get(struct vtl_run *r, struct vtl_map *m, struct vtl_value key)
{
	struct vtl_entry *e = vtl_map_find(r, m, key);
	return e ? e->value : vtl_null();
}

static void map_grow(struct vtl_run *r, struct vtl_map *m)
{
	size_t cap = m->cap ? m->cap * 2 : SMALL_MAP;
	struct vtl_entry **entries = vtl_alloc(r, cap * sizeof(struct vtl_entry *));
	if (m->count)
		memcpy(entries, m->entries, m->count * sizeof(struct vtl_entry *));
	m->entries = entries;
	m->cap = cap;
	reindex(r, m);
}

/* A key that is not there yet. */
static void map_append(struct vtl_run *r, struct vtl_map *m, struct vtl_value key,
		       struct vtl_value value)
{
	if (m->count == m->cap)
		map_grow(r, m);
	struct vtl_entry *e = vtl_alloc(r, sizeof(*e));
	*e = (struct vtl_entry){key, value};
	m->entries[m->count++] = e;
	m->changes++;
	if (m->index)
		index_put(r, m, m->count - 1);
	else
		reindex(r, m);
}

/* The readers of JSON see to it that keys differ. */
struct vtl_map *vtl_map_of(struct vtl_run *r, struct vtl_value v)
{
	struct vtl_map *m = v.map;
	const struct node *n = m->lazy;
	m->lazy = NULL;
	for (const struct node *c = n ? n->child : NULL; c && vtl_spend(r, 1); c = c->next)
		map_append(r, m, vtl_from_node(r, c->key), vtl_from_node(r, c));
	return m;
}

struct vtl_value vtl_map_put(struct vtl_run *r, struct vtl_map *m, struct vtl_value key,
			     struct vtl_value value)
{
	struct vtl_entry *e = vtl_map_find(r, m, key);
	if (e) {
		struct vtl_value before = e->value;
		e->value = value;
		return before;
	}
	map_append(r, m, key, value);
	return vtl_null();
}

struct vtl_value vtl_map_remove(struct vtl_run *r, struct vtl_map *m, struct vtl_value key)
{
	size_t i = map_place(r, m, key);
	if (i == m->count)
		return vtl_null();
	struct vtl_value before = m->entries[i]->value;
	memmove(m->entries + i, m->entries + i + 1,
		(m->count - i - 1) * sizeof(struct vtl_entry *));
	m->count--;
	m->changes++;
	vtl_spend(r, 1 + m->count / 16);
	reindex(r, m);
	return before;
}

/* equals() and hashCode() */

static bool has_item(struct vtl_run *r, const struct vtl_list *l, struct vtl_value v)
{
	for (size_t i = 0; i < l->count && !r->error; i++)
		if (vtl_equals(r, l->items[i], v))
			return true;
	return false;
}

/* Lists item by item, sets in any order, others only with themselves. */
static bool lists_equal(struct vtl_run *r, struct vtl_value x, struct vtl_value y)
{
	struct vtl_list *a = vtl_list_of(r, x);
	struct vtl_list *b = vtl_list_of(r, y);
	bool set = a->style == VTL_KEYS;
	if (a == b || a->count != b->count || a->style > VTL_KEYS || b->style > VTL_KEYS ||
	    set != (b->style == VTL_KEYS))
		return a == b;
	for (size_t i = 0; i < a->count && !r->error; i++)
		if (set ? !has_item(r, b, a->items[i]) : !vtl_equals(r, a->items[i], b->items[i]))
			return false;
	return true;
}

static bool maps_equal(struct vtl_run *r, struct vtl_value x, struct vtl_value y)
{
	struct vtl_map *a = vtl_map_of(r, x);
	struct vtl_map *b = vtl_map_of(r, y);
	if (a == b || a->count != b->count)
		return a == b;
	for (size_t i = 0; i < a->count && !r->error; i++) {
		struct vtl_entry *e = vtl_map_find(r, b, a->entries[i]->key);
		if (!e || !vtl_equals(r, e->value, a->entries[i]->value))
			return false;
	}
	return true;
}

static bool texts_equal(struct vtl_run *r, struct vtl_value a, struct vtl_value b)
{
	vtl_spend(r, a.len / 64);
	return a.len == b.len && memcmp(a.text, b.text, a.len) == 0;
}

static bool deep_equal(struct vtl_run *r, struct vtl_value a, struct vtl_value b)
{
	bool equal = false;
	if (vtl_enter(r)) {
		if (a.type == VTL_ENTRY)
			equal = a.entry == b.entry ||
				(vtl_equals(r, a.entry->key, b.entry->key) &&
				 vtl_equals(r, a.entry->value, b.entry->value));
		else
			equal = a.type == VTL_LIST ? lists_equal(r, a, b) : maps_equal(r, a, b);
	}
	vtl_leave(r);
	return equal;
}

bool vtl_equals(struct vtl_run *r, struct vtl_value a, struct vtl_value b)
{
	if (a.type != b.type || !vtl_spend(r, 1))
		return false;
	switch (a.type) {
	case VTL_NULL:
		return true;
	case VTL_BOOL:
		return a.yes == b.yes;
	case VTL_INT:
	case VTL_LONG:
		return a.i == b.i;
	case VTL_BIG:
		return *a.big == *b.big;
	case VTL_DOUBLE:
		return memcmp(&a.d, &b.d, sizeof(a.d)) == 0;
	case VTL_DECIMAL:
	case VTL_CHAR:
	case VTL_STRING_VALUE:
		return texts_equal(r, a, b);
	case VTL_LIST:
	case VTL_MAP:
	case VTL_ENTRY:
		return deep_equal(r, a, b);
	case VTL_ITERATOR:
		return a.iterator == b.iterator;
	case VTL_BODY:
		return a.body == b.body;
	case VTL_SCOPE:
		return a.scope == b.scope;
	case VTL_OBJECT:
		return a.object == b.object;
	}
	return false;
}

static uint32_t text_hash(struct vtl_run *r, struct slice s)
{
	uint32_t h = 0;
	size_t at = 0;
	vtl_spend(r, s.len / 64);
	while (at < s.len) {
		uint32_t cp;
		int used = utf8_decode(s.p + at, s.len - at, &cp);
		if (!used) { /* half of a pair */
			cp = java_unit((struct slice){s.p + at, 3}, 0);
			used = 3;
		}
		if (cp >= 0x10000) {
			h = 31 * h + 0xd800 + ((cp - 0x10000) >> 10);
			cp = 0xdc00 + ((cp - 0x10000) & 0x3ff);
		}
		h = 31 * h + cp;
		at += (size_t)used;
	}
	return h;
}

static uint32_t entry_hash(struct vtl_run *r, const struct vtl_entry *e)
{
	return (uint32_t)vtl_hash(r, e->key) ^ (uint32_t)vtl_hash(r, e->value);
}

static uint32_t deep_hash(struct vtl_run *r, struct vtl_value v)
{
	uint32_t h = 0;
	if (!vtl_enter(r)) {
		vtl_leave(r);
		return 0;
	}
	if (v.type == VTL_LIST) {
		struct vtl_list *l = vtl_list_of(r, v);
		bool set = l->style == VTL_KEYS;
		h = !set;
		for (size_t i = 0; i < l->count && !r->error; i++)
			h = (set ? h : 31 * h) + (uint32_t)vtl_hash(r, l->items[i]);
	} else if (v.type == VTL_MAP) {
		struct vtl_map *m = vtl_map_of(r, v);
		for (size_t i = 0; i < m->count && !r->error; i++)
			h += entry_hash(r, m->entries[i]);
	} else {
		h = entry_hash(r, v.entry);
	}
	vtl_leave(r);
	return h;
}

int32_t vtl_hash(struct vtl_run *r, struct vtl_value v)
{
	uint64_t bits = 0;
	vtl_spend(r, 1);
	switch (v.type) {
	case VTL_NULL:
	case VTL_ITERATOR:
	case VTL_BODY:
	case VTL_SCOPE:
	case VTL_OBJECT:
		return 0;
	case VTL_BOOL:
		return v.yes ? 1231 : 1237;
	case VTL_INT:
		return (int32_t)v.i;
	case VTL_LONG:
		return (int32_t)(v.i ^ (int64_t)((uint64_t)v.i >> 32));
	case VTL_BIG:
		return (int32_t)*v.big;
	case VTL_DOUBLE:
		memcpy(&bits, &v.d, sizeof(bits));
		return (int32_t)(bits ^ bits >> 32);
	case VTL_DECIMAL:
	case VTL_CHAR:
	case VTL_STRING_VALUE:
		return (int32_t)text_hash(r, vtl_slice(v));
	case VTL_LIST:
	case VTL_MAP:
	case VTL_ENTRY:
		return (int32_t)deep_hash(r, v);
	}
	return 0;
}
