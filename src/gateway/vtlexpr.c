/* vtlexpr.c -- the inner half of the parser of templates: values, references, expressions. Strings
 * that need no filling are cut out of their quotes here; those with references are templates
 * themselves and parsed as such. */
#include "gateway/javatext.h"
#include "gateway/vtlparse.h"

#include <stdio.h>
#include <string.h>

static struct vtl_node *parse_parameter(struct vtl_parser *p);

/* Strings */

/* \uXXXX in double quotes. UTF-16 as Java has it: a pair of surrogates becomes one character, a
 * lone one is kept as three bytes. */
static bool unescape(struct vtl_parser *p, struct slice *s, size_t at)
{
	if (!memmem(s->p, s->len, "\\u", 2))
		return true;
	char *out = arena_alloc(p->arena, s->len + 1);
	size_t n = 0;
	for (size_t i = 0; i < s->len;) {
		if (s->p[i] != '\\' || i + 1 == s->len || s->p[i + 1] != 'u') {
			out[n++] = s->p[i++];
			continue;
		}
		unsigned cp;
		int used = 0;
		char digits[5] = "";
		memcpy(digits, s->p + i + 2, s->len - i - 2 < 4 ? s->len - i - 2 : 4);
		if (strspn(digits, "0123456789abcdefABCDEF") != 4 ||
		    sscanf(digits, "%4x%n", &cp, &used) != 1)
			return parser_fail(p, at,
					   "\\u must have four hexadecimal digits behind it");
		n += java_put_unit(out, n, cp) - n;
		i += 6;
	}
	*s = (struct slice){out, n};
	return true;
}

/* Two quotes within quotes are one. */
static void undouble(struct vtl_parser *p, struct slice *s, char quote)
{
	if (!memchr(s->p, quote, s->len))
		return;
	char *out = arena_alloc(p->arena, s->len + 1);
	size_t n = 0;
	for (size_t i = 0; i < s->len; i++) {
		out[n++] = s->p[i];
		if (s->p[i] == quote && i + 1 < s->len && s->p[i + 1] == quote)
			i++;
	}
	*s = (struct slice){out, n};
}

/* A string with '$' or '#' in it is a template. Velocity adds a blank to it, so that no '$' ends
 * it, and takes it off what came out; but not where a line comment would swallow it. */
static struct vtl_node *filled(struct vtl_parser *p, struct slice s, size_t at)
{
	struct vtl_node *n = parser_node(p, VTL_OP_FILLED);
	n->cut = !memmem(s.p, s.len, "##", 2);
	char *text = arena_alloc(p->arena, s.len + 2);
	memcpy(text, s.p, s.len);
	text[s.len] = ' ';
	struct vtl_parser inner = {.arena = p->arena, .t = p->t, .base = at, .nest = p->nest};
	vtl_lexer_init(&inner.lexer, p->arena, (struct slice){text, s.len + n->cut});
	inner.token = arena_alloc(p->arena, sizeof(*inner.token));
	struct vtl_node *block = parse_vtl_block(&inner);
	if (block && !inner.error && !parser_at(&inner, VTL_EOF))
		parser_unexpected(&inner, "the end of the string");
	vtl_lexer_clear(&inner.lexer);
	if (!block || inner.error)
		return parser_fail(p, at, inner.error);
	if (n->cut && block->count == 1 && block->child->op == VTL_OP_TEXT) {
		n->op = VTL_OP_STRING;
		n->text = block->child->text;
		n->text.len--;
	}
	vtl_add(n, block);
	return n;
}

static struct vtl_node *parse_string(struct vtl_parser *p)
{
	struct vtl_token *t = parser_take(p);
	if (!t)
		return NULL;
	size_t at = parser_where(p, t);
	char quote = *t->image.p;
	struct slice s = {t->image.p + 1, t->image.len - 2};
	bool fill = quote == '"' && (memchr(s.p, '$', s.len) || memchr(s.p, '#', s.len));
	if (quote == '"' && !unescape(p, &s, at))
		return NULL;
	undouble(p, &s, quote);
	if (fill) {
		if (!parser_enter(p))
			return NULL;
		struct vtl_node *n = filled(p, s, at);
		p->nest--;
		return n;
	}
	struct vtl_node *n = parser_node(p, VTL_OP_STRING);
	n->text = s;
	return n;
}

/* Values */

struct vtl_node *parser_simple(struct vtl_parser *p, enum vtl_op op)
{
	struct vtl_token *t = parser_take(p);
	struct vtl_node *n = t ? parser_node(p, op) : NULL;
	if (n)
		n->text = t->image;
	return n;
}

