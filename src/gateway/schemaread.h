/* schemaread.h -- a schema being compiled, as schemaread.c and schemakeys.c share it. */
#ifndef GATEWAY_SCHEMAREAD_H
#define GATEWAY_SCHEMAREAD_H

#include "gateway/schemanode.h"

/* A document that schemas are read from. */
struct document {
	const struct node *root;
	struct document *next;
};
/* A schema with an id, by its whole address. */
struct named {
	const char *id;
	const struct node *node;
	struct document *in;
	struct named *next;
};
/* A reference to be followed. */
struct pending {
	struct subschema *from;
	const struct node *ref;
	const char *base;
	struct document *in;
	struct pending *next;
};
struct made {
	const struct node *node;
	struct subschema *schema;
};
struct reader {
	struct arena *arena;
	struct schema *schema;
	const char *file;
	const struct node *(*resolve)(void *ctx, const char *ref);
	void *ctx;
	struct diags *d;
	struct document *documents;
	struct named *named;
	struct pending *pending;
	struct made *made; /* by node, open addressing */
	size_t made_size, made_count;
};
/* Where one schema is being read. */
struct place {
	struct reader *r;
	const struct node *node;
	const char *base; /* address that references start from */
	struct document *in;
};

/* Add an error at a node; false. */
bool schema_fail(const struct place *p, const struct node *at, const char *code, const char *what);
/* A schema, compiled when it is met first. NULL: at least one error. */
struct subschema *schema_read(struct reader *r, const struct node *n, const char *base,
			      struct document *in);
/* n, a member of the schema at p. What is no keyword is passed over. */
bool schema_read_keyword(const struct place *p, const struct node *n, struct subschema *s);

#endif
