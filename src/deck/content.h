/* content.h -- files of content by what they are: the first key of a file names its kind. What one
 * run of lint is given is held together, since some rules look at all of it. */
#ifndef DECK_CONTENT_H
#define DECK_CONTENT_H

#include "deck/blueprint.h"
#include "deck/lint.h"

enum content_kind { CONTENT_DECK, CONTENT_EXAM, CONTENT_KIND_COUNT };
extern const char *const content_kind_names[CONTENT_KIND_COUNT]; /* the first key: "deck", ... */

/* Zeroed is empty. */
struct content {
	struct deck **decks;
	size_t deck_count, deck_cap;
	struct blueprint **exams;
	size_t exam_count, exam_cap;
};
void content_clear(struct content *c);

/* What the bytes are, by their first key; a deck when that says nothing else. */
enum content_kind content_kind_of(const char *bytes, size_t n);
/* Read a file and add it. False with errors as its reader gives them; content-kind when its first
 * key is nearly the name of a kind. */
bool content_read(struct content *c, const char *file, const char *bytes, size_t n,
		  struct diags *d);
bool content_read_file(struct content *c, const char *path, struct diags *d);

/* Add to a run what it was not given, for reference: exams of a folder whose ids are not there yet.
 * They are known to the rules and not linted themselves. What is wrong with them is not reported.
 */
struct content_known {
	struct blueprints bundled;
	const struct blueprint **exams; /* given, then bundled */
	size_t exam_count;
};
void content_know(struct content_known *k, const struct content *c, const char *exams_dir);
void content_known_clear(struct content_known *k);

/* Run all rules over what was read. o->exams are the exams that decks may name. */
bool content_lint(const struct content *c, const struct lint_options *o, struct diags *d);

#endif
