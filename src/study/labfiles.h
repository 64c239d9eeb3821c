/* labfiles.h -- small trees of files: the copies that labs are worked on and tried in. Bounded in
 * number, size and depth; links are neither followed nor copied. */
#ifndef STUDY_LABFILES_H
#define STUDY_LABFILES_H

#include "base/diag.h"
#include "base/mem.h"

#define MAX_LAB_FILES 200
#define MAX_LAB_FILE ((size_t)1 << 20)
#define MAX_LAB_TREE ((size_t)8 << 20) /* bytes in all */
#define MAX_LAB_DEPTH 8

/* Copy the regular files below a folder into another, which is made. Left out: names that begin
 * with a dot, and the folder `without` at the top (NULL: none). lasting: synced to the disk.
 * Errors: lab-copy, those of file.h; what was copied so far stays. */
bool labfiles_copy(const char *from, const char *to, const char *without, bool lasting,
		   struct diags *d);
/* Is copy what labfiles_copy() would make of from, byte by byte, and no file more, but for one
 * named `besides` at its top (NULL: none)? */
bool labfiles_same(const char *from, const char *copy, const char *without, const char *besides);
/* Remove a file or a folder with all that is in it, as far as possible. */
void labfiles_remove(const char *path);

/* Take the lock of a file, which is made: -1 when it cannot be, or (wait false) somebody has it. It
 * goes with the returned descriptor, which children do not inherit. */
int labfiles_lock(const char *path, bool wait);

/* A folder of our own below root, which is made, until it is dropped: a lock on a file in it tells
 * other runs of the program that somebody is there. What a killed run has left below root is
 * removed first. The name is in the arena. */
struct held_folder {
	const char *path; /* NULL: none */
	int lock;
};
bool held_folder_make(struct held_folder *out, const char *root, struct arena *a, struct diags *d);
void held_folder_drop(struct held_folder *h); /* removed; accepts a zeroed one */

#endif
