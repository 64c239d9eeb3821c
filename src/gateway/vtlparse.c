/* vtlparse.c -- see vtltree.h. Recursive descent over the tokens as Velocity's grammar has it, with
 * its looks ahead: how far the parser looks before it changes the lexer's state decides how the
 * text that follows is cut, so a token is never read earlier than Velocity reads it.
 *
 * What can be known beforehand is settled here: variables get numbers, strings that need no
 * filling are cut out of their quotes, neighbouring texts become one, the text of a reference that
 * turns out null is kept. Strings with references are templates themselves and parsed as such. */
#include "gateway/javatext.h"
#include "gateway/vtllex.h"
#include "gateway/vtltree.h"

#include <stdio.h>
#include <string.h>

struct parser {
	struct arena *arena;
	struct vtl *t;
	struct vtl_lexer lexer;
	struct vtl_token *token; /* the last one used */
	size_t base;             /* of lexer.text in the source, for positions */
	int nest;
	const char *error; /* NULL: none yet */
	size_t error_at;
};

static struct vtl_node *parse_block(struct parser *p);
static struct vtl_node *parse_expression(struct parser *p);
static struct vtl_node *parse_reference(struct parser *p);
static struct vtl_node *parse_parameter(struct parser *p);

/* Names */

static uint32_t hash_of(struct slice s)
{
	uint32_t h = 2166136261u;
	for (size_t i = 0; i < s.len; i++)
		h = (h ^ (unsigned char)s.p[i]) * 16777619u;
	return h;
}

static void index_put(struct vtl_names *n, size_t number)
{
	size_t i = hash_of(n->items[number]) & (n->index_cap - 1);
	while (n->index[i])
		i = (i + 1) & (n->index_cap - 1);
	n->index[i] = (uint32_t)number + 1;
}

static void names_grow(struct vtl_names *n)
{
	size_t cap = n->cap ? n->cap * 2 : 16;
	struct slice *items = arena_alloc(n->arena, cap * sizeof(*items));
	if (n->count)
		memcpy(items, n->items, n->count * sizeof(*items));
	n->items = items;
	n->cap = cap;
	n->index_cap = cap * 2;
	n->index = arena_alloc(n->arena, n->index_cap * sizeof(*n->index));
	for (size_t i = 0; i < n->count; i++)
		index_put(n, i);
}

int vtl_name(struct vtl_names *n, struct slice name)
{
	if (n->index_cap) {
		size_t i = hash_of(name) & (n->index_cap - 1);
		for (; n->index[i]; i = (i + 1) & (n->index_cap - 1)) {
			struct slice s = n->items[n->index[i] - 1];
			if (s.len == name.len && memcmp(s.p, name.p, s.len) == 0)
				return (int)n->index[i] - 1;
		}
	}
	if (n->count == n->cap)
		names_grow(n);
	n->items[n->count] = name;
	index_put(n, n->count);
	return (int)n->count++;
}

/* Errors and tokens */

static void *fail(struct parser *p, size_t at, const char *what)
{
	if (!p->error) {
		p->error = what;
		p->error_at = at;
	}
	return NULL;
}

static size_t where(const struct parser *p, const struct vtl_token *t)
{
	return p->base + (size_t)(t->image.p - p->lexer.text.p);
}

/* The k-th token from here; 1 is the next. NULL: none fits. */
static struct vtl_token *peek(struct parser *p, int k)
{
	struct vtl_token *t = p->token;
	for (; k > 0 && t; k--) {
		if (!t->next)
			t->next = p->error ? NULL : vtl_lexer_next(&p->lexer);
		t = t->next;
	}
	if (!t) {
		bool end = p->lexer.error_at >= p->lexer.text.len;
		fail(p, p->base + p->lexer.error_at,
		     end ? "the template ends in the middle of something"
			 : "this character cannot stand here");
	}
	return t;
}

static enum vtl_kind kind_at(struct parser *p, int k)
{
	struct vtl_token *t = peek(p, k);
	return t ? t->kind : VTL_EOF;
}

static bool next_is(struct parser *p, enum vtl_kind kind)
{
	return kind_at(p, 1) == kind && !p->error;
}

static struct vtl_token *take(struct parser *p)
{
	struct vtl_token *t = peek(p, 1);
	if (t)
		p->token = t;
	return t;
}

