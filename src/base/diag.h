/* diag.h -- what went wrong, where, with a stable code. Functions that can fail add to a struct
 * diags; only the front ends show it. */
#ifndef BASE_DIAG_H
#define BASE_DIAG_H

#include "base/mem.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct pos {
	const char *file; /* borrowed from whatever was read; NULL: not about a file */
	int line, col;    /* 1-based; col in code points; 0: unknown */
};

enum diag_level { DIAG_NOTE, DIAG_WARNING, DIAG_ERROR };

struct diag {
	enum diag_level level;
	struct pos pos;   /* file copied into the diags */
	const char *code; /* literal, such as "deck-unknown-key"; never NULL */
	char *text;       /* one line of plain text, control characters already neutralised */
};

/* At most MAX_DIAGS are kept; further ones are only counted. A zeroed struct is ready. */
#define MAX_DIAGS 1000
struct diags {
	struct arena arena;
	struct diag *items;
	size_t count, cap;
	size_t errors, warnings; /* all, also those not kept */
};
void diags_clear(struct diags *d);

/* Add an error and return false, so that callers write: return diag_error(d, at, ...). code is a
 * literal. d may be NULL: then only the result counts. */
bool diag_error(struct diags *d, struct pos at, const char *code, const char *fmt, ...)
	PRINTF(4, 5);
/* An error about no file: diag_fail(d, "store-full", ...). Returns false. */
bool diag_fail(struct diags *d, const char *code, const char *fmt, ...) PRINTF(3, 4);
void diag_warn(struct diags *d, struct pos at, const char *code, const char *fmt, ...) PRINTF(4, 5);
void diag_note(struct diags *d, struct pos at, const char *code, const char *fmt, ...) PRINTF(4, 5);
/* Append copies of all of from to d. */
void diags_append(struct diags *d, const struct diags *from);
/* Order by file, line, column; stable. */
void diags_sort(struct diags *d);
/* With a file "path:line:col: error: text [code]"; without "gatedrill: text". One per line; says
 * how many were left out. */
void diags_print(const struct diags *d, FILE *out);
/* Text of the first error, or of the first item, or "". Borrowed. */
const char *diags_first(const struct diags *d);

#endif
