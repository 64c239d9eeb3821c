/* plainexam.c -- a mock exam on lines. Letters choose, words do the rest; nothing is said of an
 * answer but that it is kept, which is printed when it is on disk.
 *
 * While a line is waited for the clock goes on: input is read without a buffer, so that poll()
 * tells whether there is any, and each second without input is a tick. With a frozen clock (--now)
 * no time passes by itself; the command `pass` lets it, for scripts and tests. */
#include "cli/plainexam.h"

#include <poll.h>
#include <assert.h>
#include <string.h>

enum { TICK_MS = 1000, PASS_STEP_MS = 20000 };

enum exam_word {
	SIT_NEXT,
	SIT_PREV,
	SIT_GOTO,
	SIT_FLAG,
	SIT_STRIKE,
	SIT_SURE,
	SIT_CLEAR,
	SIT_EMPTY,
	SIT_FLAGGED,
	SIT_GRID,
	SIT_TIME,
	SIT_CLOCK,
	SIT_QUESTION,
	SIT_SUBMIT,
	SIT_QUIT,
	SIT_HELP,
	SIT_PASS,
	SIT_WORD_COUNT
};
const struct word exam_words[] = {
	[SIT_NEXT] = {"next", 'n', NULL, "the next question; so does an empty line"},
	[SIT_PREV] = {"prev", 'p', NULL, "the one before"},
	[SIT_GOTO] = {"goto", 'g', "N", "question N"},
	[SIT_FLAG] = {"flag", 'f', NULL, "flag this question, or no longer"},
	[SIT_STRIKE] = {"strike", 'x', "LETTERS", "rule options out, or no longer"},
	[SIT_SURE] = {"sure", 's', "1-3", "how sure you are: 1 a guess, 3 sure"},
	[SIT_CLEAR] = {"clear", 'k', NULL, "take the answer back"},
	[SIT_EMPTY] = {"empty", 'e', NULL, "the next question without a full answer"},
	[SIT_FLAGGED] = {"flagged", 'w', NULL, "the next flagged question"},
	[SIT_GRID] = {"grid", 'r', NULL, "all questions at a glance"},
	[SIT_TIME] = {"time", 't', NULL, "time left, and pace"},
	[SIT_CLOCK] = {"clock", 'c', NULL, "hide the clock, or show it again"},
	[SIT_QUESTION] = {"question", 'a', NULL, "the question again"},
	[SIT_SUBMIT] = {"submit", 'S', NULL, "end the exam"},
	[SIT_QUIT] = {"quit", 'q', NULL, "leave; the exam waits with its clock stopped"},
	[SIT_HELP] = {"help", '?', NULL, "this list"},
	[SIT_PASS] = {"pass", 0, "SPAN", "with --now: let time pass, such as 10m"},
};
const size_t exam_word_count = ARRAY_LEN(exam_words);
static_assert(ARRAY_LEN(exam_words) == SIT_WORD_COUNT, "every command has a row");

struct room {
	struct plain *p;
	struct sitting *x;
	bool ask_submit; /* blanks remain, and that was said */
};

/* What could not be kept is said, and the exam goes on where it was. */
static void report(struct room *r, struct diags *d)
{
	struct diags shown = {0};
	for (size_t i = 0; i < d->count; i++)
		if (!str_eq(d->items[i].code, "exam-over"))
			diag_error(&shown, d->items[i].pos, d->items[i].code, "%s",
				   d->items[i].text);
	call_report(r->p->call, &shown);
	diags_clear(&shown);
	diags_clear(d);
}

static bool over(const struct room *r)
{
	return sitting_exam(r->x)->end != EXAM_RUNNING;
}

/* ---- the question -------------------------------------------------------------------- */

static void say_options(struct plain *p, const struct ask *q)
{
	struct arena a = {0};
	for (size_t i = 0; i < q->count; i++) {
		const char *mark = q->chosen[i] ? " (chosen)" : q->struck[i] ? " (struck out)" : "";
		plain_lettered(p, (char)('A' + i), arena_printf(&a, "%s%s", ask_text(q, i), mark));
	}
	arena_clear(&a);
}

