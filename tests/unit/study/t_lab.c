/* t_lab.c -- labs being worked on: goals met as traces come and kept before anybody hears of it,
 * hints, the end and what it brings back, copies of files, edits, starting over, the model
 * solution; commands of others; closing at any time. */
#include "base/file.h"
#include "store/lablog.h"
#include "study/readiness.h"
#include "tests/unit/study/fault.h"
#include "tests/unit/study/labworld.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
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

static struct srs_card state_of(struct labworld *l, const char *key)
{
	struct arena a = {0};
	struct store_item item;
	int64_t part;
	assert_true(store_find(l->w.study.store, key, &part, NULL));
	assert_true(part && store_row(l->w.study.store, part, &a, &item, NULL));
	arena_clear(&a);
	return item.state;
}

/* Learned, and due in twenty days. */
static void learn(struct labworld *l, const char *key)
{
	struct store *s = l->w.study.store;
	struct store_answer a = {.screen = "review"};
	int64_t preset;
	assert_true(store_preset(s, &l->w.study.config.preset, &preset, NULL));
	assert_true(store_find(s, key, &a.part_id, NULL));
	a.event = (struct srs_event){SRS_OP_DUE, 20, study_now(&l->w.study)};
	assert_true(store_log(s, &a, preset, NULL, NULL, NULL));
}

/* ---- goals --------------------------------------------------------------------------- */

static void look_at_log(struct labworld *l, const struct gw_trace *t)
{
	(void)t;
	char *log = labworld_log(l);
	const struct lab_view *v = lab_view(l->lab);
	for (int i = 0; i < v->total; i++)
		if (v->goals[i].fresh) {
			assert_non_null(strstr(log, v->lab->goals[i].id));
			assert_int_equal(v->goals[i].number, t->number);
		}
	free(log);
}

static void goals_are_kept_before_they_are_told(void **state)
{
	struct labworld *l = *state;
	l->traced = look_at_log;
	labworld_start(l, (struct lab_options){0});
	labworld_logged(l, "begin ");
	labworld_do(l, "open");
	assert_string_equal(str_c(&l->seen), "traced answer:200 ");
	labworld_do(l, "no-key");
	assert_non_null(strstr(str_c(&l->seen), "traced:refused answer:403 "));
	labworld_do(l, "no-key");
	labworld_logged(l, "begin goal:refused=right ");
	assert_int_equal(lab_view(l->lab)->met, 1);
	assert_int_equal(lab_view(l->lab)->stage, LAB_WORKING);
	labworld_stop(l);
	l->traced = NULL;
}

static bool has_passed(struct labworld *l)
{
	return lab_view(l->lab)->stage == LAB_PASSED;
}

static bool sees_key(struct labworld *l)
{
	labworld_do(l, "bronze");
	return lab_view(l->lab)->goals[1].met || lab_view(l->lab)->problem;
}

/* Put text into the learner's copy, once. */
static void edit(struct labworld *l, const char *find, const char *put)
{
	const struct lab_action x = {
		.verb = LAB_EDIT, .file = "shop.yaml", .find = find, .put = put};
	assert_true(lab_edit(&x, lab_view(l->lab)->folder, NULL));
}

/* One sitting after the other, as when the program was closed or killed in between. */
static void a_lab_is_worked_on_in_several_sittings(void **state)
{
	struct labworld *l = *state;
	learn(l, "keys/old");
	labworld_start(l, (struct lab_options){0});
	labworld_do(l, "no-key");
	labworld_stop(l);
	labworld_reopen(l);
	struct shelf_lab *on_shelf = lab_shelf_find(&l->shelf, "keys");
	assert_int_equal(on_shelf->goals_met, 1);
	assert_int_equal(on_shelf->tries, 1);

	labworld_start(l, (struct lab_options){0});
	assert_true(lab_view(l->lab)->goals[0].met);
	assert_int_equal(lab_view(l->lab)->goals[0].number, 0);
	edit(l, "keys: []", "keys: [bronze]");
	labworld_until(l, sees_key);
	assert_null(lab_view(l->lab)->problem);
	labworld_do(l, "say");
	labworld_until(l, has_passed);
	assert_int_equal(lab_view(l->lab)->due_cards, 1);
	labworld_stop(l);
	labworld_logged(l, "begin goal:refused=right goal:let-in=right goal:echo=right passed ");
	assert_true(on_shelf->passed);
	/* The new card joins the reviews, the known one stays where it was. */
	assert_int_equal(state_of(l, "keys/new").state, SRS_REVIEW);
	assert_int_equal(state_of(l, "keys/new").due_day, study_today(&l->w.study));
	assert_int_equal(state_of(l, "keys/old").due_day, study_today(&l->w.study) + 20);

	labworld_reopen(l);
	labworld_start(l, (struct lab_options){0});
	assert_int_equal(lab_view(l->lab)->stage, LAB_PASSED);
	labworld_stop(l);
}

