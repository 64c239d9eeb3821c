/* vtlvalue.h -- what expressions of a template are: Java's values, as far as templates can tell.
 * Small enough to be handed around; lists and maps are shared and can change. Private to vtl. */
#ifndef GATEWAY_VTLVALUE_H
#define GATEWAY_VTLVALUE_H

#include "gateway/vtltree.h"

#include <string.h>

enum vtl_type {
	VTL_NULL,
	VTL_BOOL,
	VTL_INT, /* Integer; LONG is one that is larger, or came from one */
	VTL_LONG,
	VTL_BIG, /* BigInteger, up to 127 bits */
	VTL_DOUBLE,
	VTL_DECIMAL, /* a JSON number with many digits: kept as text, a double in sums */
	VTL_CHAR,    /* as text, of one unit */
	VTL_STRING_VALUE,
	VTL_LIST,
	VTL_MAP,
	VTL_ENTRY, /* of a map */
	VTL_ITERATOR,
	VTL_BODY,  /* what #define made, or the body of a macro's call */
	VTL_SCOPE, /* $foreach */
	VTL_OBJECT,
};
enum vtl_object { VTL_INPUT, VTL_CONTEXT, VTL_UTIL };

struct vtl_value {
	enum vtl_type type;
	uint32_t len; /* of text */
	union {
		bool yes;
		int64_t i;
		double d;
		const __int128 *big;
		const char *text;
		struct vtl_list *list;
		struct vtl_map *map;
		struct vtl_entry *entry;
		struct vtl_iterator *iterator;
		struct vtl_body *body;
		struct vtl_scope *scope;
		enum vtl_object object;
	};
};

/* How a list prints and what it can do. */
enum vtl_style {
	VTL_JAVA,       /* ArrayList: [a, b] */
	VTL_JSON,       /* of JSON: ["a","b"] */
	VTL_KEYS,       /* keySet(), entrySet(): no places, prints as ArrayList */
	VTL_COLLECTION, /* values(): the same, equal to itself alone */
	VTL_ARRAY,      /* split(), toArray() */
};
struct vtl_list {
	struct vtl_value *items;
	size_t count, cap;
	enum vtl_style style;
	unsigned changes;        /* of its length: a loop over it notices */
	const struct node *lazy; /* what it is still to be read from; NULL: read */
	struct vtl_map *of;      /* keys, entries, values: of this map when it had ... */
	unsigned of_changes;     /* ... changed so often; NULL: of none */
};
struct vtl_entry {
	struct vtl_value key, value;
};
struct vtl_map { /* in the order of insertion */
	struct vtl_entry **entries;
	size_t count, cap;
	uint32_t *index; /* hash: place + 1; NULL while small */
	size_t index_cap;
	bool silent;             /* prints nothing: the overrides */
	struct vtl_map *written; /* members set so far, each of which may be set once; NULL: any
				    may be set again */
	unsigned changes;
	const struct node *lazy;
};
struct vtl_iterator {
	struct vtl_list *list;
	size_t at;
	unsigned changes; /* of the list, when it began */
};
struct vtl_scope {
	int index; /* from 0 */
	bool has_next;
	struct vtl_value parent; /* what $foreach was before: a scope, or what it replaced */
	struct vtl_map *own;     /* #set($foreach.x = ...) */
};

struct vtl_run; /* vtlrun.h */

