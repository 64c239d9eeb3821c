/* plainask.c -- one card in the line front end: the question as its kind, the reading of an answer,
 * the result with its reasons, and the commands that work in between. */
#include "cli/edit.h"
#include "cli/plainlab.h"
#include "cli/rows.h"

#include <ctype.h>
#include <string.h>

const struct plain_command plain_commands[PLAIN_COMMAND_COUNT] = {
	[PLAIN_UNDO] = {"undo", 'u', NULL, "take back the last thing done"},
	[PLAIN_REDO] = {"redo", 'r', NULL, "take back the last undo"},
	[PLAIN_BURY] = {"bury", 'b', NULL, "not today"},
	[PLAIN_SUSPEND] = {"suspend", 's', NULL, "not until unsuspended"},
	[PLAIN_FLAG] = {"flag", 'f', "N", "flag 1 to 7, 0 for none"},
	[PLAIN_LEECH] = {"leech", '!', NULL, "mark as a leech, or no longer"},
	[PLAIN_RESET] = {"reset", 'R', NULL, "new again, as if never seen"},
	[PLAIN_DUE] = {"due", 'd', "DAYS", "due in so many days"},
	[PLAIN_EDIT] = {"edit", 'e', NULL, "open the card in your editor"},
	[PLAIN_SOURCE] = {"source", 'o', NULL, "the addresses of its sources"},
	[PLAIN_CARD] = {"card", 'c', NULL, "the question again"},
	[PLAIN_HINT] = {"hint", 'h', NULL, "the card's hint"},
	[PLAIN_REVEAL] = {"reveal", 'g', NULL, "show the answer without giving one"},
	[PLAIN_PROVE] = {"prove", 'p', NULL,
			 "run the card's proof and show the trace that decides"},
	[PLAIN_HELP] = {"help", '?', NULL, "this list"},
	[PLAIN_QUIT] = {"quit", 'q', NULL, "end the session"},
};

/* ---- the question -------------------------------------------------------------------- */

/* "A. text" would be read as a list by Markdown, with its number lost; a letter needs its dot
 * escaped. */
void plain_lettered(struct plain *p, char letter, const char *text)
{
	struct arena a = {0};
	plain_markdown(p, arena_printf(&a, "%c: %s", letter, text));
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
	for (size_t i = 0; i < q->count; i++)
		say_numbered(p, i + 1, ask_text(q, i));
	plain_gap(p);
	plain_say(p, "To choose from:");
	for (size_t i = 0; i < q->right_count; i++)
		plain_lettered(p, (char)('A' + i), q->rights[i]);
}

/* "True or false?" asks for itself. */
static bool is_truefalse(const struct ask *q)
{
	return q->card->kind == CARD_TRUEFALSE;
}

void plain_question(struct plain *p, const struct review_card *c)
{
	plain_gap(p);
	plain_markdown(p, is_truefalse(&c->ask) ? c->card->truefalse.statement : c->face.prompt);
	plain_gap(p);
	switch (c->ask.mode) {
	case ASK_RECALL:
	case ASK_TYPE:
		break;
	case ASK_ONE:
	case ASK_SOME:
		for (size_t i = 0; !is_truefalse(&c->ask) && i < c->ask.count; i++)
			plain_lettered(p, (char)('A' + i), ask_text(&c->ask, i));
		break;
	case ASK_MATCH:
		say_pairs(p, &c->ask);
		break;
	case ASK_ORDER:
		for (size_t i = 0; i < c->ask.count; i++)
			say_numbered(p, i + 1, ask_text(&c->ask, i));
		break;
	}
	if (c->card->hint)
		plain_say(p, ":hint shows a hint.");
}

const char *plain_prompt(struct arena *a, const struct ask *q)
{
	char last = (char)('A' + q->count - 1);
	switch (q->mode) {
	case ASK_RECALL:
		return "Press Enter to see the answer: ";
	case ASK_TYPE:
		return "Your answer: ";
	case ASK_ONE:
		if (is_truefalse(q))
			return "True or false? ";
		return arena_printf(a, "Your choice, A to %c: ", last);
	case ASK_SOME:
		return arena_printf(a, "Choose %d, A to %c, such as \"a c\": ", q->need, last);
	case ASK_MATCH:
		return "Your pairs, such as \"1b 2a\": ";
	case ASK_ORDER:
		return "The right order, such as \"2 1 3\": ";
	}
	return "";
}

