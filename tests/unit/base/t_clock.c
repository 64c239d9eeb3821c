/* t_clock.c -- dates, moments, study days and spans, at their edges. */
#include "base/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

enum { DAY_START = 240 };

static const int64_t MIN = 60 * 1000LL, HOUR = 60 * 60 * 1000LL, DAY = 24 * 60 * 60 * 1000LL;

/* Central European time as POSIX writes it, so that no zone files are needed. */
static void set_zone(const char *tz)
{
	if (tz)
		setenv("TZ", tz, 1);
	else
		unsetenv("TZ");
	tzset();
}

static struct moment at(const char *text)
{
	struct moment m = {0};
	if (!moment_parse(text, 0, &m))
		fail_msg("%s is refused", text);
	return m;
}

static bool is_leap(int y)
{
	return y % 4 == 0 && (y % 100 != 0 || y % 400 == 0);
}

static int month_days(int y, int m)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	return days[m - 1] + (m == 2 && is_leap(y));
}

/* Count every day of eight centuries by the calendar's own rule. */
static void test_every_date(void **state)
{
	(void)state;
	int32_t day = date_to_day(1600, 1, 1);
	assert_int_equal(day, -135140);
	for (int y = 1600; y <= 2400; y++) {
		for (int m = 1; m <= 12; m++) {
			for (int d = 1; d <= month_days(y, m); d++, day++) {
				int yy, mm, dd;
				day_to_date(day, &yy, &mm, &dd);
				if (date_to_day(y, m, d) != day || yy != y || mm != m || dd != d)
					fail_msg("%d-%02d-%02d: day %d, back %d-%02d-%02d", y, m, d,
						 day, yy, mm, dd);
			}
		}
	}
	assert_int_equal(day, date_to_day(2401, 1, 1));
}

static void test_known_dates(void **state)
{
	(void)state;
	int y, m, d;
	assert_int_equal(date_to_day(1970, 1, 1), 0);
	assert_int_equal(date_to_day(1969, 12, 31), -1);
	assert_int_equal(date_to_day(2026, 11, 20), 20777);
	assert_int_equal(date_to_day(0, 3, 1), -719468);
	day_to_date(INT32_MIN, &y, &m, &d);
	assert_int_equal(date_to_day(y, m, d), INT32_MIN);
	day_to_date(INT32_MAX, &y, &m, &d);
	assert_int_equal(date_to_day(y, m, d), INT32_MAX);
}

static void test_date_parse(void **state)
{
	(void)state;
	static const char *const bad[] = {
		"",           "2026",       "2026-11",     "2026-11-2",   "2026-11-31",
		"2026-02-29", "2100-02-29", "2026-00-10",  "2026-13-01",  "2026-01-00",
		"26-01-01",   "2026/11/20", "2026-11-20 ", " 2026-11-20", "2026-11-20T",
		"+026-11-20", "2026-1a-20", "-026-11-20",  "2026-11-200"};
	struct arena a = {0};
	int32_t day = 42;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		if (date_parse(bad[i], &day))
			fail_msg("\"%s\" is taken", bad[i]);
	assert_true(date_parse("2026-11-20", &day));
	assert_int_equal(day, 20777);
	assert_true(date_parse("2024-02-29", &day));
	assert_string_equal(date_text(&a, day), "2024-02-29");
	assert_true(date_parse("2000-02-29", &day));
	assert_true(date_parse("0000-01-01", &day));
	assert_string_equal(date_text(&a, day), "0000-01-01");
	assert_string_equal(date_text(&a, -1), "1969-12-31");
	arena_clear(&a);
}

