/* policy.c -- see policy.h. A document is a tree as it was read: there is no compiled form, since a
 * policy has few statements and a request asks it once. Evaluation goes through the statements from
 * top to bottom and remembers the strongest effect.
 *
 * What IAM has and is missing here: values of more than one member (ForAnyValue: and ForAllValues:
 * are read, but every key has one value at most), BinaryEquals, and federated principals. A
 * condition operator that nobody knows makes a document invalid; in a document that is evaluated
 * anyway it lets no Allow apply and every Deny, which is the safe side.
 *
 * Variables (${aws:SourceIp}) are replaced in resources and in the values of conditions, whatever
 * the version. What a variable brings in may hold '*' and '?', which must then mean themselves:
 * they are written as the bytes 1 and 2, which stand for those characters in a pattern and come
 * from nowhere else. */
#include "gateway/policy.h"

#include "base/clock.h"

#include <arpa/inet.h>
#include <assert.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define LITERAL_STAR '\1'
#define LITERAL_MARK '\2'

/* ---- texts and wildcards ---- */

static bool same_char(char pattern, char c)
{
	if (pattern == '?')
		return true;
	if (pattern == LITERAL_STAR)
		return c == '*';
	return pattern == LITERAL_MARK ? c == '?' : pattern == c;
}

/* One star is remembered: a later one makes going back before it pointless. At most n * m steps. */
bool policy_wildcard(const char *pattern, const char *text)
{
	const char *star = NULL;
	const char *mark = NULL;
	while (*text) {
		if (*pattern == '*') {
			star = pattern++;
			mark = text;
		} else if (*pattern && same_char(*pattern, *text)) {
			pattern++;
			text++;
		} else if (star) {
			pattern = star + 1;
			text = ++mark;
		} else {
			return false;
		}
	}
	return pattern[strspn(pattern, "*")] == '\0';
}

/* Actions are compared without case. */
static bool action_matches(const char *pattern, const char *action)
{
	char low[256], name[256];
	if (strlen(pattern) >= sizeof(low) || strlen(action) >= sizeof(name))
		return false;
	size_t i;
	for (i = 0; pattern[i]; i++)
		low[i] = (char)(pattern[i] >= 'A' && pattern[i] <= 'Z' ? pattern[i] + 32
								       : pattern[i]);
	low[i] = '\0';
	for (i = 0; action[i]; i++)
		name[i] = (char)(action[i] >= 'A' && action[i] <= 'Z' ? action[i] + 32 : action[i]);
	name[i] = '\0';
	return policy_wildcard(low, name);
}

static bool is_scalar(const struct node *n)
{
	return n->kind != NODE_LIST && n->kind != NODE_MAP && n->kind != NODE_NULL &&
	       strlen(n->text) == n->len;
}

static const char *variable(const struct policy_request *r, const char *name, size_t n)
{
	char key[128];
	if (n == 1 && (*name == '*' || *name == '?' || *name == '$'))
		return *name == '*' ? "*" : (*name == '?' ? "?" : "$");
	if (!r->value || n >= sizeof(key))
		return NULL;
	memcpy(key, name, n);
	key[n] = '\0';
	return r->value(r->ctx, key);
}

/* Text with its variables replaced. False: one has no value, so that nothing can match. */
static bool expand(const struct policy_request *r, const char *text, struct str *out)
{
	for (const char *open; (open = strstr(text, "${"));) {
		const char *end = strchr(open, '}');
		if (!end)
			break;
		str_addn(out, text, (size_t)(open - text));
		const char *value = variable(r, open + 2, (size_t)(end - open - 2));
		if (!value)
			return false;
		for (; *value; value++)
			str_addc(out, *value == '*'   ? LITERAL_STAR
				      : *value == '?' ? LITERAL_MARK
						      : *value);
		text = end + 1;
	}
	str_add(out, text);
	return true;
}

/* ---- addresses ---- */

struct address {
	unsigned char bytes[16];
	int bits; /* 32 or 128 */
};

