/* writer.h -- inside of an export, for export.c and the files of formats (*out.c) alone. */
#ifndef EXCHANGE_WRITER_H
#define EXCHANGE_WRITER_H

#include "base/file.h"
#include "exchange/export.h"

/* A file being written, with a buffer before it. */
struct sink {
	struct file_out *file;
	struct str buffer;
	const char *path; /* NULL: standard output */
};
#define SINK_FULL ((size_t)256 << 10)
bool sink_open(struct sink *s, const char *path, struct diags *d);
bool sink_flush(struct sink *s, struct diags *d);
/* Write the buffer away once it is large. */
bool sink_tick(struct sink *s, struct diags *d);
bool sink_commit(struct sink *s, struct diags *d);
void sink_drop(struct sink *s);

struct export
{
	struct export_options o;
	struct export_report report;
	struct arena arena;      /* paths, titles */
	struct arena scratch;    /* of one card */
	const struct deck *head; /* the deck begun */
	const char *deck_path;   /* of it, as note_deck_path */
	int64_t changed_ms;      /* when it was, at most the present */
	size_t deck_number;      /* from 1 */
	size_t deck_cards;       /* of it, handed over so far */
	struct titles {
		const char *title, *slug;
		struct titles *next;
	} * titles;   /* of the decks so far */
	void *format; /* the format's own */
};

/* What a format does; NULL: nothing. close accepts a half-opened one. */
struct export_ops {
	bool (*open)(struct export *x, struct diags *d);
	bool (*deck)(struct export *x, struct diags *d);
	bool (*card)(struct export *x, const struct export_item *item, struct diags *d);
	bool (*finish)(struct export *x, struct diags *d);
	void (*close)(struct export *x);
};
extern const struct export_ops export_anki_text, export_apkg, export_json, export_markdown,
	export_gift, export_plain;

/* The notes of a card under the export's options. In the scratch arena. */
size_t export_notes(struct export *x, const struct export_item *item, bool own, struct note **out);
/* The file is written: name it in the report. */
void export_wrote(struct export *x, const char *path);
bool export_stopped(struct diags *d); /* false, with the error */

#endif
