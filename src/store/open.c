/* open.c -- see store.h. Opening is on the way to the first card, so an up-to-date store costs two
 * header reads: which program's file it is and of which version. Only an empty file is made into a
 * store; a file that is anything else is left untouched, whatever it is. A store in a folder that
 * nobody can write to is still readable: SQLite cannot make its shared-memory file there, but then
 * nobody else can be writing, and the file may be read as it lies. */
#include "base/file.h"
#include "store/inside.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Where there are locks owned by the open file, two stores in one process exclude each other too.
 */
#ifdef F_OFD_SETLK
#define LOCK_TRY F_OFD_SETLK
#define LOCK_WAIT F_OFD_SETLKW
#else
#define LOCK_TRY F_SETLK
#define LOCK_WAIT F_SETLKW
#endif

enum { LOCK_SESSION, LOCK_MAKING }; /* bytes of the lock file */

int store_schema_version(void)
{
	return (int)schema_migration_count;
}

/* -- whose file, which version --------------------------------------------- */

static bool read_number(struct db *db, enum stmt_id id, int64_t *out, struct diags *d)
{
	struct stmt *q = db_stmt(db, id);
	if (stmt_row(q))
		*out = col_i64(q, 0);
	return stmt_done(q, d);
}

static bool foreign(const char *path, struct diags *d)
{
	return diag_fail(
		d, "store-foreign",
		"%s is not a gatedrill store and was left as it is; --db names another file", path);
}

/* Another program may be making the store between two of these reads, and commits all of it at
 * once. So the version is read before the name, and what looks foreign is looked at once more: a
 * name that is ours by now says that there was nothing before. */
bool store_identify(struct db *db, int *version, struct diags *d)
{
	int64_t id = 0, v = 0, objects = 0;
	if (!read_number(db, STMT_USER_VERSION, &v, d) ||
	    !read_number(db, STMT_APPLICATION_ID, &id, d))
		return false;
	if (id != STORE_APPLICATION_ID) {
		if (!read_number(db, STMT_OBJECT_COUNT, &objects, d))
			return false;
		bool used = id || v || objects;
		if (used && !read_number(db, STMT_APPLICATION_ID, &id, d))
			return false;
		if (used && id != STORE_APPLICATION_ID)
			return foreign(db_path(db), d);
	}
	*version = (int)v;
	if (v <= store_schema_version())
		return true;
	return diag_fail(d, "store-newer",
			 "%s was made by a later gatedrill (store version %d, this one knows %d); "
			 "nothing was changed, "
			 "please update gatedrill",
			 db_path(db), (int)v, store_schema_version());
}

bool store_migrate(struct db *db, struct diags *d)
{
	int version = 0;
	if (!db_begin(db, d))
		return false;
	bool ok = store_identify(db, &version, d);
	for (; ok && version < store_schema_version(); version++)
		ok = db_script(db, schema_migrations[version], d);
	if (ok)
		return db_commit(db, d);
	db_rollback(db);
	return false;
}

/* Two programs may start at once on a store that is not there: one makes it, the other waits. */
static bool make_store(struct db *db, struct diags *d)
{
	int fd = store_lock_file(db_path(db), LOCK_MAKING, true);
	int version = 0;
	bool ok = store_identify(db, &version, d);
	if (ok && !version)
		ok = db_script(db, schema_fresh, d);
	ok = ok && store_migrate(db, d);
	if (fd >= 0)
		close(fd);
	return ok;
}

/* -- opening --------------------------------------------------------------- */

static bool has_sqlite_header(const char *path)
{
	static const char magic[16] = "SQLite format 3";
	char head[sizeof(magic)];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd >= 0 ? read(fd, head, sizeof(head)) : -1;
	if (fd >= 0)
		close(fd);
	return n == sizeof(head) && !memcmp(head, magic, sizeof(head));
}

/* A file of a few bytes looks like no file to SQLite: it must not be written over. */
static bool is_blank(const char *path)
{
	struct file_stat st;
	return !file_stat(path, &st) || st.size == 0 || has_sqlite_header(path);
}

