/* javaclass.c -- character classes and escapes of Java patterns for PCRE2, which has no classes
 * within classes and no "&&": A&&B becomes (?:(?=A)B), a class of classes an alternation, its
 * negation (?:(?!...)(?s:.)). \d, \w and \s are ASCII in Java unless (?U) is on; and PCRE2 is run
 * with Unicode on, so they are spelled out. Blocks (\p{InGreek}) are known by a short table. */
#include "gateway/javaparse.h"

#include "base/utf8.h"

#include <string.h>

#define MAX_CLASS_NEST 50
#define MAX_PROPERTY 40 /* letters of a property's name */

/* By the letter of the escape; with (?U) PCRE2's own. */
static const struct {
	char letter;
	const char *body, *unicode;
} sets[] = {
	{'d', "0-9", "\\d"}, {'w', "a-zA-Z_0-9", "\\w"}, {'s', " \\t\\n\\x0b\\f\\r", "\\s"},
	{'h', "\\h", "\\h"}, {'v', "\\v", "\\v"},
};

/* \p{NAME}: those that PCRE2 does not have, or means otherwise. */
static const struct {
	const char *name, *body;
} properties[] = {
	{"Lower", "a-z"},
	{"Upper", "A-Z"},
	{"ASCII", "\\x{0}-\\x{7f}"},
	{"Alpha", "a-zA-Z"},
	{"Digit", "0-9"},
	{"Alnum", "a-zA-Z0-9"},
	{"Punct", "!-/:-@\\[-`{-~"},
	{"Graph", "!-~"},
	{"Print", " -~"},
	{"Blank", " \\t"},
	{"Cntrl", "\\x{0}-\\x{1f}\\x{7f}"},
	{"XDigit", "0-9a-fA-F"},
	{"Space", " \\t\\n\\x0b\\f\\r"},
	{"javaLowerCase", "\\p{Lowercase}"},
	{"javaUpperCase", "\\p{Uppercase}"},
	{"javaTitleCase", "\\p{Lt}"},
	{"javaAlphabetic", "\\p{Alphabetic}"},
	{"javaIdeographic", "\\p{Ideographic}"},
	{"javaLetter", "\\p{L}"},
	{"javaDigit", "\\p{Nd}"},
	{"javaLetterOrDigit", "\\p{L}\\p{Nd}"},
	{"javaDefined", "\\P{Cn}"},
	{"javaISOControl", "\\p{Cc}"},
	{"javaSpaceChar", "\\p{Z}"},
	{"javaWhitespace", "\\t-\\r\\x{1c}-\\x{20}\\x{1680}\\x{2000}-\\x{2006}\\x{2008}-\\x{200a}"
			   "\\x{2028}\\x{2029}\\x{205f}\\x{3000}"},
	{"L1", "\\x{0}-\\x{ff}"},
	{"LC", "\\p{L&}"},
	{"LD", "\\p{L}\\p{Nd}"},
	{"all", "\\x{0}-\\x{10ffff}"},
	{"IsLowercase", "\\p{Lowercase}"},
	{"IsUppercase", "\\p{Uppercase}"},
	{"IsTitlecase", "\\p{Lt}"},
	{"IsAlphabetic", "\\p{Alphabetic}"},
	{"IsIdeographic", "\\p{Ideographic}"},
	{"IsLetter", "\\p{L}"},
	{"IsDigit", "\\p{Nd}"},
	{"IsPunctuation", "\\p{P}"},
	{"IsControl", "\\p{Cc}"},
	{"IsWhite_Space", "\\p{White_Space}"},
	{"IsWhiteSpace", "\\p{White_Space}"},
	{"IsHex_Digit", "\\p{Hex_Digit}"},
	{"IsAssigned", "\\P{Cn}"},
	{"InBasicLatin", "\\x{0}-\\x{7f}"},
	{"InLatin-1Supplement", "\\x{80}-\\x{ff}"},
	{"InLatinExtended-A", "\\x{100}-\\x{17f}"},
	{"InGreek", "\\x{370}-\\x{3ff}"},
	{"InCyrillic", "\\x{400}-\\x{4ff}"},
	{"InHebrew", "\\x{590}-\\x{5ff}"},
	{"InArabic", "\\x{600}-\\x{6ff}"},
	{"InHiragana", "\\x{3040}-\\x{309f}"},
	{"InKatakana", "\\x{30a0}-\\x{30ff}"},
	{"InCJKUnifiedIdeographs", "\\x{4e00}-\\x{9fff}"},
};

