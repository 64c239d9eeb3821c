/* exchange.h -- cards out to other programs and in from them, from the lists of decks and cards. */
#ifndef TUI_EXCHANGE_H
#define TUI_EXCHANGE_H

#include "tui/view.h"

/* Write the cards of a query into a file, whose name tells the format, and show what to do with it.
 * What goes wrong is said. */
void exchange_export(struct app *app, const char *query, const char *path);

/* Make decks of the learner's own from a file, load them, and show what came and what could not. */
void exchange_import(struct app *app, const char *path);

#endif
