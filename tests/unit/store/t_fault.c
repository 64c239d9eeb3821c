/* t_fault.c -- a write that fails at any of its steps, a full disk, two writers, a kill: the store
 * holds what it held before, or all of the new. */
#include "support.h"

#include "store/inside.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

static const char before_text[] = DECK("a") CARD("one", "First", "1") CARD("two", "Second", "2")
	CARD("gone", "Third", "3") "- {id: c, kind: cloze, text: \"{{c1::x}} {{c2::y}}\"}\n";
static const char after_text[] = DECK("a") CARD("two", "Second, reworded", "2")
	CARD("new", "New", "9") "- {id: uno, was: one, kind: basic, front: First, back: \"1\"}\n"
				"- {id: c, kind: cloze, text: \"{{c1::x}} {{c3::z}}\"}\n";

#define TWO 2 /* part id of a/two */

static int set_up_cards(void **state)
{
	if (set_up(state) != 0)
		return -1;
	load(*state, "/a.yaml", before_text);
	for (int i = 0; i < 3; i++)
		answer(*state, "a/one", 3, DAY0 + i);
	answer(*state, "a/gone", 3, DAY0);
	assert_int_equal(part_of(*state, "a/two"), TWO);
	return 0;
}

static bool do_log(struct fixture *f)
{
	return log_event(f, TWO, SRS_OP_ANSWER, 3, NOON(DAY0 + 5), NULL);
}

static bool do_sync(struct fixture *f)
{
	struct store_sync r;
	return sync_text(f, "/a.yaml", after_text, &r);
}

static bool do_gone(struct fixture *f)
{
	struct store_sync r;
	return store_file_gone(f->s, "/a.yaml", &r, &f->d);
}

static bool do_undo(struct fixture *f)
{
	struct store_log_row row;
	return store_undo(f->s, NOON(DAY0 + 5), 0, &f->a, &row, &f->d);
}

static bool do_rebuild(struct fixture *f)
{
	struct store_rebuilt r;
	return store_rebuild(f->s, false, &r, &f->d);
}

static bool do_preset(struct fixture *f)
{
	struct srs_preset p;
	int64_t id;
	srs_preset_default(&p);
	p.retention = 0.71;
	return store_preset(f->s, &p, &id, &f->d);
}

static bool do_batch(struct fixture *f)
{
	struct store_sync r;
	bool ok = store_begin(f->s, &f->d) &&
		  sync_text(f, "/b.yaml", DECK("b") CARD("x", "X", "1"), &r) && do_sync(f);
	if (ok)
		return store_commit(f->s, &f->d);
	store_rollback(f->s);
	return false;
}

static void fail_everywhere(struct fixture *f, bool (*what)(struct fixture *f))
{
	char *before = picture(f, f->s);
	int n;
	for (n = 1;; n++) {
		db_fail_after(f->s->db, n);
		bool ok = what(f);
		int left = db_fail_after(f->s->db, 0);
		if (left > 0) {
			must(f, ok);
			break;
		}
		must_fail(f, ok, "store-io");
		char *now = picture(f, f->s);
		assert_string_equal(now, before);
		free(now);
		assert_sound(f);
	}
	assert_true(n > 2);
	assert_sound(f);
	free(before);
}

static void test_log_fails(void **state)
{
	fail_everywhere(*state, do_log);
	assert_int_equal(history_count(*state, "a/two"), 1);
}

static void test_sync_fails(void **state)
{
	fail_everywhere(*state, do_sync);
	assert_int_equal(history_count(*state, "a/uno"), 3);
	assert_true(part_of(*state, "a/new") > 0);
}

static void test_gone_fails(void **state)
{
	fail_everywhere(*state, do_gone);
}

static void test_undo_fails(void **state)
{
	fail_everywhere(*state, do_undo);
}

static void test_batch_fails(void **state)
{
	fail_everywhere(*state, do_batch);
	assert_true(part_of(*state, "b/x") > 0);
}

