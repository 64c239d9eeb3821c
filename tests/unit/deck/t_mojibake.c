/* t_mojibake.c -- broken encodings found by undoing them, and what only looks like one. */
#include "deck/mojibake.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const struct {
	const char *text, *found, *meant, *charset;
} damaged[] = {
	{"client ‚Üí gateway", "‚Üí", "→", "Mac Roman"},
	{"Let‚Äôs", "‚Äô", "’", "Mac Roman"},
	{"notes ‚Äì all", "‚Äì", "–", "Mac Roman"},
	{"fr√∂hlich", "√∂", "ö", "Mac Roman"},
	{"caf√©", "√©", "é", "Mac Roman"},
	{"10¬†ms", "¬†", "\u00A0", "Mac Roman"},
	{"\uF8FFüîπ REST", "\uF8FFüîπ", "🔹", "Mac Roman"},
	{"1Ô∏è‚É£", "Ô∏è‚É£", "\uFE0F\u20E3", "Mac Roman"},
	{"client â†’ gateway", "â†’", "→", "Windows-1252"},
	{"both â†” ways", "â†”", "↔", "Windows-1252"},
	{"donâ€™t", "â€™", "’", "Windows-1252"},
	{"a â€“ b", "â€“", "–", "Windows-1252"},
	{"cafÃ©", "Ã©", "é", "Windows-1252"},
	{"Ã¼ber", "Ã¼", "ü", "Windows-1252"},
	{"10\u00C2\u00A0µs", "\u00C2\u00A0", "\u00A0", "Windows-1252"},
	{"Î» is lambda", "Î»", "λ", "Windows-1252"},
	{"âš¡ fast", "âš¡", "⚡", "Windows-1252"},
	{"ðŸ’» laptop", "ðŸ’»", "💻", "Windows-1252"},
	{"ðŸ¤ cut", "ðŸ¤", "", "Windows-1252"},
	{"â€ cut", "â€", "", "Windows-1252"},
	{"Ð¿Ñ€Ð¸", "Ð¿Ñ€Ð¸", "при", "Windows-1252"},
	{"\xC3\xA2\xC2\x80\xC2\x99", "\xC3\xA2\xC2\x80\xC2\x99", "’", "Windows-1252"},
};

static const char *const sound[] = {
	"",
	"plain ASCII",
	"café, naïve, über, Ångström, señor",
	"“CAFÉ”, «voilà…», „Straße“, ‚Ärger‘",
	"→ ← ↔ – — … ’ ‘ “ ” • © ® ™ € £ ° ± ½ × ÷",
	"√π, √∞ and 2√Ω; ¬p",
	"λ, Ω, µs, привет, 漢字, 한국어, ไทย",
	"👍 👩‍💻 1️⃣ ⚡",
	"À la carte, l’été, à “propos”, Île-de-France, œuvre",
	"–É, —Ö, “é”",
};

static void damage_is_undone(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(damaged); i++) {
		const char *text = damaged[i].text;
		struct mojibake m;

		if (!mojibake_find(text, strlen(text), &m))
			fail_msg("\"%s\" is not found", text);
		if (!slice_is(m.found, damaged[i].found) || !str_eq(m.meant, damaged[i].meant) ||
		    !str_eq(m.charset, damaged[i].charset))
			fail_msg("\"%s\": \"%.*s\" as \"%s\" in %s", text, (int)m.found.len,
				 m.found.p, m.meant, m.charset);
	}
}

static void sound_text_is_left_alone(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(sound); i++) {
		struct mojibake m;

		if (mojibake_find(sound[i], strlen(sound[i]), &m))
			fail_msg("\"%s\": \"%.*s\"", sound[i], (int)m.found.len, m.found.p);
	}
}

/* Any text read in a wrong encoding is found: arrows, quotes and accents one by one. */
static void every_common_character_is_found(void **state)
{
	static const char *const common[] = {"é", "è", "ü", "ß", "ñ", "’", "“", "–", "—", "…",
					     "→", "←", "↑", "✓", "✗", "€", "™", "•", "≤", "°"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(common); i++) {
		struct str latin = {0};
		struct mojibake m;

		str_add(&latin, "x ");
		for (const char *p = common[i]; *p; p++) { /* each byte as a character of Latin-1 */
			unsigned char c = (unsigned char)*p;

			str_addc(&latin, (char)(0xC0 | c >> 6));
			str_addc(&latin, (char)(0x80 | (c & 0x3F)));
		}
		assert_true(mojibake_find(str_c(&latin), latin.len, &m));
		assert_string_equal(m.meant, common[i]);
		str_clear(&latin);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(damage_is_undone),
		cmocka_unit_test(sound_text_is_left_alone),
		cmocka_unit_test(every_common_character_is_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
