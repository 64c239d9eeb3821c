/* vtlvar.c -- variables and where they are looked for: in the macros that are being called, from
 * the inside out, then among the template's own. A macro's argument is worked out anew each time it
 * is asked for, in the scope of the call; setting a variable sets it in all scopes on the way. */
#include "gateway/vtlrun.h"

#include <string.h>

/* Give the names that are new since the last time their variables. */
void vtl_begin_vars(struct vtl_run *r)
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

/* Variables */

struct vtl_local *vtl_local_of(struct vtl_scopes *s, int slot)
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
	struct vtl_value v = vtl_enter(r) ? vtl_eval(r, n) : vtl_null();
	vtl_leave(r);
	r->scopes = before;
	return v;
}

struct vtl_value vtl_get(struct vtl_run *r, int slot)
{
	for (struct vtl_scopes *s = r->scopes; s; s = s->outer) {
		struct vtl_local *l = s->null_slot < 0 ? vtl_local_of(s, slot) : NULL;
		if (s->null_slot == slot && s->hides)
			return vtl_null();
		if (l && l->value.type != VTL_NULL)
			return l->value;
		if (l && l->node)
			return value_outside(r, s, l->node);
	}
	return r->vars[slot];
}

void vtl_add_local(struct vtl_run *r, struct vtl_scopes *s, struct vtl_local l)
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
void vtl_set(struct vtl_run *r, int slot, struct vtl_value v)
{
	vtl_spend(r, 1);
	for (struct vtl_scopes *s = r->scopes; s; s = s->outer) {
		struct vtl_local *l = s->null_slot < 0 ? vtl_local_of(s, slot) : NULL;
		if (l)
			l->value = v;
		else if (s->null_slot < 0)
			vtl_add_local(r, s, (struct vtl_local){.slot = slot, .value = v});
		else if (s->null_slot == slot && v.type == VTL_NULL)
			s->hides = true;
	}
	r->vars[slot] = v;
}

void vtl_unset(struct vtl_run *r, int slot)
{
	for (struct vtl_scopes *s = r->scopes; s; s = s->outer) {
		struct vtl_local *l = s->null_slot < 0 ? vtl_local_of(s, slot) : NULL;
		if (l)
			*l = s->locals[--s->count];
		else if (s->null_slot == slot)
			s->hides = false;
	}
	r->vars[slot] = vtl_null();
}

void vtl_put_back(struct vtl_run *r, int slot, struct vtl_value before)
{
	if (before.type != VTL_NULL)
		vtl_set(r, slot, before);
	else
		vtl_unset(r, slot);
}
