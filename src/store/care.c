/* care.c -- see store.h: is the store whole, a copy of it, and a copy put back. A backup is written
 * aside, checked and renamed, as one file that needs no -wal beside it. A restore checks the backup
 * before it touches anything, and what it replaces is kept under another name, -wal included: a log
 * of changes left beside a file it does not belong to would be played into it. */
#include "base/file.h"
#include "store/inside.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* -- check ----------------------------------------------------------------- */

/* Every row of a check but "ok" is a fault. */
static bool report_rows(struct db *db, enum stmt_id id, struct diags *d)
{
	bool whole = true;
	struct stmt *q = db_stmt(db, id);
	while (stmt_row(q)) {
		const char *text = col_text(q, 0);
		if (strcmp(text, "ok") != 0)
			whole = diag_fail(d, "store-corrupt", "%s: %s", db_path(db), text);
	}
	return stmt_done(q, d) && whole;
}

/* Tables, indexes and triggers as text, to compare. */
static bool describe(struct db *db, struct str *out, struct diags *d)
{
	struct stmt *q = db_stmt(db, STMT_OBJECTS);
	while (stmt_row(q))
		for (int i = 0; i < 3; i++)
			str_addf(out, "%s\n", col_text(q, i));
	return stmt_done(q, d);
}

static bool check_schema(struct db *db, struct diags *d)
{
	struct db *model = NULL;
	struct str is = {0}, should = {0};
	bool ok = db_open(&model, ":memory:", DB_WRITE, d) && store_migrate(model, d) &&
		  describe(model, &should, d) && describe(db, &is, d);
	if (ok && strcmp(str_c(&is), str_c(&should)) != 0)
		ok = diag_fail(d, "store-corrupt",
			       "%s: its tables are not those of a store of version %d", db_path(db),
			       store_schema_version());
	db_close(model);
	str_clear(&is);
	str_clear(&should);
	return ok;
}

static bool check_foreign_keys(struct db *db, struct diags *d)
{
	bool whole = true;
	struct stmt *q = db_stmt(db, STMT_FOREIGN_KEYS);
	while (stmt_row(q))
		whole = diag_fail(d, "store-corrupt", "%s: row %lld of %s refers to nothing",
				  db_path(db), (long long)col_i64(q, 1), col_text(q, 0));
	return stmt_done(q, d) && whole;
}

bool store_check(struct store *s, struct diags *d)
{
	bool ok = report_rows(s->db, STMT_INTEGRITY, d);
	ok = check_schema(s->db, d) && ok;
	ok = check_foreign_keys(s->db, d) && ok;
	/* Asking the search index needs a writer. */
	if (s->mode == STORE_WRITE && !stmt_run(db_stmt(s->db, STMT_INDEX_CHECK), NULL))
		ok = diag_fail(d, "store-corrupt", "%s: the search index does not match the cards",
			       store_path(s));
	return ok;
}

/* -- backup ---------------------------------------------------------------- */

static bool sync_path(const char *path, struct diags *d)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	bool ok = fd >= 0 && fsync(fd) == 0;
	int e = errno;
	if (fd >= 0)
		close(fd);
	return ok ||
	       diag_fail(d, "store-io", "%s could not be written to disk: %s", path, strerror(e));
}

static bool sync_folder_of(const char *path, struct diags *d)
{
	struct arena a = {0};
	bool ok = sync_path(path_dir(&a, path), d);
	arena_clear(&a);
	return ok;
}

static bool write_copy(struct db *from, const char *tmp, struct diags *d)
{
	struct db *copy = NULL;
	unlink(tmp);
	bool ok = db_open(&copy, tmp, DB_WRITE, d) && db_copy(copy, from, d) &&
		  stmt_run(db_stmt(copy, STMT_NOT_WAL), d) &&
		  report_rows(copy, STMT_QUICK_CHECK, d);
	db_close(copy);
	return ok && sync_path(tmp, d);
}