static bool try_open(struct store *s, const char *path, enum db_mode mode, bool older,
		     struct diags *d)
{
	int version = 0;
	if (!db_open(&s->db, path, mode, d))
		return false;
	bool ok = store_identify(s->db, &version, d);
	if (ok && !version && !is_blank(path))
		ok = foreign(path, d);
	if (ok && mode == DB_WRITE && db_read_only(s->db))
		ok = diag_fail(d, "store-read-only", "%s cannot be written: the file is read-only",
			       path);
	else if (ok && mode == DB_WRITE && version < store_schema_version())
		ok = make_store(s->db, d);
	else if (ok && version < store_schema_version() && !(older && version))
		ok = diag_fail(d, "store-missing", "%s is %s", path,
			       version ? "of an earlier version; a review brings it up to date"
				       : "empty");
	ok = ok && db_script(s->db, schema_connection, d);
	if (!ok) {
		db_close(s->db);
		s->db = NULL;
	}
	return ok;
}

static bool folder_writable(const char *path)
{
	struct arena a = {0};
	bool ok = access(path_dir(&a, path), W_OK) == 0;
	arena_clear(&a);
	return ok;
}

/* Nobody can write beside the file and no half-done work lies there: it may be read as it is. */
static bool is_frozen(const char *path)
{
	struct arena a = {0};
	struct file_stat st;
	bool wal = file_stat(arena_printf(&a, "%s-wal", path), &st) && st.size > 0;
	arena_clear(&a);
	return !wal && !folder_writable(path);
}

/* A better word for what went wrong, from what the file looks like. */
static void explain(const char *path, enum store_mode mode, const struct diags *found,
		    struct diags *d)
{
	const char *code = found->count ? found->items[0].code : "";
	struct file_stat st;
	bool exists = file_stat(path, &st);
	if (str_eq(code, "store-corrupt") && exists && !st.is_dir && !has_sqlite_header(path))
		foreign(path, d);
	else if (str_eq(code, "store-open") && exists && st.is_dir)
		diag_fail(d, "store-foreign", "%s is a folder, not a store; --db names a file",
			  path);
	else if (str_eq(code, "store-open") && mode == STORE_WRITE && !folder_writable(path))
		diag_fail(d, "store-read-only",
			  "%s cannot be written: its folder is read-only or not there", path);
	else
		diags_append(d, found);
}

static bool open_as(struct store **out, const char *path, enum store_mode mode, bool older,
		    struct diags *d)
{
	struct file_stat st;
	struct diags found = {0};
	*out = NULL;
	if (mode == STORE_READ && !file_stat(path, &st))
		return diag_fail(d, "store-missing",
				 "there is no store at %s yet; a review makes it", path);
	struct store *s = xcalloc(1, sizeof(*s));
	s->mode = mode;
	s->lock_fd = -1;
	bool ok = try_open(s, path, mode == STORE_READ ? DB_READ : DB_WRITE, older, &found);
	if (!ok && mode == STORE_READ && is_frozen(path))
		ok = try_open(s, path, DB_FROZEN, older, NULL);
	if (ok) {
		*out = s;
	} else {
		explain(path, mode, &found, d);
		store_close(s);
	}
	diags_clear(&found);
	return ok;
}

bool store_open(struct store **out, const char *path, enum store_mode mode, struct diags *d)
{
	return open_as(out, path, mode, false, d);
}

bool store_open_backup(struct store **out, const char *path, struct diags *d)
{
	return open_as(out, path, STORE_READ, true, d);
}

void store_close(struct store *s)
{
	if (!s)
		return;
	if (s->batch)
		store_rollback(s);
	db_close(s->db);
	if (s->lock_fd >= 0)
		close(s->lock_fd);
	cardmap_clear(&s->map);
	free(s->presets);
	free(s);
}

const char *store_path(const struct store *s)
{
	return db_path(s->db);
}

/* -- one session at a time ------------------------------------------------- */

