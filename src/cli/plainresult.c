/* plainresult.c -- the result of a mock exam as sentences, and its questions with their reasons. */
#include "cli/plainexam.h"
#include "cli/plainlab.h"

#include <math.h>
#include <assert.h>
#include <string.h>

enum { SHOWN_LOSSES = 6 };

static int percent(double share)
{
	return (int)lround(share * 100);
}

static void say_points(struct plain *p, const struct sitting_result *r)
{
	plain_say(p, "%d of %d scored questions are right, %d %%.", r->points.right, r->points.of,
		  r->points.of ? (int)lround(100.0 * r->points.right / r->points.of) : 0);
	if (r->points.unscored_of)
		plain_say(p, "Of the %d unscored ones mixed in, %d are right.",
			  r->points.unscored_of, r->points.unscored_right);
	if (r->points.blank)
		plain_say(p, "%d %s without a full answer, which counts as wrong.", r->points.blank,
			  str_plural(r->points.blank, "was", "were"));
}

static void say_chance(struct plain *p, const struct sitting_result *r)
{
	plain_gap(p);
	if (r->chance.enough) {
		plain_say(p, "Chance of passing today: %s, %d to %d %%; AWS hides its line.",
			  r->chance_words, percent(r->chance.pass_lo), percent(r->chance.pass_hi));
		plain_say(p, "That rests on %d first tries of questions never seen before.",
			  r->chance.tries);
	} else {
		plain_say(p,
			  "Chance of passing: %s. It takes %d first tries of questions never "
			  "seen before; there are %d.",
			  r->chance_words, CHANCE_MIN_TRIES, r->chance.tries);
	}
}

static void say_domains(struct plain *p, const struct sitting_result *r)
{
	struct arena a = {0};
	plain_gap(p);
	for (size_t i = 0; i < r->domain_count; i++) {
		const struct sitting_domain *m = &r->domain[i];
		const char *all = "";
		if (r->chance.enough)
			all = arena_printf(&a, "; all first tries %d %%, between %d and %d",
					   percent(m->first_tries.mid), percent(m->first_tries.lo),
					   percent(m->first_tries.hi));
		plain_say(p, "%s, weight %d %%: %d of %d%s.", m->title, m->weight, m->right, m->of,
			  all);
	}
	arena_clear(&a);
}

static void say_losses(struct plain *p, const struct sitting_result *r)
{
	size_t n = r->loss_count < SHOWN_LOSSES ? r->loss_count : SHOWN_LOSSES;
	if (!n)
		return;
	plain_gap(p);
	plain_say(p, "Why points were lost:");
	for (size_t i = 0; i < n; i++)
		plain_say(p, "%s: %d of %d questions; `gatedrill quiz %s`", r->losses[i].topic,
			  r->losses[i].items, r->losses[i].of, r->losses[i].query);
}

static void say_habits(struct plain *p, const struct sitting_result *r)
{
	struct arena a = {0};
	const struct result_points *n = &r->points;
	plain_gap(p);
	plain_say(p,
		  "Sure and wrong: %d. Unsure and right: %d. Changed right to wrong: %d, wrong "
		  "to right: %d.",
		  n->sure_wrong, n->unsure_right, n->to_wrong, n->to_right);
	plain_say(p, "Time: %s a question, %s in all%s.",
		  span_words(&a, n->mean_ms > 0 ? n->mean_ms : 0), span_words(&a, r->open_ms),
		  n->long_items ? arena_printf(&a, "; %d took over 5 minutes", n->long_items) : "");
	if (r->aways)
		plain_say(p, "Away %d %s, %s in all; it did not count.", r->aways,
			  str_plural(r->aways, "time", "times"), span_words(&a, r->away_ms));
	if (r->reviews)
		plain_say(p, "%d %s back as %s.", r->reviews,
			  str_plural(r->reviews, "card comes", "cards come"),
			  str_plural(r->reviews, "a review", "reviews"));
	if (r->removed)
		plain_say(p, "%d %s in no deck any more: graded as asked, without a review.",
			  r->removed, str_plural(r->removed, "question is", "questions are"));
	if (r->reworded)
		plain_say(p, "%d %s changed meanwhile: graded as asked.", r->reworded,
			  str_plural(r->reworded, "question was", "questions were"));
	arena_clear(&a);
}

