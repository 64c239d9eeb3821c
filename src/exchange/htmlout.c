/* htmlout.c -- Markdown as HTML; see html.h.
 *
 * What is read is the block list that the screen draws from, so a list on the screen is a list in
 * Anki. Leaves know the boxes around them; boxes are opened and closed by comparing the chain of
 * one leaf with that of the one before. Styles nest in one fixed order, so that no tag is closed
 * over another.
 *
 * Most texts of most cards have no mark at all, and a deck is exported as a whole: those are
 * escaped and never parsed. */
#include "base/markdown.h"
#include "base/mdblock.h"
#include "base/utf8.h"
#include "deck/cloze.h"
#include "exchange/html.h"

#include <assert.h>
#include <string.h>

/* Braces inside of a hole, while the text is parsed: Anki ends a hole at the first "}}". */
#define BRACE_ON "\xee\x80\x90"  /* U+E010 */
#define BRACE_OFF "\xee\x80\x91" /* U+E011 */

static const char *const escapes[256] = {
	['&'] = "&amp;", ['<'] = "&lt;", ['>'] = "&gt;", ['"'] = "&quot;", ['\r'] = "", ['\n'] = "",
};

/* line_end: what a newline becomes. */
static void escape(struct str *out, const char *text, size_t n, const char *line_end)
{
	size_t from = 0;
	for (size_t i = 0; i < n; i++) {
		const char *text_of = escapes[(unsigned char)text[i]];
		if (!text_of)
			continue;
		str_addn(out, text + from, i - from);
		str_add(out, text[i] == '\n' ? line_end : text_of);
		from = i + 1;
	}
	str_addn(out, text + from, n - from);
}

void html_escape(struct str *out, const char *text, size_t n)
{
	escape(out, text, n, "<br>");
}

/* -- text -------------------------------------------------------------------------------------- */

/* From the outermost to the innermost. */
enum tag { TAG_LINK, TAG_STRONG, TAG_EM, TAG_STRIKE, TAG_BLANK, TAG_CODE, TAG_COUNT };
static const struct {
	unsigned style;
	const char *open, *close;
} tags[TAG_COUNT] = {
	[TAG_LINK] = {0, NULL, "</a>"},
	[TAG_STRONG] = {MD_STRONG, "<strong>", "</strong>"},
	[TAG_EM] = {MD_EM, "<em>", "</em>"},
	[TAG_STRIKE] = {MD_STRIKE, "<del>", "</del>"},
	[TAG_BLANK] = {MD_BLANK, "<span class=\"cloze\">", "</span>"},
	[TAG_CODE] = {MD_CODE, "<code>", "</code>"},
};

struct writer {
	struct str *out;
	const struct mdb_doc *doc;
	const struct mdb_box *chain[MAX_MD_CHAIN]; /* boxes open, outermost first */
	size_t depth;
	size_t link; /* of doc->links: the first that does not end before the text being written */
	bool words;  /* no tags */
};

/* Where a link may lead: nowhere that runs a program. */
static bool target_ok(const char *target)
{
	static const char *const schemes[] = {"https://", "http://", "mailto:"};
	for (size_t i = 0; i < ARRAY_LEN(schemes); i++)
		if (strncasecmp(target, schemes[i], strlen(schemes[i])) == 0)
			return true;
	return false;
}

static void add_tag(struct writer *w, const char *tag)
{
	if (!w->words)
		str_add(w->out, tag);
}

/* Text of one style: escaped, with the braces of holes as entities. */
static void add_run(struct writer *w, const char *p, size_t n)
{
	const char *line_end = w->words ? " " : "<br>";
	while (n) {
		const char *hit = memmem(p, n, BRACE_ON, 2);
		size_t k = hit ? (size_t)(hit - p) : n;
		escape(w->out, p, k, line_end);
		p += k;
		n -= k;
		if (!n)
			break;
		bool brace = n >= 3 && (p[2] == BRACE_ON[2] || p[2] == BRACE_OFF[2]);
		if (brace)
			str_add(w->out, p[2] == BRACE_ON[2] ? "&#123;" : "&#125;");
		else
			escape(w->out, p, n < 3 ? n : 3, line_end);
		p += n < 3 ? n : 3;
		n -= n < 3 ? n : 3;
	}
}

static bool has_tag(enum tag t, unsigned style, const struct mdb_link *link)
{
	return t == TAG_LINK ? link != NULL : (style & tags[t].style) != 0;
}

static void open_tag(struct writer *w, enum tag t, const struct mdb_link *link)
{
	if (t != TAG_LINK) {
		add_tag(w, tags[t].open);
		return;
	}
	add_tag(w, "<a href=\"");
	if (!w->words)
		html_escape(w->out, link->target, strlen(link->target));
	add_tag(w, "\">");
}

