/* t_kill.c -- kill -9 at any moment of a review: every answer whose next date was announced is in
 * the log, at most one more is, and the cached states are what the log says. The real program is
 * run on a pipe, answers stream in, and it is killed after a random number of bytes of its output
 * and a random further moment, 220 times on one store. */
#include "base/random.h"
#include "base/str.h"
#include "store/store.h"
#include "tests/unit/cli/run.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { KILLS = 220 };

static const char deck[] =
	"deck: k\ntitle: Kill\nformat: 1\nsources:\n  s: {title: A, url: \"https://example.org/\", "
	"checked: 2026-11-01}\ncards:\n"
	"- {id: a, kind: basic, front: a, back: b, source: s}\n"
	"- {id: b, kind: typed, question: b, accept: [b], show: b, source: s}\n"
	"- {id: c, kind: truefalse, statement: c, answer: true, why: c, source: s}\n";

static size_t count_text(const char *hay, const char *needle)
{
	size_t n = 0;
	for (const char *p = strstr(hay, needle); p; p = strstr(p + 1, needle))
		n++;
	return n;
}

/* Answers without end: Enter shows, ":g" reveals where an answer is expected, 1 keeps the card in
 * learning. */
static void feed(int fd)
{
	static const char lines[] = ":g\n1\n:g\n2\n";
	for (;;)
		if (write(fd, lines, sizeof(lines) - 1) < 0)
			return;
}

/* Run, read at least `bytes` of output, wait a random number of empty turns, kill. Returns how many
 * dates were announced. */
static size_t run_and_kill(struct rng *rng, const char *home)
{
	struct run r;
	struct str out = {0};
	char buf[512];
	size_t bytes = rng_below(rng, 12000);
	const char *const argv[] = {"review", "--plain", "--now", "2026-11-20T10:00:00Z",
				    "--seed", "1",       NULL};
	run_start(&r, home, argv);
	pid_t feeder = fork();
	assert_true(feeder >= 0);
	if (feeder == 0) {
		feed(r.to_child);
		_exit(0);
	}
	while (out.len < bytes) {
		ssize_t n = read(r.from_child, buf, sizeof(buf));
		assert_true(n > 0);
		str_addn(&out, buf, (size_t)n);
	}
	for (volatile uint32_t turns = rng_below(rng, 400000); turns > 0; turns--)
		;
	kill(r.pid, SIGKILL);
	kill(feeder, SIGKILL);
	waitpid(feeder, NULL, 0);
	for (ssize_t n; (n = read(r.from_child, buf, sizeof(buf))) > 0;)
		str_addn(&out, buf, (size_t)n);
	run_end(&r);
	size_t announced = count_text(str_c(&out), "Due again");
	str_clear(&out);
	return announced;
}

/* Rows of the log, after making sure that the store is whole and its cache true to the log. */
static size_t checked_rows(const char *home)
{
	struct arena a = {0};
	struct diags d = {0};
	struct store *s;
	struct store_rebuilt rebuilt;
	if (!store_open(&s, arena_printf(&a, "%s/study.db", home), STORE_WRITE, &d) ||
	    !store_check(s, &d) || !store_rebuild(s, true, &rebuilt, &d))
		fail_msg("%s", diags_first(&d));
	assert_int_equal(rebuilt.differed, 0);
	store_close(s);
	diags_clear(&d);
	arena_clear(&a);
	return (size_t)rebuilt.rows;
}

static void killed_anywhere_nothing_is_lost(void **state)
{
	struct rng rng = {20261120};
	struct scratch home;
	(void)state;
	if (!run_program()) {
		print_message("# skipped: GATEDRILL does not name the program\n");
		return;
	}
	scratch_make(&home);
	scratch_write(&home, "decks/k.yaml", deck);
	size_t before = 0, announced_in_all = 0;
	for (int i = 0; i < KILLS; i++) {
		size_t announced = run_and_kill(&rng, home.dir);
		size_t rows = checked_rows(home.dir);
		if (rows < before + announced || rows > before + announced + 1)
			fail_msg("run %d: %zu rows before, %zu announced, %zu rows after", i,
				 before, announced, rows);
		before = rows;
		announced_in_all += announced;
	}
	assert_true(announced_in_all > KILLS);
	scratch_remove(&home);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(killed_anywhere_nothing_is_lost),
	};
	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
