/* ankitext.h -- Anki's text files: the #key:value lines at the top, and which column is what.
 * Sources: Anki's manual, "Importing: text files"; rslib/src/import_export/text/csv/metadata.rs for
 * what the manual leaves out (if matches, order of headers, comments anywhere). */
#ifndef EXCHANGE_ANKITEXT_H
#define EXCHANGE_ANKITEXT_H

#include "base/diag.h"
#include "exchange/csv.h"

/* What the headers of a file say. */
struct ankitext {
	char separator;       /* 0: not said */
	bool has_html, html;  /* #html */
	const char *tags;     /* #tags: added to every note, blanks between; NULL: not said */
	const char *deck;     /* #deck; NULL */
	const char *notetype; /* #notetype; NULL */
	const char **columns; /* #columns: names; NULL */
	size_t column_count;
	int guid_column, notetype_column, deck_column, tags_column; /* from 1; 0: none */
};

/* Append the headers of a file of ours, in Anki's own order: separator, html, notetype (when one is
 * given), guid column, notetype column, deck column, tags column, if matches:update current. Only
 * separator, html, deck, notetype and the columns are looked at. */
void ankitext_write(struct str *out, const struct ankitext *t);

/* Read one header line without its line end ("#separator:tab"); unknown keys and what is no header
 * are comments, which is no error. Values are copied into the arena; columns are split by the
 * separator said before. Errors: ankitext-value (a separator or a column number nobody can mean).
 * false only then. */
bool ankitext_read(struct ankitext *t, struct arena *a, struct slice line, struct pos at,
		   struct diags *d);
/* Which separator has a file that does not say? The first of tab , ; | that stands equally often in
 * each of the first lines; when none does, what Anki takes: the first of tab | ; : , blank that
 * stands in the sample (its first 8 KiB); ',' when none does. */
char ankitext_guess(const char *sample, size_t n);

#endif
