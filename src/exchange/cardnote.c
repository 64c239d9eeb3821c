/* cardnote.c -- a card as Anki's notes; see note.h.
 *
 * Anki has two kinds, a front with a back and a text with holes. A choice becomes a question with
 * lettered options and a back that names the right one, so that it can still be answered in the
 * head before it is turned over. What is matched or put in order is shown in an order of its own,
 * drawn from the card's id, so that a second export shows the same. Under the answer stands what
 * the program shows there: reasons, why, lore, sources. */
#include "exchange/note.h"

#include "base/clock.h"
#include "exchange/html.h"
#include "exchange/shown.h"

#include <stdlib.h>
#include <string.h>

const char *const note_stock_names[NOTE_TYPE_COUNT] = {
	[NOTE_BASIC] = "Basic",
	[NOTE_REVERSED] = "Basic (and reversed card)",
	[NOTE_CLOZE] = "Cloze",
	[NOTE_TYPED] = "Basic",
};

const char *const note_type_words[NOTE_TYPE_COUNT] = {
	[NOTE_BASIC] = "basic",
	[NOTE_REVERSED] = "reversed",
	[NOTE_CLOZE] = "cloze",
	[NOTE_TYPED] = "basic",
};

/* The HTML of one note under construction. */
struct faces {
	struct str front, back, extra;
};

/* What all notes of one card share. */
struct maker {
	struct arena *a;
	const struct deck *deck;
	const struct card *card;
	const struct note_options *o;
	struct part *parts;
	size_t part_count;
	struct faces f;
	struct slice json; /* the card's own */
	struct note *notes;
	size_t count;
};

static void add_list(struct str *out, const char *open, const char *const *items, size_t n,
		     const char *close)
{
	str_add(out, open);
	for (size_t i = 0; i < n; i++) {
		str_add(out, "<li>");
		html_from_md(out, items[i]);
		str_add(out, "</li>");
	}
	str_add(out, close);
}

/* -- kinds ---------------------------------------------------------------------------------------
 */

static void make_choice(struct maker *m)
{
	const struct card *c = m->card;
	struct str *f = &m->f.front, *b = &m->f.back, *x = &m->f.extra;
	bool reasons = false;
	html_from_md(f, c->choice.question);
	if (c->choice.choose > 1)
		str_addf(f, "<p>Choose %d.</p>", c->choice.choose);
	str_add(f, "<ol type=\"A\">");
	for (size_t i = 0; i < c->choice.count; i++) {
		const struct option *o = &c->choice.options[i];
		str_add(f, "<li>");
		html_from_md(f, o->text);
		str_add(f, "</li>");
		reasons = reasons || o->why;
		if (!o->right)
			continue;
		str_add(b, "<div><strong>");
		str_addc(b, (char)('A' + (int)i));
		str_add(b, ".</strong> ");
		html_from_md(b, o->text);
		str_add(b, "</div>");
	}
	str_add(f, "</ol>");
	if (!reasons)
		return;
	str_add(x, "<ol type=\"A\" class=\"gd-reasons\">");
	for (size_t i = 0; i < c->choice.count; i++) {
		const struct option *o = &c->choice.options[i];
		str_add(x, o->right ? "<li><strong>Right.</strong> " : "<li>Wrong. ");
		html_from_md(x, o->why ? o->why : "");
		str_add(x, "</li>");
	}
	str_add(x, "</ol>");
}

static void make_matching(struct maker *m)
{
	const struct card *c = m->card;
	const char *lefts[MAX_OPTIONS], *others[MAX_SHOWN];
	size_t n = shown_rights(c, others);
	for (size_t i = 0; i < c->matching.count; i++)
		lefts[i] = c->matching.pairs[i].left;
	html_from_md(&m->f.front, c->matching.question);
	add_list(&m->f.front, "<ol>", lefts, c->matching.count, "</ol>");
	add_list(&m->f.front, "<ol type=\"A\">", others, n, "</ol>");
	str_add(&m->f.back, "<ul>");
	for (size_t i = 0; i < c->matching.count; i++) {
		str_add(&m->f.back, "<li>");
		html_from_md(&m->f.back, c->matching.pairs[i].left);
		str_add(&m->f.back, " → ");
		html_from_md(&m->f.back, c->matching.pairs[i].right);
		str_add(&m->f.back, "</li>");
	}
	str_add(&m->f.back, "</ul>");
}

static void make_ordering(struct maker *m)
{
	const struct card *c = m->card;
	const char *items[MAX_SHOWN];
	html_from_md(&m->f.front, c->ordering.question);
	add_list(&m->f.front, "<ul>", items, shown_items(c, items), "</ul>");
	add_list(&m->f.back, "<ol>", c->ordering.items, c->ordering.count, "</ol>");
}

