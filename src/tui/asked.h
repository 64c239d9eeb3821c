/* asked.h -- keys on a question that is being asked, until its answer is given: the same in a
 * review and in a quiz. */
#ifndef TUI_ASKED_H
#define TUI_ASKED_H

#include "tui/question.h"
#include "tui/view.h"

/* Choose and rule out, match, put in order. False: the command is none of these. What cannot be
 * done is said. */
bool asked_command(struct app *app, struct ask *q, struct pose *pose, enum command_id id,
		   const char *arg);
/* Take what was typed. False: something is missing before an answer can be given, which is said. */
bool asked_complete(struct app *app, struct ask *q, struct pose *pose);
/* Choose, rule out and walk among count options. */
bool marks_command(struct app *app, struct marks *m, int count, enum command_id id,
		   const char *arg);
/* Is a command on a question, or on its card, of use now? card NULL: there is none. */
bool asked_can(const struct review_card *card, const struct pose *pose, enum command_id id);
/* How many of the keys a-j mean something. */
int asked_letters(const struct ask *q);

#endif
