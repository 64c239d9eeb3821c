/* mdblock.h -- a Markdown text as a flat list of leaf blocks: what markdown.c reads, what
 * mdlayout.c, mdwrap.c and mdtable.c draw, and what exchange/htmlout.c writes as HTML. Private to
 * these. */
#ifndef BASE_MDBLOCK_H
#define BASE_MDBLOCK_H

#include "base/markdown.h"

/* Behind these limits the text is cut, but for the depth: deeper boxes are not made. */
#define MAX_MD_DEPTH 32                  /* lists and quotes in one another */
#define MAX_MD_CHAIN (2 * MAX_MD_DEPTH)  /* boxes in one another: a list counts with its item */
#define MAX_MD_CELLS 20000               /* table cells */
#define MAX_MD_TEXT ((size_t)512 << 10)  /* bytes of text read */
#define MAX_MD_OUTPUT ((size_t)16 << 20) /* bytes of lines */

/* Bytes of the document's text, [from, to). */
struct mdb_range {
	size_t from, to;
};

/* Text up to end, from the end of the span before, has this style. */
struct mdb_span {
	size_t end;
	unsigned style; /* bits of enum md_style */
};

/* What leaves stand in. A list holds items only; an item stands in a list only. */
enum mdb_box_kind { MDB_QUOTE, MDB_LIST, MDB_ITEM };
struct mdb_box {
	struct mdb_box *up; /* NULL at the top */
	enum mdb_box_kind kind;
	bool ordered, tight; /* lists */
	char delimiter;      /* ordered lists: '.' or ')' */
	unsigned start;      /* ordered lists: number of the first item */
	unsigned count;      /* lists: items so far; items: own place from 0 */
	size_t leaf;         /* items: leaves read before this one */
	char task;           /* items: 0, or what stands in the brackets, ' ' or 'x' */
	bool drawn;          /* items: the marker is on the page */
};

enum mdb_kind { MDB_PARA, MDB_HEADING, MDB_CODE, MDB_RULE, MDB_TABLE };
enum mdb_align { MDB_LEFT, MDB_CENTER, MDB_RIGHT };

/* The cells are those of the document from `first` on, row by row; row 0 is the header. */
struct mdb_table {
	size_t columns, rows, first;
	unsigned char *align; /* enum mdb_align, one a column */
};
struct mdb_leaf {
	enum mdb_kind kind;
	struct mdb_range text;   /* trimmed; '\n' is a hard break or ends a line of code */
	struct mdb_box *box;     /* innermost; NULL at the top */
	struct mdb_table *table; /* MDB_TABLE: has one cell with words, or more */
};

/* A link: its text and where it leads, in the document's arena. */
struct mdb_link {
	struct mdb_range text;
	const char *target;
};

struct mdb_doc {
	struct arena arena; /* boxes and tables */
	struct str text;    /* sanitised unless exact; of all leaves and cells */
	struct mdb_span *spans;
	size_t nspans, cap_spans;
	struct mdb_leaf *leaves;
	size_t nleaves, cap_leaves;
	struct mdb_range *cells;
	size_t ncells, cap_cells;
	struct mdb_link *links; /* exact: in the order of their text; none stands in another */
	size_t nlinks, cap_links;
	bool ascii;
	bool exact;
};
/* doc is zeroed before. Too long a source ends in a paragraph of one ellipsis. ascii: turn the text
 * into ASCII. Link targets of at most target_cols columns, with their brackets, are put behind
 * their links. */
void mdb_read(struct mdb_doc *doc, const char *source, bool ascii, int target_cols);
/* The same for what is not shown on a terminal: the text as it was written, but for control
 * characters and invalid bytes; links are kept apart. */
void mdb_read_exact(struct mdb_doc *doc, const char *source);
void mdb_clear(struct mdb_doc *doc);
/* Text that was appended to doc->text since the last span gets this style. */
void mdb_style(struct mdb_doc *doc, unsigned style);
/* Add to the text, as it is; a copy of a part of it, whose styles get one more. */
void mdb_add(struct mdb_doc *doc, const char *text, size_t n, unsigned style);
void mdb_add_range(struct mdb_doc *doc, struct mdb_range r, unsigned style);
void mdb_truncate(struct mdb_doc *doc, size_t len);       /* drop what was added since */
size_t mdb_span_at(const struct mdb_doc *doc, size_t at); /* index of the span that holds a byte */
/* "&amp;", "&#38;" or "&#x26;" (n > 2): its code point, or 0 if there is no such name. */
uint32_t mdb_entity(const char *p, size_t n);

/* The marks lines are drawn with. */
struct mdb_marks {
	const char *bar, *bullet, *rule, *more; /* one column each */
	const char *ellipsis;
};
/* One line of a wrapped text. */
struct mdb_cut {
	struct mdb_range text;
	int cols;
};
/* What draws: a line under construction, and where finished lines go. */
struct mdb_pen {
	struct mdb_doc *doc;
	struct md_layout *out;
	const struct mdb_marks *marks;
	int width;
	bool full;        /* a limit was met: nothing is drawn any more */
	size_t cap_lines; /* of out->lines, on the heap until all is drawn */

	struct mdb_box *chain[MAX_MD_CHAIN]; /* boxes around the present leaf, outermost first */
	size_t depth;
	int indent; /* columns they take */

	struct str line; /* the line under construction and its styles */
	struct mdb_span *spans;
	size_t nspans, cap_spans;

	struct mdb_cut *cuts;
	size_t ncuts, cap_cuts;
};
int mdb_room(const struct mdb_pen *pen); /* columns for text beside the boxes, 8 and more */
void mdb_begin(struct mdb_pen *pen);     /* a line: bars, markers, indentation */
void mdb_put(struct mdb_pen *pen, const char *text, size_t n, unsigned style);
void mdb_put_range(struct mdb_pen *pen, struct mdb_range r);
void mdb_pad(struct mdb_pen *pen, int cols);
void mdb_put_rule(struct mdb_pen *pen, int cols);
void mdb_end(struct mdb_pen *pen); /* finish it, without spaces at its end */

void mdb_add_cut(struct mdb_pen *pen, struct mdb_cut cut);
/* Append to pen->cuts the lines of a text: the first at most cols wide, the others hang less. */
void mdb_wrap(struct mdb_pen *pen, struct mdb_range r, int cols, int hang);
/* Widest line and widest unbreakable piece of a text, in columns. */
void mdb_measure(const struct mdb_doc *doc, struct mdb_range r, int *line, int *word);
/* Wrap and draw; lines after the first are indented by hang. */
void mdb_draw_text(struct mdb_pen *pen, struct mdb_range r, int hang);
void mdb_draw_table(struct mdb_pen *pen, const struct mdb_table *t);

#endif
