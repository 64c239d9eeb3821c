/* markdown.c -- reads Markdown with md4c into the flat block list of mdblock.h.
 *
 * md4c calls back as it walks the text; a tree of nodes would only be walked once more, so the
 * callbacks write leaves (paragraphs, headings, code, rules, tables) one after the other, and each
 * leaf knows the boxes (quotes, lists, items) around it. All text goes into one buffer, styles into
 * one array of spans over it: a leaf or a table cell is a range of bytes, and nothing is copied
 * until lines are made.
 *
 * Text is sanitised here, piece by piece, because the source may not be: a tab that became one
 * space would change how its line is indented. In a tight list md4c sends no paragraph blocks, so
 * text that comes outside any leaf opens one. md4c is linear, but a table's header can ask for many
 * more cells than the source has bytes and a link reference can be used many times, hence
 * MAX_MD_CELLS and MAX_MD_TEXT. Once one is met all callbacks say stop, because md4c does not heed
 * each of them. */
#include "base/mdblock.h"
#include "base/utf8.h"

#include <assert.h>
#include <md4c.h>
#include <stdlib.h>
#include <string.h>

enum { STRONG, EM, CODE, STRIKE, LINK, STYLE_COUNT };
static const unsigned style_bit[] = {
	[STRONG] = MD_STRONG, [EM] = MD_EM,     [CODE] = MD_CODE,
	[STRIKE] = MD_STRIKE, [LINK] = MD_LINK,
};
static_assert(ARRAY_LEN(style_bit) == STYLE_COUNT, "every span has its bit");

struct reader {
	struct mdb_doc *doc;
	int target_cols;
	struct mdb_box *box;
	unsigned depth, over; /* lists and quotes open; boxes open that are deeper than allowed */
	bool open;            /* the last leaf is still being read */
	bool in_table, in_cell;
	size_t from;                 /* where the text of the open leaf or cell begins */
	size_t line;                 /* where the last line of open code begins */
	unsigned base;               /* style of the leaf or cell */
	unsigned spans[STYLE_COUNT]; /* open spans of each style */
	bool blank;                  /* between MD_BLANK_ON and MD_BLANK_OFF */
	size_t link;                 /* where the text of the open link begins */
	int stop;                    /* what callbacks return: 1 after a limit was met */
	struct str clean, ascii;     /* scratch */
};

/* ---- leaves and cells ---- */

static bool is_gap(char c)
{
	return c == ' ' || c == '\n';
}

static void open_leaf(struct reader *r, enum mdb_kind kind, unsigned style)
{
	struct mdb_doc *doc = r->doc;

	doc->leaves =
		array_grow(doc->leaves, &doc->cap_leaves, doc->nleaves + 1, sizeof(*doc->leaves));
	doc->leaves[doc->nleaves++] = (struct mdb_leaf){.kind = kind, .box = r->box};
	r->open = true;
	r->from = r->line = doc->text.len;
	r->base = style;
}

/* In a tight list text comes without a paragraph around it. */
static void need_leaf(struct reader *r)
{
	if (!r->open)
		open_leaf(r, MDB_PARA, 0);
}

/* The text since r->from without white space at its ends; code keeps the indentation of its first
 * line. */
static struct mdb_range trimmed(const struct reader *r, bool code)
{
	const char *p = str_c(&r->doc->text);
	struct mdb_range text = {r->from, r->doc->text.len};

	while (text.to > text.from && is_gap(p[text.to - 1]))
		text.to--;
	size_t first = text.from;
	while (first < text.to && is_gap(p[first]))
		first++;
	while (code && first > text.from && p[first - 1] != '\n')
		first--;
	text.from = first;
	return text;
}

