/* t_schema.c -- the schema is the committed one, and the loader agrees with it:
 * tests/data/schema/valid loads; invalid and beyond are refused with the errors their first line
 * tells ("# code line:col, ..."). tests/cmd/schema.t validates the same files. */
#include "base/file.h"
#include "deck/keys.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define DATA "tests/data/schema/"

static void read_whole(const char *path, struct str *out)
{
	struct diags d = {0};
	if (!file_read(path, 1 << 20, out, &d))
		fail_msg("%s: %s", path, diags_first(&d));
	diags_clear(&d);
}

static void test_committed(void **state)
{
	struct str made = {0}, kept = {0};
	(void)state;
	deck_schema(&made);
	read_whole("data/schema/deck.schema.json", &kept);
	assert_string_equal(str_c(&kept), str_c(&made));
	str_clear(&made);
	str_clear(&kept);
}

/* "code line:col, code line:col" of all errors, in order. */
static char *errors_text(struct arena *a, struct diags *d)
{
	struct str s = {0};
	diags_sort(d);
	for (size_t i = 0; i < d->count; i++)
		str_addf(&s, "%s%s %d:%d", i ? ", " : "", d->items[i].code, d->items[i].pos.line,
			 d->items[i].pos.col);
	char *out = arena_strdup(a, str_c(&s));
	str_clear(&s);
	return out;
}

static void check_file(const char *folder, const char *name, bool valid)
{
	struct arena a = {0};
	struct diags d = {0};
	struct str bytes = {0};
	struct deck deck;
	char *path = path_join(&a, folder, name);
	read_whole(path, &bytes);
	bool ok = deck_read(&deck, path, str_c(&bytes), bytes.len, &d);
	char *got = errors_text(&a, &d);
	const char *end = strchr(str_c(&bytes), '\n');
	char *want = valid ? arena_strdup(&a, "")
			   : arena_strndup(&a, bytes.p + 2, (size_t)(end - bytes.p - 2));
	if (strcmp(got, want) != 0)
		fail_msg("%s: expected \"%s\", got \"%s\": %s", path, want, got, diags_first(&d));
	assert_int_equal(ok, valid);
	if (ok)
		deck_clear(&deck);
	str_clear(&bytes);
	diags_clear(&d);
	arena_clear(&a);
}

static void check_folder(const char *folder, bool valid, size_t least)
{
	struct arena a = {0};
	struct diags d = {0};
	const char **names;
	size_t n;
	assert_true(file_list(folder, ".yaml", &a, &names, &n, &d));
	assert_true(n >= least);
	for (size_t i = 0; i < n; i++)
		check_file(folder, names[i], valid);
	arena_clear(&a);
	diags_clear(&d);
}

static void test_valid(void **state)
{
	(void)state;
	check_folder(DATA "valid", true, 20);
}

static void test_invalid(void **state)
{
	(void)state;
	check_folder(DATA "invalid", false, 60);
}

static void test_beyond(void **state)
{
	(void)state;
	check_folder(DATA "beyond", false, 20);
}

static void test_template(void **state)
{
	struct str text = {0};
	struct diags d = {0};
	struct deck deck;
	unsigned kinds = 0;
	(void)state;
	deck_template(&text, "my-deck", "Mine: \"all\" of it # really", "2026-11-20");
	if (!deck_read(&deck, "my-deck.yaml", str_c(&text), text.len, &d))
		fail_msg("%d: %s", d.items[0].pos.line, diags_first(&d));
	assert_string_equal(deck.slug, "my-deck");
	assert_string_equal(deck.title, "Mine: \"all\" of it # really");
	for (size_t i = 0; i < deck.card_count; i++) {
		kinds |= 1u << deck.cards[i].kind;
		assert_true(deck.cards[i].source_count > 0 &&
			    deck.cards[i].sources[0]->has_checked);
	}
	assert_int_equal(kinds, (1 << CARD_KIND_COUNT) - 1);
	deck_clear(&deck);
	str_clear(&text);
	diags_clear(&d);
}

/* Every key is an item, and no line is too long for the manual's own check. */
static void test_mdoc(void **state)
{
	struct str out = {0};
	size_t items = 0;
	(void)state;
	deck_keys_mdoc(&out);
	for (const char *line = str_c(&out); *line;) {
		size_t n = strcspn(line, "\n");
		assert_true(n > 0 && n <= 80);
		items += str_starts(line, ".It Ic ");
		line += n + 1;
	}
	assert_int_equal(items, deck_key_count);
	assert_non_null(strstr(str_c(&out), ".It Ic why\nExplanation shown after the answer.\n"
					    "Required in truefalse cards.\n"));
	str_clear(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_committed), cmocka_unit_test(test_valid),
		cmocka_unit_test(test_invalid),   cmocka_unit_test(test_beyond),
		cmocka_unit_test(test_template),  cmocka_unit_test(test_mdoc),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
