/* base64.c -- see base64.h. Small enough to own: libraries skip what they do not know, and a
 * gateway must tell text from base64. */
#include "base/base64.h"

static const char standard[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char url[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static void encode(struct str *out, const void *bytes, size_t n, const char *alphabet, bool pad)
{
	const unsigned char *p = bytes;
	for (size_t i = 0; i < n; i += 3) {
		size_t left = n - i;
		uint32_t v = (uint32_t)p[i] << 16;
		if (left > 1)
			v |= (uint32_t)p[i + 1] << 8;
		if (left > 2)
			v |= p[i + 2];
		char four[4] = {alphabet[v >> 18], alphabet[v >> 12 & 63],
				left > 1 ? alphabet[v >> 6 & 63] : '=',
				left > 2 ? alphabet[v & 63] : '='};
		str_addn(out, four, pad || left > 2 ? 4 : left + 1);
	}
}

void base64_encode(struct str *out, const void *bytes, size_t n)
{
	encode(out, bytes, n, standard, true);
}

void base64url_encode(struct str *out, const void *bytes, size_t n)
{
	encode(out, bytes, n, url, false);
}

static int value_of(char c, const char *alphabet)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == alphabet[62])
		return 62;
	return c == alphabet[63] ? 63 : -1;
}

static bool decode(struct str *out, const char *text, size_t n, const char *alphabet)
{
	uint32_t v = 0;
	int bits = 0;
	for (size_t i = 0; i < n; i++) {
		int six = value_of(text[i], alphabet);
		if (six < 0)
			return false;
		v = v << 6 | (uint32_t)six;
		bits += 6;
		if (bits >= 8) {
			bits -= 8;
			str_addc(out, (char)(v >> bits & 255));
		}
	}
	return bits < 6 && !(v & ((1U << bits) - 1));
}

bool base64_decode(struct str *out, const char *text, size_t n)
{
	size_t pad = 0;
	while (pad < 2 && pad < n && text[n - 1 - pad] == '=')
		pad++;
	if (pad && n % 4 != 0)
		return false;
	return decode(out, text, n - pad, standard);
}

bool base64url_decode(struct str *out, const char *text, size_t n)
{
	return decode(out, text, n, url);
}
