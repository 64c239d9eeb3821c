/* labfiles.c -- see labfiles.h. Learners may put anything into their copies: nothing here follows a
 * link, and whatever is removed is removed by its place in the folder that is open. */
#include "study/labfiles.h"
#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_REMOVED_DEPTH 64 /* of what is removed: deeper folders stay */

/* ---- walking ------------------------------------------------------------------------- */

struct tree_walk {
	struct arena arena;
	const char *without; /* at the top */
	size_t files, bytes;
	struct diags *d;
	/* Each regular file; rest: its path below the folder. False ends the walk. */
	bool (*file)(struct tree_walk *w, const char *path, const char *rest, mode_t mode);
	bool (*folder)(struct tree_walk *w, const char *rest); /* may be NULL */
	const char *other; /* copy: where to; same: what it is compared with */
	bool lasting;
};

static bool too_much(struct tree_walk *w, const char *path)
{
	return diag_error(w->d, (struct pos){path, 0, 0}, "lab-copy",
			  "a lab has at most %d files of %zu KB, %zu MB in all, in folders at most "
			  "%d deep",
			  MAX_LAB_FILES, MAX_LAB_FILE >> 10, MAX_LAB_TREE >> 20, MAX_LAB_DEPTH);
}

static bool walk(struct tree_walk *w, const char *dir, const char *rest, int depth);

static bool walk_entry(struct tree_walk *w, const char *dir, const char *rest, const char *name,
		       int depth)
{
	const char *path = path_join(&w->arena, dir, name);
	const char *below = *rest ? path_join(&w->arena, rest, name) : name;
	struct stat st;
	if (lstat(path, &st) != 0)
		return true;
	if (S_ISDIR(st.st_mode)) {
		if (!*rest && w->without && str_eq(name, w->without))
			return true;
		return (!w->folder || w->folder(w, below)) && walk(w, path, below, depth + 1);
	}
	if (!S_ISREG(st.st_mode))
		return true;
	w->bytes += (size_t)st.st_size;
	if (++w->files > MAX_LAB_FILES || w->bytes > MAX_LAB_TREE)
		return too_much(w, path);
	return w->file(w, path, below, st.st_mode);
}

static bool walk(struct tree_walk *w, const char *dir, const char *rest, int depth)
{
	const char **names;
	size_t n;
	if (depth > MAX_LAB_DEPTH)
		return too_much(w, dir);
	if (!file_list(dir, "", &w->arena, &names, &n, w->d))
		return false;
	for (size_t i = 0; i < n; i++)
		if (!walk_entry(w, dir, rest, names[i], depth))
			return false;
	return true;
}

/* ---- copies -------------------------------------------------------------------------- */

static bool copy_file(struct tree_walk *w, const char *path, const char *rest, mode_t mode)
{
	struct str text = {0};
	const char *to = path_join(&w->arena, w->other, rest);
	bool ok = file_read(path, MAX_LAB_FILE, &text, w->d) &&
		  (w->lasting ? file_write : file_write_brief)(to, str_c(&text), text.len, w->d);
	str_clear(&text);
	return ok && (chmod(to, (mode & 0777) | 0600) == 0 ||
		      diag_error(w->d, (struct pos){to, 0, 0}, "file-write",
				 "its mode cannot be set: %s", strerror(errno)));
}

static bool copy_folder(struct tree_walk *w, const char *rest)
{
	return file_mkdirs(path_join(&w->arena, w->other, rest), w->d);
}

bool labfiles_copy(const char *from, const char *to, const char *without, bool lasting,
		   struct diags *d)
{
	struct tree_walk w = {.without = without,
			      .d = d,
			      .file = copy_file,
			      .folder = copy_folder,
			      .other = to,
			      .lasting = lasting};
	struct file_stat st;
	bool ok = file_stat(from, &st) && st.is_dir;
	if (!ok)
		diag_error(d, (struct pos){from, 0, 0}, "lab-copy", "there is no such folder");
	ok = ok && file_mkdirs(to, d) && walk(&w, from, "", 0);
	arena_clear(&w.arena);
	return ok;
}

/* ---- comparing ----------------------------------------------------------------------- */

