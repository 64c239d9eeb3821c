/* t_open.c -- opening: a fresh store, one of another version, another program, damaged, locked. */
#include "support.h"

#include "store/inside.h"

#include <fcntl.h>
#include <sys/wait.h>

static void write_bytes(const char *path, const void *bytes, size_t n)
{
	struct diags d = {0};
	assert_true(file_write(path, bytes, n, &d));
	diags_clear(&d);
}

static void test_fresh(void **state)
{
	struct fixture *f = *state;
	int version = 0;
	must_fail(f, store_open(&f->s, f->path, STORE_READ, &f->d), "store-missing");
	assert_int_not_equal(access(f->path, F_OK), 0);
	must(f, store_open(&f->s, f->path, STORE_WRITE, &f->d));
	assert_string_equal(store_path(f->s), f->path);
	must(f, store_identify(f->s->db, &version, &f->d));
	assert_int_equal(version, store_schema_version());
	assert_true(version >= 1);
	must(f, store_check(f->s, &f->d));
	reopen(f);
	must(f, store_check(f->s, &f->d));
	store_close(f->s);
	must(f, store_open(&f->s, f->path, STORE_READ, &f->d));
	must(f, store_check(f->s, &f->d));
}

/* Migrating is the same however often it is interrupted: at each step that fails the file stays
 * what it was. */
static void test_migration_fails(void **state)
{
	struct fixture *f = *state;
	struct db *db;
	int version;
	for (int n = 1; n < 20; n++) {
		must(f, db_open(&db, f->path, DB_WRITE, &f->d));
		db_fail_after(db, n);
		bool ok = store_migrate(db, &f->d);
		if (db_fail_after(db, 0) > 0) {
			must(f, ok);
			db_close(db);
			return;
		}
		must_fail(f, ok, "store-io");
		must(f, store_identify(db, &version, &f->d));
		assert_int_equal(version, 0);
		db_close(db);
	}
	fail();
}

static void test_empty_file(void **state)
{
	struct fixture *f = *state;
	write_bytes(f->path, "", 0);
	must_fail(f, store_open(&f->s, f->path, STORE_READ, &f->d), "store-missing");
	must(f, store_open(&f->s, f->path, STORE_WRITE, &f->d));
	must(f, store_check(f->s, &f->d));
}

static void test_foreign_text(void **state)
{
	struct fixture *f = *state;
	struct str now = {0};
	char text[5000];
	memset(text, 'x', sizeof(text));
	for (size_t n = 1; n <= sizeof(text); n += 4999) {
		write_bytes(f->path, text, n);
		must_fail(f, store_open(&f->s, f->path, STORE_WRITE, &f->d), "store-foreign");
		must_fail(f, store_open(&f->s, f->path, STORE_READ, &f->d), "store-foreign");
		must(f, file_read(f->path, 10000, &now, &f->d));
		assert_int_equal(now.len, n);
		assert_memory_equal(now.p, text, n);
	}
	str_clear(&now);
}

static void test_foreign_database(void **state)
{
	struct fixture *f = *state;
	static const char *const theirs[] = {
		"CREATE TABLE theirs (x)", "PRAGMA application_id = 77", "PRAGMA user_version = 9"};
	for (size_t i = 0; i < ARRAY_LEN(theirs); i++) {
		struct db *db;
		struct str before = {0}, after = {0};
		unlink(f->path);
		must(f, db_open(&db, f->path, DB_WRITE, &f->d));
		must(f, db_script(db, theirs[i], &f->d));
		db_close(db);
		must(f, file_read(f->path, 1 << 20, &before, &f->d));
		must_fail(f, store_open(&f->s, f->path, STORE_WRITE, &f->d), "store-foreign");
		must(f, file_read(f->path, 1 << 20, &after, &f->d));
		assert_int_equal(before.len, after.len);
		assert_memory_equal(before.p, after.p, before.len);
		str_clear(&before);
		str_clear(&after);
	}
	must_fail(f, store_open(&f->s, f->dir, STORE_WRITE, &f->d), "store-foreign");
}

static void test_newer(void **state)
{
	struct fixture *f = *state;
	struct db *db;
	open_store(f);
	store_close(f->s);
	f->s = NULL;
	must(f, db_open(&db, f->path, DB_WRITE, &f->d));
	must(f, db_script(db, "PRAGMA user_version = 4711", &f->d));
	db_close(db);
	must_fail(f, store_open(&f->s, f->path, STORE_WRITE, &f->d), "store-newer");
	must_fail(f, store_open(&f->s, f->path, STORE_READ, &f->d), "store-newer");
}

