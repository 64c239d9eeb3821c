/* t_golden.c -- every diagnostic that loading or linting a file of content can give has a golden:
 * tests/golden/lint holds <code>.yaml or <code>+<case>.yaml and beside it, with suffix .want,
 * exactly what is printed. Codes are found in the sources, so that a new one without a golden fails
 * here. GATEDRILL_GOLDEN=update rewrites the .want files: read the difference then. */
#include "base/clock.h"
#include "base/file.h"
#include "deck/content.h"

#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define GOLDEN "tests/golden/lint"
#define MAX_SOURCE ((size_t)4 << 20)
#define TODAY "2026-11-20"

/* Codes whose input is too large for a file. make is NULL where it is too large for a test as well.
 */
static void make_huge_text(struct str *out);
static const struct {
	const char *code, *want;
	void (*make)(struct str *out);
} generated[] = {
	{"tree-too-large",
	 "huge.yaml:1:8: error: a text of 1048577 bytes; at most 1048576 are read "
	 "[tree-too-large]\n",
	 make_huge_text},
	{"tree-too-many", NULL, NULL},       /* 20,000,000 values */
	{"dtree-too-many-sets", NULL, NULL}, /* needs a matrix of its own: t_dtree.c */
	{"lab-id", NULL, NULL},              /* needs a path, or two files: t_lab.c, t_content.c */
	{"lab-kind", NULL, NULL},            /* of a file that was taken for a lab: t_lab.c */
};

static void make_huge_text(struct str *out)
{
	str_add(out, "about: ");
	for (size_t i = 0; i <= MAX_TREE_SCALAR; i++)
		str_addc(out, 'x');
	str_addc(out, '\n');
}

/* Goldens that show what is not reported. */
static const char *const silent[] = {"clean"};

static bool updating(void)
{
	return str_eq(getenv("GATEDRILL_GOLDEN"), "update");
}

static void read_whole(const char *path, struct str *out)
{
	struct diags d = {0};

	if (!file_read(path, MAX_SOURCE, out, &d))
		fail_msg("%s", diags_first(&d));
	diags_clear(&d);
}

/* The exams, the matrix, the proofs and the deck that goldens may name. */
static void read_known(struct content *known)
{
	static const char *const files[] = {"data/exams/dva-c02.yaml", "data/exams/dva-c03.yaml",
					    "tests/data/trees/matrix.yaml",
					    "tests/data/labs/facts.yaml",
					    "tests/golden/lint/clean.yaml"};
	struct diags d = {0};

	for (size_t i = 0; i < ARRAY_LEN(files); i++)
		if (!content_read_file(known, files[i], &d))
			fail_msg("%s: %s", files[i], diags_first(&d));
	diags_clear(&d);
}

/* What loading and linting a file prints. Heap. */
static char *printed(const char *name, const struct str *source)
{
	struct lint_options o = {.max_age_d = 180};
	struct diags d = {0};
	struct content all = {0}, known = {0};
	char *text = NULL;
	size_t n;
	FILE *f = open_memstream(&text, &n);

	assert_non_null(f);
	assert_true(date_parse(TODAY, &o.today));
	read_known(&known);
	bool ok = content_read(&all, name, str_c(source), source->len, &d);
	bool clean = content_lint(&all, &known, &o, &d);

	assert_int_equal(ok && clean, d.errors == 0);
	diags_print(&d, f);
	diags_clear(&d);
	content_clear(&all);
	content_clear(&known);
	fclose(f);
	return text;
}

static void check_golden(struct arena *a, const char *name)
{
	const char *path = path_join(a, GOLDEN, name);
	char *want_path = arena_printf(a, "%.*s.want", (int)(strlen(path) - strlen(".yaml")), path);
	struct str source = {0}, want = {0};
	struct diags d = {0};

	read_whole(path, &source);
	char *got = printed(name, &source);

	if (updating() && !file_write(want_path, got, strlen(got), &d))
		fail_msg("%s", diags_first(&d));
	read_whole(want_path, &want);
	if (!str_eq(got, str_c(&want)))
		fail_msg("%s prints:\n%s", name, got);
	free(got);
	str_clear(&source);
	str_clear(&want);
	diags_clear(&d);
}

static const char **golden_names(struct arena *a, size_t *n)
{
	struct diags d = {0};
	const char **names;

	assert_true(file_list(GOLDEN, ".yaml", a, &names, n, &d));
	return names;
}

static void goldens_print_what_they_should(void **state)
{
	struct arena a = {0};
	size_t n;
	const char **names = golden_names(&a, &n);

	(void)state;
	assert_true(n > 40);
	for (size_t i = 0; i < n; i++)
		check_golden(&a, names[i]);
	arena_clear(&a);
}