static bool same_file(struct tree_walk *w, const char *path, const char *rest, mode_t mode)
{
	struct str a = {0}, b = {0};
	(void)mode;
	bool same = file_read(path, MAX_LAB_FILE, &a, NULL) &&
		    file_read(path_join(&w->arena, w->other, rest), MAX_LAB_FILE, &b, NULL) &&
		    a.len == b.len && memcmp(str_c(&a), str_c(&b), a.len) == 0;
	str_clear(&a);
	str_clear(&b);
	return same;
}

static bool count_file(struct tree_walk *w, const char *path, const char *rest, mode_t mode)
{
	(void)path;
	(void)mode;
	if (w->other && str_eq(rest, w->other))
		w->files--;
	return true;
}

bool labfiles_same(const char *from, const char *copy, const char *without, const char *besides)
{
	struct tree_walk ours = {.without = without, .file = same_file, .other = copy};
	struct tree_walk theirs = {.file = count_file, .other = besides};
	bool same = walk(&ours, from, "", 0) && walk(&theirs, copy, "", 0) &&
		    ours.files == theirs.files;
	arena_clear(&ours.arena);
	arena_clear(&theirs.arena);
	return same;
}

/* ---- removing ------------------------------------------------------------------------ */

static void remove_at(int dir, const char *name, int depth)
{
	if (unlinkat(dir, name, 0) == 0 || depth > MAX_REMOVED_DEPTH)
		return;
	int fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *open_dir = fd >= 0 ? fdopendir(fd) : NULL;
	if (!open_dir) {
		if (fd >= 0)
			close(fd);
		return;
	}
	for (struct dirent *e; (e = readdir(open_dir));)
		if (!str_eq(e->d_name, ".") && !str_eq(e->d_name, ".."))
			remove_at(fd, e->d_name, depth + 1);
	closedir(open_dir);
	unlinkat(dir, name, AT_REMOVEDIR);
}

void labfiles_remove(const char *path)
{
	remove_at(AT_FDCWD, path, 0);
}

/* ---- held folders -------------------------------------------------------------------- */

int labfiles_lock(const char *path, bool wait)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return -1;
	while (flock(fd, LOCK_EX | (wait ? 0 : LOCK_NB)) != 0)
		if (errno != EINTR) {
			close(fd);
			return -1;
		}
	return fd;
}

/* Of runs that were killed: what nobody holds. */
static void remove_left_over(const char *root, struct arena *a)
{
	const char **names;
	struct stat st;
	size_t n;
	if (lstat(root, &st) != 0 || !S_ISDIR(st.st_mode) || /* a link: not our folder */
	    !file_list(root, "", a, &names, &n, NULL))
		return;
	for (size_t i = 0; i < n; i++) {
		const char *path = path_join(a, root, names[i]);
		if (lstat(path, &st) != 0 || !S_ISDIR(st.st_mode))
			continue;
		int lock = labfiles_lock(path_join(a, path, ".lock"), false);
		if (lock >= 0) {
			labfiles_remove(path);
			close(lock);
		}
	}
}

/* Under a lock of the root, so that a folder just made is not taken for one left over. */
bool held_folder_make(struct held_folder *out, const char *root, struct arena *a, struct diags *d)
{
	*out = (struct held_folder){.lock = -1};
	if (!file_mkdirs(root, d))
		return false;
	int making = labfiles_lock(path_join(a, root, ".lock"), true);
	if (making >= 0) {
		remove_left_over(root, a);
		char *path = arena_printf(a, "%s/XXXXXX", root);
		if (mkdtemp(path)) {
			out->path = path;
			out->lock = labfiles_lock(path_join(a, path, ".lock"), false);
		}
		close(making);
	}
	return out->lock >= 0 || diag_error(d, (struct pos){root, 0, 0}, "lab-copy",
					    "no folder can be made in it: %s", strerror(errno));
}

void held_folder_drop(struct held_folder *h)
{
	if (!h->path)
		return;
	labfiles_remove(h->path);
	if (h->lock >= 0)
		close(h->lock);
	*h = (struct held_folder){.lock = -1};
}