static bool skip(struct parser *p, enum vtl_kind kind)
{
	return next_is(p, kind) && take(p);
}

static void unexpected(struct parser *p, const char *wanted)
{
	struct vtl_token *t = peek(p, 1);
	if (!t)
		return;
	int n = t->image.len > 30 ? 30 : (int)t->image.len;
	if (t->kind == VTL_EOF)
		fail(p, where(p, t),
		     arena_printf(p->arena, "the template ends where %s must follow", wanted));
	else
		fail(p, where(p, t),
		     arena_printf(p->arena, "\"%.*s\" where %s must follow", n, t->image.p,
				  wanted));
}

static bool want(struct parser *p, enum vtl_kind kind, const char *wanted)
{
	if (skip(p, kind))
		return true;
	unexpected(p, wanted);
	return false;
}

static bool enter(struct parser *p)
{
	if (++p->nest <= MAX_VTL_NEST)
		return true;
	fail(p, p->base + p->lexer.pos, "blocks and parentheses lie too deep in one another");
	return false;
}

/* Nodes */

static struct vtl_node *node(struct parser *p, enum vtl_op op)
{
	struct vtl_node *n = arena_alloc(p->arena, sizeof(*n));
	n->op = op;
	n->at = p->base + p->lexer.pos;
	if (p->token && p->token->kind != VTL_EOF && p->token->image.p)
		n->at = where(p, p->token);
	return n;
}

static struct vtl_node *add(struct vtl_node *parent, struct vtl_node *child)
{
	if (!child)
		return NULL;
	if (parent->last)
		parent->last->next = child;
	else
		parent->child = child;
	parent->last = child;
	parent->count++;
	return child;
}

/* Text goes to the text before it, if there is one. Both are pieces of the template as a rule, and
 * then lie side by side. */
static void add_text(struct parser *p, struct vtl_node *block, struct slice s)
{
	struct vtl_node *last = block->last;
	if (!s.len)
		return;
	if (!last || last->op != VTL_OP_TEXT) {
		last = add(block, node(p, VTL_OP_TEXT));
		last->text = s;
	} else if (last->text.p + last->text.len == s.p) {
		last->text.len += s.len;
	} else {
		add(block, node(p, VTL_OP_TEXT))->text = s;
	}
}

static void token_text(struct parser *p, struct vtl_node *block, const struct vtl_token *t)
{
	if (t->special)
		add_text(p, block, (struct slice){t->special, strlen(t->special)});
	add_text(p, block, t->image);
}

/* The tokens from first to last as they were written, but for what comments skipped. */
static struct slice written(struct parser *p, const struct vtl_token *first,
			    const struct vtl_token *last, bool specials)
{
	size_t n = 0;
	if (first == last && (!specials || (!first->special && first->kind != VTL_MULTI_END)))
		return first->image;
	for (const struct vtl_token *t = first; t; t = t == last ? NULL : t->next)
		n += t->image.len + (specials && t->special ? strlen(t->special) : 0);
	char *out = arena_alloc(p->arena, n + 1);
	n = 0;
	for (const struct vtl_token *t = first; t; t = t == last ? NULL : t->next) {
		size_t special = specials && t->special ? strlen(t->special) : 0;
		memcpy(out + n, t->special ? t->special : "", special);
		n += special;
		if (specials && t->kind == VTL_MULTI_END)
			continue;
		memcpy(out + n, t->image.p, t->image.len);
		n += t->image.len;
	}
	return (struct slice){out, n};
}

/* Strings */

/* \uXXXX in double quotes. UTF-16 as Java has it: a pair of surrogates becomes one character, a
 * lone one is kept as three bytes. */
static bool unescape(struct parser *p, struct slice *s, size_t at)
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
			return fail(p, at, "\\u must have four hexadecimal digits behind it");
		n += java_put_unit(out, n, cp) - n;
		i += 6;
	}
	*s = (struct slice){out, n};
	return true;
}

