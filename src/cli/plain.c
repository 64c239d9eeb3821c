/* plain.c -- a review as a dialogue of lines: read a line, say a sentence. The same session as on
 * the screen (study/review.h); nothing moves the cursor, nothing needs a colour, every choice is a
 * letter or a number, and the sentence about the next date is printed only when the answer is on
 * disk. */
#include "cli/plain.h"
#include "base/markdown.h"
#include "base/utf8.h"

#include <errno.h>
#include <langinfo.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MAX_LINE 4096
#define MAX_BAD_LINES 20

/* On a terminal sentences break between words; for other readers a sentence is a line. */
static void print_sentence(struct plain *p, const char *text)
{
	FILE *out = p->call->out;
	int col = 0;
	for (const char *s = text; *s && p->call->out_is_terminal;) {
		size_t n = strcspn(s, " "), blanks = strspn(s + n, " ");
		int cols = utf8_columns(s, n);
		if (col && col + cols > p->width) {
			fputc('\n', out);
			col = 0;
		}
		fwrite(s, 1, n + (s[n] ? blanks : 0), out);
		col += cols + (int)blanks;
		s += n + blanks;
	}
	fprintf(out, "%s\n", p->call->out_is_terminal ? "" : text);
}

void plain_say(struct plain *p, const char *fmt, ...)
{
	va_list ap;
	char *text = NULL;
	va_start(ap, fmt);
	int n = vasprintf(&text, fmt, ap);
	va_end(ap);
	if (n < 0)
		abort();
	str_reset(&p->text);
	utf8_sanitize(&p->text, text, (size_t)n, true);
	if (p->ascii) {
		struct str ascii = {0};
		utf8_to_ascii(&ascii, str_c(&p->text), p->text.len);
		print_sentence(p, str_c(&ascii));
		str_clear(&ascii);
	} else {
		print_sentence(p, str_c(&p->text));
	}
	free(text);
}

void plain_gap(struct plain *p)
{
	fputc('\n', p->call->out);
}

void plain_markdown(struct plain *p, const char *source)
{
	str_reset(&p->text);
	md_plain(&p->text, source, p->width, p->ascii);
	fputs(str_c(&p->text), p->call->out);
}

/* One line without its end; what is over MAX_LINE is thrown away. False at the end of input. */
static bool read_line(FILE *in, struct str *line)
{
	int c;
	str_reset(line);
	while ((c = getc(in)) != EOF && c != '\n')
		if (line->len < MAX_LINE)
			str_addc(line, (char)c);
	if (line->len && line->p[line->len - 1] == '\r')
		str_truncate(line, line->len - 1);
	return c != EOF || line->len;
}

static const char *skip_space(const char *s)
{
	return s + strspn(s, " \t");
}

/* ":flag 2" or, where letters are commands, "f 2". */
static bool find_command(struct plain *p, const char *s, bool letters)
{
	bool colon = *s == ':';
	s += colon;
	size_t n = strcspn(s, " \t");
	if (!n || (!colon && !letters))
		return false;
	for (int i = 0; i < PLAIN_COMMAND_COUNT; i++) {
		const struct plain_command *c = &plain_commands[i];
		bool whole = !strncmp(c->name, s, n) && !c->name[n];
		bool letter = n == 1 && *s == c->letter;
		if (!whole && !letter)
			continue;
		p->command = (enum plain_command_id)i;
		p->arg = skip_space(s + n);
		return true;
	}
	return false;
}

bool plain_line(struct plain *p, const char *prompt)
{
	fputs(prompt, p->call->out);
	bool ok = fflush(p->call->out) == 0 && read_line(p->call->in, &p->line);
	/* A terminal echoes the learner's line end; a script's does not show. */
	if (!ok || !isatty(fileno(p->call->in)))
		fputc('\n', p->call->out);
	return ok;
}

enum plain_line plain_read(struct plain *p, const char *prompt, bool letters)
{
	for (;;) {
		if (!plain_line(p, prompt))
			return LINE_END;
		const char *s = skip_space(str_c(&p->line));
		if (find_command(p, s, letters))
			return LINE_COMMAND;
		/* An answer that begins with a colon has it doubled. */
		p->arg = str_starts(s, "::") ? s + 1 : s;
		if (*s != ':' || p->arg != s)
			return LINE_TEXT;
		plain_bad_line(p, "There is no such command; :help lists them.");
		if (p->stop)
			return LINE_END;
	}
}

