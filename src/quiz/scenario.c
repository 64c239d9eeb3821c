/* scenario.c -- a case made from a seed: story, sentences, options.
 *
 * Draws that one fact turned over must not disturb are not taken from the stream of random numbers
 * but follow from one number and the feature: which sentence states a need, and where it stands
 * among the others. So the twin of a case reads the same but for one sentence. */
#include "quiz/scenario.h"

#include "quiz/scenarioin.h"

#include <string.h>

#define SAY_WISH 3 /* one case in so many says a wish that decides nothing */

/* -- what is said ------------------------------------------------------------------------------ */

/* A number of a feature (or of the wish, and of what is not needed) in this case. */
static uint64_t draw_for(const struct scenario *s, int what, enum sentence_kind kind)
{
	return hash_mix(s->phrase_seed, (uint64_t)what * 8 + (uint64_t)kind);
}

static void say(struct scenario *s, enum sentence_kind kind, int feature, const char *text)
{
	if (s->sentence_count == MAX_SENTENCES)
		return;
	if (s->text.len)
		str_addc(&s->text, ' ');
	struct sentence *t = &s->sentences[s->sentence_count++];
	*t = (struct sentence){.kind = kind, .feature = feature, .start = s->text.len};
	story_fill(&s->text, &s->matrix->stories[s->story], text);
	/* A word in braces that begins the sentence may begin with a small letter. */
	char *first = s->text.p + t->start;
	if (s->text.len > t->start && *first >= 'a' && *first <= 'z')
		*first = (char)(*first - 'a' + 'A');
	t->len = s->text.len - t->start;
}

static void say_feature(struct scenario *s, int f, enum sentence_kind kind)
{
	const struct feature *feature = &s->matrix->features[f];
	bool need = kind == SENTENCE_NEED;
	size_t n = need ? feature->say_count : feature->without_count;
	const char **texts = need ? feature->say : feature->without;
	say(s, kind, f, texts[draw_for(s, f, kind) % n]);
}

/* What of the other features must be said not to be needed? One where silence misleads: adding it
 * would change the answer. unneeded: bits to say in any case. */
static uint64_t choose_without(const struct scenario *s)
{
	const struct matrix *m = s->matrix;
	uint64_t best = 0;
	uint64_t lowest = UINT64_MAX;
	for (int f = 0; f < (int)m->feature_count; f++) {
		uint64_t bit = UINT64_C(1) << f;
		const struct feature *feature = &m->features[f];
		if ((s->needs & bit) || !feature->without_count ||
		    (feature->not_beside & s->needs) || (m->stories[s->story].not_here & bit) ||
		    !matrix_possible(m, s->needs | bit))
			continue;
		struct decision d = matrix_decide(m, s->needs | bit, s->wish);
		uint64_t order = draw_for(s, f, SENTENCE_STORY);
		if (d.kind == DECISION_ONE && d.option != s->answer && order < lowest) {
			lowest = order;
			best = bit;
		}
	}
	return best;
}

/* Of some features the one whose sentence stands first; features is not 0. */
static int first_said(const struct scenario *s, uint64_t features)
{
	int first = take_bit(&features);
	uint64_t lowest = draw_for(s, first, SENTENCE_WISH);
	while (features) {
		int f = take_bit(&features);
		uint64_t order = draw_for(s, f, SENTENCE_WISH);
		if (order < lowest) {
			lowest = order;
			first = f;
		}
	}
	return first;
}

/* Needs and what is not needed in an order of their own, the wish last. */
static void write_text(struct scenario *s, uint64_t without)
{
	uint64_t left = s->needs | without;
	str_reset(&s->text);
	s->sentence_count = 0;
	say(s, SENTENCE_STORY, -1, s->matrix->stories[s->story].text);
	while (left) {
		int first = first_said(s, left);
		left &= ~(UINT64_C(1) << first);
		say_feature(s, first, s->needs >> first & 1 ? SENTENCE_NEED : SENTENCE_WITHOUT);
	}
	if (s->wish >= 0) {
		const struct wish *w = &s->matrix->wishes[s->wish];
		say(s, SENTENCE_WISH, -1,
		    w->say[draw_for(s, MAX_FEATURES + s->wish, SENTENCE_WISH) % w->say_count]);
	}
	s->text_hash = hash_bytes(s->text.p, s->text.len, 0);
}

/* -- drawing ----------------------------------------------------------------------------------- */

static void choose_story(struct scenario *s, struct rng *rng)
{
	const struct matrix *m = s->matrix;
	uint32_t fit = 0;
	for (size_t i = 0; i < m->story_count; i++)
		fit += !(m->stories[i].not_here & s->needs);
	uint32_t skip = rng_below(rng, fit);
	for (size_t i = 0; i < m->story_count; i++)
		if (!(m->stories[i].not_here & s->needs) && skip-- == 0)
			s->story = (int)i;
}

/* How near an option is to being right: the needs it lacks, or the wish. */
static int faults(const struct shown_option *o)
{
	return o->by_wish ? 1 : __builtin_popcountll(o->broken);
}

