/* javaregex.c -- see javaregex.h. PCRE2 and Java agree on most of a pattern; the rest is written
 * anew, item by item, with nothing left to PCRE2's own options but the case flag: "." and "$" know
 * Java's line terminators (LF, CR, CR LF, NEL, LS, PS), "^" with (?m) does not match at the end,
 * comments are taken out. The result is longer and means the same; PCRE2 still finds unbalanced
 * parentheses, bad names and counts. A pattern is never handed on with "(*" in it, which would be a
 * verb of PCRE2.
 *
 * With (?i) alone Java folds ASCII; PCRE2 folds all. Characters beyond ASCII are kept from it, and
 * k and s from the Kelvin sign and the long s; in classes they are not. */
#include "gateway/javaregex.h"

#include "base/utf8.h"
#include "gateway/javaparse.h"

#include <stdio.h>
#include <string.h>

#define MAX_GROUPS 250 /* within each other, as PCRE2's default */
#define TERMINATORS "\\n\\r\\x{85}\\x{2028}\\x{2029}"

struct rewrite {
	struct java_parse j;
	unsigned saved[MAX_GROUPS]; /* flags outside of the groups we are in */
	size_t depth;
	int groups; /* capturing ones so far */
	bool atom;  /* a quantifier may follow */
};

/* Literals */

static void add_literal(struct rewrite *r, uint32_t cp)
{
	struct str *out = r->j.out;
	bool ascii_case = (r->j.flags & (JAVA_CASELESS | JAVA_UNICODE_CASE)) == JAVA_CASELESS;
	uint32_t lower = cp | 0x20;
	r->atom = true;
	if (cp == JAVA_NO_CHAR)
		str_add(out, "(?!)");
	else if (ascii_case && (lower == 'k' || lower == 's') && cp < 0x80)
		str_addf(out, "(?-i:[%c%c])", (int)lower, (int)lower - 0x20);
	else if (ascii_case && cp >= 0x80)
		str_addf(out, "(?-i:\\x{%x})", cp);
	else
		java_add_char(out, cp);
}

/* Java: as many digits as make a group that has been opened. */
static void add_backreference(struct rewrite *r)
{
	struct java_parse *j = &r->j;
	int n = *j->p++ - '0';
	while (j->p < j->end && *j->p >= '0' && *j->p <= '9' && n * 10 + (*j->p - '0') <= r->groups)
		n = n * 10 + (*j->p++ - '0');
	if (n <= r->groups)
		str_addf(j->out, "\\g{%d}", n);
	else
		str_add(j->out, "(?!)");
	r->atom = true;
}

static bool add_named_reference(struct rewrite *r)
{
	struct java_parse *j = &r->j;
	const char *close = memchr(j->p, '>', (size_t)(j->end - j->p));
	if (j->p == j->end || *j->p != '<' || !close || close - j->p > 33)
		return java_fail(j, "\\k without a group's name");
	for (const char *p = j->p + 1; p < close; p++)
		if (*p < '0' || (*p > '9' && (*p | 0x20) < 'a') || (*p | 0x20) > 'z')
			return java_fail(j, "\\k without a group's name");
	char group[40];
	snprintf(group, sizeof(group), "(?%.*s", (int)(close + 1 - j->p), j->p);
	if (!strstr(str_c(j->out), group)) /* a parenthesis that is text is written as \x{28} */
		return java_fail(j, "\\k with the name of no group before it");
	str_addf(j->out, "\\k%.*s", (int)(close + 1 - j->p), j->p);
	j->p = close + 1;
	r->atom = true;
	return true;
}

/* The end, but for a last line terminator. */
static const char *final_end(const struct rewrite *r)
{
	return r->j.flags & JAVA_UNIX_LINES
		       ? "(?=\\n?\\z)"
		       : "(?=(?:\\r\\n|(?<!\\r)\\n|[\\r\\x{85}\\x{2028}\\x{2029}])?\\z)";
}

/* Escapes that are neither characters nor sets. */
static bool add_assertion(struct rewrite *r)
{
	struct java_parse *j = &r->j;
	char c = *j->p++;
	r->atom = true;
	switch (c) {
	case 'A':
	case 'z':
	case 'B':
	case 'G':
	case 'X':
		str_addf(j->out, "(?:\\%c)", c);
		return true;
	case 'R': /* PCRE2's would not give CR LF back */
		str_add(j->out, "(?:\\r\\n|[\\n-\\r\\x{85}\\x{2028}\\x{2029}])");
		return true;
	case 'b':
		str_add(j->out, "(?:\\b)");
		return (size_t)(j->end - j->p) < 3 || memcmp(j->p, "{g}", 3) != 0 ||
		       java_fail(j, "\\b{g} is not known");
	case 'Z':
		str_add(j->out, final_end(r));
		return true;
	case 'k':
		return add_named_reference(r);
	default:
		return java_fail(j, "there is no such escape");
	}
}

