/* t_proof.c -- proofs: found by name, run against the definition as it came, decided by a trace of
 * the request itself. */
#include "study/proof.h"
#include "base/file.h"
#include "study/match.h"
#include "tests/unit/study/labworld.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char proofs[] =
	"proofs: basics\ntitle: Basics\nformat: 1\ngateway: [shop.yaml]\nsources:\n"
	"  s: {title: S, url: \"https://example.com/\", checked: 2026-11-20}\nsource: [s]\n"
	"requests:\n"
	"  open:\n    send: GET /dev/open\n    api: shop\n    shows: It is open.\n"
	"    expect: {status: 200, route: /open}\n"
	"  wrong:\n    send: GET /dev/open\n    api: shop\n    shows: Never.\n"
	"    expect: {status: 500}\n"
	"  dial: {connect: /live, api: chat, as: a}\n"
	"  echo:\n    say: hello\n    as: a\n    before: [dial]\n    shows: It echoes.\n"
	"    expect: {kind: message, answered-body: hello}\n"
	"  behind:\n    send: GET /dev/stock\n    api: shop\n    before: [open]\n"
	"    shows: What was before does not count.\n    expect: {status: 200}\n";

static int open_world(void **state)
{
	static struct labworld l;
	labworld_init(&l);
	labworld_lab(&l, false, lab_goals);
	char *stack = labworld_read(&l, "data/labs/keys/shop.yaml");
	char *api = labworld_read(&l, "data/labs/keys/api.yaml");
	labworld_file(&l, "data/proofs/basics.yaml", proofs);
	labworld_file(&l, "data/proofs/basics/shop.yaml", stack);
	labworld_file(&l, "data/proofs/basics/api.yaml", api);
	free(stack);
	free(api);
	labworld_reopen(&l);
	*state = &l;
	return 0;
}

static int close_world(void **state)
{
	labworld_clear(*state);
	return 0;
}

static void names_find_requests_that_expect_something(void **state)
{
	struct labworld *l = *state;
	struct proof_found f = proof_find(&l->shelf, "basics/echo");
	assert_non_null(f.lab);
	assert_string_equal(f.lab->lab.requests[f.request].id, "echo");
	static const char *const none[] = {"basics", "basics/", "basics/none", "other/echo",
					   "/echo",  "",        "basics/dial", "keys/no-key"};
	for (size_t i = 0; i < ARRAY_LEN(none); i++)
		assert_null(proof_find(&l->shelf, none[i]).lab);
}

static void run(struct labworld *l, const char *name, struct arena *a, struct proof_result *r,
		const struct gw_trace **t)
{
	struct diags d = {0};
	if (!proof_run(&l->w.study, proof_find(&l->shelf, name), false, a, r, t, &d)) {
		diags_print(&d, stderr);
		fail_msg("%s does not run", name);
	}
	assert_int_equal(d.errors, 0);
	diags_clear(&d);
}

static void a_trace_decides(void **state)
{
	struct labworld *l = *state;
	struct arena a = {0};
	struct proof_result r;
	const struct gw_trace *t;
	run(l, "basics/open", &a, &r, &t);
	assert_true(r.met);
	assert_null(r.why);
	assert_string_equal(r.shows, "It is open.");
	assert_int_equal(t->status, 200);
	assert_string_equal(t->resource, "/open");
	assert_non_null(t->sent);
	run(l, "basics/echo", &a, &r, &t);
	assert_true(r.met);
	assert_int_equal(t->kind, GW_TRACE_MESSAGE);
	assert_string_equal(t->answered_body, "hello");
	assert_int_equal(r.number, 2);
	arena_clear(&a);
}

static void without_it_what_happened_is_shown(void **state)
{
	struct labworld *l = *state;
	struct arena a = {0};
	struct proof_result r;
	const struct gw_trace *t;
	run(l, "basics/wrong", &a, &r, &t);
	assert_false(r.met);
	assert_int_equal(t->status, 200);
	/* The request before it was answered with 200, itself with 403. */
	run(l, "basics/behind", &a, &r, &t);
	assert_false(r.met);
	assert_int_equal(r.number, 2);
	assert_int_equal(t->status, 403);
	arena_clear(&a);
}

/* ---- on a loop that goes on ---------------------------------------------------------- */

struct two {
	struct labworld *l;
	struct proof_run *runs[2];
	int done, closed;
};

static void on_done(void *ctx, const struct proof_result *r)
{
	struct two *t = ctx;
	assert_true(r->met);
	t->done++;
}

static void on_closed(void *ctx)
{
	struct two *t = ctx;
	if (++t->closed == 2)
		waiting_over(&t->l->wait);
}

static void stop(void *ctx)
{
	(void)ctx;
	fail_msg("a minute has passed");
}

static void open_two(struct two *t)
{
	static const char *const names[] = {"basics/open", "basics/echo"};
	assert_true(waiting_begin(&t->l->wait, stop, t, NULL));
	for (int i = 0; i < 2; i++)
		assert_true(proof_open(&t->runs[i], &t->l->w.study,
				       proof_find(&t->l->shelf, names[i]), false, &t->l->wait.loop,
				       on_done, t, NULL));
}

static void close_two(struct two *t)
{
	for (int i = 0; i < 2; i++)
		proof_close(t->runs[i], on_closed, t);
	waiting_run(&t->l->wait);
	assert_int_equal(t->closed, 2);
	struct arena a = {0};
	const char **names;
	size_t n;
	assert_true(file_list(path_join(&a, t->l->w.dir, "scratch"), "", &a, &names, &n, NULL));
	assert_int_equal(n, 0);
	arena_clear(&a);
}

static void several_run_side_by_side(void **state)
{
	struct two t = {.l = *state};
	open_two(&t);
	while (t.done < 2)
		uv_run(&t.l->wait.loop, UV_RUN_ONCE);
	assert_int_equal(ring_last(serve_ring(rig_serve(proof_rig(t.runs[0])))), 1);
	close_two(&t);
}

static void one_can_be_closed_before_it_is_done(void **state)
{
	struct two t = {.l = *state};
	open_two(&t);
	close_two(&t);
	assert_int_equal(t.done, 0);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, open_world, close_world)
	const struct CMUnitTest tests[] = {
		TEST(names_find_requests_that_expect_something), TEST(a_trace_decides),
		TEST(without_it_what_happened_is_shown),         TEST(several_run_side_by_side),
		TEST(one_can_be_closed_before_it_is_done),
	};
	return cmocka_run_group_tests_name("study/proof", tests, NULL, NULL);
}