bool plain_exam_result(struct plain *p, struct sitting *x)
{
	struct diags d = {0};
	struct arena a = {0};
	const struct sitting_result *r;
	const struct sitting_info *info = sitting_info(x);
	if (!sitting_result(x, &r, &d)) {
		call_report(p->call, &d);
		p->code = EXIT_FAILED;
		return false;
	}
	plain_gap(p);
	plain_say(p, "Mock exam %lld, %s, form %s, %s.", (long long)info->id, info->code,
		  info->form, date_text(&a, day_of(r->ended, 0)));
	say_points(p, r);
	say_chance(p, r);
	say_domains(p, r);
	say_losses(p, r);
	say_habits(p, r);
	arena_clear(&a);
	return true;
}

/* ---- reviewing ----------------------------------------------------------------------- */

static const char *verdict(const struct result_item *r)
{
	return r->right ? "right" : r->blank ? "not answered" : "wrong";
}

/* Each option with its reason below it. */
static void say_options(struct plain *p, const struct ask *q)
{
	struct arena a = {0};
	for (size_t i = 0; i < q->count; i++) {
		const char *why = ask_why(q, i);
		plain_lettered(p, (char)('A' + i), ask_text(q, i));
		plain_markdown(p,
			       arena_printf(&a, "%s%s. %s", ask_is_right(q, i) ? "Right" : "Wrong",
					    q->chosen[i] ? ", your choice" : "", why ? why : ""));
	}
	arena_clear(&a);
}

static void say_pairs(struct plain *p, const struct ask *q)
{
	struct arena a = {0};
	for (size_t i = 0; i < q->count; i++) {
		const char *you = q->matched[i] < 0 ? "nothing" : q->rights[q->matched[i]];
		plain_markdown(p,
			       arena_printf(&a, "%s → %s%s", ask_text(q, i), ask_right_text(q, i),
					    ask_is_right(q, i)
						    ? ""
						    : arena_printf(&a, " (you said: %s)", you)));
	}
	arena_clear(&a);
}

static void say_places(struct plain *p, const struct ask *q)
{
	struct arena a = {0};
	for (size_t i = 0; i < q->count; i++)
		plain_markdown(p,
			       arena_printf(&a, "%zu: %s%s", i + 1, ask_right_text(q, i),
					    ask_is_right(q, i) ? ""
							       : arena_printf(&a, " (you said: %s)",
									      ask_text(q, i))));
	arena_clear(&a);
}

static void say_reasons(struct plain *p, const struct ask *q)
{
	if (q->mode == ASK_MATCH)
		say_pairs(p, q);
	else if (q->mode == ASK_ORDER)
		say_places(p, q);
	else
		say_options(p, q);
}

static void say_item(struct plain *p, const struct sitting *x, size_t number)
{
	struct arena a = {0};
	struct sitting_review r = sitting_review(x, number);
	const char *source;
	plain_gap(p);
	plain_say(p, "Question %zu: %s%s%s, %s.", number + 1, verdict(&r.result),
		  r.result.scored ? "" : ", unscored",
		  r.result.sure ? arena_printf(&a, ", you said %s",
					       r.result.sure == SURE_GUESS
						       ? "it was a guess"
						       : sureness_names[r.result.sure])
				: "",
		  span_words(&a, r.result.spent_ms));
	plain_gap(p);
	plain_markdown(p, r.item.prompt);
	plain_gap(p);
	say_reasons(p, &r.item.item->ask);
	if (r.notes) {
		plain_gap(p);
		plain_markdown(p, r.notes);
	}
	plain_gap(p);
	plain_say(p, "Task %s. Card %s%s.", r.task, r.key,
		  r.removed    ? ", in no deck any more"
		  : r.reworded ? ", changed since"
			       : "");
	for (size_t i = 0; (source = sitting_source(x, number, i, &a)) != NULL; i++)
		plain_say(p, "Source: %s.", source);
	if (r.item.card->proof)
		plain_say(p, "Proof: %s; p runs it.", r.item.card->proof);
	arena_clear(&a);
}

