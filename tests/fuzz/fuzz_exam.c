/* fuzz_exam.c -- any bytes as a blueprint: refused with an error, or loaded, and then linted, its
 * questions shared out, and each task found in its own domain. */
#include "deck/content.h"

#include <stdint.h>
#include <stdlib.h>

#define TODAY 20777 /* 2026-11-20 */

static void check(bool ok)
{
	if (!ok)
		abort();
}

static void try_shares(const struct blueprint *b)
{
	int counts[MAX_DOMAINS], scored = 0;
	for (int items = 0; items <= MAX_EXAM_ITEMS; items += 7) {
		int sum = 0;
		blueprint_shares(b, items, counts);
		for (size_t i = 0; i < b->domain_count; i++) {
			check(counts[i] >= 0);
			sum += counts[i];
		}
		check(sum == items);
	}
	for (size_t i = 0; i < b->domain_count; i++)
		scored += b->domains[i].scored;
	check(scored == b->scored);
}

static void try_exam(struct blueprint *b)
{
	struct blueprints list = {b, 1};
	check(b->id && b->title && b->code && b->pass_note && b->types && b->domain_count);
	check(blueprint_in_use(&list, TODAY) == b);
	check(blueprint_find(&list, b->id) == b);
	try_shares(b);
	for (size_t i = 0; i < b->domain_count; i++)
		for (size_t j = 0; j < b->domains[i].task_count; j++)
			check(blueprint_domain_of(b, b->domains[i].tasks[j].id) == &b->domains[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct lint_options options = {.today = TODAY, .max_age_d = 180};
	struct diags d = {0};
	struct content all = {0};
	bool ok = content_read(&all, "fuzz.yaml", (const char *)data, size, &d);
	check(ok == (d.errors == 0));
	if (ok && all.exam_count) {
		bool clean = content_lint(&all, NULL, &options, &d);
		check(clean == (d.errors == 0));
		for (size_t i = 0; i < d.count; i++)
			check(d.items[i].pos.line > 0 && d.items[i].pos.col > 0);
		try_exam(all.exams[0]);
	}
	content_clear(&all);
	diags_clear(&d);
	return 0;
}
