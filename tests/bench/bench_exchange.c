/* bench_exchange.c -- a large collection out to files of other programs and in again: time and
 * memory. Usage: bench_exchange [CARDS [FOLDER]]; the default is 50,000 cards of all kinds in one
 * deck. Each measure is taken in a process of its own, which opens the study as a command does, so
 * that its memory is that of the command. */
#include "base/file.h"
#include "study/exchange.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const char *const forms[] = {
	"- id: basic-%d\n  kind: basic\n  tags: [websocket, limits]\n"
	"  front: How long may a WebSocket connection stay silent before API Gateway closes it?\n"
	"  back: 10 minutes. The `2-hour` limit is for the whole connection, busy or not.\n"
	"  source: quotas\n",
	"- id: cloze-%d\n  kind: cloze\n  text: A WebSocket frame may hold {{c1::32 KB}} and a "
	"message {{c2::128 KB}}.\n"
	"  why: Both are hard limits; a larger one closes the connection.\n"
	"  source: [quotas, other]\n",
	"- id: table-%d\n  kind: table\n  title: REST and WebSocket APIs side by side\n"
	"  columns: {rest: REST API, ws: WebSocket API}\n  rows:\n"
	"    first: [Who may speak first, only the client, either side]\n"
	"    bill: [Billed by, request, message and connection minute]\n  ask: cell\n"
	"  source: quotas\n",
	"- id: choice-%d\n  kind: choice\n"
	"  question: A market-data client goes quiet for 15 minutes and comes back to a closed "
	"socket. Which limit applied?\n"
	"  options:\n"
	"  - {text: The 10-minute idle timeout, right: true, why: No frame crossed the connection "
	"for 10 minutes.}\n"
	"  - {text: The 2-hour connection duration, why: It ends a connection whatever its "
	"traffic.}\n"
	"  - {text: The 29-second integration timeout, why: It bounds one backend call.}\n"
	"  - {text: The 128 KB message size, why: Size closes with code 1009.}\n  source: quotas\n",
	"- id: truefalse-%d\n  kind: truefalse\n  statement: The idle timeout can be raised.\n"
	"  answer: false\n  why: Neither limit can be raised.\n  source: quotas\n",
	"- id: typed-%d\n  kind: typed\n  question: What is the default integration timeout of a "
	"REST API?\n"
	"  accept: ['29 ?s(ec(ond)?s?)?']\n  show: 29 seconds\n  source: quotas\n",
};

static void make_deck(struct str *out, int cards)
{
	str_add(out, "deck: bench\ntitle: Bench\nformat: 1\nexam: {dva-c02: \"1.1\"}\n"
		     "tags: [api-gateway]\nsources:\n"
		     "  quotas: {title: Quotas, url: \"https://example.org/q\", checked: "
		     "2026-11-20}\n"
		     "  other: {title: Other, url: \"https://example.org/o\"}\ncards:\n");
	for (int i = 0; i < cards; i++)
		str_addf(out, forms[(size_t)i % ARRAY_LEN(forms)], i);
}

