/* record.h -- one map of a data file (an exam's blueprint, a matrix, a tree) read by a table of
 * keys: which may stand there, which must, whether each value is of its type. What is handed on is
 * checked, so that readers only convert. The same tables give the JSON Schema and the manual. */
#ifndef DECK_RECORD_H
#define DECK_RECORD_H

#include "deck/deck.h"

enum record_type {
	RECORD_SLUG,   /* an id */
	RECORD_LINE,   /* one line of text; max is code points */
	RECORD_TEXT,   /* Markdown, may have several lines */
	RECORD_NUMBER, /* whole, from min to max */
	RECORD_SHARE,  /* 0 to 1, as 0.72 */
	RECORD_DATE,   /* YYYY-MM-DD */
	RECORD_URL,
	RECORD_WORD,  /* one of words */
	RECORD_WORDS, /* a list of distinct ones of words, at least min */
	RECORD_SLUGS, /* an id, or a list of ids */
	RECORD_LINES, /* one line of text, or a list of them */
	RECORD_ONE,   /* a map of keys: form */
	RECORD_MAP,   /* a map from names to values of form; to one line each when form is NULL */
	RECORD_LIST,  /* a list of maps of form */
};

struct record_form;
struct record_key {
	const char *name;
	enum record_type type;
	bool required;
	size_t min, max;          /* lists and maps: entries; 0 as max: any number */
	const char *const *words; /* RECORD_WORD, RECORD_WORDS: NULL-terminated */
	const struct record_form *form;
	const char *names; /* RECORD_MAP: pattern of its names in the schema; NULL: ids. The form's
			      reader checks names that are no ids */
	const char *help;  /* one sentence, for the manual and for editors */
};

#define MAX_RECORD_KEYS 32
struct record_form {
	const char *name; /* "domain": "every domain needs it" */
	const struct record_key *keys;
	size_t count;
};

/* The codes of a kind of file. */
struct record_codes {
	const char *unknown_key, *missing_key, *type, *value, *slug, *format, *unknown_source,
		*too_many, *too_long;
};

struct record_reader {
	const char *file;
	struct arena *arena;
	struct diags *d;
	const struct record_codes *codes;
	bool ok; /* no error yet: set true before reading */
};

/* The values of one map by the number of their key; NULL when absent or not of its type. */
struct record {
	const struct node *v[MAX_RECORD_KEYS];
};

/* Read a map. Maps and lists within are checked for their number of entries, and their entries read
 * by whoever converts them. False if an error was added. */
bool record_read(struct record_reader *r, const struct node *map, const struct record_form *form,
		 struct record *out);
/* An error where n stands; false. */
bool record_error(struct record_reader *r, const struct node *n, const char *code, const char *fmt,
		  ...) PRINTF(4, 5);
/* Start of a text on one line, for messages; in the arena. */
const char *record_brief(struct record_reader *r, const char *text);
/* Is n one line of text that is not blank? name is for messages; max is code points, 0: any. */
bool record_line_ok(struct record_reader *r, const struct node *n, const char *name, size_t max);
/* Is n the name of a map's member and an id? */
bool record_slug_ok(struct record_reader *r, const struct node *n);

/* Convert what was checked. NULL gives NULL or 0. */
const char *record_text(const struct node *n);
int record_number(const struct node *n);
double record_share(const struct node *n);
const char **record_texts(struct record_reader *r, const struct node *n, size_t *count);

/* sources: a map of ids to {title, url, checked}, as in decks. */
extern const struct record_form record_source;
bool record_sources(struct record_reader *r, const struct node *n, struct source **out,
		    size_t *count);
/* source: an id or a list of ids of these. */
bool record_cited(struct record_reader *r, const struct node *n, struct source *sources,
		  size_t source_count, const struct source ***out, size_t *count);

/* JSON Schema of files that begin with form, and all forms below it. */
void record_schema(struct str *out, const struct record_form *form, const char *title,
		   const char *description);
/* mdoc lists of the keys of form and of all forms below it: "Keys of a domain". */
void record_mdoc(struct str *out, const struct record_form *form);

#endif
