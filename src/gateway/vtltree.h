/* vtltree.h -- a compiled template: its tree, made once by vtlparse.c and walked by vtl.c. Private
 * to vtl. */
#ifndef GATEWAY_VTLTREE_H
#define GATEWAY_VTLTREE_H

#include "gateway/vtl.h"

enum vtl_op {
	VTL_OP_TEXT,  /* text */
	VTL_OP_BLOCK, /* children: statements */
	VTL_OP_REF,   /* ref */
	VTL_OP_IF,    /* children: condition, block, [condition, block]..., [block] */
	VTL_OP_SET,   /* children: reference, value */
	VTL_OP_CALL,  /* a macro: name, children: arguments, [block]; text: as written */
	VTL_OP_MACRO, /* a definition: nothing is printed */
	VTL_OP_FOREACH,
	VTL_OP_DEFINE,
	VTL_OP_EVALUATE,
	VTL_OP_BREAK,
	VTL_OP_STOP,
	VTL_OP_MISSING_FILE, /* #include, #parse: there are no files */
	/* values */
	VTL_OP_STRING, /* text */
	VTL_OP_FILLED, /* a string with references: child: block, whose last character is cut if cut
			*/
	VTL_OP_NUMBER, /* text */
	VTL_OP_TRUE,
	VTL_OP_FALSE,
	VTL_OP_LIST,
	VTL_OP_MAP,   /* children: key, value, ... */
	VTL_OP_RANGE, /* children: from, to */
	VTL_OP_WORD,  /* of a directive's arguments */
	/* expressions */
	VTL_OP_OR,
	VTL_OP_AND,
	VTL_OP_CHAIN, /* operators of one rank, from the left: each child but the first is a step */
	VTL_OP_NOT,
	VTL_OP_PAREN, /* child: a reference or range, in parentheses; text: as written */
	/* steps of a reference */
	VTL_OP_PROPERTY, /* name */
	VTL_OP_METHOD,   /* name, children: arguments */
	VTL_OP_INDEX,    /* child */
};

enum vtl_ref_flags {
	VTL_REF_QUIET = 1,
	VTL_REF_ESCAPED = 2,
	VTL_REF_RUNT = 4, /* no variable: always null, printed as null_text even where null is "" */
	VTL_REF_ODD = 8,  /* ${x} or $!x: #set of it sets nothing, as in Velocity */
};

struct vtl_ref {
	int flags;
	int slot;                   /* of its variable */
	struct slice escapes, more; /* backslashes and '$' before it */
	struct slice null_text;     /* what it prints when null */
	struct slice literal;       /* as written */
};

struct vtl_node {
	enum vtl_op op;

	int operator; /* enum vtl_kind, of a step of CHAIN */
	bool cut;
	int slot;  /* of a name: FOREACH, DEFINE: the variable; CALL, MACRO: the name itself */
	size_t at; /* where in the template, bytes */
	struct slice
		text; /* name or text; of RANGE and CHAIN: as it was written, as Velocity has it */
	struct slice operand; /* of a step: what stands behind the operator, as it was written */
	struct vtl_ref *ref;
	struct vtl_node *child, *last, *next;
	size_t count;
};

/* Names of variables and macros, numbered. */
struct vtl_names {
	struct arena *arena;
	struct slice *items;
	size_t count, cap;
	uint32_t *index; /* hash: number + 1, 0: free */
	size_t index_cap;
};
int vtl_name(struct vtl_names *n, struct slice name); /* its number; added when new */

/* A parameter of a macro has the number of the variable of its name. */
struct vtl_macro {
	int name;
	int *params;
	size_t param_count;
	struct slice
		*literals; /* "$a": references that print the argument as written when it is null */
	const struct vtl_node *body;
	struct vtl_macro *next; /* the one defined before */
};

enum vtl_own_name { VTL_FOREACH_NAME, VTL_COUNT_NAME, VTL_NEXT_NAME, VTL_BODY_NAME, VTL_OWN_NAMES };

struct vtl {
	struct slice source; /* copied */
	const char *file;    /* copied; NULL: none */
	int line;
	struct vtl_node *root;
	struct vtl_names names;
	struct vtl_macro *macros;     /* the last defined first */
	int own_names[VTL_OWN_NAMES]; /* numbers of the variables that loops and macros set */
};

/* Parse into t, whose names and macros are added to (for #evaluate they are those of the template
 * that is running). False: an error; *at is where (byte), *what says what, in the arena. */
bool vtl_parse(struct arena *a, struct vtl *t, size_t *at, const char **what);

#endif
