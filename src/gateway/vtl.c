/* vtl.c -- see vtl.h: compiling, and the walk over the tree. What a statement does is what
 * Velocity 1.7 does, down to its oddities (#set of null sets nothing, a condition that is a number
 * or a text is false, a macro's arguments are worked out anew at each use): templates that work on
 * AWS work because of them.
 *
 * A run is bounded in four ways, as templates and payloads are a stranger's: steps, memory, output,
 * and the depth of what is being worked out, which also keeps the C stack small. */
#include "gateway/javatext.h"
#include "gateway/vtllex.h"
#include "gateway/vtlrun.h"

#include "base/utf8.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define MAX_DEPTH 800      /* of blocks, expressions and calls being worked out */
#define MAX_DEFINE_DEPTH 2 /* of one #define within itself, as in Velocity */

/* A variable's scopes, from the inside out; behind the outermost stand run.vars. */
struct vtl_local {
	int slot;
	struct vtl_value value;
	const struct vtl_node *node; /* an argument, worked out in the scope outside; NULL: value */
	struct slice literal;        /* "$name", of an argument that may be null */
};
struct vtl_scopes {
	struct vtl_scopes *outer;
	int null_slot; /* a loop's variable that is null now; -1: this is a macro's call */
	bool hides;    /* of a loop: the variable is still hidden */
	struct vtl_local *locals;
	size_t count, cap;
};
/* What #define made. */
struct vtl_body {
	const struct vtl_node *block;
	struct vtl_scopes *scopes; /* where it stood */
	int depth, most;           /* renderings within one another */
};

static struct vtl_value value_of(struct vtl_run *r, const struct vtl_node *n);
static bool is_true(struct vtl_run *r, const struct vtl_node *n);
static void render(struct vtl_run *r, const struct vtl_node *n);
static bool render_body(struct vtl_run *r, struct vtl_body *b);

/* Compiling */

static struct pos place(const struct vtl *t, size_t at)
{
	struct pos pos = {t->file, t->line, 1};
	for (size_t i = 0; i < at && i < t->source.len; i++) {
		if (t->source.p[i] == '\n') {
			pos.line++;
			pos.col = 1;
		} else {
			pos.col += ((unsigned char)t->source.p[i] & 0xc0) != 0x80;
		}
	}
	return pos;
}

static void name_own(struct vtl *t)
{
	static const char *const names[VTL_OWN_NAMES] = {
		[VTL_FOREACH_NAME] = "foreach",
		[VTL_COUNT_NAME] = "velocityCount",
		[VTL_NEXT_NAME] = "velocityHasNext",
		[VTL_BODY_NAME] = "bodyContent",
	};
	for (size_t i = 0; i < VTL_OWN_NAMES; i++)
		t->own_names[i] = vtl_name(&t->names, (struct slice){names[i], strlen(names[i])});
}

struct vtl *vtl_compile(struct arena *a, const char *file, int line, const char *text, size_t n,
			struct diags *d)
{
	struct vtl *t = arena_alloc(a, sizeof(*t));
	const char *what;
	size_t at;
	*t = (struct vtl){.file = arena_strdup(a, file), .line = line, .names.arena = a};
	struct pos start = {file, line, 1};
	if (n > MAX_TEMPLATE_BYTES) {
		diag_error(d, start, "vtl-too-large", "a template of %zu bytes; at most %zu", n,
			   MAX_TEMPLATE_BYTES);
		return NULL;
	}
	t->source = (struct slice){arena_strndup(a, text, n), n};
	if (n)
		memcpy((char *)t->source.p, text, n); /* NULs too */
	if ((at = utf8_invalid_at(t->source.p, n)) < n) {
		diag_error(d, place(t, at), "vtl-utf8", "byte 0x%02X is not valid UTF-8",
			   (unsigned char)text[at]);
		return NULL;
	}
	if (!vtl_parse(a, t, &at, &what)) {
		diag_error(d, place(t, at), "vtl-syntax", "%s", what);
		return NULL;
	}
	name_own(t);
	return t;
}

