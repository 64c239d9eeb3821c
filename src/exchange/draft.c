/* draft.c -- see draft.h.
 *
 * A card is proved before it is taken: with what it needs of its deck it is put into a deck of one
 * card and loaded, and kinds with rules of their own are linted. So no file comes out that cannot
 * be loaded, whatever went in; and a card that is refused takes nobody with it.
 *
 * Cards may come from several decks into one: a note can be moved in Anki. What a card had from its
 * old deck (tags, exam tasks) and the new one does not give is written into the card; sources are
 * merged by address and get another id where two decks used one id for two pages. */
#include "exchange/draft.h"

#include "base/file.h"
#include "base/markdown.h"
#include "base/utf8.h"
#include "deck/keys.h"
#include "exchange/clean.h"
#include "exchange/deckyaml.h"
#include "exchange/fault.h"
#include "exchange/note.h"

#include <stdlib.h>
#include <string.h>

static void draft_free(struct draft *k)
{
	names_clear(&k->source_ids);
	names_clear(&k->ids);
	names_clear(&k->tables);
	free(k->table_piece);
	str_clear(&k->cards);
	free(k->source);
	free(k->pieces);
	free(k->log);
	free(k);
}

void drafts_clear(struct drafts *s)
{
	for (size_t i = 0; i < s->count; i++)
		draft_free(s->items[i]);
	free(s->items);
	names_clear(&s->slugs);
	names_clear(&s->keys);
	names_clear(&s->sound);
	arena_clear(&s->arena);
	*s = (struct drafts){0};
}

/* -- decks ------------------------------------------------------------------------------------- */

/* One line of at most MAX_TITLE characters; "Deck" for nothing. */
static const char *fit_title(struct drafts *s, const char *title)
{
	size_t lost = 0;
	char *clean = arena_strdup(&s->arena, clean_text(&s->arena, title, strlen(title), &lost));
	for (char *p = clean; *p; p++)
		if (*p == '\n' || *p == '\t')
			*p = ' ';
	clean = str_trim(&s->arena, clean);
	size_t at = 0;
	for (size_t chars = 0; clean[at] && chars < MAX_TITLE; chars++)
		do
			at++;
		while (((unsigned char)clean[at] & 0xc0) == 0x80);
	clean[at] = '\0';
	return *clean ? clean : "Deck";
}

struct draft *draft_deck(struct drafts *s, const char *key, const char *slug, const char *title)
{
	long found = names_find(&s->keys, key);
	if (found >= 0)
		return s->items[found];
	struct draft *k = xcalloc(1, sizeof(*k));
	names_add(&s->keys, key);
	s->items = array_grow(s->items, &s->cap, s->count + 1, sizeof(*s->items));
	s->items[s->count++] = k;
	k->key = arena_strdup(&s->arena, key);
	k->title = fit_title(s, title);
	if (!slug || !slug_valid(slug))
		slug = slug_of(&s->arena, k->title);
	k->slug = names_unique(&s->slugs, *slug ? slug : "deck");
	return k;
}

/* "my-cards.apkg" -> "My cards". */
static const char *file_title(struct drafts *s, const char *path)
{
	char *title = arena_strdup(&s->arena, path_base(path));
	char *dot = strrchr(title, '.');
	if (dot && dot > title)
		*dot = '\0';
	for (char *p = title; *p; p++)
		if (*p == '-' || *p == '_')
			*p = ' ';
	if (*title >= 'a' && *title <= 'z')
		*title -= 32;
	return title;
}

struct draft *draft_default(struct drafts *s, const char *path)
{
	const char *title = s->o->title ? s->o->title : file_title(s, path);
	const char *slug = s->o->deck;
	/* No deck of a file can have a line break in its name. */
	return draft_deck(s, arena_printf(&s->arena, "\n%s", path), slug, title);
}

/* "gatedrill::A::B" -> "A: B". */
const char *draft_path_title(struct arena *a, const char *path)
{
	static const char parent[] = NOTE_DECK_PARENT "::";
	struct str s = {0};
	if (str_starts(path, parent) && path[strlen(parent)])
		path += strlen(parent);
	for (; *path; path++) {
		if (path[0] == ':' && path[1] == ':') {
			str_add(&s, ": ");
			path++;
		} else {
			str_addc(&s, *path);
		}
	}
	const char *title = arena_strndup(a, str_c(&s), s.len);
	str_clear(&s);
	return title;
}

