/* fmt.h -- inside of deck fmt, for format.c, fmtlex.c and fmtwrite.c alone. */
#ifndef DECK_FMT_H
#define DECK_FMT_H

#include "base/diag.h"
#include "base/str.h"
#include "base/tree.h"

enum lexeme_kind {
	LEX_SCALAR, /* with its anchor or tag, its quotes, or the header and lines of a block */
	LEX_DASH,   /* "-" of a block list */
	LEX_COLON,
	LEX_COMMA,
	LEX_OPEN,    /* "[" or "{" */
	LEX_CLOSE,   /* "]" or "}" */
	LEX_COMMENT, /* from '#' to the end of its line, without trailing blanks */
	LEX_MARK,    /* "---", "..." or a directive */
};

/* A piece of the source; what lies between two of them is white space. */
struct lexeme {
	enum lexeme_kind kind;
	size_t start, end;  /* byte offsets */
	int line, end_line; /* 1-based */
	int col;            /* 0-based, code points */
	bool block;         /* a block scalar: "|" or ">" */
	bool keeps;         /* ... with '+': empty lines after it are its content */
	size_t indent;      /* ... the columns its lines are indented by */
};

struct lexemes {
	const char *source; /* borrowed */
	struct lexeme *items;
	size_t count, cap;
};

/* Cut a YAML source that was read as root into lexemes. Lines end in LF; the source ends in one.
 * False when it holds what fmt does not rewrite: *problem says what, a literal, and *line where. */
bool fmt_lex(struct lexemes *out, const char *source, size_t n, const struct node *root,
	     const char **problem, int *line);
void fmt_lexemes_clear(struct lexemes *l);

/* Write the canonical layout. Same meaning of false. */
bool fmt_write(struct str *out, const struct lexemes *l, const struct node *root,
	       const char **problem, int *line);

#endif