bool vtl_constant(const struct vtl *t, struct slice *text)
{
	const struct vtl_node *first = t->root->child;
	bool constant = !first || (first->op == VTL_OP_TEXT && !first->next);
	*text = constant && first ? first->text : (struct slice){"", 0};
	return constant;
}

/* Bounds */

struct vtl_value vtl_fail(struct vtl_run *r, const char *fmt, ...)
{
	char text[300];
	va_list args;
	if (r->error)
		return vtl_null();
	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	r->error = arena_strdup(r->arena, text);
	return vtl_null();
}

bool vtl_spend(struct vtl_run *r, size_t n)
{
	r->steps += n;
	if (r->steps > MAX_VTL_STEPS)
		vtl_fail(r, "the template takes too long");
	return !r->error;
}

bool vtl_afford(struct vtl_run *r, size_t size)
{
	if (size > MAX_VTL_MEMORY || r->arena->total - r->arena_start + size > MAX_VTL_MEMORY)
		vtl_fail(r, "the template takes more than %zu bytes of memory", MAX_VTL_MEMORY);
	return !r->error;
}

void *vtl_alloc(struct vtl_run *r, size_t size)
{
	vtl_afford(r, size);
	return arena_alloc(r->arena, size);
}

bool vtl_enter(struct vtl_run *r)
{
	if (++r->depth > MAX_DEPTH)
		vtl_fail(r, "the template goes too deep");
	return vtl_spend(r, 1);
}

struct slice vtl_cut(struct vtl_run *r, size_t start)
{
	size_t n = r->out->len - start;
	char *copy = vtl_afford(r, n) ? arena_alloc(r->arena, n + 1) : "";
	if (r->error)
		n = 0;
	if (n)
		memcpy(copy, r->out->p + start, n);
	str_truncate(r->out, start);
	return (struct slice){copy, n};
}

static void put(struct vtl_run *r, struct slice s)
{
	if (s.len)
		vtl_print(r, vtl_string(s));
}

/* Variables */

static struct vtl_local *local(struct vtl_scopes *s, int slot)
{
	for (size_t i = 0; i < s->count; i++)
		if (s->locals[i].slot == slot)
			return &s->locals[i];
	return NULL;
}

/* In the scope that is the outer one of a macro's call. */
static struct vtl_value value_outside(struct vtl_run *r, struct vtl_scopes *inside,
				      const struct vtl_node *n)
{
	struct vtl_scopes *before = r->scopes;
	r->scopes = inside->outer;
	struct vtl_value v = vtl_enter(r) ? value_of(r, n) : vtl_null();
	vtl_leave(r);
	r->scopes = before;
	return v;
}

static struct vtl_value get(struct vtl_run *r, int slot)
{
	for (struct vtl_scopes *s = r->scopes; s; s = s->outer) {
		struct vtl_local *l = s->null_slot < 0 ? local(s, slot) : NULL;
		if (s->null_slot == slot && s->hides)
			return vtl_null();
		if (l && l->value.type != VTL_NULL)
			return l->value;
		if (l && l->node)
			return value_outside(r, s, l->node);
	}
	return r->vars[slot];
}

static void add_local(struct vtl_run *r, struct vtl_scopes *s, struct vtl_local l)
{
	if (s->count == s->cap) {
		size_t cap = s->cap ? s->cap * 2 : 4;
		struct vtl_local *locals = vtl_alloc(r, cap * sizeof(*locals));
		if (s->count)
			memcpy(locals, s->locals, s->count * sizeof(*locals));
		s->locals = locals;
		s->cap = cap;
	}
	s->locals[s->count++] = l;
}

/* Into every macro's scope on the way, and outside of them all. */
static void set(struct vtl_run *r, int slot, struct vtl_value v)
{
	vtl_spend(r, 1);
	for (struct vtl_scopes *s = r->scopes; s; s = s->outer) {
		struct vtl_local *l = s->null_slot < 0 ? local(s, slot) : NULL;
		if (l)
			l->value = v;
		else if (s->null_slot < 0)
			add_local(r, s, (struct vtl_local){.slot = slot, .value = v});
		else if (s->null_slot == slot && v.type == VTL_NULL)
			s->hides = true;
	}
	r->vars[slot] = v;
}

