/* cloze.h -- the holes of a cloze text: {{c1::answer}} or {{c1::answer::hint}}. */
#ifndef DECK_CLOZE_H
#define DECK_CLOZE_H

#include "base/str.h"

struct hole {
	int number;
	struct slice answer, hint; /* hint.len 0: none. Borrowed from the text */
	size_t start, end;         /* byte offsets of the braces, and past them */
};

enum cloze_result { CLOZE_HOLE, CLOZE_END, CLOZE_BAD };

/* The next hole at or after offset *at, which is moved past it. "{{" without c and a digit is text.
 * CLOZE_BAD: *problem says what is wrong with the hole at hole->start, a literal; the scan cannot
 * go on. The whole scan of a text is linear. */
enum cloze_result cloze_next(const char *text, size_t *at, struct hole *hole, const char **problem);

#endif