static void test_preset_fails(void **state)
{
	fail_everywhere(*state, do_preset);
}

static void test_rebuild_fails(void **state)
{
	struct fixture *f = *state;
	must(f, db_script(f->s->db, "UPDATE state SET reps = reps + 1", &f->d));
	struct store_rebuilt r;
	for (int n = 1;; n++) {
		db_fail_after(f->s->db, n);
		bool ok = do_rebuild(f);
		if (db_fail_after(f->s->db, 0) > 0) {
			must(f, ok);
			break;
		}
		must_fail(f, ok, "store-io");
		must(f, store_rebuild(f->s, true, &r, &f->d));
		assert_int_equal(r.differed, r.parts); /* all or nothing */
	}
	assert_sound(f);
}

/* Reading that fails says so and leaves nothing behind. */
static void test_reads_fail(void **state)
{
	struct fixture *f = *state;
	struct srs_preset p;
	struct store_leaf leaf = {.kind = LEAF_WORDS, .text = "second"};
	srs_preset_default(&p);
	for (int n = 1;; n++) {
		struct idset out = {0};
		db_fail_after(f->s->db, n);
		bool ok = store_leaf(f->s, &leaf, NOON(DAY0), &p, &out, &f->d);
		int left = db_fail_after(f->s->db, 0);
		assert_true(ok || !idset_count(&out));
		idset_clear(&out);
		if (left > 0) {
			must(f, ok);
			break;
		}
		must_fail(f, ok, "store-io");
	}
}

/* In a child, with files limited to what the store has now and a little: answers until the disk is
 * full. Exit code: 0 as it should be. */
static int answer_until_full(struct fixture *f, size_t room, int *done)
{
	struct file_stat st;
	signal(SIGXFSZ, SIG_IGN);
	if (!file_stat(f->path, &st))
		return 1;
	struct rlimit limit = {(rlim_t)st.size + room, (rlim_t)st.size + room};
	setrlimit(RLIMIT_FSIZE, &limit);
	for (*done = 0; *done < 20000; ++*done) {
		if (do_log(f))
			continue;
		if (strcmp(f->d.items[0].code, "store-full") != 0) {
			diags_print(&f->d, stderr);
			return 2;
		}
		/* Still readable, and still the same. */
		diags_clear(&f->d);
		struct store_item item;
		return store_item(f->s, part_of(f, "a/two"), &f->a, &item, &f->d) &&
				       item.state.reps == *done
			       ? 0
			       : 3;
	}
	return 4;
}

static void test_disk_full(void **state)
{
	struct fixture *f = *state;
	for (size_t room = 1000; room <= 300000; room = room * 3 + 1111) {
		int report[2], done = -1, status;
		assert_int_equal(pipe(report), 0);
		store_close(f->s);
		f->s = NULL;
		pid_t pid = fork();
		if (pid == 0) {
			open_store(f);
			must(f, db_script(f->s->db, "DELETE FROM meta WHERE name = 'x'", &f->d));
			int rc = answer_until_full(f, room, &done);
			if (write(report[1], &done, sizeof(done)) != sizeof(done))
				rc = 5;
			_exit(rc);
		}
		close(report[1]);
		assert_int_equal(read(report[0], &done, sizeof(done)), sizeof(done));
		close(report[0]);
		waitpid(pid, &status, 0);
		assert_int_equal(status, 0);
		/* Every answer that was said to be kept is there; the child ended without closing.
		 */
		open_store(f);
		assert_int_equal(history_count(f, "a/two"), done);
		assert_sound(f);
		tear_down(state);
		set_up_cards(state);
		f = *state;
	}
}

