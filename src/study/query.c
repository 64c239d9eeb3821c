/* query.c -- see query.h. A hand-written recursive descent over a small grammar, as Anki's users
 * know it:
 *
 *	query  := either
 *	either := both ("or" both)*
 *	both   := term+
 *	term   := "-" term | "(" either ")" | name ":" value | word | "phrase"
 *
 * A parsed query is a tree whose leaves are store leaves, each one prepared statement; a run fills
 * a bit set per leaf and combines the sets, so no SQL is ever made from pieces and a query of any
 * shape costs the sum of its leaves. */
#include "study/query.h"
#include "base/regex.h"
#include "base/suggest.h"
#include "base/utf8.h"

#include <assert.h>
#include <ctype.h>
#include <string.h>

enum query_op { QUERY_LEAF, QUERY_AND, QUERY_OR, QUERY_NOT };

struct query {
	enum query_op op;
	struct store_leaf leaf;
	struct query *left, *right; /* NOT: left only */
	struct query *older; /* LEAF_REGEX: the pattern compiled before this one, to free them all
				when parsing fails */
};

struct parser {
	struct arena *a;
	const char *text, *p;
	bool as_typed;
	int terms, depth;
	struct query *patterns; /* newest first */
	struct diags *d;
};

const struct query_term query_terms[] = {
	{"word", "cards with a word that begins so"},
	{"\"two words\"", "the words next to each other"},
	{"tag:ws", "a tag; tag:web* for all that begin so"},
	{"deck:limits", "a deck"},
	{"id:idle", "a card's id"},
	{"kind:choice", "a kind of card"},
	{"is:due", "due new learn review suspended buried leech flagged removed"},
	{"flag:2", "a flag, 0 to 7"},
	{"domain:2", "an exam domain"},
	{"task:2.1", "an exam task"},
	{"prop:lapses>3", "also reps ivl due s d r, with = != < <= > >="},
	{"rated:7", "answered in the last 7 days; rated:7:1 as again"},
	{"added:7", "first seen in the last 7 days"},
	{"re:PATTERN", "a PCRE2 pattern"},
	{"-term", "not"},
	{"a or b", "either; terms side by side must all be met"},
	{"( )", "grouping"},
};
const size_t query_term_count = ARRAY_LEN(query_terms);

static int column(const struct parser *p, const char *at)
{
	return (int)utf8_count(p->text, (size_t)(at - p->text)) + 1;
}

static struct query *fail(struct parser *p, const char *at, const char *code, const char *text)
{
	diag_fail(p->d, code, "column %d of the query: %s", column(p, at), text);
	return NULL;
}

static struct query *new_leaf(struct parser *p, enum store_leaf_kind kind)
{
	struct query *q = arena_alloc(p->a, sizeof(*q));
	q->op = QUERY_LEAF;
	q->leaf.kind = kind;
	return q;
}

static struct query *new_op(struct parser *p, enum query_op op, struct query *left,
			    struct query *right)
{
	struct query *q = arena_alloc(p->a, sizeof(*q));
	*q = (struct query){.op = op, .left = left, .right = right};
	return q;
}

/* ---- values of named terms ----------------------------------------------------------- */

/* What a value reader gets: the value and where it stands, for messages. */
struct value {
	const char *text, *at;
	int number; /* of the term's row: see terms[] */
};

static struct query *read_text(struct parser *p, const struct value *v)
{
	struct query *q = new_leaf(p, (enum store_leaf_kind)v->number);
	q->leaf.text = v->text;
	return q;
}

static struct query *unknown(struct parser *p, const struct value *v, const char *what,
			     const char *const *names, size_t n)
{
	const char *near = suggest(v->text, names, n);
	const char *text =
		near ? arena_printf(p->a, "no %s \"%s\", did you mean \"%s\"?", what, v->text, near)
		     : arena_printf(p->a, "no %s \"%s\"", what, v->text);
	return fail(p, v->at, "query-unknown", text);
}

static struct query *read_kind(struct parser *p, const struct value *v)
{
	for (int k = 0; k < CARD_KIND_COUNT; k++)
		if (str_eq(v->text, card_kind_names[k])) {
			struct query *q = new_leaf(p, LEAF_KIND);
			q->leaf.number = k;
			return q;
		}
	return unknown(p, v, "kind of card", card_kind_names, CARD_KIND_COUNT);
}

