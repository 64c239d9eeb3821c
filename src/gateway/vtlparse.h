/* vtlparse.h -- what the two halves of the parser of templates share: vtlparse.c has the
 * statements, vtlexpr.c what stands within parentheses and references. Private to vtl. */
#ifndef GATEWAY_VTLPARSE_H
#define GATEWAY_VTLPARSE_H

#include "gateway/vtllex.h"
#include "gateway/vtltree.h"

struct vtl_parser {
	struct arena *arena;
	struct vtl *t;
	struct vtl_lexer lexer;
	struct vtl_token *token; /* the last one used */
	size_t base;             /* of lexer.text in the source, for positions */
	int nest;
	const char *error; /* NULL: none yet */
	size_t error_at;
};

/* All functions that return a node give NULL when there is an error, which then is the parser's. */

/* Set the error, the first one counts. NULL. */
void *parser_fail(struct vtl_parser *p, size_t at, const char *what);
size_t parser_where(const struct vtl_parser *p, const struct vtl_token *t);
/* The k-th token from here; 1 is the next. A token is read when it is first looked at, in the
 * lexer's state then. */
struct vtl_token *parser_peek(struct vtl_parser *p, int k);
enum vtl_kind parser_kind(struct vtl_parser *p, int k);
bool parser_at(struct vtl_parser *p, enum vtl_kind kind);
struct vtl_token *parser_take(struct vtl_parser *p);
bool parser_skip(struct vtl_parser *p, enum vtl_kind kind); /* take it if it is next */
bool parser_want(struct vtl_parser *p, enum vtl_kind kind, const char *wanted);
void parser_unexpected(struct vtl_parser *p, const char *wanted);
/* One level deeper, MAX_VTL_NEST at most; p->nest-- leaves it. */
bool parser_enter(struct vtl_parser *p);
/* A node that stands where the last token does; a child put behind the others. */
struct vtl_node *parser_node(struct vtl_parser *p, enum vtl_op op);
struct vtl_node *vtl_add(struct vtl_node *parent, struct vtl_node *child);
/* The tokens from first to last as they were written, but for what comments skipped; with the
 * special text before them if specials. */
struct slice parser_written(struct vtl_parser *p, const struct vtl_token *first,
			    const struct vtl_token *last, bool specials);

/* vtlexpr.c */
bool parser_starts_value(enum vtl_kind k);
struct vtl_node *parser_simple(struct vtl_parser *p, enum vtl_op op); /* of one token: its text */
struct vtl_node *parse_vtl_reference(struct vtl_parser *p);
struct vtl_node *parse_vtl_value(struct vtl_parser *p);
struct vtl_node *parse_vtl_expression(struct vtl_parser *p);
/* vtlparse.c: statements up to what is none. */
struct vtl_node *parse_vtl_block(struct vtl_parser *p);

#endif
