/* vtlmath.c -- the operators between values. Whole numbers stay whole and grow from Integer to Long
 * to BigInteger (here up to 127 bits, more is an error); with a fraction on either side it is
 * doubles, also where Java would take BigDecimal, which only JSON numbers of over 18 characters
 * bring in. */
#include "gateway/vtllex.h"
#include "gateway/vtlrun.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool is_whole(struct vtl_value v)
{
	return v.type == VTL_INT || v.type == VTL_LONG || v.type == VTL_BIG;
}

static double as_double(struct vtl_run *r, struct vtl_value v)
{
	if (v.type == VTL_DOUBLE)
		return v.d;
	if (v.type == VTL_BIG)
		return (double)*v.big;
	if (v.type == VTL_DECIMAL)
		return strtod(arena_strndup(r->arena, v.text, v.len), NULL);
	return (double)v.i;
}

static __int128 as_whole(struct vtl_value v)
{
	return v.type == VTL_BIG ? *v.big : v.i;
}

/* Of the larger type of the two, or of a larger one where it must be. */
static struct vtl_value whole(struct vtl_run *r, __int128 v, struct vtl_value a, struct vtl_value b)
{
	bool big = a.type == VTL_BIG || b.type == VTL_BIG || v < INT64_MIN || v > INT64_MAX;
	if (big) {
		__int128 *p = vtl_alloc(r, sizeof(*p));
		*p = v;
		return (struct vtl_value){.type = VTL_BIG, .big = p};
	}
	struct vtl_value out = vtl_int((int64_t)v);
	if (a.type == VTL_LONG || b.type == VTL_LONG)
		out.type = VTL_LONG;
	return out;
}

static struct vtl_value whole_math(struct vtl_run *r, int k, struct vtl_value a, struct vtl_value b)
{
	__int128 x = as_whole(a), y = as_whole(b), v = 0;
	bool over = false;
	if (k == VTL_PLUS)
		over = __builtin_add_overflow(x, y, &v);
	else if (k == VTL_MINUS)
		over = __builtin_sub_overflow(x, y, &v);
	else if (k == VTL_MULTIPLY)
		over = __builtin_mul_overflow(x, y, &v);
	else if (y == 0)
		return vtl_null();
	else if (y == -1) /* the one quotient that does not fit */
		v = k == VTL_DIVIDE ? (__int128)(-(unsigned __int128)x) : 0;
	else
		v = k == VTL_DIVIDE ? x / y : x % y;
	if (over)
		return vtl_fail(r, "a number became too large");
	return whole(r, v, a, b);
}

static struct vtl_value real_math(int k, double x, double y)
{
	switch (k) {
	case VTL_PLUS:
		return vtl_double(x + y);
	case VTL_MINUS:
		return vtl_double(x - y);
	case VTL_MULTIPLY:
		return vtl_double(x * y);
	case VTL_DIVIDE:
		return y == 0 ? vtl_null() : vtl_double(x / y);
	default:
		return y == 0 ? vtl_null() : vtl_double(fmod(x, y));
	}
}

static struct vtl_value math(struct vtl_run *r, int k, struct vtl_value a, struct vtl_value b)
{
	if (!vtl_is_number(a) || !vtl_is_number(b))
		return vtl_null();
	if (is_whole(a) && is_whole(b))
		return whole_math(r, k, a, b);
	bool decimal = a.type == VTL_BIG || b.type == VTL_BIG || a.type == VTL_DECIMAL ||
		       b.type == VTL_DECIMAL; /* to Java */
	if (k == VTL_MODULUS && decimal && as_double(r, b) != 0)
		return vtl_fail(r, "of such numbers there is no remainder");
	return real_math(k, as_double(r, a), as_double(r, b));
}

static struct vtl_value concat(struct vtl_run *r, struct vtl_value a, struct vtl_value b)
{
	size_t start = r->out->len;
	if (vtl_print(r, a))
		vtl_print(r, b);
	return vtl_string(vtl_cut(r, start));
}

static struct vtl_value sum(struct vtl_run *r, struct vtl_value a, struct vtl_value b)
{
	bool text = a.type == VTL_STRING_VALUE || b.type == VTL_STRING_VALUE;
	if (text && a.type != VTL_NULL && b.type != VTL_NULL)
		return concat(r, a, b);
	return math(r, VTL_PLUS, a, b);
}

/* -1, 0, 1; 2: not to be compared, as NaN is. */
static int compare(struct vtl_run *r, struct vtl_value a, struct vtl_value b)
{
	if (is_whole(a) && is_whole(b)) {
		__int128 x = as_whole(a), y = as_whole(b);
		return x < y ? -1 : x > y;
	}
	double x = as_double(r, a);
	double y = as_double(r, b);
	return x < y ? -1 : x > y ? 1 : 0; /* Velocity takes NaN for equal to all */
}

static bool same_class(struct vtl_value a, struct vtl_value b)
{
	if (a.type != b.type)
		return false;
	return a.type != VTL_LIST || a.list->style == b.list->style ||
	       (a.list->style < VTL_KEYS && b.list->style < VTL_KEYS);
}

/* Numbers by value, things of one class by equals(), others by their texts. To API Gateway null and
 * the empty text are equal; in Velocity null equals null alone. */
static bool equal(struct vtl_run *r, struct vtl_value a, struct vtl_value b)
{
	if (vtl_is_number(a) && vtl_is_number(b))
		return compare(r, a, b) == 0;
	if (a.type != VTL_NULL && b.type != VTL_NULL && same_class(a, b))
		return vtl_equals(r, a, b);
	struct slice x = a.type ? vtl_to_text(r, a) : (struct slice){NULL, 0};
	struct slice y = b.type ? vtl_to_text(r, b) : (struct slice){NULL, 0};
	if (!r->plain && x.len == 0 && y.len == 0)
		return true;
	if (!x.p || !y.p)
		return x.p == y.p;
	return x.len == y.len && memcmp(x.p, y.p, x.len) == 0;
}

struct vtl_value vtl_apply(struct vtl_run *r, int k, struct vtl_value a, struct vtl_value b)
{
	if (k == VTL_EQ || k == VTL_NE)
		return vtl_bool(equal(r, a, b) == (k == VTL_EQ));
	if (k == VTL_PLUS)
		return sum(r, a, b);
	if (k >= VTL_MINUS && k <= VTL_MODULUS)
		return math(r, k, a, b);
	if (!vtl_is_number(a) || !vtl_is_number(b))
		return vtl_bool(false);
	int order = compare(r, a, b);
	bool yes = k == VTL_LT   ? order < 0
		   : k == VTL_LE ? order <= 0
		   : k == VTL_GT ? order > 0
				 : order >= 0;
	return vtl_bool(yes);
}
