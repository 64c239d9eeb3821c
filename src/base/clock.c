/* clock.c -- see clock.h.
 *
 * Dates are counted in days with Howard Hinnant's days_from_civil (chrono-compatible low-level date
 * algorithms): eras of 400 years that begin in March, so that the leap day is the last of its year.
 * No struct tm: mktime() knows only the system's zone and repairs wrong dates in silence.
 *
 * Nothing here prints with %f or asks the locale, so that texts are the same under all of them.
 */
#include "base/clock.h"
#include "base/str.h"

#include <string.h>
#include <time.h>
#if defined(__x86_64__)
#include <cpuid.h>
#endif

enum { MINUTE_MS = 60 * 1000, HOUR_MS = 60 * MINUTE_MS, DAY_MS = 24 * HOUR_MS };

/* From here on a date says more than a number of days. */
enum { WORDS_DAYS = 30 };

static int64_t floor_div(int64_t a, int64_t b)
{
	int64_t q = a / b;
	return a % b < 0 ? q - 1 : q;
}

/* What the system's zone says; 0 if it cannot say. */
static int system_offset(int64_t ms)
{
	struct tm tm;
	time_t t = (time_t)floor_div(ms, 1000);
	tzset();
	return localtime_r(&t, &tm) ? (int)floor_div(tm.tm_gmtoff, 60) : 0;
}

