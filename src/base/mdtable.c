/* mdtable.c -- tables in lines of a given width: columns, or records where columns would be too
 * narrow.
 *
 * A table is drawn as books set it: the header strong, one thin rule under it, columns parted by
 * two blanks, no box. In 80x24 every line drawn between cells costs text. What wraps stays legible
 * because a row begins where its first column has words; only when first cells themselves wrap or
 * are empty (so that a second line could be taken for a row) do blank lines part the rows.
 *
 * Columns get the width of their widest line if all fit. Otherwise the narrow ones do, and the wide
 * ones share what is left evenly, each at least as wide as its longest word, so that no word is
 * broken for a neighbour's sake. Where even that does not fit, rows become records of "heading:
 * cell" lines. */
#include "base/mdblock.h"

#define GAP 2           /* blanks between columns */
#define MIN_COLUMN 8    /* a column that needs more is not made narrower */
#define MAX_WORD 24     /* longer words may be broken before a table becomes records */
#define MAX_COLUMNS 170 /* more cannot fit the widest line */
#define RECORD_HANG 2   /* further lines of a record's field */

struct grid {
	const struct mdb_table *t;
	int natural[MAX_COLUMNS]; /* widest line */
	int least[MAX_COLUMNS];
	int width[MAX_COLUMNS]; /* as drawn */
	bool airy;              /* blank lines between rows */
};

static struct mdb_range cell(const struct mdb_pen *pen, const struct mdb_table *t, size_t row,
			     size_t column)
{
	return pen->doc->cells[t->first + row * t->columns + column];
}

static bool row_is_empty(const struct mdb_pen *pen, const struct mdb_table *t, size_t row)
{
	for (size_t c = 0; c < t->columns; c++) {
		struct mdb_range text = cell(pen, t, row, c);
		if (text.from < text.to)
			return false;
	}
	return true;
}

/* A blank line inside a table. */
static void part(struct mdb_pen *pen)
{
	mdb_begin(pen);
	mdb_end(pen);
}

static int smaller(int a, int b)
{
	return a < b ? a : b;
}

static int larger(int a, int b)
{
	return a > b ? a : b;
}

/* ---- widths ---- */

static void measure(const struct mdb_pen *pen, struct grid *g)
{
	const struct mdb_table *t = g->t;

	for (size_t c = 0; c < t->columns; c++) {
		int longest = 1;
		g->natural[c] = 1;
		for (size_t row = 0; row < t->rows; row++) {
			int line;
			int word;
			mdb_measure(pen->doc, cell(pen, t, row, c), &line, &word);
			g->natural[c] = larger(g->natural[c], line);
			longest = larger(longest, word);
		}
		g->least[c] =
			smaller(g->natural[c], larger(MIN_COLUMN, smaller(longest, MAX_WORD)));
	}
}

static int total(const int *cols, size_t n)
{
	int sum = 0;

	for (size_t c = 0; c < n; c++)
		sum += cols[c];
	return sum;
}

/* Widths under a common cap: a column gets what it wants up to the cap, and its least in any case.
 */
static void widths_under(struct grid *g, int cap)
{
	for (size_t c = 0; c < g->t->columns; c++)
		g->width[c] = larger(g->least[c], smaller(g->natural[c], cap));
}

/* Share out room columns. False if the columns cannot fit. */
static bool share(struct grid *g, int room)
{
	size_t n = g->t->columns;
	int low = 1;
	int high = room;

	if (total(g->least, n) > room)
		return false;
	while (low < high) {
		int mid = low + (high - low + 1) / 2;
		widths_under(g, mid);
		if (total(g->width, n) <= room)
			low = mid;
		else
			high = mid - 1;
	}
	widths_under(g, low);
	int rest = room - total(g->width, n);
	for (size_t c = 0; c < n && rest > 0; c++) {
		if (g->width[c] == low && g->natural[c] > low) {
			g->width[c]++;
			rest--;
		}
	}
	return true;
}

/* Could the second line of a row be taken for a row of its own? */
static bool ambiguous(const struct mdb_pen *pen, const struct grid *g)
{
	const struct mdb_table *t = g->t;
	bool wraps = false;
	bool empty = false;

	for (size_t c = 0; c < t->columns; c++)
		wraps |= g->natural[c] > g->width[c];
	for (size_t row = 1; row < t->rows && wraps; row++) {
		struct mdb_range first = cell(pen, t, row, 0);
		int line;
		int word;
		mdb_measure(pen->doc, first, &line, &word);
		empty |= first.from == first.to;
		if (line > g->width[0] || empty)
			return true;
	}
	return false;
}