struct run {
	unsigned style;
	const struct mdb_link *link;
};

/* Close what the next run has not, and all within it, then open what it has. */
static void change_run(struct writer *w, struct run from, struct run to)
{
	size_t same = 0;
	while (same < TAG_COUNT &&
	       has_tag(same, from.style, from.link) == has_tag(same, to.style, to.link) &&
	       (same != TAG_LINK || from.link == to.link))
		same++;
	for (size_t t = TAG_COUNT; t-- > same;)
		if (has_tag(t, from.style, from.link))
			add_tag(w, tags[t].close);
	for (size_t t = same; t < TAG_COUNT; t++)
		if (has_tag(t, to.style, to.link))
			open_tag(w, t, to.link);
}

/* The link that holds the byte at `at`, or NULL; *end is brought down to where that changes. */
static const struct mdb_link *link_at(struct writer *w, size_t at, size_t *end)
{
	const struct mdb_doc *doc = w->doc;
	while (w->link < doc->nlinks && doc->links[w->link].text.to <= at)
		w->link++;
	if (w->link == doc->nlinks)
		return NULL;
	const struct mdb_link *l = &doc->links[w->link];
	size_t turn = l->text.from > at ? l->text.from : l->text.to;
	if (turn < *end)
		*end = turn;
	return l->text.from <= at && target_ok(l->target) ? l : NULL;
}

/* A range of the document. drop: style bits that its place already says. */
static void add_range(struct writer *w, struct mdb_range r, unsigned drop)
{
	const struct mdb_doc *doc = w->doc;
	struct run now = {0}, none = {0};
	size_t i = r.from < r.to ? mdb_span_at(doc, r.from) : 0;
	while (r.from < r.to) {
		size_t end = doc->spans[i].end < r.to ? doc->spans[i].end : r.to;
		struct run next = {.style = doc->spans[i].style & ~drop,
				   .link = link_at(w, r.from, &end)};
		change_run(w, now, next);
		add_run(w, doc->text.p + r.from, end - r.from);
		now = next;
		r.from = end;
		i += end == doc->spans[i].end;
	}
	change_run(w, now, none);
}

/* -- boxes and leaves -------------------------------------------------------------------------- */

static void open_box(struct writer *w, const struct mdb_box *box)
{
	switch (box->kind) {
	case MDB_QUOTE:
		add_tag(w, "<blockquote>");
		return;
	case MDB_LIST:
		if (!box->ordered)
			add_tag(w, "<ul>");
		else if (box->start == 1)
			add_tag(w, "<ol>");
		else if (!w->words)
			str_addf(w->out, "<ol start=\"%u\">", box->start);
		return;
	case MDB_ITEM:
		add_tag(w, "<li>");
		if (box->task)
			str_addf(w->out, "[%c] ", box->task);
		return;
	}
}

static void close_box(struct writer *w, const struct mdb_box *box)
{
	switch (box->kind) {
	case MDB_QUOTE:
		add_tag(w, "</blockquote>");
		return;
	case MDB_LIST:
		add_tag(w, box->ordered ? "</ol>" : "</ul>");
		return;
	case MDB_ITEM:
		add_tag(w, "</li>");
		return;
	}
}

static void enter_boxes(struct writer *w, const struct mdb_box *inner)
{
	const struct mdb_box *chain[MAX_MD_CHAIN];
	size_t depth = 0, common = 0;
	for (const struct mdb_box *b = inner; b; b = b->up)
		depth++;
	assert(depth <= MAX_MD_CHAIN);
	size_t i = depth;
	for (const struct mdb_box *b = inner; b; b = b->up)
		chain[--i] = b;
	while (common < depth && common < w->depth && chain[common] == w->chain[common])
		common++;
	while (w->depth > common)
		close_box(w, w->chain[--w->depth]);
	for (; w->depth < depth; w->depth++) {
		open_box(w, chain[w->depth]);
		w->chain[w->depth] = chain[w->depth];
	}
}

static void add_cell(struct writer *w, struct mdb_range text, bool head, enum mdb_align align)
{
	static const char *const aligned[] = {[MDB_LEFT] = "",
					      [MDB_CENTER] = " style=\"text-align:center\"",
					      [MDB_RIGHT] = " style=\"text-align:right\""};
	add_tag(w, head ? "<th" : "<td");
	add_tag(w, aligned[align]);
	add_tag(w, ">");
	add_range(w, text, head ? MD_STRONG : 0);
	add_tag(w, head ? "</th>" : "</td>");
	if (w->words)
		str_addc(w->out, ' ');
}

