/* mojibake.h -- UTF-8 that was once read in a legacy encoding and saved again: "â†’" for an arrow.
 */
#ifndef DECK_MOJIBAKE_H
#define DECK_MOJIBAKE_H

#include "base/str.h"

struct mojibake {
	struct slice found;  /* as it stands in the text; borrowed */
	char meant[40];      /* what it was, UTF-8; "" when bytes were lost */
	const char *charset; /* what it was read as, a literal */
};

/* The first place in valid UTF-8 text that only makes sense as such damage. False if there is none.
 */
bool mojibake_find(const char *text, size_t n, struct mojibake *out);

#endif