bool parser_starts_value(enum vtl_kind k)
{
	return k == VTL_IDENTIFIER || k == VTL_LCURLY || k == VTL_STRING || k == VTL_INTEGER ||
	       k == VTL_FLOAT || k == VTL_LBRACKET || k == VTL_LEFT_CURLY || k == VTL_TRUE ||
	       k == VTL_FALSE;
}

static struct vtl_node *parse_elements(struct vtl_parser *p, struct vtl_node *list)
{
	do {
		if (!vtl_add(list, parse_parameter(p)))
			return NULL;
	} while (parser_skip(p, VTL_COMMA));
	return list;
}

/* [a, b] or [a..b]: which it is shows behind the first. */
static struct vtl_node *parse_list(struct vtl_parser *p)
{
	struct vtl_token *open = parser_take(p);
	struct vtl_node *n = open ? parser_node(p, VTL_OP_LIST) : NULL;
	if (!n || parser_skip(p, VTL_RBRACKET))
		return n;
	struct vtl_node *first = vtl_add(n, parse_parameter(p));
	if (!first)
		return NULL;
	bool end_of_range = first->op == VTL_OP_REF || (first->op == VTL_OP_NUMBER && !first->cut);
	if (end_of_range && parser_skip(p, VTL_DOUBLEDOT)) {
		n->op = VTL_OP_RANGE;
		struct vtl_node *last = vtl_add(n, parse_parameter(p));
		if (last && last->op != VTL_OP_REF && (last->op != VTL_OP_NUMBER || last->cut))
			return parser_fail(p, last->at,
					   "a range goes from a whole number to another");
	} else if (parser_skip(p, VTL_COMMA) && !parse_elements(p, n)) {
		return NULL;
	}
	if (!parser_want(p, VTL_RBRACKET, "',' or ']'"))
		return NULL;
	if (n->op == VTL_OP_RANGE)
		n->text = parser_written(p, open, p->token, true);
	return n;
}

static struct vtl_node *parse_map(struct vtl_parser *p)
{
	struct vtl_node *n = parser_take(p) ? parser_node(p, VTL_OP_MAP) : NULL;
	if (!n)
		return NULL;
	int k = parser_kind(p, 1) == VTL_WHITESPACE ? 2 : 1;
	bool empty = parser_kind(p, k) == VTL_RIGHT_CURLY || parser_kind(p, k) == VTL_RCURLY;
	if (empty)
		parser_skip(p, VTL_WHITESPACE);
	while (!empty) {
		if (!vtl_add(n, parse_parameter(p)) || !parser_want(p, VTL_COLON, "':'") ||
		    !vtl_add(n, parse_parameter(p)))
			return NULL;
		if (!parser_skip(p, VTL_COMMA))
			break;
	}
	if (parser_skip(p, VTL_RCURLY))
		return n;
	return parser_want(p, VTL_RIGHT_CURLY, "',' or '}'") ? n : NULL;
}

/* cut tells one with a fraction. A '#' that came before it makes it no number. */
static struct vtl_node *parse_number(struct vtl_parser *p, bool fraction)
{
	struct vtl_node *n = parser_simple(p, VTL_OP_NUMBER);
	if (n && *n->text.p == '#')
		return parser_fail(p, n->at, "this is not a number");
	if (n)
		n->cut = fraction;
	return n;
}

struct vtl_node *parse_vtl_value(struct vtl_parser *p)
{
	struct vtl_node *n = NULL;
	enum vtl_kind k = parser_kind(p, 1);
	if (!parser_starts_value(k)) {
		parser_unexpected(p, "a value");
		return NULL;
	}
	if (k == VTL_IDENTIFIER || k == VTL_LCURLY)
		return parse_vtl_reference(p);
	if (k == VTL_STRING)
		return parse_string(p);
	if (k == VTL_INTEGER || k == VTL_FLOAT)
		return parse_number(p, k == VTL_FLOAT);
	if (k == VTL_TRUE || k == VTL_FALSE)
		return parser_simple(p, k == VTL_TRUE ? VTL_OP_TRUE : VTL_OP_FALSE);
	if (!parser_enter(p))
		return NULL;
	n = k == VTL_LBRACKET ? parse_list(p) : parse_map(p);
	p->nest--;
	return n;
}

static struct vtl_node *parse_parameter(struct vtl_parser *p)
{
	parser_skip(p, VTL_WHITESPACE);
	struct vtl_node *n = parse_vtl_value(p);
	parser_skip(p, VTL_WHITESPACE);
	return p->error ? NULL : n;
}

/* References */

