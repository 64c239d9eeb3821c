/* mdtext.h -- styled text written as the Markdown of one paragraph. */
#ifndef EXCHANGE_MDTEXT_H
#define EXCHANGE_MDTEXT_H

#include "base/markdown.h"

/* Text in runs of one style each. Zeroed is empty. '\n' in it is a line break that stays. */
struct mdtext_run {
	size_t end;      /* of its text; it begins where the run before ends */
	unsigned style;  /* MD_STRONG, MD_EM, MD_CODE, MD_STRIKE */
	const char *url; /* of a link, borrowed; NULL */
};
struct mdtext {
	struct str text;
	struct mdtext_run *runs;
	size_t count, cap;
};
void mdtext_clear(struct mdtext *t); /* frees */
void mdtext_reset(struct mdtext *t); /* empties */
/* Append text as it is meant to be read. White space is folded into single blanks, none at the
 * start of a line. */
void mdtext_add(struct mdtext *t, const char *p, size_t n, unsigned style, const char *url);
void mdtext_break(struct mdtext *t); /* a line break; none at the very start */
/* Does nothing stand in it but white space and breaks? */
bool mdtext_blank(const struct mdtext *t);
/* Append it as Markdown that reads as this text with these styles: marks are escaped, also those
 * that would begin a block. A style whose marks could not be read there is left out. Between lines
 * stands hard, such as "\\\n" and the indentation. cell: '|' is escaped too, and a line break is a
 * blank. Leading and trailing white space is dropped. */
void mdtext_write(struct str *out, const struct mdtext *t, const char *hard, bool cell);
/* The longest run of c in the text. */
size_t mdtext_longest(const char *p, size_t n, char c);

#endif
