/* t_rig.c -- a rig's hands: connections by name, what is said of them in texts, one thing at a
 * time, stopping, starting again, those who listen; what its calls would have cost. */
#include "study/cost.h"
#include "study/match.h"
#include "tests/unit/study/labworld.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static int open_world(void **state)
{
	static struct labworld l;
	labworld_init(&l);
	labworld_lab(&l, false, lab_goals);
	labworld_start(&l, (struct lab_options){.scratch = true});
	*state = &l;
	return 0;
}

static int close_world(void **state)
{
	labworld_clear(*state);
	return 0;
}

static struct rig *rig_of(struct labworld *l)
{
	return lab_rig(l->lab);
}

static const struct gw_trace *last_trace(struct labworld *l)
{
	const struct ring *ring = serve_ring(rig_serve(rig_of(l)));
	return ring_get(ring, ring_last(ring));
}

static void on_done(void *ctx, bool ok, const char *why)
{
	struct labworld *l = ctx;
	l->done = true;
	l->ok = ok;
	snprintf(l->why, sizeof(l->why), "%s", why ? why : "");
}

static bool is_done(struct labworld *l)
{
	return l->done;
}

/* An action of the test's own; the memory it stands in does not last. */
static void begin(struct labworld *l, const struct lab_action *x)
{
	struct lab_action *copy = xmalloc(sizeof(*copy));
	struct diags d = {0};
	memcpy(copy, x, sizeof(*copy));
	l->done = false;
	if (!rig_do(rig_of(l), copy, on_done, l, &d))
		fail_msg("%s", diags_first(&d));
	memset(copy, 0xee, sizeof(*copy));
	free(copy);
	diags_clear(&d);
	assert_false(l->done); /* never before the call has returned */
	assert_true(rig_busy(rig_of(l)));
}

static void act(struct labworld *l, const struct lab_action *x)
{
	begin(l, x);
	labworld_until(l, is_done);
	assert_false(rig_busy(rig_of(l)));
}

static void connections_have_names(void **state)
{
	struct labworld *l = *state;
	const char *names[4];
	labworld_do(l, "dial");
	assert_int_equal(rig_connections(rig_of(l), names, 4), 1);
	assert_string_equal(names[0], "alice");
	char *id = xstrdup(rig_connection_id(rig_of(l), "alice"));
	assert_string_equal(id, last_trace(l)->connection_id);

	labworld_do(l, "say"); /* the connection before it is open already */
	assert_int_equal(last_trace(l)->kind, GW_TRACE_MESSAGE);
	assert_non_null(strstr(last_trace(l)->sent_body, id));
	assert_string_equal(rig_connection_id(rig_of(l), "alice"), id);

	labworld_do(l, "push");
	assert_int_equal(last_trace(l)->kind, GW_TRACE_PUSH);
	assert_int_equal(last_trace(l)->status, 200);

	labworld_do(l, "bye");
	assert_int_equal(last_trace(l)->kind, GW_TRACE_DISCONNECT);
	assert_int_equal(last_trace(l)->status, 1000);
	assert_int_equal(rig_connections(rig_of(l), names, 4), 0);
	labworld_do(l, "push"); /* its id is still known: it is gone */
	assert_int_equal(last_trace(l)->status, 410);
	free(id);
}

static bool heard_message(struct labworld *l)
{
	return strstr(str_c(&l->seen), "message:0") != NULL;
}

static void what_comes_is_heard(void **state)
{
	struct labworld *l = *state;
	labworld_do(l, "say");
	labworld_do(l, "push");
	labworld_until(l, heard_message);
	assert_non_null(strstr(str_c(&l->seen), "traced opened:101"));
	/* A name that is taken again is another connection. */
	char *id = xstrdup(rig_connection_id(rig_of(l), "alice"));
	labworld_do(l, "dial");
	assert_string_not_equal(id, rig_connection_id(rig_of(l), "alice"));
	free(id);
}

static void what_cannot_be_done_says_why(void **state)
{
	struct labworld *l = *state;
	const struct lab_action say = {.verb = LAB_SAY, .body = "x", .as = "bob"};
	const struct lab_action deploy = {.verb = LAB_DEPLOY, .api = "shop", .stage = "none"};
	const struct lab_action no_file = {.verb = LAB_EDIT, .file = "x", .find = "a", .put = "b"};
	act(l, &say);
	assert_false(l->ok);
	assert_string_equal(l->why, "no connection is open as \"bob\"");
	act(l, &deploy);
	assert_false(l->ok);
	assert_non_null(strstr(l->why, "none"));
	act(l, &no_file); /* outside of a solution nothing is edited */
	assert_true(l->ok);
}

