/* bench_start.c -- from the shell to the first card: the real program opens a store of 50,000 cards
 * and 500,000 answers and prints the first card, 21 times. Prints the median wall time and the peak
 * memory, beside the same for `--version`, which is what starting the program and its libraries
 * costs anyway. Usage: bench_start PROGRAM [CARDS [ANSWERS [FOLDER]]]; with FOLDER the store is
 * made there and kept. */
#include "base/file.h"
#include "base/random.h"
#include "study/study.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { DECKS = 25, RUNS = 21, TODAY = 20777 };

static void must(bool ok, struct diags *d)
{
	if (ok)
		return;
	diags_print(d, stderr);
	exit(1);
}

static void add_card(struct str *out, int i)
{
	str_addf(out,
		 "- id: card-%d\n  kind: basic\n  tags: [topic-%d]\n  front: What does API Gateway "
		 "answer in case number %d of the integration?\n"
		 "  back: >-\n    It answers with status %d, and the reason is written in the "
		 "execution log of the\n    stage, where case %d is told from its neighbours.\n  "
		 "source: s\n\n",
		 i, i % 40, i, 400 + i % 120, i);
}

static void write_decks(const char *dir, int cards)
{
	struct diags d = {0};
	for (int k = 0; k < DECKS; k++) {
		struct arena a = {0};
		struct str text = {0};
		str_addf(&text,
			 "deck: bench-%02d\ntitle: Bench %02d\nformat: 1\nsources:\n  s: {title: A "
			 "page, url: \"https://example.org/\", checked: 2026-11-20}\ncards:\n",
			 k, k);
		for (int i = k * cards / DECKS; i < (k + 1) * cards / DECKS; i++)
			add_card(&text, i);
		char *path = arena_printf(&a, "%s/decks/bench-%02d.yaml", dir, k);
		must(file_mkdirs(path_dir(&a, path), &d) && file_write(path, text.p, text.len, &d),
		     &d);
		str_clear(&text);
		arena_clear(&a);
	}
}

/* Each part is learnt on a day of its own in the last three years and answered when it comes due,
 * until the present or `each` answers. */
static void answer_part(struct store *s, int64_t part, int each, int64_t preset, struct rng *rng,
			int64_t end_ms)
{
	struct srs_card c;
	struct diags d = {0};
	int64_t ms = end_ms - (int64_t)rng_below(rng, 900) * 86400000 - 3600000;
	for (int i = 0; i < each && ms < end_ms; i++) {
		uint32_t dice = rng_below(rng, 100);
		int grade = dice < 8 ? 1 : dice < 18 ? 2 : dice < 92 ? 3 : 4;
		struct store_answer a = {.part_id = part,
					 .event = {SRS_OP_ANSWER, grade, {ms, 0}},
					 .took_ms = 5000,
					 .screen = "review"};
		must(store_log(s, &a, preset, &c, NULL, &d), &d);
		ms = c.by_day ? (int64_t)c.due_day * 86400000 + 8 * 3600000 : c.due_ms;
	}
}

static void fill_log(struct study *s, int cards, int answers, int64_t end_ms)
{
	struct diags d = {0};
	struct rng rng = {1};
	int64_t preset;
	must(store_preset(s->store, &s->config.preset, &preset, &d), &d);
	for (int64_t part = 1; part <= cards; part++)
		answer_part(s->store, part, answers / cards * 14 / 10, preset, &rng, end_ms);
}

static double seconds(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

/* Median wall ms and the largest peak memory in MiB over RUNS. */
static void measure(const char *what, const char *const *argv)
{
	double ms[RUNS];
	long peak = 0;
	for (int i = 0; i < RUNS; i++) {
		struct rusage ru;
		double t = seconds();
		pid_t pid = fork();
		if (pid == 0) {
			int null = open("/dev/null", O_RDWR);
			dup2(null, 0);
			dup2(null, 1);
			execv(argv[0], (char *const *)argv);
			_exit(127);
		}
		int status;
		wait4(pid, &status, 0, &ru);
		ms[i] = (seconds() - t) * 1e3;
		peak = ru.ru_maxrss > peak ? ru.ru_maxrss : peak;
	}
	qsort(ms, RUNS, sizeof(*ms), by_value);
	printf("%-44s %8.2f ms median (%.2f to %.2f)   %6.1f MB peak\n", what, ms[RUNS / 2], ms[0],
	       ms[RUNS - 1], (double)peak / 1024);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

/* The peak a process is charged with includes its parent's at the fork, so the measuring is done by
 * a fresh, small process. */
static int measure_apart(const char *self, const char *program)
{
	int status;
	pid_t pid = fork();
	if (pid == 0) {
		execl(self, self, "--measure", program, (char *)NULL);
		_exit(127);
	}
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

static int measure_all(const char *program)
{
	const char *const version[] = {program, "--version", NULL};
	const char *const review[] = {program, "review", "--plain", "--now", "2026-11-20T10:00:00Z",
				      NULL};
	measure("gatedrill --version", version);
	measure("gatedrill review --plain, to the first card", review);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 3 && str_eq(argv[1], "--measure"))
		return measure_all(argv[2]);
	char dir[] = "/dev/shm/gatedrill-bench-XXXXXX", on_disk[] = "/tmp/gatedrill-bench-XXXXXX";
	int cards = argc > 2 ? atoi(argv[2]) : 50000, answers = argc > 3 ? atoi(argv[3]) : 500000;
	const char *home = argc > 4 ? argv[4] : mkdtemp(dir);
	home = home ? home : mkdtemp(on_disk);
	if (argc < 2 || !home)
		return 2;
	setenv("GATEDRILL_HOME", home, 1);
	setenv("GATEDRILL_SHARE", home, 1);
	const struct env env = {.gatedrill_home = home, .gatedrill_share = "/nonexistent"};
	struct paths paths;
	struct study s;
	struct diags d = {0};
	struct moment now = {(int64_t)TODAY * 86400000 + 10 * 3600000, 0};
	paths_find(&paths, &env, NULL, NULL);
	write_decks(home, cards);
	double t = seconds();
	struct study_options o = {.paths = &paths, .clock = {.frozen = true, .at = now}};
	must(study_open(&s, &o, &d), &d);
	printf("%-44s %8.0f ms\n", "first load of the decks, store included",
	       (seconds() - t) * 1e3);
	t = seconds();
	fill_log(&s, cards, answers, now.ms);
	struct store_rebuilt r;
	printf("%-44s %8.0f ms\n", "answers logged one by one", (seconds() - t) * 1e3);
	t = seconds();
	must(store_rebuild(s.store, true, &r, &d), &d);
	printf("%-44s %8.0f ms   %lld rows, %lld cards, %lld differ\n",
	       "all states derived from the log again", (seconds() - t) * 1e3, (long long)r.rows,
	       (long long)r.parts, (long long)r.differed);
	study_close(&s);
	paths_clear(&paths);
	int code = measure_apart(argv[0], argv[1]);
	if (argc <= 4)
		nftw(home, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	return code;
}
