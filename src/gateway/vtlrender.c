/* vtlrender.c -- statements: what each does is what Velocity 1.7 does, down to its oddities (#set
 * of null sets nothing, #break leaves a macro too, a #define within itself ends at the second
 * level): templates that work on AWS work because of them. */
#include "gateway/vtlrun.h"

#include <string.h>

#define MAX_DEFINE_DEPTH 2 /* of one #define within itself, as in Velocity */

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

/* #set: null sets nothing. */
static void run_set(struct vtl_run *r, const struct vtl_node *n)
{
	const struct vtl_node *ref = n->child;
	struct vtl_value v = vtl_eval(r, ref->next);
	if (v.type == VTL_NULL || r->error || ref->ref->flags & VTL_REF_RUNT)
		return;
	if (!ref->child) {
		if (!(ref->ref->flags & VTL_REF_ODD))
			vtl_set(r, ref->slot, v);
		return;
	}
	const struct vtl_node *last = ref->last;
	struct vtl_value self = vtl_walk(r, ref, last);
	if (self.type == VTL_NULL || r->error)
		return;
	if (last->op == VTL_OP_INDEX)
		vtl_set_index(r, self, vtl_eval(r, last->child), v);
	else
		vtl_set_property(r, self, last->text, v);
}

static void run_if(struct vtl_run *r, const struct vtl_node *n)
{
	const struct vtl_node *c = n->child;
	while (c && c->next) {
		bool yes = vtl_true(r, c);
		if (r->error)
			return;
		if (yes) {
			vtl_render(r, c->next);
			return;
		}
		c = c->next->next;
	}
	if (c)
		vtl_render(r, c);
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
	struct vtl_value v = vtl_eval(r, n->child);
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

/* One turn. The variable may be null: then it hides what has its name. What hides it is made once
 * in a loop, and a loop within that takes the name for itself uncovers it for good: as in Velocity.
 */
static void run_turn(struct vtl_run *r, const struct vtl_node *n, struct vtl_value v,
		     struct vtl_scopes **null)
{
	struct vtl_scopes *outer = r->scopes;
	vtl_set(r, n->slot, v);
	if (v.type == VTL_NULL) {
		if (!*null) {
			*null = vtl_alloc(r, sizeof(**null));
			**null = (struct vtl_scopes){
				.outer = outer, .null_slot = n->slot, .hides = true};
		}
		r->scopes = *null;
	}
	vtl_render(r, n->child->next->next->next);
	r->scopes = outer;
}

static void run_loop(struct vtl_run *r, const struct vtl_node *n, struct vtl_list *l, size_t from,
		     struct vtl_scope *scope)
{
	unsigned changes = l->changes;
	struct vtl_scopes *null = NULL;
	size_t most = r->plain ? MAX_VTL_STEPS : MAX_VTL_LOOP;
	const int *names = r->t.own_names;
	for (size_t i = from; i != l->count && i - from < most && !r->error; i++) {
		if (vtl_list_changed(l, changes)) {
			vtl_fail(r, "#foreach: the list was changed meanwhile");
			return;
		}
		scope->index++;
		scope->has_next = i + 1 < l->count;
		vtl_set(r, names[VTL_COUNT_NAME], vtl_int(scope->index + 1));
		vtl_set(r, names[VTL_NEXT_NAME], vtl_bool(scope->has_next));
		run_turn(r, n, l->items[i], &null);
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
	struct vtl_value v = vtl_eval(r, n->child->next->next);
	struct vtl_list *l = r->error ? NULL : loop_items(r, v, &from);
	if (!l)
		return;
	struct vtl_scope *scope = vtl_alloc(r, sizeof(*scope));
	struct vtl_value before[] = {vtl_get(r, n->slot), vtl_get(r, names[VTL_COUNT_NAME]),
				     vtl_get(r, names[VTL_NEXT_NAME]),
				     vtl_get(r, names[VTL_FOREACH_NAME])};
	*scope = (struct vtl_scope){.index = -1, .parent = before[3]};
	vtl_set(r, names[VTL_FOREACH_NAME], (struct vtl_value){.type = VTL_SCOPE, .scope = scope});
	run_loop(r, n, l, from, scope);
	if (v.type == VTL_ITERATOR)
		v.iterator->at = from + (size_t)(scope->index + 1);
	vtl_put_back(r, n->slot, before[0]);
	vtl_put_back(r, names[VTL_COUNT_NAME], before[1]);
	vtl_put_back(r, names[VTL_NEXT_NAME], before[2]);
	struct vtl_value now = vtl_get(r, names[VTL_FOREACH_NAME]);
	if (now.type == VTL_SCOPE && now.scope == scope)
		vtl_put_back(r, names[VTL_FOREACH_NAME], before[3]);
}

/* #define and macros */

/* False: it goes in circles. */
bool vtl_render_body(struct vtl_run *r, struct vtl_body *b)
{
	if (b->depth >= b->most)
		return false;
	b->depth++;
	vtl_render(r, b->block);
	break_ends(r, NULL);
	b->depth--;
	return true;
}

bool vtl_print_body(struct vtl_run *r, struct vtl_body *b)
{
	struct vtl_scopes *before = r->scopes;
	r->scopes = b->scopes;
	bool has = vtl_render_body(r, b);
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
		if (!vtl_local_of(s, m->params[i]))
			vtl_add_local(r, s, (struct vtl_local){.slot = m->params[i]});
		struct vtl_local *l = vtl_local_of(s, m->params[i]);
		if (is_constant(arg)) {
			l->value = vtl_eval(r, arg);
		} else {
			l->node = arg;
			l->literal = m->literals[i];
		}
	}
}

static void run_call(struct vtl_run *r, const struct vtl_node *n)
{
	const struct vtl_macro *m = find_macro(r, n->slot);
	struct vtl_scopes *outer = r->scopes;
	if (!m) {
		vtl_put(r, n->text);
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
		vtl_add_local(r, scope,
			      (struct vtl_local){.slot = r->t.own_names[VTL_BODY_NAME],
						 .value = new_body(r, n->last, MAX_VTL_CALLS)});
	r->scopes = scope;
	r->calls++;
	vtl_render(r, m->body);
	r->calls--;
	r->scopes = outer;
	break_ends(r, NULL);
}

/* #evaluate: a text as a template, with the variables and macros of this one. */
static void run_evaluate(struct vtl_run *r, const struct vtl_node *n)
{
	struct vtl_value v = vtl_eval(r, n->child);
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
	vtl_begin_vars(r);
	vtl_render(r, t.root);
	break_ends(r, NULL);
}

/* Statements */

static void render_one(struct vtl_run *r, const struct vtl_node *n)
{
	switch ((int)n->op) {
	case VTL_OP_TEXT:
		vtl_put(r, n->text);
		break;
	case VTL_OP_REF:
		vtl_render_ref(r, n);
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
		vtl_set(r, n->slot, new_body(r, n->last, MAX_DEFINE_DEPTH));
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

void vtl_render(struct vtl_run *r, const struct vtl_node *n)
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
