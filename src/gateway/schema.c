/* schema.c -- see schema.h. Data is checked as the validator does it whose words the service uses
 * (the json-schema-validator of Francis Galiegue): all keywords of a schema in the order of their
 * names; then, unless something was wrong by then, the children in the order of theirs. What is
 * wrong within allOf, anyOf, oneOf and not is counted and not told.
 *
 * Numbers are compared exactly, as written: 1 equals 1.0, and is the only one of them that is an
 * integer. Work is counted, since schemas may apply each other any number of times; what takes too
 * much of it is not valid. */
#include "gateway/schema.h"

#include "base/json.h"
#include "base/utf8.h"
#include "gateway/schemanode.h"

#include <stdlib.h>
#include <string.h>

/* What checks of one document share. */
struct budget {
	struct arena arena;
	size_t steps;
	int depth;
	bool spent;
};
struct check {
	struct budget *budget;
	struct schema_errors *errors; /* NULL: not wanted */
	size_t count;                 /* of errors */
};

static void apply(struct check *c, const struct subschema *s, const struct node *n);

static bool spend(struct check *c, size_t n)
{
	c->budget->steps += n;
	if (c->budget->steps > MAX_SCHEMA_STEPS)
		c->budget->spent = true;
	return !c->budget->spent;
}

/* Errors */

/* Begin one more. NULL: it is not to be told. */
static struct str *wrong(struct check *c)
{
	struct schema_errors *e = c->errors;
	c->count++;
	if (!e || e->count == MAX_SCHEMA_ERRORS)
		return NULL;
	e->starts[e->count++] = e->text.len;
	return &e->text;
}

static void wrong_counts(struct check *c, const char *fmt, size_t a, size_t b)
{
	struct str *out = wrong(c);
	if (out)
		str_addf(out, fmt, a, b);
}

static void add_names(struct str *out, const struct slice *names, size_t n)
{
	str_addc(out, '[');
	for (size_t i = 0; i < n; i++) {
		str_add(out, i ? "," : "");
		json_add_string(out, names[i].p, names[i].len);
	}
	str_addc(out, ']');
}

/* Values that were written in YAML, too. */
static void add_value(struct str *out, const struct node *n)
{
	enum node_kind kind = schema_kind(n);
	if (n->kind == NODE_TEXT && kind == NODE_NULL)
		str_add(out, "null");
	else if (n->kind == NODE_TEXT && kind != NODE_TEXT)
		str_add(out, n->text);
	else
		json_write(out, n);
}

static void add_values(struct str *out, const struct node *list)
{
	str_addc(out, '[');
	for (const struct node *n = list->child; n; n = n->next) {
		str_add(out, n == list->child ? "" : ",");
		add_value(out, n);
	}
	str_addc(out, ']');
}

/* Keywords, by name */

static void check_additional_items(struct check *c, const struct subschema *s, const struct node *n)
{
	if (n->kind == NODE_LIST && s->listed && s->no_other_items && n->count > s->item_list.count)
		wrong_counts(c,
			     "schema only allows %zu elements in array but instance has %zu "
			     "elements",
			     s->item_list.count, n->count);
}

static const struct schema_entry *entry(const struct schema_entries *e, struct slice key)
{
	size_t low = 0, high = e->count;
	while (low < high) {
		size_t mid = low + (high - low) / 2;
		int diff = slice_compare(e->items[mid].key, key);
		if (diff == 0)
			return &e->items[mid];
		*(diff < 0 ? &low : &high) = diff < 0 ? mid + 1 : mid;
	}
	return NULL;
}

static bool matches(struct check *c, const struct schema_pattern *p, struct slice text)
{
	enum regex_result r = regex_match(p->re, text.p, text.len);
	if (r == REGEX_LIMIT)
		c->budget->spent = true;
	spend(c, 1 + regex_work(p->re) + text.len / 64);
	return r == REGEX_YES;
}

static bool is_declared(struct check *c, const struct subschema *s, struct slice key)
{
	if (entry(&s->properties, key))
		return true;
	for (size_t i = 0; i < s->patterns.count; i++)
		if (matches(c, s->patterns.items[i].match, key))
			return true;
	return false;
}

