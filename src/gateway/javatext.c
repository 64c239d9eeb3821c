/* javatext.c -- see javatext.h. Lengths are counted anew each time: most texts are short, and most
 * bytes are ASCII, which the loops over bytes go through fast. */
#include "gateway/javatext.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_tail(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

/* Bytes of the character that begins with c. */
static size_t width(char c)
{
	unsigned char u = (unsigned char)c;
	return u < 0x80 ? 1 : u < 0xe0 ? 2 : u < 0xf0 ? 3 : 4;
}

/* The three bytes at p as a unit: all but pairs are one. */
static unsigned decode(const char *p)
{
	const unsigned char *u = (const unsigned char *)p;
	switch (width(*p)) {
	case 1:
		return u[0];
	case 2:
		return (u[0] & 0x1fu) << 6 | (u[1] & 0x3fu);
	case 3:
		return (u[0] & 0xfu) << 12 | (u[1] & 0x3fu) << 6 | (u[2] & 0x3fu);
	default:
		return (u[0] & 7u) << 18 | (u[1] & 0x3fu) << 12 | (u[2] & 0x3fu) << 6 |
		       (u[3] & 0x3fu);
	}
}

size_t java_length(struct slice s)
{
	size_t n = 0;
	for (size_t i = 0; i < s.len; i++)
		n += !is_tail(s.p[i]) + ((unsigned char)s.p[i] >= 0xf0);
	return n;
}

size_t java_index(struct slice s, size_t at)
{
	return java_length((struct slice){s.p, at});
}

/* The byte where the unit at an index begins; *half: it is the second of the pair there. */
static size_t byte_of(struct slice s, size_t index, bool *half)
{
	size_t at = 0;
	*half = false;
	while (index > 0 && at < s.len) {
		size_t w = width(s.p[at]);
		if (w == 4 && index == 1) {
			*half = true;
			return at;
		}
		index -= w == 4 ? 2 : 1;
		at += w;
	}
	return at;
}

static unsigned half_of(unsigned cp, bool second)
{
	cp -= 0x10000;
	return second ? 0xdc00 + (cp & 0x3ff) : 0xd800 + (cp >> 10);
}

unsigned java_unit(struct slice s, size_t index)
{
	bool half;
	size_t at = byte_of(s, index, &half);
	unsigned cp = decode(s.p + at);
	return cp < 0x10000 ? cp : half_of(cp, half);
}

