/* plainask.c -- one card in the line front end: the question as its kind, the reading of an answer, the result with its reasons, and the commands that work in between. */
#include "cli/edit.h"
#include "cli/plain.h"

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
	[PLAIN_REVEAL] = {"reveal", 'g', NULL, "show the answer without giving one"},
	[PLAIN_HELP] = {"help", '?', NULL, "this list"},
	[PLAIN_QUIT] = {"quit", 'q', NULL, "end the session"},
};

/* ---- the question ------------------------------------------------------------------------------------------ */

/* "A. text" would be read as a list by Markdown, with its number lost; a letter needs its dot escaped. */
static void say_lettered(struct plain *p, char letter, const char *text)
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
	plain_say(p, "To choose from:");
	for (size_t i = 0; i < q->right_count; i++)
		say_lettered(p, (char)('A' + i), q->rights[i]);
}

static void say_question(struct plain *p, const struct review_card *c)
{
	plain_markdown(p, c->face.prompt);
	plain_gap(p);
	switch (c->ask.mode) {
	case ASK_RECALL:
	case ASK_TYPE:
		break;
	case ASK_ONE:
	case ASK_SOME:
		for (size_t i = 0; i < c->ask.count; i++)
			say_lettered(p, (char)('A' + i), ask_text(&c->ask, i));
		break;
	case ASK_MATCH:
		say_pairs(p, &c->ask);
		break;
	case ASK_ORDER:
		for (size_t i = 0; i < c->ask.count; i++)
			say_numbered(p, i + 1, ask_text(&c->ask, i));
		break;
	}
}

