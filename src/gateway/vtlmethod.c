/* vtlmethod.c -- what stands behind a dot or in brackets: the way from a name to a method, a
 * property or a place, in the order in which Velocity tries. */
#include "gateway/vtlcall.h"

#include <inttypes.h>
#include <string.h>

static bool fits(struct vtl_value v, char kind)
{
	switch (kind) {
	case 't':
		return v.type == VTL_STRING_VALUE || v.type == VTL_NULL;
	case 'i':
		return v.type == VTL_INT;
	case 'c':
		return v.type == VTL_CHAR;
	case 'l':
		return (v.type == VTL_LIST && v.list->style != VTL_ARRAY) || v.type == VTL_NULL;
	case 'm':
		return v.type == VTL_MAP || v.type == VTL_NULL;
	default:
		return true;
	}
}

bool vtl_fits(const struct vtl_args *a, const char *kinds)
{
	if (a->count != strlen(kinds))
		return false;
	for (size_t i = 0; i < a->count; i++)
		if (!fits(a->v[i], kinds[i]))
			return false;
	return true;
}

bool vtl_run_row(struct vtl_invocation *c, const struct vtl_row *rows, size_t n,
		 struct vtl_value *out)
{
	bool bare = false;
	for (size_t i = 0; i < n; i++) {
		if (*rows[i].name != *c->a->name.p || !slice_is(c->a->name, rows[i].name))
			continue;
		bare = bare || !*rows[i].kinds;
		if (!vtl_fits(c->a, rows[i].kinds))
			continue;
		c->fits = true;
		*out = rows[i].run(c);
		return c->fits;
	}
	if (bare) /* Velocity takes it for the method, and Java throws */
		vtl_fail(c->r, "%.*s: it takes no arguments", (int)c->a->name.len, c->a->name.p);
	return false;
}

struct vtl_value vtl_misfit(struct vtl_invocation *c)
{
	c->fits = false;
	return vtl_null();
}

/* Argument i as a text; null throws, anything else is a vtl_misfit: then false. */
bool vtl_text_arg(struct vtl_invocation *c, size_t i, struct slice *out)
{
	struct vtl_value v = c->a->v[i];
	*out = (struct slice){"", 0};
	if (v.type == VTL_STRING_VALUE)
		*out = vtl_slice(v);
	else if (v.type == VTL_NULL)
		vtl_fail(c->r, "%.*s: null where a text must be", (int)c->a->name.len,
			 c->a->name.p);
	else
		c->fits = false;
	return v.type == VTL_STRING_VALUE;
}

bool vtl_int_arg(struct vtl_invocation *c, size_t i, int64_t *out)
{
	struct vtl_value v = c->a->v[i];
	*out = v.type == VTL_INT ? v.i : 0;
	if (v.type != VTL_INT)
		c->fits = false;
	return v.type == VTL_INT;
}

struct vtl_value vtl_any_equals(struct vtl_invocation *c)
{
	return vtl_bool(vtl_equals(c->r, c->self, c->a->v[0]));
}

struct vtl_value vtl_any_to_string(struct vtl_invocation *c)
{
	struct slice s = vtl_to_text(c->r, c->self);
	return s.p ? vtl_string(s) : vtl_null();
}

struct vtl_value vtl_any_hash_code(struct vtl_invocation *c)
{
	return vtl_int(vtl_hash(c->r, c->self));
}

struct vtl_value vtl_cannot_compare(struct vtl_invocation *c)
{
	return vtl_fail(c->r, "compareTo: of another type");
}

static struct vtl_map *scope_map(struct vtl_run *r, struct vtl_scope *s)
{
	if (!s->own)
		s->own = vtl_map_new(r).map;
	return s->own;
}

/* $foreach.index and the like; anything else is looked for among what was set. */
static struct vtl_value scope_property(struct vtl_run *r, struct vtl_scope *s, struct slice name)
{
	struct vtl_value top = {.type = VTL_SCOPE, .scope = s};
	if (slice_is(name, "index"))
		return vtl_int(s->index);
	if (slice_is(name, "count"))
		return vtl_int(s->index + 1);
	if (slice_is(name, "first"))
		return vtl_bool(s->index == 0);
	if (slice_is(name, "last"))
		return vtl_bool(!s->has_next);
	if (slice_is(name, "hasNext"))
		return vtl_bool(s->has_next);
	if (slice_is(name, "parent"))
		return s->parent.type == VTL_SCOPE ? s->parent : vtl_null();
	if (slice_is(name, "topmost")) {
		while (top.scope->parent.type == VTL_SCOPE)
			top = top.scope->parent;
		return top;
	}
	return s->own ? vtl_map_get(r, s->own, vtl_string(name)) : vtl_null();
}

/* getIndex(), isFirst(), hasNext(): the properties as methods. */
static bool scope_method(struct vtl_run *r, struct vtl_value self, const struct vtl_args *a,
			 struct vtl_value *out)
{
	static const char *const names[][2] = {{"getIndex", "index"},   {"getCount", "count"},
					       {"isFirst", "first"},    {"getFirst", "first"},
					       {"isLast", "last"},      {"getLast", "last"},
					       {"hasNext", "hasNext"},  {"getHasNext", "hasNext"},
					       {"getParent", "parent"}, {"getTopmost", "topmost"}};
	for (size_t i = 0; a->count == 0 && i < ARRAY_LEN(names); i++) {
		if (!slice_is(a->name, names[i][0]))
			continue;
		*out = scope_property(r, self.scope,
				      (struct slice){names[i][1], strlen(names[i][1])});
		return true;
	}
	struct vtl_value map = {.type = VTL_MAP, .map = scope_map(r, self.scope)};
	return vtl_map_method(r, map, a, out);
}

