/* lintguess.c -- rules about all choices of a run: what a reader scores who knows nothing.
 *
 * A test-wise reader picks the longest option, or the one with the most numbers and names, or a
 * favourite letter, and gives up options that turn up everywhere. Over a whole collection none of
 * these should pay. Habits of one deck are looked at in lintbias.c; here small ones of many authors
 * add up, so the bar is higher: 5 points of 100 either way, since "never the longest" is a guess as
 * well. A share over few choices scatters by itself, with the root of their number; so fewer than
 * 200 are given more room, and fewer than 40 none of these rules.
 *
 * A choice of one is one pick. Where k options are right the guess picks k, and what counts is the
 * share of the picks that is right: whole answers are too seldom right for a rate to mean anything.
 * Options that are alike share the picks for which they stand in line. */
#include "deck/lintrule.h"

#include "base/random.h"
#include "base/utf8.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define GUESS_FROM 40 /* choices */
#define EXACT_FROM 200
#define TOLERANCE 5.0 /* points of 100 */
#define MAX_REUSE 6   /* questions with the same wrong option */

double lint_tolerance(size_t n)
{
	return n >= EXACT_FROM ? TOLERANCE : TOLERANCE * sqrt((double)EXACT_FROM / (double)n);
}

/* -- how specific ------------------------------------------------------------------------------ */

static bool is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

/* A word with a capital that no sentence begins with. The first word of one counts when a later
 * letter is a capital, as in "DynamoDB" and "API". */
static bool is_name(const char *word, size_t n, bool first)
{
	for (size_t i = first; i < n; i++)
		if (is_upper(word[i]))
			return true;
	return false;
}

static size_t count_words(const char *prose)
{
	size_t count = 0;
	bool first = true;

	for (const char *p = prose; *p;) {
		size_t n = 0;
		while (isalpha((unsigned char)p[n]) || p[n] == '\'' || (p[n] & 0x80))
			n++;
		if (n > 0) {
			count += is_name(p, n, first);
			first = false;
		} else if (isdigit((unsigned char)*p)) {
			while (isdigit((unsigned char)p[n]) ||
			       ((p[n] == '.' || p[n] == ',') && isdigit((unsigned char)p[n + 1])))
				n++;
			count++;
			first = false;
		} else {
			first |= strchr(".?!", *p) != NULL;
			n = 1;
		}
		p += n;
	}
	return count;
}

/* Runs of backticks open and close spans. */
static size_t count_spans(const char *md)
{
	size_t runs = 0;

	for (const char *p = md; *p; p++)
		runs += *p == '`' && (p == md || p[-1] != '`');
	return runs / 2;
}

size_t lint_specifics(struct arena *a, const char *md)
{
	return count_spans(md) + count_words(lint_prose(a, md));
}

/* -- guesses ----------------------------------------------------------------------------------- */

typedef size_t measure_fn(struct arena *a, const char *text);

static size_t length_of(struct arena *a, const char *text)
{
	(void)a;
	return lint_length(text);
}

/* The share of the picks that is right when as many options are picked as are right, those with the
 * highest measure first. */
static double hits_of(struct arena *a, const struct card *c, measure_fn *measure)
{
	size_t value[MAX_OPTIONS], picks = lint_rights(c);
	double hits = 0;

	for (size_t i = 0; i < c->choice.count; i++)
		value[i] = measure(a, c->choice.options[i].text);
	for (size_t i = 0; i < c->choice.count; i++) {
		size_t above = 0, same = 0;
		for (size_t j = 0; j < c->choice.count; j++) {
			above += value[j] > value[i];
			same += value[j] == value[i];
		}
		if (!c->choice.options[i].right || above >= picks)
			continue;
		hits += same <= picks - above ? 1.0 : (double)(picks - above) / (double)same;
	}
	return hits / (double)picks;
}

