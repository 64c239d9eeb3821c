/* vtlstring.c -- methods of texts, as java.lang.String has them. Lengths and places are in UTF-16
 * units. Regular expressions are compiled once in a run. */
#include "gateway/javaregex.h"
#include "gateway/javatext.h"
#include "gateway/vtlcall.h"

#include <inttypes.h>
#include <limits.h>
#include <string.h>

static struct vtl_value out_of_bounds(struct vtl_invocation *c, int64_t at)
{
	return vtl_fail(c->r, "%.*s: %" PRId64 " is out of bounds for a text of %zu",
			(int)c->a->name.len, c->a->name.p, at, java_length(c->s));
}

/* Looking at them */

static struct vtl_value string_length(struct vtl_invocation *c)
{
	return vtl_int((int64_t)java_length(c->s));
}

static struct vtl_value string_is_empty(struct vtl_invocation *c)
{
	return vtl_bool(c->s.len == 0);
}

struct slice vtl_stripped(struct slice s, bool head, bool tail)
{
	while (head && s.len && (unsigned char)*s.p <= ' ') {
		s.p++;
		s.len--;
	}
	while (tail && s.len && (unsigned char)s.p[s.len - 1] <= ' ')
		s.len--;
	return s;
}

static struct vtl_value string_is_blank(struct vtl_invocation *c)
{
	return vtl_bool(vtl_stripped(c->s, true, false).len == 0);
}

static struct vtl_value one_char(struct vtl_run *r, unsigned unit)
{
	char *text = vtl_alloc(r, 4);
	size_t n = java_put_unit(text, 0, unit);
	return (struct vtl_value){.type = VTL_CHAR, .len = (uint32_t)n, .text = text};
}

static struct vtl_value string_char_at(struct vtl_invocation *c)
{
	int64_t at;
	if (!vtl_int_arg(c, 0, &at))
		return vtl_null();
	if (at < 0 || (uint64_t)at >= java_length(c->s))
		return out_of_bounds(c, at);
	return one_char(c->r, java_unit(c->s, (size_t)at));
}

static struct vtl_value string_code_point_at(struct vtl_invocation *c)
{
	int64_t at;
	if (!vtl_int_arg(c, 0, &at))
		return vtl_null();
	size_t length = java_length(c->s);
	if (at < 0 || (uint64_t)at >= length)
		return out_of_bounds(c, at);
	unsigned unit = java_unit(c->s, (size_t)at);
	unsigned next = (uint64_t)at + 1 < length ? java_unit(c->s, (size_t)at + 1) : 0;
	if (unit >= 0xd800 && unit <= 0xdbff && next >= 0xdc00 && next <= 0xdfff)
		unit = 0x10000 + ((unit - 0xd800) << 10) + (next - 0xdc00);
	return vtl_int(unit);
}

/* The byte where needle is found at or behind (before, when last) byte from; s.len + 1: nowhere. */
static size_t find(struct slice s, struct slice needle, size_t from, bool last)
{
	if (!last) {
		const char *at = from > s.len
					 ? NULL
					 : memmem(s.p + from, s.len - from, needle.p, needle.len);
		return at ? (size_t)(at - s.p) : s.len + 1;
	}
	for (size_t i = from < s.len ? from : s.len;; i--) {
		if (i + needle.len <= s.len && memcmp(s.p + i, needle.p, needle.len) == 0)
			return i;
		if (i == 0)
			return s.len + 1;
	}
}

/* The byte of a unit's index, clamped. */
static size_t byte_at(struct vtl_invocation *c, int64_t index)
{
	size_t length = java_length(c->s);
	size_t i = index < 0 ? 0 : (uint64_t)index > length ? length : (size_t)index;
	return java_substring(c->r->arena, c->s, 0, i).len;
}

/* indexOf and lastIndexOf take a text or the number of a character, and where to begin. */
static struct vtl_value index_of(struct vtl_invocation *c, bool last)
{
	struct slice needle;
	int64_t from = last ? INT_MAX : 0;
	struct vtl_value v = c->a->v[0];
	if (v.type == VTL_INT && v.i >= 0 && v.i <= 0xffff)
		v = one_char(c->r, (unsigned)v.i);
	if (v.type == VTL_INT || v.type == VTL_CHAR)
		needle = v.type == VTL_CHAR ? vtl_slice(v) : (struct slice){"\xff", 1};
	else if (!vtl_text_arg(c, 0, &needle))
		return vtl_null();
	if (c->a->count == 2 && !vtl_int_arg(c, 1, &from))
		return vtl_null();
	vtl_spend(c->r, c->s.len / 16 + (last ? c->s.len / 4 : 0));
	if (last && from < 0)
		return vtl_int(-1);
	size_t at = find(c->s, needle, byte_at(c, from), last);
	return vtl_int(at > c->s.len ? -1 : (int64_t)java_index(c->s, at));
}

