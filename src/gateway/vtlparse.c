/* vtlparse.c -- see vtltree.h. Recursive descent over the tokens as Velocity's grammar has it, with
 * its looks ahead: how far the parser looks before it changes the lexer's state decides how the
 * text that follows is cut, so a token is never read earlier than Velocity reads it.
 *
 * What can be known beforehand is settled here: variables get numbers, neighbouring texts become
 * one, the text of a reference that turns out null is kept. */
#include "gateway/vtlparse.h"

#include <string.h>

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

void *parser_fail(struct vtl_parser *p, size_t at, const char *what)
{
	if (!p->error) {
		p->error = what;
		p->error_at = at;
	}
	return NULL;
}

size_t parser_where(const struct vtl_parser *p, const struct vtl_token *t)
{
	return p->base + (size_t)(t->image.p - p->lexer.text.p);
}

/* The k-th token from here; 1 is the next. NULL: none fits. */
struct vtl_token *parser_peek(struct vtl_parser *p, int k)
{
	struct vtl_token *t = p->token;
	for (; k > 0 && t; k--) {
		if (!t->next)
			t->next = p->error ? NULL : vtl_lexer_next(&p->lexer);
		t = t->next;
	}
	if (!t) {
		bool end = p->lexer.error_at >= p->lexer.text.len;
		parser_fail(p, p->base + p->lexer.error_at,
			    end ? "the template ends in the middle of something"
				: "this character cannot stand here");
	}
	return t;
}

enum vtl_kind parser_kind(struct vtl_parser *p, int k)
{
	struct vtl_token *t = parser_peek(p, k);
	return t ? t->kind : VTL_EOF;
}

bool parser_at(struct vtl_parser *p, enum vtl_kind kind)
{
	return parser_kind(p, 1) == kind && !p->error;
}

struct vtl_token *parser_take(struct vtl_parser *p)
{
	struct vtl_token *t = parser_peek(p, 1);
	if (t)
		p->token = t;
	return t;
}

bool parser_skip(struct vtl_parser *p, enum vtl_kind kind)
{
	return parser_at(p, kind) && parser_take(p);
}

void parser_unexpected(struct vtl_parser *p, const char *wanted)
{
	struct vtl_token *t = parser_peek(p, 1);
	if (!t)
		return;
	int n = t->image.len > 30 ? 30 : (int)t->image.len;
	if (t->kind == VTL_EOF)
		parser_fail(
			p, parser_where(p, t),
			arena_printf(p->arena, "the template ends where %s must follow", wanted));
	else
		parser_fail(p, parser_where(p, t),
			    arena_printf(p->arena, "\"%.*s\" where %s must follow", n, t->image.p,
					 wanted));
}

bool parser_want(struct vtl_parser *p, enum vtl_kind kind, const char *wanted)
{
	if (parser_skip(p, kind))
		return true;
	parser_unexpected(p, wanted);
	return false;
}

bool parser_enter(struct vtl_parser *p)
{
	if (++p->nest <= MAX_VTL_NEST)
		return true;
	parser_fail(p, p->base + p->lexer.pos,
		    "blocks and parentheses lie too deep in one another");
	return false;
}

/* Nodes */

struct vtl_node *parser_node(struct vtl_parser *p, enum vtl_op op)
{
	struct vtl_node *n = arena_alloc(p->arena, sizeof(*n));
	n->op = op;
	n->at = p->base + p->lexer.pos;
	if (p->token && p->token->kind != VTL_EOF && p->token->image.p)
		n->at = parser_where(p, p->token);
	return n;
}

struct vtl_node *vtl_add(struct vtl_node *parent, struct vtl_node *child)
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
static void add_text(struct vtl_parser *p, struct vtl_node *block, struct slice s)
{
	struct vtl_node *last = block->last;
	if (!s.len)
		return;
	if (!last || last->op != VTL_OP_TEXT) {
		last = vtl_add(block, parser_node(p, VTL_OP_TEXT));
		last->text = s;
	} else if (last->text.p + last->text.len == s.p) {
		last->text.len += s.len;
	} else {
		vtl_add(block, parser_node(p, VTL_OP_TEXT))->text = s;
	}
}