/* -- small trees ------------------------------------------------------------------------------- */

struct node *draft_map(struct arena *a, const char *kind)
{
	struct node *map = node_new(a, NODE_MAP);
	if (kind)
		node_set(a, map, "kind", node_new_text(a, kind));
	return map;
}

static struct node *text_node(struct arena *a, const char *text)
{
	struct node *n = node_new(a, NODE_TEXT);
	n->text = text;
	n->len = strlen(text);
	return n;
}

void draft_text(struct arena *a, struct node *map, const char *key, const char *text)
{
	if (text && text[strspn(text, " \t\r\n")])
		node_set(a, map, key, text_node(a, text));
}

void draft_item(struct arena *a, struct node *list, const char *text)
{
	node_append(list, text_node(a, text));
}

struct node *draft_copy(struct arena *a, const struct node *n)
{
	if (!n)
		return NULL;
	struct node *copy = node_new(a, n->kind), **end = &copy->child;
	copy->line = n->line;
	copy->col = n->col;
	copy->count = n->count;
	copy->len = n->len;
	if (n->text)
		copy->text = arena_strndup(a, n->text, n->len);
	for (const struct node *e = n->child; e; e = e->next) {
		*end = draft_copy(a, e);
		(*end)->key = draft_copy(a, e->key);
		end = &(*end)->next;
	}
	return copy;
}

/* Is text in a list, or the text itself? */
static bool has_text(const struct node *n, const char *text)
{
	if (n && n->kind == NODE_LIST) {
		for (const struct node *e = n->child; e; e = e->next)
			if (e->text && strcmp(e->text, text) == 0)
				return true;
		return false;
	}
	return n && n->text && strcmp(n->text, text) == 0;
}

static struct node *find(const struct node *map, const char *key)
{
	struct node *n = map && map->kind == NODE_MAP ? map->child : NULL;
	while (n && strcmp(n->key->text, key) != 0)
		n = n->next;
	return n;
}

/* Take a key out of a map. */
static void remove_key(struct node *map, const char *key)
{
	for (struct node **n = &map->child; *n; n = &(*n)->next)
		if (strcmp((*n)->key->text, key) == 0) {
			*n = (*n)->next;
			map->count--;
			return;
		}
}

/* The list under a key, made of a single text or of nothing. */
static struct node *list_under(struct arena *a, struct node *map, const char *key)
{
	struct node *n = find(map, key);
	if (n && n->kind == NODE_LIST)
		return n;
	struct node *list = node_new(a, NODE_LIST);
	if (n && n->text && *n->text)
		draft_item(a, list, n->text);
	node_set(a, map, key, list);
	return list;
}

void draft_tags(struct drafts *s, struct arena *a, struct node *card, const char *const *tags,
		size_t count)
{
	struct node *list = list_under(a, card, "tags");
	for (size_t i = 0; i < count && list->count < MAX_TAGS; i++) {
		const char *slug = slug_valid(tags[i]) ? tags[i] : slug_of(a, tags[i]);
		if (!*slug)
			slug = arena_printf(a, "tag-%zu", i + 1);
		s->renamed += strcmp(slug, tags[i]) != 0;
		if (!has_text(list, slug))
			draft_item(a, list, slug);
	}
	if (!list->count)
		remove_key(card, "tags");
}

char *draft_line(struct arena *a, const char *md)
{
	char *line = arena_alloc(a, strlen(md) + 1), *out = line;
	for (; *md; md++) {
		bool end = *md == '\n' || (*md == '\\' && md[1] == '\n');
		if (!end)
			*out++ = *md;
		else if (out > line && out[-1] != ' ')
			*out++ = ' ';
	}
	return str_trim(a, line);
}

const char *draft_pattern(struct arena *a, const char *text)
{
	struct str s = {0};
	for (; *text; text++) {
		if (strchr("\\^$.|?*+()[]{}", *text))
			str_addc(&s, '\\');
		str_addc(&s, *text);
	}
	const char *out = arena_strndup(a, str_c(&s), s.len);
	str_clear(&s);
	return out;
}

