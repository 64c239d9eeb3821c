/* mojibake.c -- see mojibake.h.
 *
 * The damage is undone rather than listed: characters are turned back into the bytes of the
 * encoding they were read in, and where these bytes are UTF-8 again, that is what the author meant.
 * Two encodings matter: Windows-1252, together with Latin-1 which agrees wherever both are defined,
 * and Mac Roman.
 *
 * Chance could spell UTF-8 too: "CAFÉ”" in Windows-1252 is the bytes C9 94. So one sequence is only
 * believed when it gives a character that decks really hold (Latin letters with accents, Greek,
 * punctuation, arrows, symbols, emoji); of any other script two in a row are needed. Sequences that
 * lost their last byte on the way are known by their first two, where no language writes these.
 */
#include "deck/mojibake.h"

#include "base/utf8.h"

#include <string.h>

/* What the bytes 80..FF mean. Bytes that Windows-1252 leaves undefined are controls, as browsers
 * read them. */
static const uint16_t windows_1252[32] = {
	0x20AC, 0x0081, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
	0x2039, 0x0152, 0x008D, 0x017D, 0x008F, 0x0090, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
	0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x009D, 0x017E, 0x0178,
};
static const uint16_t mac_roman[128] = {
	0x00C4, 0x00C5, 0x00C7, 0x00C9, 0x00D1, 0x00D6, 0x00DC, 0x00E1, 0x00E0, 0x00E2, 0x00E4,
	0x00E3, 0x00E5, 0x00E7, 0x00E9, 0x00E8, 0x00EA, 0x00EB, 0x00ED, 0x00EC, 0x00EE, 0x00EF,
	0x00F1, 0x00F3, 0x00F2, 0x00F4, 0x00F6, 0x00F5, 0x00FA, 0x00F9, 0x00FB, 0x00FC, 0x2020,
	0x00B0, 0x00A2, 0x00A3, 0x00A7, 0x2022, 0x00B6, 0x00DF, 0x00AE, 0x00A9, 0x2122, 0x00B4,
	0x00A8, 0x2260, 0x00C6, 0x00D8, 0x221E, 0x00B1, 0x2264, 0x2265, 0x00A5, 0x00B5, 0x2202,
	0x2211, 0x220F, 0x03C0, 0x222B, 0x00AA, 0x00BA, 0x03A9, 0x00E6, 0x00F8, 0x00BF, 0x00A1,
	0x00AC, 0x221A, 0x0192, 0x2248, 0x2206, 0x00AB, 0x00BB, 0x2026, 0x00A0, 0x00C0, 0x00C3,
	0x00D5, 0x0152, 0x0153, 0x2013, 0x2014, 0x201C, 0x201D, 0x2018, 0x2019, 0x00F7, 0x25CA,
	0x00FF, 0x0178, 0x2044, 0x20AC, 0x2039, 0x203A, 0xFB01, 0xFB02, 0x2021, 0x00B7, 0x201A,
	0x201E, 0x2030, 0x00C2, 0x00CA, 0x00C1, 0x00CB, 0x00C8, 0x00CD, 0x00CE, 0x00CF, 0x00CC,
	0x00D3, 0x00D4, 0xF8FF, 0x00D2, 0x00DA, 0x00DB, 0x00D9, 0x0131, 0x02C6, 0x02DC, 0x00AF,
	0x02D8, 0x02D9, 0x02DA, 0x00B8, 0x02DD, 0x02DB, 0x02C7,
};

static const struct charset {
	const char *name;
	const uint16_t *high; /* from 0x80 on */
	size_t count;
	bool latin1; /* code points 80..FF are the bytes themselves */
	bool greek;  /* one Greek letter is evidence enough: Mac Roman's lead bytes are oe ligatures
		      */
	bool euro; /* E2 80 with the rest lost is evidence: in Mac Roman it is a quoted A umlaut */
} charsets[] = {
	{"Windows-1252", windows_1252, ARRAY_LEN(windows_1252), true, true, true},
	{"Mac Roman", mac_roman, ARRAY_LEN(mac_roman), false, false, false},
};

