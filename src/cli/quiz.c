/* quiz.c -- `gatedrill quiz`, and its line front end: a question, an answer with a word on how sure
 * it is, the verdict with every reason. The sentence about the next date is printed only when the
 * answer is on disk. */
#include "study/quiz.h"
#include "base/suggest.h"
#include "cli/plainlab.h"
#include "cli/words.h"
#include "study/query.h"

#include <assert.h>
#include <string.h>

enum quiz_word {
	QUIZ_SURE,
	QUIZ_UNSURE,
	QUIZ_SKIP,
	QUIZ_UNDO,
	QUIZ_REVEAL,
	QUIZ_HINT,
	QUIZ_CARD,
	QUIZ_SOURCE,
	QUIZ_PROVE,
	QUIZ_HELP,
	QUIZ_QUIT,
	QUIZ_WORD_COUNT
};
const struct word quiz_words[] = {
	[QUIZ_SURE] = {"sure", 's', NULL, "you are sure of the answer you will give"},
	[QUIZ_UNSURE] = {"unsure", 'n', NULL, "you are not: it will come back even when right"},
	[QUIZ_SKIP] = {"skip", 'k', NULL, "the next question; this one is not counted"},
	[QUIZ_UNDO] = {"undo", 'u', NULL, "take back the last answer of this quiz"},
	[QUIZ_REVEAL] = {"reveal", 'g', NULL, "give up: show the answer, count it as wrong"},
	[QUIZ_HINT] = {"hint", 'h', NULL, "the card's hint"},
	[QUIZ_CARD] = {"card", 'c', NULL, "the question again"},
	[QUIZ_SOURCE] = {"source", 'o', NULL, "the addresses of its sources"},
	[QUIZ_PROVE] = {"prove", 'p', NULL,
			"after the answer: run the card's proof and show the trace that decides"},
	[QUIZ_HELP] = {"help", '?', NULL, "this list"},
	[QUIZ_QUIT] = {"quit", 'q', NULL, "end the quiz"},
};
const size_t quiz_word_count = ARRAY_LEN(quiz_words);
static_assert(ARRAY_LEN(quiz_words) == QUIZ_WORD_COUNT, "every command has a row");

struct dialogue {
	struct plain p;
	struct quiz *quiz;
};

static void fail(struct dialogue *g, struct diags *d)
{
	call_report(g->p.call, d);
	g->p.stop = true;
	g->p.code = EXIT_FAILED;
}

/* ---- a question ---------------------------------------------------------------------- */

static void say_heading(struct dialogue *g, const struct review_card *c)
{
	struct quiz_progress now = quiz_progress(g->quiz);
	struct arena a = {0};
	const char *left =
		now.left_ms < 0 ? "" : arena_printf(&a, ", %s left", span_words(&a, now.left_ms));
	plain_say(&g->p, "Question %d of %d, %s, %s%s.", now.number, now.total, c->item.deck_title,
		  part_key(&a, c->item.deck, c->item.card, c->item.part), left);
	arena_clear(&a);
}

/* "b!" and "b ?": how sure, behind the answer. A typed answer may end in such a mark itself, so
 * there it stands behind a blank. */
static void take_mark(struct dialogue *g, const struct ask *q)
{
	size_t n = strlen(g->p.arg);
	char *end = (char *)g->p.arg + n;
	while (n && (end[-1] == ' ' || end[-1] == '\t'))
		end--, n--;
	bool mark = n > 1 && (end[-1] == '!' || end[-1] == '?');
	if (!mark || (q->mode == ASK_TYPE && end[-2] != ' '))
		return;
	enum sureness sure = end[-1] == '!' ? SURE_YES : SURE_GUESS;
	end[-1] = '\0';
	if (quiz_sureness(g->quiz) != sure)
		quiz_sure(g->quiz, sure);
}

static void say_advice(struct dialogue *g, const char *why)
{
	plain_advice(&g->p, why);
	words_hint(&g->p, quiz_words, QUIZ_WORD_COUNT);
}

static void answer(struct dialogue *g, struct ask *q)
{
	struct diags d = {0};
	struct quiz_outcome out;
	const char *why;
	take_mark(g, q);
	if (!g->p.arg[0])
		plain_bad_line(&g->p, "Give an answer, or :reveal to see it.");
	else if (!ask_parse(q, g->p.arg, &why))
		say_advice(g, why);
	else if (!ask_complete(q))
		plain_bad_line(&g->p, "Not all have one yet: give each number a letter.");
	else if (!quiz_answer(g->quiz, &out, &d))
		fail(g, &d);
	else
		g->p.bad_lines = 0;
}

static void reveal(struct dialogue *g)
{
	struct diags d = {0};
	struct quiz_outcome out;
	if (!quiz_reveal(g->quiz, &out, &d))
		fail(g, &d);
}