/* ---- columns ---- */

/* Put one line of a cell, or blanks, into its column. */
static void put_cut(struct mdb_pen *pen, const struct mdb_cut *cut, int width, enum mdb_align align)
{
	int cols = cut ? cut->cols : 0;
	int before = align == MDB_LEFT ? 0 : width - cols;

	before = align == MDB_CENTER ? before / 2 : before;
	mdb_pad(pen, before);
	if (cut)
		mdb_put_range(pen, cut->text);
	mdb_pad(pen, width - cols - before);
}

/* The lines of a row. Cells of the header stand on its last line, the others on the first of
 * theirs. */
static void draw_row(struct mdb_pen *pen, const struct grid *g, size_t row)
{
	const struct mdb_table *t = g->t;
	size_t from[MAX_COLUMNS + 1] = {0};
	size_t height = 1;

	pen->ncuts = 0;
	for (size_t c = 0; c < t->columns; c++) {
		mdb_wrap(pen, cell(pen, t, row, c), g->width[c], 0);
		from[c + 1] = pen->ncuts;
		if (from[c + 1] - from[c] > height)
			height = from[c + 1] - from[c];
	}
	for (size_t i = 0; i < height && !pen->full; i++) {
		mdb_begin(pen);
		for (size_t c = 0; c < t->columns; c++) {
			size_t lines = from[c + 1] - from[c];
			size_t skip = row ? 0 : height - lines;
			bool any = i >= skip && i - skip < lines;
			const struct mdb_cut *cut = any ? &pen->cuts[from[c] + i - skip] : NULL;
			mdb_pad(pen, c ? GAP : 0);
			put_cut(pen, cut, g->width[c], t->align[c]);
		}
		mdb_end(pen);
	}
}

static void draw_columns(struct mdb_pen *pen, const struct grid *g)
{
	const struct mdb_table *t = g->t;
	bool first = true;

	if (!row_is_empty(pen, t, 0)) {
		draw_row(pen, g, 0);
		mdb_begin(pen);
		mdb_put_rule(pen, total(g->width, t->columns) + GAP * ((int)t->columns - 1));
		mdb_end(pen);
	}
	for (size_t row = 1; row < t->rows && !pen->full; row++) {
		if (row_is_empty(pen, t, row))
			continue;
		if (g->airy && !first)
			part(pen);
		draw_row(pen, g, row);
		first = false;
	}
}

/* ---- records ---- */

/* "heading: cell"; under an empty heading the cell alone, as the record's title. */
static void draw_field(struct mdb_pen *pen, struct mdb_range heading, struct mdb_range value)
{
	struct mdb_doc *doc = pen->doc;
	size_t keep = doc->text.len;
	bool named = heading.from < heading.to;
	bool filled = value.from < value.to;

	mdb_add_range(doc, heading, MD_PLAIN);
	if (named)
		mdb_add(doc, ": ", filled ? 2 : 1, MD_STRONG);
	mdb_add_range(doc, value, named ? MD_PLAIN : MD_STRONG);
	if (named || filled)
		mdb_draw_text(pen, (struct mdb_range){keep, doc->text.len}, RECORD_HANG);
	mdb_truncate(doc, keep);
}

static void draw_record(struct mdb_pen *pen, const struct mdb_table *t, size_t row)
{
	struct mdb_range none = {0};

	for (size_t c = 0; c < t->columns && !pen->full; c++)
		draw_field(pen, cell(pen, t, 0, c), row ? cell(pen, t, row, c) : none);
}

static void draw_records(struct mdb_pen *pen, const struct mdb_table *t)
{
	bool first = true;

	for (size_t row = 1; row < t->rows && !pen->full; row++) {
		if (row_is_empty(pen, t, row))
			continue;
		if (!first)
			part(pen);
		draw_record(pen, t, row);
		first = false;
	}
	if (first)
		draw_record(pen, t, 0); /* headings alone */
}

void mdb_draw_table(struct mdb_pen *pen, const struct mdb_table *t)
{
	size_t gaps = GAP * (t->columns - 1);
	size_t room = (size_t)mdb_room(pen);
	struct grid g = {.t = t};

	if (t->columns + gaps > room) {
		draw_records(pen, t);
		return;
	}
	measure(pen, &g);
	if (!share(&g, (int)(room - gaps))) {
		draw_records(pen, t);
		return;
	}
	g.airy = ambiguous(pen, &g);
	draw_columns(pen, &g);
}
