/* fuzz_deck.c -- any bytes as a deck, and as a stored card: refused with an error, or loaded, and
 * then every review card has both faces, and every card survives being stored and read back. */
#include "deck/part.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static void check(bool ok)
{
	if (!ok)
		abort();
}

static void try_faces(const struct card *c)
{
	struct arena a = {0};
	struct part *parts;
	size_t n = card_parts(&a, c, &parts);
	check(n > 0);
	for (size_t i = 0; i < n; i++) {
		struct face f;
		card_face(&a, c, &parts[i], &f);
		check(f.prompt && *f.prompt && f.answer && *f.answer);
	}
	check(card_title(c) != NULL);
	arena_clear(&a);
}

static void try_store(const struct deck *deck, const struct card *c)
{
	struct str json = {0}, again = {0};
	struct diags d = {0};
	struct deck back;
	deck_card_json(&json, deck, c);
	check(deck_read_card(&back, str_c(&json), json.len, &d));
	check(card_hash(&back.cards[0]) == card_hash(c));
	check(back.cards[0].tag_count == c->tag_count &&
	      back.cards[0].source_count == c->source_count);
	deck_card_json(&again, &back, &back.cards[0]);
	check(again.len == json.len && memcmp(again.p, json.p, json.len) == 0);
	deck_clear(&back);
	diags_clear(&d);
	str_clear(&json);
	str_clear(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct diags d = {0};
	struct deck deck;
	bool ok = deck_read(&deck, "fuzz.yaml", (const char *)data, size, &d);
	check(ok == (d.errors == 0));
	for (size_t i = 0; ok && i < deck.card_count; i++) {
		struct str words = {0};
		card_words(&words, &deck.cards[i]);
		str_clear(&words);
		try_faces(&deck.cards[i]);
		try_store(&deck, &deck.cards[i]);
	}
	if (ok)
		deck_clear(&deck);
	if (deck_read_card(&deck, (const char *)data, size, NULL)) {
		try_faces(&deck.cards[0]);
		try_store(&deck, &deck.cards[0]);
		deck_clear(&deck);
	}
	diags_clear(&d);
	return 0;
}