/* ---- the result ---------------------------------------------------------------------- */

static const char *verdict_words(enum verdict v)
{
	static const char *const words[] = {
		[VERDICT_NONE] = "The answer:",
		[VERDICT_RIGHT] = "Right.",
		[VERDICT_WRONG] = "Wrong.",
		[VERDICT_ALMOST] = "Almost: a slip in the spelling.",
	};
	return words[v];
}

/* "B", "A and C", "A, C and D": the right options as shown. */
static const char *right_letters(struct arena *a, const struct ask *q)
{
	const char *text = "";
	size_t left = 0;
	for (size_t i = 0; i < q->count; i++)
		left += ask_is_right(q, i);
	for (size_t i = 0; i < q->count; i++) {
		if (!ask_is_right(q, i))
			continue;
		left--;
		text = arena_printf(a, "%s%s%c", text,
				    !text[0] ? ""
				    : left   ? ", "
					     : " and ",
				    (char)('A' + i));
	}
	return text;
}

/* Every option with its reason: why the wrong ones are wrong is half of what there is to learn. */
static void say_options(struct plain *p, const struct ask *q)
{
	struct arena a = {0};
	if (q->verdict == VERDICT_RIGHT)
		plain_say(p, "Right.");
	else
		plain_say(p, "%sThe right %s %s.", q->verdict == VERDICT_WRONG ? "Wrong. " : "",
			  q->need > 1 ? "answers are" : "answer is", right_letters(&a, q));
	plain_gap(p);
	for (size_t i = 0; i < q->count; i++) {
		const char *why = ask_why(q, i);
		plain_lettered(p, (char)('A' + i),
			       arena_printf(&a, "%s%s. %s", ask_is_right(q, i) ? "right" : "wrong",
					    q->chosen[i] ? ", your choice" : "", why ? why : ""));
	}
	arena_clear(&a);
}

/* Each left text with its right one, and what was given where that was another. */
static void say_matched(struct plain *p, const struct ask *q)
{
	struct arena a = {0};
	plain_say(p, "%s", verdict_words(q->verdict));
	for (size_t i = 0; i < q->count; i++) {
		const char *given =
			q->verdict == VERDICT_NONE || ask_is_right(q, i) || q->matched[i] < 0
				? NULL
				: q->rights[q->matched[i]];
		const char *text =
			arena_printf(&a, "%s → %s", ask_text(q, i), ask_right_text(q, i));
		say_numbered(p, i + 1,
			     given ? arena_printf(&a, "%s (you said: %s)", text, given) : text);
	}
	arena_clear(&a);
}

static void say_result(struct plain *p, const struct review_card *c)
{
	struct arena a = {0};
	if (c->card->kind == CARD_CHOICE) {
		say_options(p, &c->ask);
	} else if (c->ask.mode == ASK_MATCH) {
		say_matched(p, &c->ask);
	} else if (is_truefalse(&c->ask)) {
		const char *truth = c->card->truefalse.answer ? "true" : "false";
		plain_say(p,
			  c->ask.verdict == VERDICT_NONE    ? "It is %s."
			  : c->ask.verdict == VERDICT_RIGHT ? "Right: it is %s."
							    : "Wrong: it is %s.",
			  truth);
	} else {
		plain_say(p, "%s", verdict_words(c->ask.verdict));
		plain_markdown(p, card_answer_text(&a, c));
	}
	arena_clear(&a);
}

void plain_result(struct plain *p, const struct review_card *c)
{
	struct arena a = {0};
	const char *line, *notes = review_notes(&a, c->card);
	say_result(p, c);
	if (notes) {
		plain_gap(p);
		plain_markdown(p, notes);
	}
	if (c->card->source_count)
		plain_gap(p);
	for (size_t i = 0; (line = review_source(&a, c->card, i)) != NULL; i++)
		plain_say(p, "Source: %s.", line);
	if (c->card->proof)
		plain_say(p, "Proof: %s; p runs it.", c->card->proof);
	plain_gap(p);
	arena_clear(&a);
}

