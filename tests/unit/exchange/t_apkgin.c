/* t_apkgin.c -- Anki packages: what their cards become, in which order, with which history; and
 * what no package may do. Files that Anki itself wrote are read in tests/anki. */
#include "base/file.h"
#include "store/ankidb.h"
#include "tests/unit/exchange/comeback.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zip.h>
#include <zstd.h>

#include <cmocka.h>

#define NOW_MS INT64_C(1795687200000)

static const struct anki_template basic_templates[] = {
	{"Card 1", "{{Front}}", "{{FrontSide}}<hr id=answer>{{Back}}", 0},
	{"Card 2", "{{Back}}", "{{FrontSide}}<hr id=answer>{{Front}}", 1}};
static const struct anki_template cloze_templates[] = {
	{"Cloze", "{{cloze:Text}}", "{{cloze:Text}}<br>{{Extra}}", 0}};
static const char *const two[] = {"Front", "Back"}, *const holes[] = {"Text", "Extra"};
static const struct anki_notetype types[] = {{10, "Both", false, two, 2, basic_templates, 2, ""},
					     {20, "Cloze", true, holes, 2, cloze_templates, 1, ""}};

struct made_note {
	int64_t id, type;
	const char *front, *back, *tags;
};
static const struct made_note notes[] = {
	{1000, 10, "third", "b", ""},
	{1001, 10, "first", "b", " One::Two leech "},
	{1002, 20, "{{c1::a}} {{c2::b}}", "", ""},
	{1003, 77, "no type", "b", ""},
	{1004, 10, "", "b", ""},
};
static const struct anki_card cards[] = {
	{.id = 1, .note = 1000, .deck = 5, .due = 30, .data = "{}"},
	{.id = 2, .note = 1000, .deck = 5, .ord = 1, .due = 31, .data = "{}"},
	{.id = 3,
	 .note = 1001,
	 .deck = 5,
	 .type = ANKI_REVIEW,
	 .queue = ANKI_Q_SUSPENDED,
	 .due = 40,
	 .ivl = 9,
	 .reps = 2,
	 .flags = 2,
	 .data = "{\"pos\":10,\"s\":9.1}"},
	{.id = 4, .note = 1002, .deck = 5, .due = 20, .data = "{}"},
	{.id = 5,
	 .note = 1002,
	 .deck = 5,
	 .ord = 1,
	 .type = ANKI_REVIEW,
	 .queue = ANKI_Q_REVIEW,
	 .due = 3650 + 7,
	 .ivl = 9,
	 .reps = 1,
	 .data = ""},
	{.id = 6, .note = 1003, .deck = 6, .data = ""},
	{.id = 7, .note = 1004, .deck = 6, .data = ""},
};
static const struct anki_review reviews[] = {
	{.id = NOW_MS - 900000000,
	 .card = 3,
	 .ease = 3,
	 .ivl = -600,
	 .factor = 500,
	 .time_ms = 1500},
	{.id = NOW_MS - 800000000, .card = 3, .ease = 4, .ivl = 9, .factor = 450, .type = 1},
	{.id = NOW_MS - 700000000, .card = 3, .ease = 2, .ivl = 9, .factor = 0, .type = 3},
	{.id = NOW_MS - 600000000, .card = 4, .ease = 0, .ivl = 0, .factor = 0, .type = 4},
	{.id = NOW_MS - 500000000, .card = 1, .ease = 0, .ivl = 4, .factor = 2500, .type = 4},
	{.id = NOW_MS - 400000000, .card = 1, .ease = 3, .type = 5},  /* rescheduled: no answer */
	{.id = NOW_MS - 300000000, .card = 99, .ease = 3, .type = 1}, /* of no card */
	{.id = NOW_MS + 999999999, .card = 1, .ease = 3, .type = 1},  /* from the future */
};