/* The wrong options in an order drawn at random, those with the fewest faults first. also: the
 * answer of the twin, which comes first if it may be shown; -1: there is none. */
static size_t rank_wrong(const struct scenario *s, int also, struct rng *rng,
			 struct shown_option *out)
{
	struct decision d = matrix_decide(s->matrix, s->needs, s->wish);
	size_t n = 0;
	for (int o = 0; o < (int)s->matrix->option_count; o++)
		if (option_is_wrong(s->matrix, o, s->needs, &d))
			out[n++] = (struct shown_option){
				.option = o,
				.broken = matrix_broken(s->matrix, o, s->needs),
				.by_wish = d.by_wish && (d.survivors >> o & 1),
			};
	rng_shuffle(rng, out, n, sizeof(*out));
	for (size_t i = 1; i < n; i++) {
		struct shown_option x = out[i];
		size_t k = i;
		for (; k > 0 && faults(&out[k - 1]) > faults(&x); k--)
			out[k] = out[k - 1];
		out[k] = x;
	}
	for (size_t i = 0; i < n; i++)
		if (out[i].option == also) {
			struct shown_option x = out[i];
			memmove(out + 1, out, i * sizeof(*out));
			out[0] = x;
		}
	return n;
}

static void choose_options(struct scenario *s, int also, struct rng *rng)
{
	struct shown_option wrong[MAX_MATRIX_OPTIONS];
	size_t n = rank_wrong(s, also, rng, wrong);
	s->shown_count = 0;
	s->shown[s->shown_count++] = (struct shown_option){.option = s->answer};
	for (size_t i = 0; i < n && s->shown_count < MAX_SHOWN; i++)
		s->shown[s->shown_count++] = wrong[i];
	rng_shuffle(rng, s->shown, s->shown_count, sizeof(*s->shown));
	for (size_t i = 0; i < s->shown_count; i++)
		if (s->shown[i].option == s->answer)
			s->right = i;
}

/* All but the text and the options. rng is left where those go on. */
static bool draw(struct scenario *s, const struct bank *b, uint64_t seed, struct rng *rng)
{
	struct bank_set set;
	struct str text = s->text;
	if (!b->count)
		return false;
	*rng = (struct rng){seed};
	bank_draw(b, rng, &set);
	*s = (struct scenario){
		.tree = b->tree,
		.matrix = b->matrix,
		.seed = seed,
		.flip = -1,
		.needs = set.needs,
		.answer = set.answer,
		.wish = set.wish,
		.text = text,
	};
	uint32_t spare = rng_below(rng, SAY_WISH);
	if (s->wish < 0 && spare == 0 && b->matrix->wish_count)
		s->wish = (int)rng_below(rng, (uint32_t)b->matrix->wish_count);
	choose_story(s, rng);
	s->phrase_seed = rng_next(rng);
	return true;
}

bool scenario_make(struct scenario *s, const struct bank *b, uint64_t seed)
{
	struct rng rng;
	if (!draw(s, b, seed, &rng))
		return false;
	write_text(s, choose_without(s));
	choose_options(s, -1, &rng);
	return true;
}

void scenario_clear(struct scenario *s)
{
	str_clear(&s->text);
	*s = (struct scenario){0};
}

/* -- one fact turned over ---------------------------------------------------------------------- */

/* Can the story of s be told with this fact turned over, and does that change the answer? */
static bool can_flip(const struct bank *b, const struct scenario *s, int f, uint64_t without,
		     struct bank_set *set)
{
	const struct matrix *m = b->matrix;
	uint64_t bit = UINT64_C(1) << f, needs = s->needs ^ bit;
	if ((needs & m->stories[s->story].not_here) || !matrix_possible(m, needs) ||
	    __builtin_popcountll(needs) > b->tree->max_needs)
		return false;
	if ((needs & bit) && (m->features[f].not_beside & (without & ~bit)))
		return false;
	return bank_accepts(b, needs, s->wish, set) && set->answer != s->answer;
}

uint64_t scenario_flips(const struct bank *b, uint64_t seed)
{
	struct scenario s = {0};
	struct rng rng;
	struct bank_set set;
	uint64_t bits = 0;
	if (!draw(&s, b, seed, &rng))
		return 0;
	uint64_t without = choose_without(&s);
	for (int f = 0; f < (int)b->matrix->feature_count; f++)
		if (can_flip(b, &s, f, without, &set))
			bits |= UINT64_C(1) << f;
	return bits;
}

bool scenario_flip(struct scenario *s, const struct bank *b, uint64_t seed, int feature)
{
	struct rng rng;
	struct bank_set set;
	if (feature < 0 || feature >= (int)b->matrix->feature_count || !draw(s, b, seed, &rng))
		return false;
	uint64_t bit = UINT64_C(1) << feature, without = choose_without(s);
	if (!can_flip(b, s, feature, without, &set))
		return false;
	int before = s->answer;
	if (!(set.needs & bit) && b->matrix->features[feature].without_count)
		without |= bit;
	s->flip = feature;
	s->needs = set.needs;
	s->answer = set.answer;
	write_text(s, without & ~s->needs);
	choose_options(s, before, &rng);
	return true;
}
