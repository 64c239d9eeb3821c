/* schemanode.h -- a compiled schema, as schemaread.c makes it and schema.c applies it. */
#ifndef GATEWAY_SCHEMANODE_H
#define GATEWAY_SCHEMANODE_H

#include "base/decimal.h"
#include "base/regex.h"
#include "gateway/schema.h"

/* In the order of their names, which is the order in which the service tells them. */
enum schema_type {
	SCHEMA_ARRAY = 1,
	SCHEMA_BOOLEAN = 2,
	SCHEMA_INTEGER = 4,
	SCHEMA_NULL = 8,
	SCHEMA_NUMBER = 16,
	SCHEMA_OBJECT = 32,
	SCHEMA_STRING = 64,
};
#define SCHEMA_TYPES 7
extern const char *const schema_type_names[SCHEMA_TYPES];

/* A keyword whose value is a count. */
struct schema_count {
	bool set;
	size_t n;
};
struct schema_bound {
	const struct node *node; /* NULL: it is not there */
	struct decimal value;
	bool exclusive;
};
struct schema_pattern {
	struct slice text;
	struct regex *re;
	struct schema_pattern *next; /* all of a schema, to be freed */
};
/* A schema with the key that it is for; sorted by key. */
struct schema_entry {
	struct slice key;
	struct subschema *schema;           /* NULL: of dependencies on keys */
	const struct schema_pattern *match; /* of patternProperties */
	struct slice *names;                /* of dependencies: keys, sorted */
	size_t name_count;
};
struct schema_entries {
	struct schema_entry *items;
	size_t count;
};
struct subschemas {
	struct subschema **items;
	size_t count;
};
struct subschema {
	struct subschema *ref; /* it alone counts; is no reference itself */
	unsigned types;        /* 0: any */
	struct subschema *items, *additional_items;
	struct subschemas item_list;
	bool listed;                              /* items is a list */
	bool no_other_items, no_other_properties; /* additional...: false */
	struct schema_entries properties, patterns, dependencies;
	struct subschema *additional_properties;
	struct subschemas all, any, one;
	struct subschema *negated;
	const struct node *values; /* enum */
	struct slice *required;    /* sorted */
	size_t required_count;
	struct schema_bound minimum, maximum, multiple;
	struct schema_count min_length, max_length, min_items, max_items, min_members, max_members;
	const struct schema_pattern *pattern;
	bool unique;
};
struct schema {
	struct subschema *root;
	struct schema_pattern *patterns;
};

int slice_compare(struct slice a, struct slice b); /* by bytes */
/* Scalars of YAML files as JSON means them: a plain 5 is a number. */
enum node_kind schema_kind(const struct node *n);
struct decimal schema_number(const struct node *n);
struct slice schema_key(const struct node *n); /* of a member */
/* These count what they do; past MAX_SCHEMA_STEPS the answer is false. */
const struct node *schema_member(size_t *steps, const struct node *map, struct slice key);
bool schema_equal(size_t *steps, const struct node *a, const struct node *b);
uint64_t schema_hash(size_t *steps, const struct node *n); /* the same for equal values */
/* The schema of draft 4 itself, in the arena. */
const struct node *schema_draft4(struct arena *a);

#endif
