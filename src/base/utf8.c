/* utf8.c -- see utf8.h.
 *
 * Nearly all text is printable ASCII, so every loop over text first skips a run of it eight bytes
 * at a time and looks at code points only where the run ends.
 *
 * Widths come from the C library, because ncurses asks it too. Without a UTF-8 locale wcwidth()
 * knows ASCII alone; then a copy of its wide ranges and of the commonest zero-width ones serves, so
 * that text piped through cron or a bare container is laid out as on a terminal. nl_langinfo()
 * costs about as much as wcwidth() itself and is asked once for a text, not once for a code point;
 * remembering the answer across calls would be state that a later setlocale() falsifies.
 *
 * What is dropped, not replaced: selectors and joined tails of emoji, and skin tones. wcwidth() and
 * terminals disagree on the columns of such clusters; their base character alone is
 * safe everywhere.
 */
#include "base/utf8.h"

#include <langinfo.h>
#include <limits.h>
#include <string.h>
#include <wchar.h>
#include <wctype.h>

struct range {
	uint32_t first, last;
};

static const uint32_t REPLACEMENT = 0xfffd, ZWJ = 0x200d;
static const char replacement[] = "\xef\xbf\xbd";

/* Bytes at the beginning of p that are printable ASCII (0x20..0x7e). */
static size_t plain_run(const char *p, size_t n)
{
	const uint64_t ones = 0x0101010101010101u, high = 0x8080808080808080u;
	size_t i = 0;
	for (; i + 8 <= n; i += 8) {
		uint64_t v;
		memcpy(&v, p + i, 8);
		/* Not ASCII: a high bit now; a control: less 0x20; DEL: and 1 more. */
		if ((v | (v - ones * 0x20) | (v + ones)) & high)
			break;
	}
	while (i < n && p[i] >= 0x20 && p[i] < 0x7f)
		i++;
	return i;
}

/* Bytes at the beginning of p that are ASCII, controls included. */
static size_t ascii_run(const char *p, size_t n)
{
	size_t i = 0;
	for (; i + 8 <= n; i += 8) {
		uint64_t v;
		memcpy(&v, p + i, 8);
		if (v & 0x8080808080808080u)
			break;
	}
	while (i < n && (unsigned char)p[i] < 0x80)
		i++;
	return i;
}

int utf8_decode(const char *p, size_t n, uint32_t *cp)
{
	static const uint32_t least[] = {[2] = 0x80, [3] = 0x800, [4] = 0x10000};
	const unsigned char *s = (const unsigned char *)p;
	if (s[0] < 0x80) {
		*cp = s[0];
		return 1;
	}
	if (s[0] < 0xc2 || s[0] > 0xf4)
		return 0;
	int len = s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : 4;
	if (n < (size_t)len)
		return 0;
	uint32_t v = s[0] & (0x7fu >> len);
	for (int i = 1; i < len; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		v = v << 6 | (s[i] & 0x3f);
	}
	if (v < least[len] || v > 0x10ffff || (v >= 0xd800 && v <= 0xdfff))
		return 0;
	*cp = v;
	return len;
}

int utf8_encode(uint32_t cp, char out[4])
{
	static const unsigned char lead[] = {[2] = 0xc0, [3] = 0xe0, [4] = 0xf0};
	if (cp < 0x80) {
		out[0] = (char)cp;
		return 1;
	}
	int len = cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;
	for (int i = len - 1; i > 0; i--, cp >>= 6)
		out[i] = (char)(0x80 | (cp & 0x3f));
	out[0] = (char)(lead[len] | cp);
	return len;
}

/* Decode leniently: an invalid byte is one U+FFFD. Always moves on. */
static size_t next(const char *p, size_t n, uint32_t *cp)
{
	int len = utf8_decode(p, n, cp);
	if (len > 0)
		return (size_t)len;
	*cp = REPLACEMENT;
	return 1;
}

size_t utf8_invalid_at(const char *p, size_t n)
{
	size_t i = 0;
	while (i < n) {
		uint32_t cp;
		i += ascii_run(p + i, n - i);
		if (i == n)
			break;
		int len = utf8_decode(p + i, n - i, &cp);
		if (!len)
			return i;
		i += (size_t)len;
	}
	return n;
}

size_t utf8_count(const char *p, size_t n)
{
	size_t count = 0;
	uint32_t cp;
	for (size_t i = 0; i < n; count++)
		i += next(p + i, n - i, &cp);
	return count;
}

