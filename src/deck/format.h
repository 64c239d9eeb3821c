/* format.h -- deck fmt: the canonical layout of a deck file, lossless. */
#ifndef DECK_FORMAT_H
#define DECK_FORMAT_H

#include "base/str.h"
#include "base/diag.h"

/* Rewrite a deck file's bytes in canonical layout: LF, no BOM, no trailing spaces outside of block
 * scalars, final newline, nesting by two columns with list dashes at their parent's column, keys of
 * a card in the order of deck_keys[], one empty line between cards and none inside, one space after
 * ':' and ','. Comments stay with the key they stand before or beside. Scalars keep their quoting.
 * The result is read back: if its tree or its comments differ from the input, error format-unsafe
 * and nothing is returned. Formatting twice changes nothing. */
bool deck_format(const char *file, const char *bytes, size_t n, struct str *out, struct diags *d);

#endif
