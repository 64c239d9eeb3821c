/* bars.h -- readiness as bars: a range for each domain, and the guess at the pass line. */
#ifndef TUI_BARS_H
#define TUI_BARS_H

#include "study/readiness.h"
#include "tui/page.h"

/* An axis, a bar a domain, and what it comes to in words. Takes 7 lines for 4 domains in 74
 * columns. r->chance.enough. */
void bars_draw(struct page *p, const struct readiness *r);
/* The words alone, for small screens. */
void bars_words(struct page *p, const struct readiness *r);

#endif
