/* page.c -- see page.h. A view describes all its lines, as if the screen were endless; what part of
 * them is seen, and where, is settled by frame.c. Views therefore know nothing of scrolling, and a
 * page is made anew for each picture: an arena emptied and filled again costs microseconds and
 * cannot show anything stale. */
#include "tui/page.h"
#include "base/markdown.h"
#include "base/utf8.h"
#include "tui/sign.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void page_reset(struct page *p, int width, bool ascii)
{
	arena_clear(&p->arena);
	p->count = 0;
	p->width = width < 1 ? 1 : width;
	p->ascii = ascii;
	p->full = false;
}

void page_clear(struct page *p)
{
	arena_clear(&p->arena);
	free(p->lines);
	*p = (struct page){0};
}

void page_line(struct page *p)
{
	if (p->count >= MAX_PAGE_LINES) {
		p->full = true;
		return;
	}
	p->lines = array_grow(p->lines, &p->cap, p->count + 1, sizeof(*p->lines));
	p->lines[p->count++] = (struct page_line){0};
}

static struct page_line *last_line(struct page *p)
{
	if (!p->count)
		page_line(p);
	return &p->lines[p->count - 1];
}

void page_mark(struct page *p, enum style style, const char *sign)
{
	struct page_line *l = last_line(p);
	l->mark = sign;
	l->mark_style = style;
}

void page_gap(struct page *p)
{
	if (p->count && p->lines[p->count - 1].first)
		page_line(p);
}

int page_cols(const struct page *p)
{
	return p->count ? p->lines[p->count - 1].cols : 0;
}

/* A clean, fitting text goes on the last line. */
static void append(struct page *p, enum style style, const char *text, int cols)
{
	struct page_line *l = last_line(p);
	struct page_run *r = arena_alloc(&p->arena, sizeof(*r));
	*r = (struct page_run){.text = text, .cols = cols, .style = style};
	if (l->last)
		l->last->next = r;
	else
		l->first = r;
	l->last = r;
	l->cols += cols;
}

static const char *clean(struct page *p, const char *text)
{
	const char *safe = utf8_clean(&p->arena, text);
	struct str ascii = {0};
	if (!p->ascii)
		return safe;
	signs_ascii(&ascii, safe);
	safe = arena_strdup(&p->arena, str_c(&ascii));
	str_clear(&ascii);
	return safe;
}

/* Cut with an ellipsis that this page can show. */
static const char *cut(struct page *p, const char *text, int cols)
{
	if (!p->ascii)
		return utf8_ellipsis(&p->arena, text, cols);
	if ((int)strlen(text) <= cols)
		return text;
	return cols < 4 ? arena_strndup(&p->arena, text, (size_t)cols)
			: arena_printf(&p->arena, "%.*s...", cols - 3, text);
}

static int columns(const char *text)
{
	return utf8_columns(text, strlen(text));
}

void page_cut(struct page *p, enum style style, const char *text, int cols)
{
	int room = p->width - last_line(p)->cols;
	if (cols < room)
		room = cols;
	if (p->full || room <= 0 || !text[0])
		return;
	const char *fitting = cut(p, clean(p, text), room);
	append(p, style, fitting, columns(fitting));
}

void page_add(struct page *p, enum style style, const char *text)
{
	page_cut(p, style, text, p->width);
}

void page_addf(struct page *p, enum style style, const char *fmt, ...)
{
	va_list ap;
	char *text;
	va_start(ap, fmt);
	int n = vasprintf(&text, fmt, ap);
	va_end(ap);
	if (n < 0)
		abort();
	page_add(p, style, text);
	free(text);
}

static void spaces(struct page *p, int n)
{
	if (n > 0)
		append(p, STYLE_PLAIN, arena_printf(&p->arena, "%*s", n, ""), n);
}

void page_pad(struct page *p, int col)
{
	if (p->full)
		return;
	spaces(p, (col < p->width ? col : p->width) - last_line(p)->cols);
}

