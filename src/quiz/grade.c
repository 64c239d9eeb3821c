/* grade.c -- is a typed answer right?
 *
 * The card's patterns decide: each must match the whole trimmed answer. A pattern that gives up
 * (its match limit was hit) has not matched: a learner is never given a point by accident, and
 * lint names such patterns to the author. Whoever types the model answer is right as well,
 * whatever the patterns say, since that is what the card itself will show.
 *
 * A slip of one letter in a longer word is told apart from not knowing, so that the learner sees
 * it at once and judges; it is still not right. In numbers one digit is the whole answer ("29 s"
 * is not nearly "30 s"), so all digits must agree.
 */
#include "quiz/ask.h"

#include "base/markdown.h"
#include "base/regex.h"
#include "base/utf8.h"

#include <string.h>

#define ALMOST_OVER 4 /* code points: shorter model answers are right or wrong */

/* A folded text as code points. */
struct letters {
	uint32_t *cp;
	size_t n;
};

static struct letters letters_of(struct arena *a, const char *folded)
{
	size_t left = strlen(folded);
	struct letters out = {arena_alloc(a, (left + 1) * sizeof(uint32_t)), 0};

	while (left > 0) {
		uint32_t cp = 0xFFFD;
		int used = utf8_decode(folded, left, &cp);

		out.cp[out.n++] = cp;
		folded += used ? used : 1;
		left -= (size_t)(used ? used : 1);
	}
	return out;
}

/* Is the Damerau-Levenshtein distance 1? Without their common ends the two are then one letter and
 * none, one and one, or two swapped. */
static bool one_slip(struct letters a, struct letters b)
{
	while (a.n > 0 && b.n > 0 && a.cp[0] == b.cp[0]) {
		a.cp++, a.n--;
		b.cp++, b.n--;
	}
	while (a.n > 0 && b.n > 0 && a.cp[a.n - 1] == b.cp[b.n - 1])
		a.n--, b.n--;
	if (a.n + b.n == 1 || (a.n == 1 && b.n == 1))
		return true;
	return a.n == 2 && b.n == 2 && a.cp[0] == b.cp[1] && a.cp[1] == b.cp[0];
}

static const char *next_digit(const char *s)
{
	return s + strcspn(s, "0123456789");
}

static bool same_digits(const char *a, const char *b)
{
	for (a = next_digit(a), b = next_digit(b); *a && *a == *b;) {
		a = next_digit(a + 1);
		b = next_digit(b + 1);
	}
	return *a == *b;
}

static enum verdict compare(struct arena *a, const char *typed, const char *model)
{
	const char *t = utf8_fold(a, typed), *m = utf8_fold(a, model);
	struct letters tl = letters_of(a, t), ml = letters_of(a, m);

	if (str_eq(t, m))
		return VERDICT_RIGHT;
	return ml.n > ALMOST_OVER && same_digits(t, m) && one_slip(tl, ml) ? VERDICT_ALMOST
									   : VERDICT_WRONG;
}

static bool pattern_matches(const char *pattern, const char *text)
{
	struct regex *re = regex_new(pattern, REGEX_CASELESS | REGEX_WHOLE, (struct pos){0}, NULL);
	bool yes = re && regex_match(re, text, strlen(text)) == REGEX_YES;

	regex_free(re);
	return yes;
}

static bool accepted(const struct card *c, const char *text)
{
	for (size_t i = 0; i < c->typed.count; i++)
		if (pattern_matches(c->typed.accept[i], text))
			return true;
	return false;
}

/* The model answer counts as written in the deck and as it reads with its Markdown laid out. */
static enum verdict against_model(struct arena *a, const char *text, const char *show)
{
	struct str words = {0};
	enum verdict v = compare(a, text, show);

	if (v == VERDICT_RIGHT)
		return v;
	md_words(&words, show);
	enum verdict w = compare(a, text, str_c(&words));

	str_clear(&words);
	return w == VERDICT_WRONG ? v : w;
}

enum verdict grade_typed(const struct card *c, const char *text)
{
	struct arena a = {0};
	const char *trimmed = str_trim(&a, text);
	enum verdict v =
		accepted(c, trimmed) ? VERDICT_RIGHT : against_model(&a, trimmed, c->typed.show);

	arena_clear(&a);
	return v;
}
