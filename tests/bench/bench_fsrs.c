/* bench_fsrs.c -- memory updates per second on one core: cards that are answered again and again, a
 * quarter of the answers on the same day, all four grades in the proportions of a usual log. Prints
 * millions of updates a second for one button (what replaying a log costs) and for all four (what
 * showing a card costs). */
#include "base/random.h"
#include "srs/fsrs.h"

#include <stdio.h>
#include <time.h>

#define CARDS 4096
#define ROUNDS 500
#define TRIES 5

struct answer {
	double days;
	enum fsrs_grade grade;
};

static double seconds(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void fill(struct answer *answers, size_t n)
{
	static const enum fsrs_grade usual[10] = {FSRS_AGAIN, FSRS_HARD, FSRS_GOOD, FSRS_GOOD,
						  FSRS_GOOD,  FSRS_GOOD, FSRS_GOOD, FSRS_GOOD,
						  FSRS_GOOD,  FSRS_EASY};
	struct rng r = {1};
	for (size_t i = 0; i < n; i++) {
		answers[i].days = rng_below(&r, 4) == 0 ? 0 : 1 + rng_below(&r, 60);
		answers[i].grade = usual[rng_below(&r, 10)];
	}
}

static double one_button(const struct fsrs_params *p, const struct answer *answers, double *sum)
{
	static struct fsrs_memory cards[CARDS];
	double start = seconds();
	for (int round = 0; round < ROUNDS; round++) {
		for (size_t i = 0; i < CARDS; i++) {
			const struct answer *a = &answers[(i + (size_t)round * 7) % CARDS];
			cards[i] = fsrs_next(p, cards[i], a->grade, a->days);
		}
	}
	double took = seconds() - start;
	for (size_t i = 0; i < CARDS; i++)
		*sum += cards[i].stability_d;
	return CARDS * (double)ROUNDS / took / 1e6;
}

static double four_buttons(const struct fsrs_params *p, const struct answer *answers, double *sum)
{
	static struct fsrs_memory cards[CARDS];
	struct fsrs_memory all[4];
	double start = seconds();
	for (int round = 0; round < ROUNDS; round++) {
		for (size_t i = 0; i < CARDS; i++) {
			const struct answer *a = &answers[(i + (size_t)round * 7) % CARDS];
			fsrs_next_all(p, cards[i], a->days, all);
			cards[i] = all[a->grade - 1];
		}
	}
	double took = seconds() - start;
	for (size_t i = 0; i < CARDS; i++)
		*sum += cards[i].stability_d;
	return CARDS * (double)ROUNDS / took / 1e6;
}

int main(void)
{
	static struct answer answers[CARDS];
	struct fsrs_params p;
	double sum = 0, one = 0, four = 0;
	fill(answers, CARDS);
	if (!fsrs_params_set(&p, NULL, 0, NULL))
		return 1;
	for (int i = 0; i < TRIES; i++) {
		double a = one_button(&p, answers, &sum);
		double b = four_buttons(&p, answers, &sum);
		one = a > one ? a : one;
		four = b > four ? b : four;
	}
	printf("fsrs: %.1f M updates/s, %.1f M cards/s with all four buttons (best of %d, check "
	       "%.6g)\n",
	       one, four, TRIES, sum);
	return 0;
}