/* wcwidth() == 2 in glibc 2.36 (Unicode 14); unassigned code points between wide ones count too. */
static const struct range wide[] = {
	{0x1100, 0x115f},   {0x231a, 0x231b},   {0x2329, 0x232a},   {0x23e9, 0x23ec},
	{0x23f0, 0x23f0},   {0x23f3, 0x23f3},   {0x25fd, 0x25fe},   {0x2614, 0x2615},
	{0x2648, 0x2653},   {0x267f, 0x267f},   {0x2693, 0x2693},   {0x26a1, 0x26a1},
	{0x26aa, 0x26ab},   {0x26bd, 0x26be},   {0x26c4, 0x26c5},   {0x26ce, 0x26ce},
	{0x26d4, 0x26d4},   {0x26ea, 0x26ea},   {0x26f2, 0x26f3},   {0x26f5, 0x26f5},
	{0x26fa, 0x26fa},   {0x26fd, 0x26fd},   {0x2705, 0x2705},   {0x270a, 0x270b},
	{0x2728, 0x2728},   {0x274c, 0x274c},   {0x274e, 0x274e},   {0x2753, 0x2755},
	{0x2757, 0x2757},   {0x2795, 0x2797},   {0x27b0, 0x27b0},   {0x27bf, 0x27bf},
	{0x2b1b, 0x2b1c},   {0x2b50, 0x2b50},   {0x2b55, 0x2b55},   {0x2e80, 0x3029},
	{0x302e, 0x303e},   {0x3041, 0x3096},   {0x309b, 0xa4c6},   {0xa960, 0xa97c},
	{0xac00, 0xd7a3},   {0xf900, 0xfad9},   {0xfe10, 0xfe19},   {0xfe30, 0xfe6b},
	{0xff01, 0xff60},   {0xffe0, 0xffe6},   {0x16fe0, 0x16fe3}, {0x16ff0, 0x1b2fb},
	{0x1f004, 0x1f004}, {0x1f0cf, 0x1f0cf}, {0x1f18e, 0x1f18e}, {0x1f191, 0x1f19a},
	{0x1f200, 0x1f320}, {0x1f32d, 0x1f335}, {0x1f337, 0x1f37c}, {0x1f37e, 0x1f393},
	{0x1f3a0, 0x1f3ca}, {0x1f3cf, 0x1f3d3}, {0x1f3e0, 0x1f3f0}, {0x1f3f4, 0x1f3f4},
	{0x1f3f8, 0x1f43e}, {0x1f440, 0x1f440}, {0x1f442, 0x1f4fc}, {0x1f4ff, 0x1f53d},
	{0x1f54b, 0x1f54e}, {0x1f550, 0x1f567}, {0x1f57a, 0x1f57a}, {0x1f595, 0x1f596},
	{0x1f5a4, 0x1f5a4}, {0x1f5fb, 0x1f64f}, {0x1f680, 0x1f6c5}, {0x1f6cc, 0x1f6cc},
	{0x1f6d0, 0x1f6d2}, {0x1f6d5, 0x1f6df}, {0x1f6eb, 0x1f6ec}, {0x1f6f4, 0x1f6fc},
	{0x1f7e0, 0x1f7f0}, {0x1f90c, 0x1f93a}, {0x1f93c, 0x1f945}, {0x1f947, 0x1f9ff},
	{0x1fa70, 0x1faf6}, {0x20000, 0x3134a},
};

/* Zero columns: the marks of Latin, Greek, Cyrillic, Hebrew, Arabic, Devanagari, Thai and Korean,
 * and the format controls. */
static const struct range narrow[] = {
	{0x300, 0x36f},   {0x483, 0x489},   {0x591, 0x5bd},   {0x5bf, 0x5bf},   {0x5c1, 0x5c2},
	{0x5c4, 0x5c5},   {0x5c7, 0x5c7},   {0x610, 0x61a},   {0x61c, 0x61c},   {0x64b, 0x65f},
	{0x670, 0x670},   {0x6d6, 0x6dc},   {0x6df, 0x6e4},   {0x6e7, 0x6e8},   {0x6ea, 0x6ed},
	{0x900, 0x902},   {0x93a, 0x93a},   {0x93c, 0x93c},   {0x941, 0x948},   {0x94d, 0x94d},
	{0x951, 0x957},   {0x962, 0x963},   {0xe31, 0xe31},   {0xe34, 0xe3a},   {0xe47, 0xe4e},
	{0x1160, 0x11ff}, {0x1ab0, 0x1aff}, {0x1dc0, 0x1dff}, {0x200b, 0x200f}, {0x202a, 0x202e},
	{0x2060, 0x206f}, {0x20d0, 0x20f0}, {0x302a, 0x302d}, {0x3099, 0x309a}, {0xd7b0, 0xd7fb},
	{0xfe00, 0xfe0f}, {0xfe20, 0xfe2f}, {0xfeff, 0xfeff}, {0xfff9, 0xfffb}, {0xe0001, 0xe01ef},
};