static void measure_places(const struct card *c, struct lint_places *p)
{
	p->choices++;
	for (size_t i = 0; i < c->choice.count; i++) {
		p->rights += c->choice.options[i].right;
		p->right[i] += c->choice.options[i].right;
	}
}

static void measure_card(struct arena *a, const struct card *c, struct lint_figures *f)
{
	size_t rights = lint_rights(c), n = c->choice.count;

	f->choices++;
	f->multiple += rights > 1;
	f->longest.hits += hits_of(a, c, length_of);
	f->longest.chance += (double)rights / (double)n;
	f->specific.hits += hits_of(a, c, lint_specifics);
	f->specific.chance += (double)rights / (double)n;
	measure_places(c, rights > 1 ? &f->more[n] : &f->single[n]);
}

void lint_measure(const struct deck *const *decks, size_t n, struct lint_figures *out)
{
	struct arena a = {0};

	*out = (struct lint_figures){.decks = n};
	for (size_t i = 0; i < n; i++) {
		out->cards += decks[i]->card_count;
		for (size_t j = 0; j < decks[i]->card_count; j++)
			if (decks[i]->cards[j].kind == CARD_CHOICE)
				measure_card(&a, &decks[i]->cards[j], out);
		arena_clear(&a);
	}
}

/* -- what is too far off ----------------------------------------------------------------------- */

static double percent(double part, double whole)
{
	return whole > 0 ? 100 * part / whole : 0;
}

/* Is a share off by more than chance explains? */
static bool is_off(double share, double chance, size_t n)
{
	return n >= GUESS_FROM && fabs(share - chance) > lint_tolerance(n);
}

/* A run to be judged: its decks, and the figures of each alone, to tell which to mend first. */
struct run {
	const struct deck *const *decks;
	size_t count;
	struct lint_figures all, *each;
};

static const char *scope(struct lint *l, const struct run *r)
{
	return r->count == 1 ? "" : arena_printf(&l->arena, "over all %zu decks, ", r->count);
}

static const char *culprit(const struct run *r)
{
	return r->count == 1 ? "" : "; this deck adds most to it";
}

/* of finds the guess in figures. */
static void judge_guess(struct lint *l, const struct run *r, enum lint_id id, const char *what,
			const struct lint_guess *(*of)(const struct lint_figures *f))
{
	const struct lint_guess *g = of(&r->all);
	double n = (double)r->all.choices, sign = g->hits > g->chance ? 1 : -1, most = -1;
	size_t worst = 0;

	if (!is_off(percent(g->hits, n), percent(g->chance, n), r->all.choices))
		return;
	for (size_t i = 0; i < r->count; i++) {
		const struct lint_guess *e = of(&r->each[i]);
		double off = sign * (e->hits - e->chance);
		if (off > most) {
			most = off;
			worst = i;
		}
	}
	lint_report(l, id, r->decks[worst]->pos,
		    "%sthe %s option is right in %.0f %% of %zu choices, chance gives %.0f %%%s",
		    scope(l, r), what, percent(g->hits, n), r->all.choices, percent(g->chance, n),
		    culprit(r));
}

static const struct lint_guess *longest_of(const struct lint_figures *f)
{
	return &f->longest;
}

static const struct lint_guess *specific_of(const struct lint_figures *f)
{
	return &f->specific;
}

/* The deck that is furthest off at one position. */
static size_t worst_place(const struct run *r, size_t options, bool more, size_t at, double sign)
{
	size_t worst = 0;
	double most = -1;

	for (size_t i = 0; i < r->count; i++) {
		const struct lint_places *p =
			more ? &r->each[i].more[options] : &r->each[i].single[options];
		double off = sign * ((double)p->right[at] - (double)p->rights / (double)options);
		if (off > most) {
			most = off;
			worst = i;
		}
	}
	return worst;
}