/* As PCRE2 knows them: general categories and what "Is" may stand before, script and category. */
static const char *const known[] = {
	"C",        "Cc",     "Cf",       "Cn",       "Co",     "L",     "Ll",         "Lm",
	"Lo",       "Lt",     "Lu",       "M",        "Mc",     "Me",    "Mn",         "N",
	"Nd",       "Nl",     "No",       "P",        "Pc",     "Pd",    "Pe",         "Pf",
	"Pi",       "Po",     "Ps",       "S",        "Sc",     "Sk",    "Sm",         "So",
	"Z",        "Zl",     "Zp",       "Zs",       "Latin",  "Greek", "Cyrillic",   "Hebrew",
	"Arabic",   "Han",    "Hiragana", "Katakana", "Hangul", "Thai",  "Devanagari", "Armenian",
	"Georgian", "Common",
};
#define KNOWN_CATEGORIES 36 /* the others are scripts, which need "Is" or "script=" */

bool java_fail(struct java_parse *j, const char *why)
{
	if (!j->why)
		j->why = why;
	return false;
}

void java_add_char(struct str *out, uint32_t cp)
{
	str_addf(out, "\\x{%x}", cp);
}

/* Reading */

static bool looking_at(const struct java_parse *j, const char *text)
{
	size_t n = strlen(text);
	return (size_t)(j->end - j->p) >= n && memcmp(j->p, text, n) == 0;
}

static bool at_line_end(const struct java_parse *j)
{
	static const char *const ends[] = {"\n", "\r", "\xc2\x85", "\xe2\x80\xa8", "\xe2\x80\xa9"};
	for (size_t i = 0; i < (j->flags & JAVA_UNIX_LINES ? 1 : ARRAY_LEN(ends)); i++)
		if (looking_at(j, ends[i]))
			return true;
	return false;
}

static bool skip_one(struct java_parse *j)
{
	if (!(j->flags & JAVA_ECMA) && looking_at(j, j->quoted ? "\\E" : "\\Q")) {
		j->quoted = !j->quoted;
		j->p += 2;
		return true;
	}
	if (j->quoted || !(j->flags & JAVA_COMMENTS) || j->p == j->end)
		return false;
	if (*j->p && strchr(" \t\n\v\f\r", *j->p)) {
		j->p++;
		return true;
	}
	if (*j->p != '#')
		return false;
	while (j->p < j->end && !at_line_end(j))
		j->p++;
	return true;
}

void java_skip(struct java_parse *j)
{
	while (skip_one(j))
		continue;
}

uint32_t java_char(struct java_parse *j)
{
	uint32_t cp = 0;
	int used = utf8_decode(j->p, (size_t)(j->end - j->p), &cp);
	j->p += used > 0 ? used : 1; /* valid: it was checked */
	return cp;
}

/* Exactly n hex digits. */
static bool read_hex(struct java_parse *j, size_t n, uint32_t *v)
{
	static const char digits[] = "0123456789abcdef";
	*v = 0;
	for (size_t i = 0; i < n; i++, j->p++) {
		const char *at = j->p < j->end && *j->p ? strchr(digits, *j->p | 0x20) : NULL;
		if (!at || at == digits + 16 || (*j->p < 'A' && *j->p > '9') || *j->p < '0')
			return java_fail(j, "a hexadecimal escape is malformed");
		*v = *v * 16 + (uint32_t)(at - digits);
	}
	return true;
}