/* Two quotes within quotes are one. */
static void undouble(struct parser *p, struct slice *s, char quote)
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
static struct vtl_node *filled(struct parser *p, struct slice s, size_t at)
{
	struct vtl_node *n = node(p, VTL_OP_FILLED);
	n->cut = !memmem(s.p, s.len, "##", 2);
	char *text = arena_alloc(p->arena, s.len + 2);
	memcpy(text, s.p, s.len);
	text[s.len] = ' ';
	struct parser inner = {.arena = p->arena, .t = p->t, .base = at, .nest = p->nest};
	vtl_lexer_init(&inner.lexer, p->arena, (struct slice){text, s.len + n->cut});
	inner.token = arena_alloc(p->arena, sizeof(*inner.token));
	struct vtl_node *block = parse_block(&inner);
	if (block && !inner.error && !next_is(&inner, VTL_EOF))
		unexpected(&inner, "the end of the string");
	vtl_lexer_clear(&inner.lexer);
	if (inner.error)
		return fail(p, at, inner.error);
	if (n->cut && block->count == 1 && block->child->op == VTL_OP_TEXT) {
		n->op = VTL_OP_STRING;
		n->text = block->child->text;
		n->text.len--;
	}
	add(n, block);
	return n;
}

static struct vtl_node *parse_string(struct parser *p)
{
	struct vtl_token *t = take(p);
	if (!t)
		return NULL;
	size_t at = where(p, t);
	char quote = *t->image.p;
	struct slice s = {t->image.p + 1, t->image.len - 2};
	bool fill = quote == '"' && (memchr(s.p, '$', s.len) || memchr(s.p, '#', s.len));
	if (quote == '"' && !unescape(p, &s, at))
		return NULL;
	undouble(p, &s, quote);
	if (fill) {
		if (!enter(p))
			return NULL;
		struct vtl_node *n = filled(p, s, at);
		p->nest--;
		return n;
	}
	struct vtl_node *n = node(p, VTL_OP_STRING);
	n->text = s;
	return n;
}

/* Values */

static struct vtl_node *simple(struct parser *p, enum vtl_op op)
{
	struct vtl_token *t = take(p);
	struct vtl_node *n = t ? node(p, op) : NULL;
	if (n)
		n->text = t->image;
	return n;
}

static bool starts_value(enum vtl_kind k)
{
	return k == VTL_IDENTIFIER || k == VTL_LCURLY || k == VTL_STRING || k == VTL_INTEGER ||
	       k == VTL_FLOAT || k == VTL_LBRACKET || k == VTL_LEFT_CURLY || k == VTL_TRUE ||
	       k == VTL_FALSE;
}

static struct vtl_node *parse_elements(struct parser *p, struct vtl_node *list)
{
	do {
		if (!add(list, parse_parameter(p)))
			return NULL;
	} while (skip(p, VTL_COMMA));
	return list;
}

/* [a, b] or [a..b]: which it is shows behind the first. */
static struct vtl_node *parse_list(struct parser *p)
{
	struct vtl_node *n = take(p) ? node(p, VTL_OP_LIST) : NULL;
	if (!n || skip(p, VTL_RBRACKET))
		return n;
	struct vtl_node *first = add(n, parse_parameter(p));
	if (!first)
		return NULL;
	bool end_of_range = first->op == VTL_OP_REF || (first->op == VTL_OP_NUMBER && !first->cut);
	if (end_of_range && skip(p, VTL_DOUBLEDOT)) {
		n->op = VTL_OP_RANGE;
		struct vtl_node *last = add(n, parse_parameter(p));
		if (last && last->op != VTL_OP_REF && (last->op != VTL_OP_NUMBER || last->cut))
			return fail(p, last->at, "a range goes from a whole number to another");
	} else if (skip(p, VTL_COMMA) && !parse_elements(p, n)) {
		return NULL;
	}
	return want(p, VTL_RBRACKET, "',' or ']'") ? n : NULL;
}

static struct vtl_node *parse_map(struct parser *p)
{
	struct vtl_node *n = take(p) ? node(p, VTL_OP_MAP) : NULL;
	if (!n)
		return NULL;
	int k = kind_at(p, 1) == VTL_WHITESPACE ? 2 : 1;
	bool empty = kind_at(p, k) == VTL_RIGHT_CURLY || kind_at(p, k) == VTL_RCURLY;
	if (empty)
		skip(p, VTL_WHITESPACE);
	while (!empty) {
		if (!add(n, parse_parameter(p)) || !want(p, VTL_COLON, "':'") ||
		    !add(n, parse_parameter(p)))
			return NULL;
		if (!skip(p, VTL_COMMA))
			break;
	}
	if (skip(p, VTL_RCURLY))
		return n;
	return want(p, VTL_RIGHT_CURLY, "',' or '}'") ? n : NULL;
}

