/* t_config.c -- settings: every default reads back, every bad value is refused, and the learner's
 * file keeps its other bytes. */
#include "base/file.h"
#include "study/config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char dir[] = "/tmp/gatedrill-config-XXXXXX";
static char path[64];

static void write_text(const char *text)
{
	assert_true(file_write(path, text, strlen(text), NULL));
}

static void assert_file(const char *want)
{
	struct str got = {0};
	assert_true(file_read(path, 4096, &got, NULL));
	assert_string_equal(str_c(&got), want);
	str_clear(&got);
}

static void every_default_round_trips(void **state)
{
	(void)state;
	struct config c;
	struct arena a = {0};
	unlink(path);
	assert_true(config_read(&c, path, NULL));
	for (size_t i = 0; i < config_key_count; i++) {
		const char *text = config_text(&c, (int)i, &a);
		assert_string_equal(text, config_keys[i].fallback);
		assert_true(config_keys[i].set(&c, text));
		assert_string_equal(config_text(&c, (int)i, &a), text);
	}
	arena_clear(&a);
	config_clear(&c);
}

static void values_are_checked(void **state)
{
	(void)state;
	static const struct {
		const char *key, *value;
		bool ok;
	} rows[] = {
		{"retention", "0.95", true},
		{"retention", "1", false},
		{"retention", "0.5", false},
		{"retention", "x", false},
		{"new-per-day", "none", true},
		{"new-per-day", "-1", false},
		{"new-per-day", "10000", false},
		{"learning-steps", "30s 5m 1d", true},
		{"learning-steps", "none", true},
		{"learning-steps", "5 parsecs", false},
		{"learning-steps", "", false},
		{"day-start", "23:59", true},
		{"day-start", "24:00", false},
		{"day-start", "4:00", false},
		{"day-start", "::::::", false},
		{"day-start", "0a:00", false},
		{"leech-action", "mark", true},
		{"leech-action", "delete", false},
		{"fuzz", "off", true},
		{"fuzz", "no", false},
		{"weights", "default", true},
		{"weights", "1 2 3", false},
		{"exam-date", "2026-12-14", true},
		{"exam-date", "2026-02-30", false},
		{"colour", "256", true},
		{"colour", "red", false},
		{"theme", "light", true},
		{"exam", "dva-c02", true},
		{"exam", "../x", false},
		{"learn-ahead", "0", true},
		{"learn-ahead", "1h", true},
		{"maximum-interval", "0", false},
	};
	struct config c;
	unlink(path);
	assert_true(config_read(&c, path, NULL));
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		int key = config_find(rows[i].key, NULL);
		assert_true(key >= 0);
		if (config_keys[key].set(&c, rows[i].value) != rows[i].ok)
			fail_msg("%s: %s", rows[i].key, rows[i].value);
	}
	config_clear(&c);
}

static void a_refused_value_changes_nothing(void **state)
{
	(void)state;
	struct config c;
	struct arena a = {0};
	unlink(path);
	assert_true(config_read(&c, path, NULL));
	for (size_t i = 0; i < config_key_count; i++) {
		if (config_keys[i].set(&c, "\x01 no such value"))
			continue;
		assert_string_equal(config_text(&c, (int)i, &a), config_keys[i].fallback);
	}
	arena_clear(&a);
	config_clear(&c);
}

static void errors_carry_positions(void **state)
{
	(void)state;
	struct config c;
	struct diags d = {0};
	write_text("# mine\nretention: 0.8\nretenton: 0.9\nfuzz: maybe\n");
	assert_false(config_read(&c, path, &d));
	assert_int_equal(d.errors, 2);
	assert_int_equal(d.items[0].pos.line, 3);
	assert_non_null(strstr(d.items[0].text, "\"retention\""));
	assert_int_equal(d.items[1].pos.line, 4);
	assert_string_equal(d.items[1].code, "config-value");
	assert_true(c.preset.retention == 0.8);
	diags_clear(&d);
	config_clear(&c);
}

static void writing_keeps_the_rest(void **state)
{
	(void)state;
	write_text("# my settings\nretention: 0.8   # bold\n\ntheme: light\n");
	assert_true(config_write(path, config_find("new-per-day", NULL), "5", NULL));
	assert_file("# my settings\nretention: 0.8   # bold\n\ntheme: light\nnew-per-day: 5\n");
	assert_true(config_write(path, config_find("theme", NULL), "dark", NULL));
	assert_file("# my settings\nretention: 0.8   # bold\n\ntheme: dark\nnew-per-day: 5\n");
	assert_true(config_write(path, config_find("new-per-day", NULL), NULL, NULL));
	assert_file("# my settings\nretention: 0.8   # bold\n\ntheme: dark\n");
	struct config c;
	assert_true(config_read(&c, path, NULL));
	assert_true(c.preset.retention == 0.8);
	config_clear(&c);
}

static void a_file_of_comments_is_empty(void **state)
{
	(void)state;
	struct config c;
	write_text("\n# nothing yet\n   # here\n");
	assert_true(config_read(&c, path, NULL));
	config_clear(&c);
	write_text("");
	assert_true(config_read(&c, path, NULL));
	config_clear(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_default_round_trips),
		cmocka_unit_test(values_are_checked),
		cmocka_unit_test(a_refused_value_changes_nothing),
		cmocka_unit_test(errors_carry_positions),
		cmocka_unit_test(writing_keeps_the_rest),
		cmocka_unit_test(a_file_of_comments_is_empty),
	};
	if (!mkdtemp(dir))
		return 1;
	snprintf(path, sizeof(path), "%s/config.yaml", dir);
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	unlink(path);
	rmdir(dir);
	return failed;
}
