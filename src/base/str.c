/* str.c -- see str.h.
 *
 * Always NUL-terminated once there is memory, so that a finished text needs no copy to be a C
 * string. Numbers are parsed by the C library, but only after the characters were checked: it would
 * also take white space, hexadecimal, "nan", "1e5" with a comma under some locales.
 */
#include "base/str.h"

#include <assert.h>
#include <errno.h>
#include <locale.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void str_clear(struct str *s)
{
	free(s->p);
	*s = (struct str){0};
}

void str_reset(struct str *s)
{
	s->len = 0;
	if (s->p)
		s->p[0] = '\0';
}

/* Room for n more bytes and the NUL. */
static void str_room(struct str *s, size_t n)
{
	if (n > STR_MAX || s->len + n > STR_MAX) {
		fputs("gatedrill: a text grew over 1 GB\n", stderr);
		abort();
	}
	s->p = array_grow(s->p, &s->cap, s->len + n + 1, 1);
}

void str_addn(struct str *s, const char *bytes, size_t n)
{
	str_room(s, n);
	if (n)
		memcpy(s->p + s->len, bytes, n);
	s->len += n;
	s->p[s->len] = '\0';
}

char *str_more(struct str *s, size_t n)
{
	str_room(s, n);
	return s->p + s->len;
}

void str_wrote(struct str *s, size_t n)
{
	s->len += n;
	assert(s->len < s->cap);
	s->p[s->len] = '\0';
}

void str_add(struct str *s, const char *text)
{
	str_addn(s, text, strlen(text));
}

void str_addc(struct str *s, char c)
{
	str_addn(s, &c, 1);
}

void str_addf(struct str *s, const char *fmt, ...)
{
	va_list ap, again;
	va_start(ap, fmt);
	va_copy(again, ap);
	int n = vsnprintf(NULL, 0, fmt, ap);
	assert(n >= 0);
	str_room(s, (size_t)n);
	vsnprintf(s->p + s->len, (size_t)n + 1, fmt, again);
	s->len += (size_t)n;
	va_end(again);
	va_end(ap);
}

void str_truncate(struct str *s, size_t len)
{
	assert(len <= s->len);
	s->len = len;
	if (s->p)
		s->p[len] = '\0';
}

char *str_take(struct str *s)
{
	char *p = s->p ? s->p : xstrdup("");
	*s = (struct str){0};
	return p;
}

bool str_eq(const char *a, const char *b)
{
	if (!a || !b)
		return a == b;
	return !strcmp(a, b);
}

bool str_starts(const char *s, const char *prefix)
{
	return s && !strncmp(s, prefix, strlen(prefix));
}

bool str_ends(const char *s, const char *suffix)
{
	size_t n = s ? strlen(s) : 0, m = strlen(suffix);
	return s && n >= m && !memcmp(s + n - m, suffix, m);
}

const char *str_plural(long n, const char *one, const char *many)
{
	return n == 1 ? one : many;
}

char *str_trim(struct arena *a, const char *s)
{
	static const char space[] = " \t\r\n\v\f";
	s += strspn(s, space);
	size_t n = strlen(s);
	while (n && strchr(space, s[n - 1]))
		n--;
	return arena_strndup(a, s, n);
}

bool str_to_i64(const char *s, long long min, long long max, long long *out)
{
	char *end;
	if (!s || !*s || strspn(s, "+-0123456789") != strlen(s))
		return false;
	errno = 0;
	long long v = strtoll(s, &end, 10);
	if (errno || *end || v < min || v > max)
		return false;
	*out = v;
	return true;
}

bool str_to_u64(const char *s, uint64_t *out)
{
	char *end;
	if (!s || !*s || strspn(s, "0123456789") != strlen(s))
		return false;
	errno = 0;
	unsigned long long v = strtoull(s, &end, 10);
	if (errno || *end || v > UINT64_MAX)
		return false;
	*out = v;
	return true;
}

bool str_to_double(const char *s, double min, double max, double *out)
{
	char *end;
	if (!s || !*s || strspn(s, "+-.0123456789eE") != strlen(s))
		return false;
	/* glibc has this locale ready: no file is read, nothing allocated. */
	locale_t c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
	double v = strtod_l(s, &end, c_locale);
	freelocale(c_locale);
	if (*end || !isfinite(v) || v < min || v > max)
		return false;
	*out = v;
	return true;
}
