/* vtlnumber.c -- methods of numbers and of true and false, as java.lang has them. Types matter:
 * parseInt() is a method of an Integer, valueOf() takes what is no wider. */
#include "gateway/vtlcall.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Numbers */

static double real_of(struct vtl_invocation *c)
{
	struct vtl_value v = c->self;
	if (v.type == VTL_BIG)
		return (double)*v.big;
	if (v.type == VTL_DECIMAL)
		return strtod(arena_strndup(c->r->arena, v.text, v.len), NULL);
	return v.type == VTL_DOUBLE ? v.d : (double)v.i;
}

/* Java's narrowing: of whole numbers the low bits, of others the nearest that fits. */
static int64_t narrow(struct vtl_invocation *c, int bits)
{
	if (c->self.type == VTL_INT || c->self.type == VTL_LONG || c->self.type == VTL_BIG) {
		int64_t v = c->self.type == VTL_BIG ? (int64_t)*c->self.big : c->self.i;
		return bits == 32 ? (int32_t)v : v;
	}
	double d = real_of(c);
	double limit = bits == 32 ? 2147483648.0 : 9223372036854775808.0;
	if (isnan(d))
		return 0;
	if (d >= limit)
		return bits == 32 ? INT32_MAX : INT64_MAX;
	if (d < -limit)
		return bits == 32 ? INT32_MIN : INT64_MIN;
	return (int64_t)d;
}

static struct vtl_value as_long(int64_t v)
{
	return (struct vtl_value){.type = VTL_LONG, .i = v};
}

static struct vtl_value number_int_value(struct vtl_invocation *c)
{
	return vtl_int(narrow(c, 32));
}

static struct vtl_value number_long_value(struct vtl_invocation *c)
{
	return as_long(narrow(c, 64));
}

static struct vtl_value number_double_value(struct vtl_invocation *c)
{
	return vtl_double(real_of(c));
}

/* Of a text, to base 10 or a given one. */
static struct vtl_value parse_whole(struct vtl_invocation *c, bool is_long)
{
	struct slice s;
	int64_t radix = 10;
	if (!vtl_text_arg(c, 0, &s) || (c->a->count == 2 && !vtl_int_arg(c, 1, &radix)))
		return vtl_null();
	char *text = arena_strndup(c->r->arena, s.p, s.len);
	char *end = text;
	size_t sign = *text == '-' || *text == '+';
	bool digit = (text[sign] >= '0' && text[sign] <= '9') ||
		     ((text[sign] | 0x20) >= 'a' && (text[sign] | 0x20) <= 'z');
	errno = 0;
	long long v = digit && radix >= 2 && radix <= 36 ? strtoll(text, &end, (int)radix) : 0;
	if (radix == 16 && s.len > sign + 1 && (text[sign + 1] | 0x20) == 'x')
		end = text; /* C alone takes 0x */
	bool ok = s.len && end == text + s.len && !errno &&
		  (is_long || (v >= INT32_MIN && v <= INT32_MAX));
	if (!ok)
		return vtl_fail(c->r, "%.*s: \"%.60s\" is not such a number", (int)c->a->name.len,
				c->a->name.p, text);
	return is_long ? as_long(v) : vtl_int(v);
}

static struct vtl_value number_parse_int(struct vtl_invocation *c)
{
	return c->self.type == VTL_INT ? parse_whole(c, false) : vtl_misfit(c);
}

static struct vtl_value number_parse_long(struct vtl_invocation *c)
{
	return c->self.type == VTL_LONG ? parse_whole(c, true) : vtl_misfit(c);
}

static struct vtl_value parse_real(struct vtl_invocation *c)
{
	struct slice s;
	if (!vtl_text_arg(c, 0, &s))
		return vtl_null();
	s = vtl_stripped(s, true, true);
	char *text = arena_strndup(c->r->arena, s.p, s.len);
	char *end = text;
	double v = strspn(text, "0123456789+-.eE") == s.len ? strtod(text, &end) : 0;
	if (!s.len || end != text + s.len)
		return vtl_fail(c->r, "\"%.60s\" is not a number", text);
	return vtl_double(v);
}

static struct vtl_value number_parse_double(struct vtl_invocation *c)
{
	return c->self.type == VTL_DOUBLE ? parse_real(c) : vtl_misfit(c);
}