/* \x41, \x{1F600} */
static bool read_x(struct java_parse *j, uint32_t *cp)
{
	if (!looking_at(j, "{"))
		return read_hex(j, 2, cp);
	const char *close = memchr(j->p, '}', (size_t)(j->end - j->p));
	size_t n = close ? (size_t)(close - j->p - 1) : 0;
	j->p++;
	if (!n || n > 8 || !read_hex(j, n, cp) || *cp > 0x10ffff)
		return java_fail(j, "a hexadecimal escape is malformed");
	j->p++;
	return true;
}

/* \u0041, \uD83D\uDE00 */
static bool read_u(struct java_parse *j, uint32_t *cp)
{
	uint32_t low;
	if (!read_hex(j, 4, cp))
		return false;
	if (*cp < 0xd800 || *cp > 0xdfff)
		return true;
	const char *after = j->p;
	if (*cp < 0xdc00 && looking_at(j, "\\u")) {
		j->p += 2;
		if (!read_hex(j, 4, &low))
			return false;
		if (low >= 0xdc00 && low <= 0xdfff) {
			*cp = 0x10000 + ((*cp - 0xd800) << 10) + (low - 0xdc00);
			return true;
		}
		j->p = after;
	}
	*cp = JAVA_NO_CHAR;
	return true;
}

/* \012: at most 377. */
static bool read_octal(struct java_parse *j, uint32_t *cp)
{
	size_t n = 0;
	*cp = 0;
	while (n < 3 && j->p < j->end && *j->p >= '0' && *j->p <= '7' && *cp * 8 < 256) {
		*cp = *cp * 8 + (uint32_t)(*j->p++ - '0');
		n++;
	}
	return n || java_fail(j, "an octal escape is malformed");
}

bool java_char_escape(struct java_parse *j, uint32_t *cp)
{
	static const char letters[] = "tnrfae";
	static const char meant[] = "\t\n\r\f\a\033";
	int c = (unsigned char)*j->p;
	const char *at = c ? strchr(letters, c) : NULL;
	if (c < 0x80 && ((c | 0x20) < 'a' || (c | 0x20) > 'z') && (c < '1' || c > '9')) {
		j->p++;
		*cp = (uint32_t)c;
		return c != '0' || read_octal(j, cp);
	}
	if (c >= 0x80) {
		*cp = java_char(j);
		return true;
	}
	if (!at && c != 'x' && c != 'u' && c != 'c')
		return false;
	j->p++;
	if (at)
		*cp = (uint32_t)(unsigned char)meant[at - letters];
	else if (c == 'x')
		return read_x(j, cp);
	else if (c == 'u')
		return read_u(j, cp);
	else if (j->p == j->end)
		return java_fail(j, "a control character is missing");
	else
		*cp = java_char(j) ^ 64;
	return true;
}

/* Sets */

/* With (?i) what is of one case is of any. */
static const char *caseless(const char *name)
{
	static const char *const of_case[][2] = {
		{"Lower", "Alpha"},
		{"Upper", "Alpha"},
		{"Ll", "LC"},
		{"Lu", "LC"},
		{"Lt", "LC"},
		{"javaLowerCase", "LC"},
		{"javaUpperCase", "LC"},
		{"javaTitleCase", "LC"},
		{"IsLowercase", "LC"},
		{"IsUppercase", "LC"},
		{"IsTitlecase", "LC"},
		{"IsLu", "LC"},
		{"IsLl", "LC"},
		{"IsLt", "LC"},
	};
	for (size_t i = 0; i < ARRAY_LEN(of_case); i++)
		if (str_eq(of_case[i][0], name))
			return of_case[i][1];
	return name;
}

