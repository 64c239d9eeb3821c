/* fuzz_matrix.c -- any bytes as a matrix: refused with an error, or loaded, and then every set of
 * one and two features decided, each reason told, and each phrase filled in by each story. */
#include "deck/matrix.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static void check(bool ok)
{
	if (!ok)
		abort();
}

static void try_needs(const struct matrix *m, uint64_t needs)
{
	for (int wish = -1; wish < (int)m->wish_count; wish++) {
		struct decision d = matrix_decide(m, needs, wish);
		check((d.kind == DECISION_ONE) == (d.option >= 0));
		check((d.kind == DECISION_NONE) == (d.survivors == 0));
		check(!(d.survivors & ~matrix_candidates(m, needs)));
		for (size_t o = 0; o < m->option_count; o++)
			if (d.survivors >> o & 1)
				check(!matrix_broken(m, (int)o, needs));
		matrix_decide_exam(m, needs, wish);
	}
}

static void try_words(const struct matrix *m, struct str *out)
{
	for (size_t f = 0; f < m->feature_count; f++) {
		const struct feature *feature = &m->features[f];
		check(!(feature->not_beside >> f & 1));
		for (size_t o = 0; o < m->option_count; o++)
			matrix_why_not(out, m, (int)o, (int)f);
		for (size_t i = 0; i < feature->say_count; i++)
			for (size_t s = 0; s < m->story_count && s < 4; s++)
				story_fill(out, &m->stories[s], feature->say[i]);
		str_reset(out);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct diags d = {0};
	struct matrix m;
	struct str out = {0};
	bool ok = size <= MAX_MATRIX_BYTES &&
		  matrix_read(&m, "fuzz.yaml", (const char *)data, size, &d);
	if (size <= MAX_MATRIX_BYTES)
		check(ok == (d.errors == 0));
	for (size_t i = 0; i < d.count; i++)
		check(d.items[i].pos.line > 0 && d.items[i].pos.col > 0);
	if (ok) {
		check(m.id && m.title && m.question && m.option_count > 1 && m.feature_count);
		for (size_t f = 0; f < m.feature_count; f++)
			for (size_t g = f; g < m.feature_count; g++)
				try_needs(&m, UINT64_C(1) << f | UINT64_C(1) << g);
		try_words(&m, &out);
		matrix_clear(&m);
	}
	str_clear(&out);
	diags_clear(&d);
	return 0;
}
