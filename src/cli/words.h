/* words.h -- commands of a line front end that has its own: a table of words, each with a letter.
 */
#ifndef CLI_WORDS_H
#define CLI_WORDS_H

#include "cli/plain.h"

struct word {
	const char *name;
	char letter; /* 0: none */
	const char *arg, *help;
};
/* The command that a line names: ":flag 2", ":f 2", and, where words are no answers, "flag 2"; with
 * letters also "f 2". Its argument goes to p->arg. -1: it is none, and p->arg is the line, its
 * first colon of two taken off; -2: a colon, but no such command. */
int word_find(struct plain *p, const struct word *words, size_t n, bool whole, bool letters);
/* After a line that made no sense: a letter of a command was perhaps meant as one. */
bool words_hint(struct plain *p, const struct word *words, size_t n);
void words_say(struct plain *p, const struct word *words, size_t n);

/* The tables of those who have one, for the manual. */
extern const struct word quiz_words[], exam_words[], result_words[], lab_words[];
extern const size_t quiz_word_count, exam_word_count, result_word_count, lab_word_count;

#endif