void plain_bad_line(struct plain *p, const char *what)
{
	plain_say(p, "%s", what);
	if (++p->bad_lines >= MAX_BAD_LINES && !isatty(fileno(p->call->in))) {
		fprintf(p->call->err,
			"gatedrill: %d lines in a row made no sense; every answer so far is kept\n",
			p->bad_lines);
		p->stop = true;
		p->code = EXIT_USAGE;
	}
}

static void report(struct plain *p, struct diags *d)
{
	call_report(p->call, d);
}

static void say_heading(struct plain *p, const struct review_card *c)
{
	struct review_progress now = review_progress(p->review);
	struct arena a = {0};
	const char *key = part_key(&a, c->item.deck, c->item.card, c->item.part);
	if (now.once_more)
		plain_say(p, "Once more, %s, %s.", c->item.deck_title, key);
	else
		plain_say(p, "Card %d of %d, %s, %s.", now.cards + 1, now.total, c->item.deck_title,
			  key);
	arena_clear(&a);
}

static void say_buttons(struct plain *p, const struct review_card *c)
{
	static const char *const names[] = {"again", "hard", "good", "easy"};
	struct str s = {0};
	str_add(&s, "How did it go?");
	for (int i = 0; i < 4; i++) {
		str_addf(&s, "%s %d %s", i ? ";" : "", i + 1, names[i]);
		if (c->due_words[i][0])
			str_addf(&s, ", %s", c->due_words[i]);
	}
	plain_say(p, "%s.", str_c(&s));
	str_clear(&s);
}

/* 1..4, 0 when the session goes elsewhere. */
static int read_grade(struct plain *p, struct review_card *c)
{
	int suggested = ask_grade(&c->ask);
	say_buttons(p, c);
	char prompt[64];
	snprintf(prompt, sizeof(prompt), "1 to 4, Enter takes %d: ", suggested);
	while (!p->stop) {
		switch (plain_read(p, prompt, true)) {
		case LINE_END:
			p->stop = true;
			break;
		case LINE_COMMAND:
			if (!plain_command(p, c))
				return 0;
			break;
		case LINE_TEXT:
			if (!p->arg[0])
				return suggested;
			if (p->arg[0] >= '1' && p->arg[0] <= '4' &&
			    !p->arg[1 + strspn(p->arg + 1, " \t")])
				return p->arg[0] - '0';
			plain_bad_line(p, "A number from 1 to 4, or a command; :help lists them.");
			break;
		}
	}
	return 0;
}

static void say_outcome(struct plain *p, const struct review_outcome *out)
{
	if (review_is_cram(p->review))
		plain_say(p, "Noted; its date stays.");
	else if (out->state.suspended)
		plain_say(p, "Suspended: it does not come back before you unsuspend it.");
	else
		plain_say(p, "Due again %s.", out->next);
	if (out->became_leech)
		plain_say(p,
			  "It has been forgotten %d times, so it is a leech now. Better reword it "
			  "or split it.",
			  out->state.lapses);
	plain_gap(p);
}

static void rate(struct plain *p, int grade)
{
	struct diags d = {0};
	struct review_outcome out;
	if (!review_rate(p->review, grade, &out, &d)) {
		report(p, &d);
		p->stop = true;
		p->code = EXIT_FAILED;
		return;
	}
	p->bad_lines = 0;
	say_outcome(p, &out);
}

/* What tomorrow brings, for people who plan their days. */
static void say_tomorrow(struct plain *p)
{
	int due[2] = {0};
	if (store_forecast(p->study->store, study_today(p->study), 2, NULL, due, NULL) && due[1])
		plain_say(p, "Tomorrow %d %s due.", due[1],
			  str_plural(due[1], "card is", "cards are"));
}

static void say_end(struct plain *p)
{
	struct review_progress now = review_progress(p->review);
	struct arena a = {0};
	int64_t wait = review_wait_ms(p->review);
	const char *answers =
		now.done > now.cards ? arena_printf(&a, " in %d answers", now.done) : "";
	const char *took =
		now.took_ms >= 1000 ? arena_printf(&a, ", %s", span_words(&a, now.took_ms)) : "";
	if (now.done)
		plain_say(p, "%d %s%s, %d kept, %d lost%s.", now.cards,
			  str_plural(now.cards, "card", "cards"), answers, now.kept, now.lost,
			  took);
	else
		plain_say(p, "No card was answered.");
	if (wait > 0)
		plain_say(p, "The next card is ready in %s.", span_words(&a, wait));
	else if (now.done)
		say_tomorrow(p);
	arena_clear(&a);
}