static int compare_slices(const void *a, const void *b)
{
	return slice_compare(*(const struct slice *)a, *(const struct slice *)b);
}

static void check_additional_properties(struct check *c, const struct subschema *s,
					const struct node *n)
{
	struct slice *others = NULL;
	size_t count = 0;
	if (n->kind != NODE_MAP || !s->no_other_properties)
		return;
	for (const struct node *i = n->child; i && spend(c, 1); i = i->next) {
		if (is_declared(c, s, schema_key(i)))
			continue;
		if (!others)
			others = arena_alloc(&c->budget->arena, n->count * sizeof(*others));
		others[count++] = schema_key(i);
	}
	struct str *out = count ? wrong(c) : NULL;
	if (!out)
		return;
	qsort(others, count, sizeof(*others), compare_slices);
	str_add(out, "object instance has properties which are not allowed by the schema: ");
	add_names(out, others, count);
}

/* How many of list fit. */
static size_t count_matching(struct check *c, const struct subschemas *list, const struct node *n)
{
	size_t fit = 0;
	for (size_t i = 0; i < list->count; i++) {
		struct check sub = {.budget = c->budget};
		spend(c, 1);
		apply(&sub, list->items[i], n);
		fit += sub.count == 0 ? 1 : 0;
	}
	return fit;
}

static void check_all(struct check *c, const struct subschema *s, const struct node *n)
{
	size_t fit = count_matching(c, &s->all, n);
	if (fit != s->all.count)
		wrong_counts(c,
			     "instance failed to match all required schemas (matched only %zu "
			     "out of %zu)",
			     fit, s->all.count);
}

static void check_any(struct check *c, const struct subschema *s, const struct node *n)
{
	if (s->any.items && !count_matching(c, &s->any, n))
		wrong_counts(c, "instance failed to match at least one required schema among %zu",
			     s->any.count, 0);
}

static bool has_dependencies(struct check *c, const struct schema_entry *e, const struct node *n,
			     struct slice *missing, size_t *count)
{
	*count = 0;
	for (size_t i = 0; i < e->name_count; i++)
		if (!schema_member(&c->budget->steps, n, e->names[i]))
			missing[(*count)++] = e->names[i];
	return *count == 0;
}

static void check_name_dependency(struct check *c, const struct schema_entry *e,
				  const struct node *n)
{
	struct slice *missing =
		arena_alloc(&c->budget->arena, (e->name_count + 1) * sizeof(*missing));
	size_t count;
	struct str *out = has_dependencies(c, e, n, missing, &count) ? NULL : wrong(c);
	if (!out)
		return;
	str_addf(out,
		 "property \"%.*s\" of object has missing property dependencies (schema "
		 "requires ",
		 (int)e->key.len, e->key.p);
	add_names(out, e->names, e->name_count);
	str_add(out, "; missing: ");
	add_names(out, missing, count);
	str_addc(out, ')');
}

static void check_dependencies(struct check *c, const struct subschema *s, const struct node *n)
{
	if (n->kind != NODE_MAP)
		return;
	for (size_t i = 0; i < s->dependencies.count; i++) {
		const struct schema_entry *e = &s->dependencies.items[i];
		if (!schema_member(&c->budget->steps, n, e->key))
			continue;
		if (e->schema)
			apply(c, e->schema, n);
		else
			check_name_dependency(c, e, n);
	}
}

static void check_enum(struct check *c, const struct subschema *s, const struct node *n)
{
	const struct node *v = s->values ? s->values->child : NULL;
	if (!s->values)
		return;
	while (v && spend(c, 1) && !schema_equal(&c->budget->steps, n, v))
		v = v->next;
	struct str *out = v ? NULL : wrong(c);
	if (!out)
		return;
	str_add(out, "instance value (");
	json_write(out, n);
	str_add(out, ") not found in enum (possible values: ");
	add_values(out, s->values);
	str_addc(out, ')');
}

static void check_max_items(struct check *c, const struct subschema *s, const struct node *n)
{
	if (n->kind == NODE_LIST && s->max_items.set && n->count > s->max_items.n)
		wrong_counts(c,
			     "array is too long: must have at most %zu elements but instance "
			     "has %zu elements",
			     s->max_items.n, n->count);
}

