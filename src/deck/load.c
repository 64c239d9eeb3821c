/* load.c -- from a tree to a deck: the deck's own keys, sources, and what all kinds of card have in
 * common.
 *
 * Texts are not copied: a deck's strings are those of the tree, which lives in the same arena (or,
 * for deck_from_node, in one that outlives it). Cards that add no tags and no exam tasks share the
 * deck's. Ids are sorted once to find repeated ones; the rest is linear in the number of cards. On
 * an error reading goes on with the next value, to find the others; what was refused is left empty,
 * and the deck is dropped at the end. */
#include "deck/load.h"

#include "base/clock.h"
#include "base/json.h"
#include "base/random.h"
#include "base/suggest.h"
#include "base/yaml.h"

#include <stdlib.h>
#include <string.h>

#define MAX_SUGGESTIONS 50

/* -- ids --------------------------------------------------------------------------------------- */

static void ids_init(struct loader *l, struct ids *ids, size_t n)
{
	ids->items = arena_alloc(&l->deck->arena, n * sizeof(*ids->items));
}

static void ids_add(struct ids *ids, const char *text, size_t index)
{
	ids->items[ids->count++] = (struct id){hash_text(text), text, index};
}

static int id_compare(const void *a, const void *b)
{
	const struct id *x = a, *y = b;
	if (x->hash != y->hash)
		return x->hash < y->hash ? -1 : 1;
	int order = strcmp(x->text, y->text);
	return order ? order : (x->index > y->index) - (x->index < y->index);
}

static void ids_sort(struct ids *ids)
{
	if (ids->count)
		qsort(ids->items, ids->count, sizeof(*ids->items), id_compare);
}

/* The same order, but for the index. */
static int id_find(const void *key, const void *item)
{
	const struct id *x = key, *y = item;
	if (x->hash != y->hash)
		return x->hash < y->hash ? -1 : 1;
	return strcmp(x->text, y->text);
}

/* The number of an id, or -1. */
static long ids_find(const struct ids *ids, const char *text)
{
	struct id key = {hash_text(text), text, 0};
	const struct id *id = NULL;
	if (ids->count)
		id = bsearch(&key, ids->items, ids->count, sizeof(*ids->items), id_find);
	return id ? (long)id->index : -1;
}

/* -- sources ----------------------------------------------------------------------------------- */

static void read_source(struct loader *l, const struct node *n, struct source *s)
{
	struct fields f;
	load_text_ok(l, n->key, "sources", TEXT_SLUG, 0);
	load_fields(l, n, KEY_SOURCE, CARD_KIND_COUNT, &f);
	*s = (struct source){
		.id = n->key->text,
		.title = load_text(f.v[K_SOURCE_TITLE]),
		.url = load_text(f.v[K_SOURCE_URL]),
		.has_checked = f.v[K_SOURCE_CHECKED] != NULL,
		.pos = load_pos(l, n->key),
	};
	if (s->has_checked)
		date_parse(f.v[K_SOURCE_CHECKED]->text, &s->checked_day);
}

/* All ids count as known, also those whose source is refused: one slip, one message. */
static void read_sources(struct loader *l, const struct node *n)
{
	struct deck *deck = l->deck;
	if (!n)
		return;
	l->sources_bad = !load_nodes_ok(l, n, &deck_keys[K_DECK_SOURCES], NODE_MAP);
	if (l->sources_bad)
		return;
	ids_init(l, &l->sources, n->count);
	deck->sources = arena_alloc(&deck->arena, n->count * sizeof(*deck->sources));
	for (const struct node *e = n->child; e; e = e->next) {
		ids_add(&l->sources, e->key->text, deck->source_count);
		read_source(l, e, &deck->sources[deck->source_count++]);
	}
	ids_sort(&l->sources);
}

static void unknown_source(struct loader *l, const struct node *n)
{
	const struct deck *deck = l->deck;
	const char *near = NULL;
	if (l->suggestions++ < MAX_SUGGESTIONS && deck->source_count) {
		const char **names =
			arena_alloc(&l->deck->arena, deck->source_count * sizeof(*names));
		for (size_t i = 0; i < deck->source_count; i++)
			names[i] = deck->sources[i].id;
		near = suggest(n->text, names, deck->source_count);
	}
	if (near)
		LOAD_ERROR(l, n, "deck-unknown-source",
			   "unknown source \"%s\", did you mean \"%s\"?", load_brief(l, n->text),
			   near);
	else
		LOAD_ERROR(l, n, "deck-unknown-source",
			   "unknown source \"%s\": it is not under the deck's key sources",
			   load_brief(l, n->text));
}

static bool has_source(const struct card *c, const struct source *s)
{
	for (size_t i = 0; i < c->source_count; i++)
		if (c->sources[i] == s)
			return true;
	return false;
}

