/* file.c -- see file.h.
 *
 * A file is replaced by writing a new one beside it and renaming: the old or the new one is there
 * at every moment, whatever fails. The new one gets a name of its own by O_EXCL rather than
 * mkstemp(), because open() applies the umask, which cannot be read without changing it. A link is
 * followed first, so that a settings file that is a link into a dotfiles folder stays one. Devices
 * and pipes cannot be replaced (-o /dev/stdout) and are written straight.
 */
#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const size_t read_step = 64 << 10;

bool file_stat(const char *path, struct file_stat *out)
{
	struct stat st;
	if (stat(path, &st) != 0)
		return false;
	*out = (struct file_stat){
		.mtime_ns = (int64_t)st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec,
		.size = st.st_size,
		.is_dir = S_ISDIR(st.st_mode),
	};
	return true;
}

/* The last system call on path failed: say so and return false. */
static bool failed(struct diags *d, const char *code, const char *what, const char *path)
{
	return diag_fail(d, code, "cannot %s %s: %s", what, path, strerror(errno));
}

static bool read_all(int fd, const char *path, size_t max, struct str *out, struct diags *d)
{
	for (;;) {
		if (out->cap - out->len < 2)
			out->p = array_grow(out->p, &out->cap, out->len + read_step, 1);
		size_t want = out->cap - out->len - 1, most = max + 1 - out->len;
		if (want > most)
			want = most;
		ssize_t n = read(fd, out->p + out->len, want);
		if (n < 0 && errno == EINTR)
			continue;
		out->len += n > 0 ? (size_t)n : 0;
		out->p[out->len] = '\0';
		if (n < 0)
			return failed(d, "file-read", "read", path);
		if (n == 0)
			return true;
		if (out->len > max)
			return diag_fail(d, "file-too-large", "%s is larger than %zu bytes", path,
					 max);
	}
}

static bool read_open(int fd, const char *path, size_t max, struct str *out, struct diags *d)
{
	struct stat st;
	if (fstat(fd, &st) != 0)
		return failed(d, "file-read", "read", path);
	if (!S_ISREG(st.st_mode) && !S_ISFIFO(st.st_mode)) {
		const char *what = S_ISDIR(st.st_mode) ? "it is a folder" : "it is not a file";
		return diag_fail(d, "file-read", "cannot read %s: %s", path, what);
	}
	if (S_ISREG(st.st_mode) && (uintmax_t)st.st_size > max)
		return diag_fail(d, "file-too-large", "%s is larger than %zu bytes", path, max);
	/* Only a hint: it is 0 under /proc. The byte more lets the first read find the end. */
	if (S_ISREG(st.st_mode))
		out->p = array_grow(out->p, &out->cap, (size_t)st.st_size + 2, 1);
	return read_all(fd, path, max, out, d);
}

bool file_read(const char *path, size_t max, struct str *out, struct diags *d)
{
	str_reset(out);
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return failed(d, "file-open", "open", path);
	bool ok = read_open(fd, path, max < STR_MAX - 2 ? max : STR_MAX - 2, out, d);
	close(fd);
	if (!ok)
		str_reset(out);
	return ok;
}

static bool write_all(int fd, const char *bytes, size_t n)
{
	while (n > 0) {
		ssize_t done = write(fd, bytes, n);
		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return false;
		bytes += done;
		n -= (size_t)done;
	}
	return true;
}