static bool add_escape(struct rewrite *r)
{
	struct java_parse *j = &r->j;
	struct str body = {0};
	uint32_t cp;
	bool negated;
	if (j->p == j->end)
		return java_fail(j, "the pattern ends in a backslash");
	if (*j->p >= '1' && *j->p <= '9') {
		add_backreference(r);
		return true;
	}
	if (java_char_escape(j, &cp)) {
		add_literal(r, cp);
		return true;
	}
	if (!j->why && java_set_escape(j, &body, &negated))
		str_addf(j->out, "(?-i:[%s%s])", negated ? "^" : "", str_c(&body));
	else if (!j->why)
		add_assertion(r);
	r->atom = true;
	str_clear(&body);
	return !j->why;
}

/* Groups and flags */

static bool push(struct rewrite *r, const char *opening)
{
	if (r->depth == MAX_GROUPS)
		return java_fail(&r->j, "too many groups within each other");
	r->saved[r->depth++] = r->j.flags;
	str_add(r->j.out, opening);
	r->atom = false;
	return true;
}

static bool pop(struct rewrite *r)
{
	if (!r->depth)
		return java_fail(&r->j, "a closing parenthesis without an opening one");
	r->j.flags = r->saved[--r->depth];
	str_addc(r->j.out, ')');
	r->atom = true;
	return true;
}

/* The letters of (?i-s: up to what is none of them. */
static unsigned read_flags(struct java_parse *j)
{
	static const char letters[] = "idmsuxU";
	unsigned flags = j->flags;
	bool on = true;
	for (; j->p < j->end; j->p++) {
		const char *at = *j->p ? strchr(letters, *j->p) : NULL;
		if (at && on)
			flags |= 1U << (at - letters);
		else if (at)
			flags &= ~(1U << (at - letters));
		else if (*j->p == '-' && on)
			on = false;
		else
			break;
	}
	return flags;
}

static bool add_flags(struct rewrite *r)
{
	struct java_parse *j = &r->j;
	unsigned flags = read_flags(j);
	char c = j->p < j->end ? *j->p : '\0';
	const char *letter = flags & JAVA_CASELESS ? "i" : "-i";
	if (c != ')' && c != ':')
		return java_fail(j, "there is no such kind of group");
	j->p++;
	if (c == ':' && !push(r, ""))
		return false;
	str_addf(j->out, "(?%s%c", letter, c);
	j->flags = flags;
	r->atom = false;
	return true;
}

/* (?<name>...): PCRE2 checks the name's length and that it is the only one. */
static bool add_named(struct rewrite *r)
{
	struct java_parse *j = &r->j;
	const char *from = j->p;
	while (j->p < j->end && ((*j->p >= '0' && *j->p <= '9' && j->p > from) ||
				 ((*j->p | 0x20) >= 'a' && (*j->p | 0x20) <= 'z')))
		j->p++;
	if (j->p == j->end || j->p == from || *j->p != '>')
		return java_fail(j, "a group's name is malformed");
	j->p++;
	r->groups++;
	if (!push(r, "(?<"))
		return false;
	str_addn(j->out, from, (size_t)(j->p - from));
	return true;
}

/* From behind the parenthesis on. */
static bool add_group(struct rewrite *r)
{
	static const char *const kinds[] = {"?:", "?=", "?!", "?>", "?<=", "?<!"};
	struct java_parse *j = &r->j;
	size_t left = (size_t)(j->end - j->p);
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		size_t n = strlen(kinds[i]);
		if (left < n || memcmp(j->p, kinds[i], n) != 0)
			continue;
		j->p += n;
		str_addc(j->out, '(');
		return push(r, kinds[i]);
	}
	if (left && *j->p != '?') {
		r->groups++;
		return push(r, "(");
	}
	if (left < 2)
		return java_fail(j, "a group is not closed");
	j->p++;
	if (*j->p != '<')
		return add_flags(r);
	j->p++;
	return add_named(r);
}

/* Anchors, the dot, quantifiers */

static void add_caret(struct rewrite *r)
{
	bool unix_lines = r->j.flags & JAVA_UNIX_LINES;
	if (!(r->j.flags & JAVA_MULTILINE))
		str_add(r->j.out, "(?:\\A)");
	else if (unix_lines)
		str_add(r->j.out, "(?:(?!\\z)(?:(?<=\\n)|\\A))");
	else
		str_add(r->j.out, "(?:(?!\\z)(?:\\A|(?<=[\\n\\x{85}\\x{2028}\\x{2029}])|"
				  "(?<=\\r)(?!\\n)))");
	r->atom = true;
}