static size_t put_point(char *out, unsigned cp)
{
	if (cp < 0x80) {
		out[0] = (char)cp;
		return 1;
	}
	if (cp < 0x800) {
		out[0] = (char)(0xc0 | cp >> 6);
		out[1] = (char)(0x80 | (cp & 0x3f));
		return 2;
	}
	if (cp < 0x10000) {
		out[0] = (char)(0xe0 | cp >> 12);
		out[1] = (char)(0x80 | (cp >> 6 & 0x3f));
		out[2] = (char)(0x80 | (cp & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | cp >> 18);
	out[1] = (char)(0x80 | (cp >> 12 & 0x3f));
	out[2] = (char)(0x80 | (cp >> 6 & 0x3f));
	out[3] = (char)(0x80 | (cp & 0x3f));
	return 4;
}

static bool is_first_half(unsigned unit)
{
	return unit >= 0xd800 && unit <= 0xdbff;
}

static bool is_second_half(unsigned unit)
{
	return unit >= 0xdc00 && unit <= 0xdfff;
}

/* The first half of a pair that ends the n bytes at p; 0: none does. */
static unsigned ends_in_half(const char *p, size_t n)
{
	if (n < 3 || (unsigned char)p[n - 3] != 0xed)
		return 0;
	unsigned unit = decode(p + n - 3);
	return is_first_half(unit) ? unit : 0;
}

size_t java_put_unit(char *out, size_t n, unsigned unit)
{
	unsigned first = is_second_half(unit) ? ends_in_half(out, n) : 0;
	if (!first)
		return n + put_point(out + n, unit);
	return n - 3 + put_point(out + n - 3, 0x10000 + ((first - 0xd800) << 10) + (unit - 0xdc00));
}

struct slice java_substring(struct arena *a, struct slice s, size_t from, size_t to)
{
	bool from_half, to_half;
	size_t begin = byte_of(s, from, &from_half);
	size_t end = byte_of(s, to, &to_half);
	if (!from_half && !to_half)
		return (struct slice){s.p + begin, end - begin};
	char *out = arena_alloc(a, end - begin + 8);
	size_t n = 0;
	if (from < to && from_half) {
		n = java_put_unit(out, n, half_of(decode(s.p + begin), true));
		begin += 4;
	}
	if (begin < end) {
		memcpy(out + n, s.p + begin, end - begin);
		n += end - begin;
	}
	if (from < to && to_half && end >= begin)
		n = java_put_unit(out, n, half_of(decode(s.p + end), false));
	return (struct slice){out, n};
}

struct slice java_concat(struct arena *a, struct slice x, struct slice y)
{
	char *out = arena_alloc(a, x.len + y.len + 4);
	size_t skip = 0;
	memcpy(out, x.p, x.len);
	size_t n = x.len;
	if (ends_in_half(x.p, x.len) && y.len >= 3 && (unsigned char)*y.p == 0xed) {
		n = java_put_unit(out, n, decode(y.p));
		skip = 3;
	}
	memcpy(out + n, y.p + skip, y.len - skip);
	return (struct slice){out, n + y.len - skip};
}

/* Letters whose cases lie a fixed distance apart, and alphabets in which they take turns. */
static const struct {
	unsigned first, last; /* upper case */
	unsigned distance;    /* 1: they take turns, first is upper case */
} cases[] = {
	{'A', 'Z', 32},     {0xc0, 0xd6, 32},   {0xd8, 0xde, 32},    {0x100, 0x12f, 1},
	{0x132, 0x137, 1},  {0x139, 0x148, 1},  {0x14a, 0x177, 1},   {0x179, 0x17e, 1},
	{0x391, 0x3a1, 32}, {0x3a3, 0x3ab, 32}, {0x400, 0x40f, 80},  {0x410, 0x42f, 32},
	{0x460, 0x481, 1},  {0x48a, 0x4bf, 1},  {0x1e00, 0x1e95, 1}, {0x1ea0, 0x1eff, 1},
};

static unsigned other_case(unsigned cp, bool upper)
{
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		unsigned first = cases[i].first, last = cases[i].last, d = cases[i].distance;
		if (d == 1 && cp >= first && cp <= last)
			return ((cp - first) % 2 == 1) == upper ? (upper ? cp - 1 : cp + 1) : cp;
		if (d != 1 && !upper && cp >= first && cp <= last)
			return cp + d;
		if (d != 1 && upper && cp >= first + d && cp <= last + d)
			return cp - d;
	}
	return cp;
}

size_t java_case(char *out, struct slice s, bool upper)
{
	size_t n = 0;
	for (size_t i = 0; i < s.len; i += width(s.p[i])) {
		unsigned cp = decode(s.p + i);
		if (upper && cp == 0xdf) {
			out[n++] = 'S';
			out[n++] = 'S';
		} else {
			n += put_point(out + n, other_case(cp, upper));
		}
	}
	return n;
}

void java_encode(struct str *out, struct slice s)
{
	size_t done = 0;
	for (size_t i = 0; i + 2 < s.len; i++) {
		if ((unsigned char)s.p[i] != 0xed || (unsigned char)s.p[i + 1] < 0xa0)
			continue;
		str_addn(out, s.p + done, i - done);
		unsigned unit = decode(s.p + i);
		bool pair = is_first_half(unit) && i + 5 < s.len &&
			    (unsigned char)s.p[i + 3] == 0xed &&
			    is_second_half(decode(s.p + i + 3));
		char whole[4];
		if (pair) {
			unsigned second = decode(s.p + i + 3);
			str_addn(out, whole,
				 put_point(whole,
					   0x10000 + ((unit - 0xd800) << 10) + (second - 0xdc00)));
		} else {
			str_addc(out, '?');
		}
		done = i + (pair ? 6 : 3);
		i = done - 1;
	}
	str_addn(out, s.p + done, s.len - done);
}

/* Numbers */

/* The fewest digits that read back as v, two at least (Java has one behind the point, so
 * of 4.9E-324 it does not make 5E-324), as d.ddde+-x. */
static int shortest(double v, char *digits, size_t size)
{
	for (int precision = 1; precision < 17; precision++) {
		snprintf(digits, size, "%.*e", precision, v);
		if (strtod(digits, NULL) == v)
			break;
	}
	char *e = strchr(digits, 'e');
	int exponent = atoi(e + 1);
	*e = '\0';
	return exponent;
}

size_t java_whole(char *out, uint64_t v, bool minus)
{
	char text[24];
	size_t at = sizeof(text);
	do
		text[--at] = (char)('0' + v % 10);
	while (v /= 10);
	if (minus)
		text[--at] = '-';
	memcpy(out, text + at, sizeof(text) - at);
	return sizeof(text) - at;
}

/* m / 10^k, one digit behind the point at least. */
static size_t put_decimal(char *out, uint64_t m, int k, bool minus)
{
	uint64_t power = 1;
	for (int i = 0; i < k; i++)
		power *= 10;
	size_t n = java_whole(out, m / power, minus);
	uint64_t rest = m % power;
	out[n++] = '.';
	for (int i = k; i > 1; i--) {
		power /= 10;
		out[n++] = (char)('0' + rest / power % 10);
	}
	out[n++] = (char)('0' + rest % 10);
	out[n] = '\0';
	return n;
}

/* Most numbers have few digits behind the point: m / 10^k is exact where both are below 2^53. */
static size_t short_double(char *out, double v)
{
	double power = 1;
	double size = fabs(v);
	if (size < 1e-3 || size >= 1e7)
		return 0;
	for (int k = 0; k <= 8; k++, power *= 10) {
		double m = rint(size * power);
		if (m / power != size)
			continue;
		return put_decimal(out, (uint64_t)m, k, v < 0);
	}
	return 0;
}

size_t java_double(char *out, double v)
{
	char text[40], digits[40];
	size_t short_len = short_double(out, v);
	if (short_len)
		return short_len;
	if (isnan(v) || isinf(v) || v == 0) {
		const char *name = isnan(v) ? "NaN" : isinf(v) ? "Infinity" : "0.0";
		return (size_t)snprintf(out, JAVA_DOUBLE, "%s%s",
					signbit(v) && !isnan(v) ? "-" : "", name);
	}
	int exponent = shortest(fabs(v), text, sizeof(text));
	size_t n = 0;
	for (const char *c = text; *c; c++)
		if (*c >= '0' && *c <= '9')
			digits[n++] = *c;
	while (n > 1 && digits[n - 1] == '0')
		n--;
	digits[n] = '\0';
	const char *sign = v < 0 ? "-" : "";
	if (exponent < -3 || exponent >= 7)
		return (size_t)snprintf(out, JAVA_DOUBLE, "%s%c.%sE%d", sign, digits[0],
					n > 1 ? digits + 1 : "0", exponent);
	if (exponent < 0)
		return (size_t)snprintf(out, JAVA_DOUBLE, "%s0.%.*s%s", sign, -exponent - 1, "000",
					digits);
	size_t whole = (size_t)exponent + 1;
	if (n <= whole)
		return (size_t)snprintf(out, JAVA_DOUBLE, "%s%s%.*s.0", sign, digits,
					(int)(whole - n), "0000000");
	return (size_t)snprintf(out, JAVA_DOUBLE, "%s%.*s.%s", sign, (int)whole, digits,
				digits + whole);
}

/* JSON */

static bool json_escapes(unsigned cp, bool slash)
{
	return cp < 0x20 || cp == '"' || cp == '\\' || (cp >= 0x7f && cp <= 0x9f) ||
	       (cp >= 0x2000 && cp <= 0x20ff) || (slash && cp == '/');
}

static void add_escape(struct str *out, unsigned cp)
{
	static const char from[] = "\b\f\n\r\t\"\\/";
	static const char to[] = "bfnrt\"\\/";
	const char *at = cp && cp < 0x80 ? strchr(from, (int)cp) : NULL;
	if (at)
		str_addf(out, "\\%c", to[at - from]);
	else
		str_addf(out, "\\u%04X", cp);
}

void java_json_string(struct str *out, struct slice s, bool slash)
{
	size_t done = 0;
	str_addc(out, '"');
	for (size_t i = 0; i < s.len; i += width(s.p[i])) {
		unsigned char c = (unsigned char)s.p[i];
		if (c >= 0x20 && c < 0x7f && c != '"' && c != '\\' && c != '/')
			continue;
		unsigned cp = decode(s.p + i);
		if (!json_escapes(cp, slash))
			continue;
		str_addn(out, s.p + done, i - done);
		add_escape(out, cp);
		done = i + width(s.p[i]);
	}
	str_addn(out, s.p + done, s.len - done);
	str_addc(out, '"');
}
