/* comeback.h -- bytes of any format read to decks, and compared. */
#ifndef TESTS_COMEBACK_H
#define TESTS_COMEBACK_H

#include "exchange/import.h"

/* Write bytes to a file NAME in a folder of the test's own; its path, until the next call. */
const char *comeback_file(const char *name, const void *bytes, size_t n);
void comeback_clear(void); /* take the folder away */

/* Import a file; o may be NULL. d is the caller's. */
bool comeback_import(struct import *out, const char *path, const struct import_options *o,
		     struct diags *d);
/* The YAML of the one deck a text becomes under this file name, in the arena; NULL: none. Warnings
 * come before it, a line each. */
const char *comeback_text(struct arena *a, const char *name, const char *text);
/* Every deck loads, lint has no error in it, and fmt would not change it. */
void comeback_check(const struct import *in);
/* Fail unless both hold the same: the deck's own keys, and the cards field by field. Cards of kinds
 * (bits) alone, and of the deck's keys all. */
void comeback_same(const struct deck *want, const struct deck *got, unsigned kinds);

#endif