/* cut tells one with a fraction. A '#' that came before it makes it no number. */
static struct vtl_node *parse_number(struct parser *p, bool fraction)
{
	struct vtl_node *n = simple(p, VTL_OP_NUMBER);
	if (n && *n->text.p == '#')
		return fail(p, n->at, "this is not a number");
	if (n)
		n->cut = fraction;
	return n;
}

static struct vtl_node *parse_value(struct parser *p)
{
	struct vtl_node *n = NULL;
	enum vtl_kind k = kind_at(p, 1);
	if (!starts_value(k)) {
		unexpected(p, "a value");
		return NULL;
	}
	if (k == VTL_IDENTIFIER || k == VTL_LCURLY)
		return parse_reference(p);
	if (k == VTL_STRING)
		return parse_string(p);
	if (k == VTL_INTEGER || k == VTL_FLOAT)
		return parse_number(p, k == VTL_FLOAT);
	if (k == VTL_TRUE || k == VTL_FALSE)
		return simple(p, k == VTL_TRUE ? VTL_OP_TRUE : VTL_OP_FALSE);
	if (!enter(p))
		return NULL;
	n = k == VTL_LBRACKET ? parse_list(p) : parse_map(p);
	p->nest--;
	return n;
}

static struct vtl_node *parse_parameter(struct parser *p)
{
	skip(p, VTL_WHITESPACE);
	struct vtl_node *n = parse_value(p);
	skip(p, VTL_WHITESPACE);
	return p->error ? NULL : n;
}

/* References */

static struct vtl_node *parse_index(struct parser *p)
{
	struct vtl_node *n = take(p) ? node(p, VTL_OP_INDEX) : NULL;
	if (!n)
		return NULL;
	n->text = p->token->image;
	skip(p, VTL_WHITESPACE);
	enum vtl_kind k = kind_at(p, 1);
	if (!starts_value(k) || k == VTL_FLOAT || k == VTL_LBRACKET || k == VTL_LEFT_CURLY) {
		unexpected(p, "an index");
		return NULL;
	}
	if (!enter(p) || !add(n, parse_value(p)))
		return NULL;
	p->nest--;
	skip(p, VTL_WHITESPACE);
	return want(p, VTL_INDEX_CLOSE, "']'") ? n : NULL;
}

static bool parse_indexes(struct parser *p, struct vtl_node *ref)
{
	while (next_is(p, VTL_INDEX_OPEN))
		if (!add(ref, parse_index(p)))
			return false;
	return !p->error;
}

static struct vtl_node *parse_method(struct parser *p)
{
	struct vtl_node *n = simple(p, VTL_OP_METHOD);
	if (!n || !take(p) || !enter(p))
		return NULL;
	if (!next_is(p, VTL_CALL_RPAREN) && !parse_elements(p, n))
		return NULL;
	p->nest--;
	return want(p, VTL_CALL_RPAREN, "',' or ')'") ? n : NULL;
}

/* Velocity looks three tokens ahead: name, parenthesis, and the beginning of an argument. */
static bool at_method(struct parser *p)
{
	if (kind_at(p, 1) != VTL_IDENTIFIER || kind_at(p, 2) != VTL_LPAREN)
		return false;
	enum vtl_kind k = kind_at(p, 3);
	return k == VTL_CALL_RPAREN || k == VTL_WHITESPACE || starts_value(k);
}

static bool parse_steps(struct parser *p, struct vtl_node *ref)
{
	if (!parse_indexes(p, ref))
		return false;
	while (next_is(p, VTL_DOT) && kind_at(p, 2) == VTL_IDENTIFIER) {
		take(p);
		bool method = at_method(p);
		if (p->error || !add(ref, method ? parse_method(p) : simple(p, VTL_OP_PROPERTY)) ||
		    !parse_indexes(p, ref))
			return false;
	}
	return !p->error;
}