static void read_card_sources(struct loader *l, const struct node *n, struct card *c)
{
	if (!n || l->sources_bad || (n->kind == NODE_LIST && n->count == 0))
		return;
	bool list = n->kind == NODE_LIST;
	c->sources =
		arena_alloc(&l->deck->arena, (list ? n->count : 1) * sizeof(const struct source *));
	for (const struct node *e = list ? n->child : n; e; e = list ? e->next : NULL) {
		long at = ids_find(&l->sources, e->text);
		if (at < 0)
			unknown_source(l, e);
		else if (!has_source(c, &l->deck->sources[at]))
			c->sources[c->source_count++] = &l->deck->sources[at];
	}
}

/* -- tags and exam tasks ----------------------------------------------------------------------- */

static bool has_text(const char *const *list, size_t n, const char *text)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(list[i], text) == 0)
			return true;
	return false;
}

/* The texts of n, then the base, each once. The base is shared when n adds none. */
static const char **merge_tags(struct loader *l, const char **base, size_t base_count,
			       const struct node *n, size_t *count)
{
	size_t own, total = 0;
	const char **tags = load_texts(l, n, &own);
	*count = base_count;
	if (own == 0)
		return base;
	const char **out = arena_alloc(&l->deck->arena, (base_count + own) * sizeof(*out));
	for (size_t i = 0; i < own + base_count; i++) {
		const char *tag = i < own ? tags[i] : base[i - own];
		if (!has_text(out, total, tag))
			out[total++] = tag;
	}
	*count = total;
	return out;
}

static size_t count_tasks(const struct node *n)
{
	size_t count = 0;
	for (const struct node *e = n->child; e; e = e->next)
		count += e->kind == NODE_LIST ? e->count : 1;
	return count;
}

/* The tasks of n, then those of base for blueprints that n does not name. */
static struct exam_task *merge_tasks(struct loader *l, struct exam_task *base, size_t base_count,
				     const struct node *n, size_t *count)
{
	*count = base_count;
	if (!n || n->count == 0)
		return base;
	struct exam_task *out =
		arena_alloc(&l->deck->arena, (base_count + count_tasks(n)) * sizeof(*out));
	size_t total = 0;
	for (const struct node *e = n->child; e; e = e->next) {
		bool list = e->kind == NODE_LIST;
		for (const struct node *t = list ? e->child : e; t; t = list ? t->next : NULL)
			out[total++] = (struct exam_task){e->key->text, t->text};
	}
	for (size_t i = 0; i < base_count; i++)
		if (!node_get(n, base[i].blueprint))
			out[total++] = base[i];
	*count = total;
	return out;
}

/* -- cards ------------------------------------------------------------------------------------- */

/* The kind that a card names, or CARD_KIND_COUNT. Errors are left to load_fields. */
static enum card_kind read_kind(const struct node *n)
{
	const char *name = node_text(n, "kind");
	int kind = 0;
	while (name && kind < CARD_KIND_COUNT && strcmp(card_kind_names[kind], name) != 0)
		kind++;
	return name ? (enum card_kind)kind : CARD_KIND_COUNT;
}

/* The id without "deck/" where that is this deck. */
static const char *former_id(const struct loader *l, const char *was)
{
	const char *slug = l->deck->slug;
	size_t n = slug ? strlen(slug) : 0;
	return n && str_starts(was, slug) && was[n] == '/' ? was + n + 1 : was;
}

/* Report cards that share a text under key: an id, or a former id, since two cards cannot inherit
 * one card's history. */
static void check_unique(struct loader *l, struct ids *ids, const char *key, const char *what)
{
	const struct card *cards = l->deck->cards;
	size_t first = 0;
	ids_sort(ids);
	for (size_t i = 1; i < ids->count; i++) {
		if (strcmp(ids->items[first].text, ids->items[i].text) != 0) {
			first = i;
			continue;
		}
		const struct node *other = node_get(cards[ids->items[first].index].node, key);
		const struct node *n = node_get(cards[ids->items[i].index].node, key);
		LOAD_ERROR(l, n, "deck-duplicate-id",
			   "%s \"%s\" is already used at line %d, column %d", what,
			   load_brief(l, n->text), other->line, other->col);
	}
}

