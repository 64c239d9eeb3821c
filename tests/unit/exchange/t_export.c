/* t_export.c -- files of other programs appear whole or not at all, whatever stops them. */
#include "base/file.h"
#include "exchange/export.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define CARDS 400

struct fixture {
	struct arena a;
	struct deck deck;
	struct srs_preset preset;
	char *dir;
};

static void make_deck(struct deck *out, const char *slug, const char *title, int cards)
{
	struct str s = {0};
	str_addf(&s, "deck: %s\ntitle: %s\nformat: 1\ncards:\n", slug, title);
	for (int i = 0; i < cards; i++)
		str_addf(&s,
			 "- {id: c%d, kind: choice, question: Q%d, options: [{text: R, right: "
			 "true, why: W}, {text: N, why: X}]}\n",
			 i, i);
	assert_true(deck_read(out, NULL, s.p, s.len, NULL));
	str_clear(&s);
}

static int setup(void **state)
{
	struct fixture *f = xcalloc(1, sizeof(*f));
	const char *tmp = getenv("TMPDIR");
	f->dir = xasprintf("%s/export-XXXXXX", tmp ? tmp : "/tmp");
	srs_preset_default(&f->preset);
	make_deck(&f->deck, "d", "D", CARDS);
	*state = f;
	return mkdtemp(f->dir) ? 0 : -1;
}

static int teardown(void **state)
{
	struct fixture *f = *state;
	rmdir(f->dir);
	deck_clear(&f->deck);
	arena_clear(&f->a);
	free(f->dir);
	free(f);
	return 0;
}

static bool stop_at(void *ctx, const char *what, size_t done, size_t total)
{
	int *left = ctx;
	(void)what;
	(void)done;
	(void)total;
	return (*left)-- > 0;
}

/* Export the deck; ticks: how often the work may go on, -1: always. */
static bool run(struct fixture *f, enum export_format format, const char *path, int ticks,
		struct diags *d)
{
	const struct job job = {stop_at, &ticks};
	const struct export_options o = {.format = format,
					 .path = path,
					 .now = {INT64_C(1795000000000), 0},
					 .preset = &f->preset,
					 .temp_dir = f->dir,
					 .job = ticks < 0 ? NULL : &job};
	struct export *x = NULL;
	struct export_report r;
	bool ok = export_open(&x, &o, d) && export_deck(x, &f->deck, 0, d);
	for (size_t i = 0; ok && i < f->deck.card_count; i++)
		ok = export_card(
			x, &(struct export_item){.deck = &f->deck, .card = &f->deck.cards[i]}, d);
	ok = ok && export_finish(x, &r, d);
	export_close(x);
	return ok;
}

static const char *in_dir(struct fixture *f, const char *name)
{
	return path_join(&f->a, f->dir, name);
}

/* Files of the folder, hidden ones too. */
static size_t files(struct fixture *f)
{
	FILE *p = popen(arena_printf(&f->a, "ls -A '%s' | wc -l", f->dir), "r");
	int n = -1;
	assert_non_null(p);
	assert_int_equal(fscanf(p, "%d", &n), 1);
	pclose(p);
	return (size_t)n;
}

static void stopped_work_leaves_nothing(void **state)
{
	struct fixture *f = *state;
	for (int format = 0; format < EXPORT_FORMAT_COUNT; format++) {
		bool ok = false;
		int ticks = 0;
		for (; !ok && ticks < 40; ticks++) {
			struct diags d = {0};
			ok = run(f, (enum export_format)format, in_dir(f, "out"), ticks, &d);
			if (!ok)
				assert_string_equal(d.items[d.count - 1].code, "export-stopped");
			assert_int_equal(files(f), ok ? 1 : 0);
			diags_clear(&d);
		}
		assert_true(ok);
		assert_true(ticks > 3); /* it could be stopped among the cards and after them */
		unlink(in_dir(f, "out"));
	}
}

static void what_was_there_stays_until_then(void **state)
{
	struct fixture *f = *state;
	const char *path = in_dir(f, "out");
	struct str s = {0};
	for (int format = 0; format < EXPORT_FORMAT_COUNT; format++) {
		assert_true(file_write(path, "before", 6, NULL));
		assert_false(run(f, (enum export_format)format, path, 2, NULL));
		assert_true(file_read(path, 100, &s, NULL));
		assert_string_equal(s.p, "before");
		assert_true(run(f, (enum export_format)format, path, -1, NULL));
		assert_true(file_read(path, 1 << 20, &s, NULL));
		assert_string_not_equal(s.p, "before");
		assert_int_equal(files(f), 1);
	}
	unlink(path);
	str_clear(&s);
}