static void test_corrupt(void **state)
{
	struct fixture *f = *state;
	struct str bytes = {0};
	open_store(f);
	load(f, "/a.yaml", DECK("a") CARD("one", "Q", "A"));
	store_close(f->s);
	f->s = NULL;
	must(f, file_read(f->path, 1 << 26, &bytes, &f->d));
	struct rng r = {5};
	for (size_t i = 100; i < bytes.len; i += 1 + rng_below(&r, 40))
		bytes.p[i] = (char)rng_next(&r);
	write_bytes(f->path, bytes.p, bytes.len);
	struct store *s;
	bool ok = store_open(&s, f->path, STORE_WRITE, &f->d) && store_check(s, &f->d);
	assert_false(ok);
	assert_non_null(strstr(diags_first(&f->d), f->path));
	must_fail(f, ok, "store-corrupt");
	store_close(s);
	/* The sentence names the way out. */
	memset(bytes.p + 16, 0xff, 80);
	write_bytes(f->path, bytes.p, bytes.len);
	assert_false(store_open(&s, f->path, STORE_WRITE, &f->d));
	assert_non_null(strstr(diags_first(&f->d), "doctor --restore"));
	must_fail(f, false, "store-corrupt");
	str_clear(&bytes);
}

static void test_no_folder(void **state)
{
	struct fixture *f = *state;
	char *path = arena_printf(&f->a, "%s/none/study.db", f->dir);
	must_fail(f, store_open(&f->s, path, STORE_WRITE, &f->d), "store-read-only");
}

/* What a store in a read-only folder is read with; the name means something to URIs. */
static void test_frozen(void **state)
{
	struct fixture *f = *state;
	struct db *db;
	int version;
	char *path = arena_printf(&f->a, "%s/a%%41?b#c.db", f->dir);
	must(f, db_open(&db, path, DB_WRITE, &f->d));
	must(f, db_script(db, schema_fresh, &f->d) && store_migrate(db, &f->d));
	db_close(db);
	must(f, db_open(&db, path, DB_FROZEN, &f->d));
	must(f, store_identify(db, &version, &f->d));
	assert_int_equal(version, store_schema_version());
	must_fail(f, db_script(db, "DELETE FROM meta", &f->d), "store-read-only");
	assert_true(db_read_only(db));
	db_close(db);
}

/* In a child: does what it returns, as an exit code. */
static int in_child(struct fixture *f, int (*what)(struct fixture *f))
{
	int status;
	pid_t pid = fork();
	if (pid == 0)
		_exit(what(f));
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 255;
}

/* As a user whom file modes bind. Counts what did not go as it should. */
static int child_reads(struct fixture *f)
{
	struct store *s;
	struct diags d = {0};
	int wrong = 0;
	if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0))
		return 77;
	wrong += store_open(&s, f->path, STORE_WRITE, &d) ||
		 strcmp(d.items[0].code, "store-read-only") != 0;
	int64_t id = 0;
	wrong +=
		!store_open(&s, f->path, STORE_READ, &d) || !store_find(s, "a/one", &id, &d) || !id;
	store_close(s);
	if (wrong)
		diags_print(&d, stderr);
	diags_clear(&d);
	return wrong;
}

static void test_read_only(void **state)
{
	struct fixture *f = *state;
	open_store(f);
	load(f, "/a.yaml", DECK("a") CARD("one", "Q", "A"));
	store_close(f->s);
	f->s = NULL;
	if (geteuid() == 0)
		assert_true(chown(f->dir, 65534, 65534) == 0 && chown(f->path, 65534, 65534) == 0);
	chmod(f->path, 0400);
	assert_int_equal(in_child(f, child_reads), 0); /* the file */
	chmod(f->dir, 0500);
	assert_int_equal(in_child(f, child_reads), 0); /* both */
	chmod(f->dir, 0700);
	unlink(arena_printf(&f->a, "%s-wal", f->path)); /* readers leave these behind */
	unlink(arena_printf(&f->a, "%s-shm", f->path));
	chmod(f->path, 0600);
	chmod(f->dir, 0500);
	assert_int_equal(in_child(f, child_reads), 0); /* the folder */
	chmod(f->dir, 0700);
}

