/* lintbias.c -- rules about a deck as a whole: keys that can be guessed, and cards that repeat
 * others.
 *
 * A test-wise reader picks the longest option, or "C", and is right too often where authors have
 * habits. A habit only shows over many cards, so each rule has a least number of cards below which
 * it says nothing, and fires when the share is 20 points over what chance gives these very cards.
 * Places are those in the file: the program shuffles, but exports and readers of the file see them.
 */
#include "deck/lintrule.h"

#include "base/random.h"
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

#define MARGIN 0.20
#define LONGEST_FROM 8   /* one-answer choice cards */
#define POSITION_FROM 12 /* choice cards */
#define TRUEFALSE_FROM 8

/* Is the one right option longer than every other? */
static bool longest_is_right(const struct card *c)
{
	size_t right = 0, wrong = 0;

	for (size_t i = 0; i < c->choice.count; i++) {
		size_t n = lint_length(c->choice.options[i].text);
		size_t *longest = c->choice.options[i].right ? &right : &wrong;

		if (n > *longest)
			*longest = n;
	}
	return right > wrong;
}

void lint_longest_right(struct lint *l, const struct deck *deck)
{
	size_t cards = 0, longest = 0;
	double chance = 0;

	for (size_t i = 0; i < deck->card_count; i++) {
		const struct card *c = &deck->cards[i];

		if (c->kind != CARD_CHOICE || lint_rights(c) != 1)
			continue;
		cards++;
		longest += longest_is_right(c);
		chance += 1.0 / (double)c->choice.count;
	}
	if (cards >= LONGEST_FROM && (double)longest > chance + MARGIN * (double)cards)
		lint_report(l, LINT_LONGEST_RIGHT, deck->pos,
			    "the right option is the longest in %zu of %zu choices of one; chance "
			    "gives %.0f",
			    longest, cards, chance);
}

/* Keys by position, and how many chance would put there. */
struct positions {
	size_t cards, keys;
	size_t count[MAX_OPTIONS];
	double chance[MAX_OPTIONS];
};

static void count_positions(const struct deck *deck, struct positions *p)
{
	for (size_t i = 0; i < deck->card_count; i++) {
		const struct card *c = &deck->cards[i];

		if (c->kind != CARD_CHOICE)
			continue;
		size_t rights = lint_rights(c);

		p->cards++;
		p->keys += rights;
		for (size_t at = 0; at < c->choice.count; at++) {
			p->count[at] += c->choice.options[at].right;
			p->chance[at] += (double)rights / (double)c->choice.count;
		}
	}
}

void lint_position(struct lint *l, const struct deck *deck)
{
	struct positions p = {0};
	size_t worst = 0;

	count_positions(deck, &p);
	for (size_t at = 1; at < MAX_OPTIONS; at++)
		if ((double)p.count[at] - p.chance[at] > (double)p.count[worst] - p.chance[worst])
			worst = at;
	if (p.cards >= POSITION_FROM &&
	    (double)p.count[worst] > p.chance[worst] + MARGIN * (double)p.keys)
		lint_report(l, LINT_POSITION, deck->pos,
			    "position %c holds %zu of %zu right options; an equal share is %.0f",
			    'A' + (int)worst, p.count[worst], p.keys, p.chance[worst]);
}

void lint_truefalse_balance(struct lint *l, const struct deck *deck)
{
	size_t cards = 0, trues = 0;

	for (size_t i = 0; i < deck->card_count; i++)
		if (deck->cards[i].kind == CARD_TRUEFALSE) {
			cards++;
			trues += deck->cards[i].truefalse.answer;
		}
	size_t most = trues * 2 > cards ? trues : cards - trues;

	if (cards >= TRUEFALSE_FROM && (double)most > (0.5 + MARGIN) * (double)cards)
		lint_report(l, LINT_TRUEFALSE_BALANCE, deck->pos, "%zu of %zu statements are %s",
			    most, cards, most == trues ? "true" : "false");
}

/* A card by what it asks. */
struct asked {
	const char *folded;
	uint64_t hash;
	const struct deck *deck;
	const struct card *card;
	size_t at; /* among all cards, so that the first stays the first */
};

static int by_question(const void *va, const void *vb)
{
	const struct asked *a = va, *b = vb;

	if (a->hash != b->hash)
		return a->hash < b->hash ? -1 : 1;
	int texts = strcmp(a->folded, b->folded);

	if (texts != 0)
		return texts;
	return a->at < b->at ? -1 : a->at > b->at;
}

static void report_duplicate(struct lint *l, const struct asked *first, const struct asked *again)
{
	struct pos at = again->card->pos, there = first->card->pos;

	if (first->deck == again->deck)
		lint_report(l, LINT_DUPLICATE, at, "\"%s\" asks the same as \"%s\" in line %d",
			    again->card->id, first->card->id, there.line);
	else
		lint_report(l, LINT_DUPLICATE, at, "\"%s\" asks the same as \"%s/%s\" at %s:%d",
			    again->card->id, first->deck->slug, first->card->id,
			    there.file ? there.file : "-", there.line);
}

static size_t gather(struct arena *a, const struct deck *const *decks, size_t n, struct asked *all)
{
	size_t count = 0;

	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < decks[i]->card_count; j++) {
			const struct card *c = &decks[i]->cards[j];
			char *folded = utf8_fold(a, card_title(c));

			all[count] = (struct asked){
				.folded = folded,
				.hash = hash_bytes(folded, strlen(folded), (uint64_t)c->kind),
				.deck = decks[i],
				.card = c,
				.at = count,
			};
			count++;
		}
	return count;
}

void lint_duplicates(struct lint *l, const struct deck *const *decks, size_t n)
{
	struct arena texts = {0};
	size_t total = 0;

	for (size_t i = 0; i < n; i++)
		total += decks[i]->card_count;
	struct asked *all = xcalloc(total + 1, sizeof(*all));
	size_t count = gather(&texts, decks, n, all), first = 0;

	qsort(all, count, sizeof(*all), by_question);
	for (size_t i = 1; i < count; i++) {
		if (all[i].hash != all[first].hash || !str_eq(all[i].folded, all[first].folded))
			first = i;
		else
			report_duplicate(l, &all[first], &all[i]);
	}
	free(all);
	arena_clear(&texts);
}
