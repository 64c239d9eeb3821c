/* csv.h -- delimited text (RFC 4180), out and in: the bytes, not what they mean. */
#ifndef EXCHANGE_CSV_H
#define EXCHANGE_CSV_H

#include "base/diag.h"
#include "base/str.h"

/* -- out ------------------------------------------------------------------- */

struct csv_out {
	struct str *out; /* borrowed; the caller empties it when it is written away */
	char separator;  /* ',' '\t' ... */
	bool crlf;       /* records end in CR LF, else LF */
	bool guard;      /* cells that begin with = + - @ TAB or CR get a ' in front */
	bool hash;       /* quote a first field that begins with '#': Anki's comment */
	bool started;    /* private: a field of the record was written */
};
/* One field, quoted when it holds the separator, a quote, CR, LF, or blanks at an end. */
void csv_field(struct csv_out *c, const char *text, size_t n);
void csv_end(struct csv_out *c); /* of a record */

/* -- in -------------------------------------------------------------------- */

#define MAX_CSV_FIELD ((size_t)1 << 20)  /* bytes of one field */
#define MAX_CSV_RECORD ((size_t)4 << 20) /* bytes of all fields of a record */
#define MAX_CSV_FIELDS 200               /* of one record */

/* A pure reader: bytes are pushed in pieces of any size, records come out through a call. Bytes
 * must be UTF-8 without NUL; CR LF, LF and a lone CR end a record outside of quotes. A BOM at the
 * very beginning is skipped. Empty lines are no records. */
struct csv_record {
	const struct slice *fields; /* borrowed until the call returns; decoded, UTF-8, no NUL */
	size_t count;
	int line, col; /* where the record begins */
	bool quoted;   /* its first field was quoted: so "#..." is text and no comment */
};
struct csv_in;
/* take returns false to stop reading (no error of the reader). file is borrowed, for messages. */
struct csv_in *csv_in_new(const char *file, char separator,
			  bool (*take)(void *ctx, const struct csv_record *r), void *ctx);
void csv_in_separator(struct csv_in *c, char separator); /* from the next record on */
/* Skip lines that begin with '#', as Anki does; not before. */
void csv_in_comments(struct csv_in *c, bool on);
/* False: an error was added, with line and column (csv-nul, csv-utf8, csv-quote: text after a
 * closing quote, csv-too-long, csv-too-many), or take stopped it. */
bool csv_in_push(struct csv_in *c, const char *bytes, size_t n, struct diags *d);
/* The end of the file: a record without a line end counts; csv-open: a quote was never closed, at
 * the place where it was opened. */
bool csv_in_end(struct csv_in *c, struct diags *d);
void csv_in_free(struct csv_in *c); /* accepts NULL */

#endif