const char *const query_states[] = {"due",    "new",   "learn",   "review", "suspended",
				    "buried", "leech", "flagged", "removed"};
const size_t query_state_count = ARRAY_LEN(query_states);

static struct query *read_is(struct parser *p, const struct value *v)
{
	static const struct store_leaf leaves[] = {
		{.kind = LEAF_DUE},
		{.kind = LEAF_STATE, .number = SRS_NEW},
		{.kind = LEAF_STATE, .number = SRS_LEARN},
		{.kind = LEAF_STATE, .number = SRS_REVIEW},
		{.kind = LEAF_SUSPENDED},
		{.kind = LEAF_BURIED},
		{.kind = LEAF_LEECH},
		{.kind = LEAF_FLAG, .lo = 1, .hi = 7},
		{.kind = LEAF_SET_ASIDE},
	};
	static_assert(ARRAY_LEN(leaves) == ARRAY_LEN(query_states), "a leaf for each state");
	for (size_t i = 0; i < query_state_count; i++) {
		if (!str_eq(v->text, query_states[i]))
			continue;
		struct query *q = new_leaf(p, leaves[i].kind);
		q->leaf = leaves[i];
		if (leaves[i].kind != LEAF_STATE || leaves[i].number != SRS_LEARN)
			return q;
		/* Learning again after a lapse is learning too, as in Anki. */
		struct query *again = new_leaf(p, LEAF_STATE);
		again->leaf.number = SRS_RELEARN;
		return new_op(p, QUERY_OR, q, again);
	}
	return unknown(p, v, "state", query_states, query_state_count);
}

static struct query *read_flag(struct parser *p, const struct value *v)
{
	long long n;
	if (!str_to_i64(v->text, 0, 7, &n))
		return fail(p, v->at, "query-value", "a flag is 0 to 7");
	struct query *q = new_leaf(p, LEAF_FLAG);
	q->leaf.lo = q->leaf.hi = (double)n;
	return q;
}

static struct query *read_domain(struct parser *p, const struct value *v)
{
	long long n;
	if (!str_to_i64(v->text, 1, 99, &n))
		return fail(p, v->at, "query-value", "a domain is a number, as in domain:2");
	struct query *q = new_leaf(p, LEAF_TASK);
	q->leaf.text = arena_printf(p->a, "%lld.", n);
	return q;
}

/* "7" or "7:1": days and a grade. */
static struct query *read_rated(struct parser *p, const struct value *v)
{
	const char *colon = strchr(v->text, ':');
	char *days = colon ? arena_strndup(p->a, v->text, (size_t)(colon - v->text))
			   : arena_strdup(p->a, v->text);
	struct query *q = new_leaf(p, LEAF_RATED);
	long long grade = 0;
	if (!str_to_i64(days, 1, 36500, &q->leaf.number) ||
	    (colon && !str_to_i64(colon + 1, 1, 4, &grade)))
		return fail(p, v->at, "query-value",
			    "rated: takes days, and after another colon a grade 1 to 4");
	q->leaf.lo = grade ? (double)grade : 1;
	q->leaf.hi = grade ? (double)grade : 4;
	return q;
}

static struct query *read_added(struct parser *p, const struct value *v)
{
	struct query *q = new_leaf(p, LEAF_ADDED);
	if (!str_to_i64(v->text, 1, 36500, &q->leaf.number))
		return fail(p, v->at, "query-value", "added: takes a number of days");
	return q;
}

static struct query *read_re(struct parser *p, const struct value *v)
{
	struct diags found = {0};
	struct query *q = new_leaf(p, LEAF_REGEX);
	q->leaf.regex = regex_new(v->text, REGEX_CASELESS, (struct pos){0}, &found);
	if (q->leaf.regex) {
		q->older = p->patterns;
		p->patterns = q;
	} else {
		q = fail(p, v->at, "query-value", arena_strdup(p->a, diags_first(&found)));
	}
	diags_clear(&found);
	return q;
}

struct comparison {
	bool not_equal;
	double lo, hi;
};

/* The inclusive range of an operator and a number; step is the distance to the next value (1 for
 * whole numbers). */
static bool compare_range(const char *op, double n, double step, struct comparison *c)
{
	const double far = 1e15;
	*c = (struct comparison){.lo = -far, .hi = far};
	if (str_eq(op, "<"))
		c->hi = n - step;
	else if (str_eq(op, "<="))
		c->hi = n;
	else if (str_eq(op, ">"))
		c->lo = n + step;
	else if (str_eq(op, ">="))
		c->lo = n;
	else if (str_eq(op, "=") || str_eq(op, "!="))
		c->lo = c->hi = n;
	else
		return false;
	c->not_equal = str_eq(op, "!=");
	return true;
}

