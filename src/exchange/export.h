/* export.h -- decks to files of other programs. Cards are handed over one by one, so that memory
 * does not grow with their number; the file appears whole, when all of it is on the disk, or not at
 * all. */
#ifndef EXCHANGE_EXPORT_H
#define EXCHANGE_EXPORT_H

#include "deck/part.h"
#include "exchange/job.h"
#include "exchange/note.h"
#include "srs/sched.h"

enum export_format {
	EXPORT_ANKI_CSV,
	EXPORT_ANKI_TSV,
	EXPORT_APKG,
	EXPORT_JSON,
	EXPORT_MARKDOWN,
	EXPORT_GIFT,
	EXPORT_CSV_PLAIN, /* for people and spreadsheets: no HTML, no formulas */
	EXPORT_FORMAT_COUNT
};
struct export_kind {
	const char *name;   /* "anki-csv": --format */
	const char *suffix; /* ".csv": the file name it is guessed from; NULL: never guessed */
	const char *help;   /* one sentence */
};
extern const struct export_kind export_kinds[EXPORT_FORMAT_COUNT];
/* By --format, and by the end of a file name. False: no such. */
bool export_format_named(const char *name, enum export_format *out);
bool export_format_guess(const char *path, enum export_format *out);

struct export_options {
	enum export_format format;
	const char *path; /* of the file; "-": standard output */
	bool split;       /* Anki text files: a file per note type, path-basic.csv and so on */
	bool cells;       /* Anki formats: a note per table cell */
	bool progress;    /* apkg, json: the review log and the state of each card */
	const char *names[NOTE_TYPE_COUNT]; /* Anki text files: what the note types are called;
					       NULL: as note_stock_names */
	struct moment now;
	const struct srs_preset *preset; /* of the states, borrowed: retention, decay, day start */
	const struct job *job;           /* progress and stopping; NULL: neither. Borrowed */
	size_t total;                    /* cards that will come, for the progress; 0: unknown */
	const char *temp_dir; /* apkg on standard output: where its files may lie meanwhile */
};

/* One answer of the log, still in effect. */
struct export_answer {
	struct srs_event event; /* SRS_OP_ANSWER, SRS_OP_CRAM, SRS_OP_RESET or SRS_OP_DUE */
	int64_t took_ms;
	struct srs_card before, after;
};
/* How one part stands; parts come in the order of card_parts, all of them or none. */
struct export_part {
	struct srs_card state;
	const struct export_answer *log; /* oldest first */
	size_t log_count;
};

struct export_report {
	size_t cards, notes, reviews;    /* written */
	size_t skipped[CARD_KIND_COUNT]; /* cards of a kind the format cannot hold */
	size_t tables;      /* progress: tables whose cells have states that one note cannot hold */
	const char **files; /* what was written, in the export's memory */
	size_t file_count;
};

struct export;
/* Begin. Codes: export-format (options that do not go together), file-write. */
bool export_open(struct export **out, const struct export_options *o, struct diags *d);
/* Where the total may be told later. */
size_t *export_total(struct export *x);
/* Begin a deck: its head (its cards are not looked at). Borrowed until the next call of this.
 * changed_ms: when its file was changed last, 0 when that is not known. Anki takes the text of a
 * note from whichever was changed later, the deck or the note in Anki. */
bool export_deck(struct export *x, const struct deck *head, int64_t changed_ms, struct diags *d);
struct export_item {
	/* What card was read with (tags, tasks and sources are its): the head itself, or a deck of
	   one card. */
	const struct deck *deck;
	const struct card *card;
	struct slice json;               /* deck_card_json of it, if it is at hand; else empty */
	const struct export_part *parts; /* one for each of card_parts; NULL: no progress */
};
/* One card of the deck begun. Codes: file-write, export-stopped. */
bool export_card(struct export *x, const struct export_item *item, struct diags *d);
/* All was handed over: finish, sync and rename. The report is valid until export_close. */
bool export_finish(struct export *x, struct export_report *report, struct diags *d);
/* Frees; what was not finished leaves no file. Accepts NULL. */
void export_close(struct export *x);

/* What to do with the file, and what the other program will do: some lines of plain text for
 * people, in the arena. */
const char *export_advice(struct arena *a, const struct export_options *o,
			  const struct export_report *r);

#endif