static inline struct vtl_value vtl_null(void)
{
	return (struct vtl_value){.type = VTL_NULL};
}
static inline struct vtl_value vtl_bool(bool v)
{
	return (struct vtl_value){.type = VTL_BOOL, .yes = v};
}
static inline struct vtl_value vtl_int(int64_t v)
{
	return (struct vtl_value){.type = v >= INT32_MIN && v <= INT32_MAX ? VTL_INT : VTL_LONG,
				  .i = v};
}
static inline struct vtl_value vtl_double(double v)
{
	return (struct vtl_value){.type = VTL_DOUBLE, .d = v};
}
/* s is valid UTF-8, but for halves of pairs; borrowed. */
static inline struct vtl_value vtl_string(struct slice s)
{
	return (struct vtl_value){
		.type = VTL_STRING_VALUE, .len = (uint32_t)s.len, .text = s.p ? s.p : ""};
}
static inline struct vtl_value vtl_text(const char *s)
{
	return vtl_string((struct slice){s, strlen(s)});
}
static inline bool vtl_is_number(struct vtl_value v)
{
	return v.type >= VTL_INT && v.type <= VTL_DECIMAL;
}
static inline struct slice vtl_slice(struct vtl_value v)
{
	return (struct slice){v.text, v.len};
}

/* Making them. All in the run's arena, charged to it; what is too much sets the run's error. */
struct vtl_value vtl_list_new(struct vtl_run *r, enum vtl_style style);
struct vtl_value vtl_map_new(struct vtl_run *r);
struct vtl_value vtl_number(struct vtl_run *r, struct slice text, bool fraction);
/* A tree as values; lists and maps in it are read when they are looked into. NULL gives null. */
struct vtl_value vtl_from_node(struct vtl_run *r, const struct node *n);
/* A copy of text, made valid. NULL gives null. */
struct vtl_value vtl_from_text(struct vtl_run *r, const char *text);
struct slice vtl_valid(struct vtl_run *r, struct slice s);
/* The other way, for overrides: texts, numbers, booleans, lists, maps; others as their text. */
struct node *vtl_to_node(struct vtl_run *r, struct vtl_value v, int depth);

/* Lists and maps, ready to be looked into. */
struct vtl_list *vtl_list_of(struct vtl_run *r, struct vtl_value v);
struct vtl_map *vtl_map_of(struct vtl_run *r, struct vtl_value v);
void vtl_list_insert(struct vtl_run *r, struct vtl_list *l, size_t at, struct vtl_value v);
void vtl_list_remove(struct vtl_run *r, struct vtl_list *l, size_t at);
/* Whether it, or the map that it shows, is another than when it had changed so often. */
static inline bool vtl_list_changed(const struct vtl_list *l, unsigned changes)
{
	return l->changes != changes || (l->of && l->of->changes != l->of_changes);
}
static inline void vtl_list_add(struct vtl_run *r, struct vtl_list *l, struct vtl_value v)
{
	vtl_list_insert(r, l, l->count, v);
}
struct vtl_entry *vtl_map_find(struct vtl_run *r, struct vtl_map *m, struct vtl_value key);
struct vtl_value vtl_map_get(struct vtl_run *r, struct vtl_map *m, struct vtl_value key);
/* Returns what was there before. */
struct vtl_value vtl_map_put(struct vtl_run *r, struct vtl_map *m, struct vtl_value key,
			     struct vtl_value value);
struct vtl_value vtl_map_remove(struct vtl_run *r, struct vtl_map *m, struct vtl_value key);

/* Java's equals() and hashCode(). */
bool vtl_equals(struct vtl_run *r, struct vtl_value a, struct vtl_value b);
int32_t vtl_hash(struct vtl_run *r, struct vtl_value v);

/* Java's toString(). Print: to the end of the run's output. In the arena. False, or a NULL p: it
 * has none. */
bool vtl_print(struct vtl_run *r, struct vtl_value v);
struct slice vtl_to_text(struct vtl_run *r, struct vtl_value v);
/* As JSON, the way $input.json() and lists of JSON do; slash: '/' is escaped. */
void vtl_print_json(struct vtl_run *r, struct vtl_value v, bool slash);

/* Operators: k is a token's kind, VTL_EQ .. VTL_MODULUS. Null where Velocity finds no sense. */
struct vtl_value vtl_apply(struct vtl_run *r, int k, struct vtl_value a, struct vtl_value b);

#endif
