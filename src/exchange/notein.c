/* notein.c -- see notein.h.
 *
 * A note of another author is what its templates show: the question is the front, what the answer
 * adds is the back. Two templates that are each other's reverse make one reversed card, a typed
 * field a typed card, clozes a cloze card. A note that we wrote carries its card with it and only
 * has to be compared with what is seen. */
#include "exchange/notein.h"

#include "base/markdown.h"

#include <stdlib.h>
#include <string.h>

/* -- stock note types -------------------------------------------------------------------------- */

#define FIELD(i)                               \
	{                                      \
		.op = TMPL_FIELD, .field = (i) \
	}
static struct tmpl_piece field_0[] = {FIELD(0)}, field_1[] = {FIELD(1)};
static struct tmpl_piece cloze_0[] = {{.op = TMPL_CLOZE, .field = 0}};
static struct tmpl_piece typed_1[] = {{.op = TMPL_TYPE, .field = 1}};

static const struct tmpl basic[] = {
	{.question = {field_0, 1}, .answer = {field_1, 1}, .typed = -1},
	{.question = {field_1, 1}, .answer = {field_0, 1}, .typed = -1},
};
static const struct tmpl cloze[] = {
	{.question = {cloze_0, 1}, .answer = {field_1, 1}, .cloze = true, .typed = -1}};
static const struct tmpl typed[] = {{.question = {field_0, 1}, .answer = {typed_1, 1}, .typed = 1}};

enum stock { STOCK_BASIC, STOCK_REVERSED, STOCK_OPTIONAL, STOCK_TYPED, STOCK_CLOZE, STOCK_COUNT };
static const struct note_kind stock_kinds[STOCK_COUNT] = {
	[STOCK_BASIC] = {false, basic, 1, SIZE_MAX}, [STOCK_REVERSED] = {false, basic, 2, SIZE_MAX},
	[STOCK_OPTIONAL] = {false, basic, 2, 2},     [STOCK_TYPED] = {false, typed, 1, SIZE_MAX},
	[STOCK_CLOZE] = {true, cloze, 1, SIZE_MAX},
};

/* Parts of names; the first that fits counts. */
static const struct {
	const char *part;
	enum stock kind;
} stock_names[] = {
	{"optional", STOCK_OPTIONAL},
	{"type in", STOCK_TYPED},
	{"reversed", STOCK_REVERSED},
	{"cloze", STOCK_CLOZE},
	{"l\xC3\xBC"
	 "ckentext",
	 STOCK_CLOZE},
	{"trou", STOCK_CLOZE},
	{"hueco", STOCK_CLOZE},
	{"invers", STOCK_REVERSED},
	{"umgekehrt", STOCK_REVERSED},
	{"rovescia", STOCK_REVERSED},
	{"basic", STOCK_BASIC},
	{"einfach", STOCK_BASIC},
	{"basique", STOCK_BASIC},
	{"b\xC3\xA1sico", STOCK_BASIC},
};

const struct note_kind *note_kind_named(const char *name)
{
	for (size_t i = 0; name && i < ARRAY_LEN(stock_names); i++)
		if (strcasestr(name, stock_names[i].part))
			return &stock_kinds[stock_names[i].kind];
	return NULL;
}

/* -- sides ------------------------------------------------------------------------------------- */

struct taking {
	struct drafts *s;
	struct arena *a;
	const struct note_in *n;
	struct draft *deck;
	struct note_made *made; /* NULL: not wanted */
};

static const char *to_md(struct taking *t, const char *html, size_t n)
{
	struct str md = {0};
	html_to_md(&md, html, n, &t->s->report->html);
	const char *out = arena_strndup(t->a, str_c(&md), md.len);
	str_clear(&md);
	return out;
}

static const char *side_md(struct taking *t, const struct tmpl_side *side, bool clozes)
{
	struct str html = {0};
	tmpl_fill(&html, side, t->n->fields, t->n->field_count, clozes);
	const char *md = to_md(t, str_c(&html), html.len);
	str_clear(&html);
	return md;
}