static void judge_places(struct lint *l, const struct run *r, size_t options, bool more)
{
	const struct lint_places *p = more ? &r->all.more[options] : &r->all.single[options];
	double share = 100.0 / (double)options;

	for (size_t at = 0; at < options; at++) {
		double got = percent((double)p->right[at], (double)p->rights);
		if (!is_off(got, share, p->choices))
			continue;
		size_t worst = worst_place(r, options, more, at, got > share ? 1 : -1);
		lint_report(l, LINT_GUESS_POSITION, r->decks[worst]->pos,
			    "%sposition %c holds %.0f %% of the right options in %zu choices of "
			    "%s among %zu, an equal share is %.0f %%%s",
			    scope(l, r), 'A' + (int)at, got, p->choices, more ? "more" : "one",
			    options, share, culprit(r));
	}
}

/* -- wrong options that turn up everywhere ----------------------------------------------------- */

struct wrong {
	const char *folded;
	uint64_t hash;
	const struct deck *deck;
	const struct card *card;
	size_t option, at; /* at: among all, so that the first stays the first */
};

/* The text in lower case, without marks at its end. */
static char *normalised(struct arena *a, const char *text)
{
	char *s = utf8_fold(a, text);
	size_t n = strlen(s);

	while (n > 0 && strchr(".!;,: ", s[n - 1]))
		n--;
	s[n] = '\0';
	return s;
}

static int by_text(const void *va, const void *vb)
{
	const struct wrong *a = va, *b = vb;

	if (a->hash != b->hash)
		return a->hash < b->hash ? -1 : 1;
	int texts = strcmp(a->folded, b->folded);

	if (texts != 0)
		return texts;
	return a->at < b->at ? -1 : a->at > b->at;
}

static size_t gather_card(struct arena *a, const struct deck *deck, const struct card *c,
			  struct wrong *all, size_t count)
{
	for (size_t i = 0; i < c->choice.count; i++) {
		if (c->choice.options[i].right)
			continue;
		char *folded = normalised(a, c->choice.options[i].text);
		all[count] = (struct wrong){.folded = folded,
					    .hash = hash_text(folded),
					    .deck = deck,
					    .card = c,
					    .option = i,
					    .at = count};
		count++;
	}
	return count;
}

static size_t count_options(const struct run *r)
{
	size_t n = 0;

	for (size_t i = 0; i < r->count; i++)
		for (size_t j = 0; j < r->decks[i]->card_count; j++)
			if (r->decks[i]->cards[j].kind == CARD_CHOICE)
				n += r->decks[i]->cards[j].choice.count;
	return n;
}

/* Reported once, at the last question that has it. */
static void report_reuse(struct lint *l, const struct wrong *first, size_t n)
{
	const struct wrong *last = &first[n - 1];

	if (n <= MAX_REUSE)
		return;
	l->file = last->deck->file;
	lint_report(l, LINT_REUSED_OPTION,
		    lint_at_entry(l, last->card, "options", last->option, "text"),
		    "this wrong option stands in %zu questions, first in \"%s/%s\"; at most %d "
		    "should have it",
		    n, first->deck->slug, first->card->id, MAX_REUSE);
}

static void judge_reuse(struct lint *l, const struct run *r)
{
	struct arena texts = {0};
	struct wrong *all = xcalloc(count_options(r) + 1, sizeof(*all));
	size_t count = 0, first = 0;

	for (size_t i = 0; i < r->count; i++)
		for (size_t j = 0; j < r->decks[i]->card_count; j++)
			if (r->decks[i]->cards[j].kind == CARD_CHOICE)
				count = gather_card(&texts, r->decks[i], &r->decks[i]->cards[j],
						    all, count);
	qsort(all, count, sizeof(*all), by_text);
	for (size_t i = 1; i <= count; i++)
		if (i == count || all[i].hash != all[first].hash ||
		    !str_eq(all[i].folded, all[first].folded)) {
			report_reuse(l, &all[first], i - first);
			first = i;
		}
	free(all);
	arena_clear(&texts);
}