/* Open a new file in dir under an unused name, *name. -1 with errno on failure. */
static int open_beside(struct arena *a, const char *dir, char **name)
{
	for (int i = 0; i < 100; i++) {
		*name = arena_printf(a, "%s/.gatedrill-%ld-%d.tmp", dir, (long)getpid(), i);
		int fd = open(*name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
		if (fd >= 0 || errno != EEXIST)
			return fd;
	}
	return -1;
}

/* Fill and close fd, and unless it is brief wait for the disk. mode: of the file to be replaced, or
 * 0. False with errno. */
static bool fill(int fd, mode_t mode, const char *bytes, size_t n, bool brief)
{
	bool ok = (!mode || fchmod(fd, mode & 07777) == 0) && write_all(fd, bytes, n) &&
		  (brief || fsync(fd) == 0);
	int why = errno;
	if (close(fd) != 0 && ok)
		return false;
	errno = why;
	return ok;
}

/* Give the finished file its name. False with errno, EEXIST if it is taken and must not be. */
static bool put(const char *name, const char *target, bool must_be_new)
{
	struct stat st;
	if (!must_be_new)
		return rename(name, target) == 0;
	if (link(name, target) == 0) {
		unlink(name);
		return true;
	}
	if (errno == EEXIST)
		return false;
	/* A file system without hard links: look, then rename. */
	if (lstat(target, &st) == 0) {
		errno = EEXIST;
		return false;
	}
	return rename(name, target) == 0;
}

/* Make a rename last. Where a folder cannot be opened or synchronised, nothing more can be done. */
static bool sync_dir(const char *dir)
{
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return true;
	bool ok = fsync(fd) == 0 || errno == EINVAL || errno == ENOTSUP || errno == EROFS;
	int why = errno;
	close(fd);
	errno = why;
	return ok;
}

static bool write_straight(const char *path, const char *bytes, size_t n, struct diags *d)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return failed(d, "file-write", "write", path);
	bool ok = write_all(fd, bytes, n);
	int why = errno;
	if (close(fd) != 0 && ok)
		return failed(d, "file-write", "write", path);
	errno = why;
	return ok || failed(d, "file-write", "write", path);
}

struct target {
	const char *path; /* as given, for messages */
	const char *real; /* links followed */
	mode_t mode;      /* 0: does not exist */
	bool must_be_new;
	bool brief; /* need not outlive the machine */
};

static bool replace(struct arena *a, const struct target *t, const char *bytes, size_t n,
		    struct diags *d)
{
	char *name;
	const char *dir = path_dir(a, t->real);
	int fd = open_beside(a, dir, &name);
	if (fd < 0)
		return failed(d, "file-write", "write", t->path);
	if (!fill(fd, t->mode, bytes, n, t->brief) || !put(name, t->real, t->must_be_new)) {
		int why = errno;
		unlink(name);
		errno = why;
		if (t->must_be_new && why == EEXIST)
			return diag_fail(d, "file-exists", "%s exists already", t->path);
		return failed(d, "file-write", "write", t->path);
	}
	return t->brief || sync_dir(dir) || failed(d, "file-write", "write", t->path);
}

static bool write_over(const char *path, const char *bytes, size_t n, bool brief, struct diags *d)
{
	struct stat st;
	struct arena a = {0};
	struct target t = {.path = path, .real = path, .brief = brief};
	if (stat(path, &st) == 0) {
		if (!S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))
			return write_straight(path, bytes, n, d);
		t.mode = st.st_mode;
		t.real = path_absolute(&a, path);
	}
	bool ok = replace(&a, &t, bytes, n, d);
	arena_clear(&a);
	return ok;
}

bool file_write(const char *path, const char *bytes, size_t n, struct diags *d)
{
	return write_over(path, bytes, n, false, d);
}

bool file_write_brief(const char *path, const char *bytes, size_t n, struct diags *d)
{
	return write_over(path, bytes, n, true, d);
}

bool file_write_private(const char *path, const char *bytes, size_t n, struct diags *d)
{
	struct arena a = {0};
	struct target t = {.path = path, .real = path, .mode = S_IRUSR | S_IWUSR};
	bool ok = replace(&a, &t, bytes, n, d);
	arena_clear(&a);
	return ok;
}

bool file_create(const char *path, const char *bytes, size_t n, struct diags *d)
{
	struct stat st;
	struct arena a = {0};
	struct target t = {.path = path, .real = path, .must_be_new = true};
	if (lstat(path, &st) == 0)
		return diag_fail(d, "file-exists", "%s exists already", path);
	bool ok = replace(&a, &t, bytes, n, d);
	arena_clear(&a);
	return ok;
}

/* -- piece by piece ------------------------------------------------------------------------------
 */

struct file_out {
	struct arena arena;
	struct target target;
	char *aside; /* NULL: written straight */
	int fd;
	bool borrowed; /* standard output: not to be closed */
};

static void free_out(struct file_out *f)
{
	if (f->fd >= 0 && !f->borrowed)
		close(f->fd);
	arena_clear(&f->arena);
	free(f);
}