/* What has no words is an empty paragraph, whatever it was meant to be. */
static void close_leaf(struct reader *r)
{
	if (!r->open)
		return;
	struct mdb_leaf *leaf = &r->doc->leaves[r->doc->nleaves - 1];
	if (leaf->kind == MDB_TABLE)
		leaf->kind = leaf->table->rows ? MDB_TABLE : MDB_PARA;
	else
		leaf->text = trimmed(r, leaf->kind == MDB_CODE);
	if (leaf->kind == MDB_CODE && leaf->text.from == leaf->text.to)
		leaf->kind = MDB_PARA;
	r->open = false;
	r->base = 0;
}

static void open_table(struct reader *r, const MD_BLOCK_TABLE_DETAIL *d)
{
	struct mdb_doc *doc = r->doc;
	struct mdb_table *t = arena_alloc(&doc->arena, sizeof(*t));

	open_leaf(r, MDB_TABLE, 0);
	*t = (struct mdb_table){
		.columns = d->col_count,
		.first = doc->ncells,
		.align = arena_alloc(&doc->arena, d->col_count + 1),
	};
	doc->leaves[doc->nleaves - 1].table = t;
	r->in_table = true;
}

/* A parse that was cut leaves a row unfinished: only whole rows count. No word, no rows. */
static void close_table(struct reader *r)
{
	struct mdb_doc *doc = r->doc;
	struct mdb_table *t = doc->leaves[doc->nleaves - 1].table;

	for (size_t i = t->first; i < doc->ncells; i++) {
		if (doc->cells[i].from < doc->cells[i].to)
			t->rows = (doc->ncells - t->first) / t->columns;
	}
	r->in_table = false;
	close_leaf(r);
}

static enum mdb_align alignment(MD_ALIGN align)
{
	return align == MD_ALIGN_RIGHT    ? MDB_RIGHT
	       : align == MD_ALIGN_CENTER ? MDB_CENTER
					  : MDB_LEFT;
}

static void open_cell(struct reader *r, bool head, MD_ALIGN align)
{
	struct mdb_table *t = r->doc->leaves[r->doc->nleaves - 1].table;
	size_t column = r->doc->ncells - t->first;

	if (head && column < t->columns)
		t->align[column] = (unsigned char)alignment(align);
	r->in_cell = true;
	r->from = r->doc->text.len;
	r->base = head ? MD_STRONG : 0;
}

static void close_cell(struct reader *r)
{
	struct mdb_doc *doc = r->doc;

	r->in_cell = false;
	if (doc->ncells == MAX_MD_CELLS) {
		r->stop = 1;
		return;
	}
	doc->cells = array_grow(doc->cells, &doc->cap_cells, doc->ncells + 1, sizeof(*doc->cells));
	doc->cells[doc->ncells++] = trimmed(r, false);
}

/* ---- boxes ---- */

static void open_box(struct reader *r, struct mdb_box box)
{
	/* Items follow their list, so that an item's box always stands in one. */
	if (r->over || (box.kind != MDB_ITEM && r->depth == MAX_MD_DEPTH)) {
		r->over++;
		return;
	}
	struct mdb_box *b = arena_alloc(&r->doc->arena, sizeof(*b));
	*b = box;
	b->up = r->box;
	if (b->kind == MDB_ITEM)
		b->count = b->up->count++;
	else
		r->depth++;
	r->box = b;
}

static void close_box(struct reader *r)
{
	if (r->over) {
		r->over--;
		return;
	}
	if (r->box->kind == MDB_ITEM && r->box->leaf == r->doc->nleaves) {
		open_leaf(r, MDB_PARA, 0); /* an empty item still shows its marker */
		close_leaf(r);
	}
	if (r->box->kind != MDB_ITEM)
		r->depth--;
	r->box = r->box->up;
}

/* ---- text ---- */

static unsigned style_now(const struct reader *r)
{
	unsigned style = r->base | (r->blank ? MD_BLANK : 0);

	for (size_t i = 0; i < STYLE_COUNT; i++)
		style |= r->spans[i] ? style_bit[i] : 0;
	return style;
}

/* May this go into a file as it is? */
static bool is_clean(const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)p[i] < 0x20 || p[i] == 0x7F)
			return false;
	return utf8_invalid_at(p, n) == n;
}

