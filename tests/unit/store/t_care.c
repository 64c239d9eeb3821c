/* t_care.c -- checks that find damage, backups that can be trusted, restores that lose nothing. */
#include "support.h"

#include "store/inside.h"

static const char cards[] = DECK("a") CARD("one", "First", "1") CARD("two", "Second", "2");

static int set_up_cards(void **state)
{
	if (set_up(state) != 0)
		return -1;
	load(*state, "/a.yaml", cards);
	answer(*state, "a/one", 3, DAY0);
	return 0;
}

static char *in_dir(struct fixture *f, const char *name)
{
	return arena_printf(&f->a, "%s/%s", f->dir, name);
}

static size_t files_in(struct fixture *f)
{
	const char **names;
	size_t n;
	must(f, file_list(f->dir, "", &f->a, &names, &n, &f->d));
	return n;
}

/* Everything else in the file is as it was; only the statement's own change can be what the check
 * finds. */
static void test_check(void **state)
{
	struct fixture *f = *state;
	static const char *const damage[] = {
		"UPDATE text SET words = 'other words'",
		"DROP INDEX log_day",
		"DROP TRIGGER log_no_update",
		"CREATE TABLE extra (x)",
		"PRAGMA foreign_keys = 0; DELETE FROM deck; PRAGMA foreign_keys = 1",
	};
	for (size_t i = 0; i < ARRAY_LEN(damage); i++) {
		must(f, store_check(f->s, &f->d));
		must(f, db_script(f->s->db, "SAVEPOINT test", &f->d));
		if (strstr(damage[i], "PRAGMA")) /* has no effect inside a transaction */
			must(f, db_script(f->s->db, "RELEASE test", &f->d));
		must(f, db_script(f->s->db, damage[i], &f->d));
		must_fail(f, store_check(f->s, &f->d), "store-corrupt");
		if (!strstr(damage[i], "PRAGMA"))
			must(f, db_script(f->s->db, "ROLLBACK TO test; RELEASE test", &f->d));
	}
}

static void test_backup(void **state)
{
	struct fixture *f = *state;
	char *path = in_dir(f, "copy.db");
	char *before = picture(f, f->s);
	must(f, store_backup(f->s, path, false, &f->d));
	/* A backup is one file: nothing lies beside it. */
	assert_int_not_equal(access(arena_printf(&f->a, "%s-wal", path), F_OK), 0);
	must_fail(f, store_backup(f->s, path, false, &f->d), "store-exists");
	answer(f, "a/two", 3, DAY0);
	struct store *copy;
	must(f, store_open(&copy, path, STORE_READ, &f->d));
	char *kept = picture(f, copy);
	assert_string_equal(before, kept);
	must(f, store_check(copy, &f->d));
	store_close(copy);
	free(kept);
	must(f, store_backup(f->s, path, true, &f->d));
	must(f, store_open(&copy, path, STORE_WRITE, &f->d));
	char *now = picture(f, f->s);
	kept = picture(f, copy);
	assert_string_equal(now, kept);
	store_close(copy);
	free(kept);
	free(now);
	free(before);
	size_t n = files_in(f);
	must_fail(f, store_backup(f->s, in_dir(f, "none/copy.db"), false, &f->d), "store-open");
	must_fail(f, store_backup(f->s, f->path, true, &f->d), "store-exists");
	assert_int_equal(files_in(f), n); /* nothing half-done is left */
}

static void test_restore(void **state)
{
	struct fixture *f = *state;
	char *path = in_dir(f, "copy.db");
	char *before = picture(f, f->s);
	must(f, store_backup(f->s, path, false, &f->d));
	answer(f, "a/two", 3, DAY0);
	char *later = picture(f, f->s);
	store_close(f->s);
	f->s = NULL;
	must(f, store_restore(f->path, path, &f->d));
	open_store(f);
	char *now = picture(f, f->s);
	assert_string_equal(now, before);
	assert_sound(f);
	free(now);
	/* The one it replaced is whole, and restoring it brings the later state back. */
	store_close(f->s);
	f->s = NULL;
	must(f, store_restore(f->path, in_dir(f, "study.db.before-restore"), &f->d));
	assert_int_equal(access(in_dir(f, "study.db.before-restore.2"), F_OK), 0);
	open_store(f);
	now = picture(f, f->s);
	assert_string_equal(now, later);
	free(now);
	free(before);
	free(later);
}