static void unset(struct vtl_run *r, int slot)
{
	for (struct vtl_scopes *s = r->scopes; s; s = s->outer) {
		struct vtl_local *l = s->null_slot < 0 ? local(s, slot) : NULL;
		if (l)
			*l = s->locals[--s->count];
		else if (s->null_slot == slot)
			s->hides = false;
	}
	r->vars[slot] = vtl_null();
}

static void put_back(struct vtl_run *r, int slot, struct vtl_value before)
{
	if (before.type != VTL_NULL)
		set(r, slot, before);
	else
		unset(r, slot);
}

/* References */

#define MAX_ARGS 16 /* of a method; none has more than 2 */

static struct vtl_value call_step(struct vtl_run *r, struct vtl_value self,
				  const struct vtl_node *n)
{
	struct vtl_value args[MAX_ARGS];
	size_t count = 0;
	for (const struct vtl_node *a = n->child; a && !r->error; a = a->next) {
		struct vtl_value v = value_of(r, a);
		if (count < MAX_ARGS)
			args[count] = v;
		count++;
	}
	if (r->error || count > MAX_ARGS)
		return vtl_null();
	return vtl_call(r, self, n->text, args, count);
}

static struct vtl_value take_step(struct vtl_run *r, struct vtl_value self,
				  const struct vtl_node *n)
{
	if (n->op == VTL_OP_PROPERTY)
		return vtl_property(r, self, n->text);
	if (n->op == VTL_OP_METHOD)
		return call_step(r, self, n);
	struct vtl_value at = value_of(r, n->child);
	return r->error ? vtl_null() : vtl_index(r, self, at);
}

/* Up to the step before `end`; NULL: all. */
static struct vtl_value walk(struct vtl_run *r, const struct vtl_node *n,
			     const struct vtl_node *end)
{
	struct vtl_value v = get(r, n->slot);
	for (const struct vtl_node *s = n->child; s != end && v.type != VTL_NULL && !r->error;
	     s = s->next)
		v = take_step(r, v, s);
	return r->error ? vtl_null() : v;
}

static struct vtl_value ref_value(struct vtl_run *r, const struct vtl_node *n)
{
	return n->ref->flags & VTL_REF_RUNT ? vtl_null() : walk(r, n, NULL);
}

/* What a null reference prints: how it was written; in a macro, how the argument was written. */
static struct slice null_text(struct vtl_run *r, const struct vtl_node *n)
{
	struct slice s = n->ref->null_text;
	for (struct vtl_scopes *scope = s.len ? r->scopes : NULL; scope; scope = scope->outer) {
		for (size_t i = 0; i < scope->count; i++) {
			struct vtl_local *l = &scope->locals[i];
			if (l->node && l->literal.len == s.len &&
			    memcmp(l->literal.p, s.p, s.len) == 0)
				return l->node->op == VTL_OP_REF ? l->node->ref->literal
								 : l->node->text;
		}
	}
	return s;
}

static void render_null(struct vtl_run *r, const struct vtl_node *n)
{
	const struct vtl_ref *ref = n->ref;
	bool silent = !r->plain && !(ref->flags & VTL_REF_RUNT);
	put(r, ref->escapes);
	if (!silent) /* twice, so that backslashes before what is no reference stay */
		put(r, ref->escapes);
	put(r, ref->more);
	if (!silent)
		put(r, null_text(r, n));
}

static void render_ref(struct vtl_run *r, const struct vtl_node *n)
{
	const struct vtl_ref *ref = n->ref;
	struct vtl_value v = ref_value(r, n);
	if (r->error)
		return;
	if (ref->flags & VTL_REF_ESCAPED) {
		put(r, ref->escapes);
		if (v.type == VTL_NULL)
			put(r, (struct slice){"\\", 1});
		put(r, null_text(r, n));
		return;
	}
	if (v.type == VTL_NULL) {
		render_null(r, n);
		return;
	}
	size_t start = r->out->len;
	if (v.type != VTL_BODY) { /* a body prints itself alone */
		put(r, ref->escapes);
		put(r, ref->more);
	}
	bool printed = v.type == VTL_BODY ? render_body(r, v.body) : vtl_print(r, v);
	if (!printed && !r->error) {
		str_truncate(r->out, start);
		render_null(r, n);
	}
}