static const char *field_md(struct taking *t, size_t i)
{
	return i < t->n->field_count ? to_md(t, t->n->fields[i].p, t->n->fields[i].len) : "";
}

/* Where the card belongs in its deck. */
static int64_t place_of(struct taking *t, long long said)
{
	int64_t place = t->n->position ? t->n->position : said;
	if (place)
		t->deck->place = place;
	return t->deck->place;
}

/* "gd-deck/card" -> "card": what is left when somebody threw the comment away. */
static const char *id_of(const char *guid)
{
	const char *slash = guid && str_starts(guid, NOTE_GUID_PREFIX) ? strchr(guid, '/') : NULL;
	return slash && slug_valid(slash + 1) ? slash + 1 : NULL;
}

static bool add(struct taking *t, struct node *card, size_t ord)
{
	struct draft_added added;
	if (ord == 0)
		draft_text(t->a, card, "id", id_of(t->n->guid));
	if (t->n->has_tags)
		draft_tags(t->s, t->a, card, t->n->tags, t->n->tag_count);
	if (!draft_add(t->s, t->deck, t->a,
		       &(struct draft_card){
			       .card = card, .pos = t->n->pos, .position = place_of(t, 0)},
		       &added))
		return false;
	if (t->made) {
		t->made->deck = t->deck;
		t->made->ids[ord] = added.id;
		t->made->cloze = added.kind == CARD_CLOZE;
		t->made->reversed = added.kind == CARD_REVERSED;
		if (t->made->reversed)
			t->made->ids[1] = added.id;
	}
	return true;
}

static bool add_faces(struct taking *t, const char *kind, const char *front, const char *back,
		      size_t ord)
{
	struct node *card = draft_map(t->a, kind);
	draft_text(t->a, card, "front", front);
	draft_text(t->a, card, "back", back);
	if (!*front || !*back)
		return draft_skip(t->s, t->n->pos,
				  *front ? "its answer is empty" : "its question is empty");
	return add(t, card, ord);
}

static bool add_cloze(struct taking *t, const char *text, const char *extra)
{
	struct node *card = draft_map(t->a, "cloze");
	draft_text(t->a, card, "text", text);
	draft_text(t->a, card, "why", extra);
	return add(t, card, 0);
}

/* A typed card; an answer that is no line makes it a basic one. */
static bool add_typed(struct taking *t, const struct tmpl *tmpl, size_t ord)
{
	const char *question = side_md(t, &tmpl->question, false);
	const char *show = field_md(t, (size_t)tmpl->typed);
	if (!*question || !*show || strchr(show, '\n'))
		return add_faces(t, "basic", question, show, ord);
	struct node *card = draft_map(t->a, "typed"), *accept = node_new(t->a, NODE_LIST);
	struct str words = {0};
	md_words(&words, show);
	draft_item(t->a, accept, draft_pattern(t->a, arena_strdup(t->a, str_c(&words))));
	str_clear(&words);
	draft_text(t->a, card, "question", question);
	node_set(t->a, card, "accept", accept);
	draft_text(t->a, card, "show", show);
	draft_text(t->a, card, "why", side_md(t, &tmpl->answer, false));
	return add(t, card, ord);
}

/* -- notes of other authors -------------------------------------------------------------------- */

static bool has_hole(struct slice s)
{
	const char *p = s.p, *end = p + s.len;
	while ((p = memmem(p, (size_t)(end - p), "{{c", 3))) {
		p += 3;
		if (p < end && *p >= '0' && *p <= '9')
			return true;
	}
	return false;
}

/* Without a note type: holes make a cloze; else the first field is asked, the others answer. */
static bool take_fields(struct taking *t)
{
	struct str rest = {0};
	bool hole = t->n->field_count && has_hole(t->n->fields[0]);
	const char *front = field_md(t, 0);
	for (size_t i = 1; i < t->n->field_count; i++) {
		const char *md = field_md(t, i);
		if (*md)
			str_addf(&rest, "%s%s", rest.len ? "\n\n" : "", md);
	}
	const char *back = arena_strndup(t->a, str_c(&rest), rest.len);
	str_clear(&rest);
	return hole ? add_cloze(t, front, back) : add_faces(t, "basic", front, back, 0);
}

