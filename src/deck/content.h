/* content.h -- files of content by what they are: the first key of a file names its kind. What one
 * run of lint is given is held together, since some rules look at all of it. */
#ifndef DECK_CONTENT_H
#define DECK_CONTENT_H

#include "deck/blueprint.h"
#include "deck/dtree.h"
#include "deck/lab.h"
#include "deck/lint.h"
#include "deck/matrix.h"
#include "deck/prices.h"

enum content_kind {
	CONTENT_DECK,
	CONTENT_EXAM,
	CONTENT_MATRIX,
	CONTENT_TREE,
	CONTENT_LAB,
	CONTENT_PROOFS,
	CONTENT_DRILL,
	CONTENT_PRICES,
	CONTENT_STACK,   /* an API definition: read by others, nothing is kept of it here */
	CONTENT_OPENAPI, /* the same, part of a stack */
	CONTENT_KIND_COUNT
};
extern const char *const content_kind_names[CONTENT_KIND_COUNT]; /* the first key: "deck", ... */

/* Zeroed is empty. */
struct content {
	struct deck **decks;
	struct blueprint **exams;
	struct matrix **matrices;
	struct dtree **trees;
	struct lab **labs; /* and proofs, and drills */
	struct prices **prices;
	size_t deck_count, exam_count, matrix_count, tree_count, lab_count, price_count;
	size_t deck_cap, exam_cap, matrix_cap, tree_cap, lab_cap, price_cap;
};
void content_clear(struct content *c);

/* What the bytes are, by their first key; a deck when that says nothing else. */
enum content_kind content_kind_of(const char *bytes, size_t n);
bool content_is_lab(enum content_kind kind); /* or proofs, or a drill */
/* Read a file and add it. False with errors as its reader gives them; content-kind when its first
 * key is nearly the name of a kind; file-too-large. */
bool content_read(struct content *c, const char *file, const char *bytes, size_t n,
		  struct diags *d);
bool content_read_file(struct content *c, const char *path, struct diags *d);

/* Run all rules over what was read, prove its trees, and look whether the cards and proofs that it
 * names are there. Exams, matrices, decks, labs and proofs of known that c does not have itself may
 * be named too; known is not linted, and may be NULL. today and max_age_d of o count. False when a
 * rule of level error fired. */
bool content_lint(const struct content *c, const struct content *known,
		  const struct lint_options *o, struct diags *d);
/* The exams of c, and those of known that c has not; *count of them, on the heap. */
const struct blueprint **content_exams(const struct content *c, const struct content *known,
				       size_t *count);

#endif
