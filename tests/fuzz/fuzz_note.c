/* fuzz_note.c -- a field of a note, and a card's text on its way into one. Any bytes may hold a
 * comment of ours: it is read or refused. Any Markdown becomes HTML with nothing in it but the tags
 * that are written, each closed in the one it was opened in, on one line; and the text of that HTML
 * is the same however often it is taken. */
#include "base/utf8.h"
#include "exchange/html.h"
#include "exchange/note.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
	if (!holds)
		abort();
}

#define MAX_OPEN 300

struct tags {
	struct slice open[MAX_OPEN];
	size_t depth;
};

static bool is_void(struct slice name)
{
	return slice_is(name, "br") || slice_is(name, "hr");
}

static bool is_known(struct slice name)
{
	static const char *const known[] = {
		"p",   "br",         "strong", "em", "code",  "del", "a",  "ul", "ol",  "li",
		"pre", "blockquote", "h4",     "hr", "table", "tr",  "th", "td", "span"};
	for (size_t i = 0; i < ARRAY_LEN(known); i++)
		if (slice_is(name, known[i]))
			return true;
	return false;
}

/* The tag that begins at p; where it ends. */
static const char *take_tag(struct tags *t, const char *p)
{
	bool end = p[1] == '/';
	const char *name = p + 1 + end;
	size_t n = strcspn(name, " >");
	const char *close = strchr(name, '>');
	struct slice tag = {name, n};
	require(close && is_known(tag));
	if (end) {
		require(t->depth > 0);
		struct slice open = t->open[--t->depth];
		require(open.len == n && !memcmp(open.p, name, n));
	} else if (!is_void(tag)) {
		require(t->depth < MAX_OPEN);
		t->open[t->depth++] = tag;
	}
	return close + 1;
}

static void check_html(const char *html)
{
	struct tags t = {.depth = 0};
	size_t n = strlen(html);
	require(utf8_invalid_at(html, n) == n);
	for (const char *p = html; *p;) {
		require((unsigned char)*p >= 0x20 && *p != '>');
		if (*p == '<') {
			p = take_tag(&t, p);
			continue;
		}
		if (*p == '&')
			require(strchr(p, ';') && strcspn(p, ";") < 8);
		p++;
	}
	require(t.depth == 0);
}

static void check_text(const char *html, size_t n)
{
	struct str text = {0};
	const struct slice field = {html, n};
	struct arena a = {0};
	struct note_data found;
	bool damaged;
	note_text(&text, field);
	require(text.len <= n);
	note_seen(&field, 1);
	if (note_data_read(&a, html, n, &found, &damaged))
		require(!damaged && found.at < n && (found.card || found.part[0]));
	str_clear(&text);
	arena_clear(&a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = xstrndup((const char *)data, size);
	struct str html = {0};
	check_text((const char *)data, size);
	html_from_md(&html, text);
	check_html(str_c(&html));
	check_text(str_c(&html), html.len);
	str_reset(&html);
	html_from_cloze(&html, text);
	check_html(str_c(&html));
	str_reset(&html);
	html_words(&html, text);
	require(!strchr(str_c(&html), '>'));
	str_clear(&html);
	free(text);
	return 0;
}
