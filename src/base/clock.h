/* clock.h -- time as a value: UTC milliseconds plus the UTC offset in force. Everything below main
 * gets a struct clock; no other file asks the system. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include "base/mem.h"

#include <stdbool.h>
#include <stdint.h>

/* A moment: Unix ms and the offset of local time from UTC in minutes (east positive) there and
 * then. */
struct moment {
	int64_t ms;
	int off_min;
};

/* The system clock, or a frozen moment (--now). Zeroed: the system clock in the zone TZ names. */
struct clock {
	bool frozen;
	struct moment at;
};
struct moment clock_now(const struct clock *c);
int64_t clock_ms(const struct clock *c); /* its ms alone, which cost far less */
int64_t clock_us(void); /* for spans: microseconds since some start, never frozen */
/* Two clocks that nobody can set: ms since some start. awake stands still while the machine sleeps,
 * total does not (where the system cannot tell, it does too). Frozen: both are the moment. */
struct clock_run {
	int64_t awake_ms, total_ms;
};
struct clock_run clock_run(const struct clock *c);
/* The same as clock_us() for those who ask very often: it reads the processor's counter where that
 * runs evenly. Tune it after a moment and then now and then; until then, and elsewhere, it costs as
 * much as clock_us(). Never goes back. */
struct stopwatch {
	int64_t first_us, us; /* at the first tick, at the last tuning */
	uint64_t first_tick, tick;
	double us_per_tick; /* 0: not known */
};
void stopwatch_start(struct stopwatch *w);
void stopwatch_tune(struct stopwatch *w);
int64_t stopwatch_us(const struct stopwatch *w);
/* Local offset at another instant: the frozen offset, or what the system's zone says. Minutes. */
int clock_offset(const struct clock *c, int64_t ms);

/* RFC 3339 ("2026-11-20T10:00:00+01:00", "...Z", fraction allowed; a date alone is local midnight
 * of off_default_min). False if malformed. */
bool moment_parse(const char *text, int off_default_min, struct moment *out);
char *moment_rfc3339(struct arena *a, struct moment m); /* with seconds and offset, "Z" when 0 */

/* Study days. A study day starts at start_min minutes after local midnight (default 240 = 04:00).
 * Day 0 is 1970-01-01. */
int32_t day_of(struct moment m, int start_min);
int64_t day_start_ms(int32_t day, int off_min,
		     int start_min);                /* UTC ms at which that study day begins */
int64_t day_end_ms(struct moment m, int start_min); /* when the study day of m ends */

/* Civil dates, proleptic Gregorian. */
int32_t date_to_day(int year, int month, int day);
void day_to_date(int32_t day, int *year, int *month, int *mday);
bool date_parse(const char *text, int32_t *day); /* "YYYY-MM-DD", a date that exists */
char *date_text(struct arena *a, int32_t day);   /* "2026-11-20" */
char *date_words(struct arena *a, int32_t day,
		 int32_t today); /* "today", "tomorrow", "in 5 days (25 Nov)", "on 3 Feb 2027",
				    "yesterday", "6 days ago" */

/* A span for people: "45 s", "10 min", "3 h", "2 days", "1 day", "4.2 months", "1.1 years" from 60
 * days on. */
char *span_words(struct arena *a, int64_t ms);
/* A span as typed in settings: "45s" "10m" "2h" "1d"; plain numbers are minutes. False if
 * malformed, zero, negative or over 365 days. */
bool span_parse(const char *text, int64_t *ms);
char *span_setting(struct arena *a, int64_t ms); /* inverse of span_parse, shortest exact form */

#endif
