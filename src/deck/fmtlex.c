/* fmtlex.c -- a YAML source cut into lexemes, with the tree that libyaml made of it as a guide.
 *
 * A second YAML reader would be wrong somewhere. This is none: the tree says where every scalar
 * starts and what it holds, so all that is found here is where each ends. For quoted scalars that
 * is the closing quote. Plain and block scalars have no escapes, so their characters other than
 * white space stand in the source in the same order as in the text: as many are skipped as the text
 * has, each compared, which needs no rule about indentation or about what may follow. Between
 * scalars there is only punctuation, comments and white space; anything else is refused, and the
 * file is left as it is.
 */
#include "deck/fmt.h"

#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

/* A place in the source. */
struct place {
	size_t at;
	int line, col;
};

struct lexer {
	struct lexemes *out;
	const char *source;
	size_t n;
	struct place p;
	const struct node **scalars; /* that have text in the source, in its order */
	size_t scalar_count, scalar_cap, next;
	int flow; /* depth of brackets */
	const char *problem;
	int problem_line;
};

static bool fail(struct lexer *x, const char *problem)
{
	x->problem = problem;
	x->problem_line = x->p.line;
	return false;
}

static int peek(const struct lexer *x, size_t ahead)
{
	return x->p.at + ahead < x->n ? (unsigned char)x->source[x->p.at + ahead] : -1;
}

static bool is_blank(int c)
{
	return c == ' ' || c == '\t';
}

static bool is_space(int c)
{
	return is_blank(c) || c == '\n';
}

static bool ends_word(int c)
{
	return c < 0 || is_space(c);
}

/* One byte; continuation bytes do not count as columns. */
static void step(struct lexer *x)
{
	unsigned char c = (unsigned char)x->source[x->p.at++];

	if (c == '\n') {
		x->p.line++;
		x->p.col = 0;
	} else if ((c & 0xC0) != 0x80) {
		x->p.col++;
	}
}

static void step_to(struct lexer *x, size_t at)
{
	while (x->p.at < at)
		step(x);
}

static void skip_space(struct lexer *x)
{
	while (is_space(peek(x, 0)))
		step(x);
}

/* Scalars of the tree in source order. An empty plain one has no text in the source. */
static void gather(struct lexer *x, const struct node *n)
{
	if (n->key)
		gather(x, n->key);
	if (n->kind == NODE_TEXT && !(n->plain && n->len == 0)) {
		x->scalars = array_grow(x->scalars, &x->scalar_cap, x->scalar_count + 1,
					sizeof(*x->scalars));
		x->scalars[x->scalar_count++] = n;
	}
	for (const struct node *c = n->child; c; c = c->next)
		gather(x, c);
}

static struct lexeme *add(struct lexer *x, enum lexeme_kind kind, struct place from)
{
	struct lexemes *l = x->out;

	l->items = array_grow(l->items, &l->cap, l->count + 1, sizeof(*l->items));
	l->items[l->count] = (struct lexeme){
		.kind = kind,
		.start = from.at,
		.end = x->p.at,
		.line = from.line,
		.end_line = x->p.line,
		.col = from.col,
	};
	return &l->items[l->count++];
}

/* Scalars */

static bool skip_double_quoted(struct lexer *x)
{
	step(x);
	while (peek(x, 0) >= 0 && peek(x, 0) != '"') {
		if (peek(x, 0) == '\\' && peek(x, 1) >= 0)
			step(x);
		step(x);
	}
	if (peek(x, 0) < 0)
		return fail(x, "a quoted text has no end");
	step(x);
	return true;
}

static bool skip_single_quoted(struct lexer *x)
{
	step(x);
	while (peek(x, 0) >= 0 && (peek(x, 0) != '\'' || peek(x, 1) == '\'')) {
		if (peek(x, 0) == '\'')
			step(x);
		step(x);
	}
	if (peek(x, 0) < 0)
		return fail(x, "a quoted text has no end");
	step(x);
	return true;
}

/* Skip the characters of text in the source, whatever white space lies between them. */
static bool skip_text(struct lexer *x, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (is_space((unsigned char)text[i]))
			continue;
		skip_space(x);
		if (peek(x, 0) != (unsigned char)text[i])
			return fail(x, "a text cannot be found again");
		step(x);
	}
	return true;
}

static bool skip_alias(struct lexer *x)
{
	while (!ends_word(peek(x, 0)) && !strchr(",[]{}", peek(x, 0)))
		step(x);
	return true;
}

static size_t line_end(const struct lexer *x, size_t at)
{
	const char *nl = at < x->n ? memchr(x->source + at, '\n', x->n - at) : NULL;

	return nl ? (size_t)(nl - x->source) : x->n;
}

/* The first line from p on that holds more than blanks, or the end of the string. */
static const char *first_line(const char *p)
{
	while (*p && p[strspn(p, " \t")] == '\n')
		p += strcspn(p, "\n") + 1;
	return p;
}

/* By how many columns a block scalar is indented: its first line has that many blanks more in the
 * source than in the text. */
static size_t block_indent(const struct lexer *x, const char *text)
{
	size_t there = strspn(first_line(x->source + line_end(x, x->p.at) + 1), " ");
	size_t inner = strspn(first_line(text), " ");

	return there > inner ? there - inner : 0;
}

/* To the end of the last line of a block scalar, from its last word. Lines of blanks alone belong
 * to it when they are longer than its indentation, and so do empty ones before them or with '+'. */
