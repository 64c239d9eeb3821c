/* db.c -- see db.h. Three things are decided here and nowhere else. Errors stick: binding and
 * stepping never need a check, the first error is kept in the statement and told by stmt_done, so a
 * caller's loop reads as a loop. Statements are prepared once, at first use, so that opening a
 * store costs nothing for the fifty that a run does not need. And SQLite's error numbers become
 * sentences that say what happened, what is safe and what to do, since whoever reads them has never
 * heard of SQLite. Extended codes and the system's errno decide between them: a file size limit,
 * for one, is reported by SQLite as an input/output error but is a full disk to a learner. */
#include "store/db.h"
#include "base/str.h"

#include <assert.h>
#include <errno.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

struct stmt {
	sqlite3_stmt *s;
	struct db *db;
	int rc;    /* first error, or SQLITE_OK */
	bool busy; /* handed out, not done */
};

struct db {
	sqlite3 *handle;
	const struct db_role *role;
	char *path;
	int fail_in; /* steps until one is made to fail; 0 = never */
	struct stmt *stmts;
};

/* -- errors ---------------------------------------------------------------- */

static const struct db_fault faults[] = {
	{SQLITE_FULL, "store-full",
	 "the disk is full; nothing of the last answer was kept, everything before it is safe in "
	 "%s"},
	{SQLITE_READONLY, "store-read-only",
	 "%s cannot be written: the file, its folder or the disk is read-only"},
	{SQLITE_CORRUPT, "store-corrupt",
	 "%s is damaged; `gatedrill doctor --restore FILE` puts a backup in its place and keeps "
	 "this one"},
	{SQLITE_NOTADB, "store-corrupt",
	 "%s is damaged; `gatedrill doctor --restore FILE` puts a backup in its place and keeps "
	 "this one"},
	{SQLITE_BUSY, "store-busy",
	 "another program was writing to %s and did not finish; nothing was changed, try again"},
	{SQLITE_LOCKED, "store-busy",
	 "another program was writing to %s and did not finish; nothing was changed, try again"},
	{SQLITE_CANTOPEN, "store-open",
	 "%s cannot be opened; is the folder there, and may you use it?"},
	{SQLITE_PERM, "store-open", "%s cannot be opened: permission was refused"},
	{SQLITE_AUTH, "store-open", "%s cannot be opened: permission was refused"},
	{SQLITE_IOERR, "store-io",
	 "the disk failed while %s was in use; what was being written was not kept, "
	 "everything before it is safe"},
};

/* The system's last error on the store's file (which = FILE_POINTER) or on its -wal
 * (JOURNAL_POINTER). */
static int file_errno(sqlite3 *handle, int which)
{
	sqlite3_file *file = NULL;
	int e = 0;
	if (sqlite3_file_control(handle, "main", which, &file) != SQLITE_OK || !file ||
	    !file->pMethods)
		return 0;
	return file->pMethods->xFileControl(file, SQLITE_FCNTL_LAST_ERRNO, &e) == SQLITE_OK ? e : 0;
}

/* Out of space by quota or by a limit on file size: SQLite itself knows only ENOSPC. */
static bool is_full(sqlite3 *handle, int rc)
{
	if ((rc & 0xff) != SQLITE_IOERR || !handle)
		return false;
	const int found[] = {sqlite3_system_errno(handle),
			     file_errno(handle, SQLITE_FCNTL_FILE_POINTER),
			     file_errno(handle, SQLITE_FCNTL_JOURNAL_POINTER)};
	for (size_t i = 0; i < ARRAY_LEN(found); i++)
		if (found[i] == ENOSPC || found[i] == EFBIG || found[i] == EDQUOT)
			return true;
	return false;
}

/* One sentence for an SQLite error; returns false. */
static bool db_error(struct db *db, int rc, struct diags *d)
{
	int primary = is_full(db->handle, rc) ? SQLITE_FULL : rc & 0xff;
	const struct db_role *role = db->role;
	for (size_t i = 0; i < role->fault_count; i++)
		if (role->faults[i].rc == primary)
			return diag_fail(d, role->faults[i].code, role->faults[i].text, db->path);
	return diag_fail(d, role->other.code, role->other.text, db->path,
			 db->handle ? sqlite3_errmsg(db->handle) : sqlite3_errstr(rc));
}

static const struct db_role store_role = {
	.statements = schema_statements,
	.statement_count = STMT_COUNT,
	.faults = faults,
	.fault_count = ARRAY_LEN(faults),
	.other = {0, "store-corrupt",
		  "%s does not hold what a store holds (%s); `gatedrill doctor` looks further"},
};

/* -- the connection -------------------------------------------------------- */