/* Values */

static struct vtl_value list_value(struct vtl_run *r, const struct vtl_node *n)
{
	struct vtl_value v = vtl_list_new(r, VTL_JAVA);
	for (const struct vtl_node *c = n->child; c && !r->error; c = c->next)
		vtl_list_add(r, v.list, value_of(r, c));
	return v;
}

static struct vtl_value map_value(struct vtl_run *r, const struct vtl_node *n)
{
	struct vtl_value v = vtl_map_new(r);
	for (const struct vtl_node *c = n->child; c && !r->error; c = c->next->next) {
		struct vtl_value key = value_of(r, c);
		vtl_map_put(r, v.map, key, value_of(r, c->next));
	}
	return v;
}

/* From one whole number to another, up or down; null where an end is none. */
static struct vtl_value range_value(struct vtl_run *r, const struct vtl_node *n)
{
	struct vtl_value from = value_of(r, n->child);
	struct vtl_value to = value_of(r, n->child->next);
	bool whole = (from.type == VTL_INT || from.type == VTL_LONG) &&
		     (to.type == VTL_INT || to.type == VTL_LONG);
	if (vtl_is_number(from) && vtl_is_number(to) && !whole)
		return vtl_fail(r, "a range goes from a whole number to another");
	if (!whole)
		return vtl_null();
	uint64_t count = from.i <= to.i ? (uint64_t)to.i - (uint64_t)from.i
					: (uint64_t)from.i - (uint64_t)to.i;
	if (count > MAX_VTL_STEPS || !vtl_afford(r, (size_t)count * 2 * sizeof(from)))
		return vtl_fail(r, "a range of %llu numbers is too long",
				(unsigned long long)count + 1);
	struct vtl_value v = vtl_list_new(r, VTL_JAVA);
	for (int64_t i = from.i; !r->error; i += from.i <= to.i ? 1 : -1) {
		vtl_list_add(r, v.list, vtl_int(i));
		if (i == to.i)
			break;
	}
	v.list->changes = 0;
	return v;
}

static struct vtl_value filled_value(struct vtl_run *r, const struct vtl_node *n)
{
	size_t start = r->out->len;
	render(r, n->child);
	struct slice s = vtl_cut(r, start);
	if (n->cut && s.len)
		s.len--;
	return vtl_string(s);
}

/* A text plus a null reference: the reference as it was written. */
static struct vtl_value as_written(const struct vtl_node *n, struct vtl_value v,
				   struct vtl_value other, int operator)
{
	if (operator!= VTL_PLUS || v.type != VTL_NULL || other.type != VTL_STRING_VALUE)
		return v;
	return n->op == VTL_OP_REF ? vtl_string(n->ref->literal) : vtl_text("null");
}

static struct vtl_value chain_value(struct vtl_run *r, const struct vtl_node *n)
{
	const struct vtl_node *left = n->child;
	struct vtl_value v = value_of(r, left);
	for (const struct vtl_node *c = left->next; c && !r->error; c = c->next) {
		struct vtl_value right = value_of(r, c);
		struct vtl_value a = as_written(left, v, right, c->operator);
		struct vtl_value b = as_written(c, right, v, c->operator);
		v = r->error ? vtl_null() : vtl_apply(r, c->operator, a, b);
		left = n; /* the whole so far: not a reference */
	}
	return v;
}

static struct vtl_value value_inside(struct vtl_run *r, const struct vtl_node *n)
{
	switch ((int)n->op) {
	case VTL_OP_REF:
		return ref_value(r, n);
	case VTL_OP_FILLED:
		return filled_value(r, n);
	case VTL_OP_LIST:
		return list_value(r, n);
	case VTL_OP_MAP:
		return map_value(r, n);
	case VTL_OP_RANGE:
		return range_value(r, n);
	case VTL_OP_CHAIN:
		return chain_value(r, n);
	case VTL_OP_OR:
	case VTL_OP_AND:
	case VTL_OP_NOT:
		return vtl_bool(is_true(r, n));
	default:
		return vtl_null();
	}
}

