/* t_import.c -- decks that came in are the learner's: all of them or none, whatever stops the work,
 * never over a file, and with a history that belongs to them. */
#include "base/file.h"
#include "study/exchange.h"
#include "tests/unit/study/fault.h"
#include "tests/unit/study/world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char two_decks[] =
	"{\"decks\": ["
	"{\"deck\": \"one\", \"title\": \"One\", \"format\": \"1\", \"cards\": ["
	"{\"id\": \"a\", \"kind\": \"reversed\", \"front\": \"f\", \"back\": \"b\"}]},"
	"{\"deck\": \"two\", \"title\": \"Two\", \"format\": \"1\", \"cards\": ["
	"{\"id\": \"a\", \"kind\": \"basic\", \"front\": \"g\", \"back\": \"c\"}]}],"
	"\"progress\": [{\"card\": \"one/a#reverse\", \"log\": ["
	"{\"at\": \"2026-11-01T10:00:00Z\", \"what\": \"answer\", \"arg\": 4, \"took\": 1500},"
	"{\"at\": \"2026-11-10T10:00:00Z\", \"what\": \"answer\", \"arg\": 3, \"took\": 900}]},"
	"{\"card\": \"one/gone\", \"log\": ["
	"{\"at\": \"2026-11-01T10:00:00Z\", \"what\": \"answer\", \"arg\": 3}]}]}";

static const char *make_file(struct world *w, struct arena *a)
{
	const char *path = path_join(a, w->dir, "in.json");
	struct diags d = {0};
	assert_true(file_write(path, two_decks, strlen(two_decks), &d));
	return path;
}

static size_t count_files(struct world *w)
{
	struct arena a = {0};
	const char **names;
	size_t n = 0;
	assert_true(file_list(w->paths.own_decks, "", &a, &names, &n, NULL));
	arena_clear(&a);
	return n;
}

static size_t count_log(struct world *w)
{
	struct arena a = {0};
	struct store_log_row *rows;
	size_t n = 0;
	assert_true(store_history(w->study.store, 0, 100, &a, &rows, &n, NULL));
	arena_clear(&a);
	return n;
}

static bool stop_at(void *ctx, const char *what, size_t done, size_t total)
{
	int *left = ctx;
	(void)what;
	(void)done;
	(void)total;
	return (*left)-- > 0;
}

static void test_history(void **state)
{
	struct world w;
	struct arena a = {0};
	struct diags d = {0};
	struct study_import_report r;
	const struct study_import i = {.in = {.progress = true}};
	int64_t part = 0;
	struct store_item item;
	(void)state;
	world_init(&w);
	world_open(&w);
	const char *path = make_file(&w, &a);
	if (!study_import(&w.study, &path, 1, &i, &a, &r, &d))
		fail_msg("%s", diags_first(&d));
	assert_int_equal(r.count, 2);
	assert_int_equal(r.decks[0].answers, 2);
	assert_int_equal(r.read.reviews_left_out, 1);
	assert_int_equal(count_log(&w), 2);
	assert_true(store_find(w.study.store, "one/a#reverse", &part, &d));
	assert_true(store_item(w.study.store, part, &a, &item, &d));
	assert_int_equal(item.state.reps, 2);
	assert_int_equal(item.state.state, SRS_REVIEW);
	/* Again: other names, and a history of their own. */
	assert_true(study_import(&w.study, &path, 1, &i, &a, &r, &d));
	assert_string_equal(r.decks[0].slug, "one-2");
	assert_string_equal(r.decks[0].wanted, "one");
	assert_int_equal(count_log(&w), 4);
	assert_int_equal(count_files(&w), 4);
	arena_clear(&a);
	world_clear(&w);
}

static void test_dry_run(void **state)
{
	struct world w;
	struct arena a = {0};
	struct diags d = {0};
	struct study_import_report r;
	const struct study_import i = {.dry_run = true, .in = {.progress = true}};
	(void)state;
	world_init(&w);
	world_open(&w);
	const char *path = make_file(&w, &a);
	assert_true(study_import(&w.study, &path, 1, &i, &a, &r, &d));
	assert_int_equal(r.count, 2);
	assert_int_equal(count_files(&w), 0);
	assert_int_equal(count_log(&w), 0);
	arena_clear(&a);
	world_clear(&w);
}

/* Wherever it is stopped, and whatever step of the store fails, nothing stays. */
static void test_all_or_nothing(void **state)
{
	struct world w;
	struct arena a = {0};
	bool done = false;
	int stops = 0;
	(void)state;
	world_init(&w);
	world_open(&w);
	const char *path = make_file(&w, &a);
	for (int ticks = 0; !done; ticks++) {
		int left = ticks;
		const struct job job = {stop_at, &left};
		struct diags d = {0};
		struct study_import_report r;
		const struct study_import i = {.in = {.progress = true, .job = &job}};
		done = study_import(&w.study, &path, 1, &i, &a, &r, &d);
		if (!done) {
			assert_string_equal(d.items[0].code, "import-stopped");
			assert_int_equal(count_files(&w), 0);
			assert_int_equal(count_log(&w), 0);
			stops++;
		}
		diags_clear(&d);
	}
	assert_true(stops > 2);
	assert_int_equal(count_files(&w), 2);
	arena_clear(&a);
	world_clear(&w);
}

static void test_broken_disk(void **state)
{
	(void)state;
	for (int step = 1; step < 200; step += 3) {
		struct world w;
		struct arena a = {0};
		struct diags d = {0};
		struct study_import_report r;
		const struct study_import i = {.in = {.progress = true}};
		world_init(&w);
		world_open(&w);
		const char *path = make_file(&w, &a);
		fault_after(w.study.store, step);
		bool ok = study_import(&w.study, &path, 1, &i, &a, &r, &d);
		fault_after(w.study.store, 0);
		assert_int_equal(count_files(&w), ok ? 2 : 0);
		assert_int_equal(count_log(&w), ok ? 2 : 0);
		diags_clear(&d);
		arena_clear(&a);
		world_clear(&w);
		if (ok)
			return;
	}
	fail_msg("it never worked");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_history),
		cmocka_unit_test(test_dry_run),
		cmocka_unit_test(test_all_or_nothing),
		cmocka_unit_test(test_broken_disk),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