/* Where there is no store, or one that cannot be read, with a -wal beside it. */
static void test_restore_over_ruin(void **state)
{
	struct fixture *f = *state;
	struct str kept = {0};
	char *path = in_dir(f, "copy.db"), *fresh = in_dir(f, "fresh.db");
	char *before = picture(f, f->s);
	must(f, store_backup(f->s, path, false, &f->d));
	store_close(f->s);
	f->s = NULL;
	must(f, store_restore(fresh, path, &f->d));
	char ruin[4096];
	memset(ruin, 'r', sizeof(ruin));
	must(f, file_write(f->path, ruin, sizeof(ruin), &f->d));
	must(f, file_write(in_dir(f, "study.db-wal"), ruin, sizeof(ruin), &f->d));
	must(f, store_restore(f->path, path, &f->d));
	open_store(f);
	char *now = picture(f, f->s);
	assert_string_equal(now, before);
	assert_sound(f);
	must(f, file_read(in_dir(f, "study.db.before-restore"), 10000, &kept, &f->d));
	assert_int_equal(kept.len, sizeof(ruin));
	assert_memory_equal(kept.p, ruin, sizeof(ruin));
	must(f, file_read(in_dir(f, "study.db.before-restore-wal"), 10000, &kept, &f->d));
	assert_int_equal(kept.len, sizeof(ruin));
	str_clear(&kept);
	free(now);
	free(before);
}

/* Nothing that is not a sound store is put in place. */
static void test_bad_backup(void **state)
{
	struct fixture *f = *state;
	struct str bytes = {0};
	char *path = in_dir(f, "copy.db");
	char *before = picture(f, f->s);
	must_fail(f, store_restore(f->path, path, &f->d), "store-missing");
	must(f, store_backup(f->s, path, false, &f->d));
	store_close(f->s);
	f->s = NULL;
	must(f, file_read(path, 1 << 26, &bytes, &f->d));
	size_t n = files_in(f);
	/* Cut off, overwritten in the middle, another program's. */
	must(f, file_write(path, bytes.p, bytes.len / 2, &f->d));
	must_fail(f, store_restore(f->path, path, &f->d), "store-corrupt");
	for (size_t i = 8192; i < bytes.len; i += 512)
		memset(bytes.p + i, 0x5a, 64);
	must(f, file_write(path, bytes.p, bytes.len, &f->d));
	must_fail(f, store_restore(f->path, path, &f->d), "store-corrupt");
	must(f, file_write(path, "hello", 5, &f->d));
	must_fail(f, store_restore(f->path, path, &f->d), "store-foreign");
	assert_true(files_in(f) <= n + 1); /* the lock file */
	open_store(f);
	char *now = picture(f, f->s);
	assert_string_equal(now, before);
	assert_sound(f);
	str_clear(&bytes);
	free(now);
	free(before);
}

/* A copy from before an update is put back, and brought up to date when it is opened. */
static void test_backup_of_an_earlier_version(void **state)
{
	struct fixture *f = *state;
	struct db *old;
	int version = 0;
	char *path = in_dir(f, "old.db");
	must(f, db_open(&old, path, DB_WRITE, &f->d));
	must(f, db_script(old, schema_migrations[0], &f->d));
	must(f, db_script(old, "INSERT INTO meta VALUES ('kept', 'yes')", &f->d));
	db_close(old);
	store_close(f->s);
	f->s = NULL;
	must(f, store_restore(f->path, path, &f->d));
	open_store(f);
	must(f, store_identify(f->s->db, &version, &f->d));
	assert_int_equal(version, store_schema_version());
	char *value;
	must(f, store_meta_get(f->s, "kept", &f->a, &value, &f->d));
	assert_string_equal(value, "yes");
	must(f, store_check(f->s, &f->d));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_check, set_up_cards, tear_down),
		cmocka_unit_test_setup_teardown(test_backup, set_up_cards, tear_down),
		cmocka_unit_test_setup_teardown(test_restore, set_up_cards, tear_down),
		cmocka_unit_test_setup_teardown(test_restore_over_ruin, set_up_cards, tear_down),
		cmocka_unit_test_setup_teardown(test_bad_backup, set_up_cards, tear_down),
		cmocka_unit_test_setup_teardown(test_backup_of_an_earlier_version, set_up_cards,
						tear_down),
	};
	return cmocka_run_group_tests_name("store/care", tests, NULL, NULL);
}
