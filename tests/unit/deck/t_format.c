/* t_format.c -- deck fmt: golden pairs in tests/golden/fmt, what stays the same when decks are laid
 * out twice, and what is refused. GATEDRILL_GOLDEN=update rewrites the goldens: read the difference
 * then. */
#include "base/file.h"
#include "base/yaml.h"
#include "deck/format.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define GOLDEN "tests/golden/fmt"
#define MIN_GOLDENS 12

static bool updating(void)
{
	return str_eq(getenv("GATEDRILL_GOLDEN"), "update");
}

static void read_whole(const char *path, struct str *out)
{
	struct diags d = {0};

	if (!file_read(path, MAX_TREE_BYTES, out, &d))
		fail_msg("%s", diags_first(&d));
	diags_clear(&d);
}

static void format(const char *name, const struct str *in, struct str *out)
{
	struct diags d = {0};

	if (!deck_format(name, str_c(in), in->len, out, &d))
		fail_msg("%s:%d: %s", name, d.items[0].pos.line, diags_first(&d));
	assert_int_equal(d.count, 0);
	diags_clear(&d);
}

static void check_golden(const char *in_path, const char *out_path)
{
	struct str in = {0}, got = {0}, want = {0};
	struct diags d = {0};

	read_whole(in_path, &in);
	format(in_path, &in, &got);
	if (updating() && !file_write(out_path, str_c(&got), got.len, &d))
		fail_msg("%s", diags_first(&d));
	read_whole(out_path, &want);
	if (!str_eq(str_c(&got), str_c(&want)))
		fail_msg("%s gives:\n%s", in_path, str_c(&got));
	diags_clear(&d);
	str_clear(&in);
	str_clear(&got);
	str_clear(&want);
}

static void check_stable(const char *path)
{
	struct str in = {0}, once = {0}, twice = {0};

	read_whole(path, &in);
	format(path, &in, &once);
	format(path, &once, &twice);
	assert_string_equal(str_c(&once), str_c(&twice));
	str_clear(&in);
	str_clear(&once);
	str_clear(&twice);
}

static size_t each_file(const char *dir, const char *suffix, void (*check)(const char *path))
{
	struct arena a = {0};
	struct diags d = {0};
	const char **names;
	size_t n;

	assert_true(file_list(dir, suffix, &a, &names, &n, &d));
	for (size_t i = 0; i < n; i++)
		check(path_join(&a, dir, names[i]));
	arena_clear(&a);
	return n;
}

static void check_pair(const char *in_path)
{
	struct arena a = {0};
	size_t stem = strlen(in_path) - strlen(".in.yaml");

	check_golden(in_path, arena_printf(&a, "%.*s.out.yaml", (int)stem, in_path));
	arena_clear(&a);
}

static void goldens_are_laid_out_as_written(void **state)
{
	(void)state;
	assert_true(each_file(GOLDEN, ".in.yaml", check_pair) >= MIN_GOLDENS);
}

static void laying_out_twice_changes_nothing(void **state)
{
	(void)state;
	each_file(GOLDEN, ".yaml", check_stable);
	assert_true(each_file("decks", ".yaml", check_stable) > 0);
}

static void canonical_files_stay_as_they_are(void **state)
{
	struct str in = {0}, out = {0};

	(void)state;
	read_whole(GOLDEN "/canonical.in.yaml", &in);
	format("canonical", &in, &out);
	assert_string_equal(str_c(&in), str_c(&out));
	str_clear(&in);
	str_clear(&out);
}

static void nothing_stays_nothing(void **state)
{
	static const char comment[] = "---\n# alone\n";
	struct str in = {0}, out = {0};

	(void)state;
	str_add(&in, comment);
	format("comment", &in, &out);
	assert_string_equal(str_c(&out), comment);
	str_clear(&in);
	str_clear(&out);
}

/* A newline that is missing at the end is added, also where a block scalar ends there. */
static void the_last_line_ends(void **state)
{
	struct str in = {0}, out = {0};

	(void)state;
	str_add(&in, "a: |\n   b");
	format("end", &in, &out);
	assert_string_equal(str_c(&out), "a: |\n  b\n");
	str_clear(&in);
	str_clear(&out);
}

static const struct {
	const char *source, *code;
	int line;
} refused[] = {
	{"a: b: c\n", "yaml-syntax", 1},
	{"a: 1\na: 2\n", "yaml-duplicate-key", 2},
	{"a: \xff\n", "yaml-utf8", 1},
	{"", "yaml-documents", 1},
	{"a: 1\n? b\n: 2\n", "format-unsafe", 2},
	{"a: 1\n\"b\\\n  c\": 2\n", "yaml-syntax", 3},
	{"--- {a: 1}\n", "format-unsafe", 1},
	{"a: &x\n  text\n", "format-unsafe", 1},
	{"a: \"b\xe2\x80\xa8 c\"\n", "format-unsafe", 1},
	{"a: \xef\xbb\xbf c\n", "format-unsafe", 1},
	{"a: |1\n   \n", "format-unsafe", 1},
};

static void what_is_not_known_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
		struct str out = {0};
		struct diags d = {0};
		const char *source = refused[i].source;

		if (deck_format("deck.yaml", source, strlen(source), &out, &d))
			fail_msg("accepted:\n%s", source);
		assert_int_equal(out.len, 0);
		if (!str_eq(d.items[0].code, refused[i].code) ||
		    d.items[0].pos.line != refused[i].line)
			fail_msg("%s\n%d: %s [%s]", source, d.items[0].pos.line, d.items[0].text,
				 d.items[0].code);
		diags_clear(&d);
		str_clear(&out);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(goldens_are_laid_out_as_written),
		cmocka_unit_test(laying_out_twice_changes_nothing),
		cmocka_unit_test(canonical_files_stay_as_they_are),
		cmocka_unit_test(nothing_stays_nothing),
		cmocka_unit_test(the_last_line_ends),
		cmocka_unit_test(what_is_not_known_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
