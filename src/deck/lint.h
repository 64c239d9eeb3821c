/* lint.h -- rules about content that loads but is not good: a table of rules with stable codes. */
#ifndef DECK_LINT_H
#define DECK_LINT_H

#include "deck/deck.h"

struct lint_options {
	int32_t today; /* study day, for the age of sources */
	int max_age_d; /* 180: a source checked earlier is stale */
};

struct lint_rule {
	const char *code; /* "lint-no-source" */
	enum diag_level level;
	const char *help; /* what it means and what to do, one sentence; for the manual */
};
extern const struct lint_rule lint_rules[];
extern const size_t lint_rule_count;

/* Run all rules over decks that were read without error. Diagnostics are appended and sorted.
 * Returns false when a rule of level error fired. */
bool lint_decks(const struct deck *const *decks, size_t n, const struct lint_options *o,
		struct diags *d);
void lint_rules_mdoc(struct str *out); /* for the manual */

#endif
