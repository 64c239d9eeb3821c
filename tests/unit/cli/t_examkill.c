/* t_examkill.c -- kill -9 at any moment of a mock exam: every key press that was confirmed is in
 * the store, at most one more is, the answer shown last is the answer kept, and the clock says what
 * had passed. The real program is run on a pipe, lines stream in, and it is killed after a random
 * number of bytes of its output and a random further moment, 200 times in one exam. */
#include "base/random.h"
#include "base/str.h"
#include "quiz/exam.h"
#include "store/sitting.h"
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
#include <time.h>
#include <unistd.h>

enum { KILLS = 200, REAL_KILLS = 20, MINUTES = 600 };

static const char blueprint[] =
	"exam: k\ntitle: Kill\ncode: K\nformat: 1\nabout: For a test.\nminutes: 600\nscored: 2\n"
	"unscored: 0\ntypes: [single, multiple]\npass: {share: 0.7, spread: 0.03, note: Ours.}\n"
	"sources: {s: {title: A, url: \"https://example.org/\", checked: 2026-11-01}}\n"
	"source: [s]\ndomains:\n"
	"  \"1\": {title: One, weight: 50, tasks: {\"1.1\": Do it}}\n"
	"  \"2\": {title: Two, weight: 50, tasks: {\"2.1\": Do it again}}\n";
#define QUESTION(id, task)                                                 \
	"- {id: " id ", kind: choice, question: Which?, exam: {k: \"" task \
	"\"}, options: [{text: x, right: true, why: w}, {text: y, why: w}], source: s}\n"
static const char deck[] =
	"deck: k\ntitle: Kill\nformat: 1\nsources:\n  s: {title: A, url: "
	"\"https://example.org/\", checked: 2026-11-01}\ncards:\n" QUESTION("a", "1.1")
		QUESTION("b", "2.1");

static size_t count_text(const char *hay, const char *needle)
{
	size_t n = 0;
	for (const char *p = strstr(hay, needle); p; p = strstr(p + 1, needle))
		n++;
	return n;
}

/* What the store has of the exam. */
struct kept {
	int flags;   /* key presses "flag" */
	int choices; /* and those that changed the answer */
	char answer; /* 'A', 'B', or 0 */
	int64_t clock_ms;
};

static struct kept look(const char *home)
{
	struct arena a = {0};
	struct diags d = {0};
	struct store *s;
	struct store_sitting row;
	struct store_sitting_event *events;
	size_t n;
	bool found, chosen[2] = {false, false};
	struct kept k = {0};
	if (!store_open(&s, arena_printf(&a, "%s/study.db", home), STORE_WRITE, &d) ||
	    !store_check(s, &d) || !store_sitting(s, 1, &a, &row, &found, &d) ||
	    !store_sitting_events(s, 1, &a, &events, &n, &d))
		fail_msg("%s", diags_first(&d));
	assert_true(found);
	for (size_t i = 0; i < n; i++) {
		k.flags += events[i].op == EXAM_FLAG;
		if (events[i].op != EXAM_CHOOSE)
			continue;
		bool now = !chosen[events[i].arg];
		k.choices++;
		chosen[0] = chosen[1] = false;
		chosen[events[i].arg] = now;
	}
	k.answer = chosen[0] ? 'A' : chosen[1] ? 'B' : '\0';
	k.clock_ms = row.open_ms;
	store_close(s);
	arena_clear(&a);
	return k;
}

/* Lines without end. */
static void feed(int fd, const char *lines)
{
	for (;;)
		if (write(fd, lines, strlen(lines)) < 0)
			return;
}

/* Run, read at least `bytes` of output, wait a random number of empty turns, kill. */
static void run_and_kill(struct rng *rng, const char *home, const char *const *argv,
			 const char *lines, struct str *out)
{
	struct run r;
	char buf[512];
	size_t bytes = rng_below(rng, 4000);
	run_start(&r, home, argv);
	pid_t feeder = fork();
	assert_true(feeder >= 0);
	if (feeder == 0) {
		feed(r.to_child, lines);
		_exit(0);
	}
	while (out->len < bytes) {
		ssize_t n = read(r.from_child, buf, sizeof(buf));
		assert_true(n > 0);
		str_addn(out, buf, (size_t)n);
	}
	for (volatile uint32_t turns = rng_below(rng, 400000); turns > 0; turns--)
		;
	kill(r.pid, SIGKILL);
	kill(feeder, SIGKILL);
	waitpid(feeder, NULL, 0);
	for (ssize_t n; (n = read(r.from_child, buf, sizeof(buf))) > 0;)
		str_addn(out, buf, (size_t)n);
	run_end(&r);
}