static bool read_address(const char *text, size_t n, struct address *out)
{
	static const unsigned char mapped[12] = {[10] = 0xff, [11] = 0xff};
	char copy[INET6_ADDRSTRLEN];
	if (n >= sizeof(copy))
		return false;
	memcpy(copy, text, n);
	copy[n] = '\0';
	out->bits = 32;
	if (inet_pton(AF_INET, copy, out->bytes) == 1)
		return true;
	out->bits = 128;
	if (inet_pton(AF_INET6, copy, out->bytes) != 1)
		return false;
	if (memcmp(out->bytes, mapped, sizeof(mapped)) == 0) {
		memmove(out->bytes, out->bytes + 12, 4);
		out->bits = 32;
	}
	return true;
}

static bool read_range(const char *text, struct address *out, int *bits)
{
	size_t n = strcspn(text, "/");
	long long v;
	if (!read_address(text, n, out))
		return false;
	*bits = out->bits;
	if (!text[n])
		return true;
	if (!str_to_i64(text + n + 1, 0, out->bits, &v))
		return false;
	*bits = (int)v;
	return true;
}

bool policy_cidr_valid(const char *range)
{
	struct address a;
	int bits;
	return read_range(range, &a, &bits);
}

bool policy_in_cidr(const char *range, const char *address)
{
	struct address a, b;
	int bits;
	if (!read_range(range, &a, &bits) || !read_address(address, strlen(address), &b) ||
	    a.bits != b.bits || memcmp(a.bytes, b.bytes, (size_t)bits / 8) != 0)
		return false;
	int rest = bits % 8;
	int mask = 0xff << (8 - rest) & 0xff;
	return !rest || ((a.bytes[bits / 8] ^ b.bytes[bits / 8]) & mask) == 0;
}

/* ---- conditions ---- */

/* Each compares what the policy says with the value of the request. */
static bool text_equals(const char *want, const char *value)
{
	for (; *want; want++, value++)
		if (!*value || *want == '?' || *want == '*' ? *want != *value
							    : !same_char(*want, *value))
			return false;
	return !*value;
}

static bool text_equals_caseless(const char *want, const char *value)
{
	return strcasecmp(want, value) == 0;
}

static bool bool_equals(const char *want, const char *value)
{
	return strcasecmp(want, value) == 0;
}

/* Numbers: -1, 0, 1 for less, equal, greater than what the policy says; 2: no numbers. */
static int order(double value, double want)
{
	return value < want ? -1 : value > want;
}

static int number_order(const char *want, const char *value)
{
	double a, b;
	if (!str_to_double(value, -1e300, 1e300, &a) || !str_to_double(want, -1e300, 1e300, &b))
		return 2;
	return order(a, b);
}

/* A date is RFC 3339, or seconds since 1970. */
static bool read_date(const char *text, double *out)
{
	struct moment m;
	if (str_to_double(text, -1e15, 1e15, out))
		return true;
	if (!moment_parse(text, 0, &m))
		return false;
	*out = (double)m.ms / 1000;
	return true;
}

static int date_order(const char *want, const char *value)
{
	double a, b;
	return read_date(value, &a) && read_date(want, &b) ? order(a, b) : 2;
}

#define ORDER(name, compare, test)                            \
	static bool name(const char *want, const char *value) \
	{                                                     \
		int o = compare(want, value);                 \
		return o != 2 && (test);                      \
	}
ORDER(number_equals, number_order, o == 0)
ORDER(number_less, number_order, o < 0)
ORDER(number_less_equals, number_order, o <= 0)
ORDER(number_greater, number_order, o > 0)
ORDER(number_greater_equals, number_order, o >= 0)
ORDER(date_equals, date_order, o == 0)
ORDER(date_less, date_order, o < 0)
ORDER(date_less_equals, date_order, o <= 0)
ORDER(date_greater, date_order, o > 0)
ORDER(date_greater_equals, date_order, o >= 0)