/* ---- commands ------------------------------------------------------------------------ */

static void say_commands(struct plain *p)
{
	struct arena a = {0};
	for (int i = 0; i < PLAIN_COMMAND_COUNT; i++) {
		const struct plain_command *k = &plain_commands[i];
		const char *name = arena_printf(&a, "%s%s%s", k->name, k->arg ? " " : "",
						k->arg ? k->arg : "");
		plain_say(p, ":%-9s or :%c   %s", name, k->letter, k->help);
	}
	plain_say(p, "Where no answer is expected a letter alone will do, without its colon.");
	arena_clear(&a);
}

void plain_sources(struct plain *p, const struct review_card *c)
{
	for (size_t i = 0; i < c->card->source_count; i++)
		plain_say(p, "%s: %s", c->card->sources[i]->title, c->card->sources[i]->url);
	if (!c->card->source_count)
		plain_say(p, "The card names no source.");
}

/* 0: there is none. */
static int64_t current_part(struct plain *p)
{
	struct review_card *c = NULL;
	return review_current(p->review, &c, NULL) && c ? c->item.part_id : 0;
}

static bool undo_or_redo(struct plain *p, bool undo)
{
	struct diags d = {0};
	const char *what;
	bool ok = (undo ? review_undo : review_redo)(p->review, &what, &d);
	if (ok && what) {
		plain_say(p, "%s: %s.", undo ? "Undone" : "Done again", what);
		plain_gap(p);
	} else if (ok) {
		plain_say(p, undo ? "There is nothing to undo." : "There is nothing to do again.");
	}
	call_report(p->call, &d);
	return ok && !what;
}

/* An operation on the card, with a sentence when it is done. True: the card is still there. */
static bool operate(struct plain *p, enum srs_op op, int arg, const char *said)
{
	struct diags d = {0};
	int64_t part = current_part(p);
	bool ok = review_do(p->review, op, arg, &d);
	bool here = !ok || current_part(p) == part;
	if (ok)
		plain_say(p, "%s", said);
	if (!here)
		plain_gap(p);
	call_report(p->call, &d);
	return here;
}

static const char *number_said(struct arena *a, enum srs_op op, int n)
{
	if (op == SRS_OP_FLAG)
		return n ? arena_printf(a, "Flag %d.", n) : "No flag.";
	return n ? arena_printf(a, "Due in %d %s.", n, str_plural(n, "day", "days")) : "Due today.";
}

static bool operate_number(struct plain *p, enum srs_op op, int max)
{
	const char *name = plain_commands[p->command].name;
	long long n;
	struct arena a = {0};
	bool stay = true;
	if (str_to_i64(p->arg, 0, max, &n))
		stay = operate(p, op, (int)n, number_said(&a, op, (int)n));
	else
		plain_bad_line(p,
			       arena_printf(&a, ":%s takes a number from 0 to %d, such as :%s 1.",
					    name, max, name));
	arena_clear(&a);
	return stay;
}

static bool edit(struct plain *p, const struct review_card *c)
{
	struct diags d = {0};
	bool gone = false;
	bool ok = edit_file(p->call, &p->study->config, c->item.file, c->item.line, &d) &&
		  review_reload(p->review, &gone, &d);
	if (ok)
		plain_say(p, gone ? "The card is gone from its deck; its history is kept."
				  : "The decks are loaded again.");
	call_report(p->call, &d);
	return !ok;
}

