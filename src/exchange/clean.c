/* clean.c -- see clean.h. What may not stand in a deck is the list of lint's rule lint-control. */
#include "exchange/clean.h"

#include "base/str.h"
#include "base/utf8.h"
#include "deck/mojibake.h"

#include <string.h>

#define MAX_REPAIRS 1000 /* of one text; what is damaged more often is left alone */

static const struct {
	uint32_t first, last;
} unseen[] = {
	{0x00, 0x08},     {0x0B, 0x0C},     {0x0E, 0x1F},     {0x7F, 0x9F},     {0xAD, 0xAD},
	{0x61C, 0x61C},   {0x200B, 0x200B}, {0x200E, 0x200F}, {0x202A, 0x202E}, {0x2060, 0x2064},
	{0x2066, 0x206F}, {0xE000, 0xE001}, {0xFEFF, 0xFEFF}, {0xFFF9, 0xFFFB}, {0xFFFE, 0xFFFF},
};

static bool is_unseen(uint32_t cp)
{
	for (size_t i = 0; i < ARRAY_LEN(unseen) && cp >= unseen[i].first; i++)
		if (cp <= unseen[i].last)
			return true;
	return false;
}

/* Printable ASCII, tabs and newlines alone? */
static bool is_plain(const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)p[i];
		if (c >= 0x7F || (c < 0x20 && c != '\n' && c != '\t'))
			return false;
	}
	return true;
}

static void add_char(struct str *out, const char *p, size_t used, uint32_t cp, size_t *lost)
{
	if (cp == 0x2028 || cp == 0x2029) {
		str_addc(out, '\n');
	} else if (cp == 0xFFFD) {
		str_addc(out, '?');
		(*lost)++;
	} else if (!is_unseen(cp)) {
		str_addn(out, p, used);
	}
}

static void add_clean(struct str *out, const char *p, size_t n, size_t *lost)
{
	for (size_t i = 0; i < n;) {
		uint32_t cp = 0xFFFD;
		int used = utf8_decode(p + i, n - i, &cp);
		if (p[i] == '\r') {
			str_addc(out, '\n');
			i += i + 1 < n && p[i + 1] == '\n' ? 2 : 1;
			continue;
		}
		add_char(out, p + i, (size_t)used, used ? cp : 0xFFFD, lost);
		i += used ? (size_t)used : 1;
	}
}

/* Put right what was read in another encoding: "\u00e2\u2020\u2019" was an arrow. */
static void repair(struct str *s, size_t *lost)
{
	struct mojibake m;
	struct str out = {0};
	size_t from = 0;
	int repairs = 0;
	while (repairs++ < MAX_REPAIRS && mojibake_find(s->p + from, s->len - from, &m)) {
		size_t at = (size_t)(m.found.p - s->p);
		str_addn(&out, s->p + from, at - from);
		str_add(&out, m.meant[0] ? m.meant : "?");
		*lost += !m.meant[0];
		from = at + m.found.len;
	}
	if (from) {
		str_addn(&out, s->p + from, s->len - from);
		str_reset(s);
		str_addn(s, str_c(&out), out.len);
	}
	str_clear(&out);
}

const char *clean_text(struct arena *a, const char *text, size_t len, size_t *lost)
{
	if (is_plain(text, len))
		return text;
	struct str s = {0};
	struct mojibake m;
	add_clean(&s, text, len, lost);
	str_addc(&s, '\0');
	str_truncate(&s, s.len - 1);
	/* A repair may uncover another; three rounds are more than files have been through. */
	for (int i = 0; i < 3 && mojibake_find(s.p, s.len, &m); i++)
		repair(&s, lost);
	bool same = s.len == len && memcmp(s.p, text, len) == 0;
	const char *out = same ? text : arena_strndup(a, s.p, s.len);
	str_clear(&s);
	return out;
}

void clean_tree(struct arena *a, struct node *n, size_t *lost)
{
	if (n->kind == NODE_TEXT) {
		const char *text = clean_text(a, n->text, n->len, lost);
		if (text != n->text) {
			n->text = text;
			n->len = strlen(text);
		}
	}
	for (struct node *e = n->child; e; e = e->next)
		clean_tree(a, e, lost);
}