static struct slice cleaned(struct reader *r, const char *p, size_t n)
{
	if (r->doc->exact && is_clean(p, n))
		return (struct slice){p, n};
	str_reset(&r->clean);
	utf8_sanitize(&r->clean, p, n, false);
	if (!r->doc->ascii)
		return (struct slice){str_c(&r->clean), r->clean.len};
	str_reset(&r->ascii);
	utf8_to_ascii(&r->ascii, str_c(&r->clean), r->clean.len);
	return (struct slice){str_c(&r->ascii), r->ascii.len};
}

/* Text of a paragraph: a run of spaces is one, and none stands at the beginning. */
static void add_words(struct reader *r, struct slice text, bool keep_spaces)
{
	struct str *to = &r->doc->text;

	while (text.len && !keep_spaces) {
		const char *space = memchr(text.p, ' ', text.len);
		size_t n = space ? (size_t)(space - text.p) : text.len;
		str_addn(to, text.p, n);
		if (space && to->len > r->from && !is_gap(to->p[to->len - 1]))
			str_addc(to, ' ');
		n += space != NULL;
		text.p += n;
		text.len -= n;
	}
	str_addn(to, text.p, text.len);
}

/* Code: tabs to the next multiple of four; bytes count as columns, as tabs stand behind ASCII. */
static void add_code(struct reader *r, struct slice text)
{
	struct str *to = &r->doc->text;
	size_t done = 0;

	for (size_t i = 0; i <= text.len; i++) {
		if (i < text.len && text.p[i] != '\t' && text.p[i] != '\n')
			continue;
		struct slice clean = cleaned(r, text.p + done, i - done);
		str_addn(to, clean.p, clean.len);
		done = i + 1;
		if (i < text.len && text.p[i] == '\t')
			str_addn(to, "    ", 4 - (to->len - r->line) % 4);
		if (i < text.len && text.p[i] == '\n') {
			str_addc(to, '\n');
			r->line = to->len;
		}
	}
}

static void add_piece(struct reader *r, struct slice text)
{
	if (!text.len)
		return;
	if (r->base & MD_CODE)
		add_code(r, text);
	else
		add_words(r, cleaned(r, text.p, text.len), r->spans[CODE] > 0);
	mdb_style(r->doc, style_now(r));
}

/* Offset of the next MD_BLANK_ON or MD_BLANK_OFF, or n. */
static size_t marker_at(const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const char *hit = memchr(p + i, MD_BLANK_ON[0], n - i);
		if (!hit)
			return n;
		i = (size_t)(hit - p);
		bool whole = n - i >= 3 && hit[1] == MD_BLANK_ON[1];
		if (whole && (hit[2] == MD_BLANK_ON[2] || hit[2] == MD_BLANK_OFF[2]))
			return i;
	}
	return n;
}

static void add_text(struct reader *r, const char *p, size_t n)
{
	need_leaf(r);
	while (n) {
		size_t k = marker_at(p, n);
		add_piece(r, (struct slice){p, k});
		if (k == n)
			break;
		r->blank = p[k + 2] == MD_BLANK_ON[2];
		p += k + 3;
		n -= k + 3;
	}
	if (r->doc->text.len > MAX_MD_TEXT)
		r->stop = 1;
}

static void add_break(struct reader *r)
{
	struct mdb_doc *doc = r->doc;

	need_leaf(r);
	while (doc->text.len > r->from && doc->text.p[doc->text.len - 1] == ' ')
		mdb_truncate(doc, doc->text.len - 1);
	mdb_add(doc, "\n", 1, style_now(r));
}

static void add_entity(struct reader *r, const char *p, size_t n)
{
	char bytes[4];
	uint32_t cp = n > 2 ? mdb_entity(p, n) : 0;

	if (cp)
		add_text(r, bytes, (size_t)utf8_encode(cp, bytes));
	else
		add_text(r, p, n);
}

