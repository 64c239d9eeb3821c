/* term.h -- the real program on a pseudo-terminal, its screen read back through libvterm. Tests
 * wait for text, never for time. Rows and columns count from 0; a column is a cell. */
#ifndef TESTS_SCREEN_TERM_H
#define TESTS_SCREEN_TERM_H

#include <stdbool.h>

/* Keys for term_send, which sends arrows as a terminal does in the mode the program has set. */
#define UP "\033OA"
#define DOWN "\033OB"
#define RIGHT "\033OC"
#define LEFT "\033OD"
#define PAGE_DOWN "\033[6~"
#define PAGE_UP "\033[5~"
#define ENTER "\r"
#define ESC "\033"
#define CTRL_C "\003"
#define CTRL_D "\004"
#define CTRL_U "\025"

struct term; /* a running program and the screen it draws on */

struct term_options {
	int rows, cols;
	const char *home;        /* GATEDRILL_HOME; its decks/ are what there is to study */
	const char *share;       /* GATEDRILL_SHARE: bundled files; NULL: none */
	const char *term, *lang; /* TERM and LC_ALL; NULL: xterm-256color, C.UTF-8 */
	const char *const *env;  /* further "NAME=value", NULL-terminated, or NULL */
	const char *const *args; /* without the program's name, NULL-terminated */
	bool job; /* below a shell: when stopped "[stopped]" is shown and "fg\n" goes on */
};
/* Start $GATEDRILL. Fails the test when it cannot. */
struct term *term_start(const struct term_options *o);
/* Wait for the program to end: its exit code, or 128 + signal. What it drew can still be read. */
int term_finish(struct term *t);
void term_free(struct term *t);
int term_end(struct term *t);   /* term_finish and term_free */
void term_kill(struct term *t); /* by SIGKILL, and term_free */
void term_free_all(void);       /* term_kill those that a failed test left */

/* ---- to the program ------------------------------------------------------------------------- */

void term_send(struct term *t, const char *keys);
void term_resize(struct term *t, int rows, int cols);   /* and let the program draw */
void term_set_size(struct term *t, int rows, int cols); /* the same without waiting */
void term_signal(struct term *t, int signal);           /* to the job in the foreground */
void term_hang_up(struct term *t);                      /* close the terminal under the program */
void term_damage(struct term *t);                       /* somebody else writes over the screen */

/* ---- waiting: each fails the test, printing the screen, after 5 s --------------------------- */

void term_wait(struct term *t, const char *text);
void term_wait_gone(struct term *t, const char *text);
/* Until the screen is another than, or again, the one that term_keep gave. */
void term_wait_change(struct term *t, const char *kept);
void term_wait_same(struct term *t, const char *kept);
/* Until all that was sent is dealt with and drawn: C-l redraws anywhere. Clears a message. */
void term_sync(struct term *t);
/* As term_wait_change, but false when nothing changes; true also when the program ends. */
bool term_reacts(struct term *t, const char *kept);
/* Until the program has the alternate screen (again, after an editor). False: it ends. */
bool term_stays(struct term *t);

/* ---- the screen now, once the program has drawn all it has to ------------------------------- */

bool term_shows(struct term *t, const char *text);
/* Where text stands first. False: nowhere. row, col: may be NULL. */
bool term_find(struct term *t, const char *text, int *row, int *col);
/* Where the cursor is. False: it is hidden. row, col: may be NULL. */
bool term_cursor(struct term *t, int *row, int *col);
bool term_alternate(struct term *t); /* the alternate screen is in use */
/* The bytes the program wrote so far hold this text (escape sequences included). */
bool term_wrote(struct term *t, const char *bytes);
bool term_wrote_ascii(struct term *t); /* ... nothing but ASCII */

/* ---- the screen as it was last looked at; texts until the next call ------------------------- */

const char *term_row(struct term *t, int row);           /* without the blanks at its end */
const char *term_cell(struct term *t, int row, int col); /* one character, " " for a blank */
const char *term_screen(struct term *t);                 /* all rows, each with its newline */
const char *term_keep(struct term *t);                   /* the same, until the next term_keep */
bool term_bold(struct term *t, int row, int col);
int term_colour(struct term *t, int row, int col); /* number of the foreground, -1: the default */
bool term_coloured(struct term *t);                /* any character has a colour */

#endif
