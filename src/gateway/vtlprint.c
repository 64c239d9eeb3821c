/* vtlprint.c -- values as text: Java's toString(), JSON, and trees for what leaves a template. All
 * print to the end of the run's output, from which a caller who wants a text cuts it. */
#include "gateway/javatext.h"
#include "gateway/vtlrun.h"

#include <stdlib.h>
#include <string.h>

static void put(struct vtl_run *r, struct slice s)
{
	if (r->out->len - r->out_start + s.len > MAX_VTL_OUTPUT)
		vtl_fail(r, "the output is larger than %zu bytes", MAX_VTL_OUTPUT);
	else if (vtl_spend(r, s.len / 64))
		str_addn(r->out, s.p, s.len);
}

static void puts_text(struct vtl_run *r, const char *s)
{
	put(r, (struct slice){s, strlen(s)});
}

static void print_big(struct vtl_run *r, __int128 v)
{
	char text[48];
	size_t at = sizeof(text);
	unsigned __int128 u = v < 0 ? -(unsigned __int128)v : (unsigned __int128)v;
	do
		text[--at] = (char)('0' + (int)(u % 10));
	while (u /= 10);
	if (v < 0)
		text[--at] = '-';
	put(r, (struct slice){text + at, sizeof(text) - at});
}

static void print_or_null(struct vtl_run *r, struct vtl_value v)
{
	if (v.type == VTL_NULL || !vtl_print(r, v))
		puts_text(r, "null");
}

static void print_list(struct vtl_run *r, struct vtl_value v)
{
	struct vtl_list *l = vtl_list_of(r, v);
	puts_text(r, "[");
	for (size_t i = 0; i < l->count && !r->error; i++) {
		if (i)
			puts_text(r, ", ");
		if (l->items[i].type == VTL_LIST && l->items[i].list == l)
			puts_text(r, "(this Collection)");
		else
			print_or_null(r, l->items[i]);
	}
	puts_text(r, "]");
}

static void print_entry(struct vtl_run *r, const struct vtl_entry *e, const struct vtl_map *m)
{
	print_or_null(r, e->key);
	puts_text(r, "=");
	if (m && e->value.type == VTL_MAP && e->value.map == m)
		puts_text(r, "(this Map)");
	else
		print_or_null(r, e->value);
}

static void print_map(struct vtl_run *r, struct vtl_map *m)
{
	if (m->silent)
		return;
	puts_text(r, "{");
	for (size_t i = 0; i < m->count && !r->error; i++) {
		if (i)
			puts_text(r, ", ");
		print_entry(r, m->entries[i], m);
	}
	puts_text(r, "}");
}

static void print_deep(struct vtl_run *r, struct vtl_value v)
{
	if (!vtl_enter(r)) {
		vtl_leave(r);
		return;
	}
	if (v.type == VTL_ENTRY)
		print_entry(r, v.entry, NULL);
	else if (v.type == VTL_MAP)
		print_map(r, vtl_map_of(r, v));
	else if (v.list->style == VTL_ARRAY)
		puts_text(r, "[Ljava.lang.String;@5e2de80c");
	else if (v.list->style == VTL_JSON)
		vtl_print_json(r, v, true);
	else
		print_list(r, v);
	vtl_leave(r);
}

bool vtl_print(struct vtl_run *r, struct vtl_value v)
{
	char text[64];
	switch (v.type) {
	case VTL_NULL:
		return false;
	case VTL_BOOL:
		puts_text(r, v.yes ? "true" : "false");
		break;
	case VTL_INT:
	case VTL_LONG:
		put(r,
		    (struct slice){text, java_whole(text, v.i < 0 ? -(uint64_t)v.i : (uint64_t)v.i,
						    v.i < 0)});
		break;
	case VTL_BIG:
		print_big(r, *v.big);
		break;
	case VTL_DOUBLE:
		put(r, (struct slice){text, java_double(text, v.d)});
		break;
	case VTL_DECIMAL:
	case VTL_CHAR:
	case VTL_STRING_VALUE:
		put(r, vtl_slice(v));
		break;
	case VTL_LIST:
	case VTL_MAP:
	case VTL_ENTRY:
		print_deep(r, v);
		break;
	case VTL_ITERATOR:
		puts_text(r, "java.util.ArrayList$Itr@6d06d69c");
		break;
	case VTL_BODY:
		return vtl_print_body(r, v.body);
	case VTL_SCOPE:
		if (v.scope->own)
			print_map(r, v.scope->own);
		else
			puts_text(r, "{}");
		break;
	case VTL_OBJECT:
		return !r->plain;
	}
	return true;
}