static void add_dollar(struct rewrite *r)
{
	bool unix_lines = r->j.flags & JAVA_UNIX_LINES;
	if (r->j.flags & JAVA_ECMA)
		str_add(r->j.out, "(?:\\z)");
	else if (!(r->j.flags & JAVA_MULTILINE))
		str_add(r->j.out, final_end(r));
	else if (unix_lines)
		str_add(r->j.out, "(?=\\n|\\z)");
	else
		str_add(r->j.out, "(?=(?<!\\r)\\n|[\\r\\x{85}\\x{2028}\\x{2029}]|\\z)");
	r->atom = true;
}

static void add_dot(struct rewrite *r)
{
	if (r->j.flags & JAVA_DOTALL)
		str_add(r->j.out, "(?s:.)");
	else if (r->j.flags & JAVA_UNIX_LINES)
		str_add(r->j.out, "[^\\n]");
	else
		str_add(r->j.out, "[^" TERMINATORS "]");
	r->atom = true;
}

/* {2}, {2,}, {2,3}: from the brace on. */
static bool add_count(struct java_parse *j)
{
	const char *from = j->p++;
	const char *digits = j->p;
	bool comma = false;
	for (; j->p < j->end && ((*j->p >= '0' && *j->p <= '9') || (*j->p == ',' && !comma));
	     j->p++)
		comma |= *j->p == ',';
	if (j->p == j->end || *j->p != '}' || *digits == ',' || *digits == '}')
		return java_fail(j, "a repetition is malformed");
	j->p++;
	str_addn(j->out, from, (size_t)(j->p - from));
	return true;
}

/* Before a count Java takes nothing for an atom, as if it had been written (?:). */
static bool add_quantifier(struct rewrite *r)
{
	struct java_parse *j = &r->j;
	bool count = *j->p == '{';
	if (!r->atom && !count)
		return java_fail(j, "there is nothing before a quantifier");
	if (!r->atom)
		str_add(j->out, "(?:)");
	if (!count)
		str_addc(j->out, *j->p++);
	else if (!add_count(j))
		return false;
	java_skip(j);
	if (j->p < j->end && !j->quoted && (*j->p == '?' || *j->p == '+'))
		str_addc(j->out, *j->p++);
	r->atom = false;
	return true;
}

/* The pattern */

static bool add_item(struct rewrite *r)
{
	struct java_parse *j = &r->j;
	char c = *j->p;
	bool special = !j->quoted && c && strchr("\\[().^$|*+?{", c);
	if (!special) {
		add_literal(r, java_char(j));
		return true;
	}
	if (strchr("*+?{", c))
		return add_quantifier(r);
	j->p++;
	r->atom = c == '[';
	switch (c) {
	case '\\':
		return add_escape(r);
	case '[':
		return java_class(j, j->out);
	case '(':
		return add_group(r);
	case ')':
		return pop(r);
	case '.':
		add_dot(r);
		return true;
	case '^':
		add_caret(r);
		return true;
	case '$':
		add_dollar(r);
		return true;
	default:
		str_addc(j->out, c);
		return true;
	}
}

static bool rewrite(struct slice pattern, unsigned flags, struct str *out, const char **why)
{
	struct rewrite r = {.j = {.p = pattern.p, .out = out, .flags = flags}};
	r.j.end = r.j.p + pattern.len;
	for (java_skip(&r.j); r.j.p < r.j.end && !r.j.why; java_skip(&r.j))
		if (!add_item(&r))
			break;
	if (!r.j.why && r.depth)
		java_fail(&r.j, "a group is not closed");
	*why = r.j.why;
	return !r.j.why;
}

static struct regex *compile(struct slice pattern, unsigned flags, bool whole, struct pos at,
			     struct diags *d)
{
	struct str out = {0};
	struct regex *re = NULL;
	const char *why = NULL;
	int shown = pattern.len > 60 ? 60 : (int)pattern.len;
	if (pattern.len > MAX_REGEX_PATTERN)
		why = "the pattern is too long";
	else if (utf8_invalid_at(pattern.p, pattern.len) < pattern.len)
		why = "the pattern is not UTF-8";
	else if (rewrite(pattern, flags, &out, &why))
		re = regex_new(str_c(&out), REGEX_REWRITTEN | (whole ? REGEX_WHOLE : 0), at, d);
	if (why)
		diag_error(d, at, "regex-syntax", "pattern \"%.*s\": %s", shown, pattern.p, why);
	str_clear(&out);
	return re;
}

struct regex *javaregex_compile(const char *pattern, size_t n, bool whole, struct pos at,
				struct diags *d)
{
	return compile((struct slice){pattern, n}, 0, whole, at, d);
}

struct regex *ecmaregex_compile(const char *pattern, size_t n, struct pos at, struct diags *d)
{
	return compile((struct slice){pattern, n}, JAVA_ECMA, false, at, d);
}
