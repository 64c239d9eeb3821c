/* pagetext.h -- a page as plain text, for comparing. */
#ifndef TESTS_TUI_PAGETEXT_H
#define TESTS_TUI_PAGETEXT_H

#include "tui/page.h"

/* Lines without spaces at their ends, each ended by '\n'; a mark stands before its line, "> ". In
 * the arena. */
const char *page_text(struct arena *a, const struct page *p);

#endif
