/* schemakeys.c -- the keywords of JSON Schema, draft 4: a table of their readers. What is not there
 * is no keyword and says nothing, as the draft wants it; `format` is one of those. */
#include "gateway/schemaread.h"

#include "gateway/javaregex.h"

#include <stdlib.h>
#include <string.h>

const char *const schema_type_names[SCHEMA_TYPES] = {
	"array", "boolean", "integer", "null", "number", "object", "string",
};

/* Values */

static int compare_slices(const void *a, const void *b)
{
	return slice_compare(*(const struct slice *)a, *(const struct slice *)b);
}

static int compare_entries(const void *a, const void *b)
{
	const struct schema_entry *x = a;
	const struct schema_entry *y = b;
	return slice_compare(x->key, y->key);
}

static bool is_true(const struct node *n)
{
	return schema_kind(n) == NODE_BOOL && n->text[0] == 't';
}

/* The pieces of a list or map: how many there may be is bounded by the tree. */
static struct slice *read_names(const struct place *p, const struct node *list, size_t *count)
{
	struct slice *names = arena_alloc(p->r->arena, (list->count + 1) * sizeof(*names));
	*count = 0;
	for (const struct node *n = list->child; n; n = n->next) {
		if (n->kind != NODE_TEXT) {
			schema_fail(p, n, "schema-value", "this must be the name of a property");
			return NULL;
		}
		names[(*count)++] = (struct slice){n->text, n->len};
	}
	qsort(names, *count, sizeof(*names), compare_slices);
	return names;
}

static struct subschema *child_schema(const struct place *p, const struct node *n)
{
	return schema_read(p->r, n, p->base, p->in);
}

/* Keywords */

static bool read_type_name(const struct place *p, const struct node *n, struct subschema *s)
{
	for (size_t i = 0; n->kind == NODE_TEXT && i < SCHEMA_TYPES; i++) {
		if (!slice_is((struct slice){n->text, n->len}, schema_type_names[i]))
			continue;
		s->types |= 1U << i;
		if (1U << i == SCHEMA_NUMBER)
			s->types |= SCHEMA_INTEGER;
		return true;
	}
	return schema_fail(
		p, n, "schema-type",
		"a type is one of array, boolean, integer, null, number, object, string");
}

static bool read_type(const struct place *p, const struct node *n, struct subschema *s)
{
	if (n->kind != NODE_LIST)
		return read_type_name(p, n, s);
	for (const struct node *t = n->child; t; t = t->next)
		if (!read_type_name(p, t, s))
			return false;
	return n->count > 0 ||
	       schema_fail(p, n, "schema-type", "a list of types needs at least one");
}

static bool read_list(const struct place *p, const struct node *n, struct subschemas *list)
{
	if (n->kind != NODE_LIST)
		return schema_fail(p, n, "schema-value", "this must be a list of schemas");
	list->items = arena_alloc(p->r->arena, (n->count + 1) * sizeof(struct subschema *));
	for (const struct node *i = n->child; i; i = i->next)
		if (!(list->items[list->count++] = child_schema(p, i)))
			return false;
	return true;
}

static bool read_items(const struct place *p, const struct node *n, struct subschema *s)
{
	s->listed = n->kind == NODE_LIST;
	if (s->listed)
		return read_list(p, n, &s->item_list);
	return (s->items = child_schema(p, n)) != NULL;
}

/* A schema, or true or false. */
static bool read_additional(const struct place *p, const struct node *n, struct subschema **schema,
			    bool *none)
{
	if (schema_kind(n) != NODE_BOOL)
		return (*schema = child_schema(p, n)) != NULL;
	*none = !is_true(n);
	return true;
}

static bool read_additional_items(const struct place *p, const struct node *n, struct subschema *s)
{
	return read_additional(p, n, &s->additional_items, &s->no_other_items);
}

static bool read_additional_properties(const struct place *p, const struct node *n,
				       struct subschema *s)
{
	return read_additional(p, n, &s->additional_properties, &s->no_other_properties);
}

