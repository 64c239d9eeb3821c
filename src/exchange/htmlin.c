/* htmlin.c -- HTML to Markdown; see html.h.
 *
 * Two stacks: of open elements, so that an end tag finds its beginning and missing ones are made
 * up, and of boxes (lists, items, quotes), which give every line its indentation. Text gathers in a
 * paragraph until an element ends it. Anki's editor makes no paragraphs: it puts lines into <div>
 * or ends them with <br>, and an empty one of these stands between what people think of as
 * paragraphs; so one break is a break, and two begin a new paragraph.
 *
 * Bounds hold elements and boxes within one another and the columns of a table, so that the
 * Markdown is at most some times as long as the HTML. */
#include "exchange/html.h"

#include "exchange/htmltag.h"
#include "exchange/mdpage.h"

#include <stdlib.h>
#include <string.h>

enum element_kind {
	EL_INLINE, /* gives its text a style */
	EL_LINK,
	EL_SUP,
	EL_BREAK,
	EL_LINE, /* begins and ends a line */
	EL_PARA,
	EL_HEADING,
	EL_LIST,
	EL_ITEM,
	EL_QUOTE,
	EL_PRE,
	EL_RULE,
	EL_TABLE,
	EL_ROW,
	EL_CELL,
	EL_IMAGE,
	EL_SOUND,
	EL_STYLE,
	EL_SCRIPT,
};

static const struct element {
	const char *name;
	enum element_kind kind;
	unsigned style; /* EL_INLINE; EL_HEADING: level; EL_LIST: 1 when ordered */
} elements[] = {
	{"a", EL_LINK, 0},
	{"address", EL_LINE, 0},
	{"article", EL_LINE, 0},
	{"audio", EL_SOUND, 0},
	{"b", EL_INLINE, MD_STRONG},
	{"blockquote", EL_QUOTE, 0},
	{"br", EL_BREAK, 0},
	{"caption", EL_PARA, 0},
	{"code", EL_INLINE, MD_CODE},
	{"dd", EL_LINE, 0},
	{"del", EL_INLINE, MD_STRIKE},
	{"div", EL_LINE, 0},
	{"dl", EL_LINE, 0},
	{"dt", EL_LINE, 0},
	{"em", EL_INLINE, MD_EM},
	{"font", EL_INLINE, 0},
	{"footer", EL_LINE, 0},
	{"h1", EL_HEADING, 1},
	{"h2", EL_HEADING, 2},
	{"h3", EL_HEADING, 3},
	{"h4", EL_HEADING, 4},
	{"h5", EL_HEADING, 5},
	{"h6", EL_HEADING, 6},
	{"header", EL_LINE, 0},
	{"hr", EL_RULE, 0},
	{"i", EL_INLINE, MD_EM},
	{"img", EL_IMAGE, 0},
	{"kbd", EL_INLINE, MD_CODE},
	{"li", EL_ITEM, 0},
	{"main", EL_LINE, 0},
	{"ol", EL_LIST, 1},
	{"p", EL_PARA, 0},
	{"pre", EL_PRE, 0},
	{"s", EL_INLINE, MD_STRIKE},
	{"samp", EL_INLINE, MD_CODE},
	{"script", EL_SCRIPT, 0},
	{"section", EL_LINE, 0},
	{"span", EL_INLINE, 0},
	{"strike", EL_INLINE, MD_STRIKE},
	{"strong", EL_INLINE, MD_STRONG},
	{"style", EL_STYLE, 0},
	{"sup", EL_SUP, 0},
	{"table", EL_TABLE, 0},
	{"td", EL_CELL, 0},
	{"th", EL_CELL, 0},
	{"tr", EL_ROW, 0},
	{"tt", EL_INLINE, MD_CODE},
	{"ul", EL_LIST, 0},
	{"video", EL_SOUND, 0},
};

struct open {
	const struct element *el;
	unsigned style;  /* that it switched on */
	const char *url; /* of links: of the link around it */
	bool boxed;      /* it has a box */
	bool pre;        /* its text is code */
};