static void append(struct labworld *l, const char *what, const char *name)
{
	const struct store_lab_event x = {.at = study_now(&l->w.study),
					  .day = study_today(&l->w.study),
					  .lab = "keys",
					  .what = what,
					  .name = name,
					  .given = "",
					  .truth = "",
					  .right = strcmp(what, "goal") == 0 ? 1 : -1,
					  .tasks = ""};
	assert_true(store_lab_event(l->w.study.store, &x, NULL, 0, 0, NULL));
}

/* Killed behind the last goal: the end is made up for. */
static void an_end_that_was_cut_off_comes_later(void **state)
{
	struct labworld *l = *state;
	append(l, "begin", "");
	append(l, "goal", "echo");
	append(l, "goal", "let-in");
	append(l, "goal", "refused");
	append(l, "goal", "of-an-older-lab");
	labworld_start(l, (struct lab_options){0});
	assert_int_equal(lab_view(l->lab)->stage, LAB_PASSED);
	labworld_stop(l);
	assert_int_equal(state_of(l, "keys/new").state, SRS_REVIEW);
	char *log = labworld_log(l);
	assert_non_null(strstr(log, "passed "));
	free(log);
}

/* A goal that cannot be kept is not met; the next trace tries again. */
static void a_goal_that_cannot_be_kept_is_not_met(void **state)
{
	struct labworld *l = *state;
	labworld_start(l, (struct lab_options){0});
	fault_after(l->w.study.store, 1);
	labworld_do(l, "no-key");
	fault_after(l->w.study.store, 0);
	assert_int_equal(lab_view(l->lab)->met, 0);
	assert_non_null(lab_view(l->lab)->problem);
	assert_false(lab_view(l->lab)->broken);
	labworld_do(l, "no-key");
	assert_int_equal(lab_view(l->lab)->met, 1);
	labworld_stop(l);
	labworld_logged(l, "begin goal:refused=right ");
}

static void goals_count_order_and_times(void **state)
{
	struct labworld *l = *state;
	labworld_lab(l, false,
		     "goals:\n"
		     "- {id: first, text: F., trace: {status: 4xx}, times: 2}\n"
		     "- {id: later, text: L., trace: {kind: request}, after: first}\n"
		     "- {id: quick, text: Q., trace: {route: /open}, times: 20, within: 5s}\n"
		     "- {id: slow, text: S., trace: {route: /stock}, times: 3, within: 10s}\n"
		     "solution: [no-key, no-key, open, flood]\n");
	labworld_start(l, (struct lab_options){0});
	labworld_do(l, "open");
	labworld_do(l, "no-key");
	const struct lab_view *v = lab_view(l->lab);
	assert_int_equal(v->met, 0);
	assert_int_equal(v->goals[0].seen, 1);
	assert_int_equal(v->goals[2].seen, 1);
	labworld_do(l, "no-key"); /* one trace does not meet what comes after it too */
	assert_true(v->goals[0].met);
	assert_false(v->goals[1].met);
	labworld_do(l, "open");
	assert_true(v->goals[1].met);
	assert_int_equal(v->goals[3].seen, 2);
	labworld_do(l, "flood");
	assert_true(v->goals[2].met);
	assert_false(v->goals[3].met);
	labworld_stop(l);
}