/* A file: URI in which every byte of the path that means something to URIs is escaped. */
static char *frozen_uri(const char *path)
{
	struct str uri = {0};
	str_add(&uri, "file:");
	for (const char *p = path; *p; p++) {
		if (strchr("%?#", *p))
			str_addf(&uri, "%%%02X", (unsigned char)*p);
		else
			str_addc(&uri, *p);
	}
	str_add(&uri, "?immutable=1");
	return str_take(&uri);
}

static int open_handle(sqlite3 **handle, const char *path, enum db_mode mode)
{
	static const int flags[] = {
		[DB_READ] = SQLITE_OPEN_READONLY,
		[DB_WRITE] = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
		[DB_FROZEN] = SQLITE_OPEN_READONLY | SQLITE_OPEN_URI,
	};
	char *uri = mode == DB_FROZEN ? frozen_uri(path) : NULL;
	int rc = sqlite3_open_v2(uri ? uri : path, handle, flags[mode] | SQLITE_OPEN_NOMUTEX, NULL);
	free(uri);
	return rc;
}

bool db_open(struct db **out, const char *path, enum db_mode mode, struct diags *d)
{
	return db_open_as(out, &store_role, path, mode, d);
}

/* What a file that anybody may have made can do is read its tables, and no more. */
static void distrust(sqlite3 *handle, size_t max_value)
{
	static const int off[] = {SQLITE_DBCONFIG_TRUSTED_SCHEMA, SQLITE_DBCONFIG_ENABLE_VIEW,
				  SQLITE_DBCONFIG_ENABLE_TRIGGER,
				  SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION,
				  SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER};
	for (size_t i = 0; i < ARRAY_LEN(off); i++)
		sqlite3_db_config(handle, off[i], 0, NULL);
	sqlite3_limit(handle, SQLITE_LIMIT_ATTACHED, 0);
	sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, (int)max_value);
	sqlite3_limit(handle, SQLITE_LIMIT_SQL_LENGTH, 100000);
	sqlite3_limit(handle, SQLITE_LIMIT_COLUMN, 200);
	sqlite3_limit(handle, SQLITE_LIMIT_EXPR_DEPTH, 50);
	sqlite3_limit(handle, SQLITE_LIMIT_TRIGGER_DEPTH, 1);
	sqlite3_exec(handle, "PRAGMA cell_size_check = ON", NULL, NULL, NULL);
}