static struct vtl_value string_index_of(struct vtl_invocation *c)
{
	return index_of(c, false);
}

static struct vtl_value string_last_index_of(struct vtl_invocation *c)
{
	return index_of(c, true);
}

static struct vtl_value string_contains(struct vtl_invocation *c)
{
	struct slice needle;
	vtl_spend(c->r, c->s.len / 16);
	return vtl_text_arg(c, 0, &needle) ? vtl_bool(find(c->s, needle, 0, false) <= c->s.len)
					   : vtl_null();
}

static struct vtl_value string_starts_with(struct vtl_invocation *c)
{
	struct slice head;
	int64_t from = 0;
	if (c->a->count == 2 && !vtl_int_arg(c, 1, &from))
		return vtl_null();
	if (from < 0 && c->a->v[0].type == VTL_NULL)
		return vtl_bool(false);
	if (!vtl_text_arg(c, 0, &head))
		return vtl_null();
	if (from < 0 || (uint64_t)from > java_length(c->s))
		return vtl_bool(false);
	size_t at = byte_at(c, from);
	return vtl_bool(c->s.len - at >= head.len && memcmp(c->s.p + at, head.p, head.len) == 0);
}

static struct vtl_value string_ends_with(struct vtl_invocation *c)
{
	struct slice tail;
	if (!vtl_text_arg(c, 0, &tail))
		return vtl_null();
	return vtl_bool(c->s.len >= tail.len &&
			memcmp(c->s.p + c->s.len - tail.len, tail.p, tail.len) == 0);
}

static struct slice cased(struct vtl_invocation *c, struct slice s, bool upper)
{
	if (!vtl_afford(c->r, 3 * s.len))
		return s;
	char *out = vtl_alloc(c->r, 3 * s.len + 1);
	return (struct slice){out, java_case(out, s, upper)};
}

static struct vtl_value string_equals_ignore_case(struct vtl_invocation *c)
{
	struct slice other;
	if (c->a->v[0].type == VTL_NULL)
		return vtl_bool(false);
	if (!vtl_text_arg(c, 0, &other))
		return vtl_null();
	struct slice a = cased(c, cased(c, c->s, true), false);
	struct slice b = cased(c, cased(c, other, true), false);
	return vtl_bool(a.len == b.len && memcmp(a.p, b.p, a.len) == 0);
}

static struct vtl_value compare_texts(struct vtl_invocation *c, struct slice a, struct slice b)
{
	size_t at = 0;
	while (at < a.len && at < b.len && a.p[at] == b.p[at])
		at++;
	while (at > 0 && at < a.len && ((unsigned char)a.p[at] & 0xc0) == 0x80)
		at--;
	size_t units = java_index(a, at);
	size_t left = java_length(a), right = java_length(b);
	vtl_spend(c->r, (a.len + b.len) / 16);
	while (units < left && units < right && java_unit(a, units) == java_unit(b, units))
		units++;
	if (units < left && units < right)
		return vtl_int((int64_t)java_unit(a, units) - (int64_t)java_unit(b, units));
	return vtl_int((int64_t)left - (int64_t)right);
}

static struct vtl_value string_compare_to(struct vtl_invocation *c)
{
	struct slice other;
	if (c->a->v[0].type != VTL_STRING_VALUE)
		return vtl_cannot_compare(c);
	return vtl_text_arg(c, 0, &other) ? compare_texts(c, c->s, other) : vtl_null();
}

static struct vtl_value string_compare_ignore_case(struct vtl_invocation *c)
{
	struct slice other;
	if (!vtl_text_arg(c, 0, &other))
		return vtl_null();
	return compare_texts(c, cased(c, cased(c, c->s, true), false),
			     cased(c, cased(c, other, true), false));
}

/* Making others of them */