int store_lock_file(const char *path, int byte, bool wait)
{
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = byte, .l_len = 1};
	char *name = xasprintf("%s.lock", path);
	int fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	int rc;
	free(name);
	if (fd < 0)
		return -1;
	do
		rc = fcntl(fd, wait ? LOCK_WAIT : LOCK_TRY, &lock);
	while (rc < 0 && errno == EINTR);
	if (rc == 0)
		return fd;
	int e = errno;
	close(fd);
	errno = e;
	return -1;
}

/* The number that the holder wrote; 0 when it cannot be told. */
static long lock_holder(const char *path)
{
	char text[32] = "";
	char *name = xasprintf("%s.lock", path);
	int fd = open(name, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd >= 0 ? read(fd, text, sizeof(text) - 1) : -1;
	if (fd >= 0)
		close(fd);
	free(name);
	return n > 0 ? strtol(text, NULL, 10) : 0;
}

static bool in_use(const char *path, struct diags *d)
{
	struct arena a = {0};
	long pid = lock_holder(path);
	const char *who = pid ? arena_printf(&a, " (process %ld)", pid) : "";
	diag_fail(d, "store-in-use", "another gatedrill%s is studying; end it first. Its store: %s",
		  who, path);
	arena_clear(&a);
	return false;
}

static bool write_holder(int fd)
{
	char text[32];
	int n = snprintf(text, sizeof(text), "%ld\n", (long)getpid());
	return ftruncate(fd, 0) == 0 && pwrite(fd, text, (size_t)n, 0) == n;
}

bool store_lock(struct store *s, struct diags *d)
{
	if (s->lock_fd >= 0)
		return true;
	int fd = store_lock_file(store_path(s), LOCK_SESSION, false);
	if (fd < 0 && (errno == EAGAIN || errno == EACCES) && access(store_path(s), W_OK) == 0)
		return in_use(store_path(s), d);
	if (fd < 0)
		return diag_fail(d, "store-open", "%s.lock cannot be used: %s", store_path(s),
				 strerror(errno));
	/* A number that could not be written only makes the message shorter. */
	if (!write_holder(fd))
		errno = 0;
	s->lock_fd = fd;
	return true;
}

bool store_lock_path(const char *path, int *fd, struct diags *d)
{
	*fd = store_lock_file(path, LOCK_SESSION, false);
	if (*fd < 0 && (errno == EAGAIN || errno == EACCES))
		return in_use(path, d);
	return true;
}

/* -- transactions ---------------------------------------------------------- */

bool store_begin(struct store *s, struct diags *d)
{
	assert(s->mode == STORE_WRITE && !s->batch);
	s->load = 0;
	s->batch = db_begin(s->db, d);
	return s->batch;
}

bool store_commit(struct store *s, struct diags *d)
{
	assert(s->batch);
	s->batch = false;
	cardmap_clear(&s->map);
	return db_commit(s->db, d);
}

void store_rollback(struct store *s)
{
	if (!s->batch)
		return;
	s->batch = false;
	cardmap_clear(&s->map);
	db_rollback(s->db);
}

bool store_write_begin(struct store *s, struct diags *d)
{
	assert(s->mode == STORE_WRITE);
	if (s->batch)
		return db_mark(s->db, d);
	s->load = 0;
	return db_begin(s->db, d);
}

bool store_write_end(struct store *s, bool ok, struct diags *d)
{
	if (ok)
		ok = s->batch ? db_release(s->db, d) : db_commit(s->db, d);
	else if (s->batch)
		db_back_to_mark(s->db);
	else
		db_rollback(s->db);
	if (!ok)
		s->load = 0;
	return ok;
}

/* -- settings -------------------------------------------------------------- */

bool store_meta_get(struct store *s, const char *name, struct arena *a, char **value,
		    struct diags *d)
{
	struct stmt *q = db_stmt(s->db, STMT_META_GET);
	stmt_text(q, 1, name);
	*value = stmt_row(q) ? col_copy(q, 0, a) : NULL;
	return stmt_done(q, d);
}

bool store_meta_set(struct store *s, const char *name, const char *value, struct diags *d)
{
	assert(s->mode == STORE_WRITE);
	struct stmt *q = db_stmt(s->db, STMT_META_SET);
	stmt_text(q, 1, name);
	stmt_text(q, 2, value);
	return stmt_run(q, d);
}
