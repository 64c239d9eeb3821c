/* wafmatch.c -- see wafmatch.h. Field, transformations, comparison: each is a table. A rate rule
 * counts in ten slots of its window, so that it forgets as slowly as it learns; the service's own
 * counting is approximate, this one is exact and repeats. */
#include "gateway/wafmatch.h"

#include "base/regex.h"
#include "gateway/lru.h"
#include "gateway/policy.h"
#include "gateway/waf.h"

#include <string.h>

#define SLOTS 10
#define MAX_TRANSFORMS 10
#define MAX_PATTERNS 100

enum kind { WAF_IP, WAF_BYTES, WAF_REGEX, WAF_SIZE, WAF_RATE, WAF_AND, WAF_OR, WAF_NOT };
enum field {
	FIELD_PATH,
	FIELD_QUERY,
	FIELD_METHOD,
	FIELD_BODY,
	FIELD_ARGUMENTS,
	FIELD_HEADER,
	FIELD_ARGUMENT
};
enum transform { TRANSFORM_NONE, TRANSFORM_LOWER, TRANSFORM_URL, TRANSFORM_SPACE };
enum position { AT_EXACTLY, AT_START, AT_END, AT_ANY, AT_WORD };
enum compare { IS_EQ, IS_NE, IS_LE, IS_LT, IS_GE, IS_GT };

struct waf_statement {
	struct waf_statement *owned; /* the next of all */
	enum kind kind;
	struct waf_statement **children; /* AND, OR, NOT; of RATE the scope */
	size_t child_count;
	const char **ranges;
	size_t range_count;
	/* what is looked at */
	enum field field;
	const char *name;
	enum transform transforms[MAX_TRANSFORMS];
	size_t transform_count;
	/* and how */
	enum position position;
	const char *search;
	struct regex *patterns[MAX_PATTERNS];
	size_t pattern_count;
	enum compare compare;
	long long size;
	/* rate */
	long long limit, window_s;
	struct lru *counts;
};

/* ---- members ---- */

const struct node *waf_get(const struct node *map, const char *name)
{
	if (!map || map->kind != NODE_MAP)
		return NULL;
	for (const struct node *n = map->child; n; n = n->next)
		if (gw_name_eq(n->key->text, name))
			return n;
	return NULL;
}

const char *waf_text(const struct node *map, const char *name)
{
	const struct node *n = waf_get(map, name);
	bool is = n && n->kind != NODE_LIST && n->kind != NODE_MAP && n->kind != NODE_NULL;
	return is ? n->text : NULL;
}

void waf_error(struct waf_read *r, const struct node *at, const char *text)
{
	diag_error(r->d, node_pos(at, r->file), "waf-rule", "%s", text);
	r->failed = true;
}

/* ---- reading ---- */

static int word_index(const char *const *words, size_t n, const char *text)
{
	for (size_t i = 0; text && i < n; i++)
		if (gw_name_eq(words[i], text))
			return (int)i;
	return -1;
}

static const char *const field_words[] = {
	[FIELD_PATH] = "UriPath",
	[FIELD_QUERY] = "QueryString",
	[FIELD_METHOD] = "Method",
	[FIELD_BODY] = "Body",
	[FIELD_ARGUMENTS] = "AllQueryArguments",
	[FIELD_HEADER] = "SingleHeader",
	[FIELD_ARGUMENT] = "SingleQueryArgument",
};
static const char *const transform_words[] = {
	[TRANSFORM_NONE] = "NONE",
	[TRANSFORM_LOWER] = "LOWERCASE",
	[TRANSFORM_URL] = "URL_DECODE",
	[TRANSFORM_SPACE] = "COMPRESS_WHITE_SPACE",
};
static const char *const position_words[] = {
	[AT_EXACTLY] = "EXACTLY", [AT_START] = "STARTS_WITH",  [AT_END] = "ENDS_WITH",
	[AT_ANY] = "CONTAINS",    [AT_WORD] = "CONTAINS_WORD",
};
static const char *const compare_words[] = {
	[IS_EQ] = "EQ", [IS_NE] = "NE", [IS_LE] = "LE",
	[IS_LT] = "LT", [IS_GE] = "GE", [IS_GT] = "GT",
};