struct operator_row {
	const char *name;
	bool (*matches)(const char *want, const char *value); /* NULL: Null */
	bool negated;
};
static const struct operator_row operators[] = {
	{"ArnEquals", policy_wildcard, false},
	{"ArnLike", policy_wildcard, false},
	{"ArnNotEquals", policy_wildcard, true},
	{"ArnNotLike", policy_wildcard, true},
	{"Bool", bool_equals, false},
	{"DateEquals", date_equals, false},
	{"DateGreaterThan", date_greater, false},
	{"DateGreaterThanEquals", date_greater_equals, false},
	{"DateLessThan", date_less, false},
	{"DateLessThanEquals", date_less_equals, false},
	{"DateNotEquals", date_equals, true},
	{"IpAddress", policy_in_cidr, false},
	{"NotIpAddress", policy_in_cidr, true},
	{"Null", NULL, false},
	{"NumericEquals", number_equals, false},
	{"NumericGreaterThan", number_greater, false},
	{"NumericGreaterThanEquals", number_greater_equals, false},
	{"NumericLessThan", number_less, false},
	{"NumericLessThanEquals", number_less_equals, false},
	{"NumericNotEquals", number_equals, true},
	{"StringEquals", text_equals, false},
	{"StringEqualsIgnoreCase", text_equals_caseless, false},
	{"StringLike", policy_wildcard, false},
	{"StringNotEquals", text_equals, true},
	{"StringNotEqualsIgnoreCase", text_equals_caseless, true},
	{"StringNotLike", policy_wildcard, true},
};

struct condition {
	const struct operator_row *row;
	bool if_exists, for_all;
};

/* "ForAnyValue:StringLikeIfExists" taken apart. */
static bool read_operator(const char *name, struct condition *out)
{
	static const char any[] = "ForAnyValue:", all[] = "ForAllValues:", tail[] = "IfExists";
	*out = (struct condition){.for_all = str_starts(name, all)};
	if (out->for_all)
		name += sizeof(all) - 1;
	else if (str_starts(name, any))
		name += sizeof(any) - 1;
	size_t n = strlen(name);
	out->if_exists = str_ends(name, tail);
	if (out->if_exists)
		n -= sizeof(tail) - 1;
	for (size_t i = 0; i < ARRAY_LEN(operators) && !out->row; i++)
		if (strlen(operators[i].name) == n && memcmp(operators[i].name, name, n) == 0)
			out->row = &operators[i];
	return out->row && (out->row->matches || !out->if_exists);
}

static bool value_matches(const struct policy_request *r, const struct operator_row *row,
			  const struct node *want, const char *value)
{
	if (!is_scalar(want))
		return false;
	if (!row->matches)
		return (strcasecmp(want->text, "true") == 0) == !value;
	struct str text = {0};
	bool match = expand(r, want->text, &text) && row->matches(str_c(&text), value);
	str_clear(&text);
	return match;
}

/* One key with the values a policy lists for it. */
static bool key_holds(const struct policy_request *r, const struct condition *c,
		      const struct node *wanted)
{
	const char *value = r->value ? r->value(r->ctx, wanted->key->text) : NULL;
	if (!value && c->row->matches)
		return c->row->negated || c->if_exists || c->for_all;
	if (wanted->kind != NODE_LIST)
		return value_matches(r, c->row, wanted, value) != c->row->negated;
	for (const struct node *w = wanted->child; w; w = w->next)
		if (value_matches(r, c->row, w, value))
			return !c->row->negated;
	return c->row->negated;
}

static bool conditions_hold(const struct policy_request *r, const struct node *statement, bool deny)
{
	const struct node *block = node_get(statement, "Condition");
	if (!block || block->kind == NODE_NULL)
		return true;
	if (block->kind != NODE_MAP)
		return deny;
	for (const struct node *op = block->child; op; op = op->next) {
		struct condition c;
		if (!read_operator(op->key->text, &c) || op->kind != NODE_MAP) {
			if (!deny)
				return false;
			continue;
		}
		for (const struct node *key = op->child; key; key = key->next)
			if (!key_holds(r, &c, key))
				return false;
	}
	return true;
}

/* ---- statements ---- */

typedef bool matcher(const struct policy_request *r, const char *pattern);

static bool any_of(const struct policy_request *r, const struct node *n, matcher *matches)
{
	if (!n)
		return false;
	if (n->kind != NODE_LIST)
		return is_scalar(n) && matches(r, n->text);
	for (const struct node *item = n->child; item; item = item->next)
		if (is_scalar(item) && matches(r, item->text))
			return true;
	return false;
}

/* Name or its opposite: Action, NotAction. A statement with neither applies to nothing. */
static bool member_applies(const struct policy_request *r, const struct node *statement,
			   const char *name, const char *opposite, matcher *matches)
{
	const struct node *n = node_get(statement, name);
	const struct node *not = node_get(statement, opposite);
	if (n)
		return any_of(r, n, matches);
	return not &&!any_of(r, not, matches);
}