static struct vtl_value string_substring(struct vtl_invocation *c)
{
	int64_t from, to = (int64_t)java_length(c->s);
	int64_t length = to;
	if (!vtl_int_arg(c, 0, &from) || (c->a->count == 2 && !vtl_int_arg(c, 1, &to)))
		return vtl_null();
	if (from < 0 || to > length || from > to)
		return out_of_bounds(c, from < 0 || from > length ? from : to);
	return vtl_string(java_substring(c->r->arena, c->s, (size_t)from, (size_t)to));
}

static struct vtl_value string_concat(struct vtl_invocation *c)
{
	struct slice other;
	if (!vtl_text_arg(c, 0, &other) || !vtl_afford(c->r, c->s.len + other.len))
		return vtl_null();
	return vtl_string(java_concat(c->r->arena, c->s, other));
}

static struct vtl_value string_trim(struct vtl_invocation *c)
{
	return vtl_string(vtl_stripped(c->s, true, true));
}

static struct vtl_value string_strip_leading(struct vtl_invocation *c)
{
	return vtl_string(vtl_stripped(c->s, true, false));
}

static struct vtl_value string_strip_trailing(struct vtl_invocation *c)
{
	return vtl_string(vtl_stripped(c->s, false, true));
}

static struct vtl_value string_upper(struct vtl_invocation *c)
{
	return vtl_string(cased(c, c->s, true));
}

static struct vtl_value string_lower(struct vtl_invocation *c)
{
	return vtl_string(cased(c, c->s, false));
}

static struct vtl_value string_repeat(struct vtl_invocation *c)
{
	int64_t times;
	if (!vtl_int_arg(c, 0, &times))
		return vtl_null();
	if (times < 0)
		return vtl_fail(c->r, "repeat: %" PRId64 " is negative", times);
	if (c->s.len && !vtl_afford(c->r, (size_t)times < MAX_VTL_MEMORY ? (size_t)times * c->s.len
									 : MAX_VTL_MEMORY + 1))
		return vtl_null();
	char *out = vtl_alloc(c->r, (size_t)times * c->s.len + 1);
	for (int64_t i = 0; i < times && c->s.len; i++)
		memcpy(out + (size_t)i * c->s.len, c->s.p, c->s.len);
	return vtl_string((struct slice){out, (size_t)times * c->s.len});
}

static void print_piece(struct vtl_invocation *c, const char *p, size_t n)
{
	vtl_print(c->r, vtl_string((struct slice){p, n}));
}

/* Every `from` by `to`. */
static void replace_into(struct vtl_invocation *c, struct slice from, struct slice to)
{
	struct slice s = c->s;
	size_t at = 0, found;
	while ((found = find(s, from, at, false)) <= s.len && vtl_spend(c->r, 1)) {
		print_piece(c, s.p + at, found - at);
		print_piece(c, to.p, to.len);
		at = found + from.len;
	}
	print_piece(c, s.p + at, s.len - at);
}

/* The empty text stands between all units, also those of a pair. */
static void replace_nothing(struct vtl_invocation *c, struct slice to)
{
	size_t n = 0;
	char unit[8];
	print_piece(c, to.p, to.len);
	for (size_t at = 0; at < c->s.len && vtl_spend(c->r, 1); at += n) {
		n = 1;
		while (at + n < c->s.len && ((unsigned char)c->s.p[at + n] & 0xc0) == 0x80)
			n++;
		struct slice whole = {c->s.p + at, n};
		for (size_t i = 0; i < java_length(whole); i++) {
			print_piece(c, unit, java_put_unit(unit, 0, java_unit(whole, i)));
			print_piece(c, to.p, to.len);
		}
	}
}

static struct vtl_value string_replace(struct vtl_invocation *c)
{
	struct slice from, to;
	if (c->a->v[0].type == VTL_CHAR && c->a->v[1].type == VTL_CHAR) {
		from = vtl_slice(c->a->v[0]);
		to = vtl_slice(c->a->v[1]);
	} else if (!vtl_text_arg(c, 0, &from) || !vtl_text_arg(c, 1, &to)) {
		return vtl_null();
	}
	vtl_spend(c->r, c->s.len / 16);
	size_t start = c->r->out->len;
	if (from.len)
		replace_into(c, from, to);
	else
		replace_nothing(c, to);
	return vtl_string(vtl_cut(c->r, start));
}