/* Why there is nothing to do, and what can be done about it. */
static void say_nothing_due(struct plain *p, const struct review_options *o)
{
	struct arena a = {0};
	struct idset ids = {0};
	int64_t wait = review_wait_ms(p->review);
	bool any = study_find(p->study, o->query, false, &ids, NULL) && idset_next(&ids, 0);
	const char *unknown = any ? NULL : study_unknown_name(p->study, o->query, &a);
	if (wait > 0)
		plain_say(p, "Nothing is due now. The next card is ready in %s.",
			  span_words(&a, wait));
	else if (unknown)
		plain_say(p, "No card matches: %s%s", unknown, str_ends(unknown, "?") ? "" : ".");
	else if (!any && o->query[0])
		plain_say(p, "No card matches %s.", o->query);
	else if (!any)
		plain_say(p, "There are no cards yet. `gatedrill deck new NAME` starts a deck.");
	else
		plain_say(p, "Nothing is due now. --ahead DAYS shows what comes next, --new N more "
			     "new cards.");
	idset_clear(&ids);
	arena_clear(&a);
}

/* No card is left: the last answer may still be taken back. True: there is one again. */
static bool take_leave(struct plain *p)
{
	struct diags d = {0};
	struct review_card *c = NULL;
	if (!review_progress(p->review).done)
		return false;
	while (!p->stop && !c) {
		switch (plain_read(
			p, "Nothing more for now. Enter ends the session, u undoes: ", true)) {
		case LINE_END:
			p->stop = true;
			break;
		case LINE_COMMAND:
			plain_command(p, NULL);
			break;
		case LINE_TEXT:
			p->stop = !p->arg[0];
			if (!p->stop)
				plain_bad_line(p, "Enter, or a command; :help lists them.");
			break;
		}
		p->stop = p->stop || !review_current(p->review, &c, &d);
	}
	if (d.errors)
		p->code = EXIT_FAILED;
	report(p, &d);
	return c && !p->stop;
}

/* Who has never answered a card does not know the commands yet. */
static void greet(struct plain *p)
{
	struct arena a = {0};
	struct store_log_row *rows;
	size_t n = 0;
	if (store_history(p->study->store, 0, 1, &a, &rows, &n, NULL) && !n) {
		plain_say(p, "A line that begins with a colon is a command; :help lists them, "
			     ":quit ends.");
		plain_gap(p);
	}
	arena_clear(&a);
}

/* The session: a card, an answer, a grade, until there is none. */
static void run_session(struct plain *p)
{
	struct diags d = {0};
	struct review_card *c;
	while (!p->stop && review_current(p->review, &c, &d) && (c || take_leave(p))) {
		if (!c)
			continue;
		say_heading(p, c);
		if (!plain_ask(p, c))
			continue;
		int grade = read_grade(p, c);
		if (grade)
			rate(p, grade);
	}
	if (d.errors)
		p->code = EXIT_FAILED;
	report(p, &d);
}

#define WIDEST_TEXT 80 /* lines longer than this are hard to read, whatever the terminal has */

void plain_init(struct plain *p, struct call *c, struct study *s)
{
	*p = (struct plain){
		.call = c,
		.study = s,
		.ascii = strcmp(nl_langinfo(CODESET), "UTF-8") != 0,
		.width = (c->columns < WIDEST_TEXT ? c->columns : WIDEST_TEXT) - 1,
	};
}

void plain_clear(struct plain *p)
{
	str_clear(&p->line);
	str_clear(&p->text);
}

int plain_review(struct call *c, struct study *s, const struct review_options *o)
{
	struct diags d = {0};
	struct review_card *first;
	struct plain p;
	plain_init(&p, c, s);
	bool ok = review_open(&p.review, s, o, &d) && review_current(p.review, &first, &d);
	if (!ok) {
		p.code = EXIT_FAILED;
	} else if (!first) {
		say_nothing_due(&p, o);
		p.code = EXIT_NOTHING_DUE;
	} else {
		greet(&p);
		run_session(&p);
		say_end(&p);
	}
	review_close(p.review, &d);
	report(&p, &d);
	plain_clear(&p);
	return p.code;
}