static double now_s(clockid_t clock)
{
	struct timespec t;
	clock_gettime(clock, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void must(bool ok, struct diags *d)
{
	if (ok)
		return;
	diags_print(d, stderr);
	exit(1);
}

static void open_study(struct study *s, const struct paths *p)
{
	struct diags d = {0};
	const struct study_options o = {.paths = p};
	must(study_open(s, &o, &d), &d);
	diags_clear(&d);
}

/* One thing to measure, in a process of its own. Returns after printing it. */
struct measure {
	const char *name, *file; /* file in the folder */
	enum export_format format;
	bool progress;
	enum { OUT, OUT_KEEP, IN } way; /* KEEP: the file is read next */
};

static void run(const struct measure *m, const struct paths *p, const char *path)
{
	struct study s;
	struct diags d = {0};
	struct arena a = {0};
	struct export_report r;
	const struct study_export e = {
		.out = {.format = m->format, .path = path, .progress = m->progress}};
	open_study(&s, p);
	double from = now_s(CLOCK_MONOTONIC), cpu = now_s(CLOCK_PROCESS_CPUTIME_ID);
	must(study_export(&s, &e, &a, &r, &d), &d);
	printf("%-24s %6zu cards %7.3f s, %7.3f s of CPU", m->name, r.cards,
	       now_s(CLOCK_MONOTONIC) - from, now_s(CLOCK_PROCESS_CPUTIME_ID) - cpu);
	fflush(stdout);
	study_close(&s);
	arena_clear(&a);
}

/* The same file in. Its deck has a name of its own, so that nothing else is loaded. */
static void run_import(const struct measure *m, const struct paths *p, const char *path)
{
	struct study s;
	struct diags d = {0};
	struct arena a = {0};
	struct study_import_report r;
	const struct study_import i = {.in = {.progress = m->progress}};
	open_study(&s, p);
	double from = now_s(CLOCK_MONOTONIC), cpu = now_s(CLOCK_PROCESS_CPUTIME_ID);
	must(study_import(&s, &path, 1, &i, &a, &r, &d), &d);
	printf("%-24s %6zu cards %7.3f s, %7.3f s of CPU", m->name, r.read.cards,
	       now_s(CLOCK_MONOTONIC) - from, now_s(CLOCK_PROCESS_CPUTIME_ID) - cpu);
	fflush(stdout);
	for (size_t k = 0; k < r.count; k++)
		unlink(r.decks[k].path);
	study_close(&s);
	arena_clear(&a);
}

static void measure(const struct measure *m, const struct paths *p, const char *dir)
{
	struct arena a = {0};
	const char *path = path_join(&a, dir, m->file);
	struct file_stat st = {0};
	struct rusage u;
	int status;
	fflush(stdout);
	pid_t pid = fork();
	if (pid == 0) {
		(m->way == IN ? run_import : run)(m, p, path);
		_exit(0);
	}
	if (pid < 0 || wait4(pid, &status, 0, &u) != pid || status != 0)
		exit(1);
	file_stat(path, &st);
	printf(", %6.1f MB memory, %5.1f MB file\n", (double)u.ru_maxrss / 1024,
	       (double)st.size / 1e6);
	if (m->way != OUT_KEEP)
		unlink(path);
	arena_clear(&a);
}

static const struct measure measures[] = {
	{"export anki-csv", "bench.csv", EXPORT_ANKI_CSV, false, OUT_KEEP},
	{"import anki-csv", "bench.csv", .way = IN},
	{"export apkg", "bench.apkg", EXPORT_APKG, false, OUT_KEEP},
	{"import apkg", "bench.apkg", .way = IN},
	{"export apkg --progress", "bench.apkg", EXPORT_APKG, true, OUT},
	{"export json", "bench.json", EXPORT_JSON, false, OUT_KEEP},
	{"import json", "bench.json", .way = IN},
	{"export markdown", "bench.md", EXPORT_MARKDOWN, false, OUT_KEEP},
	{"import markdown", "bench.md", .way = IN},
	{"export gift", "bench.gift", EXPORT_GIFT, false, OUT_KEEP},
	{"import gift", "bench.gift", .way = IN},
	{"export csv-plain", "plain.csv", EXPORT_CSV_PLAIN, false, OUT},
};

/* In a process of its own too, so that none of its memory is counted later. */
static void load(const struct paths *p, int cards)
{
	int status;
	pid_t pid = fork();
	if (pid == 0) {
		struct arena a = {0};
		struct str yaml = {0};
		struct study s;
		struct diags d = {0};
		make_deck(&yaml, cards);
		must(file_mkdirs(p->own_decks, &d) &&
			     file_write(path_join(&a, p->own_decks, "bench.yaml"), yaml.p, yaml.len,
					&d),
		     &d);
		open_study(&s, p);
		study_close(&s);
		_exit(0);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid || status != 0)
		exit(1);
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
	int cards = argc > 1 ? atoi(argv[1]) : 50000;
	char made[] = "/tmp/bench-exchange-XXXXXX";
	const char *dir = argc > 2 ? argv[2] : mkdtemp(made);
	const struct env env = {.gatedrill_home = dir, .gatedrill_share = dir};
	struct paths p = {0};
	if (!dir)
		return 1;
	paths_find(&p, &env, NULL, NULL);
	load(&p, cards);
	for (size_t i = 0; i < ARRAY_LEN(measures); i++)
		measure(&measures[i], &p, dir);
	if (argc < 3)
		nftw(made, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	paths_clear(&p);
	return 0;
}