static struct vtl_value value_of(struct vtl_run *r, const struct vtl_node *n)
{
	if (n->op == VTL_OP_STRING)
		return vtl_string(n->text);
	if (n->op == VTL_OP_NUMBER)
		return vtl_number(r, n->text, n->cut);
	if (n->op == VTL_OP_TRUE || n->op == VTL_OP_FALSE)
		return vtl_bool(n->op == VTL_OP_TRUE);
	struct vtl_value v = vtl_enter(r) ? value_inside(r, n) : vtl_null();
	vtl_leave(r);
	return v;
}

/* A reference is true unless it is null, false or prints nothing at all; of other values only
 * true and comparisons can be. */
static bool ref_true(struct vtl_run *r, const struct vtl_node *n)
{
	struct vtl_value v = ref_value(r, n);
	if (v.type == VTL_BOOL)
		return v.yes;
	if (v.type == VTL_BODY)
		return vtl_to_text(r, v).p != NULL;
	return v.type != VTL_NULL;
}

static bool logic_true(struct vtl_run *r, const struct vtl_node *n)
{
	bool any = n->op == VTL_OP_OR;
	for (const struct vtl_node *c = n->child; c && !r->error; c = c->next)
		if (is_true(r, c) == any)
			return any;
	return !any;
}

static bool true_inside(struct vtl_run *r, const struct vtl_node *n)
{
	if (n->op == VTL_OP_REF)
		return ref_true(r, n);
	if (n->op == VTL_OP_NOT)
		return !is_true(r, n->child);
	if (n->op == VTL_OP_OR || n->op == VTL_OP_AND)
		return logic_true(r, n);
	if (n->op != VTL_OP_CHAIN || n->last->operator<VTL_LT) /* sums are not even worked out */
		return false;
	return chain_value(r, n).yes;
}

static bool is_true(struct vtl_run *r, const struct vtl_node *n)
{
	bool yes = n->op == VTL_OP_TRUE || (vtl_enter(r) && true_inside(r, n));
	if (n->op != VTL_OP_TRUE)
		vtl_leave(r);
	return yes && !r->error;
}

/* #set: null sets nothing. */
static void run_set(struct vtl_run *r, const struct vtl_node *n)
{
	const struct vtl_node *ref = n->child;
	struct vtl_value v = value_of(r, ref->next);
	if (v.type == VTL_NULL || r->error || ref->ref->flags & VTL_REF_RUNT)
		return;
	if (!ref->child) {
		if (!(ref->ref->flags & VTL_REF_ODD))
			set(r, ref->slot, v);
		return;
	}
	const struct vtl_node *last = ref->last;
	struct vtl_value self = walk(r, ref, last);
	if (self.type == VTL_NULL || r->error)
		return;
	if (last->op == VTL_OP_INDEX)
		vtl_set_index(r, self, value_of(r, last->child), v);
	else
		vtl_set_property(r, self, last->text, v);
}

static void run_if(struct vtl_run *r, const struct vtl_node *n)
{
	const struct vtl_node *c = n->child;
	while (c && c->next) {
		bool yes = is_true(r, c);
		if (r->error)
			return;
		if (yes) {
			render(r, c->next);
			return;
		}
		c = c->next->next;
	}
	if (c)
		render(r, c);
}

/* #break and #stop: whether what is being left ends here. */
static bool break_ends(struct vtl_run *r, const struct vtl_scope *here)
{
	if (r->end != VTL_BREAKING || (r->break_to && r->break_to != here))
		return false;
	r->end = VTL_GOING;
	r->break_to = NULL;
	return true;
}

