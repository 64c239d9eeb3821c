/* mdpage.h -- Markdown written block by block, in lists and quotes within one another: what
 * htmlin.c writes to. */
#ifndef EXCHANGE_MDPAGE_H
#define EXCHANGE_MDPAGE_H

#include "exchange/mdtext.h"

#define MAX_MDPAGE_BOXES 16   /* lists, items and quotes in one another */
#define MAX_MDPAGE_COLUMNS 50 /* of a table; further cells join the last */

enum mdpage_box_kind { MDPAGE_TEXT, MDPAGE_LIST, MDPAGE_ITEM, MDPAGE_QUOTE };
struct mdpage_box {
	enum mdpage_box_kind kind;
	bool ordered, other; /* lists; other: marks unlike those of the list just before */
	unsigned count;      /* lists: items begun; items: number from 1; quotes: 1 when something
				stands in it */
	bool marked;         /* items: the mark is written */
	bool after_list, after_other; /* the block before in it is a list, with other marks */
};
struct mdpage_row {
	size_t first, count; /* cells */
};
/* The caller sets out (borrowed) and begun in a zeroed struct, and clears it. */
struct mdpage {
	struct str *out;
	size_t begun;                                  /* of out: where this text begins */
	struct mdpage_box boxes[MAX_MDPAGE_BOXES + 1]; /* 0: the text itself */
	size_t box;                                    /* innermost */
	struct mdtext para, cell;                      /* under construction */
	unsigned heading; /* para is one of this level; 0: it is none */
	struct str code;  /* of a block of code */
	bool in_cell;     /* a cell is under construction */
	struct str cells; /* of the table, finished */
	size_t *ends;     /* of cells in it */
	size_t cell_count, cell_cap;
	struct mdpage_row *rows;
	size_t row_count, row_cap;
};
void mdpage_clear(struct mdpage *p); /* frees; out is the caller's */

/* Begin and end a list, an item or a quote. False: too deep, nothing was begun. A list must be open
 * for an item. */
bool mdpage_push(struct mdpage *p, enum mdpage_box_kind kind, bool ordered);
void mdpage_pop(struct mdpage *p);
void mdpage_flush(struct mdpage *p); /* write the paragraph, if there is text in it */
void mdpage_code(struct mdpage *p);  /* write the block of code */
void mdpage_rule(struct mdpage *p);
void mdpage_begin_row(struct mdpage *p); /* of a table */
void mdpage_begin_cell(struct mdpage *p);
void mdpage_end_cell(struct mdpage *p);
void mdpage_table(struct mdpage *p); /* write the table, if there are words in it */

#endif