static int child_locks(struct fixture *f)
{
	struct store *s;
	struct diags d = {0};
	if (!store_open(&s, f->path, STORE_WRITE, &d))
		return 1;
	if (store_lock(s, &d))
		return 0;
	char *pid = xasprintf("process %ld", (long)getppid());
	bool told = !strcmp(d.items[0].code, "store-in-use") && strstr(d.items[0].text, pid);
	return told ? 2 : 3;
}

static void test_lock(void **state)
{
	struct fixture *f = *state;
	open_store(f);
	must(f, store_lock(f->s, &f->d));
	must(f, store_lock(f->s, &f->d));
	assert_int_equal(in_child(f, child_locks), 2);
	must_fail(f, store_restore(f->path, f->path, &f->d), "store-in-use");
	store_close(f->s);
	f->s = NULL;
	assert_int_equal(in_child(f, child_locks), 0);
	open_store(f);
	must(f, store_lock(f->s, &f->d));
}

/* Several programs start at once where there is no store. */
static void test_race(void **state)
{
	struct fixture *f = *state;
	int go[2];
	pid_t pids[4];
	assert_int_equal(pipe(go), 0);
	for (size_t i = 0; i < ARRAY_LEN(pids); i++) {
		pids[i] = fork();
		if (pids[i] == 0) {
			struct store *s;
			struct diags d = {0};
			char c;
			close(go[1]);
			if (read(go[0], &c, 1) != 0)
				_exit(9);
			bool ok = store_open(&s, f->path, STORE_WRITE, &d) &&
				  store_meta_set(s, "made", "yes", &d);
			diags_print(&d, stderr);
			_exit(!ok);
		}
	}
	close(go[0]);
	close(go[1]);
	for (size_t i = 0; i < ARRAY_LEN(pids); i++) {
		int status;
		waitpid(pids[i], &status, 0);
		assert_int_equal(status, 0);
	}
	open_store(f);
	must(f, store_check(f->s, &f->d));
}

/* Every statement is SQL that this schema understands. */
static void test_statements(void **state)
{
	struct fixture *f = *state;
	open_store(f);
	for (int i = 0; i < STMT_COUNT; i++)
		must(f, stmt_done(db_stmt(f->s->db, (enum stmt_id)i), &f->d));
}

static void test_meta(void **state)
{
	struct fixture *f = *state;
	char *value;
	open_store(f);
	must(f, store_meta_get(f->s, "last-backup", &f->a, &value, &f->d));
	assert_null(value);
	must(f, store_meta_set(f->s, "last-backup", "2026-11-20", &f->d));
	must(f, store_meta_set(f->s, "last-backup", "2026-11-21", &f->d));
	reopen(f);
	must(f, store_meta_get(f->s, "last-backup", &f->a, &value, &f->d));
	assert_string_equal(value, "2026-11-21");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_fresh, set_up_empty, tear_down),
		cmocka_unit_test_setup_teardown(test_migration_fails, set_up_empty, tear_down),
		cmocka_unit_test_setup_teardown(test_empty_file, set_up_empty, tear_down),
		cmocka_unit_test_setup_teardown(test_foreign_text, set_up_empty, tear_down),
		cmocka_unit_test_setup_teardown(test_foreign_database, set_up_empty, tear_down),
		cmocka_unit_test_setup_teardown(test_newer, set_up_empty, tear_down),
		cmocka_unit_test_setup_teardown(test_corrupt, set_up_empty, tear_down),
		cmocka_unit_test_setup_teardown(test_no_folder, set_up_empty, tear_down),
		cmocka_unit_test_setup_teardown(test_read_only, set_up_empty, tear_down),
		cmocka_unit_test_setup_teardown(test_frozen, set_up_empty, tear_down),
		cmocka_unit_test_setup_teardown(test_lock, set_up_empty, tear_down),
		cmocka_unit_test_setup_teardown(test_race, set_up_empty, tear_down),
		cmocka_unit_test_setup_teardown(test_statements, set_up_empty, tear_down),
		cmocka_unit_test_setup_teardown(test_meta, set_up_empty, tear_down),
	};
	return cmocka_run_group_tests_name("store/open", tests, NULL, NULL);
}