/* Format controls that reorder, hide or annotate what is read. Joiners are not among them. */
static const struct range format_controls[] = {
	{0xad, 0xad},     {0x61c, 0x61c},     {0x180e, 0x180e},   {0x200b, 0x200b},
	{0x200e, 0x200f}, {0x2028, 0x202e},   {0x2060, 0x206f},   {0xfeff, 0xfeff},
	{0xfff9, 0xfffb}, {0x1bca0, 0x1bca3}, {0x1d173, 0x1d17a}, {0xe0000, 0xe007f},
};

/* Zero-width (non-)joiners and variation selectors. */
static const struct range selectors[] = {
	{0x180b, 0x180d}, {0x180f, 0x180f}, {0x200c, 0x200d}, {0xfe00, 0xfe0f}, {0xe0100, 0xe01ef},
};

static const struct range pictographs[] = {
	{0x203c, 0x203c},   {0x2049, 0x2049},   {0x2190, 0x21ff}, {0x2300, 0x23ff},
	{0x25a0, 0x27bf},   {0x2900, 0x297f},   {0x2b00, 0x2bff}, {0x1f000, 0x1f1e5},
	{0x1f200, 0x1f3fa}, {0x1f400, 0x1faff},
};

static bool within(const struct range *ranges, size_t n, uint32_t cp)
{
	size_t lo = 0;
	while (lo < n) {
		size_t mid = (lo + n) / 2;
		if (cp > ranges[mid].last)
			lo = mid + 1;
		else if (cp < ranges[mid].first)
			n = mid;
		else
			return true;
	}
	return false;
}

static bool is_utf8_locale(void)
{
	return !strcmp(nl_langinfo(CODESET), "UTF-8");
}

static int width_in(bool utf8_locale, uint32_t cp)
{
	if (cp >= 0x20 && cp < 0x7f)
		return 1;
	if (utf8_locale)
		return wcwidth((wchar_t)cp);
	if (cp < 0xa0)
		return cp ? -1 : 0;
	if (cp > 0x10ffff || (cp >= 0xd800 && cp <= 0xdfff) || (cp & 0xfffe) == 0xfffe ||
	    cp == 0x2028 || cp == 0x2029)
		return -1;
	if (within(narrow, ARRAY_LEN(narrow), cp))
		return 0;
	return within(wide, ARRAY_LEN(wide), cp) ? 2 : 1;
}

int utf8_width(uint32_t cp)
{
	return width_in(cp >= 0x7f && is_utf8_locale(), cp);
}

/* As it will be drawn: what must not reach a screen is shown as U+FFFD. */
static int drawn_width(bool utf8_locale, uint32_t cp)
{
	int w = width_in(utf8_locale, cp);
	return w < 0 ? 1 : w;
}

int utf8_columns(const char *p, size_t n)
{
	size_t i = plain_run(p, n), cols = i;
	bool utf8_locale = i < n && is_utf8_locale();
	while (i < n) {
		uint32_t cp;
		i += next(p + i, n - i, &cp);
		cols += (size_t)drawn_width(utf8_locale, cp);
	}
	return cols > INT_MAX ? INT_MAX : (int)cols;
}

size_t utf8_fit(const char *p, size_t n, int cols)
{
	size_t room = cols > 0 ? (size_t)cols : 0;
	size_t i = plain_run(p, n < room ? n : room);
	if (i == n)
		return n;
	bool utf8_locale = is_utf8_locale();
	room -= i;
	while (i < n) {
		uint32_t cp;
		size_t len = next(p + i, n - i, &cp);
		size_t w = (size_t)drawn_width(utf8_locale, cp);
		if (w > room)
			break;
		room -= w;
		i += len;
	}
	return i;
}

/* Where sanitising stands in an emoji cluster. */
enum cluster {
	CLUSTER_NONE,
	CLUSTER_EMOJI,  /* after a pictograph that was kept */
	CLUSTER_JOINED, /* after its zero-width joiner: a pictograph here is a tail */
};