/* A whole copy of from in the new file tmp, which is to become path: one file, checked, on disk. */
static bool copy_to(struct db *from, const char *tmp, const char *path, struct diags *d)
{
	struct diags found = {0};
	bool ok = write_copy(from, tmp, &found);
	if (!ok && str_eq(found.items[0].code, "store-full"))
		diag_fail(d, "store-full", "the disk is full: %s could not be written", path);
	else if (!ok)
		diags_append(d, &found);
	diags_clear(&found);
	return ok;
}

/* Put tmp at path. */
static bool move_in(const char *tmp, const char *path, bool overwrite, struct diags *d)
{
	int rc = overwrite ? rename(tmp, path) : link(tmp, path);
	int e = errno;
	if (rc == 0 && !overwrite)
		unlink(tmp);
	if (rc == 0)
		return sync_folder_of(path, d);
	if (e == EEXIST)
		return diag_fail(d, "store-exists", "%s exists; nothing was overwritten", path);
	return diag_fail(d, "store-io", "%s could not be written: %s", path, strerror(e));
}

static bool same_file(const char *a, const char *b)
{
	struct stat x, y;
	return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

bool store_backup(struct store *s, const char *path, bool overwrite, struct diags *d)
{
	if (same_file(path, store_path(s)))
		return diag_fail(d, "store-exists",
				 "%s is the store itself; a backup needs another name", path);
	if (!overwrite && access(path, F_OK) == 0)
		return diag_fail(d, "store-exists", "%s exists; nothing was overwritten", path);
	char *tmp = xasprintf("%s.%ld.tmp", path, (long)getpid());
	bool ok = copy_to(s->db, tmp, path, d) && move_in(tmp, path, overwrite, d);
	if (!ok)
		unlink(tmp);
	free(tmp);
	return ok;
}

/* -- restore --------------------------------------------------------------- */

static bool check_backup(struct store *backup, struct diags *d)
{
	return report_rows(backup->db, STMT_INTEGRITY, d) && check_foreign_keys(backup->db, d);
}

/* The first free of "path.before-restore", "path.before-restore.2", ... */
static char *keep_name(const char *path)
{
	char *name = xasprintf("%s.before-restore", path);
	for (int i = 2; access(name, F_OK) == 0; i++) {
		free(name);
		name = xasprintf("%s.before-restore.%d", path, i);
	}
	return name;
}

/* Changes not yet in the old file belong to it under its new name. The -shm beside them is only an
 * index of theirs that SQLite makes again. */
static bool keep_changes(const char *path, const char *keep, struct diags *d)
{
	char *from = xasprintf("%s-wal", path), *to = xasprintf("%s-wal", keep),
	     *shm = xasprintf("%s-shm", path);
	bool ok =
		rename(from, to) == 0 || errno == ENOENT ||
		diag_fail(d, "store-io", "%s could not be moved aside: %s", from, strerror(errno));
	if (ok)
		unlink(shm);
	free(from);
	free(to);
	free(shm);
	return ok;
}

/* Keep the old store under another name. Until the new file is renamed over it, it also stays in
 * its place. */
static bool keep_old(const char *path, struct diags *d)
{
	if (access(path, F_OK) != 0)
		return true;
	char *keep = keep_name(path);
	bool ok = link(path, keep) == 0 || rename(path, keep) == 0 ||
		  diag_fail(d, "store-io", "%s could not be kept as %s: %s", path, keep,
			    strerror(errno));
	ok = ok && keep_changes(path, keep, d);
	free(keep);
	return ok;
}

static bool restore(const char *path, struct store *backup, struct diags *d)
{
	char *tmp = xasprintf("%s.%ld.tmp", path, (long)getpid());
	bool ok = check_backup(backup, d) && copy_to(backup->db, tmp, path, d) &&
		  keep_old(path, d) && move_in(tmp, path, true, d);
	if (!ok)
		unlink(tmp);
	free(tmp);
	return ok;
}

bool store_restore(const char *path, const char *backup, struct diags *d)
{
	struct store *from;
	int lock;
	if (!store_open_backup(&from, backup, d))
		return false;
	bool ok = store_lock_path(path, &lock, d);
	if (ok)
		ok = restore(path, from, d);
	if (lock >= 0)
		close(lock);
	store_close(from);
	return ok;
}

const char *store_library(void)
{
	return db_library();
}
