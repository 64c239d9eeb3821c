/* readers.h -- inside of an import: the readers of formats, for import.c and their own files alone.
 */
#ifndef EXCHANGE_READERS_H
#define EXCHANGE_READERS_H

#include "exchange/draft.h"

/* One file being read. */
struct reading {
	const char *path;
	enum import_format format;
	struct drafts *drafts;
	struct diags *d;
};
/* Every hundred items or so: false when the user stopped it, which is said. */
bool reading_goes_on(const struct reading *r, const char *what, size_t done, size_t total);

/* Is this text: UTF-8 without NUL? import-utf8, import-nul with line and column. */
bool reading_is_text(const struct reading *r, const char *bytes, size_t n);
/* Read the file whole and hand it to take. */
bool reading_whole(const struct reading *r,
		   bool (*take)(const struct reading *r, const char *text, size_t n));
/* Text of any program (plain, or HTML by its look) as Markdown; in the arena. */
const char *reading_md(const struct reading *r, struct arena *a, const char *text);
/* The deck that a head of ours names. */
struct draft *reading_deck(const struct reading *r, const struct node *head);

/* Hand the cards of the file to the drafts. False: nothing can be used, with an error. */
bool read_anki_text(const struct reading *r);
bool read_apkg(const struct reading *r);
bool read_json(const struct reading *r);
bool read_yaml(const struct reading *r);
bool read_markdown(const struct reading *r);
bool read_gift(const struct reading *r);

/* The same from bytes in memory: what the fuzz targets call. */
bool read_markdown_text(const struct reading *r, const char *text, size_t n);
bool read_gift_text(const struct reading *r, const char *text, size_t n);
bool read_json_text(const struct reading *r, const char *text, size_t n);
bool read_collection(const struct reading *r, const char *path);

#endif