static void say_numbered(struct plain *p, size_t n, const char *text)
{
	struct arena a = {0};
	plain_markdown(p, arena_printf(&a, "%zu: %s", n, text));
	arena_clear(&a);
}

static void say_pairs(struct plain *p, const struct ask *q)
{
	struct arena a = {0};
	for (size_t i = 0; i < q->count; i++)
		say_numbered(p, i + 1,
			     q->matched[i] < 0 ? ask_text(q, i)
					       : arena_printf(&a, "%s (%c)", ask_text(q, i),
							      'A' + q->matched[i]));
	plain_say(p, "To choose from:");
	for (size_t i = 0; i < q->right_count; i++)
		plain_lettered(p, (char)('A' + i), q->rights[i]);
	arena_clear(&a);
}

static void say_item(struct plain *p, const struct sitting_item *it)
{
	const struct ask *q = &it->item->ask;
	plain_markdown(p, it->prompt);
	plain_gap(p);
	if (q->mode == ASK_MATCH)
		say_pairs(p, q);
	else if (q->mode == ASK_ORDER)
		for (size_t i = 0; i < q->count; i++)
			say_numbered(p, i + 1, ask_text(q, i));
	else
		say_options(p, q);
}

static void say_question(struct room *r)
{
	struct sitting_item it = sitting_current(r->x);
	const struct exam *e = sitting_exam(r->x);
	struct arena a = {0};
	const char *left = e->clock_shown
				   ? arena_printf(&a, ", %s left",
						  sitting_time_text(&a, sitting_left_ms(r->x)))
				   : "";
	plain_gap(r->p);
	plain_say(r->p, "Question %zu of %zu%s%s.", it.number + 1, e->count,
		  it.item->flagged ? ", flagged" : "", left);
	plain_gap(r->p);
	say_item(r->p, &it);
	arena_clear(&a);
}

/* "A and C": what is chosen. "" when nothing is. */
static const char *chosen_letters(struct arena *a, const struct ask *q)
{
	const char *text = "";
	for (size_t i = 0; i < q->count; i++)
		if (q->chosen[i])
			text = arena_printf(a, "%s%s%c", text, text[0] ? " and " : "",
					    (char)('A' + i));
	return text;
}

static void say_kept(struct room *r)
{
	struct sitting_item it = sitting_current(r->x);
	const struct ask *q = &it.item->ask;
	struct arena a = {0};
	if (it.fill == EXAM_EMPTY)
		plain_say(r->p, "No answer.");
	else if (q->mode == ASK_ONE || q->mode == ASK_SOME)
		plain_say(r->p, "Kept: %s.", chosen_letters(&a, q));
	else
		plain_say(r->p, it.fill == EXAM_ANSWERED ? "Kept." : "Kept; more are missing.");
	arena_clear(&a);
}

static const char *prompt_of(struct arena *a, const struct ask *q)
{
	char last = (char)('A' + q->count - 1);
	switch (q->mode) {
	case ASK_SOME:
		return arena_printf(a, "Choose %d, A to %c, Enter for the next: ", q->need, last);
	case ASK_MATCH:
		return "Pairs, such as \"1b 2a\", Enter for the next: ";
	case ASK_ORDER:
		return "The right order, such as \"2 1 3\", Enter for the next: ";
	case ASK_ONE:
	case ASK_RECALL:
	case ASK_TYPE:
		break;
	}
	return arena_printf(a, "A to %c, Enter for the next: ", last);
}

/* ---- the clock ----------------------------------------------------------------------- */

/* True: something was said, so that a prompt must be repeated. */
static bool tick(struct room *r)
{
	struct diags d = {0};
	int warn;
	sitting_tick(r->x, &warn, &d);
	bool said = d.errors || warn || over(r);
	if (said)
		plain_gap(r->p);
	report(r, &d);
	if (warn)
		plain_say(r->p, "%d minutes are left.", warn);
	return said;
}