/* -- heads ------------------------------------------------------------------------------------- */

/* Lists of one task as the task: that is how people write it. */
static void unlist(struct node *exam)
{
	for (struct node *e = exam ? exam->child : NULL; e; e = e->next)
		if (e->kind == NODE_LIST && e->count == 1 && e->child->text) {
			e->kind = NODE_TEXT;
			e->text = e->child->text;
			e->len = e->child->len;
			e->child = NULL;
			e->count = 0;
		}
}

static void settle(struct drafts *s, struct draft *k, const struct node *head)
{
	if (k->settled)
		return;
	k->settled = true;
	struct node *map = node_new(&s->arena, NODE_MAP);
	if (node_get(head, "tags"))
		node_set(&s->arena, map, "tags", draft_copy(&s->arena, node_get(head, "tags")));
	draft_tags(s, &s->arena, map, s->o->tags, s->o->tag_count);
	k->tags = find(map, "tags");
	k->exam = draft_copy(&s->arena, node_get(head, "exam"));
	unlist(k->exam);
}

static bool same_source(const struct node *a, const struct node *b)
{
	static const char *const keys[] = {"title", "url", "checked"};
	for (size_t i = 0; i < ARRAY_LEN(keys); i++)
		if (!str_eq(node_text(a, keys[i]), node_text(b, keys[i])))
			return false;
	return true;
}

/* Take over a source; its id in this deck, or NULL when there is no room. */
static const char *add_source(struct drafts *s, struct draft *k, const struct node *source)
{
	const char *id = source->key->text;
	long found = names_find(&k->source_ids, id);
	if (found >= 0 && same_source(k->source[found], source))
		return id;
	for (size_t i = 0; found >= 0 && i < k->source_ids.count; i++)
		if (same_source(k->source[i], source))
			return k->source_ids.items[i];
	if (k->source_ids.count >= MAX_SOURCES)
		return NULL;
	if (!k->sources)
		k->sources = node_new(&s->arena, NODE_MAP);
	id = names_unique(&k->source_ids, id);
	struct node *copy = draft_copy(&s->arena, source);
	node_set(&s->arena, k->sources, id, copy);
	k->source = xrealloc(k->source, k->source_ids.count, sizeof(*k->source));
	k->source[k->source_ids.count - 1] = copy;
	return id;
}

/* A deck of these keys and one card, to be loaded. */
static struct node *small_deck(struct arena *a, const struct node *head, struct node *sources,
			       struct node *card)
{
	struct node *deck = node_new(a, NODE_MAP), *cards = node_new(a, NODE_LIST);
	node_set(a, deck, "deck", text_node(a, "x"));
	node_set(a, deck, "title", text_node(a, "X"));
	node_set(a, deck, "format", text_node(a, "1"));
	if (node_get(head, "exam"))
		node_set(a, deck, "exam", draft_copy(a, node_get(head, "exam")));
	if (node_get(head, "tags"))
		node_set(a, deck, "tags", draft_copy(a, node_get(head, "tags")));
	if (sources)
		node_set(a, deck, "sources", sources);
	card->next = NULL;
	node_append(cards, card);
	node_set(a, deck, "cards", cards);
	return deck;
}

void draft_head(struct drafts *s, struct draft *k, const struct node *head)
{
	struct arena a = {0};
	struct deck deck;
	struct diags why = {0};
	size_t lost = 0;
	struct node *copy = draft_copy(&a, head), *card = draft_map(&a, "basic");
	draft_text(&a, card, "id", "x");
	draft_text(&a, card, "front", "x");
	draft_text(&a, card, "back", "x");
	clean_tree(&a, copy, &lost);
	struct node *sources = draft_copy(&a, node_get(copy, "sources"));
	struct node *root = small_deck(&a, copy, sources, card);
	const char *about = node_text(copy, "about");
	draft_text(&a, root, "about", about);
	if (deck_from_node(&deck, NULL, root, &why)) {
		deck_clear(&deck);
		settle(s, k, copy);
		if (!k->about)
			k->about = arena_strdup(&s->arena, about);
		for (const struct node *e = sources ? sources->child : NULL; e; e = e->next)
			add_source(s, k, e);
	}
	diags_clear(&why);
	arena_clear(&a);
}