/* What #define made is an object too. */
static bool body_method(struct vtl_run *r, struct vtl_value self, const struct vtl_args *a,
			struct vtl_value *out)
{
	if (slice_is(a->name, "equals") && a->count == 1) {
		*out = vtl_bool(vtl_equals(r, self, a->v[0]));
		return true;
	}
	if (slice_is(a->name, "hashCode") && a->count == 0) {
		*out = vtl_int(vtl_hash(r, self));
		return true;
	}
	if (!slice_is(a->name, "toString") || a->count)
		return false;
	struct slice s = vtl_to_text(r, self);
	*out = s.p ? vtl_string(s) : vtl_null();
	return true;
}

struct vtl_value vtl_call(struct vtl_run *r, struct vtl_value self, struct slice name,
			  const struct vtl_value *args, size_t count)
{
	struct vtl_args a = {name, args, count};
	struct vtl_value out = vtl_null();
	bool found = false;
	if (!vtl_enter(r)) {
		vtl_leave(r);
		return out;
	}
	switch (self.type) {
	case VTL_NULL:
		break;
	case VTL_BODY:
		found = body_method(r, self, &a, &out);
		break;
	case VTL_STRING_VALUE:
	case VTL_CHAR:
		found = vtl_string_method(r, self, &a, &out);
		break;
	case VTL_BOOL:
	case VTL_INT:
	case VTL_LONG:
	case VTL_BIG:
	case VTL_DOUBLE:
	case VTL_DECIMAL:
		found = vtl_number_method(r, self, &a, &out);
		break;
	case VTL_LIST:
	case VTL_ITERATOR:
		found = vtl_list_method(r, self, &a, &out);
		break;
	case VTL_MAP:
	case VTL_ENTRY:
		found = vtl_map_method(r, self, &a, &out);
		break;
	case VTL_SCOPE:
		found = scope_method(r, self, &a, &out);
		break;
	case VTL_OBJECT:
		found = vtl_object_method(r, self, &a, &out);
		break;
	}
	vtl_leave(r);
	return found && !r->error ? out : vtl_null();
}

/* getKey() for $e.key; of a list or a text $l.empty is isEmpty(). */
static struct vtl_value getter(struct vtl_run *r, struct vtl_value self, struct slice name)
{
	if (self.type == VTL_ENTRY && slice_is(name, "key"))
		return self.entry->key;
	if (self.type == VTL_ENTRY && slice_is(name, "value"))
		return self.entry->value;
	bool collection = self.type == VTL_STRING_VALUE ||
			  (self.type == VTL_LIST && self.list->style != VTL_ARRAY);
	if (collection && slice_is(name, "empty"))
		return vtl_call(r, self, (struct slice){"isEmpty", 7}, NULL, 0);
	return vtl_null();
}

struct vtl_value vtl_property(struct vtl_run *r, struct vtl_value self, struct slice name)
{
	vtl_spend(r, 1);
	if (self.type == VTL_MAP)
		return vtl_map_get(r, vtl_map_of(r, self), vtl_string(name));
	if (self.type == VTL_SCOPE)
		return scope_property(r, self.scope, name);
	if (self.type == VTL_OBJECT)
		return vtl_object_property(r, self, name);
	return getter(r, self, name);
}

/* A negative place counts from the end; of what has no size there is none. */
static bool from_end(struct vtl_run *r, struct vtl_value self, struct vtl_value *at)
{
	if (at->type != VTL_INT || at->i >= 0)
		return true;
	struct vtl_value size = vtl_call(r, self, (struct slice){"size", 4}, NULL, 0);
	if (size.type != VTL_INT && !r->error)
		vtl_fail(r, "index %" PRId64 " of what has no size", at->i);
	*at = vtl_int(at->i + size.i);
	return !r->error;
}

/* Of a list a place, of anything else get(). */
struct vtl_value vtl_index(struct vtl_run *r, struct vtl_value self, struct vtl_value at)
{
	vtl_spend(r, 1);
	if (!from_end(r, self, &at))
		return vtl_null();
	return vtl_call(r, self, (struct slice){"get", 3}, &at, 1);
}

/* An override may be set once: the service answers 5xx to a second one. */
static void set_member(struct vtl_run *r, struct vtl_map *m, struct vtl_value key,
		       struct vtl_value v)
{
	if (m->written && vtl_map_find(r, m->written, key)) {
		vtl_fail(r, "an override that is set twice");
		return;
	}
	if (m->written)
		vtl_map_put(r, m->written, key, vtl_null());
	vtl_map_put(r, m, key, v);
}

void vtl_set_property(struct vtl_run *r, struct vtl_value self, struct slice name,
		      struct vtl_value v)
{
	vtl_spend(r, 1);
	if (self.type == VTL_MAP)
		set_member(r, vtl_map_of(r, self), vtl_string(name), v);
	else if (self.type == VTL_SCOPE)
		vtl_map_put(r, scope_map(r, self.scope), vtl_string(name), v);
	else if (self.type == VTL_ENTRY && slice_is(name, "value"))
		self.entry->value = v;
}

void vtl_set_index(struct vtl_run *r, struct vtl_value self, struct vtl_value at,
		   struct vtl_value v)
{
	vtl_spend(r, 1);
	if (!from_end(r, self, &at))
		return;
	if (self.type == VTL_MAP) {
		set_member(r, vtl_map_of(r, self), at, v);
	} else if (self.type == VTL_SCOPE) {
		vtl_map_put(r, scope_map(r, self.scope), at, v);
	} else if (self.type == VTL_LIST) {
		struct vtl_value args[] = {at, v};
		vtl_call(r, self, (struct slice){"set", 3}, args, 2);
	}
}