/* The byte a character came from, or -1. */
static int byte_of(const struct charset *set, uint32_t cp)
{
	if (cp < 0x80)
		return -1;
	for (size_t i = 0; i < set->count; i++)
		if (set->high[i] == cp)
			return 0x80 + (int)i;
	return set->latin1 && cp <= 0xFF ? (int)cp : -1;
}

static int sequence_length(int lead)
{
	if (lead >= 0xC2 && lead <= 0xDF)
		return 2;
	if (lead >= 0xE0 && lead <= 0xEF)
		return 3;
	return lead >= 0xF0 && lead <= 0xF4 ? 4 : 0;
}

/* One undone sequence. */
struct undone {
	char bytes[4];
	int have, want;
	size_t used; /* bytes of the text */
	uint32_t cp; /* 0 unless have == want and the bytes are UTF-8 */
};

static void undo(const struct charset *set, const char *text, size_t n, struct undone *u)
{
	uint32_t cp;
	int len;

	*u = (struct undone){.want = 1};
	while (u->have < u->want && (len = utf8_decode(text + u->used, n - u->used, &cp)) > 0) {
		int byte = byte_of(set, cp);

		if (u->have == 0)
			u->want = byte < 0 ? 0 : sequence_length(byte);
		else if (byte < 0x80 || byte > 0xBF)
			break;
		if (u->want == 0)
			return;
		u->bytes[u->have++] = (char)byte;
		u->used += (size_t)len;
		if (u->used == n)
			break;
	}
	if (u->have != u->want || utf8_decode(u->bytes, (size_t)u->have, &u->cp) != u->want)
		u->cp = 0;
}

/* Would a text hold this character, so that one of it is evidence? */
static bool telling(const struct charset *set, uint32_t cp)
{
	return (cp >= 0x80 && cp <= 0xFF) || (set->greek && cp >= 0x370 && cp <= 0x3FF) ||
	       (cp >= 0x2000 && cp <= 0x2BFF) || cp == 0xFE0F || cp == 0xFEFF || cp == 0xFFFD ||
	       cp >= 0x10000;
}

/* A root sign before a mathematical sign is mathematics, unless it stands in a word. */
static bool is_formula(const char *text, const char *start)
{
	static const char *const operands[] = {"∞", "∂", "∑", "∏", "π", "∫", "Ω", "µ", "±"};
	bool in_word = start > text && ((start[-1] | 0x20) >= 'a' && (start[-1] | 0x20) <= 'z');

	if (in_word || !str_starts(start, "√"))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(operands); i++)
		if (str_starts(start + strlen("√"), operands[i]))
			return true;
	return false;
}

/* Two bytes are enough of an emoji, and of the typographic characters that begin with E2 80. */
static bool lost_its_end(const struct charset *set, const struct undone *u)
{
	if (u->have < 2 || u->have >= u->want)
		return false;
	if (memcmp(u->bytes, "\xF0\x9F", 2) == 0)
		return true;
	return set->euro && memcmp(u->bytes, "\xE2\x80", 2) == 0;
}

static bool find_at(const struct charset *set, const char *text, const char *p, size_t n,
		    struct mojibake *out)
{
	size_t used = 0, meant = 0;
	int sequences = 0;
	bool told = false;
	struct undone u;

	out->meant[0] = '\0';
	for (undo(set, p, n, &u); u.cp != 0; undo(set, p + used, n - used, &u)) {
		sequences++;
		told |= telling(set, u.cp) && !is_formula(text, p + used);
		used += u.used;
		if (meant + 4 < sizeof(out->meant)) {
			memcpy(out->meant + meant, u.bytes, (size_t)u.have);
			meant += (size_t)u.have;
			out->meant[meant] = '\0';
		}
		if (used == n)
			break;
	}
	if (sequences == 0 && lost_its_end(set, &u)) {
		used = u.used;
		told = true;
	}
	out->found = (struct slice){p, used};
	out->charset = set->name;
	return told || sequences >= 2;
}

bool mojibake_find(const char *text, size_t n, struct mojibake *out)
{
	for (size_t at = 0; at < n; at++) {
		if ((unsigned char)text[at] < 0xC2)
			continue;
		for (size_t i = 0; i < ARRAY_LEN(charsets); i++)
			if (find_at(&charsets[i], text, text + at, n - at, out))
				return true;
	}
	return false;
}