void page_end(struct page *p, enum style style, const char *text)
{
	const char *safe = clean(p, text);
	int cols = columns(safe);
	int gap = p->width - last_line(p)->cols - cols;
	if (p->full || gap < (last_line(p)->cols ? 2 : 0))
		return;
	spaces(p, gap);
	append(p, style, safe, cols);
}

void page_bar(struct page *p, enum style style, const char *sign, int n)
{
	struct str s = {0};
	for (int i = 0; i < n; i++)
		str_add(&s, sign);
	if (n > 0)
		page_add(p, style, str_c(&s));
	str_clear(&s);
}

/* ---- flowing text -------------------------------------------------------------------- */

/* What a run of Markdown is shown as: the most telling of its styles. */
static enum style style_of(unsigned md, enum style base)
{
	static const struct {
		unsigned bit;
		enum style style;
	} order[] = {
		{MD_BLANK, STYLE_BLANK},   {MD_CODE, STYLE_CODE},  {MD_HEADING, STYLE_HEADING},
		{MD_STRONG, STYLE_STRONG}, {MD_EM, STYLE_EM},      {MD_LINK, STYLE_EM},
		{MD_RULE, STYLE_DIM},      {MD_STRIKE, STYLE_DIM},
	};
	for (size_t i = 0; i < ARRAY_LEN(order); i++)
		if (md & order[i].bit)
			return order[i].style;
	return base;
}

static void put_run(struct page *p, const struct md_run *r, enum style base)
{
	append(p, style_of(r->style, base), arena_strdup(&p->arena, r->text), r->cols);
}

void page_markdown(struct page *p, enum style style, int hang, const char *source)
{
	struct md_layout l = {0};
	md_layout(&l, source, p->width - hang, p->ascii);
	for (size_t i = 0; i < l.count && !p->full; i++) {
		if (i)
			page_line(p);
		if (l.lines[i].count)
			page_pad(p, hang);
		for (size_t k = 0; k < l.lines[i].count && !p->full; k++)
			put_run(p, &l.lines[i].runs[k], style);
	}
	md_layout_clear(&l);
}

void page_words(struct page *p, enum style style, int hang, const char *text)
{
	const char *safe = clean(p, text);
	int room = p->width - hang;
	page_pad(p, hang);
	for (const char *word = safe; *word && !p->full;) {
		word += strspn(word, " ");
		size_t n = strcspn(word, " ");
		int cols = utf8_columns(word, n);
		bool first = page_cols(p) <= hang;
		if (!first && page_cols(p) + 1 + cols > hang + room) {
			page_line(p);
			page_pad(p, hang);
			first = true;
		}
		if (n)
			page_add(p, style,
				 arena_printf(&p->arena, "%s%.*s", first ? "" : " ", (int)n, word));
		word += n;
	}
}

void page_broken(struct page *p, enum style style, int hang, const char *text)
{
	const char *safe = clean(p, text);
	size_t left = strlen(safe);
	for (bool first = true; left && !p->full; first = false) {
		if (!first)
			page_line(p);
		page_pad(p, hang);
		size_t n = utf8_fit(safe, left, p->width - hang);
		n = n ? n : left;
		append(p, style, arena_strndup(&p->arena, safe, n), utf8_columns(safe, n));
		safe += n;
		left -= n;
	}
}

/* Bytes of the next piece of a line of a log: at most cols columns, up to a space or a comma unless
 * that would leave most of the line empty. */
static size_t log_piece(const char *text, size_t left, int cols)
{
	size_t most = utf8_fit(text, left, cols);
	if (most == left)
		return left;
	for (size_t n = most; n > most / 2; n--)
		if (text[n - 1] == ' ' || text[n - 1] == ',')
			return n;
	return most ? most : left;
}

void page_log(struct page *p, enum style style, int hang, const char *text)
{
	const char *safe = clean(p, text);
	size_t left = strlen(safe);
	for (bool first = true; left && !p->full; first = false) {
		if (!first) {
			page_line(p);
			page_pad(p, hang);
		}
		size_t n = log_piece(safe, left, p->width - page_cols(p));
		append(p, style, arena_strndup(&p->arena, safe, n), utf8_columns(safe, n));
		safe += n;
		left -= n;
	}
}
