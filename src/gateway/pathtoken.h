/* pathtoken.h -- a compiled JSONPath, as jsonpath.c, pathfilter.c and pathwalk.c share it. */
#ifndef GATEWAY_PATHTOKEN_H
#define GATEWAY_PATHTOKEN_H

#include "base/regex.h"
#include "gateway/jsonpath.h"

enum token_kind {
	TOKEN_ROOT,     /* "$": where one is */
	TOKEN_SCAN,     /* ".." */
	TOKEN_WILD,     /* "*" */
	TOKEN_PROPERTY, /* names; more than one make a new map of those that are there */
	TOKEN_ARRAY,
	TOKEN_FILTER,
};
enum array_kind { ARRAY_INDEX, ARRAY_INDEXES, ARRAY_FROM, ARRAY_TO, ARRAY_BETWEEN, ARRAY_SIZE };
struct path_token {
	enum token_kind kind;
	enum array_kind array;
	struct slice *names;
	size_t name_count;
	int *numbers; /* as written; ARRAY_SIZE: added to the length */
	size_t number_count;
	const struct filter *filter; /* NULL: "[?]", which waits for a filter from Java code */
	struct path_token *next;
	bool definite; /* it and all behind it name one place */
	bool upstream; /* the one before and all behind that do too */
};
struct jsonpath {
	struct path_token *root;
	bool from_root; /* written with "$"; "@" is the item that a filter looks at */
};

enum operand_kind { OPERAND_TEXT, OPERAND_PATH, OPERAND_PATTERN };
struct operand {
	enum operand_kind kind;
	struct slice text; /* also the pattern's, as javaregex takes it */
	const struct jsonpath *path;
};
enum filter_kind { FILTER_AND, FILTER_OR, FILTER_EXISTS, FILTER_MISSING, FILTER_COMPARE };
enum compare { COMPARE_EQ, COMPARE_GE, COMPARE_LE, COMPARE_NE, COMPARE_LT, COMPARE_GT, COMPARE_RE };
struct filter {
	enum filter_kind kind;
	const struct filter *a, *b; /* of AND and OR */
	enum compare op;
	struct operand left, right;
};

/* How an evaluation ends. */
enum path_end {
	PATH_FOUND,
	PATH_MISSING,
	PATH_INVALID,
	PATH_NUMBER,
	PATH_CLASS,
	PATH_STATE,
	PATH_NULL,
	PATH_LIMIT
};

/* What all walks of an evaluation share, those in filters too. */
struct path_work {
	size_t steps;
	struct path_pattern {
		const struct operand *of;
		struct regex *re;
		struct path_pattern *next;
	} * patterns;
};
/* One way from a document through a path. */
struct walk {
	struct arena *arena;
	const struct node *root; /* "$" of filters */
	struct path_work *work;
	bool definite;          /* one result, borrowed: one */
	bool require;           /* of filters: what is missing is never passed over */
	const struct node *one; /* NULL: none yet */
	struct node *list;      /* of an indefinite path */
	struct node *last;      /* its end */
	int depth;
};

/* What a compiler needs to know; why is the first thing that is wrong. */
struct path_compiler {
	struct arena *arena;
	int nest;
	const char *why;
};
struct jsonpath *path_compile(struct path_compiler *c, struct slice text);
/* text with "[?(" and ")]". NULL: c->why. */
const struct filter *filter_compile(struct path_compiler *c, struct slice text);
/* Does item pass? Only PATH_FOUND makes *passes count. */
enum path_end filter_apply(struct walk *w, const struct filter *f, const struct node *item,
			   bool *passes);
/* From doc through p: results are added. */
enum path_end path_walk(struct walk *w, const struct jsonpath *p, const struct node *doc);
/* Count work; false: too much of it. */
bool path_step(struct walk *w, size_t n);

/* What Java's String.trim() leaves. */
struct slice path_trim(struct slice s);

#endif