/* A backup onto a full disk leaves neither a backup nor a half one. */
static void test_backup_full(void **state)
{
	struct fixture *f = *state;
	char *path = arena_printf(&f->a, "%s/copy.db", f->dir);
	int status;
	store_close(f->s);
	f->s = NULL;
	pid_t pid = fork();
	if (pid == 0) {
		struct rlimit limit = {50000, 50000};
		signal(SIGXFSZ, SIG_IGN);
		open_store(f);
		setrlimit(RLIMIT_FSIZE, &limit);
		if (store_backup(f->s, path, false, &f->d))
			_exit(1);
		_exit(strcmp(f->d.items[0].code, "store-full") != 0);
	}
	waitpid(pid, &status, 0);
	assert_int_equal(status, 0);
	assert_int_not_equal(access(path, F_OK), 0);
	open_store(f);
	assert_sound(f);
}

static void test_two_writers(void **state)
{
	struct fixture *f = *state;
	struct store *ours = f->s, *theirs;
	must(f, store_open(&theirs, f->path, STORE_WRITE, &f->d));
	for (int i = 0; i < 20; i++) {
		f->s = i % 2 ? theirs : ours;
		must(f, do_log(f));
		assert_int_equal(item_of(f, "a/two").state.reps, i + 1);
	}
	f->s = theirs;
	load(f, "/a.yaml", after_text);
	f->s = ours;
	assert_string_equal(item_of(f, "a/two").title, "Second, reworded");
	must(f, do_undo(f));
	f->s = theirs;
	struct store_log_row row;
	must(f, store_redo(f->s, NOON(DAY0 + 5), &f->a, &row, &f->d));
	assert_int_equal(item_of(f, "a/two").state.reps, 20);
	f->s = ours;
	assert_sound(f);
	store_close(theirs);
}

/* Killed while it writes, again and again: what was said to be kept is there. */
static void test_kill(void **state)
{
	struct fixture *f = *state;
	struct rng r = {3};
	int kept = 0;
	store_close(f->s);
	f->s = NULL;
	for (int round = 0; round < 12; round++) {
		int report[2];
		char c;
		assert_int_equal(pipe(report), 0);
		pid_t pid = fork();
		if (pid == 0) {
			open_store(f);
			while (do_log(f) && write(report[1], "x", 1) == 1) {
			}
			_exit(1);
		}
		close(report[1]);
		uint32_t lives = 1 + rng_below(&r, 15);
		for (uint32_t i = 0; i < lives; i++)
			assert_int_equal(read(report[0], &c, 1), 1);
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
		kept += (int)lives;
		while (read(report[0], &c, 1) == 1)
			kept++;
		close(report[0]);
		open_store(f);
		int now = (int)history_count(f, "a/two");
		assert_true(now == kept ||
			    now == kept + 1); /* one may be kept that could not be told */
		kept = now;
		assert_sound(f);
		store_close(f->s);
		f->s = NULL;
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_log_fails, set_up_cards, tear_down),
		cmocka_unit_test_setup_teardown(test_sync_fails, set_up_cards, tear_down),
		cmocka_unit_test_setup_teardown(test_gone_fails, set_up_cards, tear_down),
		cmocka_unit_test_setup_teardown(test_undo_fails, set_up_cards, tear_down),
		cmocka_unit_test_setup_teardown(test_batch_fails, set_up_cards, tear_down),
		cmocka_unit_test_setup_teardown(test_preset_fails, set_up_cards, tear_down),
		cmocka_unit_test_setup_teardown(test_rebuild_fails, set_up_cards, tear_down),
		cmocka_unit_test_setup_teardown(test_reads_fail, set_up_cards, tear_down),
		cmocka_unit_test_setup_teardown(test_disk_full, set_up_cards, tear_down),
		cmocka_unit_test_setup_teardown(test_backup_full, set_up_cards, tear_down),
		cmocka_unit_test_setup_teardown(test_two_writers, set_up_cards, tear_down),
		cmocka_unit_test_setup_teardown(test_kill, set_up_cards, tear_down),
	};
	return cmocka_run_group_tests_name("store/fault", tests, NULL, NULL);
}