static bool is_blank(const struct note_in *n, size_t field)
{
	if (field >= n->field_count)
		return true;
	for (size_t i = 0; i < n->fields[field].len; i++)
		if (!strchr(" \t\r\n", n->fields[field].p[i]))
			return false;
	return true;
}

/* Has the note a card of this template? */
static bool has_card(const struct note_in *n, size_t ord)
{
	if (n->ords)
		return n->ords >> ord & 1;
	return ord == 0 || n->kind->optional == SIZE_MAX || !is_blank(n, n->kind->optional);
}

static bool take_templates(struct taking *t)
{
	const struct note_kind *kind = t->n->kind;
	const char *front[2] = {NULL, NULL}, *back[2] = {NULL, NULL};
	bool any = false;
	size_t count = kind->template_count < MAX_NOTE_TEMPLATES ? kind->template_count
								 : MAX_NOTE_TEMPLATES;
	for (size_t i = 0; i < 2 && i < count && has_card(t->n, i) && kind->templates[i].typed < 0;
	     i++) {
		front[i] = side_md(t, &kind->templates[i].question, false);
		back[i] = side_md(t, &kind->templates[i].answer, false);
	}
	bool both = front[1] && str_eq(front[0], back[1]) && str_eq(front[1], back[0]);
	if (both)
		any = add_faces(t, "reversed", front[0], back[0], 0);
	for (size_t i = both ? 2 : 0; i < count && !t->s->full; i++) {
		const struct tmpl *tmpl = &kind->templates[i];
		if (!has_card(t->n, i))
			continue;
		if (tmpl->typed >= 0)
			any |= add_typed(t, tmpl, i);
		else if (i < 2 && front[i])
			any |= add_faces(t, "basic", front[i], back[i], i);
		else
			any |= add_faces(t, "basic", side_md(t, &tmpl->question, false),
					 side_md(t, &tmpl->answer, false), i);
	}
	return any;
}

static bool take_foreign(struct taking *t)
{
	const struct note_in *n = t->n;
	t->deck = n->deck && *n->deck
			  ? draft_deck(t->s, n->deck, NULL, draft_path_title(t->a, n->deck))
			  : draft_default(t->s, n->file);
	if (!n->kind)
		return take_fields(t);
	if (!n->kind->cloze)
		return take_templates(t);
	const struct tmpl *tmpl = n->kind->templates;
	return add_cloze(t, side_md(t, &tmpl->question, true), side_md(t, &tmpl->answer, false));
}

/* -- notes of ours ----------------------------------------------------------------------------- */

static bool same_word(const char *a, const char *b)
{
	return strcasecmp(a, b) == 0;
}

/* Is this tag one that the card gave the note? */
static bool in_node(const struct node *n, const char *tag)
{
	bool list = n && n->kind == NODE_LIST;
	for (const struct node *e = list ? n->child : n; e; e = list ? e->next : NULL)
		if (e->text && same_word(e->text, tag))
			return true;
	return false;
}

static bool is_task(const struct node *exam, const char *tag)
{
	const char *colons = strstr(tag, "::");
	for (const struct node *e = exam && colons ? exam->child : NULL; e; e = e->next)
		if (strncasecmp(e->key->text, tag, (size_t)(colons - tag)) == 0 &&
		    e->key->len == (size_t)(colons - tag) && in_node(e, colons + 2))
			return true;
	return false;
}

static bool has_tag(const struct note_in *n, const char *tag)
{
	for (size_t i = 0; i < n->tag_count; i++)
		if (same_word(n->tags[i], tag))
			return true;
	return false;
}

