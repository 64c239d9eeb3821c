/* lablog.h -- what was done in labs and evidence drills: an append-only log. Names as given; what
 * they mean is known to study/. */
#ifndef STORE_LABLOG_H
#define STORE_LABLOG_H

#include "store/sitting.h"

/* One event. Texts are never NULL. */
struct store_lab_event {
	struct moment at;
	int32_t day;      /* study day of at */
	const char *lab;  /* id of the lab or drill */
	const char *what; /* "begin", "goal", "hint", "passed", "given-up", "missed", "fault" */
	const char *name; /* goal or fault; "" */
	const char *given, *truth; /* of a fault: steps; "" */
	uint64_t seed;             /* of a fault */
	int right;                 /* 1, 0; -1: it is no answer */
	bool helped;               /* a hint had been taken before */
	const char *tasks; /* "dva-c02=1.1 dva-c03=1.1": of what was answered, for readiness */
	int64_t took_ms;
};
/* Append, and with it make some cards due on the event's day: one transaction, on disk when this
 * returns true; inside store_begin and store_commit a part of theirs. due: part ids; preset as
 * stored by store_preset. */
bool store_lab_event(struct store *s, const struct store_lab_event *x, const int64_t *due,
		     size_t due_count, int64_t preset_id, struct diags *d);
/* Oldest first; lab NULL: of all. fn makes no call of the store. Texts are borrowed for the call.
 */
bool store_lab_events(struct store *s, const char *lab,
		      void (*fn)(void *ctx, const struct store_lab_event *x), void *ctx,
		      struct diags *d);

/* First answers from a study day on and until until_ms to goals and faults, as store_first_tries
 * has them of cards: right only where no hint had been taken. part_id is 0, task NULL where the
 * event has none of this blueprint. */
bool store_lab_tries(struct store *s, const char *blueprint, int32_t from_day, int64_t until_ms,
		     void (*fn)(void *ctx, const struct store_try *t), void *ctx, struct diags *d);

#endif
