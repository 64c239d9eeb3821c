/* imported.h -- what must hold of decks that came in, whatever they came from. */
#ifndef TESTS_FUZZ_IMPORTED_H
#define TESTS_FUZZ_IMPORTED_H

#include "deck/format.h"
#include "deck/lint.h"
#include "exchange/readers.h"

#include <stdlib.h>
#include <string.h>

static void check(bool ok)
{
	if (!ok)
		abort();
}

/* The file loads, lint has no error in it, and its layout is fmt's. */
static void check_deck(const struct import_deck *k)
{
	struct diags d = {0};
	struct str laid_out = {0};
	struct deck deck;
	size_t cards = 0;
	check(slug_valid(k->slug));
	check(deck_read(&deck, "imported.yaml", k->yaml, k->yaml_len, &d));
	const struct deck *decks[] = {&deck};
	check(lint_decks(decks, 1, &(struct lint_options){.max_age_d = 180}, &d));
	check(deck_format("imported.yaml", k->yaml, k->yaml_len, &laid_out, &d));
	check(laid_out.len == k->yaml_len && memcmp(laid_out.p, k->yaml, k->yaml_len) == 0);
	for (size_t i = 0; i < CARD_KIND_COUNT; i++)
		cards += k->cards[i];
	check(cards == deck.card_count && strcmp(deck.slug, k->slug) == 0);
	deck_clear(&deck);
	diags_clear(&d);
	str_clear(&laid_out);
}

/* Read with one reader and check all that comes. */
static void read_with(bool (*take)(const struct reading *r, const void *bytes, size_t n),
		      const void *bytes, size_t n, bool progress)
{
	struct import out = {.deck_count = 0};
	struct diags d = {0};
	const struct import_options o = {
		.progress = progress, .now = {INT64_C(1795687200000), 60}, .day_start_min = 240};
	struct drafts s = {.o = &o, .report = &out.report, .d = &d};
	const struct reading r = {.path = "fuzz", .drafts = &s, .d = &d};
	bool ok = take(&r, bytes, n) && !s.full && drafts_finish(&s, &out);
	check(ok == (d.errors == 0));
	for (size_t i = 0; i < out.deck_count; i++)
		check_deck(&out.decks[i]);
	drafts_clear(&s);
	import_clear(&out);
	diags_clear(&d);
}

#endif
