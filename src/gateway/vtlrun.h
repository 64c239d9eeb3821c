/* vtlrun.h -- a run of a template: what its parts share. Private to vtl. */
#ifndef GATEWAY_VTLRUN_H
#define GATEWAY_VTLRUN_H

#include "base/regex.h"
#include "gateway/vtlvalue.h"

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

#define VTL_REGEXES 16    /* kept compiled during a run */
#define MAX_VTL_DEPTH 800 /* of blocks, expressions and calls being worked out */

struct vtl_run {
	struct vtl_env *env;
	struct arena *arena;
	struct vtl t; /* copy: #evaluate may add names and macros */
	bool plain;   /* Velocity as such: see vtl_env.vars */
	struct str *out;
	size_t out_start;
	struct vtl_value *vars; /* by number of name */
	size_t var_count;
	struct vtl_scopes *scopes; /* innermost */
	size_t steps, arena_start;
	int depth, calls;
	const char *error; /* NULL: none */

	/* #break and #stop: what is being left */
	enum { VTL_GOING, VTL_BREAKING, VTL_STOPPING } end;
	const struct vtl_scope *break_to; /* NULL: the nearest */

	/* gateway */
	const struct node *body_json; /* of env->body */
	bool body_read;
	struct vtl_value context_map, request_override, response_override; /* once made */
	struct vtl_value stage_variables, params;
	struct {
		struct slice pattern;
		struct regex *re;
	} regexes[VTL_REGEXES];
	size_t regex_count;
};

/* Set the error, the first one counts. Returns null, so that callers write: return vtl_fail(...).
 */
struct vtl_value vtl_fail(struct vtl_run *r, const char *fmt, ...) PRINTF(2, 3);
void vtl_overrun(struct vtl_run *r);
void vtl_too_deep(struct vtl_run *r);
/* Charge n steps. False: they are used up, or there is an error. */
static inline bool vtl_spend(struct vtl_run *r, size_t n)
{
	r->steps += n;
	if (r->steps > MAX_VTL_STEPS)
		vtl_overrun(r);
	return !r->error;
}
/* Memory for values, charged. Never NULL: what goes over the bound is given out once more, and the
 * error set; callers check sizes that a template can choose with vtl_afford first. */
void *vtl_alloc(struct vtl_run *r, size_t size);
bool vtl_afford(struct vtl_run *r, size_t size);
/* One level deeper; false: too deep. Paired with vtl_leave, also when false. */
static inline bool vtl_enter(struct vtl_run *r)
{
	if (++r->depth > MAX_VTL_DEPTH)
		vtl_too_deep(r);
	return vtl_spend(r, 1);
}
static inline void vtl_leave(struct vtl_run *r)
{
	r->depth--;
}
/* What was printed since start, copied and taken back. */
struct slice vtl_cut(struct vtl_run *r, size_t start);

/* Print a text: what it costs is charged. */
void vtl_put(struct vtl_run *r, struct slice s);

/* vtlvar.c: variables by the numbers of their names; null when there is none. */
void vtl_begin_vars(struct vtl_run *r); /* give names that are new their variables */
struct vtl_value vtl_get(struct vtl_run *r, int slot);
void vtl_set(struct vtl_run *r, int slot, struct vtl_value v);
void vtl_unset(struct vtl_run *r, int slot);
void vtl_put_back(struct vtl_run *r, int slot, struct vtl_value before); /* null: unset */
void vtl_add_local(struct vtl_run *r, struct vtl_scopes *s, struct vtl_local l);
struct vtl_local *vtl_local_of(struct vtl_scopes *s, int slot); /* NULL: none */

/* vtleval.c */
struct vtl_value vtl_eval(struct vtl_run *r, const struct vtl_node *n);
bool vtl_true(struct vtl_run *r, const struct vtl_node *n);
/* A reference's steps up to the one before end; NULL: all. */
struct vtl_value vtl_walk(struct vtl_run *r, const struct vtl_node *n, const struct vtl_node *end);
void vtl_render_ref(struct vtl_run *r, const struct vtl_node *n);

/* vtlrender.c */
void vtl_render(struct vtl_run *r, const struct vtl_node *n);
/* False: it goes in circles. The first in the scopes of now, the other in those of its #define. */
bool vtl_render_body(struct vtl_run *r, struct vtl_body *b);
bool vtl_print_body(struct vtl_run *r, struct vtl_body *b);

/* vtlmethod.c: $v.name(args), $v.name, $v[i], #set($v.name = x), #set($v[i] = x). What there is
 * not is null. */
struct vtl_value vtl_call(struct vtl_run *r, struct vtl_value self, struct slice name,
			  const struct vtl_value *args, size_t count);
struct vtl_value vtl_property(struct vtl_run *r, struct vtl_value self, struct slice name);
struct vtl_value vtl_index(struct vtl_run *r, struct vtl_value self, struct vtl_value at);
void vtl_set_property(struct vtl_run *r, struct vtl_value self, struct slice name,
		      struct vtl_value v);
void vtl_set_index(struct vtl_run *r, struct vtl_value self, struct vtl_value at,
		   struct vtl_value v);
/* vtlstring.c, vtlcollection.c: methods of their types. False: there is no such method. */
struct vtl_args {
	struct slice name;
	const struct vtl_value *v;
	size_t count;
};
/* Whether the arguments are of these kinds, a letter each: t a text, i an int, c a character, l a
 * collection, m a map (t, c, l, m: or null), v anything. */
bool vtl_fits(const struct vtl_args *a, const char *kinds);
bool vtl_string_method(struct vtl_run *r, struct vtl_value self, const struct vtl_args *a,
		       struct vtl_value *out);
bool vtl_number_method(struct vtl_run *r, struct vtl_value self, const struct vtl_args *a,
		       struct vtl_value *out);
bool vtl_list_method(struct vtl_run *r, struct vtl_value self, const struct vtl_args *a,
		     struct vtl_value *out);
bool vtl_map_method(struct vtl_run *r, struct vtl_value self, const struct vtl_args *a,
		    struct vtl_value *out);
/* vtlgateway.c: $input, $context, $util, $stageVariables. */
bool vtl_object_method(struct vtl_run *r, struct vtl_value self, const struct vtl_args *a,
		       struct vtl_value *out);
struct vtl_value vtl_object_property(struct vtl_run *r, struct vtl_value self, struct slice name);
/* $context.identity.NAME at once, without the map between. False: self and name are not that. */
bool vtl_identity(struct vtl_run *r, struct vtl_value self, struct slice name, struct slice next,
		  struct vtl_value *out);
struct vtl_value vtl_variable(struct vtl_run *r, struct slice name); /* as the run begins */
void vtl_gateway_end(struct vtl_run *r);                             /* hands the overrides over */

#endif
