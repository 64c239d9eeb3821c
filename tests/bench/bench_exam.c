/* bench_exam.c -- a mock exam: drawing a form from a pool of 5,000 items, by its id and by looking
 * for the one with the fewest items seen lately; planning and beginning one from a store of 5,000
 * questions; and a key press, from the call to the disk. Usage: bench_exam [QUESTIONS]. */
#include "base/file.h"
#include "base/random.h"
#include "study/examresult.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { TRIES = 9, KEYS = 400, IDS = 15, DECKS = 10 };

static const char blueprint[] =
	"exam: bench\ntitle: Bench\ncode: BENCH\nformat: 1\nabout: For a bench.\nminutes: 130\n"
	"scored: 50\nunscored: 15\ntypes: [single, multiple]\n"
	"pass: {share: 0.72, spread: 0.03, note: Ours.}\n"
	"sources: {s: {title: A, url: \"https://example.org/\", checked: 2026-11-01}}\n"
	"source: [s]\ndomains:\n"
	"  \"1\": {title: One, weight: 30, tasks: {\"1.1\": A}}\n"
	"  \"2\": {title: Two, weight: 26, tasks: {\"2.1\": B}}\n"
	"  \"3\": {title: Three, weight: 22, tasks: {\"3.1\": C}}\n"
	"  \"4\": {title: Four, weight: 22, tasks: {\"4.1\": D}}\n";

static void must(bool ok, struct diags *d, const char *what)
{
	if (ok)
		return;
	diags_print(d, stderr);
	fprintf(stderr, "%s failed\n", what);
	exit(1);
}

static double ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec * 1e-6;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static void say(const char *what, double *times, int n)
{
	qsort(times, (size_t)n, sizeof(*times), by_size);
	printf("%-52s %8.2f ms   95 %% %.2f, most %.2f\n", what, times[n / 2], times[n * 95 / 100],
	       times[n - 1]);
}

static void write_world(const char *home, int questions)
{
	struct arena a = {0};
	struct diags d = {0};
	const char *exams = path_join(&a, home, "data/exams"),
		   *decks = path_join(&a, home, "decks");
	must(file_mkdirs(exams, &d) && file_mkdirs(decks, &d) &&
		     file_write(path_join(&a, exams, "bench.yaml"), blueprint, strlen(blueprint),
				&d),
	     &d, home);
	for (int k = 0; k < DECKS; k++) {
		struct str text = {0};
		str_addf(&text,
			 "deck: bench-%d\ntitle: Bench %d\nformat: 1\nsources:\n  s: {title: A "
			 "page, "
			 "url: \"https://example.org/\", checked: 2026-11-20}\ncards:\n",
			 k, k);
		for (int i = 0; i < questions / DECKS; i++)
			str_addf(
				&text,
				"- id: q-%d\n  kind: choice\n  tags: [t%d]\n  exam: {bench: "
				"\"%d.1\"}\n  question: A team asks about case %d of its API. What "
				"should it do?\n  options:\n  - {text: The right thing, right: "
				"true, "
				"why: It fits.}\n  - {text: Another thing, why: It costs more.}\n"
				"  - {text: A third thing, why: It fails.}\n  - {text: Nothing, "
				"why: "
				"It must act.}\n  source: s\n",
				i, i % 40, i % 4 + 1, i);
		const char *file = path_join(&a, decks, arena_printf(&a, "b%d.yaml", k));
		must(file_write(file, text.p, text.len, &d), &d, file);
		str_clear(&text);
	}
	arena_clear(&a);
}