/* -- cards ------------------------------------------------------------------------------------- */

bool draft_skip(struct drafts *s, struct pos pos, const char *why)
{
	s->report->skipped++;
	diag_warn(s->d, pos, "import-card", "left out: %s", why);
	return false;
}

static bool has_room(struct drafts *s, const struct draft *k, struct pos pos)
{
	size_t total = 0;
	if (s->full)
		return false;
	for (size_t i = 0; i < s->count; i++)
		total += s->items[i]->cards.len;
	if (k->count >= MAX_CARDS)
		diag_error(s->d, pos, "import-too-large", "a deck holds at most %d cards",
			   MAX_CARDS);
	else if (total > MAX_IMPORT_BYTES)
		diag_error(s->d, pos, "import-too-large",
			   "the cards have more than %zu bytes together", MAX_IMPORT_BYTES);
	else
		return true;
	s->full = true;
	return false;
}

/* The sources a card names, copied from the head. */
static struct node *sources_of(struct arena *a, const struct node *card, const struct node *head)
{
	const struct node *all = node_get(head, "sources"), *n = node_get(card, "source");
	struct node *map = node_new(a, NODE_MAP);
	bool list = n && n->kind == NODE_LIST;
	for (const struct node *e = list ? n->child : n; e; e = list ? e->next : NULL) {
		const struct node *source = e->text ? node_get(all, e->text) : NULL;
		if (source && !node_get(map, e->text))
			node_set(a, map, e->text, draft_copy(a, source));
	}
	return map->count ? map : NULL;
}

static const char *make_id(struct draft *k, struct arena *a, const struct node *card,
			   const struct deck *deck)
{
	const char *wanted = node_text(card, "id");
	if (wanted && strcmp(wanted, "?") != 0)
		return names_unique(&k->ids, wanted);
	struct str words = {0};
	const char *title = card_title(&deck->cards[0]);
	title += strspn(title, " \n");
	if (title[strcspn(title, "\n")])
		title = arena_strndup(a, title, strcspn(title, "\n"));
	if (strpbrk(title, "`*_[\\<&"))
		md_words(&words, title);
	char *slug = slug_of(a, words.len ? str_c(&words) : title);
	str_clear(&words);
	return names_unique(&k->ids, *slug ? slug : "card");
}

/* The same tasks, as a list or as one? */
static bool same_tasks(const struct node *a, const struct node *b)
{
	if (a && b && a->kind != b->kind)
		return (a->kind != NODE_LIST || a->count == 1) &&
		       (b->kind != NODE_LIST || b->count == 1) &&
		       str_eq(a->kind == NODE_LIST ? a->child->text : a->text,
			      b->kind == NODE_LIST ? b->child->text : b->text);
	return node_equal(a, b);
}

/* Tags and exam tasks that the card's old deck gave it and its new one does not. */
static void keep_inherited(struct arena *a, const struct draft *k, struct node *card,
			   const struct node *head)
{
	const struct node *tags = node_get(head, "tags"), *exam = node_get(head, "exam");
	bool list = tags && tags->kind == NODE_LIST;
	for (const struct node *e = list ? tags->child : tags; e; e = list ? e->next : NULL)
		if (!has_text(k->tags, e->text) && !has_text(find(card, "tags"), e->text)) {
			struct node *own = list_under(a, card, "tags");
			if (own->count < MAX_TAGS)
				draft_item(a, own, e->text);
		}
	for (const struct node *e = exam ? exam->child : NULL; e; e = e->next) {
		struct node *own = find(card, "exam");
		if (node_get(own, e->key->text) || same_tasks(node_get(k->exam, e->key->text), e))
			continue;
		if (!own)
			node_set(a, card, "exam", own = node_new(a, NODE_MAP));
		node_set(a, own, e->key->text, draft_copy(a, e));
	}
}

