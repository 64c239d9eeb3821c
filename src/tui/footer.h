/* footer.h -- the last line: the keys that work now. */
#ifndef TUI_FOOTER_H
#define TUI_FOOTER_H

#include "tui/view.h"

void footer_put(const struct frame *f, struct screen *s, const struct view *v);

#endif
