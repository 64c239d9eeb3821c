/* bench_lab.c -- what hands-on content costs: a lab from its opening until it is served, its goals
 * held against a trace, a proof and a case of evidence from end to end. Each of the bundled files
 * in turn, RUNS times over all; median wall time, and the CPU of this process for each. Run at the
 * top of the tree. Usage: bench_lab [RUNS [CHECKS]] */
#include "base/file.h"
#include "study/evidence.h"
#include "study/match.h"
#include "study/proof.h"
#include "study/waiting.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

enum { GOALS = MAX_LAB_GOALS };

static void must(bool ok, struct diags *d)
{
	if (ok)
		return;
	diags_print(d, stderr);
	exit(1);
}

/* ---- figures ------------------------------------------------------------------------- */

struct timing {
	double *ms, cpu_ms;
	int runs;
};

static double cpu_ms(void)
{
	struct rusage ru;
	getrusage(RUSAGE_SELF, &ru);
	return (double)(ru.ru_utime.tv_sec + ru.ru_stime.tv_sec) * 1e3 +
	       (double)(ru.ru_utime.tv_usec + ru.ru_stime.tv_usec) / 1e3;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static void say(const char *what, struct timing *t)
{
	qsort(t->ms, (size_t)t->runs, sizeof(*t->ms), by_size);
	printf("%-44s %8.2f ms median (%.2f to %.2f)   %6.2f ms CPU\n", what, t->ms[t->runs / 2],
	       t->ms[0], t->ms[t->runs - 1], t->cpu_ms / t->runs);
}

/* Do something so often, each time with its number. It gives the moment at which it was there, so
 * that what it clears away is not part of the span; the CPU is of all. */
static void measure(const char *what, int runs, int64_t (*run)(void *ctx, int i), void *ctx)
{
	struct timing t = {.ms = calloc((size_t)runs, sizeof(double)), .runs = runs};
	double cpu = cpu_ms();
	for (int i = 0; i < runs; i++) {
		int64_t from_us = clock_us();
		t.ms[i] = (double)(run(ctx, i) - from_us) / 1e3;
	}
	t.cpu_ms = cpu_ms() - cpu;
	say(what, &t);
	free(t.ms);
}

/* ---- from end to end ----------------------------------------------------------------- */

struct bench {
	struct study study;
	struct lab_shelf shelf;
};

static int64_t read_shelf(void *ctx, int i)
{
	struct bench *b = ctx;
	struct lab_shelf sh;
	(void)i;
	lab_shelf_read(&sh, b->study.paths, NULL);
	int64_t there_us = clock_us();
	lab_shelf_clear(&sh);
	return there_us;
}

static int64_t read_one(void *ctx, int i)
{
	struct bench *b = ctx;
	struct diags d = {0};
	struct lab lab;
	must(lab_read_file(&lab, b->shelf.labs[(size_t)i % b->shelf.count]->lab.file, &d), &d);
	int64_t there_us = clock_us();
	lab_clear(&lab);
	diags_clear(&d);
	return there_us;
}

/* Files copied, definitions read, deployed, listening; and the end of it. */
static int64_t serve_lab(void *ctx, int i)
{
	static const struct lab_options once = {.scratch = true};
	struct bench *b = ctx;
	struct diags d = {0};
	struct waiting w;
	struct lab_session *l;
	must(waiting_begin(&w, NULL, NULL, &d), &d);
	waiting_over(&w);
	must(lab_open(&l, &b->study, b->shelf.labs[(size_t)i % b->shelf.count], &w.loop, &once,
		      NULL, NULL, &d),
	     &d);
	must(lab_view(l)->url != NULL, &d);
	int64_t there_us = clock_us();
	lab_close(l);
	waiting_run(&w);
	diags_clear(&d);
	return there_us;
}

/* The requests of all files that say what they expect, one after the other. */
static struct proof_found proof_at(const struct bench *b, int i)
{
	for (;;)
		for (size_t f = 0; f < b->shelf.proof_count; f++) {
			struct shelf_lab *l = b->shelf.proofs[f];
			for (size_t k = 0; k < l->lab.request_count; k++)
				if (l->lab.requests[k].has_expect && i-- == 0)
					return (struct proof_found){l, (int)k};
		}
}

static int64_t prove(void *ctx, int i)
{
	struct bench *b = ctx;
	struct diags d = {0};
	struct arena a = {0};
	struct proof_result r;
	const struct gw_trace *trace;
	must(proof_run(&b->study, proof_at(b, i), true, &a, &r, &trace, &d) && r.met, &d);
	int64_t there_us = clock_us();
	arena_clear(&a);
	diags_clear(&d);
	return there_us;
}

static int64_t make_case(void *ctx, int i)
{
	struct bench *b = ctx;
	struct diags d = {0};
	struct evidence *e;
	const struct evidence_options one = {
		.cases = 1, .allow_commands = true, .has_seed = true, .seed = (uint64_t)i};
	must(evidence_open(&e, &b->study, &b->shelf, &one, &d), &d);
	must(evidence_case(e) != NULL, &d);
	int64_t there_us = clock_us();
	evidence_close(e, &d);
	diags_clear(&d);
	return there_us;
}

/* ---- goals against a trace ----------------------------------------------------------- */

/* As many goals as a lab may have, none of which the trace meets before all was looked at. */
static void make_goals(struct matcher **out, bool patterns)
{
	static struct lab_pair sent = {.name = "x-api-key", .value = "^gold-[a-z]+$"};
	static struct lab_pair detail = {.name = "throttle/tokens", .value = "^none"};
	static const struct lab_match plain = {.kind = "request",
					       .api = "shop",
					       .stage = "dev",
					       .method = "GET",
					       .route = "/stock/{id}",
					       .status_from = 400,
					       .status_to = 499,
					       .refused_by = GW_STEP_AUTHORIZE};
	static struct lab_match m;
	m = plain;
	if (patterns) {
		m.refused_by = GW_STEP_THROTTLE;
		m.path = "^/stock/[0-9]+$";
		m.sent = &sent;
		m.sent_count = 1;
		m.answered_body = "Too Many|Limit";
		m.details = &detail;
		m.detail_count = 1;
	}
	for (int i = 0; i < GOALS; i++)
		out[i] = matcher_new(&m);
}

static void check(const char *what, const struct gw_trace *t, bool patterns, int checks)
{
	struct matcher *goals[GOALS];
	int met = 0;
	make_goals(goals, patterns);
	double cpu = cpu_ms();
	for (int i = 0; i < checks; i++)
		for (int k = 0; k < GOALS; k++)
			met += matcher_meets(goals[k], t);
	cpu = cpu_ms() - cpu;
	printf("%-44s %8.2f us a trace with %d goals   %d met\n", what, cpu * 1e3 / checks, GOALS,
	       met);
	for (int k = 0; k < GOALS; k++)
		matcher_free(goals[k]);
}

static void check_goals(int checks)
{
	struct gw_detail token = {.name = "tokens", .value = "0 of 2"};
	struct gw_detail key = {.name = "x-api-key", .value = "gold-key"};
	struct gw_detail host = {.name = "Host", .value = "localhost", .next = &key};
	const struct gw_trace t = {
		.detailed = true,
		.number = 1,
		.api = "shop",
		.stage = "dev",
		.method = "GET",
		.path = "/stock/17",
		.resource = "/stock/{id}",
		.status = 429,
		.error = "THROTTLED",
		.rows = {[GW_STEP_ROUTE] = {.outcome = GW_PASSED},
			 [GW_STEP_THROTTLE] = {.outcome = GW_REFUSED, .details = &token}},
		.sent = &host,
		.answered_body = "{\"message\":\"Too Many Requests\"}"};
	check("goals with plain keys", &t, false, checks);
	check("goals with four patterns each", &t, true, checks);
}

/* ---- all ----------------------------------------------------------------------------- */

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

int main(int argc, char **argv)
{
	char home[] = "/tmp/gatedrill-bench-lab.XXXXXX";
	int runs = argc > 1 ? atoi(argv[1]) : 50, checks = argc > 2 ? atoi(argv[2]) : 100000;
	if (runs < 1 || checks < 1 || !mkdtemp(home))
		return 2;
	struct bench b = {0};
	struct paths paths;
	struct diags d = {0};
	const struct env env = {.gatedrill_home = home, .gatedrill_share = "."};
	paths_find(&paths, &env, NULL, NULL);
	struct study_options o = {.paths = &paths};
	must(study_open(&b.study, &o, &d), &d);
	must(lab_shelf_open(&b.shelf, &b.study, &d) && d.errors == 0, &d);
	measure("all labs, proofs and drills read", runs, read_shelf, &b);
	measure("one lab read", runs, read_one, &b);
	measure("a lab opened until it is served", runs, serve_lab, &b);
	measure("a proof from end to end", runs, prove, &b);
	measure("a case of evidence made", runs, make_case, &b);
	check_goals(checks);
	lab_shelf_clear(&b.shelf);
	study_close(&b.study);
	paths_clear(&paths);
	diags_clear(&d);
	return nftw(home, remove_one, 16, FTW_DEPTH | FTW_PHYS) == 0 ? 0 : 1;
}
