/* jsonlenient.c -- JSON as json-smart's permissive mode reads it, which Jayway's JsonPath and with
 * it, as far as its answers tell, API Gateway use: a payload that is no JSON at all is a text;
 * single quotes, words without quotes, commas too many and what follows the value are let pass.
 * Refused is what is broken in the middle of a list or a map.
 *
 * One pass, with the stack of build.h in place of recursion. Which character ends a word without
 * quotes depends on where it stands: a value of a map ends at ',' and '}', a key at ':', at the top
 * nothing does. */
#include "base/build.h"
#include "base/json.h"
#include "base/utf8.h"

#include <string.h>

struct reader {
	struct build build;
	const char *p, *end;
};

static int peek(const struct reader *r)
{
	return r->p < r->end ? (unsigned char)*r->p : -1;
}

static void skip_space(struct reader *r)
{
	while (r->p < r->end && (*r->p == ' ' || *r->p == '\n' || *r->p == '\t' || *r->p == '\r'))
		r->p++;
}

static bool add(struct reader *r, enum node_kind kind, struct slice s)
{
	struct node *n = build_scalar(&r->build, kind, 0, 0, s.len);
	if (!n)
		return false;
	memcpy(build_room(n), s.p, s.len);
	return build_add(&r->build, n);
}

/* Up to a stop, without blanks at its ends. */
static struct slice word(struct reader *r, const char *from, const char *stops)
{
	while (r->p < r->end && (!*r->p || !strchr(stops, *r->p)))
		r->p++;
	const char *to = r->p;
	while (from < to && (unsigned char)*from <= ' ')
		from++;
	while (to > from && (unsigned char)to[-1] <= ' ')
		to--;
	return (struct slice){from, (size_t)(to - from)};
}

/* Texts in quotes */

static unsigned hex(const char *p, const char *end, int digits)
{
	unsigned v = 0;
	for (int i = 0; i < digits; i++) {
		int c = p + i < end ? (unsigned char)p[i] : 0;
		int lower = c | 0x20;
		if (c >= '0' && c <= '9')
			v = v * 16 + (unsigned)(c - '0');
		else if (lower >= 'a' && lower <= 'f')
			v = v * 16 + (unsigned)(lower - 'a' + 10);
		else
			return 0x110000;
	}
	return v;
}

/* \uXXXX at p, from the 'u' on; lone halves of pairs become U+FFFD. Bytes used, 0: malformed. */
static size_t unescape_unicode(const char *p, const char *end, char **out)
{
	unsigned cp = hex(p + 1, end, 4);
	size_t used = 5;
	if (cp > 0xffff)
		return 0;
	if (cp >= 0xd800 && cp <= 0xdbff && end - p >= 11 && p[5] == '\\' && p[6] == 'u') {
		unsigned low = hex(p + 7, end, 4);
		if (low >= 0xdc00 && low <= 0xdfff) {
			cp = 0x10000 + ((cp - 0xd800) << 10) + (low - 0xdc00);
			used = 11;
		}
	}
	if (cp >= 0xd800 && cp <= 0xdfff)
		cp = 0xfffd;
	*out += utf8_encode(cp, *out);
	return used;
}

/* From behind a backslash. Bytes used, 0: malformed. */
static size_t unescape(const char *p, const char *end, char **out)
{
	static const char from[] = "tnrfb";
	static const char to[] = "\t\n\r\f\b";
	if (p == end)
		return 0;
	if (*p == 'u')
		return unescape_unicode(p, end, out);
	if (*p == 'x') {
		unsigned cp = hex(p + 1, end, 2);
		if (cp > 0xff)
			return 0;
		*out += utf8_encode(cp, *out);
		return 3;
	}
	const char *at = *p ? strchr(from, *p) : NULL;
	if (at)
		*(*out)++ = to[at - from];
	else if (*p == '"' || *p == '\\' || *p == '\'' || *p == '/')
		*(*out)++ = *p;
	uint32_t cp; /* any other character is left out */
	return (size_t)utf8_decode(p, (size_t)(end - p), &cp);
}

/* json-smart leaves out controls where there are escapes, and escapes that it does not know. */
static bool read_quoted(struct reader *r)
{
	char quote = *r->p++;
	const char *close = memchr(r->p, quote, (size_t)(r->end - r->p));
	bool escapes = close && memchr(r->p, '\\', (size_t)(close - r->p));
	if (escapes)
		for (close = r->p; close < r->end && *close != quote;)
			close += *close == '\\' ? 2 : 1;
	if (!close || close >= r->end)
		return false;
	if (!escapes) {
		struct slice s = {r->p, (size_t)(close - r->p)};
		r->p = close + 1;
		return add(r, NODE_TEXT, s);
	}
	struct node *n = build_scalar(&r->build, NODE_TEXT, 0, 0, (size_t)(close - r->p) + 4);
	if (!n)
		return false;
	char *out = build_room(n);
	for (const char *p = r->p; p < close;) {
		size_t used = 1;
		if (*p == '\\')
			used = 1 + unescape(p + 1, r->end, &out);
		else if ((unsigned char)*p >= 0x20 && *p != 0x7f)
			*out++ = *p;
		if (*p == '\\' && used == 1)
			return false;
		p += used;
	}
	n->len = (size_t)(out - n->text);
	*out = '\0';
	r->p = close + 1;
	return build_add(&r->build, n);
}

/* Numbers and words */

static const char *digits(const char *p, const char *end)
{
	while (p < end && *p >= '0' && *p <= '9')
		p++;
	return p;
}

/* Past a number at p, as far as it goes; *real: it has a fraction or an exponent. NULL: the
 * exponent has neither sign nor digit, so it is a word. */