/* Of a text, or of a number that is no wider. */
static struct vtl_value number_value_of(struct vtl_invocation *c)
{
	struct vtl_value v = c->a->v[0];
	enum vtl_type type = c->self.type;
	if (type != VTL_INT && type != VTL_LONG && type != VTL_DOUBLE)
		return vtl_misfit(c);
	if (v.type == type)
		return v;
	if (type == VTL_DOUBLE && c->a->count == 2)
		return vtl_misfit(c);
	if (type == VTL_LONG && v.type == VTL_INT)
		return as_long(v.i);
	if (type == VTL_DOUBLE && (v.type == VTL_INT || v.type == VTL_LONG))
		return vtl_double((double)v.i);
	if (type == VTL_DOUBLE)
		return parse_real(c);
	return parse_whole(c, type == VTL_LONG);
}

static struct vtl_value number_compare_to(struct vtl_invocation *c)
{
	struct vtl_value v = c->a->v[0];
	if (v.type != c->self.type)
		return vtl_cannot_compare(c);
	if (v.type == VTL_BIG)
		return vtl_int(*c->self.big < *v.big ? -1 : *c->self.big > *v.big);
	if (v.type == VTL_DECIMAL)
		return vtl_misfit(c);
	if (v.type == VTL_DOUBLE)
		return vtl_int(c->self.d < v.d ? -1 : c->self.d > v.d);
	return vtl_int(c->self.i < v.i ? -1 : c->self.i > v.i);
}

static struct vtl_value number_is_nan(struct vtl_invocation *c)
{
	return c->self.type == VTL_DOUBLE ? vtl_bool(isnan(c->self.d)) : vtl_misfit(c);
}

static struct vtl_value bool_value(struct vtl_invocation *c)
{
	return c->self;
}

static struct vtl_value bool_parse(struct vtl_invocation *c)
{
	struct slice s;
	if (c->a->v[0].type == VTL_NULL)
		return vtl_bool(false);
	if (!vtl_text_arg(c, 0, &s))
		return vtl_null();
	return vtl_bool(s.len == 4 && strncasecmp(s.p, "true", 4) == 0);
}

static struct vtl_value bool_value_of(struct vtl_invocation *c)
{
	return c->a->v[0].type == VTL_BOOL ? c->a->v[0] : bool_parse(c);
}

static struct vtl_value bool_compare_to(struct vtl_invocation *c)
{
	struct vtl_value v = c->a->v[0];
	return v.type == VTL_BOOL ? vtl_int(c->self.yes - v.yes) : vtl_cannot_compare(c);
}

static const struct vtl_row number_rows[] = {
	{"intValue", "", number_int_value},       {"longValue", "", number_long_value},
	{"doubleValue", "", number_double_value}, {"parseInt", "t", number_parse_int},
	{"parseInt", "ti", number_parse_int},     {"parseLong", "t", number_parse_long},
	{"parseLong", "ti", number_parse_long},   {"parseDouble", "t", number_parse_double},
	{"valueOf", "v", number_value_of},        {"valueOf", "ti", number_value_of},
	{"compareTo", "v", number_compare_to},    {"isNaN", "", number_is_nan},
	{"equals", "v", vtl_any_equals},          {"toString", "", vtl_any_to_string},
	{"toString", "i", vtl_text_of_arg},       {"hashCode", "", vtl_any_hash_code},
};
static const struct vtl_row bool_rows[] = {
	{"booleanValue", "", bool_value},    {"parseBoolean", "t", bool_parse},
	{"valueOf", "v", bool_value_of},     {"compareTo", "v", bool_compare_to},
	{"equals", "v", vtl_any_equals},     {"toString", "", vtl_any_to_string},
	{"hashCode", "", vtl_any_hash_code},
};

bool vtl_number_method(struct vtl_run *r, struct vtl_value self, const struct vtl_args *a,
		       struct vtl_value *out)
{
	struct vtl_invocation c = {.r = r, .self = self, .a = a};
	if (self.type == VTL_BOOL)
		return vtl_run_row(&c, bool_rows, ARRAY_LEN(bool_rows), out);
	return vtl_run_row(&c, number_rows, ARRAY_LEN(number_rows), out);
}