static bool match_action(const struct policy_request *r, const char *pattern)
{
	return action_matches(pattern, r->action);
}

static bool match_resource(const struct policy_request *r, const char *pattern)
{
	static const char own[] = "execute-api:/";
	struct str text = {0};
	bool match = false;
	if (r->self && str_starts(pattern, own)) {
		str_add(&text, r->self);
		pattern += sizeof(own) - 2;
	}
	if (expand(r, pattern, &text))
		match = policy_wildcard(str_c(&text), r->resource);
	str_clear(&text);
	return match;
}

/* "arn:aws:sts::1234:assumed-role/Admin/me" also is the role "arn:aws:iam::1234:role/Admin". */
static bool is_role_of(const char *role, const char *caller)
{
	static const char sts[] = "arn:aws:sts::", iam[] = "arn:aws:iam::",
			  mid[] = ":assumed-role/", name[] = ":role/";
	if (!str_starts(caller, sts) || !str_starts(role, iam))
		return false;
	caller += sizeof(sts) - 1;
	role += sizeof(iam) - 1;
	size_t account = strcspn(caller, ":");
	if (strncmp(role, caller, account) != 0 || !str_starts(caller + account, mid) ||
	    !str_starts(role + account, name))
		return false;
	caller += account + sizeof(mid) - 1;
	role += account + sizeof(name) - 1;
	size_t n = strcspn(caller, "/");
	return strlen(role) == n && strncmp(role, caller, n) == 0;
}

static bool match_principal(const struct policy_request *r, const char *pattern)
{
	if (strcmp(pattern, "*") == 0)
		return true;
	if (!r->principal)
		return false;
	if (strcmp(pattern, r->principal) == 0 || is_role_of(pattern, r->principal))
		return true;
	if (!r->account)
		return false;
	char root[64];
	snprintf(root, sizeof(root), "arn:aws:iam::%.20s:root", r->account);
	return strcmp(pattern, r->account) == 0 || strcmp(pattern, root) == 0;
}

/* "*", {"AWS": ...}; services and federated principals are never callers here. */
static bool principals_match(const struct policy_request *r, const struct node *n)
{
	if (n->kind != NODE_MAP)
		return is_scalar(n) && strcmp(n->text, "*") == 0;
	return any_of(r, node_get(n, "AWS"), match_principal);
}

static bool principal_applies(const struct policy_request *r, const struct node *statement)
{
	if (!r->resource_policy)
		return true;
	const struct node *n = node_get(statement, "Principal");
	const struct node *not = node_get(statement, "NotPrincipal");
	if (n)
		return principals_match(r, n);
	return not &&!principals_match(r, not );
}

static enum policy_result statement_eval(const struct policy_request *r, const struct node *s)
{
	const char *effect = node_text(s, "Effect");
	bool deny = effect && strcmp(effect, "Deny") == 0;
	if (!effect || (!deny && strcmp(effect, "Allow") != 0))
		return POLICY_SILENT;
	if (!principal_applies(r, s) ||
	    !member_applies(r, s, "Action", "NotAction", match_action) ||
	    !member_applies(r, s, "Resource", "NotResource", match_resource) ||
	    !conditions_hold(r, s, deny))
		return POLICY_SILENT;
	return deny ? POLICY_DENY : POLICY_ALLOW;
}

enum policy_result policy_decide(const struct node *document, const struct policy_request *r,
				 const struct node **decided)
{
	enum policy_result result = POLICY_SILENT;
	const struct node *s = node_get(document, "Statement");
	*decided = NULL;
	if (s && s->kind == NODE_LIST)
		s = s->child;
	for (; s && result != POLICY_DENY; s = s->next) {
		enum policy_result one = statement_eval(r, s);
		if (one <= result)
			continue;
		result = one;
		*decided = s;
	}
	return result;
}

enum policy_result policy_eval(const struct node *document, const struct policy_request *r)
{
	const struct node *decided;
	return policy_decide(document, r, &decided);
}

/* ---- validity ---- */

static bool refuse(const char **why, const char *what)
{
	*why = what;
	return false;
}

