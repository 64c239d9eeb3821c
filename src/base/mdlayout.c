/* mdlayout.c -- lines of a given width from the block list of mdblock.h.
 *
 * Leaves are drawn one after the other. What stands left of a leaf comes from the boxes around it
 * and is drawn anew on each line: a bar for a quote, the marker of an item on the first line that
 * is drawn in it and blanks on the others. A box that would leave its text under MIN_ROOM columns
 * takes none: a quote is then not shown, and an item's marker becomes the first word of its text,
 * so that nothing of a list nested too deeply for its screen is lost.
 *
 * A blank line parts two leaves, unless the innermost box that holds both is a tight list or an
 * item of one; bars of quotes that hold both go through it. */
#include "base/mdblock.h"
#include "base/utf8.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define MIN_WIDTH 10
#define MAX_MD_WIDTH 500 /* no screen is wider, and rules are as long as lines */
#define MIN_ROOM 8       /* columns boxes leave for text */
#define CODE_INDENT 2

static const struct mdb_marks marks[] = {
	{.bar = "│", .bullet = "•", .rule = "─", .more = "…", .ellipsis = "…"},
	{.bar = "|", .bullet = "-", .rule = "-", .more = ">", .ellipsis = "..."},
};

/* ---- the line under construction ---- */

void mdb_put(struct mdb_pen *pen, const char *text, size_t n, unsigned style)
{
	if (!n)
		return;
	str_addn(&pen->line, text, n);
	if (pen->nspans && pen->spans[pen->nspans - 1].style == style) {
		pen->spans[pen->nspans - 1].end = pen->line.len;
		return;
	}
	pen->spans = array_grow(pen->spans, &pen->cap_spans, pen->nspans + 1, sizeof(*pen->spans));
	pen->spans[pen->nspans++] = (struct mdb_span){pen->line.len, style};
}

void mdb_put_range(struct mdb_pen *pen, struct mdb_range r)
{
	const struct mdb_doc *doc = pen->doc;

	for (size_t i = mdb_span_at(doc, r.from); r.from < r.to; i++) {
		size_t end = doc->spans[i].end < r.to ? doc->spans[i].end : r.to;
		mdb_put(pen, doc->text.p + r.from, end - r.from, doc->spans[i].style);
		r.from = end;
	}
}

void mdb_pad(struct mdb_pen *pen, int cols)
{
	for (; cols > 0; cols--)
		mdb_put(pen, " ", 1, MD_PLAIN);
}

void mdb_put_rule(struct mdb_pen *pen, int cols)
{
	size_t n = strlen(pen->marks->rule);

	for (; cols > 0; cols--)
		mdb_put(pen, pen->marks->rule, n, MD_RULE);
}

static void drop_line(struct mdb_pen *pen)
{
	str_reset(&pen->line);
	pen->nspans = 0;
}

static void trim_line(struct mdb_pen *pen)
{
	size_t len = pen->line.len;

	while (len && pen->line.p[len - 1] == ' ')
		len--;
	if (len == pen->line.len)
		return;
	str_truncate(&pen->line, len);
	while (pen->nspans && (pen->nspans > 1 ? pen->spans[pen->nspans - 2].end : 0) >= len)
		pen->nspans--;
	if (pen->nspans)
		pen->spans[pen->nspans - 1].end = len;
}

void mdb_end(struct mdb_pen *pen)
{
	struct md_layout *out = pen->out;

	if (!pen->full && (out->count == MAX_MD_LINES - 1 || out->arena.total > MAX_MD_OUTPUT)) {
		drop_line(pen);
		mdb_put(pen, pen->marks->ellipsis, strlen(pen->marks->ellipsis), MD_PLAIN);
		pen->full = true;
	} else if (pen->full) {
		drop_line(pen);
		return;
	}
	trim_line(pen);
	struct md_line line = {.count = pen->nspans};
	line.runs = arena_alloc(&out->arena, (pen->nspans + 1) * sizeof(*line.runs));
	for (size_t i = 0, from = 0; i < pen->nspans; i++) {
		struct mdb_span s = pen->spans[i];
		const char *text = arena_strndup(&out->arena, pen->line.p + from, s.end - from);
		int cols = utf8_columns(text, s.end - from);
		line.runs[i] = (struct md_run){.text = text, .cols = cols, .style = s.style};
		line.cols += cols;
		from = s.end;
	}
	out->lines = array_grow(out->lines, &pen->cap_lines, out->count + 1, sizeof(*out->lines));
	out->lines[out->count++] = line;
	drop_line(pen);
}

/* ---- boxes ---- */

static int digits(unsigned n)
{
	int count = 1;

	for (; n > 9; n /= 10)
		count++;
	return count;
}

static int box_cols(const struct mdb_box *box)
{
	switch (box->kind) {
	case MDB_LIST:
		return 0;
	case MDB_QUOTE:
		return 2;
	case MDB_ITEM:
		break;
	}
	if (box->task)
		return 4;
	return box->up->ordered ? digits(box->up->start + box->up->count - 1) + 2 : 2;
}