static int64_t system_ms(clockid_t id)
{
	struct timespec t;
	clock_gettime(id, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

struct moment clock_now(const struct clock *c)
{
	if (c->frozen)
		return c->at;
	int64_t ms = system_ms(CLOCK_REALTIME);
	return (struct moment){.ms = ms, .off_min = system_offset(ms)};
}

int64_t clock_ms(const struct clock *c)
{
	return c->frozen ? c->at.ms : system_ms(CLOCK_REALTIME);
}

int64_t clock_us(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* Ticks of the processor's counter; 0 where there is none that runs evenly whatever the processor
 * does. */
#if defined(__x86_64__)
static uint64_t ticks(void)
{
	return __builtin_ia32_rdtsc();
}

static bool ticks_even(void)
{
	unsigned a, b, c, d = 0;
	return __get_cpuid(0x80000007, &a, &b, &c, &d) && (d & 1 << 8);
}
#else
static uint64_t ticks(void)
{
	return 0;
}

static bool ticks_even(void)
{
	return false;
}
#endif

void stopwatch_start(struct stopwatch *w)
{
	int64_t us = clock_us();
	uint64_t tick = ticks();
	*w = (struct stopwatch){us, us, tick, tick, 0};
}

enum { TUNE_US = 100000 }; /* shorter spans make the rate too coarse */

void stopwatch_tune(struct stopwatch *w)
{
	int64_t us = clock_us(), shown = stopwatch_us(w);
	uint64_t tick = ticks();
	if (!ticks_even() || us - w->first_us < TUNE_US || tick <= w->first_tick)
		return;
	w->us_per_tick = (double)(us - w->first_us) / (double)(tick - w->first_tick);
	w->us = shown > us ? shown : us;
	w->tick = tick;
}

int64_t stopwatch_us(const struct stopwatch *w)
{
	if (w->us_per_tick <= 0)
		return clock_us();
	uint64_t tick = ticks();
	return tick > w->tick ? w->us + (int64_t)((double)(tick - w->tick) * w->us_per_tick)
			      : w->us;
}

#ifdef CLOCK_BOOTTIME
#define CLOCK_TOTAL CLOCK_BOOTTIME
#else
#define CLOCK_TOTAL CLOCK_MONOTONIC
#endif

struct clock_run clock_run(const struct clock *c)
{
	if (c->frozen)
		return (struct clock_run){c->at.ms, c->at.ms};
	return (struct clock_run){system_ms(CLOCK_MONOTONIC), system_ms(CLOCK_TOTAL)};
}

int clock_offset(const struct clock *c, int64_t ms)
{
	return c->frozen ? c->at.off_min : system_offset(ms);
}

int32_t date_to_day(int year, int month, int day)
{
	int64_t y = month <= 2 ? (int64_t)year - 1 : year;
	int64_t era = floor_div(y, 400);
	int64_t of_era = y - era * 400;
	int64_t of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
	return (int32_t)(era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year -
			 719468);
}

void day_to_date(int32_t day, int *year, int *month, int *mday)
{
	int64_t z = (int64_t)day + 719468;
	int64_t era = floor_div(z, 146097);
	int64_t doe = z - era * 146097; /* day of era, 0..146096 */
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100); /* from 1 March */
	int64_t mp = (5 * doy + 2) / 153;
	*mday = (int)(doy - (153 * mp + 2) / 5 + 1);
	*month = (int)(mp < 10 ? mp + 3 : mp - 9);
	*year = (int)(yoe + era * 400 + (*month <= 2));
}

/* Exactly n digits at *p; moves on. -1 if they are not there. */
static int digits(const char **p, int n)
{
	int v = 0;
	for (; n > 0; n--, (*p)++) {
		if (**p < '0' || **p > '9')
			return -1;
		v = v * 10 + (**p - '0');
	}
	return v;
}

static bool letter(const char **p, char a, char b)
{
	if (**p != a && **p != b)
		return false;
	(*p)++;
	return true;
}

static bool read_date(const char **p, int32_t *day)
{
	int y, m, d, yy, mm, dd;
	if ((y = digits(p, 4)) < 0 || !letter(p, '-', '-') || (m = digits(p, 2)) < 1 ||
	    !letter(p, '-', '-') || (d = digits(p, 2)) < 1 || m > 12)
		return false;
	*day = date_to_day(y, m, d);
	day_to_date(*day, &yy, &mm, &dd);
	return yy == y && mm == m && dd == d;
}

/* "10:00:00" and perhaps a fraction, in ms, cut to three digits. *leap: the second is 60. */
static bool read_time(const char **p, int64_t *ms, bool *leap)
{
	int h, m, s;
	if ((h = digits(p, 2)) < 0 || !letter(p, ':', ':') || (m = digits(p, 2)) < 0 ||
	    !letter(p, ':', ':') || (s = digits(p, 2)) < 0 || h > 23 || m > 59 || s > 60)
		return false;
	*leap = s == 60;
	*ms = (int64_t)h * HOUR_MS + (int64_t)m * MINUTE_MS + s * 1000;
	if (**p != '.')
		return true;
	const char *first = ++*p;
	for (int unit = 100; **p >= '0' && **p <= '9'; (*p)++, unit /= 10)
		*ms += (**p - '0') * unit;
	return *p > first;
}

static bool read_offset(const char **p, int *off_min)
{
	int h, m, sign = **p == '-' ? -1 : 1;
	*off_min = 0;
	if (letter(p, 'Z', 'z'))
		return true;
	if (!letter(p, '+', '-') || (h = digits(p, 2)) < 0 || !letter(p, ':', ':') ||
	    (m = digits(p, 2)) < 0)
		return false;
	*off_min = sign * (h * 60 + m);
	return h <= 23 && m <= 59;
}

bool moment_parse(const char *text, int off_default_min, struct moment *out)
{
	int32_t day;
	int64_t ms = 0;
	int off_min = off_default_min;
	bool leap = false;
	if (!read_date(&text, &day))
		return false;
	if (*text && (!letter(&text, 'T', 't') || !read_time(&text, &ms, &leap) ||
		      !read_offset(&text, &off_min)))
		return false;
	if (*text)
		return false;
	ms += (int64_t)day * DAY_MS - (int64_t)off_min * MINUTE_MS;
	/* Only the last second of a day in UTC leaps; Unix time counts it as the next one. */
	if (leap && ms - floor_div(ms, DAY_MS) * DAY_MS >= 1000)
		return false;
	*out = (struct moment){.ms = ms, .off_min = off_min};
	return true;
}

static int64_t local_ms(struct moment m)
{
	return m.ms + (int64_t)m.off_min * MINUTE_MS;
}

char *moment_rfc3339(struct arena *a, struct moment m)
{
	int32_t day = day_of(m, 0);
	int s = (int)((local_ms(m) - (int64_t)day * DAY_MS) / 1000);
	int off = m.off_min < 0 ? -m.off_min : m.off_min;
	const char *date = date_text(a, day);
	if (!off)
		return arena_printf(a, "%sT%02d:%02d:%02dZ", date, s / 3600, s / 60 % 60, s % 60);
	return arena_printf(a, "%sT%02d:%02d:%02d%c%02d:%02d", date, s / 3600, s / 60 % 60, s % 60,
			    m.off_min < 0 ? '-' : '+', off / 60, off % 60);
}

int32_t day_of(struct moment m, int start_min)
{
	return (int32_t)floor_div(local_ms(m) - (int64_t)start_min * MINUTE_MS, DAY_MS);
}

int64_t day_start_ms(int32_t day, int off_min, int start_min)
{
	return (int64_t)day * DAY_MS + (int64_t)(start_min - off_min) * MINUTE_MS;
}

int64_t day_end_ms(struct moment m, int start_min)
{
	return day_start_ms(day_of(m, start_min), m.off_min, start_min) + DAY_MS;
}

bool date_parse(const char *text, int32_t *day)
{
	return read_date(&text, day) && !*text;
}

char *date_text(struct arena *a, int32_t day)
{
	int y, m, d;
	day_to_date(day, &y, &m, &d);
	if (y < 0 || y > 9999)
		return arena_printf(a, "%04d-%02d-%02d", y, m, d);
	/* Each card of an export has some dates, and printf is slow. */
	const int digits[] = {y / 1000, y / 100 % 10, y / 10 % 10, y % 10, -1,
			      m / 10,   m % 10,       -1,          d / 10, d % 10};
	char *text = arena_alloc(a, ARRAY_LEN(digits) + 1);
	for (size_t i = 0; i < ARRAY_LEN(digits); i++)
		text[i] = digits[i] < 0 ? '-' : (char)('0' + digits[i]);
	return text;
}

char *date_words(struct arena *a, int32_t day, int32_t today)
{
	static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
					     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	int y, m, d;
	int64_t ahead = (int64_t)day - today;
	if (ahead >= -1 && ahead <= 1)
		return arena_strdup(a, ahead < 0 ? "yesterday" : ahead ? "tomorrow" : "today");
	if (ahead < 0 && ahead >= -WORDS_DAYS)
		return arena_printf(a, "%d days ago", (int)-ahead);
	day_to_date(day, &y, &m, &d);
	if (ahead > 0 && ahead <= WORDS_DAYS)
		return arena_printf(a, "in %d days (%d %s)", (int)ahead, d, months[m - 1]);
	return arena_printf(a, "%d %s %d", d, months[m - 1], y);
}

/* Whole units up to 60 days, tenths of months and years after that. 12 months are 365 days, 1 year.
 * Each limit is on the rounded number: there is no "60 min". */
static const struct {
	int64_t unit_ms, limit; /* limit in steps: whole units, or tenths */
	int tenths;
	const char *one, *many;
} span_units[] = {
	{1000, 60, 1, "s", "s"},
	{MINUTE_MS, 60, 1, "min", "min"},
	{HOUR_MS, 24, 1, "h", "h"},
	{DAY_MS, 60, 1, "day", "days"},
	{365LL * DAY_MS / 12, 120, 10, "month", "months"},
	{365LL * DAY_MS, INT64_MAX, 10, "year", "years"},
};

char *span_words(struct arena *a, int64_t ms)
{
	size_t i = 0;
	int64_t steps;
	if (ms < 0)
		ms = 0;
	for (;; i++) {
		int64_t step = span_units[i].unit_ms / span_units[i].tenths;
		steps = ms / step + (ms % step >= step - step / 2);
		if (steps < span_units[i].limit)
			break;
	}
	int tenths = span_units[i].tenths;
	if (steps % tenths)
		return arena_printf(a, "%lld.%lld %s", (long long)steps / 10, (long long)steps % 10,
				    span_units[i].many);
	steps /= tenths;
	return arena_printf(a, "%lld %s", (long long)steps,
			    steps == 1 ? span_units[i].one : span_units[i].many);
}

/* Longest first. */
static const struct {
	char letter;
	int64_t ms;
} setting_units[] = {{'d', DAY_MS}, {'h', HOUR_MS}, {'m', MINUTE_MS}, {'s', 1000}};

bool span_parse(const char *text, int64_t *ms)
{
	const int64_t longest = 365LL * DAY_MS;
	int64_t n = 0, unit = MINUTE_MS;
	const char *p = text;
	for (; *p >= '0' && *p <= '9'; p++)
		if ((n = n * 10 + (*p - '0')) > longest)
			return false;
	if (p == text)
		return false;
	for (size_t i = 0; *p && i < ARRAY_LEN(setting_units); i++) {
		if (*p == setting_units[i].letter) {
			unit = setting_units[i].ms;
			p++;
			break;
		}
	}
	if (*p || n <= 0 || n > longest / unit)
		return false;
	*ms = n * unit;
	return true;
}

char *span_setting(struct arena *a, int64_t ms)
{
	size_t i = 0;
	while (i < ARRAY_LEN(setting_units) - 1 && ms % setting_units[i].ms)
		i++;
	return arena_printf(a, "%lld%c", (long long)(ms / setting_units[i].ms),
			    setting_units[i].letter);
}