static bool open_target(struct file_out *f)
{
	struct stat st;
	if (stat(f->target.path, &st) == 0) {
		if (!S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode)) {
			f->fd = open(f->target.path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
			return f->fd >= 0;
		}
		if (S_ISDIR(st.st_mode)) {
			errno = EISDIR;
			return false;
		}
		f->target.mode = st.st_mode;
		f->target.real = path_absolute(&f->arena, f->target.path);
	}
	f->fd = open_beside(&f->arena, path_dir(&f->arena, f->target.real), &f->aside);
	if (f->fd < 0)
		f->aside = NULL;
	return f->fd >= 0;
}

bool file_out_open(struct file_out **out, const char *path, struct diags *d)
{
	struct file_out *f = xcalloc(1, sizeof(*f));
	*out = NULL;
	f->target.path = f->target.real = path ? arena_strdup(&f->arena, path) : "standard output";
	f->fd = path ? -1 : STDOUT_FILENO;
	f->borrowed = !path;
	if (path && !open_target(f)) {
		failed(d, "file-write", "write", path);
		free_out(f);
		return false;
	}
	*out = f;
	return true;
}

bool file_out_write(struct file_out *f, const char *bytes, size_t n, struct diags *d)
{
	return write_all(f->fd, bytes, n) || failed(d, "file-write", "write", f->target.path);
}

const char *file_out_aside(const struct file_out *f)
{
	return f->aside;
}

bool file_out_reopen(struct file_out *f, struct diags *d)
{
	int fd = f->aside ? open(f->aside, O_WRONLY | O_CLOEXEC) : -1;
	if (fd < 0)
		return failed(d, "file-write", "write", f->target.path);
	close(f->fd);
	f->fd = fd;
	return true;
}

bool file_out_commit(struct file_out *f, struct diags *d)
{
	bool ok = true;
	if (f->aside) {
		int fd = f->fd;
		f->fd = -1;
		ok = fill(fd, f->target.mode, "", 0, false) &&
		     put(f->aside, f->target.real, false) &&
		     sync_dir(path_dir(&f->arena, f->target.real));
	} else if (!f->borrowed) {
		ok = close(f->fd) == 0;
		f->fd = -1;
	}
	if (!ok) {
		failed(d, "file-write", "write", f->target.path);
		if (f->aside)
			unlink(f->aside);
	}
	free_out(f);
	return ok;
}

void file_out_drop(struct file_out *f)
{
	if (!f)
		return;
	if (f->aside)
		unlink(f->aside);
	free_out(f);
}

char *file_temp(struct arena *a, const char *dir, struct diags *d)
{
	char *name;
	int fd = open_beside(a, dir, &name);
	if (fd < 0) {
		failed(d, "file-write", "write in", dir);
		return NULL;
	}
	close(fd);
	return name;
}

/* Another process may make the same folder at the same time: what counts is that it is there. */
static bool make_dir(const char *path)
{
	struct file_stat st;
	if (file_stat(path, &st)) {
		errno = ENOTDIR;
		return st.is_dir;
	}
	if (mkdir(path, 0700) == 0)
		return true;
	int why = errno;
	bool there = file_stat(path, &st) && st.is_dir;
	errno = why;
	return there;
}

bool file_mkdirs(const char *path, struct diags *d)
{
	char *part = xstrdup(path);
	bool ok = true;
	for (char *p = part; ok && *p; p++) {
		if (*p != '/' || p == part)
			continue;
		*p = '\0';
		ok = make_dir(part);
		*p = '/';
	}
	ok = ok && make_dir(part);
	free(part);
	return ok || failed(d, "file-mkdir", "make the folder", path);
}

struct names {
	struct arena *arena; /* of the names themselves */
	char **items;
	size_t count, cap;
};

/* Whoever opened it would wait for a writer that never comes. */
static bool is_pipe(DIR *dir, const char *name)
{
	struct stat st;
	return fstatat(dirfd(dir), name, &st, 0) == 0 && S_ISFIFO(st.st_mode);
}

static bool read_names(DIR *dir, const char *path, const char *suffix, struct names *out,
		       struct diags *d)
{
	struct dirent *e;
	while (errno = 0, (e = readdir(dir))) {
		if (e->d_name[0] == '.' || !str_ends(e->d_name, suffix) || is_pipe(dir, e->d_name))
			continue;
		if (out->count == MAX_DIR_NAMES)
			return diag_fail(d, "file-too-many", "%s holds more than %d files", path,
					 MAX_DIR_NAMES);
		out->items = array_grow(out->items, &out->cap, out->count + 1, sizeof(*out->items));
		out->items[out->count++] = arena_strdup(out->arena, e->d_name);
	}
	return !errno || failed(d, "file-read", "read", path);
}

