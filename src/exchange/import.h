/* import.h -- files of other programs to decks. Nothing is written here: a deck comes out as the
 * YAML of a deck file, and whoever asked puts it where it belongs. */
#ifndef EXCHANGE_IMPORT_H
#define EXCHANGE_IMPORT_H

#include "deck/deck.h"
#include "exchange/export.h"
#include "exchange/html.h"
#include "exchange/job.h"

enum import_format {
	IMPORT_ANKI_TEXT, /* .csv .tsv .txt with or without headers */
	IMPORT_APKG,      /* .apkg .colpkg, old and new */
	IMPORT_JSON,
	IMPORT_MARKDOWN, /* Front/Back and Q:/A:/C: */
	IMPORT_GIFT,
	IMPORT_YAML, /* a deck file */
	IMPORT_FORMAT_COUNT
};
extern const char *const import_format_names[IMPORT_FORMAT_COUNT]; /* "anki-text", "apkg", ... */
/* By name, and by the file: its first bytes decide (zip, '{', '#separator', "::" ...), then its
 * name. False: not known. */
bool import_format_named(const char *name, enum import_format *out);
bool import_format_guess(const char *path, const char *bytes, size_t n, enum import_format *out);

#define MAX_IMPORT_BYTES ((size_t)256 << 20) /* of a text file; and of a collection unpacked: */
#define MAX_COLLECTION_BYTES ((size_t)2 << 30)
#define MAX_IMPORT_RATIO 200 /* unpacked to packed; more is a bomb */

struct import_options {
	enum import_format format;
	bool has_format; /* else guessed */
	/* Slug and title of the deck, of which there must be one then; NULL: as the file says, or
	   from its name. */
	const char *deck, *title;
	const char *const *tags; /* given to every deck; slugs */
	size_t tag_count;
	bool progress; /* apkg, json: the review history too */
	struct moment now;
	int day_start_min;
	const char *temp_dir;  /* apkg: where the collection may lie meanwhile; NULL: /tmp */
	const struct job *job; /* NULL: none. Borrowed */
};

/* One answer to be logged, oldest first over the whole deck. */
struct import_answer {
	const char *card, *part; /* ids within the deck; part "" for the card itself */
	struct srs_event event;
	int64_t took_ms;
};
struct import_deck {
	const char *slug, *title;
	const char *yaml; /* a deck file in canonical layout, that lint has no error in */
	size_t yaml_len;
	size_t cards[CARD_KIND_COUNT];
	struct import_answer *log; /* NULL without progress */
	size_t log_count;
};
struct import_report {
	size_t records, cards, notes; /* read; made; Anki notes among what was read */
	size_t media;                 /* files of the archive that were left out */
	size_t edited;                /* own notes whose visible text was changed since */
	size_t skipped;               /* records that gave no card: each has a warning */
	size_t lost;                  /* characters that could not be read: '?' stands for them */
	size_t renamed;               /* tags that were no ids and were made ones */
	size_t reviews;               /* answers of the history that were found */
	size_t reviews_left_out;      /* ... and belong to no card that was made */
	struct html_report html;
};
struct import {
	struct arena arena; /* of all below */
	struct import_deck *decks;
	size_t deck_count;
	struct import_report report;
};
/* Read one file. What could not be carried is in the report and, with its place, in d as warnings;
 * false only when nothing can be used: then out is zeroed. Zeroed out is ready. Codes:
 * import-format, import-empty, import-zip, import-too-large, import-collection, import-stopped,
 * csv-..., json-..., gift-..., md-... */
bool import_file(struct import *out, const char *path, const struct import_options *o,
		 struct diags *d);
/* The same of several files: what belongs to one deck comes into one, as the files of an export
 * with a file per note type. */
bool import_files(struct import *out, const char *const *paths, size_t count,
		  const struct import_options *o, struct diags *d);
void import_clear(struct import *i); /* accepts a zeroed one */

#endif