static struct vtl_node *parse_index(struct vtl_parser *p)
{
	struct vtl_node *n = parser_take(p) ? parser_node(p, VTL_OP_INDEX) : NULL;
	if (!n)
		return NULL;
	n->text = p->token->image;
	parser_skip(p, VTL_WHITESPACE);
	enum vtl_kind k = parser_kind(p, 1);
	if (!parser_starts_value(k) || k == VTL_FLOAT || k == VTL_LBRACKET || k == VTL_LEFT_CURLY) {
		parser_unexpected(p, "an index");
		return NULL;
	}
	if (!parser_enter(p) || !vtl_add(n, parse_vtl_value(p)))
		return NULL;
	p->nest--;
	parser_skip(p, VTL_WHITESPACE);
	return parser_want(p, VTL_INDEX_CLOSE, "']'") ? n : NULL;
}

static bool parse_indexes(struct vtl_parser *p, struct vtl_node *ref)
{
	while (parser_at(p, VTL_INDEX_OPEN))
		if (!vtl_add(ref, parse_index(p)))
			return false;
	return !p->error;
}

static struct vtl_node *parse_method(struct vtl_parser *p)
{
	struct vtl_node *n = parser_simple(p, VTL_OP_METHOD);
	if (!n || !parser_take(p) || !parser_enter(p))
		return NULL;
	if (!parser_at(p, VTL_CALL_RPAREN) && !parse_elements(p, n))
		return NULL;
	p->nest--;
	return parser_want(p, VTL_CALL_RPAREN, "',' or ')'") ? n : NULL;
}

/* Velocity looks three tokens ahead: name, parenthesis, and the beginning of an argument. */
static bool at_method(struct vtl_parser *p)
{
	if (parser_kind(p, 1) != VTL_IDENTIFIER || parser_kind(p, 2) != VTL_LPAREN)
		return false;
	enum vtl_kind k = parser_kind(p, 3);
	return k == VTL_CALL_RPAREN || k == VTL_WHITESPACE || parser_starts_value(k);
}

static bool parse_steps(struct vtl_parser *p, struct vtl_node *ref)
{
	if (!parse_indexes(p, ref))
		return false;
	while (parser_at(p, VTL_DOT) && parser_kind(p, 2) == VTL_IDENTIFIER) {
		parser_take(p);
		bool method = at_method(p);
		if (p->error ||
		    !vtl_add(ref, method ? parse_method(p) : parser_simple(p, VTL_OP_PROPERTY)) ||
		    !parse_indexes(p, ref))
			return false;
	}
	return !p->error;
}

/* "$\!name": the backslash is taken away and there is no variable. */
static void escaped_bang(struct vtl_parser *p, struct vtl_ref *r, struct slice image)
{
	const char *end = image.p + image.len;
	const char *dollar = memchr(image.p, '$', image.len);
	const char *slash = memchr(dollar, '\\', (size_t)(end - dollar));
	const char *after = slash;
	while (after < end && *after == '\\')
		after++;
	char *out = arena_alloc(p->arena, image.len + 1);
	size_t head = (size_t)(after - 1 - image.p);
	memcpy(out, image.p, head);
	memcpy(out + head, after, (size_t)(end - after));
	r->null_text = (struct slice){out, head + (size_t)(end - after)};
	r->flags = VTL_REF_RUNT;
}

/* Take off what stands before the '$'. */
static void strip(struct vtl_ref *r, struct slice *image)
{
	size_t n = 0;
	while (n < image->len && image->p[n] == '\\')
		n++;
	if (n % 2)
		r->flags |= VTL_REF_ESCAPED;
	r->escapes = (struct slice){image->p, n / 2};
	image->p += n;
	image->len -= n;
	const char *dollar = memrchr(image->p, '$', image->len);
	size_t more = dollar ? (size_t)(dollar - image->p) : 0;
	r->more = (struct slice){image->p, more};
	image->p += more;
	image->len -= more;
}

static bool image_is(struct slice s, const char *text)
{
	return slice_is(s, text);
}

/* What the reference is called, by the token it begins with. */
static void name_reference(struct vtl_parser *p, struct vtl_ref *r, struct vtl_token *first,
			   struct vtl_token *last)
{
	struct slice image = first->image;
	if (memmem(image.p, image.len, "\\!", 2) && memchr(image.p, '$', image.len)) {
		escaped_bang(p, r, image);
		r->literal = parser_written(p, first, last, true);
		return;
	}
	strip(r, &first->image);
	image = first->image;
	r->literal = parser_written(p, first, last, true);
	r->null_text = r->literal;
	bool quiet = image.len >= 2 && image.p[0] == '$' && image.p[1] == '!';
	if (quiet) {
		r->flags |= VTL_REF_QUIET | VTL_REF_ODD;
		if (!(r->flags & VTL_REF_ESCAPED))
			r->null_text.len = 0;
	}
	if (image_is(image, "${"))
		r->flags |= VTL_REF_ODD;
	if (image_is(image, "${") || image_is(image, "$!{"))
		image = first->next->image;
	else if (image.len && *image.p == '$')
		image = (struct slice){image.p + 1 + quiet, image.len - 1 - quiet};
	else
		r->flags |= VTL_REF_RUNT;
	if (r->flags & VTL_REF_RUNT) {
		r->null_text = image;
		r->escapes.len = r->more.len = 0;
	}
	r->slot = vtl_name(&p->t->names, image);
}

