/* t_labtrust.c -- labs that came from elsewhere, and those that did not: whose commands run, which
 * files are read, and that nothing outlives the lab. */
#include "base/file.h"
#include "tests/unit/study/labworld.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static int open_world(void **state)
{
	static struct labworld l;
	labworld_init(&l);
	labworld_lab(&l, false, lab_goals);
	*state = &l;
	return 0;
}

static int close_world(void **state)
{
	labworld_clear(*state);
	return 0;
}

static const char with_command[] =
	"gateway: shop\napis:\n- {apiId: shop, type: REST, openapi: api.yaml, stages: {dev: {}}}\n"
	"- {apiId: chat, type: WEBSOCKET, routeSelectionExpression: $request.body.action,\n"
	"   routes: {$default: {integration: {type: AWS_PROXY, function: slow}}}, stages: {live: "
	"{}}}\n"
	"functions:\n  slow: {command: [sh, -c, 'echo $$ >pid; cat >/dev/null; exec sleep 30'], "
	"timeout: 20}\n";

static bool may_open(struct labworld *l, bool allow, struct diags *d)
{
	static const struct lab_ops ops;
	struct lab_session *s;
	assert_true(waiting_begin(&l->wait, NULL, l, NULL));
	bool ok = lab_open(&s, &l->w.study, lab_shelf_find(&l->shelf, "keys"), &l->wait.loop,
			   &(struct lab_options){.allow_commands = allow}, &ops, NULL, d);
	lab_close(s);
	waiting_over(&l->wait);
	waiting_run(&l->wait);
	return ok;
}

static void commands_of_others_wait_for_a_yes(void **state)
{
	struct labworld *l = *state;
	struct arena a = {0};
	struct diags d = {0};
	unlink(path_join(&a, l->w.dir, "data/labs/keys.yaml"));
	labworld_lab(l, true, lab_goals);
	labworld_file(l, "labs/keys/shop.yaml", with_command);
	assert_false(lab_shelf_find(&l->shelf, "keys")->bundled);
	assert_false(may_open(l, false, &d));
	assert_string_equal(d.items[0].code, "lab-commands");
	assert_non_null(strstr(d.items[0].text, "slow: sh -c echo $$ >pid"));
	diags_clear(&d);
	assert_true(may_open(l, true, &d));
	assert_int_equal(d.errors, 0);
	diags_clear(&d);
	arena_clear(&a);
}

static void own_lab(struct labworld *l, const char *goals)
{
	struct arena a = {0};
	unlink(path_join(&a, l->w.dir, "data/labs/keys.yaml"));
	labworld_lab(l, true, goals);
	arena_clear(&a);
}

/* What nobody was asked about does not run, even where the copy lies below the bundled files, as
 * it does in this world and in a source tree that has the home in it. */
static void a_command_that_comes_later_does_not_run(void **state)
{
	struct labworld *l = *state;
	struct lab_trial t;
	own_lab(l,
		"goals:\n- {id: g, text: G., trace: {status: 200}}\nsolution:\n"
		"- {edit: shop.yaml, find: 'slow: {builtin: slow}', put: 'slow: {command: [sh, -c, "
		"\"touch ../../../ran\"]}'}\n- slow\n");
	labworld_try(l, true, &t);
	assert_false(t.passed);
	assert_null(labworld_read(l, "ran"));
}

/* The same id, bundled from a later version on: the learner's copy of the other one stays aside. */
static void a_bundled_lab_takes_no_copy_of_others(void **state)
{
	struct labworld *l = *state;
	struct diags d = {0};
	own_lab(l, lab_goals);
	labworld_file(l, "labs/keys/shop.yaml", with_command);
	assert_false(may_open(l, false, &d));
	diags_clear(&d);
	struct arena a = {0};
	unlink(path_join(&a, l->w.dir, "labs/keys.yaml"));
	labworld_lab(l, false, lab_goals);
	labworld_start(l, (struct lab_options){0});
	labworld_stop(l);
	char *text = labworld_read(l, "work/keys/shop.yaml");
	assert_null(strstr(text, "command"));
	free(text);
	arena_clear(&a);
}