static void test_moment_parse(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		int64_t ms;
		int off_min;
	} good[] = {
		{"1970-01-01T00:00:00Z", 0, 0},
		{"1970-01-01t00:00:00z", 0, 0},
		{"2026-11-20T10:00:00+01:00", 1795165200000, 60},
		{"2026-11-20T09:00:00Z", 1795165200000, 0},
		{"2026-11-20T14:45:00+05:45", 1795165200000, 345},
		{"2026-11-20T05:30:00-03:30", 1795165200000, -210},
		{"2026-11-20T09:00:00-00:00", 1795165200000, 0},
		{"2026-11-20T09:00:00.5Z", 1795165200500, 0},
		{"2026-11-20T09:00:00.007Z", 1795165200007, 0},
		{"2026-11-20T09:00:00.99999999999999999999Z", 1795165200999, 0},
		{"1969-12-31T23:59:59.999Z", -1, 0},
		{"2016-12-31T23:59:60Z", 1483228800000, 0},
		{"2017-01-01T00:59:60+01:00", 1483228800000, 60},
		{"0000-01-01T00:00:00Z", -62167219200000, 0},
		{"9999-12-31T23:59:59Z", 253402300799000, 0},
		{"2026-11-20", 1795127400000, 90},
	};
	for (size_t i = 0; i < ARRAY_LEN(good); i++) {
		struct moment m = {0};
		if (!moment_parse(good[i].text, 90, &m) || m.ms != good[i].ms ||
		    m.off_min != good[i].off_min)
			fail_msg("%s: %lld %d", good[i].text, (long long)m.ms, m.off_min);
	}
}

static void test_moment_parse_refuses(void **state)
{
	(void)state;
	static const char *const bad[] = {
		"",
		"now",
		"2026-11-20T",
		"2026-11-20 10:00:00Z",
		"2026-11-20T10:00Z",
		"2026-11-20T10:00:00",
		"2026-11-20T24:00:00Z",
		"2026-11-20T10:60:00Z",
		"2026-11-20T10:00:61Z",
		"2026-11-20T10:00:60Z",
		"2026-11-20T23:59:60+01:00",
		"2026-11-20T10:00:00.Z",
		"2026-11-20T10:00:00+1:00",
		"2026-11-20T10:00:00+0100",
		"2026-11-20T10:00:00+24:00",
		"2026-11-20T10:00:00+01:60",
		"2026-11-20T10:00:00ZZ",
		"2026-11-20T10:00:00Z ",
		"2026-02-30T10:00:00Z",
		"2026-11-20T1:00:00Z",
		"2026-11-20T10:00:00,5Z",
		"2026-11-20Z",
		"2026-11-20T-1:00:00Z",
	};
	struct moment m = {.ms = 42};
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		if (moment_parse(bad[i], 0, &m))
			fail_msg("\"%s\" is taken", bad[i]);
	assert_int_equal(m.ms, 42);
}

static void test_moment_text(void **state)
{
	(void)state;
	static const char *const texts[] = {
		"2026-11-20T10:00:00+01:00", "2026-11-20T09:00:00Z",
		"1969-12-31T23:59:59-11:30", "1970-01-01T00:00:00+14:00",
		"2024-02-29T23:59:59-00:01", "0000-01-01T00:00:00Z"};
	struct arena a = {0};
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		assert_string_equal(moment_rfc3339(&a, at(texts[i])), texts[i]);
	assert_string_equal(moment_rfc3339(&a, at("1969-12-31T23:59:59.999Z")),
			    "1969-12-31T23:59:59Z");
	arena_clear(&a);
}

static void test_study_day(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		const char *day;
	} cases[] = {
		{"2026-11-20T03:59:59.999+01:00", "2026-11-19"},
		{"2026-11-20T04:00:00+01:00", "2026-11-20"},
		{"2026-11-21T03:59:59+01:00", "2026-11-20"},
		{"2026-11-20T00:00:00Z", "2026-11-19"},
		{"1970-01-01T03:59:59Z", "1969-12-31"},
		{"1970-01-01T04:00:00Z", "1970-01-01"},
		{"1969-12-31T03:59:59-05:00", "1969-12-30"},
		{"2026-11-20T04:00:00+14:00", "2026-11-20"},
		{"2026-11-20T04:00:00-12:00", "2026-11-20"},
	};
	struct arena a = {0};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_string_equal(date_text(&a, day_of(at(cases[i].text), DAY_START)),
				    cases[i].day);
	assert_int_equal(day_of(at("2026-11-20T00:00:00+01:00"), 0), 20777);
	assert_int_equal(day_of(at("2026-11-19T23:59:59+01:00"), 0), 20776);
	assert_int_equal(day_of(at("2026-11-20T23:58:00Z"), 1439), 20776);
	arena_clear(&a);
}

/* The start of a day is in it, the millisecond before is not, and the end is the start of the next.
 */
