/* vtlcollection.c -- methods of lists, maps, their entries and iterators, as java.util has them, by
 * tables. What throws ends the template; what does not fit is no method, and null. */
#include "gateway/vtlcall.h"

#include <inttypes.h>
#include <string.h>

static struct vtl_value nothing(void)
{
	return vtl_text(""); /* what a method that returns nothing is in Velocity */
}

static struct vtl_value unsupported(struct vtl_invocation *c)
{
	return vtl_fail(c->r, "%.*s: not for this kind of collection", (int)c->a->name.len,
			c->a->name.p);
}

/* Argument i as a place, at most `most`. False: it is none, or out of bounds. */
static bool place_arg(struct vtl_invocation *c, size_t i, size_t most, size_t *out)
{
	struct vtl_value v = c->a->v[i];
	if (v.type != VTL_INT) {
		c->fits = false;
		return false;
	}
	if (v.i < 0 || (uint64_t)v.i > most) {
		vtl_fail(c->r, "%.*s: index %" PRId64 " is out of bounds for length %zu",
			 (int)c->a->name.len, c->a->name.p, v.i, c->list ? c->list->count : 0);
		return false;
	}
	*out = (size_t)v.i;
	return true;
}

static bool has_places(const struct vtl_invocation *c)
{
	return c->list->style == VTL_JAVA || c->list->style == VTL_JSON;
}

/* The items of a collection given as an argument; null throws. */
static struct vtl_list *items_arg(struct vtl_invocation *c, size_t i)
{
	struct vtl_value v = c->a->v[i];
	if (v.type == VTL_LIST && v.list->style != VTL_ARRAY)
		return vtl_list_of(c->r, v);
	if (v.type == VTL_NULL)
		vtl_fail(c->r, "%.*s: null where a collection must be", (int)c->a->name.len,
			 c->a->name.p);
	else
		c->fits = false;
	return NULL;
}

static size_t place_of(struct vtl_invocation *c, struct vtl_value v, bool last)
{
	struct vtl_list *l = c->list;
	size_t found = l->count;
	for (size_t i = 0; i < l->count && !c->r->error; i++) {
		if (!vtl_equals(c->r, l->items[i], v))
			continue;
		found = i;
		if (!last)
			break;
	}
	return found;
}

/* Lists */

static struct vtl_value list_size(struct vtl_invocation *c)
{
	return vtl_int((int64_t)c->list->count);
}

static struct vtl_value list_is_empty(struct vtl_invocation *c)
{
	return vtl_bool(c->list->count == 0);
}

static struct vtl_value list_get(struct vtl_invocation *c)
{
	size_t at;
	if (c->list->style == VTL_KEYS || c->list->style == VTL_COLLECTION)
		return vtl_misfit(c);
	if (c->list->count == 0 && c->a->v[0].type == VTL_INT)
		return vtl_fail(c->r, "get: the list is empty");
	return place_arg(c, 0, c->list->count - 1, &at) ? c->list->items[at] : vtl_null();
}

static struct vtl_value list_set(struct vtl_invocation *c)
{
	size_t at;
	if (c->list->style == VTL_KEYS || c->list->style == VTL_COLLECTION)
		return vtl_misfit(c);
	if (c->list->count == 0 && c->a->v[0].type == VTL_INT)
		return vtl_fail(c->r, "set: the list is empty");
	if (!place_arg(c, 0, c->list->count - 1, &at))
		return vtl_null();
	struct vtl_value before = c->list->items[at];
	c->list->items[at] = c->a->v[1];
	return before;
}

static struct vtl_value list_add(struct vtl_invocation *c)
{
	size_t at = c->list->count;
	if (!has_places(c))
		return c->a->count == 2 ? vtl_misfit(c) : unsupported(c);
	if (c->a->count == 2 && !place_arg(c, 0, c->list->count, &at))
		return vtl_null();
	vtl_list_insert(c->r, c->list, at, c->a->v[c->a->count - 1]);
	return c->a->count == 2 ? nothing() : vtl_bool(true);
}

