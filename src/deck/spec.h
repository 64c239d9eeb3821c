/* spec.h -- the YAML files in data/ read by tables: which keys a map may have, which it must, what
 * each holds, how large it may be, and in words what it is for. The readers, the JSON Schemas and
 * the manual all follow the same rows. Decks have a table of their own (keys.h), since their keys
 * depend on the kind of card. */
#ifndef DECK_SPEC_H
#define DECK_SPEC_H

#include "base/str.h"
#include "base/tree.h"
#include "deck/deck.h"

#define MAX_SPEC_HEADER 256 /* bytes of the name of a header */

enum spec_type {
	SPEC_SLUG,   /* an id */
	SPEC_NAME,   /* of a word in braces: letters, digits, '_' and '-', a letter first */
	SPEC_LINE,   /* one line of text, max bytes */
	SPEC_TEXT,   /* text, may have several lines, max bytes */
	SPEC_WORD,   /* one of words */
	SPEC_NUMBER, /* a whole number, min .. max, or one of words */
	SPEC_SHARE,  /* 0 to 1, as 0.72 */
	SPEC_AMOUNT, /* 0.01 to max, with a fraction or not */
	SPEC_SPAN,   /* a length of time, as 500ms, 2s, 11m or 2h; min .. max milliseconds */
	SPEC_STATUS, /* 429 or 4xx; or a code that closes a WebSocket, 1000 .. 4999 */
	SPEC_HEADER, /* name of a header */
	SPEC_TASK,   /* numbers with dots between them, as 2.1 */
	SPEC_DATE,   /* YYYY-MM-DD */
	SPEC_MONTH,  /* YYYY-MM, or YYYY */
	SPEC_URL,
	SPEC_CARD,   /* deck/id */
	SPEC_BRANCH, /* an id, or =id */
	SPEC_LIST,   /* of values, min .. max */
	SPEC_MAP,    /* from ids, or from labels, to values, min .. max */
	SPEC_PLACE,  /* a map by a table of its own */
	SPEC_STEP,   /* an id, or a map by a table of its own */
};

struct spec_place;
struct spec_key {
	const char *name;
	enum spec_type type;
	bool required;
	bool one;   /* SPEC_LIST: a single value may stand for a list of one */
	bool empty; /* SPEC_LINE, SPEC_TEXT: may be empty or blank */
	bool about; /* SPEC_TEXT: read as Markdown by people, not told in a scenario */
	const char *const *words; /* NULL-terminated */
	size_t min, max;
	const struct spec_key *value;   /* SPEC_LIST, SPEC_MAP: what each holds */
	const struct spec_key *label;   /* SPEC_MAP: what its keys are; NULL: ids */
	const struct spec_place *place; /* SPEC_PLACE, SPEC_STEP */
	const char *help;               /* sentences, for the manual and for editors */
};

struct spec_place {
	const char *name;    /* "matrix": in messages, "every matrix needs it" */
	const char *heading; /* "Keys of a matrix": in the manual */
	const struct spec_key *keys;
	size_t count;
};

/* Keys that several kinds of file have. */
extern const struct spec_place spec_source_place;
extern const struct spec_key spec_source_value, spec_slug_value;

struct spec_reader {
	struct arena *arena;
	const char *file;
	struct diags *d;
	bool ok;         /* no error yet; set true by the caller */
	int suggestions; /* made so far; bounded, since each looks at many names */
};
#define SPEC_ERROR(r, node, ...) \
	((r)->ok = diag_error((r)->d, node_pos(node, (r)->file), __VA_ARGS__))
/* Start of a text on one line, for messages; in the arena. */
const char *spec_brief(struct spec_reader *r, const char *text);

/* Check a value and all below it. All errors are reported: data-unknown-key, data-missing-key,
 * data-type, data-value, data-slug, data-too-many, data-too-long. A tree that passes has every
 * required key, and each value is of its type. */
bool spec_check(struct spec_reader *r, const struct node *n, const struct spec_key *key);
bool spec_check_root(struct spec_reader *r, const struct node *root, const struct spec_place *p);

/* Values of such types as numbers. False: the text is none. */
bool spec_span(const char *text, int64_t min_ms, int64_t max_ms, int64_t *ms);
bool spec_status(const char *text, int *from, int *to); /* inclusive */

/* Convert what was checked; n may be NULL: NULL and 0. */
const char **spec_texts(struct spec_reader *r, const struct node *n, size_t *count);
/* The sources of a file, from its checked key `sources`. */
struct source *spec_sources(struct spec_reader *r, const struct node *n, size_t *count);
/* The sources that `source` names; unknown ones are errors, data-unknown-source. */
const struct source **spec_cited(struct spec_reader *r, const struct node *n,
				 const struct source *sources, size_t count, size_t *cited);
/* "unknown WHAT "x", did you mean "y"?" at n, as error code (a literal). names may be NULL holes.
 */
void spec_unknown(struct spec_reader *r, const struct node *n, const char *code, const char *what,
		  const char *const *names, size_t count);

/* A JSON Schema (draft 2020-12) of files whose root is place, indented, ending in a newline. */
void spec_schema(struct str *out, const struct spec_place *root, const char *title,
		 const char *about);
/* mdoc lists of all keys of the places. */
void spec_mdoc(struct str *out, const struct spec_place *const *places, size_t count);

#endif