static struct schema_entry *read_map(const struct place *p, const struct node *n,
				     struct schema_entries *entries)
{
	if (n->kind != NODE_MAP) {
		schema_fail(p, n, "schema-value", "this must be a map");
		return NULL;
	}
	entries->items = arena_alloc(p->r->arena, (n->count + 1) * sizeof(*entries->items));
	for (const struct node *i = n->child; i; i = i->next)
		entries->items[entries->count++].key = (struct slice){i->key->text, i->key->len};
	return entries->items;
}

static bool read_properties(const struct place *p, const struct node *n, struct subschema *s)
{
	struct schema_entry *e = read_map(p, n, &s->properties);
	for (const struct node *i = e ? n->child : NULL; i; i = i->next, e++)
		if (!(e->schema = child_schema(p, i)))
			return false;
	if (e)
		qsort(s->properties.items, s->properties.count, sizeof(*e), compare_entries);
	return e != NULL;
}

static const struct schema_pattern *read_pattern_text(const struct place *p, const struct node *n)
{
	struct regex *re = ecmaregex_compile(n->text, n->len, node_pos(n, p->r->file), p->r->d);
	if (!re)
		return NULL;
	struct schema_pattern *pattern = arena_alloc(p->r->arena, sizeof(*pattern));
	*pattern = (struct schema_pattern){.text = {n->text, n->len}, .re = re};
	pattern->next = p->r->schema->patterns;
	p->r->schema->patterns = pattern;
	return pattern;
}

static bool read_pattern_properties(const struct place *p, const struct node *n,
				    struct subschema *s)
{
	struct schema_entry *e = read_map(p, n, &s->patterns);
	for (const struct node *i = e ? n->child : NULL; i; i = i->next, e++)
		if (!(e->match = read_pattern_text(p, i->key)) || !(e->schema = child_schema(p, i)))
			return false;
	return e != NULL;
}

static bool read_pattern(const struct place *p, const struct node *n, struct subschema *s)
{
	if (n->kind != NODE_TEXT)
		return schema_fail(p, n, "schema-value", "a pattern must be text");
	return (s->pattern = read_pattern_text(p, n)) != NULL;
}

static bool read_dependencies(const struct place *p, const struct node *n, struct subschema *s)
{
	struct schema_entry *e = read_map(p, n, &s->dependencies);
	for (const struct node *i = e ? n->child : NULL; i; i = i->next, e++) {
		if (i->kind == NODE_LIST ? !(e->names = read_names(p, i, &e->name_count))
					 : !(e->schema = child_schema(p, i)))
			return false;
	}
	if (e)
		qsort(s->dependencies.items, s->dependencies.count, sizeof(*e), compare_entries);
	return e != NULL;
}

static bool read_required(const struct place *p, const struct node *n, struct subschema *s)
{
	if (n->kind != NODE_LIST)
		return schema_fail(p, n, "schema-value", "required must be a list of names");
	return (s->required = read_names(p, n, &s->required_count)) != NULL;
}

static bool read_enum(const struct place *p, const struct node *n, struct subschema *s)
{
	s->values = n;
	return n->kind == NODE_LIST || schema_fail(p, n, "schema-value", "enum must be a list");
}

static bool read_all(const struct place *p, const struct node *n, struct subschema *s)
{
	return read_list(p, n, &s->all);
}

static bool read_any(const struct place *p, const struct node *n, struct subschema *s)
{
	return read_list(p, n, &s->any);
}

static bool read_one(const struct place *p, const struct node *n, struct subschema *s)
{
	return read_list(p, n, &s->one);
}

static bool read_not(const struct place *p, const struct node *n, struct subschema *s)
{
	return (s->negated = child_schema(p, n)) != NULL;
}

static bool read_bound(const struct place *p, const struct node *n, struct schema_bound *b)
{
	b->node = n;
	return (schema_kind(n) == NODE_NUMBER &&
		decimal_read((struct slice){n->text, n->len}, &b->value)) ||
	       schema_fail(p, n, "schema-value", "this must be a number");
}