static void run_break(struct vtl_run *r, const struct vtl_node *n)
{
	r->end = VTL_BREAKING;
	if (!n->child)
		return;
	struct vtl_value v = value_of(r, n->child);
	if (v.type == VTL_SCOPE)
		r->break_to = v.scope;
	else
		vtl_fail(r, "#break takes $foreach or what leads from it");
}

/* #foreach */

/* What is gone through: a list as it is, a map's values, what is left of an iterator. */
static struct vtl_list *loop_items(struct vtl_run *r, struct vtl_value v, size_t *from)
{
	*from = v.type == VTL_ITERATOR ? v.iterator->at : 0;
	if (v.type == VTL_ITERATOR)
		return v.iterator->list;
	if (v.type == VTL_MAP)
		v = vtl_call(r, v, (struct slice){"values", 6}, NULL, 0);
	return v.type == VTL_LIST ? vtl_list_of(r, v) : NULL;
}

/* One turn. The variable may be null: then it hides what has its name. */
static void run_turn(struct vtl_run *r, const struct vtl_node *n, struct vtl_value v)
{
	struct vtl_scopes *outer = r->scopes;
	set(r, n->slot, v);
	if (v.type == VTL_NULL) {
		r->scopes = vtl_alloc(r, sizeof(*r->scopes));
		*r->scopes =
			(struct vtl_scopes){.outer = outer, .null_slot = n->slot, .hides = true};
	}
	render(r, n->child->next->next->next);
	r->scopes = outer;
}

static void run_loop(struct vtl_run *r, const struct vtl_node *n, struct vtl_list *l, size_t from,
		     struct vtl_scope *scope)
{
	unsigned changes = l->changes;
	size_t most = r->plain ? MAX_VTL_STEPS : MAX_VTL_LOOP;
	const int *names = r->t.own_names;
	for (size_t i = from; i != l->count && i - from < most && !r->error; i++) {
		if (vtl_list_changed(l, changes)) {
			vtl_fail(r, "#foreach: the list was changed meanwhile");
			return;
		}
		scope->index++;
		scope->has_next = i + 1 < l->count;
		set(r, names[VTL_COUNT_NAME], vtl_int(scope->index + 1));
		set(r, names[VTL_NEXT_NAME], vtl_bool(scope->has_next));
		run_turn(r, n, l->items[i]);
		if (r->end != VTL_GOING) {
			break_ends(r, scope);
			return;
		}
	}
}

static void run_foreach(struct vtl_run *r, const struct vtl_node *n)
{
	size_t from;
	const int *names = r->t.own_names;
	if (n->count < 3)
		vtl_fail(r, "#foreach: there is nothing to go through");
	if (n->count < 4) /* the list or `in` is missing, which Velocity lets pass */
		return;
	struct vtl_value v = value_of(r, n->child->next->next);
	struct vtl_list *l = r->error ? NULL : loop_items(r, v, &from);
	if (!l)
		return;
	struct vtl_scope *scope = vtl_alloc(r, sizeof(*scope));
	struct vtl_value before[] = {get(r, n->slot), get(r, names[VTL_COUNT_NAME]),
				     get(r, names[VTL_NEXT_NAME]), get(r, names[VTL_FOREACH_NAME])};
	*scope = (struct vtl_scope){.index = -1, .parent = before[3]};
	set(r, names[VTL_FOREACH_NAME], (struct vtl_value){.type = VTL_SCOPE, .scope = scope});
	run_loop(r, n, l, from, scope);
	if (v.type == VTL_ITERATOR)
		v.iterator->at = from + (size_t)(scope->index + 1);
	put_back(r, n->slot, before[0]);
	put_back(r, names[VTL_COUNT_NAME], before[1]);
	put_back(r, names[VTL_NEXT_NAME], before[2]);
	struct vtl_value now = get(r, names[VTL_FOREACH_NAME]);
	if (now.type == VTL_SCOPE && now.scope == scope)
		put_back(r, names[VTL_FOREACH_NAME], before[3]);
}

/* #define and macros */

/* False: it goes in circles. */
static bool render_body(struct vtl_run *r, struct vtl_body *b)
{
	if (b->depth >= b->most)
		return false;
	b->depth++;
	render(r, b->block);
	break_ends(r, NULL);
	b->depth--;
	return true;
}