/* Is the target to be seen behind its link? Not if it is what the link says or leads nowhere
 * outside, nor in tables and headings, which it would tear apart, nor broken over lines, where
 * nobody can follow it. */
static bool shows_target(const struct reader *r, struct slice target)
{
	struct slice said = {str_c(&r->doc->text) + r->link, r->doc->text.len - r->link};

	if (!r->open || r->in_table || (r->base & MD_HEADING))
		return false;
	if (!memmem(target.p, target.len, "://", 3) || target.len + 2 > (size_t)r->target_cols)
		return false;
	return said.len != target.len || memcmp(said.p, target.p, target.len) != 0;
}

/* Text of an attribute, entities decoded. */
static const char *attribute(struct reader *r, const MD_ATTRIBUTE *at)
{
	struct str s = {0};
	char bytes[4];

	for (size_t i = 0; at->substr_offsets[i] < at->size; i++) {
		const char *part = at->text + at->substr_offsets[i];
		size_t n = at->substr_offsets[i + 1] - at->substr_offsets[i];
		uint32_t cp =
			at->substr_types[i] == MD_TEXT_ENTITY && n > 2 ? mdb_entity(part, n) : 0;
		if (cp)
			str_addn(&s, bytes, (size_t)utf8_encode(cp, bytes));
		else
			utf8_sanitize(&s, part, n, false);
	}
	const char *copy = arena_strndup(&r->doc->arena, str_c(&s), s.len);
	str_clear(&s);
	return copy;
}

static void keep_link(struct reader *r, const MD_ATTRIBUTE *href)
{
	struct mdb_doc *doc = r->doc;

	if (r->link >= doc->text.len)
		return;
	doc->links = array_grow(doc->links, &doc->cap_links, doc->nlinks + 1, sizeof(*doc->links));
	doc->links[doc->nlinks++] = (struct mdb_link){{r->link, doc->text.len}, attribute(r, href)};
}

static void close_link(struct reader *r, const MD_ATTRIBUTE *href)
{
	unsigned base = r->base;

	if (r->doc->exact) {
		keep_link(r, href);
		return;
	}
	if (!href->size || !shows_target(r, (struct slice){href->text, href->size}))
		return;
	add_text(r, " ", 1);
	r->base |= MD_LINK | MD_RULE;
	add_text(r, "<", 1);
	for (size_t i = 0; href->substr_offsets[i] < href->size; i++) {
		const char *part = href->text + href->substr_offsets[i];
		size_t n = href->substr_offsets[i + 1] - href->substr_offsets[i];
		if (href->substr_types[i] == MD_TEXT_ENTITY)
			add_entity(r, part, n);
		else
			add_text(r, part, n);
	}
	add_text(r, ">", 1);
	r->base = base;
}

/* ---- md4c's callbacks ---- */

static char task_mark(const MD_BLOCK_LI_DETAIL *li)
{
	if (!li->is_task)
		return 0;
	return li->task_mark == ' ' ? ' ' : 'x';
}

