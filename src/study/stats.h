/* stats.h -- figures about a learner's study: counts, recall measured against recall aimed at, work
 * done and work ahead. */
#ifndef STUDY_STATS_H
#define STUDY_STATS_H

#include "study/study.h"

#define STATS_DAYS 30     /* how far back answers are counted */
#define STATS_FORECAST 14 /* days ahead */

struct stats {
	int decks, parts, fresh, learning, review, due, suspended, leeches;
	/* the last STATS_DAYS study days, today included */
	int answers, right;
	int mature, mature_right; /* cards whose interval was 21 days and more */
	int64_t took_ms;
	int days_studied;
	struct stats_day {
		int answers, right;
		int64_t took_ms;
	} day[STATS_DAYS]; /* oldest first; the last is today */
	int streak_d; /* study days in a row with answers, up to today or, when today has none yet,
			 yesterday */
	int forecast[STATS_FORECAST]; /* reviews due, today (with what is overdue) first */
	double retention;             /* recall aimed at */
	int64_t per_answer_ms;        /* mean thinking time, 0 when there is no answer yet */
};
/* query NULL or "": all cards. The counts by deck are of all cards always when query is empty, else
 * of what it finds. */
bool stats_read(struct stats *out, struct study *s, const char *query, struct diags *d);
/* Minutes that `cards` answers will take, by the learner's own pace (15 s each before there is
 * any); at least 1 when there are cards. */
int stats_minutes(const struct stats *st, int cards);

#endif