/* "$\!name": the backslash is taken away and there is no variable. */
static void escaped_bang(struct parser *p, struct vtl_ref *r, struct slice image)
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
static void name_reference(struct parser *p, struct vtl_ref *r, struct vtl_token *first,
			   struct vtl_token *last)
{
	struct slice image = first->image;
	if (memmem(image.p, image.len, "\\!", 2) && memchr(image.p, '$', image.len)) {
		escaped_bang(p, r, image);
		r->literal = written(p, first, last, true);
		return;
	}
	strip(r, &first->image);
	image = first->image;
	r->literal = written(p, first, last, true);
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

static struct vtl_node *parse_reference(struct parser *p)
{
	bool braces = next_is(p, VTL_LCURLY);
	struct vtl_token *first = take(p);
	struct vtl_node *n = first ? node(p, VTL_OP_REF) : NULL;
	if (!n || (braces && !want(p, VTL_IDENTIFIER, "a name")) || !parse_steps(p, n) ||
	    (braces && !want(p, VTL_RCURLY, "'}'")))
		return NULL;
	n->ref = arena_alloc(p->arena, sizeof(*n->ref));
	name_reference(p, n->ref, first, p->token);
	n->slot = n->ref->slot;
	return n;
}

/* Expressions, from the tightest operators to the loosest */

static struct vtl_node *parse_primary(struct parser *p)
{
	struct vtl_node *n;
	skip(p, VTL_WHITESPACE);
	if (next_is(p, VTL_LPAREN)) {
		take(p);
		n = enter(p) ? parse_expression(p) : NULL;
		p->nest--;
		if (!n || !want(p, VTL_RPAREN, "')'"))
			return NULL;
	} else {
		n = parse_value(p);
	}
	skip(p, VTL_WHITESPACE);
	return p->error ? NULL : n;
}

static struct vtl_node *parse_unary(struct parser *p)
{
	int k = kind_at(p, 1) == VTL_WHITESPACE ? 2 : 1;
	if (kind_at(p, k) != VTL_NOT || p->error)
		return p->error ? NULL : parse_primary(p);
	skip(p, VTL_WHITESPACE);
	take(p);
	struct vtl_node *n = node(p, VTL_OP_NOT);
	if (!enter(p) || !add(n, parse_unary(p)))
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

static struct vtl_node *parse_rank(struct parser *p, size_t rank)
{
	if (rank == ARRAY_LEN(ranks))
		return parse_unary(p);
	struct vtl_node *first = parse_rank(p, rank + 1);
	struct vtl_node *chain = NULL;
	for (;;) {
		enum vtl_kind k = first ? kind_at(p, 1) : VTL_EOF;
		if (p->error || k < ranks[rank].first || k > ranks[rank].last)
			break;
		take(p);
		if (!chain) {
			chain = node(p, ranks[rank].op);
			add(chain, first);
		}
		struct vtl_node *step = parse_rank(p, rank + 1);
		if (!add(chain, step))
			return NULL;
		step->operator= k;
	}
	return p->error ? NULL : chain ? chain : first;
}

static struct vtl_node *parse_expression(struct parser *p)
{
	return parse_rank(p, 0);
}

/* Statements */

static bool known_directive(struct slice name)
{
	static const char *const names[] = {"foreach",  "include", "parse",  "macro", "literal",
					    "evaluate", "break",   "define", "stop"};
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (slice_is(name, names[i]))
			return true;
	return false;
}

static bool control_directive(struct slice name)
{
	return slice_is(name, "if") || slice_is(name, "end") || slice_is(name, "set") ||
	       slice_is(name, "else") || slice_is(name, "elseif");
}

static bool macro_before(struct parser *p, struct slice name)
{
	for (const struct vtl_macro *m = p->t->macros; m; m = m->next) {
		struct slice s = p->t->names.items[m->name];
		if (s.len == name.len && memcmp(s.p, name.p, s.len) == 0)
			return true;
	}
	return false;
}

/* Backslashes before a directive that there is: half of them. Else they are text. */
static void parse_escaped_directive(struct parser *p, struct vtl_node *block)
{
	struct vtl_token *t = take(p);
	struct slice image = t->image;
	const char *hash = memrchr(image.p, '#', image.len);
	struct slice name = {hash + 1, (size_t)(image.p + image.len - hash) - 1};
	if (*name.p == '{')
		name = (struct slice){name.p + 1, name.len - 2};
	size_t slashes = (size_t)(hash - image.p);
	if (known_directive(name) || control_directive(name) || macro_before(p, name)) {
		size_t kept = (slashes - 1) / 2;
		t->image = (struct slice){hash - kept, image.len - slashes + kept};
	}
	add_text(p, block, t->image);
}

/* Pairs of backslashes: halved before a directive. */
static void parse_escapes(struct parser *p, struct vtl_node *block)
{
	size_t pairs = 0;
	while (skip(p, VTL_DOUBLE_ESCAPE))
		pairs++;
	struct vtl_token *after = peek(p, 1);
	if (!after)
		return;
	bool control = after->kind == VTL_IF || after->kind == VTL_ELSE ||
		       after->kind == VTL_ELSEIF || after->kind == VTL_END;
	struct slice name = {after->image.p + 1, after->image.len - 1};
	if (after->image.len && known_directive(name))
		control = true;
	size_t n = control ? pairs : 2 * pairs;
	add_text(p, block, (struct slice){memset(arena_alloc(p->arena, n + 1), '\\', n), n});
}

/* Of a comment the piece before it is left, if a '$' stood there. */
static void parse_comment(struct parser *p, struct vtl_node *block)
{
	struct vtl_token *t = take(p);
	const char *start = memmem(t->image.p, t->image.len, "##", 2);
	if (!start)
		start = memmem(t->image.p, t->image.len, "#*", 2);
	if (start)
		add_text(p, block, (struct slice){t->image.p, (size_t)(start - t->image.p)});
	if (t->kind == VTL_COMMENT_START)
		skip(p, VTL_COMMENT_LINE_END);
}

static void parse_textblock(struct parser *p, struct vtl_node *block)
{
	struct slice s = take(p)->image;
	add_text(p, block, (struct slice){s.p + 3, s.len - 6});
}

static struct vtl_node *parse_condition(struct parser *p, struct vtl_node *n)
{
	skip(p, VTL_WHITESPACE);
	if (!want(p, VTL_LPAREN, "'('") || !add(n, parse_expression(p)) ||
	    !want(p, VTL_RPAREN, "')'"))
		return NULL;
	return add(n, parse_block(p));
}

static struct vtl_node *parse_if(struct parser *p)
{
	struct vtl_node *n = take(p) ? node(p, VTL_OP_IF) : NULL;
	if (!n || !parse_condition(p, n))
		return NULL;
	while (skip(p, VTL_ELSEIF))
		if (!parse_condition(p, n))
			return NULL;
	if (skip(p, VTL_ELSE) && !add(n, parse_block(p)))
		return NULL;
	return want(p, VTL_END, "#end") ? n : NULL;
}

static struct vtl_node *parse_set(struct parser *p)
{
	struct vtl_node *n = take(p) ? node(p, VTL_OP_SET) : NULL;
	if (!n)
		return NULL;
	skip(p, VTL_WHITESPACE);
	if (!next_is(p, VTL_IDENTIFIER) && !next_is(p, VTL_LCURLY)) {
		unexpected(p, "a reference");
		return NULL;
	}
	if (!add(n, parse_reference(p)))
		return NULL;
	skip(p, VTL_WHITESPACE);
	if (!want(p, VTL_EQUALS, "'='") || !add(n, parse_expression(p)) ||
	    !want(p, VTL_RPAREN, "')'"))
		return NULL;
	p->lexer.in_set = false;
	return n;
}

/* Directives with arguments in parentheses, and macros */

static const struct directive {
	const char *name;
	enum vtl_op op;
	bool block;         /* #end follows */
	bool bare;          /* does without parentheses */
	size_t least, most; /* arguments, the block not counted */
} directives[] = {
	{"foreach", VTL_OP_FOREACH, true, false, 1, 99},
	{"macro", VTL_OP_MACRO, true, false, 1, 999},
	{"define", VTL_OP_DEFINE, true, false, 1, 99},
	{"literal", VTL_OP_TEXT, true, false, 0, 0},
	{"evaluate", VTL_OP_EVALUATE, false, false, 1, 1},
	{"include", VTL_OP_MISSING_FILE, false, true, 0, 99},
	{"parse", VTL_OP_MISSING_FILE, false, true, 0, 99},
	{"break", VTL_OP_BREAK, false, true, 0, 1},
	{"stop", VTL_OP_STOP, false, true, 0, 99},
};

static const struct directive *find_directive(struct slice name)
{
	for (size_t i = 0; i < ARRAY_LEN(directives); i++)
		if (slice_is(name, directives[i].name))
			return &directives[i];
	return NULL;
}

static bool starts_argument(enum vtl_kind k)
{
	return k == VTL_WORD || starts_value(k);
}

/* Words are taken where a macro is named, behind the variable of #foreach, and where it is not
 * known what they are for. */
static struct vtl_node *parse_argument(struct parser *p, const struct directive *d, size_t i)
{
	bool word = next_is(p, VTL_WORD);
	bool macro = d && d->op == VTL_OP_MACRO;
	if (macro && i == 0 && !word)
		return fail(p, where(p, peek(p, 1)), "#macro wants a name without quotes first");
	if (word && d && !(macro && i == 0) && !(d->op == VTL_OP_FOREACH && i == 1))
		return fail(p, where(p, peek(p, 1)), "a word cannot be an argument here");
	return word ? simple(p, VTL_OP_WORD) : parse_value(p);
}

static bool parse_arguments(struct parser *p, const struct directive *d, struct vtl_node *n)
{
	skip(p, VTL_WHITESPACE);
	take(p);
	for (;;) {
		int k = kind_at(p, 1) == VTL_WHITESPACE ? 2 : 1;
		if (p->error || (kind_at(p, k) != VTL_COMMA && !starts_argument(kind_at(p, k))))
			break;
		skip(p, VTL_WHITESPACE);
		if (skip(p, VTL_COMMA))
			skip(p, VTL_WHITESPACE);
		if (!starts_argument(kind_at(p, 1))) {
			unexpected(p, "an argument");
			return false;
		}
		if (!add(n, parse_argument(p, d, n->count)))
			return false;
	}
	skip(p, VTL_WHITESPACE);
	return want(p, VTL_RPAREN, "an argument or ')'");
}

/* "$a" -> a; anything else loses its first character too, as it does in Velocity. */
static int variable_named(struct parser *p, const struct vtl_node *arg)
{
	if (arg->op == VTL_OP_REF && !(arg->ref->flags & VTL_REF_ODD))
		return arg->slot;
	return vtl_name(&p->t->names, (struct slice){" ", 1}); /* that none can have */
}

static void define_macro(struct parser *p, const struct vtl_node *n)
{
	struct vtl_macro *m = arena_alloc(p->arena, sizeof(*m));
	const struct vtl_node *arg = n->child;
	m->name = vtl_name(&p->t->names, arg->text);
	m->params = arena_alloc(p->arena, n->count * sizeof(*m->params));
	m->literals = arena_alloc(p->arena, n->count * sizeof(*m->literals));
	m->body = n->last;
	for (arg = arg->next; arg != n->last; arg = arg->next) {
		if (arg->op == VTL_OP_REF)
			m->literals[m->param_count] = arg->ref->literal;
		m->params[m->param_count++] = variable_named(p, arg);
	}
	m->next = p->t->macros;
	p->t->macros = m;
}

/* A literal's block is kept as it was written; Velocity fails where it is empty. */
static struct vtl_node *literal_text(struct parser *p, struct vtl_node *n, struct vtl_token *open)
{
	struct vtl_token *last = open;
	if (open->next == p->token)
		return fail(p, n->at, "the block of #literal is empty");
	while (last->next != p->token)
		last = last->next;
	n->text = written(p, open->next, last, true);
	n->child = n->last = NULL;
	return n;
}

static bool check_count(struct parser *p, const struct directive *d, const struct vtl_node *n)
{
	if (d && n->count < d->least)
		fail(p, n->at, "the directive has too few arguments");
	else if (d && n->count > d->most)
		fail(p, n->at, "the directive has too many arguments");
	else if (d && d->op == VTL_OP_EVALUATE && n->child->op != VTL_OP_REF &&
		 n->child->op != VTL_OP_STRING && n->child->op != VTL_OP_FILLED)
		fail(p, n->at, "#evaluate takes a string or a reference");
	return !p->error;
}

/* Its arguments and its block. */
static struct vtl_node *parse_body(struct parser *p, const struct directive *d, struct vtl_node *n,
				   bool block)
{
	if (!parse_arguments(p, d, n) || !check_count(p, d, n))
		return NULL;
	struct vtl_token *open = p->token;
	if (!block)
		return n;
	if (!add(n, parse_block(p)) || !want(p, VTL_END, "#end"))
		return NULL;
	if (n->op == VTL_OP_MACRO)
		define_macro(p, n);
	else if (n->op == VTL_OP_FOREACH || n->op == VTL_OP_DEFINE)
		n->slot = variable_named(p, n->child);
	else if (n->op == VTL_OP_TEXT)
		return literal_text(p, n, open);
	return n;
}

static struct vtl_node *parse_directive(struct parser *p)
{
	struct vtl_token *first = take(p);
	struct slice name = first->image;
	size_t braces = first->kind == VTL_BRACKETED_WORD;
	/* the first character is taken for the '#', also where a '$' came before it */
	name = (struct slice){name.p + 1 + braces, name.len - 1 - 2 * braces};
	const struct directive *d = find_directive(name);
	struct vtl_node *n = node(p, d ? d->op : VTL_OP_CALL);
	bool body = *name.p == '@';
	n->text = name;
	p->lexer.state = VTL_IN_DIRECTIVE;
	if (vtl_lexer_at_paren(&p->lexer)) {
		if (!parse_body(p, d, n, d ? d->block : body))
			return NULL;
	} else {
		vtl_lexer_pop(&p->lexer);
		if (d && !d->bare)
			return fail(p, n->at, "the directive wants '(' behind it");
		if (body) {
			n->op = VTL_OP_TEXT;
			n->text = (struct slice){
				arena_printf(p->arena, "#%.*s", (int)name.len, name.p),
				name.len + 1};
		}
	}
	if (n->op == VTL_OP_CALL) {
		n->cut = body; /* has a block */
		n->text = written(p, first, p->token, false);
		n->slot = vtl_name(&p->t->names, (struct slice){name.p + body, name.len - body});
	}
	return n;
}

/* False: no statement begins here. */
static bool parse_statement(struct parser *p, struct vtl_node *block)
{
	struct vtl_node *n = NULL;
	enum vtl_kind k = kind_at(p, 1);
	if (k == VTL_IF)
		n = parse_if(p);
	else if (k == VTL_SET)
		n = parse_set(p);
	else if (k == VTL_WORD || k == VTL_BRACKETED_WORD)
		n = parse_directive(p);
	else if (k == VTL_IDENTIFIER || (k == VTL_LCURLY && kind_at(p, 2) == VTL_IDENTIFIER))
		n = kind_at(p, 2) != VTL_EOF || !p->error ? parse_reference(p) : NULL;
	else if (k == VTL_ESCAPED_DIRECTIVE)
		parse_escaped_directive(p, block);
	else if (k == VTL_DOUBLE_ESCAPE)
		parse_escapes(p, block);
	else if (k == VTL_COMMENT_START || k == VTL_FORMAL_END || k == VTL_MULTI_END)
		parse_comment(p, block);
	else if (k == VTL_TEXTBLOCK)
		parse_textblock(p, block);
	else if (k == VTL_TEXT || k == VTL_DOT || k == VTL_RPAREN || k == VTL_LPAREN ||
		 k == VTL_INTEGER || k == VTL_FLOAT || k == VTL_STRING || k == VTL_ESCAPE ||
		 k == VTL_LCURLY || k == VTL_RCURLY || k == VTL_EMPTY_INDEX)
		token_text(p, block, take(p));
	else
		return false;
	if (n && n->op == VTL_OP_TEXT)
		add_text(p, block, n->text);
	else if (n && n->op != VTL_OP_MACRO)
		add(block, n);
	return !p->error;
}

static struct vtl_node *parse_block(struct parser *p)
{
	struct vtl_node *block = node(p, VTL_OP_BLOCK);
	if (!enter(p))
		return NULL;
	while (!p->error && parse_statement(p, block))
		;
	p->nest--;
	return p->error ? NULL : block;
}

bool vtl_parse(struct arena *a, struct vtl *t, size_t *at, const char **what)
{
	struct parser p = {.arena = a, .t = t};
	vtl_lexer_init(&p.lexer, a, t->source);
	p.token = arena_alloc(a, sizeof(*p.token));
	p.token->kind = VTL_EOF;
	t->root = parse_block(&p);
	if (!p.error && !next_is(&p, VTL_EOF))
		unexpected(&p, "the end");
	vtl_lexer_clear(&p.lexer);
	*at = p.error_at;
	*what = p.error;
	return !p.error;
}