/* Changes of the answer that were confirmed; *answer is the one before, and after. */
static int changes(const char *out, char *answer)
{
	int n = 0;
	for (const char *p = strstr(out, "Kept: "); p; p = strstr(p + 1, "Kept: ")) {
		n += p[6] != *answer;
		*answer = p[6];
	}
	return n;
}

static void begin(struct scratch *home)
{
	const char *const argv[] = {"exam",   "k", "--plain", "--now", "2026-11-20T10:00:00Z",
				    "--seed", "1", NULL};
	struct run r;
	scratch_make(home);
	scratch_write(home, "decks/k.yaml", deck);
	scratch_write(home, "data/exams/k.yaml", blueprint);
	run_start(&r, home->dir, argv);
	assert_int_equal(write(r.to_child, "quit\n", 5), 5);
	for (char buf[512]; read(r.from_child, buf, sizeof(buf)) > 0;)
		;
	assert_int_equal(run_end(&r), 0);
}

/* A second passes before each flag, so the clock can be told from the flags. */
static void killed_anywhere_nothing_is_lost(void **state)
{
	static const char lines[] = "pass 1s\nflag\na\npass 1s\nflag\nb\n";
	const char *const argv[] = {"exam", "--resume", "--plain", "--now", "2026-11-20T10:00:00Z",
				    NULL};
	struct rng rng = {20261127};
	struct scratch home;
	size_t confirmed_in_all = 0;
	(void)state;
	if (!run_program()) {
		print_message("# skipped: GATEDRILL does not name the program\n");
		return;
	}
	begin(&home);
	struct kept before = look(home.dir);
	for (int i = 0; i < KILLS; i++) {
		struct str out = {0};
		run_and_kill(&rng, home.dir, argv, lines, &out);
		struct kept now = look(home.dir);
		int confirmed = (int)(count_text(str_c(&out), "Flagged.") +
				      count_text(str_c(&out), "No flag."));
		char answer = before.answer;
		int changed = changes(str_c(&out), &answer);
		if (now.flags < before.flags + confirmed ||
		    now.flags > before.flags + confirmed + 1)
			fail_msg("run %d: %d flags before, %d confirmed, %d after", i, before.flags,
				 confirmed, now.flags);
		if (now.clock_ms < 1000 * (int64_t)now.flags ||
		    now.clock_ms > 1000 * (int64_t)(now.flags + i + 2))
			fail_msg("run %d: %d seconds passed, the clock says %lld ms", i, now.flags,
				 (long long)now.clock_ms);
		int more = now.choices - before.choices - changed;
		if (more < 0 || more > 1 || (now.answer == answer) != (more == 0))
			fail_msg("run %d: %c was kept and %d changes, the store has %c and %d", i,
				 answer, changed, now.answer, now.choices - before.choices);
		confirmed_in_all += (size_t)confirmed;
		before = now;
		str_clear(&out);
	}
	assert_true(confirmed_in_all > KILLS);
	assert_true(before.clock_ms < (int64_t)MINUTES * 60000);
	scratch_remove(&home);
}

static int64_t monotonic_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* On the real clock: what counts is never more than the time the program ran, and never less than
 * what counted before. */
static void the_real_clock_counts_open_time(void **state)
{
	const char *const argv[] = {"exam", "--resume", "--plain", NULL};
	struct rng rng = {4711};
	struct scratch home;
	(void)state;
	if (!run_program())
		return;
	begin(&home);
	int64_t before = look(home.dir).clock_ms;
	for (int i = 0; i < REAL_KILLS; i++) {
		struct str out = {0};
		int64_t from = monotonic_ms();
		run_and_kill(&rng, home.dir, argv, "flag\n", &out);
		int64_t ran = monotonic_ms() - from, now = look(home.dir).clock_ms;
		if (now < before || now > before + ran + 1)
			fail_msg("run %d: %lld ms before, it ran %lld ms, %lld ms after", i,
				 (long long)before, (long long)ran, (long long)now);
		before = now;
		str_clear(&out);
	}
	assert_true(before > 0);
	scratch_remove(&home);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(killed_anywhere_nothing_is_lost),
		cmocka_unit_test(the_real_clock_counts_open_time),
	};
	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
