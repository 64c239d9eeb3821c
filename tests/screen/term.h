/* term.h -- the real program on a pseudo-terminal, its screen read back through libvterm. Tests wait for text, never for time. */
#ifndef TESTS_SCREEN_TERM_H
#define TESTS_SCREEN_TERM_H

#include <stdbool.h>

/* Keys for term_send, which sends arrows as a terminal does in the mode that the program has set. */
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
	const char *home;              /* GATEDRILL_HOME; its decks/ are what there is to study */
	const char *term, *lang;       /* TERM and LC_ALL; NULL: xterm-256color, C.UTF-8 */
	const char *const *env;        /* further "NAME=value", NULL-terminated, or NULL */
	const char *const *args;       /* without the program's name, NULL-terminated */
	bool job;                      /* below a shell: when stopped "[stopped]" is shown and "fg\n" goes on */
};
/* Start $GATEDRILL. Fails the test when it cannot. */
struct term *term_start(const struct term_options *o);
void term_send(struct term *t, const char *keys); /* bytes as typed; UP and others below */
/* Wait until the screen shows text (or no longer shows it). Fails the test, printing the screen, after 5 s without. */
void term_wait(struct term *t, const char *text);
void term_wait_gone(struct term *t, const char *text);
/* Wait until the screen is another than before, which term_keep gave. */
void term_wait_change(struct term *t, const char *before);
/* The same; false when the screen stays as it is, true also when the program ends. */
bool term_reacts(struct term *t, const char *before);
/* Wait until all that was sent is dealt with and drawn: C-l redraws on every screen. Takes away a message. */
void term_sync(struct term *t);
bool term_shows(struct term *t, const char *text); /* now, once all is drawn */
/* Where text stands first, in cells. False: nowhere. row, col: may be NULL. */
bool term_find(struct term *t, const char *text, int *row, int *col);
void term_damage(struct term *t); /* somebody else writes over the screen */
void term_resize(struct term *t, int rows, int cols); /* and let the program draw */
void term_set_size(struct term *t, int rows, int cols); /* the same without waiting */
const char *term_row(struct term *t, int row);     /* one row, right blanks cut; until the next call */
const char *term_cell(struct term *t, int row, int col); /* one character; " " for a blank, "" for the right half of a wide one */
const char *term_screen(struct term *t);           /* all rows, each with its newline; until the next call */
const char *term_keep(struct term *t);             /* the same, until the next call of this one */
bool term_bold(struct term *t, int row, int col);
bool term_reverse(struct term *t, int row, int col);
bool term_coloured(struct term *t);                /* any cell has another foreground than the default */
int term_colour(struct term *t, int row, int col); /* number of the foreground, -1: the default */
bool term_alternate(struct term *t);               /* the alternate screen is in use */
bool term_cursor(struct term *t, int *row, int *col); /* where it is; false: hidden. row, col: may be NULL */
void term_signal(struct term *t, int signal);      /* to the program, as the terminal's keys send it */
void term_hang_up(struct term *t);                 /* close the terminal under the program */
bool term_gone(struct term *t);                    /* the program has closed its terminal */
int term_finish(struct term *t);                   /* wait for the program to end: exit code, or 128 + signal */
void term_free(struct term *t);
void term_free_all(void);                          /* those that a failed test left: their programs are killed */
int term_end(struct term *t);                      /* both */
/* The bytes the program wrote so far hold this text (escape sequences included). */
bool term_wrote(struct term *t, const char *bytes);
bool term_wrote_ascii(struct term *t); /* nothing else so far */

#endif
