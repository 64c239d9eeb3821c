/* plainout.c -- cards as a table for people and spreadsheets: a heading line, plain text, and no
 * cell that a spreadsheet would run as a formula. It is not meant to be read back. */
#include "base/markdown.h"
#include "deck/cloze.h"
#include "exchange/csv.h"
#include "exchange/shown.h"
#include "exchange/writer.h"

#include <stdlib.h>
#include <string.h>

#define PLAIN_WIDTH 100 /* columns at which long texts wrap within their cell */

static const char *const headings[] = {"deck",   "card", "kind", "question",
				       "answer", "why",  "tags", "sources"};

struct plain {
	struct sink sink;
	struct csv_out csv;
	struct str cell;
};

static void field(struct csv_out *c, const char *text)
{
	csv_field(c, text, strlen(text));
}

static bool plain_open(struct export *x, struct diags *d)
{
	struct plain *p = xcalloc(1, sizeof(*p));
	x->format = p;
	if (!sink_open(&p->sink, x->o.path, d))
		return false;
	p->csv = (struct csv_out){
		.out = &p->sink.buffer, .separator = ',', .crlf = true, .guard = true};
	for (size_t i = 0; i < ARRAY_LEN(headings); i++)
		field(&p->csv, headings[i]);
	csv_end(&p->csv);
	return true;
}

static void add_cell(struct plain *p)
{
	struct str *s = &p->cell;
	while (s->len && s->p[s->len - 1] == '\n')
		str_truncate(s, s->len - 1);
	csv_field(&p->csv, str_c(s), s->len);
	str_reset(s);
}

/* A cloze text with all its holes open. */
static const char *open_holes(struct arena *a, const char *text)
{
	struct str s = {0};
	struct hole h;
	size_t at = 0, from = 0;
	const char *problem;
	while (cloze_next(text, &at, &h, &problem) == CLOZE_HOLE) {
		str_addn(&s, text + from, h.start - from);
		str_addc(&s, '[');
		str_addn(&s, h.hint.len ? h.hint.p : "...", h.hint.len ? h.hint.len : 3);
		str_addc(&s, ']');
		from = h.end;
	}
	str_add(&s, text + from);
	char *out = arena_strndup(a, str_c(&s), s.len);
	str_clear(&s);
	return out;
}

/* Lines of a list, each with a mark: letters, or bullets. */
static void add_list(struct plain *p, const char *const *items, size_t n, bool letters)
{
	for (size_t i = 0; i < n; i++) {
		if (letters)
			str_addf(&p->cell, "%c) ", (char)('A' + (int)i));
		else
			str_add(&p->cell, "• ");
		md_words(&p->cell, items[i]);
		str_addc(&p->cell, '\n');
	}
}

/* What can be chosen, matched or put in order. */
static void add_choices(struct plain *p, const struct card *c)
{
	const char *items[MAX_SHOWN];
	size_t n = 0;
	if (c->kind == CARD_CHOICE) {
		for (; n < c->choice.count; n++)
			items[n] = c->choice.options[n].text;
		add_list(p, items, n, true);
	} else if (c->kind == CARD_MATCHING) {
		for (; n < c->matching.count; n++)
			items[n] = c->matching.pairs[n].left;
		add_list(p, items, n, false);
		add_list(p, items, shown_rights(c, items), true);
	} else if (c->kind == CARD_ORDERING) {
		add_list(p, items, shown_items(c, items), false);
	}
}

static void add_question(struct export *x, struct plain *p, const struct card *c)
{
	const struct part whole = {.name = "", .row = -1, .col = -1};
	struct face face;
	card_face(&x->scratch, c, &whole, &face);
	if (c->kind == CARD_CLOZE)
		face.prompt = open_holes(&x->scratch, c->cloze.text);
	md_plain(&p->cell, face.prompt, PLAIN_WIDTH, false);
	add_choices(p, c);
	add_cell(p);
	md_plain(&p->cell, c->kind == CARD_CLOZE ? c->cloze.filled : face.answer, PLAIN_WIDTH,
		 false);
	add_cell(p);
}

static void add_why(struct plain *p, const struct card *c)
{
	for (size_t i = 0; c->kind == CARD_CHOICE && i < c->choice.count; i++) {
		if (!c->choice.options[i].why)
			continue;
		str_addf(&p->cell, "%c) ", (char)('A' + (int)i));
		md_words(&p->cell, c->choice.options[i].why);
		str_addc(&p->cell, '\n');
	}
	if (c->why)
		md_plain(&p->cell, c->why, PLAIN_WIDTH, false);
	add_cell(p);
}

static bool plain_card(struct export *x, const struct export_item *item, struct diags *d)
{
	struct plain *p = x->format;
	const struct card *c = item->card;
	field(&p->csv, item->deck->title);
	field(&p->csv, c->id);
	field(&p->csv, card_kind_names[c->kind]);
	add_question(x, p, c);
	add_why(p, c);
	for (size_t i = 0; i < c->tag_count; i++)
		str_addf(&p->cell, "%s%s", i ? " " : "", c->tags[i]);
	add_cell(p);
	for (size_t i = 0; i < c->source_count; i++)
		str_addf(&p->cell, "%s %s\n", c->sources[i]->title, c->sources[i]->url);
	add_cell(p);
	csv_end(&p->csv);
	return sink_tick(&p->sink, d);
}

static bool plain_finish(struct export *x, struct diags *d)
{
	struct plain *p = x->format;
	if (!sink_commit(&p->sink, d))
		return false;
	export_wrote(x, x->o.path);
	return true;
}

static void plain_close(struct export *x)
{
	struct plain *p = x->format;
	if (!p)
		return;
	sink_drop(&p->sink);
	str_clear(&p->cell);
	free(p);
}

const struct export_ops export_plain = {
	.open = plain_open,
	.card = plain_card,
	.finish = plain_finish,
	.close = plain_close,
};