/* Does a box get its columns, behind what those around it take? */
static bool box_fits(const struct mdb_pen *pen, const struct mdb_box *box, int before)
{
	return before + box_cols(box) + MIN_ROOM <= pen->width;
}

/* Marker with the blank behind it, into out. Bullets are drawn dim; numbers and ticks are part of
 * the text. */
static unsigned marker(const struct mdb_pen *pen, const struct mdb_box *box, struct str *out)
{
	if (box->task) {
		str_addf(out, "[%c] ", box->task);
		return MD_PLAIN;
	}
	if (box->up->ordered) {
		str_addf(out, "%*u%c ", box_cols(box) - 2, box->up->start + box->count,
			 box->up->delimiter);
		return MD_PLAIN;
	}
	str_addf(out, "%s ", pen->marks->bullet);
	return MD_RULE;
}

static void put_marker(struct mdb_pen *pen, struct mdb_box *box)
{
	struct str s = {0};
	unsigned style = marker(pen, box, &s);

	mdb_put(pen, s.p, s.len, style);
	str_clear(&s);
	box->drawn = true;
}

/* What the outermost n boxes put at the beginning of a line. Returns its columns. */
static int put_boxes(struct mdb_pen *pen, size_t n)
{
	int cols = 0;

	for (size_t i = 0; i < n; i++) {
		struct mdb_box *box = pen->chain[i];
		if (!box_fits(pen, box, cols))
			continue;
		cols += box_cols(box);
		if (box->kind == MDB_QUOTE) {
			mdb_put(pen, pen->marks->bar, strlen(pen->marks->bar), MD_RULE);
			mdb_put(pen, " ", 1, MD_RULE);
		} else if (box->kind == MDB_ITEM && !box->drawn) {
			put_marker(pen, box);
		} else {
			mdb_pad(pen, box_cols(box));
		}
	}
	return cols;
}

void mdb_begin(struct mdb_pen *pen)
{
	put_boxes(pen, pen->depth);
}

int mdb_room(const struct mdb_pen *pen)
{
	return pen->width - pen->indent;
}

static bool parted(const struct mdb_pen *pen, size_t common)
{
	const struct mdb_box *box = common ? pen->chain[common - 1] : NULL;

	if (box && box->kind == MDB_ITEM)
		box = box->up;
	return !box || box->kind != MDB_LIST || !box->tight;
}

/* Go into the boxes of the next leaf; a blank line first where one belongs. */
static void enter_boxes(struct mdb_pen *pen, struct mdb_box *inner)
{
	struct mdb_box *chain[MAX_MD_CHAIN];
	size_t depth = 0;
	size_t common = 0;

	for (struct mdb_box *b = inner; b; b = b->up)
		depth++;
	assert(depth <= MAX_MD_CHAIN);
	for (size_t i = depth; i--; inner = inner->up)
		chain[i] = inner;
	while (common < depth && common < pen->depth && chain[common] == pen->chain[common])
		common++;
	if (pen->out->count && parted(pen, common)) {
		put_boxes(pen, common);
		mdb_end(pen);
	}
	memcpy(pen->chain, chain, depth * sizeof(*chain));
	pen->depth = depth;
	pen->indent = 0;
	for (size_t i = 0; i < depth; i++)
		pen->indent += box_fits(pen, chain[i], pen->indent) ? box_cols(chain[i]) : 0;
}

/* Markers of items that got no columns, added to the document's text: they are drawn as its first
 * words. */
static void add_loose_markers(struct mdb_pen *pen)
{
	int cols = 0;
	struct str s = {0};

	for (size_t i = 0; i < pen->depth; i++) {
		struct mdb_box *box = pen->chain[i];
		if (box_fits(pen, box, cols)) {
			cols += box_cols(box);
		} else if (box->kind == MDB_ITEM && !box->drawn) {
			str_reset(&s);
			unsigned style = marker(pen, box, &s);
			mdb_add(pen->doc, s.p, s.len, style);
			box->drawn = true;
		}
	}
	str_clear(&s);
}

/* ---- leaves ---- */

void mdb_draw_text(struct mdb_pen *pen, struct mdb_range r, int hang)
{
	pen->ncuts = 0;
	mdb_wrap(pen, r, mdb_room(pen), hang);
	if (!pen->ncuts)
		mdb_add_cut(pen, (struct mdb_cut){.text = r});
	for (size_t i = 0; i < pen->ncuts && !pen->full; i++) {
		mdb_begin(pen);
		mdb_pad(pen, i ? hang : 0);
		mdb_put_range(pen, pen->cuts[i].text);
		mdb_end(pen);
	}
}

/* Bytes of a line of code for one line: up to behind a blank, if there is one in the second half.
 * The blank itself need not fit, as blanks at the end of a line are not drawn. */
