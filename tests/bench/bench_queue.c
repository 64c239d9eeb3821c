/* bench_queue.c -- building a session's order: 50,000 candidates (reviews, every tenth new, some
 * learning) in 200 tags, siblings buried. Part of the way from the command line to the first card.
 * Then the first 1,000 answers, which is what a long session asks of it. */
#include "base/random.h"
#include "srs/queue.h"

#include <stdio.h>
#include <time.h>

#define ENTRIES 50000
#define ANSWERS 1000
#define TRIES 9

static double seconds(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void fill(struct queue_entry *e, uint32_t tags)
{
	struct rng r = {5};
	for (int i = 0; i < ENTRIES; i++) {
		e[i] = (struct queue_entry){
			.part_id = i + 1,
			.card_id = i - i % 3,
			.group = hash_mix(rng_below(&r, tags), 1),
			.state = i % 10 ? SRS_REVIEW : SRS_NEW,
			.by_day = true,
			.recall = rng_unit(&r),
			.position = i,
		};
		if (i % 500 == 7) {
			e[i].state = SRS_LEARN;
			e[i].by_day = false;
		}
	}
}

static void measure(const struct queue_entry *e, bool bury, double *build_ms, double *answers_ms)
{
	struct queue_options o = {
		.new_limit = -1, .review_limit = -1, .bury_siblings = bury, .seed = 3};
	double start = seconds();
	struct queue *q = queue_new(e, ENTRIES, &o);
	double built = seconds();
	for (int i = 0; i < ANSWERS; i++) {
		struct queue_entry done = *queue_next(q, 1);
		done.state = SRS_REVIEW;
		queue_done(q, &done);
	}
	double took = (seconds() - built) * 1e3;
	*build_ms = (built - start) * 1e3 < *build_ms ? (built - start) * 1e3 : *build_ms;
	*answers_ms = took < *answers_ms ? took : *answers_ms;
	queue_free(q);
}

int main(void)
{
	static struct queue_entry e[ENTRIES];
	static const uint32_t tags[] = {1, 200, ENTRIES};
	for (size_t t = 0; t < ARRAY_LEN(tags); t++) {
		for (int bury = 0; bury < 2; bury++) {
			double build_ms = 1e9, answers_ms = 1e9;
			fill(e, tags[t]);
			for (int i = 0; i < TRIES; i++)
				measure(e, bury, &build_ms, &answers_ms);
			printf("queue: %d entries, %u tags, siblings %s: built in %.2f ms, an "
			       "answer %.1f us (best of %d)\n",
			       ENTRIES, tags[t], bury ? "buried" : "shown", build_ms,
			       answers_ms * 1e3 / ANSWERS, TRIES);
		}
	}
	return 0;
}