static void test_day_bounds(void **state)
{
	(void)state;
	static const int offsets[] = {-720, -210, 0, 60, 345, 840}, starts[] = {0, 1, 240, 1439};
	for (size_t i = 0; i < ARRAY_LEN(offsets); i++) {
		for (size_t k = 0; k < ARRAY_LEN(starts); k++) {
			for (int32_t day = -800; day < 800; day += 37) {
				struct moment m = {day_start_ms(day, offsets[i], starts[k]),
						   offsets[i]};
				assert_int_equal(day_of(m, starts[k]), day);
				assert_true(day_end_ms(m, starts[k]) == m.ms + DAY);
				m.ms--;
				assert_int_equal(day_of(m, starts[k]), day - 1);
				assert_true(day_end_ms(m, starts[k]) == m.ms + 1);
			}
		}
	}
}

static void test_system_offset(void **state)
{
	(void)state;
	const struct clock system = {0};
	set_zone("CET-1CEST,M3.5.0,M10.5.0/3");
	assert_int_equal(clock_offset(&system, at("2026-03-29T00:59:59Z").ms), 60);
	assert_int_equal(clock_offset(&system, at("2026-03-29T01:00:00Z").ms), 120);
	assert_int_equal(clock_offset(&system, at("2026-10-25T00:59:59Z").ms), 120);
	assert_int_equal(clock_offset(&system, at("2026-10-25T01:00:00Z").ms), 60);
	assert_int_equal(clock_offset(&system, at("1969-12-31T23:59:59.999Z").ms), 60);
	set_zone("NST3:30");
	assert_int_equal(clock_offset(&system, 0), -210);
	set_zone("UTC0");
	assert_int_equal(clock_offset(&system, 0), 0);
	set_zone(NULL);
}

static void test_system_clock(void **state)
{
	(void)state;
	const struct clock system = {0};
	set_zone("XXX-5:45");
	time_t before = time(NULL);
	struct moment m = clock_now(&system);
	time_t after = time(NULL);
	/* time() may lag behind by a tick of the kernel's. */
	assert_in_range(m.ms / 1000, before, after + 1);
	assert_int_equal(m.off_min, 345);
	set_zone(NULL);
}

static void test_frozen_clock(void **state)
{
	(void)state;
	const struct clock frozen = {.frozen = true, .at = at("2026-07-01T12:00:00+02:00")};
	set_zone("XXX-5:45");
	assert_true(clock_now(&frozen).ms == frozen.at.ms);
	assert_int_equal(clock_now(&frozen).off_min, 120);
	assert_int_equal(clock_offset(&frozen, at("2026-12-01T12:00:00Z").ms), 120);
	set_zone(NULL);
}

/* A study day that holds the change of the clocks begins and ends at 04:00 by the clock on the
 * wall: it is named by the offset in force at each moment. */
static void test_study_day_over_dst(void **state)
{
	(void)state;
	const struct clock system = {0};
	set_zone("CET-1CEST,M3.5.0,M10.5.0/3");
	int32_t saturday = date_to_day(2026, 3, 28);
	int64_t start = at("2026-03-28T04:00:00+01:00").ms, hours = 0;
	for (int64_t ms = start;; ms += HOUR, hours++) {
		struct moment m = {ms, clock_offset(&system, ms)};
		if (day_of(m, DAY_START) != saturday)
			break;
	}
	assert_int_equal(hours, 23);
	start = at("2026-10-24T04:00:00+02:00").ms;
	hours = 0;
	for (int64_t ms = start;; ms += HOUR, hours++) {
		struct moment m = {ms, clock_offset(&system, ms)};
		if (day_of(m, DAY_START) != date_to_day(2026, 10, 24))
			break;
	}
	assert_int_equal(hours, 25);
	set_zone(NULL);
}

