/* jsonpath.c -- see jsonpath.h. Jayway's JsonPath 2.0 has no grammar: it cuts a path into fragments
 * ("$", "..", ".name", "[...]"), and looks through each for the first character that tells what it
 * is. What it lets pass, and what it refuses, follows from that: "[ 'a' ]" and "[1 2]" are fine,
 * the latter means 12; a double quote is nothing, so ["a"] is refused and ["a1"] is the second
 * element. Templates in the field were tried against it, so the same is done here, step by step,
 * and nothing better. tests/oracle compares both.
 *
 * Characters that mean something are all ASCII: bytes do as well as Java's characters. */
#include "gateway/jsonpath.h"

#include "gateway/pathtoken.h"

#include <limits.h>
#include <string.h>

/* A fragment being looked through. Reading behind its end is what ends a malformed one. */
struct scan {
	struct path_compiler *c;
	struct slice text;
	size_t i;
};

static int at(const struct scan *s)
{
	return s->i < s->text.len ? (unsigned char)s->text.p[s->i] : -1;
}

static int step(struct scan *s)
{
	s->i++;
	return at(s);
}

static void *refuse(struct path_compiler *c, const char *why)
{
	if (!c->why)
		c->why = why;
	return NULL;
}

static struct path_token *new_token(struct path_compiler *c, enum token_kind kind)
{
	struct path_token *t = arena_alloc(c->arena, sizeof(*t));
	t->kind = kind;
	return t;
}

struct slice path_trim(struct slice s)
{
	while (s.len && (unsigned char)s.p[0] <= ' ') {
		s.p++;
		s.len--;
	}
	while (s.len && (unsigned char)s.p[s.len - 1] <= ' ')
		s.len--;
	return s;
}

/* Names and numbers */

static void add_name(struct path_token *t, const char *p, size_t n)
{
	t->names[t->name_count++] = (struct slice){p, n};
}

/* From the first quote on: 'a', 'b'. What stands outside of quotes is nothing. */
static struct path_token *read_names(struct scan *s)
{
	struct path_token *t = new_token(s->c, TOKEN_PROPERTY);
	bool open = false;
	const char *from = NULL;
	t->names = arena_alloc(s->c->arena, (s->text.len / 2 + 1) * sizeof(*t->names));
	for (int c = at(s); c != ']'; c = step(s)) {
		if (c < 0)
			return refuse(s->c, "the bracket is not closed");
		if (c != '\'')
			continue;
		if (open)
			add_name(t, from, (size_t)(s->text.p + s->i - from));
		from = s->text.p + s->i + 1;
		open = !open;
	}
	return t;
}

/* Digits with signs between them, being collected. */
struct digits {
	char p[24];
	size_t len; /* may be more than fits */
};

static void add_digit(struct digits *d, int c)
{
	if (d->len < sizeof(d->p) - 1)
		d->p[d->len] = (char)c;
	d->len++;
}

/* Integer.parseInt, onto the token's numbers. */
static bool take_number(struct scan *s, struct path_token *t, struct digits *d)
{
	long long v;
	bool fits = d->len < sizeof(d->p);
	d->p[fits ? d->len : 0] = '\0';
	d->len = 0;
	if (!fits || !str_to_i64(d->p, INT_MIN, INT_MAX, &v))
		return refuse(s->c, "this is not an index") != NULL;
	t->numbers[t->number_count++] = (int)v;
	return true;
}

static bool is_digit(int c)
{
	return c >= '0' && c <= '9';
}

/* From behind a colon: an index, or nothing. */
static void read_bound(struct scan *s, struct digits *d)
{
	for (int c = step(s); is_digit(c) || c == ' ' || c == '-'; c = step(s))
		if (c != ' ')
			add_digit(d, c);
}

/* What the colons and commas said. */
struct sequence {
	bool to, from, between, list;
};

static bool read_colon(struct scan *s, struct path_token *t, struct digits *d, struct sequence *q)
{
	bool first = d->len == 0;
	if (!first && !take_number(s, t, d))
		return false;
	read_bound(s, d);
	if (!first && d->len == 0) {
		q->from = true;
		return true;
	}
	*(first ? &q->to : &q->between) = true;
	return take_number(s, t, d);
}

/* [(@.length - 1)]: from the "@" on. */
static struct path_token *read_size(struct scan *s)
{
	struct path_token *t = new_token(s->c, TOKEN_ARRAY);
	struct digits word = {0}, d = {0};
	int c;
	t->array = ARRAY_SIZE;
	t->numbers = arena_alloc(s->c->arena, sizeof(*t->numbers));
	s->i++;
	for (c = step(s); c >= 0 && c != '-'; c = step(s))
		if (c != ' ' && c != '(' && c != ')')
			add_digit(&word, c);
	word.p[word.len < sizeof(word.p) ? word.len : 0] = '\0';
	if (!str_eq(word.p, "size") && !str_eq(word.p, "length"))
		return refuse(s->c, "of functions there are (@.length - n) and (@.size() - n)");
	for (; c >= 0 && c != ')'; c = step(s))
		if (c != ' ')
			add_digit(&d, c);
	if (c < 0)
		return refuse(s->c, "the parenthesis is not closed");
	return take_number(s, t, &d) ? t : NULL;
}