static void bench_drawing(const struct blueprint *b, int n)
{
	struct arena a = {0};
	struct form_need need;
	struct form_pick picks[65];
	struct form_id ids[IDS];
	double times[TRIES];
	int late;
	struct form_item *pool = arena_alloc(&a, (size_t)n * sizeof(*pool));
	for (int i = 0; i < n; i++)
		pool[i] = (struct form_item){.key = arena_printf(&a, "bench-%d/q-%d", i % 10, i),
					     .domain = i % 4,
					     .late = i % 3 == 0};
	form_need(b, b->scored, &need);
	for (int i = 0; i < IDS; i++)
		ids[i] = (struct form_id){"bench", (uint64_t)i, 1, 0};
	for (int t = 0; t < TRIES; t++) {
		double from = ms();
		form_draw(pool, (size_t)n, &need, &ids[t], picks);
		times[t] = ms() - from;
	}
	say("a form is drawn from the pool", times, TRIES);
	for (int t = 0; t < TRIES; t++) {
		double from = ms();
		form_choose(pool, (size_t)n, &need, ids, IDS, &late);
		times[t] = ms() - from;
	}
	say("the best of fifteen forms is found", times, TRIES);
	arena_clear(&a);
}

static struct sitting *bench_beginning(struct study *s)
{
	double plan[TRIES], start[TRIES];
	struct diags d = {0};
	struct sitting *x = NULL;
	for (int t = 0; t < TRIES; t++) {
		struct exam_options o = {.exam = "bench"};
		struct sitting_plan p;
		sitting_close(x, NULL);
		double from = ms();
		must(sitting_plan(&p, s, &o, &d), &d, "plan");
		plan[t] = ms() - from;
		from = ms();
		must(sitting_start(&x, s, &p, &d), &d, "start");
		start[t] = ms() - from;
		sitting_plan_clear(&p);
	}
	say("an exam is planned: pool read, form chosen", plan, TRIES);
	say("an exam begins: 65 items kept", start, TRIES);
	return x;
}

static void bench_keys(struct sitting *x)
{
	double times[KEYS];
	struct diags d = {0};
	for (int i = 0; i < KEYS; i++) {
		double from = ms();
		bool ok = i % 3 == 0   ? sitting_choose(x, (size_t)i % 4, &d)
			  : i % 3 == 1 ? sitting_flag(x, &d)
				       : sitting_goto(x, (size_t)i % 65, &d);
		must(ok, &d, "key");
		times[i] = ms() - from;
	}
	say("a key press is on disk", times, KEYS);
}

static void bench_end(struct study *s, struct sitting *x)
{
	double times[1];
	struct diags d = {0};
	const struct sitting_result *r;
	int64_t id = sitting_info(x)->id;
	double from = ms();
	must(sitting_submit(x, &d) && sitting_result(x, &r, &d), &d, "submit");
	times[0] = ms() - from;
	say("submitted, graded, logged, chance of passing", times, 1);
	sitting_close(x, NULL);
	from = ms();
	must(sitting_view(&x, s, id, &d) && sitting_result(x, &r, &d), &d, "view");
	times[0] = ms() - from;
	say("an ended exam is opened, with its result", times, 1);
	sitting_close(x, NULL);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

int main(int argc, char **argv)
{
	int questions = argc > 1 ? atoi(argv[1]) : 5000;
	char home[] = "/tmp/gatedrill-bench-XXXXXX";
	struct diags d = {0};
	struct paths paths;
	struct study s;
	struct blueprint b;
	struct env env = {.gatedrill_home = home, .gatedrill_share = "/nonexistent"};
	must(mkdtemp(home) != NULL, &d, home);
	write_world(home, questions);
	env.gatedrill_share = home;
	paths_find(&paths, &env, NULL, NULL);
	paths.bundled_decks = "/nonexistent";
	must(blueprint_read(&b, "bench", blueprint, strlen(blueprint), &d), &d, "blueprint");
	must(study_open(&s, &(struct study_options){.paths = &paths, .has_seed = true, .seed = 1},
			&d),
	     &d, "open");
	bench_drawing(&b, questions);
	struct sitting *x = bench_beginning(&s);
	bench_keys(x);
	bench_end(&s, x);
	study_close(&s);
	blueprint_clear(&b);
	paths_clear(&paths);
	nftw(home, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	return 0;
}