static void wrong_length(struct check *c, const struct node *n, const char *what, const char *limit,
			 size_t length, size_t bound)
{
	struct str *out = wrong(c);
	if (!out)
		return;
	str_add(out, "string \"");
	str_addn(out, n->text, n->len);
	str_addf(out, "\" is too %s (length: %zu, %s: %zu)", what, length, limit, bound);
}

static void check_max_length(struct check *c, const struct subschema *s, const struct node *n)
{
	if (n->kind != NODE_TEXT || !s->max_length.set)
		return;
	size_t length = utf8_count(n->text, n->len);
	if (length > s->max_length.n)
		wrong_length(c, n, "long", "maximum allowed", length, s->max_length.n);
}

static void check_max_members(struct check *c, const struct subschema *s, const struct node *n)
{
	if (n->kind == NODE_MAP && s->max_members.set && n->count > s->max_members.n)
		wrong_counts(c,
			     "object has too many properties (found %zu but schema requires at "
			     "most %zu)",
			     n->count, s->max_members.n);
}

/* sign: 1 for a maximum, -1 for a minimum. */
static void check_bound(struct check *c, const struct schema_bound *b, const struct node *n,
			int sign)
{
	if (n->kind != NODE_NUMBER || !b->node)
		return;
	struct decimal d = schema_number(n);
	int diff = decimal_compare(&d, &b->value) * sign;
	struct str *out = diff > 0 || (diff == 0 && b->exclusive) ? wrong(c) : NULL;
	const char *direction = sign > 0 ? "greater" : "lower";
	const char *name = sign > 0 ? "maximum" : "minimum";
	if (out && diff)
		str_addf(out, "numeric instance is %s than the required %s (%s: %s, found: %s)",
			 direction, name, name, b->node->text, n->text);
	else if (out)
		str_addf(out, "numeric instance is not strictly %s than the required %s %s",
			 sign > 0 ? "lower" : "greater", name, b->node->text);
}

static void check_maximum(struct check *c, const struct subschema *s, const struct node *n)
{
	check_bound(c, &s->maximum, n, 1);
}

static void check_min_items(struct check *c, const struct subschema *s, const struct node *n)
{
	if (n->kind == NODE_LIST && s->min_items.set && n->count < s->min_items.n)
		wrong_counts(c,
			     "array is too short: must have at least %zu elements but instance "
			     "has %zu elements",
			     s->min_items.n, n->count);
}

static void check_min_length(struct check *c, const struct subschema *s, const struct node *n)
{
	if (n->kind != NODE_TEXT || !s->min_length.set)
		return;
	size_t length = utf8_count(n->text, n->len);
	if (length < s->min_length.n)
		wrong_length(c, n, "short", "required minimum", length, s->min_length.n);
}

static void check_min_members(struct check *c, const struct subschema *s, const struct node *n)
{
	if (n->kind == NODE_MAP && s->min_members.set && n->count < s->min_members.n)
		wrong_counts(c,
			     "object has too few properties (found %zu but schema requires at "
			     "least %zu)",
			     n->count, s->min_members.n);
}

static void check_minimum(struct check *c, const struct subschema *s, const struct node *n)
{
	check_bound(c, &s->minimum, n, -1);
}

static void check_multiple(struct check *c, const struct subschema *s, const struct node *n)
{
	if (n->kind != NODE_NUMBER || !s->multiple.node)
		return;
	struct decimal d = schema_number(n);
	struct str *out = decimal_multiple(&d, &s->multiple.value) ? NULL : wrong(c);
	if (out)
		str_addf(out, "remainder of division is not zero (%s / %s)", n->text,
			 s->multiple.node->text);
}

static void check_not(struct check *c, const struct subschema *s, const struct node *n)
{
	struct check sub = {.budget = c->budget};
	if (!s->negated)
		return;
	apply(&sub, s->negated, n);
	if (!sub.count)
		wrong_counts(c, "instance matched a schema which it should not have", 0, 0);
}