/* A line, with the clock going on. False at the end of input, or when the exam is over. */
static bool read_line(struct room *r, const char *prompt)
{
	struct pollfd in = {.fd = fileno(r->p->call->in), .events = POLLIN};
	bool frozen = r->p->study->clock.frozen;
	fputs(prompt, r->p->call->out);
	fflush(r->p->call->out);
	while (!frozen && poll(&in, 1, TICK_MS) == 0) {
		if (!tick(r))
			continue;
		if (over(r))
			return false;
		fputs(prompt, r->p->call->out);
		fflush(r->p->call->out);
	}
	if (!plain_line(r->p, "")) {
		r->p->stop = true;
		return false;
	}
	tick(r);
	return !over(r);
}

static void say_time(struct room *r)
{
	struct exam_counts n = exam_counts(sitting_exam(r->x));
	struct arena a = {0};
	plain_say(r->p, "%s left, %d of %zu answered, %s.",
		  sitting_time_text(&a, sitting_left_ms(r->x)), n.answered,
		  sitting_exam(r->x)->count, sitting_pace_text(&a, sitting_pace_ms(r->x)));
	if (sitting_exam(r->x)->aways)
		plain_say(r->p, "Away for %s in all; it does not count.",
			  span_words(&a, sitting_away_ms(r->x)));
	arena_clear(&a);
}

/* Let a frozen clock go on, in steps short enough not to be taken for time away. */
static void pass(struct room *r)
{
	int64_t ms;
	if (!r->p->study->clock.frozen || !span_parse(r->p->arg, &ms)) {
		plain_bad_line(r->p, r->p->study->clock.frozen
					     ? "pass takes a span, such as pass 10m."
					     : "pass works with --now alone; time passes by "
					       "itself.");
		return;
	}
	while (ms > 0 && !over(r)) {
		int64_t step = ms < PASS_STEP_MS ? ms : PASS_STEP_MS;
		r->p->study->clock.at.ms += step;
		ms -= step;
		tick(r);
	}
}

/* ---- commands ------------------------------------------------------------------------ */

/* Numbers of questions of a kind: "1, 3 to 9, 12". */
static const char *list_where(struct arena *a, const struct exam *e,
			      bool (*wanted)(const struct exam_item *))
{
	const char *text = "";
	for (size_t i = 0; i < e->count; i++) {
		size_t last = i;
		if (!wanted(&e->items[i]))
			continue;
		while (last + 1 < e->count && wanted(&e->items[last + 1]))
			last++;
		text = arena_printf(a, "%s%s%zu", text, text[0] ? ", " : "", i + 1);
		if (last > i)
			text = arena_printf(a, last == i + 1 ? "%s, %zu" : "%s to %zu", text,
					    last + 1);
		i = last;
	}
	return text;
}

static bool is_empty(const struct exam_item *it)
{
	return exam_fill(it) == EXAM_EMPTY;
}

static bool is_partly(const struct exam_item *it)
{
	return exam_fill(it) == EXAM_PARTLY;
}

static bool is_flagged(const struct exam_item *it)
{
	return it->flagged;
}

static void say_blanks(struct room *r)
{
	const struct exam *e = sitting_exam(r->x);
	struct exam_counts n = exam_counts(e);
	struct arena a = {0};
	if (n.empty)
		plain_say(r->p, "Empty: %s.", list_where(&a, e, is_empty));
	if (n.partly)
		plain_say(r->p, "Not enough chosen: %s.", list_where(&a, e, is_partly));
	arena_clear(&a);
}

static void say_grid(struct room *r)
{
	const struct exam *e = sitting_exam(r->x);
	struct exam_counts n = exam_counts(e);
	struct arena a = {0};
	plain_say(r->p, "%d answered, %d empty, %d not full, %d flagged.", n.answered, n.empty,
		  n.partly, n.flagged);
	say_blanks(r);
	if (n.flagged)
		plain_say(r->p, "Flagged: %s.", list_where(&a, e, is_flagged));
	if (n.empty + n.partly)
		plain_say(r->p, "Empty counts as wrong, and a guess costs nothing.");
	arena_clear(&a);
}