static bool on_card(struct plain *p, struct review_card *c)
{
	bool leech = c->item.state.leech;
	switch (p->command) {
	case PLAIN_BURY:
		return operate(p, SRS_OP_BURY, 0, "Buried until tomorrow.");
	case PLAIN_SUSPEND:
		return operate(p, SRS_OP_SUSPEND, 0,
			       "Suspended; :undo takes it back. `gatedrill search is:suspended` "
			       "lists such cards.");
	case PLAIN_FLAG:
		return operate_number(p, SRS_OP_FLAG, 7);
	case PLAIN_LEECH:
		return operate(p, SRS_OP_LEECH, !leech,
			       leech ? "No leech any more." : "Marked as a leech.");
	case PLAIN_RESET:
		return operate(p, SRS_OP_RESET, 0, "New again.");
	case PLAIN_DUE:
		return operate_number(p, SRS_OP_DUE, 36500);
	case PLAIN_EDIT:
		return edit(p, c);
	case PLAIN_SOURCE:
		plain_sources(p, c);
		return true;
	case PLAIN_CARD:
		plain_question(p, c);
		return true;
	case PLAIN_HINT:
		if (c->card->hint)
			plain_markdown(p, c->card->hint);
		else
			plain_say(p, "The card has no hint.");
		return true;
	case PLAIN_REVEAL:
		ask_reveal(&c->ask);
		return true;
	case PLAIN_PROVE:
		plain_prove_card(p, c->ask.shown, c->card->proof);
		return true;
	case PLAIN_UNDO:
	case PLAIN_REDO:
	case PLAIN_HELP:
	case PLAIN_QUIT:
	case PLAIN_COMMAND_COUNT:
		break;
	}
	return true;
}

bool plain_command(struct plain *p, struct review_card *c)
{
	switch (p->command) {
	case PLAIN_UNDO:
	case PLAIN_REDO:
		return undo_or_redo(p, p->command == PLAIN_UNDO);
	case PLAIN_HELP:
		say_commands(p);
		return true;
	case PLAIN_QUIT:
		p->stop = true;
		return false;
	case PLAIN_BURY:
	case PLAIN_SUSPEND:
	case PLAIN_FLAG:
	case PLAIN_LEECH:
	case PLAIN_RESET:
	case PLAIN_DUE:
	case PLAIN_EDIT:
	case PLAIN_SOURCE:
	case PLAIN_CARD:
	case PLAIN_HINT:
	case PLAIN_REVEAL:
	case PLAIN_PROVE:
	case PLAIN_COMMAND_COUNT:
		break;
	}
	if (c)
		return on_card(p, c);
	plain_say(p, "There is no card in front of you.");
	return true;
}

/* ---- asking -------------------------------------------------------------------------- */

/* "choose two" -> "Choose two.": advice as a sentence of the dialogue. */
void plain_advice(struct plain *p, const char *why)
{
	struct arena a = {0};
	const char *colon = strstr(why, ": ");
	plain_bad_line(p, arena_printf(&a, "%c%s%s", toupper((unsigned char)why[0]),
				       why[0] ? why + 1 : "", colon ? "" : "."));
	arena_clear(&a);
}

/* "q" where letters are answers: was a command meant? */
static bool reads_as_command(const char *line)
{
	for (int i = 0; i < PLAIN_COMMAND_COUNT; i++)
		if (str_eq(line, plain_commands[i].name) ||
		    (line[0] == plain_commands[i].letter && !line[1]))
			return true;
	return false;
}

/* A line that was meant as an answer. */
static void take_answer(struct plain *p, struct ask *q)
{
	const char *why;
	if (q->mode == ASK_RECALL) {
		ask_reveal(q);
	} else if (!p->arg[0]) {
		plain_bad_line(p, "Give an answer, or :reveal to see it.");
	} else if (!ask_parse(q, p->arg, &why)) {
		plain_advice(p, why);
		if (reads_as_command(p->arg))
			plain_say(p, "Commands begin with a colon here, such as :quit.");
	} else if (!ask_complete(q)) {
		plain_bad_line(p, "Not all have one yet: give each number a letter.");
	} else {
		ask_submit(q);
	}
}

bool plain_ask(struct plain *p, struct review_card *c)
{
	struct arena a = {0};
	const char *prompt = plain_prompt(&a, &c->ask);
	bool here = true;
	plain_question(p, c);
	while (here && !p->stop && !c->ask.shown) {
		switch (plain_read(p, prompt, c->ask.mode == ASK_RECALL)) {
		case LINE_END:
			p->stop = true;
			break;
		case LINE_COMMAND:
			here = plain_command(p, c);
			break;
		case LINE_TEXT:
			take_answer(p, &c->ask);
			break;
		}
	}
	arena_clear(&a);
	if (!here || p->stop)
		return false;
	plain_result(p, c);
	return true;
}
