/* face.c -- what is asked and what is answered, as Markdown; see part.h.
 *
 * Decks hold texts, not layouts, so the words around them are written here, once for the terminal,
 * plain mode and export. A prompt names its context first (the title of a table in bold) and its
 * blank last, in reading order, because a screen reader and a learner in a hurry both stop at the
 * blank. Texts are set into Markdown that they did not expect: a '|' in a cell is escaped, and a
 * line that would begin a list, heading or quote is kept a line. */
#include "deck/part.h"

#include "deck/cloze.h"

#include "base/markdown.h"

#include <string.h>

#define BLANK MD_BLANK_ON "[...]" MD_BLANK_OFF

/* -- pieces ------------------------------------------------------------------------------------ */

/* Would this text, first on a line, begin a block: a heading, quote, list, rule or underline? */
static bool begins_block(const char *s)
{
	if (strchr("#>+=|", *s) && *s)
		return true;
	if (*s == '-')
		return true;
	if (*s == '*')
		return s[1] == ' ' || s[1] == '\0';
	return false;
}

/* Inline text at the start of a line. */
static void add_start(struct str *out, const char *text)
{
	size_t digits = strspn(text, "0123456789");
	if (begins_block(text))
		str_addc(out, '\\');
	if (digits && (text[digits] == '.' || text[digits] == ')')) {
		str_addn(out, text, digits);
		str_addc(out, '\\');
		text += digits;
	}
	str_add(out, text);
}

/* In bold, unless its own asterisks would get in the way. */
static void add_title(struct str *out, const char *text)
{
	if (strchr(text, '*'))
		add_start(out, text);
	else
		str_addf(out, "**%s**", text);
}

/* One cell of a table. */
static void add_cell(struct str *out, const char *text)
{
	str_add(out, "| ");
	for (const char *p = text; *p; p++) {
		if (*p == '\\' && p[1] == '|')
			str_addc(out, *p++);
		else if (*p == '|')
			str_addc(out, '\\');
		str_addc(out, *p);
	}
	str_addc(out, ' ');
}

static void end_row(struct str *out)
{
	str_add(out, "|\n");
}

/* The line of dashes under a table's head. */
static void add_rule(struct str *out, size_t columns)
{
	for (size_t i = 0; i < columns; i++)
		str_add(out, "| --- ");
	end_row(out);
}

/* A list item of any Markdown: further lines are indented under the mark. */
static void add_item(struct str *out, const char *mark, const char *text)
{
	str_add(out, mark);
	for (const char *p = text; *p; p++) {
		str_addc(out, *p);
		if (*p == '\n' && p[1] && p[1] != '\n')
			str_addf(out, "%*s", (int)strlen(mark), "");
	}
	if (!str_ends(text, "\n"))
		str_addc(out, '\n');
}

static char *finish(struct arena *a, struct str *s)
{
	while (s->len && s->p[s->len - 1] == '\n')
		str_truncate(s, s->len - 1);
	char *out = arena_strndup(a, str_c(s), s->len);
	str_clear(s);
	return out;
}

/* -- cloze ------------------------------------------------------------------------------------- */

static void add_hole(struct str *out, const struct hole *h, bool asked, bool answer)
{
	if (asked)
		str_add(out, MD_BLANK_ON);
	if (!asked || answer) {
		str_addn(out, h->answer.p, h->answer.len);
	} else {
		str_addc(out, '[');
		str_addn(out, h->hint.len ? h->hint.p : "...", h->hint.len ? h->hint.len : 3);
		str_addc(out, ']');
	}
	if (asked)
		str_add(out, MD_BLANK_OFF);
}

static char *cloze_side(struct arena *a, const char *text, int number, bool answer)
{
	struct str out = {0};
	struct hole h;
	size_t at = 0, from = 0;
	const char *problem;
	while (cloze_next(text, &at, &h, &problem) == CLOZE_HOLE) {
		str_addn(&out, text + from, h.start - from);
		add_hole(&out, &h, h.number == number, answer);
		from = h.end;
	}
	str_add(&out, text + from);
	return finish(a, &out);
}

/* -- table ------------------------------------------------------------------------------------- */

static void table_cell(struct arena *a, const struct card *c, const struct part *p,
		       struct face *out)
{
	const struct row *row = &c->table.rows[p->row];
	struct str s = {0};
	add_title(&s, c->table.title);
	str_add(&s, "\n\n");
	add_start(&s, row->heading);
	str_addf(&s, " · %s: " BLANK, c->table.columns[p->col]);
	out->prompt = finish(a, &s);
	add_start(&s, row->cells[p->col]);
	out->answer = finish(a, &s);
}