static struct vtl_value list_add_all(struct vtl_invocation *c)
{
	size_t at = c->list->count;
	if (!has_places(c) && c->a->count == 2)
		return vtl_misfit(c);
	if (has_places(c) && c->a->count == 2 && !place_arg(c, 0, c->list->count, &at))
		return vtl_null();
	struct vtl_list *from = items_arg(c, c->a->count - 1);
	size_t n = from ? from->count : 0;
	if (!has_places(c) && n)
		return unsupported(c);
	for (size_t i = 0; i < n && !c->r->error; i++) {
		/* of a list added to itself what stood behind has moved */
		size_t k = from == c->list && i >= at ? 2 * i : i;
		vtl_list_insert(c->r, c->list, at + i, from->items[k]);
	}
	return vtl_bool(n > 0);
}

/* Take an item out. Keys, entries and values are views: the map loses it too. */
static void take_out(struct vtl_invocation *c, size_t at)
{
	struct vtl_list *l = c->list;
	bool view = l->of && l->of->changes == l->of_changes;
	vtl_list_remove(c->r, l, at);
	if (!view)
		return;
	vtl_map_remove(c->r, l->of, l->of->entries[at]->key);
	l->of_changes = l->of->changes;
}

static struct vtl_value list_remove(struct vtl_invocation *c)
{
	struct vtl_value v = c->a->v[0];
	size_t at;
	if (c->list->style == VTL_ARRAY)
		return vtl_misfit(c);
	if (has_places(c) && v.type == VTL_INT) {
		if (c->list->count == 0)
			return vtl_fail(c->r, "remove: the list is empty");
		if (!place_arg(c, 0, c->list->count - 1, &at))
			return vtl_null();
		v = c->list->items[at];
		take_out(c, at);
		return v;
	}
	at = place_of(c, v, false);
	if (at == c->list->count)
		return vtl_bool(false);
	take_out(c, at);
	return vtl_bool(true);
}

static struct vtl_value list_contains(struct vtl_invocation *c)
{
	return vtl_bool(place_of(c, c->a->v[0], false) < c->list->count);
}

static struct vtl_value list_index_of(struct vtl_invocation *c)
{
	if (c->list->style == VTL_KEYS || c->list->style == VTL_COLLECTION)
		return vtl_misfit(c);
	size_t at = place_of(c, c->a->v[0], *c->a->name.p == 'l');
	return vtl_int(at < c->list->count ? (int64_t)at : -1);
}

static struct vtl_value list_clear(struct vtl_invocation *c)
{
	if (c->list->style == VTL_ARRAY)
		return vtl_misfit(c);
	if (c->list->of)
		while (c->list->count && vtl_spend(c->r, 1))
			take_out(c, c->list->count - 1);
	c->list->count = 0;
	c->list->changes++;
	return nothing();
}

static struct vtl_value list_contains_all(struct vtl_invocation *c)
{
	struct vtl_list *other = items_arg(c, 0);
	for (size_t i = 0; other && i < other->count && !c->r->error; i++)
		if (place_of(c, other->items[i], false) == c->list->count)
			return vtl_bool(false);
	return vtl_bool(true);
}

/* removeAll, retainAll */
static struct vtl_value list_filter(struct vtl_invocation *c)
{
	bool retain = c->a->name.p[2] == 't';
	struct vtl_list *l = c->list;
	struct vtl_list *other = items_arg(c, 0);
	struct vtl_invocation in_other = *c;
	size_t before = l->count;
	in_other.list = other;
	for (size_t i = l->count; other && i-- > 0 && vtl_spend(c->r, 1);) {
		bool there = other == l || place_of(&in_other, l->items[i], false) < other->count;
		if (there != retain)
			take_out(c, i);
	}
	return vtl_bool(l->count < before);
}

static struct vtl_value copy_of(struct vtl_invocation *c, enum vtl_style style, size_t from,
				size_t to)
{
	struct vtl_value v = vtl_list_new(c->r, style);
	for (size_t i = from; i < to && !c->r->error; i++)
		vtl_list_add(c->r, v.list, c->list->items[i]);
	return v;
}

static struct vtl_value list_sub_list(struct vtl_invocation *c)
{
	size_t from, to;
	if (!has_places(c))
		return vtl_misfit(c);
	if (!place_arg(c, 0, c->list->count, &from) || !place_arg(c, 1, c->list->count, &to))
		return vtl_null();
	if (from > to)
		return vtl_fail(c->r, "subList: from %zu to %zu", from, to);
	return copy_of(c, VTL_JAVA, from, to);
}

