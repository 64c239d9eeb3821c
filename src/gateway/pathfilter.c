/* pathfilter.c -- filters of JSONPaths, as Jayway's JsonPath 2.0 has them: [?(A && B || C)], with A
 * a path (it exists and is not null), "!" and a path, or two sides with one of == != < <= > >= =~
 * between. The text is cut at every && and ||, quoted or not; there are no parentheses within; and
 * a side that is neither a path, nor 'quoted', nor a /pattern/ is a string as well.
 *
 * Values are compared as Java's were: the right side decides. A text there is taken for a number
 * when the left side is one, and if it is none, the whole evaluation fails with a
 * NumberFormatException, as Jayway's does. */
#include "gateway/pathtoken.h"

#include "base/decimal.h"
#include "gateway/javaregex.h"
#include "gateway/javatext.h"

#include <string.h>
#include <strings.h>

/* Compiling */

static const char *const operators[] = {
	/* in the order in which they are looked for */
	[COMPARE_EQ] = "==", [COMPARE_GE] = ">=", [COMPARE_LE] = "<=", [COMPARE_NE] = "!=",
	[COMPARE_LT] = "<",  [COMPARE_GT] = ">",  [COMPARE_RE] = "=~",
};

static void *refuse(struct path_compiler *c, const char *why)
{
	if (!c->why)
		c->why = why;
	return NULL;
}

static bool starts(struct slice s, const char *prefix)
{
	size_t n = strlen(prefix);
	return s.len >= n && memcmp(s.p, prefix, n) == 0;
}

static struct slice cut(struct slice s, size_t from, size_t to)
{
	return (struct slice){s.p + from, to > from ? to - from : 0};
}

static bool read_path(struct path_compiler *c, struct slice text, struct operand *o)
{
	o->kind = OPERAND_PATH;
	o->path = path_compile(c, text);
	if (o->path && !jsonpath_definite(o->path))
		refuse(c, "a path in a filter must be definite");
	return o->path && jsonpath_definite(o->path);
}

/* Compiled again for each evaluation: patterns take memory that no arena has. */
static bool read_pattern(struct path_compiler *c, struct slice text, struct operand *o)
{
	size_t tail = text.p[text.len - 1] == 'i' ? 2 : 1;
	o->kind = OPERAND_PATTERN;
	if (text.len < tail + 1)
		return refuse(c, "half a pattern") != NULL;
	o->text = cut(text, 1, text.len - tail);
	if (tail == 2) {
		o->text.p = arena_printf(c->arena, "(?i)%.*s", (int)o->text.len, o->text.p);
		o->text.len += strlen("(?i)");
	}
	struct regex *re = javaregex_compile(o->text.p, o->text.len, true, (struct pos){0}, NULL);
	regex_free(re);
	return re || refuse(c, "this is not a pattern");
}

static bool is_pattern(struct slice s)
{
	return s.len && s.p[0] == '/' &&
	       (s.p[s.len - 1] == '/' ||
		(s.len > 1 && s.p[s.len - 2] == '/' && s.p[s.len - 1] == 'i'));
}

static bool read_operand(struct path_compiler *c, struct slice s, struct operand *o)
{
	*o = (struct operand){.kind = OPERAND_TEXT, .text = s};
	if (starts(s, "$") || starts(s, "@"))
		return read_path(c, s, o);
	if (starts(s, "!@"))
		return refuse(c, "\"!\" stands before a path alone") != NULL;
	if (is_pattern(s))
		return read_pattern(c, s, o);
	if (!s.len || s.p[0] != '\'' || s.p[s.len - 1] != '\'')
		return true;
	o->text = cut(s, 1, s.len - 1);
	return s.len > 1 || refuse(c, "half a string");
}

/* The first operator of the list that occurs anywhere. SIZE_MAX: none. */
static size_t find_operator(struct slice s, enum compare *op)
{
	for (size_t k = 0; k < ARRAY_LEN(operators); k++) {
		const char *hit = memmem(s.p, s.len, operators[k], strlen(operators[k]));
		*op = (enum compare)k;
		if (hit)
			return (size_t)(hit - s.p);
	}
	return SIZE_MAX;
}