/* Regular expressions: compiled once in a run. */
static struct regex *regex_for(struct vtl_invocation *c, struct slice pattern)
{
	struct vtl_run *r = c->r;
	struct diags d = {0};
	for (size_t i = 0; i < r->regex_count; i++) {
		struct slice s = r->regexes[i].pattern;
		if (s.len == pattern.len && memcmp(s.p, pattern.p, s.len) == 0)
			return r->regexes[i].re;
	}
	vtl_spend(r, 1000 + pattern.len);
	struct regex *re = javaregex_compile(pattern.p, pattern.len, false, (struct pos){0}, &d);
	if (!re)
		vtl_fail(r, "%.*s: %s", (int)c->a->name.len, c->a->name.p, diags_first(&d));
	diags_clear(&d);
	if (!re)
		return NULL;
	size_t at = r->regex_count < VTL_REGEXES ? r->regex_count++ : VTL_REGEXES - 1;
	if (r->regexes[at].re)
		regex_free(r->regexes[at].re);
	r->regexes[at].pattern = pattern;
	r->regexes[at].re = re;
	return re;
}

static struct vtl_value string_matches(struct vtl_invocation *c)
{
	struct slice pattern;
	struct diags d = {0};
	if (!vtl_text_arg(c, 0, &pattern))
		return vtl_null();
	vtl_spend(c->r, 1000 + pattern.len + c->s.len / 4);
	struct regex *re = javaregex_compile(pattern.p, pattern.len, true, (struct pos){0}, &d);
	if (!re)
		vtl_fail(c->r, "matches: %s", diags_first(&d));
	diags_clear(&d);
	enum regex_result got = re ? regex_match(re, c->s.p, c->s.len) : REGEX_NO;
	regex_free(re);
	if (got == REGEX_LIMIT)
		return vtl_fail(c->r, "matches: the pattern takes too long");
	return vtl_bool(got == REGEX_YES);
}

/* A pattern without anything special in it is a text: found without PCRE2. Backslashes before
 * punctuation, as in the usual way to take back what escapeJavaScript did to quotes, are resolved.
 */
static bool is_literal(struct vtl_invocation *c, struct slice pattern, struct slice *out)
{
	static const char special[] = "[](){}.*+?^$|#\\";
	char *text = vtl_alloc(c->r, pattern.len + 1);
	size_t n = 0;
	for (size_t i = 0; i < pattern.len; i++) {
		bool escaped = pattern.p[i] == '\\' && i + 1 < pattern.len;
		char ch = pattern.p[i + escaped];
		bool letter =
			((ch | 0x20) >= 'a' && (ch | 0x20) <= 'z') || (ch >= '0' && ch <= '9');
		if (!ch || (escaped ? letter || ch < 0 : strchr(special, ch) != NULL))
			return false;
		text[n++] = ch;
		i += escaped;
	}
	*out = (struct slice){text, n};
	return n > 0;
}

/* Without group references and escapes. */
static bool is_plain_replacement(struct vtl_value v)
{
	return v.type == VTL_STRING_VALUE && !memchr(v.text, '$', v.len) &&
	       !memchr(v.text, '\\', v.len);
}

static struct vtl_value replace_regex(struct vtl_invocation *c, bool all)
{
	struct slice pattern, with;
	const char *error = NULL;
	if (!vtl_text_arg(c, 0, &pattern))
		return vtl_null();
	size_t start = c->r->out->len;
	struct slice literal;
	if (all && is_plain_replacement(c->a->v[1]) && is_literal(c, pattern, &literal)) {
		vtl_spend(c->r, c->s.len / 16);
		replace_into(c, literal, vtl_slice(c->a->v[1]));
		return vtl_string(vtl_cut(c->r, start));
	}
	struct regex *re = regex_for(c, pattern);
	if (!re || !vtl_spend(c->r, 10 + c->s.len))
		return vtl_null();
	if (all && c->a->v[1].type == VTL_NULL && regex_match(re, c->s.p, c->s.len) == REGEX_NO)
		return c->self; /* null throws where it is needed */
	if (!vtl_text_arg(c, 1, &with))
		return vtl_null();
	if (!javaregex_replace(re, c->s, with, all, c->r->out, &error))
		return vtl_fail(c->r, "%.*s: %s", (int)c->a->name.len, c->a->name.p, error);
	return vtl_string(vtl_cut(c->r, start));
}

static struct vtl_value string_replace_all(struct vtl_invocation *c)
{
	return replace_regex(c, true);
}

static struct vtl_value string_replace_first(struct vtl_invocation *c)
{
	return replace_regex(c, false);
}