static struct vtl_value list_to_array(struct vtl_invocation *c)
{
	return copy_of(c, VTL_ARRAY, 0, c->list->count);
}

static struct vtl_value list_iterator(struct vtl_invocation *c)
{
	struct vtl_iterator *i = vtl_alloc(c->r, sizeof(*i));
	i->list = c->list;
	i->changes = c->list->changes;
	return (struct vtl_value){.type = VTL_ITERATOR, .iterator = i};
}

/* Iterators */

static struct vtl_value iterator_has_next(struct vtl_invocation *c)
{
	return vtl_bool(c->self.iterator->at < c->list->count);
}

static struct vtl_value iterator_next(struct vtl_invocation *c)
{
	struct vtl_iterator *i = c->self.iterator;
	if (vtl_list_changed(c->list, i->changes))
		return vtl_fail(c->r, "next: the list was changed meanwhile");
	if (i->at >= c->list->count)
		return vtl_fail(c->r, "next: there is none");
	return c->list->items[i->at++];
}

/* Entries */

static struct vtl_value entry_key(struct vtl_invocation *c)
{
	return c->self.entry->key;
}

static struct vtl_value entry_value(struct vtl_invocation *c)
{
	return c->self.entry->value;
}

static struct vtl_value entry_set_value(struct vtl_invocation *c)
{
	struct vtl_value before = c->self.entry->value;
	c->self.entry->value = c->a->v[0];
	return before;
}

/* Maps */

static struct vtl_value map_size(struct vtl_invocation *c)
{
	return vtl_int((int64_t)c->map->count);
}

static struct vtl_value map_is_empty(struct vtl_invocation *c)
{
	return vtl_bool(c->map->count == 0);
}

static struct vtl_value map_get(struct vtl_invocation *c)
{
	return vtl_map_get(c->r, c->map, c->a->v[0]);
}

static struct vtl_value map_get_or_default(struct vtl_invocation *c)
{
	struct vtl_entry *e = vtl_map_find(c->r, c->map, c->a->v[0]);
	return e ? e->value : c->a->v[1];
}

static struct vtl_value map_put(struct vtl_invocation *c)
{
	return vtl_map_put(c->r, c->map, c->a->v[0], c->a->v[1]);
}

static struct vtl_value map_put_if_absent(struct vtl_invocation *c)
{
	struct vtl_entry *e = vtl_map_find(c->r, c->map, c->a->v[0]);
	if (e && e->value.type != VTL_NULL)
		return e->value;
	return map_put(c);
}

static struct vtl_value map_replace(struct vtl_invocation *c)
{
	struct vtl_entry *e = vtl_map_find(c->r, c->map, c->a->v[0]);
	return e ? map_put(c) : vtl_null();
}

static struct vtl_value map_put_all(struct vtl_invocation *c)
{
	struct vtl_value v = c->a->v[0];
	if (v.type == VTL_NULL)
		return vtl_fail(c->r, "putAll: null where a map must be");
	if (v.type != VTL_MAP)
		return vtl_misfit(c);
	struct vtl_map *from = vtl_map_of(c->r, v);
	for (size_t i = 0; i < from->count && !c->r->error; i++)
		vtl_map_put(c->r, c->map, from->entries[i]->key, from->entries[i]->value);
	return nothing();
}

static struct vtl_value map_remove(struct vtl_invocation *c)
{
	return vtl_map_remove(c->r, c->map, c->a->v[0]);
}

/* remove(key, value): if that is what it has. */
static struct vtl_value map_remove_pair(struct vtl_invocation *c)
{
	struct vtl_entry *e = vtl_map_find(c->r, c->map, c->a->v[0]);
	bool same = e && vtl_equals(c->r, e->value, c->a->v[1]);
	if (same)
		map_remove(c);
	return vtl_bool(same);
}

static struct vtl_value map_clear(struct vtl_invocation *c)
{
	c->map->count = 0;
	c->map->index = NULL;
	c->map->index_cap = 0;
	c->map->changes++;
	return nothing();
}

static struct vtl_value map_contains_key(struct vtl_invocation *c)
{
	return vtl_bool(vtl_map_find(c->r, c->map, c->a->v[0]) != NULL);
}

static struct vtl_value map_contains_value(struct vtl_invocation *c)
{
	for (size_t i = 0; i < c->map->count && !c->r->error; i++)
		if (vtl_equals(c->r, c->map->entries[i]->value, c->a->v[0]))
			return vtl_bool(true);
	return vtl_bool(false);
}