/* A path alone. */
static const struct filter *read_exists(struct path_compiler *c, struct slice s)
{
	struct filter *f = arena_alloc(c->arena, sizeof(*f));
	bool missing = starts(s, "!@");
	f->kind = missing ? FILTER_MISSING : FILTER_EXISTS;
	if (!missing && !starts(s, "$") && !starts(s, "@"))
		return refuse(c, "this is neither a path nor a comparison");
	return read_path(c, missing ? cut(s, 1, s.len) : s, &f->left) ? f : NULL;
}

/* "!@.a == 1": the "!" goes unheard, as in Jayway. */
static const struct filter *read_compare(struct path_compiler *c, struct slice left,
					 enum compare op, struct slice right)
{
	struct filter *f = arena_alloc(c->arena, sizeof(*f));
	f->kind = FILTER_COMPARE;
	f->op = op;
	if (starts(left, "!@"))
		left = cut(left, 1, left.len);
	return read_operand(c, left, &f->left) && read_operand(c, right, &f->right) ? f : NULL;
}

/* One criterion, with what may stand around it. */
static const struct filter *read_criterion(struct path_compiler *c, struct slice s)
{
	enum compare op;
	while (s.len && s.p[0] && strchr("[?( ", s.p[0]))
		s = cut(s, 1, s.len);
	while (s.len && (s.p[s.len - 1] == ')' || s.p[s.len - 1] == ' '))
		s.len--;
	if (!s.len)
		return refuse(c, "a part of the filter is empty");
	size_t hit = find_operator(s, &op);
	if (hit == SIZE_MAX)
		return read_exists(c, path_trim(s));
	return read_compare(c, path_trim(cut(s, 0, hit)), op,
			    path_trim(cut(s, hit + strlen(operators[op]), s.len)));
}

static bool is_joint(struct slice s, size_t i)
{
	return i + 2 <= s.len && (memcmp(s.p + i, "&&", 2) == 0 || memcmp(s.p + i, "||", 2) == 0);
}

/* Where the piece that begins at i ends: before or behind the next && or ||, whichever is first. */
static size_t piece_end(struct slice s, size_t i)
{
	for (size_t k = i + 1; k < s.len; k++)
		if (is_joint(s, k) || (k >= 2 && is_joint(s, k - 2)))
			return k;
	return s.len;
}

/* The pieces of a filter: criteria, and what is between them. */
struct pieces {
	const struct filter **criteria;
	char *joints;
	size_t count, joint_count;
};

static bool read_pieces(struct path_compiler *c, struct slice s, struct pieces *p)
{
	p->criteria = arena_alloc(c->arena, (s.len + 1) * sizeof(*p->criteria));
	p->joints = arena_alloc(c->arena, s.len + 1);
	for (size_t i = 0, end; i < s.len; i = end) {
		end = piece_end(s, i);
		struct slice piece = path_trim(cut(s, i, end));
		if (slice_is(piece, "&&") || slice_is(piece, "||"))
			p->joints[p->joint_count++] = piece.p[0];
		else if (!(p->criteria[p->count++] = read_criterion(c, piece)))
			return false;
	}
	return p->count == p->joint_count + 1 ||
	       refuse(c, "&& and || do not stand between parts of the filter");
}

static const struct filter *join(struct path_compiler *c, enum filter_kind kind,
				 const struct filter *a, const struct filter *b)
{
	struct filter *f = arena_alloc(c->arena, sizeof(*f));
	*f = (struct filter){.kind = kind, .a = a, .b = b};
	return f;
}

/* From the last to the first, && binding tighter: (a || (b && c)) is told and that is what
 * right-to-left joining gives. Order decides which part fails first. */
