/* sign.h -- the few signs the screens use, and what stands for them where they cannot be shown. */
#ifndef TUI_SIGN_H
#define TUI_SIGN_H

#include "base/str.h"

#define SIGN_RIGHT "✓"
#define SIGN_WRONG "✗"
#define SIGN_FLAG "⚑"
#define SIGN_OFF "○"
#define SIGN_ON "●"
#define SIGN_HALF "◐"
#define SIGN_HERE "▸"
#define SIGN_RULE "─"
#define SIGN_BAR "━"
#define SIGN_DOT "·"

/* Is this a UTF-8 locale in which all signs are one column wide? */
bool signs_fit(void);
/* Append text as ASCII: signs as one character each, the rest by utf8_to_ascii. */
void signs_ascii(struct str *out, const char *text);

#endif
