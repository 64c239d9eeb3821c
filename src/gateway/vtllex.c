/* vtllex.c -- see vtllex.h. Velocity has a lexer of the JavaCC kind: of the rules of the state it
 * is in, the longest match wins, of two as long the one that stands first; a match may be a token,
 * a piece of the next one ("more"), or text to skip; then an action may push or pop the state. What
 * templates do at their edges (blanks before #set, a '$' that is no reference, comments within
 * comments) follows from nothing else, so the rules are written down as that kind of table, in
 * their order, and the machine is the same.
 *
 * Runs of backslashes are measured once: three rules would each look to their end at every one. */
#include "gateway/vtllex.h"

#include <stdlib.h>
#include <string.h>

#define S(name) (1u << VTL_IN_##name)
#define EVERYWHERE 0xffffu
#define IN_REF (S(REFERENCE) | S(MODIFIER))
#define IN_ARGS (S(DIRECTIVE) | S(CALL))
#define IN_VALUES (IN_ARGS | S(INDEX))
#define IN_COMMENTS (S(LINE_COMMENT) | S(FORMAL_COMMENT) | S(MULTI_COMMENT))
#define IN_NUMBERS (IN_VALUES | S(PRE_DIRECTIVE))

/* Length of what matches at p, 0: nothing. */
typedef size_t matcher(struct vtl_lexer *l, const char *p, const char *end);

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static size_t starts(const char *p, const char *end, const char *with)
{
	size_t n = strlen(with);
	return (size_t)(end - p) >= n && memcmp(p, with, n) == 0 ? n : 0;
}

static const char *skip_blanks(const char *p, const char *end)
{
	while (p < end && is_blank(*p))
		p++;
	return p;
}

static const char *skip_slashes(struct vtl_lexer *l, const char *p, const char *end)
{
	size_t from = (size_t)(p - l->text.p);
	if (from >= l->slashes_from && from < l->slashes_to)
		return l->text.p + l->slashes_to;
	while (p < end && *p == '\\')
		p++;
	l->slashes_from = from;
	l->slashes_to = (size_t)(p - l->text.p);
	return p;
}

static size_t line_end(const char *p, const char *end)
{
	if (p == end)
		return 0;
	if (*p == '\r')
		return p + 1 < end && p[1] == '\n' ? 2 : 1;
	return *p == '\n' ? 1 : 0;
}

/* p, or behind the blanks and the line end that follow it. */
static const char *with_line_end(const char *p, const char *end)
{
	const char *q = skip_blanks(p, end);
	size_t n = line_end(q, end);
	return n ? q + n : p;
}

/* [first][rest]*, NULL if there is not even the first. */
static const char *name_end(const char *p, const char *end, const char *first, const char *rest)
{
	if (p == end || (!is_letter(*p) && !(*p && strchr(first, *p))))
		return NULL;
	while (p < end && (is_letter(*p) || is_digit(*p) || (*p && strchr(rest, *p))))
		p++;
	return p;
}

static size_t match_word(struct vtl_lexer *l, const char *p, const char *end)
{
	(void)l;
	const char *q = name_end(p, end, "_@", "_@");
	return q ? (size_t)(q - p) : 0;
}

static size_t match_bracketed_word(struct vtl_lexer *l, const char *p, const char *end)
{
	(void)l;
	const char *q = *p == '{' ? name_end(p + 1, end, "_", "_@") : NULL;
	return q && q < end && *q == '}' ? (size_t)(q + 1 - p) : 0;
}

static size_t match_rparen(struct vtl_lexer *l, const char *p, const char *end)
{
	(void)l;
	return *p == ')' ? (size_t)(with_line_end(p + 1, end) - p) : 0;
}

/* An odd number of backslashes before #word. */
static size_t match_escaped_directive(struct vtl_lexer *l, const char *p, const char *end)
{
	const char *q = skip_slashes(l, p, end);
	if ((q - p) % 2 == 0 || q == end || *q++ != '#' || q == end)
		return 0;
	size_t n = match_word(l, q, end);
	if (!n)
		n = match_bracketed_word(l, q, end);
	return n ? (size_t)(q - p) + n : 0;
}