bool vtl_print_body(struct vtl_run *r, struct vtl_body *b)
{
	struct vtl_scopes *before = r->scopes;
	r->scopes = b->scopes;
	bool has = render_body(r, b);
	r->scopes = before;
	return has;
}

static struct vtl_value new_body(struct vtl_run *r, const struct vtl_node *block, int most)
{
	struct vtl_body *b = vtl_alloc(r, sizeof(*b));
	b->block = block;
	b->scopes = r->scopes;
	b->most = most;
	return (struct vtl_value){.type = VTL_BODY, .body = b};
}

static const struct vtl_macro *find_macro(struct vtl_run *r, int name)
{
	const struct vtl_macro *m = r->t.macros;
	size_t steps = 1;
	for (; m && m->name != name; m = m->next)
		steps++;
	vtl_spend(r, steps / 8 + 1);
	return m;
}

/* Arguments that can change are worked out when they are used; the others now. */
static bool is_constant(const struct vtl_node *n)
{
	return n->op != VTL_OP_REF && n->op != VTL_OP_RANGE && n->op != VTL_OP_LIST &&
	       n->op != VTL_OP_MAP && n->op != VTL_OP_STRING && n->op != VTL_OP_FILLED;
}

static void bind(struct vtl_run *r, struct vtl_scopes *s, const struct vtl_macro *m,
		 const struct vtl_node *call)
{
	const struct vtl_node *arg = call->child;
	for (size_t i = 0; i < m->param_count && arg; i++, arg = arg->next) {
		struct vtl_local l = {.slot = m->params[i], .literal = m->literals[i]};
		if (is_constant(arg))
			l.value = value_of(r, arg);
		else
			l.node = arg;
		struct vtl_local *there = local(s, l.slot);
		if (there)
			*there = l;
		else
			add_local(r, s, l);
	}
}

static void run_call(struct vtl_run *r, const struct vtl_node *n)
{
	const struct vtl_macro *m = find_macro(r, n->slot);
	struct vtl_scopes *outer = r->scopes;
	if (!m) {
		put(r, n->text);
		return;
	}
	for (const struct vtl_node *a = n->child; a; a = a->next)
		if (a->op == VTL_OP_WORD)
			vtl_fail(r, "#%.*s: a word cannot be an argument",
				 (int)r->t.names.items[n->slot].len, r->t.names.items[n->slot].p);
	if (r->calls == MAX_VTL_CALLS) {
		vtl_fail(r, "macros call one another more than %d deep", MAX_VTL_CALLS);
		return;
	}
	struct vtl_scopes *scope = vtl_alloc(r, sizeof(*scope)); /* a #define may outlive it */
	*scope = (struct vtl_scopes){.outer = outer, .null_slot = -1};
	bind(r, scope, m, n);
	if (n->cut) /* has a body */
		add_local(r, scope,
			  (struct vtl_local){.slot = r->t.own_names[VTL_BODY_NAME],
					     .value = new_body(r, n->last, MAX_VTL_CALLS)});
	r->scopes = scope;
	r->calls++;
	render(r, m->body);
	r->calls--;
	r->scopes = outer;
	break_ends(r, NULL);
}

/* The names of a compiled template must stay as they are. */
static void copy_names(struct vtl_names *n, struct arena *a)
{
	struct slice *items = arena_alloc(a, n->cap * sizeof(*items));
	uint32_t *index = arena_alloc(a, n->index_cap * sizeof(*index));
	memcpy(items, n->items, n->count * sizeof(*items));
	memcpy(index, n->index, n->index_cap * sizeof(*index));
	n->items = items;
	n->index = index;
	n->arena = a;
}

/* Give the names that are new since the last time their variables. */
static void begin_vars(struct vtl_run *r)
{
	size_t count = r->t.names.count;
	struct vtl_value *vars = vtl_alloc(r, (count + 1) * sizeof(*vars));
	if (r->var_count)
		memcpy(vars, r->vars, r->var_count * sizeof(*vars));
	r->vars = vars;
	for (size_t i = r->var_count; i < count && !r->error; i++)
		vars[i] = vtl_variable(r, r->t.names.items[i]);
	r->var_count = count;
}