static void read_field(struct waf_read *r, const struct node *body, struct waf_statement *s)
{
	const struct node *n = waf_get(body, "FieldToMatch");
	const char *word = n && n->kind == NODE_TEXT ? n->text : NULL;
	const struct node *options = NULL;
	if (n && n->kind == NODE_MAP && n->count == 1) {
		word = n->child->key->text;
		options = n->child;
	}
	int field = word_index(field_words, ARRAY_LEN(field_words), word);
	if (field < 0) {
		waf_error(r, n ? n : body,
			  "FieldToMatch must be UriPath, QueryString, Method, Body, "
			  "AllQueryArguments, SingleHeader or SingleQueryArgument");
		return;
	}
	s->field = (enum field)field;
	s->name = waf_text(options, "Name");
	if ((s->field == FIELD_HEADER || s->field == FIELD_ARGUMENT) && !s->name)
		waf_error(r, n, "this field needs a Name");
}

/* [{Priority, Type}], in their order, or a list of types. */
static void read_transforms(struct waf_read *r, const struct node *body, struct waf_statement *s)
{
	const struct node *list = waf_get(body, "TextTransformations");
	const struct node *n = list && list->kind == NODE_LIST ? list->child : NULL;
	for (; n && s->transform_count < MAX_TRANSFORMS; n = n->next) {
		const char *word = n->kind == NODE_TEXT ? n->text : waf_text(n, "Type");
		int t = word_index(transform_words, ARRAY_LEN(transform_words), word);
		if (t < 0)
			waf_error(r, n,
				  "simulated transformations are NONE, LOWERCASE, URL_DECODE and "
				  "COMPRESS_WHITE_SPACE");
		else
			s->transforms[s->transform_count++] = (enum transform)t;
	}
}

static void read_ip(struct waf_read *r, const struct node *body, struct waf_statement *s)
{
	const char *name = waf_text(body, "Name");
	const struct node *set = name ? waf_get(waf_get(r->acl, "IPSets"), name) : NULL;
	if (set && set->kind == NODE_MAP)
		set = waf_get(set, "Addresses");
	if (!set || set->kind != NODE_LIST || set->count > MAX_WAF_LIST) {
		waf_error(r, body, "Name must be that of a list in IPSets");
		return;
	}
	s->ranges = arena_alloc(r->arena, (set->count + 1) * sizeof(*s->ranges));
	for (const struct node *n = set->child; n; n = n->next) {
		if (n->kind != NODE_TEXT || !policy_cidr_valid(n->text))
			waf_error(r, n, "this is no range of addresses, such as 192.0.2.0/24");
		else
			s->ranges[s->range_count++] = n->text;
	}
}

static void read_bytes(struct waf_read *r, const struct node *body, struct waf_statement *s)
{
	int at = word_index(position_words, ARRAY_LEN(position_words),
			    waf_text(body, "PositionalConstraint"));
	s->search = waf_text(body, "SearchString");
	if (at < 0)
		waf_error(r, body,
			  "PositionalConstraint must be EXACTLY, STARTS_WITH, ENDS_WITH, CONTAINS "
			  "or CONTAINS_WORD");
	else
		s->position = (enum position)at;
	if (!s->search || !*s->search || strlen(s->search) > 200)
		waf_error(r, body, "SearchString must have 1 to 200 bytes");
	read_field(r, body, s);
	read_transforms(r, body, s);
}

static void add_pattern(struct waf_read *r, const struct node *n, const char *text,
			struct waf_statement *s)
{
	if (!text || !*text || strlen(text) > 512) {
		waf_error(r, n, "a pattern must have 1 to 512 bytes");
		return;
	}
	struct regex *re = regex_new(text, 0, node_pos(n, r->file), r->d);
	if (!re)
		r->failed = true;
	else if (s->pattern_count < MAX_PATTERNS)
		s->patterns[s->pattern_count++] = re;
	else
		regex_free(re);
}