static struct vtl_value string_split(struct vtl_invocation *c)
{
	struct slice pattern;
	int64_t limit = 0;
	size_t count = 0;
	if (!vtl_text_arg(c, 0, &pattern) || (c->a->count == 2 && !vtl_int_arg(c, 1, &limit)))
		return vtl_null();
	struct regex *re = regex_for(c, pattern);
	if (!re || !vtl_spend(c->r, 10 + c->s.len))
		return vtl_null();
	struct slice *pieces = javaregex_split(c->r->arena, re, c->s, (int)limit, &count);
	if (!pieces)
		return vtl_fail(c->r, "split: the pattern takes too long");
	struct vtl_value list = vtl_list_new(c->r, VTL_ARRAY);
	for (size_t i = 0; i < count && !c->r->error; i++)
		vtl_list_add(c->r, list.list, vtl_string(pieces[i]));
	return list;
}

static struct vtl_value string_to_char_array(struct vtl_invocation *c)
{
	struct vtl_value list = vtl_list_new(c->r, VTL_ARRAY);
	size_t length = java_length(c->s);
	for (size_t i = 0; i < length && vtl_spend(c->r, 1 + i / 64); i++)
		vtl_list_add(c->r, list.list, one_char(c->r, java_unit(c->s, i)));
	return list;
}

struct vtl_value vtl_text_of_arg(struct vtl_invocation *c)
{
	struct slice s = vtl_to_text(c->r, c->a->v[0]);
	return c->a->v[0].type == VTL_NULL || !s.p ? vtl_text("null") : vtl_string(s);
}

/* The tables */

static const struct vtl_row string_rows[] = {
	{"length", "", string_length},
	{"isEmpty", "", string_is_empty},
	{"isBlank", "", string_is_blank},
	{"charAt", "i", string_char_at},
	{"codePointAt", "i", string_code_point_at},
	{"indexOf", "t", string_index_of},
	{"indexOf", "i", string_index_of},
	{"indexOf", "ti", string_index_of},
	{"indexOf", "ii", string_index_of},
	{"lastIndexOf", "t", string_last_index_of},
	{"lastIndexOf", "i", string_last_index_of},
	{"lastIndexOf", "ti", string_last_index_of},
	{"lastIndexOf", "ii", string_last_index_of},
	{"contains", "t", string_contains},
	{"startsWith", "t", string_starts_with},
	{"startsWith", "ti", string_starts_with},
	{"endsWith", "t", string_ends_with},
	{"equals", "v", vtl_any_equals},
	{"contentEquals", "t", vtl_any_equals},
	{"equalsIgnoreCase", "t", string_equals_ignore_case},
	{"compareTo", "v", string_compare_to},
	{"compareToIgnoreCase", "t", string_compare_ignore_case},
	{"substring", "i", string_substring},
	{"substring", "ii", string_substring},
	{"subSequence", "ii", string_substring},
	{"concat", "t", string_concat},
	{"trim", "", string_trim},
	{"strip", "", string_trim},
	{"stripLeading", "", string_strip_leading},
	{"stripTrailing", "", string_strip_trailing},
	{"toUpperCase", "", string_upper},
	{"toLowerCase", "", string_lower},
	{"repeat", "i", string_repeat},
	{"replace", "tt", string_replace},
	{"replace", "cc", string_replace},
	{"matches", "t", string_matches},
	{"replaceAll", "tt", string_replace_all},
	{"replaceFirst", "tt", string_replace_first},
	{"split", "t", string_split},
	{"split", "ti", string_split},
	{"toCharArray", "", string_to_char_array},
	{"toString", "", vtl_any_to_string},
	{"intern", "", vtl_any_to_string},
	{"hashCode", "", vtl_any_hash_code},
	{"valueOf", "v", vtl_text_of_arg},
};
static const struct vtl_row char_rows[] = {
	{"equals", "v", vtl_any_equals},
	{"toString", "", vtl_any_to_string},
	{"hashCode", "", vtl_any_hash_code},
};

bool vtl_string_method(struct vtl_run *r, struct vtl_value self, const struct vtl_args *a,
		       struct vtl_value *out)
{
	struct vtl_invocation c = {.r = r, .self = self, .s = vtl_slice(self), .a = a};
	vtl_spend(r, 1 + self.len / 64);
	if (self.type == VTL_CHAR)
		return vtl_run_row(&c, char_rows, ARRAY_LEN(char_rows), out);
	return vtl_run_row(&c, string_rows, ARRAY_LEN(string_rows), out);
}
