/* lint.h -- rules about content that loads but is not good: a table of rules with stable codes. */
#ifndef DECK_LINT_H
#define DECK_LINT_H

#include "deck/blueprint.h"
#include "deck/deck.h"

struct lint_options {
	int32_t today; /* study day, for the age of sources */
	int max_age_d; /* 180: a source checked earlier is stale */
	/* Those that cards and blueprints may name; none: names are not looked at. */
	const struct blueprint *const *exams;
	size_t exam_count;
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
/* What files of other kinds share: texts and sources. */
struct lint_data {
	const char *file;
	const struct node *root;
	const struct source *sources;
	size_t source_count;
	const char *const *shown; /* NULL-terminated: keys whose texts are read as Markdown; NULL:
				     all are */
};
bool lint_data_file(const struct lint_data *f, const struct lint_options *o, struct diags *d);
/* Of a lab, proofs or a drill: the same, and exam tasks. */
struct lab;
bool lint_lab_file(const struct lab *lab, const struct lint_options *o, struct diags *d);
/* Labs and proofs are named by their ids: no two may share one. Error: lab-id. */
bool lint_lab_ids(const struct lab *const *labs, size_t n, struct diags *d);
/* Proofs that the cards of a deck name: a request with `expect` of one of labs[0 .. n), of which so
 * many are given with the deck. Error: proof-unknown. When none is given, a file that is not there
 * at all is not missed: it may be elsewhere. */
struct lint_proofs {
	const struct lab *const *labs;
	size_t n, given;
};
bool lint_deck_proofs(const struct deck *deck, const struct lint_proofs *p, struct diags *d);
bool lint_exam_file(const struct blueprint *b, const struct lint_options *o, struct diags *d);

/* -- figures: how well a guess does over all choices ------------------------------------------- */

/* A way to guess. hits: picks that are right, of those that are made in each choice (one for each
 * right option), so that a choice counts 1; chance: the same for blind picks. */
struct lint_guess {
	double hits, chance;
};
/* Right options by position, of the choices with the same number of options. */
struct lint_places {
	size_t choices, rights;
	size_t right[MAX_OPTIONS];
};
struct lint_figures {
	size_t decks, cards;
	size_t choices, multiple; /* multiple: of these, with more than one right option */
	struct lint_guess longest, specific;
	struct lint_places single[MAX_OPTIONS + 1], more[MAX_OPTIONS + 1]; /* by options */
};
void lint_measure(const struct deck *const *decks, size_t n, struct lint_figures *out);
/* How many points of 100 a share over n choices may be off. */
double lint_tolerance(size_t n);
/* The figures, and the choices by domain of each exam, as lines for authors. */
void lint_figures_text(struct str *out, const struct deck *const *decks, size_t n,
		       const struct lint_options *o);

void lint_rules_mdoc(struct str *out); /* for the manual */

#endif