static size_t match_set(struct vtl_lexer *l, const char *p, const char *end)
{
	(void)l;
	const char *q = skip_blanks(p, end);
	size_t n = starts(q, end, "#set");
	if (!n)
		n = starts(q, end, "#{set}");
	q += n;
	while (q < end && *q == ' ')
		q++;
	return n && q < end && *q == '(' ? (size_t)(q + 1 - p) : 0;
}

static size_t match_dollar(struct vtl_lexer *l, const char *p, const char *end)
{
	const char *q = skip_slashes(l, p, end);
	return q < end && *q == '$' ? (size_t)(q + 1 - p) : 0;
}

static size_t match_dollarbang(struct vtl_lexer *l, const char *p, const char *end)
{
	size_t n = match_dollar(l, p, end);
	if (!n)
		return 0;
	const char *q = p + n;
	while (q < end && *q == '\\')
		q++;
	return q < end && *q == '!' ? (size_t)(q + 1 - p) : 0;
}

static size_t match_open_formal(struct vtl_lexer *l, const char *p, const char *end)
{
	(void)l;
	return starts(p, end, "#**") && p + 3 < end && p[3] != '#' ? 4 : 0;
}

static size_t match_text(struct vtl_lexer *l, const char *p, const char *end)
{
	(void)l;
	const char *q = p;
	while (q < end && *q != '$' && *q != '#' && *q != '\\')
		q++;
	return (size_t)(q - p);
}

static size_t match_line_end(struct vtl_lexer *l, const char *p, const char *end)
{
	(void)l;
	return line_end(p, end);
}

static size_t match_any(struct vtl_lexer *l, const char *p, const char *end)
{
	(void)l;
	(void)end;
	return p < end;
}

static size_t match_whitespace(struct vtl_lexer *l, const char *p, const char *end)
{
	(void)l;
	const char *q = p;
	while (q < end && (is_blank(*q) || *q == '\n' || *q == '\r'))
		q++;
	return (size_t)(q - p);
}

/* In quotes of either kind; two of them within stand for one. A backslash protects nothing. */
static size_t match_string(struct vtl_lexer *l, const char *p, const char *end)
{
	(void)l;
	if (*p != '"' && *p != '\'')
		return 0;
	for (const char *q = p + 1; (q = memchr(q, *p, (size_t)(end - q))); q += 2)
		if (q + 1 == end || q[1] != *p)
			return (size_t)(q + 1 - p);
	return 0;
}

static const char *skip_digits(const char *p, const char *end)
{
	while (p < end && is_digit(*p))
		p++;
	return p;
}

/* Two dots end a whole number too: 1..3 is a range, not 1. and .3. */
static size_t match_integer(struct vtl_lexer *l, const char *p, const char *end)
{
	(void)l;
	const char *from = p + (*p == '-');
	const char *q = skip_digits(from, end);
	if (q == from)
		return 0;
	return (size_t)(q - p) + starts(q, end, "..");
}

static const char *skip_exponent(const char *p, const char *end)
{
	if (p == end || (*p != 'e' && *p != 'E'))
		return p;
	const char *from = p + 1;
	if (from < end && (*from == '+' || *from == '-'))
		from++;
	const char *q = skip_digits(from, end);
	return q > from ? q : p;
}

static size_t match_float(struct vtl_lexer *l, const char *p, const char *end)
{
	(void)l;
	const char *from = p + (*p == '-');
	const char *whole = skip_digits(from, end);
	const char *q = whole;
	if (q < end && *q == '.') {
		q = skip_digits(q + 1, end);
		if (whole == from && q == whole + 1)
			return 0;
		return (size_t)(skip_exponent(q, end) - p);
	}
	q = skip_exponent(whole, end);
	return whole > from && q > whole ? (size_t)(q - p) : 0;
}

static size_t word_or_bracketed(const char *p, const char *end, const char *word,
				const char *bracketed)
{
	size_t n = starts(p, end, word);
	return n ? n : starts(p, end, bracketed);
}

static size_t match_end(struct vtl_lexer *l, const char *p, const char *end)
{
	(void)l;
	size_t n = word_or_bracketed(p, end, "end", "{end}");
	return n ? (size_t)(with_line_end(p + n, end) - p) : 0;
}

