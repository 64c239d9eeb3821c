/* cloze.c -- see cloze.h. The notation is Anki's, so that decks can go there and back.
 *
 * What Anki leaves to chance is made certain here. Cards about API Gateway have braces of their
 * own, as in
 * {{c1::${stageVariables.fn}}}: a hole ends at the first "}}" outside of braces opened in it, and
 * only where there is none at the first "}}" at all. A hole in a hole, a hole that does not end, a
 * number out of range and an empty answer are errors, not text: each is a slip of the pen that
 * would otherwise show on the card. */
#include "deck/cloze.h"

#include "deck/deck.h"

#include <assert.h>
#include <string.h>

static_assert(MAX_CLOZE == 20, "a message below says so");

/* Is this "{{c1"? Upper case and missing colons count too: they are slips, reported later. */
static bool is_hole(const char *p)
{
	return p[0] == '{' && p[1] == '{' && (p[2] | 0x20) == 'c' && p[3] >= '0' && p[3] <= '9';
}

/* The "}}" that ends a hole whose content starts at p, or NULL. limit is where the next hole starts
 * or the text ends. */
static const char *find_end(const char *p, const char *limit)
{
	int depth = 0;
	for (const char *q = p; q + 1 < limit; q++) {
		if (*q == '{') {
			depth++;
		} else if (*q == '}' && depth > 0) {
			depth--;
		} else if (*q == '}' && q[1] == '}') {
			return q;
		}
	}
	for (const char *q = p; q + 1 < limit; q++)
		if (q[0] == '}' && q[1] == '}')
			return q;
	return NULL;
}

static const char *next_hole(const char *p)
{
	while (*p && !is_hole(p))
		p++;
	return p;
}

/* "c12::" -> 12 and *after past the colons, or -1. */
static int read_number(const char *p, const char **after)
{
	int n = 0;
	if (*p++ != 'c')
		return -1;
	for (; *p >= '0' && *p <= '9'; p++)
		n = n > MAX_CLOZE ? n : n * 10 + (*p - '0');
	if (p[0] != ':' || p[1] != ':')
		return -1;
	*after = p + 2;
	return n;
}

static void split(struct hole *h, const char *p, const char *end)
{
	const char *colons = p;
	while (colons + 1 < end && !(colons[0] == ':' && colons[1] == ':'))
		colons++;
	bool hint = colons + 1 < end;
	h->answer = (struct slice){p, (size_t)((hint ? colons : end) - p)};
	h->hint = hint ? (struct slice){colons + 2, (size_t)(end - colons - 2)}
		       : (struct slice){end, 0};
}

static bool blank(struct slice s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!strchr(" \t\r\n", s.p[i]))
			return false;
	return true;
}

static enum cloze_result bad(const char **problem, const char *text)
{
	*problem = text;
	return CLOZE_BAD;
}

enum cloze_result cloze_next(const char *text, size_t *at, struct hole *h, const char **problem)
{
	const char *start = next_hole(text + *at);
	*h = (struct hole){.start = (size_t)(start - text)};
	if (!*start)
		return CLOZE_END;
	const char *content = start;
	h->number = read_number(start + 2, &content);
	if (h->number < 0)
		return bad(problem, "a hole is written {{c1::answer}} or {{c1::answer::hint}}");
	if (h->number < 1 || h->number > MAX_CLOZE)
		return bad(problem, "holes are numbered from 1 to 20");
	const char *limit = next_hole(content);
	const char *end = find_end(content, limit);
	if (!end)
		return bad(problem,
			   *limit ? "a hole stands in another one, or is not closed with }}"
				  : "a hole is not closed with }}");
	split(h, content, end);
	if (blank(h->answer))
		return bad(problem, "a hole has no answer");
	h->end = (size_t)(end + 2 - text);
	*at = h->end;
	return CLOZE_HOLE;
}