static int enter_block(MD_BLOCKTYPE type, void *detail, void *data)
{
	struct reader *r = data;
	const MD_BLOCK_UL_DETAIL *ul = detail;
	const MD_BLOCK_OL_DETAIL *ol = detail;

	if (!r->in_table)
		close_leaf(r);
	switch (type) {
	case MD_BLOCK_QUOTE:
		open_box(r, (struct mdb_box){.kind = MDB_QUOTE});
		break;
	case MD_BLOCK_UL:
		open_box(r, (struct mdb_box){.kind = MDB_LIST, .tight = ul->is_tight});
		break;
	case MD_BLOCK_OL:
		open_box(r, (struct mdb_box){.kind = MDB_LIST,
					     .tight = ol->is_tight,
					     .ordered = true,
					     .start = ol->start,
					     .delimiter = ol->mark_delimiter});
		break;
	case MD_BLOCK_LI:
		open_box(r, (struct mdb_box){.kind = MDB_ITEM,
					     .leaf = r->doc->nleaves,
					     .task = task_mark(detail)});
		break;
	case MD_BLOCK_HR:
		open_leaf(r, MDB_RULE, 0);
		break;
	case MD_BLOCK_H:
		open_leaf(r, MDB_HEADING, MD_HEADING);
		break;
	case MD_BLOCK_CODE:
		open_leaf(r, MDB_CODE, MD_CODE);
		break;
	case MD_BLOCK_HTML:
	case MD_BLOCK_P:
		open_leaf(r, MDB_PARA, 0);
		break;
	case MD_BLOCK_TABLE:
		open_table(r, detail);
		break;
	case MD_BLOCK_TH:
	case MD_BLOCK_TD:
		open_cell(r, type == MD_BLOCK_TH, ((const MD_BLOCK_TD_DETAIL *)detail)->align);
		break;
	case MD_BLOCK_DOC:
	case MD_BLOCK_THEAD:
	case MD_BLOCK_TBODY:
	case MD_BLOCK_TR:
		break;
	}
	return r->stop;
}

static int leave_block(MD_BLOCKTYPE type, void *detail, void *data)
{
	struct reader *r = data;

	(void)detail;
	switch (type) {
	case MD_BLOCK_QUOTE:
	case MD_BLOCK_UL:
	case MD_BLOCK_OL:
	case MD_BLOCK_LI:
		close_leaf(r);
		close_box(r);
		break;
	case MD_BLOCK_TABLE:
		close_table(r);
		break;
	case MD_BLOCK_TH:
	case MD_BLOCK_TD:
		close_cell(r);
		break;
	case MD_BLOCK_THEAD:
	case MD_BLOCK_TBODY:
	case MD_BLOCK_TR:
		break;
	case MD_BLOCK_DOC:
	case MD_BLOCK_HR:
	case MD_BLOCK_H:
	case MD_BLOCK_CODE:
	case MD_BLOCK_HTML:
	case MD_BLOCK_P:
		close_leaf(r);
		break;
	}
	return r->stop;
}

/* Which style a span gives; STYLE_COUNT for none. */
static int span_style(MD_SPANTYPE type)
{
	switch (type) {
	case MD_SPAN_EM:
	case MD_SPAN_U:
		return EM;
	case MD_SPAN_STRONG:
		return STRONG;
	case MD_SPAN_A:
		return LINK;
	case MD_SPAN_CODE:
	case MD_SPAN_LATEXMATH:
	case MD_SPAN_LATEXMATH_DISPLAY:
		return CODE;
	case MD_SPAN_DEL:
		return STRIKE;
	case MD_SPAN_IMG:
	case MD_SPAN_WIKILINK:
		break;
	}
	return STYLE_COUNT;
}

static int enter_span(MD_SPANTYPE type, void *detail, void *data)
{
	struct reader *r = data;
	int style = span_style(type);

	(void)detail;
	if (style < STYLE_COUNT)
		r->spans[style]++;
	if (type == MD_SPAN_A)
		r->link = r->doc->text.len;
	return r->stop;
}

static int leave_span(MD_SPANTYPE type, void *detail, void *data)
{
	struct reader *r = data;
	int style = span_style(type);

	if (style < STYLE_COUNT)
		r->spans[style]--;
	if (type == MD_SPAN_A)
		close_link(r, &((const MD_SPAN_A_DETAIL *)detail)->href);
	return r->stop;
}

static int text(MD_TEXTTYPE type, const MD_CHAR *p, MD_SIZE n, void *data)
{
	struct reader *r = data;

	switch (type) {
	case MD_TEXT_NULLCHAR:
		add_text(r, "\xef\xbf\xbd", 3);
		break;
	case MD_TEXT_BR:
		add_break(r);
		break;
	case MD_TEXT_SOFTBR:
		add_text(r, " ", 1);
		break;
	case MD_TEXT_ENTITY:
		add_entity(r, p, n);
		break;
	case MD_TEXT_NORMAL:
	case MD_TEXT_CODE:
	case MD_TEXT_HTML:
	case MD_TEXT_LATEXMATH:
		add_text(r, p, n);
		break;
	}
	return r->stop;
}

