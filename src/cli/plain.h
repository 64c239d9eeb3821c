/* plain.h -- the line front end: one prompt a line, answers read as lines. For screen readers,
 * scripts, slow links and tests. */
#ifndef CLI_PLAIN_H
#define CLI_PLAIN_H

#include "base/idset.h"
#include "cli/cli.h"
#include "study/review.h"

/* What a line meant. */
enum plain_line {
	LINE_TEXT,    /* an answer: in arg */
	LINE_COMMAND, /* a command of plain_commands: in command, its argument in arg */
	LINE_END,     /* end of input */
};

enum plain_command_id {
	PLAIN_UNDO,
	PLAIN_REDO,
	PLAIN_BURY,
	PLAIN_SUSPEND,
	PLAIN_FLAG,
	PLAIN_LEECH,
	PLAIN_RESET,
	PLAIN_DUE,
	PLAIN_EDIT,
	PLAIN_SOURCE,
	PLAIN_CARD,
	PLAIN_HINT,
	PLAIN_REVEAL,
	PLAIN_PROVE,
	PLAIN_HELP,
	PLAIN_QUIT,
	PLAIN_COMMAND_COUNT
};
struct plain_command {
	const char *name;
	char letter; /* the command in one letter, where letters are no answers */
	const char *arg, *help;
};
extern const struct plain_command plain_commands[PLAIN_COMMAND_COUNT];

/* A session on a pair of streams. */
struct plain {
	struct call *call;
	struct study *study;
	struct review *review;
	int width; /* columns of text */
	bool ascii;
	struct str line, text; /* the last line read; scratch */
	enum plain_command_id command;
	const char *arg; /* of the command or the answer; borrowed from line */
	int bad_lines;   /* in a row */
	int code;        /* of the exit */
	bool stop;
};

/* Everything but review. */
void plain_init(struct plain *p, struct call *c, struct study *s);
void plain_clear(struct plain *p);
/* Print a prompt, read one line into p->line, as it is. False at the end of input. */
bool plain_line(struct plain *p, const char *prompt);
/* Print a prompt, read one line. letters: bare letters are commands too (no answer is expected that
 * could be one). */
enum plain_line plain_read(struct plain *p, const char *prompt, bool letters);
/* The line made no sense: say what would. Too many in a row from a script stop the session with
 * EXIT_USAGE. */
void plain_bad_line(struct plain *p, const char *what);
/* Markdown as text, ends with a newline. */
void plain_markdown(struct plain *p, const char *source);
void plain_say(struct plain *p, const char *fmt, ...) PRINTF(2, 3); /* a line */
void plain_gap(struct plain *p);                                    /* an empty line */

/* plainask.c: put the question of the current card, take an answer, show the result. False: the
 * session goes elsewhere (a command moved on, or it ends). */
bool plain_ask(struct plain *p, struct review_card *c);
/* What that is made of, for sessions with commands of their own: the question with its options, the
 * prompt for an answer (in the arena), the verdict with the reasons, notes and sources, the
 * addresses of the sources, "A: text", and what an answer that made no sense should look like. */
void plain_question(struct plain *p, const struct review_card *c);
const char *plain_prompt(struct arena *a, const struct ask *q);
void plain_result(struct plain *p, const struct review_card *c);
void plain_sources(struct plain *p, const struct review_card *c);
void plain_lettered(struct plain *p, char letter, const char *text);
void plain_advice(struct plain *p, const char *why);
/* Do the command that was read. c NULL: there is no card in front. True: ask again where we were.
 */
bool plain_command(struct plain *p, struct review_card *c);

#endif