struct vtl_node *parse_vtl_reference(struct vtl_parser *p)
{
	bool braces = parser_at(p, VTL_LCURLY);
	struct vtl_token *first = parser_take(p);
	struct vtl_node *n = first ? parser_node(p, VTL_OP_REF) : NULL;
	if (!n || (braces && !parser_want(p, VTL_IDENTIFIER, "a name")) || !parse_steps(p, n) ||
	    (braces && !parser_want(p, VTL_RCURLY, "'}'")))
		return NULL;
	n->ref = arena_alloc(p->arena, sizeof(*n->ref));
	name_reference(p, n->ref, first, p->token);
	n->slot = n->ref->slot;
	return n;
}

/* Expressions, from the tightest operators to the loosest */

/* Within the parentheses just opened. What is null there and added to a text prints as it was
 * written there. */
static struct vtl_node *parse_in_parens(struct vtl_parser *p)
{
	struct vtl_token *open = p->token;
	struct vtl_node *n = parser_enter(p) ? parse_vtl_expression(p) : NULL;
	p->nest--;
	if (!n)
		return NULL;
	struct slice text = parser_written(p, open->next, p->token, true);
	if (n->op == VTL_OP_REF || n->op == VTL_OP_RANGE) {
		struct vtl_node *paren = parser_node(p, VTL_OP_PAREN);
		vtl_add(paren, n);
		n = paren;
	}
	if (n->op == VTL_OP_PAREN || n->op == VTL_OP_CHAIN)
		n->text = text;
	return parser_want(p, VTL_RPAREN, "')'") ? n : NULL;
}

static struct vtl_node *parse_primary(struct vtl_parser *p)
{
	struct vtl_node *n;
	parser_skip(p, VTL_WHITESPACE);
	n = parser_skip(p, VTL_LPAREN) ? parse_in_parens(p) : parse_vtl_value(p);
	parser_skip(p, VTL_WHITESPACE);
	return p->error ? NULL : n;
}

static struct vtl_node *parse_unary(struct vtl_parser *p)
{
	int k = parser_kind(p, 1) == VTL_WHITESPACE ? 2 : 1;
	if (parser_kind(p, k) != VTL_NOT || p->error)
		return p->error ? NULL : parse_primary(p);
	parser_skip(p, VTL_WHITESPACE);
	parser_take(p);
	struct vtl_node *n = parser_node(p, VTL_OP_NOT);
	if (!parser_enter(p) || !vtl_add(n, parse_unary(p)))
		return NULL;
	p->nest--;
	return n;
}

/* Ranks of operators, the loosest first; the first two are not worked out from left to right but
 * only as far as needed. */
static const struct {
	enum vtl_kind first, last;
	enum vtl_op op;
} ranks[] = {
	{VTL_OR, VTL_OR, VTL_OP_OR},         {VTL_AND, VTL_AND, VTL_OP_AND},
	{VTL_EQ, VTL_NE, VTL_OP_CHAIN},      {VTL_LT, VTL_GE, VTL_OP_CHAIN},
	{VTL_MINUS, VTL_PLUS, VTL_OP_CHAIN}, {VTL_MULTIPLY, VTL_MODULUS, VTL_OP_CHAIN},
};

static struct vtl_node *parse_rank(struct vtl_parser *p, size_t rank)
{
	if (rank == ARRAY_LEN(ranks))
		return parse_unary(p);
	struct vtl_node *first = parse_rank(p, rank + 1);
	struct vtl_node *chain = NULL;
	for (;;) {
		enum vtl_kind k = first ? parser_kind(p, 1) : VTL_EOF;
		if (p->error || k < ranks[rank].first || k > ranks[rank].last)
			break;
		struct vtl_token *operator= parser_take(p);
		if (!chain) {
			chain = parser_node(p, ranks[rank].op);
			vtl_add(chain, first);
		}
		struct vtl_node *step = parse_rank(p, rank + 1);
		if (!vtl_add(chain, step))
			return NULL;
		step->operator= k;
		step->operand = parser_written(p, operator->next, p->token, true);
		chain->text = step->operand;
	}
	return p->error ? NULL : chain ? chain : first;
}

struct vtl_node *parse_vtl_expression(struct vtl_parser *p)
{
	return parse_rank(p, 0);
}
