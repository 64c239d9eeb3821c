/* t_ankidb.c -- a collection as it is written: what Anki requires of its tables and of the JSON.
 * What Anki itself makes of it is asked in tests/anki. */
#include "support.h"

#include "base/json.h"
#include "store/ankidb.h"

#include <sqlite3.h>

static const struct anki_template templates[] = {{"Card 1", "{{A}}", "{{B}}", 0},
						 {"Card 2", "{{B}}", "{{A}}", 1}};
static const char *const fields[] = {"A", "B"};
static const struct anki_notetype types[] = {
	{1700000000001, "Two", false, fields, 2, templates, 2, ".card {}"},
	{1700000000002, "Holes", true, fields, 2, templates, 1, ""}};

static struct ankidb *create(struct fixture *f, const char *path)
{
	const struct anki_head head = {.crt_s = 1699999200,
				       .mod_ms = 1700000000123,
				       .west_min = -60,
				       .notetypes = types,
				       .notetype_count = 2};
	struct ankidb *db = NULL;
	must(f, ankidb_create(&db, path, &head, &f->d));
	return db;
}

static const struct slice texts[] = {{"<b>x</b>\x1f!", 10}, {"", 0}};
static const struct anki_note note = {.id = 1700000000100,
				      .notetype = 1700000000001,
				      .mod_s = 1700000000,
				      .guid = "g",
				      .sort = {"x !", 3},
				      .tags = " a b ",
				      .fields = texts,
				      .field_count = 2};

static char *in_dir(struct fixture *f, const char *name)
{
	return path_join(&f->a, f->dir, name);
}

/* All columns of a query's rows, '|' between. */
static char *rows(struct fixture *f, const char *path, const char *sql)
{
	sqlite3 *db;
	sqlite3_stmt *q;
	struct str s = {0};
	assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &q, NULL), SQLITE_OK);
	while (sqlite3_step(q) == SQLITE_ROW)
		for (int i = 0; i < sqlite3_column_count(q); i++)
			str_addf(&s, "%s%s", s.len ? "|" : "",
				 (const char *)sqlite3_column_text(q, i));
	sqlite3_finalize(q);
	sqlite3_close(db);
	char *text = arena_strdup(&f->a, str_c(&s));
	str_clear(&s);
	return text;
}

static void test_rows(void **state)
{
	struct fixture *f = *state;
	const char *path = in_dir(f, "c.anki2");
	struct ankidb *db = create(f, path);
	const struct anki_card card = {.id = 5,
				       .note = 1700000000100,
				       .deck = 7,
				       .ord = 1,
				       .mod_s = 9,
				       .type = 2,
				       .queue = 2,
				       .due = 30,
				       .ivl = 12,
				       .factor = 2500,
				       .reps = 4,
				       .lapses = 1,
				       .left = 0,
				       .flags = 3,
				       .data = "{\"s\":1}"};
	struct anki_review review = {.id = 100,
				     .card = 5,
				     .ease = 3,
				     .ivl = 12,
				     .last_ivl = -600,
				     .factor = 500,
				     .time_ms = 1234,
				     .type = 1};
	ankidb_add_deck(db, &(struct anki_deck){7, "A::B", "<p>About</p>"});
	must(f, ankidb_add_note(db, &note, &f->d));
	must(f, ankidb_add_card(db, &card, &f->d));
	for (int i = 0; i < 3; i++)
		must(f, ankidb_add_review(db, &review, &f->d));
	must(f, ankidb_finish(db, &f->d));
	ankidb_close(db);
	assert_string_equal(rows(f, path, "PRAGMA integrity_check"), "ok");
	/* A separator inside of a field would make one more of it. */
	assert_string_equal(
		rows(f, path,
		     "SELECT id, guid, mid, mod, usn, tags, hex(flds), sfld, csum, data"
		     " FROM notes"),
		"1700000000100|g|1700000000001|1700000000|-1| a b |3C623E783C2F623E20211F|x !|"
		"3566985494|");
	assert_string_equal(rows(f, path, "SELECT * FROM cards"),
			    "5|1700000000100|7|1|9|-1|2|2|30|12|2500|4|1|0|0|0|3|{\"s\":1}");
	assert_string_equal(rows(f, path, "SELECT * FROM revlog"),
			    "100|5|-1|3|12|-600|500|1234|1|101|5|-1|3|12|-600|500|1234|1|"
			    "102|5|-1|3|12|-600|500|1234|1");
	assert_string_equal(rows(f, path, "SELECT id, crt, mod, scm, ver, usn, tags FROM col"),
			    "1|1699999200|1700000000123|1700000000123|11|0|{}");
	assert_string_equal(rows(f, path,
				 "SELECT count(*) FROM sqlite_master WHERE type = 'index'"
				 " AND name LIKE 'ix_%'"),
			    "7");
}

static const struct node *column(struct fixture *f, const char *path, const char *name)
{
	const char *text = rows(f, path, arena_printf(&f->a, "SELECT %s FROM col", name));
	struct node *root;
	must(f, json_read(&f->a, NULL, text, strlen(text), &root, &f->d));
	return root;
}

static void test_json(void **state)
{
	static const char *const model_keys[] = {"id",  "name",  "type", "mod", "usn", "sortf",
						 "did", "tmpls", "flds", "css", "req"};
	struct fixture *f = *state;
	const char *path = in_dir(f, "c.anki2");
	struct ankidb *db = create(f, path);
	ankidb_add_deck(db, &(struct anki_deck){7, "A::\"B\"", ""});
	must(f, ankidb_finish(db, &f->d));
	ankidb_close(db);
	const struct node *models = column(f, path, "models");
	assert_int_equal(models->count, 2);
	const struct node *two = node_get(models, "1700000000001");
	for (size_t i = 0; i < ARRAY_LEN(model_keys); i++)
		assert_non_null(node_get(two, model_keys[i]));
	assert_int_equal(node_get(two, "tmpls")->count, 2);
	assert_string_equal(node_text(node_get(models, "1700000000002"), "type"), "1");
	struct str req = {0};
	json_write(&req, node_get(two, "req"));
	assert_string_equal(str_c(&req), "[[0,\"any\",[0]],[1,\"any\",[1]]]");
	str_clear(&req);
	const struct node *decks = column(f, path, "decks");
	assert_string_equal(node_text(node_get(decks, "7"), "name"), "A::\"B\"");
	assert_string_equal(node_text(node_get(decks, "1"), "name"), "Default");
	assert_string_equal(node_text(column(f, path, "conf"), "schedVer"), "2");
	assert_string_equal(node_text(column(f, path, "conf"), "creationOffset"), "-60");
	assert_non_null(node_get(node_get(column(f, path, "dconf"), "1"), "rev"));
}

static void test_failures(void **state)
{
	struct fixture *f = *state;
	const struct anki_head head = {.notetypes = types, .notetype_count = 2};
	struct ankidb *db;
	must_fail(f, ankidb_create(&db, in_dir(f, "no/c.anki2"), &head, &f->d), "anki-open");
	assert_null(db);
	must(f, file_write(in_dir(f, "text"), "no database, but some text", 26, &f->d));
	must_fail(f, ankidb_create(&db, in_dir(f, "text"), &head, &f->d), "anki-corrupt");
	db = create(f, in_dir(f, "c.anki2"));
	must(f, ankidb_add_note(db, &note, &f->d));
	assert_false(ankidb_add_note(db, &note, &f->d)); /* the same id */
	diags_clear(&f->d);
	ankidb_close(db);
	ankidb_close(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_rows, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_json, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_failures, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
