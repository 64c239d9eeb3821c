/* t_content.c -- what a file is, and what a run of lint knows beside what it was given. */
#include "deck/content.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static enum content_kind kind(const char *text)
{
	return content_kind_of(text, strlen(text));
}

static void test_kind(void **state)
{
	(void)state;
	assert_int_equal(kind("deck: a\n"), CONTENT_DECK);
	assert_int_equal(kind("exam: a\n"), CONTENT_EXAM);
	assert_int_equal(kind("matrix: a\n"), CONTENT_MATRIX);
	assert_int_equal(kind("tree: a\n"), CONTENT_TREE);
	assert_int_equal(kind("lab: a\n"), CONTENT_LAB);
	assert_int_equal(kind("proofs: a\n"), CONTENT_PROOFS);
	assert_int_equal(kind("drill: a\n"), CONTENT_DRILL);
	assert_int_equal(kind("prices: a\n"), CONTENT_PRICES);
	assert_int_equal(kind("# exam\n\n  # more\r\n%YAML 1.1\n--- # start\nexam: a\n"),
			 CONTENT_EXAM);
	assert_int_equal(kind("\xEF\xBB\xBF"
			      "exam: a\n"),
			 CONTENT_EXAM);
	assert_int_equal(kind("{\"exam\": \"a\"}"), CONTENT_EXAM);
	assert_int_equal(kind("'exam': a"), CONTENT_EXAM);
	assert_int_equal(kind("title: T\nexam: {a: \"1.1\"}\ndeck: d\n"), CONTENT_DECK);
	assert_int_equal(kind("examine: a\n"), CONTENT_DECK);
	assert_int_equal(kind("exam"), CONTENT_EXAM);
	assert_int_equal(kind(""), CONTENT_DECK);
	assert_int_equal(kind("#"), CONTENT_DECK);
	assert_int_equal(kind("---"), CONTENT_DECK);
	assert_int_equal(content_kind_of("\0exam: a", 8), CONTENT_DECK);
}

static const char *code_of(const char *text)
{
	static char code[64];
	struct content all = {0};
	struct diags d = {0};
	content_read(&all, "x.yaml", text, strlen(text), &d);
	code[0] = '\0';
	for (size_t i = 0; i < d.count && !code[0]; i++)
		if (d.items[i].level == DIAG_ERROR)
			snprintf(code, sizeof(code), "%s", d.items[i].code);
	content_clear(&all);
	diags_clear(&d);
	return code;
}

/* A key of a deck is never taken for a slip. */
static void test_slip(void **state)
{
	(void)state;
	assert_string_equal(code_of("matrx: a\n"), "content-kind");
	assert_string_equal(code_of("tre: a\n"), "content-kind");
	assert_string_equal(code_of("title: a\n"), "deck-missing-key");
	assert_string_equal(code_of("whatever: a\n"), "deck-unknown-key");
}

static void test_too_large(void **state)
{
	struct content all = {0};
	struct diags d = {0};
	struct str s = {0};
	(void)state;
	str_add(&s, "exam: a\n#");
	while (s.len <= MAX_BLUEPRINT_BYTES)
		str_add(&s, "################################################################");
	assert_false(content_read(&all, "x.yaml", s.p, s.len, &d));
	assert_string_equal(d.items[0].code, "file-too-large");
	assert_int_equal(d.count, 1);
	str_clear(&s);
	content_clear(&all);
	diags_clear(&d);
}

/* What is given counts, not what is known by the same id. */
static void test_known(void **state)
{
	struct content all = {0}, known = {0};
	struct diags d = {0};
	size_t n;
	(void)state;
	assert_true(content_read_file(&all, "data/exams/dva-c03.yaml", &d));
	assert_true(content_read_file(&known, "data/exams/dva-c02.yaml", &d));
	assert_true(content_read_file(&known, "data/exams/dva-c03.yaml", &d));
	const struct blueprint **exams = content_exams(&all, &known, &n);
	assert_int_equal(n, 2);
	assert_ptr_equal(exams[0], all.exams[0]);
	assert_ptr_equal(exams[1], known.exams[0]);
	free(exams);
	exams = content_exams(&all, NULL, &n);
	assert_int_equal(n, 1);
	free(exams);
	content_clear(&all);
	content_clear(&known);
	diags_clear(&d);
}

/* A tree is proved against a matrix that is only known. */
static void test_known_matrix(void **state)
{
	const struct lint_options o = {.today = 20784, .max_age_d = 1000};
	struct content all = {0}, known = {0};
	struct diags d = {0};
	(void)state;
	assert_true(content_read_file(&all, "tests/data/trees/tree.yaml", &d));
	assert_false(content_lint(&all, NULL, &o, &d));
	diags_clear(&d);
	assert_true(content_read_file(&known, "tests/data/trees/matrix.yaml", &d));
	if (!content_lint(&all, &known, &o, &d))
		fail_msg("%s", diags_first(&d));
	content_clear(&all);
	content_clear(&known);
	diags_clear(&d);
}

static void read_text(struct content *c, const char *file, const char *text)
{
	struct diags d = {0};
	if (!content_read(c, file, text, strlen(text), &d))
		fail_msg("%s: %s", file, diags_first(&d));
	diags_clear(&d);
}

static bool says(const struct content *all, const struct content *known, const char *code)
{
	const struct lint_options o = {.today = 20784, .max_age_d = 1000};
	struct diags d = {0};
	bool ok = content_lint(all, known, &o, &d), found = false;
	assert_int_equal(ok, d.errors == 0);
	for (size_t i = 0; i < d.count; i++)
		found |= strcmp(d.items[i].code, code) == 0;
	diags_clear(&d);
	return found;
}

#define PROOFS(id)                                                                              \
	"{proofs: " id ", title: T, format: 1, gateway: README.md, requests: {one: {send: GET " \
	"/a, shows: S., expect: {status: 2xx}}}}"

/* What cards name must be there once labs or proofs are given; else only what is known can tell. */
static void test_proofs(void **state)
{
	static const char deck[] = "{deck: d, title: T, format: 1, cards: [{id: a, kind: basic, "
				   "front: A, back: B, proof: facts/one}]}";
	struct content all = {0}, known = {0}, none = {0};
	(void)state;
	read_text(&all, "d.yaml", deck);
	assert_false(says(&all, &none, "proof-unknown"));
	read_text(&known, "facts.yaml", PROOFS("facts"));
	assert_false(says(&all, &known, "proof-unknown"));
	read_text(&all, "others.yaml", PROOFS("others"));
	assert_false(says(&all, &known, "proof-unknown"));
	assert_true(says(&all, &none, "proof-unknown"));
	assert_true(says(&all, NULL, "proof-unknown"));
	content_clear(&all);
	content_clear(&known);
}

static void test_lab_ids(void **state)
{
	struct content all = {0};
	(void)state;
	read_text(&all, "facts.yaml", PROOFS("facts"));
	read_text(&all, "others.yaml", PROOFS("others"));
	assert_false(says(&all, NULL, "lab-id"));
	read_text(&all, "again.yaml", PROOFS("facts"));
	assert_true(says(&all, NULL, "lab-id"));
	content_clear(&all);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kind),      cmocka_unit_test(test_slip),
		cmocka_unit_test(test_known),     cmocka_unit_test(test_known_matrix),
		cmocka_unit_test(test_too_large), cmocka_unit_test(test_proofs),
		cmocka_unit_test(test_lab_ids),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