static enum array_kind array_kind(const struct path_token *t, const struct sequence *q)
{
	if (t->number_count == 1 && !q->to && !q->from)
		return ARRAY_INDEX;
	if (q->list)
		return ARRAY_INDEXES;
	if (q->from)
		return ARRAY_FROM;
	return q->to ? ARRAY_TO : ARRAY_BETWEEN;
}

/* Indexes and slices, from their first character on; what follows them is nothing. */
static struct path_token *read_numbers(struct scan *s)
{
	struct path_token *t = new_token(s->c, TOKEN_ARRAY);
	struct digits d = {0};
	struct sequence q = {0};
	t->numbers = arena_alloc(s->c->arena, (s->text.len + 1) * sizeof(*t->numbers));
	for (int c = at(s); is_digit(c) || (c > 0 && strchr(", :-", c)); c = step(s)) {
		if (c == ':' && !read_colon(s, t, &d, &q))
			return NULL;
		if (c == ',' && !take_number(s, t, &d))
			return NULL;
		q.list |= c == ',';
		if (is_digit(c) || c == '-')
			add_digit(&d, c);
		if (at(s) < 0)
			return refuse(s->c, "the bracket is not closed");
		if (at(s) == ']')
			break;
	}
	if (at(s) < 0)
		return refuse(s->c, "the bracket is not closed");
	if (d.len && !take_number(s, t, &d))
		return NULL;
	t->array = array_kind(t, &q);
	return t;
}

/* Filters */

/* Where the filter around the '?' at s->i begins and ends. */
static bool filter_bounds(const struct scan *s, size_t *begin, size_t *end)
{
	int brackets = 0, squares = 0;
	bool quoted = false;
	char last = ' ';
	*begin = s->i;
	while (s->text.p[*begin] != '[')
		(*begin)--; /* a fragment that may hold '?' begins with one */
	for (size_t i = *begin; i < s->text.len; i++) {
		char c = s->text.p[i];
		if (c == '\'' && last != '\\')
			quoted = !quoted;
		else if (!quoted && (c == '(' || c == ')'))
			brackets += c == '(' ? 1 : -1;
		else if (!quoted && (c == '[' || c == ']'))
			squares += c == '[' ? 1 : -1;
		last = c;
		*end = i + 1;
		if (c == ']' && !quoted && brackets == 0)
			return squares == 0;
	}
	return false;
}

static struct path_token *read_filter(struct scan *s)
{
	struct path_token *t = new_token(s->c, TOKEN_FILTER);
	size_t begin, end;
	if (!filter_bounds(s, &begin, &end))
		return refuse(s->c, "the brackets of the filter are not balanced");
	t->filter = filter_compile(s->c, (struct slice){s->text.p + begin, end - begin});
	return t->filter ? t : NULL;
}

/* "[?]", "[?, ?]": places for filters that Java code would give. */
static bool is_empty_filter(struct slice text)
{
	size_t i = 1;
	bool mark = false;
	if (text.len < 3 || text.p[0] != '[' || text.p[text.len - 1] != ']')
		return false;
	for (; i < text.len - 1; i++) {
		char c = text.p[i];
		bool space = c && strchr(" \t\n\v\f\r", c);
		if (!mark ? !space && c != '?' : !space && (!c || !strchr(",*?", c)))
			return false;
		mark |= c == '?';
	}
	return mark;
}

/* Fragments */

static struct path_token *read_fragment(struct path_compiler *c, struct slice text)
{
	struct scan s = {c, text, 0};
	if (slice_is(text, "[*]"))
		return new_token(c, TOKEN_WILD);
	if (is_empty_filter(text))
		return new_token(c, TOKEN_FILTER);
	for (; s.i < text.len; s.i++) {
		int ch = at(&s);
		if (ch == '?')
			return read_filter(&s);
		if (ch == '\'')
			return read_names(&s);
		if (ch == '@')
			return read_size(&s);
		if (is_digit(ch) || ch == ':' || ch == '-')
			return read_numbers(&s);
	}
	return refuse(c, "there is nothing in these brackets that could be meant");
}

/* ".name" is read as "['name']", with all that quotes and brackets in the name lead to. */
static struct path_token *read_name(struct path_compiler *c, struct slice name)
{
	if (slice_is(name, "*"))
		return new_token(c, TOKEN_WILD);
	char *quoted = arena_printf(c->arena, "['%.*s']", (int)name.len, name.p);
	return read_fragment(c, (struct slice){quoted, name.len + 4});
}

static size_t name_length(struct slice path, size_t i)
{
	size_t n = 0;
	while (i + n < path.len && !strchr(".[ ", path.p[i + n]))
		n++;
	return n;
}