static void test_date_words(void **state)
{
	(void)state;
	struct arena a = {0};
	int32_t today = date_to_day(2026, 11, 20);
	static const struct {
		int ahead;
		const char *words;
	} cases[] = {
		{0, "today"},
		{1, "tomorrow"},
		{-1, "yesterday"},
		{2, "in 2 days (22 Nov)"},
		{5, "in 5 days (25 Nov)"},
		{-6, "6 days ago"},
		{30, "in 30 days (20 Dec)"},
		{31, "21 Dec 2026"},
		{75, "3 Feb 2027"},
		{-30, "30 days ago"},
		{-31, "20 Oct 2026"},
		{-365, "20 Nov 2025"},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_string_equal(date_words(&a, today + cases[i].ahead, today), cases[i].words);
	assert_string_equal(date_words(&a, INT32_MAX, INT32_MIN), "11 Jul 5881580");
	arena_clear(&a);
}

static void test_span_words(void **state)
{
	(void)state;
	struct arena a = {0};
	const struct {
		int64_t ms;
		const char *words;
	} cases[] = {
		{-5000, "0 s"},
		{0, "0 s"},
		{499, "0 s"},
		{500, "1 s"},
		{45 * 1000, "45 s"},
		{59499, "59 s"},
		{59500, "1 min"},
		{90 * 1000, "2 min"},
		{10 * MIN, "10 min"},
		{59 * MIN + 29999, "59 min"},
		{59 * MIN + 30000, "1 h"},
		{3 * HOUR, "3 h"},
		{23 * HOUR + 30 * MIN - 1, "23 h"},
		{23 * HOUR + 30 * MIN, "1 day"},
		{DAY, "1 day"},
		{36 * HOUR - 1, "1 day"},
		{36 * HOUR, "2 days"},
		{7 * DAY, "7 days"},
		{35 * DAY, "35 days"},
		{59 * DAY, "59 days"},
		{60 * DAY, "2 months"},
		{64 * DAY, "2.1 months"},
		{128 * DAY, "4.2 months"},
		{363 * DAY, "11.9 months"},
		{364 * DAY, "1 year"},
		{365 * DAY, "1 year"},
		{400 * DAY, "1.1 years"},
		{730 * DAY, "2 years"},
		{36500 * DAY, "100 years"},
		{INT64_MAX, "292471208.7 years"},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_string_equal(span_words(&a, cases[i].ms), cases[i].words);
	arena_clear(&a);
}

static void test_span_parse(void **state)
{
	(void)state;
	static const char *const bad[] = {"",
					  "0",
					  "0m",
					  "-1",
					  "+1",
					  "1.5h",
					  "1 m",
					  " 1m",
					  "1m ",
					  "m",
					  "1w",
					  "1M",
					  "1mm",
					  "366d",
					  "8761h",
					  "525601",
					  "31536001s",
					  "99999999999999999999",
					  "9223372036854775807d",
					  "1d2h"};
	const struct {
		const char *text;
		int64_t ms;
	} good[] = {
		{"45s", 45000},        {"10m", 10 * MIN},
		{"10", 10 * MIN},      {"2h", 2 * HOUR},
		{"1d", DAY},           {"365d", 365 * DAY},
		{"525600", 365 * DAY}, {"31536000s", 365 * DAY},
		{"007", 7 * MIN},
	};
	int64_t ms = 42;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		if (span_parse(bad[i], &ms))
			fail_msg("\"%s\" is taken", bad[i]);
	assert_int_equal(ms, 42);
	for (size_t i = 0; i < ARRAY_LEN(good); i++) {
		assert_true(span_parse(good[i].text, &ms));
		assert_true(ms == good[i].ms);
	}
}

static void test_span_setting(void **state)
{
	(void)state;
	struct arena a = {0};
	assert_string_equal(span_setting(&a, 45 * 1000), "45s");
	assert_string_equal(span_setting(&a, 90 * 1000), "90s");
	assert_string_equal(span_setting(&a, 10 * MIN), "10m");
	assert_string_equal(span_setting(&a, 90 * MIN), "90m");
	assert_string_equal(span_setting(&a, 36 * HOUR), "36h");
	assert_string_equal(span_setting(&a, 48 * HOUR), "2d");
	for (int64_t s = 1; s <= 365 * 86400; s = s * 3 / 2 + 1) {
		int64_t back = 0;
		assert_true(span_parse(span_setting(&a, s * 1000), &back));
		assert_true(back == s * 1000);
	}
	arena_clear(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_date),
		cmocka_unit_test(test_known_dates),
		cmocka_unit_test(test_date_parse),
		cmocka_unit_test(test_moment_parse),
		cmocka_unit_test(test_moment_parse_refuses),
		cmocka_unit_test(test_moment_text),
		cmocka_unit_test(test_study_day),
		cmocka_unit_test(test_day_bounds),
		cmocka_unit_test(test_system_offset),
		cmocka_unit_test(test_system_clock),
		cmocka_unit_test(test_frozen_clock),
		cmocka_unit_test(test_study_day_over_dst),
		cmocka_unit_test(test_date_words),
		cmocka_unit_test(test_span_words),
		cmocka_unit_test(test_span_parse),
		cmocka_unit_test(test_span_setting),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
