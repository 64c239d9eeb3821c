/* decimal.c -- see decimal.h. Numbers stay as text: only the exponent is worked out, and digits are
 * gone through side by side. */
#include "base/decimal.h"

#include <assert.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_DIVISOR_DIGITS 18 /* times ten fits in 64 bits */

static bool read_exponent(const char *p, const char *end, long long *exponent)
{
	char text[16];
	size_t n = (size_t)(end - p);
	if (!n || n > 11 || memchr(p + 1, '+', n - 1))
		return false;
	memcpy(text, p, n);
	text[n] = '\0';
	return str_to_i64(text, -INT_MAX, INT_MAX, exponent);
}

/* Digits with one '.' or none, from p on: past them. */
static const char *read_mantissa(const char *p, const char *end, struct decimal *d)
{
	bool point = false, any = false;
	d->digits = NULL;
	for (; p < end && ((*p >= '0' && *p <= '9') || (*p == '.' && !point)); p++) {
		if (*p == '.') {
			point = true;
			continue;
		}
		any = true;
		if (!d->digits && *p != '0')
			d->digits = p;
		d->exponent += !point && d->digits ? 1 : 0;
		d->exponent -= point && !d->digits ? 1 : 0;
	}
	d->end = p;
	if (!d->digits)
		d->digits = p;
	return any ? p : NULL;
}

bool decimal_read(struct slice s, struct decimal *d)
{
	const char *p = s.p;
	const char *end = s.p + s.len;
	long long more = 0;
	*d = (struct decimal){.negative = s.len && *p == '-'};
	if (s.len && (*p == '-' || *p == '+'))
		p++;
	p = read_mantissa(p, end, d);
	if (!p || (p < end && *p != 'e' && *p != 'E'))
		return false;
	if (p < end && !read_exponent(p + 1, end, &more))
		return false;
	d->exponent += more;
	return true;
}

static int next_digit(const struct decimal *d, const char **p)
{
	if (*p < d->end && **p == '.')
		++*p;
	return *p < d->end ? *(*p)++ : '0';
}

int decimal_compare(const struct decimal *a, const struct decimal *b)
{
	bool a_zero = a->digits == a->end;
	bool b_zero = b->digits == b->end;
	const char *p = a->digits;
	const char *q = b->digits;
	if (a_zero || b_zero)
		return a_zero ? (b_zero ? 0 : (b->negative ? 1 : -1)) : (a->negative ? -1 : 1);
	if (a->negative != b->negative)
		return a->negative ? -1 : 1;
	int sign = a->negative ? -1 : 1;
	if (a->exponent != b->exponent)
		return a->exponent < b->exponent ? -sign : sign;
	while (p < a->end || q < b->end) {
		int diff = next_digit(a, &p) - next_digit(b, &q);
		if (diff)
			return diff < 0 ? -sign : sign;
	}
	return 0;
}

/* Digits that count, without zeros at the end. */
static size_t count_digits(const struct decimal *d)
{
	size_t n = 0, last = 0;
	for (const char *p = d->digits; p < d->end; p++) {
		if (*p == '.')
			continue;
		n++;
		last = *p != '0' ? n : last;
	}
	return last;
}

static double to_double(const struct decimal *d)
{
	char text[64];
	size_t n = 0;
	for (const char *p = d->digits; p < d->end && n < 30; p++)
		if (*p != '.')
			text[n++] = *p;
	snprintf(text + n, sizeof(text) - n, "e%lld", d->exponent - (long long)n);
	return strtod(text, NULL);
}

/* ten to the n, modulo m. */
static uint64_t power_of_ten(unsigned long long n, uint64_t m)
{
	unsigned __int128 result = 1 % m, base = 10 % m;
	for (; n; n >>= 1) {
		if (n & 1)
			result = result * base % m;
		base = base * base % m;
	}
	return (uint64_t)result;
}

/* a = A * 10^x and b = B * 10^y with A not divisible by ten: if x < y, b does not go into a. */
bool decimal_multiple(const struct decimal *a, const struct decimal *b)
{
	size_t a_count = count_digits(a);
	size_t b_count = count_digits(b);
	const char *p = a->digits;
	const char *q = b->digits;
	uint64_t divisor = 0;
	unsigned __int128 rest = 0;
	if (!a_count)
		return true;
	long long shift = (a->exponent - (long long)a_count) - (b->exponent - (long long)b_count);
	if (b_count > MAX_DIVISOR_DIGITS)
		return fmod(to_double(a), to_double(b)) == 0;
	if (shift < 0)
		return false;
	for (size_t i = 0; i < b_count; i++)
		divisor = divisor * 10 + (uint64_t)(next_digit(b, &q) - '0');
	assert(divisor > 0);
	for (size_t i = 0; i < a_count; i++)
		rest = (rest * 10 + (unsigned)(next_digit(a, &p) - '0')) % divisor;
	return rest * power_of_ten((unsigned long long)shift, divisor) % divisor == 0;
}

uint64_t decimal_hash(const struct decimal *d)
{
	size_t n = count_digits(d);
	const char *p = d->digits;
	uint64_t h = 0xcbf29ce484222325u ^ (d->negative && n);
	if (!n)
		return h;
	h = (h ^ (uint64_t)d->exponent) * 0x100000001b3u;
	for (size_t i = 0; i < n; i++)
		h = (h ^ (uint64_t)next_digit(d, &p)) * 0x100000001b3u;
	return h;
}
