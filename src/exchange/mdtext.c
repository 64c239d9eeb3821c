/* mdtext.c -- see mdtext.h.
 *
 * Marks of emphasis only count where they touch a word on the right side (CommonMark 6.2), so a
 * style is first cut down to the text without the white space at its ends, and dropped where its
 * marks would still be read as text. What is left is written run by run: marks are opened in one
 * order and closed in the reverse one, so that they nest.
 *
 * A backslash is put before a sign only where Markdown would see a mark: people go on editing these
 * texts. */
#include "exchange/mdtext.h"

#include "base/utf8.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

void mdtext_clear(struct mdtext *t)
{
	str_clear(&t->text);
	free(t->runs);
	*t = (struct mdtext){0};
}

void mdtext_reset(struct mdtext *t)
{
	str_reset(&t->text);
	t->count = 0;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\n';
}

static void end_run(struct mdtext *t, unsigned style, const char *url)
{
	struct mdtext_run *last = t->count ? &t->runs[t->count - 1] : NULL;
	size_t from = last ? last->end : 0;
	if (t->text.len == from)
		return;
	if (last && last->style == style && last->url == url) {
		last->end = t->text.len;
		return;
	}
	t->runs = array_grow(t->runs, &t->cap, t->count + 1, sizeof(*t->runs));
	t->runs[t->count++] = (struct mdtext_run){t->text.len, style, url};
}

/* Bytes of a blank at p: ASCII white space or U+00A0, which editors put everywhere. */
static size_t blank_at(const char *p, const char *end)
{
	if (strchr(" \t\r\n\f\v", *p) && *p)
		return 1;
	return end - p >= 2 && p[0] == '\xC2' && p[1] == '\xA0' ? 2 : 0;
}

void mdtext_add(struct mdtext *t, const char *p, size_t n, unsigned style, const char *url)
{
	const char *end = p + n;
	while (p < end) {
		size_t blank = blank_at(p, end);
		const char *from = p;
		if (blank) {
			if (t->text.len && !is_blank(t->text.p[t->text.len - 1]))
				str_addc(&t->text, ' ');
			p += blank;
			continue;
		}
		while (p < end && !blank_at(p, end))
			p++;
		str_addn(&t->text, from, (size_t)(p - from));
	}
	end_run(t, style, url);
}

/* Runs end no later than the text. */
static void cut(struct mdtext *t, size_t len)
{
	str_truncate(&t->text, len);
	while (t->count && (t->count > 1 ? t->runs[t->count - 2].end : 0) >= len)
		t->count--;
	if (t->count)
		t->runs[t->count - 1].end = len;
}

void mdtext_break(struct mdtext *t)
{
	if (t->text.len && t->text.p[t->text.len - 1] == ' ')
		cut(t, t->text.len - 1);
	if (!t->text.len || t->text.p[t->text.len - 1] == '\n')
		return;
	str_addc(&t->text, '\n');
	const struct mdtext_run *last = t->count ? &t->runs[t->count - 1] : NULL;
	end_run(t, last ? last->style : 0, last ? last->url : NULL);
}

bool mdtext_blank(const struct mdtext *t)
{
	for (size_t i = 0; i < t->text.len; i++)
		if (!is_blank(t->text.p[i]))
			return false;
	return true;
}

size_t mdtext_longest(const char *p, size_t n, char c)
{
	size_t longest = 0, run = 0;
	for (size_t i = 0; i < n; i++) {
		run = p[i] == c ? run + 1 : 0;
		longest = run > longest ? run : longest;
	}
	return longest;
}

/* -- styles that can be read ------------------------------------------------------------------- */

/* From the outermost to the innermost. */
enum mark { MARK_LINK, MARK_STRONG, MARK_EM, MARK_STRIKE, MARK_CODE, MARK_COUNT };
static const struct {
	unsigned style;
	const char *text;
} marks[MARK_COUNT] = {
	[MARK_LINK] = {MD_LINK, ""},  [MARK_STRONG] = {MD_STRONG, "**"},
	[MARK_EM] = {MD_EM, "*"},     [MARK_STRIKE] = {MD_STRIKE, "~~"},
	[MARK_CODE] = {MD_CODE, "`"},
};

static bool is_punctuation(const char *p, size_t n)
{
	uint32_t cp = 0;
	if (n && (unsigned char)*p < 0x80)
		return ispunct((unsigned char)*p);
	/* Most signs people type outside of ASCII. */
	return utf8_decode(p, n, &cp) &&
	       ((cp >= 0xA1 && cp <= 0xBF) || (cp >= 0x2010 && cp <= 0x2BFF) ||
		(cp >= 0x3001 && cp <= 0x3020));
}

/* The character that ends before `at`. */
static size_t before(const char *p, size_t at)
{
	size_t i = at;
	while (i > 0 && ((unsigned char)p[--i] & 0xc0) == 0x80)
		;
	return i;
}

