/* queue.h -- which card next. A study session's order is built once from candidates and then fed
 * answers. Pure: time is passed in. Order: learning cards whose step is over; then reviews with new
 * cards spread evenly among them; then learning cards within learn-ahead. Within reviews: lowest
 * chance of recall first; neighbours do not share their first tag when that can be avoided
 * (interleaving), and the kind of card plays no part. Only one card of a group of siblings is shown
 * a day when bury is on. */
#ifndef SRS_QUEUE_H
#define SRS_QUEUE_H

#include "srs/sched.h"

#include <stddef.h>

struct queue_entry {
	int64_t part_id; /* the review card */
	int64_t card_id; /* siblings share it */
	uint64_t group;  /* hash of the first tag: what is interleaved */
	enum srs_state state;
	bool by_day;
	int64_t due_ms;   /* learning within the day */
	double recall;    /* reviews: chance of recall now */
	int64_t position; /* new cards: order in the decks */
};

struct queue_options {
	/* What is left of today's limits; < 0: no limit. Learning steps never count. */
	int new_limit, review_limit;
	bool bury_siblings;
	bool all; /* cram and search-built sessions: every entry once, no limits, order by seed */
	/* A learning card may be shown this long before its step is over, when nothing else is
	 * left. */
	int64_t learn_ahead_ms;
	uint64_t seed; /* breaks ties; same seed and entries, same order */
};

struct queue; /* opaque */
/* Entries are copied. */
struct queue *queue_new(const struct queue_entry *entries, size_t n, const struct queue_options *o);
void queue_free(struct queue *q);
/* The entry to show now; stays the same until queue_done or queue_drop. NULL: nothing (see
 * queue_wait_ms). Borrowed until the next change. */
const struct queue_entry *queue_next(struct queue *q, int64_t now_ms);
/* The current entry was answered and is now e (same part): learning within the day comes back,
 * everything else leaves. */
void queue_done(struct queue *q, const struct queue_entry *e);
/* The part (any, not just the current) leaves the session: buried, suspended, removed. */
void queue_drop(struct queue *q, int64_t part_id);
/* After an undo: the part comes next, in the given state, whether it is still in the queue or not.
 */
void queue_return(struct queue *q, const struct queue_entry *e);
/* ms until the next learning card may be shown, counting learn-ahead; 0 if something is ready; -1
 * if nothing is left today. */
int64_t queue_wait_ms(const struct queue *q, int64_t now_ms);

struct queue_counts {
	int fresh, learning, review; /* still to come, the current one included */
};
struct queue_counts queue_counts(const struct queue *q);

#endif
