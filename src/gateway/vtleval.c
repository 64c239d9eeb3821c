/* vtleval.c -- references, values and conditions. A condition is not a value made boolean: a
 * number, a text or a sum is false and not even worked out, a reference is true unless it is null
 * or false. */
#include "gateway/vtllex.h"
#include "gateway/vtlrun.h"

#include <string.h>

/* References */

#define MAX_ARGS 16 /* of a method; none has more than 2 */

static struct vtl_value call_step(struct vtl_run *r, struct vtl_value self,
				  const struct vtl_node *n)
{
	struct vtl_value args[MAX_ARGS];
	size_t count = 0;
	for (const struct vtl_node *a = n->child; a && !r->error; a = a->next) {
		struct vtl_value v = vtl_eval(r, a);
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
	struct vtl_value at = vtl_eval(r, n->child);
	return r->error ? vtl_null() : vtl_index(r, self, at);
}

/* Up to the step before `end`; NULL: all. */
struct vtl_value vtl_walk(struct vtl_run *r, const struct vtl_node *n, const struct vtl_node *end)
{
	struct vtl_value v = vtl_get(r, n->slot);
	const struct vtl_node *s = n->child;
	if (s && s != end && s->next && s->next != end && s->op == VTL_OP_PROPERTY &&
	    s->next->op == VTL_OP_PROPERTY && vtl_identity(r, v, s->text, s->next->text, &v))
		s = s->next->next;
	for (; s != end && v.type != VTL_NULL && !r->error; s = s->next)
		v = take_step(r, v, s);
	return r->error ? vtl_null() : v;
}

static struct vtl_value ref_value(struct vtl_run *r, const struct vtl_node *n)
{
	return n->ref->flags & VTL_REF_RUNT ? vtl_null() : vtl_walk(r, n, NULL);
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
	vtl_put(r, ref->escapes);
	if (!silent) /* twice, so that backslashes before what is no reference stay */
		vtl_put(r, ref->escapes);
	vtl_put(r, ref->more);
	if (!silent)
		vtl_put(r, null_text(r, n));
}

void vtl_render_ref(struct vtl_run *r, const struct vtl_node *n)
{
	const struct vtl_ref *ref = n->ref;
	struct vtl_value v = ref_value(r, n);
	if (r->error)
		return;
	if (ref->flags & VTL_REF_ESCAPED) {
		vtl_put(r, ref->escapes);
		if (v.type == VTL_NULL)
			vtl_put(r, (struct slice){"\\", 1});
		vtl_put(r, null_text(r, n));
		return;
	}
	if (v.type == VTL_NULL) {
		render_null(r, n);
		return;
	}
	size_t start = r->out->len;
	if (v.type != VTL_BODY) { /* a body prints itself alone */
		vtl_put(r, ref->escapes);
		vtl_put(r, ref->more);
	}
	bool printed = v.type == VTL_BODY ? vtl_render_body(r, v.body) : vtl_print(r, v);
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
		vtl_list_add(r, v.list, vtl_eval(r, c));
	return v;
}

static struct vtl_value map_value(struct vtl_run *r, const struct vtl_node *n)
{
	struct vtl_value v = vtl_map_new(r);
	for (const struct vtl_node *c = n->child; c && !r->error; c = c->next->next) {
		struct vtl_value key = vtl_eval(r, c);
		vtl_map_put(r, v.map, key, vtl_eval(r, c->next));
	}
	return v;
}

/* From one whole number to another, up or down; null where an end is none. */
static struct vtl_value range_value(struct vtl_run *r, const struct vtl_node *n)
{
	struct vtl_value from = vtl_eval(r, n->child);
	struct vtl_value to = vtl_eval(r, n->child->next);
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
	vtl_render(r, n->child);
	struct slice s = vtl_cut(r, start);
	if (n->cut && s.len)
		s.len--;
	return vtl_string(s);
}

/* A text plus null: what was null, as it was written. Of several sums in a row that is what stands
 * behind the last operator. */
static struct vtl_value as_written(struct vtl_value v, struct vtl_value other,
				   const struct vtl_node *step, struct slice text)
{
	bool needed =
		step->operator== VTL_PLUS && v.type == VTL_NULL && other.type == VTL_STRING_VALUE;
	return needed ? vtl_string(text) : v;
}

static struct slice text_of(const struct vtl_node *n)
{
	return n->op == VTL_OP_REF ? n->ref->literal : n->text;
}

static struct vtl_value chain_value(struct vtl_run *r, const struct vtl_node *n)
{
	struct vtl_value v = vtl_eval(r, n->child);
	struct slice text = text_of(n->child);
	for (const struct vtl_node *c = n->child->next; c && !r->error; c = c->next) {
		struct vtl_value right = vtl_eval(r, c);
		struct vtl_value a = as_written(v, right, c, text);
		struct vtl_value b = as_written(right, v, c, text_of(c));
		v = r->error ? vtl_null() : vtl_apply(r, c->operator, a, b);
		text = c->operand;
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
	case VTL_OP_PAREN:
		return vtl_eval(r, n->child);
	case VTL_OP_OR:
	case VTL_OP_AND:
	case VTL_OP_NOT:
		return vtl_bool(vtl_true(r, n));
	default:
		return vtl_null();
	}
}

struct vtl_value vtl_eval(struct vtl_run *r, const struct vtl_node *n)
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
		if (vtl_true(r, c) == any)
			return any;
	return !any;
}

static bool true_inside(struct vtl_run *r, const struct vtl_node *n)
{
	if (n->op == VTL_OP_REF)
		return ref_true(r, n);
	if (n->op == VTL_OP_NOT || n->op == VTL_OP_PAREN)
		return vtl_true(r, n->child) == (n->op == VTL_OP_PAREN);
	if (n->op == VTL_OP_OR || n->op == VTL_OP_AND)
		return logic_true(r, n);
	if (n->op != VTL_OP_CHAIN || n->last->operator<VTL_LT) /* sums are not even worked out */
		return false;
	struct vtl_value v = chain_value(r, n);
	return v.type == VTL_BOOL && v.yes;
}

bool vtl_true(struct vtl_run *r, const struct vtl_node *n)
{
	bool yes = n->op == VTL_OP_TRUE || (vtl_enter(r) && true_inside(r, n));
	if (n->op != VTL_OP_TRUE)
		vtl_leave(r);
	return yes && !r->error;
}