struct writer {
	struct mdpage page;
	struct html_report *report;
	struct open open[MAX_HTML_DEPTH];
	size_t depth, over; /* open elements; those that were too deep */
	unsigned style;     /* of the text now */
	const char *url;
	struct arena urls;
	size_t breaks; /* <br> since the last text */
	bool line;     /* an element ended the line since the last text */
	size_t pre;    /* <pre> open */
	size_t tables; /* open; only the outermost is one */
	struct str scratch;
};

static void flush(struct writer *w)
{
	w->breaks = 0;
	w->line = false;
	mdpage_flush(&w->page);
}

static void end_cell(struct writer *w)
{
	if (w->page.in_cell) {
		w->breaks = 0;
		w->line = false;
	}
	mdpage_end_cell(&w->page);
}

static void begin_cell(struct writer *w)
{
	w->breaks = 0;
	w->line = false;
	mdpage_begin_cell(&w->page);
}

/* -- text -------------------------------------------------------------------------------------- */

static bool is_blank_text(const char *p)
{
	while (*p && (strchr(" \t\r\n\f", *p) || str_starts(p, "\xC2\xA0")))
		p += *p == '\xC2' ? 2 : 1;
	return !*p;
}

/* Text, decoded. */
static void add_words(struct writer *w, const char *p, size_t n)
{
	struct mdtext *t = w->page.in_cell ? &w->page.cell : &w->page.para;
	if (!n)
		return;
	if (!is_blank_text(p)) {
		if (w->breaks > 1 && !w->page.in_cell && !w->page.heading)
			flush(w);
		else if (w->breaks || w->line)
			mdtext_break(t);
		w->breaks = 0;
		w->line = false;
	} else if (w->breaks || w->line) {
		return;
	}
	mdtext_add(t, p, n, w->style, w->url);
}

static void add_decoded(struct writer *w, const char *p, size_t n)
{
	str_reset(&w->scratch);
	html_decode(&w->scratch, p, n);
	if (w->pre)
		str_addn(&w->page.code, str_c(&w->scratch), w->scratch.len);
	else
		add_words(w, str_c(&w->scratch), w->scratch.len);
}

/* Text as it stands in the HTML, without [sound:...]. */
static void add_text(struct writer *w, struct slice text)
{
	static const char sound[] = "[sound:";
	const char *p = text.p, *end = p + text.len;
	while (p < end) {
		const char *from = memmem(p, (size_t)(end - p), sound, sizeof(sound) - 1);
		const char *close = from ? memchr(from, ']', (size_t)(end - from)) : NULL;
		add_decoded(w, p, (size_t)((close ? from : end) - p));
		if (!close)
			return;
		w->report->sounds++;
		p = close + 1;
	}
}

/* -- elements ---------------------------------------------------------------------------------- */

static int compare(const void *name, const void *row)
{
	return strcmp(name, ((const struct element *)row)->name);
}

static const struct element *find_element(const char *name)
{
	return bsearch(name, elements, ARRAY_LEN(elements), sizeof(*elements), compare);
}

static bool push_box(struct writer *w, enum mdpage_box_kind kind, bool ordered)
{
	return !w->page.in_cell && mdpage_push(&w->page, kind, ordered);
}

static bool is_block(enum element_kind kind)
{
	return kind >= EL_LINE && kind <= EL_CELL;
}

static void end_table(struct writer *w)
{
	if (--w->tables)
		return;
	end_cell(w);
	flush(w);
	mdpage_table(&w->page);
}

/* Close the innermost element. */
static void pop(struct writer *w)
{
	struct open *o = &w->open[--w->depth];
	enum element_kind kind = o->el->kind;
	w->style &= ~o->style;
	if (kind == EL_LINK)
		w->url = o->url;
	else if (kind == EL_TABLE)
		end_table(w);
	else if (w->page.in_cell && kind == EL_CELL && w->tables == 1)
		end_cell(w);
	else if (w->page.in_cell && is_block(kind))
		w->line = true;
	else if (o->pre && --w->pre == 0)
		mdpage_code(&w->page);
	else if (kind == EL_LINE || (kind == EL_ITEM && !o->boxed))
		w->line = true;
	else if (is_block(kind) && kind != EL_PRE)
		flush(w);
	if (kind == EL_HEADING && !w->page.in_cell)
		w->page.heading = 0;
	if (o->boxed)
		mdpage_pop(&w->page);
}