static void add_safe(struct str *out, uint32_t cp, struct slice bytes, bool utf8_locale)
{
	if (cp == 0 || width_in(utf8_locale, cp) < 0 ||
	    within(format_controls, ARRAY_LEN(format_controls), cp))
		str_add(out, replacement);
	else
		str_addn(out, bytes.p, bytes.len);
}

/* One code point that is not printable ASCII. Invalid bytes come as REPLACEMENT. */
static enum cluster sanitize_one(struct str *out, enum cluster c, uint32_t cp, struct slice bytes,
				 bool utf8_locale)
{
	if (within(selectors, ARRAY_LEN(selectors), cp))
		return cp == ZWJ && c != CLUSTER_NONE ? CLUSTER_JOINED : c;
	if (c != CLUSTER_NONE && cp >= 0x1f3fb && cp <= 0x1f3ff)
		return CLUSTER_EMOJI;
	bool pictograph = within(pictographs, ARRAY_LEN(pictographs), cp);
	if (c == CLUSTER_JOINED && pictograph)
		return CLUSTER_EMOJI;
	if (cp == REPLACEMENT)
		str_add(out, replacement);
	else
		add_safe(out, cp, bytes, utf8_locale);
	return pictograph ? CLUSTER_EMOJI : CLUSTER_NONE;
}

void utf8_sanitize(struct str *out, const char *p, size_t n, bool multiline)
{
	size_t i = plain_run(p, n);
	str_addn(out, p, i);
	if (i == n)
		return;
	bool utf8_locale = is_utf8_locale();
	enum cluster c = CLUSTER_NONE;
	while (i < n) {
		size_t plain = plain_run(p + i, n - i);
		if (plain) {
			str_addn(out, p + i, plain);
			c = CLUSTER_NONE;
		} else if (p[i] == '\t' || (p[i] == '\n' && multiline)) {
			str_addc(out, p[i] == '\t' ? ' ' : '\n');
			plain = 1;
			c = CLUSTER_NONE;
		} else {
			uint32_t cp;
			plain = next(p + i, n - i, &cp);
			c = sanitize_one(out, c, cp, (struct slice){p + i, plain}, utf8_locale);
		}
		i += plain;
	}
}

char *utf8_clean(struct arena *a, const char *s)
{
	size_t n = strlen(s);
	if (plain_run(s, n) == n)
		return arena_strndup(a, s, n);
	struct str out = {0};
	utf8_sanitize(&out, s, n, false);
	char *clean = arena_strndup(a, str_c(&out), out.len);
	str_clear(&out);
	return clean;
}

char *utf8_ellipsis(struct arena *a, const char *s, int cols)
{
	char *clean = utf8_clean(a, s);
	size_t n = strlen(clean);
	if (utf8_fit(clean, n, cols) == n)
		return clean;
	if (cols <= 0)
		return arena_strdup(a, "");
	return arena_printf(a, "%.*s\xe2\x80\xa6", (int)utf8_fit(clean, n, cols - 1), clean);
}

static bool is_space(uint32_t cp)
{
	return cp == ' ' || (cp >= '\t' && cp <= '\r') || cp == 0xa0 ||
	       (cp > 0x7f && iswspace((wint_t)cp));
}

static uint32_t fold_one(uint32_t cp)
{
	if (cp < 0x80)
		return cp >= 'A' && cp <= 'Z' ? cp + ('a' - 'A') : cp;
	return (uint32_t)towlower((wint_t)cp);
}

char *utf8_fold(struct arena *a, const char *s)
{
	struct str out = {0};
	size_t n = strlen(s);
	bool gap = false;
	for (size_t i = 0; i < n;) {
		uint32_t cp;
		char bytes[4];
		i += next(s + i, n - i, &cp);
		if (is_space(cp)) {
			gap = true;
			continue;
		}
		if (gap && out.len)
			str_addc(&out, ' ');
		gap = false;
		str_addn(&out, bytes, (size_t)utf8_encode(fold_one(cp), bytes));
	}
	char *folded = arena_strndup(a, str_c(&out), out.len);
	str_clear(&out);
	return folded;
}

