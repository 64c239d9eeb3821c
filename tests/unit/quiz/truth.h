/* truth.h -- matrix and tree files read a second time, straight from their YAML, by nothing that
 * the program uses but the YAML reader: what its decisions are checked against. */
#ifndef TESTS_TRUTH_H
#define TESTS_TRUTH_H

#include "base/tree.h"

#include <stdint.h>

#define TRUTH_FEATURES 64
#define TRUTH_OPTIONS 20
#define TRUTH_NODES 200

struct truth_node {
	const char *id;
	uint64_t need;                /* 0: none */
	int fits;                     /* option, -1: none */
	const struct node *cases;     /* of a switch; NULL: none */
	int feature[TRUTH_FEATURES];  /* of its branches, in order */
	const char *yes, *no, *other; /* targets as written */
};

struct truth {
	struct arena arena;
	const struct node *matrix, *tree;
	const char *options[TRUTH_OPTIONS], *features[TRUTH_FEATURES];
	int option_count, feature_count;
	char is[TRUTH_FEATURES][TRUTH_OPTIONS], exam[TRUTH_FEATURES][TRUTH_OPTIONS];
	uint64_t when[TRUTH_OPTIONS], beside[TRUTH_FEATURES];
	uint64_t apart[64];
	int apart_count;
	struct truth_node nodes[TRUTH_NODES];
	int node_count, max_needs;
};

void truth_read(struct truth *t, const char *matrix, const char *tree); /* fails the test */
void truth_clear(struct truth *t);
int truth_feature(const struct truth *t, const char *id);
int truth_option(const struct truth *t, const char *id);
/* Rank of an option by a wish; 0: ~. */
int truth_rank(const struct truth *t, const char *wish, int option);
bool truth_possible(const struct truth *t, uint64_t needs);
/* May the option win at all? */
bool truth_counts(const struct truth *t, int option, uint64_t needs);
/* How many needs it lacks ('n'), and how many are not known ('?'). */
int truth_lacks(const struct truth *t, int option, uint64_t needs, bool exam, int *unknown);
/* The option that the sets of needs and the wish (NULL: none) leave, "none" when all lack one,
 * "many" when several are left, "blocked" when a '?' decides. */
const char *truth_answer(const struct truth *t, uint64_t needs, const char *wish, bool exam);
/* Where the tree ends: what stands behind '='. */
const char *truth_walk(const struct truth *t, uint64_t needs);

#endif
