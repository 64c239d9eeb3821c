/* fuzz_lint.c -- any bytes as a deck: what loads can be linted, linting fails exactly when it
 * reports an error, and reports nothing without a position in the file. */
#include "deck/lint.h"

#include <stdint.h>
#include <stdlib.h>

#define TODAY 20777 /* 2026-11-20 */

static void check(bool ok)
{
	if (!ok)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct lint_options options = {.today = TODAY, .max_age_d = 180};
	struct diags d = {0};
	struct deck deck;

	if (deck_read(&deck, "fuzz.yaml", (const char *)data, size, &d)) {
		const struct deck *decks[] = {&deck};
		bool clean = lint_decks(decks, 1, &options, &d);

		check(clean == (d.errors == 0));
		for (size_t i = 0; i < d.count; i++)
			check(d.items[i].pos.line > 0 && d.items[i].pos.col > 0);
		deck_clear(&deck);
	}
	diags_clear(&d);
	return 0;
}