static bool read_minimum(const struct place *p, const struct node *n, struct subschema *s)
{
	return read_bound(p, n, &s->minimum);
}

static bool read_maximum(const struct place *p, const struct node *n, struct subschema *s)
{
	return read_bound(p, n, &s->maximum);
}

static bool read_multiple(const struct place *p, const struct node *n, struct subschema *s)
{
	if (!read_bound(p, n, &s->multiple))
		return false;
	bool positive =
		!s->multiple.value.negative && s->multiple.value.digits < s->multiple.value.end;
	return positive || schema_fail(p, n, "schema-value", "multipleOf must be more than 0");
}

static bool read_flag(const struct place *p, const struct node *n, bool *flag)
{
	*flag = is_true(n);
	return schema_kind(n) == NODE_BOOL ||
	       schema_fail(p, n, "schema-value", "this must be true or false");
}

static bool read_exclusive_minimum(const struct place *p, const struct node *n, struct subschema *s)
{
	return read_flag(p, n, &s->minimum.exclusive);
}

static bool read_exclusive_maximum(const struct place *p, const struct node *n, struct subschema *s)
{
	return read_flag(p, n, &s->maximum.exclusive);
}

static bool read_unique(const struct place *p, const struct node *n, struct subschema *s)
{
	return read_flag(p, n, &s->unique);
}

/* Keywords with a count: the table has the place for it. */
static bool read_count(const struct place *p, const struct node *n, struct schema_count *c)
{
	long long v;
	if (schema_kind(n) != NODE_NUMBER || !str_to_i64(n->text, 0, 2147483647, &v))
		return schema_fail(p, n, "schema-value", "this must be a whole number from 0");
	*c = (struct schema_count){true, (size_t)v};
	return true;
}

#define COUNT(member) .count = offsetof(struct subschema, member)
static const struct {
	const char *name;
	bool (*read)(const struct place *p, const struct node *n, struct subschema *s);
	size_t count; /* of a keyword with a count: where it goes */
} keywords[] = {
	{.name = "type", .read = read_type},
	{.name = "properties", .read = read_properties},
	{.name = "required", .read = read_required},
	{.name = "items", .read = read_items},
	{.name = "enum", .read = read_enum},
	{.name = "additionalProperties", .read = read_additional_properties},
	{.name = "patternProperties", .read = read_pattern_properties},
	{.name = "additionalItems", .read = read_additional_items},
	{.name = "allOf", .read = read_all},
	{.name = "anyOf", .read = read_any},
	{.name = "oneOf", .read = read_one},
	{.name = "not", .read = read_not},
	{.name = "dependencies", .read = read_dependencies},
	{.name = "pattern", .read = read_pattern},
	{.name = "minimum", .read = read_minimum},
	{.name = "maximum", .read = read_maximum},
	{.name = "exclusiveMinimum", .read = read_exclusive_minimum},
	{.name = "exclusiveMaximum", .read = read_exclusive_maximum},
	{.name = "multipleOf", .read = read_multiple},
	{.name = "uniqueItems", .read = read_unique},
	{.name = "minLength", COUNT(min_length)},
	{.name = "maxLength", COUNT(max_length)},
	{.name = "minItems", COUNT(min_items)},
	{.name = "maxItems", COUNT(max_items)},
	{.name = "minProperties", COUNT(min_members)},
	{.name = "maxProperties", COUNT(max_members)},
};

bool schema_read_keyword(const struct place *p, const struct node *n, struct subschema *s)
{
	for (size_t i = 0; i < ARRAY_LEN(keywords); i++) {
		if (!slice_is((struct slice){n->key->text, n->key->len}, keywords[i].name))
			continue;
		if (keywords[i].read)
			return keywords[i].read(p, n, s);
		return read_count(p, n, (struct schema_count *)((char *)s + keywords[i].count));
	}
	return true;
}