static void pop_to(struct writer *w, size_t depth)
{
	while (w->depth > depth)
		pop(w);
}

/* What a start tag ends without saying so: an item the item before, a row its cells, and any block
 * the paragraph before. */
static void close_implied(struct writer *w, enum element_kind kind)
{
	for (size_t i = w->depth; i-- > 0;) {
		enum element_kind k = w->open[i].el->kind;
		bool closes = (kind == EL_ITEM && k == EL_ITEM) ||
			      (kind == EL_CELL && k == EL_CELL) ||
			      (kind == EL_ROW && (k == EL_ROW || k == EL_CELL)) ||
			      (is_block(kind) && (k == EL_PARA || k == EL_HEADING));
		if (closes) {
			pop_to(w, i);
			continue;
		}
		if (k == EL_TABLE || k == EL_QUOTE || (k == EL_LIST && kind != EL_ROW) ||
		    (k == EL_ITEM && kind != EL_ROW) || (k == EL_CELL && kind != EL_ROW) ||
		    k == EL_PRE)
			return;
	}
}

static void open_list(struct writer *w, struct open *o)
{
	flush(w);
	o->boxed = push_box(w, MDPAGE_LIST, o->el->style);
}

static void open_item(struct writer *w, struct open *o)
{
	if (w->page.in_cell || w->page.boxes[w->page.box].kind != MDPAGE_LIST) {
		w->line = true;
		if (w->page.in_cell)
			add_words(w, "\xE2\x80\xA2 ", 4);
		return;
	}
	flush(w);
	o->boxed = push_box(w, MDPAGE_ITEM, false);
	w->line = !o->boxed;
}

static void open_link(struct writer *w, const struct html_reader *r, struct open *o)
{
	static const char *const schemes[] = {"https://", "http://", "mailto:"};
	o->url = w->url;
	w->url = NULL;
	if (!html_attribute(r, "href", &w->scratch))
		return;
	for (size_t i = 0; i < ARRAY_LEN(schemes); i++)
		if (strncasecmp(str_c(&w->scratch), schemes[i], strlen(schemes[i])) == 0)
			w->url = arena_strdup(&w->urls, str_c(&w->scratch));
}

/* Bold and italics that somebody's editor wrote as a style. */
static unsigned style_attribute(struct writer *w, const struct html_reader *r)
{
	unsigned style = 0;
	if (!html_attribute(r, "style", &w->scratch))
		return 0;
	const char *css = str_c(&w->scratch);
	const char *weight = strcasestr(css, "font-weight:");
	const char *slant = strcasestr(css, "font-style:");
	if (weight) {
		weight += strcspn(weight, ":") + 1;
		weight += strspn(weight, " ");
		if (str_starts(weight, "bold") || (*weight >= '6' && *weight <= '9'))
			style |= MD_STRONG;
	}
	if (slant) {
		slant += strcspn(slant, ":") + 1;
		if (str_starts(slant + strspn(slant, " "), "italic"))
			style |= MD_EM;
	}
	if (!style)
		w->report->styles++;
	return style;
}

static void begin_paragraph(struct writer *w)
{
	if (w->page.in_cell)
		w->line = true;
	else
		flush(w);
}

static void open_table(struct writer *w)
{
	if (w->tables++)
		w->line = true;
	else
		flush(w);
}

/* An element that stays open. */
static void open_element(struct writer *w, const struct html_reader *r, struct open *o)
{
	unsigned before = w->style;
	switch (o->el->kind) {
	case EL_INLINE:
		w->style |= o->el->style | style_attribute(w, r);
		o->style = w->style & ~before;
		break;
	case EL_LINK:
		open_link(w, r, o);
		break;
	case EL_SUP:
		add_words(w, "^", 1);
		break;
	case EL_LINE:
		w->line = true;
		break;
	case EL_HEADING:
		begin_paragraph(w);
		if (!w->page.in_cell)
			w->page.heading = o->el->style;
		break;
	case EL_PARA:
		begin_paragraph(w);
		break;
	case EL_LIST:
		if (w->page.in_cell)
			w->line = true;
		else
			open_list(w, o);
		break;
	case EL_ITEM:
		open_item(w, o);
		break;
	case EL_QUOTE:
		begin_paragraph(w);
		o->boxed = push_box(w, MDPAGE_QUOTE, false);
		break;
	case EL_PRE:
		begin_paragraph(w);
		o->pre = !w->page.in_cell;
		w->pre += o->pre;
		break;
	case EL_TABLE:
		open_table(w);
		break;
	case EL_ROW:
		if (w->tables == 1) {
			end_cell(w);
			mdpage_begin_row(&w->page);
		}
		break;
	case EL_CELL:
		if (w->tables == 1) {
			end_cell(w);
			begin_cell(w);
		}
		break;
	case EL_BREAK:
	case EL_RULE:
	case EL_IMAGE:
	case EL_SOUND:
	case EL_STYLE:
	case EL_SCRIPT:
		break;
	}
}