static void files_elsewhere_are_not_read(void **state)
{
	static const char *const outside[] = {
		"apis: []\njwks: {\"https://a.test\": /etc/hostname}\n",
		"apis: []\njwks: {\"https://a.test\": ../../../config.yaml}\n",
		"apis: []\njwks: {\"https://a.test\": sub/../../x}\n",
		"apis: []\ndomains:\n- {domainName: a.test, mappings: [],\n"
		"   mutualTlsAuthentication: {truststoreUri: /etc/hostname}}\n",
		"apis:\n- {apiId: x, type: REST, openapi: /dev/stdin, stages: {dev: {}}}\n",
	};
	struct labworld *l = *state;
	struct arena a = {0};
	own_lab(l, lab_goals);
	for (size_t i = 0; i < ARRAY_LEN(outside); i++) {
		struct diags d = {0};
		const char *text = arena_printf(&a, "gateway: shop\n%s", outside[i]);
		labworld_file(l, "work/keys.own/shop.yaml", text);
		assert_false(may_open(l, false, &d));
		size_t k = 0;
		while (k < d.count && strcmp(d.items[k].code, "file-outside") != 0)
			k++;
		assert_true(k < d.count);
		diags_clear(&d);
	}
	arena_clear(&a);
}

/* Nor by an answer that is a link. */
static void an_answer_is_a_file_of_the_lab(void **state)
{
	struct labworld *l = *state;
	struct diags d = {0};
	struct lab_trial t;
	struct arena a = {0};
	own_lab(l, "goals:\n- {id: g, text: G., trace: {status: 200}}\n"
		   "solution: [{edit: shop.yaml, with: solved/link}]\n");
	assert_int_equal(symlink("/etc/hostname", path_join(&a, l->w.dir, "labs/keys/solved/link")),
			 0);
	assert_false(lab_try(&t, &l->w.study, lab_shelf_find(&l->shelf, "keys"), true, false, &d));
	assert_string_equal(d.items[0].code, "lab-solution");
	assert_non_null(strstr(d.items[0].text, "not in the folder"));
	diags_clear(&d);
	arena_clear(&a);
}

static bool child_runs(struct labworld *l)
{
	char *pid = labworld_read(l, "work/keys/pid");
	bool runs = pid && *pid;
	free(pid);
	return runs;
}

/* Bundled ones run unasked, in a copy that the learner may edit; no child outlives the lab. */
static void no_child_is_left(void **state)
{
	struct labworld *l = *state;
	struct diags d = {0};
	labworld_file(l, "data/labs/keys/shop.yaml", with_command);
	labworld_start(l, (struct lab_options){0});
	assert_true(lab_request(l->lab, lab_request_named(lab_view(l->lab)->lab, "slow"), &d));
	labworld_until(l, child_runs);
	labworld_stop(l);
	char *text = labworld_read(l, "work/keys/pid");
	pid_t pid = (pid_t)atol(text);
	free(text);
	assert_true(pid > 1);
	for (int i = 0; i < 5000 && kill(pid, 0) == 0; i++)
		usleep(1000);
	assert_int_equal(kill(pid, 0), -1);
	diags_clear(&d);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, open_world, close_world)
	const struct CMUnitTest tests[] = {
		TEST(commands_of_others_wait_for_a_yes),
		TEST(a_command_that_comes_later_does_not_run),
		TEST(a_bundled_lab_takes_no_copy_of_others),
		TEST(files_elsewhere_are_not_read),
		TEST(an_answer_is_a_file_of_the_lab),
		TEST(no_child_is_left),
	};
	return cmocka_run_group_tests_name("study/labtrust", tests, NULL, NULL);
}