static bool add_property(struct str *body, const char *name)
{
	static const char *const prefixes[] = {
		"", "Is", "script=", "sc=", "general_category=", "gc=",
	};
	for (size_t i = 0; i < ARRAY_LEN(properties); i++) {
		if (!str_eq(properties[i].name, name))
			continue;
		str_add(body, properties[i].body);
		return true;
	}
	for (size_t i = 0; i < ARRAY_LEN(prefixes); i++) {
		const char *rest = name + strlen(prefixes[i]);
		for (size_t k = 0; k < (i ? ARRAY_LEN(known) : KNOWN_CATEGORIES); k++) {
			if (!str_starts(name, prefixes[i]) || !str_eq(known[k], rest))
				continue;
			str_addf(body, "\\p{%s}", rest);
			return true;
		}
	}
	return false;
}

/* \p{Name}, \pL: from behind the p on. */
static bool read_property(struct java_parse *j, struct str *body)
{
	char name[MAX_PROPERTY + 1];
	bool braces = looking_at(j, "{");
	const char *from = j->p + (braces ? 1 : 0);
	size_t left = (size_t)(j->end - from);
	const char *close = braces ? memchr(from, '}', left) : NULL;
	size_t n = close ? (size_t)(close - from) : 1;
	if ((braces && !close) || n > left || n > MAX_PROPERTY)
		return java_fail(j, "a property is not closed, or too long");
	memcpy(name, from, n);
	name[n] = '\0';
	j->p = from + n + (braces ? 1 : 0);
	return add_property(body, j->flags & JAVA_CASELESS ? caseless(name) : name) ||
	       java_fail(j, "there is no such property");
}

bool java_set_escape(struct java_parse *j, struct str *body, bool *negated)
{
	char c = *j->p;
	*negated = c < 'a';
	for (size_t i = 0; i < ARRAY_LEN(sets); i++) {
		if ((c | 0x20) != sets[i].letter)
			continue;
		j->p++;
		str_add(body, j->flags & JAVA_UNICODE_CLASS ? sets[i].unicode : sets[i].body);
		return true;
	}
	if (c != 'p' && c != 'P')
		return false;
	j->p++;
	return read_property(j, body);
}

/* Classes */

/* What stands between two "&&": a class of PCRE2, and what cannot be in one. */
struct operand {
	struct str body;   /* of "[...]" */
	struct str others; /* "|..." each */
};

static void clear_operand(struct operand *o)
{
	str_clear(&o->body);
	str_clear(&o->others);
}

/* As a pattern for one character, or negated. */
static void add_operand(struct str *out, const struct operand *o, bool negated)
{
	if (!o->others.len) {
		str_addf(out, "[%s%s]", negated ? "^" : "", str_c(&o->body));
		return;
	}
	str_add(out, negated ? "(?:(?!" : "(?:");
	if (o->body.len)
		str_addf(out, "[%s]", str_c(&o->body));
	str_add(out, str_c(&o->others) + (o->body.len ? 0 : 1));
	str_add(out, negated ? ")(?s:.))" : ")");
}

/* The end of a range, when one begins here; else cp itself. */
static bool read_range(struct java_parse *j, uint32_t cp, uint32_t *to)
{
	*to = cp;
	java_skip(j);
	if (j->quoted || !looking_at(j, "-") || j->end - j->p < 2 || j->p[1] == '[' ||
	    j->p[1] == ']')
		return true;
	j->p++;
	java_skip(j);
	if (j->p == j->end)
		return java_fail(j, "a class is not closed");
	if (!j->quoted && *j->p == '\\' && j->end - j->p > 1) {
		j->p++;
		if (looking_at(j, "v")) {
			j->p++;
			*to = '\v'; /* a set everywhere else */
		} else if (!java_char_escape(j, to))
			return java_fail(j, "a range ends in an escape that is no character");
	} else {
		*to = java_char(j);
	}
	return *to >= cp || java_fail(j, "a range is the wrong way round");
}

static bool add_range(struct java_parse *j, struct operand *o, uint32_t cp)
{
	uint32_t to;
	if (!read_range(j, cp, &to))
		return false;
	if (cp == JAVA_NO_CHAR || to == JAVA_NO_CHAR)
		return true;
	java_add_char(&o->body, cp);
	if (to != cp)
		str_addc(&o->body, '-');
	if (to != cp)
		java_add_char(&o->body, to);
	return true;
}