static const struct filter *join_pieces(struct path_compiler *c, const struct pieces *p)
{
	size_t n = p->count;
	const struct filter *root = p->criteria[--n];
	while (n) {
		const struct filter *other = p->criteria[--n];
		if (p->joints[n] == '|')
			root = join(c, FILTER_OR, root, other);
		else if (root->kind == FILTER_OR)
			root = join(c, FILTER_OR, root->a, join(c, FILTER_AND, root->b, other));
		else
			root = join(c, FILTER_AND, root, other);
	}
	return root;
}

const struct filter *filter_compile(struct path_compiler *c, struct slice text)
{
	static const char ends[] = "]?)";
	static const char begins[] = "[?(";
	struct pieces p = {0};
	for (size_t i = 0; i < 3; i++) {
		text = path_trim(text);
		bool closed = i == 1 || (text.len > 1 && text.p[text.len - 1] == ends[i]);
		if (!text.len || text.p[0] != begins[i] || !closed)
			return refuse(c, "a filter is written [?(...)]");
		text = cut(text, 1, i == 1 ? text.len : text.len - 1);
	}
	text = path_trim(text);
	if (!text.len)
		return refuse(c, "the filter is empty");
	return read_pieces(c, text, &p) ? join_pieces(c, &p) : NULL;
}

/* Values */

enum value_kind { VALUE_NULL, VALUE_BOOL, VALUE_NUMBER, VALUE_TEXT, VALUE_OTHER, VALUE_PATTERN };
struct value {
	enum value_kind kind;
	struct slice text;
	const struct node *node; /* it came from a document */
	const struct operand *pattern;
};
enum compared { COMPARED, NOT_COMPARABLE, NOT_A_NUMBER };

static struct value node_value(const struct node *n)
{
	static const enum value_kind kinds[] = {
		[NODE_NULL] = VALUE_NULL, [NODE_BOOL] = VALUE_BOOL,  [NODE_NUMBER] = VALUE_NUMBER,
		[NODE_TEXT] = VALUE_TEXT, [NODE_LIST] = VALUE_OTHER, [NODE_MAP] = VALUE_OTHER,
	};
	return (struct value){.kind = kinds[n->kind], .text = {n->text, n->len}, .node = n};
}

static bool nullish(const struct value *v)
{
	return v->kind == VALUE_NULL || (v->kind == VALUE_TEXT && slice_is(v->text, "null"));
}

static bool truth(const struct value *v)
{
	return v->text.len == 4 && strncasecmp(v->text.p, "true", 4) == 0;
}

/* String.compareTo goes by UTF-16, in which what lies beyond U+FFFF comes before U+E000. */
static int compare_texts(struct slice a, struct slice b)
{
	size_t n = a.len < b.len ? a.len : b.len;
	size_t i = 0;
	while (i < n && a.p[i] == b.p[i])
		i++;
	if (i == n)
		return (a.len > b.len) - (a.len < b.len);
	int x = (unsigned char)a.p[i];
	int y = (unsigned char)b.p[i];
	if ((x >= 0xf0 && y >= 0xee && y <= 0xef) || (y >= 0xf0 && x >= 0xee && x <= 0xef))
		return y - x;
	return x - y;
}

/* \' in a string stands for the quote. */
static struct slice unquote(struct arena *a, struct slice s)
{
	char *out;
	size_t n = 0;
	if (!memmem(s.p, s.len, "\\'", 2))
		return s;
	out = arena_alloc(a, s.len);
	for (size_t i = 0; i < s.len; i++) {
		if (s.p[i] == '\\' && i + 1 < s.len && s.p[i + 1] == '\'')
			i++;
		out[n++] = s.p[i];
	}
	return (struct slice){out, n};
}

static enum compared compare_numbers(struct slice left, struct slice right, int *result)
{
	struct decimal a, b;
	if (!decimal_read(left, &a) || !decimal_read(right, &b))
		return NOT_A_NUMBER;
	*result = decimal_compare(&a, &b);
	return COMPARED;
}

