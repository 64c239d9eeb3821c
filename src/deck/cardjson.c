/* cardjson.c -- one card as a JSON deck of its own: what the store keeps of it, and the pieces of
 * whole decks as JSON.
 *
 * The card's tree is written as it was read, key by key in the order of the table, so nothing is
 * lost and no kind needs code here. Only the deck around it is built anew, with the sources that
 * the card names. Every scalar is a JSON string, as in YAML every scalar is text: "1.10" stays
 * "1.10". */
#include "deck/keys.h"

#include "base/clock.h"
#include "base/json.h"

#include <assert.h>
#include <string.h>

static_assert(K_WAS < 64, "keys of a card are bits of one word");

static void write_node(struct json_out *j, const char *key, const struct node *n)
{
	if (n->kind != NODE_LIST && n->kind != NODE_MAP) {
		json_text(j, key, n->text);
		return;
	}
	if (n->kind == NODE_LIST)
		json_list(j, key);
	else
		json_object(j, key);
	for (const struct node *e = n->child; e; e = e->next)
		write_node(j, n->kind == NODE_MAP ? e->key->text : NULL, e);
	json_end(j);
}

static void write_tags(struct json_out *j, const struct deck *deck)
{
	if (deck->tag_count == 0)
		return;
	json_list(j, "tags");
	for (size_t i = 0; i < deck->tag_count; i++)
		json_text(j, NULL, deck->tags[i]);
	json_end(j);
}

/* Tasks of one blueprint stand together in deck->tasks. */
static void write_tasks(struct json_out *j, const struct deck *deck)
{
	const char *open = NULL;
	if (deck->task_count == 0)
		return;
	json_object(j, "exam");
	for (size_t i = 0; i < deck->task_count; i++) {
		if (!open || strcmp(open, deck->tasks[i].blueprint) != 0) {
			if (open)
				json_end(j);
			open = deck->tasks[i].blueprint;
			json_list(j, open);
		}
		json_text(j, NULL, deck->tasks[i].task);
	}
	json_end(j);
	json_end(j);
}

static void write_source(struct json_out *j, const struct source *s)
{
	json_object(j, s->id);
	json_text(j, "title", s->title);
	json_text(j, "url", s->url);
	if (s->has_checked) {
		struct arena a = {0};
		json_text(j, "checked", date_text(&a, s->checked_day));
		arena_clear(&a);
	}
	json_end(j);
}

static void write_sources(struct json_out *j, const struct card *c)
{
	if (c->source_count == 0)
		return;
	json_object(j, "sources");
	for (size_t i = 0; i < c->source_count; i++)
		write_source(j, c->sources[i]);
	json_end(j);
}

void deck_json_head(struct json_out *j, const struct deck *deck)
{
	json_text(j, "deck", deck->slug);
	json_text(j, "title", deck->title);
	if (deck->about)
		json_text(j, "about", deck->about);
	json_text(j, "format", "1");
	write_tasks(j, deck);
	write_tags(j, deck);
	if (deck->source_count == 0)
		return;
	json_object(j, "sources");
	for (size_t i = 0; i < deck->source_count; i++)
		write_source(j, &deck->sources[i]);
	json_end(j);
}

void deck_json_card(struct json_out *j, const struct card *card, uint64_t left_out)
{
	json_object(j, NULL);
	for (size_t id = K_ID; id <= K_WAS; id++) {
		const struct node *n = node_get(card->node, deck_keys[id].name);
		if (n && !(left_out >> id & 1))
			write_node(j, deck_keys[id].name, n);
	}
	json_end(j);
}

void deck_card_json(struct str *out, const struct deck *deck, const struct card *card)
{
	struct json_out j = {.out = out};
	json_object(&j, NULL);
	json_text(&j, "deck", deck->slug);
	json_text(&j, "title", deck->title);
	json_text(&j, "format", "1");
	write_tasks(&j, deck);
	write_tags(&j, deck);
	write_sources(&j, card);
	json_list(&j, "cards");
	deck_json_card(&j, card, 0);
	json_end(&j);
	json_end(&j);
}
