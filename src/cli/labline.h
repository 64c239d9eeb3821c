/* labline.h -- what is done in a lab, as it is typed: "send POST /dev/orders -d '{"n": 1}'",
 * "connect /live", "say hello", "wait 2s". */
#ifndef CLI_LABLINE_H
#define CLI_LABLINE_H

#include "deck/lab.h"

/* The words of a lab's action. False: the first word is none of its verbs. */
bool lab_line_verb(const char *line, enum lab_verb *out);
/* Read a line that begins with such a verb. Texts are in the arena; `as` is NULL where the line
 * names no connection. False: *why says what would make sense, a sentence in the arena. */
bool lab_line_read(struct arena *a, const char *line, struct lab_action *out, const char **why);
/* "500ms", "2s", "11m", "3h", at most MAX_LAB_WAIT_MS. */
bool lab_line_span(const char *text, int64_t *ms);

#endif
