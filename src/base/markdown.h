/* markdown.h -- Markdown (md4c: CommonMark, tables, strikethrough; no HTML) laid out as styled
 * lines of a given width, or as plain text. */
#ifndef BASE_MARKDOWN_H
#define BASE_MARKDOWN_H

#include "base/mem.h"
#include "base/str.h"

#include <stdint.h>

/* Style bits of a run of text. Colour is the front end's business. */
enum md_style {
	MD_PLAIN = 0,
	MD_STRONG = 1,
	MD_EM = 2,
	MD_CODE = 4,
	MD_STRIKE = 8,
	MD_HEADING = 16,
	MD_LINK = 32,
	MD_RULE = 64,   /* table lines, bullets, quote bars: drawn dim */
	MD_BLANK = 128, /* the hole of a cloze, given in the source as the private-use characters
			   MD_BLANK_ON / OFF */
};
/* Put these around text in the source to give it MD_BLANK (cloze holes and revealed answers). They
 * never reach the output. */
#define MD_BLANK_ON "\xee\x80\x80"  /* U+E000 */
#define MD_BLANK_OFF "\xee\x80\x81" /* U+E001 */

struct md_run {
	const char *text; /* borrowed from the lay-out's arena; sanitised, NUL-terminated */
	int cols;
	unsigned style; /* bits of enum md_style */
};
struct md_line {
	struct md_run *runs;
	size_t count;
	int cols;
};
struct md_layout {
	struct arena arena;
	struct md_line *lines;
	size_t count;
	int width; /* what it was laid out for */
};

#define MAX_MD_BYTES ((size_t)64 << 10) /* longer sources are cut there, with an ellipsis */
#define MAX_MD_LINES 10000

/* Lay out source for width columns (10 to 500; what is outside counts as the nearer). out is
 * cleared first. Words wrap at spaces and after hyphens; what is longer than a line is broken
 * between clusters. Lists, nested to any depth, hang; fenced code is kept as it is and clipped
 * lines wrap with a mark; tables are drawn with aligned columns, cells wrap, and a table whose
 * columns would get narrower than 8 or than their words becomes records ("heading: cell" lines, one
 * block a row). A link shows its target behind it, as " <https://...>", if that fits a line; not in
 * tables and headings. ascii: the whole output is ASCII, text (utf8_to_ascii) and marks. Cannot
 * fail: any bytes give a lay-out. Blocks are parted by one empty line; no empty line first or last.
 */
void md_layout(struct md_layout *out, const char *source, int width, bool ascii);
void md_layout_clear(struct md_layout *out);
/* As plain text lines, for --plain: the same lay-out without styles; appends to out, each line ends
 * in newline. Emphasis shows nothing, code keeps its text. */
void md_plain(struct str *out, const char *source, int width, bool ascii);
/* The words only, on one line, for search indexes and list rows: no marks, link targets left out.
 */
void md_words(struct str *out, const char *source);

#endif