/* Tags that were added in Anki are added to the card, those taken off are taken off. */
static void follow_tags(struct taking *t, struct node *card, const struct node *head)
{
	const struct note_in *n = t->n;
	const struct node *own = node_get(card, "tags");
	struct node *kept = node_new(t->a, NODE_LIST);
	size_t before = own && own->kind == NODE_LIST ? own->count : own != NULL;
	bool list = own && own->kind == NODE_LIST;
	for (const struct node *e = list ? own->child : own; e; e = list ? e->next : NULL)
		if (e->text && has_tag(n, e->text))
			draft_item(t->a, kept, e->text);
	bool changed = kept->count != before;
	for (size_t i = 0; i < n->tag_count; i++) {
		const char *tag = n->tags[i];
		if (in_node(own, tag) || in_node(node_get(head, "tags"), tag) ||
		    is_task(node_get(card, "exam"), tag) || is_task(node_get(head, "exam"), tag))
			continue;
		struct node *one = node_new(t->a, NODE_MAP);
		draft_tags(t->s, t->a, one, &tag, 1);
		for (const struct node *e = node_get(one, "tags")->child; e; e = e->next)
			if (!in_node(kept, e->text))
				draft_item(t->a, kept, e->text);
		changed = true;
	}
	if (changed)
		node_set(t->a, card, "tags", kept);
}

/* The deck a note of ours belongs to: its own, unless it was moved. */
static struct draft *own_deck(struct taking *t, const struct node *head)
{
	const char *slug = node_text(head, "deck"), *title = node_text(head, "title");
	const char *path = t->n->deck && *t->n->deck ? t->n->deck : NULL;
	if (!slug || !title)
		return draft_default(t->s, t->n->file);
	const char *own = note_deck_path(t->a, title, NULL);
	if (!path)
		path = own;
	bool moved = !str_eq(path, own) && !str_eq(path, note_deck_path(t->a, title, slug));
	return draft_deck(t->s, path, moved ? NULL : slug,
			  moved ? draft_path_title(t->a, path) : title);
}

/* The column of this id among the columns of a table, from 1; 0: none. */
static size_t column_of(const struct node *card, const char *id)
{
	const struct node *columns = node_get(card, "columns");
	size_t i = 1;
	for (const struct node *e = columns ? columns->child : NULL; e; e = e->next, i++)
		if (strcmp(e->key->text, id) == 0)
			return i;
	return 0;
}

/* The text of one cell, as it is seen in its note now. */
static void set_cell(struct taking *t, struct draft *k, size_t piece, const char *part)
{
	struct node *card = k->pieces[piece].held;
	const char *dot = strchr(part, '.');
	const char *row = dot ? arena_strndup(t->a, part, (size_t)(dot - part)) : "";
	size_t column = dot ? column_of(card, dot + 1) : 0;
	const struct node *cells = node_get(node_get(card, "rows"), row);
	struct slice back = t->n->field_count > 1 ? t->n->fields[1] : (struct slice){"", 0};
	const char *extra = memmem(back.p, back.len, "<hr><div class=\"gd-", 19);
	const char *text =
		draft_line(t->a, to_md(t, back.p, extra ? (size_t)(extra - back.p) : back.len));
	struct node *cell = cells && column ? cells->child : NULL;
	for (size_t i = 0; cell && i < column; i++)
		cell = cell->next;
	if (!cell || !*text)
		return;
	cell->text = arena_strdup(&t->s->arena, text);
	cell->len = strlen(text);
}

/* "gd-deck/card#row.col" -> "card". */
static const char *table_of(struct arena *a, const char *guid)
{
	const char *slash = guid && str_starts(guid, NOTE_GUID_PREFIX) ? strchr(guid, '/') : NULL;
	const char *hash = slash ? strchr(slash, '#') : NULL;
	return hash ? arena_strndup(a, slash + 1, (size_t)(hash - slash - 1)) : NULL;
}

/* The table itself, kept back until all of its cells were seen. False: left out. */
static bool hold_table(struct taking *t, const struct note_data *data, struct node *card)
{
	struct draft *k = t->deck;
	struct draft_added added;
	const struct draft_card c = {.card = card,
				     .head = data->card,
				     .pos = t->n->pos,
				     .position = place_of(t, data->place),
				     .hold = true};
	const char *id = arena_strdup(t->a, node_text(card, "id"));
	if (t->n->has_tags)
		follow_tags(t, card, data->card);
	if (!draft_add(t->s, k, t->a, &c, &added))
		return false;
	size_t at = names_add(&k->tables, id);
	k->table_piece = xrealloc(k->table_piece, k->tables.count, sizeof(*k->table_piece));
	k->table_piece[at] = added.piece;
	return true;
}