struct slice vtl_to_text(struct vtl_run *r, struct vtl_value v)
{
	if (v.type == VTL_STRING_VALUE || v.type == VTL_CHAR || v.type == VTL_DECIMAL)
		return vtl_slice(v);
	size_t start = r->out->len;
	bool has = vtl_print(r, v);
	struct slice s = vtl_cut(r, start);
	return has ? s : (struct slice){NULL, 0};
}

/* JSON */

static void json_list(struct vtl_run *r, struct vtl_value v, bool slash)
{
	struct vtl_list *l = vtl_list_of(r, v);
	puts_text(r, "[");
	for (size_t i = 0; i < l->count && !r->error; i++) {
		if (i)
			puts_text(r, ",");
		vtl_print_json(r, l->items[i], slash);
	}
	puts_text(r, "]");
}

static void json_text(struct vtl_run *r, struct slice s, bool slash)
{
	if (vtl_spend(r, s.len / 32) && vtl_afford(r, 6 * s.len))
		java_json_string(r->out, s, slash);
	put(r, (struct slice){"", 0});
}

static void json_map(struct vtl_run *r, struct vtl_value v, bool slash)
{
	struct vtl_map *m = vtl_map_of(r, v);
	puts_text(r, "{");
	for (size_t i = 0; i < m->count && !r->error; i++) {
		if (i)
			puts_text(r, ",");
		struct vtl_value key = m->entries[i]->key;
		json_text(r, key.type ? vtl_to_text(r, key) : (struct slice){"null", 4}, slash);
		puts_text(r, ":");
		vtl_print_json(r, m->entries[i]->value, slash);
	}
	puts_text(r, "}");
}

void vtl_print_json(struct vtl_run *r, struct vtl_value v, bool slash)
{
	bool finite = v.type != VTL_DOUBLE || (v.d - v.d) == 0;
	if (!vtl_enter(r) || v.type == VTL_NULL || !finite) {
		puts_text(r, "null");
	} else if (v.type == VTL_LIST) {
		json_list(r, v, slash);
	} else if (v.type == VTL_MAP) {
		json_map(r, v, slash);
	} else if (v.type == VTL_BOOL || vtl_is_number(v)) {
		vtl_print(r, v);
	} else {
		struct slice s = vtl_to_text(r, v);
		json_text(r, s.p ? s : (struct slice){"", 0}, slash);
	}
	vtl_leave(r);
}

/* Trees */

static struct node *scalar(struct vtl_run *r, enum node_kind kind, struct vtl_value v)
{
	struct str out = {0};
	struct slice s = vtl_to_text(r, v);
	java_encode(&out, s.p ? s : (struct slice){"", 0});
	struct node *n = node_new(r->arena, kind);
	n->text = arena_strndup(r->arena, str_c(&out), out.len);
	n->len = out.len;
	str_clear(&out);
	return n;
}

static void node_add(struct node *parent, struct node **last, struct node *child)
{
	if (*last)
		(*last)->next = child;
	else
		parent->child = child;
	*last = child;
	parent->count++;
}

struct node *vtl_to_node(struct vtl_run *r, struct vtl_value v, int depth)
{
	struct node *n, *last = NULL;
	if (v.type == VTL_NULL || depth > MAX_TREE_DEPTH || !vtl_spend(r, 4))
		return node_new(r->arena, NODE_NULL);
	if (v.type == VTL_LIST && v.list->style != VTL_ARRAY) {
		struct vtl_list *l = vtl_list_of(r, v);
		n = node_new(r->arena, NODE_LIST);
		for (size_t i = 0; i < l->count && !r->error; i++)
			node_add(n, &last, vtl_to_node(r, l->items[i], depth + 1));
		return n;
	}
	if (v.type == VTL_MAP) {
		struct vtl_map *m = vtl_map_of(r, v);
		n = node_new(r->arena, NODE_MAP);
		for (size_t i = 0; i < m->count && !r->error; i++) {
			struct node *child = vtl_to_node(r, m->entries[i]->value, depth + 1);
			child->key = scalar(r, NODE_TEXT, m->entries[i]->key);
			node_add(n, &last, child);
		}
		return n;
	}
	if (vtl_is_number(v))
		return scalar(r, NODE_NUMBER, v);
	return scalar(r, v.type == VTL_BOOL ? NODE_BOOL : NODE_TEXT, v);
}