/* Can a mark of emphasis be read at both ends of [from, to)? */
static bool flanks(const struct str *s, size_t from, size_t to)
{
	const char *p = s->p;
	size_t last = before(p, to), prev = before(p, from);
	bool opens = from == 0 || is_blank(p[from - 1]) ||
		     !is_punctuation(p + from, s->len - from) ||
		     is_punctuation(p + prev, from - prev);
	bool closes = to == s->len || is_blank(p[to]) || !is_punctuation(p + last, to - last) ||
		      is_punctuation(p + to, s->len - to);
	return opens && closes;
}

static unsigned mark_bits(const struct mdtext_run *r)
{
	unsigned bits = r->url ? 1u << MARK_LINK : 0;
	for (int m = MARK_STRONG; m < MARK_COUNT; m++)
		if (r->style & marks[m].style)
			bits |= 1u << m;
	return bits;
}

/* Take mark m off [from, to). */
static void take_off(unsigned char *style, size_t from, size_t to, int m)
{
	for (size_t i = from; i < to; i++)
		style[i] &= (unsigned char)~(1u << m);
}

/* A stretch with mark m: no white space at its ends, no line break in code, readable marks. */
static void settle_stretch(const struct str *s, unsigned char *style, size_t from, size_t to, int m)
{
	size_t a = from, b = to;
	while (a < b && is_blank(s->p[a]))
		a++;
	while (b > a && is_blank(s->p[b - 1]))
		b--;
	take_off(style, from, a, m);
	take_off(style, b, to, m);
	if (m != MARK_CODE && m != MARK_LINK && a < b && !flanks(s, a, b))
		take_off(style, a, b, m);
}

static void settle(const struct mdtext *t, unsigned char *style)
{
	size_t at = 0;
	for (size_t i = 0; i < t->count; i++)
		for (; at < t->runs[i].end; at++)
			style[at] = (unsigned char)mark_bits(&t->runs[i]);
	for (int m = MARK_LINK; m < MARK_COUNT; m++) {
		size_t run = 0;
		for (size_t i = 0; i < t->text.len;) {
			size_t from = i;
			while (run < t->count && t->runs[run].end <= i)
				run++;
			if (!(style[i] >> m & 1)) {
				i++;
				continue;
			}
			/* Links end with their run, code with its line. */
			size_t most = m == MARK_LINK ? t->runs[run].end : t->text.len;
			while (i < most && (style[i] >> m & 1) &&
			       (m != MARK_CODE || t->text.p[i] != '\n'))
				i++;
			settle_stretch(&t->text, style, from, i, m);
			i += i == from;
		}
	}
}

/* -- writing ----------------------------------------------------------------------------------- */

struct writer {
	struct str *out;
	const struct mdtext *t;
	const unsigned char *style;
	const char *hard;
	bool cell;
	size_t run;      /* that the present byte is of */
	unsigned open;   /* marks, bits */
	const char *url; /* of the open link */
	size_t ticks;    /* of the open code */
	size_t line;     /* where the present line begins in the text */
};

static bool is_word(char c)
{
	return isalnum((unsigned char)c) || (unsigned char)c >= 0x80;
}

static bool blank_or_end(const char *p, const char *end)
{
	return p >= end || is_blank(*p);
}

static bool only_of(const char *p, const char *end, const char *set)
{
	while (p < end && *p != '\n' && strchr(set, *p))
		p++;
	return p == end || *p == '\n';
}

/* Would the sign at p, first in its line, begin a block? */
static bool begins_block(const char *p, const char *end)
{
	switch (*p) {
	case '#':
		return blank_or_end(p + strspn(p, "#"), end);
	case '>':
		return true;
	case '-':
	case '+':
		return blank_or_end(p + 1, end) || only_of(p, end, "-:| ");
	case '=':
	case ':':
	case '|':
		return only_of(p, end, "-:|= ");
	default:
		return false;
	}
}

/* Would Markdown see a mark in the sign at p within a line? */
static bool is_mark(const char *begin, const char *p, const char *end)
{
	char next = p + 1 < end ? p[1] : ' ', prev = p > begin ? p[-1] : ' ';
	switch (*p) {
	case '\\':
		return p + 1 >= end || ispunct((unsigned char)next) || next == '\n';
	case '`':
	case '*':
		return true;
	case '_':
		return !is_word(prev) || !is_word(next);
	case '~':
		return next == '~' || prev == '~' || !is_blank(next);
	case ']':
		return next == '(' || next == '[' || next == ':';
	case '[':
		return true;
	case '<':
		return isalpha((unsigned char)next) || next == '/' || next == '!' || next == '?';
	case '&':
		return next == '#' || isalpha((unsigned char)next);
	default:
		return false;
	}
}

/* "[" needs a backslash only where "](" or such comes after it, or a task box would be seen. */
static bool bracket_matters(const char *p, const char *end)
{
	for (const char *q = p; q + 1 < end; q++)
		if (*q == ']' && strchr("([:", q[1]))
			return true;
	return end - p >= 3 && p[2] == ']' && strchr(" xX", p[1]);
}

static bool entity_matters(const char *p, const char *end)
{
	const char *q = p + 1;
	while (q < end && q - p < 32 && (isalnum((unsigned char)*q) || *q == '#'))
		q++;
	return q < end && *q == ';';
}