static void read_regex(struct waf_read *r, const struct node *body, struct waf_statement *s)
{
	add_pattern(r, body, waf_text(body, "RegexString"), s);
	read_field(r, body, s);
	read_transforms(r, body, s);
}

static void read_regex_set(struct waf_read *r, const struct node *body, struct waf_statement *s)
{
	const char *name = waf_text(body, "Name");
	const struct node *set = name ? waf_get(waf_get(r->acl, "RegexPatternSets"), name) : NULL;
	if (!set || set->kind != NODE_LIST || set->count > MAX_PATTERNS) {
		waf_error(r, body, "Name must be that of a list in RegexPatternSets");
		return;
	}
	for (const struct node *n = set->child; n; n = n->next)
		add_pattern(r, n, n->kind == NODE_TEXT ? n->text : waf_text(n, "RegexString"), s);
	read_field(r, body, s);
	read_transforms(r, body, s);
}

static void read_size(struct waf_read *r, const struct node *body, struct waf_statement *s)
{
	int how = word_index(compare_words, ARRAY_LEN(compare_words),
			     waf_text(body, "ComparisonOperator"));
	const char *size = waf_text(body, "Size");
	if (how < 0 || !size || !str_to_i64(size, 0, INT64_C(21474836480), &s->size))
		waf_error(r, body, "a size needs ComparisonOperator (EQ NE LE LT GE GT) and Size");
	else
		s->compare = (enum compare)how;
	read_field(r, body, s);
	read_transforms(r, body, s);
}

static void read_children(struct waf_read *r, const struct node *list, struct waf_statement *s,
			  int depth)
{
	size_t count = list && list->kind == NODE_LIST ? list->count : list != NULL;
	s->children = arena_alloc(r->arena, (count + 1) * sizeof(struct waf_statement *));
	const struct node *n = list && list->kind == NODE_LIST ? list->child : list;
	for (; n && s->child_count < count; n = n->next)
		s->children[s->child_count++] = waf_statement_read(r, n, depth + 1);
}

static void read_rate(struct waf_read *r, const struct node *body, struct waf_statement *s)
{
	static const char *const windows[] = {"60", "120", "300", "600"};
	const char *limit = waf_text(body, "Limit");
	const char *window = waf_text(body, "EvaluationWindowSec");
	if (!limit || !str_to_i64(limit, 10, 2000000000, &s->limit))
		waf_error(r, body, "Limit must be 10 or more");
	if (window && word_index(windows, ARRAY_LEN(windows), window) < 0)
		waf_error(r, body, "EvaluationWindowSec must be 60, 120, 300 or 600");
	else
		(void)str_to_i64(window ? window : "300", 60, 600, &s->window_s);
	s->counts = lru_new(MAX_WAF_ADDRESSES, (size_t)16 << 20);
}

static void read_body(struct waf_read *r, const struct node *body, struct waf_statement *s,
		      int depth)
{
	bool many = s->kind == WAF_AND || s->kind == WAF_OR;
	const struct node *inner = waf_get(body, many ? "Statements" : "Statement");
	if (s->kind == WAF_RATE)
		inner = waf_get(body, "ScopeDownStatement");
	else if (!inner || (many && (inner->kind != NODE_LIST || inner->count < 2)))
		waf_error(r, body,
			  many ? "And and Or need two Statements or more"
			       : "Not needs a Statement");
	if (s->kind == WAF_RATE)
		read_rate(r, body, s);
	read_children(r, inner, s, depth);
}