static void token_text(struct vtl_parser *p, struct vtl_node *block, const struct vtl_token *t)
{
	if (t->special)
		add_text(p, block, (struct slice){t->special, strlen(t->special)});
	add_text(p, block, t->image);
}

/* The tokens from first to last as they were written, but for what comments skipped. */
struct slice parser_written(struct vtl_parser *p, const struct vtl_token *first,
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

static bool macro_before(struct vtl_parser *p, struct slice name)
{
	for (const struct vtl_macro *m = p->t->macros; m; m = m->next) {
		struct slice s = p->t->names.items[m->name];
		if (s.len == name.len && memcmp(s.p, name.p, s.len) == 0)
			return true;
	}
	return false;
}

/* Backslashes before a directive that there is: half of them. Else they are text. */
static void parse_escaped_directive(struct vtl_parser *p, struct vtl_node *block)
{
	struct vtl_token *t = parser_take(p);
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
static void parse_escapes(struct vtl_parser *p, struct vtl_node *block)
{
	size_t pairs = 0;
	while (parser_skip(p, VTL_DOUBLE_ESCAPE))
		pairs++;
	struct vtl_token *after = parser_peek(p, 1);
	if (!after)
		return;
	bool control = after->kind == VTL_IF || after->kind == VTL_ELSE ||
		       after->kind == VTL_ELSEIF || after->kind == VTL_END;
	struct slice name = {after->image.p + 1, after->image.len - 1};
	if (after->image.len && (known_directive(name) || macro_before(p, name)))
		control = true;
	size_t n = control ? pairs : 2 * pairs;
	add_text(p, block, (struct slice){memset(arena_alloc(p->arena, n + 1), '\\', n), n});
}

/* Of a comment the piece before it is left, if a '$' stood there. */
static void parse_comment(struct vtl_parser *p, struct vtl_node *block)
{
	struct vtl_token *t = parser_take(p);
	const char *start = memmem(t->image.p, t->image.len, "##", 2);
	if (!start)
		start = memmem(t->image.p, t->image.len, "#*", 2);
	if (start)
		add_text(p, block, (struct slice){t->image.p, (size_t)(start - t->image.p)});
	if (t->kind == VTL_COMMENT_START)
		parser_skip(p, VTL_COMMENT_LINE_END);
}

static void parse_textblock(struct vtl_parser *p, struct vtl_node *block)
{
	struct slice s = parser_take(p)->image;
	add_text(p, block, (struct slice){s.p + 3, s.len - 6});
}

static struct vtl_node *parse_condition(struct vtl_parser *p, struct vtl_node *n)
{
	parser_skip(p, VTL_WHITESPACE);
	if (!parser_want(p, VTL_LPAREN, "'('") || !vtl_add(n, parse_vtl_expression(p)) ||
	    !parser_want(p, VTL_RPAREN, "')'"))
		return NULL;
	return vtl_add(n, parse_vtl_block(p));
}

static struct vtl_node *parse_if(struct vtl_parser *p)
{
	struct vtl_node *n = parser_take(p) ? parser_node(p, VTL_OP_IF) : NULL;
	if (!n || !parse_condition(p, n))
		return NULL;
	while (parser_skip(p, VTL_ELSEIF))
		if (!parse_condition(p, n))
			return NULL;
	if (parser_skip(p, VTL_ELSE) && !vtl_add(n, parse_vtl_block(p)))
		return NULL;
	return parser_want(p, VTL_END, "#end") ? n : NULL;
}

static struct vtl_node *parse_set(struct vtl_parser *p)
{
	struct vtl_node *n = parser_take(p) ? parser_node(p, VTL_OP_SET) : NULL;
	if (!n)
		return NULL;
	parser_skip(p, VTL_WHITESPACE);
	if (!parser_at(p, VTL_IDENTIFIER) && !parser_at(p, VTL_LCURLY)) {
		parser_unexpected(p, "a reference");
		return NULL;
	}
	if (!vtl_add(n, parse_vtl_reference(p)))
		return NULL;
	parser_skip(p, VTL_WHITESPACE);
	if (!parser_want(p, VTL_EQUALS, "'='") || !vtl_add(n, parse_vtl_expression(p)) ||
	    !parser_want(p, VTL_RPAREN, "')'"))
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
	{"foreach", VTL_OP_FOREACH, true, false, 0, 99},
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
	return k == VTL_WORD || parser_starts_value(k);
}

/* Words are taken where a macro is named, behind the variable of #foreach, and where it is not
 * known what they are for. */
static struct vtl_node *parse_argument(struct vtl_parser *p, const struct directive *d, size_t i)
{
	bool word = parser_at(p, VTL_WORD);
	bool macro = d && d->op == VTL_OP_MACRO;
	if (macro && i == 0 && !word)
		return parser_fail(p, parser_where(p, parser_peek(p, 1)),
				   "#macro wants a name without quotes first");
	if (word && d && !(macro && i == 0) && !(d->op == VTL_OP_FOREACH && i == 1))
		return parser_fail(p, parser_where(p, parser_peek(p, 1)),
				   "a word cannot be an argument here");
	return word ? parser_simple(p, VTL_OP_WORD) : parse_vtl_value(p);
}

static bool parse_arguments(struct vtl_parser *p, const struct directive *d, struct vtl_node *n)
{
	parser_skip(p, VTL_WHITESPACE);
	parser_take(p);
	for (;;) {
		int k = parser_kind(p, 1) == VTL_WHITESPACE ? 2 : 1;
		if (p->error ||
		    (parser_kind(p, k) != VTL_COMMA && !starts_argument(parser_kind(p, k))))
			break;
		parser_skip(p, VTL_WHITESPACE);
		if (parser_skip(p, VTL_COMMA))
			parser_skip(p, VTL_WHITESPACE);
		if (!starts_argument(parser_kind(p, 1))) {
			parser_unexpected(p, "an argument");
			return false;
		}
		if (!vtl_add(n, parse_argument(p, d, n->count)))
			return false;
	}
	parser_skip(p, VTL_WHITESPACE);
	return parser_want(p, VTL_RPAREN, "an argument or ')'");
}

/* "$a" -> a; anything else loses its first character too, as it does in Velocity. */
static int variable_named(struct vtl_parser *p, const struct vtl_node *arg)
{
	if (arg->op == VTL_OP_REF && !(arg->ref->flags & VTL_REF_ODD))
		return arg->slot;
	return vtl_name(&p->t->names, (struct slice){" ", 1}); /* that none can have */
}

static void define_macro(struct vtl_parser *p, const struct vtl_node *n)
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
static struct vtl_node *literal_text(struct vtl_parser *p, struct vtl_node *n,
				     struct vtl_token *open)
{
	struct vtl_token *last = open;
	if (open->next == p->token)
		return parser_fail(p, n->at, "the block of #literal is empty");
	while (last->next != p->token)
		last = last->next;
	n->text = parser_written(p, open->next, last, true);
	n->child = n->last = NULL;
	return n;
}

static bool check_count(struct vtl_parser *p, const struct directive *d, const struct vtl_node *n)
{
	if (d && n->count < d->least)
		parser_fail(p, n->at, "the directive has too few arguments");
	else if (d && n->count > d->most)
		parser_fail(p, n->at, "the directive has too many arguments");
	else if (d && d->op == VTL_OP_EVALUATE && n->child->op != VTL_OP_REF &&
		 n->child->op != VTL_OP_STRING && n->child->op != VTL_OP_FILLED)
		parser_fail(p, n->at, "#evaluate takes a string or a reference");
	return !p->error;
}

/* Its arguments and its block. */
static struct vtl_node *parse_body(struct vtl_parser *p, const struct directive *d,
				   struct vtl_node *n, bool block)
{
	if (!parse_arguments(p, d, n) || !check_count(p, d, n))
		return NULL;
	struct vtl_token *open = p->token;
	if (!block)
		return n;
	if (!vtl_add(n, parse_vtl_block(p)) || !parser_want(p, VTL_END, "#end"))
		return NULL;
	if (n->op == VTL_OP_MACRO)
		define_macro(p, n);
	else if (n->op == VTL_OP_FOREACH && n->child->op == VTL_OP_REF)
		n->slot = n->child->slot;
	else if (n->op == VTL_OP_FOREACH || n->op == VTL_OP_DEFINE)
		n->slot = variable_named(p, n->child);
	else if (n->op == VTL_OP_TEXT)
		return literal_text(p, n, open);
	return n;
}

static struct vtl_node *parse_directive(struct vtl_parser *p)
{
	struct vtl_token *first = parser_take(p);
	struct slice name = first->image;
	size_t braces = first->kind == VTL_BRACKETED_WORD;
	/* the first character is taken for the '#', also where a '$' came before it */
	name = (struct slice){name.p + 1 + braces, name.len - 1 - 2 * braces};
	const struct directive *d = find_directive(name);
	struct vtl_node *n = parser_node(p, d ? d->op : VTL_OP_CALL);
	bool body = *name.p == '@';
	n->text = name;
	p->lexer.state = VTL_IN_DIRECTIVE;
	if (vtl_lexer_at_paren(&p->lexer)) {
		if (!parse_body(p, d, n, d ? d->block : body))
			return NULL;
	} else {
		vtl_lexer_pop(&p->lexer);
		if (d && !d->bare)
			return parser_fail(p, n->at, "the directive wants '(' behind it");
		if (body) {
			n->op = VTL_OP_TEXT;
			n->text = (struct slice){
				arena_printf(p->arena, "#%.*s", (int)name.len, name.p),
				name.len + 1};
		}
	}
	if (n->op == VTL_OP_CALL) {
		n->cut = body; /* has a block */
		n->text = parser_written(p, first, p->token, false);
		n->slot = vtl_name(&p->t->names, (struct slice){name.p + body, name.len - body});
	}
	return n;
}

/* False: no statement begins here. */
static bool parse_statement(struct vtl_parser *p, struct vtl_node *block)
{
	struct vtl_node *n = NULL;
	enum vtl_kind k = parser_kind(p, 1);
	if (k == VTL_IF)
		n = parse_if(p);
	else if (k == VTL_SET)
		n = parse_set(p);
	else if (k == VTL_WORD || k == VTL_BRACKETED_WORD)
		n = parse_directive(p);
	else if (k == VTL_IDENTIFIER || (k == VTL_LCURLY && parser_kind(p, 2) == VTL_IDENTIFIER))
		n = parser_kind(p, 2) != VTL_EOF || !p->error ? parse_vtl_reference(p) : NULL;
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
		token_text(p, block, parser_take(p));
	else
		return false;
	if (n && n->op == VTL_OP_TEXT)
		add_text(p, block, n->text);
	else if (n && n->op != VTL_OP_MACRO)
		vtl_add(block, n);
	return !p->error;
}

struct vtl_node *parse_vtl_block(struct vtl_parser *p)
{
	struct vtl_node *block = parser_node(p, VTL_OP_BLOCK);
	if (!parser_enter(p))
		return NULL;
	while (!p->error && parse_statement(p, block))
		;
	p->nest--;
	return p->error ? NULL : block;
}

bool vtl_parse(struct arena *a, struct vtl *t, size_t *at, const char **what)
{
	struct vtl_parser p = {.arena = a, .t = t};
	vtl_lexer_init(&p.lexer, a, t->source);
	p.token = arena_alloc(a, sizeof(*p.token));
	p.token->kind = VTL_EOF;
	t->root = parse_vtl_block(&p);
	if (!p.error && !parser_at(&p, VTL_EOF))
		parser_unexpected(&p, "the end");
	vtl_lexer_clear(&p.lexer);
	*at = p.error_at;
	*what = p.error;
	return !p.error;
}