/* keySet, values, entrySet: as they are now. */
static struct vtl_value map_view(struct vtl_invocation *c)
{
	char kind = *c->a->name.p;
	struct vtl_value v = vtl_list_new(c->r, kind == 'v' ? VTL_COLLECTION : VTL_KEYS);
	v.list->of = c->map;
	v.list->of_changes = c->map->changes;
	for (size_t i = 0; i < c->map->count && !c->r->error; i++) {
		struct vtl_entry *e = c->map->entries[i];
		struct vtl_value item = {.type = VTL_ENTRY, .entry = e};
		vtl_list_add(c->r, v.list, kind == 'k' ? e->key : kind == 'v' ? e->value : item);
	}
	return v;
}

/* The tables */

static const struct vtl_row list_rows[] = {
	{"size", "", list_size},
	{"get", "i", list_get},
	{"isEmpty", "", list_is_empty},
	{"add", "v", list_add},
	{"add", "iv", list_add},
	{"addAll", "l", list_add_all},
	{"addAll", "il", list_add_all},
	{"set", "iv", list_set},
	{"remove", "v", list_remove},
	{"contains", "v", list_contains},
	{"containsAll", "l", list_contains_all},
	{"removeAll", "l", list_filter},
	{"retainAll", "l", list_filter},
	{"indexOf", "v", list_index_of},
	{"lastIndexOf", "v", list_index_of},
	{"clear", "", list_clear},
	{"subList", "ii", list_sub_list},
	{"toArray", "", list_to_array},
	{"iterator", "", list_iterator},
	{"listIterator", "", list_iterator},
	{"equals", "v", vtl_any_equals},
	{"hashCode", "", vtl_any_hash_code},
	{"toString", "", vtl_any_to_string},
};
static const struct vtl_row map_rows[] = {
	{"get", "v", map_get},
	{"put", "vv", map_put},
	{"size", "", map_size},
	{"isEmpty", "", map_is_empty},
	{"keySet", "", map_view},
	{"values", "", map_view},
	{"entrySet", "", map_view},
	{"containsKey", "v", map_contains_key},
	{"containsValue", "v", map_contains_value},
	{"getOrDefault", "vv", map_get_or_default},
	{"putIfAbsent", "vv", map_put_if_absent},
	{"putAll", "m", map_put_all},
	{"replace", "vv", map_replace},
	{"remove", "v", map_remove},
	{"remove", "vv", map_remove_pair},
	{"clear", "", map_clear},
	{"equals", "v", vtl_any_equals},
	{"hashCode", "", vtl_any_hash_code},
	{"toString", "", vtl_any_to_string},
};
static const struct vtl_row entry_rows[] = {
	{"getKey", "", entry_key},           {"getValue", "", entry_value},
	{"setValue", "v", entry_set_value},  {"equals", "v", vtl_any_equals},
	{"hashCode", "", vtl_any_hash_code}, {"toString", "", vtl_any_to_string},
};
static const struct vtl_row iterator_rows[] = {
	{"hasNext", "", iterator_has_next},
	{"next", "", iterator_next},
};

bool vtl_list_method(struct vtl_run *r, struct vtl_value self, const struct vtl_args *a,
		     struct vtl_value *out)
{
	struct vtl_invocation c = {.r = r, .self = self, .a = a};
	vtl_spend(r, 1);
	if (self.type == VTL_ITERATOR) {
		c.list = self.iterator->list;
		return vtl_run_row(&c, iterator_rows, ARRAY_LEN(iterator_rows), out);
	}
	c.list = vtl_list_of(r, self);
	return vtl_run_row(&c, list_rows, ARRAY_LEN(list_rows), out);
}

bool vtl_map_method(struct vtl_run *r, struct vtl_value self, const struct vtl_args *a,
		    struct vtl_value *out)
{
	struct vtl_invocation c = {.r = r, .self = self, .a = a};
	vtl_spend(r, 1);
	if (self.type == VTL_ENTRY)
		return vtl_run_row(&c, entry_rows, ARRAY_LEN(entry_rows), out);
	c.map = vtl_map_of(r, self);
	return vtl_run_row(&c, map_rows, ARRAY_LEN(map_rows), out);
}