static size_t match_else(struct vtl_lexer *l, const char *p, const char *end)
{
	(void)l;
	size_t n = word_or_bracketed(p, end, "else", "{else}");
	return n ? (size_t)(with_line_end(p + n, end) - p) : 0;
}

static size_t match_identifier(struct vtl_lexer *l, const char *p, const char *end)
{
	(void)l;
	const char *q = name_end(p, end, "_", "_-");
	return q ? (size_t)(q - p) : 0;
}

static size_t match_dot(struct vtl_lexer *l, const char *p, const char *end)
{
	(void)l;
	return *p == '.' && p + 1 < end && is_letter(p[1]) ? 2 : 0;
}

/* What begins no reference, however it goes on. */
static size_t match_empty_index(struct vtl_lexer *l, const char *p, const char *end)
{
	static const char *const texts[] = {"$[", "$.", "$![", "$\\!["};
	(void)l;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		if (starts(p, end, texts[i]))
			return strlen(texts[i]);
	return 0;
}

/* The rules, in their order: it decides between two that match as much. A rule is a text, two texts
 * or a function. */
static const struct rule {
	enum vtl_kind kind;
	unsigned states;
	const char *text, *other;
	matcher *match;
} rules[] = {
	{VTL_INDEX_OPEN, IN_REF, "[", NULL, NULL},
	{VTL_INDEX_CLOSE, S(INDEX), "]", NULL, NULL},
	{VTL_LBRACKET, IN_ARGS, "[", NULL, NULL},
	{VTL_RBRACKET, IN_ARGS, "]", NULL, NULL},
	{VTL_COMMA, IN_ARGS, ",", NULL, NULL},
	{VTL_DOUBLEDOT, IN_ARGS, "..", NULL, NULL},
	{VTL_COLON, IN_ARGS, ":", NULL, NULL},
	{VTL_LEFT_CURLY, IN_ARGS, "{", NULL, NULL},
	{VTL_RIGHT_CURLY, IN_ARGS, "}", NULL, NULL},
	{VTL_LPAREN, S(DIRECTIVE) | S(MODIFIER), "(", NULL, NULL},
	{VTL_RPAREN, S(DIRECTIVE), NULL, NULL, match_rparen},
	{VTL_CALL_RPAREN, S(CALL), ")", NULL, NULL},
	{VTL_ESCAPED_DIRECTIVE, S(TEXT), NULL, NULL, match_escaped_directive},
	{VTL_SET, S(TEXT) | IN_REF | S(CALL), NULL, NULL, match_set},
	{VTL_DOLLAR, EVERYWHERE, NULL, NULL, match_dollar},
	{VTL_DOLLARBANG, EVERYWHERE, NULL, NULL, match_dollarbang},
	{VTL_OPEN_TEXTBLOCK, EVERYWHERE, "#[[", NULL, NULL},
	{VTL_OPEN_FORMAL, EVERYWHERE, NULL, NULL, match_open_formal},
	{VTL_OPEN_MULTI, EVERYWHERE, "#*", NULL, NULL},
	{VTL_HASH, EVERYWHERE, "#", NULL, NULL},
	{VTL_COMMENT_START, S(TEXT) | S(REFERENCE) | S(PRE_DIRECTIVE) | S(DIRECTIVE), "##", NULL,
	 NULL},
	{VTL_DOUBLE_ESCAPE, S(TEXT), "\\\\", NULL, NULL},
	{VTL_ESCAPE, S(TEXT), "\\", NULL, NULL},
	{VTL_TEXT, S(TEXT), NULL, NULL, match_text},
	{VTL_COMMENT_LINE_END, S(LINE_COMMENT), NULL, NULL, match_line_end},
	{VTL_FORMAL_END, S(FORMAL_COMMENT), "*#", NULL, NULL},
	{VTL_MULTI_END, S(MULTI_COMMENT), "*#", NULL, NULL},
	{VTL_TEXTBLOCK, S(TEXTBLOCK), "]]#", NULL, NULL},
	{VTL_SKIPPED, IN_COMMENTS, NULL, NULL, match_any},
	{VTL_MORE, S(TEXTBLOCK), NULL, NULL, match_any},
	{VTL_WHITESPACE, IN_VALUES, NULL, NULL, match_whitespace},
	{VTL_STRING, IN_VALUES, NULL, NULL, match_string},
	{VTL_TRUE, IN_REF | IN_VALUES, "true", NULL, NULL},
	{VTL_FALSE, IN_REF | IN_VALUES, "false", NULL, NULL},
	{VTL_MINUS, S(DIRECTIVE), "-", NULL, NULL},
	{VTL_PLUS, S(DIRECTIVE), "+", NULL, NULL},
	{VTL_MULTIPLY, S(DIRECTIVE), "*", NULL, NULL},
	{VTL_DIVIDE, S(DIRECTIVE), "/", NULL, NULL},
	{VTL_MODULUS, S(DIRECTIVE), "%", NULL, NULL},
	{VTL_AND, S(DIRECTIVE), "&&", "and", NULL},
	{VTL_OR, S(DIRECTIVE), "||", "or", NULL},
	{VTL_LT, S(DIRECTIVE), "<", "lt", NULL},
	{VTL_LE, S(DIRECTIVE), "<=", "le", NULL},
	{VTL_GT, S(DIRECTIVE), ">", "gt", NULL},
	{VTL_GE, S(DIRECTIVE), ">=", "ge", NULL},
	{VTL_EQ, S(DIRECTIVE), "==", "eq", NULL},
	{VTL_NE, S(DIRECTIVE), "!=", "ne", NULL},
	{VTL_NOT, S(DIRECTIVE), "!", "not", NULL},
	{VTL_EQUALS, S(DIRECTIVE), "=", NULL, NULL},
	{VTL_END, S(PRE_DIRECTIVE), NULL, NULL, match_end},
	{VTL_IF, S(PRE_DIRECTIVE), "if", "{if}", NULL},
	{VTL_ELSEIF, S(PRE_DIRECTIVE), "elseif", "{elseif}", NULL},
	{VTL_ELSE, S(PRE_DIRECTIVE), NULL, NULL, match_else},
	{VTL_INTEGER, IN_NUMBERS, NULL, NULL, match_integer},
	{VTL_FLOAT, IN_NUMBERS, NULL, NULL, match_float},
	{VTL_WORD, S(PRE_DIRECTIVE) | S(DIRECTIVE), NULL, NULL, match_word},
	{VTL_BRACKETED_WORD, S(PRE_DIRECTIVE) | S(DIRECTIVE), NULL, NULL, match_bracketed_word},
	{VTL_IDENTIFIER, IN_REF | S(CALL), NULL, NULL, match_identifier},
	{VTL_DOT, IN_REF | S(CALL), NULL, NULL, match_dot},
	{VTL_LCURLY, IN_REF, "{", NULL, NULL},
	{VTL_RCURLY, IN_REF, "}", NULL, NULL},
	{VTL_REFERENCE_TERMINATOR, IN_REF, NULL, NULL, match_any},
	{VTL_DIRECTIVE_TERMINATOR, S(PRE_DIRECTIVE), NULL, NULL, match_any},
	{VTL_EMPTY_INDEX, S(TEXT) | S(REFERENCE), NULL, NULL, match_empty_index},
};

