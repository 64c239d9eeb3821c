/* vtllex.h -- the tokens of a template. Velocity's lexer is a machine of states and a stack of
 * them, driven from both sides: what a '$' or '(' means depends on where it stands, and the parser
 * changes the state between tokens. Private to vtl. */
#ifndef GATEWAY_VTLLEX_H
#define GATEWAY_VTLLEX_H

#include "base/diag.h"
#include "base/str.h"

enum vtl_kind {
	VTL_EOF,
	VTL_INDEX_OPEN,
	VTL_INDEX_CLOSE,
	VTL_LBRACKET,
	VTL_RBRACKET,
	VTL_COMMA,
	VTL_DOUBLEDOT,
	VTL_COLON,
	VTL_LEFT_CURLY,
	VTL_RIGHT_CURLY,
	VTL_LPAREN,
	VTL_RPAREN,
	VTL_CALL_RPAREN, /* of a method call */
	VTL_ESCAPED_DIRECTIVE,
	VTL_SET,
	VTL_DOLLAR, /* never a token: with the next piece it becomes one, as do the four below */
	VTL_DOLLARBANG,
	VTL_OPEN_TEXTBLOCK,
	VTL_OPEN_FORMAL,
	VTL_OPEN_MULTI,
	VTL_HASH,
	VTL_COMMENT_START,
	VTL_DOUBLE_ESCAPE,
	VTL_ESCAPE,
	VTL_TEXT,
	VTL_COMMENT_LINE_END,
	VTL_FORMAL_END,
	VTL_MULTI_END,
	VTL_TEXTBLOCK,
	VTL_SKIPPED, /* a character of a comment */
	VTL_MORE,    /* a character of a text block */
	VTL_WHITESPACE,
	VTL_STRING,
	VTL_TRUE,
	VTL_FALSE,
	VTL_MINUS,
	VTL_PLUS,
	VTL_MULTIPLY,
	VTL_DIVIDE,
	VTL_MODULUS,
	VTL_AND,
	VTL_OR,
	VTL_LT,
	VTL_LE,
	VTL_GT,
	VTL_GE,
	VTL_EQ,
	VTL_NE,
	VTL_NOT,
	VTL_EQUALS,
	VTL_END,
	VTL_IF,
	VTL_ELSEIF,
	VTL_ELSE,
	VTL_INTEGER,
	VTL_FLOAT,
	VTL_WORD,
	VTL_BRACKETED_WORD,
	VTL_IDENTIFIER,
	VTL_DOT,
	VTL_LCURLY,
	VTL_RCURLY,
	VTL_REFERENCE_TERMINATOR, /* special: goes before the next token */
	VTL_DIRECTIVE_TERMINATOR, /* special */
	VTL_EMPTY_INDEX,
	VTL_KIND_COUNT
};
enum vtl_state {
	VTL_IN_TEXT,
	VTL_IN_REFERENCE,
	VTL_IN_MODIFIER, /* behind the dot */
	VTL_IN_CALL,     /* behind the parenthesis of a call */
	VTL_IN_INDEX,
	VTL_IN_PRE_DIRECTIVE, /* behind '#' */
	VTL_IN_DIRECTIVE,
	VTL_IN_TEXTBLOCK,
	VTL_IN_MULTI_COMMENT,
	VTL_IN_FORMAL_COMMENT,
	VTL_IN_LINE_COMMENT,
};

struct vtl_token {
	enum vtl_kind kind;
	struct slice image; /* with the pieces before it that became part of it: "$name", "#if" */
	const char
		*special; /* '$' and '#' that turned out to be text, printed before it; or NULL */
	struct vtl_token *next; /* NULL: not read yet */
};
struct vtl_frame {
	enum vtl_state state;
	int lparen, rparen;
};
struct vtl_lexer {
	struct arena *arena;
	struct slice text;
	size_t pos;
	enum vtl_state state;
	int lparen, rparen;
	bool in_comment, in_set;
	struct vtl_frame *stack; /* heap */
	size_t depth, cap;
	size_t slashes_from, slashes_to; /* the run of backslashes last measured */
	size_t error_at;                 /* where no token fits */
};
/* Starts at the beginning of text, which is borrowed. */
void vtl_lexer_init(struct vtl_lexer *l, struct arena *a, struct slice text);
void vtl_lexer_clear(struct vtl_lexer *l);
/* The next token, in the arena. NULL: what stands at error_at is none. */
struct vtl_token *vtl_lexer_next(struct vtl_lexer *l);
/* For the parser, between tokens: drop to the state below. */
void vtl_lexer_pop(struct vtl_lexer *l);
/* True when a '(' follows, white space before it allowed. */
bool vtl_lexer_at_paren(const struct vtl_lexer *l);

#endif