static bool escaped(const struct writer *w, size_t at, bool brackets)
{
	const char *begin = w->t->text.p, *p = begin + at, *end = begin + w->t->text.len;
	if (*p == '|')
		return w->cell || (at == w->line && begins_block(p, end));
	if (at == w->line && begins_block(p, end))
		return true;
	if (*p == '[')
		return brackets || (w->open >> MARK_LINK & 1);
	if (*p == ']' && (w->open >> MARK_LINK & 1))
		return true;
	if (*p == '&')
		return entity_matters(p, end);
	return is_mark(begin, p, end);
}

/* "1." at the start of a line: the digits, for the backslash comes behind them. */
static size_t list_number(const char *p, const char *end)
{
	size_t n = 0;
	while (p + n < end && n < 10 && isdigit((unsigned char)p[n]))
		n++;
	return n && n < 10 && p + n < end && (p[n] == '.' || p[n] == ')') &&
			       blank_or_end(p + n + 1, end)
		       ? n
		       : 0;
}

static void add_url(struct str *out, const char *url)
{
	for (; *url; url++) {
		unsigned char c = (unsigned char)*url;
		if (c <= ' ' || strchr("()<>\\|`", c))
			str_addf(out, "%%%02X", c);
		else
			str_addc(out, *url);
	}
}

static void close_mark(struct writer *w, int m)
{
	if (m == MARK_CODE) {
		if (w->out->p[w->out->len - 1] == '`')
			str_addc(w->out, ' ');
		for (size_t i = 0; i < w->ticks; i++)
			str_addc(w->out, '`');
	} else if (m == MARK_LINK) {
		str_add(w->out, "](");
		add_url(w->out, w->url);
		str_addc(w->out, ')');
	} else {
		str_add(w->out, marks[m].text);
	}
	w->open &= ~(1u << m);
}

/* The stretch of code from at on. */
static size_t code_end(const struct writer *w, size_t at)
{
	while (at < w->t->text.len && (w->style[at] >> MARK_CODE & 1))
		at++;
	return at;
}

static void open_mark(struct writer *w, int m, size_t at)
{
	w->open |= 1u << m;
	if (m == MARK_LINK) {
		w->url = w->t->runs[w->run].url;
		str_addc(w->out, '[');
	} else if (m == MARK_CODE) {
		const char *p = w->t->text.p + at;
		w->ticks = mdtext_longest(p, code_end(w, at) - at, '`') + 1;
		for (size_t i = 0; i < w->ticks; i++)
			str_addc(w->out, '`');
		if (*p == '`')
			str_addc(w->out, ' ');
	} else {
		str_add(w->out, marks[m].text);
	}
}

/* Close and open marks so that those of the byte at `at` are open. */
static void set_marks(struct writer *w, size_t at)
{
	bool end = at >= w->t->text.len;
	while (!end && w->t->runs[w->run].end <= at)
		w->run++;
	unsigned want = end ? 0 : w->style[at];
	unsigned wrong = w->open ^ want;
	if (!end && (w->open & want & 1u << MARK_LINK) && w->t->runs[w->run].url != w->url)
		wrong |= 1u << MARK_LINK;
	if (!wrong)
		return;
	int first = 0; /* outermost mark that changes: all within it are closed */
	while (!(wrong >> first & 1))
		first++;
	for (int m = MARK_COUNT - 1; m >= first; m--)
		if (w->open >> m & 1)
			close_mark(w, m);
	for (int m = first; m < MARK_COUNT; m++)
		if (want >> m & 1)
			open_mark(w, m, at);
}

static void add_byte(struct writer *w, size_t at, bool brackets)
{
	char c = w->t->text.p[at];
	if (c == '\n') {
		str_add(w->out, w->cell ? " " : w->hard);
		w->line = at + 1;
		return;
	}
	if (w->open >> MARK_CODE & 1) {
		if (w->cell && c == '|')
			str_addc(w->out, '\\');
	} else if (escaped(w, at, brackets)) {
		str_addc(w->out, '\\');
	}
	str_addc(w->out, c);
}

static void write_text(struct writer *w, size_t from, size_t to)
{
	const char *p = w->t->text.p;
	bool brackets = bracket_matters(p + from, p + to);
	size_t number = 0; /* where the digits of a list number end */
	w->line = from;
	for (size_t at = from; at < to; at++) {
		set_marks(w, at);
		if (at == w->line && !(w->open >> MARK_CODE & 1))
			number = at + list_number(p + at, p + to);
		if (number && at == number && at > w->line)
			str_addc(w->out, '\\');
		add_byte(w, at, brackets);
	}
	set_marks(w, w->t->text.len);
}

void mdtext_write(struct str *out, const struct mdtext *t, const char *hard, bool cell)
{
	size_t from = 0, to = t->text.len;
	while (from < to && is_blank(t->text.p[from]))
		from++;
	while (to > from && is_blank(t->text.p[to - 1]))
		to--;
	if (from == to)
		return;
	unsigned char *style = xcalloc(t->text.len, 1);
	settle(t, style);
	struct writer w = {.out = out, .t = t, .style = style, .hard = hard, .cell = cell};
	write_text(&w, from, to);
	free(style);
}