/* Take the card's sources over, under the ids they have in this deck. */
static void move_sources(struct drafts *s, struct draft *k, struct arena *a, struct node *card,
			 const struct node *sources)
{
	struct node *n = find(card, "source"), *list = node_new(a, NODE_LIST);
	bool many = n && n->kind == NODE_LIST;
	if (!n || !sources)
		return;
	for (const struct node *e = many ? n->child : n; e; e = many ? e->next : NULL) {
		const char *id = add_source(s, k, node_get(sources, e->text));
		if (id && !has_text(list, id))
			draft_item(a, list, id);
	}
	if (!list->count)
		remove_key(card, "source");
	else if (list->count == 1 && !many)
		node_set(a, card, "source", text_node(a, list->child->text));
	else
		node_set(a, card, "source", list);
}

static void take(struct drafts *s, struct draft *k, struct arena *a, const struct draft_card *c,
		 const struct node *sources, const struct deck *deck, struct draft_added *out)
{
	settle(s, k, c->head);
	keep_inherited(a, k, c->card, c->head);
	move_sources(s, k, a, c->card, sources);
	const char *id = make_id(k, a, c->card, deck);
	if (s->o->progress) /* the history outlives the set of ids */
		id = arena_strdup(&s->arena, id);
	*out = (struct draft_added){.id = id, .kind = deck->cards[0].kind, .piece = k->count};
	node_set(a, c->card, "id", text_node(a, out->id));
	k->pieces = array_grow(k->pieces, &k->piece_cap, k->count + 1, sizeof(*k->pieces));
	struct draft_piece *piece = &k->pieces[k->count++];
	*piece = (struct draft_piece){.at = k->cards.len, .position = c->position};
	if (c->hold) {
		piece->held = draft_copy(&s->arena, c->card);
		piece->id = id;
	} else {
		deckyaml_card(&k->cards, c->card, k->cards.len == 0);
	}
	k->counts[out->kind]++;
	s->report->cards++;
}

bool draft_add(struct drafts *s, struct draft *k, struct arena *a, const struct draft_card *c,
	       struct draft_added *out)
{
	struct deck deck;
	struct diags why = {0};
	struct draft_added ignored;
	const char *id = node_text(c->card, "id");
	if (!has_room(s, k, c->pos))
		return false;
	clean_tree(a, c->card, &s->report->lost);
	if (!id || !slug_valid(id))
		node_set(a, c->card, "id", text_node(a, "x"));
	struct node *sources = sources_of(a, c->card, c->head);
	struct node *root = small_deck(a, c->head, sources, c->card);
	bool ok = deck_from_node(&deck, NULL, root, &why);
	if (ok) {
		const char *fault = card_fault(a, &deck.cards[0], &s->sound);
		ok = !fault || diag_fail(&why, "import-card", "%s", fault);
		if (!id || !slug_valid(id))
			node_set(a, c->card, "id", text_node(a, "?"));
		if (ok)
			take(s, k, a, c, sources, &deck, out ? out : &ignored);
		deck_clear(&deck);
	}
	if (!ok)
		draft_skip(s, c->pos, diags_first(&why));
	diags_clear(&why);
	return ok;
}

void draft_log(struct drafts *s, struct draft *k, const struct import_answer *answer)
{
	k->log = array_grow(k->log, &k->log_cap, k->log_count + 1, sizeof(*k->log));
	k->log[k->log_count] = *answer;
	k->log[k->log_count++].part = answer->part[0] ? arena_strdup(&s->arena, answer->part) : "";
}

/* -- the end ----------------------------------------------------------------------------------- */

struct place {
	int64_t position;
	size_t piece;
};

static int by_position(const void *a, const void *b)
{
	const struct place *x = a, *y = b;
	if (x->position != y->position)
		return x->position < y->position ? -1 : 1;
	return (x->piece > y->piece) - (x->piece < y->piece);
}

static void write_piece(const struct draft *k, size_t i, struct str *out)
{
	const struct draft_piece *p = &k->pieces[i];
	size_t end = i + 1 < k->count ? p[1].at : k->cards.len;
	const char *text = str_c(&k->cards) + p->at;
	size_t n = end - p->at;
	if (p->held) {
		deckyaml_card(out, p->held, out->len == 0);
		return;
	}
	if (n && *text == '\n') {
		text++;
		n--;
	}
	if (out->len && !str_ends(str_c(out), "\n\n"))
		str_addc(out, '\n');
	str_addn(out, text, n);
}