void vtl_lexer_init(struct vtl_lexer *l, struct arena *a, struct slice text)
{
	*l = (struct vtl_lexer){.arena = a, .text = text, .state = VTL_IN_TEXT};
}

void vtl_lexer_clear(struct vtl_lexer *l)
{
	free(l->stack);
	l->stack = NULL;
}

/* The stack */

static void push(struct vtl_lexer *l)
{
	l->stack = array_grow(l->stack, &l->cap, l->depth + 1, sizeof(*l->stack));
	l->stack[l->depth++] = (struct vtl_frame){l->state, l->lparen, l->rparen};
	l->lparen = 0;
}

static bool pop(struct vtl_lexer *l)
{
	if (!l->depth) {
		l->lparen = 0;
		l->state = VTL_IN_TEXT;
		return false;
	}
	struct vtl_frame f = l->stack[--l->depth];
	l->lparen = f.lparen;
	l->rparen = f.rparen;
	l->state = f.state;
	return true;
}

void vtl_lexer_pop(struct vtl_lexer *l)
{
	pop(l);
}

/* A ')' drops to the state below the one that has an open '('. */
static void close_paren(struct vtl_lexer *l)
{
	while (!l->in_comment) {
		if (l->lparen > 0) {
			if (l->lparen == l->rparen + 1)
				pop(l);
			else
				l->rparen++;
			return;
		}
		if (!pop(l))
			return;
	}
}

