/* line.c -- see line.h. Editing keys are those of readline where they do not need a second key. The
 * cursor moves by clusters (a base character with its marks), so that it never stands inside what
 * the learner sees as one character. */
#include "tui/line.h"
#include "base/utf8.h"
#include "tui/keys.h"

#include <string.h>

void line_clear(struct line *l)
{
	str_clear(&l->text);
	l->at = 0;
}

void line_set(struct line *l, const char *text)
{
	struct arena a = {0};
	const char *clean = utf8_clean(&a, text);
	size_t n = strlen(clean);
	while (n > MAX_LINE_BYTES || ((unsigned char)clean[n] & 0xc0) == 0x80)
		n--;
	str_reset(&l->text);
	str_addn(&l->text, clean, n);
	l->at = l->text.len;
	arena_clear(&a);
}

/* The code point at a byte offset, and its bytes (1 for what is not valid). */
static int code_at(const struct line *l, size_t at, uint32_t *cp)
{
	int n = utf8_decode(l->text.p + at, l->text.len - at, cp);
	if (n == 0)
		*cp = 0xfffd;
	return n ? n : 1;
}

static size_t next_of(const struct line *l, size_t at)
{
	uint32_t cp;
	if (at >= l->text.len)
		return l->text.len;
	at += (size_t)code_at(l, at, &cp);
	while (at < l->text.len) {
		int n = code_at(l, at, &cp);
		if (utf8_width(cp) != 0)
			break;
		at += (size_t)n;
	}
	return at;
}

static size_t before(const struct line *l, size_t at)
{
	size_t p = 0, q;
	while ((q = next_of(l, p)) < at)
		p = q;
	return at ? p : 0;
}

static size_t word_before(const struct line *l, size_t at)
{
	while (at && l->text.p[at - 1] == ' ')
		at--;
	while (at && l->text.p[at - 1] != ' ')
		at--;
	return at;
}

static bool cut(struct line *l, size_t from, size_t to)
{
	if (from >= to)
		return false;
	memmove(l->text.p + from, l->text.p + to, l->text.len - to);
	str_truncate(&l->text, l->text.len - (to - from));
	l->at = from;
	return true;
}

/* Would a screen show this character as it is? */
static bool is_harmless(const char *bytes, size_t n)
{
	struct str safe = {0};
	utf8_sanitize(&safe, bytes, n, false);
	bool same = safe.len == n && memcmp(safe.p, bytes, n) == 0;
	str_clear(&safe);
	return same;
}

static bool insert(struct line *l, uint32_t key)
{
	char bytes[4];
	size_t n = (size_t)utf8_encode(key, bytes);
	if (l->text.len + n > MAX_LINE_BYTES || !is_harmless(bytes, n))
		return false;
	str_addn(&l->text, bytes, n);
	memmove(l->text.p + l->at + n, l->text.p + l->at, l->text.len - n - l->at);
	memcpy(l->text.p + l->at, bytes, n);
	l->at += n;
	return true;
}

static bool move(struct line *l, size_t to)
{
	l->at = to;
	return false;
}

bool line_takes(uint32_t key)
{
	static const uint32_t keys[] = {
		K_LEFT,      K_RIGHT,     K_HOME,      K_END,       K_BACKSPACE,
		K_DELETE,    K_CTRL('a'), K_CTRL('b'), K_CTRL('d'), K_CTRL('e'),
		K_CTRL('f'), K_CTRL('k'), K_CTRL('u'), K_CTRL('w'),
	};
	for (size_t i = 0; i < ARRAY_LEN(keys); i++)
		if (keys[i] == key)
			return true;
	return key_is_text(key);
}

bool line_key(struct line *l, uint32_t key)
{
	switch (key) {
	case K_LEFT:
	case K_CTRL('b'):
		return move(l, before(l, l->at));
	case K_RIGHT:
	case K_CTRL('f'):
		return move(l, next_of(l, l->at));
	case K_HOME:
	case K_CTRL('a'):
		return move(l, 0);
	case K_END:
	case K_CTRL('e'):
		return move(l, l->text.len);
	case K_BACKSPACE:
		return cut(l, before(l, l->at), l->at);
	case K_DELETE:
	case K_CTRL('d'):
		return cut(l, l->at, next_of(l, l->at));
	case K_CTRL('k'):
		return cut(l, l->at, l->text.len);
	case K_CTRL('u'):
		return cut(l, 0, l->at);
	case K_CTRL('w'):
		return cut(l, word_before(l, l->at), l->at);
	}
	return key_is_text(key) && insert(l, key);
}

const char *line_window(const struct line *l, struct arena *a, int cols, int *cursor)
{
	const char *p = str_c(&l->text);
	size_t from = 0;
	/* One column is kept for the cursor behind the last character. */
	while (from < l->at && utf8_columns(p + from, l->at - from) > cols - 1)
		from = next_of(l, from);
	*cursor = utf8_columns(p + from, l->at - from);
	return arena_strndup(a, p + from, utf8_fit(p + from, l->text.len - from, cols));
}