/* What the filter expects, against what is there. */
static enum compared compare_values(struct arena *a, const struct value *want,
				    const struct value *have, int *result)
{
	*result = (int)nullish(have) - (int)nullish(want);
	if (nullish(want) || nullish(have))
		return COMPARED;
	if (want->node && want->node == have->node)
		return COMPARED;
	if (want->kind == VALUE_TEXT && have->kind == VALUE_TEXT)
		*result = compare_texts(unquote(a, want->text), have->text);
	else if (have->kind == VALUE_NUMBER &&
		 (want->kind == VALUE_NUMBER || want->kind == VALUE_TEXT))
		return compare_numbers(want->text, have->text, result);
	else if (have->kind == VALUE_BOOL && (want->kind == VALUE_BOOL || want->kind == VALUE_TEXT))
		*result = (int)truth(want) - (int)truth(have);
	else
		return NOT_COMPARABLE;
	return COMPARED;
}

/* Evaluating */

/* The one thing at p, from item or from "$". */
static enum path_end eval_path(const struct walk *w, const struct jsonpath *p,
			       const struct node *item, bool require, const struct node **out)
{
	struct walk sub = {.arena = w->arena,
			   .root = w->root,
			   .work = w->work,
			   .definite = true,
			   .require = require};
	enum path_end end = path_walk(&sub, p, item);
	*out = sub.one;
	return end == PATH_FOUND && !sub.one ? PATH_MISSING : end;
}

static enum path_end eval_operand(const struct walk *w, const struct operand *o,
				  const struct node *item, struct value *v)
{
	const struct node *n;
	*v = (struct value){.text = o->text};
	if (o->kind == OPERAND_PATH) {
		enum path_end end =
			eval_path(w, o->path, o->path->from_root ? w->root : item, false, &n);
		if (end == PATH_FOUND)
			*v = node_value(n);
		return end;
	}
	v->kind = o->kind == OPERAND_TEXT ? VALUE_TEXT : VALUE_PATTERN;
	v->pattern = o;
	return PATH_FOUND;
}

/* Compiled when first asked for. */
static struct regex *pattern_of(struct walk *w, const struct operand *o)
{
	for (struct path_pattern *p = w->work->patterns; p; p = p->next)
		if (p->of == o)
			return p->re;
	struct path_pattern *p = arena_alloc(w->arena, sizeof(*p));
	p->of = o;
	p->re = javaregex_compile(o->text.p, o->text.len, true, (struct pos){0}, NULL);
	p->next = w->work->patterns;
	w->work->patterns = p;
	return p->re;
}

/* Integers stay as they are, but for -0; what has a point or an exponent is a Double. */
static void add_number(struct str *out, const struct node *n)
{
	char text[JAVA_DOUBLE];
	double v;
	if (strspn(n->text, "-0123456789") == n->len || !str_to_double(n->text, -1e308, 1e308, &v))
		str_add(out, str_eq(n->text, "-0") ? "0" : n->text);
	else
		str_addn(out, text, java_double(text, v));
}

/* A map prints as Java's, a list as JSON, and so does what is in a list. */
static void add_java(struct str *out, const struct node *n, bool json)
{
	bool map = n->kind == NODE_MAP;
	bool quoted = json && n->kind == NODE_TEXT;
	json |= n->kind == NODE_LIST;
	if (n->kind == NODE_NULL)
		str_add(out, "null");
	else if (n->kind == NODE_NUMBER)
		add_number(out, n);
	else if (quoted)
		java_json_string(out, (struct slice){n->text, n->len}, true);
	else if (!map && n->kind != NODE_LIST)
		str_addn(out, n->text, n->len);
	if (!map && n->kind != NODE_LIST)
		return;
	str_addc(out, map ? '{' : '[');
	for (const struct node *i = n->child; i; i = i->next) {
		str_add(out, i == n->child ? "" : (json ? "," : ", "));
		if (map && json)
			java_json_string(out, (struct slice){i->key->text, i->key->len}, true);
		else if (map)
			str_addn(out, i->key->text, i->key->len);
		if (map)
			str_addc(out, json ? ':' : '=');
		add_java(out, i, json);
	}
	str_addc(out, map ? '}' : ']');
}