static void table_row(struct arena *a, const struct card *c, const struct part *p, struct face *out)
{
	const struct row *row = &c->table.rows[p->row];
	struct str s = {0};
	add_title(&s, c->table.title);
	str_add(&s, "\n\n");
	add_start(&s, row->heading);
	str_add(&s, "\n\n");
	for (size_t i = 0; i < c->table.column_count; i++)
		str_addf(&s, "- %s: " BLANK "\n", c->table.columns[i]);
	out->prompt = finish(a, &s);
	add_cell(&s, "");
	add_cell(&s, row->heading);
	end_row(&s);
	add_rule(&s, 2);
	for (size_t i = 0; i < c->table.column_count; i++) {
		add_cell(&s, c->table.columns[i]);
		add_cell(&s, row->cells[i]);
		end_row(&s);
	}
	out->answer = finish(a, &s);
}

static void add_table(struct str *s, const struct card *c, bool answer)
{
	add_cell(s, "");
	for (size_t i = 0; i < c->table.column_count; i++)
		add_cell(s, c->table.columns[i]);
	end_row(s);
	add_rule(s, c->table.column_count + 1);
	for (size_t r = 0; r < c->table.row_count; r++) {
		add_cell(s, c->table.rows[r].heading);
		for (size_t i = 0; i < c->table.column_count; i++)
			add_cell(s, answer ? c->table.rows[r].cells[i] : "");
		end_row(s);
	}
}

static void table_all(struct arena *a, const struct card *c, struct face *out)
{
	struct str s = {0};
	add_title(&s, c->table.title);
	str_add(&s, "\n\n");
	add_table(&s, c, false);
	out->prompt = finish(a, &s);
	add_table(&s, c, true);
	out->answer = finish(a, &s);
}

/* -- questions --------------------------------------------------------------------------------- */

static char *right_options(struct arena *a, const struct card *c)
{
	struct str s = {0};
	for (size_t i = 0; i < c->choice.count; i++)
		if (c->choice.options[i].right)
			add_item(&s, c->choice.choose == 1 ? "" : "- ", c->choice.options[i].text);
	return finish(a, &s);
}

static char *pair_list(struct arena *a, const struct card *c)
{
	struct str s = {0};
	for (size_t i = 0; i < c->matching.count; i++)
		str_addf(&s, "- %s → %s\n", c->matching.pairs[i].left, c->matching.pairs[i].right);
	return finish(a, &s);
}

static char *item_list(struct arena *a, const struct card *c)
{
	struct str s = {0};
	for (size_t i = 0; i < c->ordering.count; i++)
		str_addf(&s, "%zu. %s\n", i + 1, c->ordering.items[i]);
	return finish(a, &s);
}

void card_face(struct arena *a, const struct card *c, const struct part *p, struct face *out)
{
	*out = (struct face){.prompt = card_title(c), .answer = ""};
	switch (c->kind) {
	case CARD_BASIC:
	case CARD_REVERSED:
		out->prompt = p->reverse ? c->basic.back : c->basic.front;
		out->answer = p->reverse ? c->basic.front : c->basic.back;
		break;
	case CARD_CLOZE:
		out->prompt = cloze_side(a, c->cloze.text, p->cloze, false);
		out->answer = cloze_side(a, c->cloze.text, p->cloze, true);
		break;
	case CARD_TABLE:
		if (p->col >= 0)
			table_cell(a, c, p, out);
		else if (p->row >= 0)
			table_row(a, c, p, out);
		else
			table_all(a, c, out);
		break;
	case CARD_TRUEFALSE:
		out->prompt = arena_printf(a, "True or false?\n\n%s", c->truefalse.statement);
		out->answer = c->truefalse.answer ? "True" : "False";
		break;
	case CARD_CHOICE:
		out->answer = right_options(a, c);
		break;
	case CARD_MATCHING:
		out->answer = pair_list(a, c);
		break;
	case CARD_ORDERING:
		out->answer = item_list(a, c);
		break;
	case CARD_TYPED:
		out->answer = c->typed.show;
		break;
	case CARD_KIND_COUNT:
		break;
	}
}

const char *part_title(struct arena *a, const struct card *c, const struct part *p)
{
	struct face face;
	if (c->kind == CARD_TABLE && p->row >= 0) {
		const char *row = c->table.rows[p->row].heading;
		const char *column =
			p->col >= 0 ? arena_printf(a, " \xc2\xb7 %s", c->table.columns[p->col])
				    : "";
		return arena_printf(a, "%s%s \xc2\xb7 %s", row, column, c->table.title);
	}
	if (c->kind != CARD_CLOZE && c->kind != CARD_REVERSED)
		return card_title(c);
	card_face(a, c, p, &face);
	return face.prompt;
}