static bool is_silent(const char *stem)
{
	for (size_t i = 0; i < ARRAY_LEN(silent); i++)
		if (str_eq(stem, silent[i]))
			return true;
	return false;
}

/* A golden is named after a code that it prints, or nothing; "+last-day" cases show the near miss.
 */
static void goldens_show_the_code_they_are_named_after(void **state)
{
	struct arena a = {0};
	size_t n;
	const char **names = golden_names(&a, &n);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		char *stem = arena_strndup(&a, names[i], strcspn(names[i], "+."));
		struct str want = {0};

		read_whole(arena_printf(&a, GOLDEN "/%.*s.want",
					(int)(strlen(names[i]) - strlen(".yaml")), names[i]),
			   &want);
		if (is_silent(stem) || strstr(names[i], "+last-day"))
			assert_string_equal(str_c(&want), "");
		else if (!strstr(str_c(&want), arena_printf(&a, "[%s]\n", stem)))
			fail_msg("%s does not show its code", names[i]);
		str_clear(&want);
	}
	arena_clear(&a);
}

static void huge_input_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(generated); i++) {
		struct str source = {0};

		if (!generated[i].make)
			continue;
		generated[i].make(&source);
		char *got = printed("huge.yaml", &source);

		assert_string_equal(got, generated[i].want);
		free(got);
		str_clear(&source);
	}
}

/* Every code has a golden. */

static bool has_golden(const char *code)
{
	struct arena a = {0};
	struct file_stat st;
	bool found = file_stat(arena_printf(&a, GOLDEN "/%s.yaml", code), &st);

	for (size_t i = 0; i < ARRAY_LEN(generated); i++)
		found |= str_eq(code, generated[i].code);
	arena_clear(&a);
	return found;
}

/* The literal that starts at the quote p, if it is a code: a known prefix and then a-z, 0-9 and
 * '-'. */
static char *code_at(struct arena *a, const char *p)
{
	static const char *const prefixes[] = {"\"lint-",    "\"deck-", "\"yaml-",  "\"tree-",
					       "\"content-", "\"data-", "\"exam-",  "\"matrix-",
					       "\"dtree-",   "\"lab-",  "\"proof-", "\"prices-"};
	size_t n = 1;

	for (size_t i = 0; i < ARRAY_LEN(prefixes); i++) {
		if (!str_starts(p, prefixes[i]))
			continue;
		while (islower((unsigned char)p[n]) || isdigit((unsigned char)p[n]) || p[n] == '-')
			n++;
		return p[n] == '"' ? arena_strndup(a, p + 1, n - 1) : NULL;
	}
	return NULL;
}

static size_t check_codes(const char *path)
{
	struct str source = {0};
	struct arena a = {0};
	size_t codes = 0;

	read_whole(path, &source);
	for (const char *p = strchr(str_c(&source), '"'); p; p = strchr(p + 1, '"')) {
		char *code = code_at(&a, p);

		codes += code != NULL;
		if (code && !has_golden(code))
			fail_msg("%s: no golden shows %s", path, code);
	}
	str_clear(&source);
	arena_clear(&a);
	return codes;
}

static void every_code_has_a_golden(void **state)
{
	static const char *const rooms[] = {"src/base", "src/deck"};
	struct arena a = {0};
	struct diags d = {0};
	size_t codes = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rooms); i++) {
		const char **names;
		size_t n;

		assert_true(file_list(rooms[i], ".c", &a, &names, &n, &d));
		for (size_t j = 0; j < n; j++)
			codes += check_codes(path_join(&a, rooms[i], names[j]));
	}
	assert_true(codes >= lint_rule_count + 20);
	arena_clear(&a);
}

static void rules_have_codes_and_help(void **state)
{
	struct str mdoc = {0};

	(void)state;
	lint_rules_mdoc(&mdoc);
	for (size_t i = 0; i < lint_rule_count; i++) {
		assert_true(str_starts(lint_rules[i].code, "lint-"));
		assert_true(str_ends(lint_rules[i].help, "."));
		assert_non_null(strstr(str_c(&mdoc), lint_rules[i].code));
		assert_non_null(strstr(str_c(&mdoc), lint_rules[i].help));
	}
	str_clear(&mdoc);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(goldens_print_what_they_should),
		cmocka_unit_test(goldens_show_the_code_they_are_named_after),
		cmocka_unit_test(huge_input_is_refused),
		cmocka_unit_test(every_code_has_a_golden),
		cmocka_unit_test(rules_have_codes_and_help),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