static const char *prompt_of(struct arena *a, const struct ask *q)
{
	char last = (char)('A' + q->count - 1);
	switch (q->mode) {
	case ASK_RECALL:
		return "Press Enter to see the answer: ";
	case ASK_TYPE:
		return "Your answer: ";
	case ASK_ONE:
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

/* ---- the result -------------------------------------------------------------------------------------------- */

static void say_verdict(struct plain *p, enum verdict v)
{
	static const char *const words[] = {
		[VERDICT_NONE] = "The answer:", [VERDICT_RIGHT] = "Right.", [VERDICT_WRONG] = "Wrong.", [VERDICT_ALMOST] = "Almost: a slip in the spelling.",
	};
	plain_say(p, "%s", words[v]);
}

static void say_reasons(struct plain *p, const struct ask *q)
{
	for (size_t i = 0; i < q->count; i++) {
		struct arena a = {0};
		const char *why = ask_why(q, i);
		const char *text = arena_printf(&a, "%s%s. %s", ask_is_right(q, i) ? "right" : "wrong", q->chosen[i] ? ", your choice" : "", why ? why : "");
		say_lettered(p, (char)('A' + i), text);
		arena_clear(&a);
	}
}

static void say_answer(struct plain *p, const struct review_card *c)
{
	bool options = c->card->kind == CARD_CHOICE;
	struct arena a = {0};
	const char *line;
	say_verdict(p, c->ask.verdict);
	if (c->ask.verdict != VERDICT_RIGHT || !options)
		plain_markdown(p, c->face.answer);
	if (options)
		say_reasons(p, &c->ask);
	const char *notes = review_notes(&a, c->card);
	if (notes) {
		plain_gap(p);
		plain_markdown(p, notes);
	}
	for (size_t i = 0; (line = review_source(&a, c->card, i)) != NULL; i++)
		plain_say(p, "Source: %s.", line);
	plain_gap(p);
	arena_clear(&a);
}

/* ---- commands ----------------------------------------------------------------------------------------------- */

static void say_commands(struct plain *p)
{
	for (int i = 0; i < PLAIN_COMMAND_COUNT; i++) {
		const struct plain_command *k = &plain_commands[i];
		plain_say(p, ":%s%s%s  or :%c  %s", k->name, k->arg ? " " : "", k->arg ? k->arg : "", k->letter, k->help);
	}
	plain_say(p, "Where no answer is expected the colon may be left out before a letter.");
}

static void say_sources(struct plain *p, const struct review_card *c)
{
	for (size_t i = 0; i < c->card->source_count; i++)
		plain_say(p, "%s: %s", c->card->sources[i]->title, c->card->sources[i]->url);
	if (!c->card->source_count)
		plain_say(p, "The card names no source.");
}

static bool undo_or_redo(struct plain *p, bool undo)
{
	struct diags d = {0};
	const char *what;
	bool ok = (undo ? review_undo : review_redo)(p->review, &what, &d);
	if (ok && what)
		plain_say(p, "%s: %s.", undo ? "Undone" : "Done again", what);
	else if (ok)
		plain_say(p, undo ? "There is nothing to undo." : "There is nothing to do again.");
	call_report(p->call, &d);
	return ok && !what;
}

/* An operation on the card, with a sentence when it is done. True: the card is still there. */
static bool operate(struct plain *p, enum srs_op op, int arg, const char *said)
{
	struct diags d = {0};
	struct review_card *before, *after;
	int64_t part = 0;
	if (review_current(p->review, &before, NULL) && before)
		part = before->item.part_id;
	bool ok = review_do(p->review, op, arg, &d);
	if (ok)
		plain_say(p, "%s", said);
	call_report(p->call, &d);
	return !ok || (review_current(p->review, &after, NULL) && after && after->item.part_id == part);
}

static bool operate_number(struct plain *p, enum srs_op op, int max, const char *what)
{
	long long n;
	struct arena a = {0};
	bool stay = true;
	if (str_to_i64(p->arg, 0, max, &n))
		stay = operate(p, op, (int)n, arena_printf(&a, op == SRS_OP_FLAG ? "Flag %lld." : "Due in %lld days.", n));
	else
		plain_bad_line(p, arena_printf(&a, "%s takes a number from 0 to %d.", what, max));
	arena_clear(&a);
	return stay;
}

static bool edit(struct plain *p, const struct review_card *c)
{
	struct diags d = {0};
	bool gone = false;
	bool ok = edit_file(p->call, &p->study->config, c->item.file, c->item.line, &d) && review_reload(p->review, &gone, &d);
	if (ok)
		plain_say(p, gone ? "The card is gone from its deck; its history is kept." : "The decks are loaded again.");
	call_report(p->call, &d);
	return !ok;
}

bool plain_command(struct plain *p, struct review_card *c)
{
	switch (p->command) {
	case PLAIN_UNDO:
	case PLAIN_REDO:
		return undo_or_redo(p, p->command == PLAIN_UNDO);
	case PLAIN_BURY:
		return operate(p, SRS_OP_BURY, 0, "Buried until tomorrow.");
	case PLAIN_SUSPEND:
		return operate(p, SRS_OP_SUSPEND, 0, "Suspended. `gatedrill search is:suspended --do unsuspend` brings it back.");
	case PLAIN_FLAG:
		return operate_number(p, SRS_OP_FLAG, 7, ":flag");
	case PLAIN_LEECH:
		return operate(p, SRS_OP_LEECH, !c->item.state.leech, c->item.state.leech ? "No leech any more." : "Marked as a leech.");
	case PLAIN_RESET:
		return operate(p, SRS_OP_RESET, 0, "New again.");
	case PLAIN_DUE:
		return operate_number(p, SRS_OP_DUE, 36500, ":due");
	case PLAIN_EDIT:
		return edit(p, c);
	case PLAIN_SOURCE:
		say_sources(p, c);
		return true;
	case PLAIN_CARD:
		say_question(p, c);
		return true;
	case PLAIN_REVEAL:
		ask_reveal(&c->ask);
		return true;
	case PLAIN_HELP:
		say_commands(p);
		return true;
	case PLAIN_QUIT:
	case PLAIN_COMMAND_COUNT:
		break;
	}
	p->stop = true;
	return false;
}

/* ---- asking --------------------------------------------------------------------------------------------------- */

bool plain_ask(struct plain *p, struct review_card *c)
{
	struct arena a = {0};
	const char *prompt = prompt_of(&a, &c->ask);
	bool here = true;
	say_question(p, c);
	while (here && !p->stop && !c->ask.shown) {
		const char *why;
		switch (plain_read(p, prompt, c->ask.mode == ASK_RECALL)) {
		case LINE_END:
			p->stop = true;
			break;
		case LINE_COMMAND:
			here = plain_command(p, c);
			break;
		case LINE_TEXT:
			if (c->ask.mode == ASK_RECALL)
				ask_reveal(&c->ask);
			else if (!p->arg[0])
				plain_bad_line(p, "Give an answer, or :reveal to see it.");
			else if (!ask_parse(&c->ask, p->arg, &why))
				plain_bad_line(p, why);
			else
				ask_submit(&c->ask);
			break;
		}
	}
	arena_clear(&a);
	if (!here || p->stop)
		return false;
	say_answer(p, c);
	return true;
}
