/* slug.c -- see slug.h. An id made here is written to the deck file and never made again, so how it
 * is made may change; that it is unique may not. */
#include "exchange/slug.h"

#include "base/random.h"
#include "base/str.h"
#include "base/utf8.h"
#include "deck/deck.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_LATIN 0xC0
/* U+00C0 .. U+017F without accents; '-': no letter, 1 .. 5: two letters. */
static const char latin[] = "aaaaaa\1ceeeeiiiidnooooo-ouuuuy\2\3aaaaaa\1ceeeeiiiidnooooo-ouuuuy\2y"
			    "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiii\4\4jjkkklllllll"
			    "lllnnnnnnnnnoooooo\5\5rrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";
static_assert(sizeof(latin) - 1 == 0x180 - FIRST_LATIN, "a letter for each code point");
static const char *const pairs[] = {"", "ae", "th", "ss", "ij", "oe"};

static void add_letter(struct str *out, uint32_t cp)
{
	char c = '-';
	if (cp < 0x80)
		c = (char)cp;
	else if (cp >= FIRST_LATIN && cp < FIRST_LATIN + sizeof(latin) - 1)
		c = latin[cp - FIRST_LATIN];
	if (c >= 'A' && c <= 'Z')
		c = (char)(c + 32);
	if (c > 0 && c < 6)
		str_add(out, pairs[(int)c]);
	else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
		str_addc(out, c);
	else if (c != '\'' && out->len && out->p[out->len - 1] != '-')
		str_addc(out, '-');
}

char *slug_of(struct arena *a, const char *text)
{
	struct str s = {0};
	size_t n = strlen(text);
	for (size_t i = 0; i < n && s.len <= MAX_MADE_SLUG;) {
		uint32_t cp = '-';
		int used = utf8_decode(text + i, n - i, &cp);
		add_letter(&s, cp);
		i += used ? (size_t)used : 1;
	}
	if (s.len > MAX_MADE_SLUG) {
		size_t cut = MAX_MADE_SLUG;
		while (cut > MAX_MADE_SLUG / 2 && s.p[cut] != '-')
			cut--;
		str_truncate(&s, s.p[cut] == '-' ? cut : MAX_MADE_SLUG);
	}
	while (s.len && s.p[s.len - 1] == '-')
		str_truncate(&s, s.len - 1);
	char *slug = arena_strdup(a, str_c(&s));
	str_clear(&s);
	return slug;
}

/* -- sets -------------------------------------------------------------------------------------- */

void names_clear(struct names *n)
{
	arena_clear(&n->arena);
	free(n->items);
	free(n->slots);
	*n = (struct names){0};
}

/* The slot of a text, or a free one. There is always a free one. */
static size_t slot_of(const struct names *n, const char *text)
{
	size_t at = hash_text(text) % n->slot_count;
	while (n->slots[at] && strcmp(n->items[n->slots[at] - 1], text) != 0)
		at = (at + 1) % n->slot_count;
	return at;
}

long names_find(const struct names *n, const char *text)
{
	return n->slot_count ? (long)n->slots[slot_of(n, text)] - 1 : -1;
}

static void grow(struct names *n)
{
	free(n->slots);
	n->slot_count = n->slot_count ? n->slot_count * 2 : 64;
	n->slots = xcalloc(n->slot_count, sizeof(*n->slots));
	for (size_t i = 0; i < n->count; i++)
		n->slots[slot_of(n, n->items[i])] = (uint32_t)i + 1;
}

size_t names_add(struct names *n, const char *text)
{
	long found = names_find(n, text);
	if (found >= 0)
		return (size_t)found;
	n->items = array_grow(n->items, &n->cap, n->count + 1, sizeof(*n->items));
	n->items[n->count++] = arena_strdup(&n->arena, text);
	if (n->count * 2 > n->slot_count)
		grow(n);
	else
		n->slots[slot_of(n, text)] = (uint32_t)n->count;
	return n->count - 1;
}

/* Adding may move the items. */
static const char *add_new(struct names *n, const char *text)
{
	size_t at = names_add(n, text);
	return n->items[at];
}

const char *names_unique(struct names *n, const char *text)
{
	char numbered[MAX_SLUG + 16];
	size_t len = strlen(text);
	if (names_find(n, text) < 0)
		return add_new(n, text);
	/* Where thousands share a text, the next number is guessed from the size of the set. */
	for (size_t i = 2, step = 0;; i = i < 20 ? i + 1 : n->count + step++) {
		char tail[24];
		snprintf(tail, sizeof(tail), "-%zu", i);
		size_t room = MAX_SLUG - strlen(tail);
		snprintf(numbered, sizeof(numbered), "%.*s%s", (int)(len < room ? len : room), text,
			 tail);
		if (names_find(n, numbered) < 0)
			return add_new(n, numbered);
	}
}
