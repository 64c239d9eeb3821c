/* t_drills.c -- the bundled evidence drills: every fault shows, what it leaves in the access log
 * and metrics is not what a fault of another stage leaves, and the words for a learner do not tell.
 */
#include "study/evidence.h"

#include "study/evidenceinside.h"
#include "tests/unit/study/world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <ctype.h>
#include <stdlib.h>

struct bench {
	struct world w;
	struct lab_shelf shelf;
};

static int open_bench(void **state)
{
	static struct bench b;
	struct diags d = {0};
	b = (struct bench){0};
	world_init(&b.w);
	world_open(&b.w);
	b.w.paths.share = "."; /* tests run at the top of the tree */
	lab_shelf_read(&b.shelf, &b.w.paths, &d);
	diags_print(&d, stderr);
	assert_int_equal(d.errors, 0);
	assert_true(b.shelf.drill_count > 0);
	diags_clear(&d);
	*state = &b;
	return 0;
}

static int close_bench(void **state)
{
	struct bench *b = *state;
	lab_shelf_clear(&b->shelf);
	world_clear(&b->w);
	return 0;
}

static uint64_t seed_of(const struct lab *drill, size_t fault)
{
	uint64_t seed = 0;
	while (evidence_fault(drill, seed) != (int)fault)
		seed++;
	return seed;
}

/* A word of an entry; of a latency only whether there is one. */
static void add_word(struct str *out, const char *word, size_t n)
{
	char text[256];
	snprintf(text, sizeof(text), "%.*s", (int)n, word);
	char *value = strstr(text, "atency=");
	char *slash = value ? strrchr(value, '/') : NULL;
	value = slash ? slash + 1 : value ? strchr(value, '=') + 1 : NULL;
	if (value && *value != '-') {
		value[0] = 'n';
		value[1] = '\0';
	}
	str_addf(out, " %s", text);
}

/* What a log says whatever the moment, each line once: of the first of an entry what stands behind
 * time, method and path. */
static char *facts_of(const char *log)
{
	struct str out = {0}, fact = {0};
	for (const char *line = log; *line;) {
		const char *end = line + strcspn(line, "\n");
		int skip = isdigit((unsigned char)*line) ? 3 : 0;
		str_reset(&fact);
		for (const char *word = line; word < end; word += strspn(word, " ")) {
			size_t n = strcspn(word, " \n");
			if (n && skip-- <= 0)
				add_word(&fact, word, n);
			word += n;
		}
		str_addc(&fact, '\n');
		if (!strstr(str_c(&out), str_c(&fact)))
			str_add(&out, str_c(&fact));
		line = end + (*end == '\n');
	}
	str_clear(&fact);
	return str_take(&out);
}

/* The stage that a fault names is the one that refused or failed in the trace told afterwards. */
static bool ends_at(const char *rows, enum gw_step stage)
{
	const char *name = gw_step_names[stage];
	for (const char *line = rows; *line;) {
		const char *end = line + strcspn(line, "\n");
		const char *outcome = line + strlen(name);
		if (!strncmp(line, name, strlen(name)) && !strncmp(outcome, "  ", 2)) {
			outcome += strspn(outcome, " ");
			return !strncmp(outcome, "refused", 7) || !strncmp(outcome, "failed", 6);
		}
		line = end + (*end == '\n');
	}
	return false;
}

static void every_fault_shows(void **state)
{
	struct bench *b = *state;
	for (size_t i = 0; i < b->shelf.drill_count; i++) {
		const struct shelf_lab *drill = b->shelf.drills[i];
		char *facts[MAX_LAB_FAULTS] = {0};
		for (size_t k = 0; k < drill->lab.fault_count; k++) {
			struct diags d = {0};
			struct arena a = {0};
			struct evidence_case c;
			if (!evidence_make(&c, &a, &b->w.study, drill, seed_of(&drill->lab, k),
					   false, &d)) {
				diags_print(&d, stderr);
				fail_msg("%s/%s", drill->lab.id, drill->lab.faults[k].id);
			}
			assert_true(c.log[0] && c.metrics[0] && c.trace[0] && c.answer[0]);
			if (!ends_at(c.answer, drill->lab.faults[k].stage))
				fail_msg("%s/%s ends elsewhere:\n%s", drill->lab.id,
					 drill->lab.faults[k].id, c.answer);
			if (strstr(c.trace, "status 0"))
				fail_msg("%s/%s: %s", drill->lab.id, drill->lab.faults[k].id,
					 c.trace);
			facts[k] = facts_of(c.log);
			for (size_t j = 0; j < k; j++)
				if (drill->lab.faults[j].stage != drill->lab.faults[k].stage &&
				    str_eq(facts[j], facts[k]))
					fail_msg("%s: %s and %s look the same:\n%s", drill->lab.id,
						 drill->lab.faults[j].id, drill->lab.faults[k].id,
						 facts[k]);
			arena_clear(&a);
			diags_clear(&d);
		}
		for (size_t k = 0; k < drill->lab.fault_count; k++)
			free(facts[k]);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(every_fault_shows, open_bench, close_bench),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