static void a_refused_handshake_is_an_answer(void **state)
{
	struct labworld *l = *state;
	const struct lab_action dial = {
		.verb = LAB_CONNECT, .target = "/other", .api = "chat", .as = "bob"};
	str_reset(&l->seen);
	act(l, &dial);
	assert_true(l->ok);
	assert_non_null(strstr(str_c(&l->seen), "refused:403"));
	assert_null(rig_connection_id(rig_of(l), "bob"));
}

static void one_thing_at_a_time(void **state)
{
	struct labworld *l = *state;
	struct diags d = {0};
	const struct lab_action nap = {.verb = LAB_WAIT, .wait_ms = 60000};
	begin(l, &nap);
	assert_false(rig_do(rig_of(l), &nap, on_done, l, &d));
	assert_string_equal(d.items[0].code, "rig-busy");
	diags_clear(&d);
	assert_false(rig_do_named(rig_of(l), 0, on_done, l, NULL));
	assert_false(rig_do_steps(rig_of(l), NULL, 0, NULL, on_done, l, NULL));
	rig_stop(rig_of(l));
	assert_false(l->done);
	labworld_until(l, is_done);
	assert_false(l->ok);
	assert_string_equal(l->why, "stopped");
}

static bool is_answered(struct labworld *l)
{
	return strstr(str_c(&l->seen), "traced") != NULL;
}

static void a_burst_can_be_stopped(void **state)
{
	struct labworld *l = *state;
	const struct lab_action flood = {.verb = LAB_SEND,
					 .method = "GET",
					 .target = "/dev/open",
					 .api = "shop",
					 .burst_rate = 20,
					 .burst_seconds = 50};
	str_reset(&l->seen);
	begin(l, &flood);
	labworld_until(l, is_answered);
	rig_stop(rig_of(l));
	labworld_until(l, is_done);
	assert_false(l->ok);
	/* One that ends by itself. */
	uint64_t before = ring_last(serve_ring(rig_serve(rig_of(l))));
	struct lab_action quick = flood;
	quick.burst_rate = 200;
	quick.burst_seconds = 0.1;
	act(l, &quick);
	assert_true(l->ok);
	assert_int_equal(ring_last(serve_ring(rig_serve(rig_of(l)))), before + 20);
}

static void no_done(void *ctx, bool ok, const char *why)
{
	(void)ctx, (void)ok, (void)why;
	fail_msg("this should not be told");
}

static void what_comes_before_is_done_once(void **state)
{
	struct labworld *l = *state;
	const struct lab *lab = lab_view(l->lab)->lab;
	int say = lab_request_named(lab, "say");
	const struct lab_step steps[] = {{.request = say}, {.request = say}};
	assert_false(rig_do_named(rig_of(l), 1000, no_done, l, NULL));
	l->done = false;
	assert_true(rig_do_steps(rig_of(l), steps, 2, NULL, on_done, l, NULL));
	assert_false(rig_at_last(rig_of(l)));
	labworld_until(l, is_done);
	assert_true(l->ok);
	assert_true(rig_at_last(rig_of(l)));
	assert_int_equal(last_trace(l)->number, 3); /* one connection, two messages */
	assert_int_equal(rig_began(rig_of(l)), 2);
}

/* ---- listening ----------------------------------------------------------------------- */

struct listener {
	struct rig *rig;
	int traced, heard;
};

static void listen_once(void *ctx, const struct gw_trace *t)
{
	struct listener *x = ctx;
	assert_true(t->detailed);
	x->traced++;
	rig_unlisten(x->rig, x);
}

static void listen_to_words(void *ctx, const struct rig_heard *h)
{
	struct listener *x = ctx;
	assert_int_equal(h->what, RIG_ANSWER);
	assert_int_equal(h->status, 200);
	assert_string_equal(h->text.len ? "body" : "", "body");
	x->heard++;
}

static void others_may_listen(void **state)
{
	struct labworld *l = *state;
	struct listener once = {.rig = rig_of(l)}, always = {.rig = rig_of(l)}, more[10];
	assert_true(rig_listen(rig_of(l), &(struct rig_ops){.traced = listen_once}, &once));
	assert_true(rig_listen(rig_of(l), &(struct rig_ops){.heard = listen_to_words}, &always));
	labworld_do(l, "open");
	labworld_do(l, "open");
	assert_int_equal(once.traced, 1);
	assert_int_equal(always.heard, 2);
	for (int i = 0; i < 10; i++) {
		bool room = i < MAX_RIG_LISTENERS - 1;
		assert_int_equal(rig_listen(rig_of(l), &(struct rig_ops){0}, &more[i]), room);
	}
	rig_unlisten(rig_of(l), &always);
}