struct waf_statement *waf_statement_read(struct waf_read *r, const struct node *n, int depth)
{
	static const struct {
		const char *name;
		enum kind kind;
		void (*read)(struct waf_read *r, const struct node *body, struct waf_statement *s);
	} rows[] = {
		{"IPSetReferenceStatement", WAF_IP, read_ip},
		{"ByteMatchStatement", WAF_BYTES, read_bytes},
		{"RegexMatchStatement", WAF_REGEX, read_regex},
		{"RegexPatternSetReferenceStatement", WAF_REGEX, read_regex_set},
		{"SizeConstraintStatement", WAF_SIZE, read_size},
		{"RateBasedStatement", WAF_RATE, NULL},
		{"AndStatement", WAF_AND, NULL},
		{"OrStatement", WAF_OR, NULL},
		{"NotStatement", WAF_NOT, NULL},
	};
	struct waf_statement *s = arena_alloc(r->arena, sizeof(*s));
	s->owned = *r->owned;
	*r->owned = s;
	if (!n || n->kind != NODE_MAP || n->count != 1 || depth >= MAX_WAF_DEPTH) {
		waf_error(r, n,
			  depth >= MAX_WAF_DEPTH ? "statements are nested too deep"
						 : "a Statement is a map of one member");
		return s;
	}
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (!gw_name_eq(n->child->key->text, rows[i].name))
			continue;
		s->kind = rows[i].kind;
		if (rows[i].read)
			rows[i].read(r, n->child, s);
		else
			read_body(r, n->child, s, depth);
		return s;
	}
	waf_error(r, n->child, "this kind of statement is not simulated");
	return s;
}

void waf_statements_clear(struct waf_statement *owned)
{
	for (; owned; owned = owned->owned) {
		for (size_t i = 0; i < owned->pattern_count; i++)
			regex_free(owned->patterns[i]);
		lru_free(owned->counts);
	}
}

/* ---- fields ---- */

static struct slice text_slice(const char *text)
{
	return (struct slice){text ? text : "", text ? strlen(text) : 0};
}

static void lower(char *p, size_t *n)
{
	for (size_t i = 0; i < *n; i++)
		p[i] = (char)(p[i] >= 'A' && p[i] <= 'Z' ? p[i] + 32 : p[i]);
}

static void compress_space(char *p, size_t *n)
{
	size_t kept = 0;
	for (size_t i = 0; i < *n; i++) {
		bool blank = p[i] && strchr(" \t\r\n\f\v", p[i]);
		if (!blank || !kept || p[kept - 1] != ' ')
			p[kept++] = blank ? ' ' : p[i];
	}
	*n = kept;
}

static struct slice transformed(struct arena *a, const struct waf_statement *s, struct slice in)
{
	if (!s->transform_count)
		return in;
	char *p = arena_alloc(a, in.len + 1);
	memcpy(p, in.p, in.len);
	size_t n = in.len;
	for (size_t i = 0; i < s->transform_count; i++) {
		switch (s->transforms[i]) {
		case TRANSFORM_NONE:
			break;
		case TRANSFORM_LOWER:
			lower(p, &n);
			break;
		case TRANSFORM_URL:
			p = gw_percent_decode(a, p, n, true);
			n = strlen(p);
			break;
		case TRANSFORM_SPACE:
			compress_space(p, &n);
			break;
		}
	}
	return (struct slice){p, n};
}