static void read_card(struct loader *l, const struct node *n, size_t index)
{
	struct deck *deck = l->deck;
	struct card *c = &deck->cards[index];
	struct fields f;
	*c = (struct card){.kind = read_kind(n), .node = n, .pos = load_pos(l, n)};
	bool ok = load_fields(l, n, KEY_CARD, c->kind, &f);
	if (f.v[K_ID])
		ids_add(&l->cards, f.v[K_ID]->text, index);
	if (f.v[K_WAS])
		ids_add(&l->former, former_id(l, f.v[K_WAS]->text), index);
	read_card_sources(l, f.v[K_SOURCE], c);
	if (c->kind == CARD_KIND_COUNT || !load_kind(l, &f, c) || !ok)
		return;
	c->id = load_text(f.v[K_ID]);
	c->hint = load_text(f.v[K_HINT]);
	c->why = load_text(f.v[K_WHY]);
	c->lore = load_text(f.v[K_LORE]);
	c->was = load_text(f.v[K_WAS]);
	c->proof = load_text(f.v[K_PROOF]);
	c->claims = load_texts(l, f.v[K_CLAIMS], &c->claim_count);
	c->tags = merge_tags(l, deck->tags, deck->tag_count, f.v[K_TAGS], &c->tag_count);
	c->tasks = merge_tasks(l, deck->tasks, deck->task_count, f.v[K_EXAM], &c->task_count);
}

static void read_cards(struct loader *l, const struct node *n)
{
	struct deck *deck = l->deck;
	size_t index = 0;
	if (!n || !load_nodes_ok(l, n, &deck_keys[K_DECK_CARDS], NODE_LIST))
		return;
	ids_init(l, &l->cards, n->count);
	ids_init(l, &l->former, n->count);
	deck->cards = arena_alloc(&deck->arena, n->count * sizeof(*deck->cards));
	deck->card_count = n->count;
	for (const struct node *e = n->child; e; e = e->next)
		read_card(l, e, index++);
	check_unique(l, &l->cards, "id", "card id");
	check_unique(l, &l->former, "was", "former id");
}

/* -- the deck ---------------------------------------------------------------------------------- */

static void read_deck(struct loader *l, const struct node *root)
{
	struct deck *deck = l->deck;
	struct fields f;
	load_fields(l, root, KEY_DECK, CARD_KIND_COUNT, &f);
	deck->slug = load_text(f.v[K_DECK_DECK]);
	deck->title = load_text(f.v[K_DECK_TITLE]);
	deck->about = load_text(f.v[K_DECK_ABOUT]);
	deck->tags = merge_tags(l, NULL, 0, f.v[K_DECK_TAGS], &deck->tag_count);
	deck->tasks = merge_tasks(l, NULL, 0, f.v[K_DECK_EXAM], &deck->task_count);
	read_sources(l, f.v[K_DECK_SOURCES]);
	read_cards(l, f.v[K_DECK_CARDS]);
}

/* out is initialised and its arena may hold the tree. */
static bool fill(struct deck *out, const char *file, struct node *root, struct diags *d)
{
	struct loader l = {.deck = out, .d = d, .ok = true};
	out->file = arena_strdup(&out->arena, file);
	out->root = root;
	out->pos = node_pos(root, out->file);
	read_deck(&l, root);
	if (!l.ok)
		deck_clear(out);
	return l.ok;
}

bool deck_from_node(struct deck *out, const char *file, struct node *root, struct diags *d)
{
	*out = (struct deck){0};
	return fill(out, file, root, d);
}

bool deck_read(struct deck *out, const char *file, const char *bytes, size_t n, struct diags *d)
{
	struct node *root = NULL;
	*out = (struct deck){0};
	if (yaml_read(&out->arena, file, bytes, n, &root, d))
		return fill(out, file, root, d);
	deck_clear(out);
	return false;
}

/* In block style a key of the deck stands at the beginning of its line, and nothing else that
 * begins so does; cards are its last key by far the most often. Anything else is read whole. */
bool deck_read_head(struct deck *out, const char *file, const char *bytes, size_t n,
		    struct diags *d)
{
	static const char key[] = "\ncards:";
	static const char card[] = "\ncards: [{id: x, kind: basic, front: x, back: x}]\n";
	const char *cards = memmem(bytes, n, key, strlen(key));
	struct str head = {0};
	bool ok = false;
	if (cards) {
		str_addn(&head, bytes, (size_t)(cards - bytes));
		str_add(&head, card);
		ok = deck_read(out, file, head.p, head.len, NULL);
		str_clear(&head);
	}
	return ok || deck_read(out, file, bytes, n, d);
}

bool deck_read_card(struct deck *out, const char *json, size_t n, struct diags *d)
{
	struct node *root = NULL;
	*out = (struct deck){0};
	if (!json_read(&out->arena, NULL, json, n, &root, d)) {
		deck_clear(out);
		return false;
	}
	if (!fill(out, NULL, root, d))
		return false;
	if (out->card_count == 1)
		return true;
	deck_clear(out);
	return diag_fail(d, "deck-value", "a stored card must hold exactly one card");
}