static void make_face(struct maker *m, const struct part *p)
{
	struct face face;
	card_face(m->a, m->card, p, &face);
	html_from_md(&m->f.front, face.prompt);
	if (m->card->kind == CARD_TYPED && m->o->own)
		html_words(&m->f.back, face.answer);
	else
		html_from_md(&m->f.back, face.answer);
}

static enum note_type make_faces(struct maker *m, const struct part *p)
{
	switch (m->card->kind) {
	case CARD_REVERSED:
		make_face(m, p);
		return NOTE_REVERSED;
	case CARD_CLOZE:
		html_from_cloze(&m->f.front, m->card->cloze.text);
		return NOTE_CLOZE;
	case CARD_CHOICE:
		make_choice(m);
		break;
	case CARD_MATCHING:
		make_matching(m);
		break;
	case CARD_ORDERING:
		make_ordering(m);
		break;
	case CARD_TYPED:
		make_face(m, p);
		return NOTE_TYPED;
	case CARD_BASIC:
	case CARD_TABLE:
	case CARD_TRUEFALSE:
		make_face(m, p);
		break;
	case CARD_KIND_COUNT:
		break;
	}
	return NOTE_BASIC;
}

/* -- what stands below the answer ----------------------------------------------------------------
 */

static void add_block(struct str *out, const char *open, const char *md, const char *close)
{
	if (!md)
		return;
	str_add(out, open);
	html_from_md(out, md);
	str_add(out, close);
}

static void add_sources(struct str *out, const struct card *c)
{
	for (size_t i = 0; i < c->source_count; i++) {
		const struct source *s = c->sources[i];
		str_add(out, i ? "<br>" : "<div class=\"gd-source\">");
		str_add(out, "<a href=\"");
		html_escape(out, s->url, strlen(s->url));
		str_add(out, "\">");
		html_escape(out, s->title, strlen(s->title));
		str_add(out, "</a>");
		if (s->has_checked) {
			struct arena a = {0};
			str_add(out, ", checked ");
			str_add(out, date_text(&a, s->checked_day));
			arena_clear(&a);
		}
	}
	if (c->source_count)
		str_add(out, "</div>");
}

static void add_extra(struct maker *m)
{
	const struct card *c = m->card;
	add_block(&m->f.front, "<details class=\"gd-hint\"><summary>Hint</summary>", c->hint,
		  "</details>");
	add_block(&m->f.extra, "<div class=\"gd-why\">", c->why, "</div>");
	add_block(&m->f.extra, "<div class=\"gd-lore\">", c->lore, "</div>");
	add_sources(&m->f.extra, c);
}

/* -- notes ---------------------------------------------------------------------------------------
 */

const char *note_deck_path(struct arena *a, const char *title, const char *slug)
{
	struct str s = {0};
	str_add(&s, NOTE_DECK_PARENT "::");
	for (const char *p = title; *p; p++)
		if (p[0] != ':' || p[1] != ':')
			str_addc(&s, *p);
	while (str_ends(str_c(&s), ":") && s.len > strlen(NOTE_DECK_PARENT "::"))
		str_truncate(&s, s.len - 1);
	if (slug)
		str_addf(&s, " (%s)", slug);
	const char *path = arena_strndup(a, str_c(&s), s.len);
	str_clear(&s);
	return path;
}

/* What printf would do, in a tenth of its time: this is done for every card. */
static char *join(struct arena *a, const char *x, const char *y, const char *z)
{
	const char *const texts[] = {x, y, z};
	char *text = arena_alloc(a, strlen(x) + strlen(y) + strlen(z) + 1);
	char *at = text;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		at = stpcpy(at, texts[i]);
	return text;
}

size_t note_tags(struct arena *a, const struct card *card, const char ***tags)
{
	size_t n = 0;
	*tags = arena_alloc(a, (card->tag_count + card->task_count + 1) * sizeof(**tags));
	for (size_t i = 0; i < card->tag_count; i++)
		(*tags)[n++] = card->tags[i];
	for (size_t i = 0; i < card->task_count; i++)
		(*tags)[n++] =
			arena_printf(a, "%s::%s", card->tasks[i].blueprint, card->tasks[i].task);
	return n;
}

static void set_field(struct maker *m, struct note *n, const struct str *s)
{
	n->fields[n->field_count++] = (struct slice){arena_strndup(m->a, str_c(s), s->len), s->len};
}