static bool is_texts(const struct node *n)
{
	if (n->kind != NODE_LIST)
		return is_scalar(n);
	for (const struct node *item = n->child; item; item = item->next)
		if (!is_scalar(item))
			return false;
	return n->count > 0;
}

static bool one_of_two(const struct node *s, const char *name, const char *opposite)
{
	const struct node *n = node_get(s, name);
	const struct node *not = node_get(s, opposite);
	return (n != NULL) != (not != NULL) && is_texts(n ? n : not );
}

static bool condition_valid(const struct node *block)
{
	struct condition c;
	if (block->kind != NODE_MAP)
		return block->kind == NODE_NULL;
	for (const struct node *op = block->child; op; op = op->next) {
		if (!read_operator(op->key->text, &c) || op->kind != NODE_MAP)
			return false;
		for (const struct node *key = op->child; key; key = key->next)
			if (!is_texts(key))
				return false;
	}
	return true;
}

static bool statement_valid(const struct node *s, const char **why)
{
	const char *effect = s->kind == NODE_MAP ? node_text(s, "Effect") : NULL;
	if (s->kind != NODE_MAP)
		return refuse(why, "a statement is not a map");
	if (!effect || (strcmp(effect, "Allow") != 0 && strcmp(effect, "Deny") != 0))
		return refuse(why, "Effect must be Allow or Deny");
	if (!one_of_two(s, "Action", "NotAction"))
		return refuse(why, "a statement needs Action or NotAction");
	if (!one_of_two(s, "Resource", "NotResource"))
		return refuse(why, "a statement needs Resource or NotResource");
	const struct node *block = node_get(s, "Condition");
	if (block && !condition_valid(block))
		return refuse(why, "Condition is malformed or has an operator that is not known");
	return true;
}

bool policy_valid(const struct node *document, const char **why)
{
	if (!document || document->kind != NODE_MAP)
		return refuse(why, "the policy is not a map");
	const char *version = node_text(document, "Version");
	if (version && strcmp(version, "2012-10-17") != 0 && strcmp(version, "2008-10-17") != 0)
		return refuse(why, "Version must be 2012-10-17");
	const struct node *s = node_get(document, "Statement");
	if (!s || (s->kind != NODE_MAP && s->kind != NODE_LIST))
		return refuse(why, "the policy has no Statement");
	if (s->kind == NODE_MAP)
		return statement_valid(s, why);
	if (s->count > MAX_POLICY_STATEMENTS)
		return refuse(why, "the policy has too many statements");
	for (s = s->child; s; s = s->next)
		if (!statement_valid(s, why))
			return false;
	return true;
}

/* ---- two policies ---- */

#define TABLE_SIZE (POLICY_DENY + 1)
static const enum policy_verdict table_a[TABLE_SIZE][TABLE_SIZE] = {
	[POLICY_SILENT] = {VERDICT_IMPLICIT_DENY, VERDICT_ALLOW, VERDICT_EXPLICIT_DENY},
	[POLICY_ALLOW] = {VERDICT_ALLOW, VERDICT_ALLOW, VERDICT_EXPLICIT_DENY},
	[POLICY_DENY] = {VERDICT_EXPLICIT_DENY, VERDICT_EXPLICIT_DENY, VERDICT_EXPLICIT_DENY},
};
static const enum policy_verdict table_b[TABLE_SIZE][TABLE_SIZE] = {
	[POLICY_SILENT] = {VERDICT_IMPLICIT_DENY, VERDICT_IMPLICIT_DENY, VERDICT_EXPLICIT_DENY},
	[POLICY_ALLOW] = {VERDICT_IMPLICIT_DENY, VERDICT_ALLOW, VERDICT_EXPLICIT_DENY},
	[POLICY_DENY] = {VERDICT_EXPLICIT_DENY, VERDICT_EXPLICIT_DENY, VERDICT_EXPLICIT_DENY},
};
static_assert(POLICY_SILENT == 0 && POLICY_ALLOW == 1 && POLICY_DENY == 2,
	      "columns are in this order; a stronger effect is greater");

enum policy_verdict policy_table_a(enum policy_result first, enum policy_result resource)
{
	return table_a[first][resource];
}

enum policy_verdict policy_table_b(enum policy_result first, enum policy_result resource)
{
	return table_b[first][resource];
}