static void go_to(struct room *r, size_t number)
{
	struct diags d = {0};
	if (sitting_goto(r->x, number, &d))
		say_question(r);
	report(r, &d);
}

static void go_to_number(struct room *r)
{
	long long n;
	struct arena a = {0};
	long long last = (long long)sitting_exam(r->x)->count;
	if (str_to_i64(r->p->arg, 1, last, &n))
		go_to(r, (size_t)n - 1);
	else
		plain_bad_line(r->p, arena_printf(&a,
						  "goto takes a number from 1 to %lld, such "
						  "as goto 3.",
						  last));
	arena_clear(&a);
}

static void next(struct room *r, bool back)
{
	size_t at = sitting_exam(r->x)->at, last = sitting_exam(r->x)->count - 1;
	if (!back && at == last)
		plain_say(r->p, "That was the last question; grid shows all, submit ends the "
				"exam.");
	else if (back && !at)
		plain_say(r->p, "This is the first question.");
	else
		go_to(r, back ? at - 1 : at + 1);
}

static void walk(struct room *r, bool flagged)
{
	struct diags d = {0};
	bool found;
	bool ok = (flagged ? sitting_next_flagged : sitting_next_open)(r->x, &found, &d);
	if (ok && found)
		say_question(r);
	else if (ok)
		plain_say(r->p, flagged ? "No question is flagged."
					: "Every question has a full answer.");
	report(r, &d);
}

static void flag(struct room *r)
{
	struct diags d = {0};
	if (sitting_flag(r->x, &d))
		plain_say(r->p, sitting_current(r->x).item->flagged ? "Flagged." : "No flag.");
	report(r, &d);
}

/* "x b d": each letter is one option of this question. */
static bool letters_ok(const char *s, size_t count)
{
	bool any = false;
	for (; *s; s++) {
		int i = (*s | 0x20) - 'a';
		if (strchr(" ,\t", *s))
			continue;
		if (i < 0 || i >= (int)count)
			return false;
		any = true;
	}
	return any;
}

static void strike(struct room *r)
{
	struct diags d = {0};
	const struct ask *q = &sitting_current(r->x).item->ask;
	bool options = q->mode == ASK_ONE || q->mode == ASK_SOME;
	if (!options || !letters_ok(r->p->arg, q->count)) {
		plain_bad_line(r->p, options ? "strike takes letters, such as strike b d."
					     : "This question has no options to strike out.");
		return;
	}
	bool ok = true;
	for (const char *s = r->p->arg; ok && *s; s++)
		if (!strchr(" ,\t", *s))
			ok = sitting_strike(r->x, (size_t)((*s | 0x20) - 'a'), &d);
	report(r, &d);
	if (ok)
		say_options(r->p, q);
}

static void sure(struct room *r)
{
	static const char *const said[] = {"A guess.", "Fairly sure.", "Sure."};
	struct diags d = {0};
	const char *arg = r->p->arg;
	if (arg[0] < '1' || arg[0] > '3' || arg[1]) {
		plain_bad_line(r->p, "sure takes 1 for a guess, 2 or 3 for sure.");
		return;
	}
	if (sitting_sure(r->x, (enum sureness)(arg[0] - '0'), &d))
		plain_say(r->p, "%s", said[arg[0] - '1']);
	report(r, &d);
}

static void clear(struct room *r)
{
	struct diags d = {0};
	const struct ask *q = &sitting_current(r->x).item->ask;
	bool ok = q->mode != ASK_ORDER;
	for (size_t i = 0; ok && i < q->count; i++) {
		if (q->mode == ASK_MATCH && q->matched[i] >= 0)
			ok = sitting_match(r->x, i, -1, &d);
		else if (q->chosen[i])
			ok = sitting_choose(r->x, i, &d);
	}
	report(r, &d);
	if (!over(r))
		say_kept(r);
}