/* Object.toString(). */
static struct slice value_text(struct walk *w, const struct value *v)
{
	struct str s = {0};
	if (!v->node || v->kind == VALUE_TEXT)
		return v->text;
	add_java(&s, v->node, false);
	path_step(w, s.len / 64);
	struct slice text = {arena_strndup(w->arena, str_c(&s), s.len), s.len};
	str_clear(&s);
	return text;
}

static enum path_end eval_pattern(struct walk *w, const struct value *left,
				  const struct value *right, bool *passes)
{
	bool turned = left->kind == VALUE_PATTERN;
	const struct value *pattern = turned ? left : right;
	const struct value *target = turned ? right : left;
	if (pattern->kind != VALUE_PATTERN && pattern->kind != VALUE_NULL)
		return PATH_CLASS;
	if (target->kind == VALUE_NULL)
		return PATH_FOUND;
	if (pattern->kind == VALUE_NULL)
		return PATH_NULL;
	struct slice text = value_text(w, target);
	struct regex *re = pattern_of(w, pattern->pattern);
	enum regex_result r = regex_match(re, text.p, text.len);
	*passes = r == REGEX_YES;
	return r == REGEX_LIMIT || !path_step(w, 1 + regex_work(re)) ? PATH_LIMIT : PATH_FOUND;
}

static bool holds(enum compare op, int result)
{
	switch (op) {
	case COMPARE_EQ:
		return result == 0;
	case COMPARE_NE:
		return result != 0;
	case COMPARE_GE:
		return result <= 0;
	case COMPARE_LE:
		return result >= 0;
	case COMPARE_LT:
		return result > 0;
	case COMPARE_GT:
		return result < 0;
	case COMPARE_RE:
		break;
	}
	return false;
}

static enum path_end eval_compare(struct walk *w, const struct filter *f, const struct node *item,
				  bool *passes)
{
	struct value left, right;
	int result;
	enum path_end end = eval_operand(w, &f->left, item, &left);
	if (end == PATH_FOUND)
		end = eval_operand(w, &f->right, item, &right);
	if (end != PATH_FOUND)
		return end == PATH_MISSING ? PATH_FOUND : end;
	if (f->op == COMPARE_RE)
		return eval_pattern(w, &left, &right, passes);
	bool ordered = f->op != COMPARE_EQ && f->op != COMPARE_NE;
	if (ordered && (left.kind == VALUE_NULL) != (right.kind == VALUE_NULL))
		return PATH_FOUND;
	enum compared how = compare_values(w->arena, &right, &left, &result);
	*passes = how == COMPARED && holds(f->op, result);
	if (!path_step(w, (left.text.len + right.text.len) / 64))
		return PATH_LIMIT;
	return how == NOT_A_NUMBER ? PATH_NUMBER : PATH_FOUND;
}

/* Of "$" as well from the item on: so Jayway does it. */
static enum path_end eval_exists(const struct walk *w, const struct filter *f,
				 const struct node *item, bool *passes)
{
	const struct node *n;
	enum path_end end = eval_path(w, f->left.path, item, true, &n);
	bool there = end == PATH_FOUND && n->kind != NODE_NULL;
	*passes = there == (f->kind == FILTER_EXISTS);
	return end == PATH_MISSING ? PATH_FOUND : end;
}

enum path_end filter_apply(struct walk *w, const struct filter *f, const struct node *item,
			   bool *passes)
{
	enum path_end end;
	*passes = false;
	if (!f)
		return PATH_NULL;
	switch (f->kind) {
	case FILTER_AND:
	case FILTER_OR:
		end = filter_apply(w, f->a, item, passes);
		if (end != PATH_FOUND || *passes == (f->kind == FILTER_OR))
			return end;
		return filter_apply(w, f->b, item, passes);
	case FILTER_EXISTS:
	case FILTER_MISSING:
		return eval_exists(w, f, item, passes);
	case FILTER_COMPARE:
		return eval_compare(w, f, item, passes);
	}
	return PATH_INVALID;
}