/* The bytes of a collection. */
static void make_collection(struct str *out)
{
	struct ankidb *db;
	struct diags d = {0};
	struct arena a = {0};
	const struct anki_head head = {.crt_s = (NOW_MS / 86400000 - 3650) * 86400 +
						3 * 3600, /* 04:00 */
				       .mod_ms = NOW_MS,
				       .notetypes = types,
				       .notetype_count = 2};
	const char *path = arena_strdup(&a, comeback_file("made.anki2", "", 0));
	unlink(path);
	assert_true(ankidb_create(&db, path, &head, &d));
	ankidb_add_deck(db, &(struct anki_deck){5, "Top::Sub deck", ""});
	for (size_t i = 0; i < ARRAY_LEN(notes); i++) {
		const struct slice fields[] = {{notes[i].front, strlen(notes[i].front)},
					       {notes[i].back, strlen(notes[i].back)}};
		assert_true(ankidb_add_note(db,
					    &(struct anki_note){.id = notes[i].id,
								.notetype = notes[i].type,
								.guid = arena_printf(&a, "g%zu", i),
								.sort = fields[0],
								.tags = notes[i].tags,
								.fields = fields,
								.field_count = 2},
					    &d));
	}
	for (size_t i = 0; i < ARRAY_LEN(cards); i++)
		assert_true(ankidb_add_card(db, &cards[i], &d));
	for (size_t i = 0; i < ARRAY_LEN(reviews); i++)
		assert_true(ankidb_add_review(db, &reviews[i], &d));
	assert_true(ankidb_finish(db, &d));
	ankidb_close(db);
	assert_true(file_read(path, 1 << 20, out, &d));
	unlink(path);
	arena_clear(&a);
}

static const char *make_zip(const char *file, const char *const *names, const struct str *members,
			    size_t n)
{
	const char *path = comeback_file(file, "", 0);
	zip_t *z = zip_open(path, ZIP_CREATE | ZIP_TRUNCATE, NULL);
	assert_non_null(z);
	for (size_t i = 0; i < n; i++)
		assert_true(zip_file_add(z, names[i],
					 zip_source_buffer(z, members[i].p, members[i].len, 0),
					 ZIP_FL_ENC_UTF_8) >= 0);
	assert_int_equal(zip_close(z), 0);
	return path;
}

static const char *make_package(void)
{
	static const char *const names[] = {"collection.anki2", "media", "0", "1"};
	struct str members[4] = {{0}};
	make_collection(&members[0]);
	for (int i = 1; i < 4; i++)
		str_add(&members[i], "{}");
	const char *path = make_zip("cards.apkg", names, members, 4);
	for (int i = 0; i < 4; i++)
		str_clear(&members[i]);
	return path;
}

static const char want[] = "deck: top-sub-deck\n"
			   "title: \"Top: Sub deck\"\n"
			   "format: 1\n"
			   "cards:\n"
			   "- id: first\n"
			   "  kind: basic\n"
			   "  tags: [one-two, leech]\n"
			   "  front: first\n"
			   "  back: b\n"
			   "\n"
			   "- id: a-b\n"
			   "  kind: cloze\n"
			   "  text: \"{{c1::a}} {{c2::b}}\"\n"
			   "\n"
			   "- id: third\n"
			   "  kind: reversed\n"
			   "  front: third\n"
			   "  back: b\n";

static void test_cards(void **state)
{
	struct import in = {.deck_count = 0};
	struct diags d = {0};
	(void)state;
	assert_true(comeback_import(&in, make_package(), NULL, &d));
	comeback_check(&in);
	assert_int_equal(in.deck_count, 2);
	assert_string_equal(in.decks[0].yaml, want);
	assert_string_equal(in.decks[1].title, "Cards"); /* a deck that is not there: the file */
	assert_int_equal(in.report.media, 2);
	assert_int_equal(in.report.notes, 5);
	assert_int_equal(in.report.skipped, 1);
	assert_int_equal(d.warnings, 1);
	assert_int_equal(in.decks[0].log_count, 0);
	import_clear(&in);
	diags_clear(&d);
	comeback_clear();
}

static void test_history(void **state)
{
	static const struct {
		const char *card, *part;
		enum srs_op op;
		int arg;
		int64_t ago_ms;
	} log[] = {
		{"first", "", SRS_OP_ANSWER, 3, 900000000},
		{"first", "", SRS_OP_ANSWER, 4, 800000000},
		{"first", "", SRS_OP_CRAM, 2, 700000000},
		{"a-b", "c1", SRS_OP_RESET, 0, 600000000},
		{"third", "", SRS_OP_DUE, 4, 500000000},
		{"a-b", "c2", SRS_OP_DUE, 7, 0},
		{"first", "", SRS_OP_SUSPEND, 0, 0},
		{"first", "", SRS_OP_FLAG, 2, 0},
	};
	struct import in = {.deck_count = 0};
	struct diags d = {0};
	(void)state;
	assert_true(comeback_import(&in, make_package(), &(struct import_options){.progress = true},
				    &d));
	assert_int_equal(in.report.reviews, ARRAY_LEN(reviews));
	assert_int_equal(in.report.reviews_left_out, 3);
	assert_int_equal(in.decks[0].log_count, ARRAY_LEN(log));
	for (size_t i = 0; i < ARRAY_LEN(log); i++) {
		const struct import_answer *l = &in.decks[0].log[i];
		assert_string_equal(l->card, log[i].card);
		assert_string_equal(l->part, log[i].part);
		assert_int_equal(l->event.op, log[i].op);
		assert_int_equal(l->event.arg, log[i].arg);
		assert_int_equal(l->event.at.ms, NOW_MS - log[i].ago_ms);
	}
	assert_int_equal(in.decks[0].log[0].took_ms, 1500);
	import_clear(&in);
	diags_clear(&d);
	comeback_clear();
}