static const char *number_end(const char *p, const char *end, bool *real)
{
	p = digits(*p == '-' ? p + 1 : p, end);
	*real = p < end && (*p == '.' || *p == 'e' || *p == 'E');
	if (p < end && *p == '.')
		p = digits(p + 1, end);
	if (p == end || (*p != 'e' && *p != 'E'))
		return p;
	p++;
	if (p == end || !*p || !strchr("+-0123456789", *p))
		return NULL;
	return digits(p + (*p == '+' || *p == '-'), end);
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Whether Java takes it: digits in front of the point or behind, and of an exponent. */
static bool is_real(const char *p, const char *end)
{
	p += *p == '-';
	bool any = p < end && (is_digit(*p) || (*p == '.' && p + 1 < end && is_digit(p[1])));
	return any && (is_digit(end[-1]) || end[-1] == '.');
}

/* As strict JSON writes it: no zeros in front, digits on both sides of the point. */
static bool add_number(struct reader *r, struct slice s, bool real)
{
	struct str out = {0};
	bool minus = *s.p == '-';
	const char *p = s.p + minus;
	const char *end = s.p + s.len;
	while (p + 1 < end && *p == '0' && p[1] >= '0' && p[1] <= '9')
		p++;
	size_t whole = (size_t)(digits(p, end) - p);
	bool zero = whole == 0 || (whole == 1 && *p == '0');
	if (real && !is_real(s.p, end))
		return false;
	if (minus && (real || !zero))
		str_addc(&out, '-');
	if (!whole)
		str_addc(&out, '0');
	str_addn(&out, p, whole);
	p += whole;
	if (p < end && *p == '.' && digits(p + 1, end) == p + 1) {
		str_add(&out, ".0");
		p++;
	}
	str_addn(&out, p, (size_t)(end - p));
	bool ok = add(r, NODE_NUMBER, (struct slice){str_c(&out), out.len});
	str_clear(&out);
	return ok;
}

static bool read_number(struct reader *r, const char *stops)
{
	bool real;
	const char *from = r->p;
	const char *to = number_end(r->p, r->end, &real);
	if (to) {
		r->p = to;
		skip_space(r);
		int c = peek(r);
		/* json-smart looks no further than ASCII for what may not follow */
		if (c < 0 || c >= 126 || (c && strchr(stops, c)))
			return add_number(r, (struct slice){from, (size_t)(to - from)}, real);
	}
	return add(r, NODE_TEXT, word(r, from, stops));
}

static bool read_word(struct reader *r, const char *stops)
{
	struct slice s = word(r, r->p, stops);
	if (slice_is(s, "null"))
		return add(r, NODE_NULL, s);
	if (slice_is(s, "true") || slice_is(s, "false"))
		return add(r, NODE_BOOL, s);
	return add(r, NODE_TEXT, s);
}

/* Lists and maps */

static const char *stops_here(const struct reader *r)
{
	if (!r->build.depth)
		return "";
	return build_in_map(&r->build) ? ",}" : ",]";
}

static bool open_node(struct reader *r, enum node_kind kind)
{
	r->p++;
	return build_open(&r->build, kind, 0, 0);
}

static bool read_value(struct reader *r)
{
	skip_space(r);
	int c = peek(r);
	if (c < 0)
		return !r->build.depth && add(r, NODE_TEXT, (struct slice){"", 0});
	if (c == '{')
		return open_node(r, NODE_MAP);
	if (c == '[')
		return open_node(r, NODE_LIST);
	if (c == '"' || c == '\'')
		return read_quoted(r);
	if (c == '}' || c == ']' || c == ':')
		return false;
	if (c == '-' || (c >= '0' && c <= '9'))
		return read_number(r, stops_here(r));
	return read_word(r, stops_here(r));
}

static bool read_key(struct reader *r)
{
	int c = peek(r);
	bool ok = c == '"' || c == '\'' ? read_quoted(r) : add(r, NODE_TEXT, word(r, r->p, ":"));
	skip_space(r);
	if (!ok || peek(r) != ':')
		return false;
	r->p++;
	return read_value(r);
}

/* The next item or member, or the end, of the innermost list or map. after: one has just been read;
 * in a map a comma or the end must follow it. */
static bool read_next(struct reader *r, bool *after)
{
	skip_space(r);
	int c = peek(r);
	bool map = build_in_map(&r->build);
	if (c < 0)
		return false;
	if (c == (map ? '}' : ']')) {
		r->p++;
		build_close(&r->build);
		*after = true;
		return true;
	}
	if (c == ',') {
		r->p++;
		*after = false;
		return true;
	}
	if ((map && *after) || c == ':' || (map ? c == '{' || c == '[' || c == ']' : c == '}'))
		return false;
	int depth = r->build.depth;
	bool ok = map ? read_key(r) : read_value(r);
	*after = r->build.depth == depth;
	return ok;
}

bool json_read_lenient(struct arena *a, struct slice text, struct node **root)
{
	struct reader r = {.p = text.p ? text.p : "", .end = (text.p ? text.p : "") + text.len};
	*root = NULL;
	if (text.len > MAX_JSON_WIRE || utf8_invalid_at(r.p, text.len) < text.len)
		return false;
	r.build = (struct build){
		.arena = a,
		.duplicate_code = "json-duplicate-key",
		.key_code = "json-syntax",
		.max_scalar = MAX_JSON_WIRE,
		.last_wins = true,
	};
	bool ok = read_value(&r);
	bool after = false;
	while (ok && r.build.depth)
		ok = read_next(&r, &after);
	if (!ok || r.build.failed)
		return false;
	*root = r.build.root;
	return true;
}