void lint_guessing(struct lint *l, const struct deck *const *decks, size_t n)
{
	struct run r = {.decks = decks, .count = n, .each = xcalloc(n + 1, sizeof(*r.each))};

	lint_measure(decks, n, &r.all);
	for (size_t i = 0; i < n; i++)
		lint_measure(&decks[i], 1, &r.each[i]);
	judge_guess(l, &r, LINT_GUESS_LONGEST, "longest", longest_of);
	judge_guess(l, &r, LINT_GUESS_SPECIFIC, "most specific", specific_of);
	for (size_t options = 2; options <= MAX_OPTIONS; options++) {
		judge_places(l, &r, options, false);
		judge_places(l, &r, options, true);
	}
	judge_reuse(l, &r);
	free(r.each);
	arena_clear(&l->arena);
}

/* -- figures for authors ----------------------------------------------------------------------- */

static void guess_text(struct str *out, const char *what, const struct lint_guess *g, size_t n)
{
	str_addf(out, "%s option: right %.1f %%, chance %.1f %%\n", what,
		 percent(g->hits, (double)n), percent(g->chance, (double)n));
}

static void places_text(struct str *out, const struct lint_places *p, size_t options, bool more)
{
	if (p->choices == 0)
		return;
	str_addf(out, "choices of %s among %zu (%zu):", more ? "more" : "one", options, p->choices);
	for (size_t at = 0; at < options; at++)
		str_addf(out, "%s %c %.1f %%", at ? "," : "", 'A' + (int)at,
			 percent((double)p->right[at], (double)p->rights));
	str_addc(out, '\n');
}

/* Count a choice in the domains of its tasks: in each, if they are of several. */
static void count_domains(const struct card *c, const struct blueprint *b, size_t *counts)
{
	bool in[MAX_DOMAINS] = {false};

	for (size_t t = 0; t < c->task_count; t++) {
		const struct blueprint_domain *d = NULL;
		if (str_eq(c->tasks[t].blueprint, b->id))
			d = blueprint_domain_of(b, c->tasks[t].task);
		if (d)
			in[d - b->domains] = true;
	}
	for (size_t k = 0; k < b->domain_count; k++)
		counts[k] += in[k];
}

static void domains_text(struct str *out, const struct deck *const *decks, size_t n,
			 const struct blueprint *b)
{
	size_t counts[MAX_DOMAINS] = {0}, sum = 0;

	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < decks[i]->card_count; j++)
			if (decks[i]->cards[j].kind == CARD_CHOICE)
				count_domains(&decks[i]->cards[j], b, counts);
	for (size_t k = 0; k < b->domain_count; k++)
		sum += counts[k];
	str_addf(out, "%s, %zu choices:", b->code, sum);
	for (size_t k = 0; k < b->domain_count; k++)
		str_addf(out, "%s domain %s %.1f %% (weight %d)", k ? "," : "", b->domains[k].id,
			 percent((double)counts[k], (double)sum), b->domains[k].weight);
	str_addc(out, '\n');
}

void lint_figures_text(struct str *out, const struct deck *const *decks, size_t n,
		       const struct lint_options *o)
{
	struct lint_figures f;

	lint_measure(decks, n, &f);
	str_addf(out, "%zu %s, %zu %s, %zu %s, %zu of them of more than one\n", f.decks,
		 str_plural((long)f.decks, "deck", "decks"), f.cards,
		 str_plural((long)f.cards, "card", "cards"), f.choices,
		 str_plural((long)f.choices, "choice", "choices"), f.multiple);
	if (f.choices == 0)
		return;
	guess_text(out, "longest", &f.longest, f.choices);
	guess_text(out, "most specific", &f.specific, f.choices);
	for (size_t options = 2; options <= MAX_OPTIONS; options++) {
		places_text(out, &f.single[options], options, false);
		places_text(out, &f.more[options], options, true);
	}
	for (size_t i = 0; i < o->exam_count; i++)
		domains_text(out, decks, n, o->exams[i]);
}