static void say_how_sure(struct dialogue *g, enum sureness sure)
{
	if (quiz_sureness(g->quiz) != sure)
		quiz_sure(g->quiz, sure);
	plain_say(&g->p, sure == SURE_YES ? "Sure, then." : "Unsure: it will come back.");
}

/* True: another question is in front now. */
static bool undo(struct dialogue *g)
{
	struct diags d = {0};
	const char *what;
	if (!quiz_undo(g->quiz, &what, &d)) {
		fail(g, &d);
		return false;
	}
	plain_say(&g->p, what ? "Undone: the answer to %s." : "There is nothing to undo.",
		  what ? what : "");
	if (what)
		plain_gap(&g->p);
	return what != NULL;
}

/* True: stay at the question. */
static bool command(struct dialogue *g, int word, struct review_card *c)
{
	switch ((enum quiz_word)word) {
	case QUIZ_SURE:
	case QUIZ_UNSURE:
		say_how_sure(g, word == QUIZ_SURE ? SURE_YES : SURE_GUESS);
		return true;
	case QUIZ_SKIP:
		quiz_next(g->quiz);
		plain_gap(&g->p);
		return false;
	case QUIZ_UNDO:
		return !undo(g);
	case QUIZ_REVEAL:
		reveal(g);
		return true;
	case QUIZ_HINT:
		plain_markdown(&g->p, c->card->hint ? c->card->hint : "The card has no hint.");
		return true;
	case QUIZ_CARD:
		plain_question(&g->p, c);
		return true;
	case QUIZ_SOURCE:
		plain_sources(&g->p, c);
		return true;
	case QUIZ_PROVE:
		plain_prove_card(&g->p, c->ask.shown, c->card->proof);
		return true;
	case QUIZ_HELP:
		words_say(&g->p, quiz_words, QUIZ_WORD_COUNT);
		return true;
	case QUIZ_QUIT:
		g->p.stop = true;
		return false;
	case QUIZ_WORD_COUNT:
		break;
	}
	return true;
}

/* Ask until it is answered. False: the dialogue goes elsewhere. */
static bool ask(struct dialogue *g, struct review_card *c)
{
	struct arena a = {0};
	const char *prompt = plain_prompt(&a, &c->ask);
	bool here = true;
	plain_question(&g->p, c);
	while (here && !g->p.stop && !c->ask.shown) {
		if (!plain_line(&g->p, prompt)) {
			g->p.stop = true;
			break;
		}
		int word = word_find(&g->p, quiz_words, QUIZ_WORD_COUNT, c->ask.mode != ASK_TYPE,
				     false);
		if (word >= 0)
			here = command(g, word, c);
		else if (word == -2)
			plain_bad_line(&g->p, "There is no such command; :help lists them.");
		else
			answer(g, &c->ask);
	}
	arena_clear(&a);
	return here && !g->p.stop;
}

static void say_outcome(struct dialogue *g)
{
	const struct quiz_outcome *out = quiz_outcome(g->quiz);
	if (out->verdict == VERDICT_RIGHT && out->comes_back)
		plain_say(&g->p, "It comes back %s, as you were not sure of it.", out->next);
	else if (out->comes_back)
		plain_say(&g->p, "It comes back %s.", out->next);
	else
		plain_say(&g->p, "Due again %s.", out->next);
	if (out->became_leech)
		plain_say(&g->p, "It has been forgotten often, so it is a leech now.");
}

/* After the answer: on, or back. */
static void go_on(struct dialogue *g, struct review_card *c)
{
	bool stay = true;
	while (stay && !g->p.stop) {
		if (!plain_line(&g->p, "Enter for the next question, u undoes: ")) {
			g->p.stop = true;
			break;
		}
		int word = word_find(&g->p, quiz_words, QUIZ_WORD_COUNT, true, true);
		if (word >= 0) {
			stay = command(g, word, c);
		} else if (g->p.arg[0]) {
			plain_bad_line(&g->p, "Enter, or a command; :help lists them.");
		} else {
			quiz_next(g->quiz);
			stay = false;
			plain_gap(&g->p);
		}
	}
}

/* ---- the quiz ------------------------------------------------------------------------ */

static void say_missed(struct dialogue *g, const struct quiz_summary *s)
{
	if (!s->missed_count)
		return;
	plain_gap(&g->p);
	plain_say(&g->p, "To look at again:");
	for (size_t i = 0; i < s->missed_count; i++)
		plain_say(&g->p, "%s: %s%s", s->missed[i].key, s->missed[i].title,
			  s->missed[i].sure ? " (you were sure)" : "");
}

