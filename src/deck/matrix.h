/* matrix.h -- a truth table as loaded from data/matrix: options by features, with the words that
 * scenarios are told in. The matrix is the truth; decision trees are views of it (dtree.h). */
#ifndef DECK_MATRIX_H
#define DECK_MATRIX_H

#include "deck/deck.h"

#define MAX_MATRIX_BYTES ((size_t)1 << 20) /* of a matrix or tree file */
#define MAX_MATRIX_TEXT 2000               /* bytes of one text in it */
#define MAX_FEATURES 64                    /* a need set is one word of bits */
#define MAX_MATRIX_OPTIONS 20
#define MAX_WISHES 8
#define MAX_PHRASES 40 /* of a feature or wish */
#define MAX_STORIES 200
#define MAX_STORY_WORDS 60
#define MAX_APART 40 /* groups of features of which a case has at most one */
#define MAX_RANK 100

enum cell_is { CELL_NO, CELL_YES, CELL_UNKNOWN };

/* What one option has of one feature. */
struct cell {
	enum cell_is is;
	enum cell_is exam; /* what the exam keys; the same as is where it does not differ */
	const char *why;   /* a sentence for this option; NULL when absent */
	const char *since; /* "2025-11" or "2025": when it became so; NULL when absent */
	const struct source **cited; /* of the cell, else of its feature */
	size_t cited_count;
};

struct matrix_option {
	const char *id, *title;
	uint64_t when;    /* features: a candidate only if one of them is needed; 0: always one */
	const char *note; /* what it is in one sentence; NULL when absent */
	struct pos pos;
};

/* A soft wish: ranks options once every need is met. */
struct wish {
	const char *id, *title;
	int rank[MAX_MATRIX_OPTIONS]; /* 1 .. MAX_RANK, lower is better; 0: not comparable */
	const char **say;
	size_t say_count;
	struct pos pos;
};

struct feature {
	const char *id, *title;
	struct cell cells[MAX_MATRIX_OPTIONS];
	const char **say, **without; /* phrases: it is needed; it is not needed */
	size_t say_count, without_count;
	uint64_t not_beside; /* features that may not stand beside this one in a scenario; never
				itself; both sides have it */
	const char *lacks; /* why an option that has it not fails, as a clause; NULL when absent */
	struct pos pos;
};

struct story_word {
	const char *name, *text;
};
struct story {
	const char *id, *field, *text;
	struct story_word *words;
	size_t word_count;
	uint64_t not_here; /* features whose phrases make no sense in it */
	struct pos pos;
};

struct matrix {
	struct arena arena;
	const char *file;               /* as given to the reader; used in positions */
	const char *id, *title, *about; /* about NULL when absent */
	const char *question;           /* what a scenario asks at its end */
	int32_t as_of_day;
	struct matrix_option *options;
	size_t option_count;
	struct wish *wishes;
	size_t wish_count;
	struct feature *features;
	size_t feature_count;
	const char **words; /* names of the words that every story defines */
	size_t word_count;
	struct story *stories;
	size_t story_count;
	uint64_t apart[MAX_APART]; /* of each group a need set holds at most one */
	size_t apart_count;
	struct source *sources;
	size_t source_count;
	/* Options by feature as bits, for today's cells and for what the exam keys. */
	uint32_t no[MAX_FEATURES], unknown[MAX_FEATURES];
	uint32_t exam_no[MAX_FEATURES], exam_unknown[MAX_FEATURES];
	struct node *root;
	struct pos pos;
};

/* Read a matrix. On false out holds nothing and d has at least one error with a position. out need
 * not be initialised. All errors of a file are reported. Codes: those of yaml.h, those of spec.h
 * (data-...) and matrix-cell, matrix-option, matrix-feature, matrix-few-phrases, matrix-word,
 * matrix-rank, matrix-apart, matrix-since, matrix-few-stories. Rules that belong to the content
 * (at least three phrases a feature, words that every story defines) are errors too. */
bool matrix_read(struct matrix *out, const char *file, const char *bytes, size_t n,
		 struct diags *d);
bool matrix_read_file(struct matrix *out, const char *path, struct diags *d);
void matrix_clear(struct matrix *m); /* accepts a zeroed matrix */

/* Index by id, or -1. */
int matrix_option(const struct matrix *m, const char *id);
int matrix_feature(const struct matrix *m, const char *id);
int matrix_wish(const struct matrix *m, const char *id);

/* -- what follows from a need set ------------------------------------------------------------- */

enum decision_kind {
	DECISION_ONE, /* exactly one option meets every need, or is the strict best by the wish */
	DECISION_SEVERAL, /* several do, and no wish decides between them */
	DECISION_NONE,    /* every candidate lacks a need */
	DECISION_BLOCKED, /* whether a survivor meets a need is not known */
};
struct decision {
	enum decision_kind kind;
	int option;         /* DECISION_ONE, else -1 */
	uint32_t survivors; /* bits of the candidates that lack no need */
	bool by_wish;       /* DECISION_ONE with several survivors */
};
/* The lowest of some bits, taken out of them; bits is not 0. */
static inline int take_bit(uint64_t *bits)
{
	int i = __builtin_ctzll(*bits);
	*bits &= *bits - 1;
	return i;
}
/* needs: bits of features. wish: index, or -1. */
struct decision matrix_decide(const struct matrix *m, uint64_t needs, int wish);
/* The same by what the exam keys. */
struct decision matrix_decide_exam(const struct matrix *m, uint64_t needs, int wish);
/* The options that may win: without `when`, or one of theirs is needed. Bits of options. */
uint32_t matrix_candidates(const struct matrix *m, uint64_t needs);
/* The needs that an option lacks (its cell is n). Bits of features. */
uint64_t matrix_broken(const struct matrix *m, int option, uint64_t needs);
/* Can this set of needs be at all: at most one feature of each group that stands apart? */
bool matrix_possible(const struct matrix *m, uint64_t needs);

/* Why an option fails a need: the cell's own reason, the feature's clause, or what its title gives;
 * one sentence with its stop. Appends. */
void matrix_why_not(struct str *out, const struct matrix *m, int option, int feature);
/* Text with its words in braces filled in from a story; a word that begins with a capital is made
 * from the one without when the story does not give it. Appends. */
void story_fill(struct str *out, const struct story *s, const char *text);

/* JSON Schema of matrix files: what data/schema/matrix.schema.json holds. */
void matrix_schema(struct str *out);
/* mdoc list of all keys, for the manual. */
void matrix_keys_mdoc(struct str *out);

#endif