static void hide_clock(struct room *r)
{
	struct diags d = {0};
	bool shown = !sitting_exam(r->x)->clock_shown;
	if (sitting_clock(r->x, shown, &d))
		plain_say(r->p, shown ? "The clock is shown."
				      : "The clock is hidden; time asks it, and it still warns.");
	report(r, &d);
}

/* Asks once when blanks remain. */
static void submit(struct room *r)
{
	struct diags d = {0};
	struct exam_counts n = exam_counts(sitting_exam(r->x));
	if (n.empty + n.partly && !r->ask_submit) {
		say_blanks(r);
		plain_say(r->p, "Blank counts as wrong. submit again ends the exam all the same.");
		r->ask_submit = true;
		return;
	}
	sitting_submit(r->x, &d);
	report(r, &d);
}

static void command(struct room *r, int word)
{
	if (word != SIT_SUBMIT)
		r->ask_submit = false;
	switch ((enum exam_word)word) {
	case SIT_NEXT:
	case SIT_PREV:
		next(r, word == SIT_PREV);
		break;
	case SIT_GOTO:
		go_to_number(r);
		break;
	case SIT_FLAG:
		flag(r);
		break;
	case SIT_STRIKE:
		strike(r);
		break;
	case SIT_SURE:
		sure(r);
		break;
	case SIT_CLEAR:
		clear(r);
		break;
	case SIT_EMPTY:
	case SIT_FLAGGED:
		walk(r, word == SIT_FLAGGED);
		break;
	case SIT_GRID:
		say_grid(r);
		break;
	case SIT_TIME:
		say_time(r);
		break;
	case SIT_CLOCK:
		hide_clock(r);
		break;
	case SIT_QUESTION:
		say_question(r);
		break;
	case SIT_SUBMIT:
		submit(r);
		break;
	case SIT_QUIT:
		r->p->stop = true;
		break;
	case SIT_HELP:
		words_say(r->p, exam_words, SIT_WORD_COUNT);
		break;
	case SIT_PASS:
		pass(r);
		break;
	case SIT_WORD_COUNT:
		break;
	}
}

static void answer(struct room *r)
{
	struct diags d = {0};
	const char *why;
	r->ask_submit = false;
	if (!r->p->arg[0]) {
		next(r, false);
		return;
	}
	if (sitting_answer(r->x, r->p->arg, &why, &d)) {
		r->p->bad_lines = 0;
		say_kept(r);
	} else if (why) {
		plain_advice(r->p, why);
		words_hint(r->p, exam_words, SIT_WORD_COUNT);
	}
	report(r, &d);
}

/* ---- the exam ------------------------------------------------------------------------ */

static void say_left(struct room *r)
{
	struct arena a = {0};
	plain_say(r->p, "The exam waits with %s left: `gatedrill exam --resume %lld` goes on.",
		  sitting_time_text(&a, sitting_left_ms(r->x)), (long long)sitting_info(r->x)->id);
	arena_clear(&a);
}

void plain_sit(struct plain *p, struct sitting *x)
{
	struct room r = {.p = p, .x = x};
	setvbuf(p->call->in, NULL, _IONBF, 0);
	say_question(&r);
	while (!p->stop && !over(&r)) {
		struct arena a = {0};
		const char *prompt = prompt_of(&a, &sitting_current(x).item->ask);
		if (read_line(&r, prompt)) {
			int word = word_find(p, exam_words, SIT_WORD_COUNT, true, false);
			if (word >= 0)
				command(&r, word);
			else if (word == -2)
				plain_bad_line(p, "There is no such command; help lists them.");
			else
				answer(&r);
		}
		arena_clear(&a);
	}
	if (!over(&r))
		say_left(&r);
	else if (sitting_exam(x)->end == EXAM_TIMED_OUT)
		plain_say(p, "The time is up; the exam was submitted.");
}