/* Past the bracket at i, or to the end. */
static size_t bracket_length(struct slice path, size_t i)
{
	int nested = 0;
	for (size_t k = i + 1; k < path.len; k++) {
		if (path.p[k] == ']' && nested-- == 0)
			return k + 1 - i;
		nested += path.p[k] == '[';
	}
	return path.len - i;
}

/* Behind a dot: descent, a name, or nothing before a bracket. *t stays as it is for the last. */
static bool read_dot(struct path_compiler *c, struct slice path, size_t *i, struct path_token **t)
{
	if (++*i == path.len)
		return refuse(c, "a path cannot end in a dot") != NULL;
	if (path.p[*i] == '.') {
		++*i;
		*t = new_token(c, TOKEN_SCAN);
		return true;
	}
	size_t n = name_length(path, *i);
	if (!n)
		return true;
	*t = read_name(c, (struct slice){path.p + *i, n});
	*i += n;
	return *t != NULL;
}

/* The next token of path from *i on; NULL in *t: there is none in what was passed. */
static bool read_token(struct path_compiler *c, struct slice path, size_t *i, struct path_token **t)
{
	size_t n;
	*t = NULL;
	switch (path.p[*i]) {
	case ' ':
		return refuse(c, "a space") != NULL;
	case '$':
		*t = new_token(c, TOKEN_ROOT);
		++*i;
		return true;
	case '*':
		*t = new_token(c, TOKEN_WILD);
		++*i;
		return true;
	case '.':
		return read_dot(c, path, i, t);
	case '[':
		n = bracket_length(path, *i);
		*t = read_fragment(c, (struct slice){path.p + *i, n});
		break;
	default:
		n = name_length(path, *i);
		*t = read_name(c, (struct slice){path.p + *i, n});
		break;
	}
	*i += n;
	return *t != NULL;
}

static bool names_one(const struct path_token *t)
{
	switch (t->kind) {
	case TOKEN_ROOT:
	case TOKEN_PROPERTY:
		return true;
	case TOKEN_ARRAY:
		return t->array == ARRAY_INDEX || t->array == ARRAY_SIZE;
	case TOKEN_SCAN:
	case TOKEN_WILD:
	case TOKEN_FILTER:
		return false;
	}
	return false;
}

/* From the last token to the first. tokens is a list in reverse. */
static struct path_token *link_tokens(struct path_token *reversed)
{
	struct path_token *next = NULL;
	while (reversed) {
		struct path_token *before = reversed->next;
		reversed->next = next;
		reversed->definite = names_one(reversed) && (!next || next->definite);
		next = reversed;
		reversed = before;
	}
	for (struct path_token *t = next; t; t = t->next) {
		if (t == next)
			t->upstream = names_one(t);
		if (t->next)
			t->next->upstream = names_one(t->next) && t->definite;
	}
	return next;
}

/* With "$" in front, which stands for "@" as well. */
static struct slice normal_path(struct path_compiler *c, struct slice path)
{
	if (path.p[0] == '$')
		return path;
	bool item = path.p[0] == '@';
	size_t skip = item ? 1 : 0;
	char *text = arena_printf(c->arena, "$%s%.*s", item ? "" : ".", (int)(path.len - skip),
				  path.p + skip);
	return (struct slice){text, strlen(text)};
}

struct jsonpath *path_compile(struct path_compiler *c, struct slice text)
{
	struct jsonpath *p = arena_alloc(c->arena, sizeof(*p));
	struct path_token *reversed = NULL, *t;
	struct slice path = path_trim(text);
	if (!path.len)
		return refuse(c, "the path is empty");
	if (path.len >= 2 && memcmp(path.p + path.len - 2, "..", 2) == 0)
		return refuse(c, "a path cannot end in \"..\"");
	if (++c->nest > MAX_JSONPATH_NEST)
		return refuse(c, "too many paths within each other");
	p->from_root = path.p[0] != '@';
	path = normal_path(c, path);
	if (path.len > 1 && path.p[1] != '.' && path.p[1] != '[')
		return refuse(c, "behind the \"$\" a dot or a bracket must follow");
	for (size_t i = 0; i < path.len;) {
		if (!read_token(c, path, &i, &t))
			return NULL;
		if (t) {
			t->next = reversed;
			reversed = t;
		}
	}
	c->nest--;
	p->root = link_tokens(reversed);
	return p;
}

struct jsonpath *jsonpath_compile(struct arena *a, const char *text, const char **error)
{
	struct path_compiler c = {.arena = a};
	size_t len = strnlen(text, MAX_JSONPATH_TEXT + 1);
	struct jsonpath *p = NULL;
	if (len > MAX_JSONPATH_TEXT)
		refuse(&c, "the path is too long");
	else
		p = path_compile(&c, (struct slice){arena_strndup(a, text, len), len});
	if (!p && error)
		*error = arena_printf(a, "%s: %s",
				      len ? "InvalidPathException" : "IllegalArgumentException",
				      c.why);
	return p;
}

bool jsonpath_definite(const struct jsonpath *p)
{
	return p->root->definite;
}