static void skip_block_end(struct lexer *x, const struct lexeme *lex)
{
	struct place last;

	step_to(x, line_end(x, x->p.at));
	last = x->p;
	for (size_t start = x->p.at + 1; start < x->n; start = x->p.at + 1) {
		size_t end = line_end(x, start), blanks = strspn(x->source + start, " \t");

		if (start + blanks < end)
			break;
		step_to(x, end);
		if (lex->keeps || blanks > lex->indent)
			last = x->p;
	}
	x->p = last;
}

static bool skip_block(struct lexer *x, const struct node *n, struct lexeme *lex)
{
	size_t words = strspn(n->text, " \t\n");

	lex->block = true;
	lex->keeps = memchr(x->source + x->p.at, '+', strcspn(x->source + x->p.at, "# \n"));
	if (words == n->len && strspn(n->text, "\n") < n->len)
		return fail(x, "a block text holds nothing but blanks");
	if (words == n->len) {
		for (size_t i = 0; i <= n->len; i++)
			step_to(x, line_end(x, x->p.at + (i > 0)));
		return true;
	}
	lex->indent = block_indent(x, n->text);
	step_to(x, line_end(x, x->p.at));
	if (!skip_text(x, n->text, n->len))
		return false;
	skip_block_end(x, lex);
	return true;
}

/* Anchors and tags stand before their scalar, on its line. */
static bool skip_properties(struct lexer *x)
{
	while (peek(x, 0) == '&' || peek(x, 0) == '!') {
		while (!ends_word(peek(x, 0)))
			step(x);
		while (is_blank(peek(x, 0)))
			step(x);
	}
	return !ends_word(peek(x, 0)) || fail(x, "an anchor or a tag stands alone in its line");
}

static bool skip_scalar(struct lexer *x, const struct node *n, struct lexeme *lex)
{
	if (!skip_properties(x))
		return false;
	switch (peek(x, 0)) {
	case '"':
		return skip_double_quoted(x);
	case '\'':
		return skip_single_quoted(x);
	case '*':
		return skip_alias(x);
	case '|':
	case '>':
		return skip_block(x, n, lex);
	default:
		return skip_text(x, n->text, n->len);
	}
}

static bool lex_scalar(struct lexer *x)
{
	const struct node *n = x->scalars[x->next++];
	struct place from = x->p;
	struct lexeme found = {0};

	if (!skip_scalar(x, n, &found))
		return false;
	struct lexeme *lex = add(x, LEX_SCALAR, from);

	lex->block = found.block;
	lex->keeps = found.keeps;
	lex->indent = found.indent;
	return true;
}

/* What stands between scalars */

static bool lex_rest_of_line(struct lexer *x, enum lexeme_kind kind)
{
	struct place from = x->p;
	size_t end = line_end(x, x->p.at);

	while (end > from.at && is_blank((unsigned char)x->source[end - 1]))
		end--;
	step_to(x, end);
	add(x, kind, from);
	return true;
}

static bool lex_bytes(struct lexer *x, enum lexeme_kind kind, size_t n)
{
	struct place from = x->p;

	step_to(x, x->p.at + n);
	add(x, kind, from);
	return true;
}

static bool is_marker(const struct lexer *x)
{
	const char *p = x->source + x->p.at;

	return x->p.col == 0 && x->flow == 0 && ends_word(peek(x, 3)) &&
	       (str_starts(p, "---") || str_starts(p, "..."));
}

static bool lex_punctuation(struct lexer *x)
{
	int c = peek(x, 0);

	if (c == '#')
		return lex_rest_of_line(x, LEX_COMMENT);
	if (c == '%' && x->p.col == 0 && x->next == 0)
		return lex_rest_of_line(x, LEX_MARK);
	if (is_marker(x))
		return lex_bytes(x, LEX_MARK, 3);
	if (c == ':')
		return lex_bytes(x, LEX_COLON, 1);
	if (c == '-' && x->flow == 0 && ends_word(peek(x, 1)))
		return lex_bytes(x, LEX_DASH, 1);
	if (c == '[' || c == '{') {
		x->flow++;
		return lex_bytes(x, LEX_OPEN, 1);
	}
	if (x->flow > 0 && (c == ']' || c == '}')) {
		x->flow--;
		return lex_bytes(x, LEX_CLOSE, 1);
	}
	if (x->flow > 0 && c == ',')
		return lex_bytes(x, LEX_COMMA, 1);
	return fail(x,
		    c == '?' ? "keys written with \"?\" are not laid out" : "this is not laid out");
}

static bool at_scalar(const struct lexer *x)
{
	const struct node *n = x->next < x->scalar_count ? x->scalars[x->next] : NULL;

	return n && n->line == x->p.line && n->col == x->p.col + 1;
}

bool fmt_lex(struct lexemes *out, const char *source, size_t n, const struct node *root,
	     const char **problem, int *line)
{
	struct lexer x = {.out = out, .source = source, .n = n, .p = {.line = 1}};
	bool ok = true;

	*out = (struct lexemes){.source = source};
	gather(&x, root);
	for (skip_space(&x); ok && x.p.at < n; skip_space(&x))
		ok = at_scalar(&x) ? lex_scalar(&x) : lex_punctuation(&x);
	if (ok && x.next < x.scalar_count)
		ok = fail(&x, "a text cannot be found again");
	free(x.scalars);
	*problem = x.problem;
	*line = x.problem_line;
	return ok;
}

void fmt_lexemes_clear(struct lexemes *l)
{
	free(l->items);
	*l = (struct lexemes){0};
}