/* After an item: its proof may be run as often as wanted. True: on to the next one, if there is
 * one. */
static bool goes_on(struct plain *p, const char *proof, bool last)
{
	const char *prompt =
		last    ? "Enter ends the review, p runs the proof: "
		: proof ? "Enter for the next one, p runs the proof, q ends the review: "
			: "Enter for the next one, q ends the review: ";
	while (!last || proof) {
		if (!plain_line(p, prompt)) {
			p->stop = true;
			return false;
		}
		if (!proof || !str_eq(str_c(&p->line), "p"))
			return !str_c(&p->line)[0];
		plain_prove_card(p, true, proof);
	}
	return false;
}

/* One after the other; an empty line goes on, anything else ends it. */
static void walk(struct plain *p, struct sitting *x, enum sitting_filter f)
{
	struct arena a = {0};
	size_t *numbers;
	size_t n = sitting_filter(x, f, &a, &numbers);
	if (!n)
		plain_say(p, "There is none.");
	for (size_t i = 0; i < n && !p->stop; i++) {
		say_item(p, x, numbers[i]);
		if (!goes_on(p, sitting_review(x, numbers[i]).item.card->proof, i + 1 == n))
			break;
	}
	arena_clear(&a);
}

static void export_to(struct plain *p, struct sitting *x, const char *path)
{
	struct diags d = {0};
	if (sitting_export(x, path, &d))
		plain_say(p, "Written: %s", path);
	call_report(p->call, &d);
}

enum review_word { SEE_WRONG, SEE_ALL, SEE_SURE, SEE_EXPORT, SEE_HELP, SEE_QUIT, SEE_WORD_COUNT };
const struct word result_words[] = {
	[SEE_WRONG] = {"wrong", 'w', NULL, "the wrong ones, with their reasons and proofs"},
	[SEE_ALL] = {"all", 'r', NULL, "all questions"},
	[SEE_SURE] = {"sure", 'c', NULL, "those you were sure of and that were wrong"},
	[SEE_EXPORT] = {"export", 'x', "FILE", "write the result to FILE, .md or .json"},
	[SEE_HELP] = {"help", '?', NULL, "this list"},
	[SEE_QUIT] = {"quit", 'q', NULL, "leave; so does an empty line"},
};
const size_t result_word_count = ARRAY_LEN(result_words);
static_assert(ARRAY_LEN(result_words) == SEE_WORD_COUNT, "every command has a row");

static void see(struct plain *p, struct sitting *x, int word)
{
	struct arena a = {0};
	switch ((enum review_word)word) {
	case SEE_WRONG:
		walk(p, x, SITTING_WRONG);
		break;
	case SEE_ALL:
		walk(p, x, SITTING_ALL);
		break;
	case SEE_SURE:
		walk(p, x, SITTING_SURE_WRONG);
		break;
	case SEE_EXPORT:
		export_to(p, x, p->arg[0] ? arena_strdup(&a, p->arg) : sitting_export_name(x, &a));
		break;
	case SEE_HELP:
		words_say(p, result_words, SEE_WORD_COUNT);
		break;
	case SEE_QUIT:
		p->stop = true;
		break;
	case SEE_WORD_COUNT:
		break;
	}
	arena_clear(&a);
}

void plain_exam_review(struct plain *p, struct sitting *x)
{
	while (!p->stop) {
		plain_gap(p);
		if (!plain_line(p, "wrong, all or sure shows questions, Enter ends: "))
			return;
		int word = word_find(p, result_words, SEE_WORD_COUNT, true, true);
		if (word >= 0)
			see(p, x, word);
		else if (!p->arg[0])
			return;
		else
			plain_bad_line(p, "wrong, all, sure, export FILE, or an empty line.");
	}
}