/* ---- hints and giving up ------------------------------------------------------------- */

static void hints_are_kept_and_count(void **state)
{
	struct labworld *l = *state;
	const char *hint;
	labworld_start(l, (struct lab_options){0});
	assert_true(lab_hint(l->lab, &hint, NULL));
	assert_string_equal(hint, "First hint.");
	labworld_do(l, "no-key");
	labworld_stop(l);
	labworld_logged(l, "begin hint:1 goal:refused=helped ");
	labworld_reopen(l);
	labworld_start(l, (struct lab_options){0});
	assert_int_equal(lab_view(l->lab)->hints, 1);
	assert_true(lab_hint(l->lab, &hint, NULL));
	assert_string_equal(hint, "Second hint.");
	assert_true(lab_hint(l->lab, &hint, NULL));
	assert_null(hint);
	labworld_stop(l);
	struct str s = {0};
	lab_progress(&s, lab_shelf_find(&l->shelf, "keys"));
	assert_string_equal(str_c(&s), "1 of 3 goals, 2 hints");
	str_clear(&s);
}

static void giving_up_brings_cards_back_or_changes_nothing(void **state)
{
	struct labworld *l = *state;
	learn(l, "keys/old");
	labworld_start(l, (struct lab_options){0});
	int failed = 0;
	for (int n = 1;; n++) {
		fault_after(l->w.study.store, n);
		bool ok = lab_give_up(l->lab, NULL);
		fault_after(l->w.study.store, 0);
		if (ok)
			break;
		failed++;
		labworld_logged(l, "begin ");
		assert_int_equal(lab_view(l->lab)->stage, LAB_WORKING);
		assert_int_equal(state_of(l, "keys/old").due_day, study_today(&l->w.study) + 20);
	}
	assert_true(failed > 10);
	assert_int_equal(lab_view(l->lab)->stage, LAB_GIVEN_UP);
	assert_int_equal(lab_view(l->lab)->due_cards, 2);
	labworld_logged(l, "begin missed:refused=wrong missed:let-in=wrong missed:echo=wrong "
			   "given-up ");
	assert_int_equal(state_of(l, "keys/old").due_day, study_today(&l->w.study));
	assert_int_equal(state_of(l, "keys/new").due_day, study_today(&l->w.study));
	labworld_stop(l);
	labworld_reopen(l);
	assert_true(lab_shelf_find(&l->shelf, "keys")->given_up);
}

static bool all_met(struct labworld *l)
{
	return lab_view(l->lab)->met == lab_view(l->lab)->total;
}

static bool exists_beside(struct labworld *l, const char *prefix, char *name, size_t size)
{
	struct arena a = {0};
	const char **names;
	size_t n;
	bool found = false;
	assert_true(file_list(path_join(&a, l->w.dir, "work"), "", &a, &names, &n, NULL));
	for (size_t i = 0; i < n && !found; i++) {
		found = str_starts(names[i], prefix);
		if (found)
			snprintf(name, size, "work/%s/shop.yaml", names[i]);
	}
	arena_clear(&a);
	return found;
}

/* The solution begins with the files as they came; nothing that was edited is lost. */
static void the_solution_is_shown_when_the_lab_is_over(void **state)
{
	struct labworld *l = *state;
	struct diags d = {0};
	char name[120];
	labworld_start(l, (struct lab_options){0});
	assert_false(lab_solve(l->lab, NULL, &d));
	assert_string_equal(d.items[0].code, "lab-working");
	diags_clear(&d);
	edit(l, "gateway: shop", "gateway: mine");
	assert_true(lab_give_up(l->lab, NULL));
	assert_true(lab_solve(l->lab, NULL, NULL));
	labworld_until(l, all_met);
	labworld_stop(l);
	assert_true(exists_beside(l, "keys.before-2026", name, sizeof(name)));
	char *old = labworld_read(l, name), *now = labworld_read(l, "work/keys/shop.yaml");
	assert_non_null(strstr(old, "gateway: mine"));
	assert_non_null(strstr(now, "keys: [bronze]"));
	free(old);
	free(now);
	char *log = labworld_log(l); /* what the program does is no merit of the learner's */
	assert_null(strstr(log, "goal:"));
	free(log);
}