static struct query *read_prop(struct parser *p, const struct value *v)
{
	static const struct {
		const char *name;
		enum store_leaf_kind kind;
		double step;
	} props[] = {
		{"lapses", LEAF_LAPSES, 1},  {"reps", LEAF_REPS, 1},
		{"ivl", LEAF_INTERVAL, 1},   {"due", LEAF_DUE_IN, 1},
		{"s", LEAF_STABILITY, 1e-9}, {"d", LEAF_DIFFICULTY, 1e-9},
		{"r", LEAF_RECALL, 1e-9},
	};
	size_t n = strcspn(v->text, "<>=!");
	size_t ops = strspn(v->text + n, "<>=!");
	char *name = arena_strndup(p->a, v->text, n);
	double number;
	struct comparison c;
	if (!str_to_double(v->text + n + ops, -1e9, 1e9, &number))
		return fail(p, v->at, "query-value", "prop: is written as prop:lapses>3");
	for (size_t i = 0; i < ARRAY_LEN(props); i++) {
		if (!str_eq(name, props[i].name))
			continue;
		if (!compare_range(arena_strndup(p->a, v->text + n, ops), number, props[i].step,
				   &c))
			return fail(p, v->at, "query-value", "compare with = != < <= > or >=");
		struct query *q = new_leaf(p, props[i].kind);
		q->leaf.lo = c.lo;
		q->leaf.hi = c.hi;
		return c.not_equal ? new_op(p, QUERY_NOT, q, NULL) : q;
	}
	return fail(p, v->at, "query-unknown", "prop: knows lapses, reps, ivl, due, s, d and r");
}

/* clang-format off */
static const struct {
	const char *name;
	struct query *(*read)(struct parser *p, const struct value *v);
	int number;
} terms[] = {
	{"tag", read_text, LEAF_TAG},   {"deck", read_text, LEAF_DECK}, {"id", read_text, LEAF_ID},
	{"task", read_text, LEAF_TASK}, {"kind", read_kind, 0},         {"is", read_is, 0},
	{"flag", read_flag, 0},         {"domain", read_domain, 0},     {"rated", read_rated, 0},
	{"added", read_added, 0},       {"prop", read_prop, 0},         {"re", read_re, 0},
};
/* clang-format on */

/* ---- the grammar --------------------------------------------------------------------- */

static struct query *parse_either(struct parser *p);

static void skip_space(struct parser *p)
{
	while (isspace((unsigned char)*p->p))
		p->p++;
}

/* A word up to white space or a parenthesis, or a quoted phrase; a backslash takes the next
 * character as it is. */
static bool read_word(struct parser *p, struct str *out, bool *quoted)
{
	const char *start = p->p;
	char quote = *p->p == '"' ? '"' : '\0';
	*quoted = quote != '\0';
	p->p += *quoted;
	while (*p->p && (quote ? *p->p != quote
			       : !isspace((unsigned char)*p->p) && *p->p != '(' && *p->p != ')')) {
		if (!quote && *p->p == '"')
			break;
		if (*p->p == '\\' && p->p[1])
			p->p++;
		str_addc(out, *p->p++);
	}
	if (quote && *p->p == quote)
		p->p++;
	else if (quote && !p->as_typed)
		return fail(p, start, "query-syntax", "a quote is never closed") != NULL;
	return true;
}

/* Patterns may hold anything: their value runs to the next space unless quoted, and keeps
 * backslashes and parentheses. */
static bool read_pattern(struct parser *p, struct str *out)
{
	const char *start = p->p;
	bool quoted = *p->p == '"';
	p->p += quoted;
	while (*p->p && (quoted ? *p->p != '"' : !isspace((unsigned char)*p->p))) {
		if (p->p[0] == '\\' && p->p[1] && (p->p[1] != '"' || !quoted))
			str_addc(out, *p->p++);
		else if (p->p[0] == '\\' && p->p[1] == '"')
			p->p++;
		str_addc(out, *p->p++);
	}
	if (quoted && *p->p != '"' && !p->as_typed)
		return fail(p, start, "query-syntax", "a quote is never closed") != NULL;
	p->p += quoted && *p->p == '"';
	return true;
}