static void check_one(struct check *c, const struct subschema *s, const struct node *n)
{
	size_t fit = s->one.items ? count_matching(c, &s->one, n) : 1;
	if (fit != 1)
		wrong_counts(c,
			     "instance failed to match exactly one schema (matched %zu out of "
			     "%zu)",
			     fit, s->one.count);
}

static void check_pattern(struct check *c, const struct subschema *s, const struct node *n)
{
	if (n->kind != NODE_TEXT || !s->pattern)
		return;
	struct str *out = matches(c, s->pattern, (struct slice){n->text, n->len}) ? NULL : wrong(c);
	if (!out)
		return;
	str_add(out, "ECMA 262 regex \"");
	str_addn(out, s->pattern->text.p, s->pattern->text.len);
	str_add(out, "\" does not match input string \"");
	str_addn(out, n->text, n->len);
	str_addc(out, '"');
}

static void check_required(struct check *c, const struct subschema *s, const struct node *n)
{
	struct slice *missing = NULL;
	size_t count = 0;
	if (n->kind != NODE_MAP)
		return;
	for (size_t i = 0; i < s->required_count; i++) {
		if (schema_member(&c->budget->steps, n, s->required[i]))
			continue;
		if (!missing)
			missing = arena_alloc(&c->budget->arena,
					      s->required_count * sizeof(*missing));
		missing[count++] = s->required[i];
	}
	struct str *out = count ? wrong(c) : NULL;
	if (!out)
		return;
	str_add(out, "object has missing required properties (");
	add_names(out, missing, count);
	str_addc(out, ')');
}

static unsigned type_of(const struct node *n)
{
	static const unsigned types[] = {
		[NODE_NULL] = SCHEMA_NULL,     [NODE_BOOL] = SCHEMA_BOOLEAN,
		[NODE_NUMBER] = SCHEMA_NUMBER, [NODE_TEXT] = SCHEMA_STRING,
		[NODE_LIST] = SCHEMA_ARRAY,    [NODE_MAP] = SCHEMA_OBJECT,
	};
	if (n->kind == NODE_NUMBER && strspn(n->text, "-0123456789") == n->len)
		return SCHEMA_INTEGER;
	return types[n->kind];
}

static void add_types(struct str *out, unsigned types, const char *quote)
{
	const char *comma = "";
	for (size_t i = 0; i < SCHEMA_TYPES; i++) {
		if (!(types & 1U << i))
			continue;
		str_addf(out, "%s%s%s%s", comma, quote, schema_type_names[i], quote);
		comma = ",";
	}
}

static void check_type(struct check *c, const struct subschema *s, const struct node *n)
{
	unsigned type = type_of(n);
	struct str *out = !s->types || s->types & type ? NULL : wrong(c);
	if (!out)
		return;
	str_add(out, "instance type (");
	add_types(out, type, "");
	str_add(out, ") does not match any allowed primitive type (allowed: [");
	add_types(out, s->types, "\"");
	str_add(out, "])");
}

struct hashed {
	uint64_t hash;
	const struct node *node;
};

static int compare_hashes(const void *a, const void *b)
{
	uint64_t x = ((const struct hashed *)a)->hash;
	uint64_t y = ((const struct hashed *)b)->hash;
	return (x > y) - (x < y);
}

static bool is_unique(struct check *c, const struct node *list)
{
	struct hashed *h = arena_alloc(&c->budget->arena, (list->count + 1) * sizeof(*h));
	size_t n = 0;
	for (const struct node *i = list->child; i && spend(c, 1); i = i->next)
		h[n++] = (struct hashed){schema_hash(&c->budget->steps, i), i};
	qsort(h, n, sizeof(*h), compare_hashes);
	for (size_t i = 1; i < n; i++)
		for (size_t k = i; k-- && h[k].hash == h[i].hash && spend(c, 1);)
			if (schema_equal(&c->budget->steps, h[i].node, h[k].node))
				return false;
	return true;
}

static void check_unique(struct check *c, const struct subschema *s, const struct node *n)
{
	if (n->kind == NODE_LIST && s->unique && !is_unique(c, n))
		wrong_counts(c, "array must not contain duplicate elements", 0, 0);
}

