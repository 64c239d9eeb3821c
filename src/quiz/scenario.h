/* scenario.h -- generated cases: a story, needs told in its words, options, one provable answer.
 * Pure: the same tree, matrix and seed give the same case on every machine.
 *
 * A case is drawn in this order: answer, needs, wish, story, phrases, distractors, order. Its needs
 * come from a bank of all accepted need sets, so that drawing never fails and never searches. */
#ifndef QUIZ_SCENARIO_H
#define QUIZ_SCENARIO_H

#include "base/random.h"
#include "deck/dtree.h"

#define MAX_SHOWN 4      /* options of a case */
#define MAX_SENTENCES 16 /* of a case: story, needs, what is not needed, wish */

/* -- the bank ---------------------------------------------------------------------------------- */

/* An accepted need set: exactly one option meets it, today and by what the exam keys, no unknown
 * cell decided it, the tree ends there, at least two options are wrong, and some story can tell it.
 */
struct bank_set {
	uint64_t needs;
	int16_t answer;
	int16_t wish; /* that must be said because it decides; -1: none */
};
struct bank {
	const struct dtree *tree; /* borrowed, bound to matrix */
	const struct matrix *matrix;
	struct bank_set *sets; /* by answer, then number of needs: the groups */
	size_t count;
	/* Sets of one answer and number of needs: sets[first[answer][size - 1] ..]. Private. */
	uint32_t first[MAX_MATRIX_OPTIONS][MAX_CASE_NEEDS + 1];
	int answers[MAX_MATRIX_OPTIONS]; /* options that have sets */
	size_t answer_count;
};
/* Find the sets up to the tree's max_needs, small ones first and at most MAX_BANK_SETS: once per
 * session. tree is bound to matrix; both must outlive the bank. A tree that allows no case gives an
 * empty bank. */
#define MAX_BANK_SETS ((size_t)1 << 20)
void bank_init(struct bank *b, const struct dtree *tree, const struct matrix *matrix);
void bank_clear(struct bank *b); /* accepts a zeroed bank */

/* -- a case ------------------------------------------------------------------------------------ */

struct shown_option {
	int option;
	uint64_t broken; /* needs it lacks; 0 for the answer, and for what only loses by the wish */
	bool by_wish;    /* meets every need, but is worse by the wish */
};

enum sentence_kind { SENTENCE_STORY, SENTENCE_NEED, SENTENCE_WITHOUT, SENTENCE_WISH };
struct sentence {
	enum sentence_kind kind;
	int feature;       /* SENTENCE_NEED, SENTENCE_WITHOUT; else -1 */
	size_t start, len; /* its place in scenario.text */
};

struct scenario {
	const struct dtree *tree;
	const struct matrix *matrix;
	uint64_t seed;
	int flip; /* feature turned over in this case, or -1: see scenario_flip */
	uint64_t needs;
	int wish; /* said in the text, or -1 */
	int answer;
	int story;
	struct shown_option shown[MAX_SHOWN];
	size_t shown_count; /* 3 or 4 */
	size_t right;       /* shown[right].option is the answer */
	struct str text;    /* the sentences, one paragraph, without the question */
	struct sentence sentences[MAX_SENTENCES];
	size_t sentence_count;
	uint64_t text_hash;
	uint64_t phrase_seed; /* private: phrases and their order follow from it and the feature */
};

/* Make the case of a seed. s is zeroed or was made before. False: the bank is empty. */
bool scenario_make(struct scenario *s, const struct bank *b, uint64_t seed);
/* Make the case of a seed with one fact turned over: needed if it was not, not needed if it was;
 * the story and all other phrases stay. False if feature cannot be turned over so that the answer
 * changes to another one. */
bool scenario_flip(struct scenario *s, const struct bank *b, uint64_t seed, int feature);
/* The features that scenario_flip can turn over in the case of seed. Bits of features. */
uint64_t scenario_flips(const struct bank *b, uint64_t seed);
/* Of these one that changes the branch taken at a node which both cases pass, else one that changes
 * the answer, drawn from rng; -1: there is none. */
int scenario_flip_at(const struct bank *b, uint64_t seed, int node, struct rng *rng);
/* A pair for a node: the case of *seed passes it, and *feature turned over changes the branch
 * there. False: none was found in many draws. */
bool scenario_pair(const struct bank *b, int node, struct rng *rng, uint64_t *seed, int *feature);
void scenario_clear(struct scenario *s); /* accepts a zeroed one */

/* The needs of the case of a seed, without its text: cheap. False: the bank is empty. */
bool scenario_needs(const struct bank *b, uint64_t seed, struct bank_set *out);
/* Weights of the tree's nodes (>= 0, node_count of them): how much each wants practice. Of several
 * seeds drawn from rng the one whose case passes the node of the largest weight; the seed alone
 * makes the case again. Cases that do not pass node focus (>= 0) are left out where possible. */
uint64_t scenario_seed(const struct bank *b, const double *node_weights, int focus,
		       struct rng *rng);

/* -- explanations ------------------------------------------------------------------------------ */

/* The proof for shown option i as plain text, without its letter: "fails. It has no keys." or why
 * it is the answer. Appends. */
void scenario_why(struct str *out, const struct scenario *s, size_t i);
/* The whole proof, a line for each shown option, which are lettered from A: "B, HTTP API, fails.
 * It has no keys." Appends. */
void scenario_proof(struct str *out, const struct scenario *s);
/* The sentence that states a feature's need (or that it is not needed), NULL-length when the text
 * is silent about it. Points into s->text. */
struct slice scenario_phrase(const struct scenario *s, int feature);
/* The phrase that decides at a node: of the need that makes its branch true. Empty when silence
 * decides. */
struct slice scenario_deciding(const struct scenario *s, int node);
/* The case as a JSON object {tree, seed, flip, needs, wish, answer, wrong, options, text, question,
 * text_hash}; numbers of 64 bits as text. Appends one line without its end. */
void scenario_json(struct str *out, const struct scenario *s);

#endif