/* ---- entry points ---- */

/* Length of the source, or where to cut it: between characters, if it has any. */
static size_t bounded(const char *source)
{
	size_t n = strnlen(source, MAX_MD_BYTES + 1);

	if (n <= MAX_MD_BYTES)
		return n;
	n = MAX_MD_BYTES;
	for (int i = 0; i < 3 && ((unsigned char)source[n] & 0xC0) == 0x80; i++)
		n--;
	return n;
}

void mdb_read(struct mdb_doc *doc, const char *source, bool ascii, int target_cols)
{
	static const MD_PARSER parser = {
		.flags =
			MD_FLAG_TABLES | MD_FLAG_STRIKETHROUGH | MD_FLAG_TASKLISTS | MD_FLAG_NOHTML,
		.enter_block = enter_block,
		.leave_block = leave_block,
		.enter_span = enter_span,
		.leave_span = leave_span,
		.text = text,
	};
	struct reader r = {.doc = doc, .target_cols = target_cols};
	size_t n = source ? bounded(source) : 0;

	doc->ascii = ascii;
	bool cut = n && source[n] != '\0';
	if (n && md_parse(source, (MD_SIZE)n, &parser, &r))
		cut = true;
	if (r.in_table)
		close_table(&r);
	close_leaf(&r);
	if (cut) {
		r.box = NULL;
		memset(r.spans, 0, sizeof(r.spans));
		open_leaf(&r, MDB_PARA, 0);
		mdb_add(doc, doc->ascii ? "..." : "…", 3, MD_PLAIN);
		close_leaf(&r);
	}
	str_clear(&r.clean);
	str_clear(&r.ascii);
}

void mdb_read_exact(struct mdb_doc *doc, const char *source)
{
	doc->exact = true;
	mdb_read(doc, source, false, 0);
}

/* Onto one line: white space becomes one space, and one parts the words from what is before. */
static void add_flat(struct str *out, size_t from, struct slice words)
{
	bool gap = out->len > from;

	for (size_t i = 0; i < words.len;) {
		size_t n = 0;
		while (i + n < words.len && !is_gap(words.p[i + n]))
			n++;
		if (n && gap && out->len > from)
			str_addc(out, ' ');
		str_addn(out, words.p + i, n);
		gap = n == 0 || i + n < words.len;
		i += n ? n : 1;
	}
}

/* Has the text nothing that Markdown could read as a mark? Most texts of most cards are so, and
 * words are wanted of whole decks at once. */
static bool is_unmarked(const char *s)
{
	if (strchr("-+0123456789: ", *s))
		return false;
	for (; *s; s++)
		if ((unsigned char)*s < 0x20 || (unsigned char)*s > 0x7E ||
		    strchr("\\`*_[]<>#|&~=!", *s))
			return false;
	return true;
}

void md_words(struct str *out, const char *source)
{
	struct mdb_doc doc = {0};
	size_t from = out->len;

	if (is_unmarked(source)) {
		add_flat(out, from, (struct slice){source, strlen(source)});
		return;
	}
	mdb_read(&doc, source, false, 0);
	for (size_t i = 0; i < doc.nleaves; i++) {
		const struct mdb_leaf *leaf = &doc.leaves[i];
		const struct mdb_table *t = leaf->kind == MDB_TABLE ? leaf->table : NULL;
		const struct mdb_range *texts = t ? doc.cells + t->first : &leaf->text;
		size_t n = t ? t->rows * t->columns : 1;
		for (size_t k = 0; k < n; k++) {
			const char *p = str_c(&doc.text) + texts[k].from;
			add_flat(out, from, (struct slice){p, texts[k].to - texts[k].from});
		}
	}
	mdb_clear(&doc);
}