/* The same cards at the same moment give the same bytes. */
static void files_can_be_compared(void **state)
{
	struct fixture *f = *state;
	struct str one = {0}, two = {0};
	for (int format = 0; format < EXPORT_FORMAT_COUNT; format++) {
		assert_true(run(f, (enum export_format)format, in_dir(f, "1"), -1, NULL));
		assert_true(run(f, (enum export_format)format, in_dir(f, "2"), -1, NULL));
		assert_true(file_read(in_dir(f, "1"), 1 << 24, &one, NULL));
		assert_true(file_read(in_dir(f, "2"), 1 << 24, &two, NULL));
		assert_int_equal(one.len, two.len);
		assert_memory_equal(one.p, two.p, one.len);
	}
	unlink(in_dir(f, "1"));
	unlink(in_dir(f, "2"));
	str_clear(&one);
	str_clear(&two);
}

static void failures_are_told(void **state)
{
	static const char *const paths[] = {"/dev/full", "/no/such/folder/x", "/"};
	struct fixture *f = *state;
	for (size_t i = 0; i < ARRAY_LEN(paths); i++)
		for (int format = 0; format < EXPORT_FORMAT_COUNT; format++) {
			struct diags d = {0};
			assert_false(run(f, (enum export_format)format, paths[i], -1, &d));
			assert_int_equal(d.errors, 1);
			assert_string_equal(d.items[0].code, "file-write");
			assert_int_equal(files(f), 0);
			diags_clear(&d);
		}
}

static void decks_of_one_title_stay_two(void **state)
{
	static const char *const slugs[] = {"first", "second", "first"};
	struct fixture *f = *state;
	const char *path = in_dir(f, "out");
	const struct export_options o = {
		.format = EXPORT_ANKI_TSV, .path = path, .preset = &f->preset};
	struct export *x;
	struct export_report r;
	struct str s = {0};
	assert_true(export_open(&x, &o, NULL));
	for (size_t i = 0; i < ARRAY_LEN(slugs); i++) {
		struct deck deck;
		make_deck(&deck, slugs[i], "Same", 1);
		const struct export_item item = {.deck = &deck, .card = &deck.cards[0]};
		assert_true(export_deck(x, &deck, 0, NULL) && export_card(x, &item, NULL));
		deck_clear(&deck);
	}
	assert_true(export_finish(x, &r, NULL));
	assert_int_equal(r.notes, 3);
	export_close(x);
	assert_true(file_read(path, 1 << 20, &s, NULL));
	assert_non_null(strstr(s.p, "gd-first/c0\tBasic\tgatedrill::Same\t"));
	assert_non_null(strstr(s.p, "gd-second/c0\tBasic\tgatedrill::Same (second)\t"));
	unlink(path);
	str_clear(&s);
}

static void names_tell_formats(void **state)
{
	static const struct {
		const char *path;
		int format;
	} rows[] = {{"a.csv", EXPORT_ANKI_CSV},
		    {"a.tsv", EXPORT_ANKI_TSV},
		    {"a.txt", EXPORT_ANKI_TSV},
		    {"x/a.b.apkg", EXPORT_APKG},
		    {"a.json", EXPORT_JSON},
		    {"a.md", EXPORT_MARKDOWN},
		    {"a.markdown", EXPORT_MARKDOWN},
		    {"a.gift", EXPORT_GIFT},
		    {"csv", -1},
		    {"a.yaml", -1}};
	enum export_format format;
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		bool known = export_format_guess(rows[i].path, &format);
		assert_int_equal(known ? (int)format : -1, rows[i].format);
	}
	for (int i = 0; i < EXPORT_FORMAT_COUNT; i++) {
		assert_true(export_format_named(export_kinds[i].name, &format));
		assert_int_equal(format, i);
	}
	assert_false(export_format_named("csv", &format));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stopped_work_leaves_nothing),
		cmocka_unit_test(what_was_there_stays_until_then),
		cmocka_unit_test(files_can_be_compared),
		cmocka_unit_test(failures_are_told),
		cmocka_unit_test(decks_of_one_title_stay_two),
		cmocka_unit_test(names_tell_formats),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