/* -- bad packages ------------------------------------------------------------------------------ */

static void expect_refused(const char *path, const char *code)
{
	struct import in = {.deck_count = 0};
	struct diags d = {0};
	assert_false(comeback_import(&in, path, NULL, &d));
	assert_int_equal(d.errors, 1);
	assert_string_equal(d.items[0].code, code);
	assert_string_equal(d.items[0].pos.file, path);
	assert_null(strstr(d.items[0].text, ".gatedrill")); /* the name of a file of ours */
	assert_null(in.decks);
	diags_clear(&d);
}

static void test_cut_off(void **state)
{
	struct str bytes = {0};
	struct diags d = {0};
	(void)state;
	assert_true(file_read(make_package(), 1 << 20, &bytes, &d));
	for (size_t n = 4; n < bytes.len; n += bytes.len / 11)
		expect_refused(comeback_file("cut.apkg", bytes.p, n), "import-zip");
	str_clear(&bytes);
	comeback_clear();
}

static void test_members(void **state)
{
	static const char *const none[] = {"media"}, *const old[] = {"collection.anki2"};
	static const char *const newer[] = {"meta", "collection.anki2"};
	struct str members[2] = {{0}};
	(void)state;
	str_add(&members[0], "\x08\x04");
	make_collection(&members[1]);
	expect_refused(make_zip("x.apkg", none, members, 1), "import-collection");
	expect_refused(make_zip("x.apkg", newer, members, 2), "import-collection");
	expect_refused(make_zip("x.apkg", old, members, 1), "anki-corrupt");
	str_truncate(&members[1], members[1].len / 2);
	expect_refused(make_zip("x.apkg", old, &members[1], 1), "anki-corrupt");
	str_clear(&members[0]);
	str_clear(&members[1]);
	comeback_clear();
}

/* Names of members are never names of files. */
static void test_paths(void **state)
{
	static const char *const names[] = {"../escaped", "/tmp/gatedrill-escaped",
					    "a/../../escaped", "collection.anki2"};
	struct str members[4] = {{0}};
	struct import in = {.deck_count = 0};
	struct diags d = {0};
	struct arena a = {0};
	struct file_stat st;
	(void)state;
	make_collection(&members[3]);
	for (int i = 0; i < 3; i++)
		str_add(&members[i], "x");
	const char *path = make_zip("x.apkg", names, members, 4);
	assert_true(comeback_import(&in, path, NULL, &d));
	assert_false(file_stat("/tmp/gatedrill-escaped", &st));
	assert_false(file_stat(path_join(&a, path_dir(&a, path_dir(&a, path)), "escaped"), &st));
	import_clear(&in);
	diags_clear(&d);
	for (int i = 0; i < 4; i++)
		str_clear(&members[i]);
	arena_clear(&a);
	comeback_clear();
}

/* Much more than it says, packed in two ways. */
static void test_bombs(void **state)
{
	static const char *const plain[] = {"collection.anki21"}, *const zstd[] = {
									  "collection.anki21b"};
	struct str zeros = {0}, packed = {0};
	size_t n = (size_t)100 << 20;
	(void)state;
	zeros.p = xcalloc(n, 1);
	zeros.len = zeros.cap = n;
	expect_refused(make_zip("bomb.apkg", plain, &zeros, 1), "import-too-large");
	packed.cap = ZSTD_compressBound(n);
	packed.p = xmalloc(packed.cap);
	packed.len = ZSTD_compress(packed.p, packed.cap, zeros.p, n, 1);
	expect_refused(make_zip("bomb.apkg", zstd, &packed, 1), "import-too-large");
	str_truncate(&packed, packed.len / 2);
	expect_refused(make_zip("cut.apkg", zstd, &packed, 1), "import-zip");
	str_clear(&zeros);
	str_clear(&packed);
	comeback_clear();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cards),   cmocka_unit_test(test_history),
		cmocka_unit_test(test_cut_off), cmocka_unit_test(test_members),
		cmocka_unit_test(test_paths),   cmocka_unit_test(test_bombs),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
