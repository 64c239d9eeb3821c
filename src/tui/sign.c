/* sign.c -- see sign.h. Terminals disagree about these signs in two cases: a locale that is not
 * UTF-8 cannot show them, and a CJK locale may draw them two columns wide. In both all text becomes
 * ASCII; each sign keeps its one column, so that a lay-out holds in either form. */
#include "tui/sign.h"
#include "base/utf8.h"

#include <langinfo.h>
#include <string.h>
#include <wchar.h>

static const struct {
	uint32_t cp;
	char ascii;
} signs[] = {
	{0x2713, '+'}, /* ✓ */
	{0x2717, 'x'}, /* ✗ */
	{0x2691, '!'}, /* ⚑ */
	{0x25cb, 'o'}, /* ○ */
	{0x25cf, '*'}, /* ● */
	{0x25b8, '>'}, /* ▸ */
	{0x2500, '-'}, /* ─ */
	{0x2501, '='}, /* ━ */
	{0x00b7, '.'}, /* · */
	{0x25a0, 'x'}, /* ■ */
	{0x25d0, '~'}, /* ◐ */
	{0x2502, '|'}, /* │ */
	{0x251c, '|'}, /* ├ */
	{0x2524, '|'}, /* ┤ */
	{0x253c, '+'}, /* ┼ */
	{0x2514, '`'}, /* └ */
	{0x2190, '<'}, /* ← */
	{0x2191, '^'}, /* ↑ */
	{0x2193, 'v'}, /* ↓ */
};

bool signs_fit(void)
{
	if (strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
		return false;
	for (size_t i = 0; i < ARRAY_LEN(signs); i++)
		if (wcwidth((wchar_t)signs[i].cp) != 1)
			return false;
	return true;
}

static char sign_of(uint32_t cp)
{
	for (size_t i = 0; i < ARRAY_LEN(signs); i++)
		if (signs[i].cp == cp)
			return signs[i].ascii;
	return '\0';
}

void signs_ascii(struct str *out, const char *text)
{
	size_t n = strlen(text);
	size_t used;
	for (size_t i = 0; i < n; i += used) {
		uint32_t cp = 0;
		int bytes = utf8_decode(text + i, n - i, &cp);
		char sign = bytes ? sign_of(cp) : '\0';
		used = bytes ? (size_t)bytes : 1;
		if (sign)
			str_addc(out, sign);
		else
			utf8_to_ascii(out, text + i, used);
	}
}
