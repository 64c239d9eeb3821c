/* lintsource.c -- rules about where facts come from and what cards are filed under.
 *
 * A flashcard repeats a fact until it cannot be forgotten, so a wrong one does lasting harm; that
 * is why a fact without a source, or with one that nobody has looked at for months, is a warning.
 * What is missing from all cards of a deck is said once, at the deck: two hundred equal notes hide
 * the rest.
 */
#include "deck/lintrule.h"

#include "base/clock.h"

#include <stdlib.h>
#include <string.h>

void lint_no_source(struct lint *l, const struct card *c)
{
	if (c->source_count == 0)
		lint_report(l, LINT_NO_SOURCE, c->pos, "\"%s\" names no source", c->id);
}

static void check_age(struct lint *l, const struct source *s)
{
	int32_t age = l->options->today - s->checked_day;

	if (age < 0)
		lint_report(l, LINT_SOURCE_FUTURE, s->pos,
			    "source \"%s\" says it was checked on %s, which is still to come",
			    s->id, date_text(&l->arena, s->checked_day));
	else if (age > l->options->max_age_d)
		lint_report(
			l, LINT_SOURCE_STALE, s->pos,
			"source \"%s\" was checked %ld days ago, on %s; check again after %d days",
			s->id, (long)age, date_text(&l->arena, s->checked_day),
			l->options->max_age_d);
}

void lint_source_list(struct lint *l, const struct source *sources, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct source *s = &sources[i];

		if (s->has_checked)
			check_age(l, s);
		else
			lint_report(l, LINT_SOURCE_UNCHECKED, s->pos,
				    "source \"%s\" has no \"checked\" date", s->id);
		if (!str_starts(s->url, "https://"))
			lint_report(l, LINT_URL, s->pos,
				    "source \"%s\" is not at an https:// address", s->id);
	}
}

void lint_sources(struct lint *l, const struct deck *deck)
{
	lint_source_list(l, deck->sources, deck->source_count);
}

void lint_unused_sources(struct lint *l, const struct deck *deck)
{
	bool *used = xcalloc(deck->source_count + 1, sizeof(*used));

	for (size_t i = 0; i < deck->card_count; i++)
		for (size_t j = 0; j < deck->cards[i].source_count; j++)
			used[deck->cards[i].sources[j] - deck->sources] = true;
	for (size_t i = 0; i < deck->source_count; i++)
		if (!used[i])
			lint_report(l, LINT_UNUSED_SOURCE, deck->sources[i].pos,
				    "no card uses source \"%s\"", deck->sources[i].id);
	free(used);
}

/* Report the cards that lack something, or the deck when all do. lacks is told one card. */
static void report_lacking(struct lint *l, const struct deck *deck, enum lint_id id,
			   bool (*lacks)(const struct card *c), const char *what)
{
	size_t n = 0;

	for (size_t i = 0; i < deck->card_count; i++)
		n += lacks(&deck->cards[i]);
	if (n > 1 && n == deck->card_count) {
		lint_report(l, id, deck->pos, "no card of this deck has %s", what);
		return;
	}
	for (size_t i = 0; n > 0 && i < deck->card_count; i++)
		if (lacks(&deck->cards[i]))
			lint_report(l, id, deck->cards[i].pos, "\"%s\" has no %s",
				    deck->cards[i].id, strchr(what, ' ') + 1);
}

static bool lacks_task(const struct card *c)
{
	return c->task_count == 0;
}

static bool lacks_tag(const struct card *c)
{
	return c->tag_count == 0;
}

void lint_exam(struct lint *l, const struct deck *deck)
{
	report_lacking(l, deck, LINT_EXAM, lacks_task, "an exam task");
}

void lint_untagged(struct lint *l, const struct deck *deck)
{
	report_lacking(l, deck, LINT_UNTAGGED, lacks_tag, "a tag");
}
