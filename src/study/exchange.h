/* exchange.h -- a learner's cards out to other programs, and theirs in: which cards, with how much
 * of the history, into which files. The front ends' way to the room exchange. */
#ifndef STUDY_EXCHANGE_H
#define STUDY_EXCHANGE_H

#include "exchange/export.h"
#include "exchange/import.h"
#include "study/study.h"

/* -- out ------------------------------------------------------------------- */

struct study_export {
	const char *query;         /* NULL or "": all cards that are in decks */
	struct export_options out; /* now, preset, total and temp_dir are filled in here */
};
/* A card is written whole when the query finds any of its parts. report is in the arena. Codes:
 * query-..., export-none (the query finds nothing), export-..., file-..., store-... */
bool study_export(struct study *s, const struct study_export *e, struct arena *a,
		  struct export_report *report, struct diags *d);

/* -- in -------------------------------------------------------------------- */

struct study_import {
	struct import_options in; /* now, day_start_min and temp_dir are filled in here */
	bool dry_run;             /* say what would be done, write nothing */
	bool load;                /* load the decks at once, not when the program starts next; with
				     progress they always are */
};
struct study_imported {
	const char *path;   /* of the deck file written, or that would be */
	const char *slug;   /* as written: a slug that is taken gets -2, -3, ... */
	const char *wanted; /* as it was before that */
	const char *title;
	size_t cards, answers; /* answers: logged */
};
struct study_import_report {
	struct study_imported *decks;
	size_t count;
	struct import_report read;
};
/* Read files and write their decks into the user's deck folder, never over a file that is there and
 * never with the slug of a deck that is known, and log the answers when progress is asked for. All
 * decks or none. In the arena. Codes: those of import_files, file-..., store-... */
bool study_import(struct study *s, const char *const *paths, size_t count,
		  const struct study_import *i, struct arena *a, struct study_import_report *report,
		  struct diags *d);

/* What came and what could not be carried, for people: sentences with a newline each, in the arena.
 * The warnings of d are not in it. */
const char *study_import_text(struct arena *a, const struct study_import_report *r,
			      const struct study_import *i);

#endif
