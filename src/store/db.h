/* db.h -- a thin coat over SQLite: one connection, statements by number, errors that stick to a
 * statement and surface once, and every SQLite error as one clear sentence. */
#ifndef STORE_DB_H
#define STORE_DB_H

#include "base/diag.h"
#include "store/schema.h"

#include <stdint.h>

struct db;
struct stmt;

enum db_mode {
	DB_READ,   /* the file must exist; SQLite refuses writes */
	DB_WRITE,  /* made when it is not there */
	DB_FROZEN, /* as DB_READ, for a file nobody can be writing: no lock, no -wal, no -shm */
};
#define DB_BUSY_MS 5000 /* how long to wait for another writer */

/* What is said of an SQLite error: rc is its primary code; text has one %s, the path. */
struct db_fault {
	int rc;
	const char *code, *text;
};
/* Whose file it is: its statements, and what is said when something goes wrong. Anything that is no
 * fault of the list is `other`, whose text has a second %s, SQLite's own message. */
struct db_role {
	const char *const *statements;
	size_t statement_count;
	const struct db_fault *faults;
	size_t fault_count;
	struct db_fault other;
	/* Bytes of one value of a stranger's file that is read; 0: our own file. Such a file's
	 * schema is not trusted: no views, no triggers, no functions in it, nothing is attached. */
	size_t max_foreign_value;
};

/* Open the file and set what holds for every connection. Reads nothing yet: a wrong file shows at
 * the first statement. On false *out is NULL. */
bool db_open(struct db **out, const char *path, enum db_mode mode, struct diags *d);
/* The same for a file that is not the store's; role is borrowed for as long. db_begin and what
 * stands with it below are the store's alone. */
bool db_open_as(struct db **out, const struct db_role *role, const char *path, enum db_mode mode,
		struct diags *d);
void db_close(struct db *db); /* accepts NULL */
const char *db_path(const struct db *db);
bool db_read_only(struct db *db); /* the file turned out to be write-protected */

/* Run a fixed text of one or more statements that give no rows. */
bool db_script(struct db *db, const char *sql, struct diags *d);

/* The statement, prepared at its first use, ready to be bound: all parameters NULL. It must be
 * done before it is asked for again. Usual form:
 *
 *	struct stmt *q = db_stmt(db, STMT_CARDS_DUE);
 *	stmt_i64(q, 1, now_ms);
 *	while (stmt_row(q))
 *		queue_add(out, col_i64(q, 0));
 *	return stmt_done(q, d); */
struct stmt *db_stmt(struct db *db, int id); /* enum stmt_id, or of the role's statements */
/* Bind parameter i (from 1). Text and blobs are borrowed until stmt_done; text NULL binds NULL. */
void stmt_i64(struct stmt *q, int i, int64_t v);
void stmt_real(struct stmt *q, int i, double v);
void stmt_text(struct stmt *q, int i, const char *text);
void stmt_textn(struct stmt *q, int i, const char *text, size_t n);
/* Next row; false at the end and after any error. */
bool stmt_row(struct stmt *q);
/* Ready for its next use; false with a diagnostic if a bind or a step failed. */
bool stmt_done(struct stmt *q, struct diags *d);
/* Step to the end and done: for writes. */
bool stmt_run(struct stmt *q, struct diags *d);
/* Columns of the current row, from 0. Texts are borrowed until the next step, never NULL. */
int64_t col_i64(struct stmt *q, int i);
double col_real(struct stmt *q, int i);
const char *col_text(struct stmt *q, int i);
size_t col_bytes(struct stmt *q, int i);                /* after col_text: its length */
char *col_copy(struct stmt *q, int i, struct arena *a); /* *copied* into the arena */
bool col_is(struct stmt *q, int i, const char *text);   /* equal; cheaper than col_text */

int64_t db_last_id(struct db *db);

/* One write transaction. db_commit rolls back when it fails. */
bool db_begin(struct db *db, struct diags *d);
bool db_commit(struct db *db, struct diags *d);
void db_rollback(struct db *db);
/* What is read from now until db_rollback is one moment's view. */
bool db_begin_read(struct db *db, struct diags *d);
/* A step inside a transaction that can be taken back alone. */
bool db_mark(struct db *db, struct diags *d);
bool db_release(struct db *db, struct diags *d);
void db_back_to_mark(struct db *db);

/* Copy the whole content of from over to. */
bool db_copy(struct db *to, struct db *from, struct diags *d);

/* For tests of failure: the n-th step from now (1 = the next) fails as on a broken disk. 0 = never.
 * Returns how many steps were left of the former setting. */
int db_fail_after(struct db *db, int n);

const char *db_library(void); /* version of SQLite */

#endif