/* In the order of the keywords' names. */
static void (*const checks[])(struct check *c, const struct subschema *s, const struct node *n) = {
	check_additional_items,
	check_additional_properties,
	check_all,
	check_any,
	check_dependencies,
	check_enum,
	check_max_items,
	check_max_length,
	check_max_members,
	check_maximum,
	check_min_items,
	check_min_length,
	check_min_members,
	check_minimum,
	check_multiple,
	check_not,
	check_one,
	check_pattern,
	check_required,
	check_type,
	check_unique,
};

/* Children */

static void apply_items(struct check *c, const struct subschema *s, const struct node *n)
{
	size_t i = 0;
	for (const struct node *child = n->child; child && spend(c, 2); child = child->next, i++) {
		const struct subschema *item = s->items;
		if (s->listed)
			item = i < s->item_list.count ? s->item_list.items[i] : s->additional_items;
		if (item)
			apply(c, item, child);
	}
}

static void apply_member(struct check *c, const struct subschema *s, const struct node *n)
{
	struct slice key = schema_key(n);
	const struct schema_entry *e = entry(&s->properties, key);
	bool any = e != NULL;
	if (e)
		apply(c, e->schema, n);
	spend(c, 2);
	for (size_t i = 0; i < s->patterns.count; i++) {
		if (!matches(c, s->patterns.items[i].match, key))
			continue;
		any = true;
		apply(c, s->patterns.items[i].schema, n);
	}
	if (!any && s->additional_properties)
		apply(c, s->additional_properties, n);
}

static int compare_keys(const void *a, const void *b)
{
	return slice_compare(schema_key(*(const struct node *const *)a),
			     schema_key(*(const struct node *const *)b));
}

static void apply_members(struct check *c, const struct subschema *s, const struct node *n)
{
	if (!s->properties.count && !s->patterns.count && !s->additional_properties)
		return;
	const struct node **members =
		arena_alloc(&c->budget->arena, (n->count + 1) * sizeof(struct node *));
	size_t count = 0;
	for (const struct node *i = n->child; i && spend(c, 1); i = i->next)
		members[count++] = i;
	if (c->errors) /* otherwise order does not show */
		qsort(members, count, sizeof(struct node *), compare_keys);
	for (size_t i = 0; i < count && !c->budget->spent; i++)
		apply_member(c, s, members[i]);
}

static void apply(struct check *c, const struct subschema *s, const struct node *n)
{
	s = s->ref ? s->ref : s;
	if (++c->budget->depth > MAX_SCHEMA_DEPTH)
		c->budget->spent = true;
	for (size_t i = 0; i < ARRAY_LEN(checks) && !c->budget->spent; i++)
		checks[i](c, s, n);
	if (!c->count && !c->budget->spent && n->kind == NODE_LIST)
		apply_items(c, s, n);
	else if (!c->count && !c->budget->spent && n->kind == NODE_MAP)
		apply_members(c, s, n);
	c->budget->depth--;
}

bool schema_check(const struct schema *s, const struct node *data, struct schema_errors *errors)
{
	struct budget budget = {0};
	struct check c = {.budget = &budget, .errors = errors};
	apply(&c, s->root, data);
	struct str *out = spend(&c, 0) ? NULL : wrong(&c);
	if (out)
		str_add(out, "validation takes too long");
	arena_clear(&budget.arena);
	return c.count == 0;
}

struct slice schema_error(const struct schema_errors *e, size_t i)
{
	size_t end = i + 1 < e->count ? e->starts[i + 1] : e->text.len;
	return (struct slice){str_c(&e->text) + e->starts[i], end - e->starts[i]};
}

bool schema_valid(const struct schema *s, const struct node *data, struct str *errors)
{
	struct schema_errors e = {0};
	bool valid = schema_check(s, data, errors ? &e : NULL);
	for (size_t i = 0; i < e.count; i++) {
		struct slice text = schema_error(&e, i);
		str_add(errors, i ? ", " : "[");
		str_addn(errors, text.p, text.len);
	}
	if (e.count)
		str_addc(errors, ']');
	str_clear(&e.text);
	return valid;
}