/* ---- files --------------------------------------------------------------------------- */

static void the_copy_is_the_learners(void **state)
{
	struct labworld *l = *state;
	labworld_start(l, (struct lab_options){0});
	assert_true(str_ends(lab_view(l->lab)->first_file, "/work/keys/shop.yaml"));
	assert_null(labworld_read(l, "work/keys/solved/shop.yaml"));
	edit(l, "gateway: shop", "gateway: mine");
	labworld_stop(l);
	labworld_start(l, (struct lab_options){0});
	labworld_stop(l);
	char *text = labworld_read(l, "work/keys/shop.yaml");
	assert_non_null(strstr(text, "gateway: mine"));
	free(text);
}

static bool has_problem(struct labworld *l)
{
	return lab_view(l->lab)->problem != NULL;
}

static bool has_none(struct labworld *l)
{
	return lab_view(l->lab)->problem == NULL;
}

static void edits_are_noticed(void **state)
{
	struct labworld *l = *state;
	labworld_start(l, (struct lab_options){0});
	edit(l, "type: REST", "type: RUST");
	labworld_until(l, has_problem);
	assert_true(str_starts(lab_view(l->lab)->problem, "shop.yaml:4: "));
	assert_true(lab_view(l->lab)->broken);
	labworld_do(l, "open"); /* what was served is served on */
	assert_non_null(strstr(str_c(&l->seen), "answer:200"));
	edit(l, "type: RUST", "type: REST");
	labworld_until(l, has_none);
	labworld_stop(l);
}

/* A copy that was left broken says where; starting over helps. */
static void a_broken_copy_is_told(void **state)
{
	struct labworld *l = *state;
	struct shelf_lab *lab = lab_shelf_find(&l->shelf, "keys");
	struct lab_session *s;
	struct diags d = {0};
	labworld_start(l, (struct lab_options){0});
	edit(l, "type: REST", "type: RUST");
	labworld_stop(l);
	assert_true(waiting_begin(&l->wait, NULL, l, NULL));
	assert_false(lab_open(&s, &l->w.study, lab, &l->wait.loop, &(struct lab_options){0}, NULL,
			      NULL, &d));
	assert_true(str_ends(d.items[0].pos.file, "/work/keys/shop.yaml"));
	assert_int_equal(d.items[0].pos.line, 4);
	assert_string_equal(d.items[d.count - 1].code, "lab-broken");
	waiting_over(&l->wait);
	waiting_run(&l->wait);
	diags_clear(&d);
	labworld_start(l, (struct lab_options){.start_over = true});
	labworld_do(l, "open");
	labworld_stop(l);
}

static void starting_over_keeps_what_was_edited(void **state)
{
	struct labworld *l = *state;
	char name[120];
	labworld_start(l, (struct lab_options){0});
	labworld_do(l, "no-key");
	char *url = xstrdup(lab_view(l->lab)->url);
	assert_true(lab_start_over(l->lab, NULL)); /* nothing was edited: nothing to keep */
	assert_false(exists_beside(l, "keys.before", name, sizeof(name)));
	assert_int_equal(lab_view(l->lab)->met, 0);
	assert_string_equal(lab_view(l->lab)->url, url);
	free(url);
	labworld_do(l, "no-key");
	assert_int_equal(lab_view(l->lab)->met, 1);
	edit(l, "gateway: shop", "gateway: mine");
	assert_true(lab_start_over(l->lab, NULL));
	labworld_do(l, "open");
	labworld_stop(l);
	assert_true(exists_beside(l, "keys.before-2026", name, sizeof(name)));
	char *old = labworld_read(l, name), *now = labworld_read(l, "work/keys/shop.yaml");
	assert_non_null(strstr(old, "gateway: mine"));
	assert_non_null(strstr(now, "gateway: shop"));
	free(old);
	free(now);
	labworld_logged(l, "begin goal:refused=right begin goal:refused=right begin ");
	assert_int_equal(lab_shelf_find(&l->shelf, "keys")->tries, 3);
}