static void leave_reference(struct vtl_lexer *l)
{
	if (l->state == VTL_IN_REFERENCE)
		pop(l);
}

static void enter(struct vtl_lexer *l, enum vtl_state state)
{
	push(l);
	l->state = state;
}

static void enter_comment(struct vtl_lexer *l, enum vtl_state state)
{
	l->in_comment = true;
	enter(l, state);
}

static void enter_set(struct vtl_lexer *l)
{
	push(l);
	l->in_set = true;
	l->state = VTL_IN_DIRECTIVE;
	l->lparen++;
}

static void open_paren(struct vtl_lexer *l)
{
	if (!l->in_comment)
		l->lparen++;
	if (l->state == VTL_IN_MODIFIER)
		l->state = VTL_IN_CALL;
}

/* What begins something where there is no comment yet. */
static void act_outside_comment(struct vtl_lexer *l, enum vtl_kind kind)
{
	switch ((int)kind) {
	case VTL_SET:
		enter_set(l);
		break;
	case VTL_DOLLAR:
	case VTL_DOLLARBANG:
		leave_reference(l);
		enter(l, VTL_IN_REFERENCE);
		break;
	case VTL_OPEN_TEXTBLOCK:
		enter_comment(l, VTL_IN_TEXTBLOCK);
		break;
	case VTL_OPEN_FORMAL:
		l->pos--;
		enter_comment(l, VTL_IN_FORMAL_COMMENT);
		break;
	case VTL_OPEN_MULTI:
		enter_comment(l, VTL_IN_MULTI_COMMENT);
		break;
	case VTL_HASH:
		if (l->state == VTL_IN_REFERENCE || l->state == VTL_IN_MODIFIER)
			pop(l);
		enter(l, VTL_IN_PRE_DIRECTIVE);
		break;
	case VTL_COMMENT_START:
		leave_reference(l);
		enter_comment(l, VTL_IN_LINE_COMMENT);
		break;
	}
}

/* A number or a text ends a directive that has no parenthesis open. */
static void after_value(struct vtl_lexer *l, enum vtl_kind kind)
{
	bool ends = kind == VTL_STRING ? l->state == VTL_IN_DIRECTIVE : l->state != VTL_IN_CALL;
	if (kind == VTL_INTEGER && l->state == VTL_IN_INDEX)
		ends = false;
	if (ends && !l->in_set && l->lparen == 0)
		pop(l);
}

/* What the match just made does to the state. */
static void act(struct vtl_lexer *l, enum vtl_kind kind)
{
	switch ((int)kind) {
	case VTL_INDEX_OPEN:
		enter(l, VTL_IN_INDEX);
		break;
	case VTL_LPAREN:
		open_paren(l);
		break;
	case VTL_RPAREN:
		close_paren(l);
		break;
	case VTL_CALL_RPAREN:
		l->state = VTL_IN_REFERENCE;
		break;
	case VTL_COMMENT_LINE_END:
	case VTL_FORMAL_END:
	case VTL_MULTI_END:
	case VTL_TEXTBLOCK:
		l->in_comment = false;
		pop(l);
		break;
	case VTL_STRING:
	case VTL_INTEGER:
	case VTL_FLOAT:
		after_value(l, kind);
		break;
	case VTL_IF:
	case VTL_ELSEIF:
		l->state = VTL_IN_DIRECTIVE;
		break;
	case VTL_DOT:
		l->pos--;
		l->state = VTL_IN_MODIFIER;
		break;
	case VTL_REFERENCE_TERMINATOR:
	case VTL_DIRECTIVE_TERMINATOR:
		l->pos--;
		pop(l);
		break;
	case VTL_INDEX_CLOSE:
	case VTL_END:
	case VTL_ELSE:
	case VTL_RCURLY:
		pop(l);
		break;
	default:
		if (!l->in_comment)
			act_outside_comment(l, kind);
	}
}

