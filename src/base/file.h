/* file.h -- files and paths. Reads are bounded, writes are whole or not at all. */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include "base/diag.h"
#include "base/str.h"

#include <stdint.h>

struct file_stat {
	int64_t mtime_ns, size;
	bool is_dir;
};
bool file_stat(const char *path,
	       struct file_stat *out); /* false: does not exist or cannot be looked at */

/* Read a whole regular file (or pipe) of at most max bytes into out (emptied first). Errors:
 * file-open, file-read, file-too-large. */
bool file_read(const char *path, size_t max, struct str *out, struct diags *d);
/* Write beside the target, fsync, rename over it, fsync the folder: a crash leaves the old or the
 * new file. Keeps the mode of an existing file. */
bool file_write(const char *path, const char *bytes, size_t n, struct diags *d);
/* The same without waiting for the disk: for what nobody misses when the machine stops. */
bool file_write_brief(const char *path, const char *bytes, size_t n, struct diags *d);
/* The same for secrets: nobody else may read the file. */
bool file_write_private(const char *path, const char *bytes, size_t n, struct diags *d);
/* As file_write, but fails with file-exists when the target is there. */
bool file_create(const char *path, const char *bytes, size_t n, struct diags *d);
/* A file written piece by piece, for what is too large to be held: it appears under its name whole,
 * by file_out_commit, or not at all. path NULL: standard output; that and devices are written
 * straight. Errors: file-write. */
struct file_out;
bool file_out_open(struct file_out **out, const char *path, struct diags *d);
bool file_out_write(struct file_out *f, const char *bytes, size_t n, struct diags *d);
/* The file beside the target that is being filled, for libraries that write by name themselves;
 * NULL when the target is written straight. */
const char *file_out_aside(const struct file_out *f);
/* Take over what is at file_out_aside now, which may be another file than was opened. Error:
 * file-write. */
bool file_out_reopen(struct file_out *f, struct diags *d);
bool file_out_commit(struct file_out *f, struct diags *d); /* frees f in any case */
void file_out_drop(struct file_out *f);                    /* nothing remains; accepts NULL */
/* Make an empty file of an unused name in dir, to be filled and removed by the caller; the name is
 * in the arena. NULL: error file-write. */
char *file_temp(struct arena *a, const char *dir, struct diags *d);

/* mkdir -p, mode 0700 for what is made. Error: file-mkdir. */
bool file_mkdirs(const char *path, struct diags *d);
/* Names (not paths) in a folder that end in suffix, sorted bytewise, no dotfiles and no pipes;
 * allocated in the arena. A missing folder gives none. At most MAX_DIR_NAMES, then file-too-many.
 */
#define MAX_DIR_NAMES 10000
bool file_list(const char *dir, const char *suffix, struct arena *a, const char ***names,
	       size_t *count, struct diags *d);
/* A file stands for itself, a folder for the files below it whose names end in one of the suffixes
 * (NULL-terminated), folder by folder, sorted bytewise; no dotfiles, and no folder that is a link.
 * What does not exist stands for itself too: reading it says so. Appends the paths to what *paths
 * holds; allocated in the arena. Folders nested over MAX_WALK_DEPTH: file-too-deep; see also
 * file_list. */
#define MAX_WALK_DEPTH 32
bool file_walk(const char *path, const char *const *suffixes, struct arena *a, const char ***paths,
	       size_t *count, struct diags *d);

char *path_join(struct arena *a, const char *dir,
		const char *name);                 /* "a" + "b" -> "a/b"; name absolute: name */
const char *path_base(const char *path);           /* borrowed tail after the last '/' */
char *path_dir(struct arena *a, const char *path); /* "." when there is no '/' */
char *path_absolute(struct arena *a, const char *path); /* realpath if it exists, else cwd + path */
bool path_inside(const char *path, const char *folder); /* below it; both from path_absolute() */

#endif