/* One cell of a table. card: the table, when this is its first cell, else NULL. */
static bool take_cell(struct taking *t, const struct note_data *data, struct node *card)
{
	struct draft *k = t->deck;
	const char *id = card ? node_text(card, "id") : table_of(t->a, t->n->guid);
	long at = id ? names_find(&k->tables, id) : -1;
	if (at < 0 && card && id && hold_table(t, data, card))
		at = (long)k->tables.count - 1;
	if (at < 0)
		return false;
	size_t piece = k->table_piece[at];
	if (note_seen(t->n->fields, t->n->field_count) != data->seen) {
		t->s->report->edited++;
		set_cell(t, k, piece, data->part);
	}
	if (t->made) {
		t->made->deck = k;
		t->made->ids[0] = k->pieces[piece].id;
		t->made->part = arena_strdup(&t->s->arena, data->part);
	}
	return true;
}

static bool take_own(struct taking *t, const struct note_data *data, struct node *card)
{
	const struct note_in *n = t->n;
	t->deck = own_deck(t, data->card);
	if (data->head)
		draft_head(t->s, t->deck, data->head);
	if (data->part[0])
		return take_cell(t, data, card);
	bool edited = note_seen(n->fields, n->field_count) != data->seen;
	t->s->report->edited += edited;
	const char *problem = edited ? note_edited(t->a, n, data, card, &t->s->report->html) : NULL;
	struct draft_added added;
	if (n->has_tags)
		follow_tags(t, card, data->card);
	if (!draft_add(t->s, t->deck, t->a,
		       &(struct draft_card){.card = card,
					    .head = data->card,
					    .pos = n->pos,
					    .position = place_of(t, data->place)},
		       &added))
		return false;
	if (problem)
		diag_warn(t->s->d, n->pos, "import-edited", "\"%s\" was edited in Anki: %s",
			  added.id, problem);
	if (t->made) {
		t->made->deck = t->deck;
		t->made->ids[0] = t->made->ids[1] = added.id;
		t->made->cloze = added.kind == CARD_CLOZE;
		t->made->reversed = added.kind == CARD_REVERSED;
	}
	return true;
}

/* A cell whose table came with an earlier note; when it did not, a card of its own. */
static bool take_later_cell(struct taking *t, const struct note_data *data)
{
	const char *path = t->n->deck && *t->n->deck ? t->n->deck : NULL;
	const char *id = table_of(t->a, t->n->guid);
	long at = path ? names_find(&t->s->keys, path) : -1;
	for (size_t i = 0; at < 0 && !path && id && i < t->s->count; i++)
		if (names_find(&t->s->items[i]->tables, id) >= 0)
			at = (long)i;
	t->deck = at < 0 ? NULL : t->s->items[at];
	return (t->deck && take_cell(t, data, NULL)) || take_foreign(t);
}

bool note_take(struct drafts *s, struct arena *a, const struct note_in *n, struct note_made *made)
{
	struct taking t = {.s = s, .a = a, .n = n, .made = made};
	struct note_data data;
	bool damaged = false, own = false;
	if (made)
		*made = (struct note_made){.part = ""};
	s->report->notes++;
	for (size_t i = n->field_count; i-- > 0 && !own && !damaged;)
		own = note_data_read(a, n->fields[i].p, n->fields[i].len, &data, &damaged);
	if (damaged)
		diag_warn(s->d, n->pos, "import-damaged",
			  "what this note says of its card is damaged; it is read as it looks");
	if (!own)
		return take_foreign(&t);
	if (!data.card)
		return take_later_cell(&t, &data);
	const struct node *cards = node_get(data.card, "cards");
	if (cards && cards->child && cards->child->kind == NODE_MAP)
		return take_own(&t, &data, cards->child);
	return take_foreign(&t);
}