/* Matching */

static size_t rule_match(struct vtl_lexer *l, const struct rule *r, const char *p, const char *end)
{
	if (r->match)
		return r->match(l, p, end);
	size_t n = starts(p, end, r->text);
	return n || !r->other ? n : starts(p, end, r->other);
}

/* The rule that matches most at pos, moving past it. NULL: none does. */
static const struct rule *best_match(struct vtl_lexer *l)
{
	const char *p = l->text.p + l->pos;
	const char *end = l->text.p + l->text.len;
	const struct rule *best = NULL;
	size_t most = 0;
	for (size_t i = 0; p < end && i < ARRAY_LEN(rules); i++) {
		const struct rule *r = &rules[i];
		size_t n = r->states & 1u << l->state ? rule_match(l, r, p, end) : 0;
		if (n > most) {
			most = n;
			best = r;
		}
	}
	l->pos += most;
	return best;
}

/* What was taken for the beginning of something and is none: of it only '$', '#' and the
 * backslashes before a '$' are ever printed. */
static void add_special(struct vtl_lexer *l, struct vtl_token *t, size_t from)
{
	const char *p = l->text.p + from;
	const char *end = l->text.p + l->pos;
	size_t before = t->special ? strlen(t->special) : 0;
	char *out = arena_alloc(l->arena, before + (size_t)(end - p) + 1);
	size_t n = before;
	if (before)
		memcpy(out, t->special, before);
	while (p < end) {
		size_t dollar = match_dollar(l, p, end);
		size_t kept = dollar ? dollar : (size_t)(*p == '#');
		memcpy(out + n, p, kept);
		n += kept;
		p += kept + (kept == 0 || *p == '\\'); /* behind backslashes one more is lost */
	}
	if (n)
		t->special = out;
}

static struct slice image_of(const struct vtl_lexer *l, enum vtl_kind kind, size_t from)
{
	struct slice image = {l->text.p + from, l->pos - from};
	if (kind == VTL_INTEGER && image.len > 2 && image.p[image.len - 1] == '.')
		image.len -= 2;
	return image;
}

struct vtl_token *vtl_lexer_next(struct vtl_lexer *l)
{
	struct vtl_token *t = arena_alloc(l->arena, sizeof(*t));
	size_t from = l->pos;
	bool more = false;
	while (l->pos < l->text.len) {
		const struct rule *r = best_match(l);
		l->error_at = l->pos;
		if (!r)
			return NULL;
		struct slice image = image_of(l, r->kind, from);
		if (r->kind == VTL_INTEGER)
			l->pos = from + image.len;
		act(l, r->kind);
		more = (r->kind >= VTL_DOLLAR && r->kind <= VTL_HASH) || r->kind == VTL_MORE;
		if (more)
			continue;
		if (r->kind == VTL_REFERENCE_TERMINATOR || r->kind == VTL_DIRECTIVE_TERMINATOR) {
			add_special(l, t, from);
			from = l->pos;
		} else if (r->kind == VTL_SKIPPED) {
			from = l->pos;
		} else {
			t->kind = r->kind;
			t->image = image;
			if (r->kind == VTL_DOT) /* what came before it is lost */
				t->image = (struct slice){image.p + image.len - 2, 1};
			return t;
		}
	}
	l->error_at = l->pos;
	t->kind = VTL_EOF;
	t->image = (struct slice){l->text.p + l->text.len, 0};
	return more ? NULL : t;
}

bool vtl_lexer_at_paren(const struct vtl_lexer *l)
{
	size_t i = l->pos;
	while (i < l->text.len &&
	       (is_blank(l->text.p[i]) || l->text.p[i] == '\n' || l->text.p[i] == '\r'))
		i++;
	return i < l->text.len && l->text.p[i] == '(';
}