static int by_bytes(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

bool file_list(const char *dir, const char *suffix, struct arena *a, const char ***names,
	       size_t *count, struct diags *d)
{
	struct names found = {.arena = a};
	*names = NULL;
	*count = 0;
	DIR *open_dir = opendir(dir);
	if (!open_dir)
		return errno == ENOENT || failed(d, "file-open", "open", dir);
	bool ok = read_names(open_dir, dir, suffix, &found, d);
	closedir(open_dir);
	if (ok && found.count) {
		qsort(found.items, found.count, sizeof(*found.items), by_bytes);
		*names = arena_alloc(a, found.count * sizeof(**names));
		memcpy(*names, found.items, found.count * sizeof(**names));
		*count = found.count;
	}
	free(found.items);
	return ok;
}

/* -- whole folders -------------------------------------------------------------------------------
 */

struct walk {
	const char *const *suffixes;
	struct arena *arena; /* of the paths */
	struct names found;
	struct diags *d;
};

static bool has_suffix(const struct walk *w, const char *name)
{
	for (size_t i = 0; w->suffixes[i]; i++)
		if (str_ends(name, w->suffixes[i]))
			return true;
	return false;
}

static void walk_add(struct walk *w, char *path)
{
	struct names *f = &w->found;
	f->items = array_grow(f->items, &f->cap, f->count + 1, sizeof(*f->items));
	f->items[f->count++] = path;
}

/* Files of a folder and, where a name is a folder itself, its files in that place. */
static bool walk_folder(struct walk *w, const char *dir, int depth)
{
	struct arena a = {0};
	const char **names;
	size_t n;
	bool ok = depth < MAX_WALK_DEPTH ||
		  diag_fail(w->d, "file-too-deep", "%s: folders are nested over %d deep", dir,
			    MAX_WALK_DEPTH);
	ok = ok && file_list(dir, "", &a, &names, &n, w->d);
	for (size_t i = 0; ok && i < n; i++) {
		char *path = path_join(w->arena, dir, names[i]);
		struct stat st;
		if (lstat(path, &st) != 0)
			continue;
		if (S_ISDIR(st.st_mode))
			ok = walk_folder(w, path, depth + 1);
		else if (has_suffix(w, names[i]))
			walk_add(w, path);
	}
	arena_clear(&a);
	return ok;
}

bool file_walk(const char *path, const char *const *suffixes, struct arena *a, const char ***paths,
	       size_t *count, struct diags *d)
{
	struct walk w = {.suffixes = suffixes, .arena = a, .d = d};
	struct file_stat st;
	for (size_t i = 0; i < *count; i++)
		walk_add(&w, (char *)(*paths)[i]);
	bool ok = true;
	if (file_stat(path, &st) && st.is_dir)
		ok = walk_folder(&w, path, 0);
	else
		walk_add(&w, arena_strdup(a, path));
	*count = w.found.count;
	*paths = arena_alloc(a, (w.found.count + 1) * sizeof(**paths));
	for (size_t i = 0; i < *count; i++)
		(*paths)[i] = w.found.items[i];
	free(w.found.items);
	return ok;
}

char *path_join(struct arena *a, const char *dir, const char *name)
{
	if (name[0] == '/' || !dir[0])
		return arena_strdup(a, name);
	return arena_printf(a, "%s%s%s", dir, str_ends(dir, "/") ? "" : "/", name);
}

const char *path_base(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}

char *path_dir(struct arena *a, const char *path)
{
	const char *end = path_base(path);
	if (end == path)
		return arena_strdup(a, ".");
	while (end > path + 1 && end[-1] == '/')
		end--;
	return arena_strndup(a, path, (size_t)(end - path));
}

char *path_absolute(struct arena *a, const char *path)
{
	char *real = realpath(path, NULL), *cwd = NULL;
	char *out;
	if (real)
		out = arena_strdup(a, real);
	else if (path[0] != '/' && (cwd = getcwd(NULL, 0)))
		out = path_join(a, cwd, path);
	else
		out = arena_strdup(a, path);
	free(real);
	free(cwd);
	return out;
}

bool path_inside(const char *path, const char *folder)
{
	size_t n = strlen(folder);
	return strncmp(path, folder, n) == 0 && path[n] == '/';
}
