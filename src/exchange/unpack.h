/* unpack.h -- what an Anki package holds, out of its zip. */
#ifndef EXCHANGE_UNPACK_H
#define EXCHANGE_UNPACK_H

#include "base/diag.h"

#include <stddef.h>

/* Unpack the collection of the package at path into the file `to`, which exists; of several the
 * newest form. *media: how many files of pictures and sounds there are. No name in the archive is
 * used for a file. Codes: import-zip (no zip, or damaged), import-collection (nothing in it that
 * can be read), import-too-large (MAX_COLLECTION_BYTES, MAX_IMPORT_RATIO). */
bool unpack_collection(const char *path, const char *to, size_t *media, struct diags *d);

#endif