bool db_open_as(struct db **out, const struct db_role *role, const char *path, enum db_mode mode,
		struct diags *d)
{
	struct db *db = xcalloc(1, sizeof(*db));
	db->role = role;
	db->stmts = xcalloc(role->statement_count, sizeof(*db->stmts));
	db->path = xstrdup(path);
	*out = NULL;
	int rc = open_handle(&db->handle, path, mode);
	if (rc != SQLITE_OK) {
		db_error(db, rc, d);
		db_close(db);
		return false;
	}
	sqlite3_extended_result_codes(db->handle, 1);
	sqlite3_busy_timeout(db->handle, DB_BUSY_MS);
	sqlite3_db_config(db->handle, SQLITE_DBCONFIG_ENABLE_FKEY, 1, NULL);
	sqlite3_db_config(db->handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	if (role->max_foreign_value && mode != DB_WRITE)
		distrust(db->handle, role->max_foreign_value);
	*out = db;
	return true;
}

void db_close(struct db *db)
{
	if (!db)
		return;
	for (size_t i = 0; i < db->role->statement_count; i++)
		sqlite3_finalize(db->stmts[i].s);
	free(db->stmts);
	int rc = sqlite3_close(db->handle);
	assert(rc == SQLITE_OK);
	(void)rc;
	free(db->path);
	free(db);
}

const char *db_path(const struct db *db)
{
	return db->path;
}

bool db_read_only(struct db *db)
{
	return sqlite3_db_readonly(db->handle, "main") == 1;
}

int64_t db_last_id(struct db *db)
{
	return sqlite3_last_insert_rowid(db->handle);
}

int db_fail_after(struct db *db, int n)
{
	int left = db->fail_in;
	db->fail_in = n;
	return left;
}

static bool must_fail(struct db *db)
{
	return db->fail_in > 0 && --db->fail_in == 0;
}

bool db_script(struct db *db, const char *sql, struct diags *d)
{
	int rc = must_fail(db) ? SQLITE_IOERR : sqlite3_exec(db->handle, sql, NULL, NULL, NULL);
	return rc == SQLITE_OK || db_error(db, rc, d);
}

/* -- statements ------------------------------------------------------------ */

struct stmt *db_stmt(struct db *db, int id)
{
	assert(id >= 0 && (size_t)id < db->role->statement_count);
	struct stmt *q = &db->stmts[id];
	assert(!q->busy);
	q->db = db;
	q->busy = true;
	q->rc = SQLITE_OK;
	if (!q->s)
		q->rc = sqlite3_prepare_v3(db->handle, db->role->statements[id], -1,
					   SQLITE_PREPARE_PERSISTENT, &q->s, NULL);
	return q;
}

static void stick(struct stmt *q, int rc)
{
	if (q->rc == SQLITE_OK && rc != SQLITE_OK)
		q->rc = rc;
}

void stmt_i64(struct stmt *q, int i, int64_t v)
{
	if (q->rc == SQLITE_OK)
		stick(q, sqlite3_bind_int64(q->s, i, v));
}

void stmt_real(struct stmt *q, int i, double v)
{
	if (q->rc == SQLITE_OK)
		stick(q, sqlite3_bind_double(q->s, i, v));
}

void stmt_textn(struct stmt *q, int i, const char *text, size_t n)
{
	if (q->rc == SQLITE_OK)
		stick(q, sqlite3_bind_text64(q->s, i, text, n, SQLITE_STATIC, SQLITE_UTF8));
}

void stmt_text(struct stmt *q, int i, const char *text)
{
	stmt_textn(q, i, text, text ? strlen(text) : 0);
}

bool stmt_row(struct stmt *q)
{
	if (q->rc != SQLITE_OK)
		return false;
	int rc = must_fail(q->db) ? SQLITE_IOERR : sqlite3_step(q->s);
	if (rc == SQLITE_ROW)
		return true;
	if (rc != SQLITE_DONE)
		q->rc = rc;
	return false;
}

bool stmt_done(struct stmt *q, struct diags *d)
{
	bool ok = q->rc == SQLITE_OK || db_error(q->db, q->rc, d);
	if (q->s) {
		sqlite3_reset(q->s);
		sqlite3_clear_bindings(q->s);
	}
	q->busy = false;
	return ok;
}

bool stmt_run(struct stmt *q, struct diags *d)
{
	while (stmt_row(q)) {
	}
	return stmt_done(q, d);
}

int64_t col_i64(struct stmt *q, int i)
{
	return sqlite3_column_int64(q->s, i);
}

double col_real(struct stmt *q, int i)
{
	return sqlite3_column_double(q->s, i);
}

const char *col_text(struct stmt *q, int i)
{
	const char *text = (const char *)sqlite3_column_text(q->s, i);
	return text ? text : "";
}

size_t col_bytes(struct stmt *q, int i)
{
	return (size_t)sqlite3_column_bytes(q->s, i);
}

char *col_copy(struct stmt *q, int i, struct arena *a)
{
	const char *text = col_text(q, i);
	return arena_strndup(a, text, col_bytes(q, i));
}

/* A blob of a text column is its bytes without a copy: what SQLite makes to end a text in NUL. */
bool col_is(struct stmt *q, int i, const char *text)
{
	const void *p = sqlite3_column_blob(q->s, i);
	size_t n = strlen(text);
	return p && col_bytes(q, i) == n && !memcmp(p, text, n);
}

/* -- transactions ---------------------------------------------------------- */

bool db_begin(struct db *db, struct diags *d)
{
	return stmt_run(db_stmt(db, STMT_BEGIN), d);
}

bool db_begin_read(struct db *db, struct diags *d)
{
	return stmt_run(db_stmt(db, STMT_BEGIN_READ), d);
}

bool db_commit(struct db *db, struct diags *d)
{
	if (stmt_run(db_stmt(db, STMT_COMMIT), d))
		return true;
	db_rollback(db);
	return false;
}

/* Some errors have made SQLite roll back already. */
void db_rollback(struct db *db)
{
	if (!sqlite3_get_autocommit(db->handle))
		stmt_run(db_stmt(db, STMT_ROLLBACK), NULL);
}

bool db_mark(struct db *db, struct diags *d)
{
	return stmt_run(db_stmt(db, STMT_MARK), d);
}

bool db_release(struct db *db, struct diags *d)
{
	return stmt_run(db_stmt(db, STMT_RELEASE), d);
}

void db_back_to_mark(struct db *db)
{
	if (sqlite3_get_autocommit(db->handle))
		return;
	stmt_run(db_stmt(db, STMT_BACK_TO_MARK), NULL);
	stmt_run(db_stmt(db, STMT_RELEASE), NULL);
}

/* -- whole copies ---------------------------------------------------------- */

bool db_copy(struct db *to, struct db *from, struct diags *d)
{
	sqlite3_backup *b = sqlite3_backup_init(to->handle, "main", from->handle, "main");
	if (!b)
		return db_error(to, sqlite3_errcode(to->handle), d);
	int rc = sqlite3_backup_step(b, -1);
	int end = sqlite3_backup_finish(b);
	if (rc == SQLITE_DONE && end == SQLITE_OK)
		return true;
	/* The copy's own disk, or the original's damage: whichever handle holds the error. */
	bool ours = sqlite3_errcode(to->handle) != SQLITE_OK;
	return db_error(ours ? to : from, end != SQLITE_OK ? end : rc, d);
}

const char *db_library(void)
{
	return sqlite3_libversion();
}