static bool bytes_match(const struct waf_statement *s, struct slice in)
{
	size_t n = strlen(s->search);
	if (in.len < n)
		return false;
	switch (s->position) {
	case AT_EXACTLY:
		return in.len == n && memcmp(in.p, s->search, n) == 0;
	case AT_START:
		return memcmp(in.p, s->search, n) == 0;
	case AT_END:
		return memcmp(in.p + in.len - n, s->search, n) == 0;
	case AT_ANY:
		return memmem(in.p, in.len, s->search, n) != NULL;
	case AT_WORD:
		break;
	}
	static const char word[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
	const char *end = in.p + in.len;
	for (const char *p = in.p; (p = memmem(p, (size_t)(end - p), s->search, n)); p++) {
		bool left = p == in.p || !p[-1] || !strchr(word, p[-1]);
		bool right = p + n == end || !p[n] || !strchr(word, p[n]);
		if (left && right)
			return true;
	}
	return false;
}

static bool size_matches(const struct waf_statement *s, struct slice in)
{
	long long n = (long long)in.len;
	switch (s->compare) {
	case IS_EQ:
		return n == s->size;
	case IS_NE:
		return n != s->size;
	case IS_LE:
		return n <= s->size;
	case IS_LT:
		return n < s->size;
	case IS_GE:
		return n >= s->size;
	case IS_GT:
		return n > s->size;
	}
	return false;
}

/* A pattern that gives up counts as a match: this is a filter. */
static bool one_matches(struct waf_statement *s, struct gw_exchange *x, struct slice raw)
{
	struct slice in = transformed(x->arena, s, raw);
	if (s->kind == WAF_BYTES)
		return bytes_match(s, in);
	if (s->kind == WAF_SIZE)
		return size_matches(s, in);
	for (size_t i = 0; i < s->pattern_count; i++)
		if (regex_match(s->patterns[i], in.p, in.len) != REGEX_NO)
			return true;
	return false;
}

static bool arguments_match(struct waf_statement *s, struct gw_exchange *x)
{
	struct gw_params query = {0};
	gw_query_parse(x->arena, x->request->query, &query);
	for (size_t i = 0; i < query.count; i++)
		if ((s->field == FIELD_ARGUMENTS || gw_name_eq(query.items[i].name, s->name)) &&
		    one_matches(s, x, text_slice(query.items[i].value)))
			return true;
	return false;
}

static bool headers_match(struct waf_statement *s, struct gw_exchange *x)
{
	size_t i = 0;
	const char *v;
	while ((v = gw_headers_next(&x->request->headers, s->name, &i)))
		if (one_matches(s, x, text_slice(v)))
			return true;
	return false;
}

static bool field_matches(struct waf_statement *s, struct gw_exchange *x)
{
	struct slice body = x->request->body;
	switch (s->field) {
	case FIELD_PATH:
		return one_matches(s, x, text_slice(x->request->path));
	case FIELD_QUERY:
		return one_matches(s, x, text_slice(x->request->query));
	case FIELD_METHOD:
		return one_matches(s, x, text_slice(x->request->method));
	case FIELD_BODY:
		if (s->kind != WAF_SIZE && body.len > MAX_WAF_BODY)
			body.len = MAX_WAF_BODY;
		return one_matches(s, x, body.p ? body : text_slice(""));
	case FIELD_ARGUMENTS:
	case FIELD_ARGUMENT:
		return arguments_match(s, x);
	case FIELD_HEADER:
		return headers_match(s, x);
	}
	return false;
}

/* ---- rates ---- */

struct rate_count {
	int64_t slot; /* the newest */
	uint32_t counts[SLOTS];
};

static bool rate_matches(struct waf_statement *s, struct gw_exchange *x)
{
	int64_t now_us = x->outside->limit_us(x->outside->ctx);
	int64_t window_us = s->window_s * INT64_C(1000000);
	int64_t slot = now_us / (window_us / SLOTS);
	struct slice key = text_slice(x->request->source_ip);
	struct slice kept;
	struct rate_count c = {.slot = slot};
	if (lru_get(s->counts, key, now_us, &kept))
		memcpy(&c, kept.p, sizeof(c));
	for (int i = 0; c.slot < slot && i < SLOTS; i++)
		c.counts[++c.slot % SLOTS] = 0;
	c.slot = slot;
	c.counts[slot % SLOTS]++;
	long long sum = 0;
	for (int i = 0; i < SLOTS; i++)
		sum += c.counts[i];
	lru_put(s->counts, key, (struct slice){(const char *)&c, sizeof(c)}, now_us + window_us);
	return sum > s->limit;
}

/* ---- all of it ---- */

bool waf_statement_matches(struct waf_statement *s, struct gw_exchange *x)
{
	bool any = false;
	bool all = true;
	switch (s->kind) {
	case WAF_IP:
		for (size_t i = 0; i < s->range_count && !any; i++)
			any = policy_in_cidr(s->ranges[i], x->request->source_ip);
		return any;
	case WAF_BYTES:
	case WAF_REGEX:
	case WAF_SIZE:
		return field_matches(s, x);
	case WAF_RATE:
		if (s->child_count && !waf_statement_matches(s->children[0], x))
			return false;
		return rate_matches(s, x);
	case WAF_AND:
	case WAF_OR:
	case WAF_NOT:
		break;
	}
	for (size_t i = 0; i < s->child_count; i++) {
		bool one = waf_statement_matches(s->children[i], x);
		any |= one;
		all &= one;
	}
	return s->kind == WAF_AND ? all : (s->kind == WAF_OR ? any : !any);
}