/* ---- starting again ------------------------------------------------------------------ */

static void starting_again_forgets_everything(void **state)
{
	struct labworld *l = *state;
	const struct lab_action nap = {.verb = LAB_WAIT, .wait_ms = 60000};
	const char *names[4];
	labworld_do(l, "dial");
	labworld_do(l, "open");
	begin(l, &nap);
	char *url = xstrdup(serve_url(rig_serve(rig_of(l))));
	assert_true(rig_restart(rig_of(l), NULL));
	assert_true(l->done);
	assert_false(l->ok);
	assert_string_equal(serve_url(rig_serve(rig_of(l))), url);
	assert_int_equal(ring_last(serve_ring(rig_serve(rig_of(l)))), 0);
	assert_int_equal(rig_connections(rig_of(l), names, 4), 0);
	labworld_do(l, "open");
	assert_int_equal(last_trace(l)->status, 200);
	assert_int_equal(last_trace(l)->number, 1);
	assert_true(rig_restart(rig_of(l), NULL));
	assert_true(rig_restart(rig_of(l), NULL));
	free(url);
}

/* ---- cost ---------------------------------------------------------------------------- */

static void calls_cost_what_the_list_says(void **state)
{
	struct labworld *l = *state;
	struct prices p;
	struct cost c;
	assert_true(prices_read_file(&p, "data/prices.yaml", NULL));
	cost_read(&c, &p, rig_serve(rig_of(l)));
	assert_true(c.total == 0 && c.million == 0);
	labworld_do(l, "open");
	labworld_do(l, "open");
	labworld_do(l, "no-key"); /* not billed */
	labworld_do(l, "say");    /* a message, and its answer */
	labworld_do(l, "push");
	cost_read(&c, &p, rig_serve(rig_of(l)));
	assert_int_equal(c.units[PRICE_REST], 2);
	assert_int_equal(c.units[PRICE_HTTP], 0);
	assert_int_equal(c.units[PRICE_MESSAGES], 3);
	assert_true(c.units[PRICE_MINUTES] > 0 && c.units[PRICE_MINUTES] < 1);
	double minutes = c.units[PRICE_MINUTES];
	assert_true(c.dollars[PRICE_REST] == prices_cost(&p, PRICE_REST, 2));
	assert_true(c.total >= c.dollars[PRICE_REST] + c.dollars[PRICE_MESSAGES]);
	/* Two of five at 3.50 a million, three at 1.00. */
	assert_true(c.million > 2 && c.million < 2.6);
	labworld_do(l, "bye");
	cost_read(&c, &p, rig_serve(rig_of(l)));
	assert_true(c.units[PRICE_MINUTES] >= minutes); /* what is over has still been paid for */
	double past = c.units[PRICE_MINUTES];
	cost_read(&c, &p, rig_serve(rig_of(l)));
	assert_true(c.units[PRICE_MINUTES] == past);
	prices_clear(&p);
}

static void commands_are_told_line_by_line(void **state)
{
	const char *one[] = {"sh", "catalogue.sh"}, *two[] = {"sh", "-c", "a\nb"};
	struct gw_function functions[] = {
		{.name = "catalogue", .command = one, .command_count = 2},
		{.name = "echo", .builtin = "echo"},
		{.name = "odd", .command = two, .command_count = 3},
	};
	const struct gateway g = {.functions = functions, .function_count = 3};
	struct str s = {0};
	(void)state;
	rig_commands(&s, &g);
	assert_string_equal(str_c(&s), "catalogue: sh catalogue.sh\nodd: sh -c a?b\n");
	str_clear(&s);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, open_world, close_world)
	const struct CMUnitTest tests[] = {
		TEST(connections_have_names),
		TEST(what_comes_is_heard),
		TEST(what_cannot_be_done_says_why),
		TEST(a_refused_handshake_is_an_answer),
		TEST(one_thing_at_a_time),
		TEST(a_burst_can_be_stopped),
		TEST(what_comes_before_is_done_once),
		TEST(others_may_listen),
		TEST(starting_again_forgets_everything),
		TEST(calls_cost_what_the_list_says),
		TEST(commands_are_told_line_by_line),
	};
	return cmocka_run_group_tests_name("study/rig", tests, NULL, NULL);
}