static void add_break(struct writer *w)
{
	if (w->pre)
		str_addc(&w->page.code, '\n');
	else
		w->breaks += 1 + (w->line && !w->breaks);
}

static void add_rule(struct writer *w)
{
	close_implied(w, EL_RULE);
	if (w->page.in_cell) {
		w->line = true;
		return;
	}
	flush(w);
	mdpage_rule(&w->page);
}

static void add_image(struct writer *w, const struct html_reader *r)
{
	struct str alt = {0};
	w->report->images++;
	if (html_attribute(r, "alt", &alt))
		add_words(w, str_c(&alt), alt.len);
	str_clear(&alt);
}

/* An element without content, or whose content never comes. */
static bool is_empty(struct writer *w, const struct html_reader *r, const struct element *el)
{
	if (el->kind == EL_BREAK)
		add_break(w);
	else if (el->kind == EL_RULE)
		add_rule(w);
	else if (el->kind == EL_IMAGE)
		add_image(w, r);
	else if (el->kind == EL_SOUND)
		w->report->sounds++;
	else if (el->kind == EL_STYLE)
		w->report->styles++;
	else if (el->kind == EL_SCRIPT)
		w->report->scripts++;
	else
		return false;
	return true;
}

static void start_tag(struct writer *w, const struct html_reader *r)
{
	const struct element *el = find_element(r->name);
	if (!el || is_empty(w, r, el))
		return;
	if (w->pre && is_block(el->kind)) {
		if (w->page.code.len && w->page.code.p[w->page.code.len - 1] != '\n')
			str_addc(&w->page.code, '\n');
		return;
	}
	close_implied(w, el->kind);
	if (w->depth == MAX_HTML_DEPTH) {
		w->over++;
		return;
	}
	struct open *o = &w->open[w->depth++];
	*o = (struct open){.el = el};
	open_element(w, r, o);
}

static void end_tag(struct writer *w, const struct html_reader *r)
{
	const struct element *el = find_element(r->name);
	if (!el)
		return;
	if (el->kind == EL_BREAK) {
		add_break(w);
		return;
	}
	if (w->over) {
		w->over--;
		return;
	}
	if (w->pre && is_block(el->kind) && el->kind != EL_PRE)
		return;
	for (size_t i = w->depth; i-- > 0;) {
		enum element_kind k = w->open[i].el->kind;
		if (w->open[i].el == el) {
			pop_to(w, i);
			return;
		}
		/* An end tag reaches out of a cell only when it ends the table or row. */
		if (k == EL_CELL && el->kind != EL_ROW && el->kind != EL_TABLE)
			return;
	}
}

static void clear(struct writer *w)
{
	mdpage_clear(&w->page);
	str_clear(&w->scratch);
	arena_clear(&w->urls);
	free(w);
}

void html_to_md(struct str *out, const char *html, size_t n, struct html_report *report)
{
	struct html_report ignored = {0};
	struct html_reader r;
	struct writer *w = xcalloc(1, sizeof(*w));
	enum html_token t;
	w->page.out = out;
	w->page.begun = out->len;
	w->report = report ? report : &ignored;
	html_read_init(&r, html, n);
	while ((t = html_next(&r)) != HTML_END) {
		if (t == HTML_TEXT)
			add_text(w, r.text);
		else if (t == HTML_OPEN)
			start_tag(w, &r);
		else
			end_tag(w, &r);
	}
	pop_to(w, 0);
	flush(w);
	clear(w);
}
