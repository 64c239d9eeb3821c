/* bench_scenario.c -- generated cases of the largest bundled tree: the proof, the bank of need sets
 * that a session makes once, a case from its seed, the choice of a seed by weights, and the twins
 * of a case. */
#include "quiz/scenario.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define MATRIX "data/matrix/api-types.yaml"
#define TREE "data/trees/which-api-type.yaml"
#define CASES 10000
#define CHOICES 1000

static double now_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec * 1e-6;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static void report(const char *what, double *ms, size_t n)
{
	qsort(ms, n, sizeof(*ms), compare);
	printf("%s: median %.4f ms, 99 %% under %.4f ms, longest %.3f ms\n", what, ms[n / 2],
	       ms[n - n / 100 - 1], ms[n - 1]);
}

static void bench_cases(const struct bank *b)
{
	static double ms[CASES];
	struct scenario s = {0};
	for (size_t i = 0; i < CASES; i++) {
		double start = now_ms();
		scenario_make(&s, b, i);
		ms[i] = now_ms() - start;
	}
	report("a case", ms, CASES);
	scenario_clear(&s);
}

static void bench_choices(const struct bank *b)
{
	static double ms[CHOICES], flips[CHOICES];
	double weights[MAX_DTREE_NODES];
	struct rng rng = {1};
	for (size_t i = 0; i < b->tree->node_count; i++)
		weights[i] = rng_unit(&rng);
	for (size_t i = 0; i < CHOICES; i++) {
		double start = now_ms();
		uint64_t seed = scenario_seed(b, weights, -1, &rng);
		ms[i] = now_ms() - start;
		start = now_ms();
		scenario_flips(b, seed);
		flips[i] = now_ms() - start;
	}
	report("a seed by weights", ms, CHOICES);
	report("the twins of a case", flips, CHOICES);
}

int main(void)
{
	struct diags d = {0};
	struct matrix m;
	struct dtree t;
	struct bank b;
	if (!matrix_read_file(&m, MATRIX, &d) || !dtree_read_file(&t, TREE, &d)) {
		diags_print(&d, stderr);
		return 1;
	}
	double start = now_ms();
	bool proved = dtree_prove(&t, &m, &d);
	double took = now_ms() - start;
	printf("%s: %zu features, %zu options, %zu nodes; proved %llu sets in %.1f ms: %s\n", t.id,
	       m.feature_count, m.option_count, t.node_count,
	       (unsigned long long)need_set_count(m.feature_count, t.max_needs), took,
	       proved ? "right" : "wrong");
	start = now_ms();
	bank_init(&b, &t, &m);
	printf("its bank: %zu sets in %.1f ms\n", b.count, now_ms() - start);
	bench_cases(&b);
	bench_choices(&b);
	bank_clear(&b);
	dtree_clear(&t);
	matrix_clear(&m);
	diags_clear(&d);
	return 0;
}
