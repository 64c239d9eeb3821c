/* sheet.c -- see sheet.h. */
#include "tui/sheet.h"
#include "tui/sign.h"

#include <string.h>

#define LABEL_COLS 10
#define SHOWN_ROWS 6 /* of a text that is not being edited */

void sheet_clear(struct sheet *f)
{
	for (int i = 0; i < f->count; i++) {
		line_clear(&f->fields[i].line);
		area_clear(&f->fields[i].area);
		str_clear(&f->fields[i].whole);
	}
	*f = (struct sheet){0};
}

void sheet_text(const struct sheet *f, int field, struct str *out)
{
	const struct field *x = &f->fields[field];
	if (!x->several)
		str_add(out, str_c(&x->line.text));
	else if (x->whole.len)
		str_add(out, str_c(&x->whole));
	else
		area_text(&x->area, out);
}

void sheet_set(struct sheet *f, int field, const char *text)
{
	struct field *x = &f->fields[field];
	str_reset(&x->whole);
	if (!x->several)
		line_set(&x->line, text);
	else if (!area_set(&x->area, text))
		str_add(&x->whole, text);
}

bool sheet_in_text(const struct sheet *f)
{
	return f->at < f->count && f->fields[f->at].several;
}

/* ---- keys ---------------------------------------------------------------------------- */

static void step(struct sheet *f, int by)
{
	int n = f->count + 1;
	do
		f->at = (f->at + by + n) % n;
	while (f->at < f->count && f->fields[f->at].hidden);
}

enum sheet_result sheet_command(struct sheet *f, enum command_id id)
{
	bool in_text = sheet_in_text(f);
	struct area *area = in_text ? &f->fields[f->at].area : NULL;
	if (id == CMD_FIELD_DOWN && f->at == f->count)
		return SHEET_SUBMIT;
	if (id == CMD_FIELD_DOWN || id == CMD_FIELD_NEXT)
		step(f, 1);
	else if (id == CMD_FIELD_UP || id == CMD_FIELD_PREVIOUS)
		step(f, -1);
	else if (id == CMD_NEW_LINE && in_text && !f->fields[f->at].whole.len)
		area_break(area);
	else if (id == CMD_ROW_UP && in_text && !area_move(area, -1))
		step(f, -1);
	else if (id == CMD_ROW_DOWN && in_text && !area_move(area, 1))
		step(f, 1);
	else
		return id == CMD_NEW_LINE || id == CMD_ROW_UP || id == CMD_ROW_DOWN ? SHEET_DONE
										    : SHEET_OTHER;
	return SHEET_DONE;
}

void sheet_typed(struct sheet *f, uint32_t key)
{
	if (f->at == f->count)
		return;
	struct field *x = &f->fields[f->at];
	if (!x->several)
		line_key(&x->line, key);
	else if (!x->whole.len)
		area_key(&x->area, key);
	else if (key == K_CTRL('u') || key == K_CTRL('k'))
		str_reset(&x->whole);
}

/* ---- picture ------------------------------------------------------------------------- */

static void draw_row(struct canvas *c, const struct line *l, bool cursor)
{
	struct page *p = &c->body;
	int col;
	int from = page_cols(p);
	page_add(p, STYLE_PLAIN, line_window(l, &p->arena, p->width - from, &col));
	if (cursor)
		canvas_cursor(c, from + col);
}

/* All rows while it is edited, the first ones else. */
static void draw_several(struct canvas *c, const struct field *x, bool here)
{
	struct page *p = &c->body;
	int rows = area_rows(&x->area);
	int shown = here || rows <= SHOWN_ROWS ? rows : SHOWN_ROWS;
	if (x->whole.len) {
		page_addf(p, STYLE_DIM, "%zu bytes; C-v edits them, C-u clears", x->whole.len);
		return;
	}
	for (int i = 0; i < shown; i++) {
		if (i)
			page_line(p);
		page_pad(p, LABEL_COLS);
		draw_row(c, area_row(&x->area, i), here && i == x->area.at);
	}
	if (shown < rows) {
		page_line(p);
		page_pad(p, LABEL_COLS);
		page_addf(p, STYLE_DIM, "... %d more lines", rows - shown);
	}
}

static bool is_empty(const struct field *x)
{
	return x->several ? area_empty(&x->area) && x->area.count < 2 && !x->whole.len
			  : !x->line.text.len;
}

static void draw_field(struct canvas *c, const struct field *x, bool here)
{
	struct page *p = &c->body;
	page_line(p);
	if (here)
		page_mark(p, STYLE_FOCUS, SIGN_HERE);
	page_cut(p, here ? STYLE_FOCUS : STYLE_DIM, x->label, LABEL_COLS - 1);
	page_pad(p, LABEL_COLS);
	if (here)
		c->focus_from = (int)p->count - 1;
	if (is_empty(x)) {
		if (here)
			canvas_cursor(c, LABEL_COLS);
		page_add(p, STYLE_DIM, x->hint);
	} else if (x->several) {
		draw_several(c, x, here);
	} else {
		draw_row(c, &x->line, here);
	}
	if (here)
		c->focus_to = (int)p->count - 1;
}

void sheet_draw(const struct sheet *f, struct canvas *c)
{
	struct page *p = &c->body;
	bool here = f->at == f->count;
	for (int i = 0; i < f->count; i++)
		if (!f->fields[i].hidden)
			draw_field(c, &f->fields[i], i == f->at);
	page_line(p);
	page_pad(p, LABEL_COLS);
	if (here)
		page_mark(p, STYLE_FOCUS, SIGN_HERE);
	page_addf(p, here ? STYLE_FOCUS : STYLE_ACCENT, "[ %s ]", f->button);
	if (here)
		canvas_focus(c);
}