/* A deployment of an edited API is gone with the edit. */
static void starting_over_forgets_deployments(void **state)
{
	struct labworld *l = *state;
	const struct lab_action x = {
		.verb = LAB_EDIT, .file = "api.yaml", .find = "  /open:", .put = "  /opened:"};
	labworld_start(l, (struct lab_options){0});
	assert_true(lab_edit(&x, lab_view(l->lab)->folder, NULL));
	labworld_do(l, "all");
	labworld_do(l, "open");
	assert_non_null(strstr(str_c(&l->seen), "answer:403"));
	labworld_stop(l);
	labworld_start(l, (struct lab_options){.start_over = true});
	labworld_do(l, "open");
	assert_non_null(strstr(str_c(&l->seen), "answer:200"));
	labworld_stop(l);
}

static void a_lab_without_files_is_an_error(void **state)
{
	struct labworld *l = *state;
	struct diags d = {0};
	struct lab_session *s;
	struct arena a = {0};
	assert_int_equal(unlink(path_join(&a, l->w.dir, "data/labs/keys/api.yaml")), 0);
	assert_true(waiting_begin(&l->wait, NULL, l, NULL));
	assert_false(lab_open(&s, &l->w.study, lab_shelf_find(&l->shelf, "keys"), &l->wait.loop,
			      &(struct lab_options){.scratch = true}, NULL, NULL, &d));
	assert_true(d.errors > 0);
	assert_null(s);
	waiting_over(&l->wait);
	waiting_run(&l->wait);
	diags_clear(&d);
	arena_clear(&a);
}

/* ---- the end ------------------------------------------------------------------------- */

static int port_of(struct labworld *l)
{
	return atoi(strrchr(lab_view(l->lab)->url, ':') + 1);
}

static bool listens(int port)
{
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	bool ok = connect(fd, (const struct sockaddr *)&to, sizeof(to)) == 0;
	close(fd);
	return ok;
}

static void a_port_that_is_taken_is_an_error(void **state)
{
	struct labworld *l = *state;
	struct shelf_lab *lab = lab_shelf_find(&l->shelf, "keys");
	struct lab_session *s;
	struct waiting wait;
	struct diags d = {0};
	labworld_start(l, (struct lab_options){0});
	const struct lab_options o = {.scratch = true, .port = port_of(l)};
	assert_true(waiting_begin(&wait, NULL, l, NULL));
	assert_false(lab_open(&s, &l->w.study, lab, &wait.loop, &o, NULL, NULL, &d));
	assert_true(d.errors > 0);
	waiting_over(&wait);
	waiting_run(&wait); /* nothing is left on the loop */
	diags_clear(&d);
	labworld_stop(l);
}

static bool had_answers(struct labworld *l)
{
	return strstr(str_c(&l->seen), "traced") != NULL;
}

static void it_can_be_closed_at_any_time(void **state)
{
	static const char *const busy[] = {"long", "nap", "slow"};
	struct labworld *l = *state;
	for (size_t i = 0; i < ARRAY_LEN(busy); i++) {
		labworld_start(l, (struct lab_options){0});
		labworld_do(l, "open");
		labworld_do(l, "dial");
		str_reset(&l->seen);
		int at = lab_request_named(lab_view(l->lab)->lab, busy[i]);
		assert_true(lab_request(l->lab, at, NULL));
		if (i == 0)
			labworld_until(l, had_answers);
		assert_true(lab_view(l->lab)->busy);
		assert_false(lab_request(l->lab, at, NULL));
		int port = port_of(l);
		assert_true(listens(port));
		labworld_stop(l);
		assert_false(listens(port));
	}
}

