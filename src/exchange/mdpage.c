/* mdpage.c -- see mdpage.h. Every line of a block begins with the marks and blanks of the boxes it
 * stands in; an item's mark is written with its first line. Items of a list have no empty line
 * between them, other blocks have one. What a table cannot hold in Markdown (lists, lines) is on
 * one line in its cell. */
#include "exchange/mdpage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void mdpage_clear(struct mdpage *p)
{
	mdtext_clear(&p->para);
	mdtext_clear(&p->cell);
	str_clear(&p->code);
	str_clear(&p->cells);
	free(p->ends);
	free(p->rows);
}

/* -- blocks ----------------------------------------------------------------------------------- */

static const char *mark_of(const struct mdpage_box *list, unsigned number, char buffer[16])
{
	if (list->ordered)
		snprintf(buffer, 16, "%u%c ", number, list->other ? ')' : '.');
	else
		snprintf(buffer, 16, "%c ", list->other ? '+' : '-');
	return buffer;
}

/* The beginning of a line in the boxes: marks of items that have none yet, else blanks. */
static void add_prefix(struct mdpage *g, struct str *out, bool marks)
{
	char buffer[16];
	for (size_t i = 1; i <= g->box; i++) {
		struct mdpage_box *b = &g->boxes[i];
		if (b->kind == MDPAGE_QUOTE) {
			str_add(out, "> ");
		} else if (b->kind == MDPAGE_ITEM) {
			const char *mark = mark_of(&g->boxes[i - 1], b->count, buffer);
			if (marks && !b->marked)
				str_add(out, mark);
			else
				str_addf(out, "%*s", (int)strlen(mark), "");
			b->marked |= marks;
		}
	}
}

/* Is no empty line wanted before this block? So it is between the items of a list. */
static bool tight(const struct mdpage *g)
{
	for (size_t i = 2; i <= g->box; i++) {
		const struct mdpage_box *b = &g->boxes[i], *around = &g->boxes[i - 2];
		if (b->kind == MDPAGE_ITEM && !b->marked)
			return b->count > 1 || (around->kind == MDPAGE_ITEM && around->marked);
	}
	return false;
}

static void trim_line(struct mdpage *g)
{
	struct str *out = g->out;
	while (out->len > g->begun && out->p[out->len - 1] == ' ')
		str_truncate(out, out->len - 1);
}

/* The boxes that the block before was in too; of the quotes among them the empty line has marks. */
static void add_gap(struct mdpage *g)
{
	char buffer[16];
	for (size_t i = 1; i <= g->box; i++) {
		const struct mdpage_box *b = &g->boxes[i];
		if ((b->kind == MDPAGE_ITEM && !b->marked) ||
		    (b->kind == MDPAGE_QUOTE && !b->count))
			break;
		if (b->kind == MDPAGE_QUOTE)
			str_add(g->out, "> ");
		else if (b->kind == MDPAGE_ITEM)
			str_addf(g->out, "%*s", (int)strlen(mark_of(b - 1, b->count, buffer)), "");
	}
	trim_line(g);
	str_addc(g->out, '\n');
}

static void begin_block(struct mdpage *g)
{
	if (g->out->len > g->begun) {
		str_addc(g->out, '\n');
		if (!tight(g))
			add_gap(g);
	}
	add_prefix(g, g->out, true);
	for (size_t i = 0; i <= g->box; i++) {
		g->boxes[i].after_list = false;
		if (g->boxes[i].kind == MDPAGE_QUOTE)
			g->boxes[i].count = 1; /* something stands in it */
	}
}

void mdpage_flush(struct mdpage *g)
{
	struct str hard = {0};
	if (mdtext_blank(&g->para)) {
		mdtext_reset(&g->para);
		return;
	}
	begin_block(g);
	if (g->heading) {
		str_addf(g->out, "%.*s ", (int)g->heading, "######");
		str_add(&hard, " ");
	} else {
		str_add(&hard, "\\\n");
		add_prefix(g, &hard, false);
	}
	mdtext_write(g->out, &g->para, str_c(&hard), false);
	mdtext_reset(&g->para);
	str_clear(&hard);
}