static void say_end(struct dialogue *g)
{
	const struct quiz_summary *s = quiz_summary(g->quiz);
	const struct quiz_progress *n = &s->progress;
	struct arena a = {0};
	plain_gap(&g->p);
	if (!n->done) {
		plain_say(&g->p, "No question was answered.");
		return;
	}
	if (n->left_ms == 0)
		plain_say(&g->p, "The time is up.");
	plain_say(&g->p, "%d of %d right%s.", n->right, n->done,
		  n->took_ms >= 1000 ? arena_printf(&a, ", %s", span_words(&a, n->took_ms)) : "");
	if (n->sure_wrong || n->unsure_right)
		plain_say(&g->p, "Sure and wrong: %d. Unsure and right: %d.", n->sure_wrong,
			  n->unsure_right);
	for (size_t i = 0; i < s->topic_count; i++)
		plain_say(&g->p, "%s: %d of %d.", s->topics[i].domain, s->topics[i].right,
			  s->topics[i].of);
	if (s->come_back)
		plain_say(&g->p, "%d %s back as %s.", s->come_back,
			  str_plural(s->come_back, "card comes", "cards come"),
			  str_plural(s->come_back, "a review", "reviews"));
	say_missed(g, s);
	arena_clear(&a);
}

static void run_session(struct dialogue *g)
{
	struct diags d = {0};
	struct review_card *c = NULL;
	while (!g->p.stop && quiz_current(g->quiz, &c, &d) && c) {
		if (!c->ask.shown) {
			say_heading(g, c);
			if (!ask(g, c))
				continue;
			plain_result(&g->p, c);
			say_outcome(g);
		}
		go_on(g, c);
	}
	if (d.errors)
		fail(g, &d);
}

static int plain_quiz(struct call *c, struct study *s, const struct quiz_options *o)
{
	struct diags d = {0};
	struct arena a = {0};
	struct dialogue g = {.quiz = NULL};
	struct review_card *first = NULL;
	plain_init(&g.p, c, s);
	bool ok = quiz_open(&g.quiz, s, o, &d) && quiz_current(g.quiz, &first, &d);
	if (!ok) {
		g.p.code = EXIT_FAILED;
	} else if (!first) {
		call_note(c, quiz_none(s, o, &a));
		g.p.code = EXIT_NOTHING_DUE;
	} else {
		plain_say(&g.p, "End an answer with ! when you are sure and with ? when you are "
				"not; :help lists commands.");
		plain_gap(&g.p);
		run_session(&g);
		say_end(&g);
	}
	quiz_close(g.quiz, &d);
	call_report(c, &d);
	plain_clear(&g.p);
	arena_clear(&a);
	return g.p.code;
}

/* ---- the command --------------------------------------------------------------------- */

static bool read_number(struct call *c, enum flag_id f, int max, int fallback, int *out)
{
	long long n = fallback;
	if (c->value[f] && !str_to_i64(c->value[f], 1, max, &n)) {
		call_usage(c, "--%s takes a whole number from 1 to %d", flags[f].name, max);
		return false;
	}
	*out = (int)n;
	return true;
}

static bool read_kind(struct call *c, enum card_kind *out)
{
	const char *name = c->value[FLAG_KIND];
	*out = CARD_KIND_COUNT;
	if (!name)
		return true;
	for (int k = 0; k < CARD_KIND_COUNT; k++)
		if (str_eq(name, card_kind_names[k])) {
			*out = (enum card_kind)k;
			return true;
		}
	const char *near = suggest(name, card_kind_names, CARD_KIND_COUNT);
	if (near)
		call_usage(c, "there is no kind \"%s\", did you mean \"%s\"?", name, near);
	else
		call_usage(c,
			   "there is no kind \"%s\"; a quiz asks choice, truefalse, matching, "
			   "ordering and typed",
			   name);
	return false;
}

static bool query_is_good(struct call *c, const char *query)
{
	struct arena a = {0};
	struct diags d = {0};
	struct query *q;
	bool ok = query_parse(&a, query, false, &q, &d);
	query_clear(q);
	call_report(c, &d);
	arena_clear(&a);
	return ok;
}

int run_quiz(struct call *c)
{
	struct arena a = {0};
	struct diags d = {0};
	struct study s;
	int code = EXIT_USAGE;
	struct quiz_options o = {.query = call_query(c, 0, &a),
				 .weakest = call_has(c, FLAG_WEAKEST),
				 .has_seed = c->has_seed,
				 .seed = c->seed};
	if (call_has(c, FLAG_JSON)) {
		arena_clear(&a);
		return call_usage(c, "a quiz is a dialogue and has no --json; stats has");
	}
	bool ok = read_number(c, FLAG_LIMIT, 10000, -1, &o.limit) &&
		  read_number(c, FLAG_MINUTES, 600, 0, &o.minutes) && read_kind(c, &o.kind) &&
		  query_is_good(c, o.query);
	if (ok && call_open(c, &s, &code)) {
		struct start start = {.quiz = &o, .no_colour = call_no_colour(c)};
		code = c->plain ? plain_quiz(c, &s, &o) : c->host->tui(&s, &start, &d);
		call_report(c, &d);
		study_close(&s);
	}
	arena_clear(&a);
	return code;
}