static struct query *match_all(struct parser *p)
{
	return new_leaf(p, LEAF_ALL);
}

/* name:value, name_len bytes of name at the cursor. */
static struct query *parse_named(struct parser *p, size_t name_len)
{
	const char *start = p->p;
	char *name = arena_strndup(p->a, start, name_len);
	const char *names[ARRAY_LEN(terms)];
	p->p += name_len + 1;
	for (size_t i = 0; i < ARRAY_LEN(terms); i++) {
		names[i] = terms[i].name;
		if (!str_eq(name, terms[i].name))
			continue;
		struct str text = {0};
		bool quoted;
		struct value v = {.at = p->p, .number = terms[i].number};
		bool ok = terms[i].read == read_re ? read_pattern(p, &text)
						   : read_word(p, &text, &quoted);
		v.text = arena_strdup(p->a, str_c(&text));
		str_clear(&text);
		if (!ok)
			return NULL;
		if (!v.text[0])
			return p->as_typed ? match_all(p)
					   : fail(p, v.at, "query-value",
						  "a value is missing after the colon");
		if (!p->as_typed || *p->p)
			return terms[i].read(p, &v);
		/* The word still being typed: what is not yet a value restricts nothing. */
		struct parser quiet = *p;
		quiet.d = NULL;
		struct query *q = terms[i].read(&quiet, &v);
		p->patterns = quiet.patterns;
		return q ? q : match_all(p);
	}
	const char *near = suggest(name, names, ARRAY_LEN(names));
	return fail(p, start, "query-unknown",
		    near ? arena_printf(p->a,
					"no search term \"%s:\", did you mean \"%s:\"? Quote it to "
					"search for the text",
					name, near)
			 : arena_printf(p->a,
					"no search term \"%s:\"; quote it to search for the text",
					name));
}

static struct query *parse_words(struct parser *p)
{
	struct str text = {0};
	bool quoted;
	const char *start = p->p;
	struct query *q = NULL;
	if (read_word(p, &text, &quoted)) {
		q = new_leaf(p, str_c(&text)[0] ? LEAF_WORDS : LEAF_ALL);
		q->leaf.text = arena_strdup(p->a, str_c(&text));
	}
	str_clear(&text);
	if (q && p->p == start)
		return fail(p, start, "query-syntax", "a term is missing here");
	return q;
}

static bool at_or(const struct parser *p)
{
	return !strncasecmp(p->p, "or", 2) &&
	       (!p->p[2] || isspace((unsigned char)p->p[2]) || p->p[2] == '(');
}

static struct query *parse_group(struct parser *p)
{
	const char *start = p->p++;
	struct query *q = parse_either(p);
	if (!q)
		return NULL;
	skip_space(p);
	if (*p->p == ')')
		p->p++;
	else if (!p->as_typed)
		return fail(p, start, "query-syntax", "a parenthesis is never closed");
	return q;
}

static struct query *parse_plain_term(struct parser *p)
{
	if (*p->p == '(')
		return parse_group(p);
	size_t name = strspn(p->p, "abcdefghijklmnopqrstuvwxyz");
	if (name && p->p[name] == ':')
		return parse_named(p, name);
	return parse_words(p);
}

static struct query *parse_term(struct parser *p)
{
	if (++p->terms > MAX_QUERY_TERMS || p->depth >= MAX_QUERY_DEPTH)
		return fail(p, p->p, "query-too-long", "too many terms");
	p->depth++;
	struct query *q;
	if (*p->p == '-' && p->p[1] && !isspace((unsigned char)p->p[1])) {
		p->p++;
		q = parse_term(p);
		q = q ? new_op(p, QUERY_NOT, q, NULL) : NULL;
	} else {
		q = parse_plain_term(p);
	}
	p->depth--;
	return q;
}

static struct query *parse_both(struct parser *p)
{
	struct query *q = NULL;
	for (skip_space(p); *p->p && *p->p != ')' && !at_or(p); skip_space(p)) {
		struct query *term = parse_term(p);
		if (!term)
			return NULL;
		q = q ? new_op(p, QUERY_AND, q, term) : term;
	}
	if (q || p->as_typed)
		return q ? q : match_all(p);
	return fail(p, p->p, "query-syntax", "a term is missing here");
}

static struct query *parse_either(struct parser *p)
{
	struct query *q = parse_both(p);
	for (skip_space(p); q && at_or(p); skip_space(p)) {
		p->p += 2;
		struct query *right = parse_both(p);
		q = right ? new_op(p, QUERY_OR, q, right) : NULL;
	}
	return q;
}