/* From behind a backslash on. */
static bool add_escape(struct java_parse *j, struct operand *o)
{
	struct str body = {0};
	uint32_t cp = 0;
	bool negated = false;
	if (j->p == j->end)
		return java_fail(j, "an escape is not finished");
	if (java_char_escape(j, &cp))
		return add_range(j, o, cp);
	if (j->why || !java_set_escape(j, &body, &negated)) {
		str_clear(&body);
		return java_fail(j, "there is no such escape in a class");
	}
	if (negated)
		str_addf(&o->others, "|[^%s]", str_c(&body));
	else
		str_add(&o->body, str_c(&body));
	str_clear(&body);
	return true;
}

static bool read_class(struct java_parse *j, bool brackets, struct str *out);

/* One element of a class; *p is neither its end nor "&&". */
static bool add_element(struct java_parse *j, struct operand *o)
{
	bool nested = *j->p == '[' && !(j->flags & JAVA_ECMA);
	if (j->quoted || (!nested && *j->p != '\\'))
		return add_range(j, o, java_char(j));
	if (*j->p++ == '\\')
		return add_escape(j, o);
	str_addc(&o->others, '|');
	return read_class(j, true, &o->others);
}

static bool is_empty(const struct operand *o)
{
	return !o->body.len && !o->others.len;
}

/* What follows "&&", up to the end of the class or the next "&": classes, and with anything else
 * all the rest of the class, "&&" in it included. So Java reads it. */
static bool read_right(struct java_parse *j, struct operand *right)
{
	for (java_skip(j); j->p < j->end; java_skip(j)) {
		if (!j->quoted && (*j->p == ']' || *j->p == '&'))
			return true;
		bool nested = !j->quoted && *j->p == '[';
		j->p += nested ? 1 : 0;
		str_addc(&right->others, '|');
		if (!read_class(j, nested, &right->others))
			return false;
	}
	return java_fail(j, "a class is not closed");
}

/* From behind "&&" on: o becomes what is in both. */
static bool intersect(struct java_parse *j, struct operand *o)
{
	struct operand right = {0};
	struct str both = {0};
	bool ok = read_right(j, &right);
	if (ok && is_empty(&right)) {
		ok = !is_empty(o) || java_fail(j, "a class has nothing beside \"&&\"");
	} else if (ok && is_empty(o)) {
		str_add(&o->others, str_c(&right.others));
	} else if (ok) {
		str_add(&both, "|(?:(?=");
		add_operand(&both, o, false);
		str_addc(&both, ')');
		add_operand(&both, &right, false);
		str_addc(&both, ')');
		clear_operand(o);
		str_add(&o->others, str_c(&both));
	}
	clear_operand(&right);
	str_clear(&both);
	return ok;
}

static bool read_elements(struct java_parse *j, struct operand *o)
{
	for (java_skip(j); j->p < j->end; java_skip(j)) {
		bool both = !j->quoted && !(j->flags & JAVA_ECMA) && looking_at(j, "&&");
		if (!j->quoted && *j->p == ']' && !is_empty(o))
			return true;
		j->p += both ? 2 : 0;
		if (!(both ? intersect(j, o) : add_element(j, o)))
			return false;
	}
	return java_fail(j, "a class is not closed");
}

/* brackets: it ends with its own, which is passed; else with those around it. */
static bool read_class(struct java_parse *j, bool brackets, struct str *out)
{
	struct operand o = {0};
	bool negated = brackets && !j->quoted && looking_at(j, "^");
	j->p += negated ? 1 : 0;
	bool ok = ++j->nest <= MAX_CLASS_NEST ? read_elements(j, &o)
					      : java_fail(j, "too many classes within each other");
	j->nest--;
	if (ok)
		add_operand(out, &o, negated);
	if (ok && brackets)
		j->p++;
	clear_operand(&o);
	return ok;
}

bool java_class(struct java_parse *j, struct str *out)
{
	return read_class(j, true, out);
}