void mdpage_code(struct mdpage *g)
{
	const char *p = str_c(&g->code);
	size_t n = g->code.len;
	if (n && *p == '\n') {
		p++;
		n--;
	}
	while (n && (p[n - 1] == '\n' || p[n - 1] == ' '))
		n--;
	size_t fence = mdtext_longest(p, n, '`') + 1;
	struct str mark = {0};
	for (size_t i = 0; i < (fence < 3 ? 3 : fence); i++)
		str_addc(&mark, '`');
	if (n) {
		begin_block(g);
		str_add(g->out, str_c(&mark));
		for (const char *end = p + n; p <= end;) {
			const char *nl = memchr(p, '\n', (size_t)(end - p));
			const char *stop = nl ? nl : end;
			str_addc(g->out, '\n');
			add_prefix(g, g->out, false);
			str_addn(g->out, p, (size_t)(stop - p));
			p = stop + 1;
		}
		str_addc(g->out, '\n');
		add_prefix(g, g->out, false);
		str_add(g->out, str_c(&mark));
	}
	str_clear(&mark);
	str_reset(&g->code);
}

/* -- tables ------------------------------------------------------------------------------------ */

void mdpage_end_cell(struct mdpage *g)
{
	if (!g->in_cell)
		return;
	g->in_cell = false;
	mdtext_write(&g->cells, &g->cell, " ", true);
	mdtext_reset(&g->cell);
	struct mdpage_row *row = &g->rows[g->row_count - 1];
	if (row->count == MAX_MDPAGE_COLUMNS) {
		g->ends[g->cell_count - 1] = g->cells.len;
		return;
	}
	g->ends = array_grow(g->ends, &g->cell_cap, g->cell_count + 1, sizeof(*g->ends));
	g->ends[g->cell_count++] = g->cells.len;
	row->count++;
}

void mdpage_begin_row(struct mdpage *g)
{
	g->rows = array_grow(g->rows, &g->row_cap, g->row_count + 1, sizeof(*g->rows));
	g->rows[g->row_count++] = (struct mdpage_row){g->cell_count, 0};
}

void mdpage_begin_cell(struct mdpage *g)
{
	if (!g->row_count)
		mdpage_begin_row(g);
	g->in_cell = true;
}

static void write_row(struct mdpage *g, const struct mdpage_row *r, size_t columns)
{
	const char *p = str_c(&g->cells);
	for (size_t i = 0; i < columns || i < r->count; i++) {
		size_t at = r->first + i;
		size_t from = i < r->count && at ? g->ends[at - 1] : 0;
		size_t to = i < r->count ? g->ends[at] : 0;
		str_add(g->out, i ? " " : "| ");
		if (to > from)
			str_addn(g->out, p + from, to - from);
		str_add(g->out, to > from ? " |" : "|");
	}
}

static void next_line(struct mdpage *g)
{
	str_addc(g->out, '\n');
	add_prefix(g, g->out, false);
}

void mdpage_table(struct mdpage *g)
{
	size_t columns = 0;
	bool first = true;
	for (size_t i = 0; i < g->row_count; i++)
		if (g->rows[i].count > columns)
			columns = g->rows[i].count;
	if (g->cells.len && columns)
		begin_block(g);
	for (size_t i = 0; g->cells.len && i < g->row_count; i++) {
		if (!g->rows[i].count)
			continue;
		if (!first)
			next_line(g);
		write_row(g, &g->rows[i], first ? columns : 0);
		if (first) {
			next_line(g);
			for (size_t k = 0; k < columns; k++)
				str_add(g->out, k ? " --- |" : "| --- |");
		}
		first = false;
	}
	str_reset(&g->cells);
	g->cell_count = g->row_count = 0;
}

/* -- boxes ------------------------------------------------------------------------------------ */

bool mdpage_push(struct mdpage *g, enum mdpage_box_kind kind, bool ordered)
{
	struct mdpage_box *up = &g->boxes[g->box];
	if (g->box == MAX_MDPAGE_BOXES)
		return false;
	struct mdpage_box *b = &g->boxes[++g->box];
	*b = (struct mdpage_box){.kind = kind, .ordered = ordered};
	if (kind == MDPAGE_LIST)
		b->other = up->after_list && !up->after_other;
	else if (kind == MDPAGE_ITEM)
		b->count = ++up->count;
	return true;
}

void mdpage_pop(struct mdpage *g)
{
	const struct mdpage_box *b = &g->boxes[g->box--];
	if (b->kind == MDPAGE_LIST && b->count) {
		g->boxes[g->box].after_list = true;
		g->boxes[g->box].after_other = b->other;
	}
}

void mdpage_rule(struct mdpage *g)
{
	begin_block(g);
	str_add(g->out, g->box ? "***" : "---");
}
