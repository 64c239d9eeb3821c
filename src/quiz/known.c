/* known.c -- was it known or guessed?
 *
 * Someone who has forgotten the answer still hits one of four in a quarter of the cases, so a right
 * answer is weaker evidence than a recalled one. By Bayes, with recall R as the prior and 1/ways as
 * the chance of a hit without knowledge, it was known with R / (R + (1 - R) / ways). The learner's
 * own word decides in the other direction: whoever says "unsure" gets no full credit. A grade is
 * all the scheduler takes, so the chance is cut at one half.
 */
#include "quiz/known.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

const char *const sureness_names[] = {
	[SURE_UNSAID] = "",
	[SURE_GUESS] = "guess",
	[SURE_FAIRLY] = "fairly sure",
	[SURE_YES] = "sure",
};
static_assert(ARRAY_LEN(sureness_names) == SURE_COUNT, "every sureness has a name");

/* n over k. */
static double choices(size_t n, int k)
{
	double ways = 1;
	for (int i = 0; i < k; i++)
		ways = ways * (double)(n - (size_t)i) / (i + 1);
	return ways;
}

double known_ways(const struct ask *q)
{
	double ways = 1;
	switch (q->mode) {
	case ASK_RECALL:
	case ASK_TYPE:
		return 0;
	case ASK_ONE:
	case ASK_SOME:
		return choices(q->count, q->need);
	case ASK_MATCH:
		for (size_t i = 0; i < q->count; i++)
			ways *= (double)q->right_count;
		return ways;
	case ASK_ORDER:
		for (size_t i = 2; i <= q->count; i++)
			ways *= (double)i;
		return ways;
	}
	return 0;
}

double known_chance(double recall, double ways)
{
	double r = recall < 0 ? KNOWN_PRIOR : recall;
	if (ways <= 0)
		return 1;
	double hit = r + (1 - r) / ways;
	return hit > 0 ? r / hit : 0;
}

int known_grade(enum verdict verdict, enum sureness sure, double chance)
{
	assert(verdict != VERDICT_NONE);
	if (verdict != VERDICT_RIGHT)
		return 1;
	if (sure == SURE_GUESS)
		return chance < 0.5 ? 1 : 2;
	return chance < 0.5 ? 2 : 3;
}

char *known_given(const struct ask *q, enum sureness sure)
{
	char *given = ask_given(q);
	size_t n = strlen(given);
	if (sure == SURE_UNSAID || !n)
		return given;
	/* An object with at least one member: one more goes before its closing brace. */
	assert(given[n - 1] == '}');
	given[n - 1] = '\0';
	char *with = xasprintf("%s,\"sure\":%d}", given, (int)sure);
	free(given);
	return with;
}