bool query_parse(struct arena *a, const char *text, bool as_typed, struct query **out,
		 struct diags *d)
{
	struct parser p = {.a = a, .text = text, .p = text, .as_typed = as_typed, .d = d};
	*out = NULL;
	if (strlen(text) > MAX_QUERY_BYTES)
		return diag_fail(d, "query-too-long", "a query may have %d bytes", MAX_QUERY_BYTES);
	if (utf8_invalid_at(text, strlen(text)) != strlen(text))
		return diag_fail(d, "query-syntax", "the query is not valid UTF-8");
	skip_space(&p);
	struct query *q = *p.p ? parse_either(&p) : match_all(&p);
	skip_space(&p);
	if (q && *p.p)
		q = fail(&p, p.p, "query-syntax", "a parenthesis is closed that was never opened");
	for (struct query *r = q ? NULL : p.patterns; r; r = r->older)
		regex_free(r->leaf.regex);
	*out = q;
	return q != NULL;
}

void query_clear(struct query *q)
{
	if (!q)
		return;
	query_clear(q->left);
	query_clear(q->right);
	regex_free(q->leaf.regex);
	q->leaf.regex = NULL;
}

/* ---- names that are nowhere ---------------------------------------------------------- */

static const char *nearest_tag(struct store *s, const char *word, struct arena *a)
{
	const char **tags;
	size_t n = 0;
	return store_tags(s, a, &tags, &n, NULL) ? suggest(word, tags, n) : NULL;
}

static const char *nearest_deck(struct store *s, const char *word, struct moment now,
				const struct srs_preset *p, struct arena *a)
{
	struct store_deck *decks;
	size_t n = 0;
	if (!store_decks(s, now, p->day_start_min, a, &decks, &n, NULL))
		return NULL;
	const char **slugs = arena_alloc(a, (n + 1) * sizeof(*slugs));
	for (size_t i = 0; i < n; i++)
		slugs[i] = decks[i].slug;
	return suggest(word, slugs, n);
}

const char *query_unknown_name(struct store *s, const struct query *q, struct moment now,
			       const struct srs_preset *p, struct arena *a)
{
	struct idset ids = {0};
	if (q->op != QUERY_LEAF) {
		const char *left = query_unknown_name(s, q->left, now, p, a);
		return left || q->op == QUERY_NOT ? left
						  : query_unknown_name(s, q->right, now, p, a);
	}
	bool tag = q->leaf.kind == LEAF_TAG;
	if (!tag && q->leaf.kind != LEAF_DECK)
		return NULL;
	bool there = !store_leaf(s, &q->leaf, now, p, &ids, NULL) || idset_next(&ids, 0);
	idset_clear(&ids);
	if (there)
		return NULL;
	const char *what = tag ? "tag" : "deck", *name = q->leaf.text;
	const char *near = tag ? nearest_tag(s, name, a) : nearest_deck(s, name, now, p, a);
	return near ? arena_printf(a, "there is no %s \"%s\", did you mean \"%s\"?", what, name,
				   near)
		    : arena_printf(a, "there is no %s \"%s\"", what, name);
}

bool query_is_empty(const struct query *q)
{
	return q->op == QUERY_LEAF && q->leaf.kind == LEAF_ALL;
}

bool query_run(struct store *s, const struct query *q, struct moment now,
	       const struct srs_preset *p, struct idset *out, struct diags *d)
{
	static const struct store_leaf all = {.kind = LEAF_ALL};
	struct idset right = {0};
	bool ok = false;
	idset_clear(out);
	switch (q->op) {
	case QUERY_LEAF:
		return store_leaf(s, &q->leaf, now, p, out, d);
	case QUERY_NOT:
		ok = store_leaf(s, &all, now, p, out, d) &&
		     query_run(s, q->left, now, p, &right, d);
		idset_subtract(out, &right);
		break;
	case QUERY_AND:
		ok = query_run(s, q->left, now, p, out, d) &&
		     query_run(s, q->right, now, p, &right, d);
		idset_and(out, &right);
		break;
	case QUERY_OR:
		ok = query_run(s, q->left, now, p, out, d) &&
		     query_run(s, q->right, now, p, &right, d);
		idset_or(out, &right);
		break;
	}
	idset_clear(&right);
	return ok;
}