/* Anki's stock types have no place for the extra but the back. That of a reversed note is a
 * question too, so it is folded up there. */
static void join_back(struct maker *m, enum note_type type)
{
	struct faces *f = &m->f;
	if (type == NOTE_CLOZE || !f->extra.len)
		return;
	str_add(&f->back, type == NOTE_REVERSED
				  ? "<details class=\"gd-more\"><summary>More</summary>"
				  : "<hr>");
	str_addn(&f->back, f->extra.p, f->extra.len);
	if (type == NOTE_REVERSED)
		str_add(&f->back, "</details>");
}

static void set_fields(struct maker *m, struct note *n, const char *part)
{
	struct faces *f = &m->f;
	bool own = m->o->own, cloze = n->type == NOTE_CLOZE;
	struct str id = {0};
	str_add(&id, n->guid + strlen(NOTE_GUID_PREFIX));
	if (!own)
		join_back(m, n->type);
	struct str *const order[] = {&f->front, cloze ? NULL : &f->back,
				     own || cloze ? &f->extra : NULL, own ? &id : NULL};
	struct slice seen[MAX_NOTE_FIELDS];
	size_t last = 0, count = 0;
	for (size_t i = 0; i < ARRAY_LEN(order); i++) {
		if (!order[i])
			continue;
		last = i;
		seen[count++] = (struct slice){str_c(order[i]), order[i]->len};
	}
	bool whole = !part[0] || !m->count; /* the first of a table's cells carries it for all */
	note_data_write(order[last],
			&(struct note_data_out){.seen = note_seen(seen, count),
						.part = part,
						.place = m->o->place,
						.json = whole ? m->json : (struct slice){0},
						.head = m->count ? NULL : m->o->head});
	for (size_t i = 0; i < ARRAY_LEN(order); i++)
		if (order[i])
			set_field(m, n, order[i]);
	str_clear(&id);
}

static void make_note(struct maker *m, const struct part *p, const char *part)
{
	struct note *n = &m->notes[m->count];
	str_reset(&m->f.front);
	str_reset(&m->f.back);
	str_reset(&m->f.extra);
	n->type = make_faces(m, p);
	add_extra(m);
	n->guid = join(m->a, join(m->a, NOTE_GUID_PREFIX, m->deck->slug, "/"), m->card->id, "");
	if (part[0])
		n->guid = join(m->a, n->guid, "#", part);
	n->deck = m->o->path;
	n->tag_count = note_tags(m->a, m->card, &n->tags);
	set_fields(m, n, part);
	m->count++;
}

/* Index of the part of this name, or part_count. */
static size_t part_named(const struct maker *m, const char *name)
{
	size_t i = 0;
	while (i < m->part_count && strcmp(m->parts[i].name, name) != 0)
		i++;
	return i;
}

static void make_cells(struct maker *m)
{
	const struct card *c = m->card;
	for (size_t row = 0; row < c->table.row_count; row++)
		for (size_t col = 0; col < c->table.column_count; col++) {
			struct part p = {.row = (int)row, .col = (int)col};
			p.name = arena_printf(m->a, "%s.%s", c->table.rows[row].id,
					      c->table.column_ids[col]);
			struct note *n = &m->notes[m->count];
			make_note(m, &p, p.name);
			n->first_part = part_named(m, p.name);
			n->part_count = n->first_part < m->part_count;
		}
}

static void make_one(struct maker *m)
{
	struct part whole = {.name = "", .row = -1, .col = -1};
	struct note *n = &m->notes[m->count];
	make_note(m, &whole, "");
	n->part_count =
		m->card->kind == CARD_TABLE && m->card->table.ask != TABLE_ALL ? 0 : m->part_count;
}

size_t card_notes(struct arena *a, const struct deck *deck, const struct card *card,
		  const struct note_options *o, struct note **out)
{
	struct maker m = {.a = a, .deck = deck, .card = card, .o = o, .json = o->json};
	struct str json = {0};
	bool cells = o->cells && card->kind == CARD_TABLE;
	size_t most = cells ? card->table.row_count * card->table.column_count : 1;
	if (!m.json.len) {
		deck_card_json(&json, deck, card);
		m.json = (struct slice){str_c(&json), json.len};
	}
	m.part_count = card_parts(a, card, &m.parts);
	m.notes = arena_alloc(a, (most + 1) * sizeof(*m.notes));
	if (cells)
		make_cells(&m);
	else
		make_one(&m);
	str_clear(&json);
	str_clear(&m.f.front);
	str_clear(&m.f.back);
	str_clear(&m.f.extra);
	*out = m.notes;
	return m.count;
}
