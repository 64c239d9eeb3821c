/* home.h -- a scratch home with decks, in which the program runs on a screen or line by line. Each
 * test has one of its own. */
#ifndef TESTS_SCREEN_HOME_H
#define TESTS_SCREEN_HOME_H

#include "tests/screen/term.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define NOW "2026-11-20T09:00:00Z" /* a Friday */
#define TOMORROW "2026-11-21T09:00:00Z"

struct home {
	char dir[64];
	/* What programs started in it get. home_setup gives 24 rows, 80 columns, NOW and NULL. */
	int rows, cols;
	const char *now;         /* the clock stands there */
	const char *term, *lang; /* NULL: xterm-256color, C.UTF-8 */
	const char *const *env;  /* "NAME=value", NULL-terminated, or NULL */
	bool job;                /* as in term.h */
	char share[80];          /* bundled files; home_setup gives none */
};

/* For cmocka_unit_test_setup_teardown: *state is the home; it holds the deck "kinds". */
int home_setup(void **state);
int home_teardown(void **state);
#define home_test(f) cmocka_unit_test_setup_teardown(f, home_setup, home_teardown)
#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

/* A file of the home, such as "decks/x.yaml"; written whole. */
void home_write(const struct home *h, const char *name, const char *text);
/* An HTTP API of the learner's own in a folder, made: mine.yaml, whose function is a command. It
 * answers GET /hello, and leaves the file "ran" in the home once it has run. */
void home_own_api(const struct home *h, const char *folder);
/* A copy of tests/screen/decks/NAME.yaml. */
void home_deck(const struct home *h, const char *name);
/* The files of data/apis/NAME, in the home itself. */
void home_api(const struct home *h, const char *name);
/* Bundled files: the small exam, a matrix and its tree; and the deck that the
 * exam draws from. The exam is the one that is set. */
void home_share(struct home *h);
/* The same with a lab, proofs and a drill. */
void home_labs(struct home *h);
void home_folder(const struct home *h, const char *name);
void home_remove(const struct home *h, const char *name);
/* The path of a file of the home. Until the next call. */
const char *home_path(const struct home *h, const char *name);

/* Keep the study store as it is, and go back to it. No program runs meanwhile. */
void home_save(const struct home *h);
void home_restore(const struct home *h);

/* Start the program on a screen. args: its arguments, parted by blanks. */
struct term *home_start(const struct home *h, const char *args);
/* Run it line by line, with input to read ("" for none). Its exit code; what it wrote is in *out
 * until the next call (NULL: not wanted). */
int home_run(const struct home *h, const char *args, const char *input, const char **out);

#endif