static size_t code_fit(const char *p, size_t n, int cols)
{
	size_t fit = utf8_fit(p, n, cols);

	for (size_t k = fit; fit < n && k > fit / 2; k--) {
		if (p[k] == ' ')
			return k + 1;
	}
	return fit ? fit : n;
}

/* A line of code that is too long goes on in the next, with a mark in its indentation. Its own
 * indentation never takes more than half of the room. */
static void draw_code_line(struct mdb_pen *pen, struct mdb_range r)
{
	const char *text = pen->doc->text.p;
	int room = mdb_room(pen) - CODE_INDENT;
	size_t blanks = strspn(text + r.from, " ");

	if (blanks > (size_t)room / 2)
		r.from += blanks - (size_t)room / 2;
	r.to = r.to < r.from ? r.from : r.to;
	size_t at = r.from;
	do {
		size_t n = code_fit(text + at, r.to - at, room);
		mdb_begin(pen);
		if (at > r.from)
			mdb_put(pen, pen->marks->more, strlen(pen->marks->more), MD_RULE);
		mdb_pad(pen, at > r.from ? CODE_INDENT - 1 : CODE_INDENT);
		mdb_put_range(pen, (struct mdb_range){at, at + n});
		mdb_end(pen);
		at += n;
	} while (at < r.to && !pen->full);
}

static void draw_code(struct mdb_pen *pen, struct mdb_range r)
{
	while (r.from < r.to && !pen->full) {
		const char *line = pen->doc->text.p + r.from;
		const char *end = memchr(line, '\n', r.to - r.from);
		size_t n = end ? (size_t)(end - line) : r.to - r.from;
		draw_code_line(pen, (struct mdb_range){r.from, r.from + n});
		r.from += n + 1;
	}
}

static void draw_leaf(struct mdb_pen *pen, const struct mdb_leaf *leaf)
{
	struct mdb_doc *doc = pen->doc;
	size_t keep = doc->text.len;
	struct mdb_range text = leaf->text;
	bool words = leaf->kind == MDB_PARA || leaf->kind == MDB_HEADING;

	enter_boxes(pen, leaf->box);
	add_loose_markers(pen);
	if (doc->text.len > keep) {
		size_t markers = doc->text.len;
		if (words)
			mdb_add_range(doc, text, MD_PLAIN);
		else
			mdb_draw_text(pen, (struct mdb_range){keep, markers - 1}, 0);
		text = words ? (struct mdb_range){keep, doc->text.len} : text;
	}
	switch (leaf->kind) {
	case MDB_PARA:
	case MDB_HEADING:
		mdb_draw_text(pen, text, 0);
		break;
	case MDB_CODE:
		draw_code(pen, text);
		break;
	case MDB_RULE:
		mdb_begin(pen);
		mdb_put_rule(pen, mdb_room(pen));
		mdb_end(pen);
		break;
	case MDB_TABLE:
		mdb_draw_table(pen, leaf->table);
		break;
	}
	mdb_truncate(doc, keep);
}

/* Nothing to see, and no marker waits to be drawn with it. */
static bool is_empty(const struct mdb_leaf *leaf)
{
	if (leaf->kind == MDB_RULE || leaf->kind == MDB_TABLE || leaf->text.from < leaf->text.to)
		return false;
	for (const struct mdb_box *box = leaf->box; box; box = box->up) {
		if (box->kind == MDB_ITEM && !box->drawn)
			return false;
	}
	return true;
}

/* ---- entry points ---- */

void md_layout(struct md_layout *out, const char *source, int width, bool ascii)
{
	struct mdb_doc doc = {0};
	struct mdb_pen pen = {.doc = &doc, .out = out, .marks = &marks[ascii ? 1 : 0]};

	md_layout_clear(out);
	pen.width = width < MIN_WIDTH ? MIN_WIDTH : width > MAX_MD_WIDTH ? MAX_MD_WIDTH : width;
	out->width = pen.width;
	mdb_read(&doc, source, ascii, pen.width);
	for (size_t i = 0; i < doc.nleaves && !pen.full; i++) {
		if (!is_empty(&doc.leaves[i]))
			draw_leaf(&pen, &doc.leaves[i]);
	}
	struct md_line *lines = arena_alloc(&out->arena, (out->count + 1) * sizeof(*lines));
	if (out->count)
		memcpy(lines, out->lines, out->count * sizeof(*lines));
	free(out->lines);
	out->lines = lines;
	str_clear(&pen.line);
	free(pen.spans);
	free(pen.cuts);
	mdb_clear(&doc);
}

void md_layout_clear(struct md_layout *out)
{
	arena_clear(&out->arena);
	*out = (struct md_layout){0};
}

void md_plain(struct str *out, const char *source, int width, bool ascii)
{
	struct md_layout m = {0};

	md_layout(&m, source, width, ascii);
	for (size_t i = 0; i < m.count; i++) {
		for (size_t k = 0; k < m.lines[i].count; k++)
			str_add(out, m.lines[i].runs[k].text);
		str_addc(out, '\n');
	}
	md_layout_clear(&m);
}