static void add_table(struct writer *w, const struct mdb_table *t)
{
	const struct mdb_range *cell = w->doc->cells + t->first;
	add_tag(w, "<table>");
	for (size_t row = 0; row < t->rows; row++) {
		add_tag(w, "<tr>");
		for (size_t i = 0; i < t->columns; i++)
			add_cell(w, *cell++, row == 0, (enum mdb_align)t->align[i]);
		add_tag(w, "</tr>");
	}
	add_tag(w, "</table>");
}

/* A paragraph of a tight list, and one that is the whole text, has no tag. */
static bool has_p(const struct writer *w, const struct mdb_leaf *leaf)
{
	const struct mdb_box *box = leaf->box;
	if (!box)
		return w->doc->nleaves > 1;
	return box->kind != MDB_ITEM || !box->up->tight;
}

static void add_leaf(struct writer *w, const struct mdb_leaf *leaf)
{
	bool p = has_p(w, leaf);
	enter_boxes(w, leaf->box);
	switch (leaf->kind) {
	case MDB_PARA:
		add_tag(w, p ? "<p>" : "");
		add_range(w, leaf->text, 0);
		add_tag(w, p ? "</p>" : "");
		break;
	case MDB_HEADING:
		add_tag(w, "<h4>");
		add_range(w, leaf->text, MD_HEADING);
		add_tag(w, "</h4>");
		break;
	case MDB_CODE:
		add_tag(w, "<pre><code>");
		add_range(w, leaf->text, MD_CODE);
		add_tag(w, "</code></pre>");
		break;
	case MDB_RULE:
		add_tag(w, "<hr>");
		break;
	case MDB_TABLE:
		add_table(w, leaf->table);
		break;
	}
	if (w->words)
		str_addc(w->out, ' ');
}

/* -- entry points ------------------------------------------------------------------------------ */

/* Is there nothing that Markdown could read as a mark? */
static bool is_plain(const char *s)
{
	static const bool mark[256] = {
		['\\'] = true, ['`'] = true,  ['*'] = true,  ['_'] = true,  ['['] = true,
		[']'] = true,  ['<'] = true,  ['#'] = true,  ['|'] = true,  ['&'] = true,
		['~'] = true,  ['\n'] = true, ['\t'] = true, ['\r'] = true,
	};
	if (strchr("-+=:>0123456789 ", *s))
		return false;
	const char *from = s;
	bool ascii = true;
	for (; *s; s++) {
		unsigned char c = (unsigned char)*s;
		if (mark[c] || c < 0x20 || c == 0x7F || c == 0xEE)
			return false;
		ascii = ascii && c < 0x80;
	}
	return ascii || utf8_invalid_at(from, (size_t)(s - from)) == (size_t)(s - from);
}

static void write_html(struct str *out, const char *md, bool words)
{
	struct mdb_doc doc = {0};
	struct writer w = {.out = out, .doc = &doc, .words = words};
	if (is_plain(md)) {
		html_escape(out, md, strlen(md));
		return;
	}
	mdb_read_exact(&doc, md);
	for (size_t i = 0; i < doc.nleaves; i++)
		add_leaf(&w, &doc.leaves[i]);
	enter_boxes(&w, NULL);
	while (words && out->len && out->p[out->len - 1] == ' ')
		str_truncate(out, out->len - 1);
	mdb_clear(&doc);
}

void html_from_md(struct str *out, const char *md)
{
	write_html(out, md, false);
}

void html_words(struct str *out, const char *md)
{
	write_html(out, md, true);
}

/* The braces of an answer are hidden from Anki, those of the hole are not. */
static void hide_braces(struct str *out, struct slice s)
{
	for (size_t i = 0; i < s.len; i++) {
		if (s.p[i] == '{')
			str_add(out, BRACE_ON);
		else if (s.p[i] == '}')
			str_add(out, BRACE_OFF);
		else
			str_addc(out, s.p[i]);
	}
}

void html_from_cloze(struct str *out, const char *text)
{
	struct str md = {0};
	struct hole h;
	size_t at = 0, from = 0;
	const char *problem;
	while (cloze_next(text, &at, &h, &problem) == CLOZE_HOLE) {
		str_addn(&md, text + from, h.start - from);
		str_addf(&md, "{{c%d::", h.number);
		hide_braces(&md, h.answer);
		if (h.hint.len)
			str_add(&md, "::");
		hide_braces(&md, h.hint);
		str_add(&md, "}}");
		from = h.end;
	}
	str_add(&md, text + from);
	html_from_md(out, str_c(&md));
	str_clear(&md);
}
