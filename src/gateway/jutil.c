/* jutil.c -- see jutil.h. That the service uses these very libraries is likely, not known: the
 * escape \' is documented, '+' and %22 have been seen, base64 can hardly differ. */
#include "gateway/jutil.h"

#include "base/utf8.h"

#include <string.h>

static const char base64_digits[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static void add_unit(struct str *out, unsigned unit)
{
	str_addf(out, "\\u%04X", unit);
}

/* Everything but printable ASCII is escaped, and of that quotes, backslash and '/'. */
static void escape_point(struct str *out, uint32_t cp)
{
	static const char from[] = "\b\f\n\r\t'\"\\/";
	static const char to[] = "bfnrt'\"\\/";
	const char *at = cp && cp < 0x80 ? strchr(from, (int)cp) : NULL;
	if (at) {
		str_addf(out, "\\%c", to[at - from]);
	} else if (cp >= 0x20 && cp < 0x80) {
		str_addc(out, (char)cp); /* DEL too */
	} else if (cp < 0x10000) {
		add_unit(out, cp);
	} else {
		add_unit(out, 0xd800 + ((cp - 0x10000) >> 10));
		add_unit(out, 0xdc00 + ((cp - 0x10000) & 0x3ff));
	}
}

void jutil_escape_javascript(struct str *out, struct slice s)
{
	for (size_t i = 0; i < s.len;) {
		uint32_t cp;
		int used = utf8_decode(s.p + i, s.len - i, &cp);
		escape_point(out, used ? cp : 0xfffd);
		i += used ? (size_t)used : 1;
	}
}

void jutil_url_encode(struct str *out, struct slice s)
{
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.p[i];
		if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		    (c && strchr(".-*_", c)))
			str_addc(out, (char)c);
		else if (c == ' ')
			str_addc(out, '+');
		else
			str_addf(out, "%%%02X", c);
	}
}

/* What bytes mean as UTF-8, Java's way: what is none becomes U+FFFD. From start to the end. */
static void repair(struct str *out, size_t start)
{
	if (utf8_invalid_at(str_c(out) + start, out->len - start) == out->len - start)
		return;
	struct str fixed = {0};
	for (size_t i = start; i < out->len;) {
		uint32_t cp;
		int used = utf8_decode(out->p + i, out->len - i, &cp);
		str_addn(&fixed, used ? out->p + i : "\xef\xbf\xbd", used ? (size_t)used : 3);
		i += used ? (size_t)used : 1;
	}
	str_truncate(out, start);
	str_addn(out, str_c(&fixed), fixed.len);
	str_clear(&fixed);
}

static int hex_digit(char c)
{
	int lower = c | 0x20;
	if (c >= '0' && c <= '9')
		return c - '0';
	return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

bool jutil_url_decode(struct str *out, struct slice s)
{
	size_t start = out->len;
	for (size_t i = 0; i < s.len; i++) {
		if (s.p[i] != '%') {
			str_addc(out, (char)(s.p[i] == '+' ? ' ' : s.p[i]));
			continue;
		}
		int high = i + 2 < s.len ? hex_digit(s.p[i + 1]) : -1;
		int low = high < 0 ? -1 : hex_digit(s.p[i + 2]);
		if (low < 0)
			return false;
		str_addc(out, (char)(high * 16 + low));
		i += 2;
	}
	repair(out, start);
	return true;
}

void jutil_base64_encode(struct str *out, struct slice s)
{
	const unsigned char *u = (const unsigned char *)s.p;
	for (size_t i = 0; i < s.len; i += 3) {
		size_t n = s.len - i < 3 ? s.len - i : 3;
		uint32_t v = (uint32_t)u[i] << 16 | (n > 1 ? (uint32_t)u[i + 1] << 8 : 0) |
			     (n > 2 ? u[i + 2] : 0);
		char four[4] = {base64_digits[v >> 18], base64_digits[v >> 12 & 63],
				n > 1 ? base64_digits[v >> 6 & 63] : '=',
				n > 2 ? base64_digits[v & 63] : '='};
		str_addn(out, four, sizeof(four));
	}
}

static size_t without_padding(struct slice s)
{
	size_t n = s.len;
	while (n && s.len - n < 2 && s.p[n - 1] == '=')
		n--;
	return n;
}

bool jutil_base64_decode(struct str *out, struct slice s)
{
	size_t start = out->len;
	size_t n = without_padding(s);
	uint32_t v = 0;
	if (n % 4 == 1 || (n < s.len && s.len % 4 != 0))
		return false;
	for (size_t i = 0; i < n; i++) {
		const char *at = s.p[i] ? strchr(base64_digits, s.p[i]) : NULL;
		if (!at)
			return false;
		v = v << 6 | (uint32_t)(at - base64_digits);
		if (i % 4 != 0)
			str_addc(out, (char)(v >> (6 - 2 * (i % 4)) & 0xff));
	}
	repair(out, start);
	return true;
}