/* In order; every member of a range has the same nearest ASCII. */
static const struct {
	struct range cps;
	const char *text;
} ascii_of[] = {
	{{0xa0, 0xa0}, " "},       {{0xab, 0xab}, "<<"},      {{0xb7, 0xb7}, "."},
	{{0xbb, 0xbb}, ">>"},      {{0xd7, 0xd7}, "x"},       {{0x2000, 0x200a}, " "},
	{{0x2010, 0x2013}, "-"},   {{0x2014, 0x2015}, "--"},  {{0x2018, 0x201b}, "'"},
	{{0x201c, 0x201f}, "\""},  {{0x2022, 0x2023}, "*"},   {{0x2026, 0x2026}, "..."},
	{{0x202f, 0x202f}, " "},   {{0x2032, 0x2032}, "'"},   {{0x2033, 0x2033}, "\""},
	{{0x2039, 0x2039}, "<"},   {{0x203a, 0x203a}, ">"},   {{0x2190, 0x2190}, "<-"},
	{{0x2191, 0x2191}, "^"},   {{0x2192, 0x2192}, "->"},  {{0x2193, 0x2193}, "v"},
	{{0x2194, 0x2194}, "<->"}, {{0x21b5, 0x21b5}, "<-"},  {{0x21d0, 0x21d0}, "<="},
	{{0x21d2, 0x21d2}, "=>"},  {{0x2212, 0x2212}, "-"},   {{0x2248, 0x2248}, "~"},
	{{0x2260, 0x2260}, "!="},  {{0x2264, 0x2264}, "<="},  {{0x2265, 0x2265}, ">="},
	{{0x2500, 0x2501}, "-"},   {{0x2502, 0x2503}, "|"},   {{0x2504, 0x2505}, "-"},
	{{0x2506, 0x2507}, "|"},   {{0x2508, 0x2509}, "-"},   {{0x250a, 0x250b}, "|"},
	{{0x250c, 0x254b}, "+"},   {{0x254c, 0x254d}, "-"},   {{0x254e, 0x254f}, "|"},
	{{0x2550, 0x2550}, "="},   {{0x2551, 0x2551}, "|"},   {{0x2552, 0x2570}, "+"},
	{{0x2571, 0x2571}, "/"},   {{0x2572, 0x2572}, "\\"},  {{0x2573, 0x2573}, "x"},
	{{0x2574, 0x2574}, "-"},   {{0x2575, 0x2575}, "|"},   {{0x2576, 0x2576}, "-"},
	{{0x2577, 0x2577}, "|"},   {{0x2578, 0x2578}, "-"},   {{0x2579, 0x2579}, "|"},
	{{0x257a, 0x257a}, "-"},   {{0x257b, 0x257b}, "|"},   {{0x257c, 0x257c}, "-"},
	{{0x257d, 0x257d}, "|"},   {{0x257e, 0x257e}, "-"},   {{0x257f, 0x257f}, "|"},
	{{0x2580, 0x2590}, "#"},   {{0x2591, 0x2591}, "."},   {{0x2592, 0x2593}, "#"},
	{{0x25a0, 0x25a0}, "#"},   {{0x25aa, 0x25aa}, "*"},   {{0x25b2, 0x25b2}, "^"},
	{{0x25b6, 0x25b8}, ">"},   {{0x25bc, 0x25bc}, "v"},   {{0x25c0, 0x25c2}, "<"},
	{{0x25cb, 0x25cb}, "o"},   {{0x25cf, 0x25cf}, "*"},   {{0x25e6, 0x25e6}, "o"},
	{{0x2610, 0x2610}, "[ ]"}, {{0x2611, 0x2612}, "[x]"}, {{0x2713, 0x2714}, "+"},
	{{0x2715, 0x2718}, "x"},
};

static const char *nearest_ascii(uint32_t cp, bool utf8_locale)
{
	size_t lo = 0, hi = ARRAY_LEN(ascii_of);
	while (lo < hi) {
		size_t mid = (lo + hi) / 2;
		if (cp > ascii_of[mid].cps.last)
			lo = mid + 1;
		else if (cp < ascii_of[mid].cps.first)
			hi = mid;
		else
			return ascii_of[mid].text;
	}
	return width_in(utf8_locale, cp) ? "?" : "";
}

void utf8_to_ascii(struct str *out, const char *p, size_t n)
{
	size_t i = 0;
	bool utf8_locale = is_utf8_locale();
	while (i < n) {
		size_t ascii = ascii_run(p + i, n - i);
		str_addn(out, p + i, ascii);
		i += ascii;
		if (i == n)
			break;
		uint32_t cp;
		i += next(p + i, n - i, &cp);
		str_add(out, nearest_ascii(cp, utf8_locale));
	}
}
