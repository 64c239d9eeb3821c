/* fuzz_tree.c -- any bytes as a tree over the matrix of the tests: refused with an error, or
 * loaded; bound and proved where its names exist, and then asked for cases, walked and advised. */
#include "quiz/scenario.h"
#include "quiz/walk.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MATRIX "tests/data/trees/matrix.yaml"

static void check(bool ok)
{
	if (!ok)
		abort();
}

static const struct matrix *the_matrix(void)
{
	static struct matrix m;
	struct diags d = {0};
	if (!m.id && !matrix_read_file(&m, MATRIX, &d)) {
		diags_print(&d, stderr);
		abort();
	}
	diags_clear(&d);
	return &m;
}

static void try_walk(const struct dtree *t, const struct matrix *m, uint64_t needs, uint64_t turns)
{
	struct walk w;
	struct walk_flip flips[64];
	for (int judged = 0; judged < 2; judged++) {
		walk_init(&w, t, m, judged, needs);
		for (uint64_t turn = turns; w.node >= 0; turn /= 3)
			walk_take(&w, (int)(turn % t->nodes[w.node].branch_count));
		check(walk_end(&w) && walk_end(&w)->to != TO_NODE);
		check(walk_flips(&w, flips, 64) >= w.count);
		walk_known_needs(&w);
		while (walk_back(&w))
			;
		check(w.node == t->start);
	}
}

static void try_cases(const struct dtree *t, const struct matrix *m)
{
	struct bank b;
	struct scenario s = {0};
	struct str out = {0};
	bank_init(&b, t, m);
	for (uint64_t seed = 0; seed < 8 && scenario_make(&s, &b, seed); seed++) {
		struct decision d = matrix_decide(m, s.needs, s.wish);
		check(d.kind == DECISION_ONE && d.option == s.answer);
		scenario_proof(&out, &s);
		scenario_json(&out, &s);
		for (uint64_t flips = scenario_flips(&b, seed); flips;)
			check(scenario_flip(&s, &b, seed, take_bit(&flips)));
		try_walk(t, m, s.needs, seed * 7919);
		str_reset(&out);
	}
	scenario_clear(&s);
	bank_clear(&b);
	str_clear(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct diags d = {0};
	struct dtree t;
	if (size > MAX_MATRIX_BYTES)
		return 0;
	bool ok = dtree_read(&t, "fuzz.yaml", (const char *)data, size, &d);
	check(ok == (d.errors == 0));
	if (ok) {
		const struct matrix *m = the_matrix();
		bool proved = dtree_prove(&t, m, &d);
		check(proved == (d.errors == 0));
		if (t.bound)
			try_cases(&t, m);
		dtree_clear(&t);
	}
	for (size_t i = 0; i < d.count; i++)
		check(d.items[i].pos.line > 0 && d.items[i].pos.col > 0);
	diags_clear(&d);
	return 0;
}