static void a_trial_leaves_nothing(void **state)
{
	struct labworld *l = *state;
	struct lab_trial t;
	struct arena a = {0};
	const char **names;
	size_t n;
	labworld_try(l, true, &t);
	assert_true(t.passed);
	assert_int_equal(t.met, 3);
	labworld_try(l, false, &t);
	assert_false(t.passed);
	assert_true(t.goals[0] && !t.goals[1] && t.goals[2]);
	labworld_logged(l, "");
	assert_true(file_list(path_join(&a, l->w.dir, "scratch"), "", &a, &names, &n, NULL));
	assert_int_equal(n, 0);
	assert_true(file_list(path_join(&a, l->w.dir, "work"), "", &a, &names, &n, NULL));
	assert_int_equal(n, 0);
	arena_clear(&a);
}

static void a_trial_names_the_step_that_fails(void **state)
{
	struct labworld *l = *state;
	struct diags d = {0};
	struct lab_trial t;
	labworld_lab(l, false,
		     "goals:\n- {id: g, text: G., trace: {status: 200}}\nsolution: [open, lost]\n");
	assert_false(lab_try(&t, &l->w.study, lab_shelf_find(&l->shelf, "keys"), true, false, &d));
	assert_string_equal(d.items[0].code, "lab-solution");
	assert_non_null(strstr(d.items[0].text, "bob"));
	diags_clear(&d);
}

/* ---- readiness ----------------------------------------------------------------------- */

static void first_answers_count_in_readiness(void **state)
{
	struct labworld *l = *state;
	struct readiness r;
	struct str text = {0};
	labworld_file(l, "config.yaml", "exam: dva-c03\n");
	assert_true(file_read("data/exams/dva-c03.yaml", 1 << 20, &text, NULL));
	labworld_file(l, "data/exams/dva-c03.yaml", str_c(&text));
	str_clear(&text);
	labworld_reopen(l);
	for (int i = 0; i < CHANCE_MIN_TRIES; i++) {
		char name[24];
		snprintf(name, sizeof(name), "goal-%d", i);
		const struct store_lab_event x = {.at = study_now(&l->w.study),
						  .day = study_today(&l->w.study),
						  .lab = "keys",
						  .what = i % 2 ? "fault" : "goal",
						  .name = name,
						  .given = "",
						  .truth = "",
						  .right = 1,
						  .helped = i < 10,
						  .tasks = "dva-c02=3.1 dva-c03=1.1"};
		assert_true(readiness_read(&r, &l->w.study, NULL));
		assert_false(r.chance.enough);
		readiness_clear(&r);
		assert_true(store_lab_event(l->w.study.store, &x, NULL, 0, 0, NULL));
	}
	assert_true(readiness_read(&r, &l->w.study, NULL));
	assert_string_equal(r.code, "DVA-C03");
	assert_true(r.chance.enough);
	assert_int_equal(r.chance.tries, CHANCE_MIN_TRIES);
	/* Two of three without help, all in the first domain. */
	assert_true(r.chance.domain[0].mid > 0.5 && r.chance.domain[0].mid < 0.8);
	readiness_clear(&r);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, open_world, close_world)
	const struct CMUnitTest tests[] = {
		TEST(goals_are_kept_before_they_are_told),
		TEST(a_lab_is_worked_on_in_several_sittings),
		TEST(an_end_that_was_cut_off_comes_later),
		TEST(a_goal_that_cannot_be_kept_is_not_met),
		TEST(goals_count_order_and_times),
		TEST(hints_are_kept_and_count),
		TEST(giving_up_brings_cards_back_or_changes_nothing),
		TEST(the_solution_is_shown_when_the_lab_is_over),
		TEST(the_copy_is_the_learners),
		TEST(edits_are_noticed),
		TEST(a_broken_copy_is_told),
		TEST(starting_over_keeps_what_was_edited),
		TEST(starting_over_forgets_deployments),
		TEST(a_lab_without_files_is_an_error),
		TEST(a_port_that_is_taken_is_an_error),
		TEST(it_can_be_closed_at_any_time),
		TEST(a_trial_leaves_nothing),
		TEST(a_trial_names_the_step_that_fails),
		TEST(first_answers_count_in_readiness),
	};
	return cmocka_run_group_tests_name("study/lab", tests, NULL, NULL);
}