/* #evaluate: a text as a template, with the variables and macros of this one. */
static void run_evaluate(struct vtl_run *r, const struct vtl_node *n)
{
	struct vtl_value v = value_of(r, n->child);
	const char *what;
	size_t at;
	struct slice text =
		v.type == VTL_NULL || r->error ? (struct slice){NULL, 0} : vtl_to_text(r, v);
	if (!text.p || !vtl_spend(r, 10 + text.len))
		return;
	if (text.len > MAX_TEMPLATE_BYTES || !vtl_afford(r, 64 * text.len)) {
		vtl_fail(r, "#evaluate: the text is too long");
		return;
	}
	struct vtl t = r->t;
	t.source = vtl_valid(r, text);
	copy_names(&t.names, r->arena);
	if (!vtl_parse(r->arena, &t, &at, &what)) {
		vtl_fail(r, "#evaluate: %s", what);
		return;
	}
	r->t.names = t.names;
	r->t.macros = t.macros;
	begin_vars(r);
	render(r, t.root);
	break_ends(r, NULL);
}

/* Statements */

static void render_one(struct vtl_run *r, const struct vtl_node *n)
{
	switch ((int)n->op) {
	case VTL_OP_TEXT:
		put(r, n->text);
		break;
	case VTL_OP_REF:
		render_ref(r, n);
		break;
	case VTL_OP_IF:
		run_if(r, n);
		break;
	case VTL_OP_SET:
		run_set(r, n);
		break;
	case VTL_OP_FOREACH:
		run_foreach(r, n);
		break;
	case VTL_OP_CALL:
		run_call(r, n);
		break;
	case VTL_OP_DEFINE:
		set(r, n->slot, new_body(r, n->last, MAX_DEFINE_DEPTH));
		break;
	case VTL_OP_EVALUATE:
		run_evaluate(r, n);
		break;
	case VTL_OP_BREAK:
		run_break(r, n);
		break;
	case VTL_OP_STOP:
		r->end = VTL_STOPPING;
		break;
	case VTL_OP_MISSING_FILE:
		vtl_fail(r, "#%.*s: there are no files here", (int)n->text.len, n->text.p);
		break;
	default: /* a value where a block was expected prints nothing */
		break;
	}
}

static void render(struct vtl_run *r, const struct vtl_node *n)
{
	if (vtl_enter(r)) {
		if (n->op != VTL_OP_BLOCK)
			render_one(r, n);
		for (const struct vtl_node *c = n->op == VTL_OP_BLOCK ? n->child : NULL;
		     c && !r->error && r->end == VTL_GOING; c = c->next) {
			vtl_spend(r, 1);
			render_one(r, c);
		}
	}
	vtl_leave(r);
}

/* What goes out is UTF-8: halves of pairs, should there be any, are put together or replaced. */
static void encode_output(struct vtl_run *r)
{
	size_t n = r->out->len - r->out_start;
	const char *from = str_c(r->out) + r->out_start;
	if (n == 0 || !memchr(from, 0xed, n) || utf8_invalid_at(from, n) == n)
		return;
	struct str fixed = {0};
	java_encode(&fixed, (struct slice){from, n});
	str_truncate(r->out, r->out_start);
	str_addn(r->out, str_c(&fixed), fixed.len);
	str_clear(&fixed);
}

bool vtl_run(const struct vtl *t, struct vtl_env *env, struct str *out, const char **error)
{
	struct vtl_run r = {
		.env = env,
		.arena = env->arena,
		.t = *t,
		.plain = env->vars != NULL,
		.out = out,
		.out_start = out->len,
		.arena_start = env->arena->total,
	};
	begin_vars(&r);
	render(&r, t->root);
	if (!r.error)
		vtl_gateway_end(&r);
	encode_output(&r);
	for (size_t i = 0; i < r.regex_count; i++)
		regex_free(r.regexes[i].re);
	*error = r.error;
	return !r.error;
}