/* Cards that were held back are written, and all are put in their order. */
static void settle_cards(struct draft *k)
{
	bool as_it_is = true;
	for (size_t i = 0; i < k->count; i++)
		as_it_is = as_it_is && !k->pieces[i].held &&
			   (!i || k->pieces[i].position >= k->pieces[i - 1].position);
	if (as_it_is)
		return;
	struct place *order = xcalloc(k->count, sizeof(*order));
	struct str out = {0};
	for (size_t i = 0; i < k->count; i++)
		order[i] = (struct place){k->pieces[i].position, i};
	qsort(order, k->count, sizeof(*order), by_position);
	for (size_t i = 0; i < k->count; i++)
		write_piece(k, order[i].piece, &out);
	free(order);
	str_clear(&k->cards);
	k->cards = out;
}

static void write_head(struct drafts *s, struct draft *k)
{
	struct arena *a = &s->arena;
	struct node *head = node_new(a, NODE_MAP);
	struct str out = {0};
	draft_text(a, head, "deck", k->slug);
	draft_text(a, head, "title", k->title);
	draft_text(a, head, "about", k->about);
	if (k->exam)
		node_set(a, head, "exam", k->exam);
	if (k->tags)
		node_set(a, head, "tags", k->tags);
	if (k->sources)
		node_set(a, head, "sources", k->sources);
	deckyaml_head(&out, head);
	size_t n = k->cards.len;
	str_addn(&k->cards, str_c(&out), out.len);
	memmove(k->cards.p + out.len, k->cards.p, n);
	memcpy(k->cards.p, str_c(&out), out.len);
	str_clear(&out);
}

static int by_time(const void *a, const void *b)
{
	const struct import_answer *x = a, *y = b;
	if (x->event.at.ms != y->event.at.ms)
		return x->event.at.ms < y->event.at.ms ? -1 : 1;
	int order = strcmp(x->card, y->card);
	if (!order)
		order = strcmp(x->part, y->part);
	return order ? order : (int)x->event.op - (int)y->event.op;
}

static void move_deck(struct drafts *s, struct draft *k, struct import_deck *out)
{
	settle_cards(k);
	write_head(s, k);
	if (k->log_count)
		qsort(k->log, k->log_count, sizeof(*k->log), by_time);
	size_t len = k->cards.len;
	*out = (struct import_deck){
		.slug = arena_strdup(&s->arena, k->slug),
		.title = k->title,
		.yaml_len = len,
		.yaml = str_take(&k->cards),
		.log = k->log,
		.log_count = k->log_count,
	};
	memcpy(out->cards, k->counts, sizeof(out->cards));
	k->log = NULL;
}

/* What the user calls the deck; there must be one then. */
static bool rename_deck(struct drafts *s, size_t count)
{
	if (!s->o->deck && !s->o->title)
		return true;
	if (count > 1)
		return diag_fail(s->d, "import-name",
				 "there are %zu decks; a name or a title can be given to one only",
				 count);
	for (size_t i = 0; i < s->count; i++) {
		struct draft *k = s->items[i];
		if (s->o->title)
			k->title = fit_title(s, s->o->title);
		if (s->o->deck && strcmp(k->slug, s->o->deck) != 0)
			k->slug = s->o->deck;
	}
	return true;
}

bool drafts_finish(struct drafts *s, struct import *out)
{
	size_t n = 0;
	for (size_t i = 0; i < s->count; i++)
		n += s->items[i]->count > 0;
	if (!n)
		return diag_fail(s->d, "import-empty", "no card was found");
	if (!rename_deck(s, n))
		return false;
	struct import_deck *decks = arena_alloc(&s->arena, (n + 1) * sizeof(*decks));
	n = 0;
	for (size_t i = 0; i < s->count; i++)
		if (s->items[i]->count)
			move_deck(s, s->items[i], &decks[n++]);
	out->arena = s->arena;
	out->decks = decks;
	out->deck_count = n;
	s->arena = (struct arena){0};
	return true;
}
